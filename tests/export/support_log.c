#include "support_log.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/vtime.h"

uint32_t support_text(struct log *log, const char *text)
{
    return log_intern(log, slice_of(text));
}

#define T(s) support_text(log, s)
#define ADD_FLAGS(ms, upper, lower, flags, ...)                                                    \
    log_add(log, (ms)*VTIME_MS, log->count ? log->count - 1 : 0, EVENT_##upper, flags,             \
            &(struct event_##lower){__VA_ARGS__})
#define ADD(ms, upper, lower, ...) ADD_FLAGS(ms, upper, lower, 0, __VA_ARGS__)

enum {
    PC_ALICE = 1,
    OUT,
    DNS,
    MX,
    PC_BOB,
    MUA_ALICE,
    MTA_OUT,
    NS,
    MTA_MX,
    MDA_MX,
    POP_MX,
    MUA_BOB
};

static void add_host(struct log *log, const char *id, const char *addr, uint32_t x)
{
    ADD(0, HOST, host, T(id), T(id), T(addr), 0, x, x == EVENT_UNSET ? x : 500);
}

static void add_world(struct log *log)
{
    ADD(0, RUN, run, T("Half an hour"), T("1"), VTIME_DEFAULT_EPOCH_S, T("mailflow"));
    add_host(log, "pc-alice", "198.51.100.10", 50);
    add_host(log, "out", "198.51.100.26", 300);
    add_host(log, "dns", "192.0.2.53", 500);
    add_host(log, "mx", "203.0.113.25", 700);
    add_host(log, "pc-bob", "203.0.113.10", 950);
    ADD(0, AGENT, agent, T("mua-alice"), PC_ALICE, T("mua"), T("alice@example.com"), 0);
    ADD(0, AGENT, agent, T("mta-out"), OUT, T("mta"), 0, T("25"));
    ADD(0, AGENT, agent, T("ns"), DNS, T("dns"), 0, T("53"));
    ADD(0, AGENT, agent, T("mta-mx"), MX, T("mta"), 0, T("25"));
    ADD(0, AGENT, agent, T("mda-mx"), MX, T("mda"), 0, 0);
    ADD(0, AGENT, agent, T("pop-mx"), MX, T("access"), 0, T("110"));
    ADD(0, AGENT, agent, T("mua-bob"), PC_BOB, T("mua"), T("bob@example.org"), 0);
    ADD(0, LINK, link, T("out-mx"), OUT, MX, 20000, 0, 0);
}

static void add_segment(struct log *log, int64_t ms, uint32_t conn, unsigned flags,
                        const char *data, uint32_t msg)
{
    ADD_FLAGS(ms, TCP_SEGMENT, tcp_segment, (uint16_t)(flags | EVENT_SEGMENT_ACK), conn, 1, 1,
              T(data), 20000, msg);
}

static void add_cmd(struct log *log, int64_t ms, uint32_t conn, const char *verb, const char *arg,
                    const char *line, uint32_t msg)
{
    add_segment(log, ms - 20, conn, 0, line, msg);
    ADD(ms, SMTP_CMD, smtp_cmd, conn, T(verb), T(arg), msg);
}

static void add_reply(struct log *log, int64_t ms, uint32_t conn, const char *verb, uint32_t code,
                      const char *esc, const char *said, const char *line, uint32_t msg)
{
    add_segment(log, ms - 20, conn, EVENT_SEGMENT_BACK, line, msg);
    ADD(ms, SMTP_REPLY, smtp_reply, conn, T(verb), code, T(esc), T(said), msg);
}

#define HEADER "From: <alice@example.com>\r\nSubject: Hello\r\n\r\n"
#define TRACE "Received: from out by mx with ESMTP id X1\r\n"
#define BODY "Dear Bob,\r\n\r\n=1+1\r\n"

static void add_submission(struct log *log)
{
    ADD(0, INPUT, input, T("send from=alice@example.com to=bob@example.org subject=Hello"));
    ADD(0, MESSAGE, message, MUA_ALICE, 1, T("alice@example.com"), T("bob@example.org"), T("Hello"),
        T(HEADER BODY));
    ADD(0, TCP_CONNECT, tcp_connect, 1, MUA_ALICE, MTA_OUT, 25, 49152, T("pc-alice out"));
    ADD(40, TCP_OPEN, tcp_open, 1, T("ok"));
    add_reply(log, 60, 1, "CONNECT", 220, "", "out ESMTP", "220 out ESMTP\r\n", 0);
    add_cmd(log, 80, 1, "EHLO", "pc-alice", "EHLO pc-alice\r\n", 0);
    add_reply(log, 100, 1, "EHLO", 250, "", "out\nPIPELINING\nSIZE 1000",
              "250-out\r\n250-PIPELINING\r\n250 SIZE 1000\r\n", 0);
    add_cmd(log, 120, 1, "MAIL", "FROM:<alice@example.com>", "MAIL FROM:<alice@example.com>\r\n",
            1);
    add_reply(log, 140, 1, "MAIL", 250, "2.1.0", "sender ok", "250 2.1.0 sender ok\r\n", 1);
    add_cmd(log, 160, 1, "RCPT", "TO:<bob@example.org>", "RCPT TO:<bob@example.org>\r\n", 1);
    add_reply(log, 180, 1, "RCPT", 250, "2.1.5", "recipient ok", "250 2.1.5 recipient ok\r\n", 1);
    add_cmd(log, 200, 1, "DATA", "", "DATA\r\n", 1);
    add_reply(log, 220, 1, "DATA", 354, "", "go on", "354 go on\r\n", 1);
    add_segment(log, 220, 1, 0, HEADER, 1);
    add_segment(log, 220, 1, 0, BODY, 1);
    add_segment(log, 220, 1, EVENT_SEGMENT_AGAIN, BODY, 1);
    add_segment(log, 220, 1, 0, ".\r\n", 1);
    ADD(240, ACCEPT, accept, MTA_OUT, 1, 1, T("A1"), T(HEADER), T(BODY));
    ADD(240, QUEUE_ADD, queue_add, MTA_OUT, 1, 1, T("A1"), T("bob@example.org"),
        T("alice@example.com"));
    add_reply(log, 260, 1, "DOT", 250, "2.0.0", "queued as A1", "250 2.0.0 queued as A1\r\n", 1);
    ADD(260, SUBMIT, submit, MUA_ALICE, 1, T("bob@example.org"), 1);
    ADD(300, TCP_CLOSE, tcp_close, 1, T("closed"));
}

static void add_failure(struct log *log)
{
    ADD(300, QUEUE_TRY, queue_try, MTA_OUT, 1, 1, T("A1"), T("bob@example.org"));
    ADD(320, DNS_QUERY, dns_query, MTA_OUT, NS, T("example.org"), T("MX"), 7);
    ADD(340, DNS_ANSWER, dns_answer, NS, MTA_OUT, T("example.org"), T("MX"), T("NOERROR"),
        T("10 mx.example.org"));
    ADD(340, TCP_CONNECT, tcp_connect, 2, MTA_OUT, MTA_MX, 25, 49152, T("out mx"));
    ADD(380, TCP_OPEN, tcp_open, 2, T("refused"));
    ADD(380, TCP_CLOSE, tcp_close, 2, T("reset"));
    ADD(380, QUEUE_DEFER, queue_defer, MTA_OUT, 1, 1, 1800, T("bob@example.org"),
        T("connection refused"));
    ADD(1000, FAULT, fault, T("mx-off"), T("off"), T("host-down"), T("mx"), T(""));
    ADD(1000, BOOT, boot, MX);
}

/* What a hostile server says stands in the trace as it came. */
#define HOSTILE "4.2.0 later \x1b[31m\xe2\x80\xae"

static void add_delivery(struct log *log)
{
    int64_t later = 1800380;
    ADD(later, QUEUE_TRY, queue_try, MTA_OUT, 1, 2, T("A1"), T("bob@example.org"));
    ADD(later, TCP_CONNECT, tcp_connect, 3, MTA_OUT, MTA_MX, 25, 49153, T("out mx"));
    ADD(later + 30, TCP_LOST, tcp_lost, 3, MTA_OUT, MTA_MX, 1, 1);
    ADD(later + 40, TCP_OPEN, tcp_open, 3, T("ok"));
    add_reply(log, later + 60, 3, "CONNECT", 451, "4.2.0", HOSTILE, "451 " HOSTILE "\r\n", 1);
    ADD(later + 80, ACCEPT, accept, MTA_MX, 1, 3, T("X1"), T(TRACE HEADER), T(BODY));
    ADD(later + 80, QUEUE_ADD, queue_add, MTA_MX, 1, 1, T("X1"), T("bob@example.org"),
        T("alice@example.com"));
    ADD(later + 80, DELIVER, deliver, MDA_MX, 1, T("bob@example.org/INBOX"), T("bob@example.org"),
        T(TRACE HEADER), T(BODY));
    ADD(later + 80, QUEUE_REMOVE, queue_remove, MTA_MX, 1, T("X1"));
    ADD(later + 100, RELAY, relay, MTA_OUT, 1, T("bob@example.org"), MTA_MX, 3);
    ADD(later + 100, QUEUE_REMOVE, queue_remove, MTA_OUT, 1, T("A1"));
}

static void add_fetch(struct log *log)
{
    int64_t later = 1800380 + 90000;
    ADD(later, TCP_CONNECT, tcp_connect, 4, MUA_BOB, POP_MX, 110, 49152, T("pc-bob mx"));
    ADD(later + 40, TCP_OPEN, tcp_open, 4, T("ok"));
    add_segment(log, later + 100, 4, 0, "RETR 1\r\n", 0);
    ADD(later + 120, POP_CMD, pop_cmd, 4, T("RETR"), T("1"), 1);
    add_segment(log, later + 120, 4, EVENT_SEGMENT_BACK, "+OK 110 octets\r\n", 1);
    add_segment(log, later + 120, 4, EVENT_SEGMENT_BACK, TRACE HEADER, 1);
    add_segment(log, later + 120, 4, EVENT_SEGMENT_BACK, BODY ".\r\n", 1);
    ADD(later + 140, POP_REPLY, pop_reply, 4, T("RETR"), 1, T("110 octets"), 1);
    ADD(later + 140, FETCH, fetch, MUA_BOB, 1, T("bob@example.org/INBOX"), T("POP3"),
        T(TRACE HEADER), T(BODY));
}

void support_log_make(struct log *log)
{
    log_init(log);
    add_world(log);
    add_submission(log);
    add_failure(log);
    add_delivery(log);
    add_fetch(log);
}

void support_log_make_within(struct log *log)
{
    log_init(log);
    ADD(0, RUN, run, T("One host"), T("1"), VTIME_DEFAULT_EPOCH_S, T("mailflow"));
    add_host(log, "box", "192.0.2.1", EVENT_UNSET);
    ADD(0, AGENT, agent, T("mua"), 1, T("mua"), 0, 0);
    ADD(0, AGENT, agent, T("mta"), 1, T("mta"), 0, T("25"));
    ADD(0, TCP_CONNECT, tcp_connect, 1, 2, 3, 25, 49152, T("box"));
    ADD(0, TCP_OPEN, tcp_open, 1, T("ok"));
    add_cmd(log, 20, 1, "NOOP", "", "NOOP\r\n", 0);
    ADD(86400000, REJECT, reject, 3, 0, 550, 0, T("x@example.org"), T("no such user"));
}

void support_log_make_wide(struct log *log, int count)
{
    log_init(log);
    ADD(0, RUN, run, 0, T("1"), VTIME_DEFAULT_EPOCH_S, T("mailflow"));
    for (int i = 1; i <= count; i++) {
        char id[32];
        snprintf(id, sizeof id, "host-%d", i);
        add_host(log, id, "192.0.2.1", EVENT_UNSET);
    }
    for (uint32_t i = 1; i < (uint32_t)count; i++)
        ADD(i, DNS_QUERY, dns_query, i, i + 1, T("example.org"), T("MX"), 1);
}

char *support_write(support_writer *write, const struct log *log,
                    const struct export_options *options, size_t *size)
{
    char *text = NULL;
    struct problem problem = {0};
    FILE *out = open_memstream(&text, size);
    bool ok = write(log, out, options, &problem);
    fclose(out);
    if (ok)
        return text;
    free(text);
    return NULL;
}

static char *read_golden(const char *path, size_t *size)
{
    FILE *in = fopen(path, "rb");
    char *text = NULL;
    FILE *copy = open_memstream(&text, size);
    for (int c; in && (c = getc(in)) != EOF;)
        putc(c, copy);
    fclose(copy);
    if (in)
        fclose(in);
    return text;
}

void support_expect_golden(const char *name, const char *text, size_t size)
{
    char path[512];
    size_t golden_size;
    snprintf(path, sizeof path, "%s/tests/golden/%s", SOURCE_DIR, name);
    if (getenv("UPDATE_GOLDEN")) {
        FILE *out = fopen(path, "wb");
        cr_assert(out && fwrite(text, 1, size, out) == size);
        fclose(out);
        return;
    }
    char *golden = read_golden(path, &golden_size);
    size_t at = 0, line = 1;
    while (at < size && at < golden_size && text[at] == golden[at])
        line += text[at++] == '\n';
    cr_expect(size == golden_size && at == size, "%s:%zu differs; written now: %.*s", name, line,
              (int)strcspn(text + at, "\n"), text + at);
    free(golden);
}
