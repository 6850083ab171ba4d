/*
 * What both ends of HTTP/1.1 share (RFC 9110, 9112): reading a message off a session, words for
 * status codes, and the forms that browsers send (application/x-www-form-urlencoded).
 *
 * A message is read in one piece: start line, header section, content by its length or in chunks.
 * Whatever could be read in two ways is refused (RFC 9112 6.3, 11.2): a length and chunks together,
 * two lengths, a blank before a colon, a folded field, a line that ends with a bare LF.
 */
#ifndef AGENTS_PROTO_HTTP_H
#define AGENTS_PROTO_HTTP_H

#include "agents/proto/session.h"

enum { HTTP_LINE_MAX = 8000, HTTP_HEADER_MAX = 64 * 1024, HTTP_BODY_MAX = 16 * 1024 * 1024 };

/* "Not Found"; "" for a code that RFC 9110 15 does not have. */
const char *http_reason(int code);

enum http_state {
    HTTP_STATE_START,
    HTTP_STATE_HEADER,
    HTTP_STATE_LENGTH,     /* content of a known length */
    HTTP_STATE_CHUNK_SIZE, /* RFC 9112 7.1 */
    HTTP_STATE_CHUNK,
    HTTP_STATE_CHUNK_END,
    HTTP_STATE_TRAILER,
    HTTP_STATE_UNTIL_CLOSE, /* a response without length */
    HTTP_STATE_WHOLE
};

/* A message that is being read. */
struct http_reader {
    enum http_state state;
    bool is_response, has_no_body; /* of a response: to HEAD, or with 204 or 304 */
    struct bytes start, header, body;
    uint64_t left; /* octets of the content, or of the chunk */
    bool is_http10, expects_continue, closes;
};

/* `*r` is zeroed, or was used before. */
void http_reader_restart(struct http_reader *r, bool is_response);
void http_reader_finish(struct http_reader *r);

enum { HTTP_MORE = 0, HTTP_DONE = 1 };
/* Takes what has come; HTTP_MORE, HTTP_DONE with the whole message in start, header and body, or
   the status code of what is wrong with it. */
int http_reader_take(struct http_reader *r, struct session *s);

/* The value of a field, blanks around it taken off; "" when there is none. Borrowed. */
struct slice http_field(struct slice header, const char *name);

/* ---- forms ---- */

/* The value of a name in "a=1&b=two+words", decoded and appended. False when there is none, or out
   is full. */
bool http_form_find(struct slice form, const char *name, struct bytes *out);
/* Appends "&name=value", encoded, without the & at the front. False when out is full. */
bool http_form_put(struct bytes *out, const char *name, struct slice value);
/* Appends a text with what HTML takes for markup written as references. */
bool http_put_text(struct bytes *out, struct slice text);

#endif
