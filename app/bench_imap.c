/* mailflow bench: IMAP. A mailbox is filled by APPEND with LITERAL+, then fetched some times. */
#include <string.h>

#include "agents/proto/imap_client.h"
#include "agents/proto/imap_server.h"
#include "app/bench_session.h"

enum { MESSAGES = 5000, FETCHES = 4 };

struct imap_bench {
    struct imap_client client;
    struct imap_server server;
    struct account account;
    uint32_t appended, fetches, fetched;
    bool is_selected, is_closed;
    int64_t since_ns, append_ns, fetch_ns;
};

/* What is said next: all APPENDs, SELECT, the FETCHes, LOGOUT. */
static void command(struct imap_bench *b)
{
    struct imap_client *c = &b->client;
    int64_t now = bench_now_ns();
    if (b->appended < MESSAGES) {
        if (b->appended++ == 0)
            b->since_ns = now;
        imap_client_append(c, SLICE("INBOX"), SLICE(""), bench_header(), bench_body());
    } else if (!b->is_selected) {
        b->append_ns = now - b->since_ns;
        b->is_selected = imap_client_select(c, SLICE("INBOX"), false);
    } else if (b->fetches < FETCHES) {
        if (b->fetches++ == 0)
            b->since_ns = now;
        imap_client_fetch(c, SLICE("1:*"), SLICE("(UID BODY.PEEK[])"));
    } else {
        b->fetch_ns = now - b->since_ns;
        imap_client_logout(c);
    }
}

static void client_turn(void *context)
{
    struct imap_bench *b = context;
    struct imap_client_event e;
    while (imap_client_next(&b->client, &e))
        switch (e.kind) {
        case IMAP_CLIENT_READY:
            command(b);
            break;
        case IMAP_CLIENT_MESSAGE:
            b->fetched += e.content.size == bench_header().size + bench_body().size;
            break;
        case IMAP_CLIENT_CLOSED:
            b->is_closed = true;
            break;
        case IMAP_CLIENT_DATA:
        case IMAP_CLIENT_REPLY:
        case IMAP_CLIENT_FOLDER:
        case IMAP_CLIENT_EXISTS:
        case IMAP_CLIENT_EXPUNGE:
        case IMAP_CLIENT_SEARCH:
        case IMAP_CLIENT_IDLING:
        case IMAP_CLIENT_DONE:
        case IMAP_CLIENT_FAILED:
            break;
        }
}

static void server_turn(void *context)
{
    static const struct slice password = {"secret", 6};
    struct imap_bench *b = context;
    struct imap_server_event e;
    while (imap_server_next(&b->server, &e))
        switch (e.kind) {
        case IMAP_SERVER_PASSWORD:
            imap_server_password(&b->server, &password);
            break;
        case IMAP_SERVER_LOGIN:
            imap_server_welcome(&b->server, &b->account);
            break;
        case IMAP_SERVER_COMMAND:
        case IMAP_SERVER_REPLIED:
        case IMAP_SERVER_DENIED:
        case IMAP_SERVER_FETCHING:
        case IMAP_SERVER_FETCHED:
        case IMAP_SERVER_STATE:
        case IMAP_SERVER_BYE:
            break;
        }
}

static bool measure(struct imap_bench *b)
{
    struct bench_talk talk = {&b->client.base, &b->server.base, client_turn, server_turn, b};
    const struct imap_server_options server = {.host = SLICE("mail.example.org")};
    const struct imap_client_options client = {.user = SLICE("bob"),
                                               .password = SLICE("secret"),
                                               .mechanism = SASL_MECHANISM_COUNT,
                                               .allows_clear = true};
    account_init(&b->account, SLICE("bob@example.org"), 1, 0, NULL);
    imap_server_restart(&b->server, &server);
    imap_client_restart(&b->client, &client);
    imap_server_greet(&b->server, SLICE("ready"));
    bool ok = bench_talk_run(&talk) && b->is_closed && b->fetched == MESSAGES * FETCHES;
    imap_client_finish(&b->client);
    imap_server_finish(&b->server);
    account_finish(&b->account);
    return ok;
}

bool bench_imap(FILE *out, struct problem *problem)
{
    struct imap_bench b = {0};
    if (!measure(&b))
        return problem_set(problem, "imap_session: %u of %d messages were fetched",
                           (unsigned)b.fetched, MESSAGES * FETCHES);
    bench_messages(out, "imap_session-append", MESSAGES, b.append_ns);
    bench_messages(out, "imap_session-fetch", MESSAGES * FETCHES, b.fetch_ns);
    return true;
}
