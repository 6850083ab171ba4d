#include "sim/net/net_inner.h"

#include "sim/base/check.h"

/*
 * Taps. A segment's octets are those that its event has kept; what was overwritten on the way is
 * kept beside the stream, by piece, and put over them each time that somebody looks: a tap further
 * on, or the receiver at last. The sender's own octets stay as they are, for it may send them
 * again.
 */

/* ---- the list ---- */

static void chain_all(struct net *net)
{
    for (size_t i = 0; i < net->hosts.count; i++)
        net->hosts.items[i].watch = 0;
    for (size_t i = 0; i < net->links.count; i++)
        net->links.items[i].watch = 0;
    for (size_t i = net->watches.count; i-- > 0;) {
        struct watch *w = &net->watches.items[i];
        uint32_t *first = w->link ? &net_link(net, w->link)->watch : &net_host(net, w->host)->watch;
        if (!w->watch)
            continue;
        w->next = *first;
        *first = (uint32_t)i + 1;
    }
}

static struct watch *watch_of(struct net *net, uint32_t agent)
{
    for (size_t i = 0; i < net->watches.count; i++)
        if (net->watches.items[i].agent == agent)
            return &net->watches.items[i];
    return vector_add(&net->watches);
}

void net_set_watch(struct net *net, uint32_t agent, uint32_t link, net_watch *watch, void *context)
{
    *watch_of(net, agent) = (struct watch){.agent = agent,
                                           .host = net_inner_host(net, agent),
                                           .link = link,
                                           .watch = watch,
                                           .context = context};
    chain_all(net);
    net->is_watched = false;
    for (size_t i = 0; i < net->watches.count; i++)
        net->is_watched |= net->watches.items[i].watch != NULL;
}

void watch_finish(struct net *net)
{
    vector_finish(&net->watches);
    vector_finish(&net->passes);
    vector_finish(&net->passages);
    vector_finish(&net->free_passages);
    bytes_finish(&net->passing.octets);
    bytes_finish(&net->patched);
}

/* ---- what was overwritten ---- */

static void put_over(const struct net *net, const struct stream *s, uint32_t piece,
                     struct bytes *octets)
{
    for (size_t i = 0; i < s->patches.count; i++) {
        const struct stream_patch *patch = &s->patches.items[i];
        struct slice text = log_text(&net->sim->log, patch->text);
        if (patch->piece == piece)
            memcpy(octets->data + octets->start + patch->offset, text.data, text.size);
    }
}

struct slice watch_put_over(struct net *net, const struct stream *s, uint32_t piece,
                            struct slice octets)
{
    bytes_clear(&net->patched);
    check(bytes_append(&net->patched, octets));
    put_over(net, s, piece, &net->patched);
    return bytes_slice(&net->patched);
}

void net_overwrite(struct net *net, size_t offset, struct slice octets)
{
    struct passing *now = &net->passing;
    check(now->stream && offset + octets.size <= bytes_size(&now->octets));
    struct stream *s = now->stream;
    memcpy(now->octets.data + now->octets.start + offset, octets.data, octets.size);
    if (now->piece < s->delivered)
        return; /* the receiver has had it; this is but a repetition */
    *vector_add(&s->patches) = (struct stream_patch){
        .piece = now->piece, .offset = (uint32_t)offset, .text = sim_text(net->sim, octets)};
}

/* ---- passing ---- */

void watch_pass(struct net *net, uint32_t chain_first, int64_t at)
{
    for (uint32_t i = chain_first; i != 0; i = net->watches.items[i - 1].next)
        *vector_add(&net->passes) = (struct link_pass){.watch = i - 1, .at = at};
}

static void pass(void *context, uint64_t slot, uint64_t unused)
{
    (void)unused;
    struct net *net = context;
    struct passage p = net->passages.items[slot];
    const struct watch w = net->watches.items[p.watch];
    *vector_add(&net->free_passages) = (uint32_t)slot;
    if (!w.watch)
        return; /* it has stopped listening meanwhile */
    struct stream *s = &net->conns.items[p.conn]->stream[p.passage.is_back];
    struct passing *now = &net->passing;
    bytes_clear(&now->octets);
    check(bytes_append(&now->octets, log_text(&net->sim->log, p.text)));
    now->stream = s;
    now->piece = p.piece;
    put_over(net, s, p.piece, &now->octets);
    p.passage.octets = bytes_slice(&now->octets);
    w.watch(w.context, &p.passage);
    now->stream = NULL;
}

void watch_launch(struct net *net, const struct wire_conn *c, const struct segment *s,
                  const struct event_tcp_segment *fields)
{
    for (size_t i = 0; i < net->passes.count; i++) {
        if (net->free_passages.count == 0) {
            (void)vector_add(&net->passages);
            *vector_add(&net->free_passages) = (uint32_t)net->passages.count - 1;
        }
        uint32_t slot = net->free_passages.items[--net->free_passages.count];
        net->passages.items[slot] = (struct passage){
            .watch = net->passes.items[i].watch,
            .conn = c->index,
            .piece = s->piece,
            .text = fields->data,
            .passage = {.conn = c->number,
                        .port = c->port,
                        .is_back = s->from,
                        .is_last = (s->flags & (EVENT_SEGMENT_FIN | EVENT_SEGMENT_RST)) != 0,
                        .seq = s->seq,
                        .msg = fields->msg}};
        sim_after(net->sim, net->passes.items[i].at - net->sim->now, pass, net, slot, 0);
    }
    vector_clear(&net->passes);
}
