/* What was undone is said in words, with what it was about. */
#include "app/deed_words.h"

#include <criterion/criterion.h>
#include <string.h>

Test(deed_words, a_line_is_said_by_what_it_did_and_what_it_was_about)
{
    static const struct {
        const char *line, *words;
    } rows[] = {
        {"fault mx1-down on", "a fault: mx1-down on"},
        {"fetch by=pc-bob", "getting mail: by=pc-bob"},
        {"host move mx1 x=1 y=2\nhost move mx2 x=3 y=4", "a host: move mx1 x=1 y=2"},
        {"cut a:b", "a cut line: a:b"},
        {"conjure x", "conjure x"},
        {"", ""},
    };
    char words[DEED_WORDS];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        deed_words(slice_of(rows[i].line), words);
        cr_expect_str_eq(words, rows[i].words);
    }
}

Test(deed_words, a_long_one_is_cut_between_characters)
{
    char line[400] = "send ", words[DEED_WORDS];
    for (int i = 0; i < 60; i++)
        strcat(line, "a\xC3\xBC"); /* three octets a pair: the cut may not halve one */
    deed_words(slice_of(line), words);
    size_t size = strlen(words);
    cr_expect_str_eq(words + size - 3, "\xE2\x80\xA6");
    cr_expect_lt(size, 100);
    cr_expect_neq((unsigned char)words[size - 4], 0xC3);
}
