/* What the objects of a lesson file may look like. docs/write-a-lesson.md says the same in prose.
 */
#include "lessons/lesson_part.h"

#define KEYS(rows) .keys = rows, .key_count = sizeof rows / sizeof *rows

enum { LABEL_MAX = 120, PROSE_MAX = 2000, NOTES_MAX = 8000 };

static const struct shape_key step_keys[] = {
    {"id", SHAPE_ID, .is_required = true, .meaning = "how checks and ways refer to it"},
    {"kind", SHAPE_WORD, .is_required = true,
     .words = "PREDICT SEND RUN FAULT CONFIG READ TYPE CLICK ACT",
     .meaning = "PREDICT: an answer before the run; SEND: write mail; RUN: let time pass; FAULT: "
                "switch one on or off; CONFIG: change a setting; READ: look something up; TYPE: "
                "speak a protocol; CLICK: choose on the picture; ACT: play an agent"},
    {"text", SHAPE_PROSE, .is_required = true, .min = 1, .max = PROSE_MAX,
     .meaning = "what the learner is to do: at most 40 words"},
    {"bind", SHAPE_TEXTS, .takes_text = true, .items_max = 16,
     .meaning = "names for its messages, which checks then call $NAME"},
    {"allow", SHAPE_TEXTS, .takes_text = true, .items_max = LESSON_TEXTS_MAX,
     .meaning = "what it is about, to be shown: ids of hosts, agents, faults, or links as \"a:b\""},
    {"do", SHAPE_TEXTS, .takes_text = true, .items_max = LESSON_TEXTS_MAX,
     .meaning = "action lines that happen by themselves when it begins"},
    {"predict", SHAPE_OBJECT, .references = "./quiz/schema.json#/$defs/in-step",
     .meaning = "a question, of a prediction"},
    {"ask", SHAPE_OBJECT, .references = "./quiz/schema.json#/$defs/in-step",
     .meaning = "a question, of any other step"},
    {"solve", SHAPE_TEXTS, .takes_text = true, .items_max = LESSON_TEXTS_MAX,
     .meaning = "how it is done, line by line; a question's key need not be said again"},
    {"hint", SHAPE_TEXTS, .takes_text = true, .items_max = 8,
     .meaning = "help that is given when it is asked for, one at a time"},
    {"reveal", SHAPE_PROSE, .min = 1, .max = PROSE_MAX, .meaning = "said when it is done"},
    {"unlock", SHAPE_TEXT, .min = 1, .max = PREDICATE_TEXT_MAX,
     .meaning = "a check that must hold before the next step"},
    {"seen", SHAPE_ID,
     .meaning = "of a prediction: the later step that shows what comes of it; without it the first "
                "run behind it, or what sets something going"},
    {"look", SHAPE_TEXT, .min = 1, .max = LABEL_MAX,
     .meaning = "the panel that stands open while a class is shown it: header, ladder, dns and so "
                "on, or mail with the host it is on, \"mail pc-bob\""},
    {"at", SHAPE_TEXTS, .takes_text = true, .items_max = LESSON_MOMENTS_MAX,
     .meaning = "a check that names the event it speaks of: a class is shown that moment; of "
                "several one after the other"},
};
const struct shape lesson_step_shape = {"step", KEYS(step_keys)};

static const struct shape_key check_keys[] = {
    {"id", SHAPE_ID, .is_required = true, .meaning = "one of its own in the whole lesson"},
    {"expr", SHAPE_TEXT, .is_required = true, .min = 1, .max = PREDICATE_TEXT_MAX,
     .meaning = "what must be true in the end, in the language of checks"},
    {"points", SHAPE_NUMBER, .min = 1, .max = 100, .fallback = "1", .meaning = "what it is worth"},
    {"pass", SHAPE_PROSE, .is_required = true, .min = 1, .max = PROSE_MAX,
     .meaning = "said when it holds: at most 2 sentences"},
    {"fail", SHAPE_PROSE, .is_required = true, .min = 1, .max = PROSE_MAX,
     .meaning = "said when it does not: what is to be done, at most 2 sentences"},
};
const struct shape lesson_check_shape = {"check", KEYS(check_keys)};

static const struct shape_key way_keys[] = {
    {"title", SHAPE_TEXT, .is_required = true, .min = 1, .max = LABEL_MAX,
     .meaning = "what is different here"},
    {"lines", SHAPE_TEXTS, .is_required = true, .items_max = LESSON_TEXTS_MAX,
     .meaning = "all that is done, with \"step ID\" in front of what belongs to each step"},
    {"fails", SHAPE_TEXTS, .takes_text = true, .items_max = LESSON_CHECKS_MAX,
     .meaning = "ids of the checks that then fail; without it: none, and all points are given"},
    {"says", SHAPE_TEXT, .min = 1, .max = PROSE_MAX,
     .meaning = "a part of what the learner is told then"},
};
const struct shape lesson_way_shape = {"way", KEYS(way_keys)};

static const struct shape_key use_keys[] = {
    {"use", SHAPE_TEXT, .is_required = true, .min = 1, .max = 100,
     .meaning = "the name of a topology that comes with mailflow"},
    {"patch", SHAPE_TEXTS, .takes_text = true, .items_max = LESSON_TEXTS_MAX,
     .meaning = "lines of edits on top of it: host add, agent add, link add, dns add, set ..."},
};
const struct shape lesson_use_shape = {"use", KEYS(use_keys)};

#define TOPOLOGY_ROW                                                                               \
    {                                                                                              \
        "topology", SHAPE_OBJECT,                                                                  \
            .takes_text = true, .references = "#/$defs/use ../topologies/schema.json",             \
            .meaning = "where it plays: a topology's name, or a name with edits, or a whole one",  \
    }
#define SETUP_ROW                                                                                  \
    {                                                                                              \
        "setup", SHAPE_TEXTS, .takes_text = true, .items_max = LESSON_TEXTS_MAX,                   \
                              .meaning = "action lines that happen at the very start",             \
    }
#define STEPS_ROW                                                                                  \
    {                                                                                              \
        "steps", SHAPE_LIST, .max = LESSON_STEPS_MAX, .of = &lesson_step_shape,                    \
                             .meaning = "what the learner does, in order",                         \
    }
#define CHECKS_ROW                                                                                 \
    {                                                                                              \
        "checks", SHAPE_LIST, .max = LESSON_CHECKS_MAX, .of = &lesson_check_shape,                 \
                              .meaning = "what must be true in the end",                           \
    }
#define WAYS_ROW                                                                                   \
    {                                                                                              \
        "ways", SHAPE_LIST,                                                                        \
            .max = LESSON_WAYS_MAX, .of = &lesson_way_shape,                                       \
            .meaning = "other ways through it: correct ones, and mistakes that many make",         \
    }

static const struct shape_key scene_keys[] = {
    {"id", SHAPE_ID, .is_required = true, .meaning = "X1"},
    {"title", SHAPE_TEXT, .is_required = true, .min = 1, .max = LABEL_MAX, .meaning = "a label"},
    {"complaint", SHAPE_PROSE, .min = 1, .max = PROSE_MAX,
     .meaning = "a ticket's own words, as the user says them"},
    TOPOLOGY_ROW,
    SETUP_ROW,
    STEPS_ROW,
    CHECKS_ROW,
    WAYS_ROW,
};
const struct shape lesson_scene_shape = {"scene", KEYS(scene_keys)};

static const struct shape_key lesson_keys[] = {
    {"$schema", SHAPE_TEXT, .meaning = "for editors; not read"},
    {"format", SHAPE_NUMBER, .is_required = true, .min = 1, .max = 1, .meaning = "file format"},
    {"id", SHAPE_ID, .is_required = true, .meaning = "short name, as L07"},
    {"title", SHAPE_TEXT, .is_required = true, .min = 1, .max = LABEL_MAX, .meaning = "a label"},
    {"objective", SHAPE_PROSE, .is_required = true, .min = 1, .max = PROSE_MAX,
     .meaning = "what the learner can do afterwards"},
    {"sealed", SHAPE_BOOL, .fallback = "false",
     .meaning = "a student's copy, without keys and solutions: mailflow pack makes it"},
    {"minutes", SHAPE_NUMBER, .is_required = true, .min = 1, .max = 600,
     .meaning = "how long it takes"},
    {"needs", SHAPE_TEXTS, .takes_text = true, .items_max = LESSON_TEXTS_MAX,
     .meaning = "ids of the lessons to be done before"},
    {"pass_percent", SHAPE_NUMBER, .min = 1, .max = 100, .fallback = "70",
     .meaning = "the share of the points that passes"},
    {"draw", SHAPE_NUMBER, .max = LESSON_SCENES_MAX, .fallback = "0",
     .meaning = "so many of the scenes are drawn, by the seed; 0: all, in their order"},
    TOPOLOGY_ROW,
    SETUP_ROW,
    {"watch", SHAPE_TEXTS, .takes_text = true, .items_max = 20, .meaning = "what to look at"},
    {"scenes", SHAPE_LIST, .max = LESSON_SCENES_MAX, .of = &lesson_scene_shape,
     .meaning = "several parts, each with topology, steps and checks of its own, which the "
                "lesson then has none of"},
    STEPS_ROW,
    CHECKS_ROW,
    WAYS_ROW,
    {"quiz", SHAPE_TEXTS, .items_max = LESSON_TEXTS_MAX, .meaning = "ids of its questions"},
    {"covers", SHAPE_TEXTS, .items_max = LESSON_TEXTS_MAX,
     .meaning = "ids of the points of the course notes that it teaches"},
    {"sources", SHAPE_TEXTS, .takes_text = true, .items_max = LESSON_TEXTS_MAX,
     .meaning = "where it can be read up: RFC and section"},
    {"notes", SHAPE_PROSE, .min = 1, .max = NOTES_MAX, .meaning = "for teachers"},
};
const struct shape lesson_shape = {"lesson", KEYS(lesson_keys)};
