/*
 * Webmail: a web server that is a mail program for people who have only a browser (RFC 5598 4.2.1
 * notes that an MUA may be split so). A browser asks it for pages by HTTP; for each it asks the
 * access server by IMAP in that person's name; a message that is sent is submitted by SMTP, also in
 * that person's name. It keeps no mail.
 *
 *     GET /          a form to log in          POST /login    user, password
 *     GET /inbox     what is in INBOX          GET /message   uid=N
 *     GET /compose   a form to write           POST /send     to, subject, body
 *     POST /delete   uid=N                     POST /logout
 */
#ifndef AGENTS_ROLES_WEB_H
#define AGENTS_ROLES_WEB_H

#include "agents/roles/registry.h"

extern const struct role web_role;

#endif
