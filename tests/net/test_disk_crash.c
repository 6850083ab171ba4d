/* What a disk still knows after its host has crashed. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "sim/net/disk.h"
#include "support_lab.h"

#define NONE SLICE("")

struct machine {
    struct lab lab;
    struct disk *disk;
    int deaths;
};

static void start(struct machine *m)
{
    *m = (struct machine){0};
    lab_pair(&m->lab, 1);
    m->disk = disk_create(&m->lab.sim, 1, 0);
}

static void finish(struct machine *m)
{
    disk_destroy(m->disk);
    lab_finish(&m->lab);
}

static void put(struct machine *m, const char *path, const char *content)
{
    cr_assert(disk_write(m->disk, slice_of(path), slice_of(content), NONE, 7));
}

/* "content", or NULL when there is no such file. */
static const char *look(const struct machine *m, const char *path, char text[64])
{
    struct disk_file f;
    if (!disk_find(m->disk, slice_of(path), &f))
        return NULL;
    snprintf(text, 64, "%.*s", SLICE_ARG(f.content));
    return text;
}

static void expect(const struct machine *m, const char *path, const char *content, int line)
{
    char text[64];
    const char *found = look(m, path, text);
    if (content)
        cr_expect(found && strcmp(found, content) == 0, "line %d: %s is \"%s\", not \"%s\"", line,
                  path, found ? found : "gone", content);
    else
        cr_expect_null(found, "line %d: %s is there", line, path);
}
#define EXPECT(path, content) expect(&m, path, content, __LINE__)

Test(disk_crash, what_was_synced_stays_and_nothing_else)
{
    struct machine m;
    start(&m);
    put(&m, "kept", "one");
    cr_assert(disk_sync(m.disk, SLICE("kept")));
    cr_assert(disk_append(m.disk, SLICE("kept"), SLICE(" two"), SLICE(" three"), 8));
    EXPECT("kept", "one two three");
    put(&m, "gone", "never synced");
    disk_crash(m.disk, DISK_LOSES_UNSYNCED);
    EXPECT("kept", "one");
    EXPECT("gone", NULL);
    cr_expect_eq(disk_used(m.disk), 3);
    const struct event_file *cut =
        event_as_file(lab_event(&m.lab, EVENT_FILE, lab_count(&m.lab, EVENT_FILE) - 2));
    const struct event_file *lost =
        event_as_file(lab_event(&m.lab, EVENT_FILE, lab_count(&m.lab, EVENT_FILE) - 1));
    cr_expect(slice_equal(log_text(&m.lab.sim.log, cut->op), SLICE("lost")) && cut->size == 3 &&
              cut->msg == 8);
    cr_expect(slice_equal(log_text(&m.lab.sim.log, lost->path), SLICE("gone")) && lost->msg == 7);
    disk_crash(m.disk, DISK_LOSES_UNSYNCED);
    EXPECT("kept", "one");
    finish(&m);
}

Test(disk_crash, a_rename_is_undone_unless_it_was_synced)
{
    struct machine m;
    start(&m);
    put(&m, "tmp/a", "a"), put(&m, "tmp/b", "b"), put(&m, "tmp/c", "c");
    cr_assert(disk_sync(m.disk, SLICE("tmp/a")) && disk_sync(m.disk, SLICE("tmp/b")));
    cr_assert(disk_rename(m.disk, SLICE("tmp/a"), SLICE("new/a")));
    cr_assert(disk_sync(m.disk, SLICE("new/a")));
    cr_assert(disk_rename(m.disk, SLICE("new/a"), SLICE("cur/a")));
    cr_assert(disk_rename(m.disk, SLICE("cur/a"), SLICE("cur/a:2,S")));
    cr_assert(disk_rename(m.disk, SLICE("tmp/b"), SLICE("new/b")));
    cr_assert(disk_rename(m.disk, SLICE("tmp/c"), SLICE("new/c")));
    cr_assert(disk_sync(m.disk, SLICE("new/c")), "its name and its content at once");
    disk_crash(m.disk, DISK_LOSES_UNSYNCED);
    EXPECT("cur/a:2,S", NULL);
    EXPECT("new/a", "a");
    EXPECT("new/b", NULL);
    EXPECT("tmp/b", "b");
    EXPECT("new/c", "c");
    EXPECT("tmp/c", NULL);
    finish(&m);
}

Test(disk_crash, a_replaced_file_comes_back_unless_the_new_name_was_synced)
{
    struct machine m;
    start(&m);
    put(&m, "list", "old"), put(&m, "list.new", "new"), put(&m, "list.newer", "newer");
    cr_assert(disk_sync(m.disk, SLICE("list")) && disk_sync(m.disk, SLICE("list.new")));
    cr_assert(disk_sync(m.disk, SLICE("list.newer")));
    cr_assert(disk_rename_over(m.disk, SLICE("list.new"), SLICE("list")));
    EXPECT("list", "new");
    cr_expect_eq(disk_used(m.disk), 8);
    cr_assert(disk_rename_over(m.disk, SLICE("list.newer"), SLICE("list")));
    disk_crash(m.disk, DISK_LOSES_UNSYNCED);
    EXPECT("list", "old");
    EXPECT("list.new", "new");
    EXPECT("list.newer", "newer");
    cr_expect_eq(disk_used(m.disk), 11);
    cr_assert(disk_rename_over(m.disk, SLICE("list.new"), SLICE("list")));
    cr_assert(disk_sync(m.disk, SLICE("list")));
    disk_crash(m.disk, DISK_LOSES_UNSYNCED);
    EXPECT("list", "new");
    EXPECT("list.new", NULL);
    cr_expect_eq(disk_used(m.disk), 8);
    finish(&m);
}

Test(disk_crash, a_name_that_another_file_has_for_good_is_not_taken_back)
{
    struct machine m;
    start(&m);
    put(&m, "log", "first");
    cr_assert(disk_sync(m.disk, SLICE("log")));
    cr_assert(disk_rename(m.disk, SLICE("log"), SLICE("log.1")));
    put(&m, "log", "second");
    cr_assert(disk_sync(m.disk, SLICE("log")));
    disk_crash(m.disk, DISK_LOSES_UNSYNCED);
    EXPECT("log", "second");
    EXPECT("log.1", "first");
    finish(&m);
}

Test(disk_crash, octets_in_place_change_at_once)
{
    struct machine m;
    start(&m);
    put(&m, "spool", "abcdef");
    cr_assert(disk_sync(m.disk, SLICE("spool")));
    cr_assert(disk_put(m.disk, SLICE("spool"), 4, SLICE("XYZ")));
    EXPECT("spool", "abcdXYZ");
    disk_crash(m.disk, DISK_LOSES_UNSYNCED);
    EXPECT("spool", "abcdXY");
    cr_assert(disk_truncate(m.disk, SLICE("spool"), 2));
    cr_assert(disk_put(m.disk, SLICE("spool"), 9, SLICE("!")));
    EXPECT("spool", "ab!");
    disk_crash(m.disk, DISK_LOSES_UNSYNCED);
    EXPECT("spool", "ab");
    cr_expect_eq(disk_used(m.disk), 2);
    cr_expect_not(disk_put(m.disk, SLICE("none"), 0, NONE));
    cr_expect_not(disk_truncate(m.disk, SLICE("none"), 0));
    cr_expect_not(disk_append(m.disk, SLICE("none"), NONE, NONE, 0));
    cr_expect_not(disk_sync(m.disk, SLICE("none")));
    finish(&m);
}

static void die(void *context)
{
    struct machine *m = context;
    m->deaths++;
}

Test(disk_crash, behind_the_nth_change_the_disk_takes_no_more)
{
    struct machine m;
    start(&m);
    put(&m, "a", "first");
    cr_assert(disk_sync(m.disk, SLICE("a")));
    disk_crash_after(m.disk, 2, DISK_LOSES_UNSYNCED, die, &m);
    cr_expect(disk_append(m.disk, SLICE("a"), SLICE(", second"), NONE, 0));
    cr_expect_eq(m.deaths, 0);
    put(&m, "b", "new");
    cr_expect_eq(m.deaths, 1);
    cr_expect_not(disk_sync(m.disk, SLICE("a")));
    cr_expect_not(disk_sync(m.disk, SLICE("b")));
    cr_expect_not(disk_write(m.disk, SLICE("c"), NONE, NONE, 0));
    cr_expect_not(disk_append(m.disk, SLICE("a"), NONE, NONE, 0));
    cr_expect_not(disk_rename(m.disk, SLICE("a"), SLICE("d")));
    cr_expect_not(disk_rename_over(m.disk, SLICE("a"), SLICE("b")));
    cr_expect_not(disk_remove(m.disk, SLICE("a")));
    cr_expect_not(disk_put(m.disk, SLICE("a"), 0, SLICE("x")));
    cr_expect_not(disk_truncate(m.disk, SLICE("a"), 0));
    disk_crash(m.disk, DISK_LOSES_UNSYNCED);
    EXPECT("a", "first");
    EXPECT("b", NULL);
    put(&m, "b", "again");
    cr_expect_eq(m.deaths, 1);
    cr_expect_eq(disk_change_count(m.disk), 5);
    finish(&m);
}

Test(disk_crash, a_torn_write_leaves_its_first_half)
{
    struct machine m;
    start(&m);
    put(&m, "mbox", "one.");
    cr_assert(disk_sync(m.disk, SLICE("mbox")));
    disk_crash_after(m.disk, 1, DISK_TEARS_LAST, die, &m);
    cr_assert(disk_append(m.disk, SLICE("mbox"), SLICE("two."), SLICE("more"), 0));
    disk_crash(m.disk, DISK_LOSES_UNSYNCED);
    EXPECT("mbox", "one.two.");
    put(&m, "tmp/1", "12345");
    disk_crash(m.disk, DISK_TEARS_LAST);
    EXPECT("tmp/1", "12");
    EXPECT("mbox", "one.two.");
    finish(&m);
}

/* Against a model that keeps two plain lists: what there is, and what is durable. */
Test(disk_crash, agrees_with_two_plain_arrays_whatever_is_done_to_it)
{
    enum { NAMES = 12, STEPS = 40000 };
    struct machine m;
    struct random r;
    /* content as a number, 0: no file. A file keeps its slot in `durable` while it is renamed. */
    uint32_t there[NAMES] = {0}, durable[NAMES] = {0}, crashes = 0;
    bool is_clean[NAMES] = {0}; /* there == durable in name and content */
    start(&m);
    random_init(&r, 5, SLICE("crash"));
    for (uint32_t i = 1; i <= STEPS; i++) {
        size_t a = random_below(&r, NAMES);
        char path[16], content[16];
        snprintf(path, sizeof path, "%d/%d", (int)(a % 3), (int)a);
        snprintf(content, sizeof content, "%u", (unsigned)i);
        switch (random_below(&r, 12)) {
        case 0:
        case 1:
        case 2:
        case 3:
            if (disk_write(m.disk, slice_of(path), slice_of(content), NONE, i))
                there[a] = i, is_clean[a] = false;
            break;
        case 4:
        case 5:
        case 6:
        case 7:
            if (disk_sync(m.disk, slice_of(path)))
                durable[a] = there[a], is_clean[a] = true;
            break;
        case 8:
        case 9:
        case 10:
            if (disk_remove(m.disk, slice_of(path)))
                there[a] = durable[a] = 0;
            break;
        default:
            disk_crash(m.disk, DISK_LOSES_UNSYNCED);
            crashes++;
            for (size_t k = 0; k < NAMES; k++)
                there[k] = is_clean[k] ? durable[k] : 0, is_clean[k] = there[k] != 0,
                durable[k] = there[k];
        }
        for (size_t k = 0; k < NAMES; k++) {
            struct disk_file f;
            snprintf(path, sizeof path, "%d/%d", (int)(k % 3), (int)k);
            bool is_there = disk_find(m.disk, slice_of(path), &f);
            cr_assert_eq(is_there, there[k] != 0, "step %u, %s", (unsigned)i, path);
            cr_assert(!is_there || f.msg == there[k]);
        }
    }
    cr_expect_gt(crashes, 1000);
    finish(&m);
}
