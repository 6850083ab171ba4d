/*
 * Private to spoken.c (what both sides share, and SMTP and LMTP), spoken_pull.c (POP3 and IMAP) and
 * spoken_server.c (the person answers).
 */
#ifndef AGENTS_ROLES_SPOKEN_PART_H
#define AGENTS_ROLES_SPOKEN_PART_H

#include "agents/roles/spoken.h"

enum {
    SPOKEN_ASKED_MAX = 256 * 1024,
    SPOKEN_CONTENT_MAX = 1024 * 1024,
    SPOKEN_LINE_MAX = 64 * 1024,
    SPOKEN_VERB_MAX = 16,
    SPOKEN_VERBS_MAX = 2 * SPOKEN_VERB_MAX + 1 /* "UID FETCH" */
};

/* The next whole line without its end, taken off the front; false when there is none. Borrowed
   until the buffer changes. */
bool spoken_line(struct bytes *from, struct slice *line);
/* The first word of a line in capitals; behind it in *rest. */
struct slice spoken_verb(struct slice line, char verb[SPOKEN_VERB_MAX], struct slice *rest);
uint32_t spoken_text(const struct spoken *s, struct slice text);
/* The size of a literal that ends this line, "{12}" or "{12+}" (RFC 9051 4.3, 7888), or of a BDAT
   (RFC 3030 2); 0 none. */
uint64_t spoken_literal(struct slice line);
uint64_t spoken_chunk(struct slice verb, struct slice rest);

void spoken_pop3_answered(struct spoken *s, struct slice line, uint32_t msg);
void spoken_imap_answered(struct spoken *s, struct slice line, uint32_t msg);
/* What was typed is read at once into lines "tag verb". */
void spoken_imap_asked(struct spoken *s, struct slice octets);

void spoken_server_asked(struct spoken *s, uint32_t msg);
void spoken_server_answered(struct spoken *s, struct slice line);

#endif
