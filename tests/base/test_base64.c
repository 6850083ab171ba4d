#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "sim/base/base64.h"

/* RFC 4648 10 */
static const struct {
    const char *octets, *text;
} vectors[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
};

Test(base64, the_vectors_of_the_rfc_hold_in_both_directions)
{
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        struct bytes out;
        bytes_init(&out, 100);
        cr_assert(base64_write(slice_of(vectors[i].octets), &out));
        cr_expect(slice_equal(bytes_slice(&out), slice_of(vectors[i].text)));
        bytes_clear(&out);
        cr_assert(base64_read(slice_of(vectors[i].text), &out));
        cr_expect(slice_equal(bytes_slice(&out), slice_of(vectors[i].octets)));
        bytes_finish(&out);
    }
}

Test(base64, every_octet_survives)
{
    char all[256];
    for (int i = 0; i < 256; i++)
        all[i] = (char)i;
    for (size_t size = 0; size <= sizeof all; size++) {
        struct bytes text, back;
        bytes_init(&text, 400);
        bytes_init(&back, 300);
        cr_assert(base64_write((struct slice){all, size}, &text));
        cr_assert(base64_read(bytes_slice(&text), &back));
        cr_expect(slice_equal(bytes_slice(&back), (struct slice){all, size}));
        bytes_finish(&text);
        bytes_finish(&back);
    }
}

/* RFC 4648 3.2, 3.3, 3.5: one octet string has one encoding. */
Test(base64, what_is_not_exactly_an_encoding_is_refused)
{
    static const char *const bad[] = {
        "Z",         "Zg",   "Zg=",  "Zg===",    "Z===", "====", "=",     "Zm9v\r\n", " Zm9",
        "Zm9v Zm9v", "Zh==", "Zm9=", "Zg==Zg==", "Z=g=", "Zm-_", "Zm9vZ", "Zm9v=",    "*"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct bytes out;
        bytes_init(&out, 100);
        bytes_append(&out, SLICE("kept"));
        cr_expect_not(base64_read(slice_of(bad[i]), &out), "%s", bad[i]);
        cr_expect(slice_equal(bytes_slice(&out), SLICE("kept")), "%s", bad[i]);
        bytes_finish(&out);
    }
}

Test(base64, what_does_not_fit_changes_nothing)
{
    struct bytes out;
    bytes_init(&out, 6);
    cr_expect_not(base64_write(SLICE("foob"), &out));
    cr_expect_eq(bytes_size(&out), 0);
    cr_expect_not(base64_read(SLICE("Zm9vYmFyZg=="), &out));
    cr_expect_eq(bytes_size(&out), 0);
    bytes_finish(&out);
}
