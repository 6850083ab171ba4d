#include "lessons/workbook.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>

#include "sim/base/bytes.h"
#include "sim/base/check.h"
#include "sim/base/vtime.h"
#include "sim/json/json_splice.h"
#include "sim/json/shape.h"

void workbook_init(struct workbook *book)
{
    *book = (struct workbook){.seed = 1};
    arena_init(&book->arena);
}

void workbook_finish(struct workbook *book)
{
    for (size_t i = 0; i < book->attempts.count; i++)
        vector_finish(&book->attempts.items[i].deeds);
    vector_finish(&book->attempts);
    vector_finish(&book->replies);
    arena_finish(&book->arena);
}

struct workbook_attempt *workbook_begin(struct workbook *book, struct slice scene)
{
    struct workbook_attempt *attempt = vector_add(&book->attempts);
    attempt->scene = arena_copy(&book->arena, scene);
    return attempt;
}

void workbook_add(struct workbook *book, struct workbook_attempt *attempt,
                  const struct workbook_deed *deed)
{
    struct workbook_deed *added = vector_add(&attempt->deeds);
    *added = *deed;
    added->step = arena_copy(&book->arena, deed->step);
    added->text = arena_copy(&book->arena, deed->text);
}

bool workbook_has(const struct workbook_attempt *attempt, struct slice step, struct slice text)
{
    for (size_t i = 0; i < attempt->deeds.count; i++)
        if (slice_equal(attempt->deeds.items[i].step, step) &&
            slice_equal(attempt->deeds.items[i].text, text))
            return true;
    return false;
}

void workbook_add_reply(struct workbook *book, const struct workbook_reply *reply)
{
    if (book->replies.count == WORKBOOK_REPLIES_MAX)
        return;
    struct workbook_reply *added = vector_add(&book->replies);
    *added = *reply;
    added->question = arena_copy(&book->arena, reply->question);
    added->answer = arena_copy(&book->arena, reply->answer);
}

const struct workbook_deed *workbook_answer(const struct workbook_attempt *attempt,
                                            struct slice step)
{
    for (size_t i = attempt->deeds.count; i-- > 0;)
        if (attempt->deeds.items[i].kind == WORKBOOK_ANSWER &&
            slice_equal(attempt->deeds.items[i].step, step))
            return &attempt->deeds.items[i];
    return NULL;
}

/* ---- reading ---- */

#define KEYS(rows) rows, sizeof(rows) / sizeof *(rows)

enum { ID_MAX = 64, SEED_DIGITS_MAX = 20 };

static const struct shape_key deed_keys[] = {
    {"step", SHAPE_TEXT, .max = ID_MAX, .fallback = "", .meaning = "the step that it is part of"},
    {"t", SHAPE_NUMBER, .is_required = true, .max = WORKBOOK_T_MAX,
     .meaning = "virtual nanoseconds since the start"},
    {"do", SHAPE_TEXT, .min = 1, .max = WORKBOOK_TEXT_MAX, .meaning = "an action line"},
    {"run", SHAPE_BOOL, .meaning = "the clock was run on to t"},
    {"answer", SHAPE_TEXT, .max = WORKBOOK_TEXT_MAX, .meaning = "to the question of the step"},
    {"at", SHAPE_TEXT, .max = ID_MAX, .meaning = "when it was done, ISO 8601 UTC"},
};
static const struct shape deed_shape = {"deed", KEYS(deed_keys)};

static const struct shape_key attempt_keys[] = {
    {"scene", SHAPE_TEXT, .is_required = true, .max = ID_MAX, .meaning = "id of the scene"},
    {"deeds", SHAPE_LIST, .is_required = true, .max = WORKBOOK_DEEDS_MAX, .of = &deed_shape,
     .meaning = "what was done, in this order"},
};
static const struct shape attempt_shape = {"attempt", KEYS(attempt_keys)};

static const struct shape_key reply_keys[] = {
    {"question", SHAPE_TEXT, .is_required = true, .max = ID_MAX, .meaning = "its id"},
    {"rev", SHAPE_NUMBER, .max = 1000000, .fallback = "1", .meaning = "its revision then"},
    {"answer", SHAPE_TEXT, .is_required = true, .max = WORKBOOK_TEXT_MAX, .meaning = "the answer"},
    {"seconds", SHAPE_NUMBER, .max = 1000000, .fallback = "0", .meaning = "how long it took"},
    {"at", SHAPE_TEXT, .max = ID_MAX, .meaning = "when it was given, ISO 8601 UTC"},
};
static const struct shape reply_shape = {"reply", KEYS(reply_keys)};

static const struct shape_key book_keys[] = {
    {"format", SHAPE_NUMBER, .is_required = true, .min = 1, .max = 1, .meaning = "1"},
    {"mailflow", SHAPE_WORD, .is_required = true, .words = "work", .meaning = "\"work\""},
    {"lesson", SHAPE_TEXT, .max = ID_MAX, .fallback = "", .meaning = "the lesson's id"},
    {"learner", SHAPE_TEXT, .max = ID_MAX, .fallback = "",
     .meaning = "the code that the teacher gave out; no name"},
    {"session", SHAPE_TEXT, .max = ID_MAX, .fallback = "", .meaning = "tells two sittings apart"},
    {"seed", SHAPE_TEXT, .max = SEED_DIGITS_MAX, .fallback = "1", .meaning = "where chance starts"},
    {"attempts", SHAPE_LIST, .max = WORKBOOK_ATTEMPTS_MAX, .of = &attempt_shape,
     .meaning = "one after the other"},
    {"quiz", SHAPE_LIST, .max = WORKBOOK_REPLIES_MAX, .of = &reply_shape,
     .meaning = "answers to questions of the banks"},
};
static const struct shape book_shape = {"work", KEYS(book_keys)};

/* 0 for anything but 2026-11-22T10:00:00Z. */
static int64_t read_wall(struct slice text)
{
    int year, month, day, hour, minute, second, size = 0;
    char copy[ID_MAX + 1];
    snprintf(copy, sizeof copy, "%.*s", SLICE_ARG(slice_part(text, 0, ID_MAX)));
    if (sscanf(copy, "%4d-%2d-%2dT%2d:%2d:%2dZ%n", &year, &month, &day, &hour, &minute, &second,
               &size) != 6 ||
        size != (int)text.size || year < 1970 || month < 1 || month > 12 || day < 1 || day > 31)
        return 0;
    return vtime_unix_s(year, month, day, hour, minute, second);
}

/* Which one it is; SLICE_NONE when there is not just one. */
static size_t deed_kind(const struct shape_values *v)
{
    static const char *const keys[] = {
        [WORKBOOK_DO] = "do", [WORKBOOK_RUN] = "run", [WORKBOOK_ANSWER] = "answer"};
    size_t kind = SLICE_NONE;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (shape_has(v, keys[i])) {
            if (kind != SLICE_NONE)
                return SLICE_NONE;
            kind = i;
        }
    return kind;
}

static struct slice deed_text(const struct shape_values *v, enum workbook_kind kind)
{
    switch (kind) {
    case WORKBOOK_DO:
        return shape_text(v, "do");
    case WORKBOOK_RUN:
        return SLICE("");
    case WORKBOOK_ANSWER:
        return shape_text(v, "answer");
    }
    return SLICE("");
}

static bool read_deed(struct json_reader *r, struct workbook *book,
                      struct workbook_attempt *attempt, const cJSON *node)
{
    struct shape_values v;
    if (!shape_read(r, node, &deed_shape, &v))
        return false;
    size_t kind = deed_kind(&v);
    if (kind == SLICE_NONE)
        return json_reader_reject(r, node, (struct json_hint){.expected = "do, run or answer"},
                                  "a deed needs one of them");
    workbook_add(book, attempt,
                 &(struct workbook_deed){
                     .kind = (enum workbook_kind)kind,
                     .t = shape_number(&v, "t"),
                     .wall_s = read_wall(shape_text(&v, "at")),
                     .step = shape_text(&v, "step"),
                     .text = deed_text(&v, (enum workbook_kind)kind),
                 });
    return true;
}

static bool read_attempt(struct json_reader *r, struct workbook *book, const cJSON *node)
{
    struct shape_values v;
    const cJSON *deed;
    if (!shape_read(r, node, &attempt_shape, &v))
        return false;
    struct workbook_attempt *attempt = workbook_begin(book, shape_text(&v, "scene"));
    cJSON_ArrayForEach(
        deed, shape_get(&v, "deeds")->node) if (!read_deed(r, book, attempt, deed)) return false;
    return true;
}

static bool read_reply(struct json_reader *r, struct workbook *book, const cJSON *node)
{
    struct shape_values v;
    if (!shape_read(r, node, &reply_shape, &v))
        return false;
    const struct workbook_reply reply = {
        .question = shape_text(&v, "question"),
        .answer = shape_text(&v, "answer"),
        .rev = (uint32_t)shape_number(&v, "rev"),
        .seconds = (uint32_t)shape_number(&v, "seconds"),
        .wall_s = read_wall(shape_text(&v, "at")),
    };
    workbook_add_reply(book, &reply);
    return true;
}

static bool read_book(struct json_reader *r, struct workbook *book)
{
    struct shape_values v;
    const cJSON *node;
    if (!shape_read(r, r->root, &book_shape, &v))
        return false;
    book->lesson = arena_copy(&book->arena, shape_text(&v, "lesson"));
    book->learner = arena_copy(&book->arena, shape_text(&v, "learner"));
    book->session = arena_copy(&book->arena, shape_text(&v, "session"));
    if (!slice_to_u64(shape_text(&v, "seed"), &book->seed))
        return json_reader_reject(r, shape_get(&v, "seed")->node,
                                  (struct json_hint){.expected = "digits in quotes"},
                                  "no such seed");
    cJSON_ArrayForEach(
        node, shape_get(&v, "attempts")->node) if (!read_attempt(r, book, node)) return false;
    cJSON_ArrayForEach(node,
                       shape_get(&v, "quiz")->node) if (!read_reply(r, book, node)) return false;
    return true;
}

bool workbook_read(struct workbook *book, struct slice json, const char *name,
                   struct problem *problem)
{
    struct json_reader r;
    workbook_init(book);
    bool ok = json.size <= WORKBOOK_FILE_MAX ||
              problem_set(problem, "%s: more than %d MiB", name, WORKBOOK_FILE_MAX >> 20);
    ok = ok && json_reader_init(&r, arena_copy(&book->arena, json), name, &book->arena, problem);
    if (ok) {
        ok = read_book(&r, book);
        json_reader_finish(&r);
    }
    if (!ok)
        workbook_finish(book);
    return ok;
}

/* ---- writing ---- */

struct writing {
    struct bytes out;
    struct arena *arena;
};

static void put(struct writing *w, struct slice text)
{
    check(bytes_append(&w->out, text));
}

/* "key": "text", with what stands before it. */
static void put_text(struct writing *w, const char *before, const char *key, struct slice text)
{
    put(w, arena_printf(w->arena, "%s\"%s\": ", before, key));
    put(w, json_splice_quote(w->arena, text));
}

static void put_wall(struct writing *w, int64_t wall_s)
{
    if (wall_s == 0)
        return;
    struct vtime_calendar c = vtime_calendar(wall_s, 0);
    put(w, arena_printf(w->arena, ", \"at\": \"%04d-%02d-%02dT%02d:%02d:%02dZ\"", (int)c.year,
                        c.month, c.day, c.hour, c.minute, c.second));
}

static void put_deed(struct writing *w, const struct workbook_deed *deed)
{
    put_text(w, "{", "step", deed->step);
    put(w, arena_printf(w->arena, ", \"t\": %" PRId64, deed->t));
    switch (deed->kind) {
    case WORKBOOK_DO:
        put_text(w, ", ", "do", deed->text);
        break;
    case WORKBOOK_RUN:
        put(w, SLICE(", \"run\": true"));
        break;
    case WORKBOOK_ANSWER:
        put_text(w, ", ", "answer", deed->text);
        break;
    }
    put_wall(w, deed->wall_s);
    put(w, SLICE("}"));
}

static void put_attempt(struct writing *w, const struct workbook_attempt *attempt)
{
    put_text(w, "{", "scene", attempt->scene);
    put(w, SLICE(", \"deeds\": ["));
    for (size_t i = 0; i < attempt->deeds.count; i++) {
        put(w, i ? SLICE(",\n      ") : SLICE("\n      "));
        put_deed(w, &attempt->deeds.items[i]);
    }
    put(w, SLICE("]}"));
}

static void put_reply(struct writing *w, const struct workbook_reply *reply)
{
    put_text(w, "{", "question", reply->question);
    put(w, arena_printf(w->arena, ", \"rev\": %u", reply->rev));
    put_text(w, ", ", "answer", reply->answer);
    put(w, arena_printf(w->arena, ", \"seconds\": %u", reply->seconds));
    put_wall(w, reply->wall_s);
    put(w, SLICE("}"));
}

struct slice workbook_write(const struct workbook *book, struct arena *arena)
{
    struct writing w = {.arena = arena};
    bytes_init(&w.out, SIZE_MAX);
    put(&w, SLICE("{\n  \"format\": 1,\n  \"mailflow\": \"work\""));
    put_text(&w, ",\n  ", "lesson", book->lesson);
    put_text(&w, ",\n  ", "learner", book->learner);
    put_text(&w, ",\n  ", "session", book->session);
    put(&w, arena_printf(arena, ",\n  \"seed\": \"%" PRIu64 "\"", book->seed));
    put(&w, SLICE(",\n  \"attempts\": ["));
    for (size_t i = 0; i < book->attempts.count; i++) {
        put(&w, i ? SLICE(",\n    ") : SLICE("\n    "));
        put_attempt(&w, &book->attempts.items[i]);
    }
    put(&w, SLICE("],\n  \"quiz\": ["));
    for (size_t i = 0; i < book->replies.count; i++) {
        put(&w, i ? SLICE(",\n    ") : SLICE("\n    "));
        put_reply(&w, &book->replies.items[i]);
    }
    put(&w, SLICE("]\n}\n"));
    struct slice text = arena_copy(arena, bytes_slice(&w.out));
    bytes_finish(&w.out);
    return text;
}
