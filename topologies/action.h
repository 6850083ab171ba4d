/*
 * What a person can ask of a world, in words: "send from=alice@example.com to=bob@example.org
 * subject=Hello". The same words are used on the command line, in scripts, in a topology's
 * demonstration and by the window.
 */
#ifndef TOPOLOGIES_ACTION_H
#define TOPOLOGIES_ACTION_H

#include "sim/base/arena.h"
#include "sim/base/problem.h"

enum action_verb { ACTION_SEND, ACTION_FETCH, ACTION_FAULT, ACTION_FLUSH };

enum { ACTION_WORDS_MAX = 4 };

struct action {
    enum action_verb verb;
    struct slice from, to, cc, bcc, subject, body; /* send */
    struct slice by;                               /* fetch */
    struct slice words[ACTION_WORDS_MAX];          /* fault: ID or KIND TARGET; flush: AT */
    size_t word_count;
    bool on; /* fault */
};

/* Reads the words; values without quotes are theirs. Everything is copied into the arena. Checks
   the form only: whether alice exists is the world's to say. */
bool action_read(struct slice text, struct arena *arena, struct action *action,
                 struct problem *problem);

#endif
