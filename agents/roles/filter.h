/*
 * The filter: judges mail as it comes in, on behalf of the SMTP servers of its host. An agent of
 * role "filter" beside an MTA or MSA; what it looks at are its settings: block lists over DNS,
 * greylisting (RFC 6647), SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 9989), content rules. It
 * writes Authentication-Results (RFC 8601) and its scores on top of what it lets pass, and signs
 * what its own people send.
 *
 * Many of its questions go to the DNS, so a judgement takes its time: the server's answer waits.
 */
#ifndef AGENTS_ROLES_FILTER_H
#define AGENTS_ROLES_FILTER_H

#include "agents/roles/registry.h"
#include "agents/roles/smtp_listener.h"

struct filter;

extern const struct role filter_role;

/* The filter of a host, or NULL. */
struct filter *filter_find(const struct office *office, uint32_t host);

enum filter_stage {
    FILTER_CONNECT, /* before the greeting: who connects? */
    FILTER_MAIL,    /* behind the policy's own check, as all that follow */
    FILTER_RCPT,    /* its path is the last of t->forward_paths */
    FILTER_MESSAGE  /* header and body are there; before the answer to the final dot */
};

struct filter_verdict {
    struct smtp_reply reply; /* code 0: go on; else what the client is told instead */
    struct slice note;       /* MAIL: what the transaction is to have as `note` from now on */
    struct slice fields;     /* MESSAGE: header fields to be put on top, below our own Received */
    struct slice header;     /* MESSAGE: what is kept of the header below them; "" all of it */
    bool is_discarded;       /* MESSAGE: accepted, and then dropped without a word */
    struct slice bounced;    /* MESSAGE: accepted, and then returned for this reason; "" not */
};
/* Borrowed for the call. */
typedef void filter_done(void *context, const struct filter_verdict *verdict);

/*
 * `t`, header and body are borrowed until `done`, which is called once, perhaps before this
 * returns. The number that is returned names a judgement that still goes on; 0 when it is done.
 */
uint32_t filter_judge(struct filter *filter, enum filter_stage stage,
                      const struct smtp_transaction *t, struct slice header, struct slice body,
                      filter_done *done, void *context);
/* The connection is gone: `done` is not called any more. */
void filter_forget(struct filter *filter, uint32_t judgement);

#endif
