#include "agents/proto/smtp_client_part.h"

#include "sim/base/digits.h"
#include "agents/mail/message.h"
#include "agents/proto/smtp_data.h"
#include "agents/proto/smtp_xtext.h"

/* RCPT commands on their way at a time: few enough for any server's buffers (RFC 2920 3.1). */
enum { WINDOW = 100 };

void smtp_client_put(struct smtp_client *c, struct slice text)
{
    if (!bytes_append(&c->base.out, text))
        c->is_full = true;
}

void smtp_client_put_line(struct smtp_client *c, const char *before, struct slice text)
{
    const struct slice line[] = {slice_of(before), text, SLICE("\r\n")};
    c->is_full |= !bytes_append_all(&c->base.out, line, 3);
}

size_t smtp_client_skip_invalid(const struct smtp_client *c, size_t i)
{
    while (i < c->fates.count && !(c->fates.items[i] & SMTP_CLIENT_IS_ADDRESS))
        i++;
    return i;
}

uint64_t smtp_client_message_size(const struct smtp_client_transaction *t)
{
    bool is_ended = slice_ends(t->body.size ? t->body : t->header, SLICE("\r\n"));
    return (uint64_t)t->header.size + t->body.size + (is_ended ? 0 : 2);
}

static void put_xtext(struct smtp_client *c, struct slice text)
{
    c->is_full |= !smtp_xtext_write(text, c->transaction.is_utf8, &c->base.out);
}

/* RET and ENVID (RFC 3461 4.3, 4.4) */
static void put_return(struct smtp_client *c)
{
    const struct smtp_client_transaction *t = &c->transaction;
    switch (t->ret) {
    case SMTP_RETURN_UNSAID:
        break;
    case SMTP_RETURN_FULL:
        smtp_client_put(c, SLICE(" RET=FULL"));
        break;
    case SMTP_RETURN_HEADERS:
        smtp_client_put(c, SLICE(" RET=HDRS"));
        break;
    }
    if (t->envid.size > 0) {
        smtp_client_put(c, SLICE(" ENVID="));
        put_xtext(c, t->envid);
    }
}

void smtp_client_put_mail(struct smtp_client *c)
{
    const struct smtp_client_transaction *t = &c->transaction;
    const struct slice none = SLICE("");
    char size[DIGITS_MAX];
    const struct slice line[] = {
        SLICE("MAIL FROM:<"),
        t->reverse_path,
        c->offers.size ? SLICE("> SIZE=") : SLICE(">"),
        {size, c->offers.size ? digits_put(size, smtp_client_message_size(t), 10, 0) : 0},
        t->is_8bit ? SLICE(" BODY=8BITMIME") : none,
        t->is_utf8 ? SLICE(" SMTPUTF8") : none,
    };
    c->is_full |= !bytes_append_all(&c->base.out, line, sizeof line / sizeof *line);
    if (c->offers.dsn)
        put_return(c);
    smtp_client_put(c, SLICE("\r\n"));
}

/* notify-list-element (RFC 3461 4.1), with commas between them */
static void put_when(struct smtp_client *c, unsigned when)
{
    static const struct {
        unsigned bit;
        const char *name;
    } names[] = {{SMTP_NOTIFY_NEVER, "NEVER"},
                 {SMTP_NOTIFY_SUCCESS, "SUCCESS"},
                 {SMTP_NOTIFY_FAILURE, "FAILURE"},
                 {SMTP_NOTIFY_DELAY, "DELAY"}};
    const char *before = " NOTIFY=";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!(when & names[i].bit))
            continue;
        smtp_client_put(c, slice_of(before));
        smtp_client_put(c, slice_of(names[i].name));
        before = ",";
    }
}

/* addr-type ";" xtext (RFC 3461 4.2) */
static void put_notify(struct smtp_client *c, const struct smtp_client_notify *notify)
{
    size_t type = slice_find_octet(notify->orcpt, ';', 0);
    put_when(c, notify->when);
    if (type == SLICE_NONE)
        return;
    smtp_client_put(c, SLICE(" ORCPT="));
    put_xtext(c, slice_part(notify->orcpt, 0, type));
    smtp_client_put(c, SLICE(";"));
    put_xtext(c, slice_part(notify->orcpt, type + 1, notify->orcpt.size));
}

static void put_rcpt(struct smtp_client *c, size_t i)
{
    const struct smtp_client_transaction *t = &c->transaction;
    const struct slice line[] = {SLICE("RCPT TO:<"), t->forward_paths[i], SLICE(">")};
    c->is_full |= !bytes_append_all(&c->base.out, line, 3);
    if (c->offers.dsn && t->notify)
        put_notify(c, &t->notify[i]);
    smtp_client_put(c, SLICE("\r\n"));
}

/* Nothing is sent ahead where the answer to MAIL is as good as known: too large. */
static bool pipelines(const struct smtp_client *c)
{
    return c->offers.pipelining &&
           (c->offers.size_max == 0 ||
            smtp_client_message_size(&c->transaction) <= c->offers.size_max);
}

void smtp_client_put_more(struct smtp_client *c)
{
    size_t count = c->transaction.recipient_count;
    bool is_ahead = pipelines(c);
    size_t window = is_ahead ? WINDOW : c->state == SMTP_CLIENT_STATE_MAIL ? 0 : 1;
    if (c->sender_refused)
        return;
    while (c->next_sent < count && c->in_flight < window) {
        put_rcpt(c, c->next_sent);
        c->next_sent = smtp_client_skip_invalid(c, c->next_sent + 1);
        c->in_flight++;
    }
    bool is_time = is_ahead || c->state == SMTP_CLIENT_STATE_DATA;
    if (is_time && c->next_sent >= count && !c->is_data_sent && !smtp_client_is_chunked(c)) {
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

bool smtp_client_is_chunked(const struct smtp_client *c)
{
    return c->options.chunk_octets > 0 && c->offers.chunking;
}

/* Counted octets need no dots, but their lines end in CRLF all the same (RFC 3030 2, 5321 2.3.8).
 */
static void fill_chunks(struct smtp_client *c)
{
    c->is_full |= !message_crlf(c->transaction.header, &c->chunks) ||
                  !message_crlf(c->transaction.body, &c->chunks);
}

/* A line end is not torn apart, for servers that look at each chunk by itself. */
static size_t chunk_size(const struct smtp_client *c, struct slice left)
{
    size_t size = left.size < c->options.chunk_octets ? left.size : c->options.chunk_octets;
    bool tears = size > 1 && size < left.size && left.data[size - 1] == '\r';
    return tears ? size - 1 : size;
}

void smtp_client_put_chunk(struct smtp_client *c)
{
    char digits[DIGITS_MAX];
    if (c->chunks_sent == 0)
        fill_chunks(c);
    struct slice left = slice_part(bytes_slice(&c->chunks), c->chunks_sent, SIZE_MAX);
    size_t size = chunk_size(c, left);
    c->is_last_chunk = size == left.size;
    const struct slice line[] = {SLICE("BDAT "),
                                 {digits, digits_put(digits, size, 10, 0)},
                                 c->is_last_chunk ? SLICE(" LAST\r\n") : SLICE("\r\n")};
    c->is_full |= !bytes_append_all(&c->base.out, line, 3);
    session_cut(&c->base);
    smtp_client_put(c, slice_part(left, 0, size));
    c->chunks_sent += size;
}
