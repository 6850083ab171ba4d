#include "agents/roles/access_imap.h"

#include <stdlib.h>

#include "agents/proto/imap_server.h"
#include "agents/roles/store.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"

/* One connection of a reader. */
struct visit {
    struct access_imap *imap;
    struct imap_server server;
    struct pump *pump; /* NULL: not in use */
    uint32_t conn, peer_address;
    struct account *account; /* who is logged in; NULL nobody */
    struct account_watch watch;
    bool is_in_turn,
        is_waking; /* its own changes need no waking; a task to wake it is on its way */
    uint32_t life; /* counts connections */
    char nonce[OFFICE_NONCE];
    struct visit *next, *next_free;
};

/* What a listening port leads to. */
struct access_imap_port {
    struct access_imap *imap;
    bool has_tls;
};

struct access_imap {
    struct office *office;
    struct access_imap_options options;
    struct access_imap_port ports[2]; /* in clear; TLS */
    struct visit *all, *free;
};

static uint32_t text(const struct visit *v, struct slice s)
{
    return sim_text(v->imap->office->sim, s);
}

static struct store *store_of(const struct visit *v)
{
    const struct office *office = v->imap->office;
    return store_find(office, net_host_of(office->net, v->imap->options.agent));
}

/* ---- the trace ---- */

static void emit_auth(const struct visit *v, const struct imap_server_event *e, bool ok)
{
    sim_emit(v->imap->office->sim, EVENT_AUTH,
             &(struct event_auth){v->conn, text(v, e->user),
                                  text(v, ok ? SLICE("ok") : SLICE("failed")),
                                  text(v, slice_of(e->mechanism))});
}

/* The message that a command with UIDs speaks of, when it is one. */
static uint32_t message_of(const struct visit *v, const struct imap_server_event *e)
{
    uint64_t uid;
    const struct account_item *item = NULL;
    struct slice rest = e->argument, first = {"", 0};
    if (e->verb == IMAP_VERB_APPEND)
        return v->pump->msg_in;
    slice_cut(&rest, ' ', &first);
    if (imap_verb_is_uid(e->verb) && v->server.folder && slice_to_u64(first, &uid) &&
        uid <= UINT32_MAX)
        item = account_item(v->server.folder, (uint32_t)uid);
    return item ? item->msg : 0;
}

static void emit_command(const struct visit *v, const struct imap_server_event *e)
{
    struct slice verb =
        e->verb == IMAP_VERB_UNKNOWN ? SLICE("?") : slice_of(imap_verb_name(e->verb));
    sim_emit(
        v->imap->office->sim, EVENT_IMAP_CMD,
        &(struct event_imap_cmd){v->conn, text(v, verb), text(v, e->argument), message_of(v, e)});
}

/* ---- the session's questions ---- */

static void on_password(struct visit *v, const struct imap_server_event *e)
{
    const struct office_account *account = office_find_account(v->imap->office, e->user);
    imap_server_password(&v->server, account ? &account->password : NULL);
}

static void on_login(struct visit *v, const struct imap_server_event *e)
{
    const struct office_account *account = office_find_account(v->imap->office, e->user);
    emit_auth(v, e, account != NULL);
    if (!account) { /* taken away since its password was asked for */
        imap_server_refuse(&v->server, SLICE("[AUTHENTICATIONFAILED] There is no such user"));
        return;
    }
    if (!store_of(v)) {
        imap_server_refuse(&v->server, SLICE("[UNAVAILABLE] This host has no message store"));
        return;
    }
    office_note_login(v->imap->office, v->imap->options.agent, v->peer_address, account->address);
    v->account = store_open(store_of(v), account->address);
    account_add_watch(v->account, &v->watch);
    imap_server_welcome(&v->server, v->account);
}

static void log_out(struct visit *v)
{
    if (v->account)
        account_remove_watch(v->account, &v->watch);
    v->account = NULL;
}

/* What the client is about to hear is to last. */
static void settle(const struct visit *v)
{
    if (v->account)
        (void)store_settle(store_of(v), v->account);
}

/* From here on the octets are a message's, and bear its number; or no longer. */
static void change_tag(struct visit *v, uint32_t msg)
{
    settle(v);
    pump_flush(v->pump);
    v->pump->msg_out = msg;
}

static void on_command(struct visit *v, const struct imap_server_event *e)
{
    struct office *office = v->imap->office;
    uint32_t agent = v->imap->options.agent;
    emit_command(v, e);
    if (e->verb == IMAP_VERB_UNKNOWN)
        return;
    struct slice verb = slice_of(imap_verb_name(e->verb));
    disturb_command(office, agent, verb, v->pump);
    const struct disturbance *d = disturb_reply(office, agent, verb, SLICE(""));
    if (d)
        imap_server_overrule(&v->server,
                             slice_equal(d->word, SLICE("BAD"))   ? IMAP_BAD
                             : slice_equal(d->word, SLICE("BYE")) ? IMAP_BYE
                                                                  : IMAP_NO,
                             d->text);
}

static void on_event(struct visit *v, const struct imap_server_event *e)
{
    switch (e->kind) {
    case IMAP_SERVER_COMMAND:
        on_command(v, e);
        break;
    case IMAP_SERVER_PASSWORD:
        on_password(v, e);
        break;
    case IMAP_SERVER_DENIED:
        emit_auth(v, e, false);
        break;
    case IMAP_SERVER_LOGIN:
        on_login(v, e);
        break;
    case IMAP_SERVER_FETCHING:
        change_tag(v, e->msg);
        break;
    case IMAP_SERVER_FETCHED:
        change_tag(v, 0);
        break;
    case IMAP_SERVER_REPLIED:
    case IMAP_SERVER_STATE:
    case IMAP_SERVER_BYE:
        break;
    }
}

static void turn(void *context)
{
    struct visit *v = context;
    struct office *office = v->imap->office;
    struct imap_server_event e;
    v->is_in_turn = true;
    v->server.now_s = office_now_s(office, v->imap->options.agent);
    if (v->account)
        v->account->now_s = v->server.now_s;
    if (store_of(v))
        store_act_for(store_of(v), net_host_at(office->net, v->peer_address), v->pump->msg_in);
    do {
        while (!pump_is_held(v->pump) && imap_server_next(&v->server, &e))
            on_event(v, &e);
        settle(v);
        pump_flush(v->pump);
    } while (!pump_is_held(v->pump) && imap_server_has_more(&v->server));
    v->is_in_turn = false;
    if (imap_server_is_idling(&v->server)) /* nothing is under way: nobody need wait for its end */
        pump_wait_quietly(v->pump, IMAP_AUTOLOGOUT_S);
    else
        pump_wait(v->pump, v->account ? IMAP_AUTOLOGOUT_S : IMAP_LOGIN_WAIT_S);
}

static void expired(void *context)
{
    struct visit *v = context;
    imap_server_shut_down(&v->server, SLICE("Nothing was said for too long"));
}

/* ---- what others change ---- */

static void wake(void *context, uint64_t life, uint64_t unused)
{
    struct visit *v = context;
    (void)unused;
    if (v->life != (uint32_t)life || !v->is_waking)
        return;
    v->is_waking = false;
    imap_server_wake(&v->server);
    turn(v);
}

/* In a task of its own: now somebody else is in the middle of a change. */
static void changed(void *context, struct account_folder *folder)
{
    struct visit *v = context;
    if (v->is_in_turn || v->is_waking || v->server.folder != folder)
        return;
    v->is_waking = true;
    sim_after(v->imap->office->sim, 0, wake, v, v->life, 0);
}

/* ---- the connection ---- */

static void ended(void *context, enum net_end why)
{
    struct visit *v = context;
    (void)why;
    v->life++;
    v->is_waking = false;
    v->pump = NULL;
    imap_server_restart(&v->server, &v->server.options);
    log_out(v);
    v->next_free = v->imap->free;
    v->imap->free = v;
}

static struct visit *take(struct access_imap *imap)
{
    struct visit *v = imap->free;
    if (v) {
        imap->free = v->next_free;
        return v;
    }
    v = memory_take(sizeof *v);
    v->imap = imap;
    v->watch = (struct account_watch){.changed = changed, .context = v};
    v->next = imap->all;
    imap->all = v;
    return v;
}

static bool accept_connection(void *context, uint32_t wire, uint32_t peer_address,
                              struct net_user *user)
{
    const struct access_imap_port *port = context;
    struct access_imap *imap = port->imap;
    struct visit *v = take(imap);
    struct imap_server_options options = {
        .host = net_host_name(imap->office->net, imap->options.agent),
        .nonce = office_new_nonce(imap->office, imap->options.agent, v->nonce),
        .memory = imap->office->logins_made,
        .mechanisms = imap->options.mechanisms,
        .offers_tls = imap->options.offers_tls,
        .needs_tls = imap->options.needs_tls,
        .id = "mailflow " MAILFLOW_VERSION};
    imap_server_restart(&v->server, &options);
    v->server.now_s = office_now_s(imap->office, imap->options.agent);
    if (port->has_tls)
        v->server.base.tls = SESSION_TLS_FIRST;
    const struct disturbance *forced =
        disturb_reply(imap->office, imap->options.agent, SLICE("CONNECT"), SLICE(""));
    if (forced)
        imap_server_turn_away(&v->server, forced->text);
    else
        imap_server_greet(&v->server, imap->options.greeting);
    v->peer_address = peer_address;
    v->conn = net_conn(imap->office->net, wire);
    struct pump_user pump_user = {.turn = turn,
                                  .expired = expired,
                                  .ended = ended,
                                  .context = v,
                                  .tls_name = options.host,
                                  .tls_flaw = office_find_flaw(imap->office, imap->options.agent)};
    disturb_greeting(imap->office, imap->options.agent, &pump_user);
    v->pump = pump_accept(&imap->office->pumps, wire, &v->server.base, &pump_user, user);
    pump_wait(v->pump, IMAP_LOGIN_WAIT_S);
    return true;
}

/* ---- life cycle ---- */

struct access_imap *access_imap_create(struct office *office,
                                       const struct access_imap_options *options)
{
    struct access_imap *imap = memory_take(sizeof *imap);
    imap->office = office;
    imap->options = *options;
    for (int i = 0; i < 2; i++)
        imap->ports[i] = (struct access_imap_port){imap, i == 1};
    return imap;
}

void access_imap_listen(struct access_imap *imap, uint32_t port, bool has_tls)
{
    check(net_listen(imap->office->net, imap->options.agent, port, accept_connection,
                     &imap->ports[has_tls]));
}

void access_imap_destroy(struct access_imap *imap)
{
    if (!imap)
        return;
    while (imap->all) {
        struct visit *v = imap->all;
        imap->all = v->next;
        imap_server_finish(&v->server);
        free(v);
    }
    free(imap);
}
