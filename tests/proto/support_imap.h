/*
 * A role behind IMAP server sessions, for tests: up to three sessions on the account of alice (her
 * password is "secret"; bob has none here, and for "busy" the account can't be had). It writes down
 * the events that a dialogue can check:
 *
 *     2 PASSWORD alice LOGIN        the number of the session first
 *     2 LOGIN alice
 *     1 FETCHED 7 whole
 *     1 STATE SELECTED
 *     1 BYE
 */
#ifndef TESTS_PROTO_SUPPORT_IMAP_H
#define TESTS_PROTO_SUPPORT_IMAP_H

#include "agents/proto/imap_server.h"

enum { IMAP_ROLE_SESSIONS = 3 };

struct imap_role {
    struct account account;
    struct imap_server_options options;
    struct imap_server sessions[IMAP_ROLE_SESSIONS];
    struct bytes out[IMAP_ROLE_SESSIONS]; /* all that was sent and not taken by the test */
    bool is_open[IMAP_ROLE_SESSIONS];
    bool is_connected_with_tls;
    struct bytes log;
    int64_t now_s;
    int zone_min;
    size_t most_out; /* the most that a session ever had in out */
    unsigned commands, replies, errors;
};

void imap_role_init(struct imap_role *r);
void imap_role_finish(struct imap_role *r);
/* A new connection in that place; greets. */
void imap_role_open(struct imap_role *r, int n);
/* Bytes from the client; then all other sessions are woken, too. */
void imap_role_feed(struct imap_role *r, int n, struct slice bytes);
/* The session's turn alone. */
void imap_role_turn(struct imap_role *r, int n);
void imap_role_wake_all(struct imap_role *r);
void imap_role_eof(struct imap_role *r, int n);
/* Puts a message into a folder; made if it is not there. Flags as "\\Seen $Work". */
uint32_t imap_role_put(struct imap_role *r, struct slice folder, struct slice flags,
                       struct slice content);
/* Feeds "TAG LOGIN alice secret" and the like, and takes the answers away. */
void imap_role_quietly(struct imap_role *r, int n, const char *command);

#endif
