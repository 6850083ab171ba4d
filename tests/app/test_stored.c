/* Mail of the real world in a mailbox of the simulation: `mailflow run --store USER=PATH`. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support_app.h"

#define IMAP SOURCE_DIR "/topologies/t16-imap.json"

static void put(const char *folder, const char *name, const char *content)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    cr_assert(file, "%s", path);
    fputs(content, file);
    fclose(file);
}

static void make(const char *folder, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    cr_assert_eq(mkdir(path, 0700), 0, "%s", path);
}

/* What a mail program is told by IMAP; `option` is USER=PATH. */
static struct support_result see(const char *path, const char *format)
{
    char option[256];
    snprintf(option, sizeof option, "bob@example.org=%s", path);
    return SUPPORT_RUN("run", IMAP, "--store", option, "--format", format);
}

static void expect_order(const char *text, const char *const *parts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *at = strstr(text, parts[i]);
        cr_assert(at, "there is no \"%s\", or not behind the one before it, in %s", parts[i], text);
        text = at + 1;
    }
}

/* RFC 4155: the date of the From line; a quoted line is as it was written. */
Test(stored, an_mbox_lies_there_in_its_order_with_its_dates_and_flags)
{
    char folder[] = "/tmp/stored.XXXXXX", path[64];
    cr_assert(mkdtemp(folder));
    put(folder, "box",
        "From alice@example.com Mon Mar  3 09:00:00 2025\nSubject: m1\nStatus: RO\n\n>From here\n\n"
        "From b Tue Mar  4 09:00:00 2025\nSubject: m2\nX-Status: F\n\nx\n");
    snprintf(path, sizeof path, "%s/box", folder);
    struct support_result r = see(path, "events");
    cr_assert_eq(r.status, 0, "%s", r.err);
    expect_order(
        r.out,
        (const char *const[]){
            "store \"bob@example.org\" folder=\"INBOX\" date=1740992400 "
            "flags=Seen whole=",
            "has message 1 put into bob@example.org/INBOX",
            "date=1741078800 flags=Flagged whole=", "has message 2 put into bob@example.org/INBOX",
            "* FETCH 1 (UID 1 FLAGS (\\Seen", "* FETCH 2 (UID 2 FLAGS (\\Flagged"},
        6);
    support_free(&r);
    r = see(path, "dialogue");
    expect_order(r.out, (const char *const[]){"Subject: m1", "From here", "Subject: m2"}, 3);
    cr_expect(!strstr(r.out, ">From here"), "%s", r.out);
    support_free(&r);
    unlink(path);
    rmdir(folder);
}

Test(stored, a_maildir_lies_there_by_age_with_its_flags_and_folders)
{
    static const char *const folders[] = {"cur", "new", ".Work.2025", ".Work.2025/cur",
                                          ".Work.2025/new"};
    static const char *const files[] = {"cur/1741000200.x.h:2,SF", "new/1741000100.x.h",
                                        "new/.hidden", ".Work.2025/cur/1741000300.y.h:2,R"};
    char folder[] = "/tmp/stored.XXXXXX", path[256];
    cr_assert(mkdtemp(folder));
    for (size_t i = 0; i < 5; i++)
        make(folder, folders[i]);
    for (size_t i = 0; i < 4; i++)
        put(folder, files[i], "Subject: x\n\nbody\n");
    struct support_result r = see(folder, "events");
    cr_assert_eq(r.status, 0, "%s", r.err);
    expect_order(r.out,
                 (const char *const[]){"folder=\"INBOX\" date=1741000100 whole=",
                                       "folder=\"INBOX\" date=1741000200 flags=Seen,Flagged whole=",
                                       "folder=\"Work/2025\" date=1741000300 flags=Answered whole=",
                                       "put into bob@example.org/Work/2025"},
                 4);
    size_t count = 0;
    for (const char *at = r.out; (at = strstr(at, "asked for: store ")); at++)
        count++;
    cr_expect_eq(count, 3, "a hidden file is no message");
    support_free(&r);
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        unlink(path);
    }
    for (size_t i = 5; i-- > 0;) {
        snprintf(path, sizeof path, "%s/%s", folder, folders[i]);
        rmdir(path);
    }
    cr_expect_eq(rmdir(folder), 0);
}

Test(stored, what_is_no_mailbox_is_one_line)
{
    static const struct {
        const char *option, *says;
    } rows[] = {
        {"bob@example.org", "--store: expected USER=PATH, not \"bob@example.org\""},
        {"bob@example.org=", "--store: expected USER=PATH, not \"bob@example.org=\""},
        {"bob@example.org=/nowhere/box", "/nowhere/box: cannot be read: No such file or directory"},
        {"bob@example.org=" SOURCE_DIR "/README.md",
         SOURCE_DIR "/README.md: no mbox: expected a line \"From SENDER DATE\" first"},
        {"bob@example.org=" SOURCE_DIR "/topologies",
         SOURCE_DIR "/topologies: no Maildir: there is no folder cur or new in it"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char says[512];
        struct support_result r = SUPPORT_RUN("run", IMAP, "--store", rows[i].option);
        snprintf(says, sizeof says, "mailflow run: %s\n", rows[i].says);
        cr_expect_eq(r.status, 2, "row %zu", i);
        cr_expect_str_eq(r.err, says, "row %zu: %s", i, r.err);
        support_free(&r);
    }
}

Test(stored, the_action_says_what_is_wrong_with_it)
{
    static const struct {
        const char *action, *says;
    } rows[] = {
        {"store eve@example.org whole=YQ==", "there is no user eve@example.org"},
        {"store bob@example.org whole=YQ", "whole= is no base64 (RFC 4648 4)"},
        {"store bob@example.org whole=YQ== flags=Read", "\"Read\" is no flag; expected Seen,"},
        {"store bob@example.org whole=YQ== date=yesterday", "\"yesterday\" is no date"},
        {"store bob@example.org", "store needs whole="},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct support_result r = SUPPORT_RUN("run", IMAP, "--do", rows[i].action);
        cr_expect_eq(r.status, 2, "row %zu", i);
        cr_expect(strstr(r.err, rows[i].says), "row %zu: %s", i, r.err);
        support_free(&r);
    }
}
