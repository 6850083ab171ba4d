#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "sim/base/base64.h"
#include "agents/proto/sasl_scram.h"

/* The example of RFC 7677 3, from both sides: AuthMessage is what was said. */
#define SAID                                                                                       \
    "n=user,r=rOprNGfwEbeRWgbNEkqO,"                                                               \
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"      \
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"

static void expect_base64(const unsigned char *digest, const char *expected)
{
    struct bytes text;
    bytes_init(&text, 100);
    base64_write((struct slice){(const char *)digest, SASL_DIGEST_SHA256}, &text);
    cr_expect(slice_equal(bytes_slice(&text), slice_of(expected)), "%.*s",
              SLICE_ARG(bytes_slice(&text)));
    bytes_finish(&text);
}

Test(sasl_scram, proof_and_signature_are_those_of_the_rfc)
{
    struct sasl_scram_keys keys;
    struct bytes salt;
    unsigned char proof[SASL_DIGEST_SHA256], signature[SASL_DIGEST_SHA256];
    bytes_init(&salt, 100);
    cr_assert(base64_read(SLICE("W22ZaJ0SNY7soEsUEjb6gQ=="), &salt));
    sasl_scram_make_keys(SLICE("pencil"), bytes_slice(&salt), 4096, &keys);
    sasl_scram_prove(&keys, SLICE(SAID), proof);
    sasl_scram_sign(&keys, SLICE(SAID), signature);
    expect_base64(proof, "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
    expect_base64(signature, "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    struct slice shown = {(const char *)proof, sizeof proof};
    cr_expect(sasl_scram_is_proof(&keys, SLICE(SAID), shown));
    cr_expect_not(sasl_scram_is_proof(&keys, SLICE(SAID "x"), shown));
    proof[7] ^= 1;
    cr_expect_not(sasl_scram_is_proof(&keys, SLICE(SAID), shown));
    bytes_finish(&salt);
}

Test(sasl_scram, a_name_comes_back_as_it_went)
{
    static const char *const names[] = {"alice", "a,b", "=", ",,==", "=2C", "p\xC3\xA4ul"};
    struct bytes text, back;
    bytes_init(&text, 100);
    bytes_init(&back, 100);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        bytes_clear(&text);
        bytes_clear(&back);
        sasl_scram_put_name(slice_of(names[i]), &text);
        cr_expect_eq(slice_find_octet(bytes_slice(&text), ',', 0), SLICE_NONE);
        cr_expect(sasl_scram_read_name(bytes_slice(&text), &back));
        cr_expect(slice_equal(bytes_slice(&back), slice_of(names[i])), "%s", names[i]);
    }
    bytes_finish(&text);
    bytes_finish(&back);
}

Test(sasl_scram, keys_are_made_once_and_are_the_same_as_new_ones)
{
    struct sasl_scram_memory memory = {0};
    struct sasl_scram_keys made, recalled;
    static const char *const words[] = {"pencil", "pencils", "", "pencil"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        for (uint32_t count = 1; count < 4; count++) {
            sasl_scram_make_keys(slice_of(words[i]), SLICE("salt"), count, &made);
            sasl_scram_recall_keys(&memory, slice_of(words[i]), SLICE("salt"), count, &recalled);
            cr_expect_arr_eq(&made, &recalled, sizeof made, "%s %u", words[i], count);
        }
    cr_expect_eq(memory.next, 9, "what was there is not made again: %u", memory.next);
    sasl_scram_make_keys(SLICE("pencil"), SLICE("other"), 1, &made);
    sasl_scram_recall_keys(&memory, SLICE("pencil"), SLICE("other"), 1, &recalled);
    cr_expect_arr_eq(&made, &recalled, sizeof made);
}

Test(sasl_scram, the_oldest_keys_are_forgotten)
{
    struct sasl_scram_memory memory = {0};
    struct sasl_scram_keys made, recalled;
    for (uint32_t count = 1; count <= SASL_SCRAM_MEMORY + 1; count++)
        sasl_scram_recall_keys(&memory, SLICE("pencil"), SLICE("salt"), count, &recalled);
    cr_expect_eq(memory.next, SASL_SCRAM_MEMORY + 1);
    sasl_scram_recall_keys(&memory, SLICE("pencil"), SLICE("salt"), 1, &recalled);
    cr_expect_eq(memory.next, SASL_SCRAM_MEMORY + 2, "1 was the oldest");
    sasl_scram_make_keys(SLICE("pencil"), SLICE("salt"), 1, &made);
    cr_expect_arr_eq(&made, &recalled, sizeof made);
}
