/*
 * A small trace written by hand, as the network and the roles write theirs: Alice's message on its
 * way through submit and out to mx1, and Bob fetching it. Times are 20 ms a hop.
 */
#ifndef TESTS_SCENE_SUPPORT_LOG_H
#define TESTS_SCENE_SUPPORT_LOG_H

#include "sim/trace/log.h"

struct story {
    struct log log;
    int64_t t;
    uint32_t pc_alice, submit, out, dns, mx1, pc_bob;                            /* hosts */
    uint32_t alice, msa, mta_out, name_server, mta_mx1, mda, store, access, bob; /* agents */
    uint32_t conns, segment_seq[64];
};

/* Declarations only. Without positions, x and y are unset. */
void story_world(struct story *s, bool has_positions);
/* All of it: one message written, submitted, relayed, delivered, fetched. */
void story_first_mail(struct story *s);
/* After story_world: a message that waits at out because mx1 is down, then a bounce. */
void story_dead_host(struct story *s);
/* A crowd of hosts: one hub and leaves, no positions. */
void story_crowd(struct story *s, uint32_t leaves);
/* `count` times the same mail, for speed and seeks. */
void story_many_mails(struct story *s, uint32_t count);
void story_finish(struct story *s);

uint32_t story_text(struct story *s, const char *text);

#endif
