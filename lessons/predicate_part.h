/* Private to predicate*.c: a compiled text is a tree of nodes whose types are known. */
#ifndef LESSONS_PREDICATE_PART_H
#define LESSONS_PREDICATE_PART_H

#include "lessons/predicate.h"

enum value_type {
    VALUE_NONE, /* of what is not there; equal to nothing */
    VALUE_BOOL,
    VALUE_NUMBER,
    VALUE_TIME, /* a duration, nanoseconds */
    VALUE_TEXT,
    VALUE_LIST, /* of texts */
    VALUE_MESSAGE,
    VALUE_EVENT, /* only as an argument: a pattern */
    VALUE_ANY    /* a setting: what type it has shows when it is read */
};

struct value {
    enum value_type type;
    int64_t number; /* also of bool, time and message */
    struct slice text;
    struct slice *items;
    size_t count;
};

enum node_kind {
    NODE_OR,
    NODE_AND,
    NODE_NOT,
    NODE_COMPARE,
    NODE_CONSTANT,
    NODE_VARIABLE,
    NODE_CALL,
    NODE_PATTERN
};

enum compare_op {
    COMPARE_EQUAL,
    COMPARE_UNEQUAL,
    COMPARE_LESS,
    COMPARE_MORE,
    COMPARE_LESS_EQUAL,
    COMPARE_MORE_EQUAL,
    COMPARE_HAS
};

enum { ARGS_MAX = 4, FIELDS_MAX = 12 };

struct node;

struct pattern_field {
    struct slice name;
    enum compare_op op;
    const struct node *value;
};

struct node {
    enum node_kind kind;
    enum value_type type;
    uint32_t column; /* of its first character, from 1 */
    struct slice source;
    enum compare_op op;
    const struct node *parts[ARGS_MAX]; /* operands, arguments */
    size_t count;
    struct value value;              /* of a constant; of a variable its name, without $ */
    const struct function *function; /* of a call */
    enum event_kind event_kind;      /* of a pattern */
    struct pattern_field fields[FIELDS_MAX];
    size_t field_count;
};

struct predicate {
    struct arena arena;
    struct slice text;
    const struct node *root;
};

/* ---- one evaluation ---- */

struct eval {
    const struct facts *facts;
    const struct predicate_learner *learner;
    struct arena *arena;
};

enum argument {
    ARGUMENT_NONE,
    ARGUMENT_EVENT,
    ARGUMENT_MESSAGE,
    ARGUMENT_BOX,
    ARGUMENT_PLACE,
    ARGUMENT_STEP,
    ARGUMENT_QUESTION, /* a step that asks something */
    ARGUMENT_SETTING,
    ARGUMENT_TEXT,
    ARGUMENT_NUMBER
};

struct function {
    const char *name;
    enum value_type result;
    enum argument args[ARGS_MAX];
    size_t needed; /* of the arguments; the others may be left out */
    struct value (*run)(struct eval *e, const struct node *call);
};
extern const struct function predicate_functions[];
extern const size_t predicate_function_count;

struct value predicate_value(struct eval *e, const struct node *n);
bool predicate_compare(struct eval *e, enum compare_op op, const struct value *a,
                       const struct value *b);

/* predicate_event.c: the next event from `from` on that fits, or UINT32_MAX. */
uint32_t predicate_find(struct eval *e, const struct node *pattern, uint32_t from);
/* How many fields of the pattern fit; the first that does not is given, or NULL. */
size_t predicate_fitting(struct eval *e, const struct node *pattern, uint32_t event,
                         const struct pattern_field **unfit);
/* Does the kind have this field, and of which type? `t` and `during` are fields of all. */
bool predicate_field_type(enum event_kind kind, struct slice name, enum value_type *type);

/* predicate_reason.c */
void predicate_explain(struct eval *e, const struct node *n, struct predicate_reason *reason);

#endif
