/*
 * An SMTP or LMTP client fed with anything that a server might say. The first octet chooses the way
 * (login, TLS, chunks, LMTP, mechanism), the second into how large pieces the rest is cut. It must
 * end, with one last event, tell of a success only when a recipient was accepted, and never send
 * anything but whole lines outside of a chunk.
 */
#include "agents/proto/smtp_client.h"

#include "sim/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 16 * 1024 };

struct tally {
    size_t given, dones, ends, accepted;
};

static const struct slice paths[] = {
    {"bob@example.org", 15}, {"no path", 7}, {"bea@example.org", 15}};
static const struct smtp_client_notify notify[] = {
    {SMTP_NOTIFY_SUCCESS | SMTP_NOTIFY_FAILURE, {"rfc822;\r\nQUIT", 13}},
    {SMTP_NOTIFY_NEVER, {"", 0}},
    {0, {"", 0}}};
static const struct smtp_client_transaction transactions[] = {
    {.reverse_path = {"alice@example.com", 17},
     .forward_paths = paths,
     .recipient_count = 3,
     .header = {"A: b\r\n\r\n", 8},
     .body = {".\nx", 3},
     .ret = SMTP_RETURN_FULL,
     .envid = {"a b\r\n", 5},
     .notify = notify},
    {.forward_paths = paths,
     .recipient_count = 1,
     .header = {"\r\n", 2},
     .is_8bit = true,
     .is_utf8 = true},
};

static void on_ready(struct smtp_client *c, struct tally *t)
{
    check(t->dones == t->given);
    t->accepted = 0;
    if (t->given < 2)
        smtp_client_send(c, &transactions[t->given++]);
    else
        smtp_client_quit(c);
}

static void run(struct smtp_client *c, struct tally *t)
{
    struct smtp_client_event e;
    while (smtp_client_next(c, &e)) {
        bool is_yes = e.reply.code / 100 == 2;
        check(t->ends == 0);
        check(slice_find_octet(e.reply.text, '\r', 0) == SLICE_NONE);
        switch (e.kind) {
        case SMTP_CLIENT_REPLY:
            check(e.reply.code >= 200 && e.reply.code <= 599);
            break;
        case SMTP_CLIENT_READY:
            on_ready(c, t);
            break;
        case SMTP_CLIENT_RECIPIENT:
            check(t->given > 0 && e.recipient < transactions[t->given - 1].recipient_count);
            t->accepted += is_yes;
            break;
        case SMTP_CLIENT_DONE:
            t->dones++;
            check(t->dones == t->given && (!is_yes || t->accepted > 0));
            break;
        case SMTP_CLIENT_FAILED:
        case SMTP_CLIENT_CLOSED:
            t->ends++;
            break;
        }
    }
}

static struct smtp_client_options options_of(unsigned way)
{
    return (struct smtp_client_options){
        .hostname = SLICE("out.example.com"),
        .is_lmtp = way & 2,
        .tls = way & 4 ? SESSION_TLS_POLICY_IF_OFFERED : SESSION_TLS_POLICY_NEVER,
        .user = way & 1 ? SLICE("alice") : SLICE(""),
        .password = SLICE("secret"),
        .mechanism = (enum sasl_mechanism)(way >> 4 & 3),
        .allows_clear = true,
        .nonce = SLICE("fyko+d2lbbFgONRv9qkxdawL"),
        .chunk_octets = way & 8 ? 4 : 0,
    };
}

/* As a pump would: what is left goes out, then TLS is there if it was wanted. */
static void send_all(struct smtp_client *c)
{
    for (struct slice out; (out = session_to_send(&c->base)).size > 0;) {
        check(c->state == SMTP_CLIENT_STATE_BDAT || slice_ends(out, SLICE("\r\n")));
        session_sent(&c->base, out.size);
    }
    if (c->base.tls == SESSION_TLS_WANTED) {
        check(bytes_size(&c->base.in) == 0);
        c->base.tls = SESSION_TLS_ON;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > INPUT_MAX)
        return 0;
    struct slice input = {(const char *)data + 2, size - 2};
    const struct smtp_client_options options = options_of(data[0]);
    struct smtp_client c;
    struct tally t = {0};
    size_t piece = 1 + data[1];
    smtp_client_init(&c, &options);
    for (size_t at = 0; at < input.size && !c.base.is_closing; at += piece) {
        check(session_feed(&c.base, slice_part(input, at, at + piece)));
        run(&c, &t);
        send_all(&c);
    }
    c.base.is_eof = true;
    run(&c, &t);
    check(t.ends == 1 && c.state == SMTP_CLIENT_STATE_CLOSED && c.base.is_closing);
    smtp_client_finish(&c);
    return 0;
}
