#include "agents/proto/pop3_client_part.h"

#include <stdlib.h>

#include "sim/base/base64.h"
#include "sim/base/memory.h"
#include "agents/proto/pop3_text.h"
#include "agents/proto/sasl_digest.h"

static bool is_secure(const struct pop3_client *c)
{
    return c->base.tls == SESSION_TLS_ON || c->base.tls == SESSION_TLS_FIRST;
}

/* ---- what the server offers ---- */

/* A msg-id in ASCII, as the standard wants it: one that a server made up to find out the password
   (the MD5 collisions of CVE-2007-1558) does not look like it. */
void pop3_client_note_greeting(struct pop3_client *c, struct slice text)
{
    size_t from = slice_find_octet(text, '<', 0);
    size_t to = slice_find_octet(text, '>', from == SLICE_NONE ? text.size : from);
    bytes_clear(&c->stamp);
    if (to == SLICE_NONE)
        return;
    struct slice stamp = slice_part(text, from, to + 1);
    if (slice_find_octet(stamp, '@', 0) != SLICE_NONE && !slice_is_8bit(stamp) &&
        pop3_text_is_plain(stamp) && slice_find_octet(stamp, ' ', 0) == SLICE_NONE)
        bytes_append(&c->stamp, stamp);
}

/* Before each CAPA: what was said in clear does not count once there is TLS (RFC 2595 4). */
void pop3_client_forget_capabilities(struct pop3_client *c)
{
    c->has_stls = c->has_pipelining = false;
    c->mechanisms = 0;
}

void pop3_client_note_capability(struct pop3_client *c, struct slice line)
{
    struct slice name, word;
    if (!slice_cut(&line, ' ', &name))
        return;
    if (slice_equal_fold(name, SLICE("STLS")))
        c->has_stls = true;
    else if (slice_equal_fold(name, SLICE("PIPELINING")))
        c->has_pipelining = true;
    else if (slice_equal_fold(name, SLICE("SASL")))
        while (slice_cut(&line, ' ', &word)) {
            enum sasl_mechanism mechanism = sasl_find(word);
            if (mechanism < SASL_MECHANISM_COUNT)
                c->mechanisms |= 1u << mechanism;
        }
}

/* ---- the way in ---- */

/* COUNT: none. What shows the password is for TLS, or for who asked for it by name. */
static enum sasl_mechanism choose(const struct pop3_client *c)
{
    const struct pop3_client_options *o = &c->options;
    enum sasl_mechanism preferred =
        o->login == POP3_CLIENT_LOGIN_SASL ? o->mechanism : SASL_MECHANISM_COUNT;
    unsigned offered = c->mechanisms;
    if (o->nonce.size == 0)
        offered &= ~(1u << SASL_SCRAM_SHA_256);
    bool is_clear = preferred < SASL_MECHANISM_COUNT && (SASL_CLEAR & 1u << preferred);
    return sasl_choose(offered, preferred, is_secure(c) || is_clear);
}

static bool can_apop(const struct pop3_client *c)
{
    return bytes_size(&c->stamp) > 0;
}

static void begin_auth(struct pop3_client *c, enum sasl_mechanism mechanism)
{
    const struct pop3_client_options *o = &c->options;
    pop3_client_end_exchange(c);
    c->sasl = memory_take(sizeof *c->sasl);
    sasl_client_init(c->sasl);
    c->sasl->memory = o->memory;
    sasl_client_begin(c->sasl, mechanism, o->user, o->password, o->nonce);
    pop3_client_enter(c, POP3_CLIENT_STATE_AUTH);
}

/* AUTO tells the password in clear only when there is nothing else. */
static void log_in(struct pop3_client *c)
{
    enum pop3_client_login login = c->options.login;
    bool is_auto = login == POP3_CLIENT_LOGIN_AUTO;
    enum sasl_mechanism mechanism =
        is_auto || login == POP3_CLIENT_LOGIN_SASL ? choose(c) : SASL_MECHANISM_COUNT;
    if (mechanism < SASL_MECHANISM_COUNT)
        begin_auth(c, mechanism);
    else if (can_apop(c) && (is_auto || login == POP3_CLIENT_LOGIN_APOP))
        pop3_client_enter(c, POP3_CLIENT_STATE_APOP);
    else if (is_auto || login == POP3_CLIENT_LOGIN_PASS)
        pop3_client_enter(c, POP3_CLIENT_STATE_USER);
    else
        pop3_client_refuse_because(c, SLICE("the server offers no way to log in that may be used"));
}

void pop3_client_begin_login(struct pop3_client *c)
{
    if (is_secure(c) || c->options.tls == SESSION_TLS_POLICY_NEVER)
        log_in(c);
    else if (c->has_stls)
        pop3_client_enter(c, POP3_CLIENT_STATE_STLS);
    else if (c->options.tls == SESSION_TLS_POLICY_IF_OFFERED)
        log_in(c);
    else
        pop3_client_refuse_because(c, SLICE("the server offers no TLS"));
}

/* ---- STLS (RFC 2595 4) ---- */

/* What came behind the reply, in clear, is thrown away. */
void pop3_client_lead_stls(struct pop3_client *c)
{
    if (c->ok) {
        bytes_clear(&c->base.in);
        c->base.tls = SESSION_TLS_WANTED;
        pop3_client_enter(c, POP3_CLIENT_STATE_TLS);
    } else if (c->options.tls == SESSION_TLS_POLICY_IF_OFFERED) {
        log_in(c);
    } else {
        pop3_client_refuse(c);
    }
}

/* ---- APOP (RFC 1939 7) ---- */

void pop3_client_say_apop(struct pop3_client *c)
{
    char hex[SASL_DIGEST_MD5_HEX];
    struct slice user = c->options.user;
    struct bytes argument;
    sasl_digest_md5(bytes_slice(&c->stamp), c->options.password, hex);
    bytes_init(&argument, POP3_CLIENT_LINE_MAX - sizeof "APOP");
    const struct slice words[] = {user, SLICE(" "), {hex, sizeof hex}};
    if (user.size > 0 && pop3_text_is_plain(user) && bytes_append_all(&argument, words, 3))
        pop3_client_say(c, bytes_slice(&argument));
    else
        pop3_client_fail(c, SLICE("POP3 cannot carry this user name"), false);
    bytes_finish(&argument);
}

/* ---- AUTH (RFC 5034 4) ---- */

void pop3_client_end_exchange(struct pop3_client *c)
{
    if (!c->sasl)
        return;
    sasl_client_finish(c->sasl);
    free(c->sasl);
    c->sasl = NULL;
}

/* With the first response, unless the line would become longer than a command may be. */
void pop3_client_say_auth(struct pop3_client *c)
{
    struct bytes argument;
    struct slice name = slice_of(sasl_name(c->sasl->mechanism));
    bytes_init(&argument, POP3_CLIENT_LINE_MAX - sizeof "AUTH");
    bytes_append(&argument, name);
    c->is_cancelled = false;
    c->has_initial = sasl_client_begins(c->sasl->mechanism) &&
                     bytes_append(&argument, SLICE(" ")) &&
                     base64_write(bytes_slice(&c->sasl->response), &argument);
    if (!c->has_initial)
        bytes_truncate(&argument, name.size);
    pop3_client_say(c, bytes_slice(&argument));
    bytes_finish(&argument);
}

/* Nothing more is said in this exchange: the server has to answer -ERR. */
static void cancel(struct pop3_client *c, struct slice why)
{
    bytes_clear(&c->text);
    bytes_append(&c->text, why);
    c->is_cancelled = true;
    if (!bytes_append(&c->base.out, SLICE("*\r\n")))
        pop3_client_fail(c, SLICE("no room for a command"), false);
}

static void respond(struct pop3_client *c)
{
    if (!base64_write(bytes_slice(&c->sasl->response), &c->base.out) ||
        !bytes_append(&c->base.out, SLICE("\r\n")))
        pop3_client_fail(c, SLICE("no room for a command"), false);
}

/* An empty challenge asks for the first response where that was not sent along. */
static bool feed(struct pop3_client *c, struct slice challenge)
{
    bool is_first = sasl_client_begins(c->sasl->mechanism) && !c->has_initial;
    c->has_initial = true;
    return is_first ? challenge.size == 0 : sasl_client_feed(c->sasl, challenge);
}

void pop3_client_take_challenge(struct pop3_client *c, struct slice text)
{
    struct bytes challenge;
    bytes_init(&challenge, SASL_MESSAGE_MAX);
    if (c->is_cancelled)
        pop3_client_fail_nonsense(c);
    else if (!base64_read(text, &challenge))
        cancel(c, SLICE("the server's challenge can't be decoded"));
    else if (!feed(c, bytes_slice(&challenge)))
        cancel(c,
               SLICE("the server does not keep to the mechanism, or does not know the password"));
    else
        respond(c);
    bytes_finish(&challenge);
}

/* +OK counts only when the mechanism is through: else anybody could play the server. */
void pop3_client_lead_auth(struct pop3_client *c)
{
    bool is_satisfied = sasl_client_is_satisfied(c->sasl) && !c->is_cancelled;
    bool is_cancelled = c->is_cancelled;
    pop3_client_end_exchange(c);
    c->is_cancelled = false;
    if (c->ok && is_satisfied)
        pop3_client_enter(c, POP3_CLIENT_STATE_STAT);
    else if (c->ok && !is_cancelled)
        pop3_client_refuse_because(c, SLICE("the server has not shown that it knows the password"));
    else
        pop3_client_refuse(c);
}
