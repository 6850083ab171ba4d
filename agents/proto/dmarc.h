/*
 * DMARC (RFC 9989): does a domain that SPF or DKIM vouches for agree with the one that a reader
 * sees in From? And if none does, what does its owner ask for? Sans-IO, as spf.h is:
 *
 *     struct dmarc *check = dmarc_create(&options);
 *     while (dmarc_next(check, &question))
 *         dmarc_answer(check, DMARC_ANSWERED, records, count);   of what was asked
 *     dmarc_result(check)
 *     dmarc_destroy(check);
 *
 * Which domain an organisation's is, is found by walking up the DNS (4.10), at most eight questions
 * for each domain. Reports are not written.
 */
#ifndef AGENTS_PROTO_DMARC_H
#define AGENTS_PROTO_DMARC_H

#include "agents/proto/dns_message.h"
#include "sim/base/arena.h"

enum dmarc_policy { DMARC_POLICY_NONE, DMARC_POLICY_QUARANTINE, DMARC_POLICY_REJECT };
const char *dmarc_policy_name(enum dmarc_policy policy); /* "reject" */

enum dmarc_psd { DMARC_PSD_UNSAID, DMARC_PSD_YES, DMARC_PSD_NO };

/* A policy record (4.7). */
struct dmarc_record {
    enum dmarc_policy policy, subdomains, absent; /* p, sp, np; the latter two filled in */
    bool has_absent;
    bool is_dkim_strict, is_spf_strict; /* adkim, aspf */
    bool is_testing;                    /* t=y */
    bool is_broken;                     /* a policy makes no sense, and nobody is to be told of it:
                                           it applies to nothing (4.10.1) */
    enum dmarc_psd psd;
};
/* False when the text is no such record at all: it does not begin with v=DMARC1. What else is wrong
   counts as not said; pct of RFC 7489 means nothing any more. */
bool dmarc_record_read(struct slice text, struct dmarc_record *record);

/* In the words of RFC 8601 2.7.1 and 9989. */
enum dmarc_result {
    DMARC_NONE, /* nobody asks for anything */
    DMARC_PASS,
    DMARC_FAIL,
    DMARC_TEMPERROR,
    DMARC_PERMERROR /* whose it is can't be said */
};
const char *dmarc_result_name(enum dmarc_result result);

struct dmarc_options {
    struct slice author;              /* the domain in From; "" when there is not exactly one */
    struct slice spf_domain;          /* that SPF gave a pass for; "" none */
    const struct slice *dkim_domains; /* likewise */
    size_t dkim_count;
};

enum dmarc_answered { DMARC_ANSWERED, DMARC_NO_NAME, DMARC_NO_ANSWER };

struct dmarc_question {
    struct slice name; /* borrowed until the next call */
    enum dns_type type;
};

struct dmarc;

/* Options are copied. */
struct dmarc *dmarc_create(const struct dmarc_options *options);
void dmarc_destroy(struct dmarc *dmarc); /* accepts NULL */
bool dmarc_next(struct dmarc *dmarc, struct dmarc_question *question);
void dmarc_answer(struct dmarc *dmarc, enum dmarc_answered how, const struct dns_record *records,
                  size_t count);

/* Once dmarc_next has said false. Slices live as long as the check. */
enum dmarc_result dmarc_result(const struct dmarc *dmarc);
/* What the owner asks for when it fails. */
enum dmarc_policy dmarc_policy(const struct dmarc *dmarc);
/* t=y: it is not to be done yet. */
bool dmarc_is_testing(const struct dmarc *dmarc);
/* Whose record it was; "" none. */
struct slice dmarc_domain(const struct dmarc *dmarc);
/* The domain that agreed, of a pass. */
struct slice dmarc_aligned(const struct dmarc *dmarc);

#endif
