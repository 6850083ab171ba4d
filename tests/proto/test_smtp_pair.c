/* The client session against the server session, joined by a wire that may be cut at any octet. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "support_smtp.h"
#include "support_smtp_client.h"

static const struct slice one[] = {{"bob@example.org", 15}};
static const struct slice mixed[] = {{"nobody@example.org", 18},
                                     {"bob@example.org", 15},
                                     {"no such path", 12},
                                     {"busy@example.org", 16},
                                     {"bea@example.org", 15}};
static const struct slice unknown[] = {{"nobody@example.org", 18}, {"none@example.org", 16}};

#define FROM_ALICE .reverse_path = {"alice@example.com", 17}
#define FIRST .header = {"Subject: 1\r\n\r\n", 14}, .body = {".dots\r\n..\r\nno end", 17}
#define SECOND .header = {"Subject: 2\r\n\r\n", 14}, .body = {"second\r\n", 8}

static const struct smtp_client_transaction plain_one[] = {
    {FROM_ALICE, .forward_paths = one, .recipient_count = 1, FIRST}};
static const struct smtp_client_transaction two[] = {
    {FROM_ALICE, .forward_paths = mixed, .recipient_count = 5, FIRST},
    {.forward_paths = one, .recipient_count = 1, SECOND, .is_8bit = true}};
static const struct smtp_client_transaction refused_then_one[] = {
    {FROM_ALICE, .forward_paths = unknown, .recipient_count = 2, FIRST},
    {.reverse_path = {"spam@example.com", 16}, .forward_paths = mixed, .recipient_count = 5, FIRST},
    {FROM_ALICE, .forward_paths = one, .recipient_count = 1, SECOND}};

static const struct {
    const char *name;
    const struct smtp_client_transaction *transactions;
    size_t count, taken;
    const char *content; /* of the last that is taken */
} cases[] = {
    {"one message", plain_one, 1, 1, "Subject: 1\r\n\r\n.dots\r\n..\r\nno end\r\n"},
    {"two messages", two, 2, 2, "Subject: 2\r\n\r\nsecond\r\n"},
    {"refusals", refused_then_one, 3, 1, "Subject: 2\r\n\r\nsecond\r\n"},
};
enum { CASES = sizeof cases / sizeof cases[0], WHOLE = 1 << 20, NEVER = 1 << 30 };

struct pair {
    struct smtp_server server;
    struct smtp_client client;
    struct smtp_role role;
    struct smtp_sender sender;
    size_t carried, cut_after; /* octets, both directions together */
};

static void start(struct pair *p, size_t which, bool pipelines, bool has_auth, size_t cut_after)
{
    const struct smtp_server_options server = {.hostname = SLICE("mx1.example.org"),
                                               .size_max = pipelines ? 1000 : 0,
                                               .offers_auth = has_auth,
                                               .auth_required = has_auth,
                                               .offers_pipelining = pipelines,
                                               .offers_8bitmime = true,
                                               .offers_esc = pipelines};
    const struct smtp_client_options client = {.hostname = SLICE("out.example.com"),
                                               .user = has_auth ? SLICE("alice") : SLICE(""),
                                               .password = SLICE("secret")};
    *p = (struct pair){.cut_after = cut_after};
    smtp_server_init(&p->server, &server);
    smtp_client_init(&p->client, &client);
    smtp_role_init(&p->role);
    smtp_sender_init(&p->sender, cases[which].transactions, cases[which].count);
    smtp_server_answer(&p->server, &(struct smtp_reply){220, {0}, SLICE("mx1.example.org ESMTP")});
}

static void finish(struct pair *p)
{
    smtp_server_finish(&p->server);
    smtp_client_finish(&p->client);
    smtp_role_finish(&p->role);
    smtp_sender_finish(&p->sender);
}

static void serve(struct pair *p)
{
    smtp_role_serve(&p->role, &p->server);
    smtp_sender_serve(&p->sender, &p->client);
}

/* Up to `most` octets of the next segment go over. False when there are none, or the wire is cut.
 */
static bool carry(struct pair *p, struct session *from, struct session *to, size_t most)
{
    size_t left = p->cut_after - p->carried;
    struct slice part = slice_part(session_to_send(from), 0, most < left ? most : left);
    if (part.size == 0)
        return false;
    if (!to->is_closing)
        cr_assert(session_feed(to, part));
    session_sent(from, part.size);
    p->carried += part.size;
    serve(p);
    return true;
}

/* Until both are done, or the wire is cut and both have heard of it. */
static void run(struct pair *p, size_t most)
{
    bool is_moving = true;
    serve(p);
    while (is_moving) {
        is_moving = carry(p, &p->client.base, &p->server.base, most);
        is_moving |= carry(p, &p->server.base, &p->client.base, most);
    }
    p->server.base.is_eof = p->client.base.is_eof = true;
    serve(p);
}

static void expect_sane(const struct pair *p, size_t which)
{
    const char *name = cases[which].name;
    cr_expect_eq(p->role.late, 0, "%s", name);
    cr_expect_eq(p->sender.disorder, 0, "%s", name);
    cr_expect_eq(p->sender.ends, 1, "%s cut after %zu", name, p->cut_after);
    cr_expect_eq(p->client.state, SMTP_CLIENT_STATE_CLOSED, "%s", name);
    cr_expect_eq(p->server.state, SMTP_STATE_CLOSED, "%s", name);
    cr_expect_eq(p->server.note_count + p->client.report_count, 0, "%s", name);
}

static void expect_complete(const struct pair *p, size_t which)
{
    expect_sane(p, which);
    cr_expect_not(p->sender.is_failed, "%s:\n%.*s", cases[which].name,
                  SLICE_ARG(bytes_slice(&p->sender.log)));
    cr_expect_eq(p->sender.dones, cases[which].count, "%s", cases[which].name);
    cr_expect_eq(p->sender.taken, cases[which].taken, "%s", cases[which].name);
    cr_expect_eq(p->role.accepted, cases[which].taken, "%s", cases[which].name);
    cr_expect(slice_equal(bytes_slice(&p->role.content), slice_of(cases[which].content)), "%s",
              cases[which].name);
}

Test(smtp_pair, a_session_is_the_same_whole_and_octet_by_octet)
{
    for (size_t which = 0; which < CASES; which++)
        for (int way = 0; way < 4; way++) {
            struct pair whole, octets;
            start(&whole, which, way & 1, way & 2, NEVER);
            run(&whole, WHOLE);
            expect_complete(&whole, which);
            start(&octets, which, way & 1, way & 2, NEVER);
            run(&octets, 1);
            expect_complete(&octets, which);
            cr_expect_eq(whole.carried, octets.carried);
            cr_expect(slice_equal(bytes_slice(&whole.role.log), bytes_slice(&octets.role.log)));
            cr_expect(slice_equal(bytes_slice(&whole.sender.log), bytes_slice(&octets.sender.log)));
            finish(&whole);
            finish(&octets);
        }
}

/*
 * However the wire is cut: what the client was told is taken, is; what the server has taken, the
 * client knows of, but for the one message whose 250 was on its way (RFC 1047).
 */
Test(smtp_pair, a_wire_cut_after_any_octet_loses_no_message)
{
    for (size_t which = 0; which < CASES; which++)
        for (int way = 0; way < 4; way++) {
            struct pair p;
            start(&p, which, way & 1, way & 2, NEVER);
            run(&p, WHOLE);
            size_t total = p.carried, lost_replies = 0;
            finish(&p);
            for (size_t cut = 0; cut < total; cut++) {
                start(&p, which, way & 1, way & 2, cut);
                run(&p, cut & 1 ? 1 : WHOLE);
                expect_sane(&p, which);
                cr_expect_leq(p.sender.taken, p.role.accepted, "cut after %zu", cut);
                cr_expect_leq(p.role.accepted, p.sender.taken + 1, "cut after %zu", cut);
                lost_replies += p.role.accepted > p.sender.taken;
                cr_expect(p.sender.is_lost || p.sender.dones == cases[which].count,
                          "%s cut after %zu", cases[which].name, cut);
                finish(&p);
            }
            cr_expect_gt(total, 200);
            cr_expect_gt(lost_replies, 0, "the case of the lost 250 came up");
        }
}
