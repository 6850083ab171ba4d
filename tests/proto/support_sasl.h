/*
 * An exchange of SASL, client and server back to back without a protocol around it.
 */
#ifndef TESTS_PROTO_SUPPORT_SASL_H
#define TESTS_PROTO_SUPPORT_SASL_H

#include "agents/proto/sasl.h"

struct sasl_meeting {
    struct slice user, password; /* what the client says */
    const char *stored;          /* the password that the server knows of the user; NULL: no user */
    struct sasl_server server;
    struct sasl_client client;
    bool client_broke_off;
};
void sasl_meeting_init(struct sasl_meeting *m, const char *user, const char *password,
                       const char *stored);
void sasl_meeting_finish(struct sasl_meeting *m);
/* Until OK, DENIED or MALFORMED, which it gives; CHALLENGE when the client broke off. */
enum sasl_step sasl_meeting_run(struct sasl_meeting *m, enum sasl_mechanism mechanism);
/* Says the stored password when that is what the server waits for. */
enum sasl_step sasl_meeting_tell(struct sasl_meeting *m, enum sasl_step step);

#endif
