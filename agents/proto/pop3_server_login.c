#include "agents/proto/pop3_server_part.h"

#include <stdlib.h>

#include "sim/base/base64.h"
#include "sim/base/check.h"
#include "sim/base/digits.h"
#include "sim/base/memory.h"
#include "agents/proto/pop3_text.h"
#include "agents/proto/sasl_digest.h"

bool pop3_server_is_secure(const struct pop3_server *s)
{
    return s->base.tls == SESSION_TLS_FIRST || s->base.tls == SESSION_TLS_ON;
}

/* ---- what is offered now ---- */

static bool is_open_to_login(const struct pop3_server *s)
{
    return !s->options.requires_tls || pop3_server_is_secure(s);
}

static bool has_pass(const struct pop3_server *s)
{
    return s->options.has_pass && is_open_to_login(s);
}

static bool has_apop(const struct pop3_server *s)
{
    return s->options.has_apop && s->options.nonce.size > 0;
}

static unsigned mechanisms(const struct pop3_server *s)
{
    return is_open_to_login(s) ? s->options.mechanisms : 0;
}

static bool has_stls(const struct pop3_server *s)
{
    return s->options.is_tls_available && !pop3_server_is_secure(s);
}

static void refuse_without_tls(struct pop3_server *s)
{
    pop3_server_fault(s, SLICE("STLS comes first here"));
}

/* ---- CAPA (RFC 2449 5, 6) ---- */

static bool put_number(struct bytes *out, struct slice name, uint64_t number)
{
    char digits[DIGITS_MAX];
    const struct slice line[] = {
        name, SLICE(" "), {digits, digits_put(digits, number, 10, 0)}, SLICE("\r\n")};
    return bytes_append_all(out, line, 4);
}

/* The strongest first. */
static bool put_mechanisms(struct bytes *out, unsigned set)
{
    bool fits = bytes_append(out, SLICE("SASL"));
    for (unsigned left = set; left && fits;) {
        enum sasl_mechanism next = sasl_choose(left, SASL_MECHANISM_COUNT, true);
        left &= ~(1u << next);
        fits = bytes_append(out, SLICE(" ")) && bytes_append(out, slice_of(sasl_name(next)));
    }
    return fits && bytes_append(out, SLICE("\r\n"));
}

static bool put_policy(const struct pop3_server *s, struct bytes *out)
{
    const struct pop3_server_options *o = &s->options;
    const struct slice name[] = {SLICE("IMPLEMENTATION "), o->implementation, SLICE("\r\n")};
    bool fits = true;
    if (o->expire_days == POP3_EXPIRE_NEVER)
        fits = bytes_append(out, SLICE("EXPIRE NEVER\r\n"));
    else if (o->expire_days >= 0)
        fits = put_number(out, SLICE("EXPIRE"), (uint64_t)o->expire_days);
    if (o->login_delay_s > 0)
        fits = fits && put_number(out, SLICE("LOGIN-DELAY"), o->login_delay_s);
    if (o->implementation.size > 0)
        fits = fits && bytes_append_all(out, name, 3);
    return fits;
}

/* What can be used before the login is named after it, too (RFC 2449 5); only STLS is named just
   where it may be said (RFC 2595 4). */
void pop3_server_do_capa(struct pop3_server *s, struct slice argument)
{
    (void)argument;
    struct bytes *out = &s->base.out;
    struct pop3_server_mark mark = pop3_server_mark(s);
    bool fits = bytes_append(out, SLICE("+OK capabilities follow\r\n"
                                        "TOP\r\nUIDL\r\nRESP-CODES\r\nAUTH-RESP-CODE\r\n"
                                        "PIPELINING\r\n"));
    if (has_pass(s))
        fits = fits && bytes_append(out, SLICE("USER\r\n"));
    if (mechanisms(s))
        fits = fits && put_mechanisms(out, mechanisms(s));
    if (has_stls(s) && s->state == POP3_STATE_AUTHORIZATION)
        fits = fits && bytes_append(out, SLICE("STLS\r\n"));
    fits = fits && put_policy(s, out) && bytes_append(out, SLICE(".\r\n"));
    pop3_server_conclude(s, mark, true, fits);
}

/* ---- STLS (RFC 2595 4) ---- */

/* What was sent behind the command came in clear, by whomever: it is thrown away. */
void pop3_server_do_stls(struct pop3_server *s, struct slice argument)
{
    (void)argument;
    if (!has_stls(s)) {
        pop3_server_fault(s, pop3_server_is_secure(s) ? SLICE("there is TLS already")
                                                      : SLICE("TLS is not available"));
        return;
    }
    pop3_server_answer(s, true, SLICE("begin TLS"));
    if (!s->has_reply)
        return; /* no room for it: the session is over */
    bytes_clear(&s->base.in);
    s->base.tls = SESSION_TLS_WANTED;
    pop3_server_enter(s, POP3_STATE_STARTTLS);
}

/* ---- who is it? ---- */

/* The password is judged: if it is right the maildrop is opened, by the role. */
static void judge_login(struct pop3_server *s, bool ok)
{
    s->has_auth = true;
    s->auth_ok = ok;
    if (ok)
        pop3_server_ask(s, POP3_SERVER_LOGIN);
    else
        pop3_server_fault(s, SLICE("[AUTH] user name or password is wrong"));
}

void pop3_server_do_user(struct pop3_server *s, struct slice argument)
{
    if (!is_open_to_login(s)) {
        refuse_without_tls(s);
    } else if (!has_pass(s)) {
        pop3_server_fault(s, SLICE("USER is not offered here"));
    } else if (argument.size == 0) {
        pop3_server_fault(s, SLICE("a name is expected"));
    } else {
        /* the same answer whether there is such a user or not: names are not to be found out */
        bytes_clear(&s->user);
        s->has_user = bytes_append(&s->user, argument);
        pop3_server_answer(s, true, SLICE("send PASS"));
    }
}

/* Everything behind the first blank is the password, further blanks too (RFC 1939 7). */
void pop3_server_do_pass(struct pop3_server *s, struct slice argument)
{
    bool has_user = s->has_user;
    s->has_user = false;
    if (!has_user)
        pop3_server_fault(s, SLICE("USER comes first"));
    else if (argument.size == 0)
        pop3_server_fault(s, SLICE("a password is expected"));
    else
        pop3_server_ask(s, POP3_SERVER_PASSWORD);
}

/* "name digest", the digest in small hex digits. */
static bool read_apop(struct slice argument, struct slice *name, struct slice *digest)
{
    size_t at = argument.size > SASL_DIGEST_MD5_HEX ? argument.size - SASL_DIGEST_MD5_HEX : 0;
    *digest = slice_part(argument, at, argument.size);
    *name = slice_trim(slice_part(argument, 0, at));
    for (size_t i = 0; i < digest->size; i++)
        if (!(digest->data[i] >= '0' && digest->data[i] <= '9') &&
            !(digest->data[i] >= 'a' && digest->data[i] <= 'f'))
            return false;
    return at > 1 && argument.data[at - 1] == ' ' && name->size > 0;
}

void pop3_server_do_apop(struct pop3_server *s, struct slice argument)
{
    struct slice name, digest;
    if (!is_open_to_login(s)) {
        refuse_without_tls(s);
    } else if (!has_apop(s)) {
        pop3_server_fault(s, SLICE("APOP is not offered here"));
    } else if (!read_apop(argument, &name, &digest)) {
        pop3_server_fault(s, SLICE("a name and an MD5 digest are expected"));
    } else {
        bytes_clear(&s->user);
        bytes_append(&s->user, name);
        pop3_server_ask(s, POP3_SERVER_PASSWORD);
    }
}

static bool put_timestamp(const struct pop3_server *s, struct bytes *out)
{
    const struct slice texts[] = {SLICE("<"), s->options.nonce, SLICE("@"), s->options.hostname,
                                  SLICE(">")};
    return bytes_append_all(out, texts, 5);
}

/* RFC 1939 7: MD5 of the timestamp, as it stood in the greeting, and the secret. */
static bool is_digest(const struct pop3_server *s, struct slice password)
{
    char hex[SASL_DIGEST_MD5_HEX];
    struct slice name, digest;
    struct bytes stamp;
    bytes_init(&stamp, SIZE_MAX);
    put_timestamp(s, &stamp);
    sasl_digest_md5(bytes_slice(&stamp), password, hex);
    bytes_finish(&stamp);
    return read_apop(pop3_server_argument(s), &name, &digest) &&
           sasl_digest_equal(digest, (struct slice){hex, sizeof hex});
}

/* ---- AUTH (RFC 5034 4) ---- */

void pop3_server_end_exchange(struct pop3_server *s)
{
    if (!s->sasl)
        return;
    sasl_server_finish(s->sasl);
    free(s->sasl);
    s->sasl = NULL;
}

static void give_up_exchange(struct pop3_server *s, struct slice text)
{
    if (s->state == POP3_STATE_EXCHANGE)
        pop3_server_enter(s, POP3_STATE_AUTHORIZATION);
    pop3_server_end_exchange(s);
    pop3_server_fault(s, text);
}

/* "+ " and the challenge in base64; the blank stands there even when that is empty. */
static void send_challenge(struct pop3_server *s)
{
    struct bytes *out = &s->base.out;
    struct pop3_server_mark mark = pop3_server_mark(s);
    bool fits = bytes_append(out, SLICE("+ ")) &&
                base64_write(bytes_slice(&s->sasl->challenge), out) &&
                bytes_append(out, SLICE("\r\n"));
    pop3_server_enter(s, POP3_STATE_EXCHANGE);
    if (!fits)
        pop3_server_conclude(s, mark, false, false);
}

static void take_user(struct pop3_server *s)
{
    bytes_clear(&s->user);
    bytes_append(&s->user, bytes_slice(&s->sasl->user));
}

static void follow(struct pop3_server *s, enum sasl_step step)
{
    switch (step) {
    case SASL_STEP_CHALLENGE:
        send_challenge(s);
        break;
    case SASL_STEP_PASSWORD:
        take_user(s);
        pop3_server_ask(s, POP3_SERVER_PASSWORD);
        break;
    case SASL_STEP_OK:
    case SASL_STEP_DENIED:
        take_user(s);
        if (s->state == POP3_STATE_EXCHANGE)
            pop3_server_enter(s, POP3_STATE_AUTHORIZATION);
        judge_login(s, step == SASL_STEP_OK);
        break;
    case SASL_STEP_MALFORMED:
        give_up_exchange(s, SLICE("that is not a response of this mechanism"));
        break;
    }
}

/* One in base64. No pads in the middle, nothing outside the alphabet. */
static void take_response(struct pop3_server *s, struct slice text)
{
    struct bytes message;
    bytes_init(&message, SASL_MESSAGE_MAX);
    if (base64_read(text, &message))
        follow(s, sasl_server_feed(s->sasl, bytes_slice(&message)));
    else
        give_up_exchange(s, SLICE("the response can't be decoded"));
    bytes_finish(&message);
}

void pop3_server_respond(struct pop3_server *s, struct slice line, bool is_too_long)
{
    if (is_too_long)
        give_up_exchange(s, SLICE("the response is too long"));
    else if (slice_equal(line, SLICE("*")))
        give_up_exchange(s, SLICE("cancelled"));
    else
        take_response(s, line);
}

/* A new challenge for each exchange of a connection, also after a failed one. */
static enum sasl_step begin(struct pop3_server *s, enum sasl_mechanism mechanism)
{
    struct bytes nonce;
    char digits[DIGITS_MAX];
    const struct slice texts[] = {
        s->options.nonce, SLICE("."), {digits, digits_put(digits, ++s->exchanges, 10, 0)}};
    bytes_init(&nonce, SIZE_MAX);
    bytes_append_all(&nonce, texts, 3);
    s->sasl = memory_take(sizeof *s->sasl);
    sasl_server_init(s->sasl);
    s->sasl->memory = s->options.memory;
    enum sasl_step step =
        sasl_server_begin(s->sasl, mechanism, bytes_slice(&nonce), s->options.hostname);
    bytes_finish(&nonce);
    return step;
}

/* An initial response is taken where the client begins. LOGIN was never standardised; some of its
   clients send the user's name along. */
static bool takes_initial(enum sasl_mechanism mechanism)
{
    return sasl_client_begins(mechanism) || mechanism == SASL_LOGIN;
}

void pop3_server_do_auth(struct pop3_server *s, struct slice argument)
{
    struct slice name = {0};
    slice_cut(&argument, ' ', &name);
    struct slice initial = slice_trim(argument);
    enum sasl_mechanism mechanism = sasl_find(name);
    pop3_server_end_exchange(s);
    if (name.size == 0) {
        pop3_server_fault(s, SLICE("a mechanism is expected"));
    } else if (!is_open_to_login(s)) {
        refuse_without_tls(s);
    } else if (mechanism == SASL_MECHANISM_COUNT || !(mechanisms(s) & 1u << mechanism)) {
        pop3_server_fault(s, SLICE("this mechanism is not offered"));
    } else if (initial.size > 0 && !takes_initial(mechanism)) {
        pop3_server_fault(s, SLICE("this mechanism has no initial response"));
    } else {
        enum sasl_step step = begin(s, mechanism);
        if (initial.size == 0)
            follow(s, step);
        else /* "=" is the empty one */
            take_response(s, slice_equal(initial, SLICE("=")) ? SLICE("") : initial);
    }
}

/* ---- what the role says ---- */

void pop3_server_greet(struct pop3_server *s, struct slice text)
{
    struct bytes greeting;
    check(s->state == POP3_STATE_CONNECTED);
    bytes_init(&greeting, SIZE_MAX);
    /* what begins with a bracket would be a response code (RFC 2449 6.4) */
    while (slice_starts(text, SLICE("[")))
        text = slice_part(text, 1, text.size);
    bytes_append(&greeting, slice_part(text, 0, 200)); /* the timestamp needs its room */
    if (has_apop(s)) {
        if (bytes_size(&greeting) > 0)
            bytes_append_octet(&greeting, ' ');
        put_timestamp(s, &greeting);
    }
    pop3_server_enter(s, POP3_STATE_AUTHORIZATION);
    pop3_server_answer(s, true, bytes_slice(&greeting));
    bytes_finish(&greeting);
}

void pop3_server_password(struct pop3_server *s, const struct slice *password)
{
    pop3_server_take_verdict(s, POP3_SERVER_PASSWORD);
    struct slice secret = password ? *password : SLICE("");
    if (s->verb == POP3_VERB_AUTH) {
        follow(s, sasl_server_password(s->sasl, password));
    } else {
        bool ok = s->verb == POP3_VERB_APOP ? is_digest(s, secret)
                                            : sasl_digest_equal(secret, pop3_server_argument(s));
        judge_login(s, ok && password);
    }
}

void pop3_server_opened(struct pop3_server *s, const struct pop3_server_message *messages,
                        size_t count)
{
    pop3_server_take_verdict(s, POP3_SERVER_LOGIN);
    pop3_server_end_exchange(s);
    bytes_release(&s->user);
    bytes_release(&s->line); /* the password need not stay */
    for (size_t i = 0; i < count; i++) {
        check(memchr(messages[i].uid, '\0', sizeof messages[i].uid));
        check(pop3_text_is_uid(slice_of(messages[i].uid)));
        *vector_add(&s->messages) = messages[i];
    }
    pop3_server_enter(s, POP3_STATE_TRANSACTION);
    pop3_server_answer_maildrop(s);
}

/* Neither a maildrop that can't be opened nor a message that can't be read is the client's mistake.
 */
void pop3_server_refuse(struct pop3_server *s, struct slice text)
{
    bool is_login = s->verdict_for == POP3_SERVER_LOGIN;
    pop3_server_take_verdict(s, is_login ? POP3_SERVER_LOGIN : POP3_SERVER_RETRIEVE);
    pop3_server_end_exchange(s);
    pop3_server_answer(s, false, text);
}
