/*
 * A POP3 server that is a list of replies, for tests of the client. What the client sends goes to
 * the reader's log, with '>' in front. Each script is played with its replies whole, octet by
 * octet, and cut in two at each place.
 */
#ifndef TESTS_PROTO_SUPPORT_POP3_SCRIPT_H
#define TESTS_PROTO_SUPPORT_POP3_SCRIPT_H

#include "support_pop3_reader.h"

struct support_script {
    const char *replies[16];
    const char *expected;
    bool keeps; /* the role marks nothing for removal */
    bool tops;  /* it wants the headers only */
    struct pop3_client_options options;
};

/* The first reply is the greeting; each other follows a command, but for "TLS", the end of a
   handshake. Then the server closes. Of the options all count but user, password and nonce. */
void support_script_play(const struct support_script *script);

void support_script_feed(struct support_reader *r, struct slice bytes);

#define LOGIN_LOG                                                                                  \
    "CONNECT ok hi\n>CAPA\nCAPA err what?\n>USER bob\nUSER ok \n>PASS pass word\nPASS ok "         \
    "in\n>STAT\n"
#define LOGIN_REPLIES "+OK hi\r\n", "-ERR what?\r\n", "+OK\r\n", "+OK in\r\n"

#endif
