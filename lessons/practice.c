#include "lessons/practice.h"

#include <inttypes.h>
#include <stdlib.h>

#include "sim/base/bytes.h"
#include "sim/base/memory.h"
#include "sim/base/random.h"
#include "sim/json/json_splice.h"
#include "sim/json/shape.h"

#define DAY_S INT64_C(86400)
static const int64_t wait_s[PRACTICE_BOXES] = {0,         1 * DAY_S,  3 * DAY_S,
                                               7 * DAY_S, 21 * DAY_S, 60 * DAY_S};

void practice_init(struct practice *p)
{
    *p = (struct practice){0};
    arena_init(&p->arena);
}

void practice_finish(struct practice *p)
{
    vector_finish(&p->cards);
    arena_finish(&p->arena);
}

/* ---- cards ---- */

static size_t place_of(const struct practice *p, struct slice id)
{
    size_t from = 0, to = p->cards.count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (slice_order(p->cards.items[middle].question, id) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* The card of this id, new when there was none. */
static struct practice_card *get_card(struct practice *p, struct slice id)
{
    size_t place = place_of(p, id);
    if (place < p->cards.count && slice_equal(p->cards.items[place].question, id))
        return &p->cards.items[place];
    (void)vector_add(&p->cards);
    struct practice_card *card = &p->cards.items[place];
    memmove(card + 1, card, (p->cards.count - 1 - place) * sizeof *card);
    *card = (struct practice_card){.question = arena_copy(&p->arena, id)};
    return card;
}

const struct practice_card *practice_find(const struct practice *p, const struct question *q)
{
    size_t place = place_of(p, q->id);
    bool is_there = !q->is_sealed && place < p->cards.count &&
                    p->cards.items[place].rev == q->rev &&
                    slice_equal(p->cards.items[place].question, q->id);
    return is_there ? &p->cards.items[place] : NULL;
}

void practice_note(struct practice *p, const struct question *q, bool is_right, int64_t now_s)
{
    if (q->is_sealed)
        return;
    struct practice_card *card = get_card(p, q->id);
    if (card->rev != q->rev)
        *card = (struct practice_card){.question = card->question, .rev = q->rev};
    card->seen++;
    card->right += is_right;
    card->box = !is_right ? 0 : card->box + 1 < PRACTICE_BOXES ? card->box + 1 : card->box;
    card->due_s = now_s + wait_s[card->box];
}

/* ---- choosing ---- */

struct candidate {
    const struct question *question;
    uint32_t class, box; /* 0 due, 1 never met, 2 not due yet */
    int64_t due_s;
    uint64_t chance;
};

static int by_need(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    if (a->class != b->class)
        return a->class < b->class ? -1 : 1;
    if (a->class == 0 && a->box != b->box)
        return a->box < b->box ? -1 : 1;
    if (a->due_s != b->due_s)
        return a->due_s < b->due_s ? -1 : 1;
    return a->chance < b->chance ? -1 : a->chance > b->chance;
}

size_t practice_pick(const struct practice *p, const struct question *const *candidates,
                     size_t count, int64_t now_s, uint64_t seed, size_t most,
                     const struct question **chosen)
{
    struct random random;
    struct candidate *all = memory_take(count * sizeof *all);
    random_init(&random, seed, SLICE("practice"));
    for (size_t i = 0; i < count; i++) {
        const struct practice_card *card = practice_find(p, candidates[i]);
        all[i] = (struct candidate){.question = candidates[i], .chance = random_u64(&random)};
        all[i].class = !card ? 1 : card->due_s <= now_s ? 0 : 2;
        all[i].box = card ? card->box : 0;
        all[i].due_s = card ? card->due_s : 0;
    }
    qsort(all, count, sizeof *all, by_need);
    count = count < most ? count : most;
    for (size_t i = 0; i < count; i++)
        chosen[i] = all[i].question;
    free(all);
    return count;
}

/* ---- the file ---- */

#define NUMBER(name_, least, greatest, meaning_)                                                   \
    {                                                                                              \
        name_, SHAPE_NUMBER, .is_required = true, .min = least, .max = greatest,                   \
                             .meaning = meaning_                                                   \
    }
static const struct shape_key card_keys[] = {
    {"question", SHAPE_ID, .is_required = true, .meaning = "its id"},
    NUMBER("rev", 1, 1000000, "its revision"),
    NUMBER("box", 0, PRACTICE_BOXES - 1, "from 0, answered wrong, to 5"),
    NUMBER("due", 0, INT64_C(100000000000), "Unix seconds"),
    NUMBER("seen", 0, 1000000, "how often it was answered"),
    NUMBER("right", 0, 1000000, "how often it was right"),
};
static const struct shape card_shape = {"card", card_keys, sizeof card_keys / sizeof *card_keys};

static const struct shape_key file_keys[] = {
    NUMBER("format", 1, 1, "of the file: 1"),
    {"mailflow", SHAPE_WORD, .is_required = true, .words = "practice", .meaning = "what it is"},
    {"questions", SHAPE_LIST, .max = PRACTICE_CARDS_MAX, .of = &card_shape,
     .meaning = "those that were answered"},
};
static const struct shape file_shape = {"practice", file_keys,
                                        sizeof file_keys / sizeof *file_keys};

static bool read_cards(struct json_reader *r, struct practice *p)
{
    struct shape_values v;
    const cJSON *node;
    if (!shape_read(r, r->root, &file_shape, &v))
        return false;
    for (int pass = 0; pass < 2; pass++) /* all is looked at before any is added */
        cJSON_ArrayForEach(node, shape_get(&v, "questions")->node)
        {
            struct shape_values card;
            if (!shape_read(r, node, &card_shape, &card))
                return false;
            if (pass == 0)
                continue;
            struct practice_card *to = get_card(p, shape_text(&card, "question"));
            to->rev = (uint32_t)shape_number(&card, "rev");
            to->box = (uint32_t)shape_number(&card, "box");
            to->due_s = shape_number(&card, "due");
            to->seen = (uint32_t)shape_number(&card, "seen");
            to->right = (uint32_t)shape_number(&card, "right");
        }
    return true;
}

bool practice_read(struct practice *p, struct slice json, const char *name, struct problem *problem)
{
    struct json_reader r;
    struct arena arena;
    if (json.size > PRACTICE_FILE_MAX) {
        problem_at(problem, name, 0, 0);
        return problem_set(problem, "too large, expected at most %d octets", PRACTICE_FILE_MAX);
    }
    arena_init(&arena);
    bool ok = json_reader_init(&r, arena_copy(&arena, json), name, &arena, problem);
    if (ok) {
        ok = read_cards(&r, p);
        json_reader_finish(&r);
    }
    arena_finish(&arena);
    return ok;
}

struct slice practice_write(const struct practice *p, struct arena *arena)
{
    struct bytes out;
    bytes_init(&out, SIZE_MAX);
    (void)bytes_append(&out, SLICE("{\"format\": 1, \"mailflow\": \"practice\", \"questions\": ["));
    for (size_t i = 0; i < p->cards.count; i++) {
        const struct practice_card *c = &p->cards.items[i];
        struct slice id = json_splice_quote(arena, c->question);
        (void)bytes_printf(&out,
                           "%s\n  {\"question\": %.*s, \"rev\": %u, \"box\": %u, \"due\": %" PRId64
                           ", \"seen\": %u, \"right\": %u}",
                           i ? "," : "", SLICE_ARG(id), c->rev, c->box, c->due_s, c->seen,
                           c->right);
    }
    (void)bytes_append(&out, SLICE("\n]}\n"));
    struct slice text = arena_copy(arena, bytes_slice(&out));
    bytes_finish(&out);
    return text;
}
