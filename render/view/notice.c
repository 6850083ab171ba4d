/* What is said for a few seconds: what was done, or why it was not. */
#include <math.h>
#include <string.h>

#include "render/view/lesson_panel.h"
#include "render/view/state.h"

bool view_has_notice(const struct view *view)
{
    return view->notice_ms > 0;
}

void view_notify(struct view *view, struct slice text)
{
    size_t size = text.size < sizeof view->notice - 1 ? text.size : sizeof view->notice - 1;
    memcpy(view->notice, text.data, size);
    view->notice[size] = '\0';
    view->notice_ms = 5000;
}

/* In the place of the words that say what happens now: the list below them says it, too. */
static bool draw_at_caption(struct view *view, struct slice text)
{
    const struct theme *theme = view->ui.theme;
    struct draw_box box = view->caption_box;
    float size = theme->size_text, line = draw_line_height(size);
    float width = draw_width(view->ui.list, DRAW_FONT_BOLD, size, text);
    if (box.w <= 0 || view->overlay || width > 1.8f * (box.w - 36))
        return false;
    int lines = width > box.w - 36 ? 2 : 1;
    draw_rect(view->ui.list, box, 8, theme->ink, theme->ink, 1);
    struct draw_box inside = {box.x + 18, box.y + (box.h - (float)lines * line) / 2, box.w - 36,
                              (float)lines * line};
    ui_paragraph(&view->ui, inside, DRAW_FONT_BOLD, size, theme->panel, text, lines);
    return true;
}

void notice_draw(struct view *view, float w, float h)
{
    const struct theme *theme = view->ui.theme;
    if (view->notice_ms <= 0)
        return;
    struct slice text = slice_of(view->notice);
    if (draw_at_caption(view, text))
        return;
    float edge = view->overlay ? 0 : lesson_edge(view);
    float width = fminf(draw_width(view->ui.list, DRAW_FONT_BOLD, theme->size_text, text) + 48,
                        w - edge - 32);
    float height = draw_line_height(theme->size_text) + 24;
    struct draw_box box = {floorf(edge + (w - edge - width) / 2),
                           h - timeline_height(view) - height - 32, floorf(width), height};
    draw_shadow(view->ui.list, box, 8, theme->shadow);
    draw_rect(view->ui.list, box, 8, theme->ink, theme->panel, 2);
    ui_label(&view->ui, ui_inset(box, 16), DRAW_ALIGN_CENTER, DRAW_FONT_BOLD, theme->size_text,
             theme->panel, text);
}
