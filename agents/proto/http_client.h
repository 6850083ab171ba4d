/*
 * The client side of HTTP/1.1 (RFC 9112): asks one thing at a time over a connection that stays
 * open. Sans-IO, see session.h.
 */
#ifndef AGENTS_PROTO_HTTP_CLIENT_H
#define AGENTS_PROTO_HTTP_CLIENT_H

#include "agents/proto/http.h"

struct http_question {
    struct slice method, target, host;
    struct slice cookie; /* "" none */
    struct slice form;   /* of a POST; "" none */
};

enum http_client_event_kind {
    HTTP_CLIENT_RESPONSE,
    HTTP_CLIENT_FAILED /* the server spoke nonsense, or went away before it had answered */
};

struct http_client_event {
    enum http_client_event_kind kind;
    int code;
    struct slice reason, header, body;
};
/* Slices are borrowed until the next question. */

struct http_client {
    struct session base;
    struct http_reader reader;
    bool waits, is_over;
};

void http_client_restart(struct http_client *c);
void http_client_finish(struct http_client *c);
/* Only when no answer is awaited. False when the connection is over, or it is too large. */
bool http_client_ask(struct http_client *c, const struct http_question *q);
bool http_client_next(struct http_client *c, struct http_client_event *e);

#endif
