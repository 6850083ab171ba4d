/* A real message in the window and on the command line: opened, dropped, pasted. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support_app.h"

static char folder[] = "/tmp/header.XXXXXX";
static char message[64], junk[64], script[64];

static const char content[] =
    "Received: from relay.example.com (relay.example.com [192.0.2.20])\r\n"
    "\tby mx.example.org (Postfix) with ESMTPS id C3 for <bob@example.org>;\r\n"
    "\tMon, 3 Mar 2025 09:00:09 +0000\r\n"
    "Received: from laptop ([203.0.113.7])\r\n"
    "\tby relay.example.com (Postfix) with ESMTPSA id A1;\r\n"
    "\tMon, 3 Mar 2025 09:00:04 +0000\r\n"
    "From: Alice <alice@example.com>\r\n"
    "To: bob@example.org\r\n"
    "Subject: <script>]]>\r\n"
    "Date: Mon, 3 Mar 2025 09:00:00 +0000\r\n"
    "\r\n"
    "The body.\r\n";

static void write_file(const char *path, const char *text)
{
    FILE *out = fopen(path, "w");
    cr_assert(out);
    fputs(text, out);
    fclose(out);
}

static void begin(void)
{
    cr_assert(mkdtemp(folder));
    snprintf(message, sizeof message, "%s/letter.txt", folder);
    snprintf(junk, sizeof junk, "%s/junk.txt", folder);
    snprintf(script, sizeof script, "%s/look.ui", folder);
    write_file(message, content);
    write_file(junk, "this is no header\nat all\n");
}

static void end(void)
{
    unlink(message);
    unlink(junk);
    unlink(script);
    rmdir(folder);
}

TestSuite(read_header, .init = begin, .fini = end);

static int play(const char *first, const char *lines, char err[256])
{
    write_file(script, lines);
    struct support_result r = SUPPORT_RUN("render", first, "--script", script);
    int status = r.status;
    snprintf(err, 256, "%s", r.err);
    support_free(&r);
    return status;
}

static const char look[] = "press end\n"
                           "expect \"<script>]]>\"\n"
                           "expect 2 Received\n"
                           "expect-widget host-laptop\n"
                           "expect-widget host-mx\n"
                           "click hop-2\n"
                           "press home\n"
                           "expect 0 Received\n";

Test(read_header, a_message_is_opened_like_a_trace)
{
    char err[256];
    cr_expect_eq(play(message, look, err), 0, "%s", err);
}

Test(read_header, it_can_be_pasted_or_dropped)
{
    char lines[1024], err[256];
    snprintf(lines, sizeof lines, "paste %s\n%s", message, look);
    cr_expect_eq(play(SUPPORT_TWO_TOWNS, lines, err), 0, "%s", err);
    snprintf(lines, sizeof lines, "bring %s\n%s", message, look);
    cr_expect_eq(play(SUPPORT_TWO_TOWNS, lines, err), 0, "%s", err);
}

Test(read_header, the_form_takes_it_in_a_field_that_waits_for_a_file)
{
    char lines[1024], err[256];
    snprintf(lines, sizeof lines,
             "press ctrl+k\ntype \"Read the header of a\"\npress enter\n"
             "expect-widget reading-path\npaste %s\n%s",
             message, look);
    cr_expect_eq(play(SUPPORT_TWO_TOWNS, lines, err), 0, "%s", err);
}

Test(read_header, in_a_message_that_is_written_it_is_text_like_any_other)
{
    char lines[1024], err[256];
    snprintf(lines, sizeof lines,
             "press m\nclick compose-body\npaste %s\nexpect-widget compose-body\n"
             "expect-no-widget host-laptop\n",
             message);
    cr_expect_eq(play(SUPPORT_TWO_TOWNS, lines, err), 0, "%s", err);
}

Test(read_header, what_is_no_header_is_one_line_and_changes_nothing)
{
    char lines[1024], err[256];
    snprintf(lines, sizeof lines, "paste %s\n", junk);
    cr_expect_eq(play(SUPPORT_TWO_TOWNS, lines, err), 1);
    cr_expect(strstr(err, "not the header of a message"), "%s", err);
}

Test(read_header, nothing_can_be_done_in_it)
{
    char lines[1024], err[256];
    snprintf(lines, sizeof lines, "do \"fault host-down mx on\"\n");
    cr_expect_eq(play(message, lines, err), 1);
    cr_expect(strstr(err, "it has happened"), "%s", err);
}

Test(read_header, replay_gives_the_formats_and_the_message_back)
{
    struct support_result r = SUPPORT_RUN("replay", message, "--format", "summary");
    cr_expect_eq(r.status, 0, "%s", r.err);
    cr_expect(strstr(r.out, "delivered into bob@example.org at 09:00:09.000"), "%s", r.out);
    support_free(&r);
    r = SUPPORT_RUN("replay", message, "--export", "-.eml");
    cr_expect_str_eq(r.out, content);
    support_free(&r);
    r = support_run(content, (const char *const[]){"replay", "-", "--export", "-", NULL});
    cr_expect_eq(r.status, 0, "%s", r.err);
    struct support_result again =
        support_run(r.out, (const char *const[]){"replay", "-", "--export", "-", NULL});
    cr_expect_str_eq(r.out, again.out, "a trace like any other");
    support_free(&again);
    support_free(&r);
}
