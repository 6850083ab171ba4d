/* What can be typed in the dialogue about a lesson: its own words, those of actions, and how a step
   is done in words. */
#include "app/lesson_play_part.h"

#include <stdio.h>

#include "app/lesson.h"
#include "topologies/action.h"

struct word {
    const char *words, *says;
};

static const struct word words[] = {
    {"next, back, goto STEP", "another step, by its id or number"},
    {"answer ANSWER", "to what is asked; a letter or the words alone will do"},
    {"send from=A to=B ...", "an action; \"help send\" explains one, \"help actions\" lists them"},
    {"run | run 30min | run to 2h", "on until nothing is on its way; on by so much; to that time"},
    {"> TEXT", "a line at the console that this step is about"},
    {"look [summary|events]", "what has happened"},
    {"look ladder|dialogue [all]", "what is new since the step began or you looked last, or all"},
    {"look message [N]", "a message as it lies in the store; N as in the summary"},
    {"look mail HOST", "what the mail program there shows"},
    {"hint", "help with this step, more each time"},
    {"status, steps", "what is reached; the steps, and which are done"},
    {"retry [STEP]", "this step, and all behind it, once more"},
    {"show", "the step again"},
    {"quit", "leave; with --work the work is kept, and goes on next time"},
};

static void put_words(struct play *p, const struct word *word)
{
    char head[80];
    int width = (int)slice_of(word->words).size;
    if (width > 26) {
        fprintf(p->out, "  %s\n", word->words);
        snprintf(head, sizeof head, "%*s", 30, "");
    } else {
        snprintf(head, sizeof head, "  %-28s", word->words);
    }
    lesson_print_behind(p->out, head, slice_of(word->says), PLAY_COLUMNS);
}

static void list_actions(struct play *p)
{
    for (size_t i = 0; i < ACTION_COUNT; i++)
        lesson_print_behind(p->out, "  ", slice_of(action_forms[i].example), PLAY_COLUMNS);
    play_say(p, "The names in these lines are examples. \"help send\" and so on say more.");
}

/* In an exam nobody is told what can be made to go wrong. */
static void list_faults(struct play *p)
{
    const struct topology *t = p->stage.topology;
    if (t->fault_count > 0)
        play_say(p, "Faults here:");
    for (size_t i = 0; i < t->fault_count; i++) {
        char head[80];
        snprintf(head, sizeof head, "    %-18.40s  ", t->faults[i].id.data);
        lesson_print_behind(p->out, head, t->faults[i].label, PLAY_COLUMNS);
    }
}

static void list_hosts(struct play *p, bool by_role)
{
    const struct topology *t = p->stage.topology;
    struct arena arena;
    struct slice names = SLICE("");
    arena_init(&arena);
    for (size_t i = 0; i < t->host_count && names.size < 600; i++) {
        bool fits = !by_role;
        for (size_t k = 0; k < t->hosts[i].agent_count; k++)
            fits |= slice_equal(slice_of(t->hosts[i].agents[k].role->name), SLICE("mua"));
        if (fits)
            names = arena_printf(&arena, "%.*s%s%.*s", SLICE_ARG(names), names.size ? ", " : "",
                                 SLICE_ARG(t->hosts[i].id));
    }
    lesson_print_behind(p->out, by_role ? "  Mail programs here: " : "  Hosts here: ", names,
                        PLAY_COLUMNS);
    arena_finish(&arena);
}

static void list_people(struct play *p)
{
    const struct topology *t = p->stage.topology;
    struct arena arena;
    struct slice names = SLICE("");
    arena_init(&arena);
    for (size_t i = 0; i < t->user_count && names.size < 600; i++)
        names = arena_printf(&arena, "%.*s%s%.*s", SLICE_ARG(names), i ? ", " : "",
                             SLICE_ARG(t->users[i].address));
    lesson_print_behind(p->out, "  Addresses here: ", names, PLAY_COLUMNS);
    arena_finish(&arena);
}

static void explain_action(struct play *p, enum action_verb verb)
{
    const struct action_form *form = &action_forms[verb];
    lesson_print_behind(p->out, "  As in: ", slice_of(form->example), PLAY_COLUMNS);
    if (form->needs[0])
        lesson_print_behind(p->out, "  Behind the word: ", slice_of(form->needs), PLAY_COLUMNS);
    if (form->keys && form->keys[0])
        lesson_print_behind(p->out, "  It takes, each with =: ", slice_of(form->keys),
                            PLAY_COLUMNS);
    if (form->needed[0])
        lesson_print_behind(p->out, "  It must have: ", slice_of(form->needed), PLAY_COLUMNS);
    if (verb == ACTION_FAULT)
        list_faults(p);
    else if (verb == ACTION_SEND)
        list_people(p);
    else
        list_hosts(p, slice_starts(slice_of(form->needed), SLICE("by")));
}

bool play_help(struct play *p, struct slice word, struct problem *problem)
{
    if (slice_equal_fold(word, SLICE("actions")))
        return list_actions(p), true;
    for (size_t i = 0; i < ACTION_COUNT; i++)
        if (slice_equal_fold(word, slice_of(action_forms[i].name)))
            return explain_action(p, (enum action_verb)i), true;
    bool is_found = false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (word.size == 0 || slice_find(slice_of(words[i].words), word, 0) != SLICE_NONE) {
            put_words(p, &words[i]);
            is_found = true;
        }
    return is_found ||
           problem_set(problem,
                       "there is no word \"%.*s\"; \"help\" lists those of the lesson, \"help "
                       "actions\" the others",
                       SLICE_ARG(slice_part(word, 0, 40)));
}

/* ---- hints ---- */

/* How the step is done here, where no hint of the lesson says so: what a menu offers in the window
   is a word that nobody can guess. */
static bool has_words_to_hint(const struct play *p, const struct lesson_step *step)
{
    for (size_t i = 0; i < step->hints.count; i++)
        if (slice_find(step->hints.items[i], SLICE("erminal"), 0) != SLICE_NONE ||
            slice_find(step->hints.items[i], SLICE("In words:"), 0) != SLICE_NONE)
            return false;
    for (size_t i = 0; i < step->solve.count; i++)
        if (!slice_starts(step->solve.items[i], SLICE("answer")))
            return !p->stage.scene->is_exam;
    return false;
}

static void put_words_to_hint(struct play *p, const struct lesson_step *step)
{
    struct arena arena;
    struct slice said = SLICE("");
    arena_init(&arena);
    for (size_t i = 0; i < step->solve.count; i++)
        if (!slice_starts(step->solve.items[i], SLICE("answer")))
            said = arena_printf(&arena, "%.*s%s`%.*s`", SLICE_ARG(said), said.size ? ", " : "",
                                SLICE_ARG(step->solve.items[i]));
    lesson_print_behind(p->out, "  At a terminal: ", said, PLAY_COLUMNS);
    arena_finish(&arena);
}

bool play_hint(struct play *p, struct problem *problem)
{
    const struct lesson_step *step = course_step(&p->course);
    size_t at = p->course.view.step + 1;
    if (course_line(&p->course, SLICE("hint"), problem)) {
        size_t shown = p->course.view.hints_shown;
        lesson_print(p->out, step->hints.items[shown - 1], PLAY_COLUMNS, 2);
        if (shown < step->hints.count || has_words_to_hint(p, step))
            play_say(p, "(\"hint\" once more says more.)");
        return true;
    }
    if (!step || p->words_given == at || !has_words_to_hint(p, step))
        return false;
    p->words_given = at;
    put_words_to_hint(p, step);
    return true;
}

/* ---- Tab ---- */

static struct slice name_at(const struct play *p, bool is_first, size_t i)
{
    static const char *const verbs[] = {"next", "back",   "goto",  "answer", "run",  "look", "hint",
                                        "help", "status", "steps", "retry",  "show", "quit"};
    static const char *const things[] = {"ladder",  "dialogue", "summary", "events",
                                         "message", "mail",     "all",     "actions",
                                         "from=",   "to=",      "by=",     "subject="};
    enum { WORDS = sizeof verbs / sizeof *verbs, THINGS = sizeof things / sizeof *things };
    const struct log *log = stage_log(&p->stage);
    const struct lesson_scene *scene = p->course.view.scene;
    if (is_first)
        return i < WORDS                  ? slice_of(verbs[i])
               : i < WORDS + ACTION_COUNT ? slice_of(action_forms[i - WORDS].name)
                                          : SLICE("");
    if (i < THINGS)
        return slice_of(things[i]);
    i -= THINGS;
    if (i < log_place_count(log))
        return log_place_name(log, (uint32_t)i + 1);
    i -= log_place_count(log);
    return i < scene->step_count ? scene->steps[i].id : SLICE("");
}

void play_name(void *context, bool is_first, size_t i, struct slice *name)
{
    *name = name_at(context, is_first, i);
}
