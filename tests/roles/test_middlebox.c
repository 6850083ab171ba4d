/* A middlebox overwrites offers of STARTTLS, and a tap reads what passes; both without servers. */
#include "agents/roles/middlebox.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "agents/roles/tap.h"

#define ADDRESS(n) (UINT32_C(0xC0000200) + (n))

/* client (1) - box (2) - server (3), which says what it is told to, in pieces. */
struct street {
    struct sim sim;
    struct net *net;
    struct office office;
    uint32_t host[3], wire;
    struct bytes got;
    const char *asks, *says; /* says: pieces between bars */
};

static void on_received(void *context, uint32_t wire, struct slice bytes, uint32_t msg)
{
    struct street *street = context;
    (void)wire, (void)msg;
    bytes_append(&street->got, bytes);
}

static void on_question(void *context, uint32_t wire, struct slice bytes, uint32_t msg)
{
    struct street *street = context;
    struct slice piece, rest = slice_of(street->says);
    (void)bytes, (void)msg;
    while (slice_cut(&rest, '|', &piece))
        net_send(street->net, wire, piece, 7);
    net_close(street->net, wire);
}

static void on_opened(void *context, uint32_t wire)
{
    struct street *street = context;
    net_send(street->net, wire, slice_of(street->asks), 7);
}

static void on_finished(void *context, uint32_t wire)
{
    net_close(((struct street *)context)->net, wire);
}

static bool on_accept(void *context, uint32_t wire, uint32_t peer, struct net_user *user)
{
    (void)wire, (void)peer;
    *user = (struct net_user){.received = on_question, .context = context};
    return true;
}

/* The role on the box, with its defaults but for one setting that is true. */
static void put_box(struct street *street, const struct role *role, const char *set)
{
    static const struct slice ports[] = {{"25", 2}, {"110", 3}, {"143", 3}};
    struct config_value values[8] = {{0}};
    for (size_t i = 0; i < role->key_count; i++) {
        values[i].key = &role->keys[i];
        values[i].text = slice_of(role->keys[i].fallback);
        values[i].number = slice_equal(slice_of(role->keys[i].name), slice_of(set));
        if (slice_equal(slice_of(role->keys[i].name), SLICE("ports"))) {
            values[i].texts = ports;
            values[i].text_count = 3;
        }
    }
    office_add_agent(&street->office, street->host[1], slice_of(role->name), role,
                     &(struct config){values, role->key_count}, NULL, 0);
}

static void start(struct street *street)
{
    static const char *const ids[] = {"client", "box", "server"};
    *street = (struct street){.got = {.ceiling = SIZE_MAX}};
    sim_init(&street->sim, 1, VTIME_DEFAULT_EPOCH_S);
    sim_emit(&street->sim, EVENT_RUN, &(struct event_run){0});
    street->net = net_create(&street->sim);
    office_init(&street->office, &street->sim, street->net);
    for (uint32_t i = 0; i < 3; i++)
        street->host[i] =
            net_add_host(street->net, &(struct net_host_options){.id = slice_of(ids[i]),
                                                                 .name = slice_of(ids[i]),
                                                                 .address = ADDRESS(i + 1),
                                                                 .x = EVENT_UNSET,
                                                                 .y = EVENT_UNSET});
    for (uint32_t i = 0; i < 2; i++)
        net_add_link(street->net, &(struct net_link_options){.id = SLICE("link"),
                                                             .a = street->host[i],
                                                             .b = street->host[i + 1],
                                                             .latency_us = 20000});
}

static void finish(struct street *street)
{
    office_finish(&street->office);
    net_destroy(street->net);
    sim_finish(&street->sim);
    bytes_finish(&street->got);
}

static void talk(struct street *street, uint32_t port, const char *asks, const char *says)
{
    street->asks = asks;
    street->says = says;
    bytes_clear(&street->got);
    net_listen(street->net, street->host[2], port, on_accept, street);
    net_connect(street->net, street->host[0], ADDRESS(3), port,
                &(struct net_user){.opened = on_opened,
                                   .received = on_received,
                                   .finished = on_finished,
                                   .context = street});
    sim_run(&street->sim, VTIME_NEVER, true, 0);
    net_unlisten(street->net, street->host[2], port);
}

static uint32_t count(const struct street *street, enum event_kind kind)
{
    uint32_t found = 0;
    for (uint32_t id = 0; id < log_count(&street->sim.log); id++)
        found += log_at(&street->sim.log, id)->kind == kind;
    return found;
}

Test(middlebox, overwrites_the_offer_of_tls_and_nothing_else)
{
    static const struct {
        uint32_t port;
        const char *asks, *says, *got;
    } rows[] = {
        /* RFC 5321 4.1.1.1, RFC 3207 4 */
        {25, "EHLO a\r\n", "250-mx1\r\n250-STARTTLS\r\n250 SIZE\r\n",
         "250-mx1\r\n250-XXXXXXXX\r\n250 SIZE\r\n"},
        {25, "EHLO a\r\n", "250-mx1\r\n250 starttls\r\n", "250-mx1\r\n250 XXXXXXXX\r\n"},
        {25, "EHLO a\r\n", "250-mx1\r\n250-STARTTLS|\r\n250 SIZE\r\n",
         "250-mx1\r\n250-XXXXXXXX\r\n250 SIZE\r\n"},
        /* of a word that is cut in two the first half has passed already */
        {25, "EHLO a\r\n", "250-mx1\r\n250-START|TLS\r\n250 SIZE\r\n",
         "250-mx1\r\n250-STARTXXX\r\n250 SIZE\r\n"},
        {25, "EHLO a\r\n", "250-mx1\r\n2|5|0|-|S|T|A|R|T|T|L|S|\r|\n|250 SIZE\r\n",
         "250-mx1\r\n250-STARTTLX\r\n250 SIZE\r\n"},
        {25, "EHLO a\r\n", "220 STARTTLS\r\nSTARTTLS\r\n554 STARTTLS\r\n",
         "220 STARTTLS\r\nSTARTTLS\r\n554 STARTTLS\r\n"},
        /* RFC 2595 4: in the answer to CAPA, not in a message that is read */
        {110, "CAPA\r\n", "+OK\r\nUSER\r\nSTLS\r\n.\r\n", "+OK\r\nUSER\r\nXXXX\r\n.\r\n"},
        {110, "RETR 1\r\n", "+OK\r\nSTLS\r\n.\r\n", "+OK\r\nSTLS\r\n.\r\n"},
        /* RFC 9051 7.2.2, 7.1 */
        {143, "a CAPABILITY\r\n", "* CAPABILITY IMAP4rev2 STARTTLS LOGINDISABLED\r\n",
         "* CAPABILITY IMAP4rev2 XXXXXXXX LOGINDISABLED\r\n"},
        {143, "a NOOP\r\n", "* OK [CAPABILITY IMAP4rev2 STA|RTTLS] hello\r\n",
         "* OK [CAPABILITY IMAP4rev2 STAXXXXX] hello\r\n"},
        {143, "a FETCH\r\n", "* 1 FETCH STARTTLS\r\n", "* 1 FETCH STARTTLS\r\n"},
        /* none of its ports */
        {2525, "EHLO a\r\n", "250-STARTTLS\r\n250 SIZE\r\n", "250-STARTTLS\r\n250 SIZE\r\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct street street;
        start(&street);
        put_box(&street, &middlebox_role, "strip_starttls");
        talk(&street, rows[i].port, rows[i].asks, rows[i].says);
        cr_expect(slice_equal(bytes_slice(&street.got), slice_of(rows[i].got)), "row %zu: %.*s", i,
                  SLICE_ARG(bytes_slice(&street.got)));
        bool is_changed = slice_find(slice_of(rows[i].got), SLICE("X"), 0) != SLICE_NONE;
        cr_expect_eq(count(&street, EVENT_TAMPER), is_changed, "row %zu", i);
        finish(&street);
    }
}

Test(middlebox, says_in_the_trace_what_it_has_changed)
{
    struct street street;
    start(&street);
    put_box(&street, &middlebox_role, "strip_starttls");
    talk(&street, 25, "EHLO a\r\n", "250-mx1\r\n250-STARTTLS\r\n250 SIZE\r\n");
    for (uint32_t id = 0; id < log_count(&street.sim.log); id++) {
        const struct event_tamper *e = event_as_tamper(log_at(&street.sim.log, id));
        if (!e)
            continue;
        cr_expect(slice_equal(log_text(&street.sim.log, e->was), SLICE("250-STARTTLS")));
        cr_expect(slice_equal(log_text(&street.sim.log, e->now), SLICE("250-XXXXXXXX")));
        cr_expect(net_host_of(street.net, e->at) == street.host[1] && e->conn == 1);
    }
    finish(&street);
}

/* A line may be of any length, and connections of any number. */
Test(middlebox, is_not_upset_by_long_lines_and_many_connections)
{
    struct street street;
    static char long_line[2000];
    start(&street);
    put_box(&street, &middlebox_role, "strip_starttls");
    memset(long_line, 'a', sizeof long_line - 20);
    memcpy(long_line + sizeof long_line - 20, "\r\n250-STARTTLS\r\n", 17);
    talk(&street, 25, "EHLO a\r\n", long_line);
    cr_expect_neq(slice_find(bytes_slice(&street.got), SLICE("250-XXXXXXXX\r\n"), 0), SLICE_NONE);
    for (int i = 0; i < 600; i++)
        talk(&street, 25, "EHLO a\r\n", "250-STARTTLS\r\n250 SIZE\r\n");
    cr_expect_eq(count(&street, EVENT_TAMPER), 601, "what is over is forgotten");
    finish(&street);
}

/* ---- taps ---- */

static void expect_heard(const struct street *street, const char *expected)
{
    struct bytes shown = {.ceiling = SIZE_MAX};
    for (uint32_t id = 0; id < log_count(&street->sim.log); id++) {
        const struct event_tap *e = event_as_tap(log_at(&street->sim.log, id));
        if (e)
            bytes_printf(&shown, "%c %.*s\n", e->back ? '<' : '>',
                         SLICE_ARG(log_text(&street->sim.log, e->text)));
        if (e)
            cr_expect_eq(e->msg, 7);
    }
    cr_expect(slice_equal(bytes_slice(&shown), slice_of(expected)), "expected\n%sgot\n%.*s",
              expected, SLICE_ARG(bytes_slice(&shown)));
    bytes_finish(&shown);
}

Test(tap, writes_down_each_line_that_it_can_read)
{
    struct street street;
    start(&street);
    put_box(&street, &tap_role, "");
    talk(&street, 25, "AUTH PLAIN AGFsaWNl\r\n", "235 ok\r\n\r\nab\001c\r\nd|ef\r\n");
    expect_heard(&street, "> AUTH PLAIN AGFsaWNl\n< 235 ok\n< ab.c\n< d\n< ef\n");
    finish(&street);
}

Test(tap, sees_no_more_of_tls_than_its_size)
{
    struct street street;
    start(&street);
    put_box(&street, &tap_role, "");
    /* a record's header (RFC 8446 5.1), and then what goes on within it */
    talk(&street, 25, "\026\003\001\001\002hello", "220 go ahead\r\n|\026\003\003\001\002|secret");
    expect_heard(&street, "> [TLS, 10 octets]\n< 220 go ahead\n< [TLS, 5 octets]\n"
                          "< [TLS, 6 octets]\n");
    finish(&street);
}

Test(tap, a_long_line_is_cut_short)
{
    struct street street;
    static char line[400], expected[400];
    start(&street);
    put_box(&street, &tap_role, "");
    memset(line, 'x', 300);
    snprintf(expected, sizeof expected, "> ?\n< %.200s...\n", line);
    talk(&street, 25, "?", line);
    expect_heard(&street, expected);
    finish(&street);
}

Test(tap, what_is_sent_again_is_read_again)
{
    struct street street;
    start(&street);
    put_box(&street, &tap_role, "");
    net_set_link_loss(street.net, 1, 400000); /* behind the tap, for what the server says */
    talk(&street, 25, "?\r\n", "one\r\n|two\r\n|three\r\n");
    cr_expect(slice_equal(bytes_slice(&street.got), SLICE("one\r\ntwo\r\nthree\r\n")));
    expect_heard(&street, "> ?\n< one\n< two\n< three\n< one\n< one\n");
    finish(&street);
}
