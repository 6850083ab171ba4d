/*
 * Measurements. Each group prints lines "name value unit"; wall-clock time is read here and nowhere
 * in what is measured.
 */
#ifndef APP_BENCH_H
#define APP_BENCH_H

#include <stdint.h>
#include <stdio.h>

#include "sim/base/problem.h"
#include "topologies/world.h"

int64_t bench_now_ns(void);
void bench_line(FILE *out, const char *name, double value, const char *unit);

/*
 * Two towns with a submission server, an MTA at each side, a name server and two people. It has
 * sent `mails` messages of 2 KB from Alice to Bob, and Bob has fetched them. To be destroyed.
 */
struct world *bench_world(uint32_t mails, struct problem *problem);

/* A centre that has sent 4,000 messages, one every 100 ms, around to servers of a domain each. To
   be destroyed. */
struct world *bench_star(unsigned domains, struct problem *problem);

bool bench_mail(FILE *out, struct problem *problem);
bool bench_hub(FILE *out, struct problem *problem);
bool bench_list(FILE *out, struct problem *problem);
bool bench_hosts(FILE *out, struct problem *problem);
bool bench_schedule(FILE *out, struct problem *problem);
bool bench_smtp(FILE *out, struct problem *problem);
bool bench_lmtp(FILE *out, struct problem *problem);
bool bench_pop3(FILE *out, struct problem *problem);
bool bench_imap(FILE *out, struct problem *problem);
bool bench_tls(FILE *out, struct problem *problem);
bool bench_dns(FILE *out, struct problem *problem);
bool bench_mime(FILE *out, struct problem *problem);
bool bench_scene(FILE *out, struct problem *problem);
bool bench_frame(FILE *out, struct problem *problem);
bool bench_export(FILE *out, struct problem *problem);

#endif
