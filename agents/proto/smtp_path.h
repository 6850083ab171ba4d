/*
 * What stands behind MAIL FROM: and RCPT TO: (RFC 5321 4.1.2): a path in angle brackets, then the
 * parameters of service extensions.
 */
#ifndef AGENTS_PROTO_SMTP_PATH_H
#define AGENTS_PROTO_SMTP_PATH_H

#include "sim/base/slice.h"

/*
 * Takes a path off the front of *rest and gives the mailbox in it, without brackets and without a
 * source route, which is read and ignored (RFC 5321 4.1.1.3, appendix C). "<>" gives "". The
 * mailbox may be a bare local part, and may have UTF-8 in it (RFC 6531 3.3); whether that is fine
 * here is the caller's to say. False when it is no path or longer than SMTP_PATH_MAX.
 */
bool smtp_path_read(struct slice *rest, struct slice *mailbox);

struct smtp_parameter {
    struct slice keyword, value; /* value is empty when there is no "=" */
    bool has_value;
};
/* The next " KEYWORD=value" off the front of *rest, which is not empty. The value may have UTF-8 in
   it, likewise. False: not well formed. */
bool smtp_parameter_read(struct slice *rest, struct smtp_parameter *parameter);

/* A mailbox without brackets, likewise with UTF-8 in it or not. */
bool smtp_mailbox_is_valid(struct slice mailbox);

/* The argument of EHLO and HELO: a domain or an address literal (RFC 5321 4.1.1.1). Underscores,
   which are no part of a host's name but do occur, pass. */
bool smtp_hello_name_is_valid(struct slice name);

#endif
