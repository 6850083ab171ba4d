#include "agents/mail/account_part.h"

#define INBOX SLICE("INBOX")

/* How many octets the UTF-8 character at the front has (RFC 3629 4); 0: it is none. */
static size_t character_size(struct slice s)
{
    static const struct {
        unsigned char first, first_to, second, second_to, size;
    } forms[] = {{0x20, 0x7E, 0, 0, 1},       {0xC2, 0xC2, 0xA0, 0xBF, 2},
                 {0xC3, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
                 {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3},
                 {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
                 {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4}};
    const unsigned char *at = (const unsigned char *)s.data;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (at[0] < forms[i].first || at[0] > forms[i].first_to || s.size < forms[i].size)
            continue;
        bool fits = forms[i].size == 1 || (at[1] >= forms[i].second && at[1] <= forms[i].second_to);
        for (size_t more = 2; more < forms[i].size; more++)
            fits = fits && (at[more] & 0xC0) == 0x80;
        return fits ? forms[i].size : 0;
    }
    return 0;
}

/* A level of a name: no control characters, no wildcards of LIST, nothing that means another place
   where folders are kept as files. */
static bool is_level(struct slice level)
{
    if (level.size == 0 || slice_equal(level, SLICE(".")) || slice_equal(level, SLICE("..")))
        return false;
    while (level.size > 0) {
        size_t size = character_size(level);
        if (size == 0 || level.data[0] == '*' || level.data[0] == '%')
            return false;
        level = slice_part(level, size, level.size);
    }
    return true;
}

bool account_part_is_name(struct slice name)
{
    struct slice level;
    if (name.size == 0 || name.size > ACCOUNT_NAME_MAX || name.data[name.size - 1] == '/')
        return false;
    while (slice_cut(&name, '/', &level))
        if (!is_level(level))
            return false;
    return true;
}

struct slice account_part_plain_name(struct slice name, char text[ACCOUNT_NAME_MAX + 1])
{
    if (name.size > 1 && name.data[name.size - 1] == '/')
        name.size--;
    if (!slice_starts_fold(name, INBOX) || name.size > ACCOUNT_NAME_MAX ||
        (name.size > INBOX.size && name.data[INBOX.size] != '/'))
        return name;
    memcpy(text, name.data, name.size);
    memcpy(text, INBOX.data, INBOX.size);
    return (struct slice){text, name.size};
}

bool account_part_is_inbox(const struct account_folder *folder)
{
    return slice_equal(folder->name, INBOX);
}

bool account_part_is_below(struct slice name, struct slice parent)
{
    return name.size > parent.size && name.data[parent.size] == '/' && slice_starts(name, parent);
}

int account_part_name_order(struct slice a, struct slice b)
{
    bool a_first = slice_equal(a, INBOX), b_first = slice_equal(b, INBOX);
    return a_first || b_first ? (int)b_first - (int)a_first : slice_order(a, b);
}
