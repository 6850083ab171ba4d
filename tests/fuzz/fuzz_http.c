/*
 * A web server and a browser that meet anything. The first octet says into how large pieces that is
 * cut: what they understand must not depend on it.
 */
#include "agents/proto/http_client.h"
#include "agents/proto/http_server.h"
#include "sim/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void serve(struct slice input, size_t piece, struct bytes *said)
{
    struct http_server s = {0};
    struct http_server_event e;
    http_server_restart(&s, SLICE("fuzz"));
    for (size_t at = 0; at < input.size; at += piece) {
        check(session_feed(&s.base, slice_part(input, at, at + piece)));
        while (http_server_next(&s, &e)) {
            struct bytes value;
            bytes_init(&value, 4096);
            if (e.kind == HTTP_SERVER_REQUEST) {
                (void)http_form_find(e.body, "to", &value);
                http_server_answer(&s, &(struct http_answer){.code = 200, .body = e.body}, 0);
            }
            bytes_finish(&value);
        }
    }
    (void)bytes_append(said, bytes_slice(&s.base.out));
    http_server_finish(&s);
}

static void browse(struct slice input, size_t piece, struct bytes *said)
{
    struct http_client c = {0};
    struct http_client_event e;
    bool is_over = false;
    http_client_restart(&c);
    (void)http_client_ask(
        &c, &(struct http_question){SLICE("GET"), SLICE("/"), SLICE("h"), {"", 0}, {"", 0}});
    for (size_t at = 0; at < input.size && !is_over; at += piece) {
        check(session_feed(&c.base, slice_part(input, at, at + piece)));
        is_over = http_client_next(&c, &e);
    }
    c.base.is_eof = true;
    if (is_over || http_client_next(&c, &e))
        (void)bytes_printf(said, "%d %d %zu", (int)e.kind, e.code, e.body.size);
    http_client_finish(&c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice input = {(const char *)data, size};
    struct bytes whole, cut;
    if (size < 2)
        return 0;
    size_t piece = 1 + data[0] % 40u;
    input = slice_part(input, 1, size);
    bytes_init(&whole, SIZE_MAX);
    bytes_init(&cut, SIZE_MAX);
    serve(input, input.size, &whole);
    serve(input, piece, &cut);
    check(slice_equal(bytes_slice(&whole), bytes_slice(&cut)));
    bytes_clear(&whole);
    bytes_clear(&cut);
    browse(input, input.size, &whole);
    browse(input, piece, &cut);
    check(slice_equal(bytes_slice(&whole), bytes_slice(&cut)));
    bytes_finish(&whole);
    bytes_finish(&cut);
    return 0;
}
