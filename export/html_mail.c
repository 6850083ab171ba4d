/* The data of a page: headers, field by field, with who added each and what a hop took. */
#include <inttypes.h>

#include "export/html_part.h"
#include "render/scene/authors.h"
#include "render/scene/hops.h"
#include "sim/base/arena.h"

enum { FIELD_OCTETS = 1000, BODY_OCTETS = 2000 };

struct letter {
    struct html *h;
    struct hops hops;
    struct authors authors;
    struct arena arena;
    size_t field, received; /* from 0 at the top */
};

static uint32_t field_text(struct html *h, const struct header_field *field)
{
    struct bytes flat;
    bytes_init(&flat, FIELD_OCTETS);
    (void)header_unfold(slice_trim(slice_part(field->whole, 0, FIELD_OCTETS)), &flat);
    uint32_t text = html_text(h, bytes_slice(&flat));
    bytes_finish(&flat);
    return text;
}

static struct slice duration(struct arena *arena, int64_t seconds)
{
    const char *minus = seconds < 0 ? "\xE2\x88\x92" : "";
    uint64_t s = seconds < 0 ? 0 - (uint64_t)seconds : (uint64_t)seconds;
    if (s < 60)
        return arena_printf(arena, "%s%" PRIu64 " s", minus, s);
    if (s < 3600)
        return arena_printf(arena, "%s%" PRIu64 " min %" PRIu64 " s", minus, s / 60, s % 60);
    if (s < 86400)
        return arena_printf(arena, "%s%" PRIu64 " h %" PRIu64 " min", minus, s / 3600,
                            s % 3600 / 60);
    return arena_printf(arena, "%s%" PRIu64 " d %" PRIu64 " h", minus, s / 86400, s % 86400 / 3600);
}

static struct slice took(struct letter *letter, const struct hop_delay *hop)
{
    struct arena *arena = &letter->arena;
    if (!hop->has_delay)
        return SLICE("no date to count from");
    struct slice time = duration(arena, hop->delay_s);
    if (hop->delay_s < 0)
        return arena_printf(arena,
                            "%.*s: earlier than the line below; one of the two clocks is wrong, "
                            "not the order of the lines",
                            SLICE_ARG(time));
    return arena_printf(arena, "%.*s since %s", SLICE_ARG(time),
                        letter->received + 1 == letter->hops.count ? "it was written (Date)"
                                                                   : "the line below");
}

/* ",slip, from whom to whom, seconds, in words" of a Received field. */
static void write_hop(struct letter *letter, const struct header_field *field)
{
    struct html *h = letter->h;
    const struct hop_delay *hop = &letter->hops.delays[letter->received];
    uint32_t from = 0, by = 0, way = 0;
    if (hops_hosts(h->log, field, &from, &by))
        way = html_text(
            h, arena_printf(&letter->arena, "this hop: %.*s \xE2\x86\x92 %.*s",
                            SLICE_ARG(from ? log_place_name(h->log, from) : SLICE("elsewhere")),
                            SLICE_ARG(log_place_name(h->log, by))));
    fprintf(h->out, ",%zu,%" PRIu32 ",%" PRId64 ",%" PRIu32, letter->hops.count - letter->received,
            way, hop->has_delay ? hop->delay_s : 0, html_text(h, took(letter, hop)));
    letter->received++;
}

/* [text, who added it] or [text, who added it, slip, way, seconds, words] */
static void write_field(struct letter *letter, const struct header_field *field)
{
    struct html *h = letter->h;
    uint32_t author = 0;
    if (letter->field < letter->authors.count)
        author = letter->authors.places[letter->field];
    fprintf(h->out, "%s[%" PRIu32 ",%" PRIu32, letter->field ? ",\n" : "", field_text(h, field),
            author);
    letter->field++;
    if (slice_equal_fold(field->name, SLICE("Received")) && letter->received < letter->hops.count)
        write_hop(letter, field);
    fputc(']', h->out);
}

/* [number, body, [fields]] */
static void write_header(struct html *h, struct stages *stages, const struct html_header *header)
{
    struct letter letter = {.h = h};
    struct slice fields, body;
    struct header_field field;
    header_split(log_text(h->log, header->header), &fields, &body);
    if (body.size == 0)
        body = log_text(h->log, header->body);
    arena_init(&letter.arena);
    hops_read(fields, &letter.hops);
    size_t count = stages_count(stages, h->log, header->msg, log_at(h->log, header->event)->t);
    if (count > 0 && stages_at(stages, h->log, count - 1).header.data == fields.data)
        authors_read(&letter.authors, stages, h->log, count - 1);
    html_item(h);
    fprintf(h->out, "[%" PRIu32 ",%" PRIu32 ",[", header->header,
            html_lines(h, slice_trim(slice_part(body, 0, BODY_OCTETS))));
    while (letter.field < AUTHORS_FIELDS_MAX && header_next(&fields, &field))
        write_field(&letter, &field);
    fputs("]]", h->out);
    arena_finish(&letter.arena);
}

void html_headers_write(struct html *h, const html_header_list *headers)
{
    struct stages stages = {0};
    stages_update(&stages, h->log);
    html_list_begin(h, "headers");
    for (size_t i = 0; i < headers->count && !ferror(h->out); i++)
        write_header(h, &stages, &headers->items[i]);
    html_list_end(h);
    stages_finish(&stages);
}
