#include "agents/proto/smtp_client_part.h"

#include <string.h>

#include "agents/proto/sasl.h"
#include "agents/proto/smtp_data.h"
#include "sim/base/digits.h"

/* RCPT commands on their way at a time: few enough for any server's buffers (RFC 2920 3.1). */
enum { WINDOW = 100 };

void smtp_client_put(struct smtp_client *c, struct slice text)
{
    if (!bytes_append(&c->base.out, text))
        c->is_full = true;
}

void smtp_client_put_line(struct smtp_client *c, const char *before, struct slice text,
                          const char *after)
{
    const struct slice line[] = {slice_of(before), text, slice_of(after), SLICE("\r\n")};
    c->is_full |= !bytes_append_all(&c->base.out, line, 4);
}

size_t smtp_client_skip_invalid(const struct smtp_client *c, size_t i)
{
    while (i < c->fates.count && !(c->fates.items[i] & SMTP_CLIENT_IS_ADDRESS))
        i++;
    return i;
}

void smtp_client_put_plain(struct smtp_client *c, const char *before, size_t line_max)
{
    const struct sasl_plain plain = {{0}, c->options.user, c->options.password};
    struct bytes response;
    bytes_init(&response, SIZE_MAX);
    sasl_plain_write(&plain, &response);
    /* a response that makes the command too long waits for 334 (RFC 4954 4) */
    c->is_answered = strlen(before) + bytes_size(&response) + 2 <= line_max;
    smtp_client_put_line(c, c->is_answered ? before : "AUTH PLAIN",
                         c->is_answered ? bytes_slice(&response) : SLICE(""), "");
    bytes_finish(&response);
}

uint64_t smtp_client_message_size(const struct smtp_client_transaction *t)
{
    bool is_ended = slice_ends(t->body.size ? t->body : t->header, SLICE("\r\n"));
    return (uint64_t)t->header.size + t->body.size + (is_ended ? 0 : 2);
}

void smtp_client_put_mail(struct smtp_client *c)
{
    const struct smtp_client_transaction *t = &c->transaction;
    const struct slice none = SLICE("");
    char size[DIGITS_MAX];
    const struct slice line[] = {
        SLICE("MAIL FROM:<"),
        t->reverse_path,
        c->has_size ? SLICE("> SIZE=") : SLICE(">"),
        {size, c->has_size ? digits_put(size, smtp_client_message_size(t), 10, 0) : 0},
        t->is_8bit ? SLICE(" BODY=8BITMIME") : none,
        SLICE("\r\n"),
    };
    c->is_full |= !bytes_append_all(&c->base.out, line, sizeof line / sizeof *line);
}

void smtp_client_put_more(struct smtp_client *c)
{
    const struct smtp_client_transaction *t = &c->transaction;
    size_t window = c->has_pipelining ? WINDOW : c->state == SMTP_CLIENT_STATE_MAIL ? 0 : 1;
    if (c->sender_refused)
        return;
    while (c->next_sent < t->recipient_count && c->in_flight < window) {
        smtp_client_put_line(c, "RCPT TO:<", t->forward_paths[c->next_sent], ">");
        c->next_sent = smtp_client_skip_invalid(c, c->next_sent + 1);
        c->in_flight++;
    }
    bool is_time = c->has_pipelining || c->state == SMTP_CLIENT_STATE_DATA;
    if (is_time && c->next_sent >= t->recipient_count && !c->is_data_sent) {
        smtp_client_put(c, SLICE("DATA\r\n"));
        c->is_data_sent = true;
    }
}

void smtp_client_put_message(struct smtp_client *c)
{
    const struct smtp_client_transaction *t = &c->transaction;
    struct bytes *out = &c->base.out;
    struct smtp_data_writer writer = {0};
    if (c->accepted > 0) {
        session_cut(&c->base);
        c->is_full |= !smtp_data_write(&writer, t->header, out);
        session_cut(&c->base);
        c->is_full |= !smtp_data_write(&writer, t->body, out);
        c->is_full |= !smtp_data_write_end(&writer, out);
        session_cut(&c->base);
    }
    smtp_client_put(c, SLICE(".\r\n"));
}
