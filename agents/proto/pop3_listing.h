/*
 * The listings of LIST and UIDL as a client reads them (RFC 1939 5, 7), from any server: in any
 * order, with gaps, with more words behind than the standard has.
 */
#ifndef AGENTS_PROTO_POP3_LISTING_H
#define AGENTS_PROTO_POP3_LISTING_H

#include "agents/proto/pop3_client.h"

/* "1 120 and more": the number, from 1, and the word behind it, which may be empty. The slice
   points into line. False when there is no such number. */
bool pop3_listing_read(struct slice line, uint32_t *number, struct slice *value);

/* Puts the messages in order of number, each number once; gives how many are left. */
size_t pop3_listing_sort(struct pop3_client_message *messages, size_t count);

/* In sorted messages; NULL when there is none of that number. */
struct pop3_client_message *pop3_listing_find(struct pop3_client_message *messages, size_t count,
                                              uint32_t number);

#endif
