/* What scripts and tests ask about the widgets of the last frame. */
#include "render/view/state.h"

const char *view_widget_name(const struct view *view, size_t i)
{
    const struct ui *ui = &view->ui;
    return i + ui->modal_from < ui->widgets.count ? ui->widgets.items[i + ui->modal_from].name
                                                  : NULL;
}
