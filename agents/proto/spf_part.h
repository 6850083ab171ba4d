/*
 * Private to SPF: spf.c asks and keeps answers, spf_check.c evaluates records, spf_expand.c expands
 * macros.
 *
 * The evaluation is written as if every answer were there already. Where one is not, it stops as
 * for a DNS failure, which ends a whole check (RFC 7208 5); the question is put, and once it is
 * answered the check is made anew from the start. There are few questions, so this costs little.
 */
#ifndef AGENTS_PROTO_SPF_PART_H
#define AGENTS_PROTO_SPF_PART_H

#include "agents/proto/spf.h"
#include "sim/base/vector.h"

enum { SPF_LOOKUPS_MAX = 10, SPF_VOIDS_MAX = 2, SPF_NAMES_MAX = 10 }; /* 4.6.4 */

enum spf_match { SPF_MATCH_NO, SPF_MATCH_YES, SPF_MATCH_TEMPERROR, SPF_MATCH_PERMERROR };
enum spf_counting { SPF_COUNTS_VOID, SPF_COUNTS_NOTHING };

struct spf_answer {
    struct slice name;
    unsigned type;
    enum spf_answered how;
    const struct dns_record *records;
    size_t count;
};

struct spf {
    bool is_ipv6;
    unsigned char address[16];
    struct slice sender, local, origin, helo, receiver; /* origin: the sender's domain */
    int64_t now_s;
    struct arena kept, run; /* for the whole check; for one evaluation */
    VECTOR(struct spf_answer) answers;
    struct spf_question question;
    bool is_done;
    enum spf_result result;
    struct slice explanation, reason;
    /* of this evaluation */
    bool is_waiting;     /* for the answer to `question` */
    enum spf_match stop; /* why spf_look_up and spf_expand gave nothing */
    unsigned lookups, voids;
};

/* NULL: the check stops, with `stop` set. */
const struct spf_answer *spf_look_up(struct spf *s, struct slice name, enum dns_type type,
                                     enum spf_counting counting);

/* One more term that needs the DNS; false when that is too many, with `stop` set. */
bool spf_count_term(struct spf *s);
/* Is the client's address among these, so many bits of it? */
bool spf_has_address(const struct spf *s, const struct spf_answer *answer, unsigned bits);
enum dns_type spf_address_type(const struct spf *s);
/*
 * The names of the client that lead back to its address (5.5), at most ten. False when the check
 * stops. A DNS failure gives no names.
 */
bool spf_validated_names(struct spf *s, enum spf_counting counting,
                         struct slice names[SPF_NAMES_MAX], size_t *count);

/* Expands the macros of a text that was checked; false when the check stops. */
bool spf_expand(struct spf *s, struct slice text, struct slice domain, bool is_explanation,
                struct slice *expanded);
/* The same as a name to ask for: without the final dot, at most 253 octets (7.3). */
bool spf_expand_name(struct spf *s, struct slice text, struct slice domain, struct slice *name);

enum spf_result spf_check_host(struct spf *s);

#endif
