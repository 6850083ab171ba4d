#include "support_imap.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "agents/mail/header.h"

void imap_role_init(struct imap_role *r)
{
    *r = (struct imap_role){.now_s = 1740992400, .zone_min = 60};
    r->options = (struct imap_server_options){.host = SLICE("mail.example.com"),
                                              .nonce = SLICE("fyko+d2lbbFgONRv9qkxdawL"),
                                              .mechanisms = SASL_ALL,
                                              .id = "mailflow 1.0"};
    account_init(&r->account, SLICE("alice@example.com"), 1000, 0, NULL);
    bytes_init(&r->log, SIZE_MAX / 2);
    for (int i = 0; i < IMAP_ROLE_SESSIONS; i++)
        bytes_init(&r->out[i], SIZE_MAX / 2);
}

void imap_role_finish(struct imap_role *r)
{
    for (int i = 0; i < IMAP_ROLE_SESSIONS; i++) {
        imap_server_finish(&r->sessions[i]);
        bytes_finish(&r->out[i]);
    }
    account_finish(&r->account);
    bytes_finish(&r->log);
}

static void log_line(struct imap_role *r, int n, const char *what, struct slice text)
{
    bytes_printf(&r->log, "%d %s %.*s\n", n + 1, what, SLICE_ARG(text));
}

static void on_event(struct imap_role *r, int n, const struct imap_server_event *e)
{
    static const struct slice secret = {"secret", 6};
    struct imap_server *s = &r->sessions[n];
    char text[200];
    switch (e->kind) {
    case IMAP_SERVER_COMMAND:
        r->commands++;
        break;
    case IMAP_SERVER_REPLIED:
        r->replies++;
        r->errors += e->status == IMAP_BAD;
        break;
    case IMAP_SERVER_PASSWORD:
        snprintf(text, sizeof text, "PASSWORD %s", e->mechanism);
        log_line(r, n, text, e->user);
        imap_server_password(s, slice_equal(e->user, SLICE("bob")) ? NULL : &secret);
        break;
    case IMAP_SERVER_DENIED:
        log_line(r, n, "DENIED", e->user);
        break;
    case IMAP_SERVER_LOGIN:
        log_line(r, n, "LOGIN", e->user);
        if (slice_equal(e->user, SLICE("busy")))
            imap_server_refuse(s, SLICE("[UNAVAILABLE] the store is down"));
        else
            imap_server_welcome(s, &r->account);
        break;
    case IMAP_SERVER_FETCHING:
        break;
    case IMAP_SERVER_FETCHED:
        snprintf(text, sizeof text, "FETCHED %u", e->uid);
        log_line(r, n, text, e->is_whole ? SLICE("whole") : SLICE("body"));
        break;
    case IMAP_SERVER_STATE:
        log_line(r, n, "STATE", slice_of(imap_state_name(s->state)));
        break;
    case IMAP_SERVER_BYE:
        log_line(r, n, "BYE", e->is_by_client ? SLICE("by the client") : SLICE("by the server"));
        break;
    }
}

void imap_role_turn(struct imap_role *r, int n)
{
    struct imap_server *s = &r->sessions[n];
    struct imap_server_event e;
    if (!r->is_open[n])
        return;
    do {
        s->now_s = r->now_s;
        s->zone_min = r->zone_min;
        while (imap_server_next(s, &e))
            on_event(r, n, &e);
        if (bytes_size(&s->base.out) > r->most_out)
            r->most_out = bytes_size(&s->base.out);
        for (struct slice part; (part = session_to_send(&s->base)).size > 0;) {
            bytes_append(&r->out[n], part);
            session_sent(&s->base, part.size);
        }
    } while (imap_server_has_more(s));
}

void imap_role_wake_all(struct imap_role *r)
{
    for (int i = 0; i < IMAP_ROLE_SESSIONS; i++)
        if (r->is_open[i]) {
            imap_server_wake(&r->sessions[i]);
            imap_role_turn(r, i);
        }
}

void imap_role_open(struct imap_role *r, int n)
{
    imap_server_restart(&r->sessions[n], &r->options);
    r->is_open[n] = true;
    r->sessions[n].base.tls = r->is_connected_with_tls ? SESSION_TLS_ON : SESSION_TLS_NONE;
    imap_server_greet(&r->sessions[n], SLICE("mail.example.com ready"));
    imap_role_turn(r, n);
}

void imap_role_feed(struct imap_role *r, int n, struct slice bytes)
{
    for (size_t at = 0; at < bytes.size; at += 60000) {
        cr_assert(session_feed(&r->sessions[n].base, slice_part(bytes, at, at + 60000)));
        imap_role_turn(r, n);
    }
    imap_role_wake_all(r);
}

void imap_role_eof(struct imap_role *r, int n)
{
    r->sessions[n].base.is_eof = true;
    imap_role_turn(r, n);
    imap_role_wake_all(r);
}

uint32_t imap_role_put(struct imap_role *r, struct slice name, struct slice flags,
                       struct slice content)
{
    struct account *a = &r->account;
    struct account_folder *folder = account_find(a, name);
    struct slice header, body, word;
    if (!folder) {
        cr_assert_eq(account_create(a, name, NULL), ACCOUNT_OK);
        folder = account_find(a, name);
    }
    struct account_item item = {.internal_s = r->now_s, .zone_min = r->zone_min};
    while (slice_cut(&flags, ' ', &word))
        item.flags |= account_flag(a, folder, word, true);
    a->now_s = r->now_s;
    header_split(content, &header, &body);
    cr_assert_eq(account_append(a, folder, &item, header, body), ACCOUNT_OK);
    return item.uid;
}

void imap_role_quietly(struct imap_role *r, int n, const char *command)
{
    imap_role_feed(r, n, slice_of(command));
    bytes_clear(&r->out[n]);
}
