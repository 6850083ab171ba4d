#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "lessons/predicate.h"
#include "sim/base/vtime.h"

/* ---- a run of a few events: out looks up an MX, connects to mx1, hands a message over ---- */

enum { M = 1, M2 = 2, TYPO = 3 };

static struct log trace;

static uint32_t text(const char *s)
{
    return log_intern(&trace, slice_of(s));
}

#define ADD(t, KIND, kind, ...)                                                                    \
    log_add(&trace, (t)*VTIME_S, 0, EVENT_##KIND, 0, &(struct event_##kind){__VA_ARGS__})

static const char header[] =
    "Received: from out.example.com by mx1.example.org with ESMTP id 3; Mon, 2 Nov 2026 09:00:02 "
    "+0000\r\n"
    "Received: from submit.example.com by out.example.com with ESMTP id 2; Mon, 2 Nov 2026 "
    "09:00:01 +0000\r\n"
    "From: alice@example.com\r\nSubject: Hello\r\n bob\r\n\r\n";

static void write_hosts(void)
{
    ADD(0, RUN, run, text("test"), text("1"), 0, text(""));
    ADD(0, TOPOLOGY, topology,
        text("{\"hosts\":[{\"id\":\"out\",\"agents\":[{\"id\":\"mta-out\",\"listen\":[25],"
             "\"config\":{\"policy\":\"auth\",\"retry_max\":5,\"open\":true,"
             "\"local\":[\"example.com\",\"a.test\"]}}]}]}"));
    ADD(0, HOST, host, text("out"), text("out.example.com"), text("192.0.2.1"), 0, 0, 0);
    ADD(0, AGENT, agent, text("mta-out"), 1, text("mta"), 0, text("25"));
    ADD(0, HOST, host, text("mx1"), text("mx1.example.org"), text("192.0.2.2"), 0, 0, 0);
    ADD(0, AGENT, agent, text("mta-mx1"), 3, text("mta"), 0, text("25"));
    ADD(0, HOST, host, text("pc-bob"), text("pc-bob.example.org"), text("192.0.2.3"), 0, 0, 0);
    ADD(0, AGENT, agent, text("mua-bob"), 5, text("mua"), text("bob@example.org"), 0);
}

static void write_mail(void)
{
    uint32_t box = text("bob@example.org/INBOX"), rcpt = text("bob@example.org");
    ADD(1, MESSAGE, message, 6, M, text("alice@example.com"), rcpt, text("Hello"), 0);
    ADD(1, QUEUE_ADD, queue_add, 2, M, 0, text("A1"), rcpt, 0);
    ADD(1, DNS_QUERY, dns_query, 2, 0, text("example.org"), text("MX"), 1);
    ADD(2, TCP_CONNECT, tcp_connect, 1, 2, 4, 25, 40000, text("out mx1"));
    ADD(2, TCP_OPEN, tcp_open, 1, text("ok"));
    ADD(2, SMTP_CMD, smtp_cmd, 1, text("EHLO"), text("out.example.com"), 0);
    ADD(2, SMTP_CMD, smtp_cmd, 1, text("RCPT"), text("TO:<bob@example.org>"), M);
    ADD(2, SMTP_REPLY, smtp_reply, 1, text("RCPT"), 250, text("2.1.5"), text("Ok"), M);
    ADD(3, ACCEPT, accept, 4, M, 1, text("B1"), text(header), text("hi\r\n.\r\n..two\r\n"));
    ADD(3, DELIVER, deliver, 4, M, box, rcpt, text(header), text("hi\r\n.\r\n..two\r\n"));
    ADD(3, FLAG, flag, 6, M, box, text("\\Seen"), 1);
    ADD(3, QUEUE_REMOVE, queue_remove, 2, M, text("A1"));
    ADD(1803, FAULT, fault, text("mx1-down"), text("on"), 0, 0, 0);
    ADD(1804, CONF, conf, 2, text("policy"), text("open"), 0);
    ADD(1805, QUEUE_ADD, queue_add, 2, M2, 0, text("A2"), rcpt, 0);
    ADD(1806, FAULT, fault, text("mx1-down"), text("off"), 0, 0, 0);
    ADD(1807, FETCH, fetch, 6, M, box, text("pop3"), text(header), text("hi\r\n.\r\n..two\r\n"));
    ADD(1807, COPY, copy, 4, M, 6, text("bob@example.org/Done"));
    ADD(1807, REMOVE, remove, 6, M, box, 4);
}

static void begin(void)
{
    log_init(&trace);
    write_hosts();
    write_mail();
}

static void end(void)
{
    log_finish(&trace);
}

/* ---- a learner ---- */

static uint32_t bound(void *context, struct slice name)
{
    (void)context;
    return slice_equal(name, SLICE("M")) ? M : slice_equal(name, SLICE("M2")) ? M2 : 0;
}

static bool is_p1(void *context, struct slice step)
{
    (void)context;
    return slice_equal(step, SLICE("p1"));
}

static bool answer(void *context, struct slice step, struct slice *said)
{
    *said = SLICE("It DELIVERS, and stores.");
    return is_p1(context, step);
}

static bool number(void *context, struct slice step, int64_t *n)
{
    *n = 150;
    return is_p1(context, step);
}

static const struct predicate_learner learner = {bound, is_p1, is_p1, is_p1, answer, number, NULL};

static const struct slice steps[] = {{"p1", 2}, {"step2", 5}}, variables[] = {{"M", 1}, {"M2", 2}},
                          phases[] = {{"mx1-down", 8}};
static const struct predicate_scope *scope(void)
{
    static struct predicate_scope known;
    known = (struct predicate_scope){.log = &trace,
                                     .steps = {steps, 2, true},
                                     .asking = {steps, 2, true},
                                     .variables = {variables, 2, true},
                                     .phases = {phases, 1, true}};
    return &known;
}

static bool holds(const char *check, char *why, size_t room)
{
    char line[PROBLEM_LINE];
    struct problem problem = {0};
    struct predicate *p = predicate_compile(slice_of(check), scope(), &problem);
    cr_assert(p, "%s: %s", check, problem_line(&problem, line));
    struct facts facts;
    struct arena arena;
    struct predicate_reason reason = {0};
    arena_init(&arena);
    facts_init(&facts, &trace, log_count(&trace));
    bool is_true = predicate_holds(p, &facts, &learner, &arena, &reason);
    snprintf(why, room, "%.*s", SLICE_ARG(reason.text));
    facts_finish(&facts);
    arena_finish(&arena);
    predicate_destroy(p);
    return is_true;
}

Test(predicate, what_happened_is_true, .init = begin, .fini = end)
{
    static const char *const checks[] = {
        "exists(smtp.cmd{from=\"out\", to=\"mx1\", port=25, verb=\"EHLO\", tls=false})",
        "exists(smtp.cmd{from=\"mta-out\"}) and exists(smtp.reply{from=\"mx1\", code=250})",
        "exists(smtp.reply{code>249, code<251, esc~\"2.1\"})",
        "never(tcp.open{result!=\"ok\"})",
        "count(smtp.cmd{msg=$M}) == 1 and count(smtp.cmd{}) == 2",
        "before(dns.query{name=\"example.org\", type=\"MX\"}, tcp.open{from=\"out\"})",
        "between(queue.add{msg=$M}, deliver{msg=$M}) <= 2 s",
        "between(queue.add{msg=$M}, queue.add{msg=$M2}) >= 30 min",
        "time(tcp.open{}) == 2000 ms and last(fault{}) > 30 min and time(deliver{}) < 1 h",
        "exists(queue.add{msg=$M2, during=\"mx1-down\"})",
        "never(deliver{during=\"mx1-down\"}) and exists(deliver{during!=\"mx1-down\"})",
        "exists(tcp.open{t<3 s}) and never(tcp.open{t>2 s})",
        "not in($M, \"bob@example.org/INBOX\") and in($M, \"bob@example.org/Done\")",
        "in($M, \"pc-bob:Local\") and copies($M, \"pc-bob:Local\") == 1",
        "messages(\"bob@example.org/Done\") == 1 and not in($M2, \"bob@example.org/Done\")",
        "received($M, \"bob@example.org/Done\") == 2",
        "path($M, \"bob@example.org/Done\") == [\"out\", \"mx1\"]",
        "path($M, \"bob@example.org/Done\") ~ \"mx1\"",
        "header($M, \"bob@example.org/Done\", \"Subject\") == \"Hello bob\"",
        "header($M, \"bob@example.org/Done\", \"Received\", 2) ~ \"with esmtp\"",
        "header($M, \"bob@example.org/Done\", \"Bcc\") == \"\"",
        "header($M, \"bob@example.org/Done\", \"X-Sim-Body-Dots\") == \"ok\"",
        "size($M, \"bob@example.org/Done\") > 200",
        "flags($M, \"bob@example.org/INBOX\") ~ \"\\\\Seen\"",
        "flags($M, \"bob@example.org/Done\") ~ \"\\\\Seen\"",
        "queue(\"out\") == 1 and queue(\"mx1\") == 0 and outbox(\"pc-bob\") == 0",
        "conf(\"out\", \"policy\") == \"open\" and conf(\"mta-out\", \"open\") == true",
        "conf(\"out\", \"retry_max\") == 5 and conf(\"out\", \"local\") ~ \"a.test\"",
        "conf(\"out\", \"listen\") == 25 and not conf(\"mx1\", \"policy\") == \"open\"",
        "predicted(\"p1\") and correct(\"p1\") and did(\"p1\") and not did(\"step2\")",
        "answer(\"p1\") ~ \"deliver\" and not answer(\"step2\") ~ \"deliver\"",
        "number(\"p1\") >= 148 and number(\"p1\") <= 152 and not number(\"step2\") > 0",
        "did(\"step2\") or (did(\"p1\") and true)",
    };
    char why[400];
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
        cr_expect(holds(checks[i], why, sizeof why), "%s: %s", checks[i], why);
}

Test(predicate, what_is_missing_is_said, .init = begin, .fini = end)
{
    static const struct {
        const char *check, *why;
    } rows[] = {
        {"exists(dsn{about=$M})", "there is no dsn"},
        {"exists(tcp.open{from=\"out\", result=\"timeout\"})",
         "there is no tcp.open{from=\"out\", result=\"timeout\"}; in the one that comes nearest, "
         "result is ok"},
        {"exists(smtp.reply{code=550})", "code is 250"},
        {"exists(smtp.cmd{from=\"mx1\"})", "from is mta-out"},
        {"exists(smtp.cmd{verb=\"RCPT\", msg=$M2})", "msg is message 1"},
        {"exists(tcp.open{t>1h})", "t is 2 s"},
        {"exists(deliver{during=\"mx1-down\"})",
         "there is no deliver{during=\"mx1-down\"}; the one that comes nearest is not during "
         "\"mx1-down\""},
        {"exists(conf{during!=\"mx1-down\"})", "the one that comes nearest is during \"mx1-down\""},
        {"never(deliver{msg=$M})", "there is deliver{msg=$M}"},
        {"not exists(deliver{msg=$M})", "there is deliver{msg=$M}"},
        {"before(deliver{msg=$M}, tcp.open{})", "deliver{msg=$M} comes after tcp.open{}"},
        {"before(deliver{msg=$M}, crash{})", "there is no crash"},
        {"count(deliver{msg=$M}) == 2", "count(deliver{msg=$M}) is 1"},
        {"between(queue.add{}, deliver{}) >= 30 min", "between(queue.add{}, deliver{}) is 2 s"},
        {"between(queue.add{}, boot{}) >= 30 min", "there is no boot"},
        {"path($M, \"bob@example.org/Done\") == [\"out\"]", "is out, mx1"},
        {"conf(\"out\", \"policy\") == \"auth\"", "conf(\"out\", \"policy\") is open"},
        {"conf(\"out\", \"nothing\") == true", "conf(\"out\", \"nothing\") is nothing"},
        {"exists(deliver{}) and did(\"step2\")", "did(\"step2\") is false"},
        {"queue(\"out\") == 0", "queue(\"out\") is 1"},
    };
    char why[400];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_expect(!holds(rows[i].check, why, sizeof why), "%s", rows[i].check);
        cr_expect(strstr(why, rows[i].why), "%s: %s", rows[i].check, why);
    }
}

/* A slip is found when the lesson is loaded: the column, what is wrong, and the nearest name. */
Test(predicate, a_slip_has_a_column_and_the_nearest_name, .init = begin, .fini = end)
{
    static const struct {
        const char *check;
        int column;
        const char *what;
    } rows[] = {
        {"", 1, "expected a value, not the end"},
        {"exist(deliver{})", 1, "unknown function \"exist\"; did you mean \"exists\"?"},
        {"exists(deliverd{})", 8, "unknown event \"deliverd\"; did you mean \"deliver\"?"},
        {"exists(deliver{boxx=\"a\"})", 16,
         "unknown field of deliver \"boxx\"; did you mean \"box\"?"},
        {"exists(deliver{port=25})", 16, "unknown field of deliver \"port\""},
        {"exists(smtp.cmd{to=\"mx2\"})", 21,
         "unknown host or agent \"mx2\"; did you mean \"mx1\"?"},
        {"exists(smtp.reply{code=\"250\"})", 24, "code of smtp.reply is not of this kind"},
        {"exists(smtp.reply{code 250})", 24, "expected =, !=, ~, < or > behind code"},
        {"in($N, \"bob@example.org/INBOX\")", 4, "message, which no step binds: \"N\""},
        {"in($M, \"bob@example.org\")", 9, "a mailbox is written"},
        {"in($M)", 6, "in wants a mailbox"},
        {"in($M, \"a@b/c\", 1)", 16, "too many arguments of in"},
        {"did(\"p2\")", 6, "unknown step \"p2\"; did you mean \"p1\"?"},
        {"exists(deliver{during=\"mx-down\"})", 24, "did you mean \"mx1-down\"?"},
        {"count(deliver{})", 1, "expected something that is true or false"},
        {"count(deliver{}) == 30 min", 18, "a duration is compared with a duration"},
        {"time(deliver{}) > 30", 17, "a duration is compared with a duration"},
        {"did(\"p1\") and", 14, "expected a value, not the end"},
        {"did(\"p1\") did(\"p1\")", 11, "expected \"and\", \"or\" or the end"},
        {"(did(\"p1\")", 11, "expected )"},
        {"header($M, \"a@b/c\", \"To\") == \"x", 30, "a text without its closing \""},
        {"count(deliver{}) == 99999999999999999999", 21, "a number that is too large"},
        {"queue(\"nowhere\") == 0", 8, "unknown host or agent \"nowhere\""},
        {"conf(\"out\", \"x\") == [\"a\" \"b\"]", 26, "expected , or ] in the list"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct problem problem = {0};
        struct predicate *p = predicate_compile(slice_of(rows[i].check), scope(), &problem);
        cr_expect_null(p, "%s", rows[i].check);
        cr_expect_eq(problem.column, rows[i].column, "%s: column %d: %s", rows[i].check,
                     problem.column, problem.what);
        cr_expect(strstr(problem.what, rows[i].what), "%s: %s", rows[i].check, problem.what);
        predicate_destroy(p);
    }
}

Test(predicate, hostile_texts_end_soon, .init = begin, .fini = end)
{
    static char deep[PREDICATE_TEXT_MAX + 2];
    memset(deep, '(', sizeof deep - 1);
    struct problem problem = {0};
    cr_expect_null(predicate_compile((struct slice){deep, 8000}, scope(), &problem));
    cr_expect_str_eq(problem.what, "nested too deeply");
    cr_expect_null(predicate_compile((struct slice){deep, sizeof deep - 1}, scope(), &problem));
    char why[400];
    cr_expect(!holds("did(\"p1\") and exists(deliver{msg=\"no such group\"})", why, sizeof why));
}
