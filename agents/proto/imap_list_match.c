#include "agents/proto/imap_list_match.h"

enum { NAME_MAX_OCTETS = 1024 };

/* What stands before each plain octet of a pattern, and behind the last one. */
enum gap { GAP_NONE, GAP_LEVEL, GAP_ANY };

struct compiled {
    char octets[NAME_MAX_OCTETS];
    unsigned char gaps[NAME_MAX_OCTETS + 1];
    size_t count;
};

/* False when it has more plain octets than the name, and so can't match. Any row of wildcards is
   one: the one that allows most. */
static bool compile(struct slice pattern, size_t name_size, struct compiled *c)
{
    c->count = 0;
    c->gaps[0] = GAP_NONE;
    for (size_t i = 0; i < pattern.size; i++) {
        char octet = pattern.data[i];
        if (octet == '*') {
            c->gaps[c->count] = GAP_ANY;
        } else if (octet == '%') {
            if (c->gaps[c->count] == GAP_NONE)
                c->gaps[c->count] = GAP_LEVEL;
        } else {
            if (c->count >= name_size)
                return false;
            c->octets[c->count++] = octet;
            c->gaps[c->count] = GAP_NONE;
        }
    }
    return true;
}

static bool is_within_inbox(struct slice name)
{
    return slice_starts_fold(name, SLICE("INBOX")) && (name.size == 5 || name.data[5] == '/');
}

/*
 * All ways at once: at[i] says that the first i plain octets can stand for what was seen of the
 * name. Each octet of the name moves from i to i + 1, or stays in a gap that allows it.
 */
bool imap_list_match(struct slice pattern, struct slice name)
{
    struct compiled c;
    bool at[NAME_MAX_OCTETS + 1] = {true};
    if (name.size > NAME_MAX_OCTETS || !compile(pattern, name.size, &c))
        return false;
    size_t folded = is_within_inbox(name) ? 5 : 0;
    for (size_t n = 0; n < name.size; n++) {
        char octet = name.data[n];
        for (size_t i = c.count + 1; i-- > 0;) {
            bool stays =
                at[i] && (c.gaps[i] == GAP_ANY || (c.gaps[i] == GAP_LEVEL && octet != '/'));
            bool is_same =
                i > 0 && (c.octets[i - 1] == octet ||
                          (n < folded && slice_lower(c.octets[i - 1]) == slice_lower(octet)));
            at[i] = stays || (is_same && at[i - 1]);
        }
    }
    return at[c.count];
}

bool imap_list_match_join(struct slice reference, struct slice pattern, char *text, size_t room,
                          struct slice *joined)
{
    if (pattern.size > 0 && pattern.data[0] == '/') {
        reference = (struct slice){NULL, 0};
        pattern = slice_part(pattern, 1, pattern.size);
    }
    if (pattern.size > room || reference.size > room - pattern.size)
        return false;
    for (size_t i = 0; i < reference.size; i++)
        text[i] = reference.data[i];
    for (size_t i = 0; i < pattern.size; i++)
        text[reference.size + i] = pattern.data[i];
    *joined = (struct slice){text, reference.size + pattern.size};
    return true;
}
