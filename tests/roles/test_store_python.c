/* The simulated disk's mailboxes, written out as real files, are read by Python's mailbox package:
   every message, octet for octet. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agents/mail/header.h"
#include "support_shelf.h"

static const char *const bodies[] = {
    "plain\r\n",
    "From here\r\n>From there\r\n>>From far\r\n",
    "From alice@example.com Mon Mar  3 09:00:00 2025\r\nSubject: no header\r\n\r\nbody\r\n",
    "caf\xC3\xA9 and \xE9\xFF\r\n",
    "\r\n\r\n\r\n",
    "",
    "Status: RO\r\nX-UID: 9\r\n",
    "a line\r\n.\r\n..\r\n",
};
enum { BODIES = sizeof bodies / sizeof *bodies, LINE_SIZE = 4096 };

static void make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        cr_assert(mkdir(path, 0700) == 0 || errno == EEXIST);
        *slash = '/';
    }
}

static void write_out(const struct disk *disk, struct slice folder, const char *root)
{
    uint32_t folders = 0, files = 0;
    struct slice inner;
    struct disk_file file;
    while (disk_next(disk, folder, &files, &file)) {
        char path[1024];
        snprintf(path, sizeof path, "%s%.*s", root, SLICE_ARG(file.path));
        make_folders(path);
        FILE *out = fopen(path, "wb");
        cr_assert_not_null(out, "%s", path);
        fwrite(file.content.data, 1, file.content.size, out);
        fclose(out);
    }
    while (disk_next_folder(disk, folder, &folders, &inner))
        write_out(disk, inner, root);
}

static void put_hex(struct slice s, char text[LINE_SIZE])
{
    size_t size = 0;
    for (size_t i = 0; i < s.size; i++)
        if (s.data[i] != '\r')
            size += (size_t)sprintf(text + size, "%02x", (unsigned char)s.data[i]);
    if (size == 0)
        strcpy(text, "-");
}

/* Names that Python finds have the Maildir's way to write them. */
static void expect_folder(FILE *in, struct shelf *s, const char *name, const char *directory)
{
    const struct account_folder *folder = shelf_folder(s, name);
    for (size_t i = 0; i < folder->items.count; i++) {
        char line[LINE_SIZE], subject[LINE_SIZE] = "", body[LINE_SIZE] = "",
                              expected[3 * LINE_SIZE];
        struct slice header, rest;
        struct header_field field = {0};
        header_split(folder->items.items[i].content, &header, &rest);
        cr_assert(header_find(header, SLICE("Subject"), 1, &field));
        put_hex(slice_trim(field.value), subject);
        put_hex(rest, body);
        snprintf(expected, sizeof expected, "%s %s %s\n", directory, subject, body);
        cr_assert_not_null(fgets(line, sizeof line, in), "%s: %zu", name, i);
        cr_expect_str_eq(line, expected, "%s", name);
    }
}

static void fill(struct shelf *s, const char *folder)
{
    for (size_t i = 0; i < BODIES; i++) {
        struct account_item item = {.msg = (uint32_t)i + 1};
        char header[100];
        snprintf(header, sizeof header, "Subject: number %zu\r\n\r\n", i);
        cr_assert_eq(account_append(s->account, shelf_folder(s, folder), &item, slice_of(header),
                                    slice_of(bodies[i])),
                     ACCOUNT_OK);
    }
}

static FILE *ask_python(const char *kind, const char *root, const char *path)
{
    char command[2048];
    snprintf(command, sizeof command,
             "python3 " SOURCE_DIR "/tests/roles/check_store_with_python.py %s %s%s", kind, root,
             path);
    FILE *in = popen(command, "r");
    cr_assert_not_null(in);
    return in;
}

static void finish(struct shelf *s, FILE *in, const char *root)
{
    char command[200], line[8];
    cr_expect_null(fgets(line, sizeof line, in), "no more than these");
    cr_expect_eq(pclose(in), 0);
    snprintf(command, sizeof command, "rm -r '%s'", root);
    cr_expect_eq(system(command), 0);
    shelf_finish(s);
}

Test(store_python, python_reads_a_maildir_with_its_folders)
{
    struct shelf s;
    char root[] = "/tmp/mailflow-maildir-XXXXXX";
    cr_assert_not_null(mkdtemp(root));
    shelf_start(&s, "paths=classic");
    cr_assert_eq(account_create(s.account, SLICE("Work/2025"), NULL), ACCOUNT_OK);
    fill(&s, "INBOX");
    fill(&s, "Work/2025");
    for (uint32_t uid = 1; uid <= BODIES; uid += 2)
        cr_assert_eq(account_set_flags(s.account, shelf_folder(&s, "Work/2025"), uid,
                                       ACCOUNT_SEEN | ACCOUNT_FLAGGED),
                     ACCOUNT_OK);
    cr_assert(store_settle(s.store, s.account));
    write_out(shelf_disk(&s), SLICE("/"), root);
    FILE *in = ask_python("maildir", root, "/home/bob/Maildir");
    expect_folder(in, &s, "INBOX", "INBOX");
    expect_folder(in, &s, "Work/2025", "Work.2025");
    finish(&s, in, root);
}

Test(store_python, python_reads_an_mbox_as_it_was_appended_and_as_it_was_written_anew)
{
    for (int is_anew = 0; is_anew < 2; is_anew++) {
        struct shelf s;
        char root[] = "/tmp/mailflow-mbox-XXXXXX";
        cr_assert_not_null(mkdtemp(root));
        shelf_start(&s, "paths=classic format=mbox");
        fill(&s, "INBOX");
        cr_assert(!is_anew || store_settle(s.store, s.account));
        (void)sim_run(&s.sim, s.sim.now + 10 * VTIME_S, false, 0);
        write_out(shelf_disk(&s), SLICE("/"), root);
        FILE *in = ask_python("mbox", root, "/var/mail/bob");
        for (size_t i = 0; i < BODIES; i++) {
            char line[LINE_SIZE], body[LINE_SIZE] = "", subject[LINE_SIZE], expected[3 * LINE_SIZE];
            char quoted[200] = "";
            /* Python leaves the quoting where it is: what mboxrd has put there is seen */
            for (const char *at = bodies[i]; *at;) {
                size_t size = strcspn(at, "\n") + 1;
                const char *word = at + strspn(at, ">");
                if (strncmp(word, "From ", 5) == 0)
                    strcat(quoted, ">");
                strncat(quoted, at, size);
                at += size;
            }
            put_hex(slice_of(quoted), body);
            snprintf(expected, sizeof expected, "number %zu", i);
            put_hex(slice_of(expected), subject);
            snprintf(expected, sizeof expected, "INBOX %s %s\n", subject, body);
            cr_assert_not_null(fgets(line, sizeof line, in));
            cr_expect_str_eq(line, expected, "body %zu, %d", i, is_anew);
        }
        finish(&s, in, root);
    }
}
