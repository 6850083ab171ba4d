#include "agents/roles/mda.h"

#include <stdlib.h>

#include "agents/mail/address.h"
#include "agents/mail/delivered_to.h"
#include "agents/mail/header.h"
#include "agents/roles/expansion.h"
#include "agents/roles/local.h"
#include "agents/roles/mta.h"
#include "agents/roles/smtp_listener.h"
#include "agents/roles/srs.h"
#include "agents/roles/store.h"
#include "agents/roles/vacation.h"
#include "agents/roles/wishes.h"
#include "sim/base/memory.h"

static const struct config_key keys[] = {
    {"via", CONFIG_WORD, "pipe lmtp", 0, 0, "pipe",
     "how mail is handed to it: through a pipe by an MTA of its host, or by LMTP from any host"},
    {"size_max", CONFIG_NUMBER, NULL, 0, 1000000000, "10485760",
     "largest message in octets, by LMTP"},
    {"check_delivered_to", CONFIG_BOOL, NULL, 0, 0, "true",
     "return what has been delivered to the same person before: it goes in a circle"},
    {"over_quota", CONFIG_WORD, "defer bounce", 0, 0, "defer",
     "what is said of a full mailbox: 4.2.2, try again, or 5.2.2, it is over"},
    SMTP_LISTENER_KEYS,
};

/* Usual size of what is put on top of a header. */
enum { HEADER_GROWTH = 256 };

struct mda {
    struct office *office;
    uint32_t agent;
    const struct config *config;
    struct smtp_listener *listener; /* NULL: fed through a pipe only */
    struct queue *queue;            /* of what it forwards where no MTA is beside it; or NULL */
    struct expansion_memory memory;
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

/* `rcpt` as the queue knows it. */
static void emit_delivery(struct mda *mda, const struct queue_mail *mail, struct slice rcpt,
                          struct slice box)
{
    struct sim *sim = mda->office->sim;
    sim_emit(sim, EVENT_DELIVER,
             &(struct event_deliver){.at = mda->agent,
                                     .msg = mail->msg,
                                     .box = sim_text(sim, box),
                                     .rcpt = sim_text(sim, rcpt),
                                     .header = sim_text(sim, bytes_slice(&mda->header)),
                                     .body = sim_text(sim, mail->body)});
}

/* What LMTP promises with its first 250 for this message (RFC 2033 4.2). */
static void emit_acceptance(struct mda *mda, const struct queue_mail *mail, uint32_t conn)
{
    struct sim *sim = mda->office->sim;
    sim_emit(sim, EVENT_ACCEPT,
             &(struct event_accept){mda->agent, mail->msg, conn, sim_text(sim, mail->id),
                                    sim_text(sim, mail->header), sim_text(sim, mail->body)});
}

static struct smtp_reply reply_of(const struct mda *mda, enum store_result result)
{
    bool bounces = slice_equal(config_text(mda->config, "over_quota"), SLICE("bounce"));
    switch (result) {
    case STORE_OK:
        break;
    case STORE_OVER_QUOTA:
        return bounces ? (struct smtp_reply){552, SLICE("5.2.2"), SLICE("The mailbox is full")}
                       : (struct smtp_reply){452, SLICE("4.2.2"), SLICE("The mailbox is full")};
    case STORE_FULL:
        return (struct smtp_reply){452, SLICE("4.3.1"), SLICE("The disk is full")};
    case STORE_BUSY:
        return (struct smtp_reply){450, SLICE("4.2.0"), SLICE("The mailbox is locked")};
    }
    return (struct smtp_reply){250, SLICE("2.0.0"), SLICE("Delivered")};
}

/* The mailbox of `rcpt` here; else *reply says why there is none. */
static const struct office_account *find_mailbox(const struct mda *mda, struct slice rcpt,
                                                 struct store **store, struct smtp_reply *reply)
{
    struct office *office = mda->office;
    const struct office_account *account = local_find_account(office, rcpt);
    *store = store_find(office, net_host_of(office->net, mda->agent));
    if (!*store)
        *reply = (struct smtp_reply){550, SLICE("5.3.5"), SLICE("This host has no message store")};
    else if (!account)
        *reply = (struct smtp_reply){550, SLICE("5.1.1"), SLICE("No such user here")};
    return *store ? account : NULL;
}

/* ---- what becomes of it ---- */

static const struct office_agent *find_mta(const struct mda *mda)
{
    return office_find_agent(mda->office, net_host_of(mda->office->net, mda->agent), &mta_role);
}

/* What it sends itself goes through the MTA of its host; where there is none it is its own. */
static struct queue *outgoing(struct mda *mda)
{
    const struct office_agent *mta = find_mta(mda);
    if (mta)
        return mta->role->queue(mta->self);
    if (!mda->queue)
        mda->queue = queue_create(
            mda->office, &(struct queue_options){.agent = mda->agent,
                                                 .plan = queue_plan_find(SLICE("classroom"))});
    return mda->queue;
}

/* The reverse-path stays (RFC 5321 3.9.1), unless the MTA of this host is to rewrite it. On top
   comes our stamp, by which we know the message when it comes again. */
static void forward(struct mda *mda, const struct queue_mail *mail, struct slice rcpt,
                    const struct wishes *wishes, struct smtp_reply *reply)
{
    const struct office_agent *mta = find_mta(mda);
    struct slice reverse_path = mail->reverse_path, stamped = bytes_slice(&mda->header);
    struct expansion e = {.office = mda->office,
                          .agent = mda->agent,
                          .queue = outgoing(mda),
                          .memory = &mda->memory,
                          .mail = mail,
                          .rcpt = rcpt,
                          .how = "forward",
                          .is_kept = wishes->is_kept,
                          .reverse_path = &reverse_path,
                          .body = mail->body};
    struct slice return_path;
    (void)slice_cut(&stamped, '\n', &return_path); /* only who delivers writes one */
    e.header = stamped;
    if (mta && config_bool(mta->config, "srs"))
        reverse_path = srs_encode(reverse_path, address_domain(rcpt), mda->office->sim->seed,
                                  office_now_s(mda->office, mda->agent), &mda->arena);
    for (size_t i = 0; i < wishes->forwards.count; i++)
        expansion_add(&e, wishes->forwards.items[i]);
    expansion_end(&e, reply);
}

static void discard(struct mda *mda, const struct queue_mail *mail, struct slice rcpt,
                    const struct wishes *wishes)
{
    struct sim *sim = mda->office->sim;
    struct slice why = arena_join(&mda->arena, (struct slice[]){SLICE("rule: "), wishes->line}, 2);
    sim_emit(
        sim, EVENT_DISCARD,
        &(struct event_discard){mda->agent, mail->msg, sim_text(sim, rcpt), sim_text(sim, why)});
}

/* Its person's copy comes first: when it can't be stored now everything is done again later. */
static bool keep(struct mda *mda, struct store *store, const struct queue_mail *mail,
                 struct slice address, const struct wishes *wishes, struct smtp_reply *reply)
{
    enum store_result result = store_put_into(store, address, wishes->folder,
                                              bytes_slice(&mda->header), mail->body, mail->msg);
    *reply = reply_of(mda, result);
    return result == STORE_OK;
}

static void carry_out(struct mda *mda, const struct queue_mail *mail, struct slice rcpt,
                      struct slice address, const struct wishes *wishes, struct smtp_reply *reply)
{
    uint32_t host = net_host_of(mda->office->net, mda->agent);
    if (wishes->is_kept)
        emit_delivery(mda, mail, rcpt, store_box_name(&mda->arena, address, wishes->folder));
    if (wishes->forwards.count > 0)
        forward(mda, mail, rcpt, wishes, reply);
    if (wishes->is_discarded)
        discard(mda, mail, rcpt, wishes);
    else if (vacation_has(mda->office, host, address))
        vacation_show(mda->office, host, address, mail, outgoing(mda));
}

/* `conn`: the connection to be named in the acceptance, which is said only when it succeeds; 0:
   there is none to be said. */
static void deliver(struct mda *mda, const struct queue_mail *mail, struct slice rcpt,
                    uint32_t conn, struct smtp_reply *reply)
{
    struct store *store;
    struct wishes wishes;
    const struct office_account *account = find_mailbox(mda, rcpt, &store, reply);
    if (!account)
        return;
    if (config_bool(mda->config, "check_delivered_to") && delivered_to_has(mail->header, rcpt)) {
        *reply = (struct smtp_reply){550, SLICE("5.4.6"),
                                     SLICE("It has been delivered here before: a forwarding loop")};
        return;
    }
    (void)bytes_reserve(&mda->header, mail->header.size + HEADER_GROWTH);
    (void)write_header(&mda->header, mail, rcpt);
    wishes_read(&wishes, office_disk(mda->office, mda->agent), account->address, mail, &mda->arena);
    *reply = (struct smtp_reply){250, SLICE("2.0.0"), SLICE("Ok")};
    if (!wishes.is_kept || keep(mda, store, mail, account->address, &wishes, reply)) {
        if (conn)
            emit_acceptance(mda, mail, conn);
        carry_out(mda, mail, rcpt, account->address, &wishes, reply);
    }
    wishes_finish(&wishes);
    arena_reset(&mda->arena);
    bytes_reuse(&mda->header);
}

void mda_deliver(struct mda *mda, const struct queue_mail *mail, struct slice rcpt,
                 struct smtp_reply *reply)
{
    deliver(mda, mail, rcpt, 0, reply);
}

void mda_take_over(struct mda *mda, const struct queue_mail *mail, struct slice rcpt, uint32_t conn,
                   struct smtp_reply *reply)
{
    deliver(mda, mail, rcpt, conn, reply);
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
    if (reply->code == 251) /* whose mail it is from here on is none of the client's business */
        *reply = (struct smtp_reply){250, SLICE("2.0.0"), SLICE("Passed on")};
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
    *mda = (struct mda){.office = office, .agent = agent, .config = config};
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
    queue_destroy(mda->queue);
    expansion_memory_finish(&mda->memory);
    bytes_finish(&mda->header);
    arena_finish(&mda->arena);
    free(mda);
}

static struct queue *queue_of(void *agent)
{
    return ((struct mda *)agent)->queue;
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
    .queue = queue_of,
};
