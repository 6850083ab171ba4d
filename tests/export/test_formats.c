/* The formats besides the ladder: what they say, and that hostile content stays content. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/trace/jsonl.h"
#include "support_log.h"

static char *write_of(support_writer *write, const struct export_options *options)
{
    struct log log;
    size_t size;
    support_log_make(&log);
    char *text = support_write(write, &log, options, &size);
    log_finish(&log);
    return text;
}

static void expect_golden(const char *golden, support_writer *write)
{
    char *text = write_of(write, &(struct export_options){.width = 80});
    cr_assert(text);
    support_expect_golden(golden, text, strlen(text));
    free(text);
}

Test(formats, dialogue_events_summary_and_csv_look_as_they_did)
{
    expect_golden("dialogue.txt", dialogue_write);
    expect_golden("events.txt", events_write);
    expect_golden("summary.txt", summary_write);
    expect_golden("events.csv", csv_write);
}

Test(formats, no_format_for_people_lets_control_characters_through)
{
    static support_writer *const writers[] = {dialogue_write, events_write, summary_write};
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
        char *text = write_of(writers[i], &(struct export_options){.is_ascii = true});
        for (const char *c = text; *c; c++)
            cr_assert(*c == '\n' || (*c >= ' ' && *c <= '~'), "writer %zu, octet %02x", i,
                      (unsigned char)*c);
        free(text);
    }
}

Test(formats, a_message_is_its_delivered_octets)
{
    char *text = write_of(eml_write, &(struct export_options){.message = 1});
    cr_assert_str_eq(text, "Received: from out by mx with ESMTP id X1\r\n"
                           "From: <alice@example.com>\r\nSubject: Hello\r\n\r\n"
                           "Dear Bob,\r\n\r\n=1+1\r\n");
    free(text);
    text = write_of(eml_write, &(struct export_options){0});
    cr_assert(text, "without a number the last delivered copy is meant");
    free(text);
    cr_assert_null(write_of(eml_write, &(struct export_options){.message = 2}));
}

/* RFC 4180 2: a quote inside a quoted field is written twice, and line breaks may stand in it. */
Test(formats, a_table_quotes_and_never_computes)
{
    static const struct {
        const char *rcpt, *cell;
    } rows[] = {
        {"a,b", "\"a,b\""},      {"say \"hi\"", "\"say \"\"hi\"\"\""},
        {"=1+1", "\"'=1+1\""},   {"+49", "\"'+49\""},
        {"-1", "\"'-1\""},       {"@SUM(A1)", "\"'@SUM(A1)\""},
        {"a\nb", "\"a\\x0ab\""}, {"", "\"\""},
        {"\"=1", "\"\"\"=1\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct log log;
        size_t size;
        support_log_make(&log);
        log_add(&log, log_end(&log), 0, EVENT_DISCARD, 0,
                &(struct event_discard){1, 1, support_text(&log, rows[i].rcpt), 0});
        char *text = support_write(csv_write, &log, &(struct export_options){0}, &size), column[64];
        snprintf(column, sizeof column, ",1,%s,\"pc-alice drops", rows[i].cell);
        cr_expect(strstr(text, column), "row %zu: no %s in ...%s", i, column, text + size - 200);
        free(text);
        log_finish(&log);
    }
}

Test(formats, a_waiting_a_bounced_and_a_refused_message_are_told_apart)
{
    struct log log;
    size_t size;
    support_log_make(&log);
    int64_t t = log_end(&log);
    uint32_t rcpt = support_text(&log, "carol@example.net"),
             other = support_text(&log, "x@example.net");
    uint32_t third = support_text(&log, "y@example.net"),
             reason = support_text(&log, "no such user");
    log_add(&log, t, 0, EVENT_MESSAGE, 0, &(struct event_message){6, 2, rcpt, rcpt, 0, 0});
    log_add(&log, t, 0, EVENT_QUEUE_ADD, 0, &(struct event_queue_add){7, 2, 1, 0, rcpt, 0});
    log_add(&log, t, 0, EVENT_QUEUE_DEFER, 0,
            &(struct event_queue_defer){7, 2, 3, 7200, rcpt, reason});
    log_add(&log, t, 0, EVENT_REJECT, 0, &(struct event_reject){7, 2, 550, 0, other, reason});
    log_add(&log, t, 0, EVENT_QUEUE_ADD, 0, &(struct event_queue_add){7, 2, 1, 0, third, 0});
    log_add(&log, t, 0, EVENT_QUEUE_GIVEUP, 0,
            &(struct event_queue_giveup){7, 2, 1, 0, third, reason});
    log_add(&log, t, 0, EVENT_MESSAGE, 0, &(struct event_message){7, 3, 0, rcpt, 0, 0});
    log_add(&log, t, 0, EVENT_DSN, 0,
            &(struct event_dsn){7, 2, 3, rcpt, support_text(&log, "failed"),
                                support_text(&log, "5.1.1")});
    char *text = support_write(summary_write, &log, &(struct export_options){0}, &size);
    cr_expect(
        strstr(text,
               "to carol@example.net: waits in a queue at mta-out after attempt 3: no such user, "
               "next at 11:31:30.520"),
        "%s", text);
    cr_expect(strstr(text, "to x@example.net: refused by mta-out: 550 no such user"), "%s", text);
    cr_expect(
        strstr(text,
               "to y@example.net: bounced with notice 3 (message 3), given up by mta-out after "
               "attempt 1: no such user"),
        "%s", text);
    cr_expect(strstr(text,
                     "delivered into bob@example.org/INBOX at 09:30:00.460, after 30min0.46s; "
                     "1 Received field; fetched by mua-bob (POP3) at 09:31:30.520"),
              "%s", text);
    free(text);
    log_finish(&log);
}

Test(formats, an_empty_trace_is_written_too)
{
    static support_writer *const writers[] = {ladder_write, dialogue_write, events_write,
                                              summary_write, csv_write};
    struct log log;
    log_init(&log);
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
        size_t size;
        char *text = support_write(writers[i], &log, &(struct export_options){0}, &size);
        cr_expect(text);
        free(text);
    }
    log_finish(&log);
}

Test(formats, the_secrets_of_tls_are_lines_for_a_packet_analyser)
{
    static const char *const lines[] = {"CLIENT_RANDOM 0011 2233", "EXPORTER_SECRET 4455 6677"};
    struct log log;
    size_t size;
    support_log_make(&log);
    cr_assert_null(support_write(keys_write, &log, &(struct export_options){0}, &size));
    for (size_t i = 0; i < 2; i++)
        log_add(&log, log_end(&log), 0, EVENT_TLS_KEY, 0,
                &(struct event_tls_key){.conn = 1, .line = support_text(&log, lines[i])});
    char *text = support_write(keys_write, &log, &(struct export_options){0}, &size);
    cr_expect_str_eq(text, "CLIENT_RANDOM 0011 2233\nEXPORTER_SECRET 4455 6677\n");
    free(text);
    log_finish(&log);
}

Test(formats, the_ending_chooses_and_an_unknown_one_lists_the_known)
{
    struct log log, again;
    struct problem problem = {0};
    char folder[] = "/tmp/export.XXXXXX", path[64];
    cr_assert(mkdtemp(folder));
    support_log_make(&log);
    snprintf(path, sizeof path, "%s/t.JSONL", folder);
    cr_assert(export_write(&log, path, &(struct export_options){0}, &problem), "%s", problem.what);
    cr_assert(jsonl_load(&again, path, &problem), "%s", problem.what);
    unlink(path);
    snprintf(path, sizeof path, "%s/t.doc", folder);
    cr_assert(!export_write(&log, path, &(struct export_options){0}, &problem));
    cr_assert(strstr(problem.what, "unknown ending; known are "), "%s", problem.what);
    for (size_t i = 0; i < export_row_count; i++)
        cr_expect(!export_rows[i].ending || strstr(problem.what, export_rows[i].ending), "%s: %s",
                  export_rows[i].ending, problem.what);
    snprintf(path, sizeof path, "%s/t.eml", folder);
    cr_assert(!export_write(&log, path, &(struct export_options){.message = 9}, &problem));
    cr_assert_eq(rmdir(folder), 0, "a file that could not be made was left behind");
    log_finish(&log);
    log_finish(&again);
}

Test(formats, the_documentation_of_the_trace_is_fresh)
{
    char path[512], *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    trace_format_write(out);
    fclose(out);
    snprintf(path, sizeof path, "%s", "../../docs/trace-format.md");
    support_expect_golden(path, text, size);
    free(text);
}
