/*
 * IMS QTI 2.2: an assessmentItem a question, and a manifest of a content package. Choices are known
 * by their letters, so what is said to each is a modalFeedback of its letter.
 */
#include <stdio.h>

#include "lessons/quiz_export_part.h"
#include "lessons/question_part.h"

struct qti {
    struct bytes *out;
    struct arena *arena;
    const struct question *q;
};

enum { NAME_MAX_OCTETS = 128 };

static void put(struct qti *x, const char *text)
{
    (void)bytes_append(x->out, slice_of(text));
}

/* With the text as XHTML in the place of @, and the letter in that of $. */
static void put_with(struct qti *x, const char *form, size_t letter, struct slice text)
{
    for (const char *c = form; *c; c++)
        if (*c == '@')
            export_html(x->out, text);
        else if (*c == '$')
            (void)bytes_append_octet(x->out, (char)('a' + letter));
        else
            (void)bytes_append_octet(x->out, *c);
}

/* ---- declarations: what is right, and what each answer is worth ---- */

static bool is_graded_by_map(const struct question *q)
{
    return q->type == QUESTION_MULTI || q->type == QUESTION_MATCH;
}

/* The right answers as values. ORDER: all, as the file has them in order. */
static void put_values(struct qti *x)
{
    const struct question *q = x->q;
    for (size_t i = 0; i < q->choice_count; i++) {
        if (!q->choices[i].is_right)
            continue;
        if (q->type == QUESTION_MATCH)
            (void)bytes_printf(x->out, "      <value>l_%c r_%c</value>\n", (char)('a' + i),
                               (char)('a' + question_right_side_of(q, i)));
        else
            put_with(x, "      <value>$</value>\n", i, SLICE(""));
    }
    if (q->type == QUESTION_NUM) {
        struct slice number = export_number(q->number, x->arena);
        (void)bytes_printf(x->out, "      <value>%.*s</value>\n", SLICE_ARG(number));
    }
}

/* A part for each right one; with "minus" a wrong one takes one away. All together are 1. */
static void put_mapping(struct qti *x)
{
    const struct question *q = x->q;
    double share = 1.0 / (double)export_right_count(q);
    put(x, "    <mapping lowerBound=\"0\" upperBound=\"1\" defaultValue=\"0\">\n");
    for (size_t i = 0; i < q->choice_count; i++) {
        double worth = q->choices[i].is_right ? share : -share;
        if (q->type == QUESTION_MATCH)
            (void)bytes_printf(x->out,
                               "      <mapEntry mapKey=\"l_%c r_%c\" mappedValue=\"%.5f\"/>\n",
                               (char)('a' + i), (char)('a' + question_right_side_of(q, i)), worth);
        else
            (void)bytes_printf(x->out, "      <mapEntry mapKey=\"%c\" mappedValue=\"%.5f\"/>\n",
                               (char)('a' + i), worth);
    }
    put(x, "    </mapping>\n");
}

static void put_declarations(struct qti *x)
{
    static const struct {
        const char *cardinality, *base;
    } kinds[QUESTION_TYPES] = {
        [QUESTION_TF] = {"single", "identifier"},
        [QUESTION_SINGLE] = {"single", "identifier"},
        [QUESTION_MULTI] = {"multiple", "identifier"},
        [QUESTION_CLICK] = {"single", "identifier"},
        [QUESTION_MATCH] = {"multiple", "directedPair"},
        [QUESTION_ORDER] = {"ordered", "identifier"},
        [QUESTION_NUM] = {"single", "float"},
        [QUESTION_SHORT] = {"single", "string"},
    };
    (void)bytes_printf(x->out,
                       "  <responseDeclaration identifier=\"RESPONSE\" cardinality=\"%s\" "
                       "baseType=\"%s\">\n",
                       kinds[x->q->type].cardinality, kinds[x->q->type].base);
    if (x->q->type != QUESTION_SHORT) {
        put(x, "    <correctResponse>\n");
        put_values(x);
        put(x, "    </correctResponse>\n");
    }
    if (is_graded_by_map(x->q))
        put_mapping(x);
    put(x, "  </responseDeclaration>\n"
           "  <outcomeDeclaration identifier=\"SCORE\" cardinality=\"single\" baseType=\"float\">\n"
           "    <defaultValue>\n      <value>0</value>\n    </defaultValue>\n"
           "  </outcomeDeclaration>\n"
           "  <outcomeDeclaration identifier=\"FEEDBACK\" cardinality=\"multiple\" "
           "baseType=\"identifier\"/>\n");
}

/* ---- the body ---- */

static void put_choices(struct qti *x)
{
    const struct question *q = x->q;
    (void)bytes_printf(x->out,
                       "    <choiceInteraction responseIdentifier=\"RESPONSE\" shuffle=\"%s\" "
                       "maxChoices=\"%d\">\n",
                       q->type == QUESTION_TF ? "false" : "true",
                       q->type == QUESTION_MULTI ? 0 : 1);
    put_with(x, "      <prompt>@</prompt>\n", 0, q->prompt);
    for (size_t i = 0; i < q->choice_count; i++)
        put_with(x, "      <simpleChoice identifier=\"$\">@</simpleChoice>\n", i,
                 q->choices[i].text);
    put(x, "    </choiceInteraction>\n");
}

static void put_order(struct qti *x)
{
    put(x, "    <orderInteraction responseIdentifier=\"RESPONSE\" shuffle=\"true\">\n");
    put_with(x, "      <prompt>@</prompt>\n", 0, x->q->prompt);
    for (size_t i = 0; i < x->q->choice_count; i++)
        put_with(x, "      <simpleChoice identifier=\"$\">@</simpleChoice>\n", i,
                 x->q->choices[i].text);
    put(x, "    </orderInteraction>\n");
}

static void put_match(struct qti *x)
{
    const struct question *q = x->q;
    struct slice sides[2 * QUESTION_CHOICES_MAX];
    size_t count = question_right_sides(q, sides);
    (void)bytes_printf(x->out,
                       "    <matchInteraction responseIdentifier=\"RESPONSE\" shuffle=\"true\" "
                       "maxAssociations=\"%zu\">\n",
                       q->choice_count);
    put_with(x, "      <prompt>@</prompt>\n      <simpleMatchSet>\n", 0, q->prompt);
    for (size_t i = 0; i < q->choice_count; i++)
        put_with(x,
                 "        <simpleAssociableChoice identifier=\"l_$\" matchMax=\"1\">@"
                 "</simpleAssociableChoice>\n",
                 i, q->choices[i].text);
    put(x, "      </simpleMatchSet>\n      <simpleMatchSet>\n");
    for (size_t i = 0; i < count; i++)
        put_with(x,
                 "        <simpleAssociableChoice identifier=\"r_$\" matchMax=\"0\">@"
                 "</simpleAssociableChoice>\n",
                 i, sides[i]);
    put(x, "      </simpleMatchSet>\n    </matchInteraction>\n");
}

static void put_body(struct qti *x)
{
    const struct question *q = x->q;
    put(x, "  <itemBody>\n");
    if (q->type == QUESTION_NUM) {
        put_with(x, "    <p>@</p>\n    <p><textEntryInteraction responseIdentifier=\"RESPONSE\"/> ",
                 0, q->prompt);
        put_with(x, "@</p>\n", 0, q->unit);
    } else if (q->type == QUESTION_SHORT) {
        put_with(x,
                 "    <extendedTextInteraction responseIdentifier=\"RESPONSE\" "
                 "expectedLines=\"5\">\n      <prompt>@</prompt>\n"
                 "    </extendedTextInteraction>\n",
                 0, q->prompt);
        put_with(x, "    <rubricBlock view=\"scorer\">\n      <p>@</p>\n    </rubricBlock>\n", 0,
                 export_rubric(q, x->arena));
    } else if (q->type == QUESTION_MATCH) {
        put_match(x);
    } else if (q->type == QUESTION_ORDER) {
        put_order(x);
    } else {
        put_choices(x);
    }
    put(x, "  </itemBody>\n");
}

/* ---- the score, and what is said ---- */

#define RESPONSE "<variable identifier=\"RESPONSE\"/>"
#define CONDITION(test, outcome)                                                                   \
    "    <responseCondition>\n      <responseIf>\n        " test "\n        " outcome              \
    "\n      </responseIf>\n    </responseCondition>\n"
#define SAY(identifier)                                                                            \
    "<setOutcomeValue identifier=\"FEEDBACK\"><multiple><variable identifier=\"FEEDBACK\"/>"       \
    "<baseValue baseType=\"identifier\">" identifier "</baseValue></multiple></setOutcomeValue>"
#define FULL                                                                                       \
    "<setOutcomeValue identifier=\"SCORE\"><baseValue baseType=\"float\">1</baseValue>"            \
    "</setOutcomeValue>"

/* Within so much of a number; the slip's letter is said, or the full score given. */
static void put_near(struct qti *x, int64_t value, int64_t tolerance, const char *then, size_t i)
{
    struct slice number = export_number(value, x->arena),
                 around = export_number(tolerance, x->arena);
    (void)bytes_printf(x->out,
                       "    <responseCondition>\n      <responseIf>\n"
                       "        <equal toleranceMode=\"absolute\" tolerance=\"%.*s %.*s\">" RESPONSE
                       "<baseValue baseType=\"float\">%.*s</baseValue></equal>\n        ",
                       SLICE_ARG(around), SLICE_ARG(around), SLICE_ARG(number));
    put_with(x, then, i, SLICE(""));
    put(x, "\n      </responseIf>\n    </responseCondition>\n");
}

static void put_processing(struct qti *x)
{
    const struct question *q = x->q;
    if (q->type == QUESTION_SHORT)
        return; /* a person marks it by the rubric */
    put(x, "  <responseProcessing>\n");
    if (is_graded_by_map(q))
        put(x, "    <setOutcomeValue identifier=\"SCORE\"><mapResponse identifier=\"RESPONSE\"/>"
               "</setOutcomeValue>\n");
    else if (q->type == QUESTION_NUM)
        put_near(x, q->number, q->tolerance, FULL, 0);
    else
        put(x, CONDITION("<match>" RESPONSE "<correct identifier=\"RESPONSE\"/></match>", FULL));
    for (size_t i = 0; i < q->slip_count; i++)
        put_near(x, q->slips[i].value, q->slips[i].tolerance, SAY("$"), i);
    for (size_t i = 0; i < q->choice_count; i++) {
        if (q->type == QUESTION_MULTI)
            put_with(x,
                     CONDITION("<member><baseValue baseType=\"identifier\">$</baseValue>" RESPONSE
                               "</member>",
                               SAY("$")),
                     i, SLICE(""));
        else if (q->type != QUESTION_MATCH && q->type != QUESTION_ORDER)
            put_with(x,
                     CONDITION("<match>" RESPONSE
                               "<baseValue baseType=\"identifier\">$</baseValue></match>",
                               SAY("$")),
                     i, SLICE(""));
    }
    if (q->type == QUESTION_MATCH || q->type == QUESTION_ORDER || q->type == QUESTION_NUM)
        put(x, "    " SAY("note") "\n");
    put(x, "  </responseProcessing>\n");
}

static void put_modal(struct qti *x, const char *identifier, size_t letter, struct slice text)
{
    if (text.size == 0)
        return;
    put(x, "  <modalFeedback outcomeIdentifier=\"FEEDBACK\" showHide=\"show\" identifier=\"");
    put_with(x, identifier, letter, SLICE(""));
    put_with(x, "\">@</modalFeedback>\n", 0, text);
}

static void put_feedback(struct qti *x)
{
    const struct question *q = x->q;
    bool by_line = q->type == QUESTION_MATCH || q->type == QUESTION_ORDER;
    for (size_t i = 0; i < q->choice_count && !by_line; i++)
        put_modal(x, "$", i, q->choices[i].feedback);
    for (size_t i = 0; i < q->slip_count && q->type == QUESTION_NUM; i++)
        put_modal(x, "$", i, q->slips[i].feedback);
    put_modal(x, "note", 0, by_line ? export_line_feedback(q, x->arena) : q->note);
}

static void put_item(struct qti *x)
{
    (void)bytes_printf(x->out,
                       "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                       "<assessmentItem xmlns=\"http://www.imsglobal.org/xsd/imsqti_v2p2\" "
                       "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                       "xsi:schemaLocation=\"http://www.imsglobal.org/xsd/imsqti_v2p2 "
                       "http://www.imsglobal.org/xsd/qti/qtiv2p2/imsqti_v2p2.xsd\" "
                       "identifier=\"%.*s\" title=\"%.*s r%u\" label=\"%.*s\" "
                       "adaptive=\"false\" timeDependent=\"false\">\n",
                       SLICE_ARG(x->q->id), SLICE_ARG(x->q->id), x->q->rev,
                       SLICE_ARG(x->q->lesson));
    put_declarations(x);
    put_body(x);
    put_processing(x);
    put_feedback(x);
    put(x, "</assessmentItem>\n");
}

/* ---- the package ---- */

static void begin_manifest(struct bytes *out)
{
    (void)bytes_append(
        out, SLICE("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                   "<manifest xmlns=\"http://www.imsglobal.org/xsd/imscp_v1p1\" "
                   "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                   "xsi:schemaLocation=\"http://www.imsglobal.org/xsd/imscp_v1p1 "
                   "http://www.imsglobal.org/xsd/qti/qtiv2p2/qtiv2p2_imscpv1p2_v1p0.xsd\" "
                   "identifier=\"mailflow-quiz\">\n"
                   "  <metadata>\n    <schema>QTIv2.2 Package</schema>\n"
                   "    <schemaversion>1.0.0</schemaversion>\n  </metadata>\n"
                   "  <organizations/>\n  <resources>\n"));
}

static bool put_file(struct qti *x, struct bytes *manifest, const struct quiz_export_files *files)
{
    char name[NAME_MAX_OCTETS];
    snprintf(name, sizeof name, "%.*s.xml", SLICE_ARG(x->q->id));
    (void)bytes_printf(manifest,
                       "    <resource identifier=\"R-%.*s\" type=\"imsqti_item_xmlv2p2\" "
                       "href=\"%s\">\n      <file href=\"%s\"/>\n    </resource>\n",
                       SLICE_ARG(x->q->id), name, name);
    bytes_clear(x->out);
    put_item(x);
    arena_reset(x->arena);
    return files->put(files->context, name, bytes_slice(x->out));
}

bool quiz_export_qti(const struct banks *banks, const struct quiz_export_files *files)
{
    struct arena arena;
    struct bytes item, manifest;
    bool ok = true;
    arena_init(&arena);
    bytes_init(&item, SIZE_MAX);
    bytes_init(&manifest, SIZE_MAX);
    begin_manifest(&manifest);
    for (size_t i = 0; i < banks->questions.count && ok; i++) {
        struct qti x = {&item, &arena, banks->questions.items[i]};
        ok = put_file(&x, &manifest, files);
    }
    (void)bytes_append(&manifest, SLICE("  </resources>\n</manifest>\n"));
    ok = ok && files->put(files->context, "imsmanifest.xml", bytes_slice(&manifest));
    bytes_finish(&manifest);
    bytes_finish(&item);
    arena_finish(&arena);
    return ok;
}
