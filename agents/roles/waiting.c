#include "agents/roles/waiting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/memory.h"

static struct slice put_text(char **at, struct slice s)
{
    struct slice copy = {*at, s.size};
    if (s.size)
        memcpy(*at, s.data, s.size);
    *at += s.size;
    return copy;
}

struct waiting *waiting_create(const struct queue_mail *mail)
{
    size_t octets = mail->id.size + mail->reverse_path.size + mail->header.size + mail->body.size +
                    mail->envid.size;
    for (size_t i = 0; i < mail->recipient_count; i++)
        octets += mail->forward_paths[i].size + (mail->notify ? mail->notify[i].orcpt.size : 0);
    size_t each = sizeof(struct waiting_recipient) + sizeof(struct slice) +
                  (mail->notify ? sizeof(struct queue_notify) : 0);
    struct waiting *w = memory_resize(NULL, sizeof *w + mail->recipient_count * each + octets);
    *w = (struct waiting){.mail = *mail, .recipients = (struct waiting_recipient *)(w + 1)};
    struct slice *paths = (struct slice *)(w->recipients + mail->recipient_count);
    struct queue_notify *notify = (struct queue_notify *)(paths + mail->recipient_count);
    char *at = mail->notify ? (char *)(notify + mail->recipient_count) : (char *)notify;
    w->mail.id = put_text(&at, mail->id);
    w->mail.reverse_path = put_text(&at, mail->reverse_path);
    w->mail.header = put_text(&at, mail->header);
    w->mail.body = put_text(&at, mail->body);
    w->mail.envid = put_text(&at, mail->envid);
    w->mail.forward_paths = paths;
    w->mail.notify = mail->notify ? notify : NULL;
    for (size_t i = 0; i < mail->recipient_count; i++) {
        struct waiting_recipient *r = &w->recipients[i];
        paths[i] = put_text(&at, mail->forward_paths[i]);
        *r = (struct waiting_recipient){.path = paths[i]};
        if (!mail->notify)
            continue;
        r->notify = notify[i] =
            (struct queue_notify){mail->notify[i].when, put_text(&at, mail->notify[i].orcpt)};
        w->has_notify |= r->notify.when != 0 || r->notify.orcpt.size > 0;
    }
    return w;
}

void waiting_destroy(struct waiting *w)
{
    if (!w)
        return;
    for (size_t i = 0; i < w->mail.recipient_count; i++)
        free(w->recipients[i].outcome);
    free(w);
}

bool waiting_has(const struct waiting *w, enum waiting_state state)
{
    for (size_t i = 0; i < w->mail.recipient_count; i++)
        if (w->recipients[i].state == state)
            return true;
    return false;
}

size_t waiting_count(const struct waiting *w)
{
    size_t count = 0;
    for (size_t i = 0; i < w->mail.recipient_count; i++)
        count +=
            w->recipients[i].state == WAITING_OPEN || w->recipients[i].state == WAITING_UNDER_WAY;
    return count;
}

struct slice waiting_reason(const struct waiting_recipient *r)
{
    return r->outcome ? slice_of(r->outcome->reason) : (struct slice){"", 0};
}

void waiting_note_outcome(struct waiting_recipient *r, const struct transfer_outcome *o)
{
    if (!r->outcome)
        r->outcome = memory_take(sizeof *r->outcome);
    struct waiting_outcome *f = r->outcome;
    const struct smtp_reply *reply = &o->reply;
    if (reply->esc.size)
        snprintf(f->status, sizeof f->status, "%.*s", SLICE_ARG(reply->esc));
    else
        snprintf(f->status, sizeof f->status, "%d.0.0", reply->code / 100);
    if (o->is_smtp_reply)
        snprintf(f->reason, sizeof f->reason, "%d %.*s%s%.*s", reply->code, SLICE_ARG(reply->esc),
                 reply->esc.size ? " " : "", SLICE_ARG(reply->text));
    else
        snprintf(f->reason, sizeof f->reason, "%.*s", SLICE_ARG(reply->text));
    for (char *c = f->reason; *c; c++)
        if (*c == '\n' || *c == '\r')
            *c = ' ';
    snprintf(f->server, sizeof f->server, "%.*s", SLICE_ARG(o->server));
    f->is_smtp_reply = o->is_smtp_reply;
}

struct dsn_recipient waiting_dsn_recipient(const struct waiting_recipient *r)
{
    const struct waiting_outcome *f = r->outcome;
    return (struct dsn_recipient){.address = r->path,
                                  .original = r->notify.orcpt,
                                  .status = f ? slice_of(f->status) : SLICE("4.0.0"),
                                  .remote_mta = f ? slice_of(f->server) : SLICE(""),
                                  .diagnostic = waiting_reason(r),
                                  .is_smtp_reply = f && f->is_smtp_reply};
}
