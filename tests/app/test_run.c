/* run, replay, check and render from end to end, as a person types them. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support_app.h"

static struct support_result run_script(const char *script)
{
    return support_run(script, (const char *const[]){"run", SUPPORT_TWO_TOWNS, "--script", "-",
                                                     "--format", "summary", NULL});
}

Test(run, the_demonstration_is_played_when_nothing_is_asked)
{
    struct support_result r = SUPPORT_RUN("run", SUPPORT_TWO_TOWNS, "--format", "summary");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_expect(strstr(r.out, "to bob@example.org: delivered into bob@example.org/INBOX"), "%s",
              r.out);
    cr_expect(strstr(r.out, "3 Received fields; fetched by mua-bob"), "%s", r.out);
    support_free(&r);
}

Test(run, a_replayed_trace_gives_what_the_run_gave)
{
    static const char *const formats[] = {"ladder", "dialogue", "events", "summary", "json"};
    char folder[] = "/tmp/run.XXXXXX", path[64];
    cr_assert(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/t.jsonl", folder);
    struct support_result saved = SUPPORT_RUN("run", SUPPORT_TWO_TOWNS, "--export", path);
    cr_assert_eq(saved.status, 0, "%s", saved.err);
    cr_assert(strstr(saved.err, "wrote ") && strstr(saved.err, path));
    support_free(&saved);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        struct support_result r = SUPPORT_RUN("run", SUPPORT_TWO_TOWNS, "--format", formats[i]);
        struct support_result again = SUPPORT_RUN("replay", path, "--format", formats[i]);
        cr_expect_eq(again.status, 0, "%s", again.err);
        cr_expect_str_eq(r.out, again.out, "%s differs", formats[i]);
        support_free(&r);
        support_free(&again);
    }
    unlink(path);
    rmdir(folder);
}

Test(run, the_same_seed_gives_the_same_trace_and_another_another)
{
    struct support_result a = SUPPORT_RUN("run", SUPPORT_TWO_TOWNS, "--export", "-");
    struct support_result b =
        SUPPORT_RUN("run", SUPPORT_TWO_TOWNS, "--seed", "1", "--export", "-.jsonl");
    struct support_result c = SUPPORT_RUN("run", SUPPORT_TWO_TOWNS, "--seed", "2", "--export", "-");
    cr_assert_str_eq(a.out, b.out);
    cr_assert(strcmp(a.out, c.out) != 0);
    support_free(&a);
    support_free(&b);
    support_free(&c);
}

Test(run, each_action_waits_for_those_before_it_to_come_to_rest)
{
    struct support_result r = SUPPORT_RUN(
        "run", SUPPORT_TWO_TOWNS, "--format", "summary", "--do",
        "send from=alice@example.com to=bob@example.org subject=Hi", "--do", "fetch by=pc-bob");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_expect(strstr(r.out, "fetched by mua-bob"), "%s", r.out);
    support_free(&r);
}

Test(run, a_server_that_is_down_keeps_the_message_in_a_queue)
{
    struct support_result r = SUPPORT_RUN(
        "run", SUPPORT_TWO_TOWNS, "--format", "summary", "--do", "fault mx1-down on", "--do",
        "send from=alice@example.com to=bob@example.org subject=Hi", "--until", "10min");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_expect(strstr(r.out, "waits in a queue at mta-out after attempt 1"), "%s", r.out);
    support_free(&r);
}

/* Whichever comes first in the file: a line about a host is read when its time has come. */
Test(run, a_script_may_use_what_an_earlier_line_has_added)
{
    struct support_result r = run_script("3s agent add h9 mta-h9 role=mta listen=25\n"
                                         "1s host add h9 name=h9.example.org addr=203.0.113.99\n"
                                         "2s link add h9:mx1\n");
    cr_expect_eq(r.status, 0, "%s", r.err);
    support_free(&r);
    r = run_script("1s host add h9 name=h9.example.org addr=203.0.113.99\n"
                   "2s link add h8:mx1\n");
    cr_expect_eq(r.status, 2);
    cr_expect(strstr(r.err, "standard input:2:1: "), "%s", r.err);
    support_free(&r);
}

Test(run, a_script_is_lines_of_a_time_and_an_action)
{
    static const struct {
        const char *script;
        int status;
        const char *says; /* part of what it prints, or of the error */
    } rows[] = {
        {"# a comment\n\n0 send from=alice@example.com to=bob@example.org\r\n20s fetch by=pc-bob",
         0, "fetched by mua-bob (pop3) at 09:00:20."},
        {"20s fetch by=pc-bob\n0 send from=alice@example.com to=bob@example.org\n", 0,
         "fetched by mua-bob"},
        {"send from=alice@example.com to=bob@example.org\n", 2,
         "standard input:1:1: expected TIME ACTION"},
        {"0 send from=alice@example.com to=bob@example.org\n5s dance\n", 2, "standard input:2:1: "},
        {"0 send from=alice@example.com to=bob@example.org subject=\"x\n", 2,
         "standard input:1:1: "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct support_result r = run_script(rows[i].script);
        cr_expect_eq(r.status, rows[i].status, "row %zu: %s", i, r.err);
        cr_expect(strstr(r.status ? r.err : r.out, rows[i].says), "row %zu: %s%s", i, r.out, r.err);
        support_free(&r);
    }
}

Test(run, until_stops_the_clock_there)
{
    struct support_result r =
        SUPPORT_RUN("run", SUPPORT_TWO_TOWNS, "--until", "500ms", "--format", "events");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_expect(strstr(r.out, "09:00:00.500"), "%s", r.out);
    cr_expect(!strstr(r.out, "09:00:00.5200") && !strstr(r.out, "09:00:01"), "%s", r.out);
    support_free(&r);
}

Test(run, a_message_goes_to_standard_output_octet_for_octet)
{
    struct support_result r = SUPPORT_RUN("run", SUPPORT_TWO_TOWNS, "--export", "-.eml");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_expect(strncmp(r.out, "Return-Path: <alice@example.com>\r\n", 34) == 0, "%s", r.out);
    cr_expect(strstr(r.out, "\r\n\r\nHello Bob,\r\n"));
    cr_expect(!strstr(r.out, "pc-alice  "), "something else was printed with it");
    support_free(&r);
}

Test(run, a_topology_may_come_from_standard_input)
{
    struct support_result r =
        support_run("{\"format\":1,", (const char *const[]){"run", "-", NULL});
    cr_expect_eq(r.status, 2);
    cr_expect(strstr(r.err, "mailflow run: standard input:1:"), "%s", r.err);
    support_free(&r);
}

Test(check, files_are_ok_or_have_a_place_where_they_are_wrong)
{
    struct support_result r = SUPPORT_RUN("check", SUPPORT_TWO_TOWNS);
    cr_expect_eq(r.status, 0);
    cr_expect_str_eq(r.out, SUPPORT_TWO_TOWNS ": ok, topology \"two-towns\", 6 hosts\n");
    support_free(&r);
    char path[] = "/tmp/check.XXXXXX", says[128];
    int fd = mkstemp(path);
    cr_assert(fd >= 0 && write(fd, "{\"mailflow-trace\":1}\n{}\n", 24) == 24);
    close(fd);
    r = SUPPORT_RUN("check", path, SUPPORT_TWO_TOWNS);
    snprintf(says, sizeof says, "%s:2:1: expected event number \"e\":0 here\n", path);
    cr_expect_eq(r.status, 2);
    cr_expect_str_eq(r.err, says);
    cr_expect(strstr(r.out, ": ok, topology"), "the files after a bad one are checked, too");
    support_free(&r);
    unlink(path);
    r = SUPPORT_RUN("check", SOURCE_DIR "/topologies/schema.json");
    cr_expect_eq(r.status, 0, "topologies/*.json has it among the topologies");
    support_free(&r);
}

Test(render, a_moment_becomes_a_picture)
{
    struct support_result r =
        SUPPORT_RUN("render", SUPPORT_TWO_TOWNS, "--at", "300ms", "-o", "-.svg");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_expect(strstr(r.out, "<svg") && strstr(r.out, "<title>Two towns</title>"));
    support_free(&r);
    r = SUPPORT_RUN("render", SUPPORT_TWO_TOWNS, "--message", "1", "--theme", "dark", "--size",
                    "640x480", "-o", "-.png");
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_assert(r.out_size > 24 && memcmp(r.out, "\x89PNG", 4) == 0);
    cr_expect_eq((unsigned char)r.out[18] << 8 | (unsigned char)r.out[19], 640);
    support_free(&r);
}

Test(open, without_a_display_it_says_so_and_what_to_run_instead)
{
    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
    unsetenv("SDL_VIDEODRIVER");
    struct support_result r = SUPPORT_RUN("open", SUPPORT_TWO_TOWNS);
    cr_expect_eq(r.status, 2);
    cr_expect(strstr(r.err, "display") && strstr(r.err, "mailflow run"), "%s", r.err);
    support_free(&r);
}

/* A saved trace of which the end is missing, in a folder of its own. */
static void cut_trace(char path[64], size_t size)
{
    struct support_result r = SUPPORT_RUN("run", SUPPORT_TWO_TOWNS, "--export", "-");
    int fd = mkstemp(path);
    cr_assert(fd >= 0 && size < r.out_size && write(fd, r.out, size) == (ssize_t)size);
    close(fd);
    support_free(&r);
}

Test(replay, a_cut_trace_is_refused_with_a_word_on_how_to_read_it)
{
    char path[64] = "/tmp/cut.XXXXXX", says[160];
    cut_trace(path, 30000);
    struct support_result r = SUPPORT_RUN("replay", path);
    snprintf(says, sizeof says, "mailflow replay: %s:", path);
    cr_expect_eq(r.status, 2);
    cr_expect_str_eq(r.out, "");
    cr_expect(strncmp(r.err, says, strlen(says)) == 0, "%s", r.err);
    cr_expect(strstr(r.err, ": broken JSON; replay --salvage reads the ") &&
                  strstr(r.err, " events before it\n"),
              "%s", r.err);
    support_free(&r);
    r = SUPPORT_RUN("check", path);
    cr_expect_eq(r.status, 2);
    cr_expect(strstr(r.err, "replay --salvage reads the "), "%s", r.err);
    support_free(&r);
    unlink(path);
}

Test(replay, what_a_cut_trace_still_has_is_used_when_that_is_asked)
{
    char path[64] = "/tmp/cut.XXXXXX";
    cut_trace(path, 30000);
    struct support_result r = SUPPORT_RUN("replay", path, "--salvage", "--export", "-");
    struct support_result whole = SUPPORT_RUN("run", SUPPORT_TWO_TOWNS, "--export", "-");
    cr_expect_eq(r.status, 0, "%s", r.err);
    cr_expect(strstr(r.err, ": broken JSON; here are the ") && strchr(r.err, '\n')[1] == '\0', "%s",
              r.err);
    const char *events = strchr(r.out, '\n'), *all = strchr(whole.out, '\n');
    cr_expect(strlen(events) > 29000 && strlen(events) <= 30000, "%zu", strlen(events));
    cr_expect(strncmp(events, all, strlen(events)) == 0, "it is the beginning, unchanged");
    support_free(&r);
    support_free(&whole);
    r = SUPPORT_RUN("replay", path, "--salvage", "--format", "summary");
    cr_expect_eq(r.status, 0, "%s", r.err);
    support_free(&r);
    unlink(path);
}

Test(replay, a_file_without_any_event_has_nothing_to_be_saved)
{
    char path[64] = "/tmp/cut.XXXXXX";
    cut_trace(path, 40);
    struct support_result r = SUPPORT_RUN("replay", path, "--salvage");
    cr_expect_eq(r.status, 2);
    cr_expect(!strstr(r.err, "--salvage"), "%s", r.err);
    support_free(&r);
    unlink(path);
}
