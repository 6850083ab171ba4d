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

static void expect_sent(struct smtp_script *r, struct slice line, const char *script)
{
    struct slice out = bytes_slice(&r->out);
    bool is_right = out.size >= line.size + 2 && slice_starts(out, line) &&
                    slice_equal(slice_part(out, line.size, line.size + 2), SLICE("\r\n"));
    cr_assert(is_right, "wanted [%.*s], sent [%.*s] in\n%s", SLICE_ARG(line), SLICE_ARG(out),
              script);
    bytes_consume(&r->out, line.size + 2);
}

void smtp_script_play(struct smtp_script *r, const char *script, bool octet_by_octet)
{
    struct slice rest = slice_of(script), line;
    struct bytes server;
    bytes_init(&server, SIZE_MAX / 2);
    while (slice_cut(&rest, '\n', &line)) {
        struct slice text = slice_part(line, 2, line.size);
        if (slice_equal(line, SLICE("EOF"))) {
            r->c.base.is_eof = true;
            smtp_sender_serve(&r->sender, &r->c);
            support_drain(&r->c.base, &r->out);
        } else if (slice_starts(line, SLICE("C:"))) {
            expect_sent(r, text, script);
        } else {
            bytes_append(&server, text);
            bytes_append(&server, line.data[0] == 'S' ? SLICE("\r\n") : SLICE(""));
        }
        /* lines of the server in a row come at once */
        bool has_more = slice_starts(rest, SLICE("S:")) || slice_starts(rest, SLICE("R:"));
        if (!has_more) {
            smtp_script_feed(r, bytes_slice(&server), octet_by_octet);
            bytes_clear(&server);
        }
    }
    bytes_finish(&server);
    cr_expect_eq(bytes_size(&r->out), 0, "sent as well: [%.*s] in\n%s",
                 SLICE_ARG(bytes_slice(&r->out)), script);
}
