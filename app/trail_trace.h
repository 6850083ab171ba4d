/*
 * A message's header as a trace: the way that its Received fields tell of becomes hosts, links and
 * events, so that map, ladder, header, time line and exports show a real message as they show a
 * simulated one. It holds what the header says, and no more: connections without any dialogue
 * (segments without octets stand for the message on its way), roles as far as `with` tells them,
 * the header as it was when each line had been put on top.
 *
 * What may have been made up is marked: a host that only such lines speak of, and a step that no
 * line tells of, has the setting `claimed` (a conf event at the start).
 */
#ifndef APP_TRAIL_TRACE_H
#define APP_TRAIL_TRACE_H

#include "sim/base/problem.h"
#include "sim/trace/log.h"

enum { TRAIL_TRACE_MAX = 64 * 1024 * 1024 }; /* octets of a message */

/* On success `log` is to be given back with log_finish; on failure (there is no field at all) it
   holds nothing. `name` is shown in problems. */
bool trail_trace(struct log *log, struct slice content, const char *name, struct problem *problem);

#endif
