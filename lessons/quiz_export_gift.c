/*
 * Moodle GIFT. The parser there decides on a type by what follows the brace: # a number, = and ~
 * choices, "->" pairs, nothing an essay. In every text \ # = ~ { } : are escaped and line ends are
 * \n, and an empty line would end the question.
 */
#include "lessons/quiz_export_part.h"

struct gift {
    struct bytes *out;
    struct arena *arena;
};

static void put(struct gift *g, const char *text)
{
    (void)bytes_append(g->out, slice_of(text));
}

static void put_text(struct gift *g, struct slice text)
{
    struct bytes markdown;
    bytes_init(&markdown, SIZE_MAX);
    export_markdown(&markdown, text);
    struct slice s = bytes_slice(&markdown);
    for (size_t i = 0; i < s.size; i++) {
        if (s.data[i] == '\n') {
            put(g, "\\n");
            continue;
        }
        if (strchr("\\#=~{}:", s.data[i]))
            put(g, "\\");
        (void)bytes_append(g->out, slice_part(s, i, i + 1));
    }
    bytes_finish(&markdown);
}

static void put_feedback(struct gift *g, struct slice feedback)
{
    if (feedback.size == 0)
        return;
    put(g, "#");
    put_text(g, feedback);
}

/* The feedback of all answers: the sources, or what has no place elsewhere. */
static void put_general(struct gift *g, struct slice text, const struct question *q)
{
    struct slice sources = export_sources(q, g->arena);
    if (text.size > 0 && sources.size > 0)
        text = arena_printf(g->arena, "%.*s\n\n%.*s", SLICE_ARG(text), SLICE_ARG(sources));
    else if (text.size == 0)
        text = sources;
    if (text.size == 0)
        return;
    put(g, "####");
    put_text(g, text);
    put(g, "\n");
}

/* What is said to who is wrong comes first. */
static void put_tf(struct gift *g, const struct question *q)
{
    bool is_true = q->choices[0].is_right;
    put(g, is_true ? "{TRUE" : "{FALSE");
    put_feedback(g, q->choices[is_true ? 1 : 0].feedback);
    put_feedback(g, q->choices[is_true ? 0 : 1].feedback);
    put(g, "\n");
}

static void put_choices(struct gift *g, const struct question *q)
{
    struct slice share = export_percent(export_right_count(q), g->arena);
    put(g, "{\n");
    for (size_t i = 0; i < q->choice_count; i++) {
        const struct question_choice *c = &q->choices[i];
        if (q->type != QUESTION_MULTI)
            put(g, c->is_right ? "=" : "~");
        else
            (void)bytes_printf(g->out, "~%%%s%.*s%%", c->is_right ? "" : "-", SLICE_ARG(share));
        put_text(g, c->text);
        put_feedback(g, c->feedback);
        put(g, "\n");
    }
}

static void put_pair(struct gift *g, struct slice left, struct slice right)
{
    put(g, "=");
    put_text(g, left);
    put(g, " -> ");
    put_text(g, right);
    put(g, "\n");
}

static void put_match(struct gift *g, const struct question *q)
{
    put(g, "{\n");
    for (size_t i = 0; i < q->choice_count; i++)
        if (q->type == QUESTION_MATCH)
            put_pair(g, q->choices[i].text, q->choices[i].right);
        else
            put_pair(g, export_ordinal(i, g->arena), q->choices[i].text);
    for (size_t i = 0; i < q->extra_count; i++)
        put_pair(g, SLICE(""), q->extras[i]);
}

static void put_range(struct gift *g, const char *percent, int64_t value, int64_t tolerance,
                      struct slice feedback)
{
    struct slice number = export_number(value, g->arena),
                 around = export_number(tolerance, g->arena);
    (void)bytes_printf(g->out, "=%%%s%%%.*s:%.*s", percent, SLICE_ARG(number), SLICE_ARG(around));
    put_feedback(g, feedback);
    put(g, "\n");
}

static void put_number(struct gift *g, const struct question *q)
{
    put(g, "{#\n");
    put_range(g, "100", q->number, q->tolerance, q->note);
    for (size_t i = 0; i < q->slip_count; i++)
        put_range(g, "0", q->slips[i].value, q->slips[i].tolerance, q->slips[i].feedback);
}

static void put_question(struct gift *g, const struct question *q)
{
    struct slice general = SLICE("");
    (void)bytes_printf(g->out, "// %.*s rev %u\n::%.*s r%u::[markdown]", SLICE_ARG(q->id), q->rev,
                       SLICE_ARG(q->id), q->rev);
    put_text(g, q->prompt);
    switch (q->type) {
    case QUESTION_TF:
        put_tf(g, q);
        break;
    case QUESTION_SINGLE:
    case QUESTION_MULTI:
    case QUESTION_CLICK:
        put_choices(g, q);
        break;
    case QUESTION_MATCH:
    case QUESTION_ORDER:
        put_match(g, q);
        general = export_line_feedback(q, g->arena);
        break;
    case QUESTION_NUM:
        put_number(g, q);
        break;
    case QUESTION_SHORT:
        put(g, "{\n");
        general = export_rubric(q, g->arena);
        break;
    case QUESTION_TYPES:
        break;
    }
    put_general(g, general, q);
    put(g, "}\n\n");
}

void quiz_export_gift(const struct banks *banks, struct bytes *out)
{
    struct arena arena;
    struct gift g = {out, &arena};
    arena_init(&arena);
    for (size_t b = 0; b < banks->list.count; b++) {
        const struct bank *bank = banks->list.items[b];
        (void)bytes_printf(out, "$CATEGORY: $course$/mailflow/%.*s\n\n", SLICE_ARG(bank->id));
        for (size_t i = 0; i < bank->count; i++) {
            put_question(&g, &bank->questions[i]);
            arena_reset(&arena);
        }
    }
    arena_finish(&arena);
}
