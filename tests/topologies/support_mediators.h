/*
 * A world of two towns for tests of mediators: a.test and b.test, in each a host mx with MTA, MDA
 * and store, and a pc whose user `u@` sends through it. What a test is about is put in: settings of
 * the MTAs and MDAs, further agents beside them, users.
 */
#ifndef TESTS_TOPOLOGIES_SUPPORT_MEDIATORS_H
#define TESTS_TOPOLOGIES_SUPPORT_MEDIATORS_H

#include "support_match.h"

struct support_towns {
    const char *mta_a, *mta_b; /* ", \"aliases\": [...]" behind the other settings; NULL: nothing */
    const char *mda_a, *mda_b; /* "\"over_quota\": \"bounce\"" */
    const char *store_a;
    const char *agents_a, *agents_b; /* ", {\"role\": \"list\", ...}" */
    const char *users;               /* ", {\"address\": ...}" behind u@a.test and u@b.test */
};
struct world *support_towns(const struct support_towns *towns);

/* u@a.test writes; the world runs until all is quiet, and no mail must be lost. Gives the message's
 * number. */
uint32_t support_send(struct world *world, const char *to, const char *subject);
/* A pattern for support_match.h with the number put in the place of its "#". */
const char *support_pattern(const char *form, uint32_t number);

#endif
