#include "support_smtp_client.h"

void smtp_sender_init(struct smtp_sender *sender,
                      const struct smtp_client_transaction *transactions, size_t count)
{
    *sender = (struct smtp_sender){.transactions = transactions, .count = count};
    bytes_init(&sender->log, SIZE_MAX / 2);
}

void smtp_sender_finish(struct smtp_sender *sender)
{
    bytes_finish(&sender->log);
}

static void log_reply(struct bytes *log, const struct smtp_reply *reply)
{
    if (reply->code)
        bytes_printf(log, " %d", reply->code);
    if (reply->esc.size) {
        bytes_append_octet(log, ' ');
        bytes_append(log, reply->esc);
    }
    if (reply->text.size)
        bytes_append_octet(log, ' ');
    for (size_t i = 0; i < reply->text.size; i++)
        bytes_append_octet(log, reply->text.data[i] == '\n' ? '/' : reply->text.data[i]);
    bytes_append_octet(log, '\n');
}

static void log_event(struct bytes *log, const struct smtp_client_event *e)
{
    switch (e->kind) {
    case SMTP_CLIENT_REPLY:
        bytes_printf(log, "REPLY %s", e->verb);
        break;
    case SMTP_CLIENT_READY:
        bytes_append(log, SLICE("READY"));
        break;
    case SMTP_CLIENT_RECIPIENT:
        bytes_printf(log, "RECIPIENT %zu%s", e->recipient,
                     e->is_final && e->reply.code / 100 == 2 ? " at last" : "");
        break;
    case SMTP_CLIENT_DONE:
        bytes_append(log, SLICE("DONE"));
        break;
    case SMTP_CLIENT_FAILED:
        bytes_append(log, e->is_lost ? SLICE("LOST") : SLICE("FAILED"));
        break;
    case SMTP_CLIENT_CLOSED:
        bytes_append(log, SLICE("CLOSED"));
        break;
    }
    log_reply(log, &e->reply);
}

static void on_ready(struct smtp_sender *sender, struct smtp_client *c)
{
    sender->readies++;
    sender->disorder += sender->dones != sender->given;
    sender->recipients_taken = 0;
    if (sender->asks && sender->readies == 1)
        sender->disorder += !smtp_client_ask(c, slice_of(sender->asks));
    else if (sender->asks)
        return;
    else if (sender->given < sender->count)
        smtp_client_send(c, &sender->transactions[sender->given++]);
    else
        smtp_client_quit(c);
}

void smtp_sender_serve(struct smtp_sender *sender, struct smtp_client *c)
{
    struct smtp_client_event e;
    while (smtp_client_next(c, &e)) {
        bool is_yes = e.reply.code / 100 == 2;
        sender->disorder += sender->ends > 0; /* nothing comes behind the last event */
        log_event(&sender->log, &e);
        if (e.kind == SMTP_CLIENT_READY)
            on_ready(sender, c);
        if (e.kind == SMTP_CLIENT_RECIPIENT)
            sender->recipients_taken += is_yes;
        if (e.kind == SMTP_CLIENT_RECIPIENT && e.is_final)
            sender->taken_each += is_yes;
        if (e.kind == SMTP_CLIENT_DONE) {
            sender->dones++;
            sender->taken += is_yes;
            sender->disorder += is_yes && sender->recipients_taken == 0;
            sender->disorder += sender->dones != sender->given;
        }
        if (e.kind == SMTP_CLIENT_FAILED || e.kind == SMTP_CLIENT_CLOSED) {
            sender->ends++;
            sender->is_failed = e.kind == SMTP_CLIENT_FAILED;
            sender->is_lost = e.is_lost;
        }
    }
}
