#include "agents/roles/mta.h"

#include <stdlib.h>

#include "agents/mail/address.h"
#include "agents/roles/mda.h"
#include "agents/roles/smtp_listener.h"
#include "sim/base/memory.h"

static const struct config_key keys[] = {
    {"local", CONFIG_TEXTS, NULL, 0, 0, "", "domains whose mail is delivered on this host"},
    {"relay_to", CONFIG_TEXTS, NULL, 0, 0, "", "domains that mail is relayed to for anybody"},
    {"relay_from", CONFIG_TEXTS, NULL, 0, 0, "",
     "networks whose mail is relayed anywhere: 198.51.100.0/24"},
    {"next", CONFIG_HOST, NULL, 0, 0, "", "smart host: takes all mail that is not local"},
    {"next_port", CONFIG_NUMBER, NULL, 1, 65535, "25", "its port"},
    {"size_max", CONFIG_NUMBER, NULL, 0, 1000000000, "10485760", "largest message in octets"},
    {"hops_max", CONFIG_NUMBER, NULL, 1, 1000, "100",
     "refuse a message with so many Received fields"},
    {"retry", CONFIG_WORD, "classroom", 0, 0, "classroom", "when to try again, warn and give up"},
};

struct network {
    uint32_t address, mask;
};

struct mta {
    struct office *office;
    uint32_t agent;
    const struct config_value *local, *relay_to;
    VECTOR(struct network) relay_from;
    struct queue *queue;
    struct smtp_listener *listener;
};

static bool has_domain(const struct config_value *domains, struct slice domain)
{
    for (size_t i = 0; i < domains->text_count; i++)
        if (slice_equal_fold(domains->texts[i], domain))
            return true;
    return false;
}

static bool may_relay(const struct mta *mta, uint32_t address)
{
    for (size_t i = 0; i < mta->relay_from.count; i++)
        if ((address & mta->relay_from.items[i].mask) == mta->relay_from.items[i].address)
            return true;
    return false;
}

/*
 * RFC 5321 3.6.1, 3.6.2: mail for our own domains, for those we are a relay of, or from our own
 * people; everybody else's mail is none of our business.
 */
static void judge_rcpt(void *role, const struct smtp_transaction *t, struct slice *path,
                       struct arena *arena, struct smtp_reply *reply)
{
    struct mta *mta = role;
    struct slice domain = address_domain(*path);
    if (domain.size == 0 && mta->local->text_count > 0) { /* RFC 5321 4.1.1.3: "Postmaster" alone */
        *path = arena_printf(arena, "%.*s@%.*s", SLICE_ARG(*path), SLICE_ARG(mta->local->texts[0]));
        domain = mta->local->texts[0];
    }
    if (has_domain(mta->local, domain)) {
        const struct office_account *account = office_find_account(mta->office, *path);
        if (account)
            *path = account->address;
        else
            *reply = (struct smtp_reply){550, SLICE("5.1.1"), SLICE("No such user here")};
    } else if (!has_domain(mta->relay_to, domain) && !may_relay(mta, t->peer_address)) {
        *reply = (struct smtp_reply){550, SLICE("5.7.1"), SLICE("I do not relay for you")};
    }
}

static const struct smtp_policy policy = {.rcpt = judge_rcpt};

static bool deliver(void *context, const struct queue_mail *mail, struct slice rcpt,
                    struct smtp_reply *reply)
{
    struct mta *mta = context;
    if (!has_domain(mta->local, address_domain(rcpt)))
        return false;
    struct mda *mda = mda_find(mta->office, net_host_of(mta->office->net, mta->agent));
    if (mda)
        mda_deliver(mda, mail, rcpt, reply);
    else
        *reply = (struct smtp_reply){550, SLICE("5.3.5"), SLICE("This host has no delivery agent")};
    return true;
}

/* "198.51.100.0/24"; the loader has checked it. */
static struct network read_network(struct slice text)
{
    uint64_t bits = 32;
    struct network n = {0};
    struct slice address = text;
    if (slice_find_octet(text, '/', 0) != SLICE_NONE) {
        slice_cut(&text, '/', &address);
        if (!slice_to_u64(text, &bits) || bits > 32)
            bits = 32;
    }
    n.mask = bits ? UINT32_MAX << (32 - bits) : 0;
    if (dns_ipv4_read(address, &n.address))
        n.address &= n.mask;
    else
        n = (struct network){UINT32_MAX, UINT32_MAX}; /* matches nobody */
    return n;
}

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    struct mta *mta = memory_take(sizeof *mta);
    mta->office = office;
    mta->agent = agent;
    mta->local = config_get(config, "local");
    mta->relay_to = config_get(config, "relay_to");
    const struct config_value *networks = config_get(config, "relay_from");
    for (size_t i = 0; i < networks->text_count; i++)
        *vector_add(&mta->relay_from) = read_network(networks->texts[i]);
    mta->queue = queue_create(
        office, &(struct queue_options){.agent = agent,
                                        .plan = queue_plan_find(config_text(config, "retry")),
                                        .next = config_text(config, "next"),
                                        .next_port = (uint32_t)config_number(config, "next_port"),
                                        .deliver = deliver,
                                        .context = mta});
    struct smtp_listener_options options = {
        .agent = agent,
        .policy = &policy,
        .role = mta,
        .size_max = (uint64_t)config_number(config, "size_max"),
        .hops_max = (unsigned)config_number(config, "hops_max"),
        .queue = mta->queue,
    };
    mta->listener = smtp_listener_create(office, &options, ports, port_count);
    return mta;
}

static void destroy(void *agent)
{
    struct mta *mta = agent;
    smtp_listener_destroy(mta->listener);
    queue_destroy(mta->queue);
    vector_finish(&mta->relay_from);
    free(mta);
}

static struct queue *queue_of(void *agent)
{
    return ((struct mta *)agent)->queue;
}

const struct role mta_role = {
    .name = "mta",
    .meaning = "transfer agent: moves mail one hop",
    .keys = keys,
    .key_count = sizeof keys / sizeof *keys,
    .default_listen = "25",
    .create = create,
    .destroy = destroy,
    .queue = queue_of,
};
