#include "render/view/dialogue_panel.h"

#include <stdlib.h>

#include "sim/base/memory.h"

struct dialogue_panel *dialogue_panel(struct view *view)
{
    if (!view->dialogue)
        view->dialogue = memory_take(sizeof *view->dialogue);
    struct dialogue_panel *panel = view->dialogue;
    bytes_index_update(&panel->segments, view->log);
    dialogue_turns_update(&panel->turns, view->log, &view->index, &panel->segments, view->conn);
    return panel;
}

void dialogue_forget(struct view *view)
{
    struct dialogue_panel *panel = view->dialogue;
    if (!panel)
        return;
    bytes_index_clear(&panel->segments);
    panel->turns.log = NULL; /* starts anew at the next update */
    dialogue_lines_forget(&panel->lines);
    vector_clear(&panel->blocks);
    panel->block_conn = panel->block_a = panel->block_b = 0;
}

void dialogue_finish(struct view *view)
{
    struct dialogue_panel *panel = view->dialogue;
    if (!panel)
        return;
    bytes_index_finish(&panel->segments);
    dialogue_turns_finish(&panel->turns);
    dialogue_lines_finish(&panel->lines);
    vector_finish(&panel->blocks);
    free(panel);
    view->dialogue = NULL;
}

int64_t dialogue_chosen_turn(struct view *view)
{
    const struct dialogue_turns *turns = &dialogue_panel(view)->turns;
    int64_t place = view->event == INDEX_NO_EVENT ? DIALOGUE_TURNS_NONE
                                                  : dialogue_turns_find(turns, view->event);
    if (place != DIALOGUE_TURNS_NONE)
        return place;
    return (int64_t)dialogue_turns_below(turns, log_count_until(view->log, view->t)) - 1;
}

bool dialogue_is_secure(const struct view *view, uint32_t event)
{
    const struct log *log = view->log;
    uint32_t up =
        view->conn && view->conn - 1 < log->tls.count ? log->tls.items[view->conn - 1] : 0;
    return up && up < event;
}

void dialogue_show_act(struct view *view, uint32_t show)
{
    dialogue_panel(view)->shows ^= show;
}

/* As long as a request may be; what is more is left out, and that is said. */
static void copy_lines(const struct dialogue_panel *panel, size_t count, struct bytes *out)
{
    static const struct slice more = {"...\n", 4};
    for (size_t i = 0; i < count; i++) {
        const struct dialogue_line *line = &panel->lines.lines.items[i];
        struct slice text = dialogue_lines_text(&panel->lines, line);
        const char *side = line->kind == DIALOGUE_NOTE ? "   " : line->is_server ? "S: " : "C: ";
        if (bytes_size(out) + text.size + 8 + more.size > VIEW_REQUEST_MAX) {
            (void)bytes_append(out, more);
            return;
        }
        (void)(bytes_append(out, slice_of(side)) && bytes_append(out, text) &&
               bytes_append_octet(out, '\n'));
    }
}

void dialogue_tell(struct view *view, struct arena *arena, struct bytes *out)
{
    struct dialogue_panel *panel = dialogue_panel(view);
    size_t turns = dialogue_turns_below(&panel->turns, log_count_until(view->log, view->t));
    (void)arena;
    copy_lines(panel, dialogue_lines_of_turns(&panel->lines, turns), out);
}

void dialogue_copy_act(struct view *view, uint32_t arg)
{
    (void)arg;
    struct bytes text;
    bytes_init(&text, VIEW_REQUEST_MAX);
    dialogue_tell(view, NULL, &text);
    request_add(view, VIEW_REQUEST_COPY, bytes_slice(&text));
    bytes_finish(&text);
}
