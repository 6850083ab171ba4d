/*
 * Lessons in the terminal: taken, kept, taken up again, and judged by what the work does when it is
 * run anew, not by what its file claims.
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/course_file.h"
#include "app/lesson.h"
#include "app/source.h"
#include "support_app.h"

static void enter_tree(void)
{
    cr_assert_eq(chdir(SOURCE_DIR), 0);
}

static char *read_all(const char *path)
{
    FILE *in = fopen(path, "rb");
    cr_assert(in, "%s", path);
    char *text = calloc(1, 1 << 20);
    cr_assert(text);
    text[fread(text, 1, (1 << 20) - 1, in)] = '\0';
    fclose(in);
    return text;
}

static void write_all(const char *path, const char *text)
{
    FILE *out = fopen(path, "wb");
    cr_assert(out);
    fputs(text, out);
    fclose(out);
}

/* What a person types to solve it. */
static char *solution(const char *id)
{
    struct support_result r = SUPPORT_RUN("lesson", "solve", id);
    cr_assert_eq(r.status, 0, "%s", r.err);
    free(r.err);
    return r.out;
}

static struct support_result play(const char *id, const char *typed, const char *work)
{
    return support_run(typed, (const char *const[]){"lesson", "play", id, "--work", work, NULL});
}

static char *work_path(void)
{
    static const char form[] = "/tmp/mailflow-work-XXXXXX";
    char *path = strdup(form);
    int fd = mkstemp(path);
    cr_assert(fd >= 0);
    close(fd);
    unlink(path); /* the name is wanted, not a file */
    return path;
}

Test(lesson, who_types_the_solution_has_it_all_and_the_work_says_so_again)
{
    enter_tree();
    char *typed = solution("L01"), *work = work_path();
    struct support_result r = play("L01", typed, work);
    cr_expect_eq(r.status, 0, "%s%s", r.out, r.err);
    cr_expect(strstr(r.out, "100 %"), "%s", r.out);
    support_free(&r);
    r = SUPPORT_RUN("lesson", "check", "L01", "--work", work);
    cr_expect_eq(r.status, 0, "%s%s", r.out, r.err);
    cr_expect(strstr(r.out, "100 %: passed"), "%s", r.out);
    support_free(&r);
    unlink(work);
    free(work);
    free(typed);
}

Test(lesson, work_that_was_left_is_taken_up_where_it_was)
{
    enter_tree();
    char *typed = solution("L01"), *work = work_path();
    char *middle = strstr(typed, "goto f1");
    cr_assert(middle);
    char *first = strndup(typed, (size_t)(middle - typed));
    struct support_result r = play("L01", first, work);
    cr_expect_eq(r.status, 1, "not all of it was done");
    support_free(&r);
    r = play("L01", middle, work);
    cr_expect_eq(r.status, 0, "%s", r.out);
    cr_expect(strstr(r.out, "100 %"), "%s", r.out);
    support_free(&r);
    unlink(work);
    free(work);
    free(first);
    free(typed);
}

/* Each way of cheating, and what the replay gives for it. */
Test(lesson, a_forged_work_gets_what_the_replay_gives)
{
    static const struct {
        const char *what, *from, *to;
        int status;
        const char *says;
    } rows[] = {
        {"a claim of points", "\"seed\": \"1\"", "\"seed\": \"1\", \"points\": 100", 2,
         "unknown key \"points\""},
        {"no fault was ever on", "fault pc-bob-off on", "fault pc-bob-off off", 0, "5 of 6 points"},
        {"the letter goes to somebody else", "to=bob@example.org subject=\\\"Hello\\\"",
         "to=bea@example.org subject=\\\"Hello\\\"", 1, "missed C0101"},
        {"an action that can't be done", "\"do\": \"send from=alice@example.com to=bob",
         "\"do\": \"send from=nobody@example.com to=bob", 1, "missed C0101"},
        {"a prediction taken out", "{\"step\": \"p2\"", "{\"step\": \"q2\"", 0, "5 of 6 points"},
        {"somebody else's lesson", "\"lesson\": \"L01\"", "\"lesson\": \"L02\"", 2,
         "is the work on lesson L02, not on L01"},
    };
    enter_tree();
    char *typed = solution("L01"), *work = work_path();
    struct support_result r = play("L01", typed, work);
    support_free(&r);
    char *good = read_all(work);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *at = strstr(good, rows[i].from), *forged = calloc(1, strlen(good) + 256);
        cr_assert(at && forged, "%s", rows[i].what);
        sprintf(forged, "%.*s%s%s", (int)(at - good), good, rows[i].to, at + strlen(rows[i].from));
        write_all(work, forged);
        r = SUPPORT_RUN("lesson", "check", "L01", "--work", work);
        cr_expect_eq(r.status, rows[i].status, "%s: %d\n%s%s", rows[i].what, r.status, r.out,
                     r.err);
        cr_expect(strstr(rows[i].status == 2 ? r.err : r.out, rows[i].says), "%s\n%s%s",
                  rows[i].what, r.out, r.err);
        support_free(&r);
        free(forged);
    }
    unlink(work);
    free(good);
    free(work);
    free(typed);
}

Test(lesson, what_is_typed_wrongly_is_answered_with_the_way_out)
{
    enter_tree();
    char *work = work_path();
    struct support_result r = play("L01",
                                   "answer zz\n"
                                   "sned from=alice@example.com to=bob@example.org\n"
                                   "goto nowhere\nback\nlook luck\nf,e,d,c,b,a\nrun soon\nhelp\n"
                                   "run 1s\nrun 2562047h47min16s\nnxt\nqqqq\n",
                                   work);
    static const char *const says[] = {"did you mean next?",      "unknown word \"qqqq\"",
                                       "did you mean \"send\"",   "there is no step \"nowhere\"",
                                       "this is the first step",  "look at message, summary",
                                       "expected run, run 30min", "no lesson is longer",
                                       "answer ANSWER",           "expected"};
    for (size_t i = 0; i < sizeof says / sizeof *says; i++)
        cr_expect(strstr(r.out, says[i]), "%s\n%s", says[i], r.out);
    cr_expect_eq(r.status, 1);
    support_free(&r);
    r = SUPPORT_RUN("lesson", "chekc", "L01");
    cr_expect_eq(r.status, 2);
    cr_expect(strstr(r.err, "did you mean lesson check?"), "%s", r.err);
    support_free(&r);
    r = SUPPORT_RUN("lesson", "show", "l1"); /* L01 */
    cr_expect_eq(r.status, 0, "%s", r.err);
    support_free(&r);
    r = SUPPORT_RUN("lesson", "play", "L99");
    cr_expect_eq(r.status, 2);
    cr_expect(strstr(r.err, "there is no file and no lesson \"L99\""), "%s", r.err);
    cr_expect(strstr(r.err, "mailflow lesson list"), "%s", r.err);
    support_free(&r);
    unlink(work);
    free(work);
}

/* What stands behind > goes to the console of the step, and there is time for an answer, but not
   so much that the server hangs up on silence (RFC 5321 4.5.3.2.7). */
Test(lesson, a_console_speaks_the_protocol_and_a_message_can_be_read_as_it_lies_there)
{
    enter_tree();
    char *work = work_path();
    struct support_result r = play("L04",
                                   "> mx example.org\n> telnet mx1.example.org 25\n"
                                   "> EHLO out.example.com\n> MAIL FROM:<alice@example.com>\n"
                                   "> RCPT TO:<bob@example.org>\n> DATA\n> Subject: By \\ hand\n"
                                   ">\n> ..\n> .\nlook message\nlook message 9\nlook message x\n",
                                   work);
    static const char *const says[] = {"10 mx1.example.org",
                                       "220 mx1.example.org",
                                       "354 end the message",
                                       "250 2.0.0 Ok: queued",
                                       "  Subject: By \\ hand\n  \n  .\n",
                                       "no copy of message 9",
                                       "as in: look message 2"};
    for (size_t i = 0; i < sizeof says / sizeof *says; i++)
        cr_expect(strstr(r.out, says[i]), "%s\n%s", says[i], r.out);
    cr_expect(!strstr(r.out, "421"), "%s", r.out);
    support_free(&r);
    unlink(work);
    free(work);
}

/* The terminal and the replay agree on what a solution is worth, lesson by lesson. */
Test(lesson, every_solution_that_is_typed_is_worth_it_all_when_it_is_run_again, .timeout = 250)
{
    enter_tree();
    char folder[SOURCE_PATH];
    char(*names)[SOURCE_NAME] = calloc(SOURCE_NAMES, sizeof *names);
    size_t count = source_list(SOURCE_LESSONS, folder, names);
    for (size_t i = 0; i < count; i++) {
        char *typed = solution(names[i]), *work = work_path();
        struct support_result r = play(names[i], typed, work);
        cr_expect(strstr(r.out, "100 %"), "%s\n%s", names[i], r.out);
        support_free(&r);
        r = SUPPORT_RUN("lesson", "check", names[i], "--work", work);
        cr_expect(strstr(r.out, "100 %: passed"), "%s\n%s", names[i], r.out);
        support_free(&r);
        unlink(work);
        free(work);
        free(typed);
    }
    free(names);
}

/* The solution, every other way, every mistake and doing nothing, of each lesson that is shipped.
 */
Test(lesson, every_lesson_is_solved_by_its_own_ways_and_by_no_others, .timeout = 250)
{
    enter_tree();
    char folder[SOURCE_PATH], path[SOURCE_PATH + SOURCE_NAME + 8];
    char(*names)[SOURCE_NAME] = calloc(SOURCE_NAMES, sizeof *names);
    size_t count = source_list(SOURCE_LESSONS, folder, names);
    cr_expect(count >= 24, "%zu lessons", count);
    for (size_t i = 0; i < count; i++) {
        struct lesson lesson;
        struct problem problem = {0};
        char line[PROBLEM_LINE];
        snprintf(path, sizeof path, "lessons/%s.json", names[i]);
        if (!lesson_load(&lesson, path, &problem)) {
            cr_expect_fail("%s", problem_line(&problem, line));
            continue;
        }
        cr_expect(lesson_try(&lesson, 1, NULL, &problem), "%s", problem_line(&problem, line));
        for (size_t k = 0; k < lesson.scene_count && lesson.draw == 0; k++) {
            size_t good = 0, bad = 0;
            for (size_t w = 0; w < lesson.scenes[k].way_count; w++)
                *(lesson.scenes[k].ways[w].fails.count ? &bad : &good) += 1;
            cr_expect(good >= 1 && bad >= 3, "%s: %zu other ways, %zu mistakes", path, good, bad);
        }
        lesson_finish(&lesson);
    }
    free(names);
}
