/* mailflow bench: POP3, all of a maildrop by RETR, pipelined. */
#include <stdio.h>
#include <string.h>

#include "agents/proto/pop3_client.h"
#include "agents/proto/pop3_server.h"
#include "app/bench_session.h"

enum { MESSAGES = 20000 };

struct pop3_bench {
    struct pop3_client client;
    struct pop3_server server;
    uint32_t fetched;
    bool is_done;
};

static void client_turn(void *context)
{
    struct pop3_bench *b = context;
    struct pop3_client_event e;
    while (pop3_client_next(&b->client, &e))
        switch (e.kind) {
        case POP3_CLIENT_LISTED:
            for (size_t i = 0; i < b->client.messages.count; i++)
                b->client.messages.items[i].wanted = true;
            pop3_client_go(&b->client);
            break;
        case POP3_CLIENT_MESSAGE:
            b->fetched += e.content.size == bench_header().size + bench_body().size;
            break;
        case POP3_CLIENT_DONE:
            b->is_done = true;
            break;
        case POP3_CLIENT_REPLY:
        case POP3_CLIENT_FAILED:
            break;
        }
}

static void open_maildrop(struct pop3_bench *b)
{
    VECTOR(struct pop3_server_message) messages = {0};
    for (unsigned i = 0; i < MESSAGES; i++) {
        struct pop3_server_message *message = vector_add(&messages);
        *message = (struct pop3_server_message){.size = bench_header().size + bench_body().size};
        snprintf(message->uid, sizeof message->uid, "%u.bench", i);
    }
    pop3_server_opened(&b->server, messages.items, messages.count);
    vector_finish(&messages);
}

static void server_turn(void *context)
{
    static const struct slice password = {"secret", 6};
    struct pop3_bench *b = context;
    struct pop3_server_event e;
    while (pop3_server_next(&b->server, &e))
        switch (e.kind) {
        case POP3_SERVER_PASSWORD:
            pop3_server_password(&b->server, &password);
            break;
        case POP3_SERVER_LOGIN:
            open_maildrop(b);
            break;
        case POP3_SERVER_RETRIEVE:
            pop3_server_content(&b->server, bench_header(), bench_body());
            break;
        case POP3_SERVER_UPDATE:
            pop3_server_updated(&b->server, true);
            break;
        case POP3_SERVER_COMMAND:
        case POP3_SERVER_REPLIED:
        case POP3_SERVER_AUTH:
        case POP3_SERVER_ENDED:
            break;
        }
}

bool bench_pop3(FILE *out, struct problem *problem)
{
    struct pop3_bench b = {0};
    const struct pop3_server_options server = {
        .hostname = SLICE("pop.example.org"), .has_pass = true, .expire_days = POP3_EXPIRE_UNSAID};
    const struct pop3_client_options client = {
        .user = SLICE("bob"), .password = SLICE("secret"), .pipelines = true};
    pop3_server_init(&b.server, &server);
    pop3_client_init(&b.client, &client);
    pop3_server_greet(&b.server, SLICE("ready"));
    struct bench_talk talk = {&b.client.base, &b.server.base, client_turn, server_turn, &b};
    int64_t start = bench_now_ns();
    bool ok = bench_talk_run(&talk) && b.is_done && b.fetched == MESSAGES;
    int64_t took = bench_now_ns() - start;
    pop3_client_finish(&b.client);
    pop3_server_finish(&b.server);
    if (!ok)
        return problem_set(problem, "pop3_session: %u of %d messages were fetched",
                           (unsigned)b.fetched, MESSAGES);
    bench_messages(out, "pop3_session", MESSAGES, took);
    return true;
}
