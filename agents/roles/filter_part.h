/*
 * What the files of the filter share: filter.c judges and keeps the cases that go on, filter_auth.c
 * asks SPF, DKIM and DMARC, filter_verdict.c makes a verdict of what they say and of the rules
 * (filter_rule.c), filter_grey.c remembers who was told to come back, filter_sign.c signs.
 */
#ifndef AGENTS_ROLES_FILTER_PART_H
#define AGENTS_ROLES_FILTER_PART_H

#include "agents/proto/dkim.h"
#include "agents/proto/dmarc.h"
#include "agents/proto/spf.h"
#include "agents/roles/filter.h"
#include "agents/roles/filter_grey.h"
#include "agents/roles/filter_rule.h"
#include "agents/roles/network_list.h"

enum filter_check { FILTER_CHECK_OFF, FILTER_CHECK_MARK, FILTER_CHECK_ENFORCE };

enum filter_mode {
    FILTER_MODE_OFF,
    FILTER_MODE_MARK,
    FILTER_MODE_REFUSE,
    FILTER_MODE_BOUNCE,
    FILTER_MODE_DISCARD
};

/* What of the settings is read in another form than they have. */
struct filter_settings {
    enum filter_check spf, dmarc;
    enum filter_mode mode;
    bool checks_dkim, greylists;
    struct network_list inside;
    VECTOR(struct filter_rule) rules;
    int64_t junk, reject; /* hundredths of a point */
};

enum { FILTER_SIGNATURES_MAX = 8 }; /* of one message; more are not looked at (RFC 6376 6.1) */

/* One signature of the message. */
struct filter_signature {
    struct dkim_signature signature;
    enum dkim_result result;
    const char *why;
};

/* One judgement that goes on. */
struct filter_case {
    struct filter *filter;
    uint32_t slot, life; /* life: tells a late answer that the case is another one now */
    bool is_on;
    enum filter_stage stage;
    const struct smtp_transaction *transaction;
    struct slice header, body;
    filter_done *done;
    void *context;
    struct arena arena;
    unsigned asked;    /* questions whose answers are awaited */
    struct slice list; /* CONNECT: the one that has the address */
    struct spf *spf;
    struct filter_signature signatures[FILTER_SIGNATURES_MAX];
    size_t signature_count;
    struct dmarc *dmarc;
};

/* Called with what the DNS says to question `index` of a case. */
typedef void filter_answer(struct filter_case *c, size_t index,
                           const struct resolver_answer *answer);

struct filter_question {
    uint32_t slot, life;
    size_t index;
    filter_answer *answer;
};

struct filter {
    struct office *office;
    uint32_t agent;
    const struct config *config;
    struct filter_settings settings;
    VECTOR(struct filter_case *) cases;
    VECTOR(uint32_t) free_cases;
    VECTOR(struct filter_question) questions;
    VECTOR(uint32_t) free_questions;
    struct filter_grey grey;
    struct dkim_secret *secret; /* NULL until it is needed */
    struct slice key_name;      /* its record's: "mail._domainkey.example.com" */
    enum dkim_algorithm key_algorithm;
    struct bytes fields, kept; /* of the verdict that is made */
};

/* ---- filter.c ---- */

void filter_ask(struct filter_case *c, struct slice name, enum dns_type type, size_t index,
                filter_answer *answer);
/* Says what was found; the case is over. */
void filter_conclude(struct filter_case *c, const struct filter_verdict *verdict);
uint32_t filter_text(const struct filter *f, struct slice s);
/* Tells what the filter does with the message, or with who brings it. */
void filter_tell(struct filter_case *c, const char *verdict, struct slice what);
bool filter_is_inside(const struct filter_case *c);
struct slice filter_server_name(const struct filter *f);

/* ---- filter_auth.c ---- */

void filter_auth_sender(struct filter_case *c);  /* MAIL: SPF */
void filter_auth_message(struct filter_case *c); /* MESSAGE: DKIM and DMARC, then a verdict */
/* What was found at MAIL, as filter_verdict.note has kept it. */
struct filter_note {
    struct slice result, domain, sender;
};
struct filter_note filter_auth_note(const struct smtp_transaction *t);
/* The one domain that From names (RFC 9989 5.3.1); "" when there are several, or none. */
struct slice filter_auth_author(struct slice header);

/* ---- filter_verdict.c ---- */

void filter_verdict_message(struct filter_case *c);

#endif
