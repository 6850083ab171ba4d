#include <criterion/criterion.h>
#include <string.h>

#include "render/view/part_faults.h"
#include "tests/view/support_letter.h"
#include "tests/view/support_list.h"

#define MIXED "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"

static const char two_parts[] =
    MIXED "--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
          "Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=FC=DFe\r\n"
          "--b\r\nContent-Type: image/png; name=dot.png\r\n"
          "Content-Transfer-Encoding: base64\r\n"
          "Content-Disposition: attachment; filename=\"small dot.png\"\r\n\r\n"
          "iVBORw0KGgo=\r\n--b--\r\n";

static void show(struct letter *l, struct slice content)
{
    letter_begin(l);
    letter_written(l, content);
    letter_show(l, "parts");
}

Test(parts, shows_the_tree_with_types_encodings_charsets_and_names)
{
    struct letter l;
    show(&l, slice_of(two_parts));
    static const char *const texts[] = {
        "multipart/mixed", "1  text/plain", "quoted-printable",        "iso-8859-1",
        "2  image/png",    "small dot.png", "a picture (RFC 2046 4.2)"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        cr_expect(letter_tells(&l, texts[i]), "%s", texts[i]);
    letter_end(&l);
}

Test(parts, a_press_shows_a_text_decoded_and_a_picture_as_octets)
{
    struct letter l;
    show(&l, slice_of(two_parts));
    cr_expect(!support_shows(l.view, &l.list,
                             "Gr\xC3\xBC\xC3\x9F"
                             "e"));
    cr_assert(view_press_widget(l.view, "part-2"));
    cr_expect(support_shows(l.view, &l.list,
                            "Gr\xC3\xBC\xC3\x9F"
                            "e"));
    cr_assert(view_press_widget(l.view, "part-3"));
    cr_expect(support_shows(l.view, &l.list, "89 50 4e 47"));
    cr_expect(letter_tells(&l, "8 octets, of 12 on the way"));
    cr_assert(view_press_widget(l.view, "part-3"));
    cr_expect(!support_shows(l.view, &l.list, "89 50 4e 47"), "pressed again it closes");
    letter_end(&l);
}

Test(parts, each_fault_of_structure_is_found_and_only_that)
{
    static const struct {
        const char *content;
        uint32_t part;
        int fault; /* -1: none */
    } rows[] = {
        {"Subject: plain\r\n\r\nHi\r\n", 0, -1},
        {two_parts, 0, -1},
        {two_parts, 1, -1},
        {two_parts, 2, -1},
        {"Content-Type: text/plain\r\n\r\nHi\r\n", 0, PART_NO_VERSION},
        {"MIME-Version: 1.0\r\nContent-Type: multipart/mixed\r\n\r\nHi\r\n", 0, PART_NO_BOUNDARY},
        {MIXED "nothing divided\r\n", 0, PART_NOT_DIVIDED},
        {MIXED "--b\r\n\r\nHi\r\n", 0, PART_NOT_CLOSED},
        {"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n"
         "Content-Transfer-Encoding: base64\r\n\r\n--b\r\n\r\nHi\r\n--b--\r\n",
         0, PART_ENCODED_MULTI},
        {"MIME-Version: 1.0\r\nContent-Transfer-Encoding: x-zip\r\n\r\nHi\r\n", 0,
         PART_BAD_ENCODING},
        {"MIME-Version: 1.0\r\nContent-Transfer-Encoding: base64\r\n\r\nSGk*\r\n", 0,
         PART_BAD_BASE64},
        {"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=klingon\r\n\r\nHi\r\n", 0,
         PART_BAD_CHARSET},
        {"Subject: x\r\n\r\nGr\xFC\xDF"
         "e\r\n",
         0, PART_8BIT_IN_7BIT},
        {"Subject: x\r\n\r\nHi\nyou\r\n", 0, PART_BARE_END},
        {"Subject: x\r\n\r\nHi\ryou\r\n", 0, PART_BARE_END},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mime mime;
        mime_read(&mime, slice_of(rows[i].content));
        cr_assert_lt(rows[i].part, mime.parts.count, "row %zu", i);
        unsigned wanted = rows[i].fault < 0 ? 0 : 1u << rows[i].fault;
        cr_expect_eq(part_faults(&mime, rows[i].part), wanted, "row %zu: %x", i,
                     part_faults(&mime, rows[i].part));
        mime_finish(&mime);
    }
    for (int f = 0; f < PART_FAULT_COUNT; f++)
        cr_expect_gt(strlen(part_fault_text((enum part_fault)f)), 20);
}

Test(parts, nul_octets_and_long_lines_are_faults_too)
{
    static char content[2000] = "Subject: x\r\n\r\n";
    memset(content + 14, 'x', 1500);
    memcpy(content + 1514, "\0\r\n", 3);
    struct mime mime;
    mime_read(&mime, (struct slice){content, 1517});
    cr_expect_eq(part_faults(&mime, 0), 1u << PART_NUL | 1u << PART_LONG_LINE);
    mime_finish(&mime);
}

Test(parts, a_message_in_a_message_sixty_deep_is_shown_as_far_as_it_is_read)
{
    struct bytes content;
    bytes_init(&content, 1 << 20);
    cr_assert(bytes_append(&content, SLICE("MIME-Version: 1.0\r\n")));
    for (int i = 0; i < 60; i++)
        cr_assert(bytes_append(&content, SLICE("Content-Type: message/rfc822\r\n\r\n")));
    struct letter l;
    show(&l, bytes_slice(&content));
    cr_expect(letter_tells(&l, "1.1.1.1.1.1.1.1"));
    letter_end(&l);
    struct mime mime;
    mime_read(&mime, bytes_slice(&content));
    uint32_t last = (uint32_t)mime.parts.count - 1;
    cr_expect(part_faults(&mime, last) & 1u << PART_TOO_DEEP, "depth %u",
              (unsigned)mime.parts.items[last].depth);
    cr_expect(!(part_faults(&mime, 0) & 1u << PART_TOO_DEEP));
    mime_finish(&mime);
    bytes_finish(&content);
}
