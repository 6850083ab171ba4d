/*
 * An IMAP client that meets a server which says anything. The first octet says into how large
 * pieces that is cut, the second which ways the client may use: what it says must not depend on the
 * pieces.
 */
#include "agents/proto/imap_client.h"

#include "sim/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ACTIONS = 8 };

static void act(struct imap_client *c, size_t action)
{
    bool is_said = false;
    switch (action) {
    case 0:
        is_said = imap_client_list(c);
        break;
    case 1:
        is_said = imap_client_select(c, SLICE("Entw\xC3\xBCrfe"), false);
        break;
    case 2:
        is_said = imap_client_fetch(c, SLICE("1:*"), SLICE("(UID FLAGS BODY.PEEK[])"));
        break;
    case 3:
        is_said = imap_client_append(c, SLICE("Sent"), SLICE("\\Seen"), SLICE("A: b\r\n\r\n"),
                                     SLICE("c\r\n"));
        break;
    case 4:
        is_said = imap_client_move(c, SLICE("1"), SLICE("Trash"));
        break;
    case 5:
        is_said = imap_client_expunge(c, SLICE("1"));
        break;
    case 6:
        is_said = imap_client_idle(c);
        break;
    default:
        imap_client_logout(c);
        return;
    }
    if (!is_said)
        imap_client_logout(c);
}

static bool run(struct imap_client *c, size_t *action, bool is_over)
{
    struct imap_client_event e;
    while (imap_client_next(c, &e)) {
        check(!is_over);
        is_over = e.kind == IMAP_CLIENT_FAILED || e.kind == IMAP_CLIENT_CLOSED;
        if (e.kind == IMAP_CLIENT_READY)
            act(c, (*action)++);
        if (e.kind == IMAP_CLIENT_EXISTS)
            imap_client_done(c);
    }
    return is_over;
}

static void converse(struct slice input, size_t piece, unsigned ways, struct bytes *sent)
{
    struct imap_client c = {0};
    struct imap_client_options options = {.user = SLICE("bob"),
                                          .password = SLICE("se\"cret\xff"),
                                          .mechanism = (int)(ways % 6) - 1,
                                          .allows_clear = ways & 8,
                                          .nonce = SLICE("n0nce")};
    bool is_over = false;
    size_t action = ways / 16 % ACTIONS;
    bytes_init(sent, 1 << 20);
    imap_client_restart(&c, &options);
    for (size_t at = 0; at < input.size; at += piece) {
        if (!session_feed(&c.base, slice_part(input, at, at + piece)))
            break;
        is_over = run(&c, &action, is_over);
        (void)bytes_append(sent, bytes_slice(&c.base.out));
        session_sent(&c.base, bytes_size(&c.base.out));
    }
    c.base.is_eof = true;
    is_over = run(&c, &action, is_over);
    check(is_over && c.base.is_closing);
    imap_client_finish(&c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > 4096)
        return 0;
    struct slice input = {(const char *)data + 2, size - 2};
    struct bytes whole, pieces;
    converse(input, size, data[1], &whole);
    converse(input, data[0] + (size_t)1, data[1], &pieces);
    check(slice_equal(bytes_slice(&whole), bytes_slice(&pieces)));
    bytes_finish(&whole);
    bytes_finish(&pieces);
    return 0;
}
