#include "agents/roles/msa.h"

#include <stdlib.h>

#include "agents/mail/address.h"
#include "agents/roles/completion.h"
#include "agents/roles/local.h"
#include "agents/roles/mta.h"
#include "agents/roles/network_list.h"
#include "agents/roles/smtp_listener.h"
#include "sim/base/memory.h"

static const struct config_key keys[] = {
    {"require_auth", CONFIG_BOOL, NULL, 0, 0, "true",
     "refuse mail of clients that have not logged in, but for those of relay_from and "
     "pop_before_smtp"},
    {"auth_clear", CONFIG_BOOL, NULL, 0, 0, "true",
     "let people log in by PLAIN and LOGIN without TLS; who listens learns the password"},
    {"relay_from", CONFIG_TEXTS, NULL, 0, 0, "",
     "networks whose people need not log in: 198.51.100.0/24"},
    {"pop_before_smtp", CONFIG_BOOL, NULL, 0, 0, "false",
     "nor need those who have just read mail on this host from the same address"},
    {"listen", CONFIG_WORD, "0.0.0.0 127.0.0.1", 0, 0, "0.0.0.0",
     "the address it listens on: 127.0.0.1 is there for programs of this host alone"},
    SMTP_LISTENER_KEYS,
    {"domain", CONFIG_TEXT, NULL, 0, 0, "",
     "completes addresses without one; by default the host's own"},
    {"qualify", CONFIG_BOOL, NULL, 0, 0, "true",
     "add that domain to names without one; else they are refused"},
    {"complete", CONFIG_BOOL, NULL, 0, 0, "true", "add a missing Date, Message-ID and From"},
    {"check_sender", CONFIG_BOOL, NULL, 0, 0, "false",
     "refuse a reverse-path that is not the address of who has logged in"},
    {"reject_or_bounce", CONFIG_WORD, "bounce reject", 0, 0, "bounce",
     "what to do about people of its own domain whom nobody knows: take the mail and let it come "
     "back, or refuse it at once"},
    {"combined", CONFIG_BOOL, NULL, 0, 0, "false",
     "it is one program with the MTA: it shares the queue of its host's MTA, or finds the next hop "
     "by MX itself; `next` does not count"},
    SENDING_KEYS("next_clear"),
    {"size_max", CONFIG_NUMBER, NULL, 0, 1000000000, "10485760", "largest message in octets"},
    {"retry", CONFIG_WORD, "classroom", 0, 0, "classroom", "when to try again, warn and give up"},
};

struct msa {
    struct office *office;
    uint32_t agent;
    const struct config *config;
    struct slice domain;
    bool qualifies, completes, checks_sender, rejects_unknown, is_combined;
    /* who is let in */
    bool requires_auth, knows_readers;
    struct network_list networks;
    struct queue *queue;
    struct smtp_listener *listener;
};

/* ---- the envelope ---- */

/*
 * RFC 6409 4.2, 6.2: a name without a domain gets ours; one with half a domain is not guessed at.
 */
static void complete_path(struct msa *msa, struct slice *path, struct arena *arena,
                          struct smtp_reply *reply)
{
    struct slice domain = address_domain(*path);
    if (path->size == 0)
        return;
    if (domain.size == 0 && msa->qualifies)
        *path = arena_printf(arena, "%.*s@%.*s", SLICE_ARG(*path), SLICE_ARG(msa->domain));
    else if (domain.size == 0 ||
             (domain.data[0] != '[' && slice_find_octet(domain, '.', 0) == SLICE_NONE))
        *reply = (struct smtp_reply){554, SLICE("5.1.3"), SLICE("The domain is not complete")};
}

/* RFC 6409 4.3: by a login, by where they are, or by having read mail from there. */
static bool is_let_in(const struct msa *msa, const struct smtp_transaction *t)
{
    return !msa->requires_auth || t->is_authenticated ||
           network_list_has(&msa->networks, t->peer_address) ||
           (msa->knows_readers && office_may_send(msa->office, msa->agent, t->peer_address));
}

/* RFC 6409 6.1. The null reverse-path is nobody's: a mail program's own notices have it. */
static bool is_own_path(const struct msa *msa, const struct smtp_transaction *t, struct slice path)
{
    const struct office_account *account = office_find_account(msa->office, t->user);
    return path.size == 0 || !t->is_authenticated ||
           (account && slice_equal_fold(account->address, path));
}

static void judge_mail(void *role, const struct smtp_transaction *t, struct slice *path,
                       struct arena *arena, struct smtp_reply *reply)
{
    struct msa *msa = role;
    if (!is_let_in(msa, t)) {
        *reply = (struct smtp_reply){530, SLICE("5.7.0"), SLICE("Authentication required")};
        return;
    }
    complete_path(msa, path, arena, reply);
    if (reply->code < 300 && msa->checks_sender && !is_own_path(msa, t, *path))
        *reply = (struct smtp_reply){550, SLICE("5.7.1"), SLICE("That is not your address")};
}

static const struct office_agent *find_mta(const struct msa *msa)
{
    return office_find_agent(msa->office, net_host_of(msa->office->net, msa->agent), &mta_role);
}

/* Somebody of our own domain: there is an account, or the MTA beside us knows better. */
static bool is_known(const struct msa *msa, struct slice path)
{
    const struct office_agent *mta = find_mta(msa);
    return local_find_account(msa->office, path) || (mta && mta_knows(mta->self, path));
}

static void judge_rcpt(void *role, const struct smtp_transaction *t, struct slice *path,
                       struct arena *arena, struct smtp_reply *reply)
{
    struct msa *msa = role;
    (void)t;
    complete_path(msa, path, arena, reply);
    if (reply->code < 300 && msa->rejects_unknown &&
        slice_equal_fold(address_domain(*path), msa->domain) && !is_known(msa, *path))
        *reply = (struct smtp_reply){550, SLICE("5.1.1"), SLICE("No such user here")};
}

/* ---- the header ---- */

static void judge_header(void *role, const struct smtp_transaction *t, struct slice header,
                         struct bytes *out, struct smtp_reply *reply)
{
    struct msa *msa = role;
    const struct completion completion = {
        .office = msa->office,
        .agent = msa->agent,
        .msg = t->msg,
        .domain = msa->domain,
        .author = t->user,
        .adds_domains = msa->qualifies,
        .adds_fields = msa->completes,
    };
    switch (completion_write(&completion, header, out)) {
    case COMPLETION_OK:
        break;
    case COMPLETION_NO_FROM:
        *reply =
            (struct smtp_reply){554, SLICE("5.6.0"), SLICE("The message says not who it is from")};
        break;
    case COMPLETION_TOO_LONG:
        *reply = (struct smtp_reply){552, SLICE("5.3.4"), SLICE("The header is too long")};
        break;
    }
}

/* One program with the MTA has one queue with it. */
static struct queue *choose_queue(void *role)
{
    struct msa *msa = role;
    const struct office_agent *mta = msa->is_combined ? find_mta(msa) : NULL;
    return mta ? mta->role->queue(mta->self) : msa->queue;
}

static const struct smtp_policy policy = {
    .mail = judge_mail, .rcpt = judge_rcpt, .header = judge_header, .queue = choose_queue};

/* ---- settings ---- */

static struct slice domain_of_host(struct slice name)
{
    size_t dot = slice_find_octet(name, '.', 0);
    return dot == SLICE_NONE ? name : slice_part(name, dot + 1, name.size);
}

static void read_config(struct msa *msa)
{
    const struct config *config = msa->config;
    msa->requires_auth = config_bool(config, "require_auth");
    msa->knows_readers = config_bool(config, "pop_before_smtp");
    network_list_read(&msa->networks, config_get(config, "relay_from"));
    msa->qualifies = config_bool(config, "qualify");
    msa->completes = config_bool(config, "complete");
    msa->checks_sender = config_bool(config, "check_sender");
    msa->rejects_unknown = slice_equal(config_text(config, "reject_or_bounce"), SLICE("reject"));
    msa->is_combined = config_bool(config, "combined");
    msa->domain = config_text(config, "domain");
    if (msa->domain.size == 0)
        msa->domain = domain_of_host(net_host_name(msa->office->net, msa->agent));
    if (msa->knows_readers)
        office_keep_logins(msa->office, msa->agent);
}

static struct queue_options queue_options_of(const struct msa *msa)
{
    struct queue_options options = {
        .agent = msa->agent,
        .plan = queue_plan_find(config_text(msa->config, "retry")),
    };
    sending_read(&options.sending, msa->config, "next_clear");
    sending_read_limits(&options.limits, msa->config);
    if (msa->is_combined) {
        options.sending.user = options.sending.password = SLICE("");
        return options;
    }
    options.next = config_text(msa->config, "next");
    options.next_port = (uint32_t)config_number(msa->config, "next_port");
    return options;
}

/* Where a login is the only way in, the session itself asks for it. */
static struct smtp_listener_options listener_options_of(struct msa *msa)
{
    struct smtp_listener_options options = {
        .agent = msa->agent,
        .policy = &policy,
        .role = msa,
        .is_submission = true,
        .auth_required =
            msa->requires_auth && msa->networks.items.count == 0 && !msa->knows_readers,
        .is_loopback = slice_equal(config_text(msa->config, "listen"), SLICE("127.0.0.1")),
        .size_max = (uint64_t)config_number(msa->config, "size_max"),
        .queue = msa->queue,
        .hides_clear_auth = !config_bool(msa->config, "auth_clear"),
    };
    smtp_listener_read(&options, msa->config);
    return options;
}

static void changed(void *agent, const struct config_key *key)
{
    struct msa *msa = agent;
    (void)key;
    read_config(msa);
    struct queue_options queue_options = queue_options_of(msa);
    struct smtp_listener_options listener_options = listener_options_of(msa);
    queue_configure(msa->queue, &queue_options);
    smtp_listener_configure(msa->listener, &listener_options);
}

/* ---- life cycle ---- */

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    struct msa *msa = memory_take(sizeof *msa);
    *msa = (struct msa){.office = office, .agent = agent, .config = config};
    read_config(msa);
    struct queue_options queue_options = queue_options_of(msa);
    msa->queue = queue_create(office, &queue_options);
    struct smtp_listener_options listener_options = listener_options_of(msa);
    msa->listener = smtp_listener_create(office, &listener_options, ports, port_count);
    return msa;
}

static void destroy(void *agent)
{
    struct msa *msa = agent;
    smtp_listener_destroy(msa->listener);
    queue_destroy(msa->queue);
    network_list_finish(&msa->networks);
    free(msa);
}

static struct queue *queue_of(void *agent)
{
    return ((struct msa *)agent)->queue;
}

static void running(void *agent, bool is_up)
{
    queue_set_running(((struct msa *)agent)->queue, is_up);
}

const struct role msa_role = {
    .name = "msa",
    .meaning = "submission agent: takes new mail from its authors",
    .keys = keys,
    .key_count = sizeof keys / sizeof *keys,
    .default_listen = "587",
    .create = create,
    .destroy = destroy,
    .changed = changed,
    .running = running,
    .queue = queue_of,
};
