#include "export/html_part.h"

#include <inttypes.h>

#include "export/phrase.h"
#include "export/printable.h"
#include "sim/base/check.h"
#include "sim/base/utf8.h"
#include "sim/base/vtime.h"

void html_init(struct html *h, const struct log *log, FILE *out)
{
    *h = (struct html){.log = log, .out = out};
    pool_init(&h->texts);
    bytes_init(&h->line, SIZE_MAX);
}

void html_finish(struct html *h)
{
    pool_finish(&h->texts);
    vector_finish(&h->listed);
    bytes_finish(&h->line);
}

/* ---- texts ---- */

static uint32_t number_of(struct html *h, struct slice shown)
{
    uint32_t number;
    if (shown.size == 0)
        return 0;
    if (!pool_find(&h->texts, shown, &number)) {
        number = pool_intern(&h->texts, shown);
        *vector_add(&h->listed) = number;
    }
    return number;
}

uint32_t html_text(struct html *h, struct slice text)
{
    bytes_clear(&h->line);
    printable_append(&h->line, text, PRINTABLE_ALL, 0);
    return number_of(h, bytes_slice(&h->line));
}

uint32_t html_words(struct html *h, const struct event *e, const char *template)
{
    bytes_clear(&h->line);
    if (template)
        phrase_fill(h->log, e, template, 0, &h->line);
    else
        phrase_event(h->log, e, 0, &h->line);
    return number_of(h, bytes_slice(&h->line));
}

uint32_t html_lines(struct html *h, struct slice text)
{
    bytes_clear(&h->line);
    for (struct slice line; slice_cut(&text, '\n', &line);) {
        line.size -= slice_ends(line, SLICE("\r"));
        if (bytes_size(&h->line))
            check(bytes_append_octet(&h->line, '\n'));
        printable_append(&h->line, line, PRINTABLE_ALL, 0);
    }
    return number_of(h, bytes_slice(&h->line));
}

static void put_letter(FILE *out, uint32_t letter, struct slice octets)
{
    bool is_plain = letter >= 0x20 && letter != 0x7f && letter != '"' && letter != '\\' &&
                    letter != '<' && letter != '>' && letter != '&' && letter != 0x2028 &&
                    letter != 0x2029;
    if (is_plain)
        fwrite(octets.data, 1, octets.size, out);
    else
        fprintf(out, "\\u%04" PRIx32, letter);
}

void html_json_string(FILE *out, struct slice text)
{
    fputc('"', out);
    while (text.size) {
        size_t size;
        uint32_t letter = utf8_read(text, &size);
        if (letter == UINT32_MAX)
            fputs("\\ufffd", out);
        else
            put_letter(out, letter, slice_part(text, 0, size));
        text = slice_part(text, size, text.size);
    }
    fputc('"', out);
}

void html_escape(FILE *out, struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == '<' || c == '>' || c == '&' || c == '"' || c == '\'')
            fprintf(out, "&#%d;", c);
        else
            fputc(c, out);
    }
}

/* ---- lists ---- */

void html_list_begin(struct html *h, const char *name)
{
    fprintf(h->out, ",\n\"%s\":[", name);
    h->has_item = false;
}

void html_item(struct html *h)
{
    if (h->has_item)
        fputs(",\n", h->out);
    h->has_item = true;
}

void html_list_end(struct html *h)
{
    fputc(']', h->out);
}

void html_hosts(struct html *h, const uint32_t *hosts, size_t count)
{
    fputs(",[", h->out);
    for (size_t i = 0; i < count; i++)
        fprintf(h->out, "%s%" PRIu32, i ? "," : "", hosts[i]);
    fputc(']', h->out);
}

void html_number(struct html *h, const char *name, int64_t number)
{
    fprintf(h->out, ",\n\"%s\":%" PRId64, name, number);
}

void html_texts_write(struct html *h)
{
    fputs(",\n\"texts\":{\"0\":\"\"", h->out);
    for (size_t i = 0; i < h->listed.count && !ferror(h->out); i++) {
        fprintf(h->out, ",\n\"%" PRIu32 "\":", h->listed.items[i]);
        html_json_string(h->out, pool_at(&h->texts, h->listed.items[i]));
    }
    fputc('}', h->out);
}

int64_t html_us(const struct event *e)
{
    return e->t / VTIME_US;
}
