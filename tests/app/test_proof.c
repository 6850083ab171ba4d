/* "Show me" leads to what proves the answer, also where a check speaks of what lies in a store. */
#include "app/proof.h"

#include <criterion/criterion.h>
#include <unistd.h>

#include "app/quiz.h"

static const struct question *find(const struct banks *banks, const char *id)
{
    for (size_t i = 0; i < banks->questions.count; i++)
        if (slice_equal(banks->questions.items[i]->id, slice_of(id)))
            return banks->questions.items[i];
    cr_assert_fail("%s", id);
    return NULL;
}

Test(proof, a_check_of_a_stored_message_leads_to_its_delivery)
{
    static const char *const ids[] = {"Q0403", "Q0503", "Q0505", "Q0602", "Q0703", "Q1904"};
    struct banks banks = {0};
    struct problem problem = {0};
    cr_assert_eq(chdir(SOURCE_DIR), 0);
    cr_assert(quiz_load(&banks, &problem), "%s", problem.what);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        const struct question *q = find(&banks, ids[i]);
        struct proof proof;
        cr_assert(proof_open(&proof, q, NULL, &problem), "%s", problem.what);
        uint32_t event = proof_event(&proof, q);
        cr_expect_neq(event, PREDICATE_NO_EVENT, "%s", ids[i]);
        if (event != PREDICATE_NO_EVENT)
            cr_expect(event_as_deliver(log_at(proof_log(&proof), event)), "%s", ids[i]);
        proof_close(&proof);
    }
    banks_finish(&banks);
}

/* Whatever proves a key, the check or what a choice says of itself, there is an event to stand at.
 */
Test(proof, every_question_that_a_run_proves_leads_to_an_event)
{
    struct banks banks = {0};
    struct problem problem = {0};
    size_t proved = 0;
    cr_assert_eq(chdir(SOURCE_DIR), 0);
    cr_assert(quiz_load(&banks, &problem), "%s", problem.what);
    for (size_t i = 0; i < banks.questions.count; i++) {
        const struct question *q = banks.questions.items[i];
        struct proof proof;
        if (!question_is_shown(q))
            continue;
        proved++;
        cr_assert(proof_open(&proof, q, NULL, &problem), "%s", problem.what);
        cr_expect_neq(proof_event(&proof, q), PREDICATE_NO_EVENT, "%.*s", SLICE_ARG(q->id));
        proof_close(&proof);
    }
    cr_expect_geq(proved, 95);
    banks_finish(&banks);
}
