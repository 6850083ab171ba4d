/*
 * Who the client is: LOGIN, AUTHENTICATE (RFC 9051 6.2.2, RFC 4959) and STARTTLS.
 */
#include <stdio.h>

#include "agents/proto/imap_server_part.h"
#include "sim/base/base64.h"
#include "sim/base/check.h"

static bool is_private(const struct imap_server *s)
{
    return s->base.tls == SESSION_TLS_ON;
}

void imap_part_do_starttls(struct imap_server *s)
{
    if (!imap_args_end(&s->part->args))
        imap_part_bad(s);
    else if (is_private(s))
        imap_part_reply(s, IMAP_BAD, "TLS is on already");
    else if (!s->options.offers_tls)
        imap_part_reply(s, IMAP_BAD, "there is no TLS here");
    else {
        s->part->starts_tls = true;
        imap_part_reply(s, IMAP_OK, "begin TLS now");
    }
}

/* ---- the role's verdicts ---- */

static void ask(struct imap_server *s, enum imap_server_event_kind kind)
{
    s->part->phase = IMAP_PART_VERDICT;
    s->part->verdict_for = kind;
    imap_part_note(s, (struct imap_part_note){.kind = kind, .verb = s->part->verb});
}

static void take_verdict(struct imap_server *s, enum imap_server_event_kind kind)
{
    check(s->part->phase == IMAP_PART_VERDICT && s->part->verdict_for == kind);
    s->part->phase = IMAP_PART_SYNC;
}

/* The same words whether it is the name or the password that is wrong. */
static void deny(struct imap_server *s)
{
    s->part->denied++;
    s->part->phase = IMAP_PART_SYNC;
    imap_part_note(s, (struct imap_part_note){.kind = IMAP_SERVER_DENIED, .verb = s->part->verb});
    imap_part_reply(s, IMAP_NO, "[AUTHENTICATIONFAILED] wrong user or password");
}

void imap_server_welcome(struct imap_server *s, struct account *account)
{
    struct imap_server_part *p = s->part;
    take_verdict(s, IMAP_SERVER_LOGIN);
    s->account = account;
    account_add_watch(account, &p->watch);
    imap_part_enter(s, IMAP_STATE_AUTHENTICATED);
    bytes_clear(&p->scratch);
    bytes_append(&p->scratch, SLICE("[CAPABILITY "));
    imap_part_capabilities(s, &p->scratch);
    imap_part_reply(s, IMAP_OK, "%.*s] logged in", SLICE_ARG(bytes_slice(&p->scratch)));
}

void imap_server_refuse(struct imap_server *s, struct slice text)
{
    take_verdict(s, IMAP_SERVER_LOGIN);
    text = slice_part(text, 0, slice_find_line_end(text, 0));
    imap_part_reply(s, IMAP_NO, "%.*s", SLICE_ARG(slice_part(text, 0, 400)));
}

/* ---- SASL ---- */

static void challenge(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    bytes_append(&s->base.out, SLICE("+ "));
    bool fits = base64_write(bytes_slice(&p->sasl.challenge), &s->base.out) &&
                bytes_append(&s->base.out, SLICE("\r\n"));
    imap_part_wrote(s, fits);
    p->phase = IMAP_PART_AUTH;
}

static void take_user(struct imap_server *s)
{
    bytes_clear(&s->part->user);
    (void)bytes_append(&s->part->user, bytes_slice(&s->part->sasl.user));
}

static void step(struct imap_server *s, enum sasl_step step)
{
    switch (step) {
    case SASL_STEP_CHALLENGE:
        challenge(s);
        break;
    case SASL_STEP_PASSWORD:
        take_user(s);
        ask(s, IMAP_SERVER_PASSWORD);
        break;
    case SASL_STEP_OK:
        take_user(s);
        ask(s, IMAP_SERVER_LOGIN);
        break;
    case SASL_STEP_DENIED:
        take_user(s);
        deny(s);
        break;
    case SASL_STEP_MALFORMED:
        s->part->phase = IMAP_PART_SYNC;
        imap_part_reply(s, IMAP_BAD, "that is not what the mechanism says");
        break;
    }
}

/* Base64, or "=" for nothing in an initial response (RFC 9051 6.2.2). */
static bool decode(struct imap_server *s, struct slice text, bool is_initial)
{
    bytes_clear(&s->part->scratch);
    if (is_initial && slice_equal(text, SLICE("=")))
        return true;
    return base64_read(text, &s->part->scratch);
}

static void feed(struct imap_server *s, struct slice text, bool is_initial)
{
    struct imap_server_part *p = s->part;
    p->phase = IMAP_PART_SYNC;
    if (!is_initial && slice_equal(text, SLICE("*")))
        imap_part_reply(s, IMAP_BAD, "cancelled");
    else if (!decode(s, text, is_initial))
        imap_part_reply(s, IMAP_BAD, "that is no base64");
    else
        step(s, sasl_server_feed(&p->sasl, bytes_slice(&p->scratch)));
}

bool imap_part_auth_line(struct imap_server *s)
{
    struct slice line;
    switch (imap_part_line(s, &line)) {
    case SESSION_LINE_NONE:
        return false;
    case SESSION_LINE_OK:
        feed(s, line, false);
        break;
    case SESSION_LINE_TOO_LONG:
        break;
    }
    return true;
}

static void begin(struct imap_server *s, enum sasl_mechanism mechanism)
{
    struct imap_server_part *p = s->part;
    char nonce[120];
    snprintf(nonce, sizeof nonce, "%.*s-%u", SLICE_ARG(slice_part(s->options.nonce, 0, 90)),
             ++p->nonces);
    p->mechanism = sasl_name(mechanism);
    p->is_login = false;
    p->sasl.memory = s->options.memory;
    enum sasl_step first = sasl_server_begin(&p->sasl, mechanism, slice_of(nonce), s->options.host);
    bool begins = bytes_size(&p->sasl.challenge) == 0;
    struct slice initial = {0};
    bool has_initial = imap_args_skip(&p->args, ' ');
    if (has_initial) {
        initial = imap_args_rest(&p->args);
        p->args.at = p->args.text.size;
    }
    if (!imap_args_end(&p->args) || p->args.problem)
        imap_part_bad(s);
    else if (has_initial && !begins)
        imap_part_reply(s, IMAP_BAD, "this mechanism has no initial response");
    else if (has_initial)
        feed(s, initial, true);
    else
        step(s, first);
}

void imap_part_do_authenticate(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    struct slice name;
    if (!imap_args_sp(&p->args) || !imap_args_atom(&p->args, &name)) {
        imap_part_bad(s);
        return;
    }
    enum sasl_mechanism mechanism = sasl_find(name);
    bool is_offered = mechanism != SASL_MECHANISM_COUNT && s->options.mechanisms >> mechanism & 1;
    if (!is_offered)
        imap_part_reply(s, IMAP_NO, "[CANNOT] there is no such mechanism here");
    else if (s->options.needs_tls && !is_private(s) && SASL_CLEAR >> mechanism & 1)
        imap_part_reply(s, IMAP_NO, "[PRIVACYREQUIRED] STARTTLS comes first");
    else
        begin(s, mechanism);
}

/* ---- LOGIN ---- */

void imap_part_do_login(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    struct slice user;
    if (!(imap_args_sp(&p->args) && imap_args_astring(&p->args, &user) && imap_args_sp(&p->args) &&
          imap_args_astring(&p->args, &p->secret) && imap_args_end(&p->args))) {
        imap_part_bad(s);
        return;
    }
    if (s->options.needs_tls && !is_private(s)) {
        imap_part_reply(s, IMAP_NO, "[PRIVACYREQUIRED] STARTTLS comes first");
        return;
    }
    bytes_clear(&p->user);
    if (!bytes_append(&p->user, user)) {
        imap_part_reply(s, IMAP_NO, "[AUTHENTICATIONFAILED] wrong user or password");
        return;
    }
    p->is_login = true;
    p->mechanism = "LOGIN";
    ask(s, IMAP_SERVER_PASSWORD);
}

void imap_server_password(struct imap_server *s, const struct slice *password)
{
    struct imap_server_part *p = s->part;
    take_verdict(s, IMAP_SERVER_PASSWORD);
    if (!p->is_login)
        step(s, sasl_server_password(&p->sasl, password));
    else if (password && slice_equal(*password, p->secret))
        ask(s, IMAP_SERVER_LOGIN);
    else
        deny(s);
}
