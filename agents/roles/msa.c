#include "agents/roles/msa.h"

#include <stdlib.h>

#include "agents/mail/address.h"
#include "agents/mail/date.h"
#include "agents/mail/header.h"
#include "agents/roles/smtp_listener.h"
#include "sim/base/memory.h"

static const struct config_key keys[] = {
    {"require_auth", CONFIG_BOOL, NULL, 0, 0, "true",
     "refuse mail of clients that have not logged in"},
    {"auth_clear", CONFIG_BOOL, NULL, 0, 0, "true",
     "let people log in by PLAIN and LOGIN without TLS; who listens learns the password"},
    SMTP_LISTENER_KEYS,
    {"domain", CONFIG_TEXT, NULL, 0, 0, "",
     "completes addresses without one; by default the host's own"},
    {"complete", CONFIG_BOOL, NULL, 0, 0, "true", "add Date, Message-ID and missing domains"},
    {"next", CONFIG_HOST, NULL, 0, 0, "",
     "the server that takes all mail; by default the MX decides"},
    {"next_port", CONFIG_NUMBER, NULL, 1, 65535, "25", "its port"},
    {"size_max", CONFIG_NUMBER, NULL, 0, 1000000000, "10485760", "largest message in octets"},
    {"retry", CONFIG_WORD, "classroom", 0, 0, "classroom", "when to try again, warn and give up"},
};

struct msa {
    struct office *office;
    uint32_t agent;
    struct slice domain;
    bool completes;
    struct queue *queue;
    struct smtp_listener *listener;
};

static void note_completion(struct msa *msa, uint32_t msg, const char *what)
{
    sim_emit(msa->office->sim, EVENT_COMPLETE,
             &(struct event_complete){msa->agent, msg, sim_text(msa->office->sim, slice_of(what))});
}

/*
 * RFC 6409 4.2, 6.2: a name without a domain gets ours; one with half a domain is not guessed at.
 */
static void complete_path(struct msa *msa, struct slice *path, struct arena *arena,
                          struct smtp_reply *reply)
{
    struct slice domain = address_domain(*path);
    if (path->size == 0)
        return;
    if (domain.size == 0 && msa->completes)
        *path = arena_printf(arena, "%.*s@%.*s", SLICE_ARG(*path), SLICE_ARG(msa->domain));
    else if (domain.size == 0 ||
             (domain.data[0] != '[' && slice_find_octet(domain, '.', 0) == SLICE_NONE))
        *reply = (struct smtp_reply){554, SLICE("5.1.3"), SLICE("The domain is not complete")};
}

static void judge_mail(void *role, const struct smtp_transaction *t, struct slice *path,
                       struct arena *arena, struct smtp_reply *reply)
{
    (void)t;
    complete_path(role, path, arena, reply);
}

static void judge_rcpt(void *role, const struct smtp_transaction *t, struct slice *path,
                       struct arena *arena, struct smtp_reply *reply)
{
    (void)t;
    complete_path(role, path, arena, reply);
}

/* ---- the header ---- */

static bool names_people(struct slice name)
{
    static const char *const fields[] = {"From", "Sender", "Reply-To", "To", "Cc"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (slice_equal_fold(name, slice_of(fields[i])))
            return true;
    return false;
}

static bool lacks_domain(struct slice value)
{
    struct address_mailbox mailbox;
    while (address_next(&value, &mailbox))
        if (mailbox.address.size && address_domain(mailbox.address).size == 0)
            return true;
    return false;
}

/* The same mailboxes, each with a domain. */
static bool write_completed(struct msa *msa, const struct header_field *field, struct bytes *out)
{
    struct address_mailbox mailbox;
    struct bytes value;
    struct slice list = field->value;
    bool fits = true;
    bytes_init(&value, field->value.size * 2 + 64 * 1024);
    while (fits && address_next(&list, &mailbox)) {
        if (mailbox.address.size == 0)
            continue;
        bool is_bare = address_domain(mailbox.address).size == 0;
        fits = bytes_printf(
            &value, "%s%.*s%s%.*s%s%.*s%s", bytes_size(&value) ? ", " : "", SLICE_ARG(mailbox.name),
            mailbox.name.size ? " <" : "", SLICE_ARG(mailbox.address), is_bare ? "@" : "",
            SLICE_ARG(is_bare ? msa->domain : SLICE("")), mailbox.name.size ? ">" : "");
    }
    fits = fits && header_write(out, field->name, bytes_slice(&value));
    bytes_finish(&value);
    return fits;
}

struct seen_fields {
    bool from, date, message_id;
};

static bool copy_fields(struct msa *msa, const struct smtp_transaction *t, struct slice header,
                        struct bytes *out, struct seen_fields *seen)
{
    struct header_field field;
    while (header_next(&header, &field)) {
        seen->from |= slice_equal_fold(field.name, SLICE("From"));
        seen->date |= slice_equal_fold(field.name, SLICE("Date"));
        seen->message_id |= slice_equal_fold(field.name, SLICE("Message-ID"));
        if (msa->completes && names_people(field.name) && lacks_domain(field.value)) {
            if (!write_completed(msa, &field, out))
                return false;
            note_completion(msa, t->msg, "added the domain to an address");
        } else if (!bytes_append(out, field.whole)) {
            return false;
        }
    }
    return true;
}

/* RFC 6409 8.2, 8.3: Date and Message-ID are added when they are missing. */
static bool add_fields(struct msa *msa, const struct smtp_transaction *t, struct bytes *out,
                       const struct seen_fields *seen)
{
    char date[DATE_TEXT], id[OFFICE_ID];
    if (!seen->date) {
        if (!header_write(out, SLICE("Date"),
                          date_write(office_now_s(msa->office, msa->agent), 0, date)))
            return false;
        note_completion(msa, t->msg, "added Date");
    }
    if (!seen->message_id) {
        const struct slice field[] = {SLICE("Message-ID: <"),
                                      office_new_id(msa->office, msa->agent, id), SLICE("@"),
                                      net_host_name(msa->office->net, msa->agent), SLICE(">\r\n")};
        if (!bytes_append_all(out, field, 5))
            return false;
        note_completion(msa, t->msg, "added Message-ID");
    }
    return true;
}

static void judge_header(void *role, const struct smtp_transaction *t, struct slice header,
                         struct bytes *out, struct smtp_reply *reply)
{
    struct msa *msa = role;
    struct seen_fields seen = {0};
    bool fits = copy_fields(msa, t, header, out, &seen);
    if (fits && !seen.from && msa->completes && t->user.size) {
        /* not among RFC 6409 8's, but RFC 5322 3.6 demands it, and who it is was proved */
        fits = header_write(out, SLICE("From"), t->user);
        note_completion(msa, t->msg, "added From");
    } else if (fits && !seen.from) {
        *reply =
            (struct smtp_reply){554, SLICE("5.6.0"), SLICE("The message says not who it is from")};
        return;
    }
    if (fits && msa->completes)
        fits = add_fields(msa, t, out, &seen);
    if (!fits || !bytes_append(out, SLICE("\r\n")))
        *reply = (struct smtp_reply){552, SLICE("5.3.4"), SLICE("The header is too long")};
}

static const struct smtp_policy policy = {
    .mail = judge_mail, .rcpt = judge_rcpt, .header = judge_header};

/* ---- life cycle ---- */

static struct slice domain_of_host(struct slice name)
{
    size_t dot = slice_find_octet(name, '.', 0);
    return dot == SLICE_NONE ? name : slice_part(name, dot + 1, name.size);
}

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    struct msa *msa = memory_take(sizeof *msa);
    msa->office = office;
    msa->agent = agent;
    msa->completes = config_bool(config, "complete");
    msa->domain = config_text(config, "domain");
    if (msa->domain.size == 0)
        msa->domain = domain_of_host(net_host_name(office->net, agent));
    msa->queue = queue_create(
        office, &(struct queue_options){.agent = agent,
                                        .plan = queue_plan_find(config_text(config, "retry")),
                                        .next = config_text(config, "next"),
                                        .next_port = (uint32_t)config_number(config, "next_port")});
    struct smtp_listener_options options = {
        .agent = agent,
        .policy = &policy,
        .role = msa,
        .is_submission = true,
        .auth_required = config_bool(config, "require_auth"),
        .size_max = (uint64_t)config_number(config, "size_max"),
        .queue = msa->queue,
        .hides_clear_auth = !config_bool(config, "auth_clear"),
    };
    smtp_listener_read(&options, config);
    msa->listener = smtp_listener_create(office, &options, ports, port_count);
    return msa;
}

static void destroy(void *agent)
{
    struct msa *msa = agent;
    smtp_listener_destroy(msa->listener);
    queue_destroy(msa->queue);
    free(msa);
}

static struct queue *queue_of(void *agent)
{
    return ((struct msa *)agent)->queue;
}

const struct role msa_role = {
    .name = "msa",
    .meaning = "submission agent: takes new mail from its authors",
    .keys = keys,
    .key_count = sizeof keys / sizeof *keys,
    .default_listen = "587",
    .create = create,
    .destroy = destroy,
    .queue = queue_of,
};
