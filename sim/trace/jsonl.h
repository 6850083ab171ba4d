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
/* True for the kinds whose lines carry the derived fields. */
bool jsonl_is_of_connection(enum event_kind kind);

/* Writes all of it; memory does not grow with the trace. Look at ferror(out) afterwards. */
void jsonl_write(const struct log *log, FILE *out);
bool jsonl_save(const struct log *log, const char *path, struct problem *problem);

/* On success `log` is to be given back with log_finish; on failure it holds nothing, and the
   problem says file and line. `name` is shown in problems. */
bool jsonl_read(struct log *log, FILE *in, const char *name, struct problem *problem);
bool jsonl_load(struct log *log, const char *path, struct problem *problem);

#endif
