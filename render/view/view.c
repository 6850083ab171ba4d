#include "render/view/view.h"

#include <math.h>
#include <string.h>

#include "render/view/console.h"
#include "render/view/docks.h"
#include "render/view/inspector.h"
#include "render/view/lesson_panel.h"
#include "render/view/palette.h"
#include "render/view/people.h"
#include "render/view/time_panels.h"
#include "render/view/doing.h"
#include "render/view/words.h"
#include "sim/base/memory.h"

struct view *view_create(const struct log *log)
{
    struct view *view = memory_take(sizeof *view);
    ui_init(&view->ui);
    view->settings.scale_percent = 100;
    view->time = time_panels_create();
    view_set_log(view, log);
    return view;
}

static void drop_log(struct view *view)
{
    scene_finish(&view->scene);
    layout_finish(&view->layout);
    index_finish(&view->index);
    map_finish(&view->map);
    view_destroy(view->other);
    inspector_forget(view);
    console_forget(view);
    dialogue_forget(view);
    doing_forget(view);
}

void view_destroy(struct view *view)
{
    if (!view)
        return;
    drop_log(view);
    compose_finish(view);
    doing_finish(view);
    picker_finish(view);
    palette_finish(view);
    lesson_finish_panel(view);
    inspector_finish(view);
    console_finish(view);
    dialogue_finish(view);
    ui_finish(&view->ui);
    time_panels_destroy(view->time);
    free(view);
}

/* Everything that is about the log starts anew; what the person has set up stays. */
static void set_log(struct view *view, const struct log *log, bool is_same_run)
{
    drop_log(view);
    struct view old = *view;
    *view = (struct view){.log = log,
                          .settings = old.settings,
                          .theme = old.theme,
                          .zoom = 1,
                          .stretch = old.stretch,
                          .ui = old.ui,
                          .time = old.time,
                          .compose = old.compose,
                          .doing = old.doing,
                          .picker = old.picker,
                          .palette = old.palette,
                          .inspector = old.inspector,
                          .lesson = old.lesson,
                          .console = old.console,
                          .dialogue = old.dialogue,
                          .pace = 3,
                          .waiting_step = STEP_NONE,
                          .chosen_event = INDEX_NO_EVENT,
                          .stood_t = -1,
                          .only = old.only,
                          .big = -2,
                          .split_right = old.split_right,
                          .split_talk = old.split_talk,
                          .split_run = old.split_run};
    memcpy(view->tabs, old.tabs, sizeof view->tabs);
    view->ui.focus[0] = '\0';
    scene_init(&view->scene, log);
    index_init(&view->index);
    layout_init(&view->layout, log);
    view->layout_places = log_place_count(log);
    time_panels_new_log(view, is_same_run);
    view_refresh(view);
}

/* What was asked for is still to be done. */
static void keep_requests(struct view *view, const struct view *old)
{
    memcpy(view->requests, old->requests, sizeof view->requests);
    view->request_count = old->request_count;
}

void view_set_log(struct view *view, const struct log *log)
{
    struct view old = *view;
    set_log(view, log, false);
    keep_requests(view, &old);
}

/* The number if what it stands for began by t, or 0. */
static uint32_t known_by(const struct log *log, uint32_t number, int64_t t, uint32_t births_count,
                         const uint32_t *births)
{
    if (number == 0 || number > births_count || births[number - 1] >= log_count(log))
        return 0;
    return log_at(log, births[number - 1])->t <= t ? number : 0;
}

/* What the person is about to do goes on, too: an overlay stays open, what was said is still
   read. */
static void keep_doing(struct view *view, const struct view *old)
{
    view->overlay = old->overlay;
    memcpy(view->ui.focus, old->ui.focus, sizeof view->ui.focus);
    memcpy(view->focus_before, old->focus_before, sizeof view->focus_before);
    keep_requests(view, old);
    memcpy(view->notice, old->notice, sizeof view->notice);
    view->notice_ms = old->notice_ms;
}

void view_follow_log(struct view *view, const struct log *log, int64_t t)
{
    struct view old = *view;
    uint32_t msg = view->chosen_msg, conn = view->chosen_conn, host = view->chosen_host;
    uint32_t hop = view->chosen_hop;
    int pace = view->pace, big = view->big;
    bool show_packets = view->show_packets;
    struct map look = {0};
    map_take_look(&look, &view->map);
    set_log(view, log, true);
    map_take_look(&view->map, &look);
    keep_doing(view, &old);
    view->pace = pace;
    view->big = big;
    view->show_packets = show_packets;
    view->chosen_msg = known_by(log, msg, t, (uint32_t)log->msgs.count, log->msgs.items);
    view->chosen_conn = known_by(log, conn, t, (uint32_t)log->conns.count, log->conns.items);
    view->chosen_host = host <= log_place_count(log) ? host : 0;
    view->chosen_hop = view->chosen_msg || !msg ? hop : 0;
    play_seek(view, t);
}

/* ---- what is shown now ---- */

/* What the last event up to now that names one is about. Looks back over a bounded stretch. */
static uint32_t follow(const struct view *view, uint32_t (*field)(const struct event *))
{
    enum { LOOK_BACK = 400 };
    uint32_t count = log_count_until(view->log, view->t);
    for (uint32_t i = 0; i < LOOK_BACK && i < count; i++) {
        uint32_t number = field(log_at(view->log, count - 1 - i));
        if (number)
            return number;
    }
    return 0;
}

/* The connection on which the chosen message was last spoken of, or the last one of all. */
static uint32_t follow_conn(const struct view *view)
{
    enum { LOOK_BACK = 400 };
    uint32_t count = log_count_until(view->log, view->t);
    for (uint32_t i = 0; view->chosen_msg && i < LOOK_BACK && i < count; i++) {
        const struct event *e = log_at(view->log, count - 1 - i);
        if (index_msg_of(e) == view->chosen_msg && index_conn_of(e))
            return index_conn_of(e);
    }
    return follow(view, index_conn_of);
}

/* What a flight is worth telling: first of all what is chosen, then mail, and what is lost. */
static int flight_rank(const struct view *view, const struct scene_flight *flight)
{
    bool is_about = (flight->conn && flight->conn == view->chosen_conn) ||
                    (flight->msg && flight->msg == view->chosen_msg);
    if (flight->cargo == SCENE_CARGO_CONTROL && !flight->is_lost)
        return -1;
    return 2 * is_about + (flight->cargo == SCENE_CARGO_MESSAGE || flight->is_lost);
}

/* The newest of those that are worth most. */
static struct slice flight_caption(const struct view *view, struct arena *arena)
{
    struct scene_flight flight;
    struct slice text = SLICE("");
    int best = 0;
    for (size_t i = 0; scene_flight(&view->scene, i, &flight); i++) {
        int rank = flight_rank(view, &flight);
        if (rank < best)
            continue;
        text = words_flight(&view->scene, arena, &flight);
        best = rank;
    }
    return text;
}

/* Of two runs that stand beside each other: of the one that is worked in. What was chosen comes
   before what is on its way. */
static void write_caption(struct view *view)
{
    struct arena *arena = view->ui.list ? &view->ui.list->arena : NULL;
    const struct view *shown = compare_shown(view);
    if (!arena)
        return;
    bool is_chosen = shown->chosen_event != INDEX_NO_EVENT;
    struct slice text = is_chosen ? SLICE("") : flight_caption(shown, arena);
    if (text.size == 0 && shown->event != INDEX_NO_EVENT)
        text = words_event(shown->log, arena, shown->event);
    if (text.size == 0)
        text = slice_of(
            people_next(view, 0) || !forms_fault(view, 0)
                ? tr("Nothing has happened yet. Space plays, M writes a message.")
                : tr("Nobody is here yet: I, or the right button on the map, adds servers and "
                     "people."));
    view->caption_size = text.size < sizeof view->caption ? text.size : sizeof view->caption - 1;
    memcpy(view->caption, text.data, view->caption_size);
}

void view_refresh(struct view *view)
{
    if (view->layout_places != log_place_count(view->log)) {
        layout_finish(&view->layout);
        layout_init(&view->layout, view->log);
        view->layout_places = log_place_count(view->log);
        view->map.is_ready = false;
    }
    index_update(&view->index, view->log);
    scene_seek(&view->scene, view->t);
    view->event = view->chosen_event != INDEX_NO_EVENT
                      ? view->chosen_event
                      : index_at(play_rows(view), view->log, view->t);
    view->msg = view->chosen_msg ? view->chosen_msg : follow(view, index_msg_of);
    view->conn = view->chosen_conn ? view->chosen_conn : follow_conn(view);
}

/* ---- the frame ---- */

#define ZOOM_STEP 0.9f

static void draw_panels(struct view *view, float w, float h)
{
    struct draw_box all = {8, 8, w - 16, h - 16};
    if (only_is_on(view)) {
        only_draw(view, (struct draw_box){0, 0, w, h});
        return;
    }
    if (lecture_is_on(view)) {
        lecture_draw(view, (struct draw_box){0, 0, w, h});
        return;
    }
    bar_draw(view, ui_cut_top(&all, button_height(view->ui.theme) + 4));
    ui_cut_top(&all, 8);
    float tools = tools_height(view, all.w);
    if (tools > 0) {
        tools_draw(view, ui_cut_top(&all, tools));
        ui_cut_top(&all, 8);
    }
    struct draw_box time = ui_cut_bottom(&all, timeline_height(view));
    ui_cut_bottom(&all, 8);
    lesson_draw(view, &all);
    docks_draw(view, all);
    timeline_draw(view, time);
    tools_map_draw(view);
    strip_hover_draw(view);
}

static void draw_overlay(struct view *view, struct draw_box all)
{
    if (!view->overlay)
        return;
    const struct overlay *below = menu_is_open(view) ? overlay_below(view) : NULL;
    if (below) { /* a menu is small: what it came from is still seen */
        ui_modal(&view->ui, all, true);
        below->draw(view, all);
    }
    ui_modal(&view->ui, all, !menu_is_open(view));
    view->overlay->draw(view, all);
    ui_move_last(&view->ui, "close"); /* who goes by Tab comes to what it is for first */
}

/* What the mouse is over was known after the last frame. */
static void find_hover(struct view *view)
{
    const struct ui_widget *w = ui_find_at(&view->ui, view->ui.mouse_x, view->ui.mouse_y, false);
    view->hover_host = w && w->act == select_host ? w->arg : 0;
    view->hover_hop = w && w->act == select_hop ? w->arg : 0;
}

static struct slice list_title(struct view *view)
{
    uint32_t name = view->scene.now.title;
    struct slice title = name ? log_text(view->log, name) : SLICE("mailflow");
    struct arena *arena = &view->ui.list->arena;
    return only_is_on(view) ? only_title(view, arena, title) : arena_copy(arena, title);
}

static void draw_frame(struct view *view, struct draw_list *list, float w, float h)
{
    draw_clear(list);
    zoom_begin(&view->stretch, list, view->zoom);
    w = fmaxf(w / view->zoom, 640);
    h = fmaxf(h / view->zoom, 360);
    find_hover(view);
    ui_begin(&view->ui, list, theme_get(view->theme));
    view_refresh(view);
    lesson_frame(view);
    struct draw_box all = {0, 0, w, h};
    draw_rect(list, all, 0, view->ui.theme->ground, 0, 0);
    view->frame_h = h;
    view->caption_box = (struct draw_box){0};
    compare_frame_begin(view);
    write_caption(view);
    list->title = list_title(view);
    list->description = arena_copy(&list->arena, view_caption(view));
    draw_panels(view, w, h);
    compare_frame_end(view);
    draw_overlay(view, all);
    notice_draw(view, w, h);
    ui_end(&view->ui);
    zoom_end(&view->stretch, list);
}

static uint32_t count_hosts(const struct log *log)
{
    uint32_t count = 0;
    for (uint32_t place = 1; place <= log_place_count(log); place++)
        count += log_host_of(log, place) == place;
    return count;
}

/* Programs come and go, as when somebody calls: letters stay as they are while the hosts do. */
static bool has_same_hosts(struct view *view)
{
    uint32_t places = log_place_count(view->log);
    if (view->zoom_places != places && view->zoom_hosts == count_hosts(view->log))
        view->zoom_places = places;
    return view->zoom_places == places;
}

static bool has_zoom(struct view *view, float w, float h)
{
    return view->zoom_w == w && view->zoom_h == h && view->zoom_theme == view->theme &&
           view->zoom_percent == lecture_percent(view) &&
           view->zoom_is_alone == lecture_look_is_alone(view) &&
           (view->zoom_saw_map || lecture_hides_map(view)) && has_same_hosts(view);
}

/* A few hosts should be whole cards: somewhat smaller letters make room, down to this size. */
static bool can_shrink(const struct view *view, float w, float h)
{
    enum { HOSTS_AS_CARDS = 32, LEAST_LETTERS = 12, LECTURE_LINES = 60 };
    float plain = zoom_of(view->theme, 100, w, h);
    float least = LEAST_LETTERS * zoom_of(view->theme, lecture_percent(view), w, h) / plain;
    if (lecture_is_on(view)) /* a projector makes a small picture as large as any */
        least = fminf(least, fmaxf(LEAST_LETTERS, h / LECTURE_LINES));
    return !lecture_hides_map(view) && view->map.detail > MAP_MINI &&
           view->map.hosts.count <= HOSTS_AS_CARDS &&
           view->zoom * ZOOM_STEP * theme_get(view->theme)->size_text >= least;
}

void view_draw(struct view *view, struct draw_list *list, float w, float h)
{
    if (has_zoom(view, w, h)) {
        draw_frame(view, list, w, h);
        return;
    }
    float best = view->zoom = zoom_of(view->theme, lecture_percent(view), w, h);
    draw_frame(view, list, w, h);
    enum map_detail least = view->map.detail;
    while (can_shrink(view, w, h)) {
        view->zoom *= ZOOM_STEP;
        draw_frame(view, list, w, h);
        if (view->map.detail < least) { /* no smaller than it is of use */
            least = view->map.detail;
            best = view->zoom;
        }
    }
    if (view->zoom != best) {
        view->zoom = best;
        draw_frame(view, list, w, h);
    }
    view->zoom_w = w;
    view->zoom_h = h;
    view->zoom_theme = view->theme;
    view->zoom_percent = lecture_percent(view);
    view->zoom_places = log_place_count(view->log);
    view->zoom_hosts = count_hosts(view->log);
    view->zoom_saw_map = !lecture_hides_map(view);
    view->zoom_is_alone = lecture_look_is_alone(view);
}

/* ---- asked from outside ---- */

void view_set_settings(struct view *view, const struct view_settings *settings)
{
    if (view->settings.is_classic != settings->is_classic)
        view->map.is_ready = false; /* cards are as wide as their labels */
    if (strcmp(view->settings.language, settings->language) != 0)
        view->map.is_ready = false;
    view->settings = *settings;
    view->theme = settings->theme;
    tr_set_language(settings->language);
    if (view->other)
        view_set_settings(view->other, settings);
}

const struct view_settings *view_settings(const struct view *view)
{
    return &view->settings;
}

void view_theme_act(struct view *view, uint32_t arg)
{
    (void)arg;
    view_set_theme(view, (view->theme + 1) % THEME_COUNT);
    request_add(view, VIEW_REQUEST_SETTINGS, SLICE(""));
}

void view_set_theme(struct view *view, enum theme_id theme)
{
    view->settings.theme = theme;
    view->theme = theme;
}

void view_seek(struct view *view, int64_t t)
{
    view->is_playing = false;
    play_seek(view, t);
}

void view_set_reach(struct view *view, int64_t t)
{
    view->reach = t > view->reach ? t : view->reach;
}

int64_t view_t(const struct view *view)
{
    return view->t;
}

void view_set_playing(struct view *view, bool is_playing)
{
    if (view->is_playing != is_playing)
        play_toggle(view);
}

void view_play_a_while(struct view *view)
{
    view->is_gliding = false;
    view->is_playing = view->plays_a_while = true;
}

bool view_plays_a_while(const struct view *view)
{
    return view->is_playing && view->plays_a_while;
}

bool view_is_playing(const struct view *view)
{
    return view->is_playing;
}

struct slice view_caption(const struct view *view)
{
    return (struct slice){view->caption, view->caption_size};
}

bool view_find_widget(const struct view *view, const char *name, float *x, float *y)
{
    const struct ui_widget *w = ui_find(&view->ui, name);
    if (!w || w->box.w <= 0 || w->box.h <= 0)
        return false;
    *x = (w->box.x + w->box.w / 2) * view->zoom;
    *y = (w->box.y + w->box.h / 2) * view->zoom;
    return true;
}

bool view_press_widget(struct view *view, const char *name)
{
    struct input_event event = {.kind = INPUT_MOVE, .button = 1};
    if (!view_find_widget(view, name, &event.x, &event.y))
        return false;
    static const enum input_kind kinds[] = {INPUT_MOVE, INPUT_PRESS, INPUT_RELEASE};
    for (size_t i = 0; i < 3; i++) {
        event.kind = kinds[i];
        view_input(view, &event);
    }
    return true;
}
