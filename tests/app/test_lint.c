/*
 * The picture as those who need it most find it: in every theme, size, language and window of use
 * no word is cut off, covered or too faint, and what can be pressed is large enough and has a place
 * of its own (curriculum 5.3). The map's own labels have a test of their own (test_map_lint.c).
 */
#include <criterion/criterion.h>
#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/forms.h"
#include "render/draw/glyphs.h"
#include "render/view/commands.h"
#include "render/view/docks.h"
#include "render/view/doing.h"
#include "render/view/lesson_panel.h"
#include "render/view/state.h"
#include "sim/base/vtime.h"
#include "tests/view/support_course.h"
#include "tests/view/support_lint.h"
#include "topologies/world.h"

enum { DAYS = 10, TOLD_MOST = 400 };

struct scene_of {
    struct world *world;
    struct view *view;
    struct draw_list list;
    struct glyphs *glyphs;
    float w, h;
    char what[200];
    unsigned pictures, faults;
};

static struct world *play(const char *path)
{
    struct topology topology;
    struct problem problem = {0};
    cr_assert(topology_load(&topology, path, &problem), "%s", problem.what);
    struct world *world = world_create(&topology, &(struct world_options){.seed = 1});
    topology_finish(&topology);
    cr_assert(world_demo(world, &problem), "%s: %s", path, problem.what);
    world_run_quiet(world, DAYS * 24 * VTIME_H);
    return world;
}

static void begin(struct scene_of *s, const char *path)
{
    *s = (struct scene_of){.world = play(path), .glyphs = glyphs_create(), .w = 1280, .h = 800};
    s->view = view_create(world_log(s->world));
    draw_init(&s->list, glyphs_measure, s->glyphs);
    tr_set_catalogs(CATALOGS);
    tr_set_language("en");
}

static void end(struct scene_of *s)
{
    view_destroy(s->view);
    draw_finish(&s->list);
    world_destroy(s->world);
    glyphs_destroy(s->glyphs);
}

/* What flies over the map may cover a word for a moment. */
static bool is_under_flight(const struct view *view, struct draw_box box)
{
    for (size_t i = 0; i < view->ui.widgets.count; i++) {
        const struct ui_widget *w = &view->ui.widgets.items[i];
        struct draw_box on = {w->box.x * view->zoom, w->box.y * view->zoom, w->box.w * view->zoom,
                              w->box.h * view->zoom};
        if ((strncmp(w->name, "flight-", 7) == 0 || strncmp(w->name, "talk-", 5) == 0) &&
            lint_is_over(on, box))
            return true;
    }
    return false;
}

/* Things on the map lie where the network puts them, and can be brought closer. */
static bool is_of_map(const struct view *view, const struct lint_found *found)
{
    struct draw_box map = view->map.box;
    map.x *= view->zoom, map.y *= view->zoom, map.w *= view->zoom, map.h *= view->zoom;
    if (!lint_is_over(map, found->box) || view->overlay)
        return false;
    return found->kind >= LINT_SHORT ? found->kind != LINT_FAINT
                                     : is_under_flight(view, found->box);
}

/* The state diagram of a narrow dock, and the bar with the columns of the ladder, which is moved
   sideways, show a part. */
static bool is_partly_shown(const struct lint_found *found, const char *what)
{
    return (strcmp(what, "states") == 0 && found->kind <= LINT_SHORT) ||
           (found->kind == LINT_SMALL && slice_starts(found->text, SLICE("ladder-")));
}

/* Of what is scrolled a part of the first and of the last thing is seen. */
static bool is_at_edge(const struct view *view, const struct lint_found *found)
{
    static const char *const rooms[] = {"lesson-wheel", "quiz-wheel", "form-wheel"};
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms && found->kind == LINT_SMALL; i++) {
        const struct ui_widget *room = ui_find(&view->ui, rooms[i]);
        float top = room ? room->box.y * view->zoom : 0;
        float end = room ? top + room->box.h * view->zoom : 0;
        if (room && (fabsf(found->box.y - top) < 5 * view->zoom ||
                     fabsf(found->box.y + found->box.h - end) < 5 * view->zoom))
            return true;
    }
    return false;
}

static void look(struct scene_of *s, const char *what)
{
    struct lint lint = {.part = {0, 0, s->w, s->h}};
    s->view->notice_ms = 0; /* it lies over other things for a while, and says so by its ground */
    view_draw(s->view, &s->list, s->w, s->h);
    view_draw(s->view, &s->list, s->w, s->h);
    lint.first = s->view->ui.modal_item;
    lint_picture(&lint, &s->list);
    lint_words(&lint, &s->list);
    lint_widgets(&lint, &s->view->ui, s->view->zoom);
    s->pictures++;
    for (size_t i = 0; i < lint.count && i < LINT_FOUND_MAX; i++) {
        const struct lint_found *f = &lint.found[i];
        if (is_of_map(s->view, f) || is_partly_shown(f, what) || is_at_edge(s->view, f) ||
            s->faults++ >= TOLD_MOST)
            continue;
        cr_expect(false, "%s, %s: \"%.*s\" is %s %.*s at %.0f,%.0f %.0fx%.0f", s->what, what,
                  SLICE_ARG(f->text), lint_name(f->kind), SLICE_ARG(f->other), f->box.x, f->box.y,
                  f->box.w, f->box.h);
    }
}

static void set_up(struct scene_of *s, enum theme_id theme, const char *language, int percent)
{
    struct view_settings settings = *view_settings(s->view);
    settings.theme = theme;
    settings.scale_percent = percent;
    view_set_settings(s->view, &settings);
    tr_set_language(language);
    snprintf(s->what, sizeof s->what, "%s %s %d %% %.0fx%.0f", theme_get(theme)->name, language,
             percent, s->w, s->h);
}

/* Every tab in its dock, and with all the room. */
static void look_at_tabs(struct scene_of *s)
{
    for (int i = 0; i < tab_count; i++) {
        docks_show(s->view, tabs[i].name);
        look(s, tabs[i].name);
    }
}

/* Whatever a command opens. */
static void look_at_overlays(struct scene_of *s)
{
    for (int i = 0; i < commands_count; i++) {
        if (!commands[i].title || commands[i].act == play_step_act ||
            commands[i].act == map_zoom_act || commands[i].act == map_unfold_all_act)
            continue;
        int64_t t = view_t(s->view);
        struct view_settings settings = *view_settings(s->view);
        commands[i].act(s->view, commands[i].arg);
        if (s->view->overlay)
            look(s, commands[i].name);
        for (int n = 0; s->view->overlay && n < 8; n++)
            overlay_close(s->view);
        view_set_settings(s->view, &settings);
        view_seek(s->view, t);
        s->view->big = -2;
        s->view->map.camera = (struct map_camera){.x = 0.5f, .y = 0.5f, .zoom = 1};
    }
}

static void close_all(struct scene_of *s)
{
    for (int n = 0; s->view->overlay && n < 8; n++)
        overlay_close(s->view);
}

/* What a menu or a form is about is named in what is told of it. */
static void look_at_act(struct scene_of *s, const char *kind, ui_act *act, uint32_t arg)
{
    char what[UI_NAME];
    snprintf(what, sizeof what, "%.20s %u", kind, (unsigned)arg);
    act(s->view, arg);
    if (s->view->overlay)
        look(s, what);
    for (int page = 0; page < 2 && s->view->overlay && act == forms_settings_act; page++) {
        s->view->doing->sheet.scroll += s->h / 2;
        look(s, what);
    }
    close_all(s);
}

static void look_at_forms_of(struct scene_of *s, uint32_t host)
{
    look_at_act(s, "rename host", tools_rename, host);
    look_at_act(s, "place of host", tools_place, host);
    look_at_act(s, "firewall at host", tools_firewall, host);
    look_at_act(s, "link of host", tools_link, host);
    look_at_act(s, "program for host", tools_add_agent, host);
}

static void look_at_menus(struct scene_of *s)
{
    const struct log *log = s->view->log;
    for (uint32_t place = 1; place <= log_place_count(log); place++) {
        if (log_host_of(log, place) == place) {
            look_at_act(s, "menu of host", menu_host, place);
            look_at_act(s, "faults of host", menu_host_faults, place);
            look_at_forms_of(s, place);
            continue;
        }
        look_at_act(s, "menu of program", menu_agent, place);
        look_at_act(s, "settings of program", forms_settings_act, place);
    }
    for (uint32_t link = 1; link <= s->view->scene.now.links.count; link++) {
        look_at_act(s, "menu of link", menu_link, link);
        look_at_act(s, "settings of link", tools_link_settings, link);
        look_at_act(s, "firewall on link", tools_firewall_link, link);
        look_at_act(s, "tap on link", tools_tap, link);
    }
    look_at_act(s, "menu of map", menu_ground, 0);
    for (uint32_t kind = 0; kind < tools_kind_count; kind++) {
        tools_add_form(s->view, kind, 500, 500);
        look(s, tools_kinds[kind].name);
        close_all(s);
    }
    for (size_t i = 0; forms_fault(s->view, i); i++) {
        forms_open_fault(s->view, forms_fault(s->view, i), SLICE("mx1"));
        look(s, forms_fault(s->view, i)->name);
        close_all(s);
    }
}

/* A refusal of any length leaves the form its button. */
static void look_at_refused(struct scene_of *s)
{
    static const char long_reason[] =
        "bad address \"a name that is far too long for any field\" (addr), expected the IPv4 "
        "address "
        "of a host, such as 198.51.100.10, and on a projector this takes several lines";
    compose_act(s->view, 0);
    asking_say(s->view, slice_of(long_reason));
    look(s, "a message that was refused");
    close_all(s);
    tools_add_form(s->view, 0, 500, 500);
    asking_say(s->view, slice_of(long_reason));
    look(s, "a host that was refused");
    close_all(s);
}

/* The diagram of states has room enough only where it has all of it. */
static void look_at_states(struct scene_of *s)
{
    docks_show(s->view, "states");
    s->view->big = DOCK_TALK;
    look(s, "states, alone");
    s->view->big = -2;
}

static int64_t middle_of(const struct log *log)
{
    return log_at(log, log_count(log) / 2)->t + 7 * VTIME_MS;
}

static const struct {
    float w, h;
} windows[] = {{1024, 768}, {1280, 800}, {1920, 1080}};

static void check_theme(enum theme_id theme)
{
    struct scene_of s;
    begin(&s, SOURCE_DIR "/topologies/two-towns.json");
    static const char *const languages[] = {"en", "qps"};
    for (int i = 0; i < 12; i++) {
        s.w = windows[i % 3].w;
        s.h = windows[i % 3].h;
        view_seek(s.view, middle_of(world_log(s.world)));
        set_up(&s, theme, languages[i / 3 % 2], i / 6 ? 200 : 100);
        look_at_tabs(&s);
        look_at_overlays(&s);
    }
    cr_log_info("%u pictures", s.pictures);
    cr_expect_gt(s.pictures, 12 * 20);
    end(&s);
}

Test(lint, two_towns_in_the_light_theme)
{
    check_theme(THEME_LIGHT);
}

Test(lint, two_towns_in_the_dark_theme)
{
    check_theme(THEME_DARK);
}

Test(lint, two_towns_for_the_projector)
{
    check_theme(THEME_PROJECTOR);
}

/* Three sizes in three themes at two scales, in a language that is long every other time. */
enum { WINDOWS = 18 };
static void set_up_window(struct scene_of *s, int i)
{
    static const char *const languages[] = {"en", "qps"};
    s->w = windows[i % 3].w;
    s->h = windows[i % 3].h;
    view_seek(s->view, middle_of(world_log(s->world)));
    set_up(s, (enum theme_id)(i / 3 % 3), languages[i % 2], i / 9 ? 200 : 100);
}

Test(lint, menus_forms_and_states_in_every_theme)
{
    struct scene_of s;
    struct topology topology;
    struct problem problem = {0};
    cr_assert(topology_load(&topology, SOURCE_DIR "/topologies/two-towns.json", &problem));
    struct forms *forms = forms_create(&topology);
    begin(&s, SOURCE_DIR "/topologies/two-towns.json");
    view_set_forms(s.view, forms_data(forms));
    for (int i = 0; i < WINDOWS; i++) {
        set_up_window(&s, i);
        look_at_menus(&s);
        look_at_refused(&s);
        look_at_states(&s);
    }
    end(&s);
    forms_destroy(forms);
    topology_finish(&topology);
}

/* Every kind of step and of question, before and after it is answered, and before a class. */
static void look_at_lesson(struct scene_of *s, struct support_course *c)
{
    char line[200], what[UI_NAME];
    support_course_line(c, "goto s1");
    s->view->lesson->shows_checks = true;
    look(s, "checks");
    s->view->lesson->shows_checks = false;
    for (size_t i = 0; i < c->course.scene->step_count; i++) {
        const struct lesson_step *step = &c->course.scene->steps[i];
        snprintf(what, sizeof what, "step %.*s", SLICE_ARG(slice_part(step->id, 0, 20)));
        snprintf(line, sizeof line, "goto %.*s", SLICE_ARG(slice_part(step->id, 0, 100)));
        support_course_line(c, line);
        if (step->hints.count > 0)
            support_course_line(c, "hint");
        look(s, what);
    }
    support_course_line(c, "next");
    look(s, "result");
}

static void look_at_lecture(struct scene_of *s, struct support_course *c)
{
    support_course_line(c, "lecture");
    for (const char *const *id = (const char *const[]){"p1", "s1", NULL}; *id; id++) {
        char line[40];
        snprintf(line, sizeof line, "goto %s", *id);
        support_course_line(c, line);
        look(s, "lecture");
    }
    support_course_line(c, "goto p1");
    support_course_line(c, "next");
    look(s, "lecture, the answer");
    support_course_line(c, "lecture off");
}

static void look_at_bank(struct scene_of *s, struct support_course *c)
{
    struct arena arena = {0};
    char line[QUESTION_ANSWER_MAX + 16];
    support_course_line(c, "quiz");
    for (size_t i = 0; i < c->bank.count; i++) {
        const struct question *q = &c->bank.questions[i];
        struct slice key = i % 2 ? SLICE("a") : question_solution(q, &arena);
        look(s, question_type_names[q->type]);
        snprintf(line, sizeof line, "reply %.*s", SLICE_ARG(key));
        support_course_line(c, line);
        look(s, question_type_names[q->type]);
        support_course_line(c, "reply next");
    }
    look(s, "result");
    support_course_line(c, "quiz end");
    arena_finish(&arena);
}

Test(lint, a_lesson_with_its_questions_in_every_theme)
{
    struct scene_of s;
    struct support_course c;
    begin(&s, SOURCE_DIR "/topologies/t07-next-hop.json");
    support_course_begin(&c, s.view, world_log(s.world), SOURCE_DIR "/lessons/L07.json");
    support_course_bank(&c, SOURCE_DIR "/lessons/quiz/L02.json");
    for (int i = 0; i < WINDOWS; i++) {
        set_up_window(&s, i);
        look_at_lesson(&s, &c);
        look_at_lecture(&s, &c);
        look_at_bank(&s, &c);
    }
    support_course_end(&c);
    end(&s);
}

static void check_topology(const char *path)
{
    struct scene_of s;
    begin(&s, path);
    const struct log *log = world_log(s.world);
    const int64_t moments[] = {0, middle_of(log), log_end(log)};
    set_up(&s, THEME_LIGHT, "en", 100);
    snprintf(s.what, sizeof s.what, "%s", strrchr(path, '/') + 1);
    for (size_t i = 0; i < 3; i++) {
        static const char *const names[] = {"start", "middle", "end"};
        view_seek(s.view, moments[i]);
        look(&s, names[i]);
    }
    end(&s);
}

Test(lint, every_shipped_topology)
{
    glob_t found;
    cr_assert_eq(glob(SOURCE_DIR "/topologies/*.json", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        if (!strstr(found.gl_pathv[i], "/schema.json"))
            check_topology(found.gl_pathv[i]);
    globfree(&found);
}
