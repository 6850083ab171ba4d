#include "agents/roles/smtp_listener.h"

#include <stdlib.h>

#include "agents/mail/address.h"
#include "agents/mail/header.h"
#include "agents/mail/received.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"

enum {
    IDLE_S = 300,        /* RFC 5321 4.5.3.2.7: at least 5 minutes */
    HEADER_GROWTH = 512, /* what is usually put on top of a header, and the most */
    HEADER_GROWTH_MAX = 64 * 1024
};

/* One connection. */
struct reception {
    struct smtp_listener *listener;
    struct smtp_server server;
    struct pump *pump;
    uint32_t conn, peer_address;
    struct bytes helo, user;
    struct arena arena; /* the transaction's */
    bool is_8bit;
    struct slice reverse_path;
    VECTOR(struct slice) recipients;
    struct reception *next, *next_free;
};

struct smtp_listener {
    struct office *office;
    struct smtp_listener_options options;
    struct slice greeting;
    struct smtp_server_options server; /* of every session */
    struct bytes header;               /* of the message that is being taken over */
    struct reception *all, *free;
};

static const struct smtp_reply reply_ok = {250, {"2.1.0", 5}, {"Ok", 2}};

static uint32_t text(const struct reception *r, struct slice s)
{
    return sim_text(r->listener->office->sim, s);
}

static uint32_t agent_of(const struct reception *r)
{
    return r->listener->options.agent;
}

/* ---- events ---- */

static void emit_command(struct reception *r, const struct smtp_server_event *e)
{
    struct slice verb = e->verb == SMTP_VERB_UNKNOWN ? slice_part(e->line, 0, 16)
                                                     : slice_of(smtp_verb_name(e->verb));
    sim_emit(
        r->listener->office->sim, EVENT_SMTP_CMD,
        &(struct event_smtp_cmd){r->conn, text(r, verb), text(r, e->argument), r->pump->msg_in});
}

static void emit_reject(struct reception *r, const struct smtp_reply *reply, struct slice rcpt)
{
    sim_emit(r->listener->office->sim, EVENT_REJECT,
             &(struct event_reject){agent_of(r), r->pump->msg_in, (uint32_t)reply->code, r->conn,
                                    text(r, rcpt), text(r, reply->text)});
}

static void answer(struct reception *r, const struct smtp_reply *reply, struct slice rcpt)
{
    if (reply->code >= 400)
        emit_reject(r, reply, rcpt);
    smtp_server_answer(&r->server, reply);
}

/* ---- the transaction ---- */

static void forget_transaction(struct reception *r)
{
    vector_clear(&r->recipients);
    arena_reset(&r->arena);
    r->reverse_path = (struct slice){"", 0};
    r->is_8bit = false;
}

static struct smtp_transaction transaction_of(const struct reception *r)
{
    return (struct smtp_transaction){
        .conn = r->conn,
        .msg = r->pump->msg_in,
        .peer_address = r->peer_address,
        .helo = bytes_slice(&r->helo),
        .is_extended = r->server.is_extended,
        .is_authenticated = r->server.is_authenticated,
        .is_8bit = r->is_8bit,
        .user = bytes_slice(&r->user),
        .reverse_path = r->reverse_path,
        .forward_paths = r->recipients.items,
        .recipient_count = r->recipients.count,
    };
}

static void on_auth(struct reception *r, const struct smtp_server_event *e)
{
    struct sim *sim = r->listener->office->sim;
    const struct office_account *account = office_find_account(r->listener->office, e->user);
    bool ok = account && slice_equal(account->password, e->password);
    bytes_clear(&r->user);
    if (ok)
        check(bytes_append(&r->user, slice_part(e->user, 0, SMTP_LINE_MAX)));
    sim_emit(sim, EVENT_AUTH,
             &(struct event_auth){r->conn, text(r, e->user),
                                  text(r, ok ? SLICE("ok") : SLICE("failed")),
                                  text(r, e->mechanism)});
    smtp_server_answer(
        &r->server,
        ok ? &(struct smtp_reply){235, SLICE("2.7.0"), SLICE("Welcome")}
           : &(struct smtp_reply){535, SLICE("5.7.8"), SLICE("User name or password is wrong")});
}

static void on_mail(struct reception *r, const struct smtp_server_event *e)
{
    const struct smtp_listener_options *o = &r->listener->options;
    struct smtp_reply reply = reply_ok;
    forget_transaction(r);
    struct slice path = arena_copy(&r->arena, e->path);
    r->is_8bit = e->is_8bit;
    struct smtp_transaction t = transaction_of(r);
    if (o->policy->mail)
        o->policy->mail(o->role, &t, &path, &r->arena, &reply);
    r->reverse_path = path;
    answer(r, &reply, SLICE(""));
}

/* Somebody who is named twice in one transaction gets one copy. */
static bool is_named(const struct reception *r, struct slice path)
{
    for (size_t i = 0; i < r->recipients.count; i++)
        if (address_equal(r->recipients.items[i], path))
            return true;
    return false;
}

static void on_rcpt(struct reception *r, const struct smtp_server_event *e)
{
    const struct smtp_listener_options *o = &r->listener->options;
    struct smtp_reply reply = {250, SLICE("2.1.5"), SLICE("Ok")};
    struct slice path = arena_copy(&r->arena, e->path);
    struct smtp_transaction t = transaction_of(r);
    const struct office_refusal *refusal = office_find_refusal(r->listener->office, o->agent, path);
    if (refusal)
        reply =
            (struct smtp_reply){refusal->code, refusal->esc, SLICE("This recipient is refused")};
    else if (o->policy->rcpt)
        o->policy->rcpt(o->role, &t, &path, &r->arena, &reply);
    if (reply.code < 300 && !is_named(r, path))
        *vector_add(&r->recipients) = path;
    answer(r, &reply, path);
}

/* RFC 5321 4.4: on top of everything, and only what this server knows to be so. */
static bool write_received(struct reception *r, struct slice id, struct bytes *out)
{
    struct office *office = r->listener->office;
    char address[16];
    struct received received = {
        .from = bytes_slice(&r->helo),
        .from_addr = dns_ipv4_print(r->peer_address, address),
        .by = net_host_name(office->net, agent_of(r)),
        .with = received_with(r->server.is_extended, false, r->server.is_authenticated),
        .id = id,
        .rcpt = r->recipients.count == 1 ? r->recipients.items[0] : SLICE(""),
        .unix_s = office_now_s(office),
        .has_date = true,
    };
    return received_write(&received, out);
}

/* Responsibility is taken: from here on the message ends somewhere, with an event that says where.
 */
static void take_over(struct reception *r, struct slice id, struct slice header, struct slice body)
{
    const struct smtp_listener_options *o = &r->listener->options;
    struct office *office = r->listener->office;
    uint32_t msg = r->pump->msg_in;
    if (msg == 0) { /* from outside of the simulation: it is new to the trace */
        struct header_field subject = {0};
        (void)header_find(header, SLICE("Subject"), 1, &subject);
        msg = office_new_message(office, o->agent, r->reverse_path, r->recipients.items[0],
                                 slice_trim(subject.value), SLICE(""));
    }
    sim_emit(office->sim, EVENT_ACCEPT,
             &(struct event_accept){o->agent, msg, r->conn, text(r, id), text(r, header),
                                    text(r, body)});
    queue_add(o->queue, &(struct queue_mail){.id = id,
                                             .msg = msg,
                                             .reverse_path = r->reverse_path,
                                             .forward_paths = r->recipients.items,
                                             .recipient_count = r->recipients.count,
                                             .header = header,
                                             .body = body,
                                             .is_8bit = r->is_8bit});
}

static void on_message(struct reception *r, const struct smtp_server_event *e)
{
    const struct smtp_listener_options *o = &r->listener->options;
    struct smtp_reply reply = {250, SLICE("2.0.0"), SLICE("")};
    struct smtp_transaction t = transaction_of(r);
    char id_text[OFFICE_ID];
    struct slice id = office_new_id(r->listener->office, o->agent, id_text), header, body;
    struct bytes *out = &r->listener->header;
    header_split(e->content, &header, &body);
    out->ceiling = header.size + HEADER_GROWTH_MAX;
    (void)bytes_reserve(out, header.size + HEADER_GROWTH);
    if (o->hops_max && header_count(header, SLICE("Received")) >= o->hops_max) {
        reply = (struct smtp_reply){554, SLICE("5.4.6"), SLICE("Too many hops")};
    } else if (!write_received(r, id, out)) {
        reply = (struct smtp_reply){552, SLICE("5.3.4"), SLICE("The header is too long")};
    } else if (o->policy->header) {
        o->policy->header(o->role, &t, header, out, &reply);
    } else if (!bytes_append(out, header)) {
        reply = (struct smtp_reply){552, SLICE("5.3.4"), SLICE("The header is too long")};
    }
    if (reply.code < 300) {
        take_over(r, id, bytes_slice(out), body);
        reply.text = arena_join(&r->arena, (struct slice[]){SLICE("Ok: queued as "), id}, 2);
    }
    answer(r, &reply, SLICE(""));
    bytes_reuse(out);
    forget_transaction(r);
}

/* ---- the connection ---- */

static void turn(void *context)
{
    struct reception *r = context;
    struct smtp_server_event e;
    while (smtp_server_next(&r->server, &e)) {
        switch (e.kind) {
        case SMTP_SERVER_COMMAND:
            emit_command(r, &e);
            break;
        case SMTP_SERVER_REPLIED:
        case SMTP_SERVER_QUIT:
            break;
        case SMTP_SERVER_HELO:
            bytes_clear(&r->helo);
            check(bytes_append(&r->helo, slice_part(e.name, 0, SMTP_LINE_MAX)));
            smtp_server_answer(&r->server, &reply_ok);
            break;
        case SMTP_SERVER_AUTH:
            on_auth(r, &e);
            break;
        case SMTP_SERVER_MAIL:
            on_mail(r, &e);
            break;
        case SMTP_SERVER_RCPT:
            on_rcpt(r, &e);
            break;
        case SMTP_SERVER_VRFY:
            smtp_server_answer(&r->server,
                               &(struct smtp_reply){252, SLICE("2.5.2"),
                                                    SLICE("Send some mail, I will try my best")});
            break;
        case SMTP_SERVER_MESSAGE:
            on_message(r, &e);
            break;
        case SMTP_SERVER_RESET:
            forget_transaction(r);
            break;
        }
    }
    pump_wait(r->pump, IDLE_S);
}

static void expired(void *context)
{
    struct reception *r = context;
    smtp_server_shut_down(&r->server, SLICE("Nothing was said for too long"));
}

static void ended(void *context, enum net_end why)
{
    struct reception *r = context;
    (void)why;
    forget_transaction(r);
    smtp_server_restart(&r->server, &r->listener->server);
    r->next_free = r->listener->free;
    r->listener->free = r;
}

static struct reception *take(struct smtp_listener *listener)
{
    struct reception *r = listener->free;
    if (r) {
        listener->free = r->next_free;
    } else {
        r = memory_take(sizeof *r);
        r->listener = listener;
        smtp_server_init(&r->server, &listener->server);
        bytes_init(&r->helo, SMTP_LINE_MAX);
        bytes_init(&r->user, SMTP_LINE_MAX);
        arena_init(&r->arena);
        r->next = listener->all;
        listener->all = r;
    }
    bytes_clear(&r->helo);
    bytes_clear(&r->user);
    return r;
}

static bool accept_connection(void *context, uint32_t wire, uint32_t peer_address,
                              struct net_user *user)
{
    struct smtp_listener *listener = context;
    struct reception *r = take(listener);
    smtp_server_answer(&r->server, &(struct smtp_reply){220, SLICE(""), listener->greeting});
    r->peer_address = peer_address;
    r->conn = net_conn(listener->office->net, wire);
    r->pump = pump_accept(&listener->office->pumps, wire, &r->server.base,
                          &(struct pump_user){turn, expired, ended, r, {"", 0}, 0, 0}, user);
    pump_wait(r->pump, IDLE_S);
    return true;
}

struct smtp_listener *smtp_listener_create(struct office *office,
                                           const struct smtp_listener_options *options,
                                           const uint32_t *ports, size_t port_count)
{
    struct smtp_listener *listener = memory_take(sizeof *listener);
    listener->office = office;
    listener->options = *options;
    bytes_init(&listener->header, HEADER_GROWTH_MAX);
    struct slice name = net_host_name(office->net, options->agent);
    listener->greeting = arena_join(
        &office->arena, (struct slice[]){slice_part(name, 0, 255), SLICE(" ESMTP mailflow")}, 2);
    listener->server = (struct smtp_server_options){.hostname = name,
                                                    .size_max = options->size_max,
                                                    .is_submission = options->is_submission,
                                                    .offers_auth = options->is_submission,
                                                    .auth_required = options->auth_required,
                                                    .offers_pipelining = true,
                                                    .offers_8bitmime = true,
                                                    .offers_esc = true};
    for (size_t i = 0; i < port_count; i++)
        check(net_listen(office->net, options->agent, ports[i], accept_connection, listener));
    return listener;
}

void smtp_listener_destroy(struct smtp_listener *listener)
{
    if (!listener)
        return;
    while (listener->all) {
        struct reception *r = listener->all;
        listener->all = r->next;
        smtp_server_finish(&r->server);
        bytes_finish(&r->helo);
        bytes_finish(&r->user);
        arena_finish(&r->arena);
        vector_finish(&r->recipients);
        free(r);
    }
    bytes_finish(&listener->header);
    free(listener);
}
