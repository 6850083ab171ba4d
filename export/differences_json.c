/* Two runs compared, as one JSON object: docs/exports.md says what is in it. */
#include <inttypes.h>

#include "export/differences.h"
#include "export/fate.h"
#include "export/phrase.h"
#include "sim/base/check.h"
#include "sim/trace/jsonl.h"

struct writer {
    const struct parting *parting;
    FILE *out;
    struct bytes line, words;
};

static const char *const letters[PARTING_RUNS] = {"a", "b"};

static void put_text(struct writer *w, struct slice text)
{
    bytes_clear(&w->line);
    jsonl_text(text, &w->line);
    fprintf(w->out, "%.*s", SLICE_ARG(bytes_slice(&w->line)));
}

/* The event as it stands in the trace, and in words. */
static void put_event(struct writer *w, int run, uint32_t id)
{
    const struct log *log = w->parting->logs[run];
    if (id == PARTING_NONE) {
        fprintf(w->out, "null");
        return;
    }
    bytes_clear(&w->words);
    phrase_event(log, log_at(log, id), 0, &w->words);
    bytes_clear(&w->line);
    jsonl_event(log, id, &w->line);
    struct slice event = bytes_slice(&w->line);
    fprintf(w->out, "{\"both\":%s,\"event\":%.*s,\"words\":",
            parting_has_both(w->parting, run, id) ? "true" : "false", SLICE_ARG(slice_trim(event)));
    put_text(w, bytes_slice(&w->words));
    fputc('}', w->out);
}

static void put_runs(struct writer *w, const char *const names[PARTING_RUNS])
{
    for (int run = 0; run < PARTING_RUNS; run++) {
        const struct log *log = w->parting->logs[run];
        fprintf(w->out, ",\"%s\":{\"file\":", letters[run]);
        put_text(w, slice_of(names[run]));
        fprintf(w->out, ",\"events\":%" PRIu32 ",\"end\":%" PRId64 ",\"run\":", log_count(log),
                log_end(log));
        put_event(w, run, log_count(log) ? 0 : PARTING_NONE);
        fputc('}', w->out);
    }
}

static void put_network(struct writer *w)
{
    const struct parting *p = w->parting;
    fprintf(w->out, ",\"network\":{");
    for (int run = 0; run < PARTING_RUNS; run++) {
        bool is_first = true;
        fprintf(w->out, "%s\"only_%s\":[", run ? "," : "", letters[run]);
        for (uint32_t id = 0; id < p->declared[run]; id++) {
            if (parting_has_both(p, run, id))
                continue;
            fprintf(w->out, "%s", is_first ? "" : ",");
            put_event(w, run, id);
            is_first = false;
        }
        fputc(']', w->out);
    }
    struct slice lines[PARTING_RUNS];
    size_t number = differences_file(p, lines);
    if (number) {
        fprintf(w->out, ",\"line\":%zu,\"line_a\":", number);
        put_text(w, lines[0]);
        fprintf(w->out, ",\"line_b\":");
        put_text(w, lines[1]);
    }
    fputc('}', w->out);
}

static void put_chain(struct writer *w, int run)
{
    struct differences_chain chain;
    differences_chain(w->parting, run, &chain);
    fprintf(w->out, ",\"chain_%s\":[", letters[run]);
    for (size_t i = 0; i < chain.ids.count; i++) {
        fprintf(w->out, "%s", i ? "," : "");
        put_event(w, run, chain.ids.items[i]);
    }
    fputc(']', w->out);
    vector_finish(&chain.ids);
}

static void put_parting(struct writer *w)
{
    const struct parting *p = w->parting;
    fprintf(w->out, ",\"same_events\":%" PRIu32 ",\"same_until\":%" PRId64 ",\"parting\":", p->same,
            p->same_t);
    if (!p->is_parted) {
        fprintf(w->out, "null");
        return;
    }
    fprintf(w->out, "{\"t\":%" PRId64, p->t);
    for (int run = 0; run < PARTING_RUNS; run++) {
        fprintf(w->out, ",\"%s\":", letters[run]);
        put_event(w, run, p->first[run]);
    }
    for (int run = 0; run < PARTING_RUNS; run++)
        if (p->first[run] != PARTING_NONE)
            put_chain(w, run);
    fputc('}', w->out);
}

static void put_fate(struct writer *w, const struct differences_fate *row, int run)
{
    const struct log *log = w->parting->logs[run];
    const struct fate *fate = row->fate[run];
    fprintf(w->out, ",\"%s\":", letters[run]);
    if (!row->msg[run]) {
        fprintf(w->out, "null");
        return;
    }
    fprintf(w->out, "{\"msg\":%" PRIu32, row->msg[run]);
    if (fate) {
        bytes_clear(&w->words);
        fate_words(log, fate, 0, &w->words);
        fprintf(w->out, ",\"t\":%" PRId64 ",\"words\":", log_at(log, fate->event)->t);
        put_text(w, bytes_slice(&w->words));
    }
    uint32_t cause = differences_cause(w->parting, row, run);
    if (row->kind == DIFFERENCES_OTHER && cause != PARTING_NONE) {
        fprintf(w->out, ",\"since\":");
        put_event(w, run, cause);
    }
    fputc('}', w->out);
}

static void put_fates(struct writer *w)
{
    static const char *const kinds[] = {"same", "time", "other"};
    struct differences_fates f;
    differences_fates(w->parting, &f);
    fprintf(w->out, ",\"messages\":[");
    for (size_t i = 0; i < f.rows.count; i++) {
        const struct differences_fate *row = &f.rows.items[i];
        int run = row->msg[0] ? 0 : 1;
        const struct log *log = w->parting->logs[run];
        fprintf(w->out, "%s{\"differs\":\"%s\",\"subject\":", i ? "," : "", kinds[row->kind]);
        put_text(w, log_text(log, log_msg(log, row->msg[run])->subject));
        fprintf(w->out, ",\"to\":");
        put_text(w, row->rcpt);
        for (run = 0; run < PARTING_RUNS; run++)
            put_fate(w, row, run);
        fputc('}', w->out);
    }
    fputc(']', w->out);
    differences_fates_finish(&f);
}

void differences_write_json(const struct parting *parting, const char *const names[PARTING_RUNS],
                            FILE *out)
{
    struct writer w = {.parting = parting, .out = out};
    bytes_init(&w.line, SIZE_MAX);
    bytes_init(&w.words, SIZE_MAX);
    fprintf(out, "{\"mailflow-diff\":1,\"same\":%s", parting_is_same(parting) ? "true" : "false");
    put_runs(&w, names);
    put_network(&w);
    put_parting(&w);
    put_fates(&w);
    fprintf(out, "}\n");
    bytes_finish(&w.line);
    bytes_finish(&w.words);
}
