#include "agents/mail/maildir.h"

#include "sim/base/digits.h"

/*
 * The host's name, with what would be a folder or the start of the flags written as the page on
 * Maildir has it: backslash and three octal digits. Cut where it would not fit.
 */
static size_t append_host(char text[MAILDIR_NAME], size_t size, struct slice host)
{
    for (size_t i = 0; i < host.size && size + 5 < MAILDIR_NAME; i++) {
        unsigned char octet = (unsigned char)host.data[i];
        bool is_plain =
            octet > ' ' && octet <= '~' && octet != '/' && octet != ':' && octet != '\\';
        if (is_plain) {
            text[size++] = (char)octet;
            continue;
        }
        text[size++] = '\\';
        for (int shift = 6; shift >= 0; shift -= 3)
            text[size++] = (char)('0' + (octet >> shift & 7));
    }
    return size;
}

struct slice maildir_name(int64_t unix_s, uint32_t microsecond, uint32_t count, struct slice host,
                          char text[MAILDIR_NAME])
{
    size_t size = 0;
    if (unix_s < 0)
        text[size++] = '-';
    size += digits_put(text + size, unix_s < 0 ? 0 - (uint64_t)unix_s : (uint64_t)unix_s, 10, 0);
    text[size++] = '.';
    text[size++] = 'M';
    size += digits_put(text + size, microsecond, 10, 6);
    text[size++] = 'P';
    text[size++] = '1';
    text[size++] = 'Q';
    size += digits_put(text + size, count, 10, 0);
    text[size++] = '.';
    size = append_host(text, size, host);
    text[size] = '\0';
    return (struct slice){text, size};
}

struct slice maildir_unique(struct slice path)
{
    size_t slash;
    while ((slash = slice_find_octet(path, '/', 0)) != SLICE_NONE)
        path = slice_part(path, slash + 1, path.size);
    return slice_part(path, 0, slice_find(path, SLICE(":2,"), 0));
}
