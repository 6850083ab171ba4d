/*
 * Two sessions back to back, for measurements: what the client's session says is fed to the
 * server's and the other way round, in memory, in pieces of at most BENCH_PIECE octets as a network
 * would have them. What a figure counts is both of them together, with a role that does next to
 * nothing.
 *
 *     struct bench_talk talk = {&client.base, &server.base, client_turn, server_turn, context};
 *     if (!bench_talk_run(&talk)) ... a session took in no more
 */
#ifndef APP_BENCH_SESSION_H
#define APP_BENCH_SESSION_H

#include "agents/proto/session.h"
#include "app/bench.h"

enum { BENCH_PIECE = 16 * 1024 };

struct bench_talk {
    struct session *client, *server;
    /* Pull the session's events, and answer them. */
    void (*client_turn)(void *context);
    void (*server_turn)(void *context);
    void *context;
};

/* Until nothing moves any more. */
bool bench_talk_run(struct bench_talk *talk);

/* A message of 2 KB, 32 lines of text among them one with a dot in front. */
struct slice bench_header(void);
struct slice bench_body(void);

/* "name 123 messages/s" and "name-octets 45 MB/s" (of messages). */
void bench_messages(FILE *out, const char *name, uint32_t count, int64_t took_ns);

#endif
