#include "agents/proto/imap_client.h"

#include <stdio.h>
#include <string.h>

#include "agents/proto/imap_client_part.h"
#include "sim/base/base64.h"
#include "sim/base/check.h"

enum {
    OUT_MAX = IMAP_CLIENT_RESPONSE_MAX + 65536,
    WHY_MAX = 1000,
    TIMEOUT_S = 300,
    IDLE_S = 29 * 60 /* RFC 2177 3: at least every 29 minutes */
};

const char *imap_client_state_name(enum imap_client_state state)
{
    static const char *const names[IMAP_CLIENT_STATE_COUNT] = {
        "GREETING", "CAPABILITY", "STARTTLS", "TLS",    "AUTHENTICATE", "LOGIN",
        "READY",    "COMMAND",    "IDLE",     "LOGOUT", "CLOSED"};
    check(state < IMAP_CLIENT_STATE_COUNT);
    return names[state];
}

void imap_client_restart(struct imap_client *c, const struct imap_client_options *options)
{
    struct imap_client old = *c;
    *c = (struct imap_client){.base = old.base,
                              .options = *options,
                              .pending = old.pending,
                              .stops = {old.stops.items, 0, old.stops.capacity},
                              .response = old.response,
                              .why = old.why,
                              .arena = old.arena,
                              .sasl = old.sasl,
                              .sections = {old.sections.items, 0, old.sections.capacity}};
    session_restart(&c->base, IMAP_CLIENT_RESPONSE_MAX, OUT_MAX);
    bytes_renew(&c->pending, OUT_MAX);
    bytes_renew(&c->response, IMAP_CLIENT_RESPONSE_MAX);
    bytes_renew(&c->why, WHY_MAX);
    arena_reset(&c->arena);
}

void imap_client_finish(struct imap_client *c)
{
    session_finish(&c->base);
    bytes_finish(&c->pending);
    bytes_finish(&c->response);
    bytes_finish(&c->why);
    vector_finish(&c->stops);
    vector_finish(&c->sections);
    arena_finish(&c->arena);
    sasl_client_finish(&c->sasl);
    *c = (struct imap_client){0};
}

void imap_client_tell(struct imap_client *c, enum imap_client_event_kind kind)
{
    check(c->told_count < sizeof c->told / sizeof *c->told);
    c->told[c->told_count++] = kind;
}

void imap_client_fail(struct imap_client *c, bool is_lost, struct slice why)
{
    if (c->state == IMAP_CLIENT_STATE_CLOSED)
        return;
    bytes_clear(&c->why);
    check(bytes_append(&c->why, slice_part(why, 0, WHY_MAX)));
    c->event.is_lost = is_lost;
    c->state = IMAP_CLIENT_STATE_CLOSED;
    c->base.is_closing = true;
    imap_client_tell(c, IMAP_CLIENT_FAILED);
}

/* ---- what is said on entering a state ---- */

static void ask_capabilities(struct imap_client *c)
{
    c->state = IMAP_CLIENT_STATE_CAPABILITY;
    c->has_asked = true;
    imap_client_begin(c, "CAPABILITY");
    imap_client_send(c, imap_client_put(c, SLICE("CAPABILITY")));
}

static void start_tls(struct imap_client *c)
{
    c->state = IMAP_CLIENT_STATE_STARTTLS;
    imap_client_begin(c, "STARTTLS");
    imap_client_send(c, imap_client_put(c, SLICE("STARTTLS")));
}

/* LOGIN, the command: the password is clear to whoever reads the wire (RFC 9051 6.2.3). */
static void log_in(struct imap_client *c)
{
    c->state = IMAP_CLIENT_STATE_LOGIN;
    imap_client_begin(c, "LOGIN");
    imap_client_send(
        c, imap_client_put(c, SLICE("LOGIN ")) && imap_client_put_string(c, c->options.user) &&
               imap_client_put(c, SLICE(" ")) && imap_client_put_string(c, c->options.password));
}

/* RFC 9051 6.2.2; the first response goes along where the server takes it there (RFC 4959). */
static void authenticate(struct imap_client *c, enum sasl_mechanism mechanism)
{
    bool begins = sasl_client_begins(mechanism) && (c->has_sasl_ir || c->is_rev2);
    c->sasl.memory = c->options.memory;
    sasl_client_begin(&c->sasl, mechanism, c->options.user, c->options.password, c->options.nonce);
    c->state = IMAP_CLIENT_STATE_AUTHENTICATE;
    c->has_begun = begins || !sasl_client_begins(mechanism);
    imap_client_begin(c, "AUTHENTICATE");
    bool fits = imap_client_put(c, SLICE("AUTHENTICATE ")) &&
                imap_client_put(c, slice_of(sasl_name(mechanism)));
    if (begins)
        fits = fits && imap_client_put(c, SLICE(" ")) &&
               base64_write(bytes_slice(&c->sasl.response), &c->pending);
    imap_client_send(c, fits);
}

/* True when the password may go over this wire as it is. */
static bool may_be_clear(const struct imap_client *c)
{
    return c->base.tls == SESSION_TLS_ON || c->options.allows_clear;
}

static void prove_identity(struct imap_client *c)
{
    int wanted = c->options.mechanism;
    enum sasl_mechanism mechanism =
        wanted == IMAP_CLIENT_AUTO
            ? sasl_choose(c->mechanisms, SASL_MECHANISM_COUNT, may_be_clear(c))
            : (enum sasl_mechanism)wanted;
    bool is_login = mechanism == SASL_MECHANISM_COUNT;
    bool is_clear = is_login || (SASL_CLEAR >> mechanism & 1);
    if (is_clear && !may_be_clear(c))
        imap_client_fail(c, false, SLICE("without TLS the password is not shown to the line"));
    else if (is_login && c->is_login_disabled)
        imap_client_fail(c, false, SLICE("the server allows no login without TLS"));
    else if (is_login)
        log_in(c);
    else if (c->mechanisms >> mechanism & 1)
        authenticate(c, mechanism);
    else
        imap_client_fail(c, false, SLICE("the server does not offer this way to log in"));
}

static void get_ready(struct imap_client *c)
{
    c->state = IMAP_CLIENT_STATE_READY;
    imap_client_tell(c, IMAP_CLIENT_READY);
}

/* What comes next before the session is ready. */
static void proceed(struct imap_client *c)
{
    bool is_clear = c->base.tls != SESSION_TLS_ON;
    if (!c->knows_capabilities && !c->has_asked) {
        ask_capabilities(c);
    } else if (is_clear && c->options.tls != SESSION_TLS_POLICY_NEVER && c->has_starttls &&
               !c->is_authenticated) {
        start_tls(c);
    } else if (is_clear && c->options.tls == SESSION_TLS_POLICY_REQUIRED) {
        imap_client_fail(c, false, SLICE("the server does not offer TLS"));
    } else if (!c->is_authenticated) {
        prove_identity(c);
    } else {
        get_ready(c);
    }
}

/* What was known before is forgotten: it was told in clear, by anyone (RFC 9051 11.1). */
static void forget_capabilities(struct imap_client *c)
{
    c->is_rev2 = c->has_idle = c->has_move = c->has_uidplus = c->has_literal_plus = false;
    c->has_literal_minus = c->has_sasl_ir = c->has_starttls = c->is_login_disabled = false;
    c->mechanisms = 0;
    c->knows_capabilities = c->has_asked = false;
}

/* ---- where a response leads ---- */

static void on_greeting(struct imap_client *c, enum imap_status status, struct slice text)
{
    snprintf(c->told_verb, sizeof c->told_verb, "CONNECT");
    c->event.status = status;
    c->event.text = text;
    imap_client_tell(c, IMAP_CLIENT_REPLY);
    imap_client_read_code(c, &text, &c->event.code);
    c->is_authenticated = status == IMAP_PREAUTH;
    if (status == IMAP_OK || status == IMAP_PREAUTH)
        proceed(c);
    else
        imap_client_fail(c, false, text);
}

void imap_client_on_status(struct imap_client *c, enum imap_status status, struct slice text)
{
    struct slice code;
    if (c->state == IMAP_CLIENT_STATE_GREETING) {
        on_greeting(c, status, text);
        return;
    }
    imap_client_read_code(c, &text, &code);
    if (status == IMAP_BYE && c->state != IMAP_CLIENT_STATE_LOGOUT) /* RFC 9051 7.1.5 */
        imap_client_fail(c, false, text);
}

static void on_tls_agreed(struct imap_client *c)
{
    bytes_clear(&c->base.in); /* RFC 9051 6.2.1: nothing of what came behind the OK counts */
    c->base.tls = SESSION_TLS_WANTED;
    c->state = IMAP_CLIENT_STATE_TLS;
    forget_capabilities(c);
}

static void on_logged_in(struct imap_client *c)
{
    if (c->state == IMAP_CLIENT_STATE_AUTHENTICATE && !sasl_client_is_satisfied(&c->sasl)) {
        imap_client_fail(c, false, SLICE("the server did not prove that it knows the password"));
        return;
    }
    c->is_authenticated = true;
    /* RFC 9051 6.2.2, 6.2.3: they may have changed; a server that keeps to it tells in the OK */
    c->has_asked = slice_starts(c->event.code, SLICE("CAPABILITY"));
    c->knows_capabilities = c->has_asked;
    proceed(c);
}

static void on_end(struct imap_client *c, enum imap_status status, struct slice text)
{
    bool ok = status == IMAP_OK;
    snprintf(c->told_verb, sizeof c->told_verb, "%s", c->verb);
    c->event.status = status;
    c->event.text = text;
    imap_client_tell(c, IMAP_CLIENT_REPLY);
    imap_client_read_code(c, &text, &c->event.code);
    bytes_clear(&c->pending); /* a literal that the server did not want */
    switch (c->state) {
    case IMAP_CLIENT_STATE_CAPABILITY:
        proceed(c);
        break;
    case IMAP_CLIENT_STATE_STARTTLS:
        if (ok)
            on_tls_agreed(c);
        else if (c->options.tls == SESSION_TLS_POLICY_REQUIRED)
            imap_client_fail(c, false, text);
        else
            prove_identity(c);
        break;
    case IMAP_CLIENT_STATE_AUTHENTICATE:
    case IMAP_CLIENT_STATE_LOGIN:
        if (ok)
            on_logged_in(c);
        else
            imap_client_fail(c, false, text);
        break;
    case IMAP_CLIENT_STATE_COMMAND:
    case IMAP_CLIENT_STATE_IDLE:
        imap_client_tell(c, IMAP_CLIENT_DONE);
        get_ready(c);
        break;
    case IMAP_CLIENT_STATE_LOGOUT:
        c->state = IMAP_CLIENT_STATE_CLOSED;
        c->base.is_closing = true;
        imap_client_tell(c, IMAP_CLIENT_CLOSED);
        break;
    case IMAP_CLIENT_STATE_GREETING:
    case IMAP_CLIENT_STATE_TLS:
    case IMAP_CLIENT_STATE_READY:
    case IMAP_CLIENT_STATE_CLOSED:
    case IMAP_CLIENT_STATE_COUNT:
        imap_client_fail(c, true, SLICE("the server answers what was not asked"));
        break;
    }
}

/* Sends what SASL wants to say, or "*" to break the exchange off (RFC 9051 6.2.2). */
static void on_challenge(struct imap_client *c, struct slice text)
{
    struct bytes challenge;
    bytes_init(&challenge, SASL_MESSAGE_MAX);
    bool ok = base64_read(text, &challenge);
    if (ok && c->has_begun)
        ok = sasl_client_feed(&c->sasl, bytes_slice(&challenge));
    c->has_begun = true;
    bytes_finish(&challenge);
    if (ok)
        ok = base64_write(bytes_slice(&c->sasl.response), &c->base.out);
    if (!ok)
        (void)bytes_append(&c->base.out, SLICE("*"));
    (void)bytes_append(&c->base.out, SLICE("\r\n"));
}

static void on_continue(struct imap_client *c, struct slice text)
{
    if (c->state == IMAP_CLIENT_STATE_AUTHENTICATE) {
        on_challenge(c, text);
    } else if (strcmp(c->verb, "IDLE") == 0 && c->state == IMAP_CLIENT_STATE_COMMAND) {
        c->state = IMAP_CLIENT_STATE_IDLE;
        imap_client_tell(c, IMAP_CLIENT_IDLING);
    } else if (!imap_client_go_on(c)) {
        imap_client_fail(c, true, SLICE("the server waits for what was not announced"));
    }
}

static void on_response(struct imap_client *c)
{
    struct slice text = bytes_slice(&c->response), tag;
    struct imap_args a;
    if (slice_starts(text, SLICE("+"))) { /* RFC 9051 7.6; some leave the space out */
        on_continue(c, slice_trim(slice_part(text, 1, SIZE_MAX)));
        return;
    }
    if (slice_starts(text, SLICE("* "))) {
        imap_client_read_data(c, slice_part(text, 2, SIZE_MAX));
        return;
    }
    imap_args_init(&a, text, &c->arena);
    enum imap_status status = IMAP_BAD;
    bool is_ours = imap_args_tag(&a, &tag) && imap_args_sp(&a) &&
                   slice_equal(tag, slice_of(c->tag)) && c->tag_number > 0;
    if (is_ours && imap_args_word(&a, SLICE("OK")))
        status = IMAP_OK;
    else if (is_ours && imap_args_word(&a, SLICE("NO")))
        status = IMAP_NO;
    else if (!is_ours || !imap_args_word(&a, SLICE("BAD"))) {
        imap_client_fail(c, true, SLICE("the server does not speak IMAP"));
        return;
    }
    on_end(c, status, slice_trim(imap_args_rest(&a)));
}

/* ---- events ---- */

/* One MESSAGE for each part that a FETCH response has brought, or one without any. */
static bool fill_message(struct imap_client *c, struct imap_client_event *event)
{
    if (c->section_next < c->sections.count) {
        const struct imap_client_section *section = &c->sections.items[c->section_next++];
        event->has_content = true;
        event->section = section->name;
        event->content = section->content;
    }
    return c->section_next < c->sections.count;
}

static bool report(struct imap_client *c, struct imap_client_event *event)
{
    if (c->told_next == c->told_count)
        return false;
    *event = c->event;
    event->kind = c->told[c->told_next];
    event->verb = c->told_verb;
    if (event->kind == IMAP_CLIENT_FAILED)
        event->text = bytes_slice(&c->why);
    if (event->kind != IMAP_CLIENT_MESSAGE || !fill_message(c, event))
        c->told_next++;
    return true;
}

/* The response that was told of is over. */
static void forget_response(struct imap_client *c)
{
    c->told_count = c->told_next = c->section_next = 0;
    vector_clear(&c->sections);
    c->event = (struct imap_client_event){0};
    arena_reset(&c->arena);
}

bool imap_client_next(struct imap_client *c, struct imap_client_event *event)
{
    for (;;) {
        if (report(c, event))
            return true;
        forget_response(c);
        if (c->state == IMAP_CLIENT_STATE_CLOSED)
            return false;
        if (c->state == IMAP_CLIENT_STATE_TLS && c->base.tls == SESSION_TLS_ON)
            proceed(c);
        switch (imap_client_gather(c)) {
        case IMAP_CLIENT_READ_WHOLE:
            on_response(c);
            bytes_clear(&c->response);
            c->line_octets = 0;
            break;
        case IMAP_CLIENT_READ_NONSENSE:
            imap_client_fail(c, true, SLICE("the server says more than can be read"));
            break;
        case IMAP_CLIENT_READ_NONE:
            if (!c->base.is_eof)
                return false;
            imap_client_fail(c, true, SLICE("the server closed the connection"));
            break;
        }
    }
}

int64_t imap_client_timeout_s(const struct imap_client *c)
{
    switch (c->state) {
    case IMAP_CLIENT_STATE_IDLE:
        return IDLE_S;
    case IMAP_CLIENT_STATE_READY:
    case IMAP_CLIENT_STATE_CLOSED:
    case IMAP_CLIENT_STATE_COUNT:
        return 0;
    case IMAP_CLIENT_STATE_GREETING:
    case IMAP_CLIENT_STATE_CAPABILITY:
    case IMAP_CLIENT_STATE_STARTTLS:
    case IMAP_CLIENT_STATE_TLS:
    case IMAP_CLIENT_STATE_AUTHENTICATE:
    case IMAP_CLIENT_STATE_LOGIN:
    case IMAP_CLIENT_STATE_COMMAND:
    case IMAP_CLIENT_STATE_LOGOUT:
        break;
    }
    return TIMEOUT_S;
}
