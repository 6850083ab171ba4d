/* The examples of RFC 8463 A and RFC 6376 A, and what the tests of DKIM do again and again. */
#ifndef TESTS_PROTO_SUPPORT_DKIM_H
#define TESTS_PROTO_SUPPORT_DKIM_H

#include "agents/proto/dkim.h"

/* One message with two signatures, and the records of their keys (RFC 8463 A.2, A.3). */
extern const char support_dkim_8463[], support_dkim_8463_ed25519[], support_dkim_8463_rsa[];
/* RFC 6376 A.2 with errata 3192 and 4926, and its key (C). */
extern const char support_dkim_6376[], support_dkim_6376_key[];

/* The n-th signature of a message (from 1) against a key record. *why may be NULL. */
enum dkim_result support_dkim_verify(struct slice content, unsigned n, const char *record,
                                     int64_t now_s, const char **why);

#endif
