/*
 * What a person wants done with what arrives, as the files in his home say it now: ~/.forward, to
 * whom copies go (agents/mail/redirect.h), and ~/.rules for the copy that is kept
 * (agents/mail/rules.h). Without files everything is kept in INBOX.
 */
#ifndef AGENTS_ROLES_WISHES_H
#define AGENTS_ROLES_WISHES_H

#include "agents/roles/queue.h"

struct wishes {
    bool is_kept, is_discarded;    /* both false: it is only forwarded */
    struct slice folder;           /* where it is kept */
    VECTOR(struct slice) forwards; /* in the arena, or in a file */
    struct slice line;             /* the rule that decided; "" none */
};

/* Slices point into the disk's files and into the arena. */
void wishes_read(struct wishes *wishes, const struct disk *disk, struct slice owner,
                 const struct queue_mail *mail, struct arena *arena);
void wishes_finish(struct wishes *wishes);

#endif
