/* AUTH (RFC 4954): the exchanges of agents/proto/sasl.h in base64, a line each. */
#include <stdio.h>

#include "sim/base/base64.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"
#include "sim/base/random.h"
#include "agents/proto/smtp_server_part.h"

enum { NONCE = 64 };

unsigned smtp_server_mechanisms(const struct smtp_server *s)
{
    if (!s->options.offers_auth)
        return 0;
    bool hides_clear = s->options.hides_clear_auth && !smtp_server_is_secure(s);
    return s->options.mechanisms & (hides_clear ? ~(unsigned)SASL_CLEAR : (unsigned)SASL_ALL);
}

/* Back to GREETED with a refusal. */
static bool refuse(struct smtp_server *s, int code, const char *esc, const char *text)
{
    smtp_server_enter(s, SMTP_STATE_GREETED);
    bytes_release(&s->text);
    return smtp_server_refuse(s, SMTP_VERB_AUTH, code, esc, text);
}

static bool challenge(struct smtp_server *s)
{
    bytes_clear(&s->text);
    check(base64_write(bytes_slice(&s->sasl->challenge), &s->text));
    smtp_server_reply(s, SMTP_VERB_AUTH, &(struct smtp_reply){334, {0}, bytes_slice(&s->text)});
    return false;
}

/* Where the exchange leads. True when *event asks for the password; NULL behind the password, which
   is asked for only once. */
static bool follow(struct smtp_server *s, enum sasl_step step, struct smtp_server_event *event)
{
    switch (step) {
    case SASL_STEP_CHALLENGE:
        return challenge(s);
    case SASL_STEP_PASSWORD:
        check(event);
        event->user = bytes_slice(&s->sasl->user);
        event->mechanism = s->sasl->mechanism;
        return smtp_server_ask(s, SMTP_SERVER_AUTH, event);
    case SASL_STEP_OK:
        s->is_authenticated = true;
        smtp_server_note(s, SMTP_SERVER_AUTH_DONE, SMTP_VERB_AUTH, 0);
        smtp_server_enter(s, SMTP_STATE_GREETED);
        bytes_release(&s->text);
        return smtp_server_say(s, SMTP_VERB_AUTH, 235, "2.7.0", "authentication succeeded");
    case SASL_STEP_DENIED:
        smtp_server_note(s, SMTP_SERVER_AUTH_DONE, SMTP_VERB_AUTH, 0);
        return refuse(s, 535, "5.7.8", "user name or password is wrong");
    case SASL_STEP_MALFORMED:
        return refuse(s, 501, "5.5.2", "cannot decode the response");
    }
    return false;
}

static bool take_response(struct smtp_server *s, struct slice text, struct smtp_server_event *event)
{
    bytes_clear(&s->text);
    if (!base64_read(text, &s->text))
        return refuse(s, 501, "5.5.2", "cannot decode the response");
    return follow(s, sasl_server_feed(s->sasl, bytes_slice(&s->text)), event);
}

bool smtp_server_auth_line(struct smtp_server *s, struct slice line,
                           struct smtp_server_event *event)
{
    if (slice_equal(line, SLICE("*")))
        return refuse(s, 501, "5.7.0", "authentication cancelled");
    return take_response(s, line, event);
}

void smtp_server_password(struct smtp_server *s, const struct slice *password)
{
    if (s->state == SMTP_STATE_CLOSED)
        return; /* shut down while the password was being looked for */
    check(s->awaits_verdict && s->verdict_for == SMTP_SERVER_AUTH);
    s->awaits_verdict = false;
    follow(s, sasl_server_password(s->sasl, password), NULL);
}

static enum sasl_step begin(struct smtp_server *s, enum sasl_mechanism mechanism)
{
    char nonce[NONCE];
    struct random random;
    if (!s->sasl) {
        s->sasl = memory_take(sizeof *s->sasl);
        sasl_server_init(s->sasl);
        s->sasl->memory = s->options.memory;
    }
    random_init(&random, s->options.seed + s->auth_count++, SLICE("AUTH"));
    unsigned long long first = random_u64(&random), second = random_u64(&random);
    int size = snprintf(nonce, sizeof nonce, "%016llx%016llx", first, second);
    return sasl_server_begin(s->sasl, mechanism, (struct slice){nonce, (size_t)size},
                             s->options.hostname);
}

/* 501 where the server is to begin (RFC 4954 4), but for LOGIN, which many clients begin. */
static bool may_begin(enum sasl_mechanism mechanism)
{
    return sasl_client_begins(mechanism) || mechanism == SASL_LOGIN;
}

bool smtp_server_auth(struct smtp_server *s, struct slice argument, struct smtp_server_event *event)
{
    struct slice name = {0};
    if (!s->is_extended || s->is_authenticated)
        return smtp_server_refuse(s, s->verb, 503, "5.5.1",
                                  s->is_extended ? "already authenticated" : "EHLO comes first");
    if (!slice_cut(&argument, ' ', &name) || name.size == 0)
        return smtp_server_refuse_syntax(s, "a mechanism is wanted");
    enum sasl_mechanism mechanism = sasl_find(name);
    if (mechanism == SASL_MECHANISM_COUNT || !(s->options.mechanisms & 1u << mechanism))
        return smtp_server_refuse(s, s->verb, 504, "5.5.4", "unknown mechanism");
    if (!(smtp_server_mechanisms(s) & 1u << mechanism))
        return smtp_server_refuse(s, s->verb, 538, "5.7.11", "this mechanism needs TLS");
    if (argument.size > 0 && !may_begin(mechanism))
        return smtp_server_refuse(s, s->verb, 501, "5.7.0", "the server begins this mechanism");
    smtp_server_enter(s, SMTP_STATE_AUTH);
    enum sasl_step step = begin(s, mechanism);
    if (argument.size == 0)
        return follow(s, step, event);
    /* "=" is an initial response of no octets */
    return take_response(s, slice_equal(argument, SLICE("=")) ? SLICE("") : argument, event);
}
