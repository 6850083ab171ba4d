/* Hand-made traces: small, and each line of them is there for a test. */
#ifndef TESTS_EXPORT_SUPPORT_LOG_H
#define TESTS_EXPORT_SUPPORT_LOG_H

#include "export/export.h"
#include "sim/trace/log.h"

/*
 * Alice's message goes to `mx`, waits half an hour on the way for another server, is delivered and
 * fetched. Hosts pc-alice, out, dns, mx, pc-bob; every way of drawing a turn occurs.
 */
void support_log_make(struct log *log);
/* The same hosts without positions, and one agent talking to another on one host. */
void support_log_make_within(struct log *log);
/* `count` hosts in a row, each asking the next. */
void support_log_make_wide(struct log *log, int count);

uint32_t support_text(struct log *log, const char *text);

typedef bool support_writer(const struct log *log, FILE *out, const struct export_options *options,
                            struct problem *problem);
/* What a format writes; to be freed. NULL when it fails. */
char *support_write(support_writer *write, const struct log *log,
                    const struct export_options *options, size_t *size);
/*
 * Compares with tests/golden/NAME and shows the first line that differs. With UPDATE_GOLDEN set in
 * the environment the file is written anew instead, to be looked at before it is kept.
 */
void support_expect_golden(const char *name, const char *text, size_t size);

#endif
