/* mailflow bench: SMTP and LMTP, one transaction after the other on one connection. */
#include <string.h>

#include "agents/proto/smtp_client.h"
#include "agents/proto/smtp_server.h"
#include "app/bench_session.h"

enum { MESSAGES = 20000 };

struct smtp_bench {
    struct smtp_client client;
    struct smtp_server server;
    struct smtp_client_transaction transaction;
    uint32_t sent, arrived, taken;
};

static void client_turn(void *context)
{
    struct smtp_bench *b = context;
    struct smtp_client_event e;
    while (smtp_client_next(&b->client, &e))
        switch (e.kind) {
        case SMTP_CLIENT_READY:
            if (b->sent++ < MESSAGES)
                smtp_client_send(&b->client, &b->transaction);
            else
                smtp_client_quit(&b->client);
            break;
        case SMTP_CLIENT_DONE:
            b->taken += e.reply.code == 250;
            break;
        case SMTP_CLIENT_REPLY:
        case SMTP_CLIENT_RECIPIENT:
        case SMTP_CLIENT_FAILED:
        case SMTP_CLIENT_CLOSED:
            break;
        }
}

static void take(struct smtp_bench *b, struct slice content)
{
    struct slice header = bench_header(), body = bench_body();
    b->arrived += content.size == header.size + body.size &&
                  memcmp(content.data + header.size, body.data, body.size) == 0;
}

static void server_turn(void *context)
{
    static const struct smtp_reply ok = {250, {"2.0.0", 5}, {"OK", 2}};
    struct smtp_bench *b = context;
    struct smtp_server_event e;
    while (smtp_server_next(&b->server, &e))
        switch (e.kind) {
        case SMTP_SERVER_MESSAGE:
            take(b, e.content);
            smtp_server_answer(&b->server, &ok);
            break;
        case SMTP_SERVER_HELO:
        case SMTP_SERVER_STARTTLS:
        case SMTP_SERVER_AUTH:
        case SMTP_SERVER_MAIL:
        case SMTP_SERVER_RCPT:
        case SMTP_SERVER_VRFY:
        case SMTP_SERVER_EXPN:
        case SMTP_SERVER_ETRN:
            smtp_server_answer(&b->server, &ok);
            break;
        case SMTP_SERVER_COMMAND:
        case SMTP_SERVER_REPLIED:
        case SMTP_SERVER_SECURED:
        case SMTP_SERVER_AUTH_DONE:
        case SMTP_SERVER_RESET:
        case SMTP_SERVER_QUIT:
            break;
        }
}

/* What is offered is what the simulated MTA offers. */
static void start(struct smtp_bench *b, bool is_lmtp)
{
    static const struct slice bob = {"bob@example.org", 15};
    *b = (struct smtp_bench){.transaction = {.reverse_path = SLICE("alice@example.com"),
                                             .forward_paths = &bob,
                                             .recipient_count = 1,
                                             .header = bench_header(),
                                             .body = bench_body()}};
    smtp_server_init(&b->server, &(struct smtp_server_options){.hostname = SLICE("mx.example.org"),
                                                               .is_lmtp = is_lmtp,
                                                               .size_max = 10 * 1024 * 1024,
                                                               .offers_pipelining = true,
                                                               .offers_8bitmime = true,
                                                               .offers_esc = true,
                                                               .offers_smtputf8 = true,
                                                               .offers_chunking = true,
                                                               .offers_dsn = true});
    smtp_client_init(&b->client, &(struct smtp_client_options){.hostname = SLICE("out.example.com"),
                                                               .is_lmtp = is_lmtp});
    smtp_server_answer(&b->server, &(struct smtp_reply){220, {0}, SLICE("mx.example.org ready")});
}

static bool measure(FILE *out, const char *name, bool is_lmtp, struct problem *problem)
{
    struct smtp_bench b;
    start(&b, is_lmtp);
    struct bench_talk talk = {&b.client.base, &b.server.base, client_turn, server_turn, &b};
    int64_t start_ns = bench_now_ns();
    bool ok = bench_talk_run(&talk) && b.taken == MESSAGES && b.arrived == MESSAGES;
    int64_t took = bench_now_ns() - start_ns;
    smtp_client_finish(&b.client);
    smtp_server_finish(&b.server);
    if (!ok)
        return problem_set(problem, "%s: %u of %d messages arrived, %u were taken", name,
                           (unsigned)b.arrived, MESSAGES, (unsigned)b.taken);
    bench_messages(out, name, MESSAGES, took);
    return true;
}

bool bench_smtp(FILE *out, struct problem *problem)
{
    return measure(out, "smtp_session", false, problem);
}

bool bench_lmtp(FILE *out, struct problem *problem)
{
    return measure(out, "lmtp_session", true, problem);
}
