/*
 * How a mail program gets mail by POP3: what it has not got yet, each message once, and off the
 * server if it is told so.
 */
#include "agents/roles/mua_part.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/proto/pop3_client.h"
#include "sim/base/memory.h"

enum { UID_MAX = 71 };

struct mua_pop3 {
    struct mua *mua;
    struct pop3_client client;
    struct pump *pump;
    bool is_told;          /* the person knows how the visit ended */
    char (*seen)[UID_MAX]; /* uids fetched already and left on the server, in order of octets */
    size_t seen_count, seen_capacity;
};

/* Where this uid stands, or would stand, among those seen. */
static size_t seen_place(const struct mua_pop3 *pop3, const char *uid)
{
    size_t low = 0, high = pop3->seen_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice_order(slice_of(pop3->seen[middle]), slice_of(uid)) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool has_seen(const struct mua_pop3 *pop3, const char *uid)
{
    size_t place = seen_place(pop3, uid);
    return uid[0] && place < pop3->seen_count &&
           slice_equal(slice_of(pop3->seen[place]), slice_of(uid));
}

static void note_seen(struct mua_pop3 *pop3, const char *uid)
{
    if (!uid[0] || has_seen(pop3, uid))
        return;
    if (pop3->seen_count == pop3->seen_capacity) {
        pop3->seen_capacity = pop3->seen_capacity ? pop3->seen_capacity * 2 : 16;
        pop3->seen = memory_resize(pop3->seen, pop3->seen_capacity * sizeof *pop3->seen);
    }
    size_t place = seen_place(pop3, uid);
    memmove(pop3->seen + place + 1, pop3->seen + place,
            (pop3->seen_count - place) * sizeof *pop3->seen);
    snprintf(pop3->seen[place], UID_MAX, "%s", uid);
    pop3->seen_count++;
}

static void choose(struct mua_pop3 *pop3)
{
    for (size_t i = 0; i < pop3->client.messages.count; i++) {
        struct pop3_client_message *m = &pop3->client.messages.items[i];
        m->wanted = !has_seen(pop3, m->uid);
        m->remove = pop3->mua->deletes;
    }
    pop3_client_go(&pop3->client);
}

/* What could not be kept must stay on the server. */
static void keep(struct mua_pop3 *pop3, const struct pop3_client_event *e)
{
    struct pop3_client_message *m = &pop3->client.messages.items[e->message];
    if (mua_keep(pop3->mua, e->content, pop3->pump->msg_in, SLICE("pop3")))
        note_seen(pop3, m->uid);
    else
        m->remove = false;
}

static void emit_reply(struct mua_pop3 *pop3, const struct pop3_client_event *e)
{
    bool is_about_message = slice_equal(slice_of(e->verb), SLICE("RETR"));
    sim_emit(pop3->mua->office->sim, EVENT_POP_REPLY,
             &(struct event_pop_reply){
                 pump_conn(pop3->pump), mua_text(pop3->mua, slice_of(e->verb)), e->ok,
                 mua_text(pop3->mua, e->text), is_about_message ? pop3->pump->msg_in : 0});
}

/* QUIT was answered: what was to be removed is gone, and its uid never comes again. */
static void forget_removed(struct mua_pop3 *pop3)
{
    for (size_t i = 0; i < pop3->client.messages.count; i++)
        if (!pop3->client.messages.items[i].remove)
            return;
    pop3->seen_count = 0;
}

static void turn(void *context)
{
    struct mua_pop3 *pop3 = context;
    struct pop3_client_event e;
    while (pop3_client_next(&pop3->client, &e)) {
        switch (e.kind) {
        case POP3_CLIENT_REPLY:
            emit_reply(pop3, &e);
            break;
        case POP3_CLIENT_LISTED:
            choose(pop3);
            break;
        case POP3_CLIENT_MESSAGE:
            keep(pop3, &e);
            break;
        case POP3_CLIENT_DONE:
            pop3->is_told = true;
            forget_removed(pop3);
            break;
        case POP3_CLIENT_FAILED:
            pop3->is_told = true;
            mua_show(pop3->mua,
                     e.is_lost ? SLICE("the connection to the incoming server was lost") : e.text);
            break;
        }
    }
    pump_wait(pop3->pump, pop3_client_timeout_s(&pop3->client));
}

static void ended(void *context, enum net_end why)
{
    struct mua_pop3 *pop3 = context;
    pop3_client_restart(&pop3->client, &pop3->client.options);
    pop3->pump = NULL;
    mua_visit_ended(pop3->mua, pop3->is_told, why);
}

static void set_login(struct pop3_client_options *options, struct slice word)
{
    options->mechanism = sasl_find(word);
    if (options->mechanism < SASL_MECHANISM_COUNT)
        options->login = POP3_CLIENT_LOGIN_SASL;
    else if (slice_equal(word, SLICE("apop")))
        options->login = POP3_CLIENT_LOGIN_APOP;
    else if (slice_equal(word, SLICE("auto")))
        options->login = POP3_CLIENT_LOGIN_AUTO;
    else
        options->login = POP3_CLIENT_LOGIN_PASS;
}

void mua_pop3_visit(struct mua_pop3 *pop3, uint32_t address, const struct mua_login *login)
{
    struct mua *mua = pop3->mua;
    struct pop3_client_options options = {.user = login->user,
                                          .password = login->password,
                                          .nonce = login->nonce,
                                          .tls = mua->fetching.tls,
                                          .pipelines = mua->fetching.pipelines};
    set_login(&options, mua->fetching.login);
    pop3_client_restart(&pop3->client, &options);
    if (mua->fetching.is_tls_first)
        pop3->client.base.tls = SESSION_TLS_FIRST;
    pop3->is_told = false;
    struct pump_user user = mua_visitor(mua, turn, ended, pop3);
    pop3->pump = pump_connect(&mua->office->pumps, mua->agent, address, mua->fetching.port,
                              &pop3->client.base, &user);
}

struct mua_pop3 *mua_pop3_create(struct mua *mua)
{
    struct mua_pop3 *pop3 = memory_take(sizeof *pop3);
    pop3->mua = mua;
    return pop3;
}

void mua_pop3_destroy(struct mua_pop3 *pop3)
{
    if (!pop3)
        return;
    pop3_client_finish(&pop3->client);
    free(pop3->seen);
    free(pop3);
}
