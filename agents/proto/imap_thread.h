/*
 * Conversations (THREAD, RFC 5256 3): by subject (ORDEREDSUBJECT), or by who answers whom
 * (REFERENCES), with stand-ins for messages that are missing. Whatever the References fields say -
 * loops, a chain of ten thousand - nothing here recurses, the work is bounded, and each message
 * comes out exactly once.
 *
 *     struct imap_thread thread;
 *     imap_thread_init(&thread);
 *     if (!imap_thread_read(&thread, &args)) ... BAD
 *     for each message found: imap_thread_add(&thread, number, item);
 *     imap_thread_run(&thread);
 *     imap_thread_put(&thread, is_uid, &out);       * THREAD (2)(3 6 (4 23)(44 7 96))
 *     imap_thread_finish(&thread);
 */
#ifndef AGENTS_PROTO_IMAP_THREAD_H
#define AGENTS_PROTO_IMAP_THREAD_H

#include "agents/mail/account.h"
#include "agents/proto/imap_args.h"

enum imap_thread_algorithm { IMAP_THREAD_ORDEREDSUBJECT, IMAP_THREAD_REFERENCES };

/* Of one message; those behind are not looked at. */
enum { IMAP_THREAD_REFERENCES_MAX = 1000 };

/* A message, or with number 0 a stand-in for one; node 0 is the root. Each speaks of others by
   index, 0 for none or the root. */
struct imap_thread_node {
    uint32_t number, uid;
    uint32_t parent, first_child, next; /* children and siblings: once it was run */
    uint32_t child_count;               /* while messages are added: how many it ever had */
    int64_t sent_s;                     /* of a stand-in: its first child's */
    uint32_t sent_number;               /* decides between equal dates */
    struct slice id, subject;           /* in the arena */
    bool is_reply;                      /* something was taken off the subject */
    bool is_gone;                       /* a stand-in that is not needed */
    uint32_t next_in_bucket;
};

struct imap_thread {
    enum imap_thread_algorithm algorithm;
    /* private */
    VECTOR(struct imap_thread_node) nodes;
    VECTOR(uint32_t) buckets; /* of identifiers, later of subjects; 0 empty */
    uint64_t steps_left;      /* for looking for loops */
    struct arena arena;
    struct bytes scratch, folded;
};

void imap_thread_init(struct imap_thread *t);
void imap_thread_finish(struct imap_thread *t);
/* thread-alg: its name; false when there is none of that name (BAD). */
bool imap_thread_read(struct imap_thread *t, struct imap_args *a);
/* In ascending order of numbers. What is needed of the item is copied. */
void imap_thread_add(struct imap_thread *t, uint32_t number, const struct account_item *item);
void imap_thread_run(struct imap_thread *t);
/* "* THREAD ..." and CRLF. False: out is full, and unchanged. */
bool imap_thread_put(const struct imap_thread *t, bool is_uid, struct bytes *out);

/* ---- between imap_thread.c and imap_thread_subject.c ---- */

/* A new stand-in; its index. */
uint32_t imap_thread_add_node(struct imap_thread *t);
/* Step 5 of REFERENCES: threads of one subject become one. Asks for parents, children's dates and
   counts; changes parents. */
void imap_thread_join_subjects(struct imap_thread *t);

#endif
