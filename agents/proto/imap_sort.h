/*
 * The order that SORT asks for (RFC 5256 3; DISPLAYFROM and DISPLAYTO of RFC 5957). Messages that
 * are equal in all keys stay in their order in the mailbox.
 *
 *     struct imap_sort sort;
 *     imap_sort_init(&sort);
 *     if (!imap_sort_read(&sort, &args)) ... BAD
 *     for each message found: imap_sort_add(&sort, number, item);
 *     imap_sort_run(&sort);
 *     sort.has_modseq = search.has_modseq;
 *     imap_sort_put(&sort, is_uid, &out);
 *     imap_sort_finish(&sort);
 */
#ifndef AGENTS_PROTO_IMAP_SORT_H
#define AGENTS_PROTO_IMAP_SORT_H

#include "agents/mail/account.h"
#include "agents/proto/imap_args.h"

enum imap_sort_kind {
    IMAP_SORT_ARRIVAL,
    IMAP_SORT_CC,
    IMAP_SORT_DATE,
    IMAP_SORT_FROM,
    IMAP_SORT_SIZE,
    IMAP_SORT_SUBJECT,
    IMAP_SORT_TO,
    IMAP_SORT_DISPLAYFROM,
    IMAP_SORT_DISPLAYTO,
    IMAP_SORT_KIND_COUNT
};
enum { IMAP_SORT_KEYS_MAX = 20 };

struct imap_sort_key {
    enum imap_sort_kind kind;
    bool is_reverse;
};

/* What a message is compared by in one key. */
struct imap_sort_value {
    int64_t number;
    struct slice text; /* folded */
};

struct imap_sort_row {
    uint32_t number, uid;
    struct imap_sort_value *values; /* one a key, in the arena */
};

struct imap_sort {
    struct imap_sort_key keys[IMAP_SORT_KEYS_MAX];
    size_t key_count;
    VECTOR(struct imap_sort_row) rows;
    VECTOR(uint32_t) order;  /* indexes into rows, once it was run */
    bool has_modseq;         /* the search had a MODSEQ key: the answer has the highest one */
    uint64_t highest_modseq; /* of the messages added */
    /* private */
    struct arena arena;
    struct bytes scratch, folded;
};

void imap_sort_init(struct imap_sort *s);
void imap_sort_finish(struct imap_sort *s);
/* sort-criteria: "(REVERSE DATE SUBJECT)". */
bool imap_sort_read(struct imap_sort *s, struct imap_args *a);
/* In ascending order. The item is looked at now; what is needed of it is copied. */
void imap_sort_add(struct imap_sort *s, uint32_t number, const struct account_item *item);
void imap_sort_run(struct imap_sort *s);
/* "* SORT 2 3 6" and CRLF; "(MODSEQ 9)" behind it (RFC 7162 3.1.6). False: out is full, and
   unchanged. */
bool imap_sort_put(const struct imap_sort *s, bool is_uid, struct bytes *out);

/* ---- for THREAD too ---- */

/* The sent date of RFC 5256 2.2: the Date field in UTC, or INTERNALDATE when that is no date. */
int64_t imap_sort_sent_s(const struct account_item *item);
/* Appends the base subject, folded: equal subjects give equal octets. `scratch` and `folded` are
   cleared first; the result is in `folded`. */
void imap_sort_subject(const struct account_item *item, struct bytes *scratch, struct bytes *folded,
                       bool *is_reply);
/* Puts numbers in order, equal ones as they were. compare(): below 0 when a comes first. */
void imap_sort_stable(uint32_t *order, size_t count,
                      int (*compare)(const void *context, uint32_t a, uint32_t b),
                      const void *context);

#endif
