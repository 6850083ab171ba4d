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

#include "export/watched.h"
#include "sim/base/problem.h"
#include "sim/trace/log.h"

enum { EXPORT_WIDTH_LEAST = 40, EXPORT_WIDTH_DEFAULT = 80, EXPORT_WIDTH_MOST = 1000 };

/* What is said about a run that was made in a lesson. All texts are borrowed; "" is none. */
struct export_step {
    struct slice kind, text;   /* "PREDICT" */
    struct slice asked, given; /* a question, and the learner's answer in words */
    struct slice said;         /* what was said to that, or when the step was over */
};
struct export_check {
    struct slice text;
    bool has_passed, is_kept; /* kept: for the teacher to decide */
};
struct export_lesson {
    struct slice id, title, objective, complaint;
    const struct slice *watch;
    const struct export_step *steps;
    const struct export_check *checks;
    size_t watch_count, step_count, check_count;
    struct slice outcome; /* "12 of 12 points" */
};

struct export_options {
    unsigned width;   /* columns, for what is made for terminals; 0: EXPORT_WIDTH_DEFAULT */
    bool is_ascii;    /* nothing outside ASCII, for terminals that are not UTF-8 */
    bool has_colour;  /* the terminal's colours */
    uint32_t since;   /* ladder, dialogue: turns of earlier events are left out; */
    uint32_t *before; /* and that many they are; or NULL */
    uint32_t message; /* which message; 0: the one delivered last */
    const struct export_lesson *lesson; /* for .html; NULL: it was none */
    const struct export_watch *watch;   /* who may break it off; NULL: nobody. Borrowed */
    const struct slice *captures;       /* for .pcapng: links, hosts or "all"; borrowed */
    size_t capture_count;               /* 0: each packet once, where it leaves */
    bool has_tls_keys;                  /* for .pcapng: with what is needed to read TLS */
};

struct export_row {
    const char *ending; /* ".jsonl"; NULL: not made as a file by its ending */
    const char *name;   /* "json", for --format; NULL: not a format for the terminal */
    const char *meaning;
    /* Writes everything; a fault of the stream itself is left to ferror(out). */
    bool (*write)(const struct log *log, FILE *out, const struct export_options *options,
                  struct problem *problem);
    /* Of what is more than a file, in place of write: makes all of it, or nothing. */
    bool (*save)(const struct log *log, const char *path, const struct export_options *options,
                 struct problem *problem);
};
extern const struct export_row export_rows[];
extern const size_t export_row_count;

/* NULL when there is none. */
const struct export_row *export_find_format(struct slice name);
const struct export_row *export_find_ending(struct slice path);

/* The file is written whole or not at all, also when options->watch breaks it off: what was there
   before is then as it was. An unknown ending is a problem that lists the known. */
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
/* All copies that were delivered, or those of one message; lines end with LF. A problem when there
   are none. */
bool mbox_file_write(const struct log *log, FILE *out, const struct export_options *options,
                     struct problem *problem);
/* The same as a Maildir. A folder in which there is something is left alone, with a problem. */
bool mail_folder_save(const struct log *log, const char *path, const struct export_options *options,
                      struct problem *problem);
/* A sequence diagram, as long as Mermaid takes it: then a note says how much is left out. */
bool mermaid_write(const struct log *log, FILE *out, const struct export_options *options,
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

/* The packets, for Wireshark. A problem when a capture is asked for where there is no such link or
   host. */
bool pcapng_write(const struct log *log, FILE *out, const struct export_options *options,
                  struct problem *problem);

/*
 * One page that needs nothing else: the map that moves, the time line, dialogues, headers, events
 * in words. It opens offline, and asks nobody for anything. A problem when there are more than
 * HTML_EVENTS_MOST events, which no browser would bear.
 */
enum { HTML_EVENTS_MOST = 100000 };
bool html_write(const struct log *log, FILE *out, const struct export_options *options,
                struct problem *problem);

/* The trace's format as Markdown, from the vocabulary in sim/trace/event.h. */
void trace_format_write(FILE *out);

#endif
