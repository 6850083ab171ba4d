#include "tests/mail/support_mail.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/memory.h"

/* Octets that mean something in a header, oftener than chance would bring them. */
static char interesting_octet(struct random *r)
{
    static const char octets[] = "()<>[]\"\\;:,.@ \t\r\n\r\n=?+-0129azZ\x80\xC3\xFF";
    return random_chance(r, 200000) ? (char)random_below(r, 256)
                                    : octets[random_below(r, sizeof octets)];
}

struct slice support_mutate(struct random *r, struct slice text)
{
    size_t size = text.size, changes = random_below(r, 6);
    char *data = memory_take(2 * text.size + 8);
    if (size)
        memcpy(data, text.data, size);
    for (size_t i = 0; i < changes; i++) {
        size_t at = random_below(r, size + 1);
        size_t run = random_below(r, (size - at) / 2 + 1);
        switch (random_below(r, 4)) {
        case 0:
            if (at < size)
                data[at] = interesting_octet(r);
            break;
        case 1:
            memmove(data + at, data + at + run, size - at - run);
            size -= run;
            break;
        case 2:
            run = size + run <= 2 * text.size ? run : 0;
            memmove(data + at + run, data + at, size - at);
            size += run;
            break;
        case 3:
            memmove(data + at + 1, data + at, size - at);
            data[at] = interesting_octet(r);
            size++;
            break;
        }
    }
    char *exact = memory_take(size);
    memcpy(exact, data, size);
    free(data);
    return (struct slice){exact, size};
}

size_t support_longest_line(struct slice text)
{
    size_t longest = 0, column = 0;
    for (size_t i = 0; i < text.size; i++) {
        bool is_end = text.data[i] == '\r' && i + 1 < text.size && text.data[i + 1] == '\n';
        if (!is_end && (text.data[i] == '\r' || text.data[i] == '\n'))
            return SIZE_MAX;
        column = is_end ? 0 : column + 1;
        longest = column > longest ? column : longest;
        i += is_end;
    }
    return longest;
}

bool support_is_inside(struct slice part, struct slice whole)
{
    return part.size == 0 || (part.data >= whole.data && part.size <= whole.size &&
                              part.data + part.size <= whole.data + whole.size);
}
