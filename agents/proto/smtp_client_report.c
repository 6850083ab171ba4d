#include "agents/proto/smtp_client_part.h"

#include <string.h>

#include "sim/base/check.h"

const struct smtp_reply smtp_client_no_address = {553, {"5.1.3", 5}, {"not a mail address", 18}};

void smtp_client_report(struct smtp_client *c, enum smtp_client_report what)
{
    check(c->report_count < sizeof c->reports / sizeof c->reports[0]);
    c->reports[c->report_count++] = what;
    if (what == SMTP_CLIENT_REPORT_INVALID || what == SMTP_CLIENT_REPORT_REST)
        c->next_reported = 0;
}

void smtp_client_remember(struct smtp_client *c, const struct smtp_reply *reply)
{
    bytes_clear(&c->refusal_text);
    bytes_append(&c->refusal_text, reply->text);
    c->refusal_code = reply->code;
    size_t size = reply->esc.size <= SMTP_ESC_MAX ? reply->esc.size : 0;
    if (size)
        memcpy(c->refusal_esc, reply->esc.data, size);
    c->refusal_esc[size] = '\0';
}

static struct smtp_reply refusal(const struct smtp_client *c)
{
    return (struct smtp_reply){c->refusal_code, slice_of(c->refusal_esc),
                               bytes_slice(&c->refusal_text)};
}

/* The next recipient that a report about several is due for; false when there is none left. */
static bool next_of_several(struct smtp_client *c, unsigned char bits, struct smtp_client_event *e)
{
    while (c->next_reported < c->fates.count) {
        size_t i = c->next_reported++;
        if (c->fates.items[i] & bits)
            continue;
        c->fates.items[i] |= SMTP_CLIENT_IS_REFUSED;
        e->kind = SMTP_CLIENT_RECIPIENT;
        e->recipient = i;
        e->is_final = true;
        return true;
    }
    return false;
}

static bool report_one(struct smtp_client *c, enum smtp_client_report what,
                       struct smtp_client_event *e)
{
    e->verb = c->verb;
    e->reply = smtp_reply_reader_reply(&c->reader);
    e->recipient = c->recipient;
    switch (what) {
    case SMTP_CLIENT_REPORT_REPLY:
        e->kind = SMTP_CLIENT_REPLY;
        return true;
    case SMTP_CLIENT_REPORT_READY:
        e->kind = SMTP_CLIENT_READY;
        e->reply = (struct smtp_reply){0};
        return true;
    case SMTP_CLIENT_REPORT_RECIPIENT:
    case SMTP_CLIENT_REPORT_FATE:
        e->kind = SMTP_CLIENT_RECIPIENT;
        e->is_final = what == SMTP_CLIENT_REPORT_FATE || e->reply.code / 100 != 2;
        return true;
    case SMTP_CLIENT_REPORT_INVALID:
        e->reply = smtp_client_no_address;
        return next_of_several(c, SMTP_CLIENT_IS_ADDRESS | SMTP_CLIENT_IS_REFUSED, e);
    case SMTP_CLIENT_REPORT_REST:
        e->reply = refusal(c);
        return next_of_several(c, SMTP_CLIENT_IS_REFUSED, e);
    case SMTP_CLIENT_REPORT_DONE:
        e->kind = SMTP_CLIENT_DONE;
        return true;
    case SMTP_CLIENT_REPORT_REFUSED:
        e->kind = SMTP_CLIENT_DONE;
        e->reply = refusal(c);
        return true;
    case SMTP_CLIENT_REPORT_FAILED:
    case SMTP_CLIENT_REPORT_LOST:
        e->kind = SMTP_CLIENT_FAILED;
        e->reply = refusal(c);
        e->is_lost = what == SMTP_CLIENT_REPORT_LOST;
        return true;
    case SMTP_CLIENT_REPORT_CLOSED:
        e->kind = SMTP_CLIENT_CLOSED;
        e->reply = refusal(c);
        return true;
    }
    return false;
}

/* Reports about several stay first until their recipients are through. */
bool smtp_client_take_report(struct smtp_client *c, struct smtp_client_event *event)
{
    enum smtp_client_report what = (enum smtp_client_report)c->reports[0];
    bool is_of_several = what == SMTP_CLIENT_REPORT_INVALID || what == SMTP_CLIENT_REPORT_REST;
    bool is_set = report_one(c, what, event);
    if (!is_of_several || !is_set) {
        c->report_count--;
        memmove(c->reports, c->reports + 1, c->report_count * sizeof c->reports[0]);
    }
    return is_set;
}
