/*
 * Texts by which an address stands for others: an alias ("staff@example.org: bob,
 * carol@example.net") and what a .forward file holds, addresses between commas or line ends. A name
 * without a domain is one of the same domain as the address that stands for it. "#" starts a remark
 * up to the end of its line. What is no address is passed over: these files are written by people.
 */
#ifndef AGENTS_MAIL_REDIRECT_H
#define AGENTS_MAIL_REDIRECT_H

#include "sim/base/arena.h"
#include "sim/base/slice.h"

/* Splits "NAME: MEMBERS"; false when NAME is no whole address or there is no member. */
bool redirect_read_alias(struct slice text, struct slice *name, struct slice *members);

struct redirect {
    struct slice address;
    bool is_kept; /* the owner's own mailbox: "keep", "\bob", or the address itself */
};
/* The next one, taken off the front of *rest; false at the end. A completed address is in the
   arena, others point into the text. */
bool redirect_next(struct slice *rest, struct slice owner, struct arena *arena,
                   struct redirect *redirect);

#endif
