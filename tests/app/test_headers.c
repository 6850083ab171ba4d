/* mailflow headers: a file, standard input, an mbox, and what is no header. */
#include <criterion/criterion.h>
#include <string.h>

#include "support_app.h"

#define WAY SOURCE_DIR "/tests/golden/headers/way.eml"

Test(headers, a_file_and_standard_input_give_the_same)
{
    static const char header[] =
        "From x Mon Mar  3 09:00:00 2025\n"
        "Received: from a.example.com by mx.example.org; 3 Mar 2025 "
        "09:00:00 +0000\nSubject: first\n\ntext\n\nFrom y\nSubject: second\n";
    struct support_result text = SUPPORT_RUN("headers", WAY);
    cr_expect_eq(text.status, 0);
    cr_expect_not_null(strstr(text.out, "submit.example.com"));
    cr_expect_not_null(strstr(text.out, "signed in as alice@example.com"));
    support_free(&text);
    struct support_result piped =
        support_run(header, (const char *const[]){"headers", "-", "--format", "json", NULL});
    cr_expect_eq(piped.status, 0);
    cr_expect_not_null(strstr(piped.out, "\"subject\":\"first\""), "of an mbox the first");
    cr_expect_not_null(strstr(piped.out, "\"by\":\"mx.example.org\""));
    cr_expect_null(strstr(piped.out, "second"));
    support_free(&piped);
}

Test(headers, ascii_is_ascii_and_the_width_is_kept)
{
    struct support_result text = SUPPORT_RUN("headers", "--ascii", "--width", "50", WAY);
    size_t column = 0;
    for (size_t i = 0; i < text.out_size; i++) {
        cr_assert(!(text.out[i] & 0x80));
        column = text.out[i] == '\n' ? 0 : column + 1;
        cr_assert_leq(column, 50u);
    }
    support_free(&text);
}

Test(headers, what_is_no_header_is_said_in_one_line)
{
    static const struct {
        const char *words[6];
        const char *says;
    } rows[] = {
        {{"headers", "/nowhere.eml"},
         "mailflow headers: /nowhere.eml cannot be read: No such file or directory\n"},
        {{"headers", SUPPORT_TWO_TOWNS},
         "mailflow headers: " SUPPORT_TWO_TOWNS
         ": there is no header of a message at its beginning; a line such as \"Received: ...\" or "
         "\"From: ...\" is expected\n"},
        {{"headers", WAY, "--format", "xml"},
         "mailflow headers: --format: unknown format \"xml\"; there are text and json\n"},
        {{"headers"}, "mailflow headers: FILE|- is missing; see mailflow help headers\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct support_result result = support_run(NULL, rows[i].words);
        cr_expect_eq(result.status, 2);
        cr_expect_str_eq(result.err, rows[i].says);
        support_free(&result);
    }
}
