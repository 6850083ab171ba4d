/* A real message through a topology: `mailflow run --message FILE.eml`. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support_app.h"

static const char fields[] = "Received: from x by y; Mon, 3 Mar 2025 09:00:00 +0000\r\n"
                             "From: Alice A <alice@example.com>\r\n"
                             "To: Bob <bob@example.org>, z@nowhere.example\r\n"
                             "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n folded\r\n"
                             "X-Odd:no blank\r\n"
                             "Message-ID: <1@x>\r\nDate: Mon, 3 Mar 2025 09:00:00 +0000\r\n";

static struct support_result send(const char *content, const char *from, const char *to)
{
    const char *words[12] = {"run", SUPPORT_TWO_TOWNS, "--message", "-", "--export", "-.eml"};
    int count = 6;
    if (from)
        words[count++] = "--from", words[count++] = from;
    if (to)
        words[count++] = "--to", words[count++] = to;
    return support_run(content, words);
}

/* What was delivered, behind the trace fields that the servers have put in front. */
static void expect_delivered(const char *content, const char *expected)
{
    struct support_result r = send(content, NULL, NULL);
    cr_assert_eq(r.status, 0, "%s", r.err);
    size_t size = strlen(expected);
    cr_expect(r.out_size > size && strcmp(r.out + r.out_size - size, expected) == 0,
              "%s\n--- is not the end of ---\n%s", expected, r.out);
    support_free(&r);
}

Test(letter, a_message_arrives_with_its_own_header_and_body_octet_for_octet)
{
    char content[1024];
    snprintf(content, sizeof content, "%s\r\nHello\r\n.dot\r\n..two\r\nlatin \xe9\r\n", fields);
    expect_delivered(content, content);
}

/* RFC 5321 2.3.8, 4.4; RFC 5322 2.1, 2.1.1, 3.6.3 */
Test(letter, what_no_mail_program_may_send_is_mended)
{
    char content[4096], expected[4096], line[1201];
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    line[900] = ' ';
    snprintf(content, sizeof content,
             "From alice Mon Mar  3 09:00:00 2025\nReturn-Path: <alice@example.com>\n"
             "bcc: carol@example.net\n%sX-Long: %s\n\n%s\rb\nno end",
             fields, line, line);
    snprintf(expected, sizeof expected,
             "%sX-Long: %.901s\r\n %s\r\n\r\n%.901s\r\n%s\r\nb\r\nno end\r\n", fields, line,
             line + 901, line, line + 901);
    struct support_result r = send(content, NULL, NULL);
    cr_assert_eq(r.status, 0, "%s", r.err);
    size_t size = strlen(expected);
    cr_expect(r.out_size > size && strcmp(r.out + r.out_size - size, expected) == 0, "%s", r.out);
    cr_expect(strstr(r.out, "Return-Path: <alice@example.com>\r\nDelivered-To: "),
              "of this delivery");
    cr_expect(!strstr(r.out, "carol") && !strstr(r.out, "From alice Mon"), "%s", r.out);
    support_free(&r);
}

Test(letter, a_text_without_a_header_gets_one_from_its_server)
{
    struct support_result r =
        send("Hello Bob,\nthis is: no field", "alice@example.com", "bob@example.org");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_expect(strstr(r.out, "\r\nFrom: alice@example.com\r\nDate: "), "%s", r.out);
    cr_expect(strstr(r.out, "\r\n\r\nHello Bob,\r\nthis is: no field\r\n"), "%s", r.out);
    support_free(&r);
}

Test(letter, who_is_not_here_is_asked_for_with_those_who_are)
{
    static const struct {
        const char *content, *from, *to, *says;
    } rows[] = {
        {"From: x@y.example\n\n", NULL, NULL,
         "mailflow run: standard input: who it is from writes no mail here: say --from; there are "
         "alice@example.com, bob@example.org\n"},
        {"From: x@y.example\nTo: x@y.example\n\n", "alice@example.com", NULL,
         "mailflow run: standard input: none of its recipients is here: say --to; there are "
         "alice@example.com, bob@example.org\n"},
        {"a", "eve@example.com", "bob@example.org",
         "mailflow run: standard input: --from: this person writes no mail here; there are "
         "alice@example.com, bob@example.org\n"},
        {"a", "alice@example.com", "\"",
         "mailflow run: standard input: --to: expected addresses, not \"\"\"\n"},
        {"", NULL, NULL, "mailflow run: standard input: there is no message in it\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct support_result r = send(rows[i].content, rows[i].from, rows[i].to);
        cr_expect_eq(r.status, 2, "row %zu", i);
        cr_expect_str_eq(r.err, rows[i].says, "row %zu: %s", i, r.err);
        support_free(&r);
    }
}

/* To somebody whom nobody knows it goes, too: that is what there is to be seen. */
Test(letter, options_go_before_what_the_header_says)
{
    struct support_result r = support_run(
        fields, (const char *const[]){"run", SUPPORT_TWO_TOWNS, "--message", "-", "--message", "1",
                                      "--to", "nobody@example.org", "--format", "summary", NULL});
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_expect(strstr(r.out, "e folded\", written at "), "%s", r.out);
    cr_expect(strstr(r.out, "to nobody@example.org: ") && !strstr(r.out, "to bob@example.org: "),
              "%s", r.out);
    support_free(&r);
}

Test(letter, a_file_is_named_and_no_action_can_name_one)
{
    char path[] = "/tmp/letter.XXXXXX";
    int fd = mkstemp(path);
    cr_assert(fd >= 0 && write(fd, fields, sizeof fields - 1) == (ssize_t)sizeof fields - 1);
    close(fd);
    struct support_result r =
        SUPPORT_RUN("run", SUPPORT_TWO_TOWNS, "--message", path, "--format", "summary");
    cr_expect_eq(r.status, 0, "%s", r.err);
    cr_expect(strstr(r.out, "to bob@example.org: delivered"), "%s", r.out);
    support_free(&r);
    char action[256];
    snprintf(action, sizeof action, "send from=alice@example.com to=bob@example.org whole=%s",
             path);
    r = SUPPORT_RUN("run", SUPPORT_TWO_TOWNS, "--do", action);
    cr_expect_eq(r.status, 2);
    cr_expect(strstr(r.err, "whole= is no base64"), "%s", r.err);
    support_free(&r);
    r = SUPPORT_RUN("run", SUPPORT_TWO_TOWNS, "--do",
                    "send from=alice@example.com to=bob@example.org whole=YQ== subject=x");
    cr_expect(strstr(r.err, "whole= has the message's own header and body"), "%s", r.err);
    support_free(&r);
    r = SUPPORT_RUN("run", SUPPORT_TWO_TOWNS, "--message", "/nowhere/x.eml");
    cr_expect_eq(r.status, 2);
    cr_expect(strstr(r.err, "/nowhere/x.eml: cannot be read"), "%s", r.err);
    support_free(&r);
    unlink(path);
}
