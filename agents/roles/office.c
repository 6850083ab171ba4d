#include "agents/roles/office.h"

#include <inttypes.h>
#include <stdlib.h>

#include "agents/mail/address.h"
#include "agents/roles/queue.h"
#include "agents/roles/registry.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"

void office_init(struct office *office, struct sim *sim, struct net *net)
{
    *office = (struct office){.sim = sim, .net = net, .account_table_size = 64};
    office->logins_made = &office->own_logins_made;
    pump_pool_init(&office->pumps, sim, net);
    arena_init(&office->arena);
    records_init(&office->records);
    office->account_table = memory_take(office->account_table_size * sizeof *office->account_table);
}

void office_finish(struct office *office)
{
    pump_pool_finish(&office->pumps);
    for (size_t i = 0; i < office->agents.count; i++)
        office->agents.items[i].role->destroy(office->agents.items[i].self);
    for (size_t i = 0; i < office->hosts.count; i++) {
        resolver_destroy(office->hosts.items[i].resolver);
        disk_destroy(office->hosts.items[i].disk);
    }
    records_finish(&office->records);
    vector_finish(&office->agents);
    table_finish(&office->users);
    vector_finish(&office->hosts);
    vector_finish(&office->accounts);
    vector_finish(&office->disturbances);
    vector_finish(&office->chances);
    vector_finish(&office->login_keepers);
    vector_finish(&office->logins);
    free(office->account_table);
    arena_finish(&office->arena);
}

/* ---- accounts ---- */

enum { ADDRESS_MAX = 320 };

static size_t account_place(const struct office *office, struct slice address)
{
    char lower[ADDRESS_MAX];
    size_t size = address.size < ADDRESS_MAX ? address.size : ADDRESS_MAX;
    for (size_t i = 0; i < size; i++)
        lower[i] = slice_lower(address.data[i]);
    size_t mask = office->account_table_size - 1;
    size_t place = slice_hash((struct slice){lower, size}) & mask;
    while (office->account_table[place] &&
           !slice_equal_fold(office->accounts.items[office->account_table[place] - 1].address,
                             address))
        place = (place + 1) & mask;
    return place;
}

static void grow_accounts(struct office *office)
{
    free(office->account_table);
    office->account_table_size *= 2;
    office->account_table = memory_take(office->account_table_size * sizeof *office->account_table);
    for (uint32_t i = 0; i < office->accounts.count; i++)
        office->account_table[account_place(office, office->accounts.items[i].address)] = i + 1;
}

/* One that is gone counts, too. */
static struct office_account *account_at(const struct office *office, struct slice address)
{
    uint32_t index = office->account_table[account_place(office, address)];
    return index ? &office->accounts.items[index - 1] : NULL;
}

void office_add_account(struct office *office, struct slice address, struct slice password,
                        struct slice name)
{
    struct office_account *old = account_at(office, address);
    const struct office_account account = {.address = arena_copy(&office->arena, address),
                                           .password = arena_copy(&office->arena, password),
                                           .name = arena_copy(&office->arena, name)};
    if (old) {
        *old = account;
        return;
    }
    *vector_add(&office->accounts) = account;
    if (office->accounts.count * 2 > office->account_table_size)
        grow_accounts(office);
    else
        office->account_table[account_place(office, address)] = (uint32_t)office->accounts.count;
}

bool office_remove_account(struct office *office, struct slice address)
{
    struct office_account *account = account_at(office, address);
    if (!account || account->is_gone)
        return false;
    account->is_gone = true;
    return true;
}

void office_set_mailbox(struct office *office, struct slice address, bool has_mailbox)
{
    struct office_account *account = account_at(office, address);
    if (account)
        account->has_no_mailbox = !has_mailbox;
}

const struct office_account *office_find_account(const struct office *office, struct slice address)
{
    const struct office_account *account = account_at(office, address);
    return account && !account->is_gone ? account : NULL;
}

/* ---- agents and hosts ---- */

static struct office_host *host_at(struct office *office, uint32_t host)
{
    check(host > 0);
    while (office->hosts.count < host)
        (void)vector_add(&office->hosts);
    return &office->hosts.items[host - 1];
}

static struct slice print_ports(struct arena *arena, const uint32_t *ports, size_t count)
{
    struct slice text = {"", 0};
    for (size_t i = 0; i < count; i++)
        text = arena_printf(arena, "%.*s%s%" PRIu32, SLICE_ARG(text), i ? " " : "", ports[i]);
    return text;
}

static struct config copy_config(struct arena *arena, const struct config *config)
{
    struct config_value *values = arena_take(arena, config->count * sizeof *values);
    for (size_t i = 0; i < config->count; i++) {
        values[i] = config->values[i];
        values[i].text = arena_copy(arena, values[i].text);
        struct slice *texts = arena_take(arena, values[i].text_count * sizeof *texts);
        for (size_t j = 0; j < values[i].text_count; j++)
            texts[j] = arena_copy(arena, values[i].texts[j]);
        values[i].texts = texts;
    }
    return (struct config){values, config->count};
}

/* The account an agent works for, for the trace. */
static struct slice user_of(const struct config *config)
{
    for (size_t i = 0; i < config->count; i++)
        if (config->values[i].key->type == CONFIG_ADDRESS)
            return config->values[i].text;
    return (struct slice){"", 0};
}

static void index_user(struct office *office, uint32_t index)
{
    struct office_agent *agent = &office->agents.items[index - 1];
    struct slice user = user_of(agent->config);
    agent->next_of_user = 0;
    if (user.size == 0)
        return;
    uint64_t hash = address_hash(user);
    uint32_t last = table_get(&office->users, hash);
    if (last == 0)
        table_set(&office->users, hash, index);
    while (last && office->agents.items[last - 1].next_of_user)
        last = office->agents.items[last - 1].next_of_user;
    if (last)
        office->agents.items[last - 1].next_of_user = index;
}

static void index_users(struct office *office)
{
    table_clear(&office->users);
    for (uint32_t i = 1; i <= office->agents.count; i++)
        if (!office->agents.items[i - 1].is_gone)
            index_user(office, i);
}

const struct office_agent *office_next_of_user(const struct office *office, struct slice address,
                                               const struct office_agent *agent)
{
    uint32_t index = agent ? agent->next_of_user : table_get(&office->users, address_hash(address));
    while (index && !address_equal(user_of(office->agents.items[index - 1].config), address))
        index = office->agents.items[index - 1].next_of_user;
    return index ? &office->agents.items[index - 1] : NULL;
}

uint32_t office_add_agent(struct office *office, uint32_t host, struct slice id,
                          const struct role *role, const struct config *config,
                          const uint32_t *ports, size_t port_count)
{
    struct config *kept = arena_take(&office->arena, sizeof *kept);
    *kept = copy_config(&office->arena, config);
    uint32_t place = net_add_agent(office->net, host, id, slice_of(role->name), user_of(kept),
                                   print_ports(&office->arena, ports, port_count));
    void *self = role->create(office, place, kept, ports, port_count);
    struct office_host *h = host_at(office, host);
    *vector_add(&office->agents) = (struct office_agent){.place = place,
                                                         .host = host,
                                                         .role = role,
                                                         .self = self,
                                                         .config = kept,
                                                         .ordinal = h->agent_count++};
    uint32_t index = (uint32_t)office->agents.count;
    index_user(office, index);
    *(h->last_agent ? &office->agents.items[h->last_agent - 1].next_at : &h->first_agent) = index;
    h->last_agent = index;
    return place;
}

const struct office_agent *office_find_agent(const struct office *office, uint32_t host,
                                             const struct role *role)
{
    const struct office_agent *agent = NULL;
    do
        agent = office_next_at(office, host, agent);
    while (agent && agent->role != role);
    return agent;
}

const struct office_agent *office_next_at(const struct office *office, uint32_t place,
                                          const struct office_agent *agent)
{
    const struct office_host *h =
        place && place <= office->hosts.count ? &office->hosts.items[place - 1] : NULL;
    if (!h || h->agent_count == 0) {
        const struct office_agent *alone = agent ? NULL : office_agent_at(office, place);
        return alone && !alone->is_gone ? alone : NULL;
    }
    uint32_t index = agent ? agent->next_at : h->first_agent;
    while (index && office->agents.items[index - 1].is_gone)
        index = office->agents.items[index - 1].next_at;
    return index ? &office->agents.items[index - 1] : NULL;
}

const struct office_agent *office_agent_at(const struct office *office, uint32_t place)
{
    /* agents are added in ascending order of their places */
    size_t low = 0, high = office->agents.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (office->agents.items[middle].place < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low < office->agents.count && office->agents.items[low].place == place
               ? &office->agents.items[low]
               : NULL;
}

void office_change(struct office *office, uint32_t agent, const struct config_value *value,
                   struct slice shown)
{
    const struct office_agent *a = office_agent_at(office, agent);
    struct config copy = copy_config(&office->arena, &(struct config){value, 1});
    sim_emit(office->sim, EVENT_CONF,
             &(struct event_conf){.at = agent,
                                  .key = sim_text(office->sim, slice_of(value->key->name)),
                                  .value = sim_text(office->sim, shown)});
    for (size_t i = 0; i < a->config->count; i++)
        if (a->config->values[i].key == value->key)
            ((struct config_value *)a->config->values)[i] = copy.values[0];
    if (value->key->type == CONFIG_ADDRESS)
        index_users(office);
    if (a->role->changed)
        a->role->changed(a->self, value->key);
}

struct disk *office_disk(struct office *office, uint32_t place)
{
    uint32_t host = net_host_of(office->net, place);
    struct office_host *h = host_at(office, host);
    if (!h->disk)
        h->disk = disk_create(office->sim, host, 0);
    return h->disk;
}

static void set_server(struct office *office, struct office_host *h)
{
    if (h->resolver)
        resolver_set_server(h->resolver, h->dns_address ? h->dns_address : office->dns_address);
}

void office_set_resolver(struct office *office, uint32_t host, uint32_t address)
{
    host_at(office, host)->dns_address = address;
    set_server(office, host_at(office, host));
}

void office_set_dns(struct office *office, uint32_t address)
{
    office->dns_address = address;
    for (size_t i = 0; i < office->hosts.count; i++)
        set_server(office, &office->hosts.items[i]);
}

void office_resolve(struct office *office, uint32_t agent, struct slice name, enum dns_type type,
                    resolver_done *done, void *context, uint64_t tag)
{
    uint32_t host = net_host_of(office->net, agent);
    struct office_host *h = host_at(office, host);
    if (!h->resolver)
        h->resolver = resolver_create(office->net, office->sim, host,
                                      h->dns_address ? h->dns_address : office->dns_address);
    resolver_ask(h->resolver, agent, name, type, done, context, tag);
}

static struct queue *queue_of(const struct office_agent *agent)
{
    return agent->role->queue ? agent->role->queue(agent->self) : NULL;
}

void office_set_host_up(struct office *office, uint32_t host, bool is_up)
{
    if (net_is_gone(office->net, host))
        return;
    bool is_frozen = net_host_is_frozen(office->net, host);
    if (net_host_is_up(office->net, host) == is_up && !is_frozen)
        return;
    if (is_frozen && is_up) /* it has to be down first */
        office_crash(office, host, DISK_LOSES_UNSYNCED);
    net_set_host_up(office->net, host, is_up);
    struct office_host *h = host_at(office, host);
    h->falls += !is_up;
    if (!is_up && h->resolver)
        resolver_crash(h->resolver);
    for (const struct office_agent *agent = NULL; (agent = office_next_at(office, host, agent));) {
        struct queue *queue = queue_of(agent);
        if (queue)
            queue_host_changed(queue, is_up);
        if (agent->role->running && (!is_up || net_agent_is_up(office->net, agent->place)))
            agent->role->running(agent->self, is_up);
    }
}

void office_set_agent_up(struct office *office, uint32_t agent, bool is_up)
{
    const struct office_agent *a = office_agent_at(office, agent);
    check(a);
    if (net_agent_is_up(office->net, agent) == is_up || net_is_gone(office->net, agent))
        return;
    net_set_agent_up(office->net, agent, is_up);
    if (a->role->running && net_host_is_up(office->net, a->host))
        a->role->running(a->self, is_up);
}

void office_remove_agent(struct office *office, uint32_t place)
{
    struct office_agent *agent = (struct office_agent *)office_agent_at(office, place);
    check(agent && !agent->is_gone);
    struct queue *queue = queue_of(agent);
    size_t waiting = queue ? queue_count(queue) : 0;
    office_set_agent_up(office, place, false);
    agent->is_gone = true;
    net_remove_agent(office->net, place, (uint32_t)waiting);
    if (queue)
        queue_abandon(queue);
    index_users(office);
}

void office_remove_host(struct office *office, uint32_t host)
{
    size_t waiting = 0;
    const struct office_agent *agent = NULL;
    while ((agent = office_next_at(office, host, agent)))
        waiting += queue_of(agent) ? queue_count(queue_of(agent)) : 0;
    office_set_host_up(office, host, false);
    for (size_t i = 0; i < office->agents.count; i++)
        office->agents.items[i].is_gone |= office->agents.items[i].host == host;
    net_remove_host(office->net, host, (uint32_t)waiting);
    index_users(office);
}

void office_line_up(struct office *office, uint32_t host)
{
    const struct office_agent *agent = NULL;
    while (net_host_is_up(office->net, host) && (agent = office_next_at(office, host, agent))) {
        struct queue *queue = queue_of(agent);
        if (!net_agent_is_up(office->net, agent->place))
            continue;
        if (agent->role->online)
            agent->role->online(agent->self);
        else if (queue)
            queue_flush(queue);
    }
}

/* ---- messages ---- */

uint32_t office_new_message(struct office *office, uint32_t by, struct slice from, struct slice to,
                            struct slice subject, struct slice content)
{
    struct sim *sim = office->sim;
    uint32_t msg = ++office->msg_count;
    sim_emit(sim, EVENT_MESSAGE,
             &(struct event_message){.by = by,
                                     .msg = msg,
                                     .from = sim_text(sim, from),
                                     .to = sim_text(sim, to),
                                     .subject = sim_text(sim, subject),
                                     .content = sim_text(sim, content)});
    return msg;
}

static const struct office_host *find_host(const struct office *office, uint32_t place)
{
    uint32_t host = net_host_of(office->net, place);
    return host && host <= office->hosts.count ? &office->hosts.items[host - 1] : NULL;
}

int64_t office_now_s(const struct office *office, uint32_t place)
{
    const struct office_host *host = find_host(office, place);
    return office->sim->epoch_s + office->sim->now / VTIME_S + (host ? host->skew_s : 0);
}

uint32_t office_falls(const struct office *office, uint32_t place)
{
    const struct office_host *host = find_host(office, place);
    return host ? host->falls : 0;
}

int32_t office_zone(const struct office *office, uint32_t place)
{
    const struct office_host *host = find_host(office, place);
    return host ? host->zone_minutes : 0;
}

void office_set_clock(struct office *office, uint32_t host, int32_t skew_s, int32_t zone_minutes)
{
    host_at(office, host)->skew_s = skew_s;
    host_at(office, host)->zone_minutes = zone_minutes;
}

/* ---- faults ---- */

bool office_is_silent(const struct office *office, uint32_t agent)
{
    return office->disturbances.count > 0 && disturb_find(office, agent, DISTURB_DNS_SILENT);
}

enum tls_flaw office_find_flaw(const struct office *office, uint32_t agent)
{
    const struct disturbance *d =
        office->disturbances.count > 0 ? disturb_find(office, agent, DISTURB_FLAW) : NULL;
    return d ? d->flaw : TLS_FLAW_NONE;
}

bool office_has_tls(const struct office *office)
{
    return office->pumps.tls != NULL;
}
