/*
 * What run and replay give out: a format on standard output, and exported files.
 */
#ifndef APP_OUTPUT_H
#define APP_OUTPUT_H

#include "app/command.h"
#include "export/export.h"

enum { OUTPUT_CAPTURES_MOST = 64 };

struct output {
    const struct export_row *format; /* NULL: standard output is wanted for an export */
    struct export_options terminal;  /* for the format */
    struct export_options file;      /* for exports */
    struct slice topology;           /* for .json: as it is after the run; "": there is none */
    struct slice captures[OUTPUT_CAPTURES_MOST]; /* that `file` points to */
};

/* Reads and checks --format, --export, --width, --message, --ascii, --capture, --tls-keys, before
   anything is run. `output` stays where it is. */
bool output_read_options(const struct command_line *line, struct output *output,
                         struct problem *problem);
/* Only --width, --ascii and what the terminal can do: for a command that has formats of its own. */
bool output_read_terminal(const struct command_line *line, struct export_options *options,
                          struct problem *problem);
/* Writes everything. Says on `err` which files were made, and how far a long one is; Ctrl+C breaks
   it off. */
bool output_write(struct command_line *line, const struct output *output, const struct log *log,
                  struct problem *problem);

/* Writes to a file, or to `out` when the path is "-" or starts with "-."; `data` is all of it. */
bool output_save(const char *path, FILE *out, struct slice data, struct problem *problem);
bool output_is_standard(const char *path);

#endif
