/*
 * A POP3 server fed with anything. The first octet says into how large pieces the rest is cut: the
 * replies must not depend on it.
 */
#include "agents/proto/pop3_server.h"

#include "sim/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Answers all events: any login is right, the maildrop has two messages. */
static void run(struct pop3_server *s, struct bytes *sent)
{
    static const struct pop3_server_message messages[] = {{.size = 30, .uid = "one"},
                                                          {.size = 5, .uid = "two"}};
    struct pop3_server_event e;
    while (pop3_server_next(s, &e)) {
        switch (e.kind) {
        case POP3_SERVER_LOGIN:
            check(e.user.size > 0 && e.password.size > 0);
            if (e.user.data[0] == 'x')
                pop3_server_refuse(s, e.password);
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

static void converse(struct slice input, size_t piece, struct bytes *sent)
{
    struct pop3_server s;
    bytes_init(sent, 1 << 20);
    pop3_server_init(&s);
    pop3_server_greet(&s, SLICE("ready"));
    for (size_t at = 0; at < input.size; at += piece) {
        if (!session_feed(&s.base, slice_part(input, at, at + piece)))
            break;
        run(&s, sent);
    }
    s.base.is_eof = true;
    run(&s, sent);
    check(s.state == POP3_STATE_CLOSED && s.base.is_closing);
    pop3_server_finish(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > 16384)
        return 0;
    struct slice input = {(const char *)data + 1, size - 1};
    struct bytes whole, pieces;
    converse(input, size, &whole);
    converse(input, data[0] + (size_t)1, &pieces);
    check(slice_equal(bytes_slice(&whole), bytes_slice(&pieces)));
    bytes_finish(&whole);
    bytes_finish(&pieces);
    return 0;
}
