/* The ladder: which rows there are, what they say, and how connections fold into one row. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "render/view/ladder.h"
#include "tests/scene/support_log.h"
#include "tests/view/support_list.h"

struct fixture {
    struct story story;
    struct draw_list list;
    struct view *view;
};

static void draw(struct fixture *f)
{
    view_draw(f->view, &f->list, 1920, 1080);
}

static void begin(struct fixture *f, uint32_t mails)
{
    story_world(&f->story, true);
    if (mails == 0)
        story_dead_host(&f->story);
    else if (mails == 1)
        story_first_mail(&f->story);
    else
        story_many_mails(&f->story, mails);
    support_list_init(&f->list);
    f->view = view_create(&f->story.log);
    ladder_act(f->view, 0);
    docks_big_act(f->view, DOCK_RUN + 1);
    draw(f);
}

static void end(struct fixture *f)
{
    view_destroy(f->view);
    draw_finish(&f->list);
    story_finish(&f->story);
}

static const struct ladder_rows *rows_of(struct fixture *f)
{
    return &ladder_of(f->view)->rows;
}

/* The first row that says this, or SIZE_MAX. */
static size_t find(struct fixture *f, const char *text, struct ladder_line *line)
{
    for (size_t i = 0; i < rows_of(f)->rows.count; i++) {
        *line = ladder_line_of(rows_of(f), &f->story.log, &f->list.arena, i);
        if (slice_equal(line->text, slice_of(text)))
            return i;
    }
    return SIZE_MAX;
}

static void press(struct fixture *f, const char *name)
{
    draw(f);
    cr_assert(view_press_widget(f->view, name), "no widget %s", name);
    draw(f);
}

Test(ladder, says_turns_names_and_deeds_in_the_words_of_the_exported_one)
{
    static const struct {
        const char *text;
        enum ladder_kind kind;
        const char *protocol, *from, *to;
        bool is_pull;
    } expected[] = {
        {"message 1 to bob@example.org, \xE2\x80\x9CHello\xE2\x80\x9D", LADDER_NOTE, "", "pc-alice",
         "pc-alice", false},
        {"connects to port 587", LADDER_ARROW, "SMTP", "pc-alice", "submit", false},
        {"EHLO client.example.com", LADDER_ARROW, "SMTP", "pc-alice", "submit", false},
        {"250 2.1.5 recipient ok", LADDER_ARROW, "SMTP", "submit", "pc-alice", false},
        {"354 go ahead", LADDER_ARROW, "SMTP", "submit", "pc-alice", false},
        {"submit is responsible now, id q", LADDER_NOTE, "", "submit", "submit", false},
        {"into the queue, for bob@example.org", LADDER_NOTE, "", "submit", "submit", false},
        {"example.org MX?", LADDER_ARROW, "DNS", "out", "dns", false},
        {"MX 10 mx1.example.org", LADDER_ARROW, "DNS", "dns", "out", false},
        {"delivered into bob@example.org/INBOX", LADDER_NOTE, "", "mx1", "mx1", false},
        {"nothing for 10min", LADDER_GAP, "", "", "", false},
        {"RETR 1", LADDER_ARROW, "POP3", "pc-bob", "mx1", false},
        {"mua-bob has fetched message 1", LADDER_NOTE, "", "pc-bob", "pc-bob", false},
    };
    struct fixture f;
    begin(&f, 1);
    size_t before = 0;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        struct ladder_line line;
        size_t row = find(&f, expected[i].text, &line);
        cr_assert_neq(row, SIZE_MAX, "no row says \"%s\"", expected[i].text);
        cr_expect_geq(row, before, "\"%s\" comes too early", expected[i].text);
        cr_expect_eq(line.kind, expected[i].kind, "%s", expected[i].text);
        cr_expect_str_eq(line.protocol, expected[i].protocol, "%s", expected[i].text);
        struct slice from = log_place_name(&f.story.log, log_host_of(&f.story.log, line.from));
        struct slice to = log_place_name(&f.story.log, log_host_of(&f.story.log, line.to));
        cr_expect(slice_equal(from, slice_of(expected[i].from)), "%s", expected[i].text);
        cr_expect(slice_equal(to, slice_of(expected[i].to)), "%s", expected[i].text);
        before = row;
    }
    end(&f);
}

/* Pull is what the receiver asked for: in POP3 the reply to RETR, and no other one. */
Test(ladder, only_the_message_that_is_asked_for_is_pulled)
{
    struct fixture f;
    int pulled = 0;
    begin(&f, 1);
    for (size_t i = 0; i < rows_of(&f)->rows.count; i++)
        pulled += ladder_line_of(rows_of(&f), &f.story.log, &f.list.arena, i).is_pull;
    cr_expect_eq(pulled, 1);
    end(&f);
}

Test(ladder, the_message_is_an_arrow_with_its_octets_before_its_end_is_answered)
{
    struct fixture f;
    begin(&f, 1);
    size_t content = SIZE_MAX;
    for (size_t i = 0; i < rows_of(&f)->rows.count && content == SIZE_MAX; i++)
        if (rows_of(&f)->rows.items[i].kind == LADDER_CONTENT)
            content = i;
    cr_assert_neq(content, SIZE_MAX);
    struct ladder_line line = ladder_line_of(rows_of(&f), &f.story.log, &f.list.arena, content);
    cr_expect_eq(log_host_of(&f.story.log, line.from), f.story.pc_alice);
    cr_expect_eq(log_host_of(&f.story.log, line.to), f.story.submit);
    const struct event *next = log_at(&f.story.log, rows_of(&f)->rows.items[content + 1].event);
    cr_expect_eq(next->kind, EVENT_ACCEPT, "what its last octet leads to");
    end(&f);
}

Test(ladder, what_is_lost_or_fails_is_told_apart_by_a_cross)
{
    struct fixture f;
    struct ladder_line line;
    begin(&f, 0);
    cr_assert_neq(find(&f, "a segment is lost", &line), SIZE_MAX);
    cr_expect(line.is_lost);
    cr_assert_neq(find(&f, "connects to port 25: timeout", &line), SIZE_MAX);
    cr_expect(line.is_lost);
    cr_expect_eq(line.style, LADDER_BAD);
    cr_assert_neq(find(&f, "waits, next attempt in 30min: no answer", &line), SIZE_MAX);
    cr_expect_eq(line.style, LADDER_WAITING);
    cr_assert_neq(find(&f, "fault mx1-off on: host-down mx1", &line), SIZE_MAX);
    cr_expect_eq(line.kind, LADDER_BAR);
    end(&f);
}

/* The tree of sums against plain counting, over many patterns of folding. */
Test(ladder, the_nth_shown_row_and_its_number_agree_whatever_is_folded)
{
    struct fixture f;
    begin(&f, 40);
    struct ladder_rows *rows = &ladder_of(f.view)->rows;
    uint32_t state = 7;
    for (int round = 0; round < 60; round++) {
        state = state * 1664525 + 1013904223;
        ladder_rows_fold(rows, 1 + state / 65536 % (uint32_t)rows->conns.count, state >> 31);
        size_t n = 0;
        for (size_t i = 0; i < rows->rows.count; i++) {
            const struct ladder_row *row = &rows->rows.items[i];
            bool is_shown = !row->conn || !rows->conns.items[row->conn - 1].is_folded ||
                            rows->conns.items[row->conn - 1].first == i + 1;
            cr_assert_eq(ladder_rows_before(rows, i), n);
            if (is_shown)
                cr_assert_eq(ladder_rows_at(rows, n++), i);
        }
        cr_assert_eq(rows->shown_count, n);
    }
    end(&f);
}

Test(ladder, rows_that_come_later_are_as_if_they_had_been_there_from_the_start)
{
    struct fixture f;
    begin(&f, 2);
    ladder_rows_fold_all(&ladder_of(f.view)->rows, true);
    story_many_mails(&f.story, 30);
    const struct ladder_rows *grown = rows_of(&f);
    struct ladder_rows fresh = {0};
    ladder_rows_update(&fresh, &f.story.log);
    ladder_rows_fold_all(&fresh, true);
    cr_assert_eq(grown->rows.count, fresh.rows.count);
    cr_assert_eq(grown->shown_count, fresh.shown_count);
    cr_expect_lt(grown->shown_count, grown->rows.count / 2);
    for (size_t n = 0; n < fresh.shown_count; n++)
        cr_assert_eq(ladder_rows_at(grown, n), ladder_rows_at(&fresh, n));
    ladder_rows_finish(&fresh);
    end(&f);
}

Test(ladder, a_press_on_the_handle_folds_a_connection_into_one_row_that_tells_of_it)
{
    struct fixture f;
    begin(&f, 1);
    view_seek(f.view, 0);
    draw(&f);
    cr_assert(support_shows(f.view, &f.list, "EHLO client.example.com"));
    size_t before = rows_of(&f)->shown_count;
    press(&f, "fold-1");
    cr_expect_lt(rows_of(&f)->shown_count, before);
    cr_expect(support_shows(f.view, &f.list, "SMTP 587, 12 turns, 1 message, "));
    press(&f, "fold-1");
    cr_expect_eq(rows_of(&f)->shown_count, before);
    press(&f, "ladder-fold");
    cr_expect(support_shows(f.view, &f.list, "POP3 110, 7 turns, 1 message"));
    cr_expect(!support_shows(f.view, &f.list, "EHLO client.example.com"));
    press(&f, "ladder-unfold");
    cr_expect_eq(rows_of(&f)->shown_count, before);
    end(&f);
}

Test(ladder, a_press_on_a_row_chooses_its_event_and_on_a_column_its_host)
{
    struct fixture f;
    struct ladder_line line;
    char name[UI_NAME];
    begin(&f, 1);
    view_seek(f.view, 0);
    size_t row = find(&f, "EHLO client.example.com", &line);
    snprintf(name, sizeof name, "ladder-row-%zu", row);
    press(&f, name);
    cr_expect_eq(f.view->chosen_event, rows_of(&f)->rows.items[row].event);
    cr_expect_eq(f.view->chosen_conn, 1u);
    press(&f, "ladder-mx1");
    cr_expect_eq(f.view->chosen_host, f.story.mx1);
    end(&f);
}

Test(ladder, columns_are_who_took_part_from_left_to_right_as_hosts_or_agents)
{
    struct fixture f;
    begin(&f, 1);
    const struct ladder *ladder = ladder_of(f.view);
    cr_expect_eq(ladder->columns.count, 6u);
    cr_expect_eq(ladder->columns.items[0].place, f.story.pc_alice);
    cr_expect_eq(ladder->columns.items[5].place, f.story.pc_bob);
    press(&f, "ladder-agents");
    cr_expect_gt(ladder->columns.count, 6u);
    cr_expect_eq(ladder->columns.items[0].place, f.story.alice);
    end(&f);
}

Test(ladder, it_goes_along_with_the_moment_shown_and_looks_the_same_again)
{
    struct fixture f;
    struct bytes once, again;
    bytes_init(&once, SIZE_MAX);
    bytes_init(&again, SIZE_MAX);
    begin(&f, 20);
    int64_t t = log_end(&f.story.log) / 2;
    view_seek(f.view, t);
    support_picture(f.view, &f.list, &once);
    view_seek(f.view, log_end(&f.story.log));
    draw(&f);
    view_seek(f.view, 0);
    draw(&f);
    view_seek(f.view, t);
    support_picture(f.view, &f.list, &again);
    cr_expect(slice_equal(bytes_slice(&once), bytes_slice(&again)));
    bytes_finish(&once);
    bytes_finish(&again);
    end(&f);
}

/* What is drawn goes by the room, not by how long the trace is. */
Test(ladder, a_long_trace_draws_no_more_than_a_short_one)
{
    struct fixture small, large;
    begin(&small, 10);
    begin(&large, 1500);
    view_seek(small.view, log_end(&small.story.log));
    view_seek(large.view, log_end(&large.story.log));
    draw(&small);
    draw(&large);
    cr_expect_lt(large.list.items.count, small.list.items.count * 2 + 1500);
    cr_expect_lt(large.view->ui.widgets.count, small.view->ui.widgets.count + 40);
    end(&small);
    end(&large);
}

Test(ladder, what_was_shown_so_far_is_copied_as_text)
{
    struct fixture f;
    struct view_request request;
    begin(&f, 1);
    view_seek(f.view, 250 * VTIME_MS);
    press(&f, "ladder-copy");
    cr_assert(view_take_request(f.view, &request));
    cr_expect_eq(request.kind, VIEW_REQUEST_COPY);
    struct slice text = slice_of(request.text);
    cr_expect_neq(slice_find(text, SLICE("SMTP mua-alice \xE2\x86\x92 msa-submit: EHLO "), 0),
                  SLICE_NONE, "%s", request.text);
    cr_expect_eq(slice_find(text, SLICE("RETR"), 0), SLICE_NONE, "that is still to come");
    end(&f);
}
