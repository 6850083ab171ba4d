/*
 * Toy sessions over a network of two hosts, to try the pump with: they speak a protocol of lines,
 * and what happened to them is written down as text.
 *
 * The server greets with "hello", answers "STARTTLS" with "go" and asks for TLS, closes after
 * "QUIT", and answers any other line with "got LINE": behind "WAIT" it holds its pump for
 * TOY_WAIT_S, behind "CUT" it cuts it, behind "TRAP" it does so at the next octets. The client says
 * its lines one after the other, each when an answer has come; "STARTTLS" makes it ask for TLS when
 * that is answered.
 *
 * An end's story, a word a line: "line TEXT", "tls" (the turn in which TLS was on first), "eof",
 * "expired", "ended WHY".
 */
#ifndef TESTS_DRIVE_SUPPORT_TOY_H
#define TESTS_DRIVE_SUPPORT_TOY_H

#include "agents/drive/pump.h"

#define TOY_ADDRESS(host) (UINT32_C(0xC0000200) + (host))
enum { TOY_PORT = 25, TOY_WAIT_S = 100 };

struct toy {
    struct session base; /* first: the pump knows it by that */
    struct toy_lab *lab;
    struct pump *pump;
    const char *says[8]; /* a client's lines, up to the first NULL */
    size_t said;
    bool is_server, is_tls_known, is_over;
    int64_t wait_s;
    uint32_t msg;
    enum session_tls tls; /* to start with */
    struct bytes story;
};

struct toy_lab {
    struct sim sim;
    struct net *net;
    struct pump_pool pool;
    struct tls_authority *authority;
    struct toy client, server;
    struct pump_user client_user, server_user; /* their TLS part counts */
    bool is_server_real;                       /* the connection is marked so */
};

/* Hosts "a" (client) and "mx1.example.org" (server), 20 ms apart; nothing is connected yet. */
void toy_start(struct toy_lab *lab, uint64_t seed);
/* The client connects. */
void toy_connect(struct toy_lab *lab);
void toy_run(struct toy_lab *lab);
void toy_finish(struct toy_lab *lab);

/* A server that is no session: it says this, octet for octet, to whoever connects. */
struct toy_talker {
    struct toy_lab *lab;
    struct slice says;
    bool closes, stays_silent_at_end;
    uint32_t wire;
    struct bytes heard;
};
void toy_listen_raw(struct toy_lab *lab, struct toy_talker *talker);
/* A client that is no session. */
void toy_connect_raw(struct toy_lab *lab, struct toy_talker *talker);

#define TOY_EXPECT(toy, expected)                                                                  \
    do {                                                                                           \
        struct slice story_ = bytes_slice(&(toy)->story);                                          \
        cr_expect(slice_equal(story_, slice_of(expected)), "expected\n%s\ngot\n%.*s", expected,    \
                  SLICE_ARG(story_));                                                              \
    } while (0)

uint32_t toy_count(const struct toy_lab *lab, enum event_kind kind);
/* The n-th event of that kind, from 0; NULL when there are fewer. */
const struct event *toy_event(const struct toy_lab *lab, enum event_kind kind, uint32_t n);
struct slice toy_text(const struct toy_lab *lab, uint32_t text);
/* All that the client's (0) or the server's (1) segments carried, in order, first sendings only. */
void toy_octets(const struct toy_lab *lab, bool is_server, struct bytes *octets);

#endif
