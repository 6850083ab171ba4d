/*
 * Any octets as somebody's practice file, and as an answer to a question of each type: what is read
 * can be written and read again, and an answer is judged or refused with a word.
 */
#include <stddef.h>
#include <stdint.h>

#include "lessons/practice.h"
#include "sim/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char bank[] =
    "[{'type':'tf','prompt':'p','right':true,'fb':{'true':'T.','false':'F.'}},"
    "{'type':'single','prompt':'p','options':[{'t':'a'},{'t':'b','right':true},{'t':'c'}]},"
    "{'type':'multi','prompt':'p','scoring':'minus','options':[{'t':'a','right':true},{'t':'b'}]},"
    "{'type':'match','prompt':'p','pairs':[{'l':'A','r':'x'},{'l':'B','r':'y'}],'extra':['z']},"
    "{'type':'order','prompt':'p','items':[{'t':'a'},{'t':'b'},{'t':'c'}]},"
    "{'type':'short','prompt':'p','model':'a b','keys':[{'any':['a*','b c'],'shows':'A.'}]},"
    "{'type':'num','prompt':'p','answer':7,'unit':'minutes','slips':[{'value':8,'fb':'F.'}]},"
    "{'type':'click','prompt':'p','targets':[{'id':'mx1','t':'a','right':true},{'id':'b','t':'b'}]}"
    "]";

static void answer_all(struct slice answer)
{
    struct json_reader r;
    struct arena arena;
    struct problem problem = {0};
    const cJSON *node;
    arena_init(&arena);
    struct slice text = arena_copy(&arena, slice_of(bank));
    for (char *c = (char *)text.data; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    check(json_reader_init(&r, text, "bank.json", &arena, &problem));
    cJSON_ArrayForEach(node, r.root)
    {
        struct question q;
        struct question_verdict verdict;
        check(question_read(&r, node, QUESTION_IN_STEP, &arena, &q));
        problem.what[0] = '\0';
        if (!question_judge(&q, answer, &arena, &verdict, &problem))
            check(problem.what[0]);
        else
            check(verdict.score <= QUESTION_FULL_SCORE);
        (void)question_answer_text(&q, answer, &arena);
    }
    json_reader_finish(&r);
    arena_finish(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice octets = {(const char *)data, size};
    struct practice practice, again;
    struct problem problem = {0};
    practice_init(&practice);
    if (practice_read(&practice, octets, "fuzz.json", &problem)) {
        practice_init(&again);
        struct slice text = practice_write(&practice, &practice.arena);
        check(practice_read(&again, text, "again.json", &problem));
        check(slice_equal(text, practice_write(&again, &practice.arena)));
        practice_finish(&again);
    } else {
        check(problem.what[0] && practice.cards.count == 0);
    }
    practice_finish(&practice);
    answer_all(octets);
    return 0;
}
