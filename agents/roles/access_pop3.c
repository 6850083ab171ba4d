#include "agents/roles/access_pop3.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "agents/mail/header.h"
#include "agents/proto/pop3_server.h"
#include "agents/roles/store.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"

/* What a listening port leads to. */
struct access_pop3_port {
    struct access_pop3 *pop3;
    bool has_tls;
};

struct access_pop3 {
    struct office *office;
    struct access_pop3_options options;
    struct access_pop3_port ports[2]; /* in clear; TLS */
    VECTOR(int64_t) logins;           /* the last one's time + 1, by account; kept for the delay */
    struct visit *all, *free;
};

/* One connection of a reader. */
struct visit {
    struct access_pop3 *pop3;
    struct pop3_server server;
    struct pump *pump;
    uint32_t conn, peer_address;
    struct slice address;    /* who is logged in: the account's; "" nobody */
    struct account *account; /* theirs */
    VECTOR(uint32_t) uids;   /* by message */
    char nonce[OFFICE_NONCE];
    struct visit *next, *next_free;
};

static struct store *store_of(const struct visit *v)
{
    const struct office *office = v->pop3->office;
    return store_find(office, net_host_of(office->net, v->pop3->options.agent));
}

static uint32_t text(const struct visit *v, struct slice s)
{
    return sim_text(v->pop3->office->sim, s);
}

/* ---- the login ---- */

/* USER and PASS are POP3's own way, and have no name of their own among the mechanisms. */
static void emit_auth(const struct visit *v, const struct pop3_server_event *e)
{
    struct slice mechanism = slice_of(e->mechanism);
    if (slice_equal(mechanism, SLICE("PASS")))
        mechanism = SLICE("POP");
    sim_emit(v->pop3->office->sim, EVENT_AUTH,
             &(struct event_auth){v->conn, text(v, e->user),
                                  text(v, e->ok ? SLICE("ok") : SLICE("failed")),
                                  text(v, mechanism)});
}

static void tell_password(struct visit *v, const struct pop3_server_event *e)
{
    const struct office_account *account = office_find_account(v->pop3->office, e->user);
    pop3_server_password(&v->server, account ? &account->password : NULL);
}

static struct account_folder *inbox_of(const struct visit *v)
{
    return account_find(v->account, SLICE("INBOX"));
}

/* Shows the mailbox as it is now; what arrives later is for the next session (RFC 1939 5). */
static void open_mailbox(struct visit *v)
{
    VECTOR(struct pop3_server_message) messages = {0};
    store_act_for(store_of(v), net_host_at(v->pop3->office->net, v->peer_address), 0);
    v->account = store_open(store_of(v), v->address);
    const struct account_folder *inbox = inbox_of(v);
    for (size_t i = 0; i < inbox->items.count; i++) {
        struct pop3_server_message *m = vector_add(&messages);
        m->size = inbox->items.items[i].content.size;
        snprintf(m->uid, sizeof m->uid, "%" PRIu32 ".%" PRIu32, inbox->uidvalidity,
                 inbox->items.items[i].uid);
        *vector_add(&v->uids) = inbox->items.items[i].uid;
    }
    (void)store_settle(store_of(v), v->account); /* UIDs that are told stay */
    pop3_server_opened(&v->server, messages.items, messages.count);
    vector_finish(&messages);
}

/* When this account last came in, to be changed; 0 never. */
static int64_t *last_login(struct access_pop3 *pop3, const struct office_account *account)
{
    size_t i = (size_t)(account - pop3->office->accounts.items);
    while (pop3->logins.count <= i)
        *vector_add(&pop3->logins) = 0;
    return &pop3->logins.items[i];
}

static bool is_too_early(struct access_pop3 *pop3, const struct office_account *account)
{
    int64_t last = *last_login(pop3, account);
    return last > 0 && pop3->office->sim->now + 1 - last < pop3->options.login_delay_ns;
}

/* The password was right. */
static void on_login(struct visit *v, const struct pop3_server_event *e)
{
    struct access_pop3 *pop3 = v->pop3;
    const struct office_account *account = office_find_account(pop3->office, e->user);
    if (!account) { /* taken away since its password was asked for */
        pop3_server_refuse(&v->server, SLICE("[AUTH] there is no such user"));
    } else if (!store_of(v)) {
        pop3_server_refuse(&v->server, SLICE("[SYS/PERM] this host has no message store"));
    } else if (is_too_early(pop3, account)) {
        pop3_server_refuse(&v->server, SLICE("[LOGIN-DELAY] you were here a moment ago"));
    } else if (!store_lock(store_of(v), account->address)) {
        pop3_server_refuse(&v->server, SLICE("[IN-USE] another session has this mailbox open"));
    } else {
        *last_login(pop3, account) = pop3->office->sim->now + 1;
        v->address = account->address;
        office_note_login(pop3->office, pop3->options.agent, v->peer_address, v->address);
        open_mailbox(v);
    }
}

/* ---- messages ---- */

/* The message travels in segments that bear its number, and nothing else does. */
static void on_retrieve(struct visit *v, const struct pop3_server_event *e)
{
    const struct account_item *item = account_item(inbox_of(v), v->uids.items[e->message]);
    struct slice header, body;
    if (!item) {
        pop3_server_refuse(&v->server, SLICE("the message is gone"));
        return;
    }
    pump_flush(v->pump);
    v->pump->msg_out = item->msg;
    header_split(item->content, &header, &body);
    pop3_server_content(&v->server, header, body);
    pump_flush(v->pump);
    v->pump->msg_out = 0;
}

/* Lets the next one in (RFC 1939 6). */
static void leave_mailbox(struct visit *v)
{
    if (v->address.size)
        store_unlock(store_of(v), v->address);
    v->address = (struct slice){"", 0};
}

static void on_update(struct visit *v)
{
    store_act_for(store_of(v), net_host_at(v->pop3->office->net, v->peer_address), 0);
    size_t marked = 0, removed;
    for (size_t i = 0; i < v->uids.count; i++)
        if (v->server.messages.items[i].is_deleted)
            v->uids.items[marked++] = v->uids.items[i];
    (void)account_remove_all(v->account, inbox_of(v), v->uids.items, marked, &removed);
    (void)store_settle(store_of(v), v->account);
    leave_mailbox(v);
    pop3_server_updated(&v->server, true);
}

static void emit_command(const struct visit *v, const struct pop3_server_event *e)
{
    uint64_t number;
    const struct account_item *item = NULL;
    struct slice rest = e->argument, first = {"", 0};
    slice_cut(&rest, ' ', &first);
    if (slice_to_u64(first, &number) && number > 0 && number <= v->uids.count)
        item = account_item(inbox_of(v), v->uids.items[number - 1]);
    sim_emit(v->pop3->office->sim, EVENT_POP_CMD,
             &(struct event_pop_cmd){v->conn, text(v, slice_of(pop3_verb_name(e->verb))),
                                     text(v, e->argument), item ? item->msg : 0});
}

/* ---- one connection ---- */

static void on_command(struct visit *v, const struct pop3_server_event *e)
{
    struct office *office = v->pop3->office;
    uint32_t agent = v->pop3->options.agent;
    struct slice verb = slice_of(pop3_verb_name(e->verb));
    emit_command(v, e);
    disturb_command(office, agent, verb, v->pump);
    const struct disturbance *d = disturb_reply(office, agent, verb, SLICE(""));
    if (d)
        pop3_server_overrule(&v->server, d->text);
}

static void turn(void *context)
{
    struct visit *v = context;
    struct pop3_server_event e;
    while (!pump_is_held(v->pump) && pop3_server_next(&v->server, &e)) {
        switch (e.kind) {
        case POP3_SERVER_COMMAND:
            on_command(v, &e);
            break;
        case POP3_SERVER_PASSWORD:
            tell_password(v, &e);
            break;
        case POP3_SERVER_AUTH:
            emit_auth(v, &e);
            break;
        case POP3_SERVER_LOGIN:
            on_login(v, &e);
            break;
        case POP3_SERVER_RETRIEVE:
            on_retrieve(v, &e);
            break;
        case POP3_SERVER_UPDATE:
            on_update(v);
            break;
        case POP3_SERVER_REPLIED:
        case POP3_SERVER_ENDED:
            break;
        }
    }
    pump_wait(v->pump, POP3_AUTOLOGOUT_S);
}

static void ended(void *context, enum net_end why)
{
    struct visit *v = context;
    (void)why;
    leave_mailbox(v);
    pop3_server_restart(&v->server, &v->server.options);
    v->account = NULL;
    vector_clear(&v->uids);
    v->next_free = v->pop3->free;
    v->pop3->free = v;
}

static struct visit *take(struct access_pop3 *pop3)
{
    struct visit *v = pop3->free;
    if (v) {
        pop3->free = v->next_free;
        return v;
    }
    v = memory_take(sizeof *v);
    v->pop3 = pop3;
    v->next = pop3->all;
    pop3->all = v;
    return v;
}

static bool accept_connection(void *context, uint32_t wire, uint32_t peer_address,
                              struct net_user *user)
{
    const struct access_pop3_port *port = context;
    struct access_pop3 *pop3 = port->pop3;
    const struct access_pop3_options *o = &pop3->options;
    struct visit *v = take(pop3);
    struct pop3_server_options options = {
        .hostname = net_host_name(pop3->office->net, o->agent),
        .nonce = office_new_nonce(pop3->office, o->agent, v->nonce),
        .memory = pop3->office->logins_made,
        .implementation = SLICE("mailflow-" MAILFLOW_VERSION),
        .has_pass = o->has_pass,
        .has_apop = o->has_apop,
        .mechanisms = o->mechanisms,
        .is_tls_available = o->offers_tls,
        .requires_tls = o->needs_tls,
        .expire_days = o->expire_days,
        .login_delay_s = (uint32_t)(o->login_delay_ns / VTIME_S),
    };
    pop3_server_restart(&v->server, &options);
    if (port->has_tls)
        v->server.base.tls = SESSION_TLS_FIRST;
    const struct disturbance *forced =
        disturb_reply(pop3->office, o->agent, SLICE("CONNECT"), SLICE(""));
    if (forced)
        pop3_server_turn_away(&v->server, forced->text);
    else
        pop3_server_greet(&v->server, o->greeting);
    v->peer_address = peer_address;
    v->conn = net_conn(pop3->office->net, wire);
    struct pump_user pump_user = {.turn = turn,
                                  .ended = ended,
                                  .context = v,
                                  .tls_name = options.hostname,
                                  .tls_flaw = office_find_flaw(pop3->office, o->agent)};
    disturb_greeting(pop3->office, o->agent, &pump_user);
    v->pump = pump_accept(&pop3->office->pumps, wire, &v->server.base, &pump_user, user);
    pump_wait(v->pump, POP3_AUTOLOGOUT_S);
    return true;
}

/* ---- life cycle ---- */

struct access_pop3 *access_pop3_create(struct office *office,
                                       const struct access_pop3_options *options)
{
    struct access_pop3 *pop3 = memory_take(sizeof *pop3);
    pop3->office = office;
    pop3->options = *options;
    for (int i = 0; i < 2; i++)
        pop3->ports[i] = (struct access_pop3_port){pop3, i == 1};
    return pop3;
}

void access_pop3_listen(struct access_pop3 *pop3, uint32_t port, bool has_tls)
{
    check(net_listen(pop3->office->net, pop3->options.agent, port, accept_connection,
                     &pop3->ports[has_tls]));
}

void access_pop3_destroy(struct access_pop3 *pop3)
{
    if (!pop3)
        return;
    while (pop3->all) {
        struct visit *v = pop3->all;
        pop3->all = v->next;
        pop3_server_finish(&v->server);
        vector_finish(&v->uids);
        free(v);
    }
    vector_finish(&pop3->logins);
    free(pop3);
}
