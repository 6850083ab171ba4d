#include "app/help.h"

#include <string.h>

#include "export/export.h"

enum { WIDTH = 80, INDENT = 4, OPTION_COLUMN = 26 };

static void put_version(FILE *out)
{
    fprintf(out, "mailflow " MAILFLOW_VERSION "\n");
}

/* Words up to the width, each line indented; a text's own line breaks stay. */
static void put_wrapped(FILE *out, const char *text, int indent, int column)
{
    for (struct slice rest = slice_of(text), line; slice_cut(&rest, '\n', &line);) {
        for (struct slice word; slice_cut(&line, ' ', &word);) {
            if (column > indent && column + 1 + (int)word.size > WIDTH) {
                fputc('\n', out);
                column = 0;
            }
            column += column < indent   ? fprintf(out, "%*s", indent - column, "")
                      : column > indent ? fprintf(out, " ")
                                        : 0;
            column += fprintf(out, "%.*s", SLICE_ARG(word));
        }
        fputc('\n', out);
        column = 0;
    }
}

static void put_option(FILE *out, const struct command_option *option)
{
    int column = option->letter ? fprintf(out, "  -%c, ", option->letter) : fprintf(out, "      ");
    column += fprintf(out, "--%s", option->name);
    if (option->argument)
        column += fprintf(out, " %s", option->argument);
    if (column >= OPTION_COLUMN - 1) {
        fputc('\n', out);
        column = 0;
    }
    put_wrapped(out, option->meaning, OPTION_COLUMN, column);
}

static void put_synopsis(FILE *out, const struct command *command)
{
    fprintf(out, "mailflow %s%s%s%s", command->name, command->options[0].name ? " [OPTION]..." : "",
            command->operands[0] ? " " : "", command->operands);
}

static void put_formats(FILE *out, bool is_ending)
{
    for (size_t i = 0; i < export_row_count; i++) {
        const char *word = is_ending ? export_rows[i].ending : export_rows[i].name;
        if (word)
            fprintf(out, "    %-10s %s\n", word, export_rows[i].meaning);
    }
    if (is_ending)
        fprintf(out, "    %-10s the window's picture at the end of the run\n", ".png, .svg");
}

static bool takes_exports(const struct command *command)
{
    for (size_t i = 0; command->options[i].name; i++)
        if (strcmp(command->options[i].name, "export") == 0)
            return true;
    return false;
}

void help_command(FILE *out, const struct command *command)
{
    fprintf(out, "mailflow %s - %s\n\nUsage: ", command->name, command->summary);
    put_synopsis(out, command);
    fprintf(out, "\n\n");
    put_wrapped(out, command->description, 0, 0);
    if (command->options[0].name)
        fprintf(out, "\nOptions:\n");
    for (size_t i = 0; i < COMMAND_OPTIONS_MAX && command->options[i].name; i++)
        put_option(out, &command->options[i]);
    if (takes_exports(command)) {
        fprintf(out, "\nFormats:\n");
        put_formats(out, false);
        fprintf(out, "\nEndings of exported files:\n");
        put_formats(out, true);
    }
    if (command->examples[0])
        fprintf(out, "\nExamples:\n");
    for (struct slice rest = slice_of(command->examples), line; slice_cut(&rest, '\n', &line);) {
        struct slice example;
        slice_cut(&line, '\t', &example);
        fprintf(out, "    %.*s\n", SLICE_ARG(example));
        fprintf(out, "        %.*s\n", SLICE_ARG(line));
    }
}

static const char about[] = "Mailflow runs a network of mail programs in virtual time and shows "
                            "what they do. Each line that it "
                            "shows was sent by one program and read by another; nothing is canned.";

void help_overview(FILE *out)
{
    put_version(out);
    put_wrapped(out, about, 0, 0);
    fprintf(out,
            "\nUsage: mailflow [COMMAND]\n\nWithout a command it opens its window.\n\nCommands:\n");
    for (size_t i = 0; i < command_row_count; i++)
        if (!command_rows[i]->is_hidden)
            fprintf(out, "    %-10s %s\n", command_rows[i]->name, command_rows[i]->summary);
    fprintf(out,
            "\nA page about each: mailflow help COMMAND. Exit status: 0 done, 1 the answer is no,\n"
            "2 wrong use or a bad file, 3 a fault of the program.\n");
}

/* ---- the man page ---- */

/* A text as roff: backslashes and a line's first dot or apostrophe mean themselves, and so do
   hyphens; an empty line starts a paragraph. */
static void put_roff(FILE *out, const char *text)
{
    bool at_start = true;
    for (const char *c = text; *c; c++) {
        if (at_start && *c == '\n') {
            fputs(".PP\n", out);
            continue;
        }
        if (at_start && (*c == '.' || *c == '\''))
            fputs("\\&", out);
        if (*c == '\\')
            fputs("\\e", out);
        else if (*c == '-')
            fputs("\\-", out);
        else
            fputc(*c, out);
        at_start = *c == '\n';
    }
    if (!at_start)
        fputc('\n', out);
}

static void put_roff_command(FILE *out, const struct command *command)
{
    fprintf(out, ".SS \"mailflow %s\"\n", command->name);
    fprintf(out, ".B ");
    put_synopsis(out, command);
    fprintf(out, "\n.PP\n");
    put_roff(out, command->description);
    for (size_t i = 0; i < COMMAND_OPTIONS_MAX && command->options[i].name; i++) {
        const struct command_option *option = &command->options[i];
        fprintf(out, ".TP\n.B ");
        if (option->letter)
            fprintf(out, "\\-%c, ", option->letter);
        fprintf(out, "\\-\\-%s", option->name);
        if (option->argument)
            fprintf(out, " \\fI%s\\fR", option->argument);
        fputc('\n', out);
        put_roff(out, option->meaning);
    }
}

static void put_roff_formats(FILE *out, bool is_ending)
{
    for (size_t i = 0; i < export_row_count; i++) {
        const char *word = is_ending ? export_rows[i].ending : export_rows[i].name;
        if (!word)
            continue;
        fprintf(out, ".TP\n.B \\&%s\n", word);
        put_roff(out, export_rows[i].meaning);
    }
    if (is_ending)
        fprintf(out, ".TP\n.B \\&.png, .svg\nthe window's picture at the end of the run\n");
}

static void put_roff_examples(FILE *out)
{
    fprintf(out, ".SH EXAMPLES\n");
    for (size_t i = 0; i < command_row_count; i++)
        for (struct slice rest = slice_of(command_rows[i]->examples), line;
             slice_cut(&rest, '\n', &line);) {
            struct slice example;
            char text[256];
            slice_cut(&line, '\t', &example);
            fprintf(out, ".TP\n.B ");
            snprintf(text, sizeof text, "%.*s", SLICE_ARG(example));
            put_roff(out, text);
            snprintf(text, sizeof text, "%.*s", SLICE_ARG(line));
            put_roff(out, text);
        }
}

void help_man(FILE *out)
{
    fprintf(out, ".\\\" Made by `mailflow docs man`; change app/commands.c, not this file.\n"
                 ".TH MAILFLOW 1 \"\" \"mailflow " MAILFLOW_VERSION "\" \"User Commands\"\n"
                 ".SH NAME\nmailflow \\- see how e\\-mail travels\n"
                 ".SH SYNOPSIS\n.B mailflow\n.RI [ COMMAND ]\n.SH DESCRIPTION\n");
    put_roff(out, about);
    fprintf(out, ".PP\nWithout a command it opens its window.\n.SH COMMANDS\n");
    for (size_t i = 0; i < command_row_count; i++)
        if (!command_rows[i]->is_hidden)
            put_roff_command(out, command_rows[i]);
    fprintf(out, ".SH FORMATS\n");
    put_roff_formats(out, false);
    fprintf(out, ".SH EXPORTED FILES\nWhat a file is made as goes by its ending.\n");
    put_roff_formats(out, true);
    fprintf(
        out,
        ".SH EXIT STATUS\n.TP\n.B 0\ndone\n.TP\n.B 1\nthe answer is no: a check failed\n"
        ".TP\n.B 2\nwrong use, or a bad file\n.TP\n.B 3\na fault of the program\n"
        ".TP\n.B 130\nan export was broken off; nothing of it is left\n"
        ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nwhen set and not empty, nothing is coloured\n"
        ".TP\n.B LC_ALL, LC_CTYPE, LANG\nwhether the terminal shows UTF\\-8; without it, charts "
        "are drawn in ASCII\n.TP\n.B DISPLAY, WAYLAND_DISPLAY\nwhere the window opens\n");
    put_roff_examples(out);
}
