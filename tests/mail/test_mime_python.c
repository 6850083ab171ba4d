/*
 * Another reader's view of MIME: messages that Python's email package made must have the parts,
 * names and contents for us that they have for Python, and ours must have for Python what we meant.
 * See check_mime_with_python.py for the form in which both say what is in a message.
 */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "agents/mail/message.h"
#include "tests/mail/support_mail.h"

enum { OCTETS = 32 << 20 };

static void append_hex(struct bytes *out, struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        bytes_printf(out, "%02x", (unsigned char)text.data[i]);
}

/* What the script prints; skips the test where there is no Python. */
static void run_script(const char *arguments, struct bytes *answer)
{
    char command[1000], chunk[4096];
    size_t size;
    if (system("python3 -c 'import email' >/dev/null 2>&1") != 0)
        cr_skip_test("python3 is not installed here, so there is no second reader");
    snprintf(command, sizeof command, "python3 '%s/tests/mail/check_mime_with_python.py' %s 2>&1",
             SOURCE_DIR, arguments);
    FILE *python = popen(command, "r");
    cr_assert_not_null(python);
    while ((size = fread(chunk, 1, sizeof chunk, python)) > 0)
        cr_assert(bytes_append(answer, (struct slice){chunk, size}));
    cr_assert_eq(pclose(python), 0, "%.*s", SLICE_ARG(bytes_slice(answer)));
}

/* The file name as mail programs look for it: of Content-Disposition, or else of Content-Type. */
static bool file_name(const struct mime_part *part, struct bytes *name)
{
    struct header_field field;
    if (header_find(part->header, SLICE("Content-Disposition"), 1, &field) &&
        mime_parameter(field.value, SLICE("filename"), name))
        return true;
    return mime_parameter(part->parameters, SLICE("name"), name);
}

static void show_part(const struct mime_part *part, struct bytes *out)
{
    struct bytes name, content;
    bytes_init(&name, OCTETS);
    bytes_init(&content, OCTETS);
    bytes_printf(out, "%" PRIu32 " ", part->depth);
    for (size_t i = 0; i < part->type.size; i++)
        bytes_append_octet(out, slice_lower(part->type.data[i]));
    bytes_append_octet(out, '/');
    for (size_t i = 0; i < part->subtype.size; i++)
        bytes_append_octet(out, slice_lower(part->subtype.data[i]));
    bytes_append_octet(out, ' ');
    if (file_name(part, &name))
        append_hex(out, bytes_slice(&name));
    else
        bytes_append_octet(out, '-');
    bytes_append_octet(out, ' ');
    if (part->first_child)
        bytes_append_octet(out, '-');
    else if (mime_decode(part, &content))
        append_hex(out, bytes_slice(&content));
    bytes_append_octet(out, '\n');
    bytes_finish(&name);
    bytes_finish(&content);
}

static void show_message(struct slice content, struct bytes *out)
{
    struct mime mime;
    struct header_field subject;
    struct bytes text;
    bytes_init(&text, OCTETS);
    mime_read(&mime, content);
    if (header_find(mime.parts.items[0].header, SLICE("Subject"), 1, &subject))
        mime_decode_words(subject.value, &text);
    bytes_append(out, SLICE("subject "));
    append_hex(out, bytes_slice(&text));
    bytes_append_octet(out, '\n');
    for (size_t i = 0; i < mime.parts.count; i++)
        show_part(&mime.parts.items[i], out);
    bytes_append(out, SLICE("end\n"));
    mime_finish(&mime);
    bytes_finish(&text);
}

/* Line by line, so that a difference is seen where it is. */
static void expect_same(struct slice ours, struct slice pythons, int message)
{
    struct slice our_line = SLICE(""), python_line;
    while (slice_cut(&pythons, '\n', &python_line)) {
        cr_assert(slice_cut(&ours, '\n', &our_line), "message %d ends too early", message);
        cr_assert(slice_equal(our_line, python_line), "message %d: Python has '%.*s', we '%.*s'",
                  message, SLICE_ARG(python_line), SLICE_ARG(our_line));
    }
    cr_assert_eq(ours.size, 0);
}

Test(mime_python, messages_of_python_have_the_same_parts_for_us)
{
    struct bytes made, ours;
    int messages = 0;
    bytes_init(&made, OCTETS);
    bytes_init(&ours, OCTETS);
    run_script("make", &made);
    for (struct slice rest = bytes_slice(&made), size_line; slice_cut(&rest, '\n', &size_line);) {
        uint64_t size;
        cr_assert(slice_to_u64(size_line, &size) && size < rest.size);
        struct slice content = slice_part(rest, 0, size);
        size_t end = slice_find(rest, SLICE("\nend\n"), size);
        cr_assert_neq(end, SLICE_NONE);
        bytes_clear(&ours);
        show_message(content, &ours);
        expect_same(bytes_slice(&ours), slice_part(rest, size, end + 5), ++messages);
        rest = slice_part(rest, end + 5, rest.size);
    }
    cr_expect_eq(messages, 300);
    bytes_finish(&made);
    bytes_finish(&ours);
}

static void random_octets(struct random *r, size_t most, bool is_text, struct bytes *out)
{
    static const char *const texts[] = {"a",        " ", "=",  "\r\n", "--=_",
                                        "\xC3\xB6", ".", "\t", "From "};
    for (size_t n = random_below(r, most + 1); n > 0; n--) {
        if (is_text)
            bytes_append(out, slice_of(texts[random_below(r, 9)]));
        else
            bytes_append_octet(out, (char)random_below(r, 256));
    }
}

static void write_message(struct random *r, struct bytes *sent, struct bytes *expected)
{
    static const char *const names[] = {"",
                                        "a.txt",
                                        "gr\xC3\xB6\xC3\x9F"
                                        "e 1.pdf",
                                        "a\"b\\c;d.bin",
                                        "a-name-that-is-longer-than-one-line-of-a-header-may-be-by-"
                                        "the-rules-of-mail-and-goes-on.txt",
                                        "\xD0\x9E\xD1\x82\xD1\x87\xD1\x91\xD1\x82 \xD0\xB7\xD0\xB0 "
                                        "\xD0\xBC\xD0\xB0\xD1\x80\xD1\x82, "
                                        "\xD0\xBA\xD0\xBE\xD1\x82\xD0\xBE\xD1\x80\xD1\x8B\xD0\xB9 "
                                        "\xD0\xB4\xD0\xBB\xD0\xB8\xD0\xBD\xD0\xB5\xD0\xBD.doc"};
    struct mime_attachment attachments[3];
    struct bytes contents[3], body, whole, message;
    struct message_draft draft = {.from = SLICE("a@x"),
                                  .subject = SLICE("Gr\xC3\xBC\xC3\x9F"
                                                   "e")};
    bytes_init(&body, OCTETS);
    bytes_init(&whole, OCTETS);
    bytes_init(&message, OCTETS);
    random_octets(r, 300, true, &body);
    message_crlf(bytes_slice(&body), &whole);
    draft.body = bytes_slice(&body);
    draft.attachment_count = random_below(r, 4);
    draft.attachments = attachments;
    draft.is_quoted_printable = random_chance(r, 500000);
    bytes_append(expected, SLICE("subject 4772c3bcc39f65\n"));
    bytes_printf(expected, draft.attachment_count ? "0 multipart/mixed - -\n1 text/plain - "
                                                  : "0 text/plain - ");
    append_hex(expected, bytes_slice(&whole));
    bytes_append_octet(expected, '\n');
    for (size_t i = 0; i < draft.attachment_count; i++) {
        bytes_init(&contents[i], OCTETS);
        random_octets(r, 200, random_chance(r, 500000), &contents[i]);
        attachments[i] = (struct mime_attachment){slice_of(names[random_below(r, 6)]),
                                                  i ? SLICE("image/png") : SLICE("no type"),
                                                  bytes_slice(&contents[i])};
        bytes_printf(expected, "1 %s ", i ? "image/png" : "application/octet-stream");
        append_hex(expected, attachments[i].name);
        bytes_append(expected, attachments[i].name.size ? SLICE(" ") : SLICE("- "));
        append_hex(expected, attachments[i].content);
        bytes_append_octet(expected, '\n');
    }
    bytes_append(expected, SLICE("end\n"));
    cr_assert(message_write(&draft, &message));
    bytes_printf(sent, "%zu\n", bytes_size(&message));
    bytes_append(sent, bytes_slice(&message));
    for (size_t i = 0; i < draft.attachment_count; i++)
        bytes_finish(&contents[i]);
    bytes_finish(&body);
    bytes_finish(&whole);
    bytes_finish(&message);
}

Test(mime_python, our_messages_have_the_same_parts_for_python)
{
    char path[] = "/tmp/mailflow-mime-XXXXXX", arguments[64];
    struct random random;
    struct bytes sent, expected, answer;
    bytes_init(&sent, OCTETS);
    bytes_init(&expected, OCTETS);
    bytes_init(&answer, OCTETS);
    random_init(&random, 1, SLICE("mime_python"));
    for (int i = 0; i < 200; i++)
        write_message(&random, &sent, &expected);
    int descriptor = mkstemp(path);
    cr_assert_geq(descriptor, 0);
    struct slice octets = bytes_slice(&sent);
    cr_assert_eq(write(descriptor, octets.data, octets.size), (ssize_t)octets.size);
    close(descriptor);
    snprintf(arguments, sizeof arguments, "read %s", path);
    run_script(arguments, &answer);
    unlink(path);
    expect_same(bytes_slice(&expected), bytes_slice(&answer), 0);
    bytes_finish(&sent);
    bytes_finish(&expected);
    bytes_finish(&answer);
}
