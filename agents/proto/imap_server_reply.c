#include <stdarg.h>
#include <stdio.h>

#include "agents/proto/imap_server_part.h"

bool imap_part_wrote(struct imap_server *s, bool fits)
{
    s->part->is_broken = s->part->is_broken || !fits;
    return fits;
}

static bool write_text(struct bytes *to, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
static bool write_text(struct bytes *to, const char *format, va_list arguments)
{
    char text[2048];
    int size = vsnprintf(text, sizeof text, format, arguments);
    size = size < 0 ? 0 : size >= (int)sizeof text ? (int)sizeof text - 1 : size;
    return bytes_append(to, (struct slice){text, (size_t)size});
}

void imap_part_say(struct imap_server *s, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    imap_part_wrote(s, write_text(&s->base.out, format, arguments));
    va_end(arguments);
}

void imap_part_reply(struct imap_server *s, enum imap_status status, const char *format, ...)
{
    struct imap_server_part *p = s->part;
    va_list arguments;
    p->status = status;
    bytes_clear(&p->text);
    va_start(arguments, format);
    (void)write_text(&p->text, format, arguments);
    va_end(arguments);
}

void imap_part_bad(struct imap_server *s)
{
    const char *problem = s->part->args.problem;
    imap_part_reply(s, IMAP_BAD, "%s", problem ? problem : "that can't be read");
}

void imap_part_refused(struct imap_server *s, enum account_result result)
{
    switch (result) {
    case ACCOUNT_OK:
        break;
    case ACCOUNT_NO_SUCH:
        imap_part_reply(s, IMAP_NO, "[NONEXISTENT] there is no such mailbox");
        return;
    case ACCOUNT_EXISTS:
        imap_part_reply(s, IMAP_NO, "[ALREADYEXISTS] there is a mailbox of that name");
        return;
    case ACCOUNT_BAD_NAME:
        imap_part_reply(s, IMAP_NO, "[CANNOT] no mailbox can have that name");
        return;
    case ACCOUNT_OVER_QUOTA:
        imap_part_reply(s, IMAP_NO, "[OVERQUOTA] there is no room for it");
        return;
    case ACCOUNT_HAS_CHILDREN:
        imap_part_reply(s, IMAP_NO, "[HASCHILDREN] it has mailboxes below it");
        return;
    case ACCOUNT_REFUSED:
        imap_part_reply(s, IMAP_NO, "[UNAVAILABLE] that can't be kept now");
        return;
    }
}

/* Mistakes are forgiven, a flood of them is not. */
static void count_errors(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    if (p->status == IMAP_BAD)
        p->errors++;
    else if (p->status == IMAP_OK && p->errors > 0)
        p->errors--;
    if (p->errors >= IMAP_ERRORS_MAX)
        imap_part_bye(s, "too many errors");
    else if (p->denied >= IMAP_PART_LOGINS_MAX)
        imap_part_bye(s, "too many logins have failed");
}

/* The reply is out: TLS begins, or the session ends, or the next command may come. */
static void move_on(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    if (p->starts_tls) {
        p->starts_tls = false;
        bytes_reuse(&s->base.in); /* what was sent in clear is not to be read as if it were not */
        s->base.tls = SESSION_TLS_WANTED;
    }
    if (p->logs_out)
        imap_part_close(s, true);
    else
        count_errors(s);
}

void imap_part_finish(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    struct slice tag = p->has_tag ? bytes_slice(&p->tag) : SLICE("*");
    const struct slice line[] = {tag,
                                 SLICE(" "),
                                 slice_of(imap_status_name(p->status)),
                                 SLICE(" "),
                                 bytes_slice(&p->text),
                                 SLICE("\r\n")};
    if (!imap_part_wrote(s, bytes_append_all(&s->base.out, line, 6)))
        return;
    imap_part_note(s, (struct imap_part_note){
                          .kind = IMAP_SERVER_REPLIED, .verb = p->verb, .status = p->status});
    imap_part_forget_command(s);
    p->phase = IMAP_PART_READ;
    move_on(s);
}

/* ---- CAPABILITY ---- */

static void put_mechanisms(const struct imap_server *s, struct bytes *out)
{
    bool is_private = s->base.tls == SESSION_TLS_ON || s->base.tls == SESSION_TLS_FIRST;
    unsigned mechanisms = s->options.mechanisms;
    if (s->options.needs_tls && !is_private) {
        mechanisms &= ~(unsigned)SASL_CLEAR;
        bytes_append(out, SLICE(" LOGINDISABLED"));
    }
    if (s->options.offers_tls && !is_private)
        bytes_append(out, SLICE(" STARTTLS"));
    for (int m = 0; m < SASL_MECHANISM_COUNT; m++)
        if (mechanisms >> m & 1)
            bytes_printf(out, " AUTH=%s", sasl_name((enum sasl_mechanism)m));
}

/* Before the login a literal that nobody waits for is small (LITERAL-), so that strangers can't
   fill this side; afterwards it may have any size that is allowed at all. */
void imap_part_capabilities(struct imap_server *s, struct bytes *out)
{
    bytes_append(out, SLICE("IMAP4rev1 IMAP4rev2 "));
    bytes_append(out, s->account ? SLICE("LITERAL+") : SLICE("LITERAL-"));
    bytes_append(out, SLICE(" SASL-IR ID ENABLE IDLE"));
    if (!s->account) {
        put_mechanisms(s, out);
        return;
    }
    bytes_append(out, SLICE(" NAMESPACE UIDPLUS MULTIAPPEND UNSELECT CHILDREN SPECIAL-USE"
                            " CREATE-SPECIAL-USE LIST-EXTENDED LIST-STATUS STATUS=SIZE ESEARCH"
                            " SEARCHRES SORT THREAD=ORDEREDSUBJECT THREAD=REFERENCES WITHIN"
                            " SAVEDATE CONDSTORE QRESYNC MOVE BINARY UTF8=ACCEPT QUOTA"
                            " QUOTA=RES-STORAGE"));
    bytes_printf(out, " APPENDLIMIT=%llu", (unsigned long long)s->options.append_limit);
}
