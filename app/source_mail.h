/*
 * A real message as something to open: a file (.eml, or whatever begins with the fields of a
 * header), standard input, or a text that was pasted. It becomes a trace (app/trail_trace.h).
 */
#ifndef APP_SOURCE_MAIL_H
#define APP_SOURCE_MAIL_H

#include <stdio.h>

#include "sim/base/problem.h"
#include "sim/trace/log.h"

/* By its ending or its first octets; a folder or what can't be read is none. */
bool source_mail_is_file(const char *path);
/* By the first octet: neither JSON nor nothing. It is still there to be read. */
bool source_mail_is_stream(FILE *in);

/* On success to be given back with log_finish. */
bool source_mail_load(struct log *log, const char *path, struct problem *problem);
bool source_mail_read(struct log *log, FILE *in, const char *name, struct problem *problem);

#endif
