/* Delivered messages as an mbox file and as a Maildir. That other programs read them is tested in
   tests/app/exports.py. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/vtime.h"
#include "support_log.h"

static void add_copy(struct log *log, uint32_t msg, const char *header, const char *body)
{
    log_add(log, log_end(log) + VTIME_S, 0, EVENT_DELIVER, 0,
            &(struct event_deliver){10, msg, support_text(log, "bob@example.org/INBOX"),
                                    support_text(log, "bob@example.org"), support_text(log, header),
                                    support_text(log, body)});
}

Test(mail_files, an_mbox_has_all_copies_in_their_order_and_quotes_so_that_it_can_be_undone)
{
    struct log log;
    size_t size;
    support_log_make(&log);
    add_copy(&log, 2, "Return-Path: <>\r\nSubject: two\r\n\r\n",
             "From here on\r\n>From there\r\nFro\r\n");
    add_copy(&log, 1, "Return-Path: <carol@example.net>\r\n\r\n", "no end");
    char *text = support_write(mbox_file_write, &log, &(struct export_options){0}, &size);
    cr_expect_str_eq(text, "From alice@example.com Mon Mar  3 09:30:00 2025\n"
                           "Received: from out by mx with ESMTP id X1\n"
                           "From: <alice@example.com>\nSubject: Hello\n\n"
                           "Dear Bob,\n\n=1+1\n\n"
                           "From MAILER-DAEMON Mon Mar  3 09:31:31 2025\n"
                           "Return-Path: <>\nSubject: two\n\n"
                           ">From here on\n>>From there\nFro\n\n"
                           "From carol@example.net Mon Mar  3 09:31:32 2025\n"
                           "Return-Path: <carol@example.net>\n\nno end\n\n");
    free(text);
    text = support_write(mbox_file_write, &log, &(struct export_options){.message = 2}, &size);
    cr_expect_eq(strncmp(text, "From MAILER-DAEMON ", 19), 0, "%s", text);
    cr_expect_null(strstr(text, "carol"));
    free(text);
    cr_expect_null(
        support_write(mbox_file_write, &log, &(struct export_options){.message = 9}, &size));
    log_finish(&log);
}

static int entries(const char *folder, const char *part, char name[300])
{
    char path[400];
    int count = 0;
    snprintf(path, sizeof path, "%s/%s", folder, part);
    DIR *dir = opendir(path);
    for (const struct dirent *e; dir && (e = readdir(dir));)
        if (e->d_name[0] != '.') {
            snprintf(name, 300, "%s", e->d_name);
            count++;
        }
    if (dir)
        closedir(dir);
    return dir ? count : -1;
}

static void expect_file(const char *path, const char *content)
{
    char text[400] = {0};
    FILE *in = fopen(path, "rb");
    cr_assert(in, "%s", path);
    (void)!fread(text, 1, sizeof text - 1, in);
    fclose(in);
    cr_expect_str_eq(text, content);
}

Test(mail_files, a_maildir_has_a_file_a_copy_with_a_name_that_is_the_same_every_time)
{
    struct log log;
    struct problem problem = {0};
    char folder[] = "/tmp/export.XXXXXX", box[64], path[500], name[300] = "", again[300] = "";
    cr_assert(mkdtemp(folder));
    support_log_make(&log);
    snprintf(box, sizeof box, "%s/mail/", folder);
    for (int i = 0; i < 2; i++) {
        cr_assert(export_write(&log, box, &(struct export_options){.message = 1}, &problem), "%s",
                  problem.what);
        cr_expect_eq(entries(box, "tmp", name), 0);
        cr_expect_eq(entries(box, "cur", name), 0);
        cr_expect_eq(entries(box, "new", name), 1);
        cr_expect(i == 0 || strcmp(name, again) == 0, "%s, then %s", again, name);
        snprintf(again, sizeof again, "%s", name);
        snprintf(path, sizeof path, "%snew/%s", box, name);
        expect_file(path, "Received: from out by mx with ESMTP id X1\n"
                          "From: <alice@example.com>\nSubject: Hello\n\nDear Bob,\n\n=1+1\n");
        cr_expect_not(export_write(&log, box, &(struct export_options){0}, &problem));
        cr_expect(strstr(problem.what, "there is something in this folder already"), "%s",
                  problem.what);
        cr_expect_eq(unlink(path), 0);
        for (int part = 0; part < 3; part++) {
            snprintf(path, sizeof path, "%s%s", box, ((const char *[]){"tmp", "new", "cur"})[part]);
            cr_expect_eq(rmdir(path), 0);
        }
        /* the empty folder stays, and is taken the second time */
    }
    cr_expect_eq(rmdir(box), 0);
    cr_expect_eq(rmdir(folder), 0, "something was left beside it");
    log_finish(&log);
}

static bool refuse(void *context, uint64_t octets)
{
    (void)context;
    return octets < 1;
}

Test(mail_files, nothing_is_left_of_a_maildir_that_could_not_be_made)
{
    struct log log;
    struct problem problem = {0};
    char folder[] = "/tmp/export.XXXXXX", box[64];
    struct export_watch watch = {refuse, NULL};
    cr_assert(mkdtemp(folder));
    support_log_make(&log);
    add_copy(&log, 2, "Subject: two\r\n\r\n", "");
    snprintf(box, sizeof box, "%s/mail/", folder);
    cr_expect_not(export_write(&log, box, &(struct export_options){.message = 9}, &problem));
    cr_expect_str_eq(problem.what, "no copy of message 9 was delivered");
    cr_expect_not(export_write(&log, box, &(struct export_options){.watch = &watch}, &problem));
    cr_expect_str_eq(problem.what, "broken off, not written");
    cr_expect_eq(rmdir(folder), 0, "something was left");
    snprintf(box, sizeof box, "%s/none/mail/", folder);
    cr_expect_not(export_write(&log, box, &(struct export_options){0}, &problem));
    cr_expect(strstr(problem.what, "No such file"), "%s", problem.what);
    log_finish(&log);
}
