/*
 * A small role in front of a POP3 client for tests: bob, who wants every message and removes it,
 * and a log of what happened, a line an event.
 */
#ifndef TESTS_PROTO_SUPPORT_POP3_READER_H
#define TESTS_PROTO_SUPPORT_POP3_READER_H

#include "agents/proto/pop3_client.h"

struct support_reader {
    struct pop3_client client;
    struct bytes log;    /* a line an event */
    bool wants, removes; /* what the role marks at LISTED */
    bool wants_tops;     /* the headers only */
    bool is_done, is_failed;
};

/* Never TLS, USER and PASS, one command at a time. */
void support_reader_options(struct pop3_client_options *o);
void support_reader_init(struct support_reader *r);
void support_reader_start(struct support_reader *r, const struct pop3_client_options *options);
void support_reader_finish(struct support_reader *r);
/* Pulls all events, and asserts that nothing comes behind DONE or FAILED. */
void support_reader_run(struct support_reader *r);

#endif
