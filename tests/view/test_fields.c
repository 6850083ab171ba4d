/* What people know from every other program about a field: a press sets the caret, a drag selects,
   a second press takes the word, arrows go by words and lines, and Ctrl + Z takes back. */
#include <criterion/criterion.h>

#include <string.h>

#include "render/view/compose.h"
#include "render/view/state.h"
#include "tests/scene/support_log.h"
#include "tests/view/support_list.h"

struct fixture {
    struct story story;
    struct draw_list list;
    struct view *view;
};

static void draw(struct fixture *f)
{
    view_draw(f->view, &f->list, 1280, 800);
}

/* The form for a letter, with this text in its field. */
static void begin(struct fixture *f, const char *field, const char *text)
{
    story_world(&f->story, true);
    story_first_mail(&f->story);
    support_list_init(&f->list);
    f->view = view_create(&f->story.log);
    draw(f);
    support_key(f->view, 'm');
    draw(f);
    cr_assert(view_press_widget(f->view, field), "%s", field);
    draw(f);
    struct input_event all = {.kind = INPUT_KEY, .key = 'a', .ctrl = true};
    view_input(f->view, &all);
    support_type(f->view, text);
    draw(f);
}

static void end(struct fixture *f)
{
    view_destroy(f->view);
    draw_finish(&f->list);
    story_finish(&f->story);
}

static const struct ui_widget *field(const struct fixture *f)
{
    const struct ui_widget *w = ui_find(&f->view->ui, f->view->ui.focus);
    cr_assert(w && w->edit);
    return w;
}

static void ctrl(struct fixture *f, int key, bool shift)
{
    struct input_event event = {.kind = INPUT_KEY, .key = key, .ctrl = true, .shift = shift};
    view_input(f->view, &event);
    draw(f);
}

/* The mouse, where this octet of a field's first line begins. */
static void mouse(struct fixture *f, enum input_kind kind, size_t octet)
{
    const struct ui_widget *w = field(f);
    float x = w->box.x + 8 +
              draw_width(&f->list, DRAW_FONT_SANS, f->view->ui.theme->size_text,
                         (struct slice){w->edit->text, octet});
    struct input_event event = {
        .kind = kind, .x = x * f->view->zoom, .y = (w->box.y + 12) * f->view->zoom, .button = 1};
    view_input(f->view, &event);
}

static void expect_text(const struct fixture *f, const char *text)
{
    const struct ui_edit *edit = field(f)->edit;
    cr_expect_eq(edit->size, strlen(text));
    cr_expect_eq(memcmp(edit->text, text, edit->size), 0, "%.*s", (int)edit->size, edit->text);
}

static void expect_selected(const struct fixture *f, const char *text)
{
    struct slice selected = ui_edit_selected(field(f)->edit);
    cr_expect(slice_equal(selected, slice_of(text)), "\"%.*s\" for \"%s\"", SLICE_ARG(selected),
              text);
}

Test(fields, a_press_sets_the_caret_and_a_drag_selects)
{
    struct fixture f;
    begin(&f, "compose-subject", "One two three");
    mouse(&f, INPUT_PRESS, 4);
    cr_expect_eq(field(&f)->edit->cursor, 4);
    mouse(&f, INPUT_MOVE, 7);
    mouse(&f, INPUT_RELEASE, 7);
    expect_selected(&f, "two");
    support_type(f.view, "2");
    expect_text(&f, "One 2 three");
    end(&f);
}

Test(fields, a_second_press_takes_the_word_and_a_third_all)
{
    struct fixture f;
    begin(&f, "compose-subject",
          "One Gr\xC3\xBC\xC3\x9F"
          "e three");
    for (int i = 1; i <= 3; i++) {
        mouse(&f, INPUT_PRESS, 6);
        mouse(&f, INPUT_RELEASE, 6);
        expect_selected(&f, i == 1   ? ""
                            : i == 2 ? "Gr\xC3\xBC\xC3\x9F"
                                       "e"
                                     : "One Gr\xC3\xBC\xC3\x9F"
                                       "e three");
    }
    view_tick(f.view, 1000);
    mouse(&f, INPUT_PRESS, 6);
    expect_selected(&f, ""); /* a press of its own */
    end(&f);
}

Test(fields, arrows_go_by_words_and_lines)
{
    struct fixture f;
    begin(&f, "compose-body", "first line\nsecond");
    struct ui_edit *edit = field(&f)->edit;
    ctrl(&f, INPUT_KEY_LEFT, false);
    cr_expect_eq(edit->cursor, strlen("first line\n"));
    ctrl(&f, INPUT_KEY_LEFT, true);
    expect_selected(&f, "line\n");
    support_key(f.view, INPUT_KEY_END);
    support_key(f.view, INPUT_KEY_UP);
    cr_expect_leq(edit->cursor, strlen("first line"), "in the line above");
    cr_expect_geq(edit->cursor, strlen("first"));
    support_key(f.view, INPUT_KEY_UP);
    cr_expect_eq(edit->cursor, 0);
    support_key(f.view, INPUT_KEY_DOWN);
    cr_expect_eq(edit->cursor, strlen("first line\n"));
    end(&f);
}

Test(fields, what_was_typed_is_taken_back_and_the_network_left_alone)
{
    struct fixture f;
    struct view_request request;
    begin(&f, "compose-subject", "One");
    support_type(f.view, "x");
    support_type(f.view, "y");
    support_type(f.view, " ");
    support_type(f.view, "two");
    support_key(f.view, INPUT_KEY_BACKSPACE);
    expect_text(&f, "Onexy tw");
    static const char *const back[] = {"Onexy two", "Onexy ", "Onexy"};
    for (size_t i = 0; i < sizeof back / sizeof *back; i++) {
        ctrl(&f, 'z', false);
        if (i != 1)
            expect_text(&f, back[i]);
    }
    ctrl(&f, 'y', false);
    ctrl(&f, 'z', true);
    ctrl(&f, 'y', false);
    ctrl(&f, 'y', false); /* there is no more */
    expect_text(&f, "Onexy tw");
    for (int i = 0; i < 50; i++)
        ctrl(&f, 'z', false);
    cr_expect_not(view_take_request(f.view, &request), "nothing is asked of the program");
    end(&f);
}

Test(fields, another_field_has_nothing_to_take_back_yet)
{
    struct fixture f;
    begin(&f, "compose-subject", "One");
    support_key(f.view, INPUT_KEY_TAB);
    draw(&f);
    size_t size = field(&f)->edit->size;
    ctrl(&f, 'z', false);
    cr_expect_eq(field(&f)->edit->size, size);
    support_type(f.view, "body");
    ctrl(&f, 'z', false);
    cr_expect_eq(field(&f)->edit->size, size);
    end(&f);
}
