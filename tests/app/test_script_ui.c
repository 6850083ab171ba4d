/* Scripts that are a person at the window: what they do, and what they say when it goes wrong. */
#include "app/ui_script.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

#include "support_app.h"

static struct support_result play(const char *script)
{
    return support_run(script,
                       (const char *const[]){"render", SUPPORT_TWO_TOWNS, "--script", "-", NULL});
}

static void expect_played(const char *script)
{
    struct support_result r = play(script);
    cr_expect_eq(r.status, 0, "%s\n%s", script, r.err);
    support_free(&r);
}

static void expect_end(const char *script, int status, const char *words)
{
    struct support_result r = play(script);
    cr_expect_eq(r.status, status, "%s", script);
    cr_expect(strstr(r.err, words), "%s\nsays: %s", script, r.err);
    support_free(&r);
}

Test(script_ui, a_message_is_written_by_mouse_and_keys)
{
    expect_played("# a letter of one's own\n"
                  "size 1280x800\n"
                  "seek 300ms\n"
                  "press m\n"
                  "expect-widget compose-send\n"
                  "press ctrl+backspace\n"
                  "click compose-subject\n"
                  "press end\n"
                  "type \" again, J\xC3\xBCrgen\"\n"
                  "click compose-send\n"
                  "expect-no-widget compose-send\n"
                  "press end\n"
                  "expect Hello again, J\xC3\xBCrgen\n");
}

Test(script_ui, a_message_that_is_refused_is_not_lost)
{
    expect_played("size 1280x800\n"
                  "press m\n"
                  "click compose-from\n"
                  "press ctrl+a\n"
                  "type nobody@example.org\n"
                  "click compose-body\n"
                  "type \"a long letter\"\n"
                  "click compose-send\n"
                  "expect-widget compose-send\n"
                  "expect nobody here writes mail as\n"
                  "press ctrl+a\n" /* the author has the focus */
                  "type alice@example.com\n"
                  "press ctrl+enter\n"
                  "expect-no-widget compose-send\n"
                  "press end\n"
                  "expect a long letter\n");
}

Test(script_ui, a_fault_is_done_undone_and_done_again)
{
    expect_played("seek 100ms\n"
                  "do fault mx1-down on\n"
                  "seek 200ms\n"
                  "expect mx1: down\n"
                  "press ctrl+z\n"
                  "seek 200ms\n"
                  "expect-not mx1: down\n"
                  "press ctrl+y\n"
                  "seek 200ms\n"
                  "expect mx1: down\n"
                  "undo\n"
                  "expect Undone\n");
}

Test(script_ui, a_second_run_is_forked_worked_in_and_kept)
{
    expect_played("seek 100ms\n"
                  "fork fault mx1-down on\n"
                  "seek 200ms\n"
                  "do user add eve@example.org\n"
                  "keep\n"
                  "seek 200ms\n"
                  "expect mx1: down\n"
                  "undo\nundo\nundo\n"
                  "seek 200ms\n"
                  "expect-not mx1: down\n");
}

Test(script_ui, time_passes_and_moments_are_found)
{
    expect_played("seek 0\npress space\nwait 1s\nexpect-not Nothing has happened\n");
    expect_played("seek 09:00:00.300\nexpect 09:00:00.3\n");
    expect_played("10s fetch by=pc-bob\nseek 0\n");
}

Test(script_ui, things_are_drawn_turned_and_pointed_at)
{
    expect_played("move host-mx1\nclick host-mx1\nmenu host-mx1\npress escape\n"
                  "drag host-mx1 by 40,30\nwheel host-mx1 -3\nclick 5,5\n"
                  "set theme dark\nset scale 150\nset calm on\nset theme light\n");
}

Test(script_ui, files_are_written_where_the_script_says)
{
    char folder[] = "/tmp/script.XXXXXX", script[1024], command[600];
    cr_assert(mkdtemp(folder));
    snprintf(script, sizeof script,
             "do host move mx1 x=700 y=300\npicture %s/a.png\npicture %s/a.svg 1\n"
             "export %s/a.jsonl\nsave %s/a.json\nexpect Saved\nopen %s/a.json\nopen %s/a.jsonl\n"
             "bring %s/a.json\n",
             folder, folder, folder, folder, folder, folder, folder);
    expect_played(script);
    static const char *const names[] = {"a.png", "a.svg", "a.jsonl", "a.json"};
    for (size_t i = 0; i < 4; i++) {
        snprintf(command, sizeof command, "%s/%s", folder, names[i]);
        cr_expect_eq(unlink(command), 0, "%s", names[i]);
    }
    rmdir(folder);
}

Test(script_ui, a_wrong_form_is_found_before_anything_is_played)
{
    static const struct {
        const char *script, *words;
    } rows[] = {
        {"seek 0\nclik play\n", "standard input:2: unknown word \"clik\"; did you mean \"click\"?"},
        {"click\n", "standard input:1: expected: click NAME|X,Y"},
        {"type Our school\n", "standard input:1: expected: type TEXT; what has blanks stands in "
                              "double quotes"},
        {"\n\ndrag a b\n", "standard input:3: expected: drag"},
        {"type \"Hello\n", "standard input:1: a quote that is not closed"},
        {"expect\n", "standard input:1: expected: expect TEXT"},
        {"press a b c d e f g h i\n", "more than 8 words"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_end(rows[i].script, 2, rows[i].words);
}

Test(script_ui, what_is_not_so_ends_it_with_its_line)
{
    cr_assert_eq(chdir(SOURCE_DIR), 0); /* the folder of the topologies that are shipped */
    static const struct {
        const char *script, *words;
    } rows[] = {
        {"seek 0\nexpect pigs fly\n", "standard input:2: expected \"pigs fly\", but it shows: "},
        {"click plya\n", "standard input:1: there is no \"plya\" on the screen now; did you mean "
                         "\"play\"?"},
        {"press spcae\n", "there is no key \"spcae\"; did you mean \"space\"?"},
        {"do fault mx1-dwon on\n", "standard input:1: "},
        {"seek soon\n", "seek T: like 300ms, 2h or 09:03:00"},
        {"size 10x10\n", "size WxH"},
        {"set theme pink\n", "set theme light|dark|projector"},
        {"wait 3h\n", "wait T"},
        {"undo\n", "There is nothing to undo"},
        {"keep\n", "There is only one run"},
        {"picture a.bmp\n", "a picture ends in .png or .svg"},
        {"export a.docx\n", "a.docx"},
        {"open nowhere\n", "there is no file"},
        {"record a.txt\n", "a film ends in .webm, .gif or .mp4"},
        {"save " SOURCE_DIR "/topologies/two-towns.json\n", "comes with mailflow"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_end(rows[i].script, 1, rows[i].words);
}

Test(script_ui, quit_ends_it)
{
    expect_played("quit\nexpect pigs fly\n");
}

/* The table of docs/scripts.md has each word. */
Test(script_ui, every_word_is_documented)
{
    static char page[65536];
    FILE *in = fopen(SOURCE_DIR "/docs/scripts.md", "rb");
    const char *name, *form, *meaning;
    cr_assert(in);
    page[fread(page, 1, sizeof page - 1, in)] = '\0';
    fclose(in);
    for (size_t i = 0; ui_script_verb(i, &name, &form, &meaning); i++) {
        char quoted[64];
        snprintf(quoted, sizeof quoted, "`%s", name);
        cr_expect(strstr(page, quoted), "%s is not in docs/scripts.md", name);
    }
}
