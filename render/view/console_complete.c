#include <string.h>

#include "agents/proto/console_words.h"
#include "render/view/console.h"

/* What fits so far: how many, what they share, and their names. */
struct matches {
    struct slice word, shared, names[CONSOLE_CANDIDATES];
    size_t count;
};

static void consider(struct matches *m, struct slice name)
{
    if (name.size == 0 || !slice_starts(name, m->word) || m->count == CONSOLE_CANDIDATES)
        return;
    for (size_t i = 0; i < m->count; i++)
        if (slice_equal(m->names[i], name))
            return;
    size_t same = 0;
    while (m->count > 0 && same < m->shared.size && same < name.size &&
           m->shared.data[same] == name.data[same])
        same++;
    m->shared = m->count == 0 ? name : slice_part(m->shared, 0, same);
    m->names[m->count++] = name;
}

/* Commands where a line begins, behind it hosts by their ids and names. */
static void find(const struct log *log, bool is_first, struct matches *m)
{
    for (size_t i = 0; is_first && i < CONSOLE_VERB_COUNT; i++)
        consider(m, slice_of(console_words[i].name));
    for (uint32_t place = 1; !is_first && place <= log_place_count(log); place++)
        if (log_host_of(log, place) == place)
            consider(m, log_place_name(log, place));
    for (uint32_t place = 1; !is_first && place <= log_place_count(log); place++) {
        const struct event_host *host = event_as_host(log_place(log, place));
        if (host)
            consider(m, log_text(log, host->name));
    }
}

static struct slice list(const struct matches *m, struct arena *arena)
{
    struct slice text = SLICE("");
    for (size_t i = 0; i < m->count && i < 12; i++)
        text = arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(text), i ? "  " : "",
                            SLICE_ARG(m->names[i]));
    return text;
}

bool console_complete(const struct log *log, struct ui_edit *edit, struct arena *arena,
                      struct slice *candidates)
{
    size_t start = edit->cursor;
    while (start > 0 && edit->text[start - 1] != ' ' && edit->text[start - 1] != '@')
        start--;
    struct matches m = {.word = {edit->text + start, edit->cursor - start}};
    *candidates = SLICE("");
    find(log, start == 0, &m);
    if (m.count == 0)
        return false;
    size_t size = edit->size;
    struct slice more = arena_copy(arena, slice_part(m.shared, m.word.size, m.shared.size));
    ui_edit_type(edit, more);
    if (m.count == 1 && edit->cursor == edit->size)
        ui_edit_type(edit, SLICE(" "));
    *candidates = m.count > 1 ? list(&m, arena) : SLICE("");
    return edit->size > size;
}
