#include "agents/roles/office.h"

#include "agents/proto/dns_message.h"

static bool is_kept(const struct office *office, uint32_t host)
{
    for (size_t i = 0; i < office->login_keepers.count; i++)
        if (office->login_keepers.items[i] == host)
            return true;
    return false;
}

void office_keep_logins(struct office *office, uint32_t place)
{
    uint32_t host = net_host_of(office->net, place);
    if (!is_kept(office, host))
        *vector_add(&office->login_keepers) = host;
}

static bool is_over(const struct office *office, const struct office_login *login)
{
    return office->sim->now >= login->t + OFFICE_LOGIN_S * VTIME_S;
}

/* Those that are over go when another one comes, so the table holds the last 20 minutes. */
static void forget_old(struct office *office)
{
    size_t kept = 0;
    for (size_t i = 0; i < office->logins.count; i++)
        if (!is_over(office, &office->logins.items[i]))
            office->logins.items[kept++] = office->logins.items[i];
    office->logins.count = kept;
}

static struct office_login *login_of(struct office *office, uint32_t host, uint32_t address)
{
    for (size_t i = 0; i < office->logins.count; i++)
        if (office->logins.items[i].host == host && office->logins.items[i].address == address)
            return &office->logins.items[i];
    return vector_add(&office->logins);
}

void office_note_login(struct office *office, uint32_t agent, uint32_t address, struct slice user)
{
    struct sim *sim = office->sim;
    uint32_t host = net_host_of(office->net, agent);
    char text[16];
    if (!is_kept(office, host))
        return;
    forget_old(office);
    *login_of(office, host, address) = (struct office_login){host, address, sim->now};
    sim_emit(sim, EVENT_ALLOW,
             &(struct event_allow){agent, sim_text(sim, dns_ipv4_print(address, text)),
                                   sim_text(sim, user), OFFICE_LOGIN_S});
}

bool office_may_send(const struct office *office, uint32_t place, uint32_t address)
{
    uint32_t host = net_host_of(office->net, place);
    for (size_t i = 0; i < office->logins.count; i++) {
        const struct office_login *login = &office->logins.items[i];
        if (login->host == host && login->address == address && !is_over(office, login))
            return true;
    }
    return false;
}

struct slice office_host_name(const struct office *office, struct slice id_or_name)
{
    uint32_t host = slice_find_octet(id_or_name, '.', 0) == SLICE_NONE
                        ? net_find_host(office->net, id_or_name)
                        : 0;
    return host ? net_host_name(office->net, host) : id_or_name;
}
