#include "bridge/ports.h"

#include <stdio.h>

#include "topologies/visitor.h"

void ports_finish(struct ports *ports)
{
    vector_finish(&ports->rows);
    vector_finish(&ports->reals);
}

/* ---- names of protocols ---- */

static const char *protocol_of(const struct topology_agent *agent, uint32_t port)
{
    /* by port as in the registry of RFC 6335; for others by the first word of the role */
    static const struct {
        uint32_t port;
        const char *role, *word;
    } known[] = {
        {25, "mta", "smtp"}, {587, "msa", "submission"}, {465, "", "submissions"},
        {24, "mda", "lmtp"}, {110, "access", "pop3"},    {995, "", "pop3s"},
        {143, "", "imap"},   {993, "", "imaps"},         {53, "dns", "dns"},
    };
    enum { COUNT = sizeof known / sizeof *known };
    for (size_t i = 0; i < COUNT; i++)
        if (known[i].port == port)
            return known[i].word;
    for (size_t i = 0; agent && i < COUNT; i++)
        if (slice_equal(slice_of(agent->role->name), slice_of(known[i].role)))
            return known[i].word;
    return agent ? "tcp" : "smtp";
}

/* ---- rows ---- */

static void add_row(struct ports *ports, struct world *world, const struct topology *t,
                    const struct port_row *row)
{
    uint32_t place = world_place(world, &t->hosts[row->host]);
    if (net_is_listening(world_net(world), place, row->port))
        *vector_add(&ports->rows) = *row;
    if (!net_is_bound(world_net(world), place, row->port))
        return;
    *vector_add(&ports->rows) = *row;
    struct port_row *added = &ports->rows.items[ports->rows.count - 1];
    added->is_udp = true;
    added->protocol = slice_equal(slice_of(row->protocol), SLICE("dns")) ? "dns-udp" : "udp";
}

/* A real server is asked only when somebody connects. */
static void add_real_row(struct ports *ports, const struct port_real *real, size_t visitor)
{
    *vector_add(&ports->rows) = (struct port_row){.host = real->host,
                                                  .port = real->port,
                                                  .as = visitor,
                                                  .protocol = protocol_of(NULL, real->port)};
}

void ports_add_listeners(struct ports *ports, const struct topology *t, struct world *world,
                         size_t visitor)
{
    for (size_t i = 0; i < t->host_count; i++) {
        for (size_t r = 0; r < ports->reals.count; r++)
            if (ports->reals.items[r].host == i)
                add_real_row(ports, &ports->reals.items[r], visitor);
        for (size_t j = 0; j < t->hosts[i].agent_count; j++)
            for (size_t k = 0; k < t->hosts[i].agents[j].port_count; k++) {
                const struct topology_agent *agent = &t->hosts[i].agents[j];
                add_row(ports, world, t,
                        &(struct port_row){.host = i,
                                           .port = agent->ports[k],
                                           .as = visitor,
                                           .protocol = protocol_of(agent, agent->ports[k])});
            }
    }
}

void ports_add_as(struct ports *ports, size_t as)
{
    size_t count = ports->rows.count;
    for (size_t i = 0; i < count; i++) {
        struct port_row row = ports->rows.items[i];
        if (row.is_as || row.host == as)
            continue;
        row.as = as;
        row.is_as = true;
        row.is_fixed = false;
        row.local_port = 0;
        *vector_add(&ports->rows) = row;
    }
}

void ports_keep_fixed(struct ports *ports)
{
    for (size_t i = ports->rows.count; i-- > 0;)
        if (!ports->rows.items[i].is_fixed)
            vector_remove(&ports->rows, i);
}

void ports_put_line(const struct topology *t, const struct port_row *row, struct bytes *out)
{
    (void)bytes_printf(out, "%.*s:%u %u %s", SLICE_ARG(t->hosts[row->host].id), row->port,
                       row->local_port, row->protocol);
    if (row->is_as)
        (void)bytes_printf(out, " as=%.*s", SLICE_ARG(t->hosts[row->as].id));
    (void)bytes_append(out, SLICE("\n"));
}

/* ---- reading options ---- */

static bool read_port(struct slice text, uint32_t *port)
{
    uint64_t value;
    if (!slice_to_u64(text, &value) || value == 0 || value > UINT16_MAX)
        return false;
    *port = (uint32_t)value;
    return true;
}

/* Splits at the last of this octet; false when there is none. */
static bool split_last(struct slice text, char octet, struct slice *before, struct slice *after)
{
    for (size_t i = text.size; i-- > 0;)
        if (text.data[i] == octet) {
            *before = slice_part(text, 0, i);
            *after = slice_part(text, i + 1, text.size);
            return true;
        }
    return false;
}

static bool reject_map(struct problem *problem, struct slice text)
{
    return problem_set(problem,
                       "--map %.*s: expected HOST:PORT=LOCALPORT, like mx1:25=2525, or with "
                       ",as=HOST behind it",
                       SLICE_ARG(slice_part(text, 0, 100)));
}

/* The ports of a host, for a problem: "25, 110". */
static const char *list_ports(const struct ports *ports, size_t host, char text[200])
{
    size_t size = 0;
    uint32_t last = 0;
    text[0] = '\0';
    for (size_t i = 0; i < ports->rows.count && size < 180; i++) {
        const struct port_row *row = &ports->rows.items[i];
        if (row->host != host || row->is_as || row->port == last)
            continue;
        last = row->port;
        size += (size_t)snprintf(text + size, 200 - size, "%s%u", size ? ", " : "", row->port);
    }
    return size ? text : "none";
}

struct map {
    size_t host, as;
    uint32_t port, local_port;
};

static bool read_map(const struct topology *t, struct slice text, size_t visitor, struct map *map,
                     struct problem *problem)
{
    struct slice rest = text, target, host, port, local, as = {"", 0};
    map->as = visitor;
    if (!slice_cut(&rest, '=', &target) || !split_last(target, ':', &host, &port) ||
        !read_port(port, &map->port) || !slice_cut(&rest, ',', &local) ||
        !read_port(local, &map->local_port))
        return reject_map(problem, text);
    bool has_more = local.data + local.size < text.data + text.size;
    if (has_more) {
        if (!slice_starts(rest, SLICE("as=")))
            return reject_map(problem, text);
        as = slice_part(rest, 3, rest.size);
    }
    return visitor_find_host(t, host, &map->host, problem) &&
           (!has_more || visitor_find_host(t, as, &map->as, problem));
}

/* Connections and datagrams of the same port get the same number. */
static bool fix_rows(struct ports *ports, const struct map *map, bool is_as)
{
    bool found = false;
    for (size_t i = 0; i < ports->rows.count; i++) {
        struct port_row *row = &ports->rows.items[i];
        if (row->host != map->host || row->port != map->port || row->is_as != is_as ||
            row->as != map->as || row->is_fixed)
            continue;
        row->is_fixed = true;
        row->local_port = map->local_port;
        found = true;
    }
    return found;
}

bool ports_map(struct ports *ports, const struct topology *t, struct slice text, size_t visitor,
               struct problem *problem)
{
    struct map map = {0};
    char listed[200];
    if (!read_map(t, text, visitor, &map, problem))
        return false;
    bool is_as = map.as != visitor;
    if (fix_rows(ports, &map, is_as))
        return true;
    size_t count = ports->rows.count;
    for (size_t i = 0; i < count; i++) {
        struct port_row row = ports->rows.items[i];
        if (row.host != map.host || row.port != map.port || row.is_as)
            continue;
        row.as = map.as;
        row.is_as = is_as;
        row.is_fixed = true;
        row.local_port = map.local_port;
        *vector_add(&ports->rows) = row;
    }
    if (ports->rows.count > count)
        return true;
    return problem_set(problem, "--map %.*s: nobody listens on port %u of %.*s; its ports: %s",
                       SLICE_ARG(slice_part(text, 0, 100)), map.port,
                       SLICE_ARG(t->hosts[map.host].id), list_ports(ports, map.host, listed));
}

/* ---- real servers ---- */

/* 25 if somebody listens there, or the only port that the host has, or 25. */
static bool choose_port(const struct topology_host *host, uint32_t *port, struct problem *problem)
{
    uint32_t found = 0, count = 0;
    for (size_t j = 0; j < host->agent_count; j++)
        for (size_t k = 0; k < host->agents[j].port_count; k++) {
            if (host->agents[j].ports[k] == 25) {
                *port = 25;
                return true;
            }
            found = host->agents[j].ports[k];
            count++;
        }
    *port = count == 1 ? found : 25;
    return count <= 1 || problem_set(problem, "--real %.*s: say which of its ports: %.*s:PORT=...",
                                     SLICE_ARG(host->id), SLICE_ARG(host->id));
}

/* "127.0.0.1:2525", "[::1]:2525": only this machine is reached. */
static bool read_address(struct slice text, struct port_real *real)
{
    struct slice address, port;
    if (!split_last(text, ':', &address, &port) || !read_port(port, &real->real_port))
        return false;
    uint32_t ipv4;
    real->is_ipv6 = slice_equal(address, SLICE("[::1]"));
    if (slice_equal(address, SLICE("localhost")))
        address = SLICE("127.0.0.1");
    if (real->is_ipv6)
        address = SLICE("::1");
    else if (!dns_ipv4_read(address, &ipv4) || ipv4 >> 24 != 127)
        return false;
    snprintf(real->address, sizeof real->address, "%.*s", SLICE_ARG(address));
    return true;
}

static bool is_real(const struct ports *ports, size_t host, uint32_t port)
{
    for (size_t i = 0; i < ports->reals.count; i++)
        if (ports->reals.items[i].host == host && ports->reals.items[i].port == port)
            return true;
    return false;
}

bool ports_read_real(struct ports *ports, struct topology *t, struct slice text,
                     struct problem *problem)
{
    struct port_real real = {0};
    struct slice rest = text, target, host, port;
    if (!slice_cut(&rest, '=', &target) || !read_address(rest, &real))
        return problem_set(problem,
                           "--real %.*s: expected HOST=127.0.0.1:PORT, like "
                           "mx1=127.0.0.1:2525; only servers on this machine are reached",
                           SLICE_ARG(slice_part(text, 0, 100)));
    bool has_port = split_last(target, ':', &host, &port);
    if (has_port && !read_port(port, &real.port))
        return problem_set(problem, "--real %.*s: \"%.*s\" is no port",
                           SLICE_ARG(slice_part(text, 0, 100)), SLICE_ARG(slice_part(port, 0, 20)));
    if (!visitor_find_host(t, has_port ? host : target, &real.host, problem) ||
        (!has_port && !choose_port(&t->hosts[real.host], &real.port, problem)))
        return false;
    if (is_real(ports, real.host, real.port))
        return problem_set(problem, "--real %.*s: port %u of %.*s was given already",
                           SLICE_ARG(slice_part(text, 0, 100)), real.port,
                           SLICE_ARG(t->hosts[real.host].id));
    t->hosts[real.host].agent_count = 0;
    *vector_add(&ports->reals) = real;
    return true;
}
