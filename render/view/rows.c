#include "render/view/rows.h"

#include <math.h>

#include "render/view/state.h"

struct rows_seen rows_begin(struct view *view, struct draw_box box, float step, size_t count,
                            struct rows_scroll *scroll, ptrdiff_t focused)
{
    float shown = fmaxf(floorf(box.h / step), 1), above = scroll->above;
    if (focused >= 0 && focused != scroll->seen) { /* and one beside it, to which Tab goes on */
        above = fmaxf(above, (float)focused + 2 - shown);
        above = fminf(above, fmaxf((float)focused - 1, 0));
    }
    scroll->seen = focused;
    scroll->above = floorf(fmaxf(fminf(above, (float)count - shown), 0));
    scroll_bar_draw(view, box, (float)count * step, scroll->above * step);
    return (struct rows_seen){box, step, (size_t)scroll->above, count};
}

bool rows_next(struct rows_seen *rows, size_t *i, struct draw_box *row)
{
    if (rows->next >= rows->count || rows->rest.h < rows->step)
        return false;
    *i = rows->next++;
    *row = ui_cut_top(&rows->rest, rows->step);
    return true;
}
