/*
 * A saved trace beside what is open in the window: both are shown from the moment on at which they
 * part (sim/trace/parting.h). It belongs to the work that it is beside.
 */
#ifndef APP_BESIDE_H
#define APP_BESIDE_H

#include "app/work.h"

struct beside {
    char path[SOURCE_PATH];
    struct log log;
};

/* The number of its run among those that the view has: no run that was made has this one. */
enum { BESIDE_NUMBER = 1 };

/* In the place of the one that was beside it. False with a problem: nothing has changed. */
bool beside_open(struct work *work, const char *word, struct problem *problem);
void beside_close(struct work *work); /* the view may have none of it any more */
/* Takes it from the view, and closes it. */
void beside_drop(struct work *work);
/* Where two traces part depends on all of both: it is found anew each time. With `goes_there` the
   view goes to that moment. */
void beside_show(struct work *work, struct view *view, bool goes_there);
/* KEEP opens the trace alone, DROP closes it. */
bool beside_end(struct work *work, struct view *view, bool is_kept, struct problem *problem);
/* A trace that is brought to a trace is looked at beside it; all else is opened. */
bool beside_is_meant(const struct work *work, const struct view_request *request);

#endif
