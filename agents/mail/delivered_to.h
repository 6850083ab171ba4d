/*
 * Delivered-To: whoever delivers or re-addresses a message writes on top of it for whom. One who
 * finds his own stamp has had this very copy before: it goes in a circle (RFC 9228).
 */
#ifndef AGENTS_MAIL_DELIVERED_TO_H
#define AGENTS_MAIL_DELIVERED_TO_H

#include "sim/base/slice.h"

/* Letters in any case: two stamps that differ in it only are the same person's. */
bool delivered_to_has(struct slice header, struct slice address);

#endif
