/* Traces that were saved long ago load for ever: tests/golden/trace-1*.jsonl are never made anew.
 */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/trace/jsonl.h"

#define GOLDEN SOURCE_DIR "/tests/golden/"

static void load(struct log *log, const char *name)
{
    struct problem problem = {0};
    char line[PROBLEM_LINE];
    cr_assert(jsonl_load(log, name, &problem), "%s", problem_line(&problem, line));
}

static const struct event *find(const struct log *log, enum event_kind kind)
{
    for (uint32_t id = 0; id < log_count(log); id++)
        if (log_at(log, id)->kind == kind)
            return log_at(log, id);
    cr_assert(false, "no %s in the file", event_kinds[kind].name);
    return NULL;
}

Test(jsonl_old, every_kind_of_version_1_loads_with_every_field)
{
    enum { EVENTS = 78 };
    struct log log;
    load(&log, GOLDEN "trace-1.jsonl");
    cr_assert_eq(log_count(&log), EVENTS);
    const struct event_host *host = event_as_host(find(&log, EVENT_HOST));
    cr_expect(slice_equal(log_text(&log, host->name), SLICE("pc.example.com")));
    cr_expect_eq(host->x, EVENT_UNSET);
    cr_expect_eq(host->y, 1000);
    const struct event *segment = find(&log, EVENT_TCP_SEGMENT);
    cr_expect_eq(segment->flags,
                 EVENT_SEGMENT_PSH | EVENT_SEGMENT_ACK | EVENT_SEGMENT_BACK | EVENT_SEGMENT_AGAIN);
    cr_expect_eq(event_as_tcp_segment(segment)->seq, UINT32_MAX);
    const struct event_message *message = event_as_message(find(&log, EVENT_MESSAGE));
    cr_expect(slice_equal(log_text(&log, message->content), SLICE("\0\xff")));
    const struct event_fault *fault = event_as_fault(find(&log, EVENT_FAULT));
    cr_expect(slice_equal(log_text(&log, fault->args), SLICE("a args: Gr\xc3\xbc\xc3\x9f"
                                                             "e, {\"x\"}\r\n")));
    log_finish(&log);
}

/* docs/trace-format.md, "Versions": what a field that was added later says of a line without it. */
Test(jsonl_old, a_line_from_before_a_field_was_added_says_nothing_of_it)
{
    struct log log;
    load(&log, GOLDEN "trace-1-older.jsonl");
    cr_expect_eq(log_count(&log), 78);
    cr_expect_eq(event_as_fault(find(&log, EVENT_FAULT))->args, 0);
    cr_expect_eq(event_as_conf(find(&log, EVENT_CONF))->link, 0);
    cr_expect_eq(event_as_remove(find(&log, EVENT_REMOVE))->at, 0);
    cr_expect_eq(event_as_tamper(find(&log, EVENT_TAMPER))->onto, 0);
    cr_expect_neq(event_as_tamper(find(&log, EVENT_TAMPER))->conn, 0);
    log_finish(&log);
}

/* A run as a whole; what was saved then is saved so today, octet for octet. */
Test(jsonl_old, a_run_of_then_is_saved_as_it_was)
{
    struct log log;
    size_t saved_size, size;
    char *saved;
    load(&log, GOLDEN "trace-1-run.jsonl");
    FILE *out = open_memstream(&saved, &saved_size);
    jsonl_write(&log, out);
    fclose(out);
    FILE *in = fopen(GOLDEN "trace-1-run.jsonl", "rb");
    char *file = malloc(saved_size + 2);
    size = fread(file, 1, saved_size + 1, in);
    fclose(in);
    cr_expect_eq(size, saved_size);
    cr_expect(size == saved_size && memcmp(file, saved, size) == 0);
    free(file);
    free(saved);
    log_finish(&log);
}

#define FIRST "{\"mailflow-trace\":1}\n"
#define RUN(program)                                                                               \
    "{\"e\":0,\"t\":0,\"kind\":\"run\",\"title\":\"\",\"seed\":\"\",\"epoch_s\":0,\"program\":"    \
    "\"" program "\"}\n"

Test(jsonl_old, what_a_newer_program_wrote_is_refused_with_its_name)
{
    static const struct {
        const char *file, *what;
    } rows[] = {
        {"{\"mailflow-trace\":2}\n", "a trace of format version 2, by a newer program; this one "
                                     "reads version 1"},
        {"{\"mailflow-trace\":0}\n", "not a trace: expected {\"mailflow-trace\":1} first"},
        {FIRST RUN(
             "mailflow 9.1") "{\"e\":1,\"t\":0,\"cause\":0,\"kind\":\"pigeon\",\"at\":\"\"}\n",
         "unknown kind \"pigeon\"; the trace was written by mailflow 9.1, and this is "
         "mailflow " MAILFLOW_VERSION},
        {FIRST RUN("mailflow " MAILFLOW_VERSION) "{\"e\":1,\"t\":0,\"cause\":0,\"kind\":\"pigeon\","
                                                 "\"at\":\"\"}\n",
         "unknown kind \"pigeon\""},
        {FIRST RUN("mailflow 9.1") "{\"e\":1,\"t\":0,\"cause\":0,\"kind\":\"crash\",\"at\":\"\","
                                   "\"why\":\"\"}\n",
         "\"why\" of crash: there is no such field; the trace was written by mailflow 9.1, and "
         "this is mailflow " MAILFLOW_VERSION},
        {FIRST RUN("") "{\"e\":1,\"t\":0,\"cause\":0,\"kind\":\"input\"}\n",
         "\"text\" of input: expected it to be there"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct problem problem = {0};
        struct log log;
        FILE *in = fmemopen((void *)(uintptr_t)rows[i].file, strlen(rows[i].file), "r");
        cr_expect(!jsonl_read(&log, in, "t.jsonl", &problem), "row %zu", i);
        cr_expect_str_eq(problem.what, rows[i].what, "row %zu", i);
        fclose(in);
    }
}
