/*
 * Private to this folder: what a command asks for and what a reply means, in a sentence each, with
 * the clause that says so. Our own words; the tables are in explain_*.c.
 *
 *     struct explain why;
 *     if (explain_turn(&turn, &why)) ... tr(why.says), why.clause ...
 */
#ifndef RENDER_VIEW_EXPLAIN_H
#define RENDER_VIEW_EXPLAIN_H

#include "sim/trace/turn.h"

/* English, to be given to tr(); good for ever. */
struct explain {
    const char *says, *clause;
    /* What an enhanced status code or a response code in brackets adds; NULL when there is none */
    const char *more, *more_clause;
};

/* False when nothing is known of it: then *why is empty. */
bool explain_turn(const struct turn *turn, struct explain *why);
/* Of an answer of the DNS: "NXDOMAIN", "TIMEOUT". */
bool explain_rcode(struct slice rcode, struct explain *why);
/* A type of TLS record (RFC 8446 5.1), in two or three words; NULL when there is no such type. */
const char *explain_record(unsigned type);

/* ---- the tables ---- */

struct explain_row {
    const char *key; /* of a verb: its name; of a response code: what stands in the brackets */
    const char *says, *clause;
};
/* Commands of each protocol; the clauses of SMTP, POP3 and IMAP are those of agents/proto. */
const struct explain_row *explain_verbs(enum turn_protocol protocol, size_t *count);

struct explain_reply {
    const char *verb; /* "": any */
    uint32_t code;    /* 0 to 9: any of that hundred */
    const char *says, *clause;
};
extern const struct explain_reply explain_smtp_replies[], explain_http_replies[];
extern const size_t explain_smtp_count, explain_http_count;

struct explain_word {
    const char *verb;          /* "": any */
    const char *good, *refuse; /* what +OK or OK, and -ERR or NO mean; NULL: see "" */
    const char *clause;
};
extern const struct explain_word explain_pop_words[], explain_imap_words[];
extern const size_t explain_pop_count, explain_imap_count;

/* Untagged responses of IMAP. */
extern const struct explain_row explain_imap_data[];
extern const size_t explain_imap_data_count;
/* "[IN-USE]" and the like, of POP3 and IMAP. */
extern const struct explain_row explain_codes[];
extern const size_t explain_code_count;
/* Enhanced status codes without their class: "1.1". */
extern const struct explain_row explain_statuses[];
extern const size_t explain_status_count;

#endif
