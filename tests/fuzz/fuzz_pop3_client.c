/*
 * A POP3 client that meets a server which says anything. The first octet says into how large pieces
 * that is cut: what the client sends must not depend on it. The second says what the client wants.
 * An octet 1 ends a TLS handshake if one is awaited.
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

static void set_options(unsigned char octet, struct pop3_client_options *options)
{
    *options = (struct pop3_client_options){
        .user = SLICE("bob"),
        .password = SLICE("pass word"),
        .nonce = SLICE("rOprNGfwEbeRWgbNEkqO"),
        .tls = (enum session_tls_policy)((octet & 3) % 3),
        .login = (enum pop3_client_login)(octet >> 2 & 3),
        .mechanism = (enum sasl_mechanism)((octet >> 4 & 7) % (SASL_MECHANISM_COUNT + 1)),
        .pipelines = octet & 128};
}

static void take_sent(struct pop3_client *c, struct bytes *sent)
{
    bytes_append(sent, bytes_slice(&c->base.out));
    session_sent(&c->base, bytes_size(&c->base.out));
}

static void converse(struct slice input, const struct pop3_client_options *options, size_t piece,
                     struct bytes *sent)
{
    struct pop3_client c;
    struct slice part;
    bool is_over = false, is_open = true;
    bytes_init(sent, 1 << 20);
    pop3_client_init(&c, options);
    while (is_open && slice_cut(&input, 1, &part)) {
        for (size_t at = 0; is_open && at < part.size; at += piece) {
            is_open = session_feed(&c.base, slice_part(part, at, at + piece));
            is_over = run(&c, is_over);
            take_sent(&c, sent);
        }
        if (c.base.tls == SESSION_TLS_WANTED)
            c.base.tls = SESSION_TLS_ON;
        is_over = run(&c, is_over);
        take_sent(&c, sent);
    }
    c.base.is_eof = true;
    is_over = run(&c, is_over);
    check(is_over && c.base.is_closing);
    /* who requires TLS says no name before it */
    if (options->tls == SESSION_TLS_POLICY_REQUIRED && c.base.tls != SESSION_TLS_ON)
        check(slice_find(bytes_slice(sent), SLICE("bob"), 0) == SLICE_NONE);
    pop3_client_finish(&c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > 2048)
        return 0;
    struct slice input = {(const char *)data + 2, size - 2};
    struct pop3_client_options options;
    struct bytes whole, pieces;
    set_options(data[1], &options);
    converse(input, &options, size, &whole);
    converse(input, &options, data[0] + (size_t)1, &pieces);
    check(slice_equal(bytes_slice(&whole), bytes_slice(&pieces)));
    bytes_finish(&whole);
    bytes_finish(&pieces);
    return 0;
}
