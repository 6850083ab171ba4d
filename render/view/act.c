#include "render/view/state.h"

#include <stdio.h>
#include <string.h>

#define PAGE_LINES 8.0f

static void copy_text(char *to, size_t room, struct slice text)
{
    size_t size = text.size < room - 1 ? text.size : room - 1;
    memcpy(to, text.data, size);
    to[size] = '\0';
}

struct view_request *act_request(struct view *view, enum view_request_kind kind)
{
    if (view->request_count == VIEW_REQUESTS) /* nobody takes them: the newest replaces the last */
        view->request_count--;
    struct view_request *r = &view->requests[view->request_count++];
    *r = (struct view_request){.kind = kind, .t = view->t};
    return r;
}

bool view_take_request(struct view *view, struct view_request *request)
{
    if (view->request_count == 0)
        return false;
    *request = view->requests[0];
    view->request_count--;
    memmove(view->requests, view->requests + 1, view->request_count * sizeof view->requests[0]);
    return true;
}

void view_notify(struct view *view, struct slice text)
{
    copy_text(view->notice, sizeof view->notice, text);
    view->notice_ms = 5000;
}

void view_show_hint(struct view *view)
{
    view->has_hint = true;
}

/* ---- overlays ---- */

static void close_overlay(struct view *view)
{
    view->overlay = OVERLAY_NONE;
    memcpy(view->ui.focus, view->focus_before, sizeof view->ui.focus);
}

static void open_overlay(struct view *view, enum view_overlay overlay)
{
    if (view->overlay == overlay) {
        close_overlay(view);
        return;
    }
    if (view->overlay == OVERLAY_NONE)
        memcpy(view->focus_before, view->ui.focus, sizeof view->focus_before);
    view->overlay = overlay;
    view->ui.focus[0] = '\0';
    if (overlay == OVERLAY_COMPOSE)
        compose_open(view);
}

static struct slice field_text(const struct view *view, enum view_field field)
{
    return slice_trim((struct slice){view->fields[field].text, view->fields[field].size});
}

static void send(struct view *view)
{
    if (field_text(view, FIELD_FROM).size == 0 || field_text(view, FIELD_TO).size == 0) {
        view_notify(view, SLICE("A message needs an author and a recipient"));
        return;
    }
    struct view_request *r = act_request(view, VIEW_REQUEST_SEND);
    copy_text(r->from, sizeof r->from, field_text(view, FIELD_FROM));
    copy_text(r->to, sizeof r->to, field_text(view, FIELD_TO));
    copy_text(r->subject, sizeof r->subject, field_text(view, FIELD_SUBJECT));
    copy_text(r->body, sizeof r->body, field_text(view, FIELD_BODY));
    view->chosen_msg = view->chosen_conn = 0; /* the new message is followed */
    close_overlay(view);
}

static void fetch(struct view *view, uint32_t place)
{
    struct view_request *r = act_request(view, VIEW_REQUEST_FETCH);
    copy_text(r->agent, sizeof r->agent, log_place_name(view->log, place));
    if (view->overlay == OVERLAY_FETCH)
        close_overlay(view);
}

static bool fault_is_on(const struct view *view, const struct event_palette *p)
{
    for (size_t i = 0; i < view->scene.now.faults.count; i++) {
        const struct scene_fault *f = &view->scene.now.faults.items[i];
        if (f->id == p->id || (f->fault == p->fault && f->target == p->target))
            return true;
    }
    return false;
}

static void fault(struct view *view, uint32_t id)
{
    const struct event_palette *p =
        id < log_count(view->log) ? event_as_palette(log_at(view->log, id)) : NULL;
    if (!p)
        return;
    struct view_request *r = act_request(view, VIEW_REQUEST_FAULT);
    copy_text(r->fault, sizeof r->fault, log_text(view->log, p->id));
    r->is_on = !fault_is_on(view, p);
}

static void fill(struct view *view, enum view_field field, uint32_t place)
{
    const struct event *e = log_place(view->log, place);
    const struct event_agent *agent = e ? event_as_agent(e) : NULL;
    if (agent)
        ui_edit_set(&view->fields[field], log_text(view->log, agent->user));
}

/* ---- choosing: what one panel chooses lights up in all ---- */

static void choose_event(struct view *view, uint32_t id)
{
    if (id >= log_count(view->log))
        return;
    view->is_playing = false;
    play_seek(view, log_at(view->log, id)->t);
    view->chosen_event = id;
    const struct event *e = log_at(view->log, id);
    uint32_t msg = index_msg_of(e), conn = index_conn_of(e);
    if (msg)
        view->chosen_msg = msg;
    if (conn)
        view->chosen_conn = conn;
}

static void choose_hop(struct view *view, uint32_t hop)
{
    uint32_t from, by;
    view->chosen_hop = view->chosen_hop == hop ? 0 : hop;
    view->chosen_host = view->chosen_hop && header_hop(view, hop, &from, &by) ? by : 0;
}

static void choose_host(struct view *view, uint32_t place)
{
    view->chosen_host = view->chosen_host == place ? 0 : place;
    view->chosen_hop = 0;
    for (uint32_t n = 1; view->chosen_host && n < 200; n++) {
        uint32_t from, by;
        if (!header_hop(view, n, &from, &by))
            return;
        if (by == place)
            view->chosen_hop = n;
    }
}

static void choose(struct view *view, enum view_action action, uint32_t arg)
{
    view->scroll_dialogue = 0;
    if (action == ACTION_CHOOSE_HOST)
        choose_host(view, arg);
    else if (action == ACTION_CHOOSE_HOP)
        choose_hop(view, arg);
    else if (action == ACTION_CHOOSE_EVENT)
        choose_event(view, arg);
    else if (action == ACTION_CHOOSE_CONN)
        view->chosen_conn = arg;
    else {
        view->chosen_msg = arg;
        view->scroll_header = 0;
    }
}

static void scrub(struct view *view)
{
    const struct ui_widget *bar = ui_find(&view->ui, "scrub");
    if (!bar || bar->box.w <= 0)
        return;
    view->is_playing = false;
    play_seek(view, play_at_share(view, (view->ui.mouse_x - bar->box.x) / bar->box.w));
}

static void focus_field(struct view *view, uint32_t field)
{
    static const char *const names[FIELD_COUNT] = {"compose-from", "compose-to", "compose-subject",
                                                   "compose-body"};
    if (field < FIELD_COUNT)
        snprintf(view->ui.focus, sizeof view->ui.focus, "%s", names[field]);
}

static void end_or_home(struct view *view, bool is_end)
{
    view->is_playing = false;
    play_seek(view, is_end ? log_end(view->log) : 0);
}

/* Actions on the moment shown; false for others. */
static bool act_on_time(struct view *view, enum view_action action)
{
    if (action >= ACTION_EVENT_NEXT && action <= ACTION_MESSAGE_NEXT)
        play_step(view, action);
    else if (action == ACTION_PLAY)
        play_toggle(view);
    else if (action == ACTION_HOME || action == ACTION_END)
        end_or_home(view, action == ACTION_END);
    else if (action == ACTION_FASTER || action == ACTION_SLOWER)
        play_pace(view, action == ACTION_FASTER ? 1 : -1);
    else if (action == ACTION_SCRUB)
        scrub(view);
    else
        return false;
    return true;
}

/* Actions on the world, which only the program can carry out, and on the forms for them. */
static bool act_on_world(struct view *view, enum view_action action, uint32_t arg)
{
    if (action == ACTION_FOCUS_FIELD)
        focus_field(view, arg);
    else if (action == ACTION_FILL_FROM || action == ACTION_FILL_TO)
        fill(view, action == ACTION_FILL_FROM ? FIELD_FROM : FIELD_TO, arg);
    else if (action == ACTION_SEND)
        send(view);
    else if (action == ACTION_FETCH)
        fetch(view, arg);
    else if (action == ACTION_FAULT)
        fault(view, arg);
    else if (action == ACTION_PICTURE || action == ACTION_QUIT || action == ACTION_COPY)
        act_request(view, action == ACTION_QUIT   ? VIEW_REQUEST_QUIT
                          : action == ACTION_COPY ? VIEW_REQUEST_COPY
                                                  : VIEW_REQUEST_PICTURE);
    else
        return false;
    return true;
}

void act(struct view *view, enum view_action action, uint32_t arg)
{
    if (act_on_time(view, action) || act_on_world(view, action, arg))
        return;
    if (action >= ACTION_CHOOSE_HOST && action <= ACTION_CHOOSE_EVENT)
        choose(view, action, arg);
    else if (action == ACTION_THEME)
        view->theme = (view->theme + 1) % THEME_COUNT;
    else if (action == ACTION_OVERLAY)
        open_overlay(view, (enum view_overlay)arg);
    else if (action == ACTION_CLOSE)
        close_overlay(view);
    else if (action == ACTION_PAGE_UP || action == ACTION_PAGE_DOWN)
        view->scroll_header += action == ACTION_PAGE_DOWN ? PAGE_LINES : -PAGE_LINES;
    else if (action == ACTION_PACKETS)
        view->show_packets = !view->show_packets;
    else if (action == ACTION_TAB)
        view->shows_events = arg == 2 ? !view->shows_events : arg == 1;
}
