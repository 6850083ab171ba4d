/* HTTP/1.1 as RFC 9112 has it: framing, what is refused, client against server. */
#include <criterion/criterion.h>

#include "agents/proto/http_client.h"
#include "agents/proto/http_server.h"
#include "sim/base/vtime.h"

/* ---- the server's side ---- */

static void start(struct http_server *s)
{
    *s = (struct http_server){0};
    http_server_restart(s, SLICE("test"));
}

/* Feeds it in pieces, and gives the first event; false when there is none. */
static bool feed(struct http_server *s, struct slice text, size_t piece,
                 struct http_server_event *e)
{
    for (size_t at = 0; at < text.size; at += piece) {
        cr_assert(session_feed(&s->base, slice_part(text, at, at + piece)));
        if (http_server_next(s, e))
            return true;
    }
    return http_server_next(s, e);
}

Test(http, a_request_is_read_however_it_is_cut)
{
    static const char text[] = "\r\nPOST /send?x=1 HTTP/1.1\r\nHost: web.example.net\r\n"
                               "Content-Length: 5\r\n\r\nhello";
    for (size_t piece = 1; piece < sizeof text; piece++) {
        struct http_server s;
        struct http_server_event e;
        start(&s);
        cr_assert(feed(&s, SLICE(text), piece, &e), "cut by %zu", piece);
        cr_expect_eq(e.kind, HTTP_SERVER_REQUEST);
        cr_expect(slice_equal(e.method, SLICE("POST")));
        cr_expect(slice_equal(e.path, SLICE("/send")));
        cr_expect(slice_equal(e.query, SLICE("x=1")));
        cr_expect(slice_equal(http_field(e.header, "host"), SLICE("web.example.net")));
        cr_expect(slice_equal(e.body, SLICE("hello")), "cut by %zu: %.*s", piece,
                  SLICE_ARG(e.body));
        http_server_finish(&s);
    }
}

#define HEAD "GET / HTTP/1.1\r\nHost: h\r\n"

Test(http, what_can_be_read_in_two_ways_is_refused)
{
    static const struct {
        const char *clause, *text;
        int code; /* 0: it is a request */
        const char *body;
    } rows[] = {
        {"RFC 9112 3", "GET /\r\n\r\n", 400, ""},
        {"RFC 9112 3", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n", 400, ""},
        {"RFC 9112 2.3", "GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505, ""},
        {"RFC 9112 2.3", "GET / http/1.1\r\nHost: h\r\n\r\n", 400, ""},
        {"RFC 9112 3.2", "GET / HTTP/1.1\r\n\r\n", 400, ""},
        {"RFC 9112 3.2", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, ""},
        {"RFC 9112 3.2", "GET / HTTP/1.0\r\n\r\n", 0, ""},
        {"RFC 9112 5.1", HEAD "Content-Length : 3\r\n\r\nabc", 400, ""},
        {"RFC 9112 5.2", HEAD "X: a\r\n b\r\n\r\n", 400, ""},
        {"RFC 9112 2.2", HEAD "X: a\nY: b\r\n\r\n", 400, ""},
        {"RFC 9110 5.5", HEAD "X: a\rb\r\n\r\n", 400, ""},
        {"RFC 9112 6.3", HEAD "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400, ""},
        {"RFC 9112 6.3", HEAD "Content-Length: 3, 4\r\n\r\nabcd", 400, ""},
        {"RFC 9112 6.3", HEAD "Content-Length: -3\r\n\r\nabc", 400, ""},
        {"RFC 9112 6.3", HEAD "Content-Length: +3\r\n\r\nabc", 400, ""},
        {"RFC 9112 6.3", HEAD "Content-Length: 99999999999999999999\r\n\r\n", 400, ""},
        {"RFC 9110 15.5.14", HEAD "Content-Length: 999999999\r\n\r\n", 413, ""},
        {"RFC 9112 6.3", HEAD "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
         400, ""},
        {"RFC 9112 6.1", HEAD "Transfer-Encoding: gzip\r\n\r\n", 501, ""},
        {"RFC 9112 6.1", "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, ""},
        {"RFC 9112 7.1",
         HEAD "Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\n"
              "T: x\r\n\r\n",
         0, "abcde"},
        {"RFC 9112 7.1", HEAD "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400, ""},
        {"RFC 9112 7.1", HEAD "Transfer-Encoding: chunked\r\n\r\n3\r\nabcX\r\n", 400, ""},
        {"RFC 9112 7.1", HEAD "Transfer-Encoding: chunked\r\n\r\nfffffffff\r\n", 400, ""},
        {"RFC 9112 6.3", HEAD "\r\n", 0, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct http_server s;
        struct http_server_event e = {0};
        start(&s);
        cr_assert(feed(&s, slice_of(rows[i].text), 1, &e), "row %zu: %s", i, rows[i].clause);
        cr_expect_eq(e.kind, rows[i].code ? HTTP_SERVER_BAD : HTTP_SERVER_REQUEST, "row %zu", i);
        cr_expect_eq(e.code, rows[i].code, "row %zu, %s: %d", i, rows[i].clause, e.code);
        cr_expect(slice_equal(e.body, slice_of(rows[i].body)), "row %zu", i);
        cr_expect_eq(s.base.is_closing, rows[i].code != 0);
        http_server_finish(&s);
    }
}

Test(http, a_target_may_name_its_host)
{
    struct http_server s;
    struct http_server_event e;
    start(&s);
    cr_assert(feed(&s, SLICE("GET https://h/inbox?x=1 HTTP/1.1\r\nHost: h\r\n\r\n"), 5, &e));
    cr_expect(slice_equal(e.path, SLICE("/inbox")), "RFC 9112 3.2.2");
    cr_expect(slice_equal(e.query, SLICE("x=1")));
    http_server_finish(&s);
}

Test(http, a_pipelined_request_waits_for_the_answer_to_the_first)
{
    struct http_server s;
    struct http_server_event e;
    start(&s);
    cr_assert(feed(&s, SLICE(HEAD "\r\nGET /two HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
                   1000, &e));
    cr_expect(slice_equal(e.path, SLICE("/")));
    cr_expect_not(http_server_next(&s, &e));
    http_server_answer(&s, &(struct http_answer){.code = 200, .body = SLICE("one")}, 0);
    cr_expect_not(s.base.is_closing);
    cr_assert(http_server_next(&s, &e));
    cr_expect(slice_equal(e.path, SLICE("/two")));
    http_server_answer(&s, &(struct http_answer){.code = 404}, 0);
    cr_expect(s.base.is_closing);
    struct slice out = bytes_slice(&s.base.out);
    cr_expect(slice_starts(out, SLICE("HTTP/1.1 200 OK\r\n")));
    cr_expect_neq(slice_find(out, SLICE("Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"), 0), SLICE_NONE);
    cr_expect_neq(slice_find(out, SLICE("HTTP/1.1 404 Not Found\r\n"), 0), SLICE_NONE);
    http_server_finish(&s);
}

Test(http, the_answer_to_head_has_a_length_and_no_content)
{
    struct http_server s;
    struct http_server_event e;
    start(&s);
    cr_assert(feed(&s, SLICE("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n"), 3, &e));
    http_server_answer(&s, &(struct http_answer){.code = 200, .body = SLICE("one")}, 0);
    cr_expect(slice_ends(bytes_slice(&s.base.out), SLICE("Content-Length: 3\r\n\r\n")));
    http_server_finish(&s);
}

Test(http, who_asks_to_be_told_to_continue_is_told_once)
{
    struct http_server s;
    struct http_server_event e;
    start(&s);
    cr_expect_not(feed(&s,
                       SLICE("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
                             "Content-Length: 2\r\n\r\n"),
                       1, &e));
    cr_expect(slice_equal(bytes_slice(&s.base.out), SLICE("HTTP/1.1 100 Continue\r\n\r\n")));
    cr_expect(feed(&s, SLICE("ok"), 1, &e));
    cr_expect(slice_equal(bytes_slice(&s.base.out), SLICE("HTTP/1.1 100 Continue\r\n\r\n")));
    http_server_finish(&s);
}

/* ---- the client's side ---- */

static void expect_response(const char *text, bool is_eof, int code, const char *body)
{
    for (size_t piece = 1; piece < 8; piece++) {
        struct http_client c = {0};
        struct http_client_event e = {0};
        struct slice rest = slice_of(text);
        bool has_event = false;
        http_client_restart(&c);
        cr_assert(http_client_ask(&c, &(struct http_question){.method = SLICE("GET"),
                                                              .target = SLICE("/"),
                                                              .host = SLICE("h")}));
        for (size_t at = 0; at < rest.size && !has_event; at += piece) {
            cr_assert(session_feed(&c.base, slice_part(rest, at, at + piece)));
            has_event = http_client_next(&c, &e);
        }
        c.base.is_eof = is_eof;
        has_event = has_event || http_client_next(&c, &e);
        cr_assert(has_event, "%s", text);
        cr_expect_eq(e.kind, code ? HTTP_CLIENT_RESPONSE : HTTP_CLIENT_FAILED, "%s", text);
        cr_expect_eq(e.code, code, "%s", text);
        cr_expect(code == 0 || slice_equal(e.body, slice_of(body)), "%s: %.*s", text,
                  SLICE_ARG(e.body));
        http_client_finish(&c);
    }
}

Test(http, a_response_ends_where_its_framing_says)
{
    expect_response("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef", false, 200, "abc");
    expect_response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
                    false, 200, "abc");
    expect_response("HTTP/1.1 200 OK\r\n\r\nall of it", true, 200, "all of it");
    expect_response("HTTP/1.1 204 No Content\r\n\r\n", false, 204, "");
    expect_response("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n",
                    false, 404, "");
    expect_response("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut", true, 0, "");
    expect_response("220 mx1.example.org ESMTP\r\n", false, 0, "");
    expect_response("", true, 0, "");
}

/* ---- forms and markup ---- */

Test(http, a_form_says_what_was_put_into_it)
{
    struct bytes form, value;
    bytes_init(&form, 4096);
    bytes_init(&value, 4096);
    char all[256];
    for (int i = 0; i < 256; i++)
        all[i] = (char)i;
    cr_assert(http_form_put(&form, "to", SLICE("bob@example.org")));
    cr_assert(http_form_put(&form, "body", (struct slice){all, 256}));
    cr_expect(http_form_find(bytes_slice(&form), "body", &value));
    cr_expect(slice_equal(bytes_slice(&value), (struct slice){all, 256}));
    cr_expect_not(http_form_find(bytes_slice(&form), "od", &value));
    cr_expect_not(http_form_find(SLICE("a%3Db"), "a", &value));
    bytes_finish(&form);
    bytes_finish(&value);
}

Test(http, text_never_becomes_markup)
{
    struct bytes out;
    bytes_init(&out, 4096);
    cr_assert(http_put_text(&out, SLICE("<script>alert('&\"')</script>")));
    cr_expect(slice_equal(bytes_slice(&out),
                          SLICE("&lt;script&gt;alert(&#39;&amp;&quot;&#39;)&lt;/script&gt;")));
    bytes_finish(&out);
}
