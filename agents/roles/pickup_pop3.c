#include "agents/roles/pickup_pop3.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/proto/pop3_client.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"

enum { UID_MAX = 71 };

/* A message that was taken and is on the server still. */
struct seen {
    char uid[UID_MAX];
    bool is_listed; /* the server has it still, in this visit */
    int64_t taken_t;
};

struct pickup_pop3 {
    struct pickup *pickup;
    struct pickup_pop3_user user;
    struct pickup_policy policy;
    struct pop3_client client;
    struct pump *pump;        /* NULL between visits */
    bool is_told;             /* `over` was called */
    VECTOR(struct seen) seen; /* in order of octets */
    struct bytes problem;
};

/* Where this uid stands, or would stand, among those seen. */
static size_t seen_place(const struct pickup_pop3 *pop3, const char *uid)
{
    size_t low = 0, high = pop3->seen.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice_order(slice_of(pop3->seen.items[middle].uid), slice_of(uid)) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct seen *find_seen(const struct pickup_pop3 *pop3, const char *uid)
{
    size_t place = seen_place(pop3, uid);
    return uid[0] && place < pop3->seen.count &&
                   slice_equal(slice_of(pop3->seen.items[place].uid), slice_of(uid))
               ? &pop3->seen.items[place]
               : NULL;
}

static void note_seen(struct pickup_pop3 *pop3, const char *uid)
{
    if (!uid[0] || find_seen(pop3, uid))
        return;
    size_t place = seen_place(pop3, uid);
    (void)vector_add(&pop3->seen);
    struct seen *s = &pop3->seen.items[place];
    memmove(s + 1, s, (pop3->seen.count - 1 - place) * sizeof *s);
    *s = (struct seen){.is_listed = true, .taken_t = pop3->pickup->office->sim->now};
    snprintf(s->uid, sizeof s->uid, "%s", uid);
}

/* Forgets what the server has no longer, so that the list never outgrows the maildrop. */
static void forget_unlisted(struct pickup_pop3 *pop3)
{
    size_t kept = 0;
    for (size_t i = 0; i < pop3->seen.count; i++)
        if (pop3->seen.items[i].is_listed)
            pop3->seen.items[kept++] = pop3->seen.items[i];
    pop3->seen.count = kept;
}

/* To be removed as soon as it is taken? */
static bool removes_at_once(const struct pickup_pop3 *pop3)
{
    return pop3->policy.deletes && pop3->policy.after_ns == 0;
}

static bool is_old(const struct pickup_pop3 *pop3, const struct seen *s)
{
    return pop3->policy.deletes &&
           pop3->pickup->office->sim->now - s->taken_t >= pop3->policy.after_ns;
}

static void choose(struct pickup_pop3 *pop3)
{
    for (size_t i = 0; i < pop3->seen.count; i++)
        pop3->seen.items[i].is_listed = false;
    for (size_t i = 0; i < pop3->client.messages.count; i++) {
        struct pop3_client_message *m = &pop3->client.messages.items[i];
        struct seen *s = find_seen(pop3, m->uid);
        if (s)
            s->is_listed = true;
        m->wanted = !s;
        m->remove = s ? is_old(pop3, s) : removes_at_once(pop3);
    }
    forget_unlisted(pop3);
    pop3_client_go(&pop3->client);
}

static void take(struct pickup_pop3 *pop3, const struct pop3_client_event *e)
{
    struct pop3_client_message *m = &pop3->client.messages.items[e->message];
    switch (pop3->user.message(pop3->user.context, e->message, e->content, pop3->pump->msg_in)) {
    case PICKUP_TAKEN:
        note_seen(pop3, m->uid);
        break;
    case PICKUP_LEFT:
        m->remove = false;
        break;
    case PICKUP_LATER:
        m->is_held = true;
        break;
    }
}

void pickup_pop3_settle(struct pickup_pop3 *pop3, size_t index, bool is_taken)
{
    if (!pop3->pump || index >= pop3->client.messages.count ||
        !pop3->client.messages.items[index].is_held)
        return;
    struct pop3_client_message *m = &pop3->client.messages.items[index];
    if (is_taken)
        note_seen(pop3, m->uid);
    pop3_client_settle(&pop3->client, index, is_taken && removes_at_once(pop3));
    pump_wait(pop3->pump, pop3_client_timeout_s(&pop3->client));
    pump_flush(pop3->pump);
}

static void emit_reply(struct pickup_pop3 *pop3, const struct pop3_client_event *e)
{
    struct sim *sim = pop3->pickup->office->sim;
    bool is_about_message = slice_equal(slice_of(e->verb), SLICE("RETR"));
    sim_emit(sim, EVENT_POP_REPLY,
             &(struct event_pop_reply){pump_conn(pop3->pump), sim_text(sim, slice_of(e->verb)),
                                       e->ok, sim_text(sim, e->text),
                                       is_about_message ? pop3->pump->msg_in : 0});
}

/* QUIT was answered: what was to be removed is gone, and its uid never comes again. */
static void forget_removed(struct pickup_pop3 *pop3)
{
    for (size_t i = 0; i < pop3->client.messages.count; i++) {
        const struct pop3_client_message *m = &pop3->client.messages.items[i];
        struct seen *s = m->remove ? find_seen(pop3, m->uid) : NULL;
        if (s)
            s->is_listed = false;
    }
    forget_unlisted(pop3);
}

static void end_with(struct pickup_pop3 *pop3, struct slice problem)
{
    pop3->is_told = true;
    bytes_clear(&pop3->problem);
    check(bytes_append(&pop3->problem, slice_part(problem, 0, pop3->problem.ceiling)));
}

static void turn(void *context)
{
    struct pickup_pop3 *pop3 = context;
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
            take(pop3, &e);
            break;
        case POP3_CLIENT_DONE:
            end_with(pop3, SLICE(""));
            forget_removed(pop3);
            break;
        case POP3_CLIENT_FAILED:
            end_with(pop3,
                     e.is_lost ? SLICE("the connection to the incoming server was lost") : e.text);
            break;
        }
    }
    pump_wait(pop3->pump, pop3_client_timeout_s(&pop3->client));
}

static void ended(void *context, enum net_end why)
{
    struct pickup_pop3 *pop3 = context;
    pop3_client_restart(&pop3->client, &pop3->client.options);
    pop3->pump = NULL;
    if (!pop3->is_told)
        end_with(pop3, why == NET_END_CRASHED ? SLICE("") : pickup_what_happened(why));
    pop3->user.over(pop3->user.context, bytes_slice(&pop3->problem));
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

void pickup_pop3_visit(struct pickup_pop3 *pop3, uint32_t address, const struct pickup_login *login,
                       struct pickup_policy policy)
{
    const struct pickup *pickup = pop3->pickup;
    struct pop3_client_options options = {.user = login->user,
                                          .password = login->password,
                                          .nonce = login->nonce,
                                          .memory = pickup->office->logins_made,
                                          .tls = pickup->server.tls,
                                          .pipelines = pickup->server.pipelines};
    set_login(&options, pickup->server.login);
    pop3_client_restart(&pop3->client, &options);
    if (pickup->server.is_tls_first)
        pop3->client.base.tls = SESSION_TLS_FIRST;
    pop3->policy = policy;
    pop3->is_told = false;
    struct pump_user user = pickup_visitor(pickup, turn, ended, pop3);
    pop3->pump = pump_connect(&pickup->office->pumps, pickup->agent, address, pickup->server.port,
                              &pop3->client.base, &user);
}

void pickup_pop3_forget(struct pickup_pop3 *pop3)
{
    vector_clear(&pop3->seen);
}

uint32_t pickup_pop3_conn(const struct pickup_pop3 *pop3)
{
    return pop3->pump ? pump_conn(pop3->pump) : 0;
}

struct pickup_pop3 *pickup_pop3_create(struct pickup *pickup, const struct pickup_pop3_user *user)
{
    enum { PROBLEM_OCTETS = 1024 };
    struct pickup_pop3 *pop3 = memory_take(sizeof *pop3);
    pop3->pickup = pickup;
    pop3->user = *user;
    bytes_init(&pop3->problem, PROBLEM_OCTETS);
    return pop3;
}

void pickup_pop3_destroy(struct pickup_pop3 *pop3)
{
    if (!pop3)
        return;
    pop3_client_finish(&pop3->client);
    vector_finish(&pop3->seen);
    bytes_finish(&pop3->problem);
    free(pop3);
}
