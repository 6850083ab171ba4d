/*
 * Patterns of LIST and LSUB (RFC 9051 6.3.9): '*' stands for any octets, '%' for any without the
 * hierarchy separator '/'. Takes time by the product of both lengths at most, never more.
 */
#ifndef AGENTS_PROTO_IMAP_LIST_MATCH_H
#define AGENTS_PROTO_IMAP_LIST_MATCH_H

#include "sim/base/slice.h"

/* Both UTF-8. INBOX, and INBOX as the first level of a name, match letters in any case (RFC 9051
   5.1); all else exactly. */
bool imap_list_match(struct slice pattern, struct slice name);

/* The pattern that LIST means: its reference in front of the mailbox pattern (RFC 9051 6.3.9.5). A
   pattern that starts with '/' is not relative, and its '/' is dropped, as names have none in
   front. `text` has room for `room` octets; what is longer gives false. */
bool imap_list_match_join(struct slice reference, struct slice pattern, char *text, size_t room,
                          struct slice *joined);

#endif
