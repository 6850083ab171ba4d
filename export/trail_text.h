/*
 * A trail (agents/mail/trail.h) for people at a terminal, and for programs.
 */
#ifndef EXPORT_TRAIL_TEXT_H
#define EXPORT_TRAIL_TEXT_H

#include <stdio.h>

#include "agents/mail/trail.h"
#include "export/export.h"

/* The way drawn downwards, oldest first, with the time of each step; then what it says, what was
   checked, and the other fields. Nothing from the message reaches the terminal unmade safe. Look at
   ferror(out) afterwards. */
void trail_text_write(const struct trail *trail, FILE *out, const struct export_options *options);
/* One JSON object and a newline; docs/headers.md has its keys. */
void trail_json_write(const struct trail *trail, FILE *out);

#endif
