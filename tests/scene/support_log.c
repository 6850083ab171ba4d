#include "tests/scene/support_log.h"

#include <stdio.h>
#include <string.h>

#include "sim/base/vtime.h"

#define ADD(story, kind, upper, ...)                                                               \
    log_add(&(story)->log, (story)->t, last(story), EVENT_##upper, 0,                              \
            &(struct event_##kind){__VA_ARGS__})
#define T(text) story_text(s, text)

static uint32_t last(const struct story *s)
{
    return log_count(&s->log) ? log_count(&s->log) - 1 : 0;
}

uint32_t story_text(struct story *s, const char *text)
{
    return log_intern(&s->log, slice_of(text));
}

static uint32_t host(struct story *s, const char *id, const char *name, const char *addr,
                     const char *admd, uint32_t x, uint32_t y)
{
    ADD(s, host, HOST, T(id), T(name), T(addr), T(admd), x, y);
    return log_place_count(&s->log);
}

static uint32_t agent(struct story *s, const char *id, uint32_t at, const char *role,
                      const char *user, const char *listen)
{
    ADD(s, agent, AGENT, T(id), at, T(role), T(user), T(listen));
    return log_place_count(&s->log);
}

static void link(struct story *s, uint32_t a, uint32_t b)
{
    char id[64];
    struct slice na = log_place_name(&s->log, a), nb = log_place_name(&s->log, b);
    snprintf(id, sizeof id, "%.*s:%.*s", SLICE_ARG(na), SLICE_ARG(nb));
    ADD(s, link, LINK, T(id), a, b, 20000, 0, 0);
}

static void hosts(struct story *s, bool p)
{
    const uint32_t no = EVENT_UNSET;
    s->pc_alice = host(s, "pc-alice", "pc-alice.example.com", "198.51.100.10", "aster", p ? 60 : no,
                       p ? 600 : no);
    s->submit = host(s, "submit", "submit.example.com", "198.51.100.25", "aster", p ? 260 : no,
                     p ? 600 : no);
    s->out =
        host(s, "out", "out.example.com", "198.51.100.26", "aster", p ? 430 : no, p ? 600 : no);
    s->dns = host(s, "dns", "dns.example.net", "192.0.2.53", "", p ? 500 : no, p ? 100 : no);
    s->mx1 = host(s, "mx1", "mx1.example.org", "203.0.113.25", "birch", p ? 700 : no, p ? 600 : no);
    s->pc_bob = host(s, "pc-bob", "pc-bob.example.org", "203.0.113.10", "birch", p ? 940 : no,
                     p ? 600 : no);
}

void story_world(struct story *s, bool has_positions)
{
    *s = (struct story){0};
    log_init(&s->log);
    ADD(s, run, RUN, T("Two towns"), T("1"), (uint32_t)VTIME_DEFAULT_EPOCH_S, T("mailflow"));
    ADD(s, topology, TOPOLOGY, T("{}"));
    ADD(s, admd, ADMD, T("aster"), T("Aster College"), 0);
    ADD(s, admd, ADMD, T("birch"), T("Birch Institute"), 0);
    hosts(s, has_positions);
    s->alice = agent(s, "mua-alice", s->pc_alice, "mua", "alice@example.com", "");
    s->msa = agent(s, "msa-submit", s->submit, "msa", "", "587");
    s->mta_out = agent(s, "mta-out", s->out, "mta", "", "25");
    s->name_server = agent(s, "ns", s->dns, "dns", "", "53");
    s->mta_mx1 = agent(s, "mta-mx1", s->mx1, "mta", "", "25");
    s->mda = agent(s, "mda-mx1", s->mx1, "mda", "", "");
    s->store = agent(s, "store-mx1", s->mx1, "store", "", "");
    s->access = agent(s, "access-mx1", s->mx1, "access", "", "110");
    s->bob = agent(s, "mua-bob", s->pc_bob, "mua", "bob@example.org", "");
    link(s, s->pc_alice, s->submit);
    link(s, s->submit, s->out);
    link(s, s->out, s->dns);
    link(s, s->out, s->mx1);
    link(s, s->mx1, s->pc_bob);
    ADD(s, palette, PALETTE, T("mx1-off"), T("mx1 is switched off"), T("host-down"), T("mx1"));
}

/* ---- connections ---- */

static void segment(struct story *s, uint32_t conn, bool back, uint16_t flags, const char *data,
                    uint32_t msg)
{
    uint32_t *seq = &s->segment_seq[conn % 32 * 2 + back];
    struct event_tcp_segment e = {conn, *seq, 0, data[0] ? T(data) : 0, 20000, msg};
    *seq += (uint32_t)strlen(data) + 1;
    log_add(&s->log, s->t, last(s), EVENT_TCP_SEGMENT,
            (uint16_t)(flags | (back ? EVENT_SEGMENT_BACK : 0)), &e);
    s->t += 20 * VTIME_MS;
}

static uint32_t connect_to(struct story *s, uint32_t from, uint32_t to, uint32_t port,
                           const char *path)
{
    uint32_t conn = ++s->conns;
    ADD(s, tcp_connect, TCP_CONNECT, conn, from, to, port, 49152 + conn, T(path));
    segment(s, conn, false, EVENT_SEGMENT_SYN, "", 0);
    segment(s, conn, true, EVENT_SEGMENT_SYN | EVENT_SEGMENT_ACK, "", 0);
    ADD(s, tcp_open, TCP_OPEN, conn, T("ok"));
    return conn;
}

static void close_conn(struct story *s, uint32_t conn)
{
    segment(s, conn, false, EVENT_SEGMENT_FIN | EVENT_SEGMENT_ACK, "", 0);
    segment(s, conn, true, EVENT_SEGMENT_FIN | EVENT_SEGMENT_ACK, "", 0);
    ADD(s, tcp_close, TCP_CLOSE, conn, T("closed"));
}

static void command(struct story *s, uint32_t conn, const char *verb, const char *arg, uint32_t msg)
{
    char line[256];
    snprintf(line, sizeof line, "%s%s%s\r\n", verb, arg[0] ? " " : "", arg);
    segment(s, conn, false, EVENT_SEGMENT_PSH | EVENT_SEGMENT_ACK, line, msg);
    if (log_conn(&s->log, conn)->port == 110)
        ADD(s, pop_cmd, POP_CMD, conn, T(verb), T(arg), msg);
    else
        ADD(s, smtp_cmd, SMTP_CMD, conn, T(verb), T(arg), msg);
}

static void reply(struct story *s, uint32_t conn, const char *verb, uint32_t code, const char *esc,
                  const char *text, uint32_t msg)
{
    char line[512];
    snprintf(line, sizeof line, "%u %s %s\r\n", (unsigned)code, esc, text);
    segment(s, conn, true, EVENT_SEGMENT_PSH | EVENT_SEGMENT_ACK, line, msg);
    ADD(s, smtp_reply, SMTP_REPLY, conn, T(verb), code, T(esc), T(text), msg);
}

static void pop_answer(struct story *s, uint32_t conn, const char *verb, const char *text,
                       uint32_t msg)
{
    segment(s, conn, true, EVENT_SEGMENT_PSH | EVENT_SEGMENT_ACK, text, msg);
    ADD(s, pop_reply, POP_REPLY, conn, T(verb), 1, T(text), msg);
}

/* ---- mail ---- */

static const char *header_at(int hops)
{
    static const char *const text[4] = {
        "From: Alice <alice@example.com>\r\nTo: bob@example.org\r\nSubject: Hello\r\n\r\n",
        "Received: from pc-alice.example.com (pc-alice.example.com [198.51.100.10])\r\n"
        "\tby submit.example.com with ESMTPA id q1\r\n\tfor <bob@example.org>; "
        "Mon, 3 Mar 2025 09:00:00 +0000\r\n"
        "From: Alice <alice@example.com>\r\nTo: bob@example.org\r\nSubject: Hello\r\n"
        "Date: Mon, 3 Mar 2025 09:00:00 +0000\r\nMessage-ID: <1@submit.example.com>\r\n\r\n",
        "Received: from submit.example.com (submit.example.com [198.51.100.25])\r\n"
        "\tby out.example.com with ESMTP id q2\r\n\tfor <bob@example.org>; Mon, 3 Mar 2025 "
        "09:00:01 +0000\r\n"
        "Received: from pc-alice.example.com (pc-alice.example.com [198.51.100.10])\r\n"
        "\tby submit.example.com with ESMTPA id q1\r\n\tfor <bob@example.org>; "
        "Mon, 3 Mar 2025 09:00:00 +0000\r\n"
        "From: Alice <alice@example.com>\r\nTo: bob@example.org\r\nSubject: Hello\r\n\r\n",
        "Received: from out.example.com (out.example.com [198.51.100.26])\r\n"
        "\tby mx1.example.org with ESMTP id q3\r\n\tfor <bob@example.org>; Mon, 3 Mar 2025 "
        "09:00:02 +0000\r\n"
        "Received: from submit.example.com (submit.example.com [198.51.100.25])\r\n"
        "\tby out.example.com with ESMTP id q2\r\n\tfor <bob@example.org>; Mon, 3 Mar 2025 "
        "09:00:01 +0000\r\n"
        "Received: from pc-alice.example.com (pc-alice.example.com [198.51.100.10])\r\n"
        "\tby submit.example.com with ESMTPA id q1\r\n\tfor <bob@example.org>; "
        "Mon, 3 Mar 2025 09:00:00 +0000\r\n"
        "From: Alice <alice@example.com>\r\nTo: bob@example.org\r\nSubject: Hello\r\n\r\n",
    };
    return text[hops];
}

/* One SMTP connection that hands the message from one server's place to the next. */
static uint32_t smtp_hop(struct story *s, uint32_t from, uint32_t to, uint32_t port,
                         const char *path, uint32_t msg, int hops)
{
    uint32_t conn = connect_to(s, from, to, port, path);
    reply(s, conn, "CONNECT", 220, "", "ESMTP ready", 0);
    command(s, conn, "EHLO", "client.example.com", 0);
    reply(s, conn, "EHLO", 250, "", "greets you", 0);
    command(s, conn, "MAIL", "FROM:<alice@example.com>", msg);
    reply(s, conn, "MAIL", 250, "2.1.0", "sender ok", msg);
    command(s, conn, "RCPT", "TO:<bob@example.org>", msg);
    reply(s, conn, "RCPT", 250, "2.1.5", "recipient ok", msg);
    command(s, conn, "DATA", "", msg);
    reply(s, conn, "DATA", 354, "", "go ahead", msg);
    segment(s, conn, false, EVENT_SEGMENT_PSH | EVENT_SEGMENT_ACK, header_at(hops - 1), msg);
    ADD(s, accept, ACCEPT, to, msg, conn, T("q"), T(header_at(hops)), T("Hello Bob\r\n"));
    ADD(s, queue_add, QUEUE_ADD, to, msg, 0, T("q"), T("bob@example.org"), T("alice@example.com"));
    reply(s, conn, "DOT", 250, "2.0.0", "taken", msg);
    return conn;
}

static void ask_dns(struct story *s)
{
    struct event_udp_datagram e = {s->mta_out,    s->name_server, 53,
                                   T("question"), 20000,          T("out dns")};
    log_add(&s->log, s->t, last(s), EVENT_UDP_DATAGRAM, 0, &e);
    s->t += 20 * VTIME_MS;
    ADD(s, dns_query, DNS_QUERY, s->mta_out, s->name_server, T("example.org"), T("MX"), 1);
    struct event_udp_datagram answer = {s->name_server, s->mta_out, 53,
                                        T("answer"),    20000,      T("dns out")};
    log_add(&s->log, s->t, last(s), EVENT_UDP_DATAGRAM, 0, &answer);
    s->t += 20 * VTIME_MS;
    ADD(s, dns_answer, DNS_ANSWER, s->name_server, s->mta_out, T("example.org"), T("MX"),
        T("NOERROR"), T("10 mx1.example.org"));
}

static void hand_on(struct story *s, uint32_t at, uint32_t to, uint32_t msg, uint32_t conn,
                    bool is_submit)
{
    if (is_submit)
        ADD(s, submit, SUBMIT, at, msg, T("bob@example.org"), conn);
    else {
        ADD(s, relay, RELAY, at, msg, T("bob@example.org"), to, conn);
        ADD(s, queue_remove, QUEUE_REMOVE, at, msg, T("q"));
    }
    command(s, conn, "QUIT", "", 0);
    reply(s, conn, "QUIT", 221, "2.0.0", "bye", 0);
    close_conn(s, conn);
}

static void fetch_mail(struct story *s, uint32_t msg)
{
    uint32_t conn = connect_to(s, s->bob, s->access, 110, "pc-bob mx1");
    pop_answer(s, conn, "CONNECT", "+OK ready", 0);
    command(s, conn, "USER", "bob", 0);
    pop_answer(s, conn, "USER", "+OK", 0);
    command(s, conn, "RETR", "1", msg);
    pop_answer(s, conn, "RETR", header_at(3), msg);
    ADD(s, fetch, FETCH, s->bob, msg, T("bob@example.org/INBOX"), T("POP3"), T(header_at(3)),
        T("Hello Bob\r\n"));
    command(s, conn, "QUIT", "", 0);
    pop_answer(s, conn, "QUIT", "+OK bye", 0);
    close_conn(s, conn);
}

static void one_mail(struct story *s, bool is_fetched)
{
    uint32_t msg = (uint32_t)s->log.msgs.count + 1;
    ADD(s, message, MESSAGE, s->alice, msg, T("alice@example.com"), T("bob@example.org"),
        T("Hello"), T(header_at(0)));
    uint32_t conn = smtp_hop(s, s->alice, s->msa, 587, "pc-alice submit", msg, 1);
    hand_on(s, s->alice, s->msa, msg, conn, true);
    conn = smtp_hop(s, s->msa, s->mta_out, 25, "submit out", msg, 2);
    hand_on(s, s->msa, s->mta_out, msg, conn, false);
    ask_dns(s);
    conn = smtp_hop(s, s->mta_out, s->mta_mx1, 25, "out mx1", msg, 3);
    hand_on(s, s->mta_out, s->mta_mx1, msg, conn, false);
    ADD(s, relay, RELAY, s->mta_mx1, msg, T("bob@example.org"), s->mda, 0);
    ADD(s, queue_remove, QUEUE_REMOVE, s->mta_mx1, msg, T("q"));
    ADD(s, deliver, DELIVER, s->store, msg, T("bob@example.org/INBOX"), T("bob@example.org"),
        T(header_at(3)), T("Hello Bob\r\n"));
    if (is_fetched) {
        s->t += 10 * VTIME_MIN;
        fetch_mail(s, msg);
    }
}

void story_first_mail(struct story *s)
{
    one_mail(s, true);
}

void story_many_mails(struct story *s, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        one_mail(s, i % 3 == 0);
        s->t += VTIME_S;
    }
}

void story_dead_host(struct story *s)
{
    uint32_t msg = (uint32_t)s->log.msgs.count + 1, notice = msg + 1;
    ADD(s, fault, FAULT, T("mx1-off"), T("on"), T("host-down"), T("mx1"), T(""));
    ADD(s, crash, CRASH, s->mx1);
    ADD(s, message, MESSAGE, s->alice, msg, T("alice@example.com"), T("bob@example.org"),
        T("Hello"), T(header_at(0)));
    uint32_t conn = smtp_hop(s, s->alice, s->mta_out, 25, "pc-alice submit out", msg, 1);
    hand_on(s, s->alice, s->mta_out, msg, conn, true);
    conn = ++s->conns;
    ADD(s, queue_try, QUEUE_TRY, s->mta_out, msg, 1, T("q"), T("bob@example.org"));
    ADD(s, tcp_connect, TCP_CONNECT, conn, s->mta_out, s->mta_mx1, 25, 49152, T("out mx1"));
    segment(s, conn, false, EVENT_SEGMENT_SYN, "", 0);
    ADD(s, tcp_lost, TCP_LOST, conn, s->mta_out, s->mta_mx1, 0, 0);
    s->t += 30 * VTIME_S;
    ADD(s, tcp_open, TCP_OPEN, conn, T("timeout"));
    ADD(s, queue_defer, QUEUE_DEFER, s->mta_out, msg, 1, 1800, T("bob@example.org"),
        T("no answer"));
    s->t += 5 * VTIME_DAY;
    ADD(s, queue_giveup, QUEUE_GIVEUP, s->mta_out, msg, 2, T("q"), T("bob@example.org"),
        T("no answer"));
    ADD(s, message, MESSAGE, s->mta_out, notice, T("<>"), T("alice@example.com"), T("Undelivered"),
        T("\r\n"));
    ADD(s, dsn, DSN, s->mta_out, msg, notice, T("alice@example.com"), T("failed"), T("4.4.1"));
    ADD(s, queue_remove, QUEUE_REMOVE, s->mta_out, msg, T("q"));
}

void story_crowd(struct story *s, uint32_t leaves)
{
    *s = (struct story){0};
    log_init(&s->log);
    ADD(s, run, RUN, T("Crowd"), T("1"), (uint32_t)VTIME_DEFAULT_EPOCH_S, T("mailflow"));
    s->out = host(s, "hub", "hub.example.net", "192.0.2.1", "", EVENT_UNSET, EVENT_UNSET);
    for (uint32_t i = 0; i < leaves; i++) {
        char id[32], addr[32];
        snprintf(id, sizeof id, "pc-%u", (unsigned)i);
        snprintf(addr, sizeof addr, "10.0.%u.%u", (unsigned)(i / 250), (unsigned)(i % 250));
        link(s, s->out, host(s, id, id, addr, "", EVENT_UNSET, EVENT_UNSET));
    }
}

void story_finish(struct story *s)
{
    log_finish(&s->log);
}
