/*
 * A scripted server for an SMTP client session. A script has lines
 *
 *     S:text   the server sends text and CRLF
 *     R:text   the same without CRLF
 *     C:text   the client must have sent text and CRLF
 *     T:text   the same, but without CRLF
 *     TLS      the client must have asked for TLS; now it is there, as the pump would do it
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
void smtp_script_expect_log(struct smtp_script *r, const char *wanted, const char *script);
/*
 * The whole of it: the script with at most one transaction (or none), at once and octet by octet,
 * gives this log; and cut off after each octet of the server, it ends once, with no success that
 * the whole script does not have.
 */
void smtp_script_test(const struct smtp_client_options *options,
                      const struct smtp_client_transaction *t, const char *script, const char *log);

#endif
