#include "agents/proto/pop3_text.h"

#include "sim/base/digits.h"

bool pop3_text_is_plain(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)text.data[i] < 0x20 || text.data[i] == 0x7F)
            return false;
    return true;
}

bool pop3_text_is_uid(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < 0x21 || text.data[i] > 0x7E)
            return false;
    return text.size >= 1 && text.size <= 70;
}

bool pop3_text_stuff(struct slice text, struct bytes *out)
{
    if (text.size == 0)
        return true;
    bool fits = text.data[0] != '.' || bytes_append_octet(out, '.');
    size_t from = 0, at;
    while (fits && (at = slice_find(text, SLICE("\r\n."), from)) != SLICE_NONE) {
        fits = bytes_append(out, slice_part(text, from, at + 2)) && bytes_append_octet(out, '.');
        from = at + 2;
    }
    return fits && bytes_append(out, slice_part(text, from, text.size)) &&
           (slice_ends(text, SLICE("\r\n")) || bytes_append(out, SLICE("\r\n")));
}

struct slice pop3_text_top(struct slice body, uint64_t lines)
{
    size_t end = 0;
    for (uint64_t i = 0; i < lines && end < body.size; i++) {
        size_t at = slice_find(body, SLICE("\r\n"), end);
        end = at == SLICE_NONE ? body.size : at + 2;
    }
    return slice_part(body, 0, end);
}

/* ---- lines with numbers ---- */

static struct slice decimal(char digits[DIGITS_MAX], uint64_t number)
{
    return (struct slice){digits, digits_put(digits, number, 10, 0)};
}

/* before, the number, after */
static bool put_one(struct bytes *out, struct slice before, uint64_t number, struct slice after)
{
    char digits[DIGITS_MAX];
    return bytes_append_all(out, (struct slice[]){before, decimal(digits, number), after}, 3);
}

bool pop3_text_put_stat(struct bytes *out, uint64_t count, uint64_t octets)
{
    char digits[DIGITS_MAX], more[DIGITS_MAX];
    const struct slice line[] = {SLICE("+OK "), decimal(digits, count), SLICE(" "),
                                 decimal(more, octets), SLICE("\r\n")};
    return bytes_append_all(out, line, 5);
}

bool pop3_text_put_maildrop(struct bytes *out, uint64_t count, uint64_t octets)
{
    char digits[DIGITS_MAX], more[DIGITS_MAX];
    const struct slice line[] = {SLICE("+OK "), decimal(digits, count),
                                 count == 1 ? SLICE(" message (") : SLICE(" messages ("),
                                 decimal(more, octets), SLICE(" octets)\r\n")};
    return bytes_append_all(out, line, 5);
}

bool pop3_text_put_octets(struct bytes *out, uint64_t octets)
{
    return put_one(out, SLICE("+OK "), octets, SLICE(" octets\r\n"));
}

bool pop3_text_put_marked(struct bytes *out, uint64_t number)
{
    return put_one(out, SLICE("+OK message "), number, SLICE(" marked as deleted\r\n"));
}

bool pop3_text_put_size(struct bytes *out, uint64_t number, uint64_t size)
{
    char digits[DIGITS_MAX], more[DIGITS_MAX];
    const struct slice line[] = {decimal(digits, number), SLICE(" "), decimal(more, size),
                                 SLICE("\r\n")};
    return bytes_append_all(out, line, 4);
}

bool pop3_text_put_uid(struct bytes *out, uint64_t number, struct slice uid)
{
    char digits[DIGITS_MAX];
    const struct slice line[] = {decimal(digits, number), SLICE(" "), uid, SLICE("\r\n")};
    return bytes_append_all(out, line, 4);
}
