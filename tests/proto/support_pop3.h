/*
 * A small role behind a POP3 server for tests: bob's maildrop of three messages, and a log of what
 * the role was asked for, a line each ("LOGIN bob pass word", "RETRIEVE 2", "UPDATE 1 3", "ENDED",
 * "CLOSED").
 */
#ifndef TESTS_PROTO_SUPPORT_POP3_H
#define TESTS_PROTO_SUPPORT_POP3_H

#include "agents/proto/pop3_server.h"

enum { SUPPORT_POP3_COUNT = 3 };

struct support_pop3 {
    struct pop3_server server;
    bool is_removed[SUPPORT_POP3_COUNT];
    bool refuses_retrieve, refuses_update;
    struct bytes log;
    bool was_closing;
    size_t commands, replies; /* events COMMAND and REPLIED */
    bool last_ok;
};

/* Greeted with "+OK ready". */
void support_pop3_init(struct support_pop3 *p);
void support_pop3_finish(struct support_pop3 *p);
/* Pulls all events and answers them. */
void support_pop3_run(struct support_pop3 *p);
/* Feeds, runs; the replies pile up in server.base.out. */
void support_pop3_feed(struct support_pop3 *p, struct slice bytes);
/* The peer has closed. */
void support_pop3_eof(struct support_pop3 *p);

struct slice support_pop3_header(size_t message);
struct slice support_pop3_body(size_t message);

#endif
