#include "agents/proto/http_client.h"

#include "sim/base/check.h"

enum { IN_MAX = HTTP_BODY_MAX + HTTP_HEADER_MAX, OUT_MAX = HTTP_BODY_MAX + HTTP_HEADER_MAX };

void http_client_restart(struct http_client *c)
{
    session_restart(&c->base, IN_MAX, OUT_MAX);
    http_reader_restart(&c->reader, true);
    c->waits = c->is_over = false;
}

void http_client_finish(struct http_client *c)
{
    session_finish(&c->base);
    http_reader_finish(&c->reader);
}

bool http_client_ask(struct http_client *c, const struct http_question *q)
{
    struct bytes *out = &c->base.out;
    bool is_post = slice_equal(q->method, SLICE("POST"));
    check(!c->waits);
    if (c->is_over || q->form.size + q->target.size + HTTP_LINE_MAX > OUT_MAX)
        return false;
    http_reader_restart(&c->reader, true);
    c->reader.has_no_body = slice_equal(q->method, SLICE("HEAD"));
    check(bytes_printf(out, "%.*s %.*s HTTP/1.1\r\nHost: %.*s\r\nUser-Agent: mailflow\r\n",
                       SLICE_ARG(q->method), SLICE_ARG(q->target), SLICE_ARG(q->host)));
    if (q->cookie.size > 0)
        check(bytes_printf(out, "Cookie: %.*s\r\n", SLICE_ARG(q->cookie)));
    if (is_post)
        check(bytes_printf(out,
                           "Content-Type: application/x-www-form-urlencoded\r\n"
                           "Content-Length: %zu\r\n",
                           q->form.size));
    check(bytes_append(out, SLICE("\r\n")));
    session_cut(&c->base);
    if (is_post)
        check(bytes_append(out, q->form));
    c->waits = true;
    return true;
}

static void tell(struct http_client *c, struct http_client_event *e)
{
    struct slice line = bytes_slice(&c->reader.start);
    uint64_t code = 0;
    (void)slice_to_u64(slice_part(line, 9, 12), &code);
    *e =
        (struct http_client_event){HTTP_CLIENT_RESPONSE, (int)code, slice_part(line, 13, line.size),
                                   bytes_slice(&c->reader.header), bytes_slice(&c->reader.body)};
    c->waits = false;
    if (c->reader.closes || c->base.is_eof)
        c->base.is_closing = c->is_over = true;
}

static bool is_interim(const struct http_client *c)
{
    return bytes_slice(&c->reader.start).data[9] == '1';
}

bool http_client_next(struct http_client *c, struct http_client_event *e)
{
    while (!c->is_over) {
        int outcome = c->waits || bytes_size(&c->base.in) > 0
                          ? http_reader_take(&c->reader, &c->base)
                          : HTTP_MORE;
        if (outcome == HTTP_DONE && c->waits) {
            if (is_interim(c)) { /* RFC 9110 15.2: what counts is still to come */
                http_reader_restart(&c->reader, true);
                continue;
            }
            tell(c, e);
            return true;
        }
        if (outcome == HTTP_MORE && !c->base.is_eof)
            return false;
        c->base.is_closing = c->is_over = true;
        *e = (struct http_client_event){.kind = HTTP_CLIENT_FAILED,
                                        .reason = SLICE("the web server does not make sense")};
        if (outcome == HTTP_MORE)
            e->reason = SLICE("the web server has closed the connection");
        return true;
    }
    return false;
}
