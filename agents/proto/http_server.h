/*
 * The server side of HTTP/1.1 (RFC 9112): one request after the other, each answered before the
 * next is told of; pipelined ones wait. Sans-IO, see session.h.
 *
 *     while (http_server_next(&s, &e))
 *         if (e.kind == HTTP_SERVER_REQUEST) ... now or later: http_server_answer(&s, &answer)
 */
#ifndef AGENTS_PROTO_HTTP_SERVER_H
#define AGENTS_PROTO_HTTP_SERVER_H

#include "agents/proto/http.h"

enum http_server_event_kind {
    HTTP_SERVER_REQUEST, /* wants an answer */
    HTTP_SERVER_BAD,     /* was answered with e.code; nothing more is read */
    HTTP_SERVER_ENDED    /* the browser has gone */
};

struct http_server_event {
    enum http_server_event_kind kind;
    struct slice method, path, query; /* "GET", "/message", "uid=3" */
    struct slice header, body;
    int code;
};
/* Slices are borrowed until the answer. */

struct http_answer {
    int code;
    struct slice type;   /* of the body: "text/html; charset=utf-8" */
    struct slice fields; /* further header fields, each with CRLF */
    struct slice body;
};

struct http_server {
    struct session base;
    struct slice name; /* of the Server field; borrowed */
    struct http_reader reader;
    bool waits, is_head, is_over;
};

void http_server_restart(struct http_server *s, struct slice name);
void http_server_finish(struct http_server *s);
bool http_server_next(struct http_server *s, struct http_server_event *e);
/* The answer to the last REQUEST. `unix_s` is the clock for the Date field (RFC 9110 6.6.1). */
void http_server_answer(struct http_server *s, const struct http_answer *answer, int64_t unix_s);

#endif
