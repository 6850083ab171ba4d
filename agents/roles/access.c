#include "agents/roles/access.h"

#include <stdio.h>
#include <stdlib.h>

#include "agents/mail/header.h"
#include "agents/mail/maildir.h"
#include "agents/proto/pop3_server.h"
#include "agents/roles/store.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"

enum { IDLE_S = 600 }; /* RFC 1939 3: at least 10 minutes */

static const struct config_key keys[] = {
    {"greeting", CONFIG_TEXT, NULL, 0, 0, "", "what it says first; by default the host's name"},
};

struct access {
    struct office *office;
    uint32_t agent;
    struct slice greeting;
    struct visit *all, *free;
};

/* One connection of a reader. */
struct visit {
    struct access *access;
    struct pop3_server server;
    struct pump *pump;
    uint32_t conn, peer_address;
    struct slice address;       /* who is logged in: the account's; "" nobody */
    struct arena arena;         /* of the paths */
    VECTOR(struct slice) paths; /* by message */
    struct visit *next, *next_free;
};

static struct store *store_of(const struct visit *v)
{
    return store_find(v->access->office, net_host_of(v->access->office->net, v->access->agent));
}

static uint32_t text(const struct visit *v, struct slice s)
{
    return sim_text(v->access->office->sim, s);
}

static void emit_auth(const struct visit *v, struct slice user, bool ok)
{
    sim_emit(v->access->office->sim, EVENT_AUTH,
             &(struct event_auth){v->conn, text(v, user),
                                  text(v, ok ? SLICE("ok") : SLICE("failed")),
                                  text(v, SLICE("PASS"))});
}

/* Shows the mailbox as it is now; what arrives later is for the next session (RFC 1939 5). */
static void open_mailbox(struct visit *v)
{
    VECTOR(struct pop3_server_message) messages = {0};
    struct store_message message;
    for (uint32_t position = 0; store_next(store_of(v), v->address, &position, &message);) {
        struct pop3_server_message *m = vector_add(&messages);
        m->size = message.content.size;
        snprintf(m->uid, sizeof m->uid, "%.*s", SLICE_ARG(maildir_unique(message.path)));
        *vector_add(&v->paths) = arena_copy(&v->arena, message.path);
    }
    pop3_server_opened(&v->server, messages.items, messages.count);
    vector_finish(&messages);
}

static void on_login(struct visit *v, const struct pop3_server_event *e)
{
    const struct office_account *account = office_find_account(v->access->office, e->user);
    bool ok = account && slice_equal(account->password, e->password);
    emit_auth(v, e->user, ok);
    if (!ok) {
        pop3_server_refuse(&v->server, SLICE("[AUTH] user name or password is wrong"));
    } else if (!store_of(v)) {
        pop3_server_refuse(&v->server, SLICE("[SYS/PERM] this host has no message store"));
    } else if (!store_lock(store_of(v), account->address)) {
        pop3_server_refuse(&v->server, SLICE("[IN-USE] another session has this mailbox open"));
    } else {
        v->address = account->address;
        open_mailbox(v);
    }
}

/* The message travels in segments that bear its number, and nothing else does. */
static void on_retrieve(struct visit *v, const struct pop3_server_event *e)
{
    struct store_message message;
    struct slice header, body;
    if (!store_find_message(store_of(v), v->paths.items[e->message], &message)) {
        pop3_server_refuse(&v->server, SLICE("the message is gone"));
        return;
    }
    pump_flush(v->pump);
    v->pump->msg_out = message.msg;
    header_split(message.content, &header, &body);
    pop3_server_content(&v->server, header, body);
    pump_flush(v->pump);
    v->pump->msg_out = 0;
}

static void on_update(struct visit *v)
{
    struct sim *sim = v->access->office->sim;
    struct store_message message;
    for (size_t i = 0; i < v->paths.count; i++) {
        if (!v->server.messages.items[i].is_deleted ||
            !store_find_message(store_of(v), v->paths.items[i], &message))
            continue;
        sim_emit(sim, EVENT_REMOVE,
                 &(struct event_remove){net_host_at(v->access->office->net, v->peer_address),
                                        message.msg,
                                        text(v, store_box_name(&v->arena, v->address))});
        store_remove(store_of(v), v->address, v->paths.items[i]);
    }
    pop3_server_updated(&v->server, true);
}

static void emit_command(const struct visit *v, const struct pop3_server_event *e)
{
    uint64_t number;
    uint32_t msg = 0;
    struct store_message message;
    if (slice_to_u64(e->argument, &number) && number > 0 && number <= v->paths.count &&
        store_find_message(store_of(v), v->paths.items[number - 1], &message))
        msg = message.msg;
    sim_emit(v->access->office->sim, EVENT_POP_CMD,
             &(struct event_pop_cmd){v->conn, text(v, slice_of(pop3_verb_name(e->verb))),
                                     text(v, e->argument), msg});
}

static void turn(void *context)
{
    struct visit *v = context;
    struct pop3_server_event e;
    while (pop3_server_next(&v->server, &e)) {
        switch (e.kind) {
        case POP3_SERVER_COMMAND:
            emit_command(v, &e);
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
    pump_wait(v->pump, IDLE_S);
}

static void ended(void *context, enum net_end why)
{
    struct visit *v = context;
    (void)why;
    if (v->address.size)
        store_unlock(store_of(v), v->address);
    pop3_server_restart(&v->server);
    v->address = (struct slice){"", 0};
    vector_clear(&v->paths);
    arena_reset(&v->arena);
    v->next_free = v->access->free;
    v->access->free = v;
}

static struct visit *take(struct access *access)
{
    struct visit *v = access->free;
    if (v) {
        access->free = v->next_free;
        return v;
    }
    v = memory_take(sizeof *v);
    v->access = access;
    pop3_server_init(&v->server);
    arena_init(&v->arena);
    v->next = access->all;
    access->all = v;
    return v;
}

static bool accept_connection(void *context, uint32_t wire, uint32_t peer_address,
                              struct net_user *user)
{
    struct access *access = context;
    struct visit *v = take(access);
    pop3_server_greet(&v->server, access->greeting);
    v->peer_address = peer_address;
    v->conn = net_conn(access->office->net, wire);
    v->pump = pump_accept(&access->office->pumps, wire, &v->server.base,
                          &(struct pump_user){.turn = turn, .ended = ended, .context = v}, user);
    pump_wait(v->pump, IDLE_S);
    return true;
}

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    struct access *access = memory_take(sizeof *access);
    access->office = office;
    access->agent = agent;
    access->greeting = config_text(config, "greeting");
    if (access->greeting.size == 0)
        access->greeting = arena_printf(&office->arena, "%.*s POP3 mailflow",
                                        SLICE_ARG(net_host_name(office->net, agent)));
    for (size_t i = 0; i < port_count; i++)
        check(net_listen(office->net, agent, ports[i], accept_connection, access));
    return access;
}

static void destroy(void *agent)
{
    struct access *access = agent;
    while (access->all) {
        struct visit *v = access->all;
        access->all = v->next;
        pop3_server_finish(&v->server);
        vector_finish(&v->paths);
        arena_finish(&v->arena);
        free(v);
    }
    free(access);
}

const struct role access_role = {
    .name = "access",
    .meaning = "access server: answers readers in front of the store",
    .keys = keys,
    .key_count = sizeof keys / sizeof *keys,
    .default_listen = "110",
    .create = create,
    .destroy = destroy,
};
