/*
 * The dialogue about a lesson as somebody meets it who has never seen it: half words, answers in
 * words, steps that are left too soon. What is typed is told with its reason.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/source.h"
#include "support_app.h"

static struct support_result play(const char *id, const char *typed)
{
    cr_assert_eq(chdir(SOURCE_DIR), 0);
    return support_run(typed, (const char *const[]){"lesson", "play", id, NULL});
}

/* Lines are as wide as the terminal: where they end is not looked at. */
static void flatten(char *text)
{
    char *to = text;
    for (const char *at = text; *at; at++)
        if ((*at != ' ' && *at != '\n') || (to > text && to[-1] != ' '))
            *to++ = *at == '\n' ? ' ' : *at;
    *to = '\0';
}

/* Each row in order: what was said behind what the row before it found. */
static void expect_said(const char *id, const char *typed, const char *const *says)
{
    struct support_result r = play(id, typed);
    flatten(r.out);
    const char *at = r.out;
    for (size_t i = 0; says[i]; i++) {
        const char *found = strstr(at, says[i]);
        cr_expect(found, "%s: \"%s\" is not said, or too soon\n%s", id, says[i], r.out);
        at = found ? found + strlen(says[i]) : at;
    }
    support_free(&r);
}

#define EXPECT_SAID(id, typed, ...) expect_said(id, typed, (const char *const[]){__VA_ARGS__, NULL})

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, part)); at++)
        count++;
    return count;
}

static size_t widest_line(const char *text)
{
    size_t widest = 0, width = 0;
    for (; *text; text++) {
        width = *text == '\n' ? 0 : width + (((unsigned char)*text & 0xC0) != 0x80);
        widest = width > widest ? width : widest;
    }
    return widest;
}

/* Curriculum 2.1: predictions are stored before the run, and compared behind it. */
Test(lesson_play, a_prediction_is_made_before_anything_is_tried)
{
    EXPECT_SAID("L07", "send from=alice@example.com to=bob@example.org\nrun\nnext\nmx1\nnext\n",
                "predict first", "predict first", "predict first", "You have committed yourself",
                "[2 of 24]");
}

/* "goto ID" in front of each step's lines becomes "next", but for the first. */
static char *step_by_step(const char *solution)
{
    char *typed = calloc(1, strlen(solution) + 16), *to = typed;
    bool is_first = true;
    for (const char *line = solution, *end; (end = strchr(line, '\n')); line = end + 1) {
        bool is_goto = strncmp(line, "goto ", 5) == 0;
        if (!is_goto)
            to += sprintf(to, "%.*s\n", (int)(end - line), line);
        else if (!is_first)
            to += sprintf(to, "next\n");
        is_first = false;
    }
    strcpy(to, "next\n");
    return typed;
}

/* What a step waits for is what it asks for: its own solution opens the way to the next one, and a
   switch is where the text wants it. */
Test(lesson_play, each_step_lets_go_who_has_done_what_it_says, .timeout = 250)
{
    char folder[SOURCE_PATH];
    char(*names)[SOURCE_NAME] = calloc(SOURCE_NAMES, sizeof *names);
    cr_assert_eq(chdir(SOURCE_DIR), 0);
    size_t count = source_list(SOURCE_LESSONS, folder, names);
    cr_assert(count >= 24);
    for (size_t i = 0; i < count; i++) {
        struct support_result solved = SUPPORT_RUN("lesson", "solve", names[i]);
        char *typed = step_by_step(solved.out);
        struct support_result r = play(names[i], typed);
        cr_expect(!strstr(r.out, "not yet:") && !strstr(r.out, "nothing is done yet") &&
                      !strstr(r.out, "predict first"),
                  "%s\n%s", names[i], r.out);
        bool draws = strcmp(names[i], "L24") == 0; /* its tickets are drawn by another seed */
        cr_expect(draws || strstr(r.out, "100 %"), "%s\n%s", names[i], r.out);
        support_free(&r);
        support_free(&solved);
        free(typed);
    }
    free(names);
    EXPECT_SAID("L07", "goto f1\nfault mx1-down on\nfault mx1-down off\nnext\n", "not yet:");
}

Test(lesson_play, who_leaves_a_step_undone_is_held_once)
{
    EXPECT_SAID("L03", "goto g1\nnext\nsteps\nnext\n", "[8 of 17] RUN g1",
                "nothing is done yet in step 8 (g1)", ">[ ] 8. RUN g1:", "[9 of 17] SEND s2");
    EXPECT_SAID("L07", "mx1\nnext\nsend from=alice@example.com to=bob@exmaple.org\nrun\nnext\n",
                "no such domain", "not yet: what step 2 (s1) asks for");
}

Test(lesson_play, answers_may_be_words_and_letters_in_many_forms)
{
    EXPECT_SAID("L07", "goto p2\nIn the queue of mx2.\n", "You have committed yourself");
    EXPECT_SAID("L07", "goto p3\nno\n", "You have committed yourself");
    EXPECT_SAID("L07", "a)\n", "You have committed yourself");
    EXPECT_SAID("L16", "goto p1\nb,a\nb;a;d;c\n", "expected the letters a to d",
                "You have committed yourself");
    EXPECT_SAID("L07", "perhaps\n",
                "unknown word \"perhaps\", and no answer: expected a letter from a to d");
    EXPECT_SAID("L07", "GOTO 7\nHint\n", "[7 of 24] FAULT f3", "At a terminal");
}

/* Whoever may try again is not told the rest. */
Test(lesson_play, a_wrong_try_is_not_told_what_is_missing)
{
    static const char hidden[] = "It is farther from the goal";
    struct support_result r = play("L07", "goto step5\nb,c\n");
    cr_expect(strstr(r.out, "Not yet.") && strstr(r.out, "  b) That is you."), "%s", r.out);
    cr_expect(strstr(r.out, "Something is missing."), "%s", r.out);
    cr_expect(!strstr(r.out, hidden), "%s", r.out);
    support_free(&r);
    EXPECT_SAID("L07", "goto step5\nb,c,d\n", "Right.", " d) It is farther from the goal");
}

Test(lesson_play, a_wrong_prediction_is_told_what_is_the_case)
{
    EXPECT_SAID("L07",
                "answer www\nnext\nsend from=alice@example.com to=bob@example.org\nrun\nnext\n",
                "You predicted (p1): www", "It is: mx1", "[3 of 24]");
}

/* Not when the fault has just been switched on, but when the message was sent. */
Test(lesson_play, a_prediction_is_told_behind_the_step_that_shows_it)
{
    EXPECT_SAID("L03",
                "run\nnext\nanswer b\nnext\nfault imap-a-down on\nnext\n"
                "send from=alice@example.com to=bob@example.org\nrun\nnext\n",
                "[4 of 17]", "You predicted (p1)", "[5 of 17]");
}

/* Five days of attempts are a few lines, and each line fits the terminal. */
Test(lesson_play, attempts_that_repeat_are_told_once)
{
    struct support_result r =
        play("L07", "goto f1\nfault mx1-down on\nnext\nc\nnext\n"
                    "send from=alice@example.com to=bob@example.org\nrun\nlook\nstatus\nhelp\n"
                    "help send\nhelp fault\nhelp actions\nlook mail\nsend from=bob\nfetch by=me\n");
    cr_expect_leq(widest_line(r.out), 80, "%zu columns", widest_line(r.out));
    flatten(r.out);
    cr_expect(strstr(r.out, "(the last of 61 like this since"), "%s", r.out);
    cr_expect(strstr(r.out, "timeout after 30s; 61 times, the first at"), "%s", r.out);
    cr_expect_lt(count_of(r.out, "timeout"), 20, "%s", r.out);
    support_free(&r);
}

Test(lesson_play, help_names_what_there_is_here)
{
    EXPECT_SAID("L07", "help fault\nhelp send\nhelp fetch\nhelp run\nhelp zz\nhelp actions\n",
                "mx1-down", "Addresses here:", "alice@example.com", "Mail programs here: pc-alice",
                "run | run 30min", "there is no word \"zz\"", "idle by=pc-bob on");
    EXPECT_SAID("L07", "mx1\nsend from=alice to=bob\nfetch by=alice\n",
                "expected alice@example.com", "expected pc-alice");
}

/* What a menu offers in the window is a word that nobody can guess. */
Test(lesson_play, a_hint_ends_with_the_words_for_it)
{
    EXPECT_SAID("L16", "goto f1\nhint\nhint\nhint\nidle by=pc-bob on\n", "among the faults",
                "\"hint\" once more", "At a terminal: `fault phone-offline on`", "no further hint",
                "Understood.");
}

Test(lesson_play, a_screen_of_a_mail_program_can_be_looked_at)
{
    EXPECT_SAID("L16",
                "idle by=pc-bob on\nidle by=phone-bob on\nrun\nb,a,d,c\ngoto s1\n"
                "send from=alice@example.com to=bob@example.org subject=Lunch\nrun\n"
                "look mail phone-bob\nreply by=phone-bob message=3\nlook mail pc-zoe\n",
                "phone-bob bob@example.org, INBOX: 1 message 1. new, \"Lunch\" from",
                "the folder has 1, counted from 1", "no mail program at \"pc-zoe\"");
}

/* What was refused is said once; a prompt does not run into what is said next. */
/* Who has read the first message's dialogue wants to read that of the second. */
Test(lesson_play, a_look_shows_what_is_new_and_says_what_came_before)
{
    static const char send[] =
        "goto s1\nsend from=alice@example.com to=bob@example.org subject=One\n"
        "run\nlook dialogue\nnext\nlook dialogue\n"
        "send from=alice@example.com to=bob@example.org subject=Two\nrun\n";
    char typed[600];
    snprintf(typed, sizeof typed, "%slook dialogue\nlook ladder\n", send);
    struct support_result r = play("L01", typed);
    cr_expect_eq(count_of(r.out, "Subject: One"), 3 + 3,
                 "once a hop, and again where nothing is new");
    cr_expect_eq(count_of(r.out, "Subject: Two"), 3);
    cr_expect(strstr(r.out, " turns before: look dialogue all"), "%s", r.out);
    cr_expect(strstr(r.out, " turns before: look ladder all"));
    support_free(&r);
    snprintf(typed, sizeof typed, "%slook dialogue all\nlook dialogue none\n", send);
    r = play("L01", typed);
    cr_expect_eq(count_of(r.out, "Subject: One"), 3 + 3 + 3);
    cr_expect(!strstr(r.out, "turns before"));
    cr_expect(strstr(r.out, "look dialogue, or look dialogue all"));
    support_free(&r);
}

Test(lesson_play, a_refusal_is_said_once_and_a_prompt_has_its_line)
{
    struct support_result r =
        play("L16", "goto s3\nreply by=phone-bob message=3\nfault phone-offline on\n");
    cr_expect_eq(count_of(r.out, "counted from 1"), 1, "%s", r.out);
    cr_expect(!strstr(r.out, "refused"), "%s", r.out);
    support_free(&r);
    EXPECT_SAID("L04", "> mx example.org\nstatus\n", "10 mx1.example.org", "out$ [ ]");
}

Test(lesson_play, work_that_goes_on_says_so)
{
    char path[] = "/tmp/mailflow-play-XXXXXX";
    cr_assert_eq(chdir(SOURCE_DIR), 0);
    int fd = mkstemp(path);
    cr_assert(fd >= 0);
    close(fd);
    unlink(path); /* the name is wanted, not a file */
    struct support_result r =
        support_run("mx1\nnext\nsend from=alice@example.com to=bob@example.org\nrun\n",
                    (const char *const[]){"lesson", "play", "L07", "--work", path, NULL});
    support_free(&r);
    r = support_run("retry\n",
                    (const char *const[]){"lesson", "play", "L07", "--work", path, NULL});
    cr_expect(strstr(r.out, "Your work goes on: 1 of 6 points"), "%s", r.out);
    cr_expect(strstr(r.out, "is taken back"), "%s", r.out);
    support_free(&r);
    r = SUPPORT_RUN("lesson", "check", "L07", "--work", path, "--export", "page.html");
    cr_expect_eq(r.status, 2);
    cr_expect(strstr(r.err, "lesson play L07 --work"), "%s", r.err);
    support_free(&r);
    unlink(path);
}
