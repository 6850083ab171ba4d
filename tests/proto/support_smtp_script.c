#include "support_smtp_script.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "support_smtp.h"

void smtp_script_start(struct smtp_script *r, const struct smtp_client_options *options,
                       const struct smtp_client_transaction *transactions, size_t count)
{
    smtp_client_init(&r->c, options);
    smtp_sender_init(&r->sender, transactions, count);
    bytes_init(&r->out, SIZE_MAX / 2);
    smtp_sender_serve(&r->sender, &r->c);
}

void smtp_script_finish(struct smtp_script *r)
{
    cr_expect_eq(r->sender.disorder, 0);
    smtp_client_finish(&r->c);
    smtp_sender_finish(&r->sender);
    bytes_finish(&r->out);
}

void smtp_script_feed(struct smtp_script *r, struct slice text, bool octet_by_octet)
{
    size_t step = octet_by_octet ? 1 : text.size + 1;
    for (size_t at = 0; at < text.size; at += step) {
        cr_assert(session_feed(&r->c.base, slice_part(text, at, at + step)));
        smtp_sender_serve(&r->sender, &r->c);
        support_drain(&r->c.base, &r->out);
    }
}

static void expect_sent(struct smtp_script *r, struct slice line, struct slice end,
                        const char *script)
{
    struct slice out = bytes_slice(&r->out);
    bool is_right = out.size >= line.size + end.size && slice_starts(out, line) &&
                    slice_equal(slice_part(out, line.size, line.size + end.size), end);
    cr_assert(is_right, "wanted [%.*s], sent [%.*s] in\n%s", SLICE_ARG(line), SLICE_ARG(out),
              script);
    bytes_consume(&r->out, line.size + end.size);
}

static void serve(struct smtp_script *r)
{
    smtp_sender_serve(&r->sender, &r->c);
    support_drain(&r->c.base, &r->out);
}

/* Clear text goes out before TLS begins, and what comes in clear behind that is none. */
static void start_tls(struct smtp_script *r, const char *script)
{
    cr_assert(r->c.base.tls == SESSION_TLS_WANTED || r->c.base.tls == SESSION_TLS_FIRST, "%s",
              script);
    cr_assert_eq(bytes_size(&r->c.base.in), 0, "%s", script);
    r->c.base.tls = SESSION_TLS_ON;
    serve(r);
}

/* A line that is none of the server's. */
static void play_line(struct smtp_script *r, struct slice line, const char *script)
{
    struct slice text = slice_part(line, 2, line.size);
    if (slice_equal(line, SLICE("EOF"))) {
        r->c.base.is_eof = true;
        serve(r);
    } else if (slice_equal(line, SLICE("TLS"))) {
        start_tls(r, script);
    } else {
        expect_sent(r, text, line.data[0] == 'T' ? SLICE("") : SLICE("\r\n"), script);
    }
}

static bool is_server_line(struct slice line)
{
    return slice_starts(line, SLICE("S:")) || slice_starts(line, SLICE("R:"));
}

static void add_server_line(struct bytes *server, struct slice line)
{
    bytes_append(server, slice_part(line, 2, line.size));
    bytes_append(server, line.data[0] == 'S' ? SLICE("\r\n") : SLICE(""));
}

void smtp_script_play(struct smtp_script *r, const char *script, bool octet_by_octet)
{
    struct slice rest = slice_of(script), line;
    struct bytes server;
    bytes_init(&server, SIZE_MAX / 2);
    while (slice_cut(&rest, '\n', &line)) {
        if (is_server_line(line))
            add_server_line(&server, line);
        else
            play_line(r, line, script);
        if (!is_server_line(rest)) { /* lines of the server in a row come at once */
            smtp_script_feed(r, bytes_slice(&server), octet_by_octet);
            bytes_clear(&server);
        }
    }
    bytes_finish(&server);
    cr_expect_eq(bytes_size(&r->out), 0, "sent as well: [%.*s] in\n%s",
                 SLICE_ARG(bytes_slice(&r->out)), script);
}

void smtp_script_expect_log(struct smtp_script *r, const char *wanted, const char *script)
{
    struct slice got = bytes_slice(&r->sender.log);
    cr_expect(slice_equal(got, slice_of(wanted)), "--- got\n%.*s--- wanted\n%s--- in\n%s",
              SLICE_ARG(got), wanted, script);
}

/* The server's octets up to `cut`, whatever the client says. False when there were no more. */
static bool play_up_to(struct smtp_script *r, const char *script, size_t cut)
{
    struct slice rest = slice_of(script), line;
    struct bytes server;
    size_t left = cut;
    bytes_init(&server, SIZE_MAX / 2);
    while (left > 0 && slice_cut(&rest, '\n', &line)) {
        bytes_clear(&server);
        if (is_server_line(line))
            add_server_line(&server, line);
        else if (slice_equal(line, SLICE("TLS")))
            start_tls(r, script);
        struct slice part = slice_part(bytes_slice(&server), 0, left);
        if (!r->c.base.is_closing)
            smtp_script_feed(r, part, false);
        left -= part.size;
    }
    bytes_finish(&server);
    r->c.base.is_eof = true;
    serve(r);
    return left == 0;
}

void smtp_script_test(const struct smtp_client_options *options,
                      const struct smtp_client_transaction *t, const char *script, const char *log)
{
    struct smtp_script r;
    unsigned taken = 0;
    for (int way = 0; way < 2; way++) {
        smtp_script_start(&r, options, t, t ? 1 : 0);
        smtp_script_play(&r, script, way == 1);
        smtp_script_expect_log(&r, log, script);
        cr_expect_eq(r.sender.ends, 1, "%s", script);
        cr_expect(r.c.base.is_closing, "%s", script);
        taken = r.sender.taken + r.sender.taken_each;
        smtp_script_finish(&r);
    }
    bool has_more = true;
    for (size_t cut = 0; has_more; cut++) {
        smtp_script_start(&r, options, t, t ? 1 : 0);
        has_more = play_up_to(&r, script, cut);
        cr_expect_eq(r.sender.ends, 1, "cut after %zu in\n%s", cut, script);
        cr_expect(r.c.base.is_closing, "cut after %zu in\n%s", cut, script);
        cr_expect_leq(r.sender.taken + r.sender.taken_each, taken, "cut after %zu in\n%s", cut,
                      script);
        smtp_script_finish(&r);
    }
}
