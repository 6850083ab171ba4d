/* The command line: what is wrong is said in one line with the way out, and ends with 2. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/command.h"
#include "support_app.h"

static const struct {
    const char *words[8];
    const char *says;
} mistakes[] = {
    {{"runn"}, "mailflow: unknown command \"runn\"; did you mean run?\n"},
    {{"xyzzy"}, "mailflow: unknown command \"xyzzy\"; see mailflow --help\n"},
    {{"run"}, "mailflow run: TOPOLOGY is missing; see mailflow help run\n"},
    {{"run", "a", "b"}, "mailflow run: one word too many: \"b\"; see mailflow help run\n"},
    {{"run", "--formta", "json", "x"},
     "mailflow run: unknown option --formta; did you mean --format?\n"},
    {{"run", "--formta=json", "x"},
     "mailflow run: unknown option --formta=json; did you mean --format?\n"},
    {{"run", "--xyzzy", "x"}, "mailflow run: unknown option --xyzzy; see mailflow help run\n"},
    {{"run", "-q", "x"}, "mailflow run: unknown option -q; see mailflow help run\n"},
    {{"run", "x", "--seed"}, "mailflow run: --seed needs a value; see mailflow help run\n"},
    {{"run", "x", "--ascii=1"}, "mailflow run: --ascii takes no value; see mailflow help run\n"},
    {{"run", "x", "--format", "laddr"},
     "mailflow run: --format: unknown format \"laddr\"; did you mean ladder?\n"},
    {{"run", "x", "--format", "zz"},
     "mailflow run: --format: unknown format \"zz\"; there are ladder, dialogue, "
     "events, summary and json\n"},
    {{"run", "x", "--width", "39"},
     "mailflow run: --width: expected a whole number from 40 to 1000, not \"39\"\n"},
    {{"run", "x", "--seed", "-1"},
     "mailflow run: --seed: expected a whole number from 1 to "
     "18446744073709551615, not \"-1\"\n"},
    {{"run", "x", "--until", "soon"},
     "mailflow run: --until: expected a time like 90s or 2h30min, not \"soon\"\n"},
    {{"run", "x", "--export", "a.doc"},
     "mailflow run: --export a.doc: unknown ending; known are .txt, .jsonl, "
     ".eml, .mbox, FOLDER/, .mmd, .html, .pcapng, .csv, .keys, .json, .png, .svg, .webm, .gif, "
     ".mp4\n"},
    {{"run", "x", "--panel", "maps"},
     "mailflow run: --panel: expected one of window, map, dialogue, states, bytes, dns, header, "
     "layers, parts, changes, host, events, ladder, console, compare, not \"maps\"\n"},
    {{"replay", "x", "--size", "9x9"},
     "mailflow replay: --size: expected WxH, both from 320 to 8000, like 1280x800, not \"9x9\"\n"},
    {{"run", "tow-towns"},
     "mailflow run: there is no file and no topology \"tow-towns\"; did you mean two-towns?\n"},
    {{"run", "/nowhere/x.json"}, "mailflow run: there is no file \"/nowhere/x.json\"\n"},
    {{"run", SUPPORT_TWO_TOWNS, "--script", "/nowhere"},
     "mailflow run: /nowhere: can't be opened: No such file or "
     "directory\n"},
    {{"replay", "/nowhere.jsonl"}, "mailflow replay: there is no file \"/nowhere.jsonl\"\n"},
    {{"render", SUPPORT_TWO_TOWNS}, "mailflow render: where to? Say -o FILE.png or -o FILE.svg\n"},
    {{"render", SUPPORT_TWO_TOWNS, "-o", "a.jpg"},
     "mailflow render: -o a.jpg: unknown ending; known are .png, .svg\n"},
    {{"render", SUPPORT_TWO_TOWNS, "-o", "a.png", "--at", "x"},
     "mailflow render: --at: expected a time like 300ms or "
     "2h30min, not \"x\"\n"},
    {{"render", SUPPORT_TWO_TOWNS, "-o", "a.png", "--size", "10x10"},
     "mailflow render: --size: expected WxH, both from 320 to 8000, like 1280x800, not "
     "\"10x10\"\n"},
    {{"render", SUPPORT_TWO_TOWNS, "-o", "a.png", "--theme", "pink"},
     "mailflow render: --theme: expected light, dark or projector, not \"pink\"\n"},
    {{"render", SUPPORT_TWO_TOWNS, "-o", "-.svg", "--message", "9"},
     "mailflow render: there is no message 9; there are 1\n"},
    {{"campaign", SUPPORT_TWO_TOWNS, "--faults", "hrsh"},
     "mailflow campaign: --faults: expected none, mild or harsh, not \"hrsh\"; did you mean "
     "harsh?\n"},
    {{"campaign", SUPPORT_TWO_TOWNS, "--runs", "0"},
     "mailflow campaign: --runs: expected a whole number from 1 to 1000000, not \"0\"\n"},
    {{"bench", "luck"},
     "mailflow bench: unknown figure \"luck\"; there are mail, hub, list, hosts, schedule, "
     "smtp_session, lmtp_session, pop3_session, imap_session, tls, dns, mime, scene, "
     "frame and export\n"},
    {{"help", "luck"}, "mailflow help: there is no command \"luck\"; see mailflow help\n"},
    {{"docs", "luck"},
     "mailflow docs: there is no page \"luck\"; there are "
     "trace-format|man|texts|schema|lesson-schema|quiz-schema\n"},
};

Test(command, a_mistake_gives_one_line_with_the_way_out)
{
    cr_assert_eq(chdir(SOURCE_DIR), 0); /* two-towns is looked for in ./topologies */
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct support_result r = support_run(NULL, mistakes[i].words);
        cr_expect_eq(r.status, 2, "row %zu ended with %d", i, r.status);
        cr_expect_str_eq(r.err, mistakes[i].says, "row %zu says %s", i, r.err);
        cr_expect_eq(r.out_size, 0, "row %zu printed %s", i, r.out);
        support_free(&r);
    }
}

Test(command, what_a_person_typed_is_shown_without_control_characters)
{
    struct support_result r = SUPPORT_RUN("\x1b[31mrun");
    cr_assert(!strchr(r.err, '\x1b'));
    support_free(&r);
}

Test(command, help_and_version_are_asked_for_in_the_usual_ways)
{
    static const struct {
        const char *words[4];
        const char *says;
    } rows[] = {
        {{"--help"}, "Commands:\n"},        {{"-h"}, "Commands:\n"},
        {{"help"}, "Commands:\n"},          {{"--version"}, "mailflow " MAILFLOW_VERSION "\n"},
        {{"help", "run"}, "--until T"},     {{"run", "--help"}, "--until T"},
        {{"render", "-h"}, "--theme NAME"}, {{"replay", "--help"}, ".jsonl"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct support_result r = support_run(NULL, rows[i].words);
        cr_expect_eq(r.status, 0, "row %zu ended with %d", i, r.status);
        cr_expect(strstr(r.out, rows[i].says), "row %zu: %s", i, r.out);
        cr_expect_eq(r.err_size, 0);
        support_free(&r);
    }
}

Test(command, every_command_has_a_page_of_at_most_80_columns)
{
    for (size_t i = 0; i < command_row_count; i++) {
        struct support_result r = SUPPORT_RUN("help", command_rows[i]->name);
        cr_expect_eq(r.status, 0);
        cr_expect(strstr(r.out, command_rows[i]->summary));
        for (const char *line = r.out; *line; line += strcspn(line, "\n") + 1)
            cr_expect(strcspn(line, "\n") <= 80 || strncmp(line, "    mailflow", 12) == 0,
                      "too long in %s: %.*s", command_rows[i]->name, (int)strcspn(line, "\n"),
                      line);
        support_free(&r);
    }
}

Test(command, the_man_page_is_fresh)
{
    struct support_result r = SUPPORT_RUN("docs", "man");
    FILE *in = fopen(SOURCE_DIR "/docs/mailflow.1", "rb");
    cr_assert(in, "docs/mailflow.1 is missing");
    char *page = calloc(1, r.out_size + 2);
    size_t size = fread(page, 1, r.out_size + 1, in);
    fclose(in);
    cr_assert(size == r.out_size && memcmp(page, r.out, size) == 0,
              "make it anew: mailflow docs man >docs/mailflow.1");
    free(page);
    support_free(&r);
}

/* Only the names: how fast this machine is, is no test's business. */
Test(command, bench_prints_each_figure_of_the_groups_that_are_named)
{
    static const char *const names[] = {
        "smtp_session ",   "smtp_session-octets ", "lmtp_session ",
        "pop3_session ",   "imap_session-append ", "imap_session-fetch ",
        "tls-handshakes ", "tls-octets ",          "dns ",
        "mime_parse ",     "mime_parse-of-memchr "};
    struct support_result r = SUPPORT_RUN("bench", "smtp_session", "lmtp_session", "pop3_session",
                                          "imap_session", "tls", "dns", "mime");
    cr_assert_eq(r.status, 0, "%s", r.err);
    const char *at = r.out;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *found = strstr(at, names[i]);
        cr_assert(found && (found == r.out || found[-1] == '\n'), "%s in %s", names[i], r.out);
        at = found;
    }
    cr_assert(!strstr(r.out, "schedule"), "that was not asked for");
    support_free(&r);
}

Test(command, a_campaign_says_what_became_of_all_mail)
{
    struct support_result r =
        SUPPORT_RUN("campaign", SUPPORT_TWO_TOWNS, "--runs", "5", "--jobs", "2", "--seed", "7");
    cr_expect_eq(r.status, APP_DONE);
    cr_expect(strstr(r.out, "5 runs"), "%s", r.out);
    cr_expect(strstr(r.out, "nothing lost\n"), "%s", r.out);
    cr_expect_str_empty(r.err);
    support_free(&r);
}
