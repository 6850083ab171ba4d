/*
 * A role in front of an SMTP client session, for tests: it gives the transactions of a list one by
 * one, then quits, and writes down what it is told, a line an event:
 *
 *     REPLY EHLO 250 hello
 *     READY
 *     RECIPIENT 0 550 5.1.1 no such user
 *     RECIPIENT 1 at last 250 ok      LMTP: it was delivered
 *     DONE 250 2.0.0 taken
 *     FAILED 421 going down             LOST and our own words when no reply came
 *     CLOSED 221 bye
 *
 * Lines of one text are joined by '/'.
 */
#ifndef TESTS_PROTO_SUPPORT_SMTP_CLIENT_H
#define TESTS_PROTO_SUPPORT_SMTP_CLIENT_H

#include "agents/proto/smtp_client.h"

struct smtp_sender {
    const struct smtp_client_transaction *transactions;
    size_t count, given;
    const char *asks; /* a question for the first READY instead; then nothing more is done */
    struct bytes log;
    unsigned readies, dones, taken; /* taken: DONE with 2xx */
    unsigned ends;                  /* FAILED and CLOSED */
    unsigned taken_each;            /* LMTP: recipients with a 2xx at the end of data */
    unsigned recipients_taken;      /* RECIPIENT with 2xx since the last transaction began */
    bool is_failed, is_lost;
    unsigned disorder; /* events that may not come where they came */
};

void smtp_sender_init(struct smtp_sender *sender,
                      const struct smtp_client_transaction *transactions, size_t count);
void smtp_sender_finish(struct smtp_sender *sender);
/* Pulls all events and answers READY. */
void smtp_sender_serve(struct smtp_sender *sender, struct smtp_client *c);

#endif
