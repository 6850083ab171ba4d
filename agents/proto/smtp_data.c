#include "agents/proto/smtp_data.h"

/* Where in a line the reader stands. */
enum place { AT_START, AT_DOT, AT_DOT_CR, IN_LINE, AT_CR, AT_END };

void smtp_data_reader_init(struct smtp_data_reader *r)
{
    *r = (struct smtp_data_reader){.place = AT_START};
}

static void keep(struct smtp_data_reader *r, struct slice text, struct bytes *content)
{
    if (r->fault == SMTP_DATA_FINE && !bytes_append(content, text))
        r->fault = SMTP_DATA_TOO_LONG;
    if (r->fault != SMTP_DATA_FINE)
        bytes_release(content);
}

/* Outranks TOO_LONG, so that the outcome does not depend on how the octets came in pieces. */
static void refuse_bare(struct smtp_data_reader *r)
{
    r->fault = SMTP_DATA_BARE;
}

/* Octets of a line up to its CR, or all. A bare LF in them does not end the line. */
static size_t read_text(struct smtp_data_reader *r, struct slice octets, struct bytes *content)
{
    struct slice text = slice_part(octets, 0, slice_find_octet(octets, '\r', 0));
    if (slice_find_octet(text, '\n', 0) != SLICE_NONE)
        refuse_bare(r);
    keep(r, text, content);
    return text.size;
}

/*
 * At the start of a line: the size of the whole lines there that mean nothing but themselves, so
 * that they are kept at once. Up to the first dot at a line's start, a bare CR or LF, or a line
 * that has not come in full.
 */
static size_t plain_lines(struct slice octets)
{
    size_t at = 0;
    while (at < octets.size && octets.data[at] != '.') {
        size_t cr = slice_find_octet(octets, '\r', at);
        if (cr == SLICE_NONE || cr + 1 == octets.size || octets.data[cr + 1] != '\n' ||
            slice_find_octet(slice_part(octets, 0, cr), '\n', at) != SLICE_NONE)
            break;
        at = cr + 2;
    }
    return at;
}

/* Behind a CR, which was not kept yet. */
static int place_after_cr(struct smtp_data_reader *r, char octet, struct bytes *content)
{
    if (octet == '\n') {
        keep(r, SLICE("\r\n"), content);
        return AT_START;
    }
    refuse_bare(r);
    return octet == '\r' ? AT_CR : IN_LINE;
}

/* Takes one octet, a run of them within a line, or whole lines; gives how many. */
static size_t step(struct smtp_data_reader *r, struct slice octets, struct bytes *content)
{
    char octet = octets.data[0];
    size_t plain = r->place == AT_START ? plain_lines(octets) : 0;
    if (plain > 0) {
        keep(r, slice_part(octets, 0, plain), content);
        return plain;
    }
    switch ((enum place)r->place) {
    case AT_START:
        r->place = octet == '.' ? AT_DOT : octet == '\r' ? AT_CR : IN_LINE;
        return r->place == IN_LINE ? read_text(r, octets, content) : 1;
    case AT_DOT: /* the dot is dropped, whatever follows (RFC 5321 4.5.2) */
        r->place = octet == '\r' ? AT_DOT_CR : IN_LINE;
        return r->place == IN_LINE ? read_text(r, octets, content) : 1;
    case AT_DOT_CR:
        r->place = octet == '\n' ? AT_END : place_after_cr(r, octet, content);
        return 1;
    case IN_LINE:
        r->place = octet == '\r' ? AT_CR : IN_LINE;
        return octet == '\r' ? 1 : read_text(r, octets, content);
    case AT_CR:
        r->place = place_after_cr(r, octet, content);
        return 1;
    case AT_END:
        break;
    }
    return 0;
}

size_t smtp_data_read(struct smtp_data_reader *r, struct slice octets, struct bytes *content,
                      bool *is_end)
{
    size_t at = 0;
    while (at < octets.size && r->place != AT_END)
        at += step(r, slice_part(octets, at, octets.size), content);
    *is_end = r->place == AT_END;
    return at;
}

bool smtp_data_has_bare(struct slice text)
{
    for (size_t at = 0;;) { /* from one line end to the next */
        size_t end = slice_find_line_end(text, at);
        if (end == text.size)
            return false;
        if (text.data[end] != '\r' || end + 1 == text.size || text.data[end + 1] != '\n')
            return true;
        at = end + 2;
    }
}

/* ---- writing ---- */

static bool end_line(struct smtp_data_writer *w, struct bytes *out)
{
    w->in_line = false;
    return bytes_append(out, SLICE("\r\n"));
}

/*
 * Octets that go out as they are: whole lines up to the next that starts with a dot, or else those
 * of one line that does not end as it should. The first line may start with a dot that was put
 * before. Gives how many were taken.
 */
static size_t write_text(struct smtp_data_writer *w, struct slice text, struct bytes *out,
                         bool *fits)
{
    size_t end = slice_find_line_end(text, 0);
    bool is_whole = end + 1 < text.size && text.data[end] == '\r' && text.data[end + 1] == '\n';
    size_t taken = is_whole ? end + 2 : end;
    if (is_whole)
        taken += plain_lines(slice_part(text, taken, text.size));
    *fits = (w->in_line || text.data[0] != '.' || bytes_append_octet(out, '.')) &&
            bytes_append(out, slice_part(text, 0, taken));
    w->in_line = !is_whole;
    return taken;
}

bool smtp_data_write(struct smtp_data_writer *w, struct slice text, struct bytes *out)
{
    bool fits = true;
    while (fits && text.size > 0) {
        char octet = text.data[0];
        size_t taken = 1;
        if (octet == '\r')
            fits = end_line(w, out);
        else if (octet == '\n')
            fits = w->has_cr || end_line(w, out);
        else
            taken = write_text(w, text, out, &fits);
        w->has_cr = octet == '\r';
        text = slice_part(text, taken, text.size);
    }
    return fits;
}

bool smtp_data_write_end(struct smtp_data_writer *w, struct bytes *out)
{
    return !w->in_line || end_line(w, out);
}
