/*
 * An account's keeper for tests: it writes down what it is asked, refuses the n-th question if it
 * is told to, and watches the account.
 */
#ifndef TESTS_MAIL_SUPPORT_ACCOUNT_H
#define TESTS_MAIL_SUPPORT_ACCOUNT_H

#include "agents/mail/account.h"
#include "sim/base/bytes.h"

struct keeper {
    struct account account;
    struct bytes log;
    unsigned asked, refuse; /* refuse: from 1; 0 never */
    struct account_watch watch;
    unsigned changed, leaving;
};

/* An account of alice@example.com; refuse: the number of the question, from 1; 0 none. */
void keeper_start(struct keeper *k, unsigned refuse, uint64_t quota);
void keeper_stop(struct keeper *k);
struct account_folder *keeper_folder(struct keeper *k, const char *name);
enum account_result keeper_make(struct keeper *k, const char *name);
/* A message of 14 octets; its UID. */
uint32_t keeper_put(struct keeper *k, const char *name, uint64_t flags);
/* All folders with their messages' UIDs, a line each: "INBOX 1 3\n"; "!" behind a mere name. */
struct slice keeper_picture(struct keeper *k, struct bytes *text);
void keeper_expect_picture(struct keeper *k, const char *wanted);

#endif
