#include "agents/roles/dialup.h"

#include <stdlib.h>

#include "sim/base/memory.h"
#include "agents/proto/smtp_client.h"

enum { PORT_SMTP = 25 };

struct dialup {
    struct office *office;
    struct dialup_options options;
    struct smtp_client client;
    struct pump *pump; /* NULL: not connected */
    bool is_busy;      /* the name is looked up, or the connection is open */
    size_t next;       /* domain to be asked for */
};

static void note_reply(struct dialup *d, const struct smtp_client_event *e)
{
    struct sim *sim = d->office->sim;
    sim_emit(sim, EVENT_SMTP_REPLY,
             &(struct event_smtp_reply){.conn = pump_conn(d->pump),
                                        .verb = sim_text(sim, slice_of(e->verb)),
                                        .code = (uint32_t)e->reply.code,
                                        .esc = sim_text(sim, e->reply.esc),
                                        .text = sim_text(sim, e->reply.text)});
}

/* RFC 1985 5.1: one domain a command. */
static void ask_next(struct dialup *d)
{
    struct arena arena;
    arena_init(&arena);
    bool is_asked = false;
    while (!is_asked && d->next < d->options.domain_count) {
        struct slice domain = d->options.domains[d->next++];
        is_asked = smtp_client_ask(&d->client,
                                   arena_join(&arena, (struct slice[]){SLICE("ETRN "), domain}, 2));
    }
    if (!is_asked)
        smtp_client_quit(&d->client);
    arena_finish(&arena);
}

static void turn(void *context)
{
    struct dialup *d = context;
    struct smtp_client_event e;
    while (smtp_client_next(&d->client, &e)) {
        if (e.kind == SMTP_CLIENT_REPLY)
            note_reply(d, &e);
        else if (e.kind == SMTP_CLIENT_READY)
            ask_next(d);
    }
    pump_wait(d->pump, smtp_client_timeout_s(&d->client));
}

static void ended(void *context, enum net_end why)
{
    struct dialup *d = context;
    (void)why; /* it asks again the next time */
    d->pump = NULL;
    d->is_busy = false;
    smtp_client_restart(&d->client, &d->client.options);
}

static void on_address(void *context, uint64_t tag, const struct resolver_answer *answer)
{
    struct dialup *d = context;
    uint32_t address;
    (void)tag;
    d->is_busy = false;
    if (answer->count == 0 || !resolver_address(&answer->records[0], &address) ||
        !net_host_is_up(d->office->net, d->options.agent))
        return;
    const struct smtp_client_options options = {
        .hostname = net_host_name(d->office->net, d->options.agent)};
    struct pump_user user = {.turn = turn, .ended = ended, .context = d};
    smtp_client_restart(&d->client, &options);
    d->next = 0;
    d->is_busy = true;
    d->pump = pump_connect(&d->office->pumps, d->options.agent, address, PORT_SMTP, &d->client.base,
                           &user);
}

void dialup_ask(struct dialup *d)
{
    const struct net *net = d ? d->office->net : NULL;
    if (!d || d->is_busy || d->options.server.size == 0 || !net_host_is_up(net, d->options.agent) ||
        !net_agent_is_up(net, d->options.agent))
        return;
    d->is_busy = true;
    office_resolve(d->office, d->options.agent, d->options.server, DNS_TYPE_A, on_address, d, 0);
}

static void ring(void *context, uint64_t a, uint64_t b)
{
    struct dialup *d = context;
    (void)a;
    (void)b;
    dialup_ask(d);
    sim_after_background(d->office->sim, d->options.every, ring, d, 0, 0);
}

struct dialup *dialup_create(struct office *office, const struct dialup_options *options)
{
    struct dialup *d = memory_take(sizeof *d);
    *d = (struct dialup){.office = office, .options = *options};
    sim_after_background(office->sim, options->every, ring, d, 0, 0);
    return d;
}

void dialup_configure(struct dialup *d, const struct dialup_options *options)
{
    d->options = *options;
}

void dialup_destroy(struct dialup *d)
{
    if (!d)
        return;
    smtp_client_finish(&d->client);
    free(d);
}
