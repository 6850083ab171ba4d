/*
 * Drafts that answer a message or pass it on (RFC 5322 3.6.4), as mail programs make them. A draft
 * can be changed before message_write: the texts are in the arena, the rest is borrowed from the
 * original.
 *
 *     struct message_draft draft = {.from = own};
 *     message_reply(&original, own, false, &arena, &draft);
 *     draft.body = arena_join(&arena, (struct slice[]){my_words, draft.body}, 2);
 *     message_write(&draft, &out);
 */
#ifndef AGENTS_MAIL_MESSAGE_REPLY_H
#define AGENTS_MAIL_MESSAGE_REPLY_H

#include "agents/mail/message.h"
#include "sim/base/arena.h"

/*
 * Sets to (Reply-To, or else From), subject ("Re: " in front, once), In-Reply-To, References, and
 * as body the first plain text of the original with "> " in front of each line, without what is
 * behind the "-- " of a signature. With `to_all`, cc has those of To and Cc whose address is not
 * `own`.
 */
void message_reply(const struct mime *original, struct slice own, bool to_all, struct arena *arena,
                   struct message_draft *draft);
/* Sets subject ("Fwd: " in front, once) and the original as an attachment, message/rfc822. */
void message_forward(const struct mime *original, struct arena *arena, struct message_draft *draft);

#endif
