#include "agents/roles/expansion.h"

#include <stdlib.h>

#include "agents/roles/bounce.h"
#include "sim/base/memory.h"
#include "agents/mail/address.h"

static void remember(struct expansion_memory *memory, struct slice address, struct slice id)
{
    if (address_set_find(&memory->known, address) == SLICE_NONE &&
        address_set_add(&memory->known, arena_copy(&memory->arena, address)))
        *vector_add(&memory->ids) = id;
}

/* The memory of this mail: at first, whom it is addressed to. */
static struct expansion_memory *recall(const struct expansion *e)
{
    struct expansion_memory *memory = e->memory;
    uint32_t falls = office_falls(e->office, e->agent);
    if (slice_equal(memory->mail_id, e->mail->id) && memory->falls == falls)
        return memory;
    memory->falls = falls;
    address_set_clear(&memory->known);
    vector_clear(&memory->ids);
    arena_reset(&memory->arena);
    memory->mail_id = arena_copy(&memory->arena, e->mail->id);
    for (size_t i = 0; e->mail->forward_paths && i < e->mail->recipient_count; i++)
        remember(memory, e->mail->forward_paths[i], memory->mail_id);
    return memory;
}

void expansion_memory_finish(struct expansion_memory *memory)
{
    address_set_finish(&memory->known);
    vector_finish(&memory->ids);
    arena_finish(&memory->arena);
}

void expansion_add(struct expansion *e, struct slice address)
{
    const struct expansion_memory *memory = e->memory ? recall(e) : NULL;
    size_t known = memory ? address_set_find(&memory->known, address) : SLICE_NONE;
    if (address_set_add(&e->others, address))
        *vector_add(&e->where) = known == SLICE_NONE ? SLICE("") : memory->ids.items[known];
}

/* For the next recipient of the same mail that stands for others. */
static void remember_copies(struct expansion *e, const struct slice *paths, size_t count)
{
    struct expansion_memory *memory = e->memory ? recall(e) : NULL;
    struct slice id = memory ? arena_copy(&memory->arena, slice_of(e->id)) : SLICE("");
    for (size_t i = 0; memory && i < count; i++)
        remember(memory, paths[i], id);
}

static void emit(const struct expansion *e, uint32_t cause, struct slice to, struct slice id)
{
    struct sim *sim = e->office->sim;
    sim->cause = cause; /* of all: that tells that they are one expansion */
    sim_emit(sim, EVENT_EXPAND,
             &(struct event_expand){e->agent, e->mail->msg, sim_text(sim, e->rcpt),
                                    sim_text(sim, to), sim_text(sim, slice_of(e->how)),
                                    sim_text(sim, id)});
}

/* What was asked of notices about the recipient that is replaced; NULL: nothing. */
static const struct queue_notify *find_notify(const struct expansion *e)
{
    const struct queue_mail *mail = e->mail;
    for (size_t i = 0; mail->notify && i < mail->recipient_count; i++)
        if (mail->forward_paths && address_equal(mail->forward_paths[i], e->rcpt))
            return &mail->notify[i];
    return NULL;
}

/* RFC 3461 5.2.7.3 (b): who asked to hear of success hears that there are several now. */
static void tell_expanded(const struct expansion *e, const struct queue_notify *asked)
{
    const struct queue_mail *mail = e->mail;
    const struct dsn_recipient about = {.address = e->rcpt,
                                        .original = asked->orcpt,
                                        .status = SLICE("2.1.5"),
                                        .diagnostic = SLICE("This address stands for several")};
    if (mail->reverse_path.size > 0)
        bounce_send(e->office, e->agent, e->queue,
                    &(struct bounce){.about = mail->msg,
                                     .to = mail->reverse_path,
                                     .action = SLICE("expanded"),
                                     .recipients = &about,
                                     .recipient_count = 1,
                                     .arrival_s = office_now_s(e->office, e->agent),
                                     .envid = mail->envid,
                                     .header = mail->header,
                                     .body = mail->body});
}

/* The wishes go along, but that for success only where there is a single one (RFC 3461 5.2.7.2,
   5.2.7.3); nothing is left of NOTIFY then but that nobody is to be told. */
static struct queue_notify notify_of_copies(const struct expansion *e,
                                            const struct queue_notify *asked)
{
    struct queue_notify notify = *asked;
    if (!(notify.when & SMTP_NOTIFY_SUCCESS) || e->others.items.count + e->is_kept < 2)
        return notify;
    tell_expanded(e, asked);
    notify.when &= ~(unsigned)SMTP_NOTIFY_SUCCESS;
    if (notify.when == 0)
        notify.when = SMTP_NOTIFY_NEVER;
    return notify;
}

static void queue_copies(struct expansion *e, const struct slice *paths, size_t count)
{
    const struct queue_notify *asked = e->is_new_envelope ? NULL : find_notify(e);
    struct queue_mail copy = *e->mail;
    struct queue_notify *all = NULL;
    copy.id = slice_of(e->id);
    copy.forward_paths = paths;
    copy.recipient_count = count;
    copy.notify = NULL;
    if (e->reverse_path)
        copy.reverse_path = *e->reverse_path;
    if (e->is_new_envelope) {
        copy.ret = SMTP_RETURN_UNSAID;
        copy.envid = SLICE("");
    }
    if (e->header.size > 0) {
        copy.header = e->header;
        copy.body = e->body;
    }
    if (asked && (asked->when || asked->orcpt.size > 0)) {
        struct queue_notify one = notify_of_copies(e, asked);
        copy.notify = all = memory_take(count * sizeof *all);
        for (size_t i = 0; i < count; i++)
            all[i] = one;
    }
    queue_add(e->queue, &copy);
    free(all);
}

void expansion_end(struct expansion *e, struct smtp_reply *reply)
{
    uint32_t cause = e->office->sim->cause;
    size_t count = 0, fresh = 0;
    struct slice *paths = memory_take((e->others.items.count + 1) * sizeof *paths);
    for (size_t i = 0; i < e->where.count; i++)
        fresh += e->where.items[i].size == 0;
    e->id[0] = '\0';
    if (fresh > 0)
        (void)office_new_id(e->office, e->agent, e->id);
    if (e->is_kept)
        emit(e, cause, e->rcpt, e->mail->id);
    for (size_t i = 0; i < e->where.count; i++) {
        bool is_fresh = e->where.items[i].size == 0;
        emit(e, cause, e->others.items.items[i], is_fresh ? slice_of(e->id) : e->where.items[i]);
        if (is_fresh)
            paths[count++] = e->others.items.items[i];
    }
    if (count > 0) {
        remember_copies(e, paths, count);
        queue_copies(e, paths, count);
    }
    *reply = (struct smtp_reply){251, SLICE("2.1.5"), SLICE("Passed on")};
    if (e->where.count == 0 && !e->is_kept)
        *reply = (struct smtp_reply){550, SLICE("5.4.6"), SLICE("This address leads to itself")};
    free(paths);
    expansion_drop(e);
}

void expansion_drop(struct expansion *e)
{
    address_set_finish(&e->others);
    vector_finish(&e->where);
}
