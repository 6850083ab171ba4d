/* The text twin of the picture, made from the trace (curriculum 5.3). */
#include <inttypes.h>

#include "render/view/docks.h"
#include "render/view/lesson_panel.h"
#include "render/view/time_panels.h"
#include "render/view/words.h"
#include "render/view/words_say.h"

/* Lines are bounded, so that a crowd of messages does not fill a page. */
enum { TOLD_OCTETS = 16000, TOLD_MESSAGES = 12, TOLD_HOSTS = 24 };

/* Where two runs part that stand beside each other, and what is the first that only one has. */
static bool tell_parting(const struct view *view, struct arena *arena, struct bytes *out)
{
    const struct compare *compare = &view->time->compare;
    const struct log *const logs[] = {view->log, view->other->log};
    if (view->fork_t == INT64_MAX)
        return bytes_printf(out, tr("%s and %s are the same run."), compare->names[0],
                            compare->names[1]) &&
               bytes_printf(out, "\n");
    bool ok = bytes_printf(out, tr("%s and %s part at %.*s."), compare->names[0], compare->names[1],
                           SLICE_ARG(words_clock(view->log, arena, view->fork_t)));
    for (int run = 0; ok && run < VIEW_RUNS; run++)
        if (compare->first[run] < log_count(logs[run]))
            ok = bytes_printf(
                out, " %s: %.*s %.*s.", compare->names[run],
                SLICE_ARG(words_clock(logs[run], arena, log_at(logs[run], compare->first[run])->t)),
                SLICE_ARG(words_event(logs[run], arena, compare->first[run])));
    return ok && bytes_printf(out, "\n");
}

/* What is otherwise in the second run, when there is one. */
static bool tell_fork(const struct view *view, struct arena *arena, struct bytes *out)
{
    struct slice words = compare_caption(view, arena);
    if (view->other && view->time->compare.is_beside && !tell_parting(view, arena, out))
        return false;
    return words.size == 0 || bytes_printf(out, "%.*s\n", SLICE_ARG(words));
}

static bool tell_messages(const struct view *view, struct arena *arena, struct bytes *out)
{
    const struct scene_now *now = &view->scene.now;
    bool ok = true;
    uint32_t told = 0;
    for (uint32_t msg = 1; ok && msg <= now->messages.count && told < TOLD_MESSAGES; msg++) {
        const struct scene_message *message = scene_find_message(&view->scene, msg);
        if (!message || !message->last_event)
            continue;
        struct slice subject = words_subject(view->log, arena, msg);
        struct slice state = words_state(&view->scene, arena, msg);
        struct slice words = WORDS_SAY(
            arena,
            trn("Message {number}, \xE2\x80\x9C{msg}\xE2\x80\x9D: {state}; {count} Received field.",
                "Message {number}, \xE2\x80\x9C{msg}\xE2\x80\x9D: {state}; {count} Received "
                "fields.",
                message->received_count),
            {"number", words_number(arena, msg)}, {"msg", subject}, {"state", state},
            {"count", words_number(arena, message->received_count)});
        ok = bytes_printf(out, "%.*s\n", SLICE_ARG(words));
        told++;
    }
    return ok;
}

static bool tell_flights(const struct view *view, struct arena *arena, struct bytes *out)
{
    struct scene_flight flight;
    bool ok = true;
    for (size_t i = 0; ok && scene_flight(&view->scene, i, &flight); i++) {
        struct slice words = words_flight(&view->scene, arena, &flight);
        bool is_told = slice_equal(words, view_caption(view));
        if ((flight.cargo != SCENE_CARGO_CONTROL || flight.is_lost) && !is_told)
            ok = bytes_printf(out, tr("On its way: %.*s.\n"), SLICE_ARG(words));
    }
    return ok;
}

static const char *connection_sentence(bool is_open, bool is_pull)
{
    if (is_open)
        return is_pull ? tr("Connected: {from} to {to}, port {port}, {protocol}, pull.")
                       : tr("Connected: {from} to {to}, port {port}, {protocol}, push.");
    return is_pull ? tr("Connecting: {from} to {to}, port {port}, {protocol}, pull.")
                   : tr("Connecting: {from} to {to}, port {port}, {protocol}, push.");
}

static bool tell_connections(const struct view *view, struct arena *arena, struct bytes *out)
{
    const struct scene_now *now = &view->scene.now;
    bool ok = true;
    for (size_t i = 0; ok && i < now->conns.count && i < TOLD_HOSTS; i++) {
        const struct scene_conn *conn = &now->conns.items[i];
        const struct event_tcp_connect *asked = log_conn(view->log, conn->conn);
        const char *protocol = words_protocol(&view->scene, conn->conn);
        bool is_pull = scene_is_pull(&view->scene, conn->conn);
        struct slice words = WORDS_SAY(
            arena, connection_sentence(conn->is_open, is_pull),
            {"from", words_host(view->log, asked->from)}, {"to", words_host(view->log, asked->to)},
            {"port", words_number(arena, asked->port)},
            {"protocol", conn->has_tls ? arena_printf(arena, tr("%s within TLS"), protocol)
                                       : slice_of(protocol)});
        ok = bytes_printf(out, "%.*s\n", SLICE_ARG(words));
    }
    return ok;
}

static bool tell_hosts(const struct view *view, struct bytes *out)
{
    bool ok = true;
    int told = 0;
    for (size_t i = 0; ok && i < view->map.hosts.count && told < TOLD_HOSTS; i++) {
        uint32_t place = view->map.hosts.items[i].place;
        struct scene_place sum = scene_host(&view->scene, place);
        struct slice name = words_host(view->log, place);
        bool is_up = scene_is_up(&view->scene, place);
        if (is_up && !sum.queued && !sum.stored && !sum.fetched)
            continue;
        ok = bytes_printf(out, "%.*s:%s", SLICE_ARG(name), is_up ? "" : tr(" down;")) &&
             (!sum.queued || bytes_printf(out, tr(" %u waiting;"), sum.queued)) &&
             (!sum.stored || bytes_printf(out, tr(" %u in store;"), sum.stored)) &&
             (!sum.fetched || bytes_printf(out, tr(" %u fetched;"), sum.fetched));
        if (ok) /* a full stop instead of the last semicolon */
            bytes_truncate(out, bytes_size(out) - 1);
        ok = ok && bytes_append(out, SLICE(".\n"));
        told++;
    }
    return ok;
}

struct slice view_told(const struct view *view, struct arena *arena)
{
    struct bytes out;
    bytes_init(&out, TOLD_OCTETS);
    struct slice clock = words_clock(view->log, arena, view->t);
    struct slice caption = words_sentence(view->log, arena, view_caption(view));
    bool ends = caption.size &&
                slice_find_octet(SLICE("?.!"), caption.data[caption.size - 1], 0) != SLICE_NONE;
    lesson_tell(view, arena, &out);
    lecture_look_tell(view, arena, &out);
    /* What does not fit any more is left out: the most important comes first. */
    (void)(bytes_printf(&out, "%.*s %.*s%s\n", SLICE_ARG(clock), SLICE_ARG(caption),
                        ends ? "" : ".") &&
           tell_fork(view, arena, &out) && tell_messages(view, arena, &out) &&
           tell_flights(view, arena, &out) && tell_connections(view, arena, &out) &&
           bytes_append(&out, states_told(view, arena)) && tell_hosts(view, &out));
    /* tabs keep what they have worked out; nothing that is shown changes by it */
    docks_tell((struct view *)view, arena, &out);
    struct slice told = arena_copy(arena, slice_trim(bytes_slice(&out)));
    bytes_finish(&out);
    return told;
}

static void draw_told(struct view *view, struct draw_box all)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct slice text = view_told(view, &ui->list->arena), rest = text, line;
    float w = theme->size_text * 50, step = draw_line_height(theme->size_text);
    int lines = 0;
    while (ui_wrap(ui, DRAW_FONT_SANS, theme->size_text, w - 64, &rest, &line))
        lines++;
    struct draw_box inside =
        overlay_frame(view, all, w, (float)lines * step + 2 * button_height(theme) + 92,
                      tr("The picture in words"));
    struct draw_box foot = ui_cut_bottom(&inside, button_height(theme));
    float copy =
        draw_width(ui->list, DRAW_FONT_SANS, theme->size_text, slice_of(tr("Copy  Ctrl + C")));
    ui_button(ui, "copy", ui_cut_right(&foot, copy + 28), tr("Copy  Ctrl + C"), request_act,
              VIEW_REQUEST_COPY, 0);
    ui_cut_bottom(&inside, 12);
    ui_clip(ui, inside);
    ui->list->may_cut = true; /* copied is all of it */
    ui_paragraph(ui, inside, DRAW_FONT_SANS, theme->size_text, theme->ink, text,
                 (int)(inside.h / step));
    ui->list->may_cut = false;
    ui_unclip(ui);
}

const struct overlay told_overlay = {.name = "told", .draw = draw_told, .keeps_keys = true};

void told_act(struct view *view, uint32_t arg)
{
    (void)arg;
    overlay_open(view, &told_overlay);
}
