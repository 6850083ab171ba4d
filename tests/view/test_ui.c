#include <criterion/criterion.h>

#include <string.h>

#include "render/draw/input.h"
#include "render/view/ui.h"
#include "tests/view/support_list.h"

Test(ui, wrapped_lines_fit_and_lose_nothing_but_the_blank_at_the_break)
{
    struct draw_list list;
    struct ui ui;
    support_list_init(&list);
    ui_init(&ui);
    ui_begin(&ui, &list, theme_get(THEME_LIGHT));
    struct slice text = SLICE("Received: from a.example.com by b.example.org\nwith ESMTP "
                              "averyveryverylongwordthatdoesnotfit x"),
                 line;
    size_t octets = 0;
    for (int i = 0; i < 100 && ui_wrap(&ui, DRAW_FONT_MONO, 10, 110, &text, &line); i++) {
        cr_expect_leq(draw_width(&list, DRAW_FONT_MONO, 10, line), 110.0f);
        octets += line.size;
    }
    cr_expect_eq(text.size, 0);
    cr_expect_gt(octets, 80);
    ui_finish(&ui);
    draw_finish(&list);
}

Test(ui, editing_keeps_characters_whole_and_within_the_field)
{
    static struct ui_edit edit;
    ui_edit_set(&edit, SLICE("a\xC3\xBC\x01z"));
    cr_expect_eq(edit.size, 4, "the control character is left out");
    ui_edit_key(&edit, INPUT_KEY_LEFT);
    ui_edit_key(&edit, INPUT_KEY_BACKSPACE);
    cr_expect(slice_equal((struct slice){edit.text, edit.size}, SLICE("az")));
    ui_edit_key(&edit, INPUT_KEY_HOME);
    ui_edit_key(&edit, INPUT_KEY_DELETE);
    ui_edit_key(&edit, INPUT_KEY_BACKSPACE);
    cr_expect(slice_equal((struct slice){edit.text, edit.size}, SLICE("z")));
    for (int i = 0; i < 3000; i++)
        ui_edit_type(&edit, SLICE("xy"));
    cr_expect_lt(edit.size, sizeof edit.text);
    cr_expect(!ui_edit_key(&edit, 'a'));
}

static void press(struct view *view, uint32_t arg)
{
    (void)view;
    (void)arg;
}

Test(ui, the_topmost_widget_is_found_and_only_what_is_not_clipped_away)
{
    struct draw_list list;
    struct ui ui;
    support_list_init(&list);
    ui_init(&ui);
    ui_begin(&ui, &list, theme_get(THEME_LIGHT));
    ui_region(&ui, "under", (struct draw_box){0, 0, 100, 100}, press, 0);
    ui_region(&ui, "over", (struct draw_box){50, 50, 100, 100}, press, 0);
    ui_clip(&ui, (struct draw_box){0, 0, 20, 20});
    ui_region(&ui, "cut", (struct draw_box){10, 10, 500, 500}, press, 0);
    ui_unclip(&ui);
    ui_end(&ui);
    cr_expect_str_eq(ui_find_at(&ui, 60, 60, false)->name, "over");
    cr_expect_str_eq(ui_find_at(&ui, 40, 40, false)->name, "under");
    cr_expect_str_eq(ui_find_at(&ui, 15, 15, false)->name, "cut");
    cr_expect_null(ui_find_at(&ui, 300, 300, false));
    ui_move_focus(&ui, 1);
    cr_expect_str_eq(ui.focus, "under");
    ui_move_focus(&ui, -1);
    cr_expect_str_eq(ui.focus, "cut");
    ui_finish(&ui);
    draw_finish(&list);
}

/* RFC 5322 2.1: CR LF ends a line; a CR alone is not hidden. */
Test(ui, crlf_ends_a_line_and_is_not_shown)
{
    struct ui ui;
    struct draw_list list;
    support_list_init(&list);
    ui_init(&ui);
    ui_begin(&ui, &list, theme_get(THEME_LIGHT));
    struct slice text = SLICE("one\r\n\r\ntwo\rthree"), line;
    static const char *const lines[] = {"one", "", "two\rthree"};
    for (size_t i = 0; i < 3; i++) {
        cr_assert(ui_wrap(&ui, DRAW_FONT_MONO, 13, 1000, &text, &line));
        cr_expect(slice_equal(line, slice_of(lines[i])), "'%.*s'", SLICE_ARG(line));
    }
    cr_expect(!ui_wrap(&ui, DRAW_FONT_MONO, 13, 1000, &text, &line));
    ui_end(&ui);
    ui_finish(&ui);
    draw_finish(&list);
}
