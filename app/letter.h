/*
 * A real message as an action: `send from=A to=B whole="..."`, from a file and, for what is not
 * said, from the message's own fields as far as these people are in the topology.
 */
#ifndef APP_LETTER_H
#define APP_LETTER_H

#include <stdio.h>

#include "sim/base/bytes.h"
#include "sim/base/problem.h"
#include "topologies/topology.h"

enum { LETTER_MAX = 11 * 1024 * 1024 }; /* in base64 it fits into an action */

struct letter_envelope {
    const char *from, *to; /* NULL: from the message. `to` is a list of addresses */
};

/* Appends the action. `path` "-" is `in`. False: the file can't be read, or nobody fits; the
   problem lists who would. */
bool letter_action(const struct topology *topology, const char *path, FILE *in,
                   const struct letter_envelope *envelope, struct bytes *action,
                   struct problem *problem);

#endif
