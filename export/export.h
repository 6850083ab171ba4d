/*
 * What a trace is written out as. One format a file; export_rows names them all, by ending for
 * files and by name for `--format`.
 *
 *     struct export_options options = {.width = 80};
 *     if (!export_write(log, "out/first.eml", &options, &problem)) ...
 */
#ifndef EXPORT_EXPORT_H
#define EXPORT_EXPORT_H

#include <stdio.h>

#include "sim/base/problem.h"
#include "sim/trace/log.h"

enum { EXPORT_WIDTH_LEAST = 40, EXPORT_WIDTH_DEFAULT = 80, EXPORT_WIDTH_MOST = 1000 };

struct export_options {
    unsigned width;   /* columns, for what is made for terminals; 0: EXPORT_WIDTH_DEFAULT */
    bool is_ascii;    /* nothing outside ASCII, for terminals that are not UTF-8 */
    bool has_colour;  /* the terminal's colours */
    uint32_t message; /* which message; 0: the one delivered last */
};

struct export_row {
    const char *ending; /* ".jsonl"; NULL: not made as a file by its ending */
    const char *name;   /* "json", for --format; NULL: not a format for the terminal */
    const char *meaning;
    /* Writes everything; a fault of the stream itself is left to ferror(out). */
    bool (*write)(const struct log *log, FILE *out, const struct export_options *options,
                  struct problem *problem);
};
extern const struct export_row export_rows[];
extern const size_t export_row_count;

/* NULL when there is none. */
const struct export_row *export_find_format(struct slice name);
const struct export_row *export_find_ending(struct slice path);

/* The file is written whole or not at all. An unknown ending is a problem that lists the known. */
bool export_write(const struct log *log, const char *path, const struct export_options *options,
                  struct problem *problem);

/* ---- the formats, one a file ---- */

bool ladder_write(const struct log *log, FILE *out, const struct export_options *options,
                  struct problem *problem);
bool dialogue_write(const struct log *log, FILE *out, const struct export_options *options,
                    struct problem *problem);
bool events_write(const struct log *log, FILE *out, const struct export_options *options,
                  struct problem *problem);
bool summary_write(const struct log *log, FILE *out, const struct export_options *options,
                   struct problem *problem);
/* A table of the events, a row each (RFC 4180). No cell starts like a formula. */
bool csv_write(const struct log *log, FILE *out, const struct export_options *options,
               struct problem *problem);
/* The secrets of all TLS connections, in the format of SSLKEYLOGFILE. A problem without any. */
bool keys_write(const struct log *log, FILE *out, const struct export_options *options,
                struct problem *problem);
/* The octets of the copy that was delivered last. A problem when nothing was delivered. */
bool eml_write(const struct log *log, FILE *out, const struct export_options *options,
               struct problem *problem);

/* The trace's format as Markdown, from the vocabulary in sim/trace/event.h. */
void trace_format_write(FILE *out);

#endif
