/*
 * Letters without case, by rule and not by locale.
 */
#include "agents/mail/fold.h"

#include <criterion/criterion.h>

#include "sim/base/utf8.h"
#include "tests/mail/support_mail.h"

enum { OCTETS = 1 << 16 };

static void expect_folded(const char *text, const char *expected)
{
    struct bytes out;
    bytes_init(&out, strlen(text));
    cr_expect(fold_write(slice_of(text), &out));
    expect_text(bytes_slice(&out), expected);
    bytes_finish(&out);
}

Test(fold, capital_letters_become_small)
{
    expect_folded("Hello [W\xC3\x96RLD] 1@", "hello [w\xC3\xB6rld] 1@");
    expect_folded("\xC3\x80\xC3\x97\xC3\x9E\xC3\x9F\xC3\xBF",
                  "\xC3\xA0\xC3\x97\xC3\xBE\xC3\x9F\xC3\xBF");
    expect_folded("\xC4\x8C\xC5\x81\xC5\xB8\xC5\xBD",
                  "\xC4\x8D\xC5\x82\xC3\xBF\xC5\xBE"); /* CLYZ */
    expect_folded("\xCE\x91\xCE\xA9\xCF\x82\xCE\x86\xCE\x8F",
                  "\xCE\xB1\xCF\x89\xCF\x83\xCE\xAC\xCF\x8E");
    expect_folded("\xD0\x81\xD0\x9F\xD0\xAF\xD2\x90", "\xD1\x91\xD0\xBF\xD1\x8F\xD2\x91");
    expect_folded("\xC4\xB0\xC5\xBF\xC2\xB5", "is\xCE\xBC");
    expect_folded("\xE4\xBD\xA0\xFF\xC3", "\xE4\xBD\xA0\xFF\xC3"); /* not UTF-8: as it is */
}

Test(fold, each_pair_has_one_key)
{
    /* so many does Unicode's simple case folding change there, archaic Greek left out */
    unsigned capitals = 0;
    for (uint32_t letter = 0; letter < 0x20000; letter++) {
        uint32_t folded = fold_letter(letter);
        struct bytes before, after;
        cr_assert_eq(fold_letter(folded), folded, "%x", letter);
        capitals += folded != letter;
        if (folded == letter)
            continue;
        bytes_init(&before, 4);
        bytes_init(&after, 4);
        cr_assert(utf8_append(letter, &before) && utf8_append(folded, &after));
        cr_assert_leq(bytes_size(&after), bytes_size(&before));
        bytes_finish(&before);
        bytes_finish(&after);
    }
    cr_expect_eq(capitals, 315, "%u", capitals);
}

Test(fold, what_does_not_fit_leaves_the_output_as_it_was)
{
    for (size_t room = 0; room <= 4; room++) {
        struct bytes out;
        bytes_init(&out, room);
        cr_expect_eq(fold_write(SLICE("A\xC3\x96"
                                      "B"),
                                &out),
                     room == 4);
        cr_expect_eq(bytes_size(&out), room == 4 ? 4 : 0);
        bytes_finish(&out);
    }
}
