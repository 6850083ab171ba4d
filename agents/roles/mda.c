#include "agents/roles/mda.h"

#include <stdlib.h>

#include "agents/mail/header.h"
#include "agents/roles/store.h"
#include "sim/base/memory.h"

static const struct config_key keys[] = {
    {"via", CONFIG_WORD, "pipe", 0, 0, "pipe", "how mail is handed to it"},
};

/* Usual size of what is put on top of a header. */
enum { HEADER_GROWTH = 256 };

struct mda {
    struct office *office;
    uint32_t agent;
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
             &(struct event_deliver){.at = mda->agent,
                                     .msg = mail->msg,
                                     .box = sim_text(sim, store_box_name(&mda->arena, address)),
                                     .rcpt = sim_text(sim, rcpt),
                                     .header = sim_text(sim, bytes_slice(&mda->header)),
                                     .body = sim_text(sim, mail->body)});
    arena_reset(&mda->arena);
}

void mda_deliver(struct mda *mda, const struct queue_mail *mail, struct slice rcpt,
                 struct smtp_reply *reply)
{
    struct office *office = mda->office;
    struct store *store = store_find(office, net_host_of(office->net, mda->agent));
    const struct office_account *account = office_find_account(office, rcpt);
    if (!store) {
        *reply = (struct smtp_reply){550, SLICE("5.3.5"), SLICE("This host has no message store")};
        return;
    }
    if (!account) {
        *reply = (struct smtp_reply){550, SLICE("5.1.1"), SLICE("No such user here")};
        return;
    }
    (void)bytes_reserve(&mda->header, mail->header.size + HEADER_GROWTH);
    (void)write_header(&mda->header, mail, rcpt);
    enum store_result result =
        store_put(store, account->address, bytes_slice(&mda->header), mail->body, mail->msg);
    switch (result) {
    case STORE_OK:
        emit_delivery(mda, mail, rcpt, account->address);
        *reply = (struct smtp_reply){250, SLICE("2.0.0"), SLICE("Delivered")};
        break;
    case STORE_OVER_QUOTA:
        *reply = (struct smtp_reply){452, SLICE("4.2.2"), SLICE("The mailbox is full")};
        break;
    case STORE_FULL:
        *reply = (struct smtp_reply){452, SLICE("4.3.1"), SLICE("The disk is full")};
        break;
    }
    bytes_reuse(&mda->header);
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
    (void)config;
    (void)ports;
    (void)port_count;
    *mda = (struct mda){.office = office, .agent = agent};
    bytes_init(&mda->header, SIZE_MAX / 2);
    arena_init(&mda->arena);
    return mda;
}

static void destroy(void *agent)
{
    struct mda *mda = agent;
    bytes_finish(&mda->header);
    arena_finish(&mda->arena);
    free(mda);
}

const struct role mda_role = {
    .name = "mda",
    .meaning = "delivery agent: puts mail into the store",
    .keys = keys,
    .key_count = sizeof keys / sizeof *keys,
    .default_listen = "",
    .create = create,
    .destroy = destroy,
};
