/*
 * A POP3 client that meets a server which says anything. The first octet says into how large pieces
 * that is cut: what the client sends must not depend on it.
 */
#include "agents/proto/pop3_client.h"

#include "sim/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Wants every message and removes each other one. True once DONE or FAILED has come. */
static bool run(struct pop3_client *c, bool is_over)
{
    struct pop3_client_event e;
    while (pop3_client_next(c, &e)) {
        check(!is_over);
        is_over = e.kind == POP3_CLIENT_DONE || e.kind == POP3_CLIENT_FAILED;
        if (e.kind == POP3_CLIENT_MESSAGE)
            check(e.message < c->messages.count);
        if (e.kind != POP3_CLIENT_LISTED)
            continue;
        for (size_t i = 0; i < c->messages.count; i++) {
            c->messages.items[i].wanted = true;
            c->messages.items[i].remove = i % 2;
        }
        pop3_client_go(c);
    }
    return is_over;
}

static void converse(struct slice input, size_t piece, struct bytes *sent)
{
    struct pop3_client c;
    struct pop3_client_options options = {SLICE("bob"), SLICE("secret")};
    bool is_over = false;
    bytes_init(sent, 1 << 20);
    pop3_client_init(&c, &options);
    for (size_t at = 0; at < input.size; at += piece) {
        if (!session_feed(&c.base, slice_part(input, at, at + piece)))
            break;
        is_over = run(&c, is_over);
        bytes_append(sent, bytes_slice(&c.base.out));
        session_sent(&c.base, bytes_size(&c.base.out));
    }
    c.base.is_eof = true;
    is_over = run(&c, is_over);
    check(is_over && c.base.is_closing);
    pop3_client_finish(&c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > 2048)
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
