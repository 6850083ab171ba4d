/*
 * A POP3 server fed with anything. The first octet says into how large pieces the rest is cut: the
 * replies must not depend on it. The second says what is offered. An octet 1 ends a TLS handshake
 * if one is awaited.
 */
#include "agents/proto/pop3_server.h"

#include "sim/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Answers all events: who has no x in front has the password "pass word" and two messages, and who
   has a y has a maildrop that does not open. */
static void run(struct pop3_server *s, struct bytes *sent)
{
    static const struct pop3_server_message messages[] = {{.size = 30, .uid = "one"},
                                                          {.size = 5, .uid = "two"}};
    struct pop3_server_event e;
    while (pop3_server_next(s, &e)) {
        switch (e.kind) {
        case POP3_SERVER_PASSWORD:
            check(e.user.size > 0);
            pop3_server_password(s, e.user.data[0] == 'x' ? NULL : &SLICE("pass word"));
            break;
        case POP3_SERVER_LOGIN:
            check(e.user.size > 0 && e.user.data[0] != 'x');
            if (e.user.data[0] == 'y')
                pop3_server_refuse(s, e.user);
            else
                pop3_server_opened(s, messages, 2);
            break;
        case POP3_SERVER_RETRIEVE:
            check(e.message < 2);
            pop3_server_content(s, SLICE("Subject: x\r\n\r\n"), SLICE(".a\r\n..b\r\nc"));
            break;
        case POP3_SERVER_UPDATE:
            pop3_server_updated(s, !s->messages.items[0].is_deleted);
            break;
        case POP3_SERVER_AUTH:
            check(!e.ok || e.user.data[0] != 'x');
            break;
        case POP3_SERVER_COMMAND:
        case POP3_SERVER_REPLIED:
        case POP3_SERVER_ENDED:
            break;
        }
    }
    for (struct slice out; (out = session_to_send(&s->base)).size > 0;) {
        bytes_append(sent, out);
        session_sent(&s->base, out.size);
    }
}

static void set_options(unsigned char octet, struct pop3_server_options *options)
{
    *options = (struct pop3_server_options){.hostname = SLICE("pop.example.org"),
                                            .nonce = SLICE("1896.697170952"),
                                            .has_pass = !(octet & 1),
                                            .has_apop = octet & 2,
                                            .is_tls_available = octet & 4,
                                            .requires_tls = octet & 8,
                                            .mechanisms = octet >> 4,
                                            .expire_days = (octet & 3) - 2};
}

static void converse(struct slice input, const struct pop3_server_options *options, size_t piece,
                     struct bytes *sent)
{
    struct pop3_server s;
    struct slice part;
    bool is_open = true;
    bytes_init(sent, 1 << 20);
    pop3_server_init(&s, options);
    pop3_server_greet(&s, SLICE("ready"));
    while (is_open && slice_cut(&input, 1, &part)) {
        for (size_t at = 0; is_open && at < part.size; at += piece) {
            is_open = session_feed(&s.base, slice_part(part, at, at + piece));
            run(&s, sent);
        }
        if (s.base.tls == SESSION_TLS_WANTED)
            s.base.tls = SESSION_TLS_ON;
        run(&s, sent);
    }
    s.base.is_eof = true;
    run(&s, sent);
    check(s.state == POP3_STATE_CLOSED && s.base.is_closing);
    pop3_server_finish(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > 16384)
        return 0;
    struct slice input = {(const char *)data + 2, size - 2};
    struct pop3_server_options options;
    struct bytes whole, pieces;
    set_options(data[1], &options);
    converse(input, &options, size, &whole);
    converse(input, &options, data[0] + (size_t)1, &pieces);
    check(slice_equal(bytes_slice(&whole), bytes_slice(&pieces)));
    bytes_finish(&whole);
    bytes_finish(&pieces);
    return 0;
}
