#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "render/view/state.h"
#include "render/view/diff.h"
#include "tests/view/support_letter.h"
#include "tests/view/support_list.h"

/* "+a" added, "-b" removed, "=c" the same, in one line. */
static void write_diff(const struct diff *diff, char *out, size_t size)
{
    size_t n = 0;
    out[0] = '\0';
    for (size_t i = 0; i < diff->lines.count && n < size; i++) {
        const struct diff_line *line = &diff->lines.items[i];
        char sign = line->kind == DIFF_SAME ? '=' : line->kind == DIFF_ADDED ? '+' : '-';
        n += (size_t)snprintf(out + n, size - n, "%c%.*s ", sign, SLICE_ARG(line->text));
    }
}

Test(changes, a_diff_has_every_line_of_both_once_and_the_longest_common_part)
{
    static const struct {
        const char *before, *after, *diff;
    } rows[] = {
        {"", "", ""},
        {"a\r\nb\r\n", "a\r\nb\r\n", "=a =b "},
        {"a\nb\n", "x\na\nb\n", "+x =a =b "},
        {"a\nb\nc\n", "a\nc\n", "=a -b =c "},
        {"a\nb\nc\nd\n", "b\nx\nd\n", "-a =b -c +x =d "},
        {"x\na\nb\nc\n", "a\nb\nc\nx\n", "-x =a =b =c +x "},
        {"a\nb\nc\n", "c\na\nb\n", "+c =a =b -c "},
        {"a", "b", "-a +b "},
        {"", "a\n\nb", "+a + +b "},
    };
    struct diff diff = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[200];
        diff_bodies(&diff, slice_of(rows[i].before), slice_of(rows[i].after));
        write_diff(&diff, text, sizeof text);
        cr_expect_str_eq(text, rows[i].diff, "row %zu", i);
    }
    diff_headers(&diff, SLICE("A: 1\r\n folded\r\nB: 2\r\n\r\n"),
                 SLICE("C: 3\r\nA: 1\r\n folded\r\n\r\n"));
    cr_expect(diff.added == 1 && diff.removed == 1);
    diff_finish(&diff);
}

Test(changes, two_long_texts_that_share_nothing_are_removed_and_added_as_a_whole)
{
    struct bytes before, after;
    struct diff diff = {0};
    bytes_init(&before, 1 << 20);
    bytes_init(&after, 1 << 20);
    for (int i = 0; i < 5000; i++)
        cr_assert(bytes_printf(&before, "b%d\n", i) && bytes_printf(&after, "a%d\n", i));
    diff_bodies(&diff, bytes_slice(&before), bytes_slice(&after));
    cr_expect(diff.added == 5000 && diff.removed == 5000 && diff.lines.count == 10000);
    diff_finish(&diff);
    bytes_finish(&before);
    bytes_finish(&after);
}

static void tell_story(struct letter *l)
{
    struct story *s = &l->story;
    letter_begin(l);
    letter_written(l, SLICE("From: alice\r\nBcc: carol\r\n\r\nHi\r\n"));
    uint32_t conn = letter_conn(l, s->alice, s->msa, 587);
    letter_accepted(l, s->msa, conn, SLICE("Received: by submit\r\nFrom: alice\r\n\r\n"),
                    SLICE("Hi\r\n"));
    conn = letter_conn(l, s->msa, s->mta_mx1, 25);
    letter_accepted(l, s->mta_mx1, conn,
                    SLICE("Received: by mx1\r\nReceived: by submit\r\nFrom: alice\r\n\r\n"),
                    SLICE("Hi\r\n-- \r\nScanned.\r\n"));
    letter_show(l, "changes");
}

Test(changes, the_last_stage_is_open_and_a_press_opens_another_and_lights_its_host)
{
    struct letter l;
    tell_story(&l);
    cr_expect(letter_tells(&l, "+ Received: by mx1"));
    cr_expect(letter_tells(&l, "+ Scanned."));
    cr_expect(!letter_tells(&l, "Bcc"));
    cr_assert(view_press_widget(l.view, "stage-2"));
    letter_draw(&l);
    cr_expect_eq(l.view->chosen_host, l.story.submit);
    cr_expect(letter_tells(&l, "\xE2\x88\x92 Bcc: carol"));
    cr_expect(letter_tells(&l, "Body: not changed."));
    letter_end(&l);
}

Test(changes, the_host_chosen_on_the_map_chooses_the_stage)
{
    struct letter l;
    tell_story(&l);
    cr_assert(view_press_widget(l.view, "host-pc-alice"));
    letter_draw(&l);
    cr_expect(letter_tells(&l, "As it was written:"));
    letter_end(&l);
}

Test(changes, a_copy_is_compared_with_where_it_came_from_not_with_the_copy_before)
{
    struct letter l;
    struct story *s = &l.story;
    letter_begin(&l);
    letter_written(&l, SLICE("From: alice\r\n\r\nHi\r\n"));
    uint32_t conn = letter_conn(&l, s->alice, s->msa, 587);
    letter_accepted(&l, s->msa, conn, SLICE("Received: by submit\r\nFrom: alice\r\n\r\n"),
                    SLICE("Hi\r\n"));
    conn = letter_conn(&l, s->msa, s->mta_out, 25);
    letter_accepted(&l, s->mta_out, conn,
                    SLICE("Received: by out\r\nReceived: by submit\r\nFrom: alice\r\n\r\n"),
                    SLICE("Hi\r\n"));
    conn = letter_conn(&l, s->msa, s->mta_mx1, 25);
    letter_accepted(&l, s->mta_mx1, conn,
                    SLICE("Received: by mx1\r\nReceived: by submit\r\nFrom: alice\r\n\r\n"),
                    SLICE("Hi\r\n"));
    letter_show(&l, "changes");
    cr_expect(letter_tells(&l, "Since msa-submit (MSA) had it:"));
    cr_expect(!letter_tells(&l, "\xE2\x88\x92 Received: by out"));
    letter_end(&l);
}

Test(changes, the_words_of_a_tab_can_be_copied_alone)
{
    struct letter l;
    static struct view_request request;
    tell_story(&l);
    cr_assert(view_press_widget(l.view, "copy-page-3"));
    cr_assert(view_take_request(l.view, &request));
    cr_expect_eq(request.kind, VIEW_REQUEST_COPY);
    cr_expect(strstr(request.text, "+ Received: by mx1"));
    cr_expect(!strstr(request.text, "port 25"), "and nothing of the other tabs");
    letter_end(&l);
}
