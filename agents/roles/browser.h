/*
 * A browser: what a person without a mail program reads and writes mail with. It knows pages, links
 * and forms of a web host (agents/roles/web.h), and nothing of mail: it asks by HTTP, fills in what
 * it is shown, and follows where it is sent.
 */
#ifndef AGENTS_ROLES_BROWSER_H
#define AGENTS_ROLES_BROWSER_H

#include "agents/roles/registry.h"
#include "sim/base/problem.h"

struct browser;

extern const struct role browser_role;

enum browser_task {
    BROWSER_INBOX,   /* look at the list */
    BROWSER_MESSAGE, /* open one of it */
    BROWSER_SEND,
    BROWSER_DELETE
};

struct browser_errand {
    enum browser_task task;
    unsigned number; /* MESSAGE, DELETE: which one of the list, from 1 */
    struct slice to, subject, body;
};

/* The person does this, after what was asked for before; logs in when it is needed. Copied. False
   when the computer is off. */
bool browser_do(struct browser *browser, const struct browser_errand *errand,
                struct problem *problem);
/* Whose browser it is. */
struct slice browser_user(const struct browser *browser);

#endif
