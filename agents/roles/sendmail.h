/*
 * The sendmail command: how a program hands mail to the MTA of its own host, without SMTP. The
 * message is completed, gets the one Received field of that MTA, and lies in its queue when the
 * call returns, also while the MTA is stopped: then it waits there, and leaves when it is started.
 *
 *     uint32_t msg = office_new_message(...);
 *     sendmail_submit(office, &(struct sendmail_mail){.by = agent, .msg = msg, ...}, &problem);
 *
 * It tells of the acceptance (accept, with no connection, and queue.add at the MTA); the program
 * that calls says no submit, for nothing waited with it.
 */
#ifndef AGENTS_ROLES_SENDMAIL_H
#define AGENTS_ROLES_SENDMAIL_H

#include "agents/roles/queue.h"
#include "sim/base/problem.h"

struct sendmail_mail {
    uint32_t by; /* the program: its host's MTA is meant */
    uint32_t msg;
    struct slice reverse_path; /* as all addresses here: a bare name gets the MTA's own domain */
    const struct slice *forward_paths;
    size_t recipient_count;
    struct slice content; /* header and body, CRLF lines */
    /* What is asked of notices (RFC 3461). */
    unsigned notify; /* SMTP_NOTIFY_..., or-ed; 0 not said */
    enum smtp_return ret;
};
/* Borrowed for the call. */

/* Is there such a command on this host (or the host of this agent)? There is where an MTA is. */
bool sendmail_exists(const struct office *office, uint32_t place);
/* False, with the reason and nothing sent, when there is none, or nobody to send to. */
bool sendmail_submit(struct office *office, const struct sendmail_mail *mail,
                     struct problem *problem);

#endif
