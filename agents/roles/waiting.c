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
    size_t octets = mail->id.size + mail->reverse_path.size + mail->header.size + mail->body.size;
    for (size_t i = 0; i < mail->recipient_count; i++)
        octets += mail->forward_paths[i].size;
    struct waiting *w = memory_resize(
        NULL, sizeof *w + mail->recipient_count * sizeof(struct waiting_recipient) + octets);
    *w = (struct waiting){.mail = *mail, .recipients = (struct waiting_recipient *)(w + 1)};
    char *at = (char *)(w->recipients + mail->recipient_count);
    w->mail.id = put_text(&at, mail->id);
    w->mail.reverse_path = put_text(&at, mail->reverse_path);
    w->mail.header = put_text(&at, mail->header);
    w->mail.body = put_text(&at, mail->body);
    w->mail.forward_paths = NULL; /* the recipients have them */
    for (size_t i = 0; i < mail->recipient_count; i++)
        w->recipients[i] =
            (struct waiting_recipient){.path = put_text(&at, mail->forward_paths[i])};
    return w;
}

void waiting_destroy(struct waiting *w)
{
    if (!w)
        return;
    for (size_t i = 0; i < w->mail.recipient_count; i++)
        free(w->recipients[i].failure);
    free(w);
}

bool waiting_has(const struct waiting *w, enum waiting_state state)
{
    for (size_t i = 0; i < w->mail.recipient_count; i++)
        if (w->recipients[i].state == state)
            return true;
    return false;
}

struct slice waiting_reason(const struct waiting_recipient *r)
{
    return r->failure ? slice_of(r->failure->reason) : (struct slice){"", 0};
}

void waiting_note_failure(struct waiting_recipient *r, const struct transfer_outcome *o)
{
    if (!r->failure)
        r->failure = memory_take(sizeof *r->failure);
    struct waiting_failure *f = r->failure;
    const struct smtp_reply *reply = &o->reply;
    int permanent = reply->code >= 500 ? 5 : 4;
    if (reply->esc.size)
        snprintf(f->status, sizeof f->status, "%.*s", SLICE_ARG(reply->esc));
    else
        snprintf(f->status, sizeof f->status, "%d.0.0", permanent);
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
    const struct waiting_failure *f = r->failure;
    return (struct dsn_recipient){.address = r->path,
                                  .status = f ? slice_of(f->status) : SLICE("4.0.0"),
                                  .remote_mta = f ? slice_of(f->server) : SLICE(""),
                                  .diagnostic = waiting_reason(r),
                                  .is_smtp_reply = f && f->is_smtp_reply};
}
