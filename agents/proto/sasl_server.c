#include "agents/proto/sasl.h"

#include <stdio.h>
#include <string.h>

#include "sim/base/base64.h"
#include "sim/base/check.h"
#include "agents/proto/sasl_digest.h"
#include "agents/proto/sasl_scram.h"

/* Room for each text: SCRAM's AuthMessage is three messages long. */
enum { TEXT_MAX = 4 * SASL_MESSAGE_MAX };

enum stage {
    STAGE_OVER,
    STAGE_FIRST,   /* the client's first message is awaited */
    STAGE_SECOND,  /* LOGIN: the password; SCRAM: the proof */
    STAGE_SIGNED,  /* SCRAM: our signature was sent, an empty message is awaited */
    STAGE_PASSWORD /* the role is to say the password */
};

void sasl_server_init(struct sasl_server *s)
{
    *s = (struct sasl_server){.mechanism = SASL_MECHANISM_COUNT};
}

void sasl_server_finish(struct sasl_server *s)
{
    bytes_finish(&s->user);
    bytes_finish(&s->challenge);
    bytes_finish(&s->nonce);
    bytes_finish(&s->host);
    bytes_finish(&s->front);
    bytes_finish(&s->said);
    bytes_finish(&s->proof);
}

static void renew(struct sasl_server *s)
{
    bytes_renew(&s->user, TEXT_MAX);
    bytes_renew(&s->challenge, TEXT_MAX);
    bytes_renew(&s->nonce, TEXT_MAX);
    bytes_renew(&s->host, TEXT_MAX);
    bytes_renew(&s->front, TEXT_MAX);
    bytes_renew(&s->said, TEXT_MAX);
    bytes_renew(&s->proof, TEXT_MAX);
}

static enum sasl_step challenge(struct sasl_server *s, enum stage next)
{
    s->stage = next;
    return SASL_STEP_CHALLENGE;
}

static enum sasl_step end(struct sasl_server *s, enum sasl_step how)
{
    s->stage = STAGE_OVER;
    bytes_clear(&s->challenge);
    return how;
}

static enum sasl_step ask_password(struct sasl_server *s)
{
    s->stage = STAGE_PASSWORD;
    return SASL_STEP_PASSWORD;
}

enum sasl_step sasl_server_begin(struct sasl_server *s, enum sasl_mechanism mechanism,
                                 struct slice nonce, struct slice host)
{
    check(mechanism < SASL_MECHANISM_COUNT);
    s->mechanism = mechanism;
    s->is_stranger = false;
    renew(s);
    bytes_append(&s->nonce, slice_part(nonce, 0, SASL_SCRAM_NONCE_MAX));
    bytes_append(&s->host, slice_part(host, 0, SASL_SCRAM_NONCE_MAX));
    if (mechanism == SASL_LOGIN) {
        bytes_append(&s->challenge, SLICE("Username:"));
    } else if (mechanism == SASL_CRAM_MD5) {
        /* Of the form of a msg-id (RFC 2195 2). */
        const struct slice texts[] = {SLICE("<"), bytes_slice(&s->nonce), SLICE("@"),
                                      bytes_slice(&s->host), SLICE(">")};
        bytes_append_all(&s->challenge, texts, 5);
    }
    return challenge(s, STAGE_FIRST);
}

/* Who wants to act for somebody else is a stranger here: there are no proxies. */
static void take_authorization(struct sasl_server *s, struct slice name)
{
    s->is_stranger = name.size > 0 && !slice_equal_fold(name, bytes_slice(&s->user));
}

/* ---- PLAIN, LOGIN ---- */

static enum sasl_step feed_plain(struct sasl_server *s, struct slice message)
{
    struct sasl_plain plain;
    if (!sasl_plain_read(message, &plain))
        return end(s, SASL_STEP_MALFORMED);
    bytes_append(&s->user, plain.user);
    bytes_append(&s->proof, plain.password);
    take_authorization(s, plain.authorization);
    return ask_password(s);
}

static enum sasl_step feed_login(struct sasl_server *s, struct slice message)
{
    if (message.size == 0 || slice_find_octet(message, '\0', 0) != SLICE_NONE)
        return end(s, SASL_STEP_MALFORMED);
    if (s->stage == STAGE_SECOND) {
        bytes_append(&s->proof, message);
        return ask_password(s);
    }
    bytes_append(&s->user, message);
    bytes_clear(&s->challenge);
    bytes_append(&s->challenge, SLICE("Password:"));
    return challenge(s, STAGE_SECOND);
}

static enum sasl_step judge(struct sasl_server *s, struct slice proof, bool is_known)
{
    bool is_right = sasl_digest_equal(proof, bytes_slice(&s->proof));
    return end(s, is_right && is_known && !s->is_stranger ? SASL_STEP_OK : SASL_STEP_DENIED);
}

/* ---- CRAM-MD5 ---- */

static bool is_hex(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (!strchr("0123456789abcdef", text.data[i]) || !text.data[i])
            return false;
    return text.size == SASL_DIGEST_MD5_HEX;
}

/* "user digest" (RFC 2195 2); the user's name may have spaces. */
static enum sasl_step feed_cram(struct sasl_server *s, struct slice message)
{
    size_t at = message.size > SASL_DIGEST_MD5_HEX ? message.size - SASL_DIGEST_MD5_HEX - 1 : 0;
    struct slice digest = slice_part(message, at + 1, message.size);
    if (at == 0 || message.data[at] != ' ' || !is_hex(digest) ||
        slice_find_octet(message, '\0', 0) != SLICE_NONE)
        return end(s, SASL_STEP_MALFORMED);
    bytes_append(&s->user, slice_part(message, 0, at));
    bytes_append(&s->proof, digest);
    return ask_password(s);
}

static enum sasl_step judge_cram(struct sasl_server *s, struct slice password, bool is_known)
{
    char hex[SASL_DIGEST_MD5_HEX];
    sasl_digest_hmac_md5(password, bytes_slice(&s->challenge), hex);
    return judge(s, (struct slice){hex, sizeof hex}, is_known);
}

/* ---- SCRAM-SHA-256 ---- */

static struct slice octets(const unsigned char *digest)
{
    return (struct slice){(const char *)digest, SASL_DIGEST_SHA256};
}

/* gs2-header (RFC 5802 7): "n" or "y", as we offer no channel binding, then whom to act for. It is
   kept, for the client has to repeat it. */
static bool take_front(struct sasl_server *s, struct slice *message, struct slice *act_for)
{
    struct slice all = *message, flag, name;
    if (!slice_cut(message, ',', &flag) ||
        !(slice_equal(flag, SLICE("n")) || slice_equal(flag, SLICE("y"))))
        return false;
    *act_for = (struct slice){0};
    if (!slice_cut(message, ',', &name) || (name.size > 0 && !sasl_scram_take(&name, 'a', act_for)))
        return false;
    return bytes_append(&s->front, slice_part(all, 0, all.size - message->size));
}

/* client-first-message-bare: "n=user,r=nonce" (RFC 5802 7). What is mandatory and unknown ("m=...")
   ends it, which it does by standing where "n=" should. */
static bool take_first(struct sasl_server *s, struct slice message)
{
    struct slice act_for, name, nonce, bare;
    if (!take_front(s, &message, &act_for))
        return false;
    bare = message;
    if (!sasl_scram_take(&message, 'n', &name) || !sasl_scram_take(&message, 'r', &nonce) ||
        !sasl_scram_is_nonce(nonce) || !sasl_scram_is_rest(message))
        return false;
    /* Whom to act for goes into proof for a moment: it is a name, too. */
    if (!sasl_scram_read_name(name, &s->user) ||
        (act_for.size > 0 && !sasl_scram_read_name(act_for, &s->proof)))
        return false;
    take_authorization(s, bytes_slice(&s->proof));
    bytes_append(&s->said, bare);
    /* From now on: both nonces. */
    struct slice own = bytes_slice(&s->nonce);
    bytes_clear(&s->challenge);
    const struct slice both[] = {nonce, own};
    bytes_append_all(&s->challenge, both, 2);
    bytes_clear(&s->nonce);
    bytes_append(&s->nonce, bytes_slice(&s->challenge));
    return true;
}

/* A salt that stays the same for one name on one host, whether there is such a user or not: no
   clock and no chance is here to make another, and a stranger learns nothing from it. */
static void make_salt(const struct sasl_server *s, unsigned char salt[SASL_DIGEST_SHA256])
{
    sasl_digest_hmac_sha256(bytes_slice(&s->host), bytes_slice(&s->user), salt);
}

/* server-first-message; the keys to judge by are kept in proof. */
static enum sasl_step ask_proof(struct sasl_server *s, struct slice password)
{
    unsigned char salt[SASL_DIGEST_SHA256];
    struct sasl_scram_keys keys;
    char iterations[16];
    make_salt(s, salt);
    struct slice used = slice_part(octets(salt), 0, SASL_SCRAM_SALT);
    sasl_scram_recall_keys(s->memory, password, used, SASL_SCRAM_ITERATIONS, &keys);
    bytes_clear(&s->proof);
    bytes_append(&s->proof, octets(keys.stored));
    bytes_append(&s->proof, octets(keys.server));
    bytes_clear(&s->challenge);
    bytes_append(&s->challenge, SLICE("r="));
    bytes_append(&s->challenge, bytes_slice(&s->nonce));
    bytes_append(&s->challenge, SLICE(",s="));
    base64_write(used, &s->challenge);
    int size = snprintf(iterations, sizeof iterations, ",i=%d", SASL_SCRAM_ITERATIONS);
    bytes_append(&s->challenge, (struct slice){iterations, (size_t)size});
    const struct slice more[] = {SLICE(","), bytes_slice(&s->challenge)};
    bytes_append_all(&s->said, more, 2);
    return challenge(s, STAGE_SECOND);
}

/* "c=" repeats the header of the first message, in base64, "r=" is the nonce of both sides (RFC
   5802 5.1). */
static bool is_final(const struct sasl_server *s, struct slice before)
{
    struct slice binding, nonce;
    struct bytes front;
    if (!sasl_scram_take(&before, 'c', &binding) || !sasl_scram_take(&before, 'r', &nonce) ||
        !sasl_scram_is_rest(before) || !slice_equal(nonce, bytes_slice(&s->nonce)))
        return false;
    bytes_init(&front, TEXT_MAX);
    bool is_same =
        base64_read(binding, &front) && slice_equal(bytes_slice(&front), bytes_slice(&s->front));
    bytes_finish(&front);
    return is_same;
}

static enum sasl_step judge_proof(struct sasl_server *s, struct slice proof)
{
    struct sasl_scram_keys keys = {0};
    unsigned char signature[SASL_DIGEST_SHA256];
    memcpy(keys.stored, bytes_slice(&s->proof).data, sizeof keys.stored);
    memcpy(keys.server, bytes_slice(&s->proof).data + sizeof keys.stored, sizeof keys.server);
    if (!sasl_scram_is_proof(&keys, bytes_slice(&s->said), proof) || s->is_stranger)
        return end(s, SASL_STEP_DENIED);
    sasl_scram_sign(&keys, bytes_slice(&s->said), signature);
    bytes_clear(&s->challenge);
    bytes_append(&s->challenge, SLICE("v="));
    base64_write(octets(signature), &s->challenge);
    return challenge(s, STAGE_SIGNED);
}

/* client-final-message: what AuthMessage still lacks, then ",p=" and the proof. */
static enum sasl_step feed_proof(struct sasl_server *s, struct slice message)
{
    struct slice before, text;
    struct bytes proof;
    if (!sasl_scram_take_last(message, 'p', &before, &text) || !is_final(s, before))
        return end(s, SASL_STEP_MALFORMED);
    bytes_init(&proof, SASL_MESSAGE_MAX);
    const struct slice more[] = {SLICE(","), before};
    bool is_read = base64_read(text, &proof) && bytes_size(&proof) == SASL_DIGEST_SHA256 &&
                   bytes_append_all(&s->said, more, 2);
    enum sasl_step step =
        is_read ? judge_proof(s, bytes_slice(&proof)) : end(s, SASL_STEP_MALFORMED);
    bytes_finish(&proof);
    return step;
}

static enum sasl_step feed_scram(struct sasl_server *s, struct slice message)
{
    if (s->stage == STAGE_FIRST)
        return take_first(s, message) ? ask_password(s) : end(s, SASL_STEP_MALFORMED);
    if (s->stage == STAGE_SECOND)
        return feed_proof(s, message);
    return end(s, message.size == 0 ? SASL_STEP_OK : SASL_STEP_MALFORMED);
}

/* ---- all ---- */

enum sasl_step sasl_server_feed(struct sasl_server *s, struct slice message)
{
    check(s->stage != STAGE_OVER && s->stage != STAGE_PASSWORD);
    if (message.size > SASL_MESSAGE_MAX)
        return end(s, SASL_STEP_MALFORMED);
    switch (s->mechanism) {
    case SASL_PLAIN:
        return feed_plain(s, message);
    case SASL_LOGIN:
        return feed_login(s, message);
    case SASL_CRAM_MD5:
        return feed_cram(s, message);
    case SASL_SCRAM_SHA_256:
        return feed_scram(s, message);
    case SASL_MECHANISM_COUNT:
        break;
    }
    return end(s, SASL_STEP_MALFORMED);
}

enum sasl_step sasl_server_password(struct sasl_server *s, const struct slice *password)
{
    check(s->stage == STAGE_PASSWORD);
    bool is_known = password != NULL;
    struct slice secret = is_known ? *password : SLICE("");
    switch (s->mechanism) {
    case SASL_PLAIN:
    case SASL_LOGIN:
        return judge(s, secret, is_known);
    case SASL_CRAM_MD5:
        return judge_cram(s, secret, is_known);
    case SASL_SCRAM_SHA_256: /* a stranger is turned away only when the proof has come */
        s->is_stranger |= !is_known;
        return ask_proof(s, secret);
    case SASL_MECHANISM_COUNT:
        break;
    }
    return end(s, SASL_STEP_MALFORMED);
}
