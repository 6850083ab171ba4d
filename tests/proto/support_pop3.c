#include "support_pop3.h"

#include <criterion/criterion.h>
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

void support_pop3_options(struct pop3_server_options *o)
{
    *o = (struct pop3_server_options){.hostname = SLICE("pop.example.org"),
                                      .nonce = SLICE("1896.697170952"),
                                      .has_pass = true,
                                      .expire_days = POP3_EXPIRE_UNSAID};
}

void support_pop3_start(struct support_pop3 *p, const struct pop3_server_options *options)
{
    *p = (struct support_pop3){0};
    bytes_init(&p->log, 1 << 20);
    pop3_server_init(&p->server, options);
    pop3_server_greet(&p->server, SLICE("ready"));
    support_pop3_run(p);
}

void support_pop3_init(struct support_pop3 *p)
{
    struct pop3_server_options options;
    support_pop3_options(&options);
    support_pop3_start(p, &options);
}

void support_pop3_finish(struct support_pop3 *p)
{
    pop3_server_finish(&p->server);
    bytes_finish(&p->log);
}

/* Whose maildrop opens has no text. */
static const struct {
    const char *user, *password, *refusal;
} accounts[] = {
    {"bob", "pass word", NULL},
    {"tim", "tanstaaf", NULL},
    {"carol", "secret", "[IN-USE] another session has this maildrop"},
    {"dave", "secret", "[LOGIN-DELAY] come back later"},
    {"erin", "secret", "[SYS/TEMP] the disk is busy"},
    {"frank", "secret", "[SYS/PERM] the maildrop is broken"},
};

static void tell_password(struct support_pop3 *p, const struct pop3_server_event *e)
{
    bytes_printf(&p->log, "PASSWORD %.*s\n", SLICE_ARG(e->user));
    for (size_t i = 0; i < sizeof accounts / sizeof accounts[0]; i++) {
        struct slice password = slice_of(accounts[i].password);
        if (!slice_equal(e->user, slice_of(accounts[i].user)))
            continue;
        pop3_server_password(&p->server, &password);
        return;
    }
    pop3_server_password(&p->server, NULL);
}

static void login(struct support_pop3 *p, const struct pop3_server_event *e)
{
    struct pop3_server_message messages[SUPPORT_POP3_COUNT] = {0};
    bytes_printf(&p->log, "LOGIN %.*s\n", SLICE_ARG(e->user));
    for (size_t i = 0; i < sizeof accounts / sizeof accounts[0]; i++) {
        if (!slice_equal(e->user, slice_of(accounts[i].user)) || !accounts[i].refusal)
            continue;
        pop3_server_refuse(&p->server, slice_of(accounts[i].refusal));
        return;
    }
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
        case POP3_SERVER_PASSWORD:
            tell_password(p, &e);
            break;
        case POP3_SERVER_AUTH:
            bytes_printf(&p->log, "AUTH %.*s %s %s\n", SLICE_ARG(e.user), e.mechanism,
                         e.ok ? "ok" : "failed");
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

void support_pop3_tls(struct support_pop3 *p)
{
    p->server.base.tls = SESSION_TLS_ON;
    support_pop3_run(p);
}

void support_pop3_eof(struct support_pop3 *p)
{
    p->server.base.is_eof = true;
    support_pop3_run(p);
}

const char *const support_pop3_samples[POP3_VERB_COUNT] = {
    [POP3_VERB_USER] = "USER bob\r\n",
    [POP3_VERB_PASS] = "PASS pass word\r\n",
    [POP3_VERB_APOP] = "APOP bob 8378c089fdf19694cb6fe3c55db75f3e\r\n",
    [POP3_VERB_AUTH] = "AUTH PLAIN AGJvYgBwYXNzIHdvcmQ=\r\n",
    [POP3_VERB_STLS] = "STLS\r\n",
    [POP3_VERB_STAT] = "STAT\r\n",
    [POP3_VERB_LIST] = "LIST\r\n",
    [POP3_VERB_UIDL] = "UIDL\r\n",
    [POP3_VERB_RETR] = "RETR 1\r\n",
    [POP3_VERB_TOP] = "TOP 1 1\r\n",
    [POP3_VERB_DELE] = "DELE 1\r\n",
    [POP3_VERB_RSET] = "RSET\r\n",
    [POP3_VERB_NOOP] = "NOOP\r\n",
    [POP3_VERB_QUIT] = "QUIT\r\n",
    [POP3_VERB_CAPA] = "CAPA\r\n",
    [POP3_VERB_UNKNOWN] = "XTND XMIT\r\n",
};

void support_pop3_start_everything(struct support_pop3 *p)
{
    struct pop3_server_options options;
    support_pop3_options(&options);
    options.has_apop = options.is_tls_available = true;
    options.mechanisms = SASL_ALL;
    support_pop3_start(p, &options);
}

void support_pop3_bring_to(struct support_pop3 *p, enum pop3_state state, enum pop3_verb verb)
{
    support_pop3_start_everything(p);
    if (state == POP3_STATE_TRANSACTION)
        support_pop3_feed(p, SLICE("USER bob\r\nPASS pass word\r\n"));
    if (state == POP3_STATE_AUTHORIZATION && verb == POP3_VERB_PASS)
        support_pop3_feed(p, SLICE("USER bob\r\n"));
    if (state == POP3_STATE_EXCHANGE)
        support_pop3_feed(p, SLICE("AUTH PLAIN\r\n"));
    if (state == POP3_STATE_STARTTLS)
        support_pop3_feed(p, SLICE("STLS\r\n"));
    cr_assert_eq(p->server.state, state);
    session_sent(&p->server.base, bytes_size(&p->server.base.out));
}
