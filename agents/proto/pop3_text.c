#include "agents/proto/pop3_text.h"

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
