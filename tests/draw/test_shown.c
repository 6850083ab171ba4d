#include <criterion/criterion.h>
#include <string.h>

#include "render/draw/shown.h"
#include "sim/base/bytes.h"
#include "sim/base/random.h"

static void show(struct slice in, struct bytes *out)
{
    char text[SHOWN_OCTETS];
    uint32_t code;
    size_t size;
    bytes_init(out, 1 << 20);
    while ((size = shown_next(&in, text, &code)) > 0)
        bytes_append(out, (struct slice){text, size});
}

static void expect(struct slice in, const char *expected)
{
    struct bytes out;
    show(in, &out);
    cr_expect(slice_equal(bytes_slice(&out), slice_of(expected)), "expected %s, got %.*s", expected,
              SLICE_ARG(bytes_slice(&out)));
    bytes_finish(&out);
}

Test(shown, plain_text_stays_as_it_is)
{
    expect(SLICE("MAIL FROM:<a@b.example>"), "MAIL FROM:<a@b.example>");
    expect(SLICE("gr\xC3\xBC\xC3\x9F \xE4\xBD\xA0 \xF0\x9F\x93\xA7"),
           "gr\xC3\xBC\xC3\x9F \xE4\xBD\xA0 \xF0\x9F\x93\xA7");
}

Test(shown, control_characters_become_visible)
{
    expect(SLICE("a\r\n\x00\x1B[31m\x7F"), "a\\x0d\\x0a\\x00\\x1b[31m\\x7f");
    expect(SLICE("a\tb"), "a    b");
    expect(SLICE("\xC2\x85"), "\\u0085");
}

/* RFC 3629, section 3: no overlong forms, no surrogates, nothing above U+10FFFF. */
Test(shown, octets_that_are_not_utf8_become_visible_one_by_one)
{
    expect(SLICE("\xFF"), "\\xff");
    expect(SLICE("\xC0\x80"), "\\xc0\\x80");
    expect(SLICE("\xE0\x80\x80"), "\\xe0\\x80\\x80");
    expect(SLICE("\xED\xA0\x80"), "\\xed\\xa0\\x80");
    expect(SLICE("\xF4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
    expect(SLICE("\xE4\xBD"), "\\xe4\\xbd");
    expect(SLICE("\xE4\xBDz"), "\\xe4\\xbdz");
    expect(SLICE("\x80"), "\\x80");
}

Test(shown, invisible_and_turning_characters_become_visible)
{
    expect(SLICE("exe.\xE2\x80\xAE"
                 "fdp"),
           "exe.\\u202efdp");
    expect(SLICE("a\xE2\x80\x8B"
                 "b"),
           "a\\u200bb");
    expect(SLICE("\xEF\xBB\xBF\xEF\xBF\xBE"), "\\ufeff\\ufffe");
    expect(SLICE("\xF3\xA0\x81\x81"), "\\ue0041");
    expect(SLICE("\xF4\x8F\xBF\xBF"), "\\u10ffff");
}

Test(shown, any_octets_become_characters_that_show_as_themselves)
{
    struct random random;
    random_init(&random, 1, SLICE("shown"));
    for (int round = 0; round < 2000; round++) {
        char octets[24];
        struct bytes once, twice;
        for (size_t i = 0; i < sizeof octets; i++)
            octets[i] = (char)(random_u64(&random) % 3 ? random_u64(&random) : 0xE2);
        show((struct slice){octets, sizeof octets}, &once);
        show(bytes_slice(&once), &twice);
        cr_expect(slice_equal(bytes_slice(&once), bytes_slice(&twice)));
        bytes_finish(&once);
        bytes_finish(&twice);
    }
}

Test(shown, a_step_is_as_long_as_what_is_taken)
{
    struct slice text = SLICE("a\xC3\xBC\xFF\xE4\xBD\xA0");
    static const size_t steps[] = {1, 2, 1, 3};
    for (size_t i = 0; i < 4; i++) {
        cr_expect_eq(shown_step(text), steps[i]);
        text = slice_part(text, steps[i], text.size);
    }
    cr_expect_eq(shown_step(text), 0);
}
