/* What a person likes is there again the next time, whatever has happened to the file. */
#include "app/settings.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/recent.h"
#include "app/folder.h"

static char home[64], path[FOLDER_PATH];

static void begin(void)
{
    snprintf(home, sizeof home, "/tmp/settings.XXXXXX");
    cr_assert(mkdtemp(home));
    setenv("XDG_CONFIG_HOME", home, 1);
    setenv("XDG_STATE_HOME", home, 1);
    cr_assert(folder_path(FOLDER_SETTINGS, "settings.json", path));
}

static void end(void)
{
    char file[256];
    unlink(path);
    snprintf(file, sizeof file, "%s/mailflow/recent", home);
    unlink(file);
    snprintf(file, sizeof file, "%s/mailflow", home);
    rmdir(file);
    rmdir(home);
}

TestSuite(settings, .init = begin, .fini = end);

static void write_file(const char *text)
{
    FILE *out = fopen(path, "wb");
    cr_assert(out);
    fputs(text, out);
    fclose(out);
}

Test(settings, what_was_saved_is_found)
{
    struct settings s;
    struct problem problem = {0};
    cr_assert(settings_find(&s, &problem), "%s", problem.what);
    cr_expect_eq(s.view.scale_percent, 100);
    s.view = (struct view_settings){.theme = THEME_PROJECTOR,
                                    .scale_percent = 150,
                                    .is_calm = true,
                                    .is_classic = true,
                                    .language = "de"};
    s.w = 1600;
    s.h = 900;
    cr_assert(settings_save(&s, &problem), "%s", problem.what);
    settings_finish(&s);
    cr_assert(settings_find(&s, &problem), "%s", problem.what);
    cr_expect_eq(s.view.theme, THEME_PROJECTOR);
    cr_expect_eq(s.view.scale_percent, 150);
    cr_expect(s.view.is_calm && s.view.is_classic);
    cr_expect_str_eq(s.view.language, "de");
    cr_expect(s.w == 1600 && s.h == 900);
    settings_finish(&s);
}

Test(settings, a_broken_file_counts_for_nothing_and_is_told_of)
{
    static const char *const broken[] = {"", "{", "[]", "\"light\"", "{\"theme\":\"dark\""};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct settings s;
        struct problem problem = {0};
        write_file(broken[i]);
        cr_expect(!settings_find(&s, &problem), "\"%s\"", broken[i]);
        cr_expect(problem.what[0]);
        cr_expect_eq(s.view.theme, THEME_LIGHT);
        settings_finish(&s);
    }
}

Test(settings, values_that_make_no_sense_are_left_out_and_the_others_count)
{
    struct settings s;
    struct problem problem = {0};
    write_file("{\"theme\":\"pink\",\"scale\":9000,\"language\":\"../../etc\",\"window_width\":1,"
               "\"classic_labels\":\"yes\",\"reduced_motion\":true}");
    cr_assert(settings_find(&s, &problem), "%s", problem.what);
    cr_expect_eq(s.view.theme, THEME_LIGHT);
    cr_expect_eq(s.view.scale_percent, 100);
    cr_expect_str_eq(s.view.language, "");
    cr_expect_eq(s.w, 0);
    cr_expect(!s.view.is_classic);
    cr_expect(s.view.is_calm);
    settings_finish(&s);
}

Test(settings, keys_of_another_version_stay_in_the_file)
{
    struct settings s;
    struct problem problem = {0};
    char text[1024] = "";
    write_file("{\"from_the_future\":[1,2],\"theme\":\"dark\"}");
    cr_assert(settings_find(&s, &problem), "%s", problem.what);
    cr_expect_eq(s.view.theme, THEME_DARK);
    cr_assert(settings_save(&s, &problem), "%s", problem.what);
    settings_finish(&s);
    FILE *in = fopen(path, "rb");
    cr_assert(in && fread(text, 1, sizeof text - 1, in) > 0);
    fclose(in);
    cr_expect(strstr(text, "from_the_future"), "%s", text);
}

Test(settings, files_that_were_opened_are_listed_newest_first_once_each)
{
    char paths[RECENT_MAX][RECENT_PATH];
    cr_expect_eq(recent_list(paths), 0);
    recent_add(SOURCE_DIR "/README.md");
    recent_add(SOURCE_DIR "/LICENSE");
    recent_add(SOURCE_DIR "/README.md");
    recent_add("/no/such/file");
    cr_assert_eq(recent_list(paths), 2);
    cr_expect(strstr(paths[0], "README.md"), "%s", paths[0]);
    cr_expect(strstr(paths[1], "LICENSE"), "%s", paths[1]);
}
