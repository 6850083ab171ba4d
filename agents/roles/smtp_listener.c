#include "agents/roles/smtp_listener.h"

#include <stdlib.h>

#include "sim/base/check.h"
#include "sim/base/memory.h"
#include "agents/roles/smtp_reception.h"

enum {
    IDLE_S = 300, /* RFC 5321 4.5.3.2.7: at least 5 minutes */
    PORT_TLS = 465,
    HEADER_CEILING = 64 * 1024 /* of the buffer until a message sets its own */
};

static const struct smtp_reply reply_ok = {250, {"2.1.0", 5}, {"Ok", 2}};

static uint32_t text(const struct reception *r, struct slice s)
{
    return sim_text(r->listener->office->sim, s);
}

/* ---- commands that are not about a mail ---- */

static void emit_command(struct reception *r, const struct smtp_server_event *e)
{
    struct slice verb = e->verb == SMTP_VERB_UNKNOWN ? slice_part(e->line, 0, 16)
                                                     : slice_of(smtp_verb_name(e->verb));
    struct event_smtp_cmd command = {r->conn, text(r, verb), text(r, e->argument), r->pump->msg_in};
    if (r->listener->server.is_lmtp)
        sim_emit(r->listener->office->sim, EVENT_LMTP_CMD,
                 &(struct event_lmtp_cmd){command.conn, command.verb, command.arg, command.msg});
    else
        sim_emit(r->listener->office->sim, EVENT_SMTP_CMD, &command);
}

/* What has a verdict of its own is forced there (smtp_reception.c), with its event. */
static void on_command(struct reception *r, const struct smtp_server_event *e)
{
    struct office *office = r->listener->office;
    uint32_t agent = r->listener->options.agent;
    struct slice verb = slice_of(smtp_verb_name(e->verb));
    emit_command(r, e);
    disturb_command(office, agent, verb, r->pump);
    if (e->verb == SMTP_VERB_MAIL || e->verb == SMTP_VERB_RCPT)
        return;
    const struct disturbance *d = disturb_reply(office, agent, verb, SLICE(""));
    if (d)
        smtp_server_overrule(&r->server, &(struct smtp_reply){d->code, d->esc, d->text});
}

/* The client is not who it said it was, or says it anew (RFC 3207 4.2). */
static void forget_client(struct reception *r)
{
    smtp_reception_forget(r);
    bytes_clear(&r->helo);
    bytes_clear(&r->user);
}

static void on_hello(struct reception *r, const struct smtp_server_event *e)
{
    bytes_clear(&r->helo);
    check(bytes_append(&r->helo, slice_part(e->name, 0, SMTP_LINE_MAX)));
    smtp_reception_answer(r, &reply_ok);
}

/* 454 says that it can't be now (RFC 3207 4). */
static void on_starttls(struct reception *r)
{
    bool can = r->listener->office->pumps.tls != NULL;
    smtp_reception_answer(
        r,
        can ? &(struct smtp_reply){220, SLICE("2.0.0"), SLICE("Ready to start TLS")}
            : &(struct smtp_reply){454, SLICE("4.7.0"), SLICE("There is no certificate for now")});
}

static void on_auth(struct reception *r, const struct smtp_server_event *e)
{
    const struct office_account *account = office_find_account(r->listener->office, e->user);
    smtp_server_password(&r->server, account ? &account->password : NULL);
}

static void on_auth_done(struct reception *r, const struct smtp_server_event *e)
{
    bytes_clear(&r->user);
    if (e->is_ok)
        check(bytes_append(&r->user, slice_part(e->user, 0, SMTP_LINE_MAX)));
    sim_emit(r->listener->office->sim, EVENT_AUTH,
             &(struct event_auth){r->conn, text(r, e->user),
                                  text(r, e->is_ok ? SLICE("ok") : SLICE("failed")),
                                  text(r, slice_of(sasl_name(e->mechanism)))});
}

static void on_vrfy(struct reception *r, const struct smtp_server_event *e)
{
    const struct smtp_listener_options *o = &r->listener->options;
    struct smtp_reply reply = {252, SLICE("2.5.2"), SLICE("Send some mail, I will try my best")};
    struct arena arena; /* not the transaction's, which goes on */
    arena_init(&arena);
    if (o->policy->vrfy)
        o->policy->vrfy(o->role, e->path, &arena, &reply);
    smtp_reception_answer(r, &reply);
    arena_finish(&arena);
}

/* RFC 1985 5.3. A queue's name and a domain with all that is below it are not among what we know.
 */
static void on_etrn(struct reception *r, const struct smtp_server_event *e)
{
    char first = e->path.data[0];
    if (first == '#' || first == '@') {
        smtp_reception_answer(
            r, &(struct smtp_reply){458, SLICE("4.5.4"), SLICE("Only a domain's own name")});
        return;
    }
    size_t count = queue_flush_domain(r->listener->options.queue, e->path);
    struct arena arena;
    arena_init(&arena);
    struct slice name = slice_part(e->path, 0, 255);
    struct smtp_reply reply = {251, SLICE("2.0.0"),
                               arena_printf(&arena, "No message waits for %.*s", SLICE_ARG(name))};
    if (count > 0)
        reply = (struct smtp_reply){
            253, SLICE("2.0.0"),
            arena_printf(&arena, "%zu messages for %.*s are tried", count, SLICE_ARG(name))};
    smtp_reception_answer(r, &reply);
    arena_finish(&arena);
}

/* ---- the connection ---- */

/* While a filter thinks it is we who are waited for: no time runs out then. */
void smtp_reception_turn(struct reception *r)
{
    struct smtp_server_event e;
    r->is_in_turn = true;
    while (!pump_is_held(r->pump) && smtp_server_next(&r->server, &e)) {
        switch (e.kind) {
        case SMTP_SERVER_COMMAND:
            on_command(r, &e);
            break;
        case SMTP_SERVER_REPLIED:
        case SMTP_SERVER_QUIT:
            break;
        case SMTP_SERVER_HELO:
            on_hello(r, &e);
            break;
        case SMTP_SERVER_STARTTLS:
            on_starttls(r);
            break;
        case SMTP_SERVER_SECURED:
            forget_client(r);
            break;
        case SMTP_SERVER_AUTH:
            on_auth(r, &e);
            break;
        case SMTP_SERVER_AUTH_DONE:
            on_auth_done(r, &e);
            break;
        case SMTP_SERVER_MAIL:
            smtp_reception_mail(r, &e);
            break;
        case SMTP_SERVER_RCPT:
            smtp_reception_rcpt(r, &e);
            break;
        case SMTP_SERVER_VRFY:
            on_vrfy(r, &e);
            break;
        case SMTP_SERVER_EXPN: /* never offered: there are no lists here */
            smtp_reception_answer(
                r, &(struct smtp_reply){550, SLICE("5.1.1"), SLICE("There is no such list")});
            break;
        case SMTP_SERVER_ETRN:
            on_etrn(r, &e);
            break;
        case SMTP_SERVER_MESSAGE:
            smtp_reception_message(r, &e);
            break;
        case SMTP_SERVER_RESET:
            smtp_reception_forget(r);
            break;
        }
    }
    r->is_in_turn = false;
    pump_wait(r->pump, r->trial.is_on ? 0 : IDLE_S);
}

static void turn(void *context)
{
    smtp_reception_turn(context);
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
    smtp_reception_forget(r);
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
        bytes_init(&r->trial.header, HEADER_CEILING);
        arena_init(&r->arena);
        r->next = listener->all;
        listener->all = r;
    }
    forget_client(r);
    return r;
}

/* What may differ from one connection to the next. */
static void prepare(struct reception *r, uint32_t port)
{
    struct smtp_listener *listener = r->listener;
    const struct smtp_listener_options *o = &listener->options;
    bool has_tls = listener->office->pumps.tls != NULL;
    smtp_server_restart(&r->server, &listener->server);
    r->server.options.seed = random_u64(&listener->random);
    r->server.options.offers_starttls = has_tls && o->tls != SMTP_LISTENER_TLS_NONE;
    r->server.base.tls = port == PORT_TLS ? SESSION_TLS_FIRST : SESSION_TLS_NONE;
}

static bool accept_connection(void *context, uint32_t wire, uint32_t peer_address,
                              struct net_user *user)
{
    const struct smtp_port *port = context;
    struct smtp_listener *listener = port->listener;
    struct office *office = listener->office;
    if (listener->options.is_loopback &&
        peer_address != net_address(office->net, listener->options.agent))
        return false;
    struct reception *r = take(listener);
    prepare(r, port->port);
    r->peer_address = peer_address;
    r->conn = net_conn(office->net, wire);
    r->pump = NULL;
    smtp_reception_greet(r);
    struct pump_user pump_user = {.turn = turn,
                                  .expired = expired,
                                  .ended = ended,
                                  .context = r,
                                  .tls_flaw = office_find_flaw(office, listener->options.agent)};
    if (!r->trial.is_on)
        disturb_greeting(office, listener->options.agent, &pump_user);
    r->pump = pump_accept(&office->pumps, wire, &r->server.base, &pump_user, user);
    pump_wait(r->pump, r->trial.is_on ? 0 : IDLE_S);
    return true;
}

/* ---- settings ---- */

void smtp_listener_read(struct smtp_listener_options *options, const struct config *config)
{
    struct slice word = config_text(config, "starttls");
    options->tls = slice_equal(word, SLICE("required")) ? SMTP_LISTENER_TLS_REQUIRED
                   : slice_equal(word, SLICE("none"))   ? SMTP_LISTENER_TLS_NONE
                                                        : SMTP_LISTENER_TLS_OFFERED;
    options->without = config_get(config, "without");
}

static bool has(const struct smtp_listener_options *o, const char *keyword)
{
    for (size_t i = 0; o->without && i < o->without->text_count; i++)
        if (slice_equal_fold(o->without->texts[i], slice_of(keyword)))
            return false;
    return true;
}

/* A delivery agent asks no passwords, has no queue, and sends no notices; LMTP is never without
   pipelining and enhanced codes (RFC 2033 5). */
static struct smtp_server_options session_options(const struct smtp_listener *listener)
{
    const struct smtp_listener_options *o = &listener->options;
    bool is_lmtp = o->policy->deliver != NULL, has_8bit = has(o, "8BITMIME");
    return (struct smtp_server_options){
        .hostname = net_host_name(listener->office->net, o->agent),
        .size_max = o->size_max,
        .is_lmtp = is_lmtp,
        .is_submission = o->is_submission,
        .offers_auth = o->is_submission || o->offers_auth,
        .hides_clear_auth = o->hides_clear_auth,
        .auth_required = o->auth_required,
        .tls_required = o->tls == SMTP_LISTENER_TLS_REQUIRED,
        .offers_pipelining = is_lmtp || has(o, "PIPELINING"),
        .offers_8bitmime = has_8bit,
        .offers_esc = is_lmtp || has(o, "ENHANCEDSTATUSCODES"),
        .offers_smtputf8 = has_8bit && has(o, "SMTPUTF8"), /* RFC 6531 3.1 (8) */
        .offers_chunking = has(o, "CHUNKING"),
        .offers_dsn = !is_lmtp && has(o, "DSN"),
        .offers_etrn = !is_lmtp && !o->is_submission && has(o, "ETRN"),
        .offers_help = has(o, "HELP"),
        .recipients_max = SMTP_RECIPIENTS_MIN,
        .mechanisms = SASL_ALL,
        .memory = listener->office->logins_made,
    };
}

struct smtp_listener *smtp_listener_create(struct office *office,
                                           const struct smtp_listener_options *options,
                                           const uint32_t *ports, size_t port_count)
{
    struct smtp_listener *listener = memory_take(sizeof *listener);
    listener->office = office;
    listener->options = *options;
    bytes_init(&listener->header, HEADER_CEILING);
    listener->server = session_options(listener);
    struct slice name = slice_part(net_host_name(office->net, options->agent), 0, 255);
    struct slice protocol = listener->server.is_lmtp ? SLICE(" LMTP") : SLICE(" ESMTP");
    listener->greeting =
        arena_join(&office->arena, (struct slice[]){name, protocol, SLICE(" mailflow")}, 3);
    sim_random(office->sim,
               arena_join(&office->arena, (struct slice[]){SLICE("smtp server "), name}, 2),
               &listener->random);
    for (size_t i = 0; i < port_count; i++) {
        struct smtp_port *port = arena_take(&office->arena, sizeof *port);
        *port = (struct smtp_port){listener, ports[i]};
        check(net_listen(office->net, options->agent, ports[i], accept_connection, port));
    }
    return listener;
}

void smtp_listener_configure(struct smtp_listener *listener,
                             const struct smtp_listener_options *options)
{
    listener->options = *options;
    listener->server = session_options(listener);
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
        bytes_finish(&r->trial.header);
        arena_finish(&r->arena);
        vector_finish(&r->recipients);
        vector_finish(&r->notify);
        vector_finish(&r->outcomes);
        free(r);
    }
    bytes_finish(&listener->header);
    free(listener);
}
