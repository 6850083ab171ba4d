/*
 * What tests ask of the questions and answers about names in a trace. Counts are of all events of
 * this kind from event `from` on with these words; NULL and "" stand for any.
 */
#ifndef TESTS_TOPOLOGIES_SUPPORT_DNS_H
#define TESTS_TOPOLOGIES_SUPPORT_DNS_H

#include "support_world.h"

/* Questions that the agent or host `to` has read. */
uint32_t support_queries(const struct log *log, uint32_t from, const char *to, const char *name,
                         const char *type);
/* Answers that `to` has read from the host `by`. */
uint32_t support_answers(const struct log *log, uint32_t from, const char *by, const char *to,
                         const char *name, const char *rcode);
/* The data of the last answer about this name and type that `to` has read; "" when there is none.
 */
const char *support_last_data(const struct log *log, const char *to, const char *name,
                              const char *type);
/* How connection attempts from one host to another ended: how many in this way. */
uint32_t support_opens(const struct log *log, uint32_t from, const char *source, const char *target,
                       const char *result);

#endif
