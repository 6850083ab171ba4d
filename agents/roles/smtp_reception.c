#include "agents/roles/smtp_reception.h"

#include "agents/mail/address.h"

static uint32_t text(const struct reception *r, struct slice s)
{
    return sim_text(r->listener->office->sim, s);
}

static uint32_t agent_of(const struct reception *r)
{
    return r->listener->options.agent;
}

static bool is_lmtp(const struct reception *r)
{
    return r->listener->server.is_lmtp;
}

void smtp_reception_answer(struct reception *r, const struct smtp_reply *reply)
{
    struct slice verb = slice_of(smtp_server_question(&r->server));
    smtp_server_answer(&r->server, reply);
    if (r->pump)
        disturb_answered(r->listener->office, agent_of(r), verb, r->pump);
}

bool smtp_reception_is_forced(const struct reception *r, const char *verb, struct slice rcpt,
                              struct smtp_reply *reply)
{
    const struct disturbance *d =
        disturb_reply(r->listener->office, agent_of(r), slice_of(verb), rcpt);
    if (d)
        *reply = (struct smtp_reply){d->code, d->esc, d->text};
    return d != NULL;
}

void smtp_reception_conclude(struct reception *r, const struct smtp_reply *reply, struct slice rcpt)
{
    if (reply->code >= 400 && net_host_is_up(r->listener->office->net, agent_of(r)))
        sim_emit(r->listener->office->sim, EVENT_REJECT,
                 &(struct event_reject){agent_of(r), r->pump ? r->pump->msg_in : 0,
                                        (uint32_t)reply->code, r->conn, text(r, rcpt),
                                        text(r, reply->text)});
    smtp_reception_answer(r, reply);
}

/* Nobody waits for what the filter thinks any more. */
static void cancel_trial(struct reception *r)
{
    if (!r->trial.is_on)
        return;
    r->trial.is_on = false;
    filter_forget(r->listener->filter, r->trial.judgement);
    bytes_reuse(&r->trial.header);
}

void smtp_reception_forget(struct reception *r)
{
    cancel_trial(r);
    vector_clear(&r->recipients);
    vector_clear(&r->notify);
    vector_clear(&r->outcomes);
    arena_reset(&r->arena);
    r->reverse_path = r->envid = r->note = r->id = SLICE("");
    r->is_8bit = r->is_utf8 = r->has_notify = false;
    r->ret = SMTP_RETURN_UNSAID;
    r->msg = 0;
}

struct smtp_transaction smtp_reception_transaction(const struct reception *r)
{
    return (struct smtp_transaction){
        .conn = r->conn,
        .msg = r->pump ? r->pump->msg_in : 0,
        .peer_address = r->peer_address,
        .helo = bytes_slice(&r->helo),
        .is_extended = r->server.is_extended,
        .is_authenticated = r->server.is_authenticated,
        .is_8bit = r->is_8bit,
        .is_utf8 = r->is_utf8,
        .is_tls = r->server.base.tls == SESSION_TLS_ON,
        .user = bytes_slice(&r->user),
        .reverse_path = r->reverse_path,
        .forward_paths = r->recipients.items,
        .recipient_count = r->recipients.count,
        .note = r->note,
    };
}

/* ---- what a filter has to say ---- */

/* A delivery agent has none: what it gets was judged when it came into the house. */
struct filter *smtp_reception_filter(const struct reception *r)
{
    struct smtp_listener *listener = r->listener;
    if (!listener->has_looked) {
        listener->has_looked = true;
        if (!is_lmtp(r))
            listener->filter =
                filter_find(listener->office, net_host_of(listener->office->net, agent_of(r)));
    }
    return listener->filter;
}

/* The one that was added last. */
static void drop_recipient(struct reception *r)
{
    r->recipients.count--;
    r->notify.count--;
    r->outcomes.count--;
}

static void settle(struct reception *r, const struct filter_verdict *verdict)
{
    struct smtp_reply reply = verdict->reply.code ? verdict->reply : r->trial.reply;
    if (r->trial.stage == FILTER_MAIL)
        r->note = arena_copy(&r->arena, verdict->note);
    if (r->trial.stage == FILTER_RCPT && reply.code >= 300)
        drop_recipient(r);
    if (r->trial.stage == FILTER_MESSAGE)
        smtp_reception_finish_message(r, verdict, &reply);
    else
        smtp_reception_conclude(r, &reply, r->trial.rcpt);
}

/*
 * The verdict may come at once, or later, from outside of a turn: then what the client has sent
 * meanwhile is read, which may be another message's and has its own tag.
 */
static void on_verdict(void *context, const struct filter_verdict *verdict)
{
    struct reception *r = context;
    uint32_t msg_in = r->pump ? r->pump->msg_in : 0;
    r->trial.is_on = false;
    if (r->pump)
        r->pump->msg_in = r->trial.msg_in;
    uint32_t life = r->pump ? r->pump->life : 0;
    settle(r, verdict);
    if (!r->pump || r->is_in_turn || r->pump->life != life)
        return;
    pump_flush(r->pump);
    r->pump->msg_in = msg_in;
    smtp_reception_turn(r);
    pump_flush(r->pump);
}

void smtp_reception_ask_filter(struct reception *r, enum filter_stage stage,
                               const struct smtp_reply *reply, struct slice rcpt)
{
    struct reception_trial *trial = &r->trial;
    trial->transaction = smtp_reception_transaction(r);
    trial->stage = stage;
    trial->reply = *reply;
    trial->rcpt = rcpt;
    trial->msg_in = trial->transaction.msg;
    trial->is_on = true;
    uint32_t judgement = filter_judge(smtp_reception_filter(r), stage, &trial->transaction,
                                      bytes_slice(&trial->header), trial->body, on_verdict, r);
    if (trial->is_on)
        trial->judgement = judgement;
}

/* ---- the envelope ---- */

void smtp_reception_greet(struct reception *r)
{
    struct smtp_reply reply = {220, SLICE(""), r->listener->greeting};
    if (!smtp_reception_is_forced(r, "CONNECT", SLICE(""), &reply) && smtp_reception_filter(r))
        smtp_reception_ask_filter(r, FILTER_CONNECT, &reply, SLICE(""));
    else
        smtp_reception_conclude(r, &reply, SLICE(""));
}

void smtp_reception_mail(struct reception *r, const struct smtp_server_event *e)
{
    const struct smtp_listener_options *o = &r->listener->options;
    struct smtp_reply reply = {250, SLICE("2.1.0"), SLICE("Ok")};
    smtp_reception_forget(r);
    struct slice path = arena_copy(&r->arena, e->path);
    r->envid = arena_copy(&r->arena, e->envid);
    r->ret = e->ret;
    r->is_8bit = e->is_8bit;
    r->is_utf8 = e->is_utf8;
    struct smtp_transaction t = smtp_reception_transaction(r);
    if (!smtp_reception_is_forced(r, "MAIL", SLICE(""), &reply) && o->policy->mail)
        o->policy->mail(o->role, &t, &path, &r->arena, &reply);
    r->reverse_path = path;
    if (reply.code < 300 && smtp_reception_filter(r))
        smtp_reception_ask_filter(r, FILTER_MAIL, &reply, SLICE(""));
    else
        smtp_reception_conclude(r, &reply, SLICE(""));
}

static bool is_named(const struct reception *r, struct slice path, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (address_equal(r->recipients.items[i], path))
            return true;
    return false;
}

/* Somebody who is named twice in one transaction gets one copy; but LMTP counts both, for it has a
   reply for each (RFC 2033 4.2). False: it was named before. */
static bool add_recipient(struct reception *r, struct slice path, const struct smtp_server_event *e)
{
    if (!is_lmtp(r) && is_named(r, path, r->recipients.count))
        return false;
    *vector_add(&r->recipients) = path;
    *vector_add(&r->notify) = (struct queue_notify){e->notify, arena_copy(&r->arena, e->orcpt)};
    *vector_add(&r->outcomes) = 0;
    r->has_notify |= e->notify != 0 || e->orcpt.size > 0;
    return true;
}

void smtp_reception_rcpt(struct reception *r, const struct smtp_server_event *e)
{
    const struct smtp_listener_options *o = &r->listener->options;
    struct smtp_reply reply = {250, SLICE("2.1.5"), SLICE("Ok")};
    struct slice path = arena_copy(&r->arena, e->path);
    struct smtp_transaction t = smtp_reception_transaction(r);
    if (!smtp_reception_is_forced(r, "RCPT", path, &reply) && o->policy->rcpt)
        o->policy->rcpt(o->role, &t, &path, &r->arena, &reply);
    if (reply.code < 300 && add_recipient(r, path, e) && smtp_reception_filter(r))
        smtp_reception_ask_filter(r, FILTER_RCPT, &reply, path);
    else
        smtp_reception_conclude(r, &reply, path);
}
