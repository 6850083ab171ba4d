/*
 * Packs for students: the lessons play as they do, nothing in them says what is right, and who
 * grades the work with the whole lessons gives what it is worth.
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/ask.h"
#include "app/lesson.h"
#include "app/source.h"
#include "lessons/bank.h"
#include "sim/json/json_file.h"
#include "support_app.h"

enum { PATH = 200, SEED = 1 };

/* A folder of its own with a pack in it, and no learner's state of the machine's. */
static void make_pack(char folder[PATH])
{
    char made[PATH];
    snprintf(folder, PATH, "/tmp/mailflow-pack-XXXXXX");
    cr_assert(mkdtemp(folder));
    setenv("XDG_STATE_HOME", folder, 1);
    cr_assert_eq(chdir(SOURCE_DIR), 0);
    snprintf(made, sizeof made, "%s/pack", folder);
    struct support_result r = SUPPORT_RUN("pack", "--student", "-o", made);
    cr_assert_eq(r.status, 0, "%s", r.err);
    cr_expect(strstr(r.out, "25 lessons and 25 banks"), "%s", r.out);
    support_free(&r);
}

static void remove_all(const char *folder)
{
    DIR *dir = opendir(folder);
    char path[2 * PATH];
    for (struct dirent *e; dir && (e = readdir(dir));) {
        snprintf(path, sizeof path, "%.150s/%.200s", folder, e->d_name);
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 && unlink(path) != 0)
            remove_all(path);
    }
    if (dir)
        closedir(dir);
    rmdir(folder);
}

static struct slice read_all(struct arena *arena, const char *path)
{
    struct bytes text;
    struct problem problem;
    cr_assert(json_file_read(path, LESSON_FILE_MAX, &text, &problem), "%s: %s", path, problem.what);
    struct slice kept = arena_copy(arena, bytes_slice(&text));
    bytes_finish(&text);
    return kept;
}

/* ---- nothing in it says what is right ---- */

/* Of a whole question: what must not be in the copy. A word or two can be anywhere. */
static void expect_no_text(struct slice copy, const char *path, const cJSON *node)
{
    static const char *const keys[] = {"fb", "model", "shows"};
    const cJSON *child;
    cJSON_ArrayForEach(child, node)
    {
        bool is_key = cJSON_IsString(child) && child->string && strlen(child->valuestring) > 12;
        for (size_t i = 0; is_key && i < sizeof keys / sizeof *keys; i++)
            if (strcmp(child->string, keys[i]) == 0) {
                char *quoted = cJSON_PrintUnformatted(child);
                cr_expect_eq(slice_find(copy, slice_of(quoted), 0), SLICE_NONE, "%s says %s", path,
                             quoted);
                cJSON_free(quoted);
            }
        bool has_words = child->string && strcmp(child->string, "fb") == 0; /* of TF */
        if (has_words && cJSON_IsObject(child))
            for (const cJSON *word = child->child; word; word = word->next)
                cr_expect_eq(slice_find(copy, slice_of(word->valuestring), 0), SLICE_NONE, "%s",
                             path);
        expect_no_text(copy, path, child);
    }
}

/* Of the copy: which keys it must not have, anywhere; "answer" is one of a number. */
static void expect_no_key(const char *path, const cJSON *node)
{
    static const char *const keys[] = {"right", "fb",   "answer", "tol",   "slips", "model", "keys",
                                       "shows", "when", "proof",  "solve", "ways",  "notes", "r"};
    const cJSON *child;
    cJSON_ArrayForEach(child, node)
    {
        bool is_topology = child->string && strcmp(child->string, "topology") == 0;
        for (size_t i = 0; child->string && i < sizeof keys / sizeof *keys; i++)
            cr_expect_str_neq(child->string, keys[i], "%s", path);
        if (!is_topology)
            expect_no_key(path, child);
    }
}

/* What is chosen from stands in the order of its octets: the order says nothing. */
static void expect_sorted(const char *path, const cJSON *node)
{
    static const char *const lists[] = {"options", "targets", "items", "extra"};
    const cJSON *child;
    cJSON_ArrayForEach(child, node)
    {
        for (size_t i = 0; child->string && i < sizeof lists / sizeof *lists; i++)
            if (strcmp(child->string, lists[i]) == 0) {
                const char *before = "";
                const cJSON *item;
                cJSON_ArrayForEach(item, child)
                {
                    const cJSON *t = cJSON_GetObjectItemCaseSensitive(item, "t");
                    const char *text = t ? t->valuestring : item->valuestring;
                    cr_expect_lt(strcmp(before, text), 0, "%s: %s, %s", path, before, text);
                    before = text;
                }
            }
        expect_sorted(path, child);
    }
}

static void expect_sealed(const char *whole, const char *copy)
{
    struct arena arena;
    arena_init(&arena);
    struct slice whole_text = read_all(&arena, whole), copy_text = read_all(&arena, copy);
    cJSON *whole_root = cJSON_ParseWithLength(whole_text.data, whole_text.size),
          *copy_root = cJSON_ParseWithLength(copy_text.data, copy_text.size);
    cr_assert(whole_root && copy_root, "%s", copy);
    expect_no_text(copy_text, copy, whole_root);
    expect_no_key(copy, copy_root);
    expect_sorted(copy, copy_root);
    cJSON_Delete(whole_root);
    cJSON_Delete(copy_root);
    arena_finish(&arena);
}

static void each_file(const char *kind, const char *folder)
{
    char from[SOURCE_PATH], whole[SOURCE_PATH + 100], copy[SOURCE_PATH];
    char(*names)[SOURCE_NAME] = calloc(SOURCE_NAMES, sizeof *names);
    size_t count = source_list(kind, from, names);
    cr_expect_eq(count, 25);
    for (size_t i = 0; i < count; i++) {
        snprintf(whole, sizeof whole, "%s/%s.json", from, names[i]);
        snprintf(copy, sizeof copy, "%s/pack/%s/%s.json", folder, kind, names[i]);
        expect_sealed(whole, copy);
    }
    free(names);
}

Test(pack, no_file_of_it_has_a_key_or_a_sentence_that_gives_one_away)
{
    char folder[PATH];
    make_pack(folder);
    each_file(SOURCE_LESSONS, folder);
    each_file(SOURCE_BANKS, folder);
    remove_all(folder);
}

/* ---- what was answered in it is worth what it is ---- */

/* The letters of `whole` for the same texts in `sealed`: a person sees texts. */
static struct slice in_sealed(const struct question *whole, const struct question *sealed,
                              struct slice answer, struct arena *arena)
{
    struct slice sides[2 * QUESTION_CHOICES_MAX], sealed_sides[2 * QUESTION_CHOICES_MAX],
        all = SLICE("");
    bool is_match = whole->type == QUESTION_MATCH;
    if (whole->type != QUESTION_SINGLE && whole->type != QUESTION_MULTI &&
        whole->type != QUESTION_ORDER && !is_match)
        return answer;
    question_right_sides(whole, sides);
    size_t count = question_right_sides(sealed, sealed_sides);
    count = is_match ? count : sealed->choice_count;
    for (size_t i = 0; i < answer.size; i++) {
        if (answer.data[i] == ',')
            continue;
        size_t n = (size_t)(answer.data[i] - 'a'), k = 0;
        struct slice text = is_match ? sides[n] : whole->choices[n].text;
        while (k < count &&
               !slice_equal(text, is_match ? sealed_sides[k] : sealed->choices[k].text))
            k++;
        cr_assert_lt(k, count, "%.*s is not in the copy", SLICE_ARG(text));
        all = arena_printf(arena, "%.*s%s%c", SLICE_ARG(all), all.size ? "," : "", (int)('a' + k));
    }
    return all;
}

/* What a person types in a pack who knows everything. */
static struct slice right_lines(const struct lesson *whole, const struct lesson *sealed,
                                struct arena *arena)
{
    struct slice all = SLICE("");
    for (size_t i = 0; i < whole->scenes[0].step_count; i++) {
        const struct lesson_step *step = &whole->scenes[0].steps[i];
        bool answers = false;
        all = arena_printf(arena, "%.*sgoto %.*s\n", SLICE_ARG(all), SLICE_ARG(step->id));
        for (size_t k = 0; k < step->solve.count; k++) {
            all =
                arena_printf(arena, "%.*s%.*s\n", SLICE_ARG(all), SLICE_ARG(step->solve.items[k]));
            answers |= slice_starts(step->solve.items[k], SLICE("answer "));
        }
        if (!step->ask || answers)
            continue;
        const struct question *q = sealed->scenes[0].steps[i].ask;
        cr_assert(q && q->is_sealed);
        struct slice answer = in_sealed(step->ask, q, question_solution(step->ask, arena), arena);
        all = arena_printf(arena, "%.*sanswer %.*s\n", SLICE_ARG(all),
                           SLICE_ARG(ask_typed(q, SEED, answer, arena)));
    }
    return all;
}

static void play_and_grade(const char *folder, const char *id, const char *says)
{
    char whole_path[SOURCE_PATH], path[SOURCE_PATH], work[PATH + 40];
    struct lesson whole, sealed;
    struct problem problem = {0};
    struct arena arena;
    arena_init(&arena);
    snprintf(whole_path, sizeof whole_path, "lessons/%s.json", id);
    snprintf(path, sizeof path, "%s/pack/lessons/%s.json", folder, id);
    snprintf(work, sizeof work, "%s/work-%s.json", folder, id);
    cr_assert(lesson_load(&whole, whole_path, &problem), "%s", problem.what);
    cr_assert(lesson_load(&sealed, path, &problem), "%s", problem.what);
    cr_expect(sealed.is_sealed && !whole.is_sealed);
    struct slice lines = right_lines(&whole, &sealed, &arena);
    struct support_result r = support_run(
        lines.data, (const char *const[]){"lesson", "play", path, "--work", work, NULL});
    cr_expect_not(strstr(r.out, "Right.") || strstr(r.out, "Not yet."), "%s", r.out);
    cr_expect(strstr(r.out, "Kept for your teacher."), "%s", r.out);
    cr_expect_eq(strstr(r.out, "100 %") == NULL,
                 strstr(r.out, "that your teacher decides about") != NULL, "%s", r.out);
    cr_expect(says == NULL || strstr(r.out, says), "%s", r.out);
    support_free(&r);
    r = SUPPORT_RUN("quiz", "grade", work);
    cr_expect_eq(r.status, 0, "%s", r.err);
    cr_expect(strstr(r.out, ", 100 %, passed"), "%s%s\n%.*s", r.out, r.err, SLICE_ARG(lines));
    support_free(&r);
    r = SUPPORT_RUN("lesson", "solve", path);
    cr_expect_eq(r.status, 2, "there is nothing to be solved by");
    support_free(&r);
    lesson_finish(&whole);
    lesson_finish(&sealed);
    arena_finish(&arena);
}

Test(pack, right_answers_given_in_it_have_full_marks_with_the_whole_lesson)
{
    char folder[PATH];
    make_pack(folder);
    play_and_grade(folder, "L01", NULL);
    play_and_grade(folder, "L03", "4 of 6 points, 66 %, and 2 that your teacher decides about");
    play_and_grade(folder, "L06", "4 of 5 points, 80 %, and 1 that your teacher decides about");
    remove_all(folder);
}

/* The beginning of the walk through L03, up to where a prediction is compared with what came. */
Test(pack, the_window_does_not_say_what_it_does_not_know)
{
    char folder[PATH], path[PATH + 40];
    struct arena arena;
    make_pack(folder);
    arena_init(&arena);
    struct slice walk = read_all(&arena, "tests/app/lesson_L03.ui");
    size_t end = slice_find(walk, SLICE("expect delivered"), 0);
    cr_assert_neq(end, SLICE_NONE);
    struct slice script =
        arena_printf(&arena, "%.*sexpect You predicted\nexpect Kept for your teacher\n",
                     SLICE_ARG(slice_part(walk, 0, end)));
    snprintf(path, sizeof path, "%s/pack/lessons/L03.json", folder);
    struct support_result r =
        support_run(script.data, (const char *const[]){"render", path, "--script", "-", NULL});
    cr_expect_eq(r.status, 0, "%s", r.err);
    support_free(&r);
    r = support_run(script.data, (const char *const[]){"render", "L03", "--script", "-", NULL});
    cr_expect_eq(r.status, 1, "the whole lesson knows");
    support_free(&r);
    arena_finish(&arena);
    remove_all(folder);
}

/* A bank of a pack is asked, nobody is told anything, and nothing of it is practised. */
Test(pack, questions_of_it_are_kept_for_who_grades)
{
    char folder[PATH], bank_path[PATH + 40], work[PATH + 40], practice[PATH + 40];
    struct bank whole, sealed;
    struct problem problem = {0};
    struct arena arena;
    make_pack(folder);
    arena_init(&arena);
    snprintf(bank_path, sizeof bank_path, "%s/pack/lessons/quiz/L01.json", folder);
    snprintf(work, sizeof work, "%s/quiz.json", folder);
    snprintf(practice, sizeof practice, "%s/mailflow/practice.json", folder);
    struct support_result r = support_run(
        "skip\nskip\nskip\nskip\nskip\nskip\n",
        (const char *const[]){"quiz", "ask", bank_path, "--seed", "1", "--count", "1000", NULL});
    cr_expect_eq(r.status, 0, "%s", r.err);
    cr_assert(bank_load(&whole, "lessons/quiz/L01.json", &problem), "%s", problem.what);
    cr_assert(bank_load(&sealed, bank_path, &problem), "%s", problem.what);
    struct slice lines = SLICE("");
    /* the questions in the order in which they were asked just now */
    for (const char *at = r.out; (at = strstr(at, " (Q01"));) {
        size_t i = 0;
        at += 2;
        while (i < whole.count && strncmp(whole.questions[i].id.data, at, 5) != 0)
            i++;
        cr_assert_lt(i, whole.count);
        struct slice key = question_solution(&whole.questions[i], &arena);
        key = in_sealed(&whole.questions[i], &sealed.questions[i], key, &arena);
        lines = arena_printf(&arena, "%.*s%.*s\n", SLICE_ARG(lines),
                             SLICE_ARG(ask_typed(&sealed.questions[i], 1, key, &arena)));
    }
    support_free(&r);
    r = support_run(lines.data, (const char *const[]){"quiz", "ask", bank_path, "--seed", "1",
                                                      "--count", "1000", "--work", work, NULL});
    cr_expect(strstr(r.out, "0 of 0 right, 6 kept for your teacher"), "%s%s", r.out, r.err);
    support_free(&r);
    struct slice kept = read_all(&arena, practice);
    cr_expect_eq(slice_find(kept, SLICE("Q01"), 0), SLICE_NONE, "%.*s", SLICE_ARG(kept));
    r = SUPPORT_RUN("quiz", "grade", work);
    cr_expect(strstr(r.out, "quiz 6 of 6 right"), "%s%s\n%.*s", r.out, r.err, SLICE_ARG(lines));
    support_free(&r);
    bank_finish(&whole);
    bank_finish(&sealed);
    arena_finish(&arena);
    remove_all(folder);
}

/* Wrong answers stay wrong: the letters are put back, not taken as they are. */
Test(pack, letters_of_a_copy_mean_the_same_texts_in_the_whole_question)
{
    static const char text[] =
        "{\"type\": \"single\", \"prompt\": \"p\", \"options\": [{\"t\": \"zebra\", \"right\": "
        "true}, {\"t\": \"ape\"}, {\"t\": \"Emu\"}]}";
    struct arena arena;
    struct json_reader reader;
    struct problem problem = {0};
    struct question q;
    struct question_verdict v;
    arena_init(&arena);
    cr_assert(json_reader_init(&reader, slice_of(text), "q.json", &arena, &problem));
    cr_assert(question_read(&reader, reader.root, QUESTION_IN_STEP, &arena, &q));
    /* Emu, ape, zebra */
    cr_expect(question_judge(&q, SLICE("sorted:c"), &arena, &v, &problem) && v.is_right);
    cr_expect(question_judge(&q, SLICE("sorted:a"), &arena, &v, &problem) && !v.is_right);
    cr_expect(question_judge(&q, SLICE("a"), &arena, &v, &problem) && v.is_right);
    cr_expect_not(question_judge(&q, SLICE("sorted:d"), &arena, &v, &problem));
    json_reader_finish(&reader);
    arena_finish(&arena);
}

/* ---- the folder ---- */

Test(pack, a_folder_that_is_somebody_elses_is_left_alone)
{
    char folder[PATH], made[PATH + 40], file[2 * PATH];
    make_pack(folder);
    snprintf(made, sizeof made, "%s/pack", folder);
    struct support_result r = SUPPORT_RUN("pack", "--student", "-o", made, "L02");
    cr_expect_eq(r.status, 0, "its own is packed again: %s", r.err);
    support_free(&r);
    snprintf(file, sizeof file, "%s/STUDENTS.txt", made);
    cr_assert_eq(unlink(file), 0);
    r = SUPPORT_RUN("pack", "--student", "-o", made, "L02");
    cr_expect_eq(r.status, 2);
    cr_expect(strstr(r.err, "is no pack of ours"), "%s", r.err);
    support_free(&r);
    snprintf(file, sizeof file, "%s/pack/lessons/L02.json", folder);
    snprintf(made, sizeof made, "%s/again", folder);
    r = SUPPORT_RUN("pack", "--student", "-o", made, file);
    cr_expect_eq(r.status, 2);
    cr_expect(strstr(r.err, "a student's copy already"), "%s", r.err);
    cr_expect_neq(access(made, F_OK), 0, "nothing was begun");
    support_free(&r);
    remove_all(folder);
}

Test(pack, who_has_no_keys_can_neither_grade_nor_export)
{
    char folder[PATH], made[PATH + 40], bank[PATH + 40];
    make_pack(folder);
    snprintf(made, sizeof made, "%s/pack", folder);
    cr_assert_eq(chdir(made), 0);
    struct support_result r = SUPPORT_RUN("quiz", "export", "--format", "gift");
    cr_expect_eq(r.status, 2);
    cr_expect(strstr(r.err, "is a student's copy, without its key"), "%s", r.err);
    support_free(&r);
    r = SUPPORT_RUN("pack", "--student", "-o", "again");
    cr_expect_eq(r.status, 2, "%s", r.out);
    support_free(&r);
    cr_assert_eq(chdir(SOURCE_DIR), 0); /* where the topologies are */
    snprintf(made, sizeof made, "%s/pack/lessons/L01.json", folder);
    snprintf(bank, sizeof bank, "%s/pack/lessons/quiz/L01.json", folder);
    r = SUPPORT_RUN("check", made, bank);
    cr_expect_eq(r.status, 0, "%s", r.err);
    cr_expect(strstr(r.out, "sealed") || strstr(r.out, "student's copy"), "%s", r.out);
    support_free(&r);
    remove_all(folder);
}
