/* The store's files: what an account's folders and messages are called on the disk. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#include "support_shelf.h"

static unsigned files_in(struct shelf *s, const char *folder)
{
    uint32_t position = 0;
    unsigned count = 0;
    struct disk_file file;
    while (disk_next(office_disk(&s->office, s->agent), slice_of(folder), &position, &file))
        count++;
    return count;
}

static void fill(struct shelf *s, const char *name)
{
    struct account_item item = {.msg = 1};
    cr_assert_eq(account_create(s->account, slice_of(name), NULL), ACCOUNT_OK, "%s", name);
    cr_assert_eq(account_append(s->account, account_find(s->account, slice_of(name)), &item,
                                SLICE("Subject: s\r\n\r\n"), SLICE("body\r\n")),
                 ACCOUNT_OK, "%s", name);
}

/* Maildir++: "/" is written ".", and two folders never share a directory. */
Test(store_maildir, each_folder_has_a_directory_of_its_own)
{
    static const struct {
        const char *name, *directory;
    } rows[] = {
        {"Sent Mail", "/home/example.org/bob/Maildir/.Sent Mail/"},
        {"Sent_Mail", "/home/example.org/bob/Maildir/.Sent_Mail/"},
        {"a/b", "/home/example.org/bob/Maildir/.a.b/"},
        {"a.b", "/home/example.org/bob/Maildir/.a\\056b/"},
        {"a\\056b", "/home/example.org/bob/Maildir/.a\\134056b/"},
    };
    enum { COUNT = sizeof rows / sizeof rows[0] };
    struct shelf s;
    shelf_start(&s, "quota=1000000");
    for (size_t i = 0; i < COUNT; i++)
        fill(&s, rows[i].name);
    for (size_t i = 0; i < COUNT; i++) {
        char news[100];
        snprintf(news, sizeof news, "%snew/", rows[i].directory);
        cr_expect_eq(files_in(&s, rows[i].directory), 1, "%s has its marker", rows[i].name);
        cr_expect_eq(files_in(&s, news), 1, "%s has its message", rows[i].name);
    }
    cr_expect_eq(account_delete(s.account, SLICE("Sent Mail")), ACCOUNT_OK);
    cr_expect_eq(files_in(&s, rows[1].directory), 1, "the other one stays");
    shelf_finish(&s);
}

/* The longest names that there can be, in octets that are written as four: no path is cut. */
Test(store_maildir, the_longest_name_keeps_messages_apart)
{
    char name[ACCOUNT_NAME_MAX + 1];
    struct shelf s;
    memset(name, '.', ACCOUNT_NAME_MAX);
    name[ACCOUNT_NAME_MAX] = '\0';
    shelf_start(&s, "quota=1000000");
    char owner[64 + 1 + 255]; /* RFC 5321 4.5.3.1.1, 4.5.3.1.2 */
    memset(owner, 'b', 64);
    memset(owner + 64, 'd', 256);
    owner[64] = '@';
    for (size_t i = 120; i < sizeof owner; i += 60)
        owner[i] = '.';
    struct store *store = store_find(&s.office, net_host_of(s.net, s.agent));
    s.account = store_account(store, (struct slice){owner, sizeof owner});
    fill(&s, name);
    struct account_folder *folder = account_find(s.account, slice_of(name));
    struct account_item second = {.msg = 2};
    cr_expect_eq(account_append(s.account, folder, &second, SLICE("Subject: t\r\n\r\n"), SLICE("")),
                 ACCOUNT_OK);
    cr_expect_eq(account_remove(s.account, folder, 1), ACCOUNT_OK);
    cr_expect_eq(account_set_flags(s.account, folder, 2, ACCOUNT_SEEN), ACCOUNT_OK);
    cr_expect(slice_starts(account_item(folder, 2)->content, SLICE("Subject: t")));
    struct slice last = {"", 0};
    for (uint32_t id = 0; id < log_count(&s.sim.log); id++)
        if (log_at(&s.sim.log, id)->kind == EVENT_FILE)
            last = log_text(&s.sim.log, event_as_file(log_at(&s.sim.log, id))->path);
    cr_expect(slice_ends(last, SLICE(":2,S")), "%.*s", SLICE_ARG(last));
    shelf_finish(&s);
}
