#include "agents/mail/address.h"
#include "agents/mail/header.h"
#include "agents/mail/received.h"
#include "agents/roles/smtp_reception.h"
#include "sim/net/tls.h"

enum {
    HEADER_GROWTH = 512, /* what is usually put on top of a header, and the most */
    HEADER_GROWTH_MAX = 64 * 1024
};

static const struct smtp_reply too_long = {552, {"5.3.4", 5}, {"The header is too long", 22}};

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

static enum received_protocol protocol_of(const struct reception *r)
{
    if (is_lmtp(r))
        return r->is_utf8 ? RECEIVED_UTF8LMTP : RECEIVED_LMTP;
    if (r->is_utf8)
        return RECEIVED_UTF8SMTP;
    return r->server.is_extended ? RECEIVED_ESMTP : RECEIVED_SMTP;
}

/* "TLSv1.3 TLS_AES_256_GCM_SHA384" */
static struct slice tls_words(struct reception *r)
{
    const struct tls *tls = r->pump->tls;
    if (r->server.base.tls != SESSION_TLS_ON || !tls)
        return SLICE("");
    return arena_join(&r->arena, (struct slice[]){tls_version(tls), SLICE(" "), tls_cipher(tls)},
                      3);
}

/* RFC 5321 4.4: on top of everything, and only what this server knows to be so. `rcpt` is named
   when nobody learns of another by it (7.2). */
static bool write_received(struct reception *r, struct slice rcpt, struct bytes *out)
{
    struct office *office = r->listener->office;
    char address[16];
    struct received received = {
        .from = bytes_slice(&r->helo),
        .from_addr = dns_ipv4_print(r->peer_address, address),
        .by = net_host_name(office->net, agent_of(r)),
        .with = received_with(protocol_of(r), r->server.base.tls == SESSION_TLS_ON,
                              r->server.is_authenticated),
        .id = r->id,
        .rcpt = rcpt,
        .comment = tls_words(r),
        .unix_s = office_now_s(office, agent_of(r)),
        .zone_min = office_zone(office, agent_of(r)),
        .has_date = true,
        .is_utf8 = r->is_utf8,
    };
    return received_write(&received, out);
}

/* What the policy keeps of the header is appended to `out`; else *reply says why not. */
static void judge_header(struct reception *r, struct slice header, struct bytes *out,
                         struct smtp_reply *reply)
{
    const struct smtp_listener_options *o = &r->listener->options;
    struct smtp_transaction t = smtp_reception_transaction(r);
    if (smtp_reception_is_forced(r, "DOT", SLICE(""), reply))
        return;
    if (o->hops_max && header_count(header, SLICE("Received")) >= o->hops_max)
        *reply = (struct smtp_reply){554, SLICE("5.4.6"), SLICE("Too many hops")};
    else if (o->policy->header)
        o->policy->header(o->role, &t, header, out, reply);
    else if (!bytes_append(out, header))
        *reply = too_long;
}

static void make_room(struct bytes *out, size_t size)
{
    out->ceiling = size + HEADER_GROWTH_MAX;
    (void)bytes_reserve(out, size + HEADER_GROWTH);
}

/* The header as it is to be kept goes to `out`; else *reply says why not. */
static void make_header(struct reception *r, struct slice header, struct slice rcpt,
                        struct bytes *out, struct smtp_reply *reply)
{
    make_room(out, header.size);
    if (!write_received(r, rcpt, out))
        *reply = too_long;
    else
        judge_header(r, header, out, reply);
}

/* From outside of the simulation: it is new to the trace. */
static uint32_t message_of(struct reception *r, struct slice header)
{
    struct header_field subject = {0};
    if (r->pump->msg_in)
        return r->pump->msg_in;
    (void)header_find(header, SLICE("Subject"), 1, &subject);
    return office_new_message(r->listener->office, agent_of(r), r->reverse_path,
                              r->recipients.items[0], slice_trim(subject.value), SLICE(""));
}

static struct queue_mail mail_of(const struct reception *r, struct slice header, struct slice body)
{
    return (struct queue_mail){.id = r->id,
                               .msg = r->msg,
                               .reverse_path = r->reverse_path,
                               .forward_paths = r->recipients.items,
                               .recipient_count = r->recipients.count,
                               .header = header,
                               .body = body,
                               .is_8bit = r->is_8bit,
                               .is_utf8 = r->is_utf8,
                               .ret = r->ret,
                               .envid = r->envid,
                               .notify = r->has_notify ? r->notify.items : NULL};
}

static void discard(const struct reception *r, const struct queue_mail *mail)
{
    struct sim *sim = r->listener->office->sim;
    for (size_t i = 0; i < mail->recipient_count; i++)
        sim_emit(sim, EVENT_DISCARD,
                 &(struct event_discard){agent_of(r), mail->msg, text(r, mail->forward_paths[i]),
                                         text(r, SLICE("the filter discards it"))});
}

static struct queue *queue_for(const struct reception *r)
{
    const struct smtp_listener_options *o = &r->listener->options;
    return o->policy->queue ? o->policy->queue(o->role) : o->queue;
}

/*
 * Responsibility is taken: from here on the message ends somewhere, with an event that says where.
 * False when that can't be promised: there is no room for its file, or the host has crashed.
 */
static bool take_over(struct reception *r, const struct queue_mail *mail,
                      const struct filter_verdict *verdict)
{
    bool is_queued = !verdict || (!verdict->is_discarded && verdict->bounced.size == 0);
    if (is_queued && !queue_secure(queue_for(r), mail))
        return false;
    sim_emit(r->listener->office->sim, EVENT_ACCEPT,
             &(struct event_accept){agent_of(r), mail->msg, r->conn, text(r, mail->id),
                                    text(r, mail->header), text(r, mail->body)});
    if (verdict && verdict->is_discarded)
        discard(r, mail);
    else if (verdict && verdict->bounced.size > 0)
        queue_return(queue_for(r), mail,
                     &(struct smtp_reply){550, SLICE("5.7.1"), verdict->bounced});
    else
        queue_add(queue_for(r), mail);
    return true;
}

/* `reply` is 250, or why the message is refused. */
static void conclude(struct reception *r, struct slice header, struct slice body,
                     const struct filter_verdict *verdict, struct smtp_reply *reply)
{
    if (reply->code < 300) {
        r->msg = message_of(r, header);
        struct queue_mail mail = mail_of(r, header, body);
        if (take_over(r, &mail, verdict))
            reply->text =
                arena_join(&r->arena, (struct slice[]){SLICE("Ok: queued as "), r->id}, 2);
        else /* RFC 5321 4.5.3.1.10, RFC 3463 X.3.1 */
            *reply = (struct smtp_reply){452, SLICE("4.3.1"), SLICE("The disk is full")};
    }
    smtp_reception_conclude(r, reply, SLICE(""));
    smtp_reception_forget(r);
}

static struct slice only_recipient(const struct reception *r)
{
    return r->recipients.count == 1 ? r->recipients.items[0] : SLICE("");
}

/* Our Received field, then what the filter puts on top, then the rest. */
void smtp_reception_finish_message(struct reception *r, const struct filter_verdict *verdict,
                                   struct smtp_reply *reply)
{
    struct bytes *out = &r->listener->header;
    struct slice header =
        verdict->header.size > 0 ? verdict->header : bytes_slice(&r->trial.header);
    if (reply->code < 300) {
        make_room(out, verdict->fields.size + header.size);
        if (!write_received(r, only_recipient(r), out) ||
            !bytes_append_all(out, (struct slice[]){verdict->fields, header}, 2))
            *reply = too_long;
    }
    conclude(r, bytes_slice(out), r->trial.body, verdict, reply);
    bytes_reuse(out);
    bytes_reuse(&r->trial.header);
}

static void receive(struct reception *r, struct slice content)
{
    struct smtp_reply reply = {250, SLICE("2.0.0"), SLICE("")};
    bool is_filtered = smtp_reception_filter(r) != NULL;
    struct bytes *out = is_filtered ? &r->trial.header : &r->listener->header;
    struct slice header;
    header_split(content, &header, &r->trial.body);
    if (is_filtered) {
        make_room(out, header.size);
        judge_header(r, header, out, &reply);
    } else {
        make_header(r, header, only_recipient(r), out, &reply);
    }
    if (is_filtered && reply.code < 300) {
        smtp_reception_ask_filter(r, FILTER_MESSAGE, &reply, SLICE(""));
        return;
    }
    conclude(r, bytes_slice(out), r->trial.body, NULL, &reply);
    bytes_reuse(out);
}

/* ---- LMTP: each recipient's own copy ---- */

static bool is_accepted(const struct reception *r)
{
    for (size_t i = 0; i < r->outcomes.count; i++)
        if (r->outcomes.items[i] / 100 == 2)
            return true;
    return false;
}

/* The outcome for the same mailbox earlier in this transaction; 0: this is the first. */
static int earlier_outcome(const struct reception *r, size_t recipient)
{
    for (size_t i = 0; i < recipient; i++)
        if (address_equal(r->recipients.items[i], r->recipients.items[recipient]))
            return r->outcomes.items[i];
    return 0;
}

static void deliver_one(struct reception *r, size_t recipient, struct slice content)
{
    const struct smtp_listener_options *o = &r->listener->options;
    struct smtp_reply reply = {250, SLICE("2.0.0"), SLICE("Delivered")};
    struct slice header, body, rcpt = r->recipients.items[recipient];
    struct bytes *out = &r->listener->header;
    bool is_last = recipient + 1 == r->recipients.count;
    if (earlier_outcome(r, recipient) / 100 == 2) {
        reply.text = SLICE("Delivered once");
    } else {
        header_split(content, &header, &body);
        make_header(r, header, rcpt, out, &reply);
        if (r->msg == 0)
            r->msg = message_of(r, header);
        struct queue_mail mail = mail_of(r, bytes_slice(out), body);
        if (reply.code < 300)
            o->policy->deliver(o->role, &mail, recipient, r->conn, is_accepted(r), &reply);
    }
    r->outcomes.items[recipient] = reply.code;
    smtp_reception_conclude(r, &reply, rcpt);
    bytes_reuse(out);
    if (is_last)
        smtp_reception_forget(r);
}

void smtp_reception_message(struct reception *r, const struct smtp_server_event *e)
{
    if (r->id.size == 0)
        r->id = office_new_id(r->listener->office, agent_of(r), r->id_text);
    if (is_lmtp(r))
        deliver_one(r, e->recipient, e->content);
    else
        receive(r, e->content);
}
