/* A mailbox in memory, and texts of commands read for it: for the tests of SEARCH, SORT, THREAD and
   FETCH. */
#ifndef TESTS_PROTO_SUPPORT_IMAP_SEARCH_H
#define TESTS_PROTO_SUPPORT_IMAP_SEARCH_H

#include "agents/mail/account.h"
#include "agents/proto/imap_args.h"

struct mailbox {
    struct account account;
    struct account_folder *folder; /* INBOX */
    struct arena arena;            /* of contents and of arguments */
    struct imap_args args;
    struct bytes out;
};

void mailbox_init(struct mailbox *m);
void mailbox_finish(struct mailbox *m);
/* A message with a content; its UID. */
uint32_t mailbox_add(struct mailbox *m, const char *content, uint64_t flags, int64_t internal_s);
struct account_item *mailbox_item(struct mailbox *m, uint32_t number);
/* The arguments of a command, to be read. */
struct imap_args *mailbox_args(struct mailbox *m, const char *text);
/* What stands in out; then it is empty. */
const char *mailbox_said(struct mailbox *m);

#endif
