#include "export/trail_text.h"

#include <inttypes.h>

#include "agents/mail/date.h"
#include "export/canvas.h"
#include "export/printable.h"
#include "export/trail_words.h"

enum { INDENT = 2, INNER = 6, BAR_MOST = 24, RAW_SHOWN = 1200 };

struct writer {
    const struct trail *trail;
    FILE *out;
    struct arena arena;
    struct canvas canvas;
    struct bytes safe;
    size_t width;
    unsigned flags;
    bool is_ascii;
    int64_t longest_s;
};

/* ---- lines ---- */

/* Gives the column behind it. */
static size_t put(struct writer *w, size_t x, struct slice text, enum canvas_style style)
{
    if (x >= w->width)
        return x;
    bytes_clear(&w->safe);
    printable_append(&w->safe, text, w->width - x, w->flags);
    return canvas_text(&w->canvas, x, bytes_slice(&w->safe), style);
}

static void end_line(struct writer *w)
{
    canvas_print(&w->canvas, w->out);
    canvas_clear(&w->canvas);
}

/* The line that goes down beside what is said of a step. */
static void put_rail(struct writer *w)
{
    canvas_put(&w->canvas, INDENT, w->is_ascii ? '|' : 0x2502, CANVAS_DIM);
}

/* Columns of a word that is safe already. */
static size_t columns_of(struct slice word)
{
    size_t columns = 0;
    for (size_t i = 0; i < word.size; i++)
        columns += (word.data[i] & 0xC0) != 0x80;
    return columns;
}

/* Words from column x on, each line but the first from there too; with a rail beside them. */
static void put_wrapped(struct writer *w, size_t x, struct slice text, enum canvas_style style,
                        bool has_rail)
{
    struct bytes safe;
    bytes_init(&safe, SIZE_MAX);
    printable_append(&safe, text, PRINTABLE_ALL, w->flags);
    struct slice rest = bytes_slice(&safe), word;
    size_t at = x;
    while (slice_cut(&rest, ' ', &word)) {
        size_t columns = columns_of(word);
        if (at > x && at + columns > w->width) {
            end_line(w);
            at = x;
        }
        while (columns_of(word) > w->width - x) { /* no line can hold it */
            size_t part = w->width - x;
            while (part < word.size && (word.data[part] & 0xC0) == 0x80)
                part++;
            if (has_rail)
                put_rail(w);
            canvas_text(&w->canvas, x, slice_part(word, 0, part), style);
            end_line(w);
            word = slice_part(word, part, word.size);
        }
        if (has_rail && at == x)
            put_rail(w);
        at = canvas_text(&w->canvas, at, word, style) + 1;
    }
    end_line(w);
    bytes_finish(&safe);
}

static void put_head(struct writer *w, struct slice text)
{
    end_line(w);
    put_wrapped(w, 0, text, CANVAS_STRONG, false);
}

/* ---- the message ---- */

static struct slice utc_of(struct writer *w, int64_t unix_s)
{
    char text[DATE_TEXT];
    struct slice date = date_write(unix_s, 0, text);
    date = slice_part(date, 0, date.size - 6); /* without "+0000" */
    return arena_printf(&w->arena, "%.*s UTC", SLICE_ARG(date));
}

/* In the zone in which it was written, and in UTC when that is another. */
static struct slice date_of(struct writer *w, int64_t unix_s, int zone_min)
{
    char text[DATE_TEXT];
    struct slice date = date_write(unix_s, zone_min, text);
    if (zone_min == 0)
        return utc_of(w, unix_s);
    return arena_printf(&w->arena, "%.*s = %.*s", SLICE_ARG(date), SLICE_ARG(utc_of(w, unix_s)));
}

static void put_row(struct writer *w, const char *name, struct slice value)
{
    enum { COLUMN = 14 };
    if (value.size == 0)
        return;
    put(w, INDENT, slice_of(name), CANVAS_DIM);
    put_wrapped(w, COLUMN, value, CANVAS_PLAIN, false);
}

static void put_message(struct writer *w)
{
    const struct trail *t = w->trail;
    struct slice subject = trail_words_line(t->subject, true, &w->arena);
    put_wrapped(w, 0, subject.size ? subject : SLICE("(no subject)"), CANVAS_STRONG, false);
    put_row(w, "From", trail_words_line(t->from, true, &w->arena));
    put_row(w, "To", trail_words_line(t->to, true, &w->arena));
    struct slice date = trail_words_line(t->date, false, &w->arena);
    put_row(w, "Date", t->has_date ? date_of(w, t->date_s, t->zone_min) : date);
    put_row(w, "Message-ID", trail_words_line(t->message_id, false, &w->arena));
}

/* ---- a step ---- */

static enum canvas_style style_of(enum trail_trust trust)
{
    switch (trust) {
    case TRAIL_OWN:
        return CANVAS_GOOD;
    case TRAIL_FITS:
        return CANVAS_PLAIN;
    case TRAIL_LOOSE:
        return CANVAS_WAITING;
    }
    return CANVAS_PLAIN;
}

static void put_node(struct writer *w, struct slice name, struct slice more,
                     enum canvas_style style, bool is_server)
{
    uint32_t sign = w->is_ascii ? (is_server ? '*' : 'o') : is_server ? 0x25CF : 0x25CB;
    canvas_put(&w->canvas, INDENT, sign, style);
    size_t x = put(w, INDENT + 2, name, CANVAS_STRONG);
    put(w, more.size ? x + 1 : x, more, CANVAS_PLAIN);
    end_line(w);
}

static struct slice from_of(struct writer *w, const struct trail_hop *hop)
{
    const struct received *r = &hop->received;
    struct slice name = trail_words_from(hop, &w->arena);
    struct slice helo = trail_words_line(r->from, false, &w->arena);
    struct slice addr = trail_words_line(r->from_addr, false, &w->arena);
    bool is_literal =
        helo.size && helo.data[0] == '[' && addr.size && slice_find(helo, addr, 0) != SLICE_NONE;
    bool has_helo = helo.size && !is_literal && !slice_equal_fold(helo, name);
    return arena_printf(&w->arena, "%.*s%s%.*s%s%s%.*s", SLICE_ARG(name), addr.size ? " [" : "",
                        SLICE_ARG(addr), addr.size ? "]" : "",
                        has_helo ? ", which calls itself " : "",
                        SLICE_ARG(has_helo ? helo : SLICE("")));
}

static void put_words(struct writer *w, struct slice words, enum canvas_style style)
{
    if (words.size == 0)
        return;
    put_rail(w);
    put_wrapped(w, INNER, words, style, true);
}

/* "ESMTPSA, TLSv1.3 TLS_AES_256_GCM_SHA384, signed in as alice" */
static void put_protocol(struct writer *w, const struct trail_hop *hop)
{
    const struct received *r = &hop->received;
    struct slice words = trail_words_line(r->with.size ? r->with : r->via, false, &w->arena);
    if (r->tls_version.size || r->tls_cipher.size)
        words =
            arena_printf(&w->arena, "%.*s%s%.*s%s%.*s", SLICE_ARG(words), words.size ? ", " : "",
                         SLICE_ARG(trail_words_line(r->tls_version, false, &w->arena)),
                         r->tls_version.size && r->tls_cipher.size ? " " : "",
                         SLICE_ARG(trail_words_line(r->tls_cipher, false, &w->arena)));
    else if (hop->is_tls)
        words = arena_printf(&w->arena, "%.*s%sTLS", SLICE_ARG(words), words.size ? ", " : "");
    if (hop->is_authenticated)
        words = arena_printf(&w->arena, "%.*s%ssigned in%s%.*s", SLICE_ARG(words),
                             words.size ? ", " : "", r->user.size ? " as " : "",
                             SLICE_ARG(trail_words_line(r->user, false, &w->arena)));
    put_words(w, words, CANVAS_PLAIN);
}

static void put_names(struct writer *w, const struct trail_hop *hop)
{
    const struct received *r = &hop->received;
    const struct {
        const char *what;
        struct slice value;
    } names[] = {{"id ", r->id}, {"for ", r->rcpt}, {"envelope from ", r->envelope_from}};
    struct slice words = SLICE("");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].value.size)
            words = arena_printf(&w->arena, "%.*s%s%s%.*s", SLICE_ARG(words),
                                 words.size ? ", " : "", names[i].what,
                                 SLICE_ARG(trail_words_line(names[i].value, false, &w->arena)));
    put_words(w, words, CANVAS_DIM);
}

/* The bar is as long as the step was, against the longest one. */
static void put_delay(struct writer *w, const struct trail_hop *hop)
{
    if (!hop->has_delay)
        return;
    bool is_back = hop->delay_s < 0;
    struct slice span = trail_words_span(hop->delay_s, &w->arena);
    size_t bar = hop->delay_s > 0 && w->longest_s > 0
                     ? 1 + (size_t)((double)hop->delay_s / (double)w->longest_s * (BAR_MOST - 1))
                     : 0;
    enum canvas_style style = is_back               ? CANVAS_BAD
                              : hop->delay_s >= 300 ? CANVAS_WAITING
                                                    : CANVAS_PLAIN;
    put_rail(w);
    size_t x = put(w, INNER,
                   arena_printf(&w->arena, "%s%.*s%s", is_back ? "-" : "+", SLICE_ARG(span),
                                is_back ? "  the clocks differ" : ""),
                   style);
    for (size_t i = 0; i < bar; i++)
        canvas_put(&w->canvas, x + 1 + i, w->is_ascii ? '=' : 0x2586, style);
    end_line(w);
}

static void put_raw(struct writer *w, const struct trail_hop *hop)
{
    struct slice raw = trail_words_line(hop->field, false, &w->arena);
    put_words(w, SLICE("not understood:"), CANVAS_BAD);
    put_words(w, slice_part(raw, 0, RAW_SHOWN), CANVAS_PLAIN);
}

static void put_break(struct writer *w)
{
    canvas_put(&w->canvas, INDENT, w->is_ascii ? 'X' : 0x2573, CANVAS_BAD);
    put(w, INNER, SLICE("here the lines do not meet: what is above may be made up"), CANVAS_BAD);
    end_line(w);
}

/* Who hands it on, where that is not the host that is drawn already. */
static void put_from(struct writer *w, uint32_t i)
{
    const struct trail_hop *hop = &w->trail->hops[i];
    struct slice from = from_of(w, hop);
    if (i > 0 && hop[-1].link == TRAIL_LINK_NONE)
        put_break(w);
    if (i == 0 || hop[-1].link == TRAIL_LINK_NONE) {
        bool has_from = from.size > 0;
        put_node(w, has_from ? from : SLICE("(it is not said from where)"), SLICE(""), CANVAS_PLAIN,
                 false);
    } else if (from.size > 0) {
        put_words(w, arena_printf(&w->arena, "handed on by %.*s", SLICE_ARG(from)), CANVAS_DIM);
    }
}

static void put_hop(struct writer *w, uint32_t i)
{
    const struct trail_hop *hop = &w->trail->hops[i];
    const struct received *r = &hop->received;
    bool is_note = r->by.size == 0 && r->from.size == 0;
    put_from(w, i);
    put_words(w,
              arena_printf(&w->arena, "line %" PRIu32 ", %s%s", hop->number,
                           trail_words_trust(hop->trust),
                           hop->reading == TRAIL_PARTLY ? ", understood in part" : ""),
              style_of(hop->trust));
    if (hop->reading == TRAIL_NOT_READ)
        put_raw(w, hop);
    put_protocol(w, hop);
    put_names(w, hop);
    if (r->unread.size && hop->reading != TRAIL_NOT_READ)
        put_words(w,
                  arena_printf(&w->arena, "not understood: %.*s",
                               SLICE_ARG(trail_words_line(r->unread, false, &w->arena))),
                  CANVAS_WAITING);
    if (r->has_date)
        put_words(w, date_of(w, r->unix_s, r->zone_min), CANVAS_PLAIN);
    put_delay(w, hop);
    canvas_put(&w->canvas, INDENT, w->is_ascii ? 'v' : 0x25BC, CANVAS_DIM);
    end_line(w);
    struct slice by = trail_words_by(hop, &w->arena);
    struct slice product = trail_words_line(is_note ? r->comment : r->product, false, &w->arena);
    if (product.size)
        product = arena_printf(&w->arena, "(%.*s)", SLICE_ARG(product));
    if (by.size == 0 && product.size == 0)
        by = SLICE("(a host that does not say its name)");
    put_node(w, by.size ? by : product, by.size ? product : SLICE(""), style_of(hop->trust), true);
}

static void put_way(struct writer *w)
{
    const struct trail *t = w->trail;
    for (uint32_t i = 0; i < t->hop_count; i++)
        if (t->hops[i].has_delay && t->hops[i].delay_s > w->longest_s)
            w->longest_s = t->hops[i].delay_s;
    if (t->hop_count == 0)
        return;
    put_head(w, arena_printf(&w->arena, "The way of the message, oldest first: %" PRIu32 " %s",
                             t->hop_count, t->hop_count == 1 ? "Received line" : "Received lines"));
    end_line(w);
    for (uint32_t i = 0; i < t->hop_count; i++)
        put_hop(w, i);
}

/* ---- sentences and fields ---- */

static void put_sentences(struct writer *w)
{
    static const enum canvas_style styles[] = {
        [TRAIL_TONE_PLAIN] = CANVAS_PLAIN,
        [TRAIL_TONE_GOOD] = CANVAS_GOOD,
        [TRAIL_TONE_CAREFUL] = CANVAS_WAITING,
        [TRAIL_TONE_BAD] = CANVAS_BAD,
    };
    static const char signs[] = {'-', '+', '!', '!'};
    struct trail_sentence sentences[TRAIL_SENTENCES_MAX];
    size_t count = trail_words(w->trail, &w->arena, sentences);
    if (count > 0)
        put_head(w, SLICE("What this says"));
    for (size_t i = 0; i < count; i++) {
        const struct trail_sentence *s = &sentences[i];
        canvas_put(&w->canvas, INDENT, (unsigned char)signs[s->tone], styles[s->tone]);
        put_wrapped(w, INDENT + 2, s->text, CANVAS_PLAIN, false);
    }
}

static void put_auth(struct writer *w, const struct trail_auth *auth)
{
    struct slice who = trail_words_line(auth->server, false, &w->arena);
    if (auth->arc_instance)
        who = arena_printf(&w->arena, "ARC %u, %.*s", auth->arc_instance, SLICE_ARG(who));
    put_wrapped(w, INDENT,
                arena_printf(&w->arena, "%.*s (%s)", SLICE_ARG(who.size ? who : SLICE("no name")),
                             auth->is_own ? "own" : "not the own side"),
                auth->is_own ? CANVAS_GOOD : CANVAS_DIM, false);
    for (uint32_t i = 0; i < auth->result_count; i++) {
        const struct trail_result *r = &w->trail->results[auth->first_result + i];
        struct slice words = trail_words_line(r->properties, false, &w->arena);
        words = arena_printf(
            &w->arena, "%.*s %.*s  %.*s", SLICE_ARG(trail_words_line(r->method, false, &w->arena)),
            SLICE_ARG(trail_words_line(r->result, false, &w->arena)), SLICE_ARG(words));
        put_wrapped(w, INDENT + 2, words, CANVAS_PLAIN, false);
    }
}

static void put_checks(struct writer *w)
{
    const struct trail *t = w->trail;
    if (t->auth_count + t->spf_count + t->signature_count == 0)
        return;
    put_head(w, SLICE("What was checked, and signed"));
    for (uint32_t i = 0; i < t->auth_count; i++)
        put_auth(w, &t->auths[i]);
    for (uint32_t i = 0; i < t->spf_count; i++)
        put_wrapped(w, INDENT,
                    arena_printf(&w->arena, "Received-SPF: %.*s %.*s",
                                 SLICE_ARG(trail_words_line(t->spfs[i].result, false, &w->arena)),
                                 SLICE_ARG(trail_words_line(t->spfs[i].comment, false, &w->arena))),
                    CANVAS_PLAIN, false);
    for (uint32_t i = 0; i < t->signature_count; i++)
        put_wrapped(
            w, INDENT,
            arena_printf(&w->arena, "DKIM signature of %.*s, key %.*s, %.*s",
                         SLICE_ARG(trail_words_line(t->signatures[i].domain, false, &w->arena)),
                         SLICE_ARG(trail_words_line(t->signatures[i].selector, false, &w->arena)),
                         SLICE_ARG(trail_words_line(t->signatures[i].algorithm, false, &w->arena))),
            CANVAS_PLAIN, false);
}

static void put_fields(struct writer *w)
{
    const struct trail *t = w->trail;
    if (t->field_count > 0)
        put_head(w, SLICE("Other fields of the way"));
    for (uint32_t i = 0; i < t->field_count; i++) {
        const struct trail_field *f = &t->fields[i];
        struct slice value = trail_words_line(f->value, true, &w->arena);
        put_wrapped(w, INDENT,
                    arena_printf(&w->arena, "%.*s: %.*s", SLICE_ARG(f->name), SLICE_ARG(value)),
                    CANVAS_PLAIN, false);
    }
}

void trail_text_write(const struct trail *trail, FILE *out, const struct export_options *options)
{
    struct writer w = {.trail = trail, .out = out, .is_ascii = options->is_ascii};
    w.width = options->width ? options->width : EXPORT_WIDTH_DEFAULT;
    w.flags = options->is_ascii ? PRINTABLE_ASCII : 0;
    arena_init(&w.arena);
    bytes_init(&w.safe, SIZE_MAX);
    canvas_init(&w.canvas, w.width, options->has_colour);
    canvas_clear(&w.canvas);
    put_message(&w);
    put_way(&w);
    put_sentences(&w);
    put_checks(&w);
    put_fields(&w);
    canvas_finish(&w.canvas);
    bytes_finish(&w.safe);
    arena_finish(&w.arena);
}
