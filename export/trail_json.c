#include <inttypes.h>

#include "export/trail_text.h"
#include "export/trail_words.h"
#include "sim/base/vtime.h"
#include "sim/trace/jsonl.h"

struct writer {
    const struct trail *trail;
    FILE *out;
    struct arena arena;
    struct bytes text;
    bool needs_comma;
};

/* ---- values ---- */

static void put_name(struct writer *w, const char *name)
{
    fprintf(w->out, "%s\"%s\":", w->needs_comma ? "," : "", name);
    w->needs_comma = true;
}

static void begin(struct writer *w, const char *name, char bracket)
{
    if (name)
        put_name(w, name);
    else if (w->needs_comma)
        fputc(',', w->out);
    fputc(bracket, w->out);
    w->needs_comma = false;
}

static void end(struct writer *w, char bracket)
{
    fputc(bracket, w->out);
    w->needs_comma = true;
}

/* Nothing at all for what is not there. */
static void put_text(struct writer *w, const char *name, struct slice value)
{
    if (value.size == 0)
        return;
    put_name(w, name);
    bytes_clear(&w->text);
    jsonl_text(value, &w->text);
    fprintf(w->out, "%.*s", SLICE_ARG(bytes_slice(&w->text)));
}

static void put_line(struct writer *w, const char *name, struct slice value, bool decodes)
{
    put_text(w, name, trail_words_line(value, decodes, &w->arena));
}

static void put_number(struct writer *w, const char *name, int64_t value)
{
    put_name(w, name);
    fprintf(w->out, "%" PRId64, value);
}

static void put_bool(struct writer *w, const char *name, bool value)
{
    put_name(w, name);
    fputs(value ? "true" : "false", w->out);
}

static void put_time(struct writer *w, int64_t unix_s, int zone_min)
{
    struct vtime_calendar c = vtime_calendar(unix_s, 0);
    put_number(w, "unix", unix_s);
    put_name(w, "utc");
    fprintf(w->out, "\"%04" PRId64 "-%02d-%02dT%02d:%02d:%02dZ\"", c.year, c.month, c.day, c.hour,
            c.minute, c.second);
    put_number(w, "zone_min", zone_min);
}

/* ---- hops ---- */

static const char *link_name(enum trail_link link)
{
    switch (link) {
    case TRAIL_LINK_TOP:
        return "top";
    case TRAIL_LINK_NAME:
        return "name";
    case TRAIL_LINK_DOMAIN:
        return "domain";
    case TRAIL_LINK_INSIDE:
        return "inside";
    case TRAIL_LINK_UNKNOWN:
        return "unknown";
    case TRAIL_LINK_NONE:
        return "none";
    }
    return "";
}

static void put_received(struct writer *w, const struct received *r)
{
    const struct {
        const char *name;
        struct slice value;
    } texts[] = {
        {"from", r->from},
        {"from_name", r->from_name},
        {"from_addr", r->from_addr},
        {"by", r->by},
        {"by_addr", r->by_addr},
        {"via", r->via},
        {"with", r->with},
        {"id", r->id},
        {"for", r->rcpt},
        {"envelope_from", r->envelope_from},
        {"product", r->product},
        {"tls_version", r->tls_version},
        {"tls_cipher", r->tls_cipher},
        {"user", r->user},
        {"comment", r->comment},
        {"unread", r->unread},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        put_line(w, texts[i].name, texts[i].value, false);
    if (r->has_date)
        put_time(w, r->unix_s, r->zone_min);
}

static void put_hop(struct writer *w, const struct trail_hop *hop)
{
    static const char *const readings[] = {"not", "partly", "whole"};
    static const char *const trusts[] = {"own", "fits", "loose"};
    begin(w, NULL, '{');
    put_number(w, "line", hop->number);
    put_text(w, "read", slice_of(readings[hop->reading]));
    put_text(w, "trust", slice_of(trusts[hop->trust]));
    put_text(w, "link", slice_of(link_name(hop->link)));
    put_received(w, &hop->received);
    if (hop->has_delay)
        put_number(w, "delay_s", hop->delay_s);
    put_bool(w, "tls", hop->is_tls);
    put_bool(w, "authenticated", hop->is_authenticated);
    put_bool(w, "loop", hop->is_loop);
    put_text(w, "field", hop->field);
    end(w, '}');
}

/* ---- checks ---- */

static void put_result(struct writer *w, const struct trail_result *result)
{
    struct slice rest = result->properties, name, value;
    begin(w, NULL, '{');
    put_line(w, "method", result->method, false);
    put_line(w, "result", result->result, false);
    put_line(w, "comment", result->comment, false);
    begin(w, "properties", '[');
    while (trail_next_property(&rest, &name, &value)) {
        begin(w, NULL, '{');
        put_line(w, "name", name, false);
        put_line(w, "value", value, false);
        end(w, '}');
    }
    end(w, ']');
    end(w, '}');
}

static void put_auths(struct writer *w)
{
    const struct trail *t = w->trail;
    begin(w, "authentication_results", '[');
    for (uint32_t i = 0; i < t->auth_count; i++) {
        const struct trail_auth *auth = &t->auths[i];
        begin(w, NULL, '{');
        put_line(w, "server", auth->server, false);
        if (auth->arc_instance)
            put_number(w, "arc", auth->arc_instance);
        put_bool(w, "own", auth->is_own);
        begin(w, "results", '[');
        for (uint32_t r = 0; r < auth->result_count; r++)
            put_result(w, &t->results[auth->first_result + r]);
        end(w, ']');
        end(w, '}');
    }
    end(w, ']');
}

static void put_arcs(struct writer *w)
{
    const struct trail *t = w->trail;
    begin(w, "arc", '[');
    for (uint32_t i = 0; i < t->arc_count; i++) {
        const struct trail_arc *arc = &t->arcs[i];
        begin(w, NULL, '{');
        put_number(w, "instance", arc->instance);
        put_bool(w, "whole", arc->has_results && arc->has_signature && arc->has_seal);
        put_line(w, "domain", arc->domain, false);
        put_line(w, "selector", arc->selector, false);
        put_line(w, "cv", arc->cv, false);
        end(w, '}');
    }
    end(w, ']');
}

static void put_signatures(struct writer *w)
{
    const struct trail *t = w->trail;
    begin(w, "dkim", '[');
    for (uint32_t i = 0; i < t->signature_count; i++) {
        const struct trail_signature *s = &t->signatures[i];
        begin(w, NULL, '{');
        put_line(w, "domain", s->domain, false);
        put_line(w, "selector", s->selector, false);
        put_line(w, "algorithm", s->algorithm, false);
        put_line(w, "identity", s->identity, false);
        put_line(w, "names", s->names, false);
        end(w, '}');
    }
    end(w, ']');
}

static void put_spfs(struct writer *w)
{
    const struct trail *t = w->trail;
    begin(w, "received_spf", '[');
    for (uint32_t i = 0; i < t->spf_count; i++) {
        const struct trail_spf *s = &t->spfs[i];
        begin(w, NULL, '{');
        put_line(w, "result", s->result, false);
        put_line(w, "comment", s->comment, false);
        put_line(w, "client_ip", s->client_ip, false);
        put_line(w, "envelope_from", s->envelope_from, false);
        put_line(w, "helo", s->helo, false);
        put_line(w, "receiver", s->receiver, false);
        put_bool(w, "own", s->is_own);
        end(w, '}');
    }
    end(w, ']');
}

/* ---- the rest ---- */

static void put_fields(struct writer *w)
{
    const struct trail *t = w->trail;
    begin(w, "fields", '[');
    for (uint32_t i = 0; i < t->field_count; i++) {
        const struct trail_field *f = &t->fields[i];
        begin(w, NULL, '{');
        put_text(w, "kind", slice_of(trail_kind_name(f->kind)));
        if (f->kind == TRAIL_DSN)
            put_number(w, "block", f->block);
        put_text(w, "name", f->name);
        put_line(w, "value", f->value, true);
        end(w, '}');
    }
    end(w, ']');
}

static void put_sentences(struct writer *w)
{
    static const char *const tones[] = {"plain", "good", "careful", "bad"};
    struct trail_sentence sentences[TRAIL_SENTENCES_MAX];
    size_t count = trail_words(w->trail, &w->arena, sentences);
    begin(w, "findings", '[');
    for (size_t i = 0; i < count; i++) {
        begin(w, NULL, '{');
        put_text(w, "topic", slice_of(sentences[i].topic));
        put_text(w, "tone", slice_of(tones[sentences[i].tone]));
        if (sentences[i].line)
            put_number(w, "line", sentences[i].line);
        put_text(w, "text", sentences[i].text);
        end(w, '}');
    }
    end(w, ']');
}

static void put_message(struct writer *w)
{
    const struct trail *t = w->trail;
    put_line(w, "subject", t->subject, true);
    put_line(w, "from", t->from, true);
    put_line(w, "to", t->to, true);
    put_line(w, "message_id", t->message_id, false);
    begin(w, "date", '{');
    put_line(w, "text", t->date, false);
    if (t->has_date)
        put_time(w, t->date_s, t->zone_min);
    end(w, '}');
    put_line(w, "own", t->own, false);
    put_number(w, "own_lines", t->own_count);
    put_number(w, "loose_lines", t->loose_count);
    put_number(w, "header_fields", t->total_fields);
    put_number(w, "odd_lines", t->odd_lines);
    put_number(w, "hops_left_out", t->hops_left_out);
    put_number(w, "fields_left_out", t->fields_left_out);
}

void trail_json_write(const struct trail *trail, FILE *out)
{
    struct writer w = {.trail = trail, .out = out};
    arena_init(&w.arena);
    bytes_init(&w.text, SIZE_MAX);
    begin(&w, NULL, '{');
    put_number(&w, "mailflow-headers", 1);
    put_message(&w);
    begin(&w, "hops", '[');
    for (uint32_t i = 0; i < trail->hop_count; i++)
        put_hop(&w, &trail->hops[i]);
    end(&w, ']');
    put_auths(&w);
    put_arcs(&w);
    put_signatures(&w);
    put_spfs(&w);
    put_fields(&w);
    put_sentences(&w);
    end(&w, '}');
    fputc('\n', out);
    bytes_finish(&w.text);
    arena_finish(&w.arena);
}
