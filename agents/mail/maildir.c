#include "agents/mail/maildir.h"

#include <inttypes.h>
#include <stdio.h>

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
        size +=
            (size_t)snprintf(text + size, MAILDIR_NAME - size, is_plain ? "%c" : "\\%03o", octet);
    }
    return size;
}

struct slice maildir_name(int64_t unix_s, uint32_t microsecond, uint32_t count, struct slice host,
                          char text[MAILDIR_NAME])
{
    int size = snprintf(text, MAILDIR_NAME, "%" PRId64 ".M%06" PRIu32 "P1Q%" PRIu32 ".", unix_s,
                        microsecond, count);
    return (struct slice){text, append_host(text, (size_t)size, host)};
}

struct slice maildir_unique(struct slice path)
{
    size_t slash;
    while ((slash = slice_find_octet(path, '/', 0)) != SLICE_NONE)
        path = slice_part(path, slash + 1, path.size);
    return slice_part(path, 0, slice_find(path, SLICE(":2,"), 0));
}
