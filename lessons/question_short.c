/*
 * A text judged by its words: each key that is found gives its points. What it can't see is sense;
 * a teacher has the last word, and the slips say what sounds right and is not.
 */
#include "lessons/question_part.h"
#include "sim/base/utf8.h"

/* Letters and digits of any script; of Unicode's punctuation (U+2000 to U+206F, quotes, dashes)
   none. */
static bool is_word_letter(uint32_t letter)
{
    if (letter < 128)
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= '0' && letter <= '9');
    return letter >= 0xC0 && !(letter >= 0x2000 && letter <= 0x206F) && letter != UINT32_MAX;
}

struct slice question_words(struct slice text, struct arena *arena)
{
    char *words = arena_take(arena, text.size + 3);
    size_t used = 0;
    words[used++] = ' ';
    for (size_t at = 0, size; at < text.size; at += size) {
        uint32_t letter = utf8_read(slice_part(text, at, text.size), &size);
        if (!is_word_letter(letter)) {
            if (words[used - 1] != ' ')
                words[used++] = ' ';
            continue;
        }
        for (size_t i = 0; i < size; i++)
            words[used++] = slice_lower(text.data[at + i]);
    }
    if (words[used - 1] != ' ')
        words[used++] = ' ';
    return (struct slice){words, used};
}

/* Do the words from here on begin with the wanted ones? A wanted word with * is a beginning. */
static bool begins_with(struct slice words, struct slice wanted, struct arena *arena)
{
    struct slice word, rest = wanted;
    while (slice_cut(&rest, ' ', &word)) {
        struct slice pattern = question_words(word, arena); /* with a blank before and behind */
        if (slice_ends(word, SLICE("*")))
            pattern.size--;
        if (pattern.size < 2 || !slice_starts(words, pattern))
            return false;
        size_t end = slice_find_octet(words, ' ', pattern.size - 1);
        if (end == SLICE_NONE)
            return false;
        words = slice_part(words, end, words.size);
    }
    return wanted.size > 0;
}

bool question_has_words(struct slice words, struct slice wanted, struct arena *arena)
{
    for (size_t at = slice_find_octet(words, ' ', 0); at != SLICE_NONE && at + 1 < words.size;
         at = slice_find_octet(words, ' ', at + 1))
        if (begins_with(slice_part(words, at, words.size), wanted, arena))
            return true;
    return false;
}

static bool has_any(struct slice words, const struct slice *any, size_t count, struct arena *arena)
{
    for (size_t i = 0; i < count; i++)
        if (question_has_words(words, any[i], arena))
            return true;
    return false;
}

void question_judge_short(const struct question *question, struct slice answer, struct arena *arena,
                          struct question_verdict *verdict)
{
    const size_t room = sizeof verdict->feedback / sizeof *verdict->feedback;
    struct slice words = question_words(answer, arena);
    uint32_t points = 0, all = 0;
    *verdict = (struct question_verdict){.slip = SLICE_NONE};
    for (size_t i = 0; i < question->slip_count; i++) {
        const struct question_slip *slip = &question->slips[i];
        if (!has_any(words, slip->any, slip->any_count, arena))
            continue;
        verdict->slip = verdict->slip == SLICE_NONE ? i : verdict->slip;
        if (verdict->feedback_count < room)
            verdict->feedback[verdict->feedback_count++] = slip->feedback;
    }
    for (size_t i = 0; i < question->key_count; i++) {
        const struct question_key *key = &question->keys[i];
        bool is_found = has_any(words, key->any, key->any_count, arena);
        all += key->points;
        points += is_found ? key->points : 0;
        if (!is_found && verdict->feedback_count < room)
            verdict->feedback[verdict->feedback_count++] =
                arena_printf(arena, "Not found in your answer: %.*s", SLICE_ARG(key->shows));
    }
    verdict->score = all ? QUESTION_FULL_SCORE * points / all : 0;
    verdict->is_right = all > 0 && points >= question->pass_points;
}
