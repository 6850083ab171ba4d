#include "agents/proto/sasl_scram.h"

#include <string.h>

static struct slice octets(const unsigned char *digest)
{
    return (struct slice){(const char *)digest, SASL_DIGEST_SHA256};
}

bool sasl_scram_take(struct slice *message, char attribute, struct slice *value)
{
    if (message->size < 2 || message->data[0] != attribute || message->data[1] != '=')
        return false;
    struct slice part;
    slice_cut(message, ',', &part);
    *value = slice_part(part, 2, part.size);
    return true;
}

bool sasl_scram_take_last(struct slice message, char attribute, struct slice *before,
                          struct slice *value)
{
    size_t at = message.size;
    while (at > 0 && message.data[at - 1] != ',')
        at--;
    if (at == 0)
        return false;
    struct slice last = slice_part(message, at, message.size);
    *before = slice_part(message, 0, at - 1);
    return sasl_scram_take(&last, attribute, value);
}

bool sasl_scram_is_rest(struct slice message)
{
    struct slice part;
    while (slice_cut(&message, ',', &part)) {
        char letter = part.size ? slice_lower(part.data[0]) : '\0';
        if (part.size < 3 || letter < 'a' || letter > 'z' || part.data[0] == 'm' ||
            part.data[1] != '=')
            return false;
    }
    return true;
}

bool sasl_scram_is_nonce(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < '!' || text.data[i] > '~' || text.data[i] == ',')
            return false;
    return text.size > 0 && text.size <= SASL_SCRAM_NONCE_MAX;
}

void sasl_scram_put_name(struct slice name, struct bytes *out)
{
    for (size_t i = 0; i < name.size; i++) {
        if (name.data[i] == '=')
            bytes_append(out, SLICE("=3D"));
        else if (name.data[i] == ',')
            bytes_append(out, SLICE("=2C"));
        else
            bytes_append_octet(out, name.data[i]);
    }
}

bool sasl_scram_read_name(struct slice text, struct bytes *out)
{
    for (size_t i = 0; i < text.size; i++) {
        struct slice rest = slice_part(text, i, text.size);
        char octet = text.data[i];
        if (octet == '\0' || octet == ',')
            return false;
        if (octet == '=') {
            bool is_comma = slice_starts(rest, SLICE("=2C"));
            if (!is_comma && !slice_starts(rest, SLICE("=3D")))
                return false;
            octet = is_comma ? ',' : '=';
            i += 2;
        }
        bytes_append_octet(out, octet);
    }
    return text.size > 0;
}

void sasl_scram_make_keys(struct slice password, struct slice salt, uint32_t iterations,
                          struct sasl_scram_keys *keys)
{
    unsigned char salted[SASL_DIGEST_SHA256];
    sasl_digest_pbkdf2(password, salt, iterations, salted);
    sasl_digest_hmac_sha256(octets(salted), SLICE("Client Key"), keys->client);
    sasl_digest_sha256(octets(keys->client), keys->stored);
    sasl_digest_hmac_sha256(octets(salted), SLICE("Server Key"), keys->server);
}

void sasl_scram_recall_keys(struct sasl_scram_memory *memory, struct slice password,
                            struct slice salt, uint32_t iterations, struct sasl_scram_keys *keys)
{
    unsigned char of[SASL_DIGEST_SHA256];
    if (!memory) {
        sasl_scram_make_keys(password, salt, iterations, keys);
        return;
    }
    sasl_digest_hmac_sha256(password, salt, of);
    for (uint32_t i = 0; i < SASL_SCRAM_MEMORY; i++)
        if (memory->made[i].iterations == iterations &&
            memcmp(memory->made[i].of, of, sizeof of) == 0) {
            *keys = memory->made[i].keys;
            return;
        }
    sasl_scram_make_keys(password, salt, iterations, keys);
    uint32_t place = memory->next++ % SASL_SCRAM_MEMORY;
    memcpy(memory->made[place].of, of, sizeof of);
    memory->made[place].iterations = iterations;
    memory->made[place].keys = *keys;
}

void sasl_scram_prove(const struct sasl_scram_keys *keys, struct slice said,
                      unsigned char proof[SASL_DIGEST_SHA256])
{
    sasl_digest_hmac_sha256(octets(keys->stored), said, proof);
    for (size_t i = 0; i < SASL_DIGEST_SHA256; i++)
        proof[i] ^= keys->client[i];
}

bool sasl_scram_is_proof(const struct sasl_scram_keys *keys, struct slice said, struct slice proof)
{
    unsigned char key[SASL_DIGEST_SHA256], stored[SASL_DIGEST_SHA256];
    if (proof.size != SASL_DIGEST_SHA256)
        return false;
    sasl_digest_hmac_sha256(octets(keys->stored), said, key);
    for (size_t i = 0; i < SASL_DIGEST_SHA256; i++)
        key[i] ^= (unsigned char)proof.data[i];
    sasl_digest_sha256(octets(key), stored);
    return sasl_digest_equal(octets(stored), octets(keys->stored));
}

void sasl_scram_sign(const struct sasl_scram_keys *keys, struct slice said,
                     unsigned char signature[SASL_DIGEST_SHA256])
{
    sasl_digest_hmac_sha256(octets(keys->server), said, signature);
}
