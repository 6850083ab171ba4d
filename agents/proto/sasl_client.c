#include "agents/proto/sasl.h"

#include "sim/base/base64.h"
#include "sim/base/check.h"
#include "agents/proto/sasl_digest.h"
#include "agents/proto/sasl_scram.h"

/* Room for each text: SCRAM's AuthMessage is three messages long. */
enum { TEXT_MAX = 4 * SASL_MESSAGE_MAX };

#define GS2_HEADER "n,," /* no channel binding, acting for nobody else (RFC 5802 7) */

void sasl_client_init(struct sasl_client *c)
{
    *c = (struct sasl_client){.mechanism = SASL_MECHANISM_COUNT};
}

void sasl_client_finish(struct sasl_client *c)
{
    bytes_finish(&c->response);
    bytes_finish(&c->user);
    bytes_finish(&c->password);
    bytes_finish(&c->nonce);
    bytes_finish(&c->said);
    bytes_finish(&c->proof);
}

static void renew(struct sasl_client *c)
{
    bytes_renew(&c->response, TEXT_MAX);
    bytes_renew(&c->user, TEXT_MAX);
    bytes_renew(&c->password, TEXT_MAX);
    bytes_renew(&c->nonce, TEXT_MAX);
    bytes_renew(&c->said, TEXT_MAX);
    bytes_renew(&c->proof, TEXT_MAX);
}

/* client-first-message (RFC 5802 5); without its front it is the first part of AuthMessage. */
static void begin_scram(struct sasl_client *c)
{
    bytes_append(&c->said, SLICE("n="));
    sasl_scram_put_name(bytes_slice(&c->user), &c->said);
    bytes_append(&c->said, SLICE(",r="));
    bytes_append(&c->said, bytes_slice(&c->nonce));
    bytes_append(&c->response, SLICE(GS2_HEADER));
    bytes_append(&c->response, bytes_slice(&c->said));
}

static void begin_plain(struct sasl_client *c)
{
    bytes_append_octet(&c->response, '\0');
    bytes_append(&c->response, bytes_slice(&c->user));
    bytes_append_octet(&c->response, '\0');
    bytes_append(&c->response, bytes_slice(&c->password));
}

void sasl_client_begin(struct sasl_client *c, enum sasl_mechanism mechanism, struct slice user,
                       struct slice password, struct slice nonce)
{
    check(mechanism < SASL_MECHANISM_COUNT);
    c->mechanism = mechanism;
    c->stage = 0;
    renew(c);
    bytes_append(&c->user, slice_part(user, 0, SASL_MESSAGE_MAX / 4));
    bytes_append(&c->password, slice_part(password, 0, SASL_MESSAGE_MAX / 4));
    bytes_append(&c->nonce, slice_part(nonce, 0, SASL_SCRAM_NONCE_MAX));
    if (mechanism == SASL_PLAIN)
        begin_plain(c);
    else if (mechanism == SASL_SCRAM_SHA_256)
        begin_scram(c);
}

/* Whatever the two questions are called. */
static bool answer_login(struct sasl_client *c)
{
    if (c->stage > 1)
        return false;
    bytes_append(&c->response, bytes_slice(c->stage == 0 ? &c->user : &c->password));
    return true;
}

/* RFC 2195 2. */
static bool answer_cram(struct sasl_client *c, struct slice challenge)
{
    char hex[SASL_DIGEST_MD5_HEX];
    if (c->stage > 0 || challenge.size == 0)
        return false;
    sasl_digest_hmac_md5(bytes_slice(&c->password), challenge, hex);
    const struct slice texts[] = {bytes_slice(&c->user), SLICE(" "), {hex, sizeof hex}};
    return bytes_append_all(&c->response, texts, 3);
}

struct server_first {
    struct slice nonce;
    uint32_t iterations;
};

/* server-first-message: "r=...,s=...,i=...". The salt, decoded, is left in c->proof. The nonce must
   begin with ours and go on (RFC 5802 5.1). */
static bool read_first(struct sasl_client *c, struct slice message, struct server_first *first)
{
    struct slice salt, iterations;
    uint64_t number;
    if (!sasl_scram_take(&message, 'r', &first->nonce) || !sasl_scram_take(&message, 's', &salt) ||
        !sasl_scram_take(&message, 'i', &iterations) || !sasl_scram_is_rest(message))
        return false;
    if (!slice_starts(first->nonce, bytes_slice(&c->nonce)) ||
        first->nonce.size == bytes_size(&c->nonce) ||
        !sasl_scram_is_nonce(slice_part(first->nonce, bytes_size(&c->nonce), first->nonce.size)))
        return false;
    bytes_clear(&c->proof);
    if (!base64_read(salt, &c->proof) || bytes_size(&c->proof) == 0 ||
        bytes_size(&c->proof) > SASL_SCRAM_SALT_MAX)
        return false;
    if (!slice_to_u64(iterations, &number) || number < SASL_SCRAM_ITERATIONS ||
        number > SASL_SCRAM_ITERATIONS_MAX)
        return false;
    first->iterations = (uint32_t)number;
    return true;
}

static struct slice octets(const unsigned char *digest)
{
    return (struct slice){(const char *)digest, SASL_DIGEST_SHA256};
}

/* client-final-message; the signature that the server has to show is kept. */
static bool prove(struct sasl_client *c, struct slice challenge)
{
    struct server_first first;
    struct sasl_scram_keys keys;
    unsigned char proof[SASL_DIGEST_SHA256], signature[SASL_DIGEST_SHA256];
    if (!read_first(c, challenge, &first))
        return false;
    sasl_scram_recall_keys(c->memory, bytes_slice(&c->password), bytes_slice(&c->proof),
                           first.iterations, &keys);
    bytes_append(&c->response, SLICE("c="));
    base64_write(SLICE(GS2_HEADER), &c->response);
    bytes_append(&c->response, SLICE(",r="));
    bytes_append(&c->response, first.nonce);
    const struct slice more[] = {SLICE(","), challenge, SLICE(","), bytes_slice(&c->response)};
    if (!bytes_append_all(&c->said, more, 4))
        return false;
    sasl_scram_prove(&keys, bytes_slice(&c->said), proof);
    sasl_scram_sign(&keys, bytes_slice(&c->said), signature);
    bytes_clear(&c->proof);
    bytes_append(&c->proof, octets(signature));
    bytes_append(&c->response, SLICE(",p="));
    return base64_write(octets(proof), &c->response);
}

/* server-final-message: "v=..." or, a refusal, "e=...". Ours is the empty answer to it. */
static bool verify(struct sasl_client *c, struct slice message)
{
    struct slice text;
    if (!sasl_scram_take(&message, 'v', &text) || !sasl_scram_is_rest(message))
        return false;
    struct bytes signature;
    bytes_init(&signature, SASL_MESSAGE_MAX);
    bool is_it = base64_read(text, &signature) &&
                 sasl_digest_equal(bytes_slice(&signature), bytes_slice(&c->proof));
    bytes_finish(&signature);
    return is_it;
}

bool sasl_client_feed(struct sasl_client *c, struct slice challenge)
{
    bool ok = false;
    bytes_clear(&c->response);
    if (c->stage >= 0 && challenge.size <= SASL_MESSAGE_MAX) { /* who broke off stays silent */
        switch (c->mechanism) {
        case SASL_LOGIN:
            ok = answer_login(c);
            break;
        case SASL_CRAM_MD5:
            ok = answer_cram(c, challenge);
            break;
        case SASL_SCRAM_SHA_256:
            if (c->stage < 2)
                ok = c->stage == 0 ? prove(c, challenge) : verify(c, challenge);
            break;
        case SASL_PLAIN: /* it has said all */
        case SASL_MECHANISM_COUNT:
            break;
        }
    }
    if (!ok)
        bytes_clear(&c->response);
    c->stage = ok ? c->stage + 1 : -1;
    return ok;
}

bool sasl_client_is_satisfied(const struct sasl_client *c)
{
    static const int stages[] = {
        [SASL_PLAIN] = 0, [SASL_LOGIN] = 2, [SASL_CRAM_MD5] = 1, [SASL_SCRAM_SHA_256] = 2};
    return c->mechanism < SASL_MECHANISM_COUNT && c->stage == stages[c->mechanism];
}
