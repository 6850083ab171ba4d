/*
 * What SORT and THREAD compare (RFC 5256): base subjects, message identifiers, and keys in which
 * letters of any case are the same. Everything is UTF-8.
 */
#ifndef AGENTS_MAIL_SUBJECT_H
#define AGENTS_MAIL_SUBJECT_H

#include "sim/base/bytes.h"
#include "sim/base/slice.h"

/* Appends the base subject (RFC 5256 2.1) of a Subject value as it stands in the header: without
   "Re:", "[list]", "(fwd)" and so on. *is_reply (may be NULL): something of a reply or a forward
   was taken off. False: out is full, and unchanged. */
bool subject_base(struct slice value, struct bytes *out, bool *is_reply);

/* Takes the next msg-id (RFC 5322 3.6.4) off the front of a References, In-Reply-To or Message-ID
   value, without its angle brackets and with needless quotes undone, so that equal identifiers are
   equal octets (RFC 5256 3, REFERENCES (1)); *id is cleared first. What is no msg-id, or too
   long for id, is passed over. False at the end. */
bool subject_next_id(struct slice *value, struct bytes *id);

#endif
