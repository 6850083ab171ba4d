/*
 * A middlebox: stands on the way and meddles. It can overwrite the offer of STARTTLS in what
 * servers say, with as many X, so that nothing else has to change (RFC 3207 6 warns of it); and it
 * can take connections for itself, show a certificate of its own, speak TLS to the real server
 * behind and pass on what each side says: a man in the middle. Who does not check certificates
 * notices nothing, and a tap on the box's host reads all of it.
 *
 *     middlebox.c           the role: its settings
 *     middlebox_strip.c     the offer is overwritten
 *     middlebox_between.c   the man in the middle
 */
#ifndef AGENTS_ROLES_MIDDLEBOX_H
#define AGENTS_ROLES_MIDDLEBOX_H

#include "agents/roles/registry.h"

extern const struct role middlebox_role;

#endif
