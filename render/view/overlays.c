#include "render/view/state.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "render/view/doing.h"
#include "render/view/lesson_panel.h"

/* ---- opening and closing ---- */

/* What was open before is seen again. */
void overlay_close(struct view *view)
{
    struct doing *doing = doing_of(view);
    doing->asking.why[0] = '\0';
    if (view->overlay == &quiz_overlay)
        quiz_closed(view);
    if (doing->depth > 0) {
        doing->depth--;
        view->overlay = doing->below[doing->depth].overlay;
        memcpy(view->ui.focus, doing->below[doing->depth].focus, sizeof view->ui.focus);
        return;
    }
    view->overlay = NULL;
    memcpy(view->ui.focus, view->focus_before, sizeof view->ui.focus);
}

void overlay_close_act(struct view *view, uint32_t arg)
{
    (void)arg;
    overlay_close(view);
}

const struct overlay *overlay_below(const struct view *view)
{
    const struct doing *doing = view->doing;
    return doing && doing->depth > 0 ? doing->below[doing->depth - 1].overlay : NULL;
}

/* Over another one; a menu makes place for what was chosen in it. */
static void push(struct view *view)
{
    struct doing *doing = doing_of(view);
    if (menu_is_open(view) || doing->depth == DOING_BELOW)
        return;
    doing->below[doing->depth].overlay = view->overlay;
    memcpy(doing->below[doing->depth].focus, view->ui.focus, sizeof view->ui.focus);
    doing->depth++;
}

void overlay_reopen(struct view *view, const struct overlay *overlay)
{
    if (view->overlay)
        push(view);
    else {
        memcpy(view->focus_before, view->ui.focus, sizeof view->focus_before);
        doing_of(view)->depth = 0;
    }
    doing_of(view)->asking.why[0] = '\0';
    view->overlay = overlay;
    view->ui.focus[0] = '\0';
}

void overlay_open(struct view *view, const struct overlay *overlay)
{
    if (view->overlay == overlay) {
        overlay_close(view);
        return;
    }
    overlay_reopen(view, overlay);
    if (overlay->open)
        overlay->open(view);
}

enum { FRAME_PAD = 24 };

struct draw_box overlay_frame(struct view *view, struct draw_box all, float w, float h,
                              const char *title)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    w = fminf(w, all.w - 32);
    float said = asking_height(view, w - 2 * FRAME_PAD);
    h = fminf(h + said, all.h - 32);
    struct draw_box box = {floorf(all.x + (all.w - w) / 2), floorf(all.y + (all.h - h) / 2), w, h};
    draw_shadow(ui->list, box, 12, theme->shadow);
    draw_rect(ui->list, box, 12, theme->panel, theme->panel_edge, 1);
    struct draw_box inside = ui_inset(box, FRAME_PAD);
    struct draw_box line = ui_cut_top(&inside, button_height(theme));
    float width =
        draw_width(ui->list, DRAW_FONT_SANS, theme->size_text, slice_of(tr("Close  Esc"))) + 24;
    ui_button(ui, "close", ui_cut_right(&line, width), tr("Close  Esc"), overlay_close_act, 0, 0);
    ui_label(ui, line, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, theme->size_title, theme->ink,
             slice_of(title));
    ui_cut_top(&inside, 16);
    asking_draw(view, ui_cut_top(&inside, said));
    return inside;
}
