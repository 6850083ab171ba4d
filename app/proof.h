/*
 * The run in which a question's answer can be seen: the lesson that its scene names, done as that
 * lesson itself does it, up to and with a step or to the end.
 *
 *     struct proof proof;
 *     if (!proof_open(&proof, question, NULL, &problem)) ...   it has no scene, or a bad one
 *     uint32_t event = proof_event(&proof, question);          where to look
 *     proof_close(&proof);
 */
#ifndef APP_PROOF_H
#define APP_PROOF_H

#include "app/stage.h"
#include "lessons/bank.h"

struct proof {
    struct lesson lesson;
    struct stage stage;
    struct workbook book;
    struct verdict verdict;
};

/* The lesson stands in the folder around that of the bank, whose path is given (NULL: nobody
   knows), or comes with mailflow. */
bool proof_open(struct proof *proof, const struct question *question, const char *bank,
                struct problem *problem);
void proof_close(struct proof *proof);
const struct log *proof_log(const struct proof *proof);

/* The event that proves the key: that of `proof`, or of the right choice's `when`, or the delivery
   of the message that these speak of, or what comes nearest to a wrong choice.
   PREDICATE_NO_EVENT: the question does not say. */
uint32_t proof_event(struct proof *proof, const struct question *question);

/* Are the keys of all questions what their runs say? False with the first that is not, at its place
   in the file. `proved` counts the questions that say how their key can be seen. */
bool proof_check(struct bank *bank, size_t *proved, struct problem *problem);

#endif
