/* Our POP3 client against our POP3 server, also over a wire that is cut after each octet. */
#include "agents/proto/pop3_client.h"

#include <criterion/criterion.h>

#include "support_pop3.h"
#include "support_pop3_reader.h"

/* Moves at most `room` octets from one side to the other; gives how many. */
static size_t carry(struct session *from, struct session *to, size_t room)
{
    struct slice bytes = session_to_send(from);
    bytes = slice_part(bytes, 0, room);
    cr_assert(session_feed(to, bytes));
    session_sent(from, bytes.size);
    return bytes.size;
}

/* Lets the two talk until nothing moves or the wire is cut after `limit` octets. */
static size_t talk(struct support_reader *r, struct support_pop3 *p, size_t limit)
{
    size_t carried = 0;
    for (;;) {
        size_t now = carry(&p->server.base, &r->client.base, limit - carried);
        support_reader_run(r);
        now += carry(&r->client.base, &p->server.base, limit - carried - now);
        support_pop3_run(p);
        carried += now;
        if (now == 0)
            break;
    }
    r->client.base.is_eof = true;
    support_reader_run(r);
    support_pop3_eof(p);
    return carried;
}

Test(pop3_client_and_server, fetches_from_our_server_what_it_holds)
{
    struct support_reader r;
    struct support_pop3 p;
    support_reader_init(&r);
    support_pop3_init(&p);
    talk(&r, &p, SIZE_MAX);
    cr_assert(r.is_done);
    struct slice log = bytes_slice(&r.log);
    for (size_t i = 0; i < SUPPORT_POP3_COUNT; i++) {
        struct bytes message;
        bytes_init(&message, 1000);
        bytes_printf(&message, "message %zu [%.*s%.*s]\n", i, SLICE_ARG(support_pop3_header(i)),
                     SLICE_ARG(support_pop3_body(i)));
        cr_assert_neq(slice_find(log, bytes_slice(&message), 0), SLICE_NONE, "%.*s",
                      SLICE_ARG(log));
        bytes_finish(&message);
        cr_assert(p.is_removed[i]);
    }
    cr_assert_neq(
        slice_find(log, SLICE("listed 1/86/1740992400.M1P1Q1.store 2/16/two 3/27/~!three"), 0),
        SLICE_NONE);
    support_reader_finish(&r);
    support_pop3_finish(&p);
}

/* RFC 1939 6: however early the connection breaks, what was not confirmed by QUIT stays. */
Test(pop3_client_and_server, loses_nothing_wherever_the_wire_is_cut)
{
    struct support_reader r;
    struct support_pop3 p;
    size_t limit = 0, removed_at = 0, whole;
    do {
        support_reader_init(&r);
        support_pop3_init(&p);
        whole = talk(&r, &p, limit);
        cr_assert(r.is_done != r.is_failed, "%zu", limit);
        bool has_quit = slice_find(bytes_slice(&p.log), SLICE("UPDATE"), 0) != SLICE_NONE;
        for (int i = 0; i < SUPPORT_POP3_COUNT; i++)
            cr_assert_eq(p.is_removed[i], has_quit, "%zu", limit);
        cr_assert(has_quit || !r.is_done, "%zu", limit);
        if (!has_quit)
            removed_at = limit + 1;
        support_reader_finish(&r);
        support_pop3_finish(&p);
    } while (whole == limit++);
    /* only the last octets, the reply to QUIT, come after the removal */
    cr_assert_eq(removed_at, whole - (sizeof "+OK bye\r\n" - 1));
}
