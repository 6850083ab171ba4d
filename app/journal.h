/*
 * What is done to a live world, kept in a file as it is done, so that it is not lost when the
 * program is cut off. The file is made with the first step and removed at the end, unless edits
 * were not saved; one that nobody holds open is work that did not come to its end, and is offered
 * to the next session.
 *
 * The file is JSON Lines, in the state folder (app/folder.h):
 *
 *     {"mailflow-work":1,"source":"/home/amir/two-towns.json","seed":"1","faults":""}
 *     {"do":"fault mx1-down on","t":300000000,"run":0}
 *     {"undo":true}
 *     {"saved":true}
 *
 * Reading trusts nothing: what is not whole and right ends the list.
 */
#ifndef APP_JOURNAL_H
#define APP_JOURNAL_H

#include "app/live.h"

struct journal;

/* To find works again: the same source, seed and faults as before. */
struct journal_source {
    char path[SOURCE_PATH];
    uint64_t seed;
    char faults[16]; /* "" none */
};

/* NULL when there is no folder for it. Makes no file yet. */
struct journal *journal_create(const struct journal_source *source);
/* Removes the file; the work has come to its end. Accepts NULL. */
void journal_destroy(struct journal *journal);
/* Likewise, but the file stays for somebody to go on with. */
void journal_leave(struct journal *journal);

/* Each accepts NULL. That a line can't be written is no reason to stop a person. */
void journal_step(struct journal *journal, const struct live_step *step);
void journal_undo(struct journal *journal);
void journal_redo(struct journal *journal);

/* The source's own file has the edits now: who takes the work up does not do them again. */
void journal_saved(struct journal *journal);

/*
 * The steps of the newest interrupted work on the journal's source go into live, to be redone all
 * at once; gives how many there are. Its file is kept until a step is written to this journal.
 */
size_t journal_return(struct journal *journal, struct live *live);

/* The sources of interrupted works, newest first; at most `most`. */
struct journal_found {
    struct journal_source source;
    size_t steps;
    int64_t written_s; /* Unix seconds */
};
size_t journal_list(struct journal_found *found, size_t most);

#endif
