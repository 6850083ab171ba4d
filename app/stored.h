/*
 * Mailboxes of the real world as actions: each message of an mbox or a Maildir becomes a line
 * `store USER whole=... date=... flags=...`, which a script, an undo and a saved work can carry.
 */
#ifndef APP_STORED_H
#define APP_STORED_H

#include "app/command.h"
#include "sim/base/arena.h"

enum { STORED_MESSAGES_MAX = 10000, STORED_OCTETS_MAX = 64 * 1024 * 1024 };

struct stored_mail {
    struct arena arena; /* their texts */
    VECTOR(struct slice) items;
    size_t octets; /* of all messages so far */
};

void stored_init(struct stored_mail *mail);
void stored_finish(struct stored_mail *mail);
/*
 * Reads what every --store USER=PATH names: an mbox (a file), or a Maildir (a folder with cur and
 * new; folders in it are those that begin with a dot), messages in the order in which they lie
 * there. Dates are those of the From lines and of the files' names. False: the problem says which
 * file and why.
 */
bool stored_read_options(const struct command_line *line, struct stored_mail *mail,
                         struct problem *problem);

#endif
