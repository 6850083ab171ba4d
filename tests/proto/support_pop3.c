#include "support_pop3.h"

#include <stdio.h>

static const struct {
    const char *header, *body, *uid;
} box[SUPPORT_POP3_COUNT] = {
    {"From: alice@example.com\r\nSubject: one\r\n\r\n",
     "First line\r\n.one dot\r\n..two dots\r\nlast line\r\n", "1740992400.M1P1Q1.store"},
    {"Subject: two\r\n\r\n", "", "two"},
    {"Subject: three\r\n\r\n", "a\r\n.\r\nb\r\n", "~!three"},
};

struct slice support_pop3_header(size_t message)
{
    return slice_of(box[message].header);
}

struct slice support_pop3_body(size_t message)
{
    return slice_of(box[message].body);
}

void support_pop3_init(struct support_pop3 *p)
{
    *p = (struct support_pop3){0};
    bytes_init(&p->log, 1 << 20);
    pop3_server_init(&p->server);
    pop3_server_greet(&p->server, SLICE("ready"));
    support_pop3_run(p);
}

void support_pop3_finish(struct support_pop3 *p)
{
    pop3_server_finish(&p->server);
    bytes_finish(&p->log);
}

static void login(struct support_pop3 *p, const struct pop3_server_event *e)
{
    bytes_printf(&p->log, "LOGIN %.*s %.*s\n", SLICE_ARG(e->user), SLICE_ARG(e->password));
    if (slice_equal(e->user, SLICE("carol"))) {
        pop3_server_refuse(&p->server, SLICE("[IN-USE] another session has this maildrop"));
        return;
    }
    if (!slice_equal(e->user, SLICE("bob")) || !slice_equal(e->password, SLICE("pass word"))) {
        pop3_server_refuse(&p->server, SLICE("wrong name or password"));
        return;
    }
    struct pop3_server_message messages[SUPPORT_POP3_COUNT] = {0};
    for (size_t i = 0; i < SUPPORT_POP3_COUNT; i++) {
        messages[i].size = support_pop3_header(i).size + support_pop3_body(i).size;
        snprintf(messages[i].uid, sizeof messages[i].uid, "%s", box[i].uid);
    }
    pop3_server_opened(&p->server, messages, SUPPORT_POP3_COUNT);
}

static void retrieve(struct support_pop3 *p, size_t i)
{
    bytes_printf(&p->log, "RETRIEVE %zu\n", i + 1);
    if (p->refuses_retrieve)
        pop3_server_refuse(&p->server, SLICE("cannot be read"));
    else
        pop3_server_content(&p->server, support_pop3_header(i), support_pop3_body(i));
}

static void update(struct support_pop3 *p)
{
    bytes_append(&p->log, SLICE("UPDATE"));
    for (size_t i = 0; i < p->server.messages.count; i++) {
        if (!p->server.messages.items[i].is_deleted)
            continue;
        bytes_printf(&p->log, " %zu", i + 1);
        p->is_removed[i] = !p->refuses_update;
    }
    bytes_append_octet(&p->log, '\n');
    pop3_server_updated(&p->server, !p->refuses_update);
}

void support_pop3_run(struct support_pop3 *p)
{
    struct pop3_server_event e;
    while (pop3_server_next(&p->server, &e)) {
        switch (e.kind) {
        case POP3_SERVER_COMMAND:
            p->commands++;
            break;
        case POP3_SERVER_REPLIED:
            p->replies++;
            p->last_ok = e.ok;
            break;
        case POP3_SERVER_LOGIN:
            login(p, &e);
            break;
        case POP3_SERVER_RETRIEVE:
            retrieve(p, e.message);
            break;
        case POP3_SERVER_UPDATE:
            update(p);
            break;
        case POP3_SERVER_ENDED:
            bytes_append(&p->log, SLICE("ENDED\n"));
            break;
        }
    }
    if (p->server.base.is_closing && !p->was_closing)
        bytes_append(&p->log, SLICE("CLOSED\n"));
    p->was_closing = p->server.base.is_closing;
}

void support_pop3_feed(struct support_pop3 *p, struct slice bytes)
{
    session_feed(&p->server.base, bytes);
    support_pop3_run(p);
}

void support_pop3_eof(struct support_pop3 *p)
{
    p->server.base.is_eof = true;
    support_pop3_run(p);
}
