/* The octets of a connection: rows of segments, which octets are of which turn, and that a long
   connection costs no more to draw than a short one. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "agents/proto/dns_message.h"
#include "render/view/bytes_rows.h"
#include "sim/base/vtime.h"
#include "support_list.h"
#include "support_talk.h"

static struct support_talk talk;
static struct view *view;
static struct draw_list list;

static void begin(void)
{
    view = view_create(&talk.log);
    support_list_init(&list);
    view_seek(view, log_end(&talk.log));
    docks_show(view, "bytes");
    view_draw(view, &list, 1920, 1080);
}

static void end(void)
{
    view_destroy(view);
    draw_finish(&list);
    support_talk_finish(&talk);
}

static uint32_t segment_with(const char *octets)
{
    for (uint32_t id = 0; id < log_count(&talk.log); id++) {
        const struct event_tcp_segment *s = event_as_tcp_segment(log_at(&talk.log, id));
        if (s && slice_find(log_text(&talk.log, s->data), slice_of(octets), 0) != SLICE_NONE)
            return id;
    }
    return 0;
}

Test(bytes, shows_offsets_hex_and_letters)
{
    support_talk_begin(&talk, 25);
    support_talk_mail(&talk, "x\r\n");
    begin();
    docks_big_act(view, DOCK_TALK + 1);
    cr_expect(support_shows(view, &list, "00000"));
    cr_expect(support_shows(view, &list, "ACK"));
    cr_expect(support_shows(view, &list, "seq 5000"), "the greeting's");
    cr_expect(support_shows(view, &list, "0d"));
    cr_expect(support_shows(view, &list, "\xE2\x86\x90"), "a carriage return");
    end();
}

Test(bytes, lights_the_octets_of_the_chosen_turn)
{
    support_talk_begin(&talk, 25);
    support_talk_mail(&talk, "letter\r\n");
    begin();
    uint32_t segment = segment_with("RCPT TO"), from, to;
    int64_t rcpt = 4, mail = 3;
    cr_assert(bytes_lit(view, segment, rcpt, &from, &to));
    struct slice all = log_text(&talk.log, event_as_tcp_segment(log_at(&talk.log, segment))->data);
    cr_expect(slice_equal(slice_part(all, from, to), SLICE("RCPT TO:<c@d>\r\n")));
    cr_assert(bytes_lit(view, segment, mail, &from, &to));
    cr_expect(slice_equal(slice_part(all, from, to), SLICE("MAIL FROM:<a@b>\r\n")));
    cr_expect_not(bytes_lit(view, segment, 0, &from, &to));
    /* the message and its dot are of the reply that takes them */
    cr_expect(bytes_lit(view, segment_with("letter"), 9, &from, &to));
    end();
}

Test(bytes, pressing_octets_chooses_their_turn)
{
    support_talk_begin(&talk, 25);
    support_talk_mail(&talk, "x\r\n");
    begin();
    docks_big_act(view, DOCK_TALK + 1);
    view_draw(view, &list, 1920, 1080);
    char name[40];
    uint32_t segment = segment_with("RCPT TO");
    snprintf(name, sizeof name, "bytes-%u-1", (unsigned)segment);
    const struct ui_widget *row = ui_find(&view->ui, name);
    cr_assert(row, "%s", name);
    /* 16 octets a row: the first is MAIL's, of the second row the second octet is RCPT's */
    view->ui.mouse_x = view->dialogue->hex_x + 1;
    row->act(view, row->arg);
    cr_expect_eq(view->chosen_event, view->dialogue->turns.turns.items[3].event);
    view_draw(view, &list, 1920, 1080);
    snprintf(name, sizeof name, "bytes-%u-2", (unsigned)segment);
    row = ui_find(&view->ui, name);
    cr_assert(row);
    view->ui.mouse_x = view->dialogue->hex_x + view->dialogue->hex_w * 2.5f;
    row->act(view, row->arg);
    cr_expect_eq(view->chosen_event, view->dialogue->turns.turns.items[4].event);
    end();
}

Test(bytes, what_is_sent_again_counts_once_and_what_is_lost_is_marked)
{
    support_talk_begin(&talk, 25);
    support_talk_say(&talk, true, "220 mx\r\n");
    uint32_t lost = log_count(&talk.log) - 1;
    support_talk_lose(&talk);
    uint32_t again = support_talk_again(&talk, true, "220 mx\r\n");
    support_talk_smtp_reply(&talk, "CONNECT", 220, "", "mx");
    begin();
    const struct dialogue_panel *panel = view->dialogue;
    cr_expect(bytes_index_is_lost(&panel->segments, &talk.log, lost));
    cr_expect_not(bytes_index_is_lost(&panel->segments, &talk.log, again));
    cr_expect_eq(panel->turns.stream.sides[STREAM_SERVER].pieces.count, 1);
    cr_expect(support_shows(view, &list, "lost"));
    cr_expect(support_shows(view, &list, "sent again"));
    end();
}

Test(bytes, tells_the_records_of_tls_and_what_is_within)
{
    support_talk_begin(&talk, 25);
    support_talk_secure(&talk);
    support_talk_sealed(&talk, true, "220 mx\r\n");
    support_talk_smtp_reply(&talk, "CONNECT", 220, "", "mx");
    begin();
    cr_expect(support_shows(view, &list, "TLS record 23, application data: 25 octets"));
    cr_expect(support_shows(view, &list, "c5"));
    cr_assert(view_press_widget(view, "bytes-clear"));
    cr_expect_not(support_shows(view, &list, "TLS record 23"));
    cr_expect(support_shows(view, &list, "32"), "the first octet of 220");
    end();
}

/* RFC 1035 4.1.1 */
Test(bytes, reads_the_head_of_a_dns_message)
{
    support_talk_begin(&talk, 25);
    struct bytes wire;
    struct dns_message question = {.id = 4660,
                                   .wants_recursion = true,
                                   .has_question = true,
                                   .name = SLICE("example.org"),
                                   .type = DNS_TYPE_MX};
    bytes_init(&wire, 512);
    cr_assert(dns_message_encode(&question, 512, &wire));
    uint32_t id = log_add(&talk.log, talk.t, 0, EVENT_UDP_DATAGRAM, 0,
                          (const uint32_t[16]){1, 2, 49152u << 16 | 53,
                                               log_intern(&talk.log, bytes_slice(&wire)), 20000,
                                               log_intern(&talk.log, SLICE("out mx"))});
    bytes_finish(&wire);
    begin();
    select_event(view, id);
    docks_big_act(view, DOCK_TALK + 1);
    cr_expect(support_shows(view, &list, "DNS id 4660, question RD NOERROR: example.org MX"));
    cr_expect(support_shows(view, &list, "Datagrams between out and mx"));
    cr_expect(support_shows(view, &list, "ports 49152 to 53"));
    end();
}

/* The frame holds as many items as fit, and the newest segment is on it. */
Test(bytes, a_long_connection_draws_no_more_than_a_short_one)
{
    size_t items[2];
    for (int round = 0; round < 2; round++) {
        support_talk_begin(&talk, 25);
        for (int i = 0; i < (round ? 20000 : 200); i++)
            support_talk_say(&talk, i % 2, "NOOP and so on\r\n");
        begin();
        items[round] = list.items.count;
        cr_expect_eq(view->dialogue->blocks.count, round ? 20002 : 202);
        cr_assert(view_find_widget(view, "wheel-bytes", &(float){0}, &(float){0}));
        view->dialogue->scroll = 1e9f;
        cr_expect(support_shows(view, &list, "SYN"), "the first one, when scrolled up");
        end();
    }
    cr_expect_lt(items[1], items[0] + 60, "%zu items, and %zu", items[0], items[1]);
}

Test(bytes, a_world_where_nothing_was_said_yet_says_so)
{
    struct log log;
    log_init(&log);
    log_add(&log, 0, 0, EVENT_RUN, 0, (const uint32_t[16]){0});
    struct view *empty = view_create(&log);
    support_list_init(&list);
    static const char *const tabs[] = {"bytes", "states", "dialogue"};
    static const char *const words[] = {"The octets that travel", "The states of a session",
                                        "What two hosts say"};
    for (int i = 0; i < 3; i++) {
        docks_show(empty, tabs[i]);
        cr_expect(support_shows(empty, &list, words[i]), "%s", tabs[i]);
    }
    view_destroy(empty);
    draw_finish(&list);
    log_finish(&log);
}

Test(bytes, has_a_text_twin_that_can_be_copied)
{
    struct arena arena;
    struct bytes out;
    arena_init(&arena);
    bytes_init(&out, SIZE_MAX);
    support_talk_begin(&talk, 25);
    support_talk_mail(&talk, "x\r\n");
    begin();
    bytes_tell(view, &arena, &out);
    struct slice told = bytes_slice(&out);
    cr_expect_neq(slice_find(told, SLICE("PSH ACK seq 5000"), 0), SLICE_NONE, "%.*s",
                  SLICE_ARG(told));
    cr_expect_neq(slice_find(told, SLICE("00000  45 48 4c 4f"), 0), SLICE_NONE, "EHLO in hex");
    cr_expect_neq(slice_find(told, SLICE("\xE2\x86\x90\xE2\x86\x93\n"), 0), SLICE_NONE,
                  "and its end in letters");
    view_seek(view, 0);
    bytes_clear(&out);
    bytes_tell(view, &arena, &out);
    cr_expect_eq(slice_find(bytes_slice(&out), SLICE("PSH"), 0), SLICE_NONE, "nothing yet");
    bytes_finish(&out);
    arena_finish(&arena);
    end();
}
