#include "agents/proto/smtp_client_part.h"

#include <string.h>

#include "sim/base/base64.h"

/* ---- EHLO ---- */

static void take_mechanisms(struct smtp_client_offers *offers, struct slice names)
{
    struct slice name;
    while (slice_cut(&names, ' ', &name)) {
        enum sasl_mechanism mechanism = sasl_find(name);
        if (mechanism < SASL_MECHANISM_COUNT)
            offers->mechanisms |= 1u << mechanism;
    }
}

/* ehlo-line = ehlo-keyword *( SP ehlo-param ) (RFC 5321 4.1.1.1) */
static void take_extension(struct smtp_client_offers *offers, struct slice line)
{
    struct slice keyword = {0};
    slice_cut(&line, ' ', &keyword);
    offers->pipelining |= slice_equal_fold(keyword, SLICE("PIPELINING"));
    offers->eightbit |= slice_equal_fold(keyword, SLICE("8BITMIME"));
    offers->esc |= slice_equal_fold(keyword, SLICE("ENHANCEDSTATUSCODES"));
    offers->starttls |= slice_equal_fold(keyword, SLICE("STARTTLS"));
    offers->chunking |= slice_equal_fold(keyword, SLICE("CHUNKING"));
    offers->utf8 |= slice_equal_fold(keyword, SLICE("SMTPUTF8"));
    offers->dsn |= slice_equal_fold(keyword, SLICE("DSN"));
    if (slice_equal_fold(keyword, SLICE("SIZE"))) {
        offers->size = true;
        if (!slice_to_u64(line, &offers->size_max)) /* none is fine, too (RFC 1870 3) */
            offers->size_max = 0;
    }
    if (slice_equal_fold(keyword, SLICE("AUTH")))
        take_mechanisms(offers, line);
}

static enum sasl_mechanism choose(const struct smtp_client *c)
{
    bool allows_clear = c->options.allows_clear || c->base.tls == SESSION_TLS_ON;
    return sasl_choose(c->offers.mechanisms, c->options.mechanism, allows_clear);
}

/* What stands between EHLO's reply and the first transaction: first TLS, then who we are. */
static void go_on(struct smtp_client *c)
{
    bool is_clear = c->base.tls != SESSION_TLS_ON;
    bool wants_tls = c->options.tls != SESSION_TLS_POLICY_NEVER;
    if (is_clear && wants_tls && c->offers.starttls && !c->is_tls_refused)
        smtp_client_enter(c, SMTP_CLIENT_STATE_STARTTLS);
    else if (is_clear && c->options.tls == SESSION_TLS_POLICY_REQUIRED)
        smtp_client_fail(c, &(struct smtp_reply){0, SLICE("4.7.4"),
                                                 SLICE("TLS is required, and was not offered")});
    else if (c->options.user.size == 0)
        smtp_client_enter(c, SMTP_CLIENT_STATE_IDLE);
    else if (choose(c) < SASL_MECHANISM_COUNT)
        smtp_client_enter(c, SMTP_CLIENT_STATE_AUTH);
    else
        smtp_client_fail(
            c, &(struct smtp_reply){0, SLICE("5.7.4"),
                                    SLICE("the server offers no way to log in that may be used")});
}

/* The lines behind the first name what is offered. */
void smtp_client_on_hello(struct smtp_client *c, const struct smtp_reply *reply)
{
    struct slice rest = reply->text, line;
    slice_cut(&rest, '\n', &line);
    while (c->state == SMTP_CLIENT_STATE_EHLO && slice_cut(&rest, '\n', &line))
        take_extension(&c->offers, line);
    go_on(c);
}

/* ---- STARTTLS ---- */

/*
 * Behind 220 nothing in clear counts any more: what somebody put there is thrown away with the rest
 * of the input (RFC 3207 4.2). A refusal is no reason to go away, unless TLS is required.
 */
void smtp_client_on_starttls(struct smtp_client *c, const struct smtp_reply *reply)
{
    if (reply->code / 100 == 2) {
        bytes_clear(&c->base.in);
        c->base.tls = SESSION_TLS_WANTED;
        smtp_client_enter(c, SMTP_CLIENT_STATE_HANDSHAKE);
    } else if (c->options.tls == SESSION_TLS_POLICY_REQUIRED) {
        smtp_client_fail(
            c, &(struct smtp_reply){0, SLICE("4.7.4"), SLICE("TLS is required, and was refused")});
    } else {
        c->is_tls_refused = true;
        go_on(c);
    }
}

void smtp_client_on_tls(struct smtp_client *c)
{
    c->offers = (struct smtp_client_offers){0};
    smtp_client_enter(c, SMTP_CLIENT_STATE_EHLO);
}

/* ---- AUTH ---- */

static void put_response(struct smtp_client *c)
{
    c->is_full |= !base64_write(bytes_slice(&c->sasl.response), &c->base.out);
    smtp_client_put(c, SLICE("\r\n"));
    c->is_answered = true;
}

void smtp_client_put_auth(struct smtp_client *c)
{
    c->sasl.memory = c->options.memory;
    sasl_client_begin(&c->sasl, choose(c), c->options.user, c->options.password, c->options.nonce);
    const char *name = sasl_name(c->sasl.mechanism);
    size_t response = bytes_size(&c->sasl.response);
    size_t line = strlen("AUTH ") + strlen(name) + 1 + (response + 2) / 3 * 4 + 2;
    smtp_client_put(c, SLICE("AUTH "));
    smtp_client_put(c, slice_of(name));
    c->is_answered = c->is_cancelled = false;
    if (response > 0 && line <= SMTP_LINE_MAX) {
        smtp_client_put(c, SLICE(" "));
        put_response(c);
    } else {
        smtp_client_put(c, SLICE("\r\n"));
    }
}

/* The challenge is answered; one that makes no sense is cancelled, and so is one too many. */
static void on_challenge(struct smtp_client *c, struct slice text)
{
    bool is_first = !c->is_answered && sasl_client_begins(c->sasl.mechanism);
    bytes_clear(&c->challenge);
    if (is_first || (base64_read(text, &c->challenge) &&
                     sasl_client_feed(&c->sasl, bytes_slice(&c->challenge)))) {
        put_response(c);
        return;
    }
    smtp_client_put(c, SLICE("*\r\n"));
    c->is_cancelled = true;
}

void smtp_client_on_auth(struct smtp_client *c, const struct smtp_reply *reply)
{
    bool is_yes = reply->code / 100 == 2;
    if (reply->code == 334 && !c->is_cancelled)
        on_challenge(c, reply->text);
    else if (c->is_cancelled && reply->code < 400)
        smtp_client_lose(c, "the server's reply fits no command");
    else if (is_yes && sasl_client_is_satisfied(&c->sasl))
        smtp_client_enter(c, SMTP_CLIENT_STATE_IDLE);
    else if (is_yes)
        smtp_client_fail(
            c, &(struct smtp_reply){0, SLICE("4.7.0"),
                                    SLICE("the server did not prove that it knows the password")});
    else
        smtp_client_fail(c, reply);
}
