#include <criterion/criterion.h>

#include "render/view/index.h"
#include "render/view/words.h"
#include "tests/scene/support_log.h"

static void expect_words(const struct log *log, enum event_kind kind, int nth, const char *words)
{
    struct arena arena;
    arena_init(&arena);
    for (uint32_t id = 0; id < log_count(log); id++)
        if (log_at(log, id)->kind == kind && nth-- == 0) {
            struct slice said = words_event(log, &arena, id);
            cr_expect(slice_equal(said, slice_of(words)), "'%.*s'", SLICE_ARG(said));
        }
    cr_expect_lt(nth, 0, "no such event");
    arena_finish(&arena);
}

/* Which program of the host is meant is said; a part with nothing in it is left out. */
Test(words, say_which_program_is_stopped_and_what_a_firewall_stops)
{
    struct story s;
    story_world(&s, true);
    struct event_stop stop = {s.mta_mx1};
    struct event_block block = {s.mx1, s.out, s.pc_bob, 25, story_text(&s, "drop")};
    struct event_tamper tamper = {s.dns, 0, story_text(&s, "250 STARTTLS"), 0, 0};
    log_add(&s.log, s.t, 0, EVENT_STOP, 0, &stop);
    log_add(&s.log, s.t, 0, EVENT_BLOCK, 0, &block);
    log_add(&s.log, s.t, 0, EVENT_TAMPER, 0, &tamper);
    expect_words(&s.log, EVENT_STOP, 0, "mx1: the program mta-mx1 is stopped");
    expect_words(&s.log, EVENT_BLOCK, 0,
                 "mx1 lets nothing pass from out to pc-bob, port 25 (drop)");
    expect_words(&s.log, EVENT_TAMPER, 0, "dns changes what passes: 250 STARTTLS");
    story_finish(&s);
}

Test(words, say_under_which_address_a_host_is_seen)
{
    struct story s;
    story_world(&s, true);
    struct event_conf behind = {s.out, story_text(&s, "behind"), story_text(&s, "submit"), 0};
    log_add(&s.log, s.t, 0, EVENT_CONF, 0, &behind);
    behind.value = 0;
    log_add(&s.log, s.t, 0, EVENT_CONF, 0, &behind);
    expect_words(&s.log, EVENT_CONF, 0, "others see out under the address of submit");
    expect_words(&s.log, EVENT_CONF, 1, "others see out under its own address again");
    story_finish(&s);
}

/* Curriculum 5.3: the text twin of the picture is made from the trace. */
Test(words, say_what_is_gone)
{
    struct story s;
    story_world(&s, true);
    struct event_gone rows[] = {{.link = 1}, {.at = s.mta_mx1}, {.at = s.mx1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        log_add(&s.log, s.t, 0, EVENT_GONE, 0, &rows[i]);
    expect_words(&s.log, EVENT_GONE, 0, "a link is taken out of the network for good");
    expect_words(&s.log, EVENT_GONE, 1, "mx1: the program mta-mx1 is taken away for good");
    expect_words(&s.log, EVENT_GONE, 2, "mx1 is taken out of the network for good");
    story_finish(&s);
}

Test(words, say_what_the_events_say)
{
    struct story s;
    story_world(&s, true);
    story_first_mail(&s);
    story_dead_host(&s);
    const struct log *log = &s.log;
    expect_words(log, EVENT_SMTP_CMD, 2,
                 "pc-alice \xE2\x86\x92 submit, port 587, push: RCPT TO:<bob@example.org>");
    expect_words(
        log, EVENT_SMTP_REPLY, 3,
        "submit \xE2\x86\x92 pc-alice, port 587, push: RCPT \xE2\x80\x93 250 2.1.5 recipient ok");
    expect_words(log, EVENT_POP_CMD, 1, "pc-bob \xE2\x86\x92 mx1, port 110, pull: RETR 1");
    expect_words(log, EVENT_DNS_QUERY, 0, "out asks dns: who takes mail for example.org?");
    expect_words(log, EVENT_DNS_ANSWER, 0, "dns answers out: MX example.org is 10 mx1.example.org");
    expect_words(log, EVENT_ACCEPT, 2,
                 "mx1 takes responsibility for \xE2\x80\x9CHello\xE2\x80\x9D");
    expect_words(log, EVENT_DELIVER, 0,
                 "mx1 delivers \xE2\x80\x9CHello\xE2\x80\x9D into bob@example.org/INBOX");
    expect_words(log, EVENT_CRASH, 0, "mx1 stops");
    expect_words(log, EVENT_TCP_CLOSE, 0, "pc-alice and submit have closed their connection");
    expect_words(log, EVENT_TCP_OPEN, 5, "out could not connect to mx1: no answer");
    expect_words(log, EVENT_TCP_LOST, 0, "a segment from out to mx1 finds nobody there");
    expect_words(log, EVENT_QUEUE_DEFER, 0,
                 "out keeps \xE2\x80\x9CHello\xE2\x80\x9D waiting: no answer; next try in 30min");
    expect_words(log, EVENT_FAULT, 0, "fault: mx1 is switched off");
    expect_words(
        log, EVENT_DSN, 0,
        "out writes a notice (failed) to alice@example.com about \xE2\x80\x9CHello\xE2\x80\x9D");
    story_finish(&s);
}

Test(words, every_event_of_a_trace_has_some)
{
    struct story s;
    struct arena arena;
    story_world(&s, true);
    story_first_mail(&s);
    story_dead_host(&s);
    arena_init(&arena);
    for (uint32_t id = 0; id < log_count(&s.log); id++)
        cr_expect_gt(words_event(&s.log, &arena, id).size, 2);
    arena_finish(&arena);
    story_finish(&s);
}

Test(index, follows_a_connection_turn_by_turn)
{
    struct story s;
    struct index index;
    story_world(&s, true);
    story_first_mail(&s);
    index_init(&index);
    index_update(&index, &s.log);
    uint32_t turns = 0, last = 0;
    for (uint32_t turn = index.conn_first.items[1]; turn; turn = index.turn_next.items[turn - 1]) {
        uint32_t id = index.turns.ids.items[turn - 1];
        cr_expect_eq(index_conn_of(log_at(&s.log, id)), 2u);
        cr_expect_gt(id, last);
        last = id;
        turns++;
    }
    cr_expect_eq(turns, 12u);
    int64_t t = log_at(&s.log, last)->t;
    cr_expect_eq(index_at(&index.turns, &s.log, t), last);
    cr_expect_lt(index_before(&index.turns, &s.log, t), last);
    cr_expect_gt(index_after(&index.turns, &s.log, t), last);
    index_finish(&index);
    story_finish(&s);
}
