/*
 * A small laboratory: a network of a few hosts, and talkers that use its connections and write
 * down what happened to them. What was on the wire is shown as text, so that a test's expectation
 * reads like a packet list.
 */
#ifndef TESTS_NET_SUPPORT_LAB_H
#define TESTS_NET_SUPPORT_LAB_H

#include "sim/base/bytes.h"
#include "sim/net/net.h"

enum { LAB_PORT = 25 };

struct lab {
    struct sim sim;
    struct net *net;
};

void lab_start(struct lab *lab, uint64_t seed);
void lab_finish(struct lab *lab);
/* Host number n of the lab has the address 192.0.2.n. */
uint32_t lab_host(struct lab *lab, const char *id);
#define LAB_ADDRESS(n) (UINT32_C(0xC0000200) + (n))
/* 20 ms, nothing else. */
uint32_t lab_link(struct lab *lab, uint32_t a, uint32_t b);
/* Two hosts "a" (1) and "b" (2) with a link of 20 ms. */
void lab_pair(struct lab *lab, uint64_t seed);
void lab_run(struct lab *lab); /* until nothing is left */

enum talker_moment {
    TALKER_NEVER,
    TALKER_ACCEPTED,
    TALKER_OPENED,
    TALKER_RECEIVED,
    TALKER_FINISHED
};

struct talker {
    struct lab *lab;
    /* what it does; zeroed is: listen politely, close when the other side has closed */
    const char *says;  /* when accepted or opened */
    bool echoes;       /* sends back what it gets */
    bool closes_first; /* once it has said it */
    bool stays;        /* does not close when the other side has */
    bool refuses;
    bool reconnects; /* when it ends, it tries again at once */
    enum talker_moment aborts;
    uint32_t connects_to; /* address, for reconnects */
    /* what happened to it */
    uint32_t wire;
    struct bytes got;
    uint32_t last_msg;
    int accepted, opened, received, finished, ended;
    enum net_end why;
    int64_t opened_at, ended_at;
    uint32_t conn_at_end;
};

void talker_start(struct talker *t, struct lab *lab);
void talker_finish(struct talker *t);
void talker_listen(struct talker *t, uint32_t agent, uint32_t port);
void talker_connect(struct talker *t, uint32_t agent, uint32_t address, uint32_t port);

/*
 * The segments, losses, openings and closings of a connection, a line each, times in microseconds:
 *     0 > SYN 0
 *     20000 < SYN ACK 0:1
 *     40000 open ok
 *     40000 > PSH ACK 1:1 "hello"
 *     60000 lost > 1
 *     1040000 > PSH ACK again 1:1 "hello"
 * Sequence numbers count from the first of their side. Payload beyond 20 octets is given as (1460).
 */
void lab_show(const struct lab *lab, uint32_t conn, struct bytes *text);
#define LAB_EXPECT(lab, conn, expected)                                                            \
    do {                                                                                           \
        struct bytes shown_;                                                                       \
        bytes_init(&shown_, SIZE_MAX);                                                             \
        lab_show(lab, conn, &shown_);                                                              \
        bytes_append_octet(&shown_, '\0');                                                         \
        cr_expect_str_eq(shown_.data + shown_.start, expected, "expected\n%sgot\n%s", expected,    \
                         shown_.data + shown_.start);                                              \
        bytes_finish(&shown_);                                                                     \
    } while (0)

uint32_t lab_count(const struct lab *lab, enum event_kind kind);
/* The n-th event of that kind, from 0; NULL when there are fewer. */
const struct event *lab_event(const struct lab *lab, enum event_kind kind, uint32_t n);
/* Over everything that the trace holds. */
uint64_t lab_hash(const struct lab *lab);
/* Every event but the first has an earlier cause, and no time goes back. */
bool lab_is_caused(const struct lab *lab);

#endif
