/* What a form asks for, and that it comes back as it was left when that is refused. */
#include <stdio.h>
#include <string.h>

#include "render/draw/mark.h"
#include "render/view/doing.h"

void asking_say(struct view *view, struct slice why)
{
    struct asking *asking = &doing_of(view)->asking;
    if (view->overlay)
        snprintf(asking->why, sizeof asking->why, "%.*s", SLICE_ARG(why));
    else
        view_notify(view, why);
}

/* Half a line would be another action: one that is too long is not asked for at all. */
bool asking_send(struct view *view, enum view_request_kind kind, struct slice text)
{
    struct asking *asking = &doing_of(view)->asking;
    if (text.size >= VIEW_REQUEST_MAX) {
        asking_say(view, slice_of(tr("This is too long: nothing was done")));
        return false;
    }
    memcpy(asking->focus, view->ui.focus, sizeof asking->focus);
    request_add(view, kind, text);
    view->requests[view->request_count - 1].form = view->overlay;
    overlay_close(view);
    return true;
}

void view_refuse(struct view *view, const struct view_request *request, struct slice why)
{
    const struct overlay *form = request->form;
    if (!form || view->overlay == form) {
        view_notify(view, why);
        return;
    }
    overlay_reopen(view, form);
    memcpy(view->ui.focus, view->doing->asking.focus, sizeof view->ui.focus);
    asking_say(view, why);
    view->notice_ms = 0;
    if (form->refused)
        form->refused(view, why);
}

static bool has(struct slice text, struct slice before, struct slice word, struct slice after)
{
    size_t at = 0;
    while (word.size > 0 && (at = slice_find(text, word, at)) != SLICE_NONE) {
        size_t end = at + word.size;
        if (at >= before.size && slice_equal(slice_part(text, at - before.size, at), before) &&
            slice_equal(slice_part(text, end, end + after.size), after))
            return true;
        at = end;
    }
    return false;
}

bool asking_blames(struct slice why, struct slice key, struct slice value)
{
    struct slice quote = SLICE("\"");
    return has(why, quote, value, quote) || has(why, SLICE("range: "), value, SLICE("")) ||
           has(why, quote, key, quote) || has(why, SLICE("("), key, SLICE(")")) ||
           (slice_starts(why, key) &&
            slice_starts(slice_part(why, key.size, key.size + 1), SLICE(":")));
}

/* ---- drawing ---- */

enum { PAD = 10, SIGN = 28, GAP = 12 };

/* In a low window the form needs the room. */
static int lines_most(const struct view *view)
{
    return view->frame_h < 500 ? 2 : 6;
}

float asking_height(struct view *view, float w)
{
    float size = view->ui.theme->size_text;
    struct slice rest = slice_of(doing_of(view)->asking.why), line;
    int lines = 0;
    while (lines < lines_most(view) &&
           ui_wrap(&view->ui, DRAW_FONT_BOLD, size, w - 2 * PAD - SIGN, &rest, &line))
        lines++;
    return lines ? (float)lines * draw_line_height(size) + 2 * PAD + GAP : 0;
}

void asking_draw(struct view *view, struct draw_box box)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    box.h -= GAP;
    if (box.h <= 0)
        return;
    draw_rect(ui->list, box, 6, theme->panel, theme->bad, 2);
    mark_sign(ui->list, theme, MARK_CROSS, box.x + PAD + 10, box.y + box.h / 2,
              theme->size_text * 1.2f, theme->bad);
    struct draw_box text = ui_inset(box, PAD);
    ui_cut_left(&text, SIGN);
    ui_paragraph(ui, text, DRAW_FONT_BOLD, theme->size_text, theme->ink,
                 slice_of(view->doing->asking.why), lines_most(view));
}
