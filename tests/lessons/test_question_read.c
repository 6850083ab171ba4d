#include <criterion/criterion.h>

#include "support_question.h"

#define BANK "'id':'Q1','rev':2,'lesson':'L07','level':1,'topics':['smtp'],'prompt':'p'"
#define STEP "'prompt':'p'"

struct row {
    enum question_place place;
    const char *json, *problem;
};

static const struct row rows[] = {
    {QUESTION_IN_STEP, "[1]",
     "q.json:1:1: wrong type: list (the top level), expected a question { ... }"},
    {QUESTION_IN_STEP, "{" STEP "}",
     "q.json:1:1: missing key \"type\" (the top level), expected one of tf, single, multi, match, "
     "order, short, num, click"},
    {QUESTION_IN_STEP, "{'type':'singel'," STEP "}",
     "q.json:1:9: unknown type \"singel\" (type), expected one of tf, single, multi, match, order, "
     "short, num, click; did you mean \"single\"?"},
    /* keys belong to a type, and to a place */
    {QUESTION_IN_STEP, "{'type':'tf'," STEP ",'right':true,'optoins':[]}",
     "q.json:1:40: unknown key \"optoins\" (optoins), expected one of type, prompt, scene, proof, "
     "right, fb"},
    {QUESTION_IN_STEP, "{'type':'tf','id':'Q1'," STEP "}",
     "q.json:1:14: unknown key \"id\" (id), expected one of type, prompt, scene, proof, right, fb"},
    {QUESTION_IN_BANK, "{'type':'tf'," STEP "}",
     "q.json:1:1: missing key \"id\" (the top level), expected an id: at most 64 letters, digits, "
     "\"-\" and \"_\""},
    /* a right answer, feedback on every other */
    {QUESTION_IN_STEP, "{'type':'single'," STEP ",'options':[{'t':'a'},{'t':'b'}]}",
     "q.json:1:41: no right answer (options), expected \"right\": true in one of them"},
    {QUESTION_IN_STEP,
     "{'type':'single'," STEP ",'options':[{'t':'a','right':true},{'t':'b','right':true}]}",
     "q.json:1:41: more than one right answer (options), expected one, or the type \"multi\""},
    {QUESTION_IN_BANK,
     "{'type':'click'," BANK ",\n'targets':[{'id':'a','t':'a','right':true,'fb':'F.'},"
     "{'id':'b','t':'b','right':true,'fb':'F.'}]}",
     "q.json:2:11: more than one right answer (targets), expected one, or the type \"multi\""},
    {QUESTION_IN_BANK,
     "{'type':'single'," BANK ",'options':[{'t':'a','right':true,'fb':'F.'},\n{'t':'b'}]}",
     "q.json:2:1: missing key \"fb\" (options[1]), expected a sentence of feedback for this "
     "answer"},
    {QUESTION_IN_STEP, "{'type':'single'," STEP ",'options':[{'t':'a','right':true},{'t':'a'}]}",
     "q.json:1:65: the same answer twice (options[1]), expected another text"},
    {QUESTION_IN_STEP, "{'type':'single'," STEP ",'options':[{'t':'a','right':true}]}",
     "q.json:1:41: too few to choose from (options), expected at least 2"},
    {QUESTION_IN_STEP, "{'type':'tf'," STEP ",'right':true,'fb':{'true':'T.'}}",
     "q.json:1:45: missing key \"false\" (fb), expected a text of 1 to 1000 octets without control "
     "characters"},
    {QUESTION_IN_STEP,
     "{'type':'click'," STEP ",'targets':[{'id':'m 1','t':'a','right':true},{'id':'b','t':'b'}]}",
     "q.json:1:47: blank in an id (targets[0].id), expected an id without blanks"},
    /* numbers and words */
    {QUESTION_IN_STEP, "{'type':'num'," STEP ",'answer':5,'tol':1,'slips':[{'value':6,'fb':'F.'}]}",
     "q.json:1:65: a slip that is right (slips[0].value), expected a number outside of the "
     "tolerance"},
    {QUESTION_IN_BANK, "{'type':'num'," BANK ",'answer':5}",
     "q.json:1:1: missing key \"fb\" (the top level), expected a sentence that says why"},
    {QUESTION_IN_STEP,
     "{'type':'short'," STEP ",'model':'a','keys':[{'any':['a'],'shows':'A.'}],'pass':2}",
     "q.json:1:85: more points than the keys give (pass)"},
    {QUESTION_IN_STEP, "{'type':'short'," STEP ",'model':'b','keys':[{'any':['a'],'shows':'A.'}]}",
     "q.json:1:38: the model answer lacks a key (model), expected words of every key in it"},
    {QUESTION_IN_STEP, "{'type':'short'," STEP ",'model':'b','keys':[{'any':[],'shows':'A.'}]}",
     "q.json:1:50: a key without words (keys[0]), expected at least one"},
    /* topics, and where it can be seen */
    {QUESTION_IN_BANK,
     "{'type':'tf','id':'Q1','rev':1,'lesson':'L07','level':1,'topics':['push-pul'],'prompt':'p',"
     "'right':true,'fb':{'true':'T.','false':'F.'}}",
     "q.json:1:67: unknown topic \"push-pul\" (topics[0]); did you mean \"push-pull\"?"},
    {QUESTION_IN_BANK,
     "{'type':'tf'," BANK
     ",'right':true,'fb':{'true':'T.','false':'F.'},'proof':'exists(accept{})'}",
     "q.json:1:1: a check without a run (the top level), expected a \"scene\" that says in which "
     "run"},
    {QUESTION_IN_BANK,
     "{'type':'tf'," BANK ",'right':true,'fb':{'true':'T.','false':'F.'},'scene':{'at':'s1'}}",
     "q.json:1:147: bad text \"s1\" (scene.at), expected \"after:STEP\" or \"end\""},
    {QUESTION_IN_BANK,
     "{'type':'tf'," BANK ",'right':true,'fb':{'true':'T.','false':'F.'},'scene':{},\n"
     "'proof':'exists(acept{})'}",
     "q.json:2:17: unknown event \"acept\"; did you mean \"accept\"? (proof)"},
};

Test(question_read, says_where_and_what_was_expected)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct asked asked;
        support_ask(&asked, rows[i].json, rows[i].place);
        cr_expect_str_eq(support_problem(&asked), rows[i].problem, "%s\n%s", rows[i].json,
                         support_problem(&asked));
        support_finish(&asked);
    }
}

Test(question_read, keeps_all_that_a_bank_says)
{
    struct asked asked;
    support_ask(&asked,
                "{'type':'click'," BANK
                ",'sources':['A06','RFC 5321 5.1'],'scene':{'at':'after:f1'},"
                "'proof':'exists(accept{})','targets':["
                "{'id':'mx1','t':'first','right':true,'fb':'F.','when':'never(reject{})'},"
                "{'id':'mx2','t':'second','fb':'G.'}]}",
                QUESTION_IN_BANK);
    const struct question *q = &asked.question;
    cr_assert(asked.is_good, "%s", support_problem(&asked));
    cr_expect(slice_equal(q->id, SLICE("Q1")) && q->rev == 2 && q->level == 1);
    cr_expect(q->source_count == 2 && slice_equal(q->sources[1], SLICE("RFC 5321 5.1")));
    cr_expect(slice_equal(q->scene_lesson, SLICE("L07")), "by default its own lesson");
    cr_expect(slice_equal(q->scene_at, SLICE("after:f1")));
    cr_expect(slice_equal(q->proof, SLICE("exists(accept{})")));
    cr_expect(slice_equal(q->choices[0].when, SLICE("never(reject{})")));
    cr_expect(q->choice_count == 2 && q->choices[0].is_right && !q->choices[1].is_right);
    support_finish(&asked);
}
