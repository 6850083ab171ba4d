#include "lessons/question.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "support_question.h"

/* One question a type, as a step asks it. */
static const char tf[] =
    "{'type':'tf','prompt':'p','right':true,'fb':{'true':'Yes.','false':'No.'}}";
static const char single[] = "{'type':'single','prompt':'p','options':[{'t':'one','fb':'F1.'},"
                             "{'t':'two','right':true,'fb':'F2.'},{'t':'three','fb':'F3.'}]}";
static const char multi[] =
    "{'type':'multi','prompt':'p','options':[{'t':'one','right':true,'fb':'F1.'},"
    "{'t':'two','fb':'F2.'},{'t':'three','right':true,'fb':'F3.'},{'t':'four','fb':'F4.'}]}";
static const char minus[] =
    "{'type':'multi','prompt':'p','scoring':'minus','options':[{'t':'one','right':true},"
    "{'t':'two'},{'t':'three','right':true},{'t':'four'}]}";
static const char click[] =
    "{'type':'click','prompt':'p','targets':[{'id':'mx1','t':'first','fb':'Tried.'},"
    "{'id':'mx2','t':'second','right':true,'fb':'Next.'}]}";
static const char either[] =
    "{'type':'click','prompt':'p','targets':[{'id':'mx1','t':'first','right':true,'fb':'One.'},"
    "{'id':'mx2','t':'second','right':true,'fb':'Two.'},{'id':'out','t':'third','fb':'No.'}]}";
static const char match[] = "{'type':'match','prompt':'p','pairs':[{'l':'A','r':'x','fb':'FA.'},{'"
                            "l':'B','r':'y','fb':'FB.'},"
                            "{'l':'C','r':'x','fb':'FC.'}],'extra':['z']}";
static const char order[] =
    "{'type':'order','prompt':'p','items':[{'t':'one','fb':'F1.'},{'t':'two','fb':'F2.'},"
    "{'t':'three','fb':'F3.'},{'t':'four','fb':'F4.'}]}";
static const char exact[] = "{'type':'order','prompt':'p','scoring':'exact','items':[{'t':'one'},{'"
                            "t':'two'},{'t':'three'}]}";
static const char num[] =
    "{'type':'num','prompt':'p','answer':78000,'tol':100,'unit':'octets','fb':'Why.',"
    "'slips':[{'value':76000,'tol':5,'fb':'Line ends.'},{'value':0.25,'fb':'A quarter.'}]}";
static const char words[] =
    "{'type':'short','prompt':'p','model':'It pulls mail by POP3 and is part of a reader.',"
    "'keys':[{'any':['pull*','fetch*'],'shows':'What it does.'},{'any':['pop*','imap*'],'points':2,"
    "'shows':'How.'},{'any':['part of','stand-alone'],'shows':'Where.'}],"
    "'slips':[{'any':['is the pop3 server'],'fb':'It is the client.'}],'pass':3}";

/* ---- judging ---- */

struct row {
    const char *question, *answer;
    uint32_t score;
    const char *feedback; /* joined by blanks; NULL: not the form of an answer */
};

static const struct row rows[] = {
    {tf, "true", 1000, "Yes."},
    {tf, " TRUE ", 1000, "Yes."},
    {tf, "false", 0, "No."},
    {tf, "yes", 0, NULL},
    {tf, "", 0, NULL},
    {single, "b", 1000, "F2."},
    {single, "a", 0, "F1."},
    {single, "d", 0, NULL},
    {single, "a,b", 0, NULL},
    {single, "-", 0, NULL},
    {multi, "a,c", 1000, "F1. F3."},
    {multi, "ca", 1000, "F1. F3."},
    {multi, "a", 0, "F1. F3."},
    {multi, "a,b,c", 0, "F1. F2. F3."},
    {multi, "-", 0, "F1. F3."},
    {multi, "a,a", 0, NULL},
    {multi, "", 0, NULL},
    {minus, "a", 500, ""},
    {minus, "a,b", 0, ""},
    {minus, "a,b,c", 500, ""},
    {minus, "b,d", 0, ""},
    {click, "mx2", 1000, "Next."},
    {click, "mx1", 0, "Tried."},
    {click, "MX2", 0, NULL},
    {click, "mx3", 0, NULL},
    {either, "mx1", 1000, "One."},
    {either, "mx2", 1000, "Two."},
    {either, "out", 0, "No."},
    {match, "a,b,a", 1000, ""},
    {match, "a,b,c", 666, "FC."},
    {match, "c,c,c", 0, "FA. FB. FC."},
    {match, "a,b", 0, NULL},
    {match, "a,b,d", 0, NULL},
    {order, "a,b,c,d", 1000, ""},
    {order, "abcd", 1000, ""},
    {order, "b,c,d,a", 666, "F1."}, /* one was moved, not all four */
    {order, "a,c,b,d", 0, "F2."},
    {order, "a,b,c", 0, NULL},
    {order, "a,b,c,c", 0, NULL},
    {exact, "a,b,c", 1000, ""},
    {exact, "b,c,a", 0, ""},
    {num, "78000", 1000, "Why."},
    {num, "78,100 octets", 1000, "Why."},
    {num, "77900.000", 1000, "Why."},
    {num, "78101", 0, "Why."},
    {num, "+76004", 0, "Line ends. Why."},
    {num, "0.25", 0, "A quarter. Why."},
    {num, "-78000", 0, "Why."},
    {num, "78 oct", 0, "Why."},
    {num, "78,0", 0, NULL},
    {num, "78,0000", 0, NULL},
    {num, "1.2.3", 0, NULL},
    {num, "78000 minutes", 0, NULL},
    {num, "many", 0, NULL},
    {num, "-", 0, NULL},
    {num, "99999999999999999999999999999999999999999", 0, NULL},
    {words, "It PULLS, with POP-3: stand-alone!", 1000, ""},
    {words, "fetching by imap", 750, "Not found in your answer: Where."},
    {words, "a puller, apart of imapd", 750, "Not found in your answer: Where."},
    {words, "It is the POP3 server.", 500,
     "It is the client. Not found in your answer: What it does. Not found in your answer: Where."},
    {words, "\xE2\x80\x9Cpart\xE2\x80\x9D\xE2\x80\x94of", 250,
     "Not found in your answer: What it does. Not found in your answer: How."},
    {words, "  ", 0, NULL},
};

static const char *said(const struct question_verdict *v, struct arena *arena)
{
    struct slice all = SLICE("");
    for (size_t i = 0; i < v->feedback_count; i++)
        all = arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(all), i ? " " : "",
                           SLICE_ARG(v->feedback[i]));
    return arena_copy(arena, all).data;
}

Test(question, judges_answers_of_every_type)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct asked asked;
        struct question_verdict v;
        struct problem problem = {0};
        support_ask(&asked, rows[i].question, QUESTION_IN_STEP);
        cr_assert(asked.is_good, "%s", support_problem(&asked));
        bool has_form =
            question_judge(&asked.question, slice_of(rows[i].answer), &asked.arena, &v, &problem);
        const char *type = question_type_names[asked.question.type];
        cr_expect_eq(has_form, rows[i].feedback != NULL, "%s \"%s\"", type, rows[i].answer);
        cr_expect_eq(v.score, rows[i].score, "%s \"%s\" gave %u", type, rows[i].answer, v.score);
        if (rows[i].feedback)
            cr_expect_str_eq(said(&v, &asked.arena), rows[i].feedback);
        else
            cr_expect(slice_starts(slice_of(problem.what), SLICE("expected ")), "%s", problem.what);
        support_finish(&asked);
    }
}

Test(question, enough_points_of_a_short_answer_are_right_without_the_full_score)
{
    struct asked asked;
    struct question_verdict v;
    support_ask(&asked, words, QUESTION_IN_STEP);
    question_judge(&asked.question, SLICE("fetches by imap"), &asked.arena, &v, &asked.problem);
    cr_expect_eq(v.score, 750);
    cr_expect(v.is_right);
    question_judge(&asked.question, SLICE("imap"), &asked.arena, &v, &asked.problem);
    cr_expect_not(v.is_right);
    support_finish(&asked);
}

Test(question, an_overlong_answer_is_no_answer)
{
    struct asked asked;
    struct question_verdict v;
    static char text[QUESTION_ANSWER_MAX + 2];
    memset(text, 'a', sizeof text - 1);
    support_ask(&asked, words, QUESTION_IN_STEP);
    cr_expect_not(
        question_judge(&asked.question, slice_of(text), &asked.arena, &v, &asked.problem));
    support_finish(&asked);
}

/* ---- the key, and answers in words ---- */

Test(question, its_own_solution_gets_the_full_score)
{
    static const struct {
        const char *question, *solution, *words;
    } keys[] = {
        {tf, "true", "true"},
        {single, "b", "two"},
        {multi, "a,c", "one, three"},
        {click, "mx2", "second"},
        {match, "a,b,a", "A: x; B: y; C: x"},
        {order, "a,b,c,d", "one, two, three, four"},
        {num, "78000", "78000 octets"},
        {words, "It pulls mail by POP3 and is part of a reader.",
         "It pulls mail by POP3 and is part of a reader."},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct asked asked;
        struct question_verdict v;
        support_ask(&asked, keys[i].question, QUESTION_IN_STEP);
        struct slice key = question_solution(&asked.question, &asked.arena);
        struct slice text = question_answer_text(&asked.question, key, &asked.arena);
        cr_expect(slice_equal(key, slice_of(keys[i].solution)), "%.*s", SLICE_ARG(key));
        cr_expect(slice_equal(text, slice_of(keys[i].words)), "%.*s", SLICE_ARG(text));
        cr_expect(question_judge(&asked.question, key, &asked.arena, &v, &asked.problem));
        cr_expect_eq(v.score, QUESTION_FULL_SCORE, "%s", question_type_names[i]);
        support_finish(&asked);
    }
}

/* ---- the order in which it is shown ---- */

Test(question, shows_its_choices_in_an_order_that_the_seed_decides)
{
    struct asked asked;
    size_t a[4], b[4];
    int changed = 0;
    support_ask(&asked, order, QUESTION_IN_STEP);
    for (uint64_t seed = 1; seed <= 50; seed++) {
        bool is_seen[4] = {false};
        question_shuffle(&asked.question, seed, 4, a);
        question_shuffle(&asked.question, seed, 4, b);
        cr_expect(memcmp(a, b, sizeof a) == 0);
        for (size_t i = 0; i < 4; i++)
            is_seen[a[i]] = true;
        cr_expect(is_seen[0] && is_seen[1] && is_seen[2] && is_seen[3]);
        cr_expect_not(a[0] == 0 && a[1] == 1 && a[2] == 2 && a[3] == 3, "shown solved");
        changed += a[0] != 0;
    }
    cr_expect(changed > 20);
    support_finish(&asked);
}

Test(question, true_and_false_and_codes_stay_in_their_order)
{
    static const char codes[] =
        "{'type':'single','prompt':'p','options':[{'t':'221'},{'t':'`354`'},"
        "{'t':'503','right':true}]}";
    const char *const kept[] = {tf, codes};
    for (size_t i = 0; i < 2; i++) {
        struct asked asked;
        support_ask(&asked, kept[i], QUESTION_IN_STEP);
        for (uint64_t seed = 1; seed <= 20; seed++) {
            size_t shown[3] = {9, 9, 9};
            question_shuffle(&asked.question, seed, asked.question.choice_count, shown);
            cr_expect(shown[0] == 0 && shown[1] == 1);
        }
        support_finish(&asked);
    }
}
