/*
 * A world that a person works on while it is shown. Everything that is done to it is a step: an
 * action line (topologies/action.h) at a moment, a fork, or the choice of one of two runs. The
 * steps are kept in the order in which they came, and what runs is made of them alone: undo takes
 * the last one away, redo puts it back, without limit.
 *
 * A run is always ahead until nothing is on its way, so that the view can go to any moment. Who
 * acts at a moment before the end changes the future: the run is made anew from the same seed and
 * the same lines with the new one among them, and up to and with that moment it is the same, octet
 * for octet.
 *
 * What never comes to rest, such as a robot that sends for good, is run so far as can be waited
 * for: live_is_cut says so, and live_run_on goes on from there, as far again.
 *
 * A fork is a second run that is the same up to t, with one line more at t; the lines that came
 * after t happen in both. Steps go to the run that is chosen, which is the fork at first.
 *
 *     struct live live;
 *     if (!live_open(&live, "two-towns", &options, NULL, &problem)) ...
 *     live_do(&live, 300 * VTIME_MS, SLICE("fault mx1-down on"), &problem);
 *     live_undo(&live, &t, &problem);
 *     ... live_log(&live, 0), live_number(&live, 0) ...
 *     live_close(&live);
 */
#ifndef APP_LIVE_H
#define APP_LIVE_H

#include "app/source.h"

enum live_kind { LIVE_DO, LIVE_FORK, LIVE_KEEP };
enum {
    LIVE_RUNS = 2,
    LIVE_PIECE = 65536, /* tasks */
    LIVE_BUDGET = 32,   /* pieces: about a second */
};

struct live_step {
    enum live_kind kind;
    uint32_t run; /* 0 the first, 1 the fork: where it is done, what is forked, which one is kept */
    int64_t t;
    /* An action line, or several with line ends between them, in the arena; "" of a fork without
       any, and of KEEP. */
    struct slice text;
    struct slice tag; /* of whoever asked: a lesson's step; "" none */
};

struct live_action {
    int64_t t;
    struct slice text, tag;
};

struct live_plan { /* in order of time; one after the other where times are equal */
    struct live_action *items;
    size_t count, capacity;
};

struct live_run {
    struct world *world;
    struct live_plan plan; /* what was done in it, beside the demonstration */
    uint64_t number;       /* each world that is made has its own */
    uint32_t spent;        /* of the budget */
    bool is_cut;
};

struct journal;

struct live {
    struct source source;
    struct source_options options;
    struct arena arena; /* the steps' texts */
    VECTOR(struct live_step) steps;
    size_t done;     /* so many of them are carried out; the others can be redone */
    size_t returned; /* steps of a session that was cut off: the first redo goes up to here */
    struct live_run runs[LIVE_RUNS];
    VECTOR(struct world *) retired; /* a view may still show them: they go with the next step */
    bool has_fork;
    uint32_t chosen;
    int64_t fork_t;
    int64_t reach;     /* as far as somebody wanted to see */
    uint32_t patience; /* in pieces of LIVE_PIECE tasks */
    uint32_t budget;   /* what a run may take: all patience so far */
    uint64_t made;
    struct slice tag;        /* of the next steps; borrowed */
    char saved[SOURCE_PATH]; /* where its topology was saved last; "" nowhere yet */
    struct slice saved_text; /* what was saved there, in the arena */
    struct journal *journal; /* told of each step; NULL: nobody is */
};

bool live_open(struct live *live, const char *word, const struct source_options *options, FILE *in,
               struct problem *problem);
void live_close(struct live *live);

/* Run 0, or with a fork also run 1. Valid until the number of that run changes, and then until
   something else is asked for. */
const struct log *live_log(const struct live *live, uint32_t run);
/* Another one after each change that made the run anew. A saved trace has 1. */
uint64_t live_number(const struct live *live, uint32_t run);

/* All of these: false with a problem, and nothing has changed. */
bool live_do(struct live *live, int64_t t, struct slice line, struct problem *problem);
bool live_fork(struct live *live, int64_t t, struct slice line, struct problem *problem);
/* Ends a fork: this one of the two runs becomes the only one. */
bool live_keep(struct live *live, uint32_t run, struct problem *problem);
bool live_choose(struct live *live, uint32_t run, struct problem *problem);
/* The step that was undone or redone, or the last one of several. */
bool live_undo(struct live *live, struct live_step *step, struct problem *problem);
bool live_redo(struct live *live, struct live_step *step, struct problem *problem);
/* Steps that are not done yet, to be redone all at once; with the texts copied. What was there
   before is forgotten. */
void live_offer(struct live *live, const struct live_step *steps, size_t count);
/* The world is made to go on at least until t. */
void live_reach(struct live *live, int64_t t);
/* True when the run goes on beyond its end, and only was not waited for. */
bool live_is_cut(const struct live *live, uint32_t run);
/* Runs on to the next thing that happens, such as a queue's next attempt. */
bool live_run_on(struct live *live, struct problem *problem);

#endif
