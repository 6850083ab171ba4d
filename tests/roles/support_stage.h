/*
 * A stage for one agent that sends: a world of two hosts, the sender's and a server's that says
 * what a script says, whatever it hears. A script is a list of texts: the first is said to whoever
 * connects, each further one when a whole command has come, or behind a 354 a whole message (""
 * says nothing), or behind "220 tls" anything at all. Behind "220 secure" there is TLS, and what
 * starts with "!" is said without it. Behind the last the server closes. Connection n has script n;
 * the last one serves all that follow.
 */
#ifndef TESTS_ROLES_SUPPORT_STAGE_H
#define TESTS_ROLES_SUPPORT_STAGE_H

#include "agents/roles/transfer.h"

enum { STAGE_SCRIPTS = 4, STAGE_TEXTS = 16, STAGE_RECIPIENTS = 4 };

struct stage_script {
    const char *texts[STAGE_TEXTS];
};

struct stage {
    struct sim sim;
    struct net *net;
    struct office office;
    struct tls_authority *authority;
    struct transfer_pool *transfers;
    uint32_t agent;
    struct stage_script scripts[STAGE_SCRIPTS];
    /* of the connection that is served now */
    size_t script, next, connections;
    bool is_message, is_tls;
    struct tls *tls;     /* NULL: in clear */
    struct bytes heard;  /* of the command or message that is coming */
    struct bytes said;   /* all lines of the last connection */
    struct bytes domain; /* of the message that is sent */
    /* outcomes, a word each: "0:250 1:421 done " */
    struct bytes story;
    struct transfer_outcome last; /* its texts are not kept, but code and flags are */
};

/* `kbps` of the line between them; 0: no limit. */
void stage_start(struct stage *stage, const struct stage_script *scripts, size_t count,
                 uint32_t kbps);
/* Sends one message with this body to the first `count` recipients at the server, and runs until
   all is quiet. */
void stage_send(struct stage *stage, const struct sending *sending, bool is_lmtp, size_t count,
                struct slice body);
void stage_finish(struct stage *stage);

#endif
