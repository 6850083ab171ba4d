/*
 * A key record in the first line, and then a message of any octets, whose signatures are checked.
 * Nothing may be read outside. Whatever the header, what is signed here afterwards verifies here.
 */
#include "agents/mail/header.h"
#include "agents/proto/dkim.h"
#include "sim/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SIGNATURES_MAX = 8, NOW_S = 1740992400 };

static void verify_all(struct slice record, struct slice header, struct slice body)
{
    struct arena arena;
    struct header_field field;
    struct slice rest = header;
    const char *why;
    int count = 0;
    arena_init(&arena);
    while (count < SIGNATURES_MAX && header_next(&rest, &field)) {
        struct dkim_signature signature;
        struct dkim_key key;
        if (!slice_equal_fold(field.name, SLICE("DKIM-Signature")))
            continue;
        count++;
        bool is_read = dkim_signature_read(field.whole, &arena, &signature, &why);
        check(why && (is_read || why[0]));
        if (!is_read)
            continue;
        check(dkim_key_name(&signature, &arena).size > SLICE("._domainkey.").size);
        if (dkim_key_read(record, &arena, &key, &why))
            check((dkim_verify(&signature, &key, header, body, NOW_S, &why) == DKIM_PASS) ==
                  (why[0] == '\0'));
    }
    arena_finish(&arena);
}

static void sign_and_verify(struct slice header, struct slice body)
{
    struct random random;
    struct arena arena;
    struct bytes out;
    struct header_field field;
    struct dkim_signature signature;
    struct dkim_key key;
    const char *why;
    arena_init(&arena);
    bytes_init(&out, SIZE_MAX / 2);
    random_init(&random, 1, SLICE("fuzz"));
    struct dkim_secret *secret = dkim_secret_create(DKIM_ED25519_SHA256, &random);
    struct dkim_signing signing = {.secret = secret,
                                   .domain = SLICE("example.com"),
                                   .selector = SLICE("mail"),
                                   .is_simple = body.size & 1,
                                   .now_s = NOW_S};
    if (dkim_sign(&signing, header, body, &out)) {
        check(bytes_append(&out, header));
        check(header_find(bytes_slice(&out), SLICE("DKIM-Signature"), 1, &field) &&
              dkim_signature_read(field.whole, &arena, &signature, &why) &&
              dkim_key_read(dkim_secret_record(secret, &arena), &arena, &key, &why));
        check(dkim_verify(&signature, &key, bytes_slice(&out), body, NOW_S, &why) == DKIM_PASS);
    }
    dkim_secret_destroy(secret);
    bytes_finish(&out);
    arena_finish(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice content = {(const char *)data, size}, record, header, body;
    if (!slice_cut(&content, '\n', &record))
        return 0;
    header_split(content, &header, &body);
    verify_all(record, header, body);
    /* a line that begins with a blank would belong to the field that is put before it */
    if (header.size > 0 && header.data[0] != ' ' && header.data[0] != '\t')
        sign_and_verify(header, body);
    return 0;
}
