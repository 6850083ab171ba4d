#include "agents/roles/mta.h"

#include <stdlib.h>

#include "agents/mail/address.h"
#include "agents/roles/dialup.h"
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
    {"next_user", CONFIG_TEXT, NULL, 0, 0, "", "log in there with this name; \"\": no login"},
    {"next_password", CONFIG_TEXT, NULL, 0, 0, "", "and this password"},
    {"auth_mechanism", CONFIG_WORD, SENDING_MECHANISM_WORDS, 0, 0, "auto",
     "how to log in there; \"auto\" is the strongest that both know"},
    {"auth_clear", CONFIG_BOOL, NULL, 0, 0, "false",
     "show that password to whoever listens when there is no TLS"},
    {"tls", CONFIG_WORD, SENDING_TLS_WORDS, 0, 0, "never",
     "encrypt what is sent on, by STARTTLS; \"if-offered\" goes on in clear where that fails"},
    {"chunking", CONFIG_BOOL, NULL, 0, 0, "false", "send on by BDAT where that is offered"},
    {"lmtp", CONFIG_HOST, NULL, 0, 0, "",
     "the host that delivers local mail, handed to it by LMTP; by default this one"},
    {"lmtp_port", CONFIG_NUMBER, NULL, 1, 65535, "24", "its port"},
    {"etrn", CONFIG_HOST, NULL, 0, 0, "",
     "the server that is asked to send what waits there for `local` (RFC 1985)"},
    {"etrn_every", CONFIG_DURATION, NULL, 1, 31536000, "15min", "how often"},
    {"size_max", CONFIG_NUMBER, NULL, 0, 1000000000, "10485760", "largest message in octets"},
    {"hops_max", CONFIG_NUMBER, NULL, 1, 1000, "100",
     "refuse a message with so many Received fields"},
    {"vrfy", CONFIG_BOOL, NULL, 0, 0, "false",
     "answer VRFY with what is known of a mailbox, not with 252 to everybody"},
    SMTP_LISTENER_KEYS,
    {"retry", CONFIG_WORD, "classroom", 0, 0, "classroom", "when to try again, warn and give up"},
};

struct network {
    uint32_t address, mask;
};

struct mta {
    struct office *office;
    uint32_t agent;
    const struct config_value *local, *relay_to;
    struct slice lmtp;    /* "": local mail is delivered on this host */
    bool tells_mailboxes; /* to VRFY */
    VECTOR(struct network) relay_from;
    struct queue *queue;
    struct dialup *dialup; /* NULL: nobody is asked for mail */
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

/* The domain of our own mail; for a relay without any that of its host. */
static struct slice own_domain(const struct mta *mta)
{
    struct slice host = net_host_name(mta->office->net, mta->agent);
    size_t dot = slice_find_octet(host, '.', 0);
    if (mta->local->text_count > 0)
        return mta->local->texts[0];
    return dot == SLICE_NONE ? host : slice_part(host, dot + 1, host.size);
}

/* Whose mailbox an address of ours is. Postmaster always has one: where nobody bears that name it
   is the first person's of the domain (RFC 5321 4.5.1). */
static const struct office_account *find_account(const struct mta *mta, struct slice path)
{
    const struct office_account *account = office_find_account(mta->office, path);
    if (account || !slice_equal_fold(address_local(path), SLICE("postmaster")))
        return account;
    for (size_t i = 0; i < mta->office->accounts.count; i++) {
        account = &mta->office->accounts.items[i];
        if (slice_equal_fold(address_domain(account->address), address_domain(path)))
            return account;
    }
    return NULL;
}

/*
 * RFC 5321 3.6.1, 3.6.2: mail for our own domains, for those we are a relay of, or from our own
 * people; everybody else's mail is none of our business. "Postmaster" alone is ours (4.1.1.3).
 */
static void judge_rcpt(void *role, const struct smtp_transaction *t, struct slice *path,
                       struct arena *arena, struct smtp_reply *reply)
{
    struct mta *mta = role;
    struct slice domain = address_domain(*path);
    bool is_bare = domain.size == 0;
    if (is_bare) {
        domain = own_domain(mta);
        *path = arena_printf(arena, "%.*s@%.*s", SLICE_ARG(*path), SLICE_ARG(domain));
    }
    if (has_domain(mta->local, domain)) {
        const struct office_account *account = find_account(mta, *path);
        if (account)
            *path = account->address;
        else
            *reply = (struct smtp_reply){550, SLICE("5.1.1"), SLICE("No such user here")};
    } else if (!is_bare && !has_domain(mta->relay_to, domain) && !may_relay(mta, t->peer_address)) {
        *reply = (struct smtp_reply){550, SLICE("5.7.1"), SLICE("I do not relay for you")};
    }
}

/* RFC 5321 3.5: a mailbox that is ours is known or not; of others' nothing can be said. */
static void judge_vrfy(void *role, struct slice name, struct arena *arena, struct smtp_reply *reply)
{
    const struct mta *mta = role;
    if (name.size > 2 && name.data[0] == '<' && name.data[name.size - 1] == '>')
        name = slice_part(name, 1, name.size - 1);
    struct slice domain = address_domain(name);
    if (!mta->tells_mailboxes || (domain.size > 0 && !has_domain(mta->local, domain)))
        return;
    if (domain.size == 0)
        name = arena_printf(arena, "%.*s@%.*s", SLICE_ARG(name), SLICE_ARG(own_domain(mta)));
    const struct office_account *account = find_account(mta, name);
    if (account)
        *reply = (struct smtp_reply){250, SLICE("2.1.5"),
                                     arena_printf(arena, "%.*s%s<%.*s>", SLICE_ARG(account->name),
                                                  account->name.size ? " " : "",
                                                  SLICE_ARG(account->address))};
    else
        *reply = (struct smtp_reply){550, SLICE("5.1.1"), SLICE("No such user here")};
}

static const struct smtp_policy policy = {.rcpt = judge_rcpt, .vrfy = judge_vrfy};

static bool deliver(void *context, const struct queue_mail *mail, struct slice rcpt,
                    struct smtp_reply *reply)
{
    struct mta *mta = context;
    if (mta->lmtp.size > 0 || !has_domain(mta->local, address_domain(rcpt)))
        return false;
    struct mda *mda = mda_find(mta->office, net_host_of(mta->office->net, mta->agent));
    if (mda)
        mda_deliver(mda, mail, rcpt, reply);
    else
        *reply = (struct smtp_reply){550, SLICE("5.3.5"), SLICE("This host has no delivery agent")};
    return true;
}

static bool is_lmtp(void *context, struct slice domain)
{
    const struct mta *mta = context;
    return has_domain(mta->local, domain);
}

static struct sending sending_of(const struct config *config)
{
    struct sending s = {
        .user = config_text(config, "next").size ? config_text(config, "next_user") : SLICE(""),
        .password = config_text(config, "next_password"),
        .allows_clear = config_bool(config, "auth_clear"),
        .chunk_octets = config_bool(config, "chunking") ? SENDING_CHUNK_OCTETS : 0,
    };
    sending_set_tls(&s, config_text(config, "tls"));
    sending_set_mechanism(&s, config_text(config, "auth_mechanism"));
    return s;
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

static struct dialup *create_dialup(struct mta *mta, const struct config *config)
{
    const struct dialup_options options = {
        .agent = mta->agent,
        .server = config_text(config, "etrn"),
        .domains = mta->local->texts,
        .domain_count = mta->local->text_count,
        .every = config_number(config, "etrn_every"),
    };
    return options.server.size > 0 ? dialup_create(mta->office, &options) : NULL;
}

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    struct mta *mta = memory_take(sizeof *mta);
    mta->office = office;
    mta->agent = agent;
    mta->local = config_get(config, "local");
    mta->relay_to = config_get(config, "relay_to");
    mta->lmtp = config_text(config, "lmtp");
    mta->tells_mailboxes = config_bool(config, "vrfy");
    const struct config_value *networks = config_get(config, "relay_from");
    for (size_t i = 0; i < networks->text_count; i++)
        *vector_add(&mta->relay_from) = read_network(networks->texts[i]);
    mta->queue = queue_create(
        office, &(struct queue_options){.agent = agent,
                                        .plan = queue_plan_find(config_text(config, "retry")),
                                        .next = config_text(config, "next"),
                                        .next_port = (uint32_t)config_number(config, "next_port"),
                                        .sending = sending_of(config),
                                        .deliver = deliver,
                                        .is_lmtp = mta->lmtp.size > 0 ? is_lmtp : NULL,
                                        .lmtp = mta->lmtp,
                                        .lmtp_port = (uint32_t)config_number(config, "lmtp_port"),
                                        .context = mta});
    mta->dialup = create_dialup(mta, config);
    struct smtp_listener_options options = {
        .agent = agent,
        .policy = &policy,
        .role = mta,
        .size_max = (uint64_t)config_number(config, "size_max"),
        .hops_max = (unsigned)config_number(config, "hops_max"),
        .queue = mta->queue,
    };
    smtp_listener_read(&options, config);
    mta->listener = smtp_listener_create(office, &options, ports, port_count);
    return mta;
}

static void destroy(void *agent)
{
    struct mta *mta = agent;
    smtp_listener_destroy(mta->listener);
    dialup_destroy(mta->dialup);
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
