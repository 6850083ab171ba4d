/*
 * Searching messages for a text (RFC 9051 6.4.4).
 */
#include "agents/mail/text_search.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "sim/base/base64.h"
#include "tests/mail/support_mail.h"

enum { OCTETS = 1 << 20 };

static const char message[] =
    "From: =?iso-8859-1?Q?J=F6rg?= <joerg@example.com>\r\nSubject: Gr\xC3\xBC\xC3\x9F"
    "e aus\r\n K\xC3\xB6ln\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\npreamble\r\n"
    "--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n\r\nEin langer S=\r\natz mit =DCmlaut\r\n"
    "--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    "PHA+TsOkaGVyZXM8L3A+\r\n"
    "--b\r\nContent-Type: image/png; name=\"Bild.png\"\r\n\r\npixels\r\n"
    "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: within\r\n\r\ndeep down\r\n"
    "--b\r\nContent-Type: text/plain; charset=x-none\r\n\r\nodd \xC3\xBC\r\n--b--\r\n";

static void expect_found(const char *text, bool in_header, bool in_body)
{
    struct mime mime;
    struct text_search search;
    mime_read(&mime, SLICE(message));
    text_search_init(&search, slice_of(text));
    cr_expect_eq(text_search_header(&search, mime.parts.items[0].header), in_header, "%s", text);
    cr_expect_eq(text_search_body(&search, &mime), in_body, "%s", text);
    cr_expect_eq(text_search_message(&search, &mime), in_header || in_body, "%s", text);
    text_search_finish(&search);
    mime_finish(&mime);
}

Test(text_search, headers_are_searched_decoded)
{
    expect_found("j\xC3\xB6rg <JOERG", true, false);
    expect_found("\xC3\x9F"
                 "e aus k\xC3\x96ln",
                 true, false); /* over a fold */
    expect_found("subject: gr", true, false);
    expect_found("iso-8859-1?Q", false, false);
    expect_found("K\xC3\xB6ln\r\n", false, false);
}

Test(text_search, bodies_are_searched_with_encoding_and_charset_undone)
{
    expect_found("langer satz mit \xC3\xBCML", false, true);
    expect_found("n\xC3\x84heres", false, true);
    expect_found("deep", false, true);
    expect_found("subject: within", false, true);
    expect_found("bild.png", false, true);
    expect_found("odd \xC3\x9C", false, true);
    expect_found("pixels", false, false);   /* no text */
    expect_found("preamble", false, false); /* no part */
    expect_found("TsOkaGVy", false, false);
    expect_found("none such", false, false);
    expect_found("", true, true);
}

Test(text_search, a_text_is_found_wherever_it_lies_in_the_pieces)
{
    struct bytes plain, content;
    struct text_search search;
    bytes_init(&plain, OCTETS);
    bytes_init(&content, 2 * OCTETS);
    text_search_init(&search, SLICE("aab\xC3\xA4"));
    for (size_t before = 12270; before < 12300; before++) { /* about the end of a piece */
        struct mime mime;
        bytes_clear(&plain);
        bytes_clear(&content);
        for (size_t i = 0; i < before; i++)
            bytes_append_octet(&plain, 'a');
        bytes_append(&plain, SLICE("b\xC3\x84"
                                   "aaa"));
        bytes_append(&content, SLICE("Content-Transfer-Encoding: base64\r\n\r\n"));
        base64_write(bytes_slice(&plain), &content);
        mime_read(&mime, bytes_slice(&content));
        cr_expect(text_search_body(&search, &mime), "behind %zu", before);
        mime_finish(&mime);
    }
    text_search_finish(&search);
    bytes_finish(&plain);
    bytes_finish(&content);
}

/* The key is looked for in another way, at each place. */
static bool is_in(struct slice text, struct slice key)
{
    for (size_t i = 0; i + key.size <= text.size; i++)
        if (slice_equal(slice_part(text, i, i + key.size), key))
            return true;
    return false;
}

Test(text_search, it_finds_what_is_there_and_nothing_else)
{
    struct random random;
    random_init(&random, 1, SLICE("text_search"));
    for (int i = 0; i < 50000; i++) {
        char text[16], key[6];
        size_t text_size = random_below(&random, sizeof text + 1);
        size_t key_size = 1 + random_below(&random, sizeof key);
        for (size_t k = 0; k < text_size; k++)
            text[k] = (char)('a' + random_below(&random, 2));
        for (size_t k = 0; k < key_size; k++)
            key[k] = (char)('a' + random_below(&random, 2));
        struct slice where = {text, text_size}, what = {key, key_size};
        struct text_search search;
        text_search_init(&search, what);
        cr_assert_eq(text_search_utf8(&search, where), is_in(where, what), "%.*s in %.*s",
                     SLICE_ARG(what), SLICE_ARG(where));
        text_search_finish(&search);
    }
}
