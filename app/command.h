/*
 * A subcommand as data: its options, its texts and the function that runs it. Reading the command
 * line, `--help` and the man page are all made from these rows.
 */
#ifndef APP_COMMAND_H
#define APP_COMMAND_H

#include "app/app.h"
#include "sim/base/problem.h"
#include "sim/base/vector.h"

struct command_option {
    const char *name;     /* "until" */
    char letter;          /* 'o', or 0 */
    const char *argument; /* "T"; NULL: the option takes none */
    const char *meaning;
};

enum { COMMAND_OPTIONS_MAX = 32, COMMAND_OPERANDS_MANY = 1000 };

struct command_line;

struct command {
    const char *name, *operands, *summary;
    const char *description; /* paragraphs, separated by empty lines */
    const char *examples;    /* "command\tmeaning\n" each */
    int operands_least, operands_most;
    int (*run)(struct command_line *line);
    bool is_hidden;
    struct command_option options[COMMAND_OPTIONS_MAX]; /* up to the one without a name */
};
extern const struct command *const command_rows[];
extern const size_t command_row_count;
/* NULL when there is none. */
const struct command *command_find(struct slice name);

struct command_given {
    const struct command_option *option;
    const char *value;
};

struct command_line {
    FILE *in, *out, *err;
    const struct command *command;
    VECTOR(struct command_given) given; /* in the order in which they came */
    char **operands;
    int operand_count;
    bool is_broken_off; /* a person did not want to wait for the end */
};

/* Reads argv[1..]. False: a line on `err` says what is wrong, or help was asked for and printed;
   `status` is then what to end with. */
bool command_read(struct command_line *line, int argc, char **argv, int *status);
void command_finish(struct command_line *line);

/* The value given last, or NULL. */
const char *command_value(const struct command_line *line, const char *option);
bool command_has(const struct command_line *line, const char *option);
/* The value as a whole number; `fallback` when the option was not given. */
bool command_number(const struct command_line *line, const char *option, uint64_t least,
                    uint64_t most, uint64_t fallback, uint64_t *value, struct problem *problem);
/* "mailflow run: what is wrong" as one line on `err`. Gives APP_WRONG, or APP_BROKEN_OFF. */
int command_fail(const struct command_line *line, const struct problem *problem);
int command_say(const struct command_line *line, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
