#include "support_pop3_script.h"

#include <criterion/criterion.h>
#include <string.h>

static bool log_sent(struct support_reader *r)
{
    struct slice out = bytes_slice(&r->client.base.out), line;
    bool has_sent = out.size > 0;
    while (slice_cut(&out, '\n', &line))
        bytes_printf(&r->log, ">%.*s\n", SLICE_ARG(slice_trim(line)));
    session_sent(&r->client.base, bytes_size(&r->client.base.out));
    return has_sent;
}

enum { WHOLE = -1, BY_OCTETS = -2 };

void support_script_feed(struct support_reader *r, struct slice bytes)
{
    cr_assert(session_feed(&r->client.base, bytes));
    support_reader_run(r);
}

/* One reply, whole, octet by octet, or cut in two. */
static void feed_split(struct support_reader *r, struct slice reply, int split)
{
    size_t at = split == WHOLE ? 0 : (size_t)split;
    if (slice_equal(reply, SLICE("TLS"))) {
        cr_assert_eq(r->client.base.tls, SESSION_TLS_WANTED);
        r->client.base.tls = SESSION_TLS_ON;
        support_reader_run(r);
        return;
    }
    if (split == BY_OCTETS) {
        for (size_t i = 0; i < reply.size; i++)
            support_script_feed(r, slice_part(reply, i, i + 1));
        return;
    }
    support_script_feed(r, slice_part(reply, 0, at));
    support_script_feed(r, slice_part(reply, at, reply.size));
}

static void converse(const struct support_script *script, int split)
{
    struct support_reader r;
    struct pop3_client_options options;
    const char *const *replies = script->replies;
    support_reader_options(&options);
    options.tls = script->options.tls;
    options.login = script->options.login;
    options.mechanism = script->options.mechanism;
    options.pipelines = script->options.pipelines;
    support_reader_start(&r, &options);
    r.removes = !script->keeps;
    r.wants_tops = script->tops;
    feed_split(&r, slice_of(*replies), split);
    for (replies++; (log_sent(&r) || (*replies && strcmp(*replies, "TLS") == 0)) && *replies;
         replies++)
        feed_split(&r, slice_of(*replies), split);
    r.client.base.is_eof = true;
    support_reader_run(&r);
    struct slice log = bytes_slice(&r.log);
    cr_assert(slice_equal(log, slice_of(script->expected)), "split %d:\n%.*s", split,
              SLICE_ARG(log));
    support_reader_finish(&r);
}

void support_script_play(const struct support_script *script)
{
    /* SCRAM takes time on purpose: not in each split */
    bool is_slow = script->options.login == POP3_CLIENT_LOGIN_SASL;
    for (int split = BY_OCTETS; split < 90; split += is_slow && split > 0 ? 9 : 1)
        converse(script, split);
}
