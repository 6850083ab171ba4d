#include "sim/net/disk.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "support_lab.h"

#define NONE SLICE("")

struct machine {
    struct lab lab;
    struct disk *disk;
};

static void start(struct machine *m, uint64_t octets_max)
{
    lab_pair(&m->lab, 1);
    m->disk = disk_create(&m->lab.sim, 1, octets_max);
}

static void finish(struct machine *m)
{
    disk_destroy(m->disk);
    lab_finish(&m->lab);
}

/* The names of a folder's files, a blank behind each. */
static const char *list(const struct disk *disk, const char *folder, char text[256])
{
    uint32_t position = 0;
    struct disk_file file;
    text[0] = '\0';
    for (size_t n = 0; disk_next(disk, slice_of(folder), &position, &file);) {
        struct slice name = slice_part(file.path, slice_of(folder).size, file.path.size);
        n += (size_t)snprintf(text + n, 256 - n, "%.*s ", SLICE_ARG(name));
    }
    return text;
}

Test(disk, a_file_is_written_found_renamed_and_removed)
{
    struct machine m;
    struct disk_file f;
    start(&m, 0);
    cr_expect(disk_write(m.disk, SLICE("/mail/tmp/1"), SLICE("header\r\n"), SLICE("body"), 9));
    cr_expect(disk_find(m.disk, SLICE("/mail/tmp/1"), &f));
    cr_expect(slice_equal(f.content, SLICE("header\r\nbody")) && f.msg == 9);
    cr_expect_eq(disk_used(m.disk), 12);
    cr_expect(disk_rename(m.disk, SLICE("/mail/tmp/1"), SLICE("/mail/new/1")));
    cr_expect_not(disk_find(m.disk, SLICE("/mail/tmp/1"), &f));
    cr_expect(disk_find(m.disk, SLICE("/mail/new/1"), &f));
    cr_expect(slice_equal(f.content, SLICE("header\r\nbody")) && f.msg == 9);
    cr_expect(disk_remove(m.disk, SLICE("/mail/new/1")));
    cr_expect_not(disk_find(m.disk, SLICE("/mail/new/1"), &f));
    cr_expect_eq(disk_used(m.disk), 0);
    static const char *const ops[] = {"write", "rename", "remove"};
    static const char *const paths[] = {"/mail/tmp/1", "/mail/new/1", "/mail/new/1"};
    for (uint32_t n = 0; n < 3; n++) {
        const struct event_file *e = event_as_file(lab_event(&m.lab, EVENT_FILE, n));
        cr_expect(slice_equal(log_text(&m.lab.sim.log, e->op), slice_of(ops[n])));
        cr_expect(slice_equal(log_text(&m.lab.sim.log, e->path), slice_of(paths[n])));
        cr_expect(e->at == 1 && e->size == 12 && e->msg == 9);
    }
    finish(&m);
}

Test(disk, what_cannot_be_done_is_refused_and_changes_nothing)
{
    struct machine m;
    struct disk_file f;
    start(&m, 10);
    cr_expect(disk_write(m.disk, SLICE("a"), SLICE("12345"), SLICE("67"), 0));
    cr_expect_not(disk_write(m.disk, SLICE("a"), NONE, NONE, 0), "it is there already");
    cr_expect_not(disk_write(m.disk, SLICE("b"), SLICE("1234"), NONE, 0), "the disk is full");
    cr_expect(disk_write(m.disk, SLICE("b"), SLICE("123"), NONE, 0), "exactly full");
    cr_expect_not(disk_rename(m.disk, SLICE("a"), SLICE("b")));
    cr_expect_not(disk_rename(m.disk, SLICE("a"), SLICE("a")));
    cr_expect_not(disk_rename(m.disk, SLICE("c"), SLICE("d")));
    cr_expect_not(disk_remove(m.disk, SLICE("c")));
    cr_expect(disk_find(m.disk, SLICE("a"), &f) && f.content.size == 7);
    cr_expect_eq(lab_count(&m.lab, EVENT_FILE), 2);
    finish(&m);
}

Test(disk, a_folder_lists_its_files_in_the_order_in_which_they_came)
{
    struct machine m;
    char text[256];
    start(&m, 0);
    disk_write(m.disk, SLICE("q/c"), NONE, NONE, 0);
    disk_write(m.disk, SLICE("q/a"), NONE, NONE, 0);
    disk_write(m.disk, SLICE("q/sub/x"), NONE, NONE, 0);
    disk_write(m.disk, SLICE("r/b"), NONE, NONE, 0);
    disk_write(m.disk, SLICE("top"), NONE, NONE, 0);
    cr_expect_str_eq(list(m.disk, "q/", text), "c a ");
    cr_expect_str_eq(list(m.disk, "q/sub/", text), "x ");
    cr_expect_str_eq(list(m.disk, "", text), "top ");
    cr_expect_str_eq(list(m.disk, "nowhere/", text), "");
    disk_rename(m.disk, SLICE("r/b"), SLICE("q/b"));
    disk_rename(m.disk, SLICE("q/c"), SLICE("q/d"));
    cr_expect_str_eq(list(m.disk, "q/", text), "a b d ");
    cr_expect_str_eq(list(m.disk, "r/", text), "");
    finish(&m);
}

Test(disk, a_folder_lists_the_folders_in_it_in_the_order_of_their_first_file)
{
    static const char *const files[] = {"/home/bob/Maildir/.Work/cur/1", "/home/ann/x",
                                        "/home/bob/Maildir/new/1",       "/home/bob/y",
                                        "/home/bob/Maildir/.Work/z",     "/homes/z"};
    static const struct {
        const char *folder, *inner;
    } rows[] = {
        {"/", "/home/ /homes/ "},
        {"/home/", "/home/bob/ /home/ann/ "},
        {"/home/bob/Maildir/", "/home/bob/Maildir/.Work/ /home/bob/Maildir/new/ "},
        {"/home/bob/Maildir/.Work/", "/home/bob/Maildir/.Work/cur/ "},
        {"/home/ann/", ""},
        {"/nowhere/", ""},
    };
    struct machine m;
    start(&m, 0);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        cr_assert(disk_write(m.disk, slice_of(files[i]), NONE, NONE, 0));
    cr_assert(disk_remove(m.disk, SLICE("/homes/z"))); /* an empty one counts */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[256] = "";
        uint32_t position = 0;
        struct slice path;
        while (disk_next_folder(m.disk, slice_of(rows[i].folder), &position, &path))
            snprintf(text + strlen(text), sizeof text - strlen(text), "%.*s ", SLICE_ARG(path));
        cr_expect_str_eq(text, rows[i].inner, "%s", rows[i].folder);
    }
    finish(&m);
}

Test(disk, files_may_be_removed_and_added_while_a_folder_is_read)
{
    struct machine m;
    start(&m, 0);
    for (int i = 0; i < 100; i++) {
        char path[16];
        snprintf(path, sizeof path, "q/%d", i);
        disk_write(m.disk, slice_of(path), NONE, NONE, (uint32_t)i);
    }
    uint32_t position = 0, expected = 0;
    struct disk_file f;
    while (disk_next(m.disk, SLICE("q/"), &position, &f)) {
        cr_assert_eq(f.msg, expected++);
        if (f.msg % 3 != 0)
            cr_assert(disk_remove(m.disk, f.path));
        if (f.msg == 50)
            disk_write(m.disk, SLICE("q/late"), NONE, NONE, 100);
    }
    cr_expect_eq(expected, 101);
    position = expected = 0;
    for (; disk_next(m.disk, SLICE("q/"), &position, &f); expected++)
        cr_expect_eq(f.msg % 3, 0);
    cr_expect_eq(expected, 34);
    finish(&m);
}

Test(disk, agrees_with_a_plain_array_whatever_is_done_to_it)
{
    enum { NAMES = 40, STEPS = 20000 };
    struct machine m;
    uint32_t there[NAMES] = {0}; /* msg of the file with this name, 0: none */
    struct random r;
    start(&m, 0);
    random_init(&r, 2, SLICE("disk"));
    for (uint32_t i = 1; i <= STEPS; i++) {
        size_t a = random_below(&r, NAMES), b = random_below(&r, NAMES);
        char from[16], to[16];
        snprintf(from, sizeof from, "%d/%d", (int)(a % 3), (int)a);
        snprintf(to, sizeof to, "%d/%d", (int)(b % 3), (int)b);
        switch (random_below(&r, 3)) {
        case 0:
            cr_assert_eq(disk_write(m.disk, slice_of(from), slice_of(from), NONE, i), !there[a]);
            there[a] = there[a] ? there[a] : i;
            break;
        case 1:
            cr_assert_eq(disk_rename(m.disk, slice_of(from), slice_of(to)), there[a] && !there[b]);
            if (there[a] && !there[b])
                there[b] = there[a], there[a] = 0;
            break;
        default:
            cr_assert_eq(disk_remove(m.disk, slice_of(from)), there[a] != 0);
            there[a] = 0;
        }
        struct disk_file f;
        cr_assert_eq(disk_find(m.disk, slice_of(to), &f), there[b] != 0);
        cr_assert(!there[b] || f.msg == there[b]);
    }
    finish(&m);
}
