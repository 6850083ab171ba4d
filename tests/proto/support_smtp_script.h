/*
 * A scripted server for an SMTP client session. A script has lines
 *
 *     S:text   the server sends text and CRLF
 *     R:text   the same without CRLF
 *     C:text   the client must have sent text and CRLF
 *     EOF      the server closes
 */
#ifndef TESTS_PROTO_SUPPORT_SMTP_SCRIPT_H
#define TESTS_PROTO_SUPPORT_SMTP_SCRIPT_H

#include "support_smtp_client.h"

struct smtp_script {
    struct smtp_client c;
    struct smtp_sender sender;
    struct bytes out; /* sent and not compared yet */
};

void smtp_script_start(struct smtp_script *r, const struct smtp_client_options *options,
                       const struct smtp_client_transaction *transactions, size_t count);
void smtp_script_finish(struct smtp_script *r);
/* What the server sends now, in one feed or many. */
void smtp_script_feed(struct smtp_script *r, struct slice text, bool octet_by_octet);
void smtp_script_play(struct smtp_script *r, const char *script, bool octet_by_octet);

#endif
