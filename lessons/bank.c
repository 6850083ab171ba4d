#include "lessons/bank.h"

#include <stdio.h>

#include "lessons/question_part.h"
#include "sim/base/memory.h"
#include "sim/json/json_file.h"
#include "sim/json/shape_schema.h"

static const struct shape_key bank_keys[] = {
    {"$schema", SHAPE_TEXT, .max = 200, .meaning = "for editors: ./schema.json"},
    {"format", SHAPE_NUMBER, .is_required = true, .min = 1, .max = 1, .meaning = "of the file: 1"},
    {"bank", SHAPE_ID, .is_required = true, .meaning = "the file's own name: L07"},
    {"questions", SHAPE_LIST, .is_required = true, .max = BANK_QUESTIONS_MAX,
     .of = &(const struct shape){.name = "question"}, .meaning = "in the order of the lesson"},
};
static const struct shape bank_shape = {"bank", bank_keys, sizeof bank_keys / sizeof *bank_keys};

/* ---- reading ---- */

static bool reject_id(struct bank *bank, const struct question *q)
{
    const cJSON *node = cJSON_GetObjectItemCaseSensitive(q->node, "id");
    return json_reader_reject(&bank->reader, node,
                              (struct json_hint){.expected = "an id of its own"},
                              "question %.*s twice", SLICE_ARG(q->id));
}

static bool read_questions(struct bank *bank, const cJSON *list)
{
    const cJSON *node;
    bank->questions =
        arena_take(&bank->arena, (size_t)cJSON_GetArraySize(list) * sizeof *bank->questions);
    cJSON_ArrayForEach(node, list)
    {
        struct question *q = &bank->questions[bank->count];
        if (!question_read(&bank->reader, node, QUESTION_IN_BANK, &bank->arena, q))
            return false;
        for (size_t i = 0; i < bank->count; i++)
            if (slice_equal(bank->questions[i].id, q->id))
                return reject_id(bank, q);
        bank->count++;
    }
    return true;
}

static bool read_bank(struct bank *bank)
{
    struct shape_values v;
    if (!shape_read(&bank->reader, bank->reader.root, &bank_shape, &v))
        return false;
    bank->id = arena_copy(&bank->arena, shape_text(&v, "bank"));
    return read_questions(bank, shape_get(&v, "questions")->node);
}

bool bank_read(struct bank *bank, struct slice json, const char *name, struct problem *problem)
{
    *bank = (struct bank){0};
    if (json.size > BANK_FILE_MAX) {
        problem_at(problem, name, 0, 0);
        return problem_set(problem, "too large, expected a bank of at most %d octets",
                           BANK_FILE_MAX);
    }
    arena_init(&bank->arena);
    json = arena_copy(&bank->arena, json);
    name = arena_copy(&bank->arena, slice_of(name)).data;
    bool is_good =
        json_reader_init(&bank->reader, json, name, &bank->arena, problem) && read_bank(bank);
    if (!is_good)
        bank_finish(bank);
    return is_good;
}

bool bank_load(struct bank *bank, const char *path, struct problem *problem)
{
    struct bytes text;
    if (!json_file_read(path, BANK_FILE_MAX, &text, problem))
        return false;
    bool is_good = bank_read(bank, bytes_slice(&text), path, problem);
    bytes_finish(&text);
    return is_good;
}

void bank_finish(struct bank *bank)
{
    json_reader_finish(&bank->reader);
    arena_finish(&bank->arena);
    *bank = (struct bank){0};
}

/* ---- all of them ---- */

/* The place of an id among the questions, or where it would be. */
static size_t place_of(const struct banks *banks, struct slice id)
{
    size_t from = 0, to = banks->questions.count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (slice_order(banks->questions.items[middle]->id, id) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

const struct question *banks_find(const struct banks *banks, struct slice id)
{
    size_t i = place_of(banks, id);
    bool is_there = i < banks->questions.count && slice_equal(banks->questions.items[i]->id, id);
    return is_there ? banks->questions.items[i] : NULL;
}

static void insert(struct banks *banks, const struct question *q)
{
    size_t place = place_of(banks, q->id);
    (void)vector_add(&banks->questions);
    memmove(&banks->questions.items[place + 1], &banks->questions.items[place],
            (banks->questions.count - 1 - place) * sizeof *banks->questions.items);
    banks->questions.items[place] = q;
}

bool banks_add(struct banks *banks, const char *path, struct problem *problem)
{
    struct bank *bank = memory_take(sizeof *bank);
    if (!bank_load(bank, path, problem)) {
        free(bank);
        return false;
    }
    for (size_t i = 0; i < bank->count; i++)
        if (banks_find(banks, bank->questions[i].id)) {
            bank->reader.problem = problem;
            (void)reject_id(bank, &bank->questions[i]);
            bank_finish(bank);
            free(bank);
            return false;
        }
    *vector_add(&banks->list) = bank;
    for (size_t i = 0; i < bank->count; i++)
        insert(banks, &bank->questions[i]);
    return true;
}

void banks_finish(struct banks *banks)
{
    for (size_t i = 0; i < banks->list.count; i++) {
        bank_finish(banks->list.items[i]);
        free(banks->list.items[i]);
    }
    vector_finish(&banks->list);
    vector_finish(&banks->questions);
}

const struct question *banks_find_sealed(const struct banks *banks)
{
    for (size_t i = 0; i < banks->questions.count; i++)
        if (banks->questions.items[i]->is_sealed)
            return banks->questions.items[i];
    return NULL;
}

bool question_is_about(const struct question *question, struct slice topic)
{
    for (size_t i = 0; i < question->topic_count; i++)
        if (slice_equal(question->topics[i], topic))
            return true;
    return false;
}

/* ---- the schema ---- */

/* Each type whole and, behind these, each sealed. */
enum { FORMS = 2 * QUESTION_TYPES };

static void name_of_form(size_t form, enum question_place place, char name[32])
{
    snprintf(name, 32, "%s%s%s", form < QUESTION_TYPES ? "" : "sealed-",
             question_type_names[form % QUESTION_TYPES],
             place == QUESTION_IN_STEP ? "-in-step" : "");
}

/* One of the forms, and then each of them. */
static void write_forms(struct shape_schema *w, enum question_place place)
{
    shape_schema_enter(w, place == QUESTION_IN_BANK ? "question" : "in-step", "{");
    shape_schema_enter(w, "oneOf", "[");
    for (size_t form = 0; form < FORMS; form++) {
        char name[32], reference[64];
        name_of_form(form, place, name);
        snprintf(reference, sizeof reference, "#/$defs/%s", name);
        shape_schema_enter(w, NULL, "{");
        shape_schema_text(w, "$ref", reference);
        shape_schema_leave(w, "}");
    }
    shape_schema_leave(w, "]");
    shape_schema_leave(w, "}");
    for (size_t form = 0; form < FORMS; form++) {
        char name[32];
        struct question_rows rows;
        name_of_form(form, place, name);
        question_rows_init(&rows, (enum question_type)(form % QUESTION_TYPES), place,
                           form >= QUESTION_TYPES);
        shape_schema_enter(w, name, "{");
        shape_schema_members(w, &rows.shape);
        shape_schema_leave(w, "}");
    }
}

bool bank_schema_print(struct bytes *out)
{
    struct shape_schema w;
    shape_schema_begin(&w, out, "mailflow question bank, format 1");
    shape_schema_members(&w, &bank_shape);
    shape_schema_enter(&w, "$defs", "{");
    write_forms(&w, QUESTION_IN_BANK);
    write_forms(&w, QUESTION_IN_STEP);
    for (size_t i = 0; i < QUESTION_OBJECTS; i++) {
        shape_schema_enter(&w, question_objects[i].name, "{");
        shape_schema_members(&w, &question_objects[i]);
        shape_schema_leave(&w, "}");
    }
    shape_schema_leave(&w, "}");
    return shape_schema_end(&w);
}
