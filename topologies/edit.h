/*
 * A topology file that is edited: the text as it came, in which each edit changes only what it is
 * about. Blanks, the order of keys and what nobody asked to change stay octet for octet; what is
 * added looks like what the shipped files have.
 *
 *     struct edit_document doc;
 *     if (edit_open(&doc, text, "two-towns.json", &problem)) {
 *         edit_apply(&doc, SLICE("host add mx2 name=mx2.example.org addr=203.0.113.26"), &problem);
 *         ... save edit_text(&doc) ...
 *         edit_close(&doc);
 *     }
 *
 * An edit is a line of action words (action.h): host, agent, link, admd and network say what is
 * there; user, dns and set, which also change a running world in their own way, are folded in as
 * far as a file can say the same. Whatever was applied, the text is one that topology_read takes; a
 * world made of it is the one that was edited while it ran (world_edit.c).
 */
#ifndef TOPOLOGIES_EDIT_H
#define TOPOLOGIES_EDIT_H

#include "topologies/action.h"
#include "topologies/topology.h"

struct edit_document {
    struct topology topology; /* of the text as it is now */
};

/* The text is copied. False: it is no topology, and there is nothing to close. */
bool edit_open(struct edit_document *doc, struct slice text, const char *name,
               struct problem *problem);
void edit_close(struct edit_document *doc);
/* Borrowed until the next edit. */
struct slice edit_text(const struct edit_document *doc);

/* Is what these words do to be kept in the file? */
bool edit_is_edit(const struct action *action);
/* Does it say what is there, so that the file goes before the running world? */
bool edit_is_map(const struct action *action);
/* Is what these words do to be kept in the file? Of an action line, or the first of several. */
bool edit_is_line(struct slice lines);
/*
 * Folds one line in. Lines that are no edits leave the text alone: true. False, with the text as it
 * was, when the line is wrong, the edit can't be done, or the file format can't say it.
 */
bool edit_apply(struct edit_document *doc, struct slice line, struct problem *problem);
/* The same for words that were read. `before` takes over the topology as it was, to be given back
   with topology_finish; NULL: nobody wants it. */
bool edit_apply_action(struct edit_document *doc, const struct action *action,
                       struct topology *before, struct problem *problem);

#endif
