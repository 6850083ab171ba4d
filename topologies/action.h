/*
 * What a person can ask of a world, in words: "send from=alice@example.com to=bob@example.org
 * subject=Hello". The same words are used on the command line, in scripts, in a topology's
 * demonstration and by the window. action.c has a row for each verb.
 */
#ifndef TOPOLOGIES_ACTION_H
#define TOPOLOGIES_ACTION_H

#include "sim/base/arena.h"
#include "sim/base/problem.h"

enum action_verb {
    ACTION_SEND,
    ACTION_FETCH,
    ACTION_FAULT,
    ACTION_FLUSH,
    ACTION_SET,
    ACTION_ROBOT,
    ACTION_REPLY,
    ACTION_FORWARD,
    ACTION_READ,
    ACTION_FLAG,
    ACTION_MOVE,
    ACTION_DELETE,
    ACTION_EXPUNGE,
    ACTION_FOLDER,
    ACTION_IDLE,
    ACTION_BROWSE,
    ACTION_DNS,
    ACTION_WRITE,
    ACTION_REMOVE,
    ACTION_USER,
    ACTION_CUT,
    ACTION_HOST,
    ACTION_AGENT,
    ACTION_LINK,
    ACTION_ADMD,
    ACTION_NETWORK,
    ACTION_TYPE,
    ACTION_STORE,
    ACTION_COUNT
};

enum { ACTION_WORDS_MAX = 6, ACTION_VALUES_MAX = 48 };

/* What may follow a verb: words, and then key=value, in any order. */
struct action_form {
    const char *name;
    const char *keys;   /* separated by blanks; NULL: any */
    const char *needed; /* those of the keys that must be given */
    size_t words_min, words_max;
    const char *needs; /* of the words, for people */
    const char *example;
};
extern const struct action_form action_forms[ACTION_COUNT];

struct action_value {
    struct slice key, value;
};

struct action {
    enum action_verb verb;
    struct slice words[ACTION_WORDS_MAX];
    size_t word_count;
    struct action_value values[ACTION_VALUES_MAX];
    size_t value_count;
};

/* Reads the words; values without quotes are theirs. Everything is copied into the arena. Checks
   the form only: whether alice exists is the world's to say. */
bool action_read(struct slice text, struct arena *arena, struct action *action,
                 struct problem *problem);

/* What was given for a key; "" when nothing was. */
struct slice action_value(const struct action *action, const char *key);
bool action_has(const struct action *action, const char *key);

#endif
