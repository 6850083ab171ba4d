/*
 * A small role behind a POP3 server for tests: bob's maildrop of three messages, which tim
 * shares; carol, dave, erin and frank, whose maildrops do not open; and a log of what the role was
 * asked for, a line each ("PASSWORD bob", "AUTH bob PASS ok", "LOGIN bob", "RETRIEVE 2",
 * "UPDATE 1 3", "ENDED", "CLOSED").
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

/* What it offers unless told otherwise: USER and PASS, nothing else. */
void support_pop3_options(struct pop3_server_options *o);
/* Greeted with "+OK ready". */
void support_pop3_init(struct support_pop3 *p);
void support_pop3_start(struct support_pop3 *p, const struct pop3_server_options *options);
void support_pop3_finish(struct support_pop3 *p);
/* All that there is on offer. */
void support_pop3_start_everything(struct support_pop3 *p);
/* A session brought into a state in which something is read; for PASS a USER was said. */
void support_pop3_bring_to(struct support_pop3 *p, enum pop3_state state, enum pop3_verb verb);
/* A command of each verb that is right in all but, perhaps, the state. */
extern const char *const support_pop3_samples[POP3_VERB_COUNT];
/* Pulls all events and answers them. */
void support_pop3_run(struct support_pop3 *p);
/* Feeds, runs; the replies pile up in server.base.out. */
void support_pop3_feed(struct support_pop3 *p, struct slice bytes);
/* The TLS handshake is done. */
void support_pop3_tls(struct support_pop3 *p);
/* The peer has closed. */
void support_pop3_eof(struct support_pop3 *p);

struct slice support_pop3_header(size_t message);
struct slice support_pop3_body(size_t message);

#endif
