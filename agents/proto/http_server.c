#include "agents/proto/http_server.h"

#include <inttypes.h>

#include "sim/base/check.h"
#include "sim/base/vtime.h"

enum { IN_MAX = HTTP_BODY_MAX + HTTP_HEADER_MAX, OUT_MAX = 64 * 1024 * 1024 };

void http_server_restart(struct http_server *s, struct slice name)
{
    session_restart(&s->base, IN_MAX, OUT_MAX);
    http_reader_restart(&s->reader, false);
    s->name = name;
    s->waits = s->is_head = s->is_over = false;
}

void http_server_finish(struct http_server *s)
{
    session_finish(&s->base);
    http_reader_finish(&s->reader);
}

/* "Mon, 03 Mar 2025 09:00:00 GMT" (RFC 9110 5.6.7). */
static void put_date(struct http_server *s, int64_t unix_s)
{
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct vtime_calendar c = vtime_calendar(unix_s, 0);
    check(bytes_printf(&s->base.out, "Date: %.3s, %02d %.3s %04d %02d:%02d:%02d GMT\r\n",
                       days + 3 * c.weekday, c.day, months + 3 * (c.month - 1), (int)c.year, c.hour,
                       c.minute, c.second));
}

void http_server_answer(struct http_server *s, const struct http_answer *a, int64_t unix_s)
{
    struct bytes *out = &s->base.out;
    check(s->waits);
    check(bytes_printf(out, "HTTP/1.1 %d %s\r\nServer: %.*s\r\n", a->code, http_reason(a->code),
                       SLICE_ARG(s->name)));
    put_date(s, unix_s);
    check(bytes_append(out, a->fields));
    if (a->type.size > 0)
        check(bytes_printf(out, "Content-Type: %.*s\r\n", SLICE_ARG(a->type)));
    check(bytes_printf(out, "Content-Length: %zu\r\n%s\r\n", a->body.size,
                       s->reader.closes ? "Connection: close\r\n" : ""));
    if (!s->is_head) {
        session_cut(&s->base);
        check(bytes_append(out, a->body));
    }
    session_cut(&s->base);
    s->waits = false;
    s->base.is_closing = s->is_over = s->reader.closes;
    http_reader_restart(&s->reader, false);
}

/* RFC 9112 3.2.2: a server understands "http://host/inbox", too. */
static struct slice path_of(struct slice target)
{
    size_t scheme = slice_find(target, SLICE("://"), 0);
    if (scheme == SLICE_NONE || target.data[0] == '/')
        return target;
    size_t slash = slice_find_octet(target, '/', scheme + 3);
    return slash == SLICE_NONE ? SLICE("/") : slice_part(target, slash, target.size);
}

static void tell_request(struct http_server *s, struct http_server_event *e)
{
    struct slice rest = bytes_slice(&s->reader.start);
    *e = (struct http_server_event){.kind = HTTP_SERVER_REQUEST,
                                    .header = bytes_slice(&s->reader.header),
                                    .body = bytes_slice(&s->reader.body)};
    slice_cut(&rest, ' ', &e->method);
    slice_cut(&rest, ' ', &e->query);
    slice_cut(&e->query, '?', &e->path);
    e->path = path_of(e->path);
    s->is_head = slice_equal(e->method, SLICE("HEAD"));
    s->waits = true;
}

/* What can't be read can't be told apart from what follows either (RFC 9112 6.3). */
static void refuse(struct http_server *s, int code, struct http_server_event *e)
{
    check(bytes_printf(&s->base.out,
                       "HTTP/1.1 %d %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", code,
                       http_reason(code)));
    s->base.is_closing = s->is_over = true;
    *e = (struct http_server_event){.kind = HTTP_SERVER_BAD, .code = code};
}

bool http_server_next(struct http_server *s, struct http_server_event *e)
{
    if (s->waits || s->is_over)
        return false;
    bool expected = s->reader.expects_continue;
    int outcome = http_reader_take(&s->reader, &s->base);
    if (outcome == HTTP_DONE) {
        tell_request(s, e);
        return true;
    }
    if (outcome != HTTP_MORE) {
        refuse(s, outcome, e);
        return true;
    }
    if (s->reader.expects_continue && !expected) /* RFC 9110 10.1.1 */
        check(bytes_append(&s->base.out, SLICE("HTTP/1.1 100 Continue\r\n\r\n")));
    if (!s->base.is_eof)
        return false;
    s->base.is_closing = s->is_over = true;
    *e = (struct http_server_event){.kind = HTTP_SERVER_ENDED};
    return true;
}
