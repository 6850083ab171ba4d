#include "support_lab.h"

#include <stdio.h>
#include <string.h>

void lab_start(struct lab *lab, uint64_t seed)
{
    sim_init(&lab->sim, seed, VTIME_DEFAULT_EPOCH_S);
    sim_emit(&lab->sim, EVENT_RUN, &(struct event_run){.title = sim_text(&lab->sim, SLICE("lab"))});
    lab->net = net_create(&lab->sim);
}

void lab_finish(struct lab *lab)
{
    net_destroy(lab->net);
    sim_finish(&lab->sim);
}

uint32_t lab_host(struct lab *lab, const char *id)
{
    uint32_t n = lab_count(lab, EVENT_HOST) + 1;
    return net_add_host(lab->net, &(struct net_host_options){.id = slice_of(id),
                                                             .name = slice_of(id),
                                                             .address = LAB_ADDRESS(n),
                                                             .x = EVENT_UNSET,
                                                             .y = EVENT_UNSET});
}

uint32_t lab_link(struct lab *lab, uint32_t a, uint32_t b)
{
    char id[32];
    snprintf(id, sizeof id, "%u:%u", a, b);
    return net_add_link(lab->net, &(struct net_link_options){
                                      .id = slice_of(id), .a = a, .b = b, .latency_us = 20000});
}

void lab_pair(struct lab *lab, uint64_t seed)
{
    lab_start(lab, seed);
    uint32_t a = lab_host(lab, "a"), b = lab_host(lab, "b");
    lab_link(lab, a, b);
}

void lab_run(struct lab *lab)
{
    sim_run(&lab->sim, VTIME_NEVER, true, 0);
}

/* ---- talkers ---- */

static struct net_user user_of(struct talker *t);

static void speak(struct talker *t)
{
    if (t->says)
        net_send(t->lab->net, t->wire, slice_of(t->says), 7);
    if (t->closes_first)
        net_close(t->lab->net, t->wire);
}

static void on_opened(void *context, uint32_t wire)
{
    struct talker *t = context;
    t->wire = wire;
    t->opened++;
    t->opened_at = t->lab->sim.now;
    if (t->aborts == TALKER_OPENED)
        net_abort(t->lab->net, wire);
    speak(t);
}

static void on_received(void *context, uint32_t wire, struct slice bytes, uint32_t msg)
{
    struct talker *t = context;
    t->received++;
    t->last_msg = msg;
    bytes_append(&t->got, bytes);
    if (t->echoes)
        net_send(t->lab->net, wire, bytes, msg);
    if (t->aborts == TALKER_RECEIVED)
        net_abort(t->lab->net, wire);
}

static void on_finished(void *context, uint32_t wire)
{
    struct talker *t = context;
    t->finished++;
    if (t->aborts == TALKER_FINISHED)
        net_abort(t->lab->net, wire);
    if (!t->stays)
        net_close(t->lab->net, wire);
}

static void on_ended(void *context, uint32_t wire, enum net_end why)
{
    struct talker *t = context;
    t->ended++;
    t->why = why;
    t->ended_at = t->lab->sim.now;
    t->conn_at_end = net_conn(t->lab->net, wire);
    net_send(t->lab->net, wire, SLICE("too late"), 0);
    net_abort(t->lab->net, wire);
    if (t->reconnects && t->ended < 3) {
        uint32_t agent = event_as_tcp_connect(lab_event(t->lab, EVENT_TCP_CONNECT, 0))->from;
        t->wire = net_connect(t->lab->net, agent, t->connects_to, LAB_PORT, &(struct net_user){0});
    }
}

static struct net_user user_of(struct talker *t)
{
    return (struct net_user){.opened = on_opened,
                             .received = on_received,
                             .finished = on_finished,
                             .ended = on_ended,
                             .context = t};
}

static bool on_accept(void *context, uint32_t wire, uint32_t peer_address, struct net_user *user)
{
    struct talker *t = context;
    (void)peer_address;
    t->accepted++;
    t->wire = wire;
    if (t->refuses)
        return false;
    if (t->aborts == TALKER_ACCEPTED)
        net_abort(t->lab->net, wire);
    *user = user_of(t);
    speak(t);
    return true;
}

void talker_start(struct talker *t, struct lab *lab)
{
    *t = (struct talker){.lab = lab};
    bytes_init(&t->got, SIZE_MAX);
}

void talker_finish(struct talker *t)
{
    bytes_finish(&t->got);
}

void talker_listen(struct talker *t, uint32_t agent, uint32_t port)
{
    net_listen(t->lab->net, agent, port, on_accept, t);
}

void talker_connect(struct talker *t, uint32_t agent, uint32_t address, uint32_t port)
{
    struct net_user user = user_of(t);
    t->wire = net_connect(t->lab->net, agent, address, port, &user);
}

/* ---- the trace as text ---- */

static void show_segment(const struct lab *lab, const struct event *e, uint32_t isn[2],
                         struct bytes *text)
{
    static const struct {
        unsigned flag;
        const char *name;
    } names[] = {{EVENT_SEGMENT_RST, "RST "}, {EVENT_SEGMENT_SYN, "SYN "},
                 {EVENT_SEGMENT_FIN, "FIN "}, {EVENT_SEGMENT_PSH, "PSH "},
                 {EVENT_SEGMENT_ACK, "ACK "}, {EVENT_SEGMENT_AGAIN, "again "}};
    const struct event_tcp_segment *s = event_as_tcp_segment(e);
    bool back = (e->flags & EVENT_SEGMENT_BACK) != 0;
    if (e->flags & EVENT_SEGMENT_SYN)
        isn[back] = s->seq;
    bytes_printf(text, "%c ", back ? '<' : '>');
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (e->flags & names[i].flag)
            bytes_printf(text, "%s", names[i].name);
    bytes_printf(text, "%u", s->seq - isn[back]);
    if (e->flags & EVENT_SEGMENT_ACK)
        bytes_printf(text, ":%u", s->ack - isn[!back]);
    struct slice data = log_text(&lab->sim.log, s->data);
    if (data.size > 20)
        bytes_printf(text, " (%zu)", data.size);
    else if (data.size > 0)
        bytes_printf(text, " \"%.*s\"", SLICE_ARG(data));
}

static bool show_event(const struct lab *lab, const struct event *e, uint32_t isn[2],
                       struct bytes *text)
{
    const struct event_tcp_open *open = event_as_tcp_open(e);
    const struct event_tcp_close *close = event_as_tcp_close(e);
    const struct event_tcp_lost *lost = event_as_tcp_lost(e);
    bytes_printf(text, "%lld ", (long long)(e->t / VTIME_US));
    if (e->kind == EVENT_TCP_SEGMENT)
        show_segment(lab, e, isn, text);
    else if (open)
        bytes_printf(text, "open %.*s", SLICE_ARG(log_text(&lab->sim.log, open->result)));
    else if (close)
        bytes_printf(text, "close %.*s", SLICE_ARG(log_text(&lab->sim.log, close->how)));
    else
        bytes_printf(text, "lost on %u", lost->link);
    return bytes_append_octet(text, '\n');
}

void lab_show(const struct lab *lab, uint32_t conn, struct bytes *text)
{
    uint32_t isn[2] = {0};
    for (uint32_t id = 0; id < log_count(&lab->sim.log); id++) {
        const struct event *e = log_at(&lab->sim.log, id);
        if (e->kind >= EVENT_TCP_OPEN && e->kind <= EVENT_TCP_CLOSE && e->v[0] == conn)
            show_event(lab, e, isn, text);
    }
}

uint32_t lab_count(const struct lab *lab, enum event_kind kind)
{
    uint32_t count = 0;
    for (uint32_t id = 0; id < log_count(&lab->sim.log); id++)
        count += log_at(&lab->sim.log, id)->kind == kind;
    return count;
}

const struct event *lab_event(const struct lab *lab, enum event_kind kind, uint32_t n)
{
    for (uint32_t id = 0; id < log_count(&lab->sim.log); id++)
        if (log_at(&lab->sim.log, id)->kind == kind && n-- == 0)
            return log_at(&lab->sim.log, id);
    return NULL;
}

uint64_t lab_hash(const struct lab *lab)
{
    uint64_t hash = 0;
    for (uint32_t id = 0; id < log_count(&lab->sim.log); id++) {
        const struct event *e = log_at(&lab->sim.log, id);
        struct event copy = *e;
        for (int i = 0; i < event_kinds[e->kind].field_count; i++)
            if (event_kinds[e->kind].fields[i].type == EVENT_TYPE_TEXT)
                copy.v[i] = (uint32_t)slice_hash(log_text(&lab->sim.log, e->v[i]));
        hash = hash * 31 + slice_hash((struct slice){(const char *)&copy, sizeof copy});
    }
    return hash;
}

bool lab_is_caused(const struct lab *lab)
{
    for (uint32_t id = 1; id < log_count(&lab->sim.log); id++) {
        const struct event *e = log_at(&lab->sim.log, id);
        if (e->cause >= id || e->t < log_at(&lab->sim.log, id - 1)->t)
            return false;
    }
    return true;
}
