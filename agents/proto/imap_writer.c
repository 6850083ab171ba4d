#include "agents/proto/imap_writer.h"

#include "agents/proto/imap_put.h"

void imap_writer_init(struct imap_writer *w, bool utf8, struct bytes *out)
{
    *w = (struct imap_writer){.out = out, .before = bytes_size(out), .utf8 = utf8, .fits = true};
    bytes_init(&w->scratch, out->ceiling);
}

bool imap_writer_finish(struct imap_writer *w)
{
    if (!w->fits)
        bytes_truncate(w->out, w->before);
    bytes_finish(&w->scratch);
    return w->fits;
}

void imap_writer_text(struct imap_writer *w, const char *text)
{
    w->fits = w->fits && bytes_append(w->out, slice_of(text));
}

void imap_writer_number(struct imap_writer *w, uint64_t number)
{
    w->fits = w->fits && imap_put_number(w->out, number);
}

void imap_writer_string(struct imap_writer *w, struct slice text)
{
    w->fits = w->fits && imap_put_string(w->out, text, w->utf8);
}

void imap_writer_value(struct imap_writer *w, struct slice value)
{
    bytes_clear(&w->scratch);
    for (size_t i = 0; i < value.size;) {
        size_t end = slice_find_line_end(value, i);
        w->fits = w->fits && bytes_append(&w->scratch, slice_part(value, i, end));
        i = end + 1;
    }
    imap_writer_string(w, bytes_slice(&w->scratch));
}
