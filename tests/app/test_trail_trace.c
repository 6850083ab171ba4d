/*
 * The header of a message as a trace: it keeps the laws of a trace, and holds what the header says.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/mail/header.h"
#include "app/trail_trace.h"
#include "render/scene/scene.h"
#include "sim/base/vtime.h"
#include "sim/trace/conservation.h"

static const char three[] =
    "Return-Path: <alice@example.com>\r\n"
    "Received: from relay.example.com (relay.example.com [192.0.2.20])\r\n"
    "\tby mx.example.org (Postfix) with ESMTPS id C3 for <bob@example.org>;\r\n"
    "\tMon, 3 Mar 2025 09:00:09 +0000\r\n"
    "Received: from submit.example.com (submit.example.com [192.0.2.10])\r\n"
    "\tby relay.example.com (Postfix) with ESMTP id B2;\r\n"
    "\tMon, 3 Mar 2025 10:00:05 +0100\r\n"
    "Received: from laptop ([203.0.113.7])\r\n"
    "\tby submit.example.com (Postfix) with ESMTPSA id A1;\r\n"
    "\tMon, 3 Mar 2025 09:00:04 +0000\r\n"
    "From: Alice <alice@example.com>\r\n"
    "To: bob@example.org\r\n"
    "Subject: =?UTF-8?Q?caf=C3=A9?=\r\n"
    "Date: Mon, 3 Mar 2025 09:00:00 +0000\r\n"
    "\r\n"
    "The body.\r\n";

/* A break: mx saw a dial-up line, but the line below speaks of somebody else. */
static const char forged[] =
    "Received: from dsl-7.isp.example.net (unknown [203.0.113.77])\r\n"
    "\tby mx.example.org (Postfix) with ESMTP id C3 for <bob@example.org>;\r\n"
    "\tTue, 4 Mar 2025 08:00:05 +0000\r\n"
    "Received: from app.bank.example (app.bank.example [198.51.100.5])\r\n"
    "\tby mail.bank.example (Postfix) with ESMTP id B2;\r\n"
    "\tTue, 4 Mar 2025 07:59:00 +0000\r\n"
    "From: service@bank.example\r\n"
    "To: bob@example.org\r\n"
    "Subject: Your account\r\n"
    "\r\n";

/* The relay's clock is 47 minutes fast. */
static const char skewed[] =
    "Received: from relay.example.com (relay.example.com [192.0.2.20])\r\n"
    "\tby mx.example.org with ESMTP id C3; Mon, 3 Mar 2025 09:00:09 +0000\r\n"
    "Received: from submit.example.com (submit.example.com [192.0.2.10])\r\n"
    "\tby relay.example.com with ESMTP id B2; Mon, 3 Mar 2025 09:47:05 +0000\r\n"
    "Received: from laptop ([203.0.113.7])\r\n"
    "\tby submit.example.com with ESMTPA id A1; Mon, 3 Mar 2025 09:00:04 +0000\r\n"
    "From: alice@example.com\r\n"
    "Date: Mon, 3 Mar 2025 09:00:00 +0000\r\n"
    "\r\n";

static struct log trace;

static void make(const char *content, size_t size)
{
    struct problem problem = {0};
    cr_assert(trail_trace(&trace, (struct slice){content, size}, "m.eml", &problem), "%s",
              problem.what);
}

#define MAKE(content) make(content, sizeof content - 1)

static uint32_t count(enum event_kind kind)
{
    uint32_t n = 0;
    for (uint32_t id = 0; id < log_count(&trace); id++)
        n += log_at(&trace, id)->kind == kind;
    return n;
}

/* The n-th event of that kind, n from 1. */
static const struct event *nth(enum event_kind kind, uint32_t n)
{
    for (uint32_t id = 0; id < log_count(&trace); id++)
        if (log_at(&trace, id)->kind == kind && --n == 0)
            return log_at(&trace, id);
    cr_assert(false, "there is no such event");
    return NULL;
}

/* Times and causes go on, all numbers stand for something, no mail is lost, and there is a picture
   of every moment. */
static void expect_laws(void)
{
    struct conservation counts;
    struct problem problem = {0};
    struct scene scene;
    scene_init(&scene, &trace);
    for (uint32_t id = 0; id < log_count(&trace); id++) {
        const struct event *e = log_at(&trace, id);
        const struct event_kind_row *row = &event_kinds[e->kind];
        cr_expect(id == 0 || (e->cause < id && e->t >= log_at(&trace, id - 1)->t));
        for (int i = 0; i < row->field_count; i++)
            if (row->fields[i].type == EVENT_TYPE_PLACE && e->v[i])
                cr_expect(log_place(&trace, e->v[i]), "%s.%s", row->name, row->fields[i].name);
        scene_seek(&scene, e->t);
        if (id % 50 == 0)
            scene_seek(&scene, e->t / 2); /* in any order */
    }
    scene_finish(&scene);
    cr_expect(conservation_check(&trace, &counts, &problem), "%s", problem.what);
}

static bool is_claimed(const char *id)
{
    struct scene scene;
    uint32_t place = log_find_place(&trace, slice_of(id));
    cr_assert(place, "no host %s", id);
    scene_init(&scene, &trace);
    scene_seek(&scene, 0);
    bool is = scene.now.places.items[place - 1].is_claimed;
    scene_finish(&scene);
    return is;
}

Test(trail_trace, a_line_is_a_hop_and_the_header_grows)
{
    MAKE(three);
    expect_laws();
    cr_expect_eq(count(EVENT_HOST), 4);
    cr_expect_eq(count(EVENT_ACCEPT), 3);
    for (uint32_t n = 1; n <= 3; n++) {
        const struct event_accept *accept = event_as_accept(nth(EVENT_ACCEPT, n));
        cr_expect_eq(header_count(log_text(&trace, accept->header), SLICE("Received")), n);
    }
    const struct event_deliver *deliver = event_as_deliver(nth(EVENT_DELIVER, 1));
    struct slice header = log_text(&trace, deliver->header), body = log_text(&trace, deliver->body);
    cr_assert_eq(header.size + body.size, sizeof three - 1, "the message, octet for octet");
    cr_expect(memcmp(header.data, three, header.size) == 0);
    cr_expect(slice_equal(body, SLICE("The body.\r\n")));
    const struct event_run *run = event_as_run(log_at(&trace, 0));
    cr_expect(slice_equal(log_text(&trace, run->title), SLICE("caf\xC3\xA9")));
    log_finish(&trace);
}

Test(trail_trace, events_happen_when_the_lines_say)
{
    static const int64_t seconds[] = {4, 5, 9};
    MAKE(three);
    cr_expect_eq(log_epoch_s(&trace), 1740992400); /* the Date field, in UTC */
    for (uint32_t n = 1; n <= 3; n++)
        cr_expect_eq(nth(EVENT_ACCEPT, n)->t, seconds[n - 1] * VTIME_S);
    log_finish(&trace);
}

Test(trail_trace, what_with_says_makes_the_roles_tls_and_the_login)
{
    MAKE(three);
    cr_expect(log_find_place(&trace, SLICE("mua@laptop")));
    cr_expect(log_find_place(&trace, SLICE("msa@submit")));
    cr_expect(log_find_place(&trace, SLICE("mta@relay")));
    cr_expect(log_find_place(&trace, SLICE("mta@mx")));
    cr_expect_eq(count(EVENT_TLS_UP), 2);
    cr_expect_eq(count(EVENT_AUTH), 1);
    cr_expect_eq(count(EVENT_SMTP_CMD), 0, "the header has no dialogue");
    log_finish(&trace);
}

Test(trail_trace, of_a_clock_that_is_wrong_the_order_of_the_lines_counts)
{
    static const int64_t seconds[] = {4, 9, 9};
    MAKE(skewed);
    expect_laws();
    for (uint32_t n = 1; n <= 3; n++)
        cr_expect_eq(nth(EVENT_ACCEPT, n)->t / VTIME_S, seconds[n - 1]);
    cr_expect_lt(nth(EVENT_ACCEPT, 2)->t, nth(EVENT_ACCEPT, 3)->t);
    log_finish(&trace);
}

Test(trail_trace, what_may_have_been_made_up_is_marked)
{
    MAKE(forged);
    expect_laws();
    cr_expect_not(is_claimed("mx"));
    cr_expect_not(is_claimed("dsl-7"), "mx has seen its address");
    cr_expect(is_claimed("mail"));
    cr_expect(is_claimed("app"));
    log_finish(&trace);
    MAKE(three);
    static const char *const honest[] = {"laptop", "submit", "relay", "mx"};
    for (size_t i = 0; i < sizeof honest / sizeof *honest; i++)
        cr_expect_not(is_claimed(honest[i]), "%s", honest[i]);
    log_finish(&trace);
}

Test(trail_trace, a_header_without_received_is_a_message_that_went_nowhere)
{
    MAKE("From: a@example.org\r\nSubject: x\r\n\r\nbody");
    expect_laws();
    cr_expect_eq(count(EVENT_MESSAGE), 1);
    cr_expect_eq(count(EVENT_ACCEPT), 0);
    log_finish(&trace);
}

Test(trail_trace, no_octets_break_it)
{
    static char text[sizeof three];
    uint64_t state = 1;
    for (int round = 0; round < 300; round++) {
        size_t size = (round % 2 ? sizeof three : sizeof forged) - 1;
        memcpy(text, round % 2 ? three : forged, size);
        for (int i = 0; i < 20; i++) {
            state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            text[(state >> 33) % size] = (char)(state >> 56);
        }
        struct problem problem;
        if (!trail_trace(&trace, (struct slice){text, size}, "m.eml", &problem))
            continue;
        expect_laws();
        log_finish(&trace);
    }
}

Test(trail_trace, many_lines_and_wild_dates_keep_the_laws)
{
    static char text[100000];
    size_t size = 0;
    for (int i = 0; i < 400; i++)
        size += (size_t)sprintf(text + size,
                                "Received: from h%d.example.net by h%d.example.net with SMTP;"
                                " 1 Jan %d 00:00:00 +0000\r\n",
                                400 - i, 401 - i, i % 3 ? 1901 : 9999);
    make(text, size);
    expect_laws();
    log_finish(&trace);
}

Test(trail_trace, what_is_no_header_is_a_problem)
{
    struct problem problem = {0};
    cr_expect_not(trail_trace(&trace, SLICE(""), "m.eml", &problem));
    cr_expect(strstr(problem.what, "no header"));
}
