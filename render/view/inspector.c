#include "render/view/inspector.h"

#include <stdio.h>
#include <stdlib.h>

#include "render/view/role_words.h"
#include "sim/base/memory.h"

enum { SCRATCH_MAX = 64 * 1024 };

struct inspector *inspector_get(struct view *view)
{
    if (!view->inspector) {
        view->inspector = memory_take(sizeof *view->inspector);
        view->inspector->stage = view->inspector->diff_event = INDEX_NO_EVENT;
        view->inspector->authors.event = INDEX_NO_EVENT;
        bytes_init(&view->inspector->parts.content, SIZE_MAX);
        bytes_init(&view->inspector->parts.decoded, SIZE_MAX);
        bytes_init(&view->inspector->parts.text, SIZE_MAX);
        bytes_init(&view->inspector->scratch, SCRATCH_MAX);
        decoded_init(&view->inspector->decoded);
    }
    return view->inspector;
}

void inspector_forget(struct view *view)
{
    struct inspector *inspector = view->inspector;
    if (!inspector)
        return;
    stages_finish(&inspector->stages);
    dns_asks_finish(&inspector->dns);
    dns_cache_finish(&inspector->cache);
    host_facts_finish(&inspector->host);
    diff_finish(&inspector->fields);
    diff_finish(&inspector->lines);
    if (inspector->parts.is_read)
        mime_finish(&inspector->parts.mime);
    vector_finish(&inspector->parts.faults);
    inspector->parts.is_read = inspector->parts.is_decoded = false;
    inspector->parts.header = inspector->parts.body = SLICE("");
    inspector->stage = inspector->diff_event = inspector->authors.event = INDEX_NO_EVENT;
}

void inspector_finish(struct view *view)
{
    if (!view->inspector)
        return;
    inspector_forget(view);
    bytes_finish(&view->inspector->parts.content);
    bytes_finish(&view->inspector->parts.decoded);
    bytes_finish(&view->inspector->parts.text);
    bytes_finish(&view->inspector->scratch);
    decoded_finish(&view->inspector->decoded);
    free(view->inspector);
    view->inspector = NULL;
}

float *inspector_scroll(struct view *view, enum page_id id)
{
    return id == PAGE_HEADER ? &view->scroll_header : &inspector_get(view)->scroll[id];
}

/* That of the chosen event, if it is one, else the last. */
static size_t last_stage(struct view *view)
{
    struct stages *stages = &inspector_get(view)->stages;
    stages_update(stages, view->log);
    size_t count = stages_count(stages, view->log, view->msg, view->t);
    for (size_t i = count; view->chosen_event != INDEX_NO_EVENT && i-- > 0;)
        if (stages->ids.items[i] == view->chosen_event)
            return i;
    return count ? count - 1 : SLICE_NONE;
}

size_t inspector_stage(struct view *view)
{
    enum { LOOK_BACK = 4096 };
    struct inspector *inspector = inspector_get(view);
    struct stages *stages = &inspector->stages;
    stages_update(stages, view->log);
    size_t count = stages_count(stages, view->log, view->msg, view->t);
    for (size_t i = count; inspector->stage != INDEX_NO_EVENT && i-- > 0;)
        if (stages->ids.items[i] == inspector->stage)
            return i;
    for (size_t i = count, n = 0; view->chosen_host && i-- > 0 && n < LOOK_BACK; n++) {
        struct stage stage = stages_at(stages, view->log, i);
        if (log_host_of(view->log, stage.place) == view->chosen_host)
            return i;
    }
    return last_stage(view);
}

struct slice inspector_role(const struct log *log, uint32_t place)
{
    const struct event *e = log_place(log, place);
    const struct event_agent *agent = e ? event_as_agent(e) : NULL;
    return agent ? log_text(log, agent->role) : SLICE("");
}

struct slice inspector_who(const struct view *view, struct arena *arena, uint32_t place)
{
    struct slice role = inspector_role(view->log, place), name = log_place_name(view->log, place);
    if (role.size == 0)
        return name;
    return arena_printf(arena, "%.*s (%s)", SLICE_ARG(name),
                        role_label(role, view->settings.is_classic));
}

const struct authors *inspector_authors(struct view *view)
{
    struct inspector *inspector = inspector_get(view);
    struct authors *authors = &inspector->authors;
    struct stages *stages = &inspector->stages;
    size_t last = last_stage(view);
    if (last == SLICE_NONE)
        *authors = (struct authors){.event = INDEX_NO_EVENT};
    else if (authors->event != stages->ids.items[last])
        authors_read(authors, stages, view->log, last);
    return authors;
}

/* ---- the words of a tab alone ---- */

static void copy_act(struct view *view, uint32_t id)
{
    typedef void tell_tab(struct view * view, struct arena * arena, struct bytes * out);
    static tell_tab *const tells[PAGE_COUNT] = {
        [PAGE_HEADER] = header_tell,   [PAGE_LAYERS] = layers_tell, [PAGE_PARTS] = parts_tell,
        [PAGE_CHANGES] = changes_tell, [PAGE_DNS] = dns_panel_tell, [PAGE_HOST] = host_panel_tell};
    struct arena arena;
    struct bytes out;
    arena_init(&arena);
    bytes_init(&out, VIEW_REQUEST_MAX - 1);
    tells[id](view, &arena, &out);
    request_add(view, VIEW_REQUEST_COPY, bytes_slice(&out));
    bytes_finish(&out);
    arena_finish(&arena);
}

void inspector_copy_button(struct view *view, struct draw_box *tools, enum page_id id)
{
    struct ui *ui = &view->ui;
    const char *label = tr("Copy");
    char name[UI_NAME];
    float w = draw_width(ui->list, DRAW_FONT_SANS, ui->theme->size_text, slice_of(label)) + 20;
    if (tools->w < w + 4)
        return; /* Ctrl + C copies it with all the rest */
    snprintf(name, sizeof name, "copy-page-%d", (int)id);
    ui_button(ui, name, ui_inset(ui_cut_right(tools, w), 1), label, copy_act, (uint32_t)id, 0);
    ui_tip(ui, slice_of(tr("These words to the clipboard")));
}
