/*
 * What the parts of webmail share: web.c answers browsers, web_mail.c asks the access server,
 * web_send.c submits, web_page.c writes the pages.
 */
#ifndef AGENTS_ROLES_WEB_PART_H
#define AGENTS_ROLES_WEB_PART_H

#include "agents/proto/http_server.h"
#include "agents/proto/imap_client.h"
#include "agents/roles/transfer.h"
#include "agents/roles/web.h"

/* Somebody who has logged in: what their browser shows by its cookie. */
struct web_login {
    char key[OFFICE_NONCE];
    struct slice user, password; /* in the office's arena */
};

/* What is asked of the access server for a page. */
enum web_task {
    WEB_TASK_LOGIN, /* may this person come in? */
    WEB_TASK_LIST,
    WEB_TASK_READ,
    WEB_TASK_DELETE
};

/* One connection of a browser, and what is done for the request on it. */
struct web_visit {
    struct web *web;
    struct http_server server;
    struct pump *pump; /* NULL: the browser has gone */
    uint32_t conn;
    struct arena arena; /* the request's */
    struct slice user, password;
    enum web_task task;
    uint32_t uid;
    struct bytes page; /* what is being written */
    size_t row_count;
    uint32_t imap_msg; /* the message whose octets came last from the access server */
    uint32_t msg;      /* the message that the page shows */
    bool is_found;     /* READ: it was there */
    bool is_asking;    /* the access server or the submission server */
    /* at the access server */
    struct imap_client imap;
    struct pump *imap_pump;
    char nonce[OFFICE_NONCE];
    int step;
    bool has_failed;
    struct slice failure; /* what it said; in the arena */
    /* at the submission server */
    struct slice rcpts[32];
    size_t rcpt_count, refused_count;
    struct bytes content;
    struct web_visit *next, *next_free;
};

struct web {
    struct office *office;
    uint32_t agent;
    const struct config *config;
    VECTOR(struct web_login) logins;
    struct transfer_pool *transfers;
    struct web_visit *all, *free;
};

uint32_t web_text(const struct web *web, struct slice s);

/* Begins `visit->task`; web_mail_done, or web_answer_problem, is called when it is over. */
void web_mail_ask(struct web_visit *visit);
void web_mail_done(struct web_visit *visit);
/* Submits what a form says: to, subject, body. web_sent is called when it is over. */
void web_send(struct web_visit *visit, struct slice form);
void web_sent(struct web_visit *visit);
/* An error page. */
void web_answer_problem(struct web_visit *visit, int code, struct slice what);

/* ---- pages: appended to visit->page ---- */

void web_page_begin(struct web_visit *visit, struct slice title);
void web_page_end(struct web_visit *visit);
void web_page_login(struct web_visit *visit, struct slice complaint);
void web_page_row(struct web_visit *visit, uint32_t uid, bool is_seen, struct slice header);
void web_page_message(struct web_visit *visit, uint32_t uid, struct slice content);
void web_page_compose(struct web_visit *visit);
void web_page_say(struct web_visit *visit, struct slice what);

#endif
