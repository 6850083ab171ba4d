/*
 * What the parts of the IMAP client session share: imap_client.c has the states, imap_client_say.c
 * the commands, imap_client_read.c the responses. Private to them.
 */
#ifndef AGENTS_PROTO_IMAP_CLIENT_PART_H
#define AGENTS_PROTO_IMAP_CLIENT_PART_H

#include "agents/proto/imap_client.h"

/* ---- say ---- */

/* A command is begun, added to, and sent up to the first place where the server is to be waited
   for. The verb is as the trace shows it; `words` as they go out behind the tag. */
void imap_client_begin(struct imap_client *c, const char *verb);
bool imap_client_put(struct imap_client *c, struct slice words);
bool imap_client_put_string(struct imap_client *c, struct slice text);
bool imap_client_put_message(struct imap_client *c, struct slice header, struct slice body);
/* False, with nothing said, when something did not fit. */
bool imap_client_send(struct imap_client *c, bool fits);
/* The server has said "+": the next piece. False when there is none. */
bool imap_client_go_on(struct imap_client *c);

/* ---- read ---- */

enum imap_client_read { IMAP_CLIENT_READ_NONE, IMAP_CLIENT_READ_WHOLE, IMAP_CLIENT_READ_NONSENSE };
/* Puts the next response together; WHOLE when it is in c->response. */
enum imap_client_read imap_client_gather(struct imap_client *c);
/* Looks at an untagged response and tells what is in it. */
void imap_client_read_data(struct imap_client *c, struct slice text);
/* The words of a CAPABILITY response or code. */
void imap_client_read_capabilities(struct imap_client *c, struct slice words);
/* "[CODE ...] text" behind OK, NO, BAD, ...: takes the code off. */
void imap_client_read_code(struct imap_client *c, struct slice *text, struct slice *code);

/* ---- both ---- */

void imap_client_tell(struct imap_client *c, enum imap_client_event_kind kind);
/* The session is over; FAILED is told. */
void imap_client_fail(struct imap_client *c, bool is_lost, struct slice why);
/* A status response without a tag: OK, NO, BAD, PREAUTH, BYE. */
void imap_client_on_status(struct imap_client *c, enum imap_status status, struct slice text);

#endif
