/*
 * A server that is not always online asks another for the mail that waits there for it (ETRN, RFC
 * 1985): every so often it connects, names its domains, and goes; the mail then comes by itself, as
 * any other.
 */
#ifndef AGENTS_ROLES_DIALUP_H
#define AGENTS_ROLES_DIALUP_H

#include "agents/roles/office.h"

struct dialup;

struct dialup_options {
    uint32_t agent;
    struct slice server; /* a DNS name */
    const struct slice *domains;
    size_t domain_count;
    int64_t every; /* nanoseconds */
};

/* Options are copied, what they point to is borrowed for its life. Asks first after `every`. */
struct dialup *dialup_create(struct office *office, const struct dialup_options *options);
/* Other options from now on; `every` counts from the next asking. */
void dialup_configure(struct dialup *d, const struct dialup_options *options);
/* Asks now, beyond the schedule: its line has opened. Not while it is asking already. Accepts NULL.
 */
void dialup_ask(struct dialup *d);
/* After the pumps are finished. Accepts NULL. */
void dialup_destroy(struct dialup *d);

#endif
