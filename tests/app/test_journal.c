/* Work that was cut off is found again: the journal of steps in the state folder. */
#include "app/journal.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/base/vtime.h"
#include "support_app.h"

static char home[64];
static struct live live;
static struct problem problem;
static const struct journal_source source = {.path = SUPPORT_TWO_TOWNS, .seed = 1};

#define FAULT SLICE("fault mx1-down on")
#define LETTER                                                                                     \
    SLICE("send from=alice@example.com to=bob@example.org subject=\"A \\\"quoted\\\" one\"")

static void begin(void)
{
    snprintf(home, sizeof home, "/tmp/journal.XXXXXX");
    cr_assert(mkdtemp(home));
    setenv("XDG_STATE_HOME", home, 1);
    cr_assert(
        live_open(&live, SUPPORT_TWO_TOWNS, &(struct source_options){.seed = 1}, NULL, &problem));
}

static size_t files(const char *folder, bool removes)
{
    size_t count = 0;
    char path[512];
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%.200s", folder, entry->d_name);
        count++;
        if (removes)
            unlink(path);
    }
    if (dir)
        closedir(dir);
    return count;
}

static size_t count_files(void)
{
    char folder[128];
    snprintf(folder, sizeof folder, "%s/mailflow", home);
    return files(folder, false);
}

static void end(void)
{
    char folder[128];
    live_close(&live);
    snprintf(folder, sizeof folder, "%s/mailflow", home);
    files(folder, true);
    rmdir(folder);
    rmdir(home);
}

TestSuite(journal, .init = begin, .fini = end);

/* What a session does that then ends without a word, as by kill -9: nothing of it runs any more. */
static void work_and_die(void (*work)(void))
{
    pid_t child = fork();
    cr_assert(child >= 0);
    if (child == 0) {
        live.journal = journal_create(&source);
        work();
        raise(SIGKILL);
    }
    waitpid(child, NULL, 0);
}

static void four_steps_one_undone(void)
{
    struct live_step step;
    live_do(&live, 300 * VTIME_MS, LETTER, &problem);
    live_do(&live, 100 * VTIME_MS, FAULT, &problem);
    live_undo(&live, &step, &problem);
    live_fork(&live, 200 * VTIME_MS, FAULT, &problem);
    live_do(&live, 400 * VTIME_MS, LETTER, &problem);
}

Test(journal, work_that_was_killed_is_brought_back_by_one_redo)
{
    struct live_step step;
    work_and_die(four_steps_one_undone);
    struct journal *j = live.journal = journal_create(&source);
    cr_assert_eq(journal_return(j, &live), 3);
    cr_expect_eq(live.done, 0, "nothing is done before the person asks for it");
    cr_assert(live_redo(&live, &step, &problem), "%s", problem.what);
    cr_assert_eq(live.done, 3);
    cr_expect(live.has_fork);
    cr_expect_eq(live.chosen, 1);
    cr_expect(slice_equal(live.steps.items[0].text, LETTER));
    cr_expect_eq(live.steps.items[2].run, 1);
    cr_assert(live_undo(&live, &step, &problem), "from then on each step is one again");
    cr_expect_eq(live.done, 2);
    cr_expect_eq(count_files(), 1, "the old file has given way to the new one");
    journal_destroy(j);
    cr_expect_eq(count_files(), 0, "work that has come to its end leaves nothing");
}

/* The edit is in the file: who comes back gets what the file does not have. */
static void saves_in_the_middle(void)
{
    live_do(&live, 0, SLICE("host rename mx1 mx9"), &problem);
    live_do(&live, 100 * VTIME_MS, LETTER, &problem);
    journal_saved(live.journal);
    live_do(&live, 0, SLICE("host rename out gate"), &problem);
}

Test(journal, what_was_saved_is_not_done_again)
{
    work_and_die(saves_in_the_middle);
    struct journal *j = live.journal = journal_create(&source);
    cr_assert_eq(journal_return(j, &live), 2);
    cr_expect(slice_equal(live.steps.items[0].text, LETTER), "a message is in no file");
    cr_expect(slice_equal(live.steps.items[1].text, SLICE("host rename out gate")));
    journal_destroy(j);
}

static void undoes_what_was_saved(void)
{
    struct live_step step;
    live_do(&live, 0, SLICE("host rename mx1 mx9"), &problem);
    journal_saved(live.journal);
    live_undo(&live, &step, &problem);
    live_do(&live, 0, SLICE("host rename out gate"), &problem);
}

Test(journal, what_comes_behind_an_undo_of_what_was_saved_is_kept)
{
    work_and_die(undoes_what_was_saved);
    struct journal *j = live.journal = journal_create(&source);
    cr_assert_eq(journal_return(j, &live), 1);
    cr_expect(slice_equal(live.steps.items[0].text, SLICE("host rename out gate")));
    journal_destroy(j);
}

Test(journal, a_new_step_instead_ends_the_offer)
{
    work_and_die(four_steps_one_undone);
    struct journal *j = live.journal = journal_create(&source);
    cr_assert_eq(journal_return(j, &live), 3);
    cr_assert(live_do(&live, 0, FAULT, &problem), "%s", problem.what);
    cr_expect_eq(live.steps.count, 1);
    journal_destroy(j);
    cr_expect_eq(count_files(), 0);
}

Test(journal, an_offer_that_nobody_took_is_made_again)
{
    work_and_die(four_steps_one_undone);
    for (int i = 0; i < 2; i++) {
        struct journal *j = journal_create(&source);
        cr_expect_eq(journal_return(j, &live), 3);
        journal_destroy(j);
    }
}

Test(journal, work_on_something_else_or_still_going_on_is_not_offered)
{
    work_and_die(four_steps_one_undone);
    struct journal_source other = source;
    other.seed = 2;
    struct journal *j = journal_create(&other);
    cr_expect_eq(journal_return(j, &live), 0);
    struct live_step step = {.t = VTIME_S, .text = FAULT};
    journal_step(j, &step);
    struct journal *again = journal_create(&other);
    cr_expect_eq(journal_return(again, &live), 0, "that session is not over");
    struct journal_found found[4];
    cr_expect_eq(journal_list(found, 4), 1);
    cr_expect_str_eq(found[0].source.path, source.path);
    cr_expect_eq(found[0].steps, 3);
    journal_destroy(again);
    journal_destroy(j);
}

Test(journal, nothing_is_written_before_something_is_done)
{
    struct journal *j = journal_create(&source);
    cr_expect_eq(count_files(), 0);
    journal_undo(j);
    cr_expect_eq(count_files(), 0);
    journal_destroy(j);
}

/* A file that somebody has made up: it gives what is right up to the first line that is not. */
Test(journal, a_damaged_file_gives_what_can_be_used_and_harms_nobody)
{
    static const struct {
        const char *lines;
        size_t steps;
    } rows[] = {
        {"", 0},
        {"{\"do\":\"fault mx1-down on\",\"t\":0,\"run\":0}\n", 1},
        {"{\"do\":\"fault mx1-down on\",\"t\":0,\"run\":0}\n{\"do\":\"fault mx1-do", 1},
        {"{\"do\":\"x\",\"t\":0,\"run\":0}\n{\"undo\":true}\n", 0},
        {"{\"do\":\"x\",\"t\":0,\"run\":0}\n{\"undo\":true}\n{\"redo\":true}\n{\"redo\":true}\n",
         1},
        {"{\"do\":\"x\",\"t\":0,\"run\":0}\n{\"do\":\"y\",\"t\":0,\"run\":1}\n", 1},
        {"{\"do\":\"x\",\"t\":0,\"run\":0}\n{\"keep\":\"\",\"t\":0,\"run\":0}\n", 1},
        {"{\"fork\":\"\",\"t\":5,\"run\":0}\n{\"do\":\"y\",\"t\":1e300,\"run\":1}\n", 1},
        {"{\"fork\":\"\",\"t\":5,\"run\":7}\n", 0},
        {"{\"do\":7,\"t\":0,\"run\":0}\n", 0},
        {"[1,2]\n", 0},
    };
    char path[256];
    snprintf(path, sizeof path, "%s/mailflow/work-1-0.jsonl", home);
    journal_destroy(journal_create(&source)); /* makes the folder */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        FILE *out = fopen(path, "wb");
        cr_assert(out);
        fprintf(out, "{\"mailflow-work\":1,\"source\":\"%s\",\"seed\":\"1\",\"faults\":\"\"}\n%s",
                source.path, rows[i].lines);
        fclose(out);
        struct journal *j = journal_create(&source);
        cr_expect_eq(journal_return(j, &live), rows[i].steps, "row %zu", i);
        journal_destroy(j);
    }
    FILE *out = fopen(path, "wb");
    fprintf(out, "not a journal\n");
    fclose(out);
    struct journal_found found[4];
    cr_expect_eq(journal_list(found, 4), 0);
}
