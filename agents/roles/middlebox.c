#include "agents/roles/middlebox.h"

#include <stdlib.h>

#include "agents/roles/middlebox_part.h"
#include "sim/base/memory.h"

static const struct config_key keys[] = {
    {"strip_starttls", CONFIG_BOOL, NULL, 0, 0, "false",
     "overwrite the offer of STARTTLS in what servers say"},
    {"bad_certificate", CONFIG_BOOL, NULL, 0, 0, "false",
     "take connections for itself, with a certificate of its own, and pass on what is said"},
    {"certificate", CONFIG_WORD, "untrusted wrong-name expired", 0, 0, "untrusted",
     "what is wrong with that certificate"},
    {"ports", CONFIG_TEXTS, NULL, 0, 0, "25 110 143 465 587 993 995",
     "ports of the servers whose connections it meddles with"},
};

enum middlebox_protocol middlebox_protocol_of(uint32_t port)
{
    switch (port) {
    case 25:
    case 465:
    case 587:
        return MIDDLEBOX_SMTP;
    case 110:
    case 995:
        return MIDDLEBOX_POP3;
    case 143:
    case 993:
        return MIDDLEBOX_IMAP;
    }
    return MIDDLEBOX_OTHER;
}

bool middlebox_is_implicit(uint32_t port)
{
    return port == 465 || port == 993 || port == 995;
}

void middlebox_tell(const struct middlebox *m, uint32_t conn, struct slice was, struct slice now,
                    uint32_t onto)
{
    struct sim *sim = m->office->sim;
    sim_emit(sim, EVENT_TAMPER,
             &(struct event_tamper){.at = m->agent,
                                    .conn = conn,
                                    .was = sim_text(sim, was),
                                    .now = sim_text(sim, now),
                                    .onto = onto});
}

static void apply(struct middlebox *m, bool is_up)
{
    const struct config_value *ports = config_get(m->config, "ports");
    struct net *net = m->office->net;
    bool strips = is_up && config_bool(m->config, "strip_starttls");
    bool takes = is_up && config_bool(m->config, "bad_certificate");
    m->port_count = 0;
    for (size_t i = 0; i < ports->text_count && i < MIDDLEBOX_PORTS_MAX; i++) {
        uint64_t port;
        if (slice_to_u64(ports->texts[i], &port) && port >= 1 && port <= UINT16_MAX)
            m->ports[m->port_count++] = (uint32_t)port;
    }
    net_set_watch(net, m->agent, 0, strips ? middlebox_strip : NULL, m);
    net_intercept(net, m->agent, m->ports, takes ? m->port_count : 0, middlebox_take, m);
}

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    struct middlebox *m = memory_take(sizeof *m);
    (void)ports, (void)port_count;
    *m = (struct middlebox){.office = office, .agent = agent, .config = config};
    apply(m, true);
    return m;
}

static void destroy(void *agent)
{
    struct middlebox *m = agent;
    middlebox_finish_between(m);
    table_finish(&m->strip_table);
    vector_finish(&m->strips);
    vector_finish(&m->free_strips);
    free(m);
}

static void changed(void *agent, const struct config_key *key)
{
    struct middlebox *m = agent;
    (void)key;
    apply(m, net_agent_is_up(m->office->net, m->agent));
}

static void running(void *agent, bool is_up)
{
    apply(agent, is_up);
}

const struct role middlebox_role = {
    .name = "middlebox",
    .meaning = "middlebox: meddles with what passes through its host",
    .keys = keys,
    .key_count = sizeof keys / sizeof *keys,
    .default_listen = "",
    .create = create,
    .destroy = destroy,
    .changed = changed,
    .running = running,
};
