#include "agents/roles/mda.h"

#include <stdlib.h>

#include "agents/mail/header.h"
#include "agents/roles/smtp_listener.h"
#include "agents/roles/store.h"
#include "sim/base/memory.h"

static const struct config_key keys[] = {
    {"via", CONFIG_WORD, "pipe lmtp", 0, 0, "pipe",
     "how mail is handed to it: through a pipe by an MTA of its host, or by LMTP from any host"},
    {"size_max", CONFIG_NUMBER, NULL, 0, 1000000000, "10485760",
     "largest message in octets, by LMTP"},
    SMTP_LISTENER_KEYS,
};

/* Usual size of what is put on top of a header. */
enum { HEADER_GROWTH = 256 };

struct mda {
    struct office *office;
    uint32_t agent;
    struct smtp_listener *listener; /* NULL: fed through a pipe only */
    /* of the delivery that goes on */
    struct bytes header;
    struct arena arena;
};

/* RFC 5321 4.4: the final delivery puts the reverse-path on top; Delivered-To by long habit. */
static bool write_header(struct bytes *out, const struct queue_mail *mail, struct slice rcpt)
{
    const struct slice path[] = {SLICE("Return-Path: <"), mail->reverse_path, SLICE(">\r\n")};
    return bytes_append_all(out, path, 3) && header_write(out, SLICE("Delivered-To"), rcpt) &&
           bytes_append(out, mail->header);
}

/* `rcpt` as the queue knows it, `address` as the account is written. */
static void emit_delivery(struct mda *mda, const struct queue_mail *mail, struct slice rcpt,
                          struct slice address)
{
    struct sim *sim = mda->office->sim;
    sim_emit(sim, EVENT_DELIVER,
             &(struct event_deliver){
                 .at = mda->agent,
                 .msg = mail->msg,
                 .box = sim_text(sim, store_box_name(&mda->arena, address, SLICE("INBOX"))),
                 .rcpt = sim_text(sim, rcpt),
                 .header = sim_text(sim, bytes_slice(&mda->header)),
                 .body = sim_text(sim, mail->body)});
    arena_reset(&mda->arena);
}

/* What LMTP promises with its first 250 for this message (RFC 2033 4.2). */
static void emit_acceptance(struct mda *mda, const struct queue_mail *mail, uint32_t conn)
{
    struct sim *sim = mda->office->sim;
    sim_emit(sim, EVENT_ACCEPT,
             &(struct event_accept){mda->agent, mail->msg, conn, sim_text(sim, mail->id),
                                    sim_text(sim, mail->header), sim_text(sim, mail->body)});
}

static struct smtp_reply reply_of(enum store_result result)
{
    switch (result) {
    case STORE_OK:
        break;
    case STORE_OVER_QUOTA:
        return (struct smtp_reply){452, SLICE("4.2.2"), SLICE("The mailbox is full")};
    case STORE_FULL:
        return (struct smtp_reply){452, SLICE("4.3.1"), SLICE("The disk is full")};
    }
    return (struct smtp_reply){250, SLICE("2.0.0"), SLICE("Delivered")};
}

/* The mailbox of `rcpt` here; else *reply says why there is none. */
static const struct office_account *find_mailbox(const struct mda *mda, struct slice rcpt,
                                                 struct store **store, struct smtp_reply *reply)
{
    struct office *office = mda->office;
    const struct office_account *account = office_find_account(office, rcpt);
    *store = store_find(office, net_host_of(office->net, mda->agent));
    if (!*store)
        *reply = (struct smtp_reply){550, SLICE("5.3.5"), SLICE("This host has no message store")};
    else if (!account)
        *reply = (struct smtp_reply){550, SLICE("5.1.1"), SLICE("No such user here")};
    return *store ? account : NULL;
}

/* `conn`: the connection to be named in the acceptance, which is said only when it succeeds; 0:
   there is none to be said. */
static void deliver(struct mda *mda, const struct queue_mail *mail, struct slice rcpt,
                    uint32_t conn, struct smtp_reply *reply)
{
    struct store *store;
    const struct office_account *account = find_mailbox(mda, rcpt, &store, reply);
    if (!account)
        return;
    (void)bytes_reserve(&mda->header, mail->header.size + HEADER_GROWTH);
    (void)write_header(&mda->header, mail, rcpt);
    enum store_result result =
        store_put(store, account->address, bytes_slice(&mda->header), mail->body, mail->msg);
    *reply = reply_of(result);
    if (result == STORE_OK && conn)
        emit_acceptance(mda, mail, conn);
    if (result == STORE_OK)
        emit_delivery(mda, mail, rcpt, account->address);
    bytes_reuse(&mda->header);
}

void mda_deliver(struct mda *mda, const struct queue_mail *mail, struct slice rcpt,
                 struct smtp_reply *reply)
{
    deliver(mda, mail, rcpt, 0, reply);
}

/* ---- LMTP ---- */

static void judge_rcpt(void *role, const struct smtp_transaction *t, struct slice *path,
                       struct arena *arena, struct smtp_reply *reply)
{
    struct store *store;
    (void)t, (void)path, (void)arena;
    (void)find_mailbox(role, *path, &store, reply);
}

static void deliver_by_lmtp(void *role, const struct queue_mail *mail, size_t recipient,
                            uint32_t conn, bool is_accepted, struct smtp_reply *reply)
{
    deliver(role, mail, mail->forward_paths[recipient], is_accepted ? 0 : conn, reply);
}

static const struct smtp_policy policy = {.rcpt = judge_rcpt, .deliver = deliver_by_lmtp};

static bool listens(const struct config *config)
{
    return slice_equal(config_text(config, "via"), SLICE("lmtp"));
}

struct mda *mda_find(const struct office *office, uint32_t host)
{
    const struct office_agent *agent = office_find_agent(office, host, &mda_role);
    return agent ? agent->self : NULL;
}

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    struct mda *mda = memory_take(sizeof *mda);
    *mda = (struct mda){.office = office, .agent = agent};
    bytes_init(&mda->header, SIZE_MAX / 2);
    arena_init(&mda->arena);
    struct smtp_listener_options options = {
        .agent = agent,
        .policy = &policy,
        .role = mda,
        .size_max = (uint64_t)config_number(config, "size_max"),
    };
    smtp_listener_read(&options, config);
    if (listens(config))
        mda->listener = smtp_listener_create(office, &options, ports, port_count);
    return mda;
}

static void destroy(void *agent)
{
    struct mda *mda = agent;
    smtp_listener_destroy(mda->listener);
    bytes_finish(&mda->header);
    arena_finish(&mda->arena);
    free(mda);
}

const struct role mda_role = {
    .name = "mda",
    .meaning = "delivery agent: puts mail into the store",
    .keys = keys,
    .key_count = sizeof keys / sizeof *keys,
    .default_listen = "24",
    .listens = listens,
    .create = create,
    .destroy = destroy,
};
