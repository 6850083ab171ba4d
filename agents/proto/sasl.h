/*
 * SASL's PLAIN mechanism (RFC 4616): one message from the client,
 *
 *     [authzid] NUL authcid NUL passwd
 *
 * which SMTP carries in base64 (RFC 4954 4). The password is clear to whoever reads the wire.
 */
#ifndef AGENTS_PROTO_SASL_H
#define AGENTS_PROTO_SASL_H

#include "sim/base/bytes.h"

struct sasl_plain {
    struct slice authorization; /* whom to act for; empty: the user */
    struct slice user, password;
};

/* False unless there are exactly two NULs, with a user and a password. Slices point into message.
 */
bool sasl_plain_read(struct slice message, struct sasl_plain *plain);
/* Appends the message in base64. False, and no change, when out is full. */
bool sasl_plain_write(const struct sasl_plain *plain, struct bytes *out);

#endif
