#include "tests/proto/support_sasl.h"

void sasl_meeting_init(struct sasl_meeting *m, const char *user, const char *password,
                       const char *stored)
{
    *m = (struct sasl_meeting){
        .user = slice_of(user), .password = slice_of(password), .stored = stored};
    sasl_server_init(&m->server);
    sasl_client_init(&m->client);
}

void sasl_meeting_finish(struct sasl_meeting *m)
{
    sasl_server_finish(&m->server);
    sasl_client_finish(&m->client);
}

enum sasl_step sasl_meeting_tell(struct sasl_meeting *m, enum sasl_step step)
{
    if (step != SASL_STEP_PASSWORD)
        return step;
    struct slice stored = slice_of(m->stored);
    return sasl_server_password(&m->server, m->stored ? &stored : NULL);
}

enum sasl_step sasl_meeting_run(struct sasl_meeting *m, enum sasl_mechanism mechanism)
{
    sasl_client_begin(&m->client, mechanism, m->user, m->password, SLICE("clientnonce"));
    enum sasl_step step =
        sasl_server_begin(&m->server, mechanism, SLICE("servernonce"), SLICE("pop.example.com"));
    bool begins = sasl_client_begins(mechanism);
    for (unsigned turns = 0; step == SASL_STEP_CHALLENGE && turns < 10; turns++) {
        if (!begins && !sasl_client_feed(&m->client, bytes_slice(&m->server.challenge))) {
            m->client_broke_off = true;
            return step;
        }
        begins = false;
        step = sasl_meeting_tell(m, sasl_server_feed(&m->server, bytes_slice(&m->client.response)));
    }
    return step;
}
