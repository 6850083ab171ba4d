/*
 * What the header of one part says about its body (RFC 2045 5, 6). For mime.c.
 */
#ifndef AGENTS_MAIL_MIME_PART_H
#define AGENTS_MAIL_MIME_PART_H

#include "agents/mail/mime.h"

/* Makes it what RFC 2045 5.2 takes where there is no Content-Type, or one that makes no sense. */
void mime_part_be_text(struct mime_part *part);
/* Reads the fields of part->header and sets type to encoding_word, is_multipart and is_message. A
   boundary that is not in the header as it is meant goes to `texts`. */
void mime_part_read(struct mime_part *part, bool is_in_digest, struct arena *texts);

#endif
