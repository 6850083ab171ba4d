/*
 * Which octets a section means, by the example of RFC 9051 6.4.5.1: its message with its part
 * numbers, each of which is to give what the text of that part says.
 */
#include "agents/proto/imap_structure.h"

#include <criterion/criterion.h>
#include <stdlib.h>

enum { OCTETS = 1 << 16, PATH_MAX_COUNT = 8 };

#define MULTI(boundary) "Content-Type: multipart/mixed; boundary=" boundary "\r\n\r\n"

static const char three[] = "Subject: three\r\n" MULTI(
    "c") "--c\r\n\r\n3.1\r\n--c\r\n"
         "Content-Type: application/octet-stream\r\n\r\n3.2\r\n--c--\r\n";
static const char four_two[] = "Subject: four two\r\n" MULTI(
    "e") "--e\r\n\r\n4.2.1\r\n--e\r\n"
         "Content-Type: multipart/alternative; boundary=f\r\n\r\n--f\r\n\r\n4.2.2.1\r\n--f\r\n"
         "Content-Type: text/richtext\r\n\r\n4.2.2.2\r\n--f--\r\n\r\n--e--\r\n";

/* 1 text, 2 octet-stream, 3 message (mixed), 4 mixed of an image and a message (mixed). */
static void make_example(struct bytes *out)
{
    bytes_init(out, OCTETS);
    bytes_printf(
        out,
        "Subject: all\r\nFrom: a@x\r\n" MULTI(
            "b") "--b\r\n\r\n1\r\n--b\r\n"
                 "Content-Type: application/octet-stream\r\n\r\n2\r\n--b\r\n"
                 "Content-Type: message/rfc822\r\n\r\n%s\r\n--b\r\n" MULTI(
                     "d") "--d\r\nContent-Type: image/gif\r\nContent-ID: "
                          "<4.1>\r\n\r\n4.1\r\n--d\r\n"
                          "Content-Type: message/rfc822\r\n\r\n%s\r\n--d--\r\n\r\n--b--\r\n",
        three, four_two);
}

/* "4.2.2" as numbers. */
static size_t read_path(const char *text, uint32_t *path)
{
    size_t count = 0;
    for (char *end; *text; text = *end ? end + 1 : end)
        path[count++] = (uint32_t)strtoul(text, &end, 10);
    return count;
}

static bool find(struct slice content, const char *numbers, enum imap_section_text what,
                 const struct slice *fields, size_t field_count, struct bytes *found)
{
    uint32_t path[PATH_MAX_COUNT];
    struct imap_section section = {path, read_path(numbers, path), what, fields, field_count};
    struct mime mime;
    struct bytes built;
    struct slice octets;
    bytes_init(&built, content.size);
    bytes_init(found, OCTETS);
    mime_read(&mime, content);
    bool is_found = imap_section_find(&mime, &section, &octets, &built);
    if (is_found)
        bytes_append(found, octets);
    mime_finish(&mime);
    bytes_finish(&built);
    return is_found;
}

static void expect_section(struct slice content, const char *numbers, enum imap_section_text what,
                           const char *expected)
{
    struct bytes found;
    bool is_found = find(content, numbers, what, NULL, 0, &found);
    cr_expect_eq(is_found, expected != NULL, "%s", numbers);
    if (expected)
        cr_expect(slice_equal(bytes_slice(&found), slice_of(expected)),
                  "%s: '%s' expected, but: '%.*s'", numbers, expected,
                  SLICE_ARG(bytes_slice(&found)));
    bytes_finish(&found);
}

Test(imap_section, numbers_go_down_through_multiparts_and_messages)
{
    static const char *const leaves[] = {"1",   "2",     "3.1",     "3.2",
                                         "4.1", "4.2.1", "4.2.2.1", "4.2.2.2"};
    static const char *const missing[] = {"0",   "5",     "1.1",     "1.0",     "2.1", "3.3",
                                          "3.0", "4.1.1", "4.2.1.1", "4.2.2.3", "4.3"};
    struct bytes example;
    make_example(&example);
    for (size_t i = 0; i < sizeof leaves / sizeof *leaves; i++)
        expect_section(bytes_slice(&example), leaves[i], IMAP_SECTION_ALL, leaves[i]);
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++)
        expect_section(bytes_slice(&example), missing[i], IMAP_SECTION_ALL, NULL);
    expect_section(bytes_slice(&example), "3", IMAP_SECTION_ALL, three);
    expect_section(bytes_slice(&example), "4.2", IMAP_SECTION_ALL, four_two);
    bytes_append_octet(&example, '\0');
    expect_section(slice_part(bytes_slice(&example), 0, bytes_size(&example) - 1), "",
                   IMAP_SECTION_ALL, bytes_slice(&example).data);
    bytes_finish(&example);
}

Test(imap_section, header_and_text_are_of_messages_and_mime_of_parts)
{
    struct bytes example;
    make_example(&example);
    struct slice all = bytes_slice(&example);
    expect_section(all, "", IMAP_SECTION_HEADER, "Subject: all\r\nFrom: a@x\r\n" MULTI("b"));
    expect_section(all, "3", IMAP_SECTION_HEADER, "Subject: three\r\n" MULTI("c"));
    expect_section(all, "4.2", IMAP_SECTION_HEADER, "Subject: four two\r\n" MULTI("e"));
    expect_section(all, "3", IMAP_SECTION_TEXT,
                   strstr(three, "--c\r\n\r\n")); /* from the first boundary on */
    expect_section(all, "4.1", IMAP_SECTION_MIME,
                   "Content-Type: image/gif\r\nContent-ID: <4.1>\r\n\r\n");
    expect_section(all, "3", IMAP_SECTION_MIME, "Content-Type: message/rfc822\r\n\r\n");
    expect_section(all, "3.1", IMAP_SECTION_MIME, "\r\n");
    /* only a message/rfc822 has those, and MIME needs a number */
    expect_section(all, "1", IMAP_SECTION_HEADER, NULL);
    expect_section(all, "4", IMAP_SECTION_TEXT, NULL);
    expect_section(all, "4.2.2", IMAP_SECTION_HEADER, NULL);
    expect_section(all, "", IMAP_SECTION_MIME, NULL);
    bytes_finish(&example);
}

Test(imap_section, a_message_that_is_no_multipart_has_a_part_1)
{
    struct slice text = SLICE("Subject: x\r\n\r\nbody\r\n");
    expect_section(text, "1", IMAP_SECTION_ALL, "body\r\n");
    expect_section(text, "1", IMAP_SECTION_MIME, "Subject: x\r\n\r\n");
    expect_section(text, "", IMAP_SECTION_TEXT, "body\r\n");
    expect_section(text, "2", IMAP_SECTION_ALL, NULL);
    expect_section(text, "1.1", IMAP_SECTION_ALL, NULL);
    struct slice nested = SLICE("Content-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nbody\r\n");
    expect_section(nested, "1", IMAP_SECTION_ALL, "Subject: in\r\n\r\nbody\r\n");
    expect_section(nested, "1", IMAP_SECTION_HEADER, "Subject: in\r\n\r\n");
    expect_section(nested, "1.1", IMAP_SECTION_ALL, "body\r\n");
    expect_section(nested, "1.1.1", IMAP_SECTION_ALL, NULL);
}

static void expect_fields(struct slice content, enum imap_section_text what, const char *expected)
{
    static const struct slice fields[] = {{"subject", 7}, {"X-None", 6}, {"TO", 2}};
    struct bytes found;
    cr_expect(find(content, "", what, fields, 3, &found));
    cr_expect(slice_equal(bytes_slice(&found), slice_of(expected)), "'%s' expected, but: '%.*s'",
              expected, SLICE_ARG(bytes_slice(&found)));
    bytes_finish(&found);
}

Test(imap_section, header_fields_are_chosen_by_name_and_keep_their_order)
{
    struct slice content = SLICE("To: a@x\r\nFrom: b@x\r\nSUBJECT : one\r\n two\r\nno field\r\n"
                                 "To: c@x\r\nSubjects: no\r\n\r\nbody");
    expect_fields(content, IMAP_SECTION_HEADER_FIELDS,
                  "To: a@x\r\nSUBJECT : one\r\n two\r\nTo: c@x\r\n\r\n");
    expect_fields(content, IMAP_SECTION_HEADER_FIELDS_NOT,
                  "From: b@x\r\nno field\r\nSubjects: no\r\n\r\n");
    /* the empty line is left out only where the message has none (RFC 9051 6.4.5.1) */
    expect_fields(SLICE("From: b@x\r\nTo: a@x\r\n"), IMAP_SECTION_HEADER_FIELDS, "To: a@x\r\n");
    expect_fields(SLICE("From: b@x\r\n\r\n"), IMAP_SECTION_HEADER_FIELDS, "\r\n");
}
