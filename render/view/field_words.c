#include "render/view/field_words.h"

#include <string.h>

/* Where the first clause ends, by "; ", ": " or ". " outside of parentheses. */
static size_t clause_end(struct slice s)
{
    int depth = 0;
    for (size_t i = 0; i + 1 < s.size; i++) {
        depth += (s.data[i] == '(') - (s.data[i] == ')');
        if (depth == 0 && strchr(";:.", s.data[i]) && s.data[i] && s.data[i + 1] == ' ')
            return i;
    }
    return s.size;
}

struct slice field_clause(struct slice meaning)
{
    return slice_part(meaning, 0, clause_end(meaning));
}

/* A capital at the front, of the letters that our languages begin with. */
static void capitalise(char *text, size_t size)
{
    enum { LATIN_1 = 0xc3, SMALL = 0xa0, LAST = 0xbe, APART = 0x20 };
    unsigned char second = size > 1 ? (unsigned char)text[1] : 0;
    if (size > 0 && text[0] >= 'a' && text[0] <= 'z')
        text[0] = (char)(text[0] - 'a' + 'A');
    else if (size > 1 && (unsigned char)text[0] == LATIN_1 && second >= SMALL && second <= LAST)
        text[1] = (char)(second - APART);
}

static struct slice title_of(struct arena *arena, struct slice words)
{
    char *text = arena_take(arena, words.size + 1);
    if (words.size > 0)
        memcpy(text, words.data, words.size);
    text[words.size] = '\0';
    capitalise(text, words.size);
    return (struct slice){text, words.size};
}

static struct slice name_of(struct arena *arena, const char *key)
{
    struct slice name = slice_of(key);
    char *text = arena_take(arena, name.size + 1);
    for (size_t i = 0; i < name.size; i++)
        text[i] = name.data[i] == '_' ? ' ' : name.data[i];
    text[name.size] = '\0';
    capitalise(text, name.size);
    return (struct slice){text, name.size};
}

struct field_words field_words(struct arena *arena, const char *key, struct slice meaning)
{
    size_t end = clause_end(meaning);
    if (meaning.size == 0 || meaning.data[0] == '"')
        return (struct field_words){name_of(arena, key), meaning};
    return (struct field_words){title_of(arena, slice_part(meaning, 0, end)),
                                slice_trim(slice_part(meaning, end + 1, meaning.size))};
}
