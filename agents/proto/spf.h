/*
 * Sender Policy Framework (RFC 7208): may this client's address send mail for this domain? Sans-IO:
 * the check asks for names and types, and is fed what the DNS says.
 *
 *     struct spf *check = spf_create(&options);
 *     while (spf_next(check, &question))
 *         spf_answer(check, SPF_ANSWERED, records, count);   of what was asked
 *     spf_result(check)
 *     spf_destroy(check);
 *
 * Questions come one after the other; none comes twice. Their number is bounded (4.6.4): a record
 * may cause ten look-ups, each of which may need ten addresses. Who keeps a clock gives up after a
 * while, with SPF_TEMPERROR.
 */
#ifndef AGENTS_PROTO_SPF_H
#define AGENTS_PROTO_SPF_H

#include "agents/proto/dns_message.h"
#include "agents/proto/spf_record.h"

enum spf_result {
    SPF_NONE,      /* the domain says nothing about it */
    SPF_NEUTRAL,   /* "?": it does not want to say */
    SPF_PASS,      /* "+" */
    SPF_FAIL,      /* "-": no */
    SPF_SOFTFAIL,  /* "~": probably not */
    SPF_TEMPERROR, /* the DNS failed */
    SPF_PERMERROR  /* the record is wrong */
};
const char *spf_result_name(enum spf_result result); /* "softfail" */

struct spf_options {
    bool is_ipv6;
    unsigned char address[16]; /* of the client; IPv4: the first four */
    struct slice sender;       /* of MAIL FROM, without brackets; "": the null reverse-path, whose
                                  place postmaster@helo takes (2.4) */
    struct slice helo;         /* what the client called itself */
    bool checks_helo;          /* the identity is helo, whatever the sender is (2.3) */
    struct slice receiver;     /* name of who checks, for explanations; "" unknown */
    int64_t now_s;             /* Unix seconds, likewise */
};

enum spf_answered {
    SPF_ANSWERED, /* records of the asked type, at the end of any CNAME chain; or none */
    SPF_NO_NAME,  /* NXDOMAIN */
    SPF_NO_ANSWER /* SERVFAIL, another refusal, or silence */
};

struct spf_question {
    struct slice name; /* borrowed until the next call */
    enum dns_type type;
};

struct spf;

/* Options are copied. */
struct spf *spf_create(const struct spf_options *options);
void spf_destroy(struct spf *spf); /* accepts NULL */

/* True: this is to be asked and then answered. False: the result is there. */
bool spf_next(struct spf *spf, struct spf_question *question);
/* Of the last question. Records are copied. */
void spf_answer(struct spf *spf, enum spf_answered how, const struct dns_record *records,
                size_t count);

/* Once spf_next has said false. Slices live as long as the check. */
enum spf_result spf_result(const struct spf *spf);
struct slice spf_domain(const struct spf *spf);      /* whose record it was about */
struct slice spf_explanation(const struct spf *spf); /* with FAIL: the domain's words, or "" */
/* What decided: "-all", "ip4:192.0.2.0/24", "no record"; of an error, what is wrong. */
struct slice spf_reason(const struct spf *spf);

#endif
