/*
 * The delivery agent: the last transfer, into the store of its own host. An MTA of the same host
 * hands mail to it through a pipe, and it adds Return-Path and Delivered-To, no Received field. An
 * MTA of any host hands mail to it by LMTP (RFC 2033), each recipient with an answer of its own,
 * and it adds a Received field as well.
 */
#ifndef AGENTS_ROLES_MDA_H
#define AGENTS_ROLES_MDA_H

#include "agents/roles/queue.h"
#include "agents/roles/registry.h"

struct mda;

extern const struct role mda_role;

struct mda *mda_find(const struct office *office, uint32_t host); /* NULL when there is none */
/* Delivers one copy; the outcome is a reply like a server's: 250, 452 4.2.2, 550 5.1.1. */
void mda_deliver(struct mda *mda, const struct queue_mail *mail, struct slice rcpt,
                 struct smtp_reply *reply);

#endif
