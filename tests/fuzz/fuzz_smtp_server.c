/*
 * An SMTP or LMTP server fed with anything. The first two octets choose the options, the third says
 * into how large pieces the rest is cut: replies and events must not depend on it, but for what is
 * lost behind STARTTLS.
 */
#include "agents/proto/smtp_server.h"

#include "sim/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 16 * 1024 /* less than what can fill `out` with replies */, STARTTLS = 4096 };

static bool is_line_text(struct slice s)
{
    return slice_find_octet(s, '\r', 0) == SLICE_NONE && slice_find_octet(s, '\n', 0) == SLICE_NONE;
}

/* What must be true of an event, whatever was fed; its kind goes into *events. */
static void inspect(const struct smtp_server_event *e, struct bytes *events)
{
    bytes_append_octet(events, (char)('a' + (int)e->kind));
    check(is_line_text(e->path) && is_line_text(e->name));
    check(is_line_text(e->envid) && is_line_text(e->orcpt));
    check(e->is_utf8 || e->kind != SMTP_SERVER_MAIL || !slice_is_8bit(e->path));
    for (size_t i = 0; i < e->content.size; i++)
        if (e->content.data[i] == '\n')
            check(i > 0 && e->content.data[i - 1] == '\r');
        else if (e->content.data[i] == '\r')
            check(i + 1 < e->content.size && e->content.data[i + 1] == '\n');
}

/* Any verdict that the text asks for: x refuses, y defers, z says 421. */
static struct smtp_reply judge(const struct smtp_server_event *e)
{
    struct slice text = e->content.size > e->recipient
                            ? slice_part(e->content, e->recipient, e->content.size)
                            : e->path;
    char first = text.size ? text.data[0] : ' ';
    int code = first == 'x' ? 550 : first == 'y' ? 450 : first == 'z' ? 421 : 250;
    return (struct smtp_reply){code, SLICE("2.0.0"), slice_part(text, 0, 50)};
}

/* Who begins with x does not exist; everybody else has the password p. */
static void say_password(struct smtp_server *s, struct slice user)
{
    static const struct slice password = {"p", 1};
    smtp_server_password(s, user.size > 0 && user.data[0] == 'x' ? NULL : &password);
}

static void run(struct smtp_server *s, struct bytes *events)
{
    struct smtp_server_event e, none;
    while (smtp_server_next(s, &e)) {
        inspect(&e, events);
        switch (e.kind) {
        case SMTP_SERVER_AUTH:
            check(!smtp_server_next(s, &none));
            say_password(s, e.user);
            break;
        case SMTP_SERVER_HELO:
        case SMTP_SERVER_STARTTLS:
        case SMTP_SERVER_MAIL:
        case SMTP_SERVER_RCPT:
        case SMTP_SERVER_VRFY:
        case SMTP_SERVER_EXPN:
        case SMTP_SERVER_ETRN:
        case SMTP_SERVER_MESSAGE: {
            char text[50];
            struct smtp_reply reply = judge(&e);
            for (size_t i = 0; i < reply.text.size; i++)
                text[i] = reply.text.data[i];
            reply.text.data = text;
            check(!smtp_server_next(s, &none));
            smtp_server_answer(s, &reply);
            break;
        }
        case SMTP_SERVER_COMMAND:
        case SMTP_SERVER_REPLIED:
        case SMTP_SERVER_SECURED:
        case SMTP_SERVER_AUTH_DONE:
        case SMTP_SERVER_RESET:
        case SMTP_SERVER_QUIT:
            break;
        }
    }
}

/* Gives what was sent, then the kinds of the events. */
static void converse(struct slice input, unsigned options, size_t piece, struct bytes *result)
{
    const struct smtp_server_options chosen = {.hostname = SLICE("mx1.example.org"),
                                               .size_max = options & 1 ? 100 : 0,
                                               .is_submission = options & 2,
                                               .offers_auth = options & 4,
                                               .auth_required = (options & 12) == 12,
                                               .offers_8bitmime = options & 16,
                                               .offers_esc = options & 32,
                                               .offers_pipelining = options & 64,
                                               .recipients_max = options & 128 ? 2 : 0,
                                               .is_lmtp = options & 256,
                                               .offers_chunking = options & 512,
                                               .offers_smtputf8 = options & 1024,
                                               .offers_dsn = options & 2048,
                                               .offers_starttls = options & STARTTLS,
                                               .tls_required = options & 8192,
                                               .hides_clear_auth = options & 16384,
                                               .offers_etrn = options & 32768,
                                               .offers_expn = options & 32768,
                                               .offers_help = options & 32768};
    struct smtp_server s;
    struct bytes events;
    bytes_init(result, SIZE_MAX / 2);
    bytes_init(&events, SIZE_MAX / 2);
    smtp_server_init(&s, &chosen);
    smtp_server_answer(&s, &(struct smtp_reply){220, {0}, SLICE("hello")});
    for (size_t at = 0; at < input.size && !s.base.is_closing; at += piece) {
        check(session_feed(&s.base, slice_part(input, at, at + piece)));
        run(&s, &events);
        if (s.base.tls == SESSION_TLS_WANTED) {
            check(bytes_size(&s.base.in) == 0);
            s.base.tls = SESSION_TLS_ON;
            run(&s, &events);
        }
    }
    s.base.is_eof = true;
    run(&s, &events);
    check(s.state == SMTP_STATE_CLOSED && s.base.is_closing);
    bytes_append(result, bytes_slice(&s.base.out));
    bytes_append(result, bytes_slice(&events));
    bytes_finish(&events);
    smtp_server_finish(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3 || size > INPUT_MAX)
        return 0;
    struct slice input = {(const char *)data + 3, size - 3};
    unsigned options = data[0] + 256u * data[1];
    struct bytes whole, pieces;
    converse(input, options, input.size + 1, &whole);
    converse(input, options, 1 + data[2] % 16, &pieces);
    check((options & STARTTLS) || slice_equal(bytes_slice(&whole), bytes_slice(&pieces)));
    bytes_finish(&whole);
    bytes_finish(&pieces);
    return 0;
}
