/* mailflow pack --student: lessons and banks without their keys, as a folder to be given away. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/check_lesson.h"
#include "app/commands.h"
#include "app/course.h"
#include "app/output.h"
#include "lessons/bank.h"
#include "lessons/lesson_schema.h"
#include "lessons/seal.h"
#include "sim/base/memory.h"
#include "sim/json/json_file.h"
#include "topologies/schema.h"

/* Made whole before the first file is written: a lesson that is wrong leaves nothing half done. */
struct packed {
    struct slice path, text;
};

struct pack {
    struct arena arena;
    const char *folder;
    VECTOR(struct packed) files;
    size_t lessons, banks;
};

#define MARK "STUDENTS.txt"
static const char mark_text[] =
    "Lessons of mailflow for students, written by mailflow pack.\n"
    "\n"
    "They have no keys: what you answer is kept in a work file, which you hand in.\n"
    "\n"
    "    mailflow open lessons/L01.json --work L01.json --learner CODE\n"
    "    mailflow lesson play lessons/L01.json --work L01.json --learner CODE\n"
    "    mailflow quiz ask lessons/quiz/L01.json --work quiz.json --learner CODE\n"
    "\n"
    "CODE is what your teacher gave you. What is written into this folder by hand is lost when it\n"
    "is packed again.\n";

static void add(struct pack *p, const char *folder, const char *name, struct slice text)
{
    *vector_add(&p->files) =
        (struct packed){arena_printf(&p->arena, "%s/%s%s", p->folder, folder, name), text};
}

static const char *name_in(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* ---- what goes into it ---- */

static bool fail_sealed(const char *path, struct problem *problem)
{
    return problem_set(problem, "%s is a student's copy already", path);
}

static bool read_text(struct pack *p, const char *path, size_t most, struct slice *text,
                      struct problem *problem)
{
    struct bytes read;
    if (!json_file_read(path, most, &read, problem))
        return false;
    *text = arena_copy(&p->arena, bytes_slice(&read));
    bytes_finish(&read);
    return true;
}

/* A copy that would not load, or would have a key left, is never written. */
static bool add_bank(struct pack *p, const char *path, struct problem *problem)
{
    struct slice text;
    struct bank bank;
    if (!read_text(p, path, BANK_FILE_MAX, &text, problem) ||
        !bank_read(&bank, text, path, problem))
        return false;
    bool is_sealed = bank.count > 0 && bank.questions[0].is_sealed;
    bank_finish(&bank);
    if (is_sealed)
        return fail_sealed(path, problem);
    struct slice copy = seal_bank(text, &p->arena);
    if (!bank_read(&bank, copy, path, problem))
        return false;
    bank_finish(&bank);
    add(p, SOURCE_BANKS "/", name_in(path), copy);
    p->banks++;
    return true;
}

static bool add_copy(struct pack *p, const char *path, struct slice text, struct problem *problem)
{
    struct lesson lesson;
    struct slice copy = seal_lesson(text, &p->arena);
    if (!lesson_read(&lesson, copy, path, problem))
        return false;
    lesson_finish(&lesson);
    add(p, SOURCE_LESSONS "/", name_in(path), copy);
    p->lessons++;
    return true;
}

static bool add_lesson(struct pack *p, const char *word, struct problem *problem)
{
    char path[SOURCE_PATH], bank[SOURCE_PATH];
    struct slice text;
    struct lesson lesson;
    if (!course_find(word, path, problem) || !read_text(p, path, LESSON_FILE_MAX, &text, problem) ||
        !lesson_read(&lesson, text, path, problem))
        return false;
    bool is_sealed = lesson.is_sealed;
    bool has_bank =
        lesson.quiz.count > 0 && check_find_beside(path, "quiz/", SOURCE_BANKS, lesson.id, bank);
    lesson_finish(&lesson);
    if (is_sealed)
        return fail_sealed(path, problem);
    return add_copy(p, path, text, problem) && (!has_bank || add_bank(p, bank, problem));
}

static bool add_all(struct pack *p, struct problem *problem)
{
    char folder[SOURCE_PATH];
    char(*names)[SOURCE_NAME] = memory_take(SOURCE_NAMES * sizeof *names);
    size_t count = course_list(folder, names);
    bool ok = count > 0 || problem_set(problem, "the lessons that come with mailflow are not "
                                                "found; run it from its folder");
    for (size_t i = 0; i < count && ok; i++)
        ok = add_lesson(p, names[i], problem);
    free(names);
    return ok;
}

/* The shapes lie beside the files that name them, for editors. */
static void add_schemas(struct pack *p)
{
    static const struct {
        const char *folder;
        bool (*print)(struct bytes *out);
    } rows[] = {{SOURCE_LESSONS "/", lesson_schema_print},
                {SOURCE_BANKS "/", bank_schema_print},
                {SOURCE_TOPOLOGIES "/", schema_print}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bytes text;
        bytes_init(&text, SIZE_MAX);
        (void)rows[i].print(&text); /* there is room */
        add(p, rows[i].folder, "schema.json", arena_copy(&p->arena, bytes_slice(&text)));
        bytes_finish(&text);
    }
}

/* ---- the folder ---- */

static bool make_folder(const char *path, struct problem *problem)
{
    return mkdir(path, 0777) == 0 || errno == EEXIST ||
           problem_set(problem, "%s: %s", path, strerror(errno));
}

/* A pack that was written before begins with our own words; anything else is somebody's. */
static bool is_pack(const char *folder)
{
    char path[SOURCE_PATH + sizeof MARK], start[sizeof mark_text];
    snprintf(path, sizeof path, "%s/" MARK, folder);
    FILE *in = fopen(path, "rb");
    size_t size = in ? fread(start, 1, sizeof start, in) : 0;
    if (in)
        fclose(in);
    return slice_equal((struct slice){start, size}, slice_of(mark_text));
}

static bool make_folders(const struct pack *p, struct problem *problem)
{
    static const char *const inner[] = {SOURCE_LESSONS, SOURCE_BANKS, SOURCE_TOPOLOGIES};
    char path[SOURCE_PATH];
    if (strlen(p->folder) > SOURCE_PATH / 2)
        return problem_set(problem, "a folder's name of more than %d octets", SOURCE_PATH / 2);
    /* rmdir takes only an empty folder away, so that no list of it has to be read */
    if (mkdir(p->folder, 0777) != 0 && !is_pack(p->folder) &&
        (rmdir(p->folder) != 0 || mkdir(p->folder, 0777) != 0))
        return problem_set(problem,
                           "%s is there already and is no pack of ours; -o FOLDER takes another",
                           p->folder);
    for (size_t i = 0; i < sizeof inner / sizeof *inner; i++) {
        snprintf(path, sizeof path, "%s/%s", p->folder, inner[i]);
        if (!make_folder(path, problem))
            return false;
    }
    return true;
}

static bool write_all(const struct pack *p, struct problem *problem)
{
    for (size_t i = 0; i < p->files.count; i++)
        if (!output_save(p->files.items[i].path.data, NULL, p->files.items[i].text, problem))
            return false;
    return true;
}

int pack_command(struct command_line *line)
{
    const char *folder = command_value(line, "output");
    struct pack p = {.folder = folder ? folder : "student"};
    struct problem problem = {0};
    if (!command_has(line, "student"))
        return command_say(line, "pack needs --student: whole lessons need no packing");
    arena_init(&p.arena);
    add(&p, "", MARK, slice_of(mark_text)); /* first: what follows is then known as ours */
    bool ok = line->operand_count > 0 || add_all(&p, &problem);
    for (int i = 0; i < line->operand_count && ok; i++)
        ok = add_lesson(&p, line->operands[i], &problem);
    add_schemas(&p);
    ok = ok && make_folders(&p, &problem) && write_all(&p, &problem);
    if (ok)
        fprintf(line->out, "%s: %zu lesson%s and %zu bank%s of questions, without keys\n", p.folder,
                p.lessons, p.lessons == 1 ? "" : "s", p.banks, p.banks == 1 ? "" : "s");
    vector_finish(&p.files);
    arena_finish(&p.arena);
    return ok ? APP_DONE : command_fail(line, &problem);
}
