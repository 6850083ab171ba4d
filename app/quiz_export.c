/* mailflow quiz export: all banks in the format of a learning platform. */
#include "lessons/quiz_export.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "app/output.h"
#include "app/quiz.h"
#include "app/source.h"
#include "sim/trace/save.h"

struct folder_of_files {
    const char *path;
    struct problem *problem;
};

static bool put_file(void *context, const char *name, struct slice content)
{
    const struct folder_of_files *folder = context;
    char path[SOURCE_PATH];
    struct save save;
    int size = snprintf(path, sizeof path, "%s/%s", folder->path, name);
    if (size < 0 || (size_t)size >= sizeof path)
        return problem_set(folder->problem, "%s: the path is too long", folder->path);
    if (!save_open(&save, path, folder->problem))
        return false;
    fwrite(content.data, 1, content.size, save.out);
    return save_commit(&save, folder->problem);
}

static bool export_qti(const struct command_line *line, const struct banks *banks,
                       struct problem *problem)
{
    const char *path = command_value(line, "output");
    struct folder_of_files folder = {path ? path : "qti", problem};
    const struct quiz_export_files files = {put_file, &folder};
    if (mkdir(folder.path, 0777) != 0 && errno != EEXIST)
        return problem_set(problem, "%s: %s", folder.path, strerror(errno));
    if (!quiz_export_qti(banks, &files))
        return false;
    fprintf(line->err, "wrote %s/imsmanifest.xml and %zu questions\n", folder.path,
            banks->questions.count);
    return true;
}

static bool export_file(const struct command_line *line, const struct banks *banks,
                        void (*print)(const struct banks *banks, struct bytes *out),
                        struct problem *problem)
{
    struct bytes out;
    const char *path = command_value(line, "output");
    bytes_init(&out, SIZE_MAX);
    print(banks, &out);
    bool ok = output_save(path ? path : "-", line->out, bytes_slice(&out), problem);
    bytes_finish(&out);
    if (ok && path && !output_is_standard(path))
        fprintf(line->err, "wrote %s, %zu questions\n", path, banks->questions.count);
    return ok;
}

static bool export_as(const struct command_line *line, const struct banks *banks,
                      struct problem *problem)
{
    const char *format = command_value(line, "format");
    if (format && strcmp(format, "gift") == 0)
        return export_file(line, banks, quiz_export_gift, problem);
    if (format && strcmp(format, "moodle-xml") == 0)
        return export_file(line, banks, quiz_export_moodle, problem);
    if (format && strcmp(format, "qti") == 0)
        return export_qti(line, banks, problem);
    return problem_set(problem, "quiz export needs --format gift, moodle-xml or qti");
}

int quiz_export(struct command_line *line)
{
    struct banks banks = {0};
    struct problem problem = {0};
    bool ok = quiz_load(&banks, &problem) && quiz_has_keys(&banks, &problem) &&
              export_as(line, &banks, &problem);
    banks_finish(&banks);
    return ok ? APP_DONE : command_fail(line, &problem);
}
