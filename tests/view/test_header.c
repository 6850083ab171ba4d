#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "render/view/header_words.h"
#include "render/view/hops.h"
#include "sim/base/memory.h"
#include "sim/base/vtime.h"
#include "tests/view/support_letter.h"
#include "tests/view/support_list.h"

#define WRITTEN "From: Alice <alice@example.com>\r\nTo: bob@example.org\r\nSubject: Hello\r\n"
#define COMPLETED "Date: Mon, 3 Mar 2025 09:00:00 +0000\r\nMessage-ID: <1@example.com>\r\n"
#define BY_SUBMIT                                                                                  \
    "Received: from pc-alice.example.com ([198.51.100.10])\r\n\tby submit.example.com with "       \
    "ESMTPSA id A1\r\n\tfor <bob@example.org>; Mon, 3 Mar 2025 09:00:02 +0000\r\n"
#define BY_MX1                                                                                     \
    "Received: from submit.example.com ([198.51.100.25])\r\n\tby mx1.example.org with ESMTP id "   \
    "B2\r\n\t; Mon, 3 Mar 2025 09:02:33 +0000\r\n"

/* Through submit, which completes it, to mx1, which also judges it, into Bob's store. */
static void tell_story(struct letter *l)
{
    struct story *s = &l->story;
    letter_begin(l);
    letter_written(l, SLICE(WRITTEN "\r\nHi\r\n"));
    uint32_t conn = letter_conn(l, s->alice, s->msa, 587);
    letter_add(l, EVENT_COMPLETE, &(struct event_complete){s->msa, 1, story_text(s, "added Date")});
    letter_add(l, EVENT_COMPLETE,
               &(struct event_complete){s->msa, 1, story_text(s, "added Message-ID")});
    letter_accepted(l, s->msa, conn, SLICE(BY_SUBMIT WRITTEN COMPLETED "\r\n"), SLICE("Hi\r\n"));
    conn = letter_conn(l, s->msa, s->mta_mx1, 25);
    letter_accepted(l, s->mta_mx1, conn,
                    SLICE("X-Spam-Flag: NO\r\n" BY_MX1
                          "X-Campus: signed on the way out\r\n" BY_SUBMIT WRITTEN COMPLETED "\r\n"),
                    SLICE("Hi\r\n"));
    letter_delivered(l,
                     SLICE("Return-Path: <alice@example.com>\r\nX-Spam-Flag: NO\r\n" BY_MX1
                           "X-Campus: signed on the way out\r\n" BY_SUBMIT WRITTEN COMPLETED
                           "\r\n"),
                     SLICE("Hi\r\n"));
    letter_show(l, "header");
    cr_assert(view_press_widget(l->view, "big-1"));
    letter_draw(l);
}

Test(header, says_of_each_field_who_added_it)
{
    struct letter l;
    tell_story(&l);
    static const struct {
        const char *field, *who;
    } rows[] = {
        {"Return-Path:", "added by store-mx1 (Store)"}, {"X-Spam-Flag:", "added by mta-mx1 (MTA)"},
        {"X-Campus:", "added by msa-submit (MSA)"},     {"From:", "added by mua-alice (MUA)"},
        {"Subject:", "added by mua-alice (MUA)"},       {"Date:", "added by msa-submit (MSA)"},
        {"Message-ID:", "added by msa-submit (MSA)"},
    };
    struct slice told = letter_told(&l);
    size_t at = slice_find(told, SLICE("Header:"), 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t field = slice_find(told, slice_of(rows[i].field), at);
        size_t who = slice_find(told, SLICE("added by"), field);
        cr_assert_neq(field, SLICE_NONE, "%s", rows[i].field);
        cr_expect(slice_starts(slice_part(told, who, told.size), slice_of(rows[i].who)),
                  "%s: %.40s", rows[i].field, told.data + who);
    }
    letter_end(&l);
}

/* What a server has found out stands below its own Received field in some. */
Test(header, results_are_by_the_server_that_they_name)
{
    struct letter l;
    letter_begin(&l);
    letter_written(&l, SLICE(WRITTEN "\r\nHi\r\n"));
    uint32_t conn = letter_conn(&l, l.story.alice, l.story.mta_mx1, 25);
    letter_accepted(&l, l.story.mta_mx1, conn,
                    SLICE(BY_MX1 "Authentication-Results: mx1.example.org; spf=fail\r\n"
                                 "Authentication-Results: other.example.org; spf=pass\r\n" WRITTEN
                                 "\r\n"),
                    SLICE("Hi\r\n"));
    letter_show(&l, "header");
    letter_draw(&l);
    struct slice told = letter_told(&l);
    size_t ours = slice_find(told, SLICE("mx1.example.org; spf=fail"), 0);
    size_t other = slice_find(told, SLICE("other.example.org; spf=pass"), ours);
    size_t who = slice_find(told, SLICE("added by"), ours);
    cr_assert(ours != SLICE_NONE && other != SLICE_NONE && who != SLICE_NONE);
    cr_expect(slice_starts(slice_part(told, who, told.size), SLICE("added by mta-mx1")));
    who = slice_find(told, SLICE("added by"), other);
    cr_expect(slice_starts(slice_part(told, who, told.size), SLICE("added by mua-alice")));
    letter_end(&l);
}

Test(header, says_how_long_each_hop_took_by_the_dates_and_in_all)
{
    struct letter l;
    tell_story(&l);
    cr_expect(support_shows(l.view, &l.list, "2 s since it was written (Date)"));
    cr_expect(support_shows(l.view, &l.list, "2 min 31 s since the line below"));
    cr_expect(support_shows(l.view, &l.list, "2 min 33 s in all"));
    letter_end(&l);
}

/* Of two copies that lie in stores since the same moment. */
Test(header, of_a_delivery_that_was_chosen_the_header_is_that_copy_s)
{
    struct letter l;
    letter_begin(&l);
    letter_written(&l, SLICE(WRITTEN "\r\nHi\r\n"));
    letter_delivered(&l, SLICE("Delivered-To: bob@example.org\r\n" BY_MX1 WRITTEN "\r\n"),
                     SLICE(""));
    uint32_t bob = log_count(&l.story.log) - 1;
    l.story.t -= VTIME_S; /* which each event takes */
    letter_delivered(&l, SLICE("Delivered-To: carol@example.net\r\n" WRITTEN "\r\n"), SLICE(""));
    letter_show(&l, "header");
    letter_draw(&l);
    cr_expect(letter_tells(&l, "Delivered-To: carol@example.net"));
    cr_expect(letter_tells(&l, "0 Received"));
    view_choose_event(l.view, bob);
    letter_draw(&l);
    cr_expect(letter_tells(&l, "Delivered-To: bob@example.org"));
    cr_expect(!letter_tells(&l, "Delivered-To: carol@example.net"));
    cr_expect(letter_tells(&l, "1 Received"));
    letter_end(&l);
}

Test(header, a_press_on_a_field_says_what_it_is_for_and_on_a_slip_what_its_words_are)
{
    struct letter l;
    tell_story(&l);
    cr_expect(!support_shows(l.view, &l.list, "RFC 5322 3.6.5"));
    cr_assert(view_press_widget(l.view, "field-8"));
    cr_expect(support_shows(l.view, &l.list, "RFC 5322 3.6.5"));
    cr_assert(view_press_widget(l.view, "hop-1"));
    cr_expect(support_shows(l.view, &l.list, "ESMTPSA"));
    cr_expect(support_shows(l.view, &l.list, "and the client had proved"));
    letter_end(&l);
}

static struct hops hops_of(const char *header)
{
    struct hops hops;
    hops_read(slice_of(header), &hops);
    return hops;
}

Test(header, delays_are_measured_from_the_next_line_below_that_has_a_date)
{
    struct hops hops = hops_of("Received: by c; Mon, 3 Mar 2025 09:05:00 +0000\r\n"
                               "Received: by b; no date at all\r\n"
                               "Received: by a; Mon, 3 Mar 2025 10:01:00 +0100\r\n\r\n");
    cr_assert_eq(hops.count, 3);
    cr_expect_eq(hops.delays[0].delay_s, 240);
    cr_expect(hops.delays[0].has_delay && !hops.delays[1].has_date && !hops.delays[2].has_delay);
    cr_expect(hops.has_total && hops.total_s == 240 && hops.longest_s == 240);
    hops = hops_of("Received: by b; Mon, 3 Mar 2025 09:00:00 +0000\r\n"
                   "Received: by a; Mon, 3 Mar 2025 09:00:40 +0000\r\n\r\n");
    cr_expect_eq(hops.delays[0].delay_s, -40);
    cr_expect_eq(hops.longest_s, 0);
}

Test(header, a_clock_that_is_behind_is_told_as_such)
{
    struct letter l;
    letter_begin(&l);
    letter_written(&l, SLICE("Received: by b; Mon, 3 Mar 2025 09:00:00 +0000\r\n"
                             "Received: by a; Mon, 3 Mar 2025 09:00:40 +0000\r\n\r\n"));
    letter_show(&l, "header");
    cr_expect(letter_tells(&l, "\xE2\x88\x92"
                               "40 s: earlier than the line below"));
    letter_end(&l);
}

Test(header, every_field_has_a_meaning_and_the_longest_row_wins)
{
    static const struct {
        const char *name, *clause;
    } rows[] = {
        {"from", "RFC 5322 3.6.2"},       {"LIST-UNSUBSCRIBE", "RFC 2369 3.2"},
        {"List-Strange", "RFC 2369 3"},   {"X-Anything", "RFC 6648 3"},
        {"Content-Foo", "RFC 2045 9"},    {"DKIM-Signature", "RFC 6376 3.5"},
        {"Unheard-Of", "RFC 5322 3.6.8"}, {"", "RFC 5322 2.2"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_str_eq(header_meaning(slice_of(rows[i].name))->clause, rows[i].clause, "%s",
                         rows[i].name);
    static const char *const with[] = {"SMTP",    "ESMTP", "ESMTPS",     "ESMTPA",
                                       "ESMTPSA", "LMTP",  "UTF8SMTPSA", "UTF8LMTP"};
    for (size_t i = 0; i < sizeof with / sizeof with[0]; i++)
        cr_expect(header_with_meaning(slice_of(with[i])), "%s", with[i]);
}

Test(header, the_page_keys_turn_the_page_of_the_tab_that_is_shown)
{
    struct letter l;
    char body[4096];
    letter_begin(&l);
    for (size_t i = 0; i < sizeof body; i++)
        body[i] = i % 8 == 7 ? '\n' : 'x';
    letter_written(&l, SLICE("Subject: Hello\r\n\r\n"));
    letter_accepted(&l, l.story.msa, 0, SLICE("Subject: Hello\r\n\r\n"),
                    (struct slice){body, sizeof body});
    letter_show(&l, "changes"); /* it opens at the last stage, with the first above */
    cr_expect(support_shows(l.view, &l.list, "msa-submit (MSA) accepted it"));
    support_key(l.view, INPUT_KEY_PAGE_DOWN);
    letter_draw(&l);
    float x, y;
    cr_expect(!view_find_widget(l.view, "stage-2", &x, &y));
    for (int i = 0; i < 3; i++)
        support_key(l.view, INPUT_KEY_PAGE_UP);
    letter_draw(&l);
    cr_expect(view_find_widget(l.view, "stage-1", &x, &y));
    letter_end(&l);
}

/* What a stranger sends must neither crash nor stall the window. */
Test(header, a_megabyte_in_one_line_and_nul_octets_are_shown_in_part)
{
    enum { SIZE = 1 << 20 };
    char *content = memory_take(SIZE);
    memset(content, 'x', SIZE);
    memcpy(content, "Subject: ", 9);
    for (size_t i = 100; i < 5000; i += 7)
        content[i] = '\0';
    memcpy(content + SIZE - 4, "\r\n\r\n", 4);
    struct letter l;
    letter_begin(&l);
    letter_written(&l, (struct slice){content, SIZE});
    static const char *const tabs[] = {"header", "layers", "parts", "changes", "dns", "host"};
    for (size_t i = 0; i < sizeof tabs / sizeof tabs[0]; i++) {
        letter_show(&l, tabs[i]);
        struct slice told = letter_told(&l);
        cr_expect_eq(slice_find_octet(told, '\0', 0), SLICE_NONE, "%s", tabs[i]);
    }
    letter_show(&l, "header");
    cr_expect(letter_tells(&l, "octets in all"));
    letter_end(&l);
    free(content);
}
