#include "support_pop3_reader.h"

#include <criterion/criterion.h>

void support_reader_options(struct pop3_client_options *o)
{
    *o = (struct pop3_client_options){.user = SLICE("bob"),
                                      .password = SLICE("pass word"),
                                      .mechanism = SASL_MECHANISM_COUNT,
                                      .nonce = SLICE("rOprNGfwEbeRWgbNEkqO")};
}

void support_reader_start(struct support_reader *r, const struct pop3_client_options *options)
{
    *r = (struct support_reader){.wants = true, .removes = true};
    pop3_client_init(&r->client, options);
    bytes_init(&r->log, 1 << 20);
}

void support_reader_init(struct support_reader *r)
{
    struct pop3_client_options options;
    support_reader_options(&options);
    support_reader_start(r, &options);
}

void support_reader_finish(struct support_reader *r)
{
    pop3_client_finish(&r->client);
    bytes_finish(&r->log);
}

static void listed(struct support_reader *r)
{
    bytes_append(&r->log, SLICE("listed"));
    for (size_t i = 0; i < r->client.messages.count; i++) {
        struct pop3_client_message *m = &r->client.messages.items[i];
        bytes_printf(&r->log, " %u/%llu/%s", (unsigned)m->number, (unsigned long long)m->size,
                     m->uid);
        m->wanted = r->wants;
        m->remove = r->removes;
        m->is_top = r->wants_tops;
    }
    bytes_append_octet(&r->log, '\n');
    pop3_client_go(&r->client);
}

static void done(struct support_reader *r)
{
    bytes_append(&r->log, SLICE("done"));
    for (size_t i = 0; i < r->client.messages.count; i++)
        if (r->client.messages.items[i].remove)
            bytes_printf(&r->log, " %u", (unsigned)r->client.messages.items[i].number);
    bytes_append_octet(&r->log, '\n');
    r->is_done = true;
}

void support_reader_run(struct support_reader *r)
{
    struct pop3_client_event e;
    while (pop3_client_next(&r->client, &e)) {
        cr_assert(!r->is_done && !r->is_failed, "an event behind the last");
        switch (e.kind) {
        case POP3_CLIENT_REPLY:
            bytes_printf(&r->log, "%s %s %.*s\n", e.verb, e.ok ? "ok" : "err", SLICE_ARG(e.text));
            break;
        case POP3_CLIENT_LISTED:
            listed(r);
            break;
        case POP3_CLIENT_MESSAGE:
            bytes_printf(&r->log, "message %zu [%.*s]\n", e.message, SLICE_ARG(e.content));
            break;
        case POP3_CLIENT_DONE:
            done(r);
            break;
        case POP3_CLIENT_FAILED:
            bytes_printf(&r->log, "failed%s %.*s\n", e.is_lost ? " lost" : "", SLICE_ARG(e.text));
            r->is_failed = true;
            break;
        }
    }
    cr_assert_eq(r->client.base.is_closing, r->is_done || r->is_failed);
}
