#include "lessons/flow.h"

#include <criterion/criterion.h>

#include "sim/base/vtime.h"

/* Alice's PC, a server with MTA, store and access server, Bob's PC; a robot that fetches and posts
   on the server itself. */
enum { PC = 1, MUA, SERVER, MTA, STORE, ACCESS, BOB, READER, MRA, WEB, WEBMAIL };
enum { M = 1 };

static struct log trace;

static uint32_t text(const char *s)
{
    return log_intern(&trace, slice_of(s));
}

#define ADD(cause, KIND, kind, ...)                                                                \
    log_add(&trace, 0, cause, EVENT_##KIND, 0, &(struct event_##kind){__VA_ARGS__})

static void begin(void)
{
    log_init(&trace);
    ADD(0, RUN, run, text("test"), text("1"), 0, text(""));
    ADD(0, HOST, host, text("pc"), text("pc.example"), text("192.0.2.1"), 0, 0, 0);
    ADD(0, AGENT, agent, text("mua"), PC, text("mua"), 0, 0);
    ADD(0, HOST, host, text("server"), text("server.example"), text("192.0.2.2"), 0, 0, 0);
    ADD(0, AGENT, agent, text("mta"), SERVER, text("mta"), 0, 0);
    ADD(0, AGENT, agent, text("store"), SERVER, text("store"), 0, 0);
    ADD(0, AGENT, agent, text("access"), SERVER, text("access"), 0, 0);
    ADD(0, HOST, host, text("bob"), text("bob.example"), text("192.0.2.3"), 0, 0, 0);
    ADD(0, AGENT, agent, text("reader"), BOB, text("mua"), 0, 0);
    ADD(0, AGENT, agent, text("mra"), SERVER, text("mra"), 0, 0);
    ADD(0, HOST, host, text("web"), text("web.example"), text("192.0.2.4"), 0, 0, 0);
    ADD(0, AGENT, agent, text("webmail"), WEB, text("webmail"), 0, 0);
    ADD(0, MESSAGE, message, MUA, M, text("a@x.example"), text("b@y.example"), text("Hi"), 0);
}

static void end(void)
{
    log_finish(&trace);
}

static uint32_t connect(uint32_t from, uint32_t to, uint32_t port)
{
    return ADD(0, TCP_CONNECT, tcp_connect, (uint32_t)trace.conns.count + 1, from, to, port, 40000,
               text(""));
}

static uint32_t accept_at(uint32_t at, uint32_t conn, uint32_t cause)
{
    return ADD(cause, ACCEPT, accept, at, M, conn, text("id"), text(""), text(""));
}

/* Connection 1 brings the message to the server, where it is stored. */
static void bring(void)
{
    connect(MUA, MTA, 25);
    accept_at(MTA, 1, 0);
    ADD(0, DELIVER, deliver, STORE, M, text("b/INBOX"), text("b"), text(""), text(""));
}

Test(flow, who_holds_the_message_and_connects_pushes, .init = begin, .fini = end)
{
    connect(MUA, MTA, 25);
    uint32_t taken = accept_at(MTA, 1, 0);
    cr_expect_eq(flow_of(&trace, taken), FLOW_PUSH);
    /* and so say those that tell of it behind: the giver, and a delivery that came of it */
    uint32_t given = ADD(taken, SUBMIT, submit, MUA, M, text("b"), 1);
    uint32_t stored = ADD(taken, DELIVER, deliver, STORE, M, text("b/INBOX"), text("b"), 0, 0);
    cr_expect_eq(flow_of(&trace, given), FLOW_PUSH);
    cr_expect_eq(flow_of(&trace, stored), FLOW_PUSH);
}

Test(flow, who_wants_the_message_and_connects_pulls, .init = begin, .fini = end)
{
    bring();
    uint32_t open = connect(READER, ACCESS, 110);
    uint32_t cmd = ADD(open, POP_CMD, pop_cmd, 2, text("RETR"), text("1"), M);
    uint32_t got = ADD(cmd, FETCH, fetch, READER, M, text("b/INBOX"), text("pop3"), 0, 0);
    cr_expect_eq(flow_of(&trace, cmd), FLOW_PULL);
    cr_expect_eq(flow_of(&trace, got), FLOW_PULL, "its connection is that of its cause");
}

/* A copy that was fetched before does not make its reader the holder. */
Test(flow, who_fetches_again_pulls_again, .init = begin, .fini = end)
{
    bring();
    for (uint32_t conn = 2; conn <= 3; conn++) {
        uint32_t open = connect(READER, ACCESS, 110);
        uint32_t cmd = ADD(open, POP_CMD, pop_cmd, conn, text("RETR"), text("1"), M);
        uint32_t got = ADD(cmd, FETCH, fetch, READER, M, text("b/INBOX"), text("pop3"), 0, 0);
        cr_expect_eq(flow_of(&trace, cmd), FLOW_PULL);
        cr_expect_eq(flow_of(&trace, got), FLOW_PULL);
    }
}

/* RFC 1985: one side asks for the queue; the other one connects and sends. */
Test(flow, a_queue_that_was_asked_for_is_still_pushed, .init = begin, .fini = end)
{
    bring();
    connect(READER, MTA, 25); /* ETRN goes over this one */
    connect(MTA, READER, 25);
    uint32_t taken = accept_at(READER, 3, 0);
    cr_expect_eq(flow_of(&trace, taken), FLOW_PUSH);
}

/* On one host the agents are told apart. */
Test(flow, on_one_host_agents_count, .init = begin, .fini = end)
{
    ADD(0, FETCH, fetch, MRA, M, text("b/INBOX"), text("pop3"), 0, 0);
    connect(MRA, MTA, 25);
    cr_expect_eq(flow_of(&trace, accept_at(MTA, 1, 0)), FLOW_PUSH);
    ADD(0, DELIVER, deliver, STORE, M, text("b/INBOX"), text("b"), 0, 0);
    uint32_t open = connect(MRA, ACCESS, 110);
    uint32_t got = ADD(open, FETCH, fetch, MRA, M, text("b/INBOX"), text("pop3"), 0, 0);
    cr_expect_eq(flow_of(&trace, got), FLOW_PULL);
}

/* In a loop a message comes back to who had it: what was last counts. */
Test(flow, the_last_holder_before_counts, .init = begin, .fini = end)
{
    bring();
    connect(MTA, READER, 25);
    accept_at(READER, 2, 0);
    connect(READER, MTA, 25);
    cr_expect_eq(flow_of(&trace, accept_at(MTA, 3, 0)), FLOW_PUSH);
}

Test(flow, nothing_is_said_of_what_no_connection_carried, .init = begin, .fini = end)
{
    uint32_t input = ADD(0, INPUT, input, text("fetch by=reader"));
    uint32_t local = ADD(input, DELIVER, deliver, STORE, M, text("b/INBOX"), text("b"), 0, 0);
    cr_expect_eq(flow_of(&trace, local), FLOW_NONE);
    connect(READER, ACCESS, 143);
    uint32_t notice = ADD(0, IMAP_DATA, imap_data, 1, text("EXISTS"), text("1 EXISTS"), 0);
    cr_expect_eq(flow_of(&trace, notice), FLOW_NONE, "a notice carries no message");
}

/* A page and a form: the side that said more had what was transferred. */
static void say(uint32_t conn, bool back, const char *data)
{
    struct event_tcp_segment segment = {conn, 0, 0, text(data), 0, 0};
    log_add(&trace, 0, 0, EVENT_TCP_SEGMENT, back ? EVENT_SEGMENT_BACK : 0, &segment);
}

Test(flow, a_page_is_pulled_and_a_form_is_pushed, .init = begin, .fini = end)
{
    connect(READER, WEBMAIL, 80);
    say(1, false, "GET /inbox HTTP/1.1");
    uint32_t page = ADD(0, HTTP_REQUEST, http_request, 1, text("GET"), text("/inbox"), 0);
    say(1, true, "HTTP/1.1 200 OK <html>a page that is longer than the request</html>");
    say(1, false, "POST /send HTTP/1.1 to=alice&body=a+text+that+somebody+has+typed+and+sends");
    uint32_t form = ADD(0, HTTP_REQUEST, http_request, 1, text("POST"), text("/send"), 0);
    say(1, true, "HTTP/1.1 303 See Other");
    cr_expect_eq(flow_of(&trace, page), FLOW_PULL);
    cr_expect_eq(flow_of(&trace, form), FLOW_PUSH);
}
