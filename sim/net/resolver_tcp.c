#include "sim/net/resolver_part.h"

/* One question a connection: what is too long for a datagram is rare (RFC 7766 5 and 6.2.1). */

enum { LENGTH_OCTETS = 2 }; /* before each message: RFC 1035 4.2.2 */

static struct resolver_call *find_call(struct resolver *r, uint32_t wire)
{
    for (size_t i = 0; i < r->calls.count; i++)
        if (r->calls.items[i].wire == wire)
            return &r->calls.items[i];
    return NULL;
}

static void free_call(struct resolver_call *call)
{
    bytes_finish(&call->in);
    *call = (struct resolver_call){0};
}

/* The whole message, once it is there. */
static bool take_message(const struct resolver_call *call, struct slice *message)
{
    struct slice in = bytes_slice(&call->in);
    if (in.size < LENGTH_OCTETS)
        return false;
    size_t size = (size_t)(unsigned char)in.data[0] << 8 | (unsigned char)in.data[1];
    *message = slice_part(in, LENGTH_OCTETS, LENGTH_OCTETS + size);
    return message->size == size;
}

static void received(void *context, uint32_t wire, struct slice bytes, uint32_t msg)
{
    struct resolver *r = context;
    struct resolver_call *call = find_call(r, wire);
    struct slice message;
    (void)msg;
    if (!call || call->is_over)
        return;
    size_t room = call->in.ceiling - bytes_size(&call->in);
    (void)bytes_append(&call->in, slice_part(bytes, 0, room));
    if (!take_message(call, &message))
        return;
    call->is_over = true;
    uint32_t cause = r->sim->cause;
    net_close(r->net, wire);
    r->sim->cause = cause;
    struct bytes in = call->in; /* whoever is told may ask anew, and calls may move */
    bytes_init(&call->in, 0);
    (void)resolver_take_answer(r, call->server, message, true);
    bytes_finish(&in);
}

static void finished(void *context, uint32_t wire)
{
    struct resolver *r = context;
    net_close(r->net, wire);
}

/* Without an answer the timer finds that out. */
static void ended(void *context, uint32_t wire, enum net_end why)
{
    struct resolver_call *call = find_call(context, wire);
    (void)why;
    if (call)
        free_call(call);
}

static struct resolver_call *take_call(struct resolver *r)
{
    struct resolver_call *call = find_call(r, 0);
    return call ? call : vector_add(&r->calls);
}

void resolver_tcp_ask(struct resolver *r, uint32_t entry, struct slice question)
{
    struct net_user user = {NULL, received, finished, ended, r};
    struct resolver_call *call = take_call(r);
    call->entry = entry;
    call->server = resolver_server_of(r, &r->entries.items[entry]);
    bytes_init(&call->in, LENGTH_OCTETS + DNS_MESSAGE_MAX);
    call->wire = net_connect(r->net, r->host, call->server, RESOLVER_PORT, &user);
    char length[LENGTH_OCTETS] = {(char)(question.size >> 8), (char)question.size};
    struct slice parts[] = {{length, LENGTH_OCTETS}, question};
    struct bytes message; /* length and message in one segment: RFC 7766 8 */
    bytes_init(&message, LENGTH_OCTETS + DNS_MESSAGE_MAX);
    if (bytes_append_all(&message, parts, 2))
        net_send(r->net, call->wire, bytes_slice(&message), 0);
    bytes_finish(&message);
}

void resolver_tcp_forget(struct resolver *r, uint32_t entry)
{
    for (size_t i = 0; i < r->calls.count; i++) {
        struct resolver_call *call = &r->calls.items[i];
        if (!call->wire || call->is_over || call->entry != entry)
            continue;
        net_abort(r->net, call->wire);
        free_call(call);
    }
}

void resolver_tcp_finish(struct resolver *r)
{
    for (size_t i = 0; i < r->calls.count; i++)
        bytes_finish(&r->calls.items[i].in);
    vector_finish(&r->calls);
}
