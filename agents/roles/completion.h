/*
 * What is added to a new message before it goes on its way: missing domains, Date, Message-ID, From
 * (RFC 6409 8). Whoever takes mail from its authors does so, a submission server and the sendmail
 * command; a relay never (RFC 5321 3.6.3). Each change is told in the trace (complete).
 */
#ifndef AGENTS_ROLES_COMPLETION_H
#define AGENTS_ROLES_COMPLETION_H

#include "agents/roles/office.h"

struct completion {
    struct office *office;
    uint32_t agent, msg;
    struct slice domain; /* for names without one */
    struct slice author; /* who is known to have written it, for a missing From; "" nobody */
    bool adds_domains, adds_fields;
};

enum completion_result {
    COMPLETION_OK,
    COMPLETION_NO_FROM, /* nothing says who it is from (RFC 5322 3.6) */
    COMPLETION_TOO_LONG
};

/* Appends the completed header with its empty line. */
enum completion_result completion_write(const struct completion *c, struct slice header,
                                        struct bytes *out);

#endif
