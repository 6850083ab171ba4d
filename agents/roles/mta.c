#include "agents/roles/mta.h"

#include <stdlib.h>

#include "agents/mail/address.h"
#include "agents/roles/dialup.h"
#include "agents/roles/local.h"
#include "agents/roles/network_list.h"
#include "agents/roles/route.h"
#include "agents/roles/smtp_listener.h"
#include "sim/base/memory.h"

static const struct config_key keys[] = {
    {"local", CONFIG_TEXTS, NULL, 0, 0, "", "domains whose mail is delivered on this host"},
    {"relay_to", CONFIG_TEXTS, NULL, 0, 0, "", "domains that mail is relayed to for anybody"},
    {"relay_from", CONFIG_TEXTS, NULL, 0, 0, "",
     "networks whose mail is relayed anywhere: 198.51.100.0/24"},
    {"policy", CONFIG_WORD, "own-network pop-before-smtp auth open", 0, 0, "own-network",
     "whose mail is relayed anywhere: that of relay_from alone; also of who has just read mail "
     "here from the same address; also of who logs in; everybody's (an open relay)"},
    {"listen", CONFIG_WORD, "0.0.0.0 127.0.0.1", 0, 0, "0.0.0.0",
     "the address it listens on: 127.0.0.1 is there for programs of this host alone"},
    {"routes", CONFIG_TEXTS, NULL, 0, 0, "",
     "rules that come before the MX, the first that fits counts: \"example.org mx2:2525\", "
     "\"*.example.net lmtp:store\", \"example.org local\", \"example.org mx\", "
     "\"example.org error 5.1.2 No such place\""},
    {"delivery", CONFIG_TEXT, NULL, 0, 0, "pipe",
     "how local mail is delivered: \"pipe\", by the MDA of this host, or \"lmtp:HOST\", handed to "
     "that one by LMTP (lmtp:HOST:PORT, by default 24)"},
    SENDING_KEYS("auth_clear"),
    {"etrn", CONFIG_HOST, NULL, 0, 0, "",
     "the server that is asked to send what waits there for `local` (RFC 1985)"},
    {"etrn_every", CONFIG_DURATION, NULL, 1, 31536000, "15min", "how often"},
    {"size_max", CONFIG_NUMBER, NULL, 0, 1000000000, "10485760", "largest message in octets"},
    {"hops_max", CONFIG_NUMBER, NULL, 1, 1000, "100",
     "refuse a message with so many Received fields"},
    {"vrfy", CONFIG_BOOL, NULL, 0, 0, "false",
     "answer VRFY with what is known of a mailbox, not with 252 to everybody"},
    SMTP_LISTENER_KEYS,
    LOCAL_KEYS,
    {"retry", CONFIG_WORD, "classroom", 0, 0, "classroom", "when to try again, warn and give up"},
    {"sync", CONFIG_BOOL, NULL, 0, 0, "true",
     "have each message safely on the disk before it is taken over; without, a crash may lose it"},
};

enum { PORT_LMTP = 24 };

enum mta_policy { MTA_OWN_NETWORK, MTA_POP_BEFORE_SMTP, MTA_AUTH, MTA_OPEN };

struct mta {
    struct office *office;
    uint32_t agent;
    const struct config *config;
    const struct config_value *local, *relay_to;
    struct slice lmtp; /* the host that delivers; "": this one */
    uint32_t lmtp_port;
    enum mta_policy policy;
    bool tells_mailboxes; /* to VRFY */
    struct network_list relay_from;
    VECTOR(struct route_rule) rules;
    struct queue *queue;
    struct local *people;  /* aliases, lists, mailboxes */
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

static const struct route_rule *find_rule(const struct mta *mta, struct slice domain)
{
    for (size_t i = 0; i < mta->rules.count; i++)
        if (route_rule_matches(&mta->rules.items[i], domain))
            return &mta->rules.items[i];
    return NULL;
}

/* Its mailboxes are ours, whoever delivers. */
static bool is_ours(const struct mta *mta, struct slice domain)
{
    const struct route_rule *rule = find_rule(mta, domain);
    return has_domain(mta->local, domain) || (rule && rule->kind == ROUTE_RULE_LOCAL);
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

struct slice mta_domain(const struct mta *mta)
{
    return own_domain(mta);
}

bool mta_knows(struct mta *mta, struct slice address)
{
    struct smtp_reply reply = {250, SLICE(""), SLICE("")};
    struct arena arena;
    arena_init(&arena);
    if (is_ours(mta, address_domain(address)))
        local_judge(mta->people, &address, &arena, &reply);
    arena_finish(&arena);
    return reply.code < 300;
}

/* ---- what is taken ---- */

/* RFC 5321 3.6.2, 7.9; RFC 6409 3.3 for who has just read mail here. */
static bool may_relay(const struct mta *mta, const struct smtp_transaction *t)
{
    if (mta->policy == MTA_OPEN || network_list_has(&mta->relay_from, t->peer_address))
        return true;
    if (mta->policy == MTA_POP_BEFORE_SMTP)
        return office_may_send(mta->office, mta->agent, t->peer_address);
    return mta->policy == MTA_AUTH && t->is_authenticated;
}

/* What is not ours: for whom is it carried on? */
static void judge_relaying(const struct mta *mta, const struct smtp_transaction *t,
                           struct slice domain, struct smtp_reply *reply)
{
    const struct route_rule *rule = find_rule(mta, domain);
    if (!has_domain(mta->relay_to, domain) && !may_relay(mta, t))
        *reply = mta->policy == MTA_AUTH
                     ? (struct smtp_reply){530, SLICE("5.7.0"), SLICE("Authentication required")}
                     : (struct smtp_reply){550, SLICE("5.7.1"), SLICE("I do not relay for you")};
    else if (rule && rule->kind == ROUTE_RULE_ERROR)
        *reply = rule->reply; /* who has it still can tell its author at once */
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
    if (is_ours(mta, domain))
        local_judge(mta->people, path, arena, reply);
    else if (!is_bare)
        judge_relaying(mta, t, domain, reply);
}

/* RFC 5321 3.5: a mailbox that is ours is known or not; of others' nothing can be said. */
static void judge_vrfy(void *role, struct slice name, struct arena *arena, struct smtp_reply *reply)
{
    const struct mta *mta = role;
    struct smtp_reply found = {250, SLICE("2.1.5"), SLICE("")};
    if (name.size > 2 && name.data[0] == '<' && name.data[name.size - 1] == '>')
        name = slice_part(name, 1, name.size - 1);
    struct slice domain = address_domain(name);
    if (!mta->tells_mailboxes || (domain.size > 0 && !is_ours(mta, domain)))
        return;
    if (domain.size == 0)
        name = arena_printf(arena, "%.*s@%.*s", SLICE_ARG(name), SLICE_ARG(own_domain(mta)));
    local_judge(mta->people, &name, arena, &found);
    if (found.code == 250) {
        const struct office_account *account = office_find_account(mta->office, name);
        struct slice person = account ? account->name : SLICE("");
        found.text = arena_printf(arena, "%.*s%s<%.*s>", SLICE_ARG(person), person.size ? " " : "",
                                  SLICE_ARG(name));
    }
    *reply = found;
}

static const struct smtp_policy policy = {.rcpt = judge_rcpt, .vrfy = judge_vrfy};

/* ---- where it goes ---- */

/* By the MDA of this host: then it never leaves it. */
static bool is_delivered_here(const struct mta *mta, struct slice domain)
{
    const struct route_rule *rule = find_rule(mta, domain);
    return rule ? rule->kind == ROUTE_RULE_LOCAL && mta->lmtp.size == 0
                : mta->lmtp.size == 0 && has_domain(mta->local, domain);
}

/* By LMTP the MDA knows mailboxes only: who stands for others is replaced here. */
static bool is_replaced_here(struct mta *mta, struct slice rcpt)
{
    const struct route_rule *rule = find_rule(mta, address_domain(rcpt));
    return is_ours(mta, address_domain(rcpt)) &&
           (!rule || rule->kind == ROUTE_RULE_LOCAL || rule->kind == ROUTE_RULE_LMTP) &&
           local_stands_for_others(mta->people, rcpt);
}

static bool deliver(void *context, const struct queue_mail *mail, struct slice rcpt,
                    struct smtp_reply *reply)
{
    struct mta *mta = context;
    if (!is_delivered_here(mta, address_domain(rcpt)) && !is_replaced_here(mta, rcpt))
        return false;
    local_deliver(mta->people, mail, rcpt, reply);
    return true;
}

/* To another server than the smart host its password is not shown. */
static void go_to(struct mta *mta, struct slice server, uint32_t port, bool is_lmtp,
                  struct queue_hop *hop)
{
    hop->next = office_host_name(mta->office, server);
    hop->port = port;
    hop->is_lmtp = is_lmtp;
    hop->sending.user = hop->sending.password = SLICE("");
    if (is_lmtp) /* to the host that delivers for us nothing is to be hidden */
        hop->sending = (struct sending){.final_dot_s = hop->sending.final_dot_s};
}

static void choose_hop(void *context, struct slice domain, struct queue_hop *hop)
{
    struct mta *mta = context;
    const struct route_rule *rule = find_rule(mta, domain);
    if (!rule) {
        if (has_domain(mta->local, domain))
            go_to(mta, mta->lmtp, mta->lmtp_port, true, hop);
        return;
    }
    switch (rule->kind) {
    case ROUTE_RULE_SERVER:
    case ROUTE_RULE_LMTP:
        go_to(mta, rule->server, rule->port, rule->kind == ROUTE_RULE_LMTP, hop);
        break;
    case ROUTE_RULE_LOCAL:
        go_to(mta, mta->lmtp, mta->lmtp_port, true, hop);
        break;
    case ROUTE_RULE_MX:
        hop->next = SLICE("");
        hop->port = 25;
        hop->sending.user = hop->sending.password = SLICE("");
        break;
    case ROUTE_RULE_ERROR:
        hop->refusal = rule->reply;
        break;
    }
}

/* ---- settings ---- */

/* "lmtp:store:24"; what is neither that nor "pipe" the loader has refused. */
static void read_delivery(struct mta *mta)
{
    struct slice text = config_text(mta->config, "delivery");
    mta->lmtp = SLICE("");
    if (slice_starts(text, SLICE("lmtp:")))
        (void)route_read_server(slice_part(text, 5, text.size), PORT_LMTP, &mta->lmtp,
                                &mta->lmtp_port);
}

static void read_policy(struct mta *mta)
{
    struct slice word = config_text(mta->config, "policy");
    mta->policy = slice_equal(word, SLICE("open"))              ? MTA_OPEN
                  : slice_equal(word, SLICE("auth"))            ? MTA_AUTH
                  : slice_equal(word, SLICE("pop-before-smtp")) ? MTA_POP_BEFORE_SMTP
                                                                : MTA_OWN_NETWORK;
    if (mta->policy == MTA_POP_BEFORE_SMTP)
        office_keep_logins(mta->office, mta->agent);
}

static void read_config(struct mta *mta)
{
    struct route_rule rule;
    const struct config_value *routes = config_get(mta->config, "routes");
    mta->local = config_get(mta->config, "local");
    mta->relay_to = config_get(mta->config, "relay_to");
    mta->tells_mailboxes = config_bool(mta->config, "vrfy");
    network_list_read(&mta->relay_from, config_get(mta->config, "relay_from"));
    vector_clear(&mta->rules);
    for (size_t i = 0; i < routes->text_count; i++)
        if (route_rule_read(routes->texts[i], &rule))
            *vector_add(&mta->rules) = rule;
    read_delivery(mta);
    read_policy(mta);
}

static struct queue_options queue_options_of(struct mta *mta)
{
    struct queue_options options = {
        .agent = mta->agent,
        .plan = queue_plan_find(config_text(mta->config, "retry")),
        .next = config_text(mta->config, "next"),
        .next_port = (uint32_t)config_number(mta->config, "next_port"),
        .is_unsynced = !config_bool(mta->config, "sync"),
        .deliver = deliver,
        .hop = choose_hop,
        .context = mta,
    };
    sending_read(&options.sending, mta->config, "auth_clear");
    sending_read_limits(&options.limits, mta->config);
    return options;
}

static struct smtp_listener_options listener_options_of(struct mta *mta)
{
    struct smtp_listener_options options = {
        .agent = mta->agent,
        .policy = &policy,
        .role = mta,
        .offers_auth = mta->policy == MTA_AUTH,
        .is_loopback = slice_equal(config_text(mta->config, "listen"), SLICE("127.0.0.1")),
        .size_max = (uint64_t)config_number(mta->config, "size_max"),
        .hops_max = (unsigned)config_number(mta->config, "hops_max"),
        .queue = mta->queue,
    };
    smtp_listener_read(&options, mta->config);
    return options;
}

static struct dialup_options dialup_options_of(const struct mta *mta)
{
    return (struct dialup_options){
        .agent = mta->agent,
        .server = config_text(mta->config, "etrn"),
        .domains = mta->local->texts,
        .domain_count = mta->local->text_count,
        .every = config_number(mta->config, "etrn_every"),
    };
}

static void changed(void *agent, const struct config_key *key)
{
    struct mta *mta = agent;
    (void)key;
    read_config(mta);
    struct queue_options queue_options = queue_options_of(mta);
    struct smtp_listener_options listener_options = listener_options_of(mta);
    struct dialup_options dialup_options = dialup_options_of(mta);
    queue_configure(mta->queue, &queue_options);
    smtp_listener_configure(mta->listener, &listener_options);
    if (mta->dialup)
        dialup_configure(mta->dialup, &dialup_options);
    else if (dialup_options.server.size > 0)
        mta->dialup = dialup_create(mta->office, &dialup_options);
}

/* ---- life cycle ---- */

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    struct mta *mta = memory_take(sizeof *mta);
    *mta = (struct mta){.office = office, .agent = agent, .config = config};
    read_config(mta);
    struct queue_options queue_options = queue_options_of(mta);
    mta->queue = queue_create(office, &queue_options);
    mta->people = local_create(
        office, &(struct local_options){.agent = agent, .config = config, .queue = mta->queue});
    struct dialup_options dialup_options = dialup_options_of(mta);
    if (dialup_options.server.size > 0)
        mta->dialup = dialup_create(office, &dialup_options);
    struct smtp_listener_options listener_options = listener_options_of(mta);
    mta->listener = smtp_listener_create(office, &listener_options, ports, port_count);
    return mta;
}

static void destroy(void *agent)
{
    struct mta *mta = agent;
    smtp_listener_destroy(mta->listener);
    dialup_destroy(mta->dialup);
    queue_destroy(mta->queue);
    local_destroy(mta->people);
    network_list_finish(&mta->relay_from);
    vector_finish(&mta->rules);
    free(mta);
}

static struct queue *queue_of(void *agent)
{
    return ((struct mta *)agent)->queue;
}

static void running(void *agent, bool is_up)
{
    queue_set_running(((struct mta *)agent)->queue, is_up);
}

/* The call was put through: what waits at both ends of the line can go. */
static void online(void *agent)
{
    struct mta *mta = agent;
    queue_flush(mta->queue);
    dialup_ask(mta->dialup);
}

const struct role mta_role = {
    .name = "mta",
    .meaning = "transfer agent: moves mail one hop",
    .keys = keys,
    .key_count = sizeof keys / sizeof *keys,
    .default_listen = "25",
    .create = create,
    .destroy = destroy,
    .changed = changed,
    .running = running,
    .online = online,
    .queue = queue_of,
};
