/*
 * What a queue does with what a server says, and what it then tells: when it tries again
 * (RFC 5321 4.5.4.1), and each field of its notices (RFC 3464, 3461). Against a scripted server.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/roles/queue.h"
#include "support_stage.h"

#define OK "250 2.0.0 ok\r\n"
#define HELLO "220 hi\r\n", "250-mx.example.org\r\n250 DSN\r\n"
#define PLAIN_HELLO "220 hi\r\n", "250 mx.example.org\r\n"
#define ACCEPTS                                                                                    \
    {                                                                                              \
        {                                                                                          \
            PLAIN_HELLO, OK, OK, "354 go\r\n", OK, "221 bye\r\n"                                   \
        }                                                                                          \
    }

static const struct queue_notify nothing = {0, {"", 0}};

/* One message to one recipient at the server, from somebody there. */
static void run(struct stage *stage, const struct stage_script *scripts, size_t count,
                const struct queue_notify *notify, enum smtp_return ret, struct slice from,
                int64_t until)
{
    static const struct slice to = {"bob@[203.0.113.25]", 18};
    stage_start(stage, scripts, count, 0);
    struct queue *queue = queue_create(
        &stage->office, &(struct queue_options){.agent = stage->agent,
                                                .plan = queue_plan_find(SLICE("classroom"))});
    uint32_t msg =
        office_new_message(&stage->office, stage->agent, from, to, SLICE("s"), SLICE("content"));
    queue_add(queue, &(struct queue_mail){.id = SLICE("1ABC"),
                                          .msg = msg,
                                          .reverse_path = from,
                                          .forward_paths = &to,
                                          .recipient_count = 1,
                                          .header = SLICE("Subject: s\r\n\r\n"),
                                          .body = SLICE("the body\r\n"),
                                          .ret = ret,
                                          .envid = SLICE("QQ314159"),
                                          .notify = notify});
    sim_run(&stage->sim, until, false, 0);
    pump_pool_finish(&stage->office.pumps);
    pump_pool_init(&stage->office.pumps, &stage->sim, stage->net);
    queue_destroy(queue);
}

static uint32_t count(const struct stage *stage, enum event_kind kind)
{
    uint32_t n = 0;
    for (uint32_t id = 0; id < log_count(&stage->sim.log); id++)
        n += log_at(&stage->sim.log, id)->kind == kind;
    return n;
}

/* The notice with this action, as it was written; "" when there is none. */
static struct slice notice(const struct stage *stage, const char *action)
{
    const struct log *log = &stage->sim.log;
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_dsn *e = event_as_dsn(log_at(log, id));
        if (e && slice_equal(log_text(log, e->action), slice_of(action)))
            return log_text(log, log_msg(log, e->msg)->content);
    }
    return SLICE("");
}

/* ---- retries ---- */

static const struct stage_script busy = {{"421 4.3.2 busy\r\n"}};

/* D2: at once, after 30 minutes ("at least 30 minutes"), then every 2 hours ("2 or 3 hours"), a
   warning after 4 hours, the end after 5 days ("at least 4-5 days"). */
Test(queue, tries_come_at_their_planned_times)
{
    static const int64_t planned_min[] = {0, 30, 150, 270, 390, 510};
    struct stage stage;
    run(&stage, &busy, 1, NULL, SMTP_RETURN_UNSAID, SLICE("alice@[203.0.113.25]"), VTIME_NEVER);
    const struct log *log = &stage.sim.log;
    uint32_t tries = 0;
    int64_t first = 0, last = 0;
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_queue_try *e = event_as_queue_try(log_at(log, id));
        if (!e || e->msg != 1)
            continue;
        last = log_at(log, id)->t;
        first = tries == 0 ? last : first;
        cr_expect_eq(e->n, ++tries);
        if (tries <= 6)
            cr_expect_eq((last - first) / VTIME_MIN, planned_min[tries - 1], "try %u", tries);
    }
    cr_expect_eq(tries, 61, "the last one half an hour before the five days are over");
    cr_expect_eq((last - first) / VTIME_MIN, 30 + 59 * 120);
    stage_finish(&stage);
}

static const struct {
    const char *event, *clause;
    enum event_kind kind;
    int64_t after_s;
} moments[] = {
    {"the warning", "RFC 5321 4.5.4.1, D2", EVENT_DSN, 4 * 3600},
    {"the end", "RFC 5321 4.5.4.1, D2", EVENT_QUEUE_GIVEUP, 5 * 86400},
};

Test(queue, a_late_message_is_told_of_once_and_then_given_up)
{
    struct stage stage;
    run(&stage, &busy, 1, NULL, SMTP_RETURN_UNSAID, SLICE("alice@[203.0.113.25]"), VTIME_NEVER);
    const struct log *log = &stage.sim.log;
    for (size_t i = 0; i < 2; i++) {
        int64_t t = -1;
        for (uint32_t id = log_count(log); id-- > 0;)
            if (log_at(log, id)->kind == moments[i].kind)
                t = log_at(log, id)->t;
        cr_expect_eq(t / VTIME_S, moments[i].after_s, "%s: %s", moments[i].event,
                     moments[i].clause);
    }
    cr_expect_eq(count(&stage, EVENT_DSN), 2, "one of delay, one of failure");
    stage_finish(&stage);
}

/* ---- fields of notices ---- */

static const struct {
    const char *clause, *field;
} failed_fields[] = {
    {"RFC 3464 2.2.1, 3461 6.3", "Original-Envelope-Id: QQ314159\r\n"},
    {"RFC 3464 2.2.2", "Reporting-MTA: dns; out.example.com\r\n"},
    {"RFC 3464 2.2.5", "Arrival-Date: Mon, 3 Mar 2025 09:00:00 +0000\r\n"},
    {"RFC 3464 2.3.1", "Original-Recipient: rfc822; bob@example.org\r\n"},
    {"RFC 3464 2.3.2", "Final-Recipient: rfc822; bob@[203.0.113.25]\r\n"},
    {"RFC 3464 2.3.3", "Action: failed\r\n"},
    {"RFC 3464 2.3.4", "Status: 5.1.1\r\n"},
    {"RFC 3464 2.3.5", "Remote-MTA: dns; [203.0.113.25]\r\n"},
    {"RFC 3464 2.3.6", "Diagnostic-Code: smtp; 550 5.1.1 No such user\r\n"},
    {"RFC 3464 2.3.7", "Last-Attempt-Date: Mon, 3 Mar 2025 09:00:00 +0000\r\n"},
    {"RFC 6522 3", "multipart/report; report-type=delivery-status"},
    {"RFC 3834 5", "Auto-Submitted: auto-replied\r\n"},
    {"RFC 3461 6.2 (h): as RET asks", "text/rfc822-headers"},
};

Test(queue, a_notice_of_failure_has_each_field)
{
    static const struct stage_script scripts[] = {
        {{HELLO, OK, "550 5.1.1 No such user\r\n", OK, "221 bye\r\n"}}, ACCEPTS};
    static const struct queue_notify notify = {SMTP_NOTIFY_FAILURE, {"rfc822;bob@example.org", 22}};
    struct stage stage;
    run(&stage, scripts, 2, &notify, SMTP_RETURN_HEADERS, SLICE("alice@[203.0.113.25]"),
        VTIME_NEVER);
    struct slice text = notice(&stage, "failed");
    for (size_t i = 0; i < sizeof failed_fields / sizeof *failed_fields; i++)
        cr_expect_neq(slice_find(text, slice_of(failed_fields[i].field), 0), SLICE_NONE,
                      "%s: %s in\n%.*s", failed_fields[i].clause, failed_fields[i].field,
                      SLICE_ARG(text));
    cr_expect_eq(slice_find(text, SLICE("the body"), 0), SLICE_NONE, "RFC 3461 4.3: HDRS");
    cr_expect_neq(slice_find(bytes_slice(&stage.said), SLICE("MAIL FROM:<>"), 0), SLICE_NONE,
                  "RFC 5321 4.5.5, 3461 6.1: the notice has the null reverse-path");
    stage_finish(&stage);
}

static const struct {
    const char *clause, *field;
} delayed_fields[] = {
    {"RFC 3464 2.3.3", "Action: delayed\r\n"},
    {"RFC 3464 2.3.4: a persistent transient failure", "Status: 4.3.2\r\n"},
    {"RFC 3464 2.3.9", "Will-Retry-Until: Sat, 8 Mar 2025 09:00:00 +0000\r\n"},
    {"RFC 3464 2.3.6", "Diagnostic-Code: smtp; 421 4.3.2 busy\r\n"},
};

Test(queue, a_notice_of_delay_says_until_when_it_is_tried)
{
    struct stage stage;
    run(&stage, &busy, 1, NULL, SMTP_RETURN_UNSAID, SLICE("alice@[203.0.113.25]"), 5 * VTIME_H);
    struct slice text = notice(&stage, "delayed");
    for (size_t i = 0; i < sizeof delayed_fields / sizeof *delayed_fields; i++)
        cr_expect_neq(slice_find(text, slice_of(delayed_fields[i].field), 0), SLICE_NONE,
                      "%s: %s in\n%.*s", delayed_fields[i].clause, delayed_fields[i].field,
                      SLICE_ARG(text));
    stage_finish(&stage);
}

/* ---- who is told ---- */

static const struct stage_script refuses = {
    {PLAIN_HELLO, OK, "550 5.1.1 No such user\r\n", OK, "221 bye\r\n"}};
static const struct stage_script takes = ACCEPTS;

static const struct {
    const char *clause;
    const struct stage_script *script;
    unsigned when;
    const char *from;
    uint32_t notices, discards;
    const char *action;
} told[] = {
    {"RFC 3461 4.1: failure, when nothing is said", &refuses, 0, "alice", 1, 0, "failed"},
    {"RFC 3461 4.1: FAILURE", &refuses, SMTP_NOTIFY_FAILURE, "alice", 1, 0, "failed"},
    {"RFC 3461 4.1: NEVER", &refuses, SMTP_NOTIFY_NEVER, "alice", 0, 1, ""},
    {"RFC 3461 4.1: SUCCESS alone is silent on failure", &refuses, SMTP_NOTIFY_SUCCESS, "alice", 0,
     1, ""},
    {"RFC 5321 6.1: no notice about a notice", &refuses, 0, "", 0, 1, ""},
    {"RFC 3461 5.2.3: relayed to who cares not", &takes, SMTP_NOTIFY_SUCCESS, "alice", 1, 0,
     "relayed"},
    {"RFC 3461 4.1: success, when nothing is said", &takes, 0, "alice", 0, 0, ""},
    {"RFC 3461 4.1: DELAY is no SUCCESS", &takes, SMTP_NOTIFY_DELAY, "alice", 0, 0, ""},
};

Test(queue, who_is_told_depends_on_what_was_asked)
{
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        struct stage_script scripts[] = {*told[i].script, ACCEPTS};
        struct queue_notify notify = {told[i].when, {"", 0}};
        struct slice from = told[i].from[0] ? SLICE("alice@[203.0.113.25]") : SLICE("");
        struct stage stage;
        run(&stage, scripts, 2, told[i].when ? &notify : &nothing, SMTP_RETURN_UNSAID, from,
            VTIME_NEVER);
        cr_expect_eq(count(&stage, EVENT_DSN), told[i].notices, "%s", told[i].clause);
        cr_expect_eq(count(&stage, EVENT_DISCARD), told[i].discards, "%s", told[i].clause);
        if (told[i].notices)
            cr_expect_gt(notice(&stage, told[i].action).size, 0, "%s", told[i].clause);
        stage_finish(&stage);
    }
}

/* RFC 3461 4.3: what a notice of failure shows of the message. */
Test(queue, how_much_is_returned_is_the_senders_to_say)
{
    static const struct {
        enum smtp_return ret;
        const char *type;
        bool has_body;
    } cases[] = {{SMTP_RETURN_UNSAID, "text/rfc822-headers", false},
                 {SMTP_RETURN_HEADERS, "text/rfc822-headers", false},
                 {SMTP_RETURN_FULL, "message/rfc822", true}};
    for (size_t i = 0; i < 3; i++) {
        const struct stage_script scripts[] = {refuses, ACCEPTS};
        struct stage stage;
        run(&stage, scripts, 2, NULL, cases[i].ret, SLICE("alice@[203.0.113.25]"), VTIME_NEVER);
        struct slice text = notice(&stage, "failed");
        cr_expect_neq(slice_find(text, slice_of(cases[i].type), 0), SLICE_NONE, "%s",
                      cases[i].type);
        cr_expect_eq(slice_find(text, SLICE("the body"), 0) != SLICE_NONE, cases[i].has_body);
        stage_finish(&stage);
    }
}
