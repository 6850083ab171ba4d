#include "agents/mail/mbox.h"

#include "agents/mail/date.h"

/* ---- dates, as C's asctime writes them: "Mon Mar  3 09:00:00 2025" ---- */

/* From "Mon, 3 Mar 2025 09:00:00 +0000". */
static bool write_date(int64_t unix_s, struct bytes *out)
{
    char text[DATE_TEXT];
    struct slice rest = date_write(unix_s > 0 ? unix_s : 0, 0, text), words[5] = {{0}};
    for (size_t i = 0; i < 5; i++)
        (void)slice_cut(&rest, ' ', &words[i]);
    words[0].size--; /* the comma */
    const struct slice parts[] = {
        words[0], SLICE(" "), words[2], words[1].size == 1 ? SLICE("  ") : SLICE(" "),
        words[1], SLICE(" "), words[4], SLICE(" "),
        words[3]};
    return bytes_append_all(out, parts, sizeof parts / sizeof *parts);
}

/* 0: it is no such date. */
static int64_t read_date(struct slice s)
{
    enum { MONTH = 4, DAY = 8, TIME = 11, YEAR = 20, SIZE = 24 };
    char text[] = "dd Mon yyyy hh:mm:ss +0000";
    int64_t unix_s;
    int zone_min;
    if (s.size != SIZE)
        return 0;
    memcpy(text, s.data + DAY, 2);
    memcpy(text + 3, s.data + MONTH, 3);
    memcpy(text + 7, s.data + YEAR, 4);
    memcpy(text + 12, s.data + TIME, 8);
    return date_read(slice_trim(SLICE(text)), &unix_s, &zone_min) && unix_s > 0 ? unix_s : 0;
}

/* ---- writing ---- */

/* One word: what would end it, or the line, is left out. */
static bool write_sender(struct slice sender, struct bytes *out)
{
    size_t before = bytes_size(out);
    for (size_t i = 0; i < sender.size; i++)
        if ((unsigned char)sender.data[i] > ' ' && !bytes_append_octet(out, sender.data[i]))
            return false;
    return bytes_size(out) > before || bytes_append(out, SLICE("MAILER-DAEMON"));
}

bool mbox_write_from(struct slice sender, int64_t unix_s, struct bytes *out)
{
    return bytes_append(out, SLICE("From ")) && write_sender(sender, out) &&
           bytes_append(out, SLICE(" ")) && write_date(unix_s, out) &&
           bytes_append(out, SLICE("\n"));
}

/* Behind how many ">" does the line say "From "? SLICE_NONE: it does not. */
static size_t quotes_before_from(struct slice line)
{
    size_t quotes = 0;
    while (quotes < line.size && line.data[quotes] == '>')
        quotes++;
    return slice_starts(slice_part(line, quotes, line.size), SLICE("From ")) ? quotes : SLICE_NONE;
}

static bool needs_quote(struct slice line, enum mbox_quoting quoting)
{
    if (line.size == 0 || (line.data[0] != 'F' && line.data[0] != '>'))
        return false;
    size_t quotes = quotes_before_from(line);
    return quoting == MBOX_RD ? quotes != SLICE_NONE : quotes == 0;
}

bool mbox_write_text(struct slice text, enum mbox_quoting quoting, struct bytes *out)
{
    for (size_t at = 0; at < text.size;) {
        size_t end = slice_find_octet(text, '\n', at);
        size_t next = end == SLICE_NONE ? text.size : end + 1;
        struct slice line = slice_part(text, at, end == SLICE_NONE ? text.size : end);
        if (line.size > 0 && line.data[line.size - 1] == '\r')
            line.size--;
        if (needs_quote(line, quoting) && !bytes_append_octet(out, '>'))
            return false;
        if (!bytes_append_all(out, (struct slice[]){line, SLICE("\n")}, 2))
            return false;
        at = next;
    }
    return true;
}

/* ---- reading ---- */

/* From `at`, which is where a line begins, to the next line that separates; the size when there is
   none. */
static size_t find_from(struct slice file, size_t at)
{
    while (at < file.size && !slice_starts(slice_part(file, at, at + 5), SLICE("From "))) {
        size_t end = slice_find_octet(file, '\n', at);
        at = end == SLICE_NONE ? file.size : end + 1;
    }
    return at;
}

static void read_from_line(struct slice line, struct mbox_entry *e)
{
    struct slice rest = slice_part(line, 5, line.size);
    e->sender = SLICE("");
    (void)slice_cut(&rest, ' ', &e->sender);
    e->unix_s = read_date(rest);
    if (slice_equal(e->sender, SLICE("MAILER-DAEMON")))
        e->sender = SLICE("");
}

bool mbox_next(struct slice file, size_t *position, struct mbox_entry *e)
{
    e->start = find_from(file, *position);
    if (e->start == file.size)
        return false;
    size_t line_end = slice_find_octet(file, '\n', e->start);
    size_t text = line_end == SLICE_NONE ? file.size : line_end + 1;
    read_from_line(slice_part(file, e->start, line_end == SLICE_NONE ? file.size : line_end), e);
    e->end = *position = find_from(file, text);
    e->text = slice_part(file, text, e->end);
    e->is_whole = slice_ends(e->text, SLICE("\n\n")) || slice_equal(e->text, SLICE("\n"));
    if (e->is_whole)
        e->text.size--;
    return true;
}

static bool is_quoted(struct slice line, enum mbox_quoting quoting)
{
    if (line.size == 0 || line.data[0] != '>' || quoting == MBOX_O)
        return false;
    size_t quotes = quotes_before_from(line);
    return quotes != SLICE_NONE && quotes > 0;
}

bool mbox_read_text(struct slice text, enum mbox_quoting quoting, struct bytes *out)
{
    for (size_t at = 0; at < text.size;) {
        size_t end = slice_find_octet(text, '\n', at);
        struct slice line = slice_part(text, at, end == SLICE_NONE ? text.size : end);
        at = end == SLICE_NONE ? text.size : end + 1;
        if (is_quoted(line, quoting))
            line = slice_part(line, 1, line.size);
        if (!bytes_append_all(out, (struct slice[]){line, SLICE("\r\n")}, 2))
            return false;
    }
    return true;
}
