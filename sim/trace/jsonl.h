/*
 * A trace as JSON Lines: one object a line, UTF-8. The first line names the format; each further
 * line is one event, in order:
 *
 *     {"mailflow-trace":1,"events":240}
 *     {"e":57,"t":120000000,"cause":56,"kind":"smtp.cmd","from":"pc-alice","to":"submit",
 *      "port":587,"conn":1,"verb":"EHLO","arg":"pc-alice.example.com","msg":0}
 *
 * A place is its id at that moment (its number, where another place has that id by then), a text a
 * string, or {"base64":"..."} when it is not valid UTF-8 or has a NUL.
 * `from`, `to`, `port` and `tls` of a connection's events are derived: written for people and other
 * programs, checked when read, not kept. Saving, loading and saving again gives the same octets.
 *
 * Loading trusts nothing: whatever the file holds, there is a whole trace or one problem.
 */
#ifndef SIM_TRACE_JSONL_H
#define SIM_TRACE_JSONL_H

#include <stdio.h>

#include "sim/base/bytes.h"
#include "sim/base/problem.h"
#include "sim/trace/log.h"

enum { JSONL_VERSION = 1, JSONL_LINE_MAX = 64 * 1024 * 1024 };

/* Appends the event's line with its newline; `line` must have room for it. */
void jsonl_event(const struct log *log, uint32_t id, struct bytes *line);
/* Appends a text as a value of such a line; a name is one, too, and any octets are. */
void jsonl_text(struct slice text, struct bytes *line);
/* True for the kinds whose lines carry the derived fields. */
bool jsonl_is_of_connection(enum event_kind kind);

/* Writes all of it; memory does not grow with the trace. Look at ferror(out) afterwards. */
void jsonl_write(const struct log *log, FILE *out);
bool jsonl_save(const struct log *log, const char *path, struct problem *problem);

/* On success `log` is to be given back with log_finish; on failure it holds nothing, and the
   problem says file and line. `name` is shown in problems. */
bool jsonl_read(struct log *log, FILE *in, const char *name, struct problem *problem);
bool jsonl_load(struct log *log, const char *path, struct problem *problem);

/* What a cut or damaged file has lost. */
struct jsonl_loss {
    bool is_whole;          /* nothing */
    int64_t promised;       /* how many events the file says it has; -1: it does not say */
    struct problem problem; /* where it broke a law, and which */
};
/*
 * As jsonl_read, but of a file that is not whole the longest good beginning is kept: every event up
 * to the first line that breaks a law of the trace. What lies behind it is not looked at: its
 * numbers, causes and names would lean on what is missing. False when there is no such event; then
 * `log` holds nothing.
 */
bool jsonl_salvage(struct log *log, FILE *in, const char *name, struct jsonl_loss *loss,
                   struct problem *problem);
/* The stream to read a file from, to be closed. */
bool jsonl_open(const char *path, FILE **in, struct problem *problem);

#endif
