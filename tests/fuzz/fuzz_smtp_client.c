/*
 * An SMTP client fed with anything that a server might say. The first octet chooses the way, the
 * second into how large pieces the rest is cut. It must end, with one last event, and tell of a
 * success only when a recipient was accepted.
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
static const struct smtp_client_transaction transactions[] = {
    {.reverse_path = {"alice@example.com", 17},
     .forward_paths = paths,
     .recipient_count = 3,
     .header = {"A: b\r\n\r\n", 8},
     .body = {".\nx", 3}},
    {.forward_paths = paths, .recipient_count = 1, .header = {"\r\n", 2}, .is_8bit = true},
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > INPUT_MAX)
        return 0;
    struct slice input = {(const char *)data + 2, size - 2};
    const struct smtp_client_options options = {.hostname = SLICE("out.example.com"),
                                                .user = data[0] & 1 ? SLICE("alice") : SLICE(""),
                                                .password = SLICE("secret")};
    struct smtp_client c;
    struct tally t = {0};
    size_t piece = 1 + data[1];
    smtp_client_init(&c, &options);
    for (size_t at = 0; at < input.size && !c.base.is_closing; at += piece) {
        check(session_feed(&c.base, slice_part(input, at, at + piece)));
        run(&c, &t);
        for (struct slice out; (out = session_to_send(&c.base)).size > 0;)
            session_sent(&c.base, out.size);
    }
    c.base.is_eof = true;
    run(&c, &t);
    check(t.ends == 1 && c.state == SMTP_CLIENT_STATE_CLOSED && c.base.is_closing);
    smtp_client_finish(&c);
    return 0;
}
