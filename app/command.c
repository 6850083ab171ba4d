#include "app/command.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "app/help.h"

const struct command *command_find(struct slice name)
{
    for (size_t i = 0; i < command_row_count; i++)
        if (slice_equal(name, slice_of(command_rows[i]->name)))
            return command_rows[i];
    return NULL;
}

int command_fail(const struct command_line *line, const struct problem *problem)
{
    char text[PROBLEM_LINE];
    fprintf(line->err, "mailflow %s: %s\n", line->command->name, problem_line(problem, text));
    return line->is_broken_off ? APP_BROKEN_OFF : APP_WRONG;
}

int command_say(const struct command_line *line, const char *format, ...)
{
    char text[PROBLEM_LINE];
    struct problem problem = {0};
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    problem_set(&problem, "%s", text);
    return command_fail(line, &problem);
}

/* ---- reading ---- */

static size_t option_count(const struct command *command)
{
    size_t count = 0;
    while (count < COMMAND_OPTIONS_MAX && command->options[count].name)
        count++;
    return count;
}

/* What getopt stumbled over: a word it does not know, or one that needs a value. */
static int fail_option(const struct command_line *line, int code, const char *word)
{
    const struct command *command = line->command;
    const char *names[COMMAND_OPTIONS_MAX];
    size_t count = option_count(command);
    for (size_t i = 0; i < count; i++)
        names[i] = command->options[i].name;
    if (code == ':')
        return command_say(line, "%s needs a value; see mailflow help %s", word, command->name);
    struct slice name = slice_of(word);
    while (slice_starts(name, SLICE("-")))
        name = slice_part(name, 1, name.size);
    name = slice_part(name, 0, slice_find_octet(name, '=', 0));
    for (size_t i = 0; i < count; i++)
        if (!command->options[i].argument && slice_equal(name, slice_of(names[i])))
            return command_say(line, "--%s takes no value; see mailflow help %s", names[i],
                               command->name);
    const char *nearest = problem_nearest(name, names, count);
    if (nearest)
        return command_say(line, "unknown option %s; did you mean --%s?", word, nearest);
    return command_say(line, "unknown option %s; see mailflow help %s", word, command->name);
}

enum { CODE_HELP = 1, CODE_FIRST = 256 };

struct spelling {
    struct option rows[COMMAND_OPTIONS_MAX + 2];
    char letters[2 * COMMAND_OPTIONS_MAX + 4];
};

/* The same options in the words of getopt_long. */
static void spell(const struct command *command, struct spelling *s)
{
    size_t count = option_count(command), at = 0;
    memset(s, 0, sizeof *s);
    s->letters[at++] = ':'; /* tells a missing value from an unknown option */
    for (size_t i = 0; i < count; i++) {
        const struct command_option *option = &command->options[i];
        s->rows[i] =
            (struct option){option->name, option->argument ? required_argument : no_argument, NULL,
                            CODE_FIRST + (int)i};
        if (option->letter) {
            s->letters[at++] = option->letter;
            if (option->argument)
                s->letters[at++] = ':';
        }
    }
    s->letters[at] = 'h';
    s->rows[count] = (struct option){"help", no_argument, NULL, CODE_HELP};
}

static const struct command_option *option_of(const struct command *command, int code)
{
    if (code >= CODE_FIRST)
        return &command->options[code - CODE_FIRST];
    for (size_t i = 0; i < option_count(command); i++)
        if (command->options[i].letter == code)
            return &command->options[i];
    return NULL;
}

static bool check_operands(const struct command_line *line, int *status)
{
    const struct command *command = line->command;
    if (line->operand_count < command->operands_least)
        *status = command_say(line, "%s is missing; see mailflow help %s", command->operands,
                              command->name);
    else if (line->operand_count > command->operands_most)
        *status = command_say(line, "one word too many: \"%s\"; see mailflow help %s",
                              line->operands[command->operands_most], command->name);
    else
        return true;
    return false;
}

bool command_read(struct command_line *line, int argc, char **argv, int *status)
{
    struct spelling spelling;
    spell(line->command, &spelling);
    opterr = 0;
    optind = 0; /* glibc: start anew, whatever was read before */
    for (;;) {
        int code = getopt_long(argc, argv, spelling.letters, spelling.rows, NULL);
        if (code == -1)
            break;
        if (code == CODE_HELP || code == 'h') {
            help_command(line->out, line->command);
            *status = APP_DONE;
            return false;
        }
        const struct command_option *option = option_of(line->command, code);
        if (!option) {
            bool is_long = optopt == 0 || optopt >= CODE_FIRST || optopt == CODE_HELP;
            char letter[3] = {'-', (char)optopt, '\0'};
            *status = fail_option(line, code, is_long || code == ':' ? argv[optind - 1] : letter);
            return false;
        }
        *vector_add(&line->given) = (struct command_given){option, optarg};
    }
    line->operands = argv + optind;
    line->operand_count = argc - optind;
    return check_operands(line, status);
}

void command_finish(struct command_line *line)
{
    vector_finish(&line->given);
}

/* ---- what was given ---- */

const char *command_value(const struct command_line *line, const char *option)
{
    const char *value = NULL;
    for (size_t i = 0; i < line->given.count; i++)
        if (strcmp(line->given.items[i].option->name, option) == 0)
            value = line->given.items[i].value;
    return value;
}

bool command_has(const struct command_line *line, const char *option)
{
    for (size_t i = 0; i < line->given.count; i++)
        if (strcmp(line->given.items[i].option->name, option) == 0)
            return true;
    return false;
}

bool command_number(const struct command_line *line, const char *option, uint64_t least,
                    uint64_t most, uint64_t fallback, uint64_t *value, struct problem *problem)
{
    const char *text = command_value(line, option);
    *value = fallback;
    if (!text)
        return true;
    if (!slice_to_u64(slice_of(text), value) || *value < least || *value > most)
        return problem_set(problem, "--%s: expected a whole number from %llu to %llu, not \"%s\"",
                           option, (unsigned long long)least, (unsigned long long)most, text);
    return true;
}
