#include "agents/mail/mime_charset.h"

#include <errno.h>

#include "agents/mail/mime.h"
#include "agents/mail/token.h"
#include "sim/base/utf8.h"

enum { NAME_OCTETS_MAX = 40, NO_LETTER = 0xFFFD };

static bool is_one_of(struct slice name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal_fold(name, slice_of(names[i])))
            return true;
    return false;
}
#define IS_ONE_OF(name, names) is_one_of(name, names, sizeof(names) / sizeof *(names))

/* The registered names and those that are met (IANA character sets). */
static enum mime_charset_kind kind_of(struct slice name)
{
    static const char *const ascii[] = {"", "us-ascii", "ascii", "ansi_x3.4-1968", "iso646-us"};
    static const char *const utf8[] = {"utf-8", "utf8"};
    static const char *const latin1[] = {"iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "l1"};
    static const char *const cp1252[] = {"windows-1252", "cp1252", "cp-1252"};
    if (IS_ONE_OF(name, ascii))
        return MIME_CHARSET_ASCII;
    if (IS_ONE_OF(name, utf8))
        return MIME_CHARSET_UTF8;
    if (IS_ONE_OF(name, latin1))
        return MIME_CHARSET_LATIN1;
    return IS_ONE_OF(name, cp1252) ? MIME_CHARSET_CP1252 : MIME_CHARSET_OTHER;
}

/* Slashes would be options to iconv, and some names mean what this process happens to use. */
static bool is_plain_name(struct slice name)
{
    static const char *const ours[] = {"char", "wchar_t", "internal"};
    if (name.size == 0 || name.size > NAME_OCTETS_MAX || IS_ONE_OF(name, ours))
        return false;
    for (size_t i = 0; i < name.size; i++)
        if (!token_is_letter(name.data[i]) && !token_is_digit(name.data[i]) &&
            !(name.data[i] && strchr("-_.:+", name.data[i])))
            return false;
    return true;
}

static bool open_other(struct mime_charset *c, struct slice name)
{
    char text[NAME_OCTETS_MAX + 1] = {0};
    if (!is_plain_name(name))
        return false;
    memcpy(text, name.data, name.size);
    c->iconv = iconv_open("UTF-8", text);
    bool is_16 = slice_starts_fold(name, SLICE("utf-16")) ||
                 slice_starts_fold(name, SLICE("ucs-2")) ||
                 slice_starts_fold(name, SLICE("iso-10646-ucs-2"));
    bool is_32 = slice_starts_fold(name, SLICE("utf-32")) ||
                 slice_starts_fold(name, SLICE("ucs-4")) ||
                 slice_starts_fold(name, SLICE("iso-10646-ucs-4"));
    c->unit = is_16 ? 2 : is_32 ? 4 : 1;
    return c->iconv != (iconv_t)-1;
}

bool mime_charset_init(struct mime_charset *c, struct slice name)
{
    *c = (struct mime_charset){.kind = kind_of(name)};
    return c->kind != MIME_CHARSET_OTHER || open_other(c, name);
}

void mime_charset_finish(struct mime_charset *c)
{
    if (c->kind == MIME_CHARSET_OTHER)
        iconv_close(c->iconv);
}

/* Code points of 0x80 to 0x9F in windows-1252; five of them are of no character. */
static uint32_t cp1252_letter(unsigned char octet)
{
    static const uint16_t letters[] = {
        0x20AC,    NO_LETTER, 0x201A, 0x0192, 0x201E, 0x2026,    0x2020, 0x2021,
        0x02C6,    0x2030,    0x0160, 0x2039, 0x0152, NO_LETTER, 0x017D, NO_LETTER,
        NO_LETTER, 0x2018,    0x2019, 0x201C, 0x201D, 0x2022,    0x2013, 0x2014,
        0x02DC,    0x2122,    0x0161, 0x203A, 0x0153, NO_LETTER, 0x017E, 0x0178};
    return octet >= 0x80 && octet <= 0x9F ? letters[octet - 0x80] : octet;
}

/* Charsets of one octet a character. */
static size_t read_octets(enum mime_charset_kind kind, struct slice text, struct bytes *out)
{
    for (size_t i = 0; i < text.size;) {
        size_t run = i;
        while (i < text.size && !(text.data[i] & 0x80))
            i++;
        if (!bytes_append(out, slice_part(text, run, i)))
            return run;
        if (i == text.size)
            break;
        unsigned char octet = (unsigned char)text.data[i];
        uint32_t letter = kind == MIME_CHARSET_ASCII    ? NO_LETTER
                          : kind == MIME_CHARSET_CP1252 ? cp1252_letter(octet)
                                                        : octet;
        if (!utf8_append(letter, out))
            return i;
        i++;
    }
    return text.size;
}

/* Octets at the end that could be the front of a character. */
static size_t open_octets(struct slice text)
{
    for (size_t n = 1; n <= 3 && n <= text.size; n++) {
        unsigned char octet = (unsigned char)text.data[text.size - n];
        if (octet >= 0xC0)
            return utf8_size(slice_part(text, text.size - n, text.size)) ? 0 : n;
        if (octet < 0x80)
            break;
    }
    return 0;
}

static size_t read_utf8(struct slice text, bool is_last, struct bytes *out)
{
    size_t size = is_last ? text.size : text.size - open_octets(text);
    return utf8_append_repaired(slice_part(text, 0, size), out) ? size : 0;
}

/* Puts what iconv made into out, and a mark for what it could not read. */
static bool append_made(struct slice made, bool is_broken, struct bytes *out)
{
    size_t before = bytes_size(out);
    if (bytes_append(out, made) && (!is_broken || utf8_append(NO_LETTER, out)))
        return true;
    bytes_truncate(out, before);
    return false;
}

static size_t read_other(struct mime_charset *c, struct slice text, bool is_last, struct bytes *out)
{
    char octets[1024];
    /* iconv reads only, but its type does not say so */
    char *at = (char *)(uintptr_t)(text.data ? text.data : "");
    size_t left = text.size;
    for (bool is_more = left > 0 || is_last; is_more;) {
        char *to = octets;
        size_t room = sizeof octets, before = left;
        bool is_flush = left == 0; /* a charset with a state may have kept something back */
        size_t result = iconv(c->iconv, is_flush ? NULL : &at, is_flush ? NULL : &left, &to, &room);
        int cause = result == (size_t)-1 ? errno : 0;
        bool is_broken = cause == EILSEQ || (cause == EINVAL && is_last);
        if (!append_made((struct slice){octets, sizeof octets - room}, is_broken, out))
            return text.size - before;
        size_t skip = !is_broken ? 0 : cause == EINVAL || left < c->unit ? left : c->unit;
        at += skip;
        left -= skip;
        bool is_at_end = left == 0 && (!is_last || (is_flush && cause != E2BIG));
        is_more = cause != EINVAL && !is_at_end;
    }
    return text.size - left;
}

size_t mime_charset_read(struct mime_charset *c, struct slice text, bool is_last, struct bytes *out)
{
    switch (c->kind) {
    case MIME_CHARSET_UTF8:
        return read_utf8(text, is_last, out);
    case MIME_CHARSET_OTHER:
        return read_other(c, text, is_last, out);
    case MIME_CHARSET_ASCII:
    case MIME_CHARSET_LATIN1:
    case MIME_CHARSET_CP1252:
        break;
    }
    return read_octets(c->kind, text, out);
}

bool mime_knows_charset(struct slice name)
{
    struct mime_charset charset;
    bool is_known = mime_charset_init(&charset, name);
    if (is_known)
        mime_charset_finish(&charset);
    return is_known;
}

bool mime_to_utf8(struct slice text, struct slice name, struct bytes *out)
{
    struct mime_charset charset;
    size_t before = bytes_size(out);
    if (!mime_charset_init(&charset, name))
        return false;
    bool fits = mime_charset_read(&charset, text, true, out) == text.size;
    mime_charset_finish(&charset);
    if (!fits)
        bytes_truncate(out, before);
    return fits;
}
