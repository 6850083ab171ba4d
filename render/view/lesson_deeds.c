/* What helps to do a step: buttons that do it, or lead to where it is done. */
#include <stdio.h>

#include "render/view/compose.h"
#include "render/view/console.h"
#include "render/view/doing.h"
#include "render/view/lesson_panel.h"
#include "render/view/words_say.h"

/* ---- what the step is about ---- */

/* The entry of the palette with this id; NULL: none. */
static const struct event_palette *find_fault(const struct view *view, struct slice id)
{
    for (uint32_t i = 0; i < log_count(view->log) && log_at(view->log, i)->t == 0; i++) {
        const struct event_palette *p = event_as_palette(log_at(view->log, i));
        if (p && slice_equal(log_text(view->log, p->id), id))
            return p;
    }
    return NULL;
}

static struct slice thing_of(const struct view *view, uint32_t i)
{
    const struct view_course *course = lesson_course(view);
    const struct lesson_step *step = course ? lesson_step_shown(course) : NULL;
    return step && i < step->allow.count ? step->allow.items[i] : SLICE("");
}

/* The program of this role that is meant by a host or by itself; 0: none. */
static uint32_t program_of(const struct view *view, uint32_t place, const char *role)
{
    if (doing_has_role(view, place, role))
        return place;
    uint32_t agent = 0;
    while ((agent = doing_next_agent(view, place, agent)))
        if (doing_has_role(view, agent, role))
            return agent;
    return 0;
}

static uint32_t writer_of(const struct view *view, uint32_t place)
{
    uint32_t agent = program_of(view, place, "mua");
    return agent ? agent : program_of(view, place, "browser");
}

/* ---- what the buttons do; arg: which of the things ---- */

static void write_at(struct view *view, uint32_t i)
{
    uint32_t place = log_find_place(view->log, thing_of(view, i));
    compose_open(view, &(struct compose_answer){.agent = writer_of(view, place)});
}

static void fetch_at(struct view *view, uint32_t i)
{
    uint32_t place = log_find_place(view->log, thing_of(view, i));
    uint32_t agent = program_of(view, place, "mua");
    struct arena arena;
    agent = agent ? agent : program_of(view, place, "mra");
    arena_init(&arena);
    if (agent)
        doing_do(view, arena_printf(&arena, "fetch by=%.*s",
                                    SLICE_ARG(log_place_name(view->log, agent))));
    arena_finish(&arena);
}

static void switch_fault(struct view *view, uint32_t i)
{
    const struct event_palette *p = find_fault(view, thing_of(view, i));
    struct arena arena;
    arena_init(&arena);
    if (p)
        doing_do(view, arena_printf(&arena, "fault %.*s %s", SLICE_ARG(log_text(view->log, p->id)),
                                    doing_is_offer_on(view, p) ? "off" : "on"));
    arena_finish(&arena);
}

static void mail_at(struct view *view, uint32_t i)
{
    uint32_t place = log_find_place(view->log, thing_of(view, i));
    mail_program_open(view, writer_of(view, place));
}

static void point_at(struct view *view, uint32_t i)
{
    uint32_t place = log_find_place(view->log, thing_of(view, i));
    uint32_t host = place ? log_host_of(view->log, place) : 0;
    if (host && view->chosen_host != host)
        select_host(view, host);
}

static void read_at(struct view *view, uint32_t i)
{
    point_at(view, i);
    docks_show(view, "host");
}

static void settings_of(struct view *view, uint32_t i)
{
    uint32_t place = log_find_place(view->log, thing_of(view, i));
    point_at(view, i);
    if (doing_agent(view, place))
        forms_settings_act(view, place);
    else
        menu_settings_act(view, 0);
}

static void console_at(struct view *view, uint32_t i)
{
    point_at(view, i);
    console_act(view, 0);
}

/* ---- the buttons ---- */

/* Something of the step was done: what comes next is no longer this. */
static bool is_done(const struct view *view)
{
    const struct view_course *course = lesson_course(view);
    return lesson_is_begun(course, course->step);
}

static void add(struct flow *flow, const char *what, uint32_t i, const char *sentence,
                struct slice thing, ui_act *act, bool is_first)
{
    struct slice label = WORDS_SAY(&flow->view->ui.list->arena, sentence, {"thing", thing});
    char name[UI_NAME];
    snprintf(name, sizeof name, "do-%s-%.*s", what, SLICE_ARG(slice_part(thing, 0, UI_NAME - 16)));
    flow_button(flow, name, label.data, act, i, is_first && !is_done(flow->view) ? UI_PRIMARY : 0);
}

/* What a press does: of the power of a host in its own words, of anything else that it is switched.
   Where its name is too long, the word for it that lines and lessons have. */
static struct slice fault_label(struct flow *flow, const struct event_palette *p, bool is_on)
{
    struct view *view = flow->view;
    struct arena *arena = &view->ui.list->arena;
    struct slice target = log_text(view->log, p->target), id = log_text(view->log, p->id);
    struct slice what = p->label ? log_text(view->log, p->label) : id;
    if (slice_equal(log_text(view->log, p->fault), SLICE("host-down")))
        return WORDS_SAY(arena,
                         is_on ? tr("Give {host} its power back") : tr("Take the power of {host}"),
                         {"host", target});
    const char *sentence = is_on ? tr("Switch off: {what}") : tr("Switch on: {what}");
    struct slice label = WORDS_SAY(arena, sentence, {"what", what});
    return flow_button_width(flow, label.data) <= flow->w
               ? label
               : WORDS_SAY(arena, sentence, {"what", id});
}

/* A switch says what a press makes of it; what is now is said when it is pointed at. */
static void add_fault(struct flow *flow, uint32_t i, const struct event_palette *p)
{
    struct view *view = flow->view;
    struct slice id = log_text(view->log, p->id), label = log_text(view->log, p->label);
    bool is_on = doing_is_offer_on(view, p), is_next = i == 0 && !is_done(view);
    char name[UI_NAME];
    snprintf(name, sizeof name, "do-fault-%.*s", SLICE_ARG(slice_part(id, 0, UI_NAME - 12)));
    flow_button(flow, name, fault_label(flow, p, is_on).data, switch_fault, i,
                is_next ? UI_PRIMARY : 0);
    ui_tip(&view->ui,
           arena_printf(&view->ui.list->arena, "%.*s: %s", SLICE_ARG(label.size ? label : id),
                        is_on ? tr("On") : tr("Off")));
}

static bool starts_by(const struct lesson_step *step, struct slice verb)
{
    for (size_t i = 0; i < step->solve.count; i++)
        if (slice_starts(step->solve.items[i], verb))
            return true;
    return false;
}

/* A student's copy does not say how it is done: there it is what is done most. */
enum lesson_first lesson_first_deed(const struct view *view)
{
    const struct lesson_step *step = lesson_step_shown(lesson_course(view));
    bool is_open = step->kind == LESSON_RUN && !is_done(view);
    for (size_t i = 0; is_open && i < step->allow.count; i++) {
        uint32_t place = log_find_place(view->log, step->allow.items[i]);
        if (!place || (!program_of(view, place, "mua") && !program_of(view, place, "mra")))
            continue;
        bool is_fetch = step->solve.count == 0 || starts_by(step, SLICE("fetch "));
        return is_fetch ? LESSON_FIRST_FETCH : LESSON_FIRST_MAIL;
    }
    return LESSON_FIRST_PLAY;
}

/* What can be done there in a step of this kind. */
static void add_place(struct flow *flow, enum lesson_step_kind kind, uint32_t i, uint32_t place)
{
    struct view *view = flow->view;
    struct slice thing = thing_of(view, i);
    bool is_person = writer_of(view, place) != 0;
    bool is_answer = starts_by(lesson_step_shown(lesson_course(view)), SLICE("reply "));
    bool is_watched = kind == LESSON_RUN || kind == LESSON_READ || kind == LESSON_FAULT;
    if (kind == LESSON_SEND && is_person)
        add(flow, "write", i, tr("Write at {thing}"), thing, write_at, !is_answer);
    else if (kind == LESSON_CONFIG)
        add(flow, "settings", i, tr("Settings of {thing}"), thing, settings_of, i == 0);
    else if (kind == LESSON_TYPE || kind == LESSON_ACT)
        add(flow, "console", i, tr("Console of {thing}"), thing, console_at, i == 0);
    else if (kind == LESSON_READ && !is_person)
        add(flow, "read", i, tr("Look into {thing}"), thing, read_at, i == 0);
    else if (!is_person)
        add(flow, "point", i, tr("Show {thing}"), thing, point_at, false);
    if (is_watched && (program_of(view, place, "mua") || program_of(view, place, "mra")))
        add(flow, "fetch", i, tr("Get mail at {thing}"), thing, fetch_at,
            lesson_first_deed(view) == LESSON_FIRST_FETCH);
    if (is_person && (is_watched || kind == LESSON_SEND))
        add(flow, "mail", i, tr("Mail program of {thing}"), thing, mail_at,
            is_answer || lesson_first_deed(view) == LESSON_FIRST_MAIL);
}

static void add_thing(struct flow *flow, enum lesson_step_kind kind, uint32_t i, struct slice thing)
{
    const struct event_palette *p = find_fault(flow->view, thing);
    uint32_t place = p ? 0 : log_find_place(flow->view->log, thing);
    if (p)
        add_fault(flow, i, p);
    else if (place)
        add_place(flow, kind, i, place);
}

/* Where a lesson names nothing, where it is done anyway. */
static void add_plain(struct flow *flow, enum lesson_step_kind kind)
{
    switch (kind) {
    case LESSON_SEND:
        flow_button(flow, "do-write", tr("Write a message"), compose_act, 0, UI_PRIMARY);
        return;
    case LESSON_FAULT:
        flow_button(flow, "do-faults", tr("Faults"), faults_act, 0, 0);
        return;
    case LESSON_TYPE:
    case LESSON_ACT:
        flow_button(flow, "do-console", tr("Console"), console_act, 0, 0);
        return;
    case LESSON_PREDICT:
    case LESSON_RUN:
    case LESSON_CONFIG:
    case LESSON_READ:
    case LESSON_CLICK:
    case LESSON_STEP_KINDS:
        return;
    }
}

/* The clock, here too: how far it is to be run is a part of most steps. */
static const struct {
    const char *name, *label, *line, *tip;
} waits[] = {
    {"do-minute", TR("+1 min"), "run 1min", TR("The clock one minute on")},
    {"do-hour", TR("+1 h"), "run 1h", TR("The clock one hour on")},
    {"do-run", TR("To the end"), "run", TR("On to when nothing is on its way any more")},
};

static void wait_act(struct view *view, uint32_t i)
{
    lesson_send(view, "%s", waits[i].line);
}

static void draw_clock(struct flow *flow, const struct lesson_step *step)
{
    struct view *view = flow->view;
    bool is_first = (step->kind == LESSON_RUN || is_done(view)) && !view->lesson->has_seen &&
                    lesson_first_deed(view) == LESSON_FIRST_PLAY;
    flow_button(flow, "do-play", view->is_playing ? tr("Pause") : tr("Play"), play_toggle_act, 0,
                is_first ? UI_PRIMARY : 0);
    for (uint32_t i = 0; i < sizeof waits / sizeof *waits; i++) {
        flow_button(flow, waits[i].name, tr(waits[i].label), wait_act, i, 0);
        ui_tip(&view->ui, slice_of(tr(waits[i].tip)));
    }
}

/* A question about what is seen already has nothing to be done. */
static bool has_deeds(const struct lesson_step *step)
{
    bool is_thought = step->kind == LESSON_PREDICT || step->kind == LESSON_CLICK;
    return !is_thought && (!step->ask || step->allow.count > 0 || step->solve.count > 0);
}

void lesson_deeds_draw(struct flow *flow, const struct lesson_step *step)
{
    if (!has_deeds(step))
        return;
    if (step->kind == LESSON_RUN)
        draw_clock(flow, step);
    for (uint32_t i = 0; i < step->allow.count; i++)
        add_thing(flow, step->kind, i, step->allow.items[i]);
    if (step->allow.count == 0)
        add_plain(flow, step->kind);
    if (step->kind != LESSON_RUN && step->kind != LESSON_READ) {
        flow_gap(flow, 8);
        draw_clock(flow, step);
    }
    flow_gap(flow, 12);
}
