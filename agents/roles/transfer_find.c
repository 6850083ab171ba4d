#include "agents/roles/transfer_part.h"

#include "sim/base/check.h"

/* Found by name, but it is this very MTA: the mail would go in circles. */
static bool is_forbidden(struct transfer *t, uint32_t address)
{
    if (!t->options.avoids_self || t->options.next.size ||
        address != net_address(t->pool->office->net, t->options.agent))
        return false;
    transfer_remember_text(t, 554, "5.4.6", "the mail would come back to this host");
    return true;
}

static void on_address(void *context, uint64_t tag, const struct resolver_answer *answer)
{
    struct transfer *t = context;
    (void)tag;
    t->address_count = t->address_next = 0;
    for (size_t i = 0; i < answer->count && t->address_count < TRANSFER_ADDRESSES_MAX; i++)
        if (resolver_address(&answer->records[i], &t->addresses[t->address_count]) &&
            !is_forbidden(t, t->addresses[t->address_count]))
            t->address_count++;
    if (answer->status == RESOLVER_FAILED || answer->status == RESOLVER_TIMEOUT)
        transfer_remember_text(t, 451, "4.4.3", "the server's address can't be found now");
    else if (t->address_count == 0 && (answer->count == 0 || t->last.reply.code == 0))
        transfer_remember_text(t, 550, "5.4.4", "the server's name has no address");
    transfer_next_address(t);
}

static void next_server(struct transfer *t)
{
    if (!net_host_is_up(t->pool->office->net, t->options.agent)) {
        bytes_clear(&t->servers); /* a host that is off asks nothing more */
        transfer_remember_text(t, 421, "4.3.2", "this host went down");
    }
    struct slice rest = bytes_slice(&t->servers), name;
    if (!slice_cut(&rest, ' ', &name)) {
        transfer_give_up(t);
        return;
    }
    bytes_clear(&t->server_text);
    check(bytes_append(&t->server_text, name));
    t->server = bytes_slice(&t->server_text);
    bytes_consume(&t->servers, name.size + 1);
    office_resolve(t->pool->office, t->options.agent, t->server, DNS_TYPE_A, on_address, t, 0);
}

void transfer_next_address(struct transfer *t)
{
    t->avoids_tls = false;
    if (t->address_next < t->address_count)
        transfer_connect(t, t->addresses[t->address_next++]);
    else
        next_server(t);
}

static void on_mx(void *context, uint64_t tag, const struct resolver_answer *answer)
{
    struct transfer *t = context;
    struct route route;
    (void)tag;
    struct slice self =
        t->options.avoids_self ? net_host_name(t->pool->office->net, t->options.agent) : SLICE("");
    route_from_mx(&route, t->options.domain, self, answer, &t->pool->random);
    if (route.verdict != ROUTE_SERVERS)
        transfer_remember(t, &route.reply, false);
    for (size_t i = 0; i < route.server_count; i++)
        check(bytes_append_all(&t->servers, (struct slice[]){route.servers[i], SLICE(" ")}, 2));
    next_server(t);
}

void transfer_find(struct transfer *t)
{
    struct slice literal = slice_part(t->options.domain, 1, t->options.domain.size);
    if (t->options.next.size == 0 && slice_starts(t->options.domain, SLICE("[")) &&
        literal.size > 1 &&
        dns_ipv4_read(slice_part(literal, 0, literal.size - 1), &t->addresses[0])) {
        /* RFC 5321 4.1.3: no look-up. Kept, for the farewell goes on when the domain is gone */
        check(bytes_append(&t->server_text, t->options.domain));
        t->server = bytes_slice(&t->server_text);
        t->address_count = 1;
        transfer_next_address(t);
        return;
    }
    if (t->options.next.size == 0) {
        office_resolve(t->pool->office, t->options.agent, t->options.domain, DNS_TYPE_MX, on_mx, t,
                       0);
        return;
    }
    t->server = t->options.next;
    office_resolve(t->pool->office, t->options.agent, t->options.next, DNS_TYPE_A, on_address, t,
                   0);
}
