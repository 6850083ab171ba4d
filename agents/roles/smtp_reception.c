#include "agents/roles/smtp_reception.h"

#include "agents/mail/address.h"
#include "agents/mail/header.h"
#include "agents/mail/received.h"
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

static void answer(struct reception *r, const struct smtp_reply *reply, struct slice rcpt)
{
    if (reply->code >= 400)
        sim_emit(r->listener->office->sim, EVENT_REJECT,
                 &(struct event_reject){agent_of(r), r->pump->msg_in, (uint32_t)reply->code,
                                        r->conn, text(r, rcpt), text(r, reply->text)});
    smtp_server_answer(&r->server, reply);
}

void smtp_reception_forget(struct reception *r)
{
    vector_clear(&r->recipients);
    vector_clear(&r->notify);
    vector_clear(&r->outcomes);
    arena_reset(&r->arena);
    r->reverse_path = r->envid = r->id = SLICE("");
    r->is_8bit = r->is_utf8 = r->has_notify = false;
    r->ret = SMTP_RETURN_UNSAID;
    r->msg = 0;
}

static struct smtp_transaction transaction_of(const struct reception *r)
{
    return (struct smtp_transaction){
        .conn = r->conn,
        .msg = r->pump->msg_in,
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
    };
}

/* ---- the envelope ---- */

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
    struct smtp_transaction t = transaction_of(r);
    if (o->policy->mail)
        o->policy->mail(o->role, &t, &path, &r->arena, &reply);
    r->reverse_path = path;
    answer(r, &reply, SLICE(""));
}

static bool is_named(const struct reception *r, struct slice path, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (address_equal(r->recipients.items[i], path))
            return true;
    return false;
}

/* Somebody who is named twice in one transaction gets one copy; but LMTP counts both, for it has a
   reply for each (RFC 2033 4.2). */
static void add_recipient(struct reception *r, struct slice path, const struct smtp_server_event *e)
{
    if (!is_lmtp(r) && is_named(r, path, r->recipients.count))
        return;
    *vector_add(&r->recipients) = path;
    *vector_add(&r->notify) = (struct queue_notify){e->notify, arena_copy(&r->arena, e->orcpt)};
    *vector_add(&r->outcomes) = 0;
    r->has_notify |= e->notify != 0 || e->orcpt.size > 0;
}

void smtp_reception_rcpt(struct reception *r, const struct smtp_server_event *e)
{
    const struct smtp_listener_options *o = &r->listener->options;
    struct smtp_reply reply = {250, SLICE("2.1.5"), SLICE("Ok")};
    struct slice path = arena_copy(&r->arena, e->path);
    struct smtp_transaction t = transaction_of(r);
    const struct office_refusal *refusal = office_find_refusal(r->listener->office, o->agent, path);
    if (refusal)
        reply =
            (struct smtp_reply){refusal->code, refusal->esc, SLICE("This recipient is refused")};
    else if (o->policy->rcpt)
        o->policy->rcpt(o->role, &t, &path, &r->arena, &reply);
    if (reply.code < 300)
        add_recipient(r, path, e);
    answer(r, &reply, path);
}

/* ---- the message ---- */

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
        .has_date = true,
        .is_utf8 = r->is_utf8,
    };
    return received_write(&received, out);
}

/* The header as it is to be kept goes to `out`; else *reply says why not. */
static void make_header(struct reception *r, struct slice header, struct slice rcpt,
                        struct bytes *out, struct smtp_reply *reply)
{
    const struct smtp_listener_options *o = &r->listener->options;
    struct smtp_transaction t = transaction_of(r);
    out->ceiling = header.size + HEADER_GROWTH_MAX;
    (void)bytes_reserve(out, header.size + HEADER_GROWTH);
    if (o->hops_max && header_count(header, SLICE("Received")) >= o->hops_max)
        *reply = (struct smtp_reply){554, SLICE("5.4.6"), SLICE("Too many hops")};
    else if (!write_received(r, rcpt, out))
        *reply = too_long;
    else if (o->policy->header)
        o->policy->header(o->role, &t, header, out, reply);
    else if (!bytes_append(out, header))
        *reply = too_long;
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

/* Responsibility is taken: from here on the message ends somewhere, with an event that says where.
 */
static void take_over(struct reception *r, const struct queue_mail *mail)
{
    struct office *office = r->listener->office;
    sim_emit(office->sim, EVENT_ACCEPT,
             &(struct event_accept){agent_of(r), mail->msg, r->conn, text(r, mail->id),
                                    text(r, mail->header), text(r, mail->body)});
    queue_add(r->listener->options.queue, mail);
}

static void receive(struct reception *r, struct slice content)
{
    struct smtp_reply reply = {250, SLICE("2.0.0"), SLICE("")};
    struct bytes *out = &r->listener->header;
    struct slice header, body;
    header_split(content, &header, &body);
    make_header(r, header, r->recipients.count == 1 ? r->recipients.items[0] : SLICE(""), out,
                &reply);
    if (reply.code < 300) {
        r->msg = message_of(r, header);
        struct queue_mail mail = mail_of(r, bytes_slice(out), body);
        take_over(r, &mail);
        reply.text = arena_join(&r->arena, (struct slice[]){SLICE("Ok: queued as "), r->id}, 2);
    }
    answer(r, &reply, SLICE(""));
    bytes_reuse(out);
    smtp_reception_forget(r);
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
    answer(r, &reply, rcpt);
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
