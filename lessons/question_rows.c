/* What a question's object may look like: the rows that it is read by and that the schema is
   printed from. */
#include <string.h>

#include "lessons/predicate.h"
#include "lessons/question_part.h"
#include "sim/base/check.h"

#define KEYS(rows) .keys = rows, .key_count = sizeof rows / sizeof *rows

enum { LABEL_MAX = 400, SENTENCE_MAX = 1000, PROMPT_MAX = 2000, NUMBER_MAX = 1000000000 };

#define FEEDBACK(meaning_)                                                                         \
    {                                                                                              \
        "fb", SHAPE_TEXT, .min = 1, .max = SENTENCE_MAX, .meaning = meaning_                       \
    }
#define WHEN                                                                                       \
    {                                                                                              \
        "when", SHAPE_TEXT,                                                                        \
            .min = 1, .max = PREDICATE_TEXT_MAX,                                                   \
            .meaning = "a check that holds in the scene's run just when this is right"             \
    }

static const struct shape_key feedback_keys[] = {
    {"true", SHAPE_TEXT, .is_required = true, .min = 1, .max = SENTENCE_MAX,
     .meaning = "said to who answered true"},
    {"false", SHAPE_TEXT, .is_required = true, .min = 1, .max = SENTENCE_MAX,
     .meaning = "said to who answered false"},
};

static const struct shape_key option_keys[] = {
    {"t", SHAPE_TEXT, .is_required = true, .min = 1, .max = LABEL_MAX, .meaning = "its text"},
    {"right", SHAPE_BOOL, .fallback = "false", .meaning = "it belongs to the right answer"},
    FEEDBACK("said to who chose it, or missed it"),
    WHEN,
};

static const struct shape_key target_keys[] = {
    {"id", SHAPE_TEXT, .is_required = true, .min = 1, .max = 128,
     .meaning = "what is clicked: the id of a host or agent, of a link \"a:b\", or a word",
     .expected = "an id without blanks"},
    {"t", SHAPE_TEXT, .is_required = true, .min = 1, .max = LABEL_MAX,
     .meaning = "its name in the list for who does not click"},
    {"right", SHAPE_BOOL, .fallback = "false", .meaning = "it is the right answer"},
    FEEDBACK("said to who chose it"),
    WHEN,
};

static const struct shape_key pair_keys[] = {
    {"l", SHAPE_TEXT, .is_required = true, .min = 1, .max = LABEL_MAX, .meaning = "left side"},
    {"r", SHAPE_TEXT, .is_required = true, .min = 1, .max = LABEL_MAX,
     .meaning = "the right side that belongs to it"},
    FEEDBACK("said to who joined it with another"),
    WHEN,
};

static const struct shape_key item_keys[] = {
    {"t", SHAPE_TEXT, .is_required = true, .min = 1, .max = LABEL_MAX, .meaning = "its text"},
    FEEDBACK("said to who put it elsewhere"),
};

static const struct shape_key key_keys[] = {
    {"any", SHAPE_TEXTS, .is_required = true, .items_max = QUESTION_LIST_MAX,
     .meaning = "words of which one is enough: \"pull*\" a word's beginning, \"part of\" words in "
                "a row; case and punctuation do not count"},
    {"points", SHAPE_NUMBER, .min = 1, .max = 100, .fallback = "1", .meaning = "what it is worth"},
    {"shows", SHAPE_TEXT, .is_required = true, .min = 1, .max = SENTENCE_MAX,
     .meaning = "what an answer with one of the words has understood"},
};

static const struct shape_key slip_keys[] = {
    {"any", SHAPE_TEXTS, .is_required = true, .items_max = QUESTION_LIST_MAX,
     .meaning = "words as in a key"},
    {"fb", SHAPE_TEXT, .is_required = true, .min = 1, .max = SENTENCE_MAX,
     .meaning = "said to who wrote them"},
};

static const struct shape_key slip_number_keys[] = {
    {"value", SHAPE_NUMBER, .is_required = true, .min = -NUMBER_MAX, .max = NUMBER_MAX,
     .decimals = 3, .meaning = "a number that many give"},
    {"tol", SHAPE_NUMBER, .min = 0, .max = NUMBER_MAX, .decimals = 3, .fallback = "0",
     .meaning = "so far off still counts as this one"},
    {"fb", SHAPE_TEXT, .is_required = true, .min = 1, .max = SENTENCE_MAX,
     .meaning = "said to who gave it"},
};

static const struct shape_key scene_keys[] = {
    {"lesson", SHAPE_ID, .meaning = "the lesson whose own solution is run; by default its own"},
    {"at", SHAPE_TEXT, .min = 3, .max = 80, .fallback = "end",
     .meaning = "after which step of it: \"after:s2\", \"after:SCENE/s2\" in a lesson of several "
                "scenes, or \"end\"",
     .expected = "\"after:STEP\" or \"end\""},
};

const struct shape question_objects[QUESTION_OBJECTS] = {
    [QUESTION_FEEDBACK] = {"feedback", KEYS(feedback_keys)},
    [QUESTION_OPTION] = {"option", KEYS(option_keys)},
    [QUESTION_TARGET] = {"target", KEYS(target_keys)},
    [QUESTION_PAIR] = {"pair", KEYS(pair_keys)},
    [QUESTION_ITEM] = {"item", KEYS(item_keys)},
    [QUESTION_KEY] = {"key", KEYS(key_keys)},
    [QUESTION_SLIP] = {"slip", KEYS(slip_keys)},
    [QUESTION_SLIP_NUMBER] = {"slip_number", KEYS(slip_number_keys)},
    [QUESTION_SCENE] = {"question_scene", KEYS(scene_keys)},
    /* the rows up to where the key begins */
    [QUESTION_SEALED_OPTION] = {"sealed_option", .keys = option_keys, .key_count = 1},
    [QUESTION_SEALED_TARGET] = {"sealed_target", .keys = target_keys, .key_count = 2},
    [QUESTION_SEALED_PAIR] = {"sealed_pair", .keys = pair_keys, .key_count = 1},
    [QUESTION_SEALED_ITEM] = {"sealed_item", .keys = item_keys, .key_count = 1},
};

enum question_object question_sealed_object(enum question_object object)
{
    check(object >= QUESTION_OPTION && object <= QUESTION_ITEM);
    return (enum question_object)(QUESTION_SEALED_OPTION + (object - QUESTION_OPTION));
}

/* ---- keys that all types have ---- */

static const struct shape_key bank_keys[] = {
    {"id", SHAPE_ID, .is_required = true, .meaning = "such as Q0702; never changes"},
    {"rev", SHAPE_NUMBER, .is_required = true, .min = 1, .max = 1000000,
     .meaning = "one more each time the question says something else"},
    {"lesson", SHAPE_ID, .is_required = true, .meaning = "the lesson that it belongs to"},
    {"level", SHAPE_NUMBER, .is_required = true, .min = 1, .max = 3,
     .meaning = "1 to recall, 2 to apply a rule, 3 to combine rules"},
    {"topics", SHAPE_TEXTS, .is_required = true, .items_max = 4,
     .meaning = "what it is about, one or two words"},
    {"sources", SHAPE_TEXTS, .items_max = QUESTION_LIST_MAX,
     .meaning = "where it says so: \"RFC 5321 5.1\""},
};

const struct shape_key question_type_key = {"type", SHAPE_WORD, .is_required = true,
                                            .words = "tf single multi match order short num click",
                                            .meaning = "how it is answered"};

const struct shape_key question_sealed_key = {
    "sealed", SHAPE_BOOL, .is_required = true, .expected = "true, or nothing at all",
    .meaning = "true: it has no key, which the teacher keeps; its texts are in the order of their "
               "octets"};

static const struct shape_key common_keys[] = {
    {"prompt", SHAPE_PROSE, .is_required = true, .min = 1, .max = PROMPT_MAX,
     .meaning = "the question"},
    {"scene", SHAPE_OBJECT, .of = &question_objects[QUESTION_SCENE],
     .meaning = "the run in which the answer can be seen"},
    {"proof", SHAPE_TEXT, .min = 1, .max = PREDICATE_TEXT_MAX,
     .meaning = "a check that holds in that run and points at the event that proves the key"},
};

/* ---- keys of each type ---- */

static const struct shape_key tf_keys[] = {
    {"right", SHAPE_BOOL, .is_required = true, .meaning = "the right answer"},
    {"fb", SHAPE_OBJECT, .is_required = true, .of = &question_objects[QUESTION_FEEDBACK],
     .meaning = "a word to each of the answers"},
};

#define OPTIONS(meaning_)                                                                          \
    {                                                                                              \
        "options", SHAPE_LIST, .is_required = true, .max = QUESTION_CHOICES_MAX,                   \
                               .of = &question_objects[QUESTION_OPTION], .meaning = meaning_       \
    }
static const struct shape_key single_keys[] = {OPTIONS("what to choose from; one is right")};
static const struct shape_key multi_keys[] = {
    OPTIONS("what to choose from; those that are right are all wanted"),
    {"scoring", SHAPE_WORD, .words = "all minus", .fallback = "all",
     .meaning = "all: all right ones and no other; minus: a part for each right one, and a wrong "
                "one takes one away"},
};

static const struct shape_key click_keys[] = {
    {"targets", SHAPE_LIST, .is_required = true, .max = QUESTION_CHOICES_MAX,
     .of = &question_objects[QUESTION_TARGET], .meaning = "what may be clicked; one is right"},
};

static const struct shape_key match_keys[] = {
    {"pairs", SHAPE_LIST, .is_required = true, .max = QUESTION_CHOICES_MAX,
     .of = &question_objects[QUESTION_PAIR], .meaning = "what belongs together"},
    {"extra", SHAPE_TEXTS, .items_max = QUESTION_CHOICES_MAX,
     .meaning = "right sides that belong to nothing"},
};

static const struct shape_key order_keys[] = {
    {"items", SHAPE_LIST, .is_required = true, .max = QUESTION_CHOICES_MAX,
     .of = &question_objects[QUESTION_ITEM], .meaning = "in the right order"},
    {"scoring", SHAPE_WORD, .words = "exact pairs", .fallback = "pairs",
     .meaning = "pairs: a part for each two neighbours that follow each other"},
};

static const struct shape_key num_keys[] = {
    {"answer", SHAPE_NUMBER, .is_required = true, .min = -NUMBER_MAX, .max = NUMBER_MAX,
     .decimals = 3, .meaning = "the right number"},
    {"tol", SHAPE_NUMBER, .min = 0, .max = NUMBER_MAX, .decimals = 3, .fallback = "0",
     .meaning = "so far off is still right"},
    {"unit", SHAPE_TEXT, .min = 1, .max = 60, .meaning = "what is counted: minutes"},
    FEEDBACK("said whatever was answered"),
    {"slips", SHAPE_LIST, .max = QUESTION_LIST_MAX, .of = &question_objects[QUESTION_SLIP_NUMBER],
     .meaning = "common wrong answers"},
};

static const struct shape_key short_keys[] = {
    {"model", SHAPE_PROSE, .is_required = true, .min = 1, .max = PROMPT_MAX,
     .meaning = "a full answer"},
    {"keys", SHAPE_LIST, .is_required = true, .max = QUESTION_LIST_MAX,
     .of = &question_objects[QUESTION_KEY], .meaning = "what a good answer has"},
    {"slips", SHAPE_LIST, .max = QUESTION_LIST_MAX, .of = &question_objects[QUESTION_SLIP],
     .meaning = "common wrong answers"},
    {"pass", SHAPE_NUMBER, .min = 1, .max = 3200,
     .meaning = "so many points are right; by default all"},
};

static const struct shape type_shapes[QUESTION_TYPES] = {
    [QUESTION_TF] = {"tf", KEYS(tf_keys)},
    [QUESTION_SINGLE] = {"single", KEYS(single_keys)},
    [QUESTION_MULTI] = {"multi", KEYS(multi_keys)},
    [QUESTION_MATCH] = {"match", KEYS(match_keys)},
    [QUESTION_ORDER] = {"order", KEYS(order_keys)},
    [QUESTION_SHORT] = {"short", KEYS(short_keys)},
    [QUESTION_NUM] = {"num", KEYS(num_keys)},
    [QUESTION_CLICK] = {"click", KEYS(click_keys)},
};

bool question_is_key(struct slice name)
{
    static const char *const keys[] = {"proof", "right", "fb",   "answer", "tol",
                                       "slips", "model", "keys", "pass"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (slice_equal(name, slice_of(keys[i])))
            return true;
    return false;
}

static void add(struct question_rows *rows, const struct shape_key *keys, size_t count)
{
    check(rows->shape.key_count + count <= SHAPE_KEYS_MAX);
    memcpy(&rows->keys[rows->shape.key_count], keys, count * sizeof *keys);
    rows->shape.key_count += count;
}

static void take_keys_away(struct question_rows *rows)
{
    size_t kept = 0;
    for (size_t i = 0; i < rows->shape.key_count; i++) {
        struct shape_key row = rows->keys[i];
        if (question_is_key(slice_of(row.name)))
            continue;
        for (enum question_object o = QUESTION_OPTION; o <= QUESTION_ITEM; o++)
            if (row.of == &question_objects[o])
                row.of = &question_objects[question_sealed_object(o)];
        rows->keys[kept++] = row;
    }
    rows->shape.key_count = kept;
}

void question_rows_init(struct question_rows *rows, enum question_type type,
                        enum question_place place, bool is_sealed)
{
    rows->shape = (struct shape){.name = type_shapes[type].name, .keys = rows->keys};
    struct shape_key type_key = question_type_key;
    type_key.words = question_type_names[type];
    if (place == QUESTION_IN_BANK)
        add(rows, bank_keys, sizeof bank_keys / sizeof *bank_keys);
    add(rows, &type_key, 1);
    if (is_sealed)
        add(rows, &question_sealed_key, 1);
    add(rows, common_keys, sizeof common_keys / sizeof *common_keys);
    add(rows, type_shapes[type].keys, type_shapes[type].key_count);
    if (is_sealed)
        take_keys_away(rows);
}
