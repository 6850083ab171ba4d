/*
 * How mail is sent on in a whole world: TLS, logins, LMTP, and what was asked of notices (RFC 3207,
 * 4954, 2033, 3461). One small world, its settings changed from test to test.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/mail/dsn.h"
#include "support_world.h"

/* More settings of each agent, as JSON with a comma in front; NULL: none. */
struct settings {
    const char *mua, *out, *mx1, *mx2;
    bool is_direct; /* the mail program gives its mail to `out`, and the MSA goes by the MX */
};

/* clang-format off */
static const char topology[] =
    "{\"format\": 1, \"title\": \"T\", \"hosts\": ["
    "{\"id\": \"pc\", \"name\": \"pc.example.com\", \"addr\": \"198.51.100.10\", \"agents\": ["
    " {\"role\": \"mua\", \"config\": {\"user\": \"alice@example.com\", \"outgoing\": \"%s\"%s}}]},"
    "{\"id\": \"submit\", \"name\": \"submit.example.com\", \"addr\": \"198.51.100.25\", \"agents\": ["
    " {\"role\": \"msa\", \"listen\": [465, 587], \"config\": {%s}}]},"
    "{\"id\": \"out\", \"name\": \"out.example.com\", \"addr\": \"198.51.100.26\", \"agents\": ["
    " {\"role\": \"mta\", \"config\": {\"local\": [\"example.com\"],"
    "  \"relay_from\": [\"198.51.100.0/24\"]%s}}, {\"role\": \"mda\"}, {\"role\": \"store\"}]},"
    "{\"id\": \"mx1\", \"name\": \"mx1.example.org\", \"addr\": \"203.0.113.25\", \"agents\": ["
    " {\"role\": \"mta\", \"config\": {\"local\": [\"example.org\"]%s}},"
    " {\"role\": \"mda\"}, {\"role\": \"store\"}]},"
    "{\"id\": \"mx2\", \"name\": \"mx2.example.org\", \"addr\": \"203.0.113.26\", \"agents\": ["
    " {\"role\": \"mta\", \"config\": {\"relay_to\": [\"example.org\"]%s}}]},"
    "{\"id\": \"box\", \"name\": \"box.example.org\", \"addr\": \"203.0.113.27\", \"agents\": ["
    " {\"role\": \"mda\", \"config\": {\"via\": \"lmtp\"}}, {\"role\": \"store\"}]},"
    "{\"id\": \"dns\", \"name\": \"ns.example.net\", \"addr\": \"192.0.2.53\", \"agents\": ["
    " {\"role\": \"dns\"}]}],"
    "\"links\": [{\"a\": \"pc\", \"b\": \"dns\"}, {\"a\": \"submit\", \"b\": \"dns\"},"
    " {\"a\": \"out\", \"b\": \"dns\"}, {\"a\": \"mx1\", \"b\": \"dns\"},"
    " {\"a\": \"mx2\", \"b\": \"dns\"}, {\"a\": \"box\", \"b\": \"dns\"}],"
    "\"dns\": ["
    " {\"name\": \"example.com\", \"type\": \"MX\", \"pref\": 10, \"data\": \"out.example.com\"},"
    " {\"name\": \"example.org\", \"type\": \"MX\", \"pref\": 10, \"data\": \"mx1.example.org\"},"
    " {\"name\": \"example.org\", \"type\": \"MX\", \"pref\": 20, \"data\": \"mx2.example.org\"},"
    " {\"name\": \"example.org\", \"type\": \"MX\", \"pref\": 30, \"data\": \"mx6.example.org\"},"
    " {\"name\": \"mx6.example.org\", \"type\": \"AAAA\", \"data\": \"2001:db8::25\"}],"
    "\"users\": [{\"address\": \"alice@example.com\", \"password\": \"secret-alice\"},"
    " \"bob@example.org\", \"bea@example.org\"]}";
/* clang-format on */

static const char *text_of(const char *text)
{
    return text ? text : "";
}

static struct world *world_of(const struct settings *s)
{
    struct arena arena;
    arena_init(&arena);
    struct slice json =
        arena_printf(&arena, topology, s->is_direct ? "out.example.com" : "submit.example.com",
                     text_of(s->mua), s->is_direct ? "" : "\"next\": \"out.example.com\"",
                     text_of(s->out), text_of(s->mx1), text_of(s->mx2));
    struct world *world = support_world_of(json, 1);
    arena_finish(&arena);
    return world;
}

#define SEND_BOB "send from=alice@example.com to=bob@example.org subject=s"

static struct world *sent(const struct settings *s, const char *action)
{
    struct world *world = world_of(s);
    support_do(world, 0, action);
    world_run_quiet(world, VTIME_NEVER);
    support_check_conservation(world_log(world));
    return world;
}

/* The text field of the n-th event of a kind, or "". */
static struct slice field(const struct log *log, enum event_kind kind, const char *name, unsigned n)
{
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event *e = log_at(log, id);
        if (e->kind != kind || n-- > 0)
            continue;
        for (int i = 0; i < event_kinds[kind].field_count; i++)
            if (slice_equal(slice_of(event_kinds[kind].fields[i].name), slice_of(name)))
                return log_text(log, e->v[i]);
    }
    return SLICE("");
}

static unsigned count_commands(const struct log *log, const char *verb)
{
    unsigned count = 0;
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_smtp_cmd *e = event_as_smtp_cmd(log_at(log, id));
        count += e && slice_equal(log_text(log, e->verb), slice_of(verb));
    }
    return count;
}

static bool has_argument(const struct log *log, const char *part)
{
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_smtp_cmd *e = event_as_smtp_cmd(log_at(log, id));
        if (e && slice_find(log_text(log, e->arg), slice_of(part), 0) != SLICE_NONE)
            return true;
    }
    return false;
}

static unsigned count_notices(const struct log *log, const char *action)
{
    unsigned count = 0;
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_dsn *e = event_as_dsn(log_at(log, id));
        count += e && slice_equal(log_text(log, e->action), slice_of(action));
    }
    return count;
}

/* What the notice n, as it was written, says. */
static struct slice notice(const struct log *log, unsigned n)
{
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_dsn *dsn = event_as_dsn(log_at(log, id));
        if (!dsn || n-- > 0)
            continue;
        for (uint32_t other = 0; other < log_count(log); other++) {
            const struct event_message *m = event_as_message(log_at(log, other));
            if (m && m->msg == dsn->msg)
                return log_text(log, m->content);
        }
    }
    return SLICE("");
}

static bool has_text(struct slice text, const char *part)
{
    return slice_find(text, slice_of(part), 0) != SLICE_NONE;
}

/* ---- DSN ---- */

/* RFC 3461 5.2.1, 5.2.3: it is said on every hop, and who delivers writes the notice. */
Test(sending, success_that_was_asked_for_is_told_by_who_delivers)
{
    struct world *world = sent(
        &(struct settings){.mua = ", \"notify\": \"success\", \"return\": \"full\""}, SEND_BOB);
    const struct log *log = world_log(world);
    cr_expect(has_argument(log, "NOTIFY=SUCCESS"));
    cr_expect(has_argument(log, "RET=FULL"));
    cr_expect_eq(count_notices(log, "delivered"), 1);
    cr_expect_eq(support_count(log, EVENT_DSN), 1);
    struct dsn_reading reading;
    cr_assert(dsn_read(notice(log, 0), 0, &reading));
    cr_expect(slice_equal(reading.action, SLICE("delivered")));
    cr_expect(slice_equal(reading.final_recipient, SLICE("bob@example.org")));
    cr_expect(slice_equal(reading.status, SLICE("2.0.0")));
    cr_expect(has_text(notice(log, 0), "Original-Envelope-Id: "));
    cr_expect(has_text(notice(log, 0), "Reporting-MTA: dns; mx1.example.org\r\n"));
    cr_expect(has_text(notice(log, 0), "text/rfc822-headers"), "no body with good news (4.3)");
    cr_expect_eq(support_count(log, EVENT_DELIVER), 2, "the message and the notice");
    world_destroy(world);
}

/* RFC 3461 5.2.2: the last server that knows of notices says that it passed the message on. */
Test(sending, a_server_without_dsn_makes_the_one_before_it_tell)
{
    struct world *world =
        sent(&(struct settings){.mua = ", \"notify\": \"all\"", .mx1 = ", \"without\": [\"DSN\"]"},
             SEND_BOB);
    const struct log *log = world_log(world);
    cr_expect_eq(count_notices(log, "relayed"), 1);
    cr_expect_eq(support_count(log, EVENT_DSN), 1);
    struct dsn_reading reading;
    cr_assert(dsn_read(notice(log, 0), 0, &reading));
    cr_expect(slice_equal(reading.remote_mta, SLICE("mx1.example.org")));
    cr_expect(has_text(notice(log, 0), "Reporting-MTA: dns; out.example.com\r\n"));
    world_destroy(world);
}

/* RFC 3461 4.1: NEVER, and SUCCESS alone, mean no notice of a failure; the trace tells all the
   same where the message ended. */
Test(sending, no_notice_of_failure_is_written_that_nobody_wants)
{
    static const char *const settings[] = {", \"notify\": \"never\"", ", \"notify\": \"success\"",
                                           ", \"notify\": \"delay\""};
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        struct world *world = sent(&(struct settings){.mua = settings[i]},
                                   "send from=alice@example.com to=nobody@example.org");
        const struct log *log = world_log(world);
        cr_expect_eq(support_count(log, EVENT_DSN), 0, "%s", settings[i]);
        cr_expect_eq(support_count(log, EVENT_DISCARD), 1, "%s", settings[i]);
        cr_expect_eq(support_count(log, EVENT_DELIVER), 0);
        world_destroy(world);
    }
}

/* RFC 3461 4.3: how much of the message comes back. */
Test(sending, a_notice_of_failure_shows_as_much_of_the_message_as_was_asked_for)
{
    static const struct {
        const char *mua;
        bool is_full;
    } cases[] = {{", \"notify\": \"failure\", \"return\": \"full\"", true},
                 {", \"notify\": \"failure\", \"return\": \"headers\"", false},
                 {NULL, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *world =
            sent(&(struct settings){.mua = cases[i].mua},
                 "send from=alice@example.com to=nobody@example.org body=secretword");
        const struct log *log = world_log(world);
        cr_assert_eq(count_notices(log, "failed"), 1);
        cr_expect_eq(has_text(notice(log, 0), "secretword"), cases[i].is_full);
        cr_expect_eq(has_text(notice(log, 0), "message/rfc822\r\n"), cases[i].is_full);
        cr_expect_eq(has_text(notice(log, 0), "Original-Envelope-Id"), cases[i].mua != NULL);
        world_destroy(world);
    }
}

/* RFC 3461 4.1: DELAY is asked for apart. */
Test(sending, a_delay_is_told_only_to_who_wants_to_hear_of_it)
{
    static const struct {
        const char *mua;
        unsigned delayed;
    } cases[] = {{NULL, 1},
                 {", \"notify\": \"delay\"", 1},
                 {", \"notify\": \"failure\"", 0},
                 {", \"notify\": \"never\"", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *world = world_of(&(struct settings){.mua = cases[i].mua});
        support_do(world, 0, "fault host-down mx1 on");
        support_do(world, 0, "fault host-down mx2 on");
        support_do(world, 0, SEND_BOB);
        support_do(world, 10 * VTIME_H, "fault host-down mx1 off");
        world_run_quiet(world, VTIME_NEVER);
        support_check_conservation(world_log(world));
        cr_expect_eq(count_notices(world_log(world), "delayed"), cases[i].delayed, "%s",
                     text_of(cases[i].mua));
        world_destroy(world);
    }
}

/* ---- which servers ---- */

/*
 * RFC 5321 5.1: mx1 and mx2 are away, and the last server's name has no IPv4 address, which is for
 * good: the mail waits all the same. Only what a server says of a recipient is the last word.
 */
Test(sending, a_server_that_is_away_outweighs_one_that_can_never_be_reached)
{
    struct world *world = world_of(&(struct settings){0});
    support_do(world, 0, "fault host-down mx1 on");
    support_do(world, 0, "fault host-down mx2 on");
    support_do(world, 0, SEND_BOB);
    support_do(world, VTIME_H, "fault host-down mx1 off");
    world_run_quiet(world, VTIME_NEVER);
    const struct log *log = world_log(world);
    support_check_conservation(log);
    cr_expect_eq(support_count(log, EVENT_QUEUE_GIVEUP), 0);
    cr_expect_eq(support_count(log, EVENT_DELIVER), 1);
    cr_expect(has_text(field(log, EVENT_QUEUE_DEFER, "reason", 0), "does not answer"));
    world_destroy(world);
}

/* ---- LMTP ---- */

/* RFC 2033: mx1 takes the mail, box has the mailboxes; each recipient has a fate of its own. */
Test(sending, local_mail_is_handed_by_lmtp_to_the_host_that_has_the_mailboxes)
{
    struct world *world =
        sent(&(struct settings){.mx1 = ", \"delivery\": \"lmtp:box\""},
             "send from=alice@example.com to=bob@example.org,bea@example.org subject=s");
    const struct log *log = world_log(world);
    uint32_t box = log_find_place(log, SLICE("box"));
    cr_expect_eq(support_count(log, EVENT_DELIVER), 2);
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_deliver *e = event_as_deliver(log_at(log, id));
        cr_expect(e == NULL || log_place_is(log, e->at, box));
    }
    cr_expect(slice_equal(field(log, EVENT_LMTP_CMD, "verb", 0), SLICE("LHLO")));
    unsigned dots = 0;
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_lmtp_reply *e = event_as_lmtp_reply(log_at(log, id));
        dots += e && slice_equal(log_text(log, e->verb), SLICE("DOT"));
    }
    cr_expect_eq(dots, 2);
    world_destroy(world);
}

/* RFC 3461 5.2.3: who hands to a delivery agent may say "delivered". */
Test(sending, a_delivery_by_lmtp_is_told_as_one)
{
    struct world *world = sent(&(struct settings){.mua = ", \"notify\": \"success\"",
                                                  .mx1 = ", \"delivery\": \"lmtp:box\""},
                               SEND_BOB);
    cr_expect_eq(count_notices(world_log(world), "delivered"), 1);
    world_destroy(world);
}

/* While box is down mx1 keeps the mail. */
Test(sending, mail_for_a_delivery_host_that_is_down_waits)
{
    struct world *world = world_of(&(struct settings){.mx1 = ", \"delivery\": \"lmtp:box\""});
    support_do(world, 0, "fault host-down box on");
    support_do(world, 0, SEND_BOB);
    support_do(world, VTIME_H, "fault host-down box off");
    world_run_quiet(world, VTIME_NEVER);
    support_check_conservation(world_log(world));
    cr_expect_gt(support_count(world_log(world), EVENT_QUEUE_DEFER), 0);
    cr_expect_eq(support_count(world_log(world), EVENT_DELIVER), 1);
    world_destroy(world);
}

/* ---- login ---- */

/* RFC 4954: each mechanism from the mail program, and no password on the wire where there need be
   none. */
Test(sending, a_mail_program_logs_in_as_it_is_told)
{
    static const struct {
        const char *mua, *mech;
    } cases[] = {{NULL, "PLAIN"},
                 {", \"auth_mechanism\": \"login\"", "LOGIN"},
                 {", \"auth_mechanism\": \"cram-md5\"", "CRAM-MD5"},
                 {", \"auth_mechanism\": \"scram-sha-256\"", "SCRAM-SHA-256"},
                 {", \"auth_mechanism\": \"auto\"", "SCRAM-SHA-256"},
                 {", \"auth_mechanism\": \"plain\", \"auth_clear\": false", "SCRAM-SHA-256"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *world = sent(&(struct settings){.mua = cases[i].mua}, SEND_BOB);
        const struct log *log = world_log(world);
        cr_expect(slice_equal(field(log, EVENT_AUTH, "mech", 0), slice_of(cases[i].mech)), "%s",
                  cases[i].mech);
        cr_expect(slice_equal(field(log, EVENT_AUTH, "result", 0), SLICE("ok")));
        cr_expect_eq(support_count(log, EVENT_DELIVER), 1);
        world_destroy(world);
    }
}

/* A smart host that lets nobody send without a login. */
Test(sending, an_mta_logs_in_at_its_smart_host)
{
    static const char smart[] = ", \"next\": \"submit.example.com\", \"next_port\": 587, "
                                "\"next_user\": \"alice@example.com\", \"next_password\": ";
    static const struct {
        const char *password;
        bool is_right;
    } cases[] = {{"\"secret-alice\"", true}, {"\"guess\"", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena;
        arena_init(&arena);
        struct slice out = arena_printf(&arena, "%s%s", smart, cases[i].password);
        struct world *world = world_of(&(struct settings){
            .mua = ", \"port\": 25, \"auth\": false", .out = out.data, .is_direct = true});
        support_do(world, 0, SEND_BOB);
        world_run_quiet(world, VTIME_NEVER);
        const struct log *log = world_log(world);
        support_check_conservation(log);
        cr_expect(slice_equal(field(log, EVENT_AUTH, "result", 0),
                              cases[i].is_right ? SLICE("ok") : SLICE("failed")));
        cr_expect_eq(count_notices(log, "failed"), !cases[i].is_right);
        world_destroy(world);
        arena_finish(&arena);
    }
}

/* ---- TLS ---- */

/* Alice's mail program, and each hop behind it, encrypts. */
Test(sending, every_hop_can_be_encrypted)
{
    struct world *world =
        sent(&(struct settings){.mua = ", \"tls\": \"required\"", .out = ", \"tls\": \"verify\""},
             SEND_BOB);
    const struct log *log = world_log(world);
    cr_expect_eq(support_count(log, EVENT_TLS_UP), 2);
    cr_expect_eq(count_commands(log, "STARTTLS"), 2);
    cr_expect_eq(support_count(log, EVENT_DELIVER), 1);
    world_destroy(world);
}

/* RFC 8314 3.3 */
Test(sending, submission_with_tls_from_the_first_octet_needs_no_starttls)
{
    struct world *world = sent(&(struct settings){.mua = ", \"tls\": \"implicit\""}, SEND_BOB);
    const struct log *log = world_log(world);
    cr_expect_eq(support_count(log, EVENT_TLS_UP), 1);
    cr_expect_eq(count_commands(log, "STARTTLS"), 0);
    cr_expect_eq(support_count(log, EVENT_DELIVER), 1);
    world_destroy(world);
}

/* RFC 7435: what can't be encrypted is sent all the same; what has to be, waits. */
Test(sending, a_server_without_tls_gets_mail_only_from_who_does_not_insist)
{
    static const struct {
        const char *out;
        bool arrives;
    } cases[] = {{", \"tls\": \"if-offered\"", true}, {", \"tls\": \"required\"", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *world = world_of(&(struct settings){.out = cases[i].out,
                                                          .mx1 = ", \"starttls\": \"none\"",
                                                          .mx2 = ", \"starttls\": \"none\""});
        support_do(world, 0, SEND_BOB);
        world_run_until(world, VTIME_H);
        const struct log *log = world_log(world);
        cr_expect_eq(support_count(log, EVENT_DELIVER), cases[i].arrives);
        cr_expect_eq(has_text(field(log, EVENT_QUEUE_DEFER, "reason", 0), "TLS is required"),
                     !cases[i].arrives);
        world_destroy(world);
    }
}

/* A certificate that is not in order: wished for, needed, verified. */
Test(sending, a_bad_certificate_matters_only_to_who_looks_at_it)
{
    static const struct {
        const char *out;
        bool arrives;
    } cases[] = {{", \"tls\": \"if-offered\"", true},
                 {", \"tls\": \"required\"", true},
                 {", \"tls\": \"verify\"", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *world = world_of(&(struct settings){.out = cases[i].out});
        support_do(world, 0, "fault cert-expired mx1 on");
        support_do(world, 0, "fault host-down mx2 on");
        support_do(world, 0, SEND_BOB);
        world_run_until(world, 10 * VTIME_MIN);
        const struct log *log = world_log(world);
        cr_expect_eq(support_count(log, EVENT_DELIVER), cases[i].arrives, "%s", cases[i].out);
        cr_expect_eq(support_count(log, EVENT_QUEUE_DEFER), !cases[i].arrives);
        world_destroy(world);
    }
}

/* ---- CHUNKING ---- */

/* RFC 3030: the same message by BDAT on every hop. */
Test(sending, chunks_carry_the_same_message)
{
    struct world *world =
        sent(&(struct settings){.mua = ", \"chunking\": true", .out = ", \"chunking\": true"},
             SEND_BOB " body=.dot");
    const struct log *log = world_log(world);
    cr_expect_eq(count_commands(log, "BDAT"), 2, "the MSA hands on by DATA");
    cr_expect_eq(support_count(log, EVENT_DELIVER), 1);
    cr_expect(slice_equal(field(log, EVENT_DELIVER, "body", 0), SLICE(".dot\r\n")));
    world_destroy(world);
}

/* ---- ETRN ---- */

/*
 * RFC 1985: mx2 keeps mail for mx1, whose line is up only now and then; asked by mx1 it sends at
 * once, long before its own next attempt is due.
 */
Test(sending, a_server_that_was_away_asks_for_its_mail)
{
    static const char *const settings[] = {
        NULL, ", \"etrn\": \"mx2.example.org\", \"etrn_every\": \"5min\""};
    for (size_t i = 0; i < 2; i++) {
        struct world *world = world_of(&(struct settings){.mx1 = settings[i]});
        support_do(world, 0, "fault host-down mx1 on");
        support_do(world, VTIME_MIN, SEND_BOB);
        support_do(world, 4 * VTIME_MIN, "fault host-down mx1 off");
        world_run_until(world, 20 * VTIME_MIN);
        const struct log *log = world_log(world);
        cr_expect_eq(support_count(log, EVENT_DELIVER), i, "%zu", i);
        cr_expect_eq(count_commands(log, "ETRN") > 0, i == 1);
        support_check_conservation(log);
        world_destroy(world);
    }
}
