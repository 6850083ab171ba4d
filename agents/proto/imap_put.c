#include "agents/proto/imap_put.h"

#include "agents/proto/imap_args.h"
#include "agents/proto/imap_utf7.h"
#include "sim/base/digits.h"
#include "sim/base/utf8.h"
#include "sim/base/vtime.h"

/* What ends a writer: all of it stands in out, or nothing. */
static bool all_or_nothing(struct bytes *out, size_t before, bool fits)
{
    if (!fits)
        bytes_truncate(out, before);
    return fits;
}

bool imap_put_number(struct bytes *out, uint64_t number)
{
    char digits[DIGITS_MAX];
    return bytes_append(out, (struct slice){digits, digits_put(digits, number, 10, 0)});
}

bool imap_put_quoted(struct bytes *out, struct slice text)
{
    size_t before = bytes_size(out), from = 0;
    bool fits = bytes_append_octet(out, '"');
    while (fits && from < text.size) {
        size_t at = slice_find_either(text, '"', '\\', from);
        fits = bytes_append(out, slice_part(text, from, at)) &&
               (at == text.size ||
                (bytes_append_octet(out, '\\') && bytes_append_octet(out, text.data[at])));
        from = at + 1;
    }
    return all_or_nothing(out, before, fits && bytes_append_octet(out, '"'));
}

bool imap_put_literal_size(struct bytes *out, uint64_t size, struct slice more)
{
    char digits[DIGITS_MAX];
    const struct slice texts[] = {
        SLICE("{"), {digits, digits_put(digits, size, 10, 0)}, more, SLICE("}\r\n")};
    return bytes_append_all(out, texts, 4);
}

bool imap_put_literal(struct bytes *out, struct slice text)
{
    size_t before = bytes_size(out);
    return all_or_nothing(
        out, before, imap_put_literal_size(out, text.size, SLICE("")) && bytes_append(out, text));
}

/* A text with NUL in it, as a literal without. */
static bool write_without_nul(struct bytes *out, struct slice text)
{
    if (!imap_put_literal(out, text))
        return false;
    char *octets = bytes_tail(out, text.size);
    for (size_t i = 0; i < text.size; i++)
        if (octets[i] == '\0')
            octets[i] = '?';
    return true;
}

bool imap_put_string(struct bytes *out, struct slice text, bool is_utf8)
{
    if (slice_find_octet(text, '\0', 0) != SLICE_NONE)
        return write_without_nul(out, text);
    bool can_be_quoted = slice_find_line_end(text, 0) == text.size &&
                         (!slice_is_8bit(text) || (is_utf8 && utf8_is_valid(text)));
    return can_be_quoted ? imap_put_quoted(out, text) : imap_put_literal(out, text);
}

bool imap_put_astring(struct bytes *out, struct slice text, bool is_utf8)
{
    if (imap_args_is_astring(text) && !slice_equal_fold(text, SLICE("NIL")))
        return bytes_append(out, text);
    return imap_put_string(out, text, is_utf8);
}

bool imap_put_nstring(struct bytes *out, struct slice text, bool is_utf8)
{
    return text.data ? imap_put_string(out, text, is_utf8) : bytes_append(out, SLICE("NIL"));
}

bool imap_put_mailbox(struct bytes *out, struct slice name, bool is_utf8)
{
    struct bytes utf7;
    if (is_utf8 || (!slice_is_8bit(name) && slice_find_octet(name, '&', 0) == SLICE_NONE))
        return imap_put_astring(out, name, is_utf8);
    bytes_init(&utf7, 8 * name.size + 8);
    bool is_good = imap_utf7_encode(name, &utf7);
    bool fits = imap_put_astring(out, is_good ? bytes_slice(&utf7) : name, false);
    bytes_finish(&utf7);
    return fits;
}

/* ---- flags ---- */

static bool write_flag(struct bytes *out, bool *is_first, struct slice name)
{
    const struct slice texts[] = {*is_first ? SLICE("") : SLICE(" "), name};
    *is_first = false;
    return bytes_append_all(out, texts, 2);
}

bool imap_put_flags(struct bytes *out, const struct account_folder *folder, uint64_t flags,
                    bool is_recent)
{
    size_t before = bytes_size(out);
    bool is_first = true, fits = bytes_append_octet(out, '(');
    for (unsigned bit = 0; fits && bit < 64; bit++) {
        struct slice name = flags >> bit & 1 ? account_flag_name(folder, bit) : SLICE("");
        if (name.size > 0)
            fits = write_flag(out, &is_first, name);
    }
    fits = fits && (!is_recent || write_flag(out, &is_first, SLICE("\\Recent")));
    return all_or_nothing(out, before, fits && bytes_append_octet(out, ')'));
}

/* ---- dates ---- */

static size_t put_text(char *to, const char *text)
{
    size_t size = strlen(text);
    for (size_t i = 0; i < size; i++)
        to[i] = text[i];
    return size;
}

static int64_t clamp(int64_t value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

bool imap_put_date_time(struct bytes *out, int64_t unix_s, int zone_min)
{
    static const char *const months[] = {"-Jan-", "-Feb-", "-Mar-", "-Apr-", "-May-", "-Jun-",
                                         "-Jul-", "-Aug-", "-Sep-", "-Oct-", "-Nov-", "-Dec-"};
    const int64_t first = vtime_unix_s(0, 1, 1, 0, 0, 0);
    const int64_t last = vtime_unix_s(9999, 12, 31, 23, 59, 59);
    char text[64];
    int zone = (int)clamp(zone_min, -99 * 60 - 59, 99 * 60 + 59);
    unsigned east = (unsigned)(zone < 0 ? -zone : zone);
    struct vtime_calendar c =
        vtime_calendar(clamp(clamp(unix_s, first, last) + (int64_t)zone * 60, first, last), 0);
    size_t size = put_text(text, c.day < 10 ? "\" " : "\"");
    size += digits_put(text + size, (uint64_t)c.day, 10, 0);
    size += put_text(text + size, months[c.month - 1]);
    size += digits_put(text + size, (uint64_t)c.year, 10, 4);
    text[size++] = ' ';
    size += digits_put(text + size, (uint64_t)c.hour, 10, 2);
    text[size++] = ':';
    size += digits_put(text + size, (uint64_t)c.minute, 10, 2);
    text[size++] = ':';
    size += digits_put(text + size, (uint64_t)c.second, 10, 2);
    size += put_text(text + size, zone < 0 ? " -" : " +");
    size += digits_put(text + size, east / 60 * 100 + east % 60, 10, 4);
    text[size++] = '"';
    return bytes_append(out, (struct slice){text, size});
}
