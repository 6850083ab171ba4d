/*
 * Moodle XML. Texts are Markdown in CDATA sections; re-importing brings questions up to date by
 * their <idnumber>.
 */
#include "lessons/quiz_export_part.h"

struct moodle {
    struct bytes *out;
    struct arena *arena;
};

static void put(struct moodle *m, const char *text)
{
    (void)bytes_append(m->out, slice_of(text));
}

static void put_line(struct moodle *m, const char *text)
{
    put(m, text);
    put(m, "\n");
}

/* <text> with Markdown; "]]>" can't be in one CDATA section. */
static void put_text(struct moodle *m, struct slice text)
{
    struct bytes markdown;
    bytes_init(&markdown, SIZE_MAX);
    export_markdown(&markdown, text);
    struct slice rest = bytes_slice(&markdown);
    put(m, "<text><![CDATA[");
    for (size_t end; (end = slice_find(rest, SLICE("]]>"), 0)) != SLICE_NONE;) {
        (void)bytes_append(m->out, slice_part(rest, 0, end + 2));
        put(m, "]]><![CDATA[");
        rest = slice_part(rest, end + 2, rest.size);
    }
    (void)bytes_append(m->out, rest);
    put(m, "]]></text>");
    bytes_finish(&markdown);
}

static void put_formatted(struct moodle *m, const char *element, struct slice text)
{
    (void)bytes_printf(m->out, "    <%s format=\"markdown\">", element);
    put_text(m, text);
    (void)bytes_printf(m->out, "</%s>\n", element);
}

/* An answer with what it is worth. Only plain texts and numbers go without a format. */
static void put_answer(struct moodle *m, const char *sign, struct slice fraction, bool is_markdown,
                       struct slice text, struct slice feedback)
{
    (void)bytes_printf(m->out, "    <answer fraction=\"%s%.*s\"%s>", sign, SLICE_ARG(fraction),
                       is_markdown ? " format=\"markdown\"" : "");
    if (is_markdown)
        put_text(m, text);
    else
        (void)bytes_printf(m->out, "<text>%.*s</text>", SLICE_ARG(text));
    put(m, "<feedback format=\"markdown\">");
    put_text(m, feedback);
    put(m, "</feedback>");
}

static void put_tf(struct moodle *m, const struct question *q)
{
    for (size_t i = 0; i < q->choice_count; i++) {
        put_answer(m, "", q->choices[i].is_right ? SLICE("100") : SLICE("0"), false,
                   q->choices[i].text, q->choices[i].feedback);
        put_line(m, "</answer>");
    }
}

static void put_choices(struct moodle *m, const struct question *q)
{
    bool is_multi = q->type == QUESTION_MULTI;
    struct slice share = export_percent(export_right_count(q), m->arena);
    put_line(m, is_multi ? "    <single>false</single>" : "    <single>true</single>");
    put_line(m, "    <shuffleanswers>true</shuffleanswers>");
    put_line(m, "    <answernumbering>abc</answernumbering>");
    for (size_t i = 0; i < q->choice_count; i++) {
        const struct question_choice *c = &q->choices[i];
        put_answer(m, is_multi && !c->is_right ? "-" : "",
                   c->is_right || is_multi ? share : SLICE("0"), true, c->text, c->feedback);
        put_line(m, "</answer>");
    }
}

static void put_match(struct moodle *m, const struct question *q)
{
    put_line(m, "    <shuffleanswers>true</shuffleanswers>");
    for (size_t i = 0; i < q->choice_count + q->extra_count; i++) {
        bool is_pair = i < q->choice_count;
        put(m, "    <subquestion format=\"markdown\">");
        put_text(m, is_pair ? q->choices[i].text : SLICE(""));
        (void)bytes_append(m->out, SLICE("<answer><text>"));
        export_xml(m->out, is_pair ? q->choices[i].right : q->extras[i - q->choice_count]);
        put_line(m, "</text></answer></subquestion>");
    }
}

/* ALL, a vertical list; graded by position, or by what follows what (RELATIVE_NEXT_EXCLUDE_LAST).
 */
static void put_order(struct moodle *m, const struct question *q)
{
    put_line(m, "    <layouttype>VERTICAL</layouttype>");
    put_line(m, "    <selecttype>ALL</selecttype>");
    (void)bytes_printf(m->out, "    <selectcount>%zu</selectcount>\n", q->choice_count);
    put_line(m, q->scores_parts ? "    <gradingtype>RELATIVE_NEXT_EXCLUDE_LAST</gradingtype>"
                                : "    <gradingtype>ALL_OR_NOTHING</gradingtype>");
    put_line(m, "    <showgrading>SHOW</showgrading>");
    for (size_t i = 0; i < q->choice_count; i++) {
        (void)bytes_printf(m->out, "    <answer fraction=\"%zu\" format=\"markdown\">", i + 1);
        put_text(m, q->choices[i].text);
        put_line(m, "</answer>");
    }
}

static void put_range(struct moodle *m, struct slice fraction, int64_t value, int64_t tolerance,
                      struct slice feedback)
{
    struct slice around = export_number(tolerance, m->arena);
    put_answer(m, "", fraction, false, export_number(value, m->arena), feedback);
    (void)bytes_printf(m->out, "<tolerance>%.*s</tolerance></answer>\n", SLICE_ARG(around));
}

static void put_number(struct moodle *m, const struct question *q)
{
    put_range(m, SLICE("100"), q->number, q->tolerance, q->note);
    for (size_t i = 0; i < q->slip_count; i++)
        put_range(m, SLICE("0"), q->slips[i].value, q->slips[i].tolerance, q->slips[i].feedback);
}

static void put_essay(struct moodle *m, const struct question *q)
{
    put_line(m, "    <responseformat>editor</responseformat>");
    put_line(m, "    <responserequired>1</responserequired>");
    put_line(m, "    <responsefieldlines>5</responsefieldlines>");
    put_formatted(m, "graderinfo", export_rubric(q, m->arena));
}

static void put_tag(struct moodle *m, struct slice text)
{
    put(m, "<tag><text>");
    export_xml(m->out, text);
    put(m, "</text></tag>");
}

static void put_tags(struct moodle *m, const struct question *q)
{
    put(m, "    <tags>");
    put_tag(m, q->lesson);
    put_tag(m, arena_printf(m->arena, "level-%u", q->level));
    for (size_t i = 0; i < q->topic_count; i++)
        put_tag(m, q->topics[i]);
    for (size_t i = 0; i < q->source_count; i++)
        put_tag(m, q->sources[i]);
    put_line(m, "</tags>");
}

static void put_by_type(struct moodle *m, const struct question *q)
{
    switch (q->type) {
    case QUESTION_TF:
        put_tf(m, q);
        break;
    case QUESTION_SINGLE:
    case QUESTION_MULTI:
    case QUESTION_CLICK:
        put_choices(m, q);
        break;
    case QUESTION_MATCH:
        put_match(m, q);
        break;
    case QUESTION_ORDER:
        put_order(m, q);
        break;
    case QUESTION_NUM:
        put_number(m, q);
        break;
    case QUESTION_SHORT:
        put_essay(m, q);
        break;
    case QUESTION_TYPES:
        break;
    }
}

/* Line by line where lines have no place of their own, then the sources. */
static struct slice general_feedback(const struct question *q, struct arena *arena)
{
    struct slice sources = export_sources(q, arena);
    if (q->type != QUESTION_MATCH && q->type != QUESTION_ORDER)
        return sources;
    return arena_printf(arena, "%.*s\n\n%.*s", SLICE_ARG(export_line_feedback(q, arena)),
                        SLICE_ARG(sources));
}

static void put_question(struct moodle *m, const struct question *q)
{
    static const char *const types[QUESTION_TYPES] = {
        [QUESTION_TF] = "truefalse",      [QUESTION_SINGLE] = "multichoice",
        [QUESTION_MULTI] = "multichoice", [QUESTION_MATCH] = "matching",
        [QUESTION_ORDER] = "ordering",    [QUESTION_SHORT] = "essay",
        [QUESTION_NUM] = "numerical",     [QUESTION_CLICK] = "multichoice",
    };
    (void)bytes_printf(m->out, "  <question type=\"%s\">\n    <name><text>%.*s r%u</text></name>\n",
                       types[q->type], SLICE_ARG(q->id), q->rev);
    put_formatted(m, "questiontext", q->prompt);
    put_formatted(m, "generalfeedback", general_feedback(q, m->arena));
    (void)bytes_printf(m->out,
                       "    <defaultgrade>1</defaultgrade>\n    <idnumber>%.*s</idnumber>\n",
                       SLICE_ARG(q->id));
    put_by_type(m, q);
    put_tags(m, q);
    put_line(m, "  </question>");
}

void quiz_export_moodle(const struct banks *banks, struct bytes *out)
{
    struct arena arena;
    struct moodle m = {out, &arena};
    arena_init(&arena);
    put_line(&m, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<quiz>");
    for (size_t b = 0; b < banks->list.count; b++) {
        const struct bank *bank = banks->list.items[b];
        (void)bytes_printf(out,
                           "  <question type=\"category\"><category>"
                           "<text>$course$/mailflow/%.*s</text></category></question>\n",
                           SLICE_ARG(bank->id));
        for (size_t i = 0; i < bank->count; i++) {
            put_question(&m, &bank->questions[i]);
            arena_reset(&arena);
        }
    }
    put_line(&m, "</quiz>");
    arena_finish(&arena);
}
