/*
 * The delivery agent: the last transfer, from a queue of its own host into the store. Fed through a
 * pipe it adds Return-Path and Delivered-To, and no Received field.
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
