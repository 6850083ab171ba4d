/*
 * The delivery agent: the last transfer, into the store of its own host. An MTA of the same host
 * hands mail to it through a pipe, and it adds Return-Path and Delivered-To, no Received field. An
 * MTA of any host hands mail to it by LMTP (RFC 2033), each recipient with an answer of its own,
 * and it adds a Received field as well.
 *
 * Its people say what is to become of their mail in files in their homes (wishes.h): a copy may go
 * to a folder, to others, or nowhere. What it sends on by itself, and what a vacation robot beside
 * it answers, goes through the queue of its host's MTA; where there is none through one of its own,
 * which sends where the MX says.
 */
#ifndef AGENTS_ROLES_MDA_H
#define AGENTS_ROLES_MDA_H

#include "agents/roles/queue.h"
#include "agents/roles/registry.h"

struct mda;

extern const struct role mda_role;

struct mda *mda_find(const struct office *office, uint32_t host); /* NULL when there is none */
/* Delivers one copy; the outcome is a reply like a server's: 250, 251 passed on,
   452 4.2.2, 550 5.1.1. */
void mda_deliver(struct mda *mda, const struct queue_mail *mail, struct slice rcpt,
                 struct smtp_reply *reply);
/* The same from a program that keeps no queue of its own: with a 2xx the MDA tells that it has
   taken over what came by that connection. */
void mda_take_over(struct mda *mda, const struct queue_mail *mail, struct slice rcpt, uint32_t conn,
                   struct smtp_reply *reply);

#endif
