/*
 * The words of IMAP (RFC 9051 9; RFC 3501 9 where it differs): a cursor over one whole command, or
 * one whole response, with its literals in place as they came: "A1 LOGIN {5}\r\nalice secret". The
 * last CRLF is left off. Both directions use it; `is_response` makes it as patient with a server as
 * a client has to be.
 *
 *     struct imap_args a;
 *     imap_args_init(&a, text, &arena);
 *     imap_args_mailbox(&a, &from) && imap_args_sp(&a) && imap_args_mailbox(&a, &to) &&
 *         imap_args_end(&a)
 *         or: reply BAD with a.problem
 *
 * Each function takes one thing off the front. When it is not there, the function gives false and
 * `problem` says in a few words what was expected; after a problem every function gives false, so
 * that a chain needs one look at its end. Those marked *may* give false without a problem when
 * there is something else. Slices point into the text or into the arena.
 */
#ifndef AGENTS_PROTO_IMAP_ARGS_H
#define AGENTS_PROTO_IMAP_ARGS_H

#include "agents/proto/imap_set.h"
#include "sim/base/arena.h"

struct imap_args {
    struct slice text;
    size_t at;
    struct arena *arena; /* borrowed; for strings that had to be changed */
    bool is_utf8;        /* the client enabled IMAP4rev2 or UTF8=ACCEPT: quoted strings may have
                            UTF-8 in them, mailbox names are UTF-8 and not UTF-7 */
    bool is_response;    /* what a server says: any 8-bit octets in quoted strings, "\*" as a flag,
                            names that are no UTF-7 as they are */
    const char *problem; /* NULL: none so far */
};

void imap_args_init(struct imap_args *a, struct slice text, struct arena *arena);

/* ---- literals, for who gathers a command (RFC 9051 4.3, RFC 7888) ---- */

struct imap_literal {
    uint64_t size;      /* octets to come behind the CRLF */
    bool waits;         /* the other side waits for "+" before it sends them; not with "{5+}" */
    bool is_binary;     /* "~{5}" (literal8): may have NUL in it */
    size_t announce_at; /* where in the line the announcement starts */
};
/*
 * Does this line (without CRLF) end in the announcement of a literal? A quoted string can't reach
 * over the end of a line, so what looks like one is one, or the line is broken: then, too, the
 * other side believes that it announced a literal, and will send it. False for a size above 2^63-1.
 */
bool imap_args_literal_at_end(struct slice line, struct imap_literal *literal);

/* ---- looking ahead ---- */

/* The next octet; '\0' at the end. */
static inline char imap_args_peek(const struct imap_args *a)
{
    return a->at < a->text.size && !a->problem ? a->text.data[a->at] : '\0';
}
static inline bool imap_args_is_end(const struct imap_args *a)
{
    return a->at >= a->text.size;
}
/* Takes the octet if it is the next: *may*. */
bool imap_args_skip(struct imap_args *a, char octet);
/* Takes the word, letters in any case, if an atom that is just this word is next: *may*. */
bool imap_args_word(struct imap_args *a, struct slice word);
/* What is left, untouched: the text of a response. */
struct slice imap_args_rest(const struct imap_args *a);
/* For callers' own checks: notes the problem (the first one stays); gives false. */
bool imap_args_fail(struct imap_args *a, const char *problem);

/* ---- the words ---- */

bool imap_args_expect(struct imap_args *a, char octet);
bool imap_args_sp(struct imap_args *a);  /* exactly one space */
bool imap_args_end(struct imap_args *a); /* nothing behind it */
bool imap_args_atom(struct imap_args *a, struct slice *atom);
bool imap_args_tag(struct imap_args *a, struct slice *tag);
bool imap_args_string(struct imap_args *a, struct slice *s);
bool imap_args_astring(struct imap_args *a, struct slice *s);
/* *is_nil: it was NIL, and *s is empty. */
bool imap_args_nstring(struct imap_args *a, struct slice *s, bool *is_nil);
/* A literal and nothing else; *is_binary: it was a literal8, and may have NUL in it. */
bool imap_args_literal(struct imap_args *a, struct slice *s, bool *is_binary);
bool imap_args_number(struct imap_args *a, uint32_t *number);
bool imap_args_nz_number(struct imap_args *a, uint32_t *number);
bool imap_args_number64(struct imap_args *a, uint64_t *number); /* up to 2^63-1 */
/* A mailbox name as UTF-8, INBOX in capitals. A name that is not what `is_utf8` says is a problem:
   no UTF-7 (RFC 3501 5.1.3), or control characters (RFC 9051 5.1). */
bool imap_args_mailbox(struct imap_args *a, struct slice *name);
/* The same with % and * in it, also without quotes. May be empty. */
bool imap_args_list_mailbox(struct imap_args *a, struct slice *pattern);
/* "\Seen", "$Forwarded": as written. */
bool imap_args_flag(struct imap_args *a, struct slice *flag);
/* date: the day as days since 1970-01-01. */
bool imap_args_date(struct imap_args *a, int64_t *day);
/* date-time, in its quotes. */
bool imap_args_date_time(struct imap_args *a, int64_t *unix_s, int *zone_min);
/* Adds to the set, which is not resolved; "$" too. */
bool imap_args_set(struct imap_args *a, struct imap_set *set);

/*
 * Lists: after the "(" (imap_args_expect), a loop of
 *     for (bool is_first = true; imap_args_list_next(a, &is_first);) ... one thing ...
 * It takes the space between things and the ")" at the end; false there, or with a problem.
 */
bool imap_args_list_next(struct imap_args *a, bool *is_first);

/* An array in the arena. */
struct imap_names {
    struct slice *items;
    size_t count, capacity;
};
void imap_names_add(struct imap_names *names, struct slice name, struct arena *arena);

/* flag-list; may be "()". */
bool imap_args_flag_list(struct imap_args *a, struct imap_names *flags);
/* The same, or flags without parentheses, as STORE has them too. */
bool imap_args_flags(struct imap_args *a, struct imap_names *flags);

/* Passes over one thing of any kind: atom, string, number or list of such, however deep: for data
   that a client does not know. */
bool imap_args_any(struct imap_args *a);

/* ---- what may stand where ---- */

bool imap_args_is_astring(struct slice text); /* can be written without quotes */

#endif
