#include "render/view/reading.h"

#include <stdio.h>

#include "render/view/doing.h"

static const struct overlay header_overlay, compare_overlay;

static struct ui_edit *path_of(struct view *view)
{
    return &doing_of(view)->reading.path;
}

bool reading_wants_header(const struct view *view)
{
    return view->overlay == &header_overlay;
}

static void submit(struct view *view, uint32_t arg)
{
    struct ui_edit *edit = path_of(view);
    struct slice path = slice_trim((struct slice){edit->text, edit->size});
    bool is_header = view->overlay == &header_overlay;
    (void)arg;
    if (path.size == 0) {
        asking_say(view, slice_of(is_header ? tr("Paste a header with Ctrl + V, or name a file")
                                            : tr("Name a file: a trace ends in .jsonl")));
        return;
    }
    (void)asking_send(view, is_header ? VIEW_REQUEST_OPEN : VIEW_REQUEST_COMPARE, path);
}

static float text_width(const struct view *view, const char *label)
{
    return draw_width(view->ui.list, DRAW_FONT_SANS, view->ui.theme->size_text, slice_of(label)) +
           28;
}

static void draw_path(struct view *view, struct draw_box row, const char *hint)
{
    struct ui *ui = &view->ui;
    const char *label = view->overlay == &header_overlay ? tr("Open") : tr("Compare");
    ui_button(ui, "reading-do", ui_cut_right(&row, text_width(view, label)), label, submit, 0,
              UI_PRIMARY);
    ui_cut_right(&row, 8);
    ui_field(ui, "reading-path", row, path_of(view),
             &(struct ui_field_ways){.submit = submit, .hint = hint});
    if (!ui->focus[0])
        snprintf(ui->focus, sizeof ui->focus, "reading-path");
}

static float paragraph(struct view *view, struct draw_box *box, const char *text, int lines)
{
    const struct theme *theme = view->ui.theme;
    float used = ui_paragraph(&view->ui, *box, DRAW_FONT_SANS, theme->size_text, theme->ink_soft,
                              slice_of(text), lines);
    ui_cut_top(box, used + 10);
    return used;
}

static void draw_header_form(struct view *view, struct draw_box all)
{
    const struct theme *theme = view->ui.theme;
    float line = draw_line_height(theme->size_text), h = button_height(theme);
    struct draw_box inside =
        overlay_frame(view, all, theme->size_text * 44, 7 * line + 3 * h + 88, tr("Read a header"));
    struct draw_box foot = ui_cut_bottom(&inside, h);
    ui_cut_bottom(&inside, 10);
    paragraph(view, &inside,
              tr("The way of a real message, as its Received fields tell it. Copy the message's "
                 "source in your mail program (Thunderbird: View, Message Source; Gmail: Show "
                 "original; Outlook: File, Properties) and paste it here."),
              5);
    paragraph(view, &inside,
              tr("Nothing leaves this machine, and nobody is asked: only what the header says is "
                 "shown."),
              3);
    const char *label = tr("Paste  Ctrl + V");
    struct draw_box row = ui_cut_top(&inside, h);
    ui_button(&view->ui, "reading-paste", ui_cut_left(&row, text_width(view, label)), label,
              request_act, VIEW_REQUEST_PASTE, 0);
    draw_path(view, foot, tr("or a file: message.eml"));
}

static void draw_compare_form(struct view *view, struct draw_box all)
{
    const struct theme *theme = view->ui.theme;
    float line = draw_line_height(theme->size_text), h = button_height(theme);
    struct draw_box inside = overlay_frame(view, all, theme->size_text * 44, 4 * line + 2 * h + 84,
                                           tr("Compare with a saved trace"));
    struct draw_box foot = ui_cut_bottom(&inside, h);
    ui_cut_bottom(&inside, 10);
    paragraph(view, &inside,
              tr("It is shown beside what is open, from the moment on at which the two part. A "
                 "trace can also be dragged onto the window when one is open."),
              4);
    draw_path(view, foot, tr("a file: after.jsonl"));
}

static const struct overlay header_overlay = {
    .name = "read-header", .draw = draw_header_form, .submit = submit};
static const struct overlay compare_overlay = {
    .name = "compare", .draw = draw_compare_form, .submit = submit};

void reading_header_act(struct view *view, uint32_t arg)
{
    (void)arg;
    overlay_open(view, &header_overlay);
}

void reading_compare_act(struct view *view, uint32_t arg)
{
    (void)arg;
    overlay_open(view, &compare_overlay);
}
