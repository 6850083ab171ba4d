#include "app/app.h"

#include <stdlib.h>

#include "app/command.h"
#include "app/commands.h"
#include "app/forms.h"
#include "app/help.h"
#include "export/export.h"
#include "lessons/bank.h"
#include "lessons/lesson_schema.h"
#include "sim/base/bytes.h"
#include "topologies/schema.h"

int help_for(struct command_line *line)
{
    if (line->operand_count == 0) {
        help_overview(line->out);
        return APP_DONE;
    }
    const struct command *command = command_find(slice_of(line->operands[0]));
    if (!command)
        return command_say(line, "there is no command \"%s\"; see mailflow help",
                           line->operands[0]);
    help_command(line->out, command);
    return APP_DONE;
}

int version_command(struct command_line *line)
{
    fprintf(line->out, "mailflow " MAILFLOW_VERSION "\n");
    return APP_DONE;
}

static void put_schema(FILE *out, bool (*print)(struct bytes *out))
{
    struct bytes text;
    bytes_init(&text, SIZE_MAX);
    (void)print(&text); /* there is room for all */
    fwrite(bytes_slice(&text).data, 1, bytes_size(&text), out);
    bytes_finish(&text);
}

int docs_command(struct command_line *line)
{
    struct slice page = slice_of(line->operands[0]);
    if (slice_equal(page, SLICE("trace-format")))
        trace_format_write(line->out);
    else if (slice_equal(page, SLICE("man")))
        help_man(line->out);
    else if (slice_equal(page, SLICE("schema")))
        put_schema(line->out, schema_print);
    else if (slice_equal(page, SLICE("texts")))
        put_schema(line->out, forms_print_texts);
    else if (slice_equal(page, SLICE("lesson-schema")))
        put_schema(line->out, lesson_schema_print);
    else if (slice_equal(page, SLICE("quiz-schema")))
        put_schema(line->out, bank_schema_print);
    else
        return command_say(line, "there is no page \"%s\"; there are %s", line->operands[0],
                           line->command->operands);
    return APP_DONE;
}

static int fail_command(FILE *err, const char *word)
{
    const char *names[32];
    size_t count = 0;
    for (size_t i = 0; i < command_row_count && count < 32; i++)
        if (!command_rows[i]->is_hidden)
            names[count++] = command_rows[i]->name;
    const char *nearest = problem_nearest(slice_of(word), names, count);
    struct problem problem = {0};
    char text[PROBLEM_LINE];
    if (nearest)
        problem_set(&problem, "unknown command \"%s\"; did you mean %s?", word, nearest);
    else
        problem_set(&problem, "unknown command \"%s\"; see mailflow --help", word);
    fprintf(err, "mailflow: %s\n", problem_line(&problem, text));
    return APP_WRONG;
}

/* A result that could not be written is no result, even when it was all computed. */
static int check_output(struct command_line *line, int status)
{
    if (fflush(line->out) == 0 && !ferror(line->out))
        return status;
    return command_say(line, "standard output can't be written");
}

int app_main(int argc, char **argv, FILE *in, FILE *out, FILE *err)
{
    static char open_word[] = "open";
    char *opening[] = {open_word, NULL};
    char **words = argc > 1 ? argv + 1 : opening;
    int count = argc > 1 ? argc - 1 : 1;
    struct slice first = slice_of(words[0]);
    if (slice_equal(first, SLICE("--help")) || slice_equal(first, SLICE("-h"))) {
        help_overview(out);
        return APP_DONE;
    }
    if (slice_equal(first, SLICE("--version")) || slice_equal(first, SLICE("-V")))
        first = SLICE("version");
    struct command_line line = {.in = in, .out = out, .err = err, .command = command_find(first)};
    if (!line.command)
        return fail_command(err, words[0]);
    int status = APP_DONE;
    if (command_read(&line, count, words, &status))
        status = line.command->run(&line);
    status = check_output(&line, status);
    command_finish(&line);
    return status;
}
