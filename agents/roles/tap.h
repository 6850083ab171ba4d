/*
 * A tap: reads what passes through its host, or over one link, and writes down each line of clear
 * text that it can read. Of TLS it sees sizes and times only.
 */
#ifndef AGENTS_ROLES_TAP_H
#define AGENTS_ROLES_TAP_H

#include "agents/roles/registry.h"

extern const struct role tap_role;

/* Clear text that a box on this host has decrypted: its taps read it. */
void tap_hear(struct office *office, uint32_t host, uint32_t conn, bool is_back, struct slice text,
              uint32_t msg);

#endif
