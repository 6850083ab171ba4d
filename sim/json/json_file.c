#include "sim/json/json_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

bool json_file_read(const char *path, size_t most, struct bytes *text, struct problem *problem)
{
    char chunk[16384];
    size_t n = 0;
    FILE *file = fopen(path, "rb");
    bytes_init(text, most + 1);
    while (file && bytes_size(text) <= most && (n = fread(chunk, 1, sizeof chunk, file)) > 0) {
        size_t room = most + 1 - bytes_size(text);
        (void)bytes_append(text, (struct slice){chunk, n < room ? n : room});
    }
    int error = errno;
    bool is_good = file && !ferror(file);
    if (file)
        fclose(file);
    if (is_good)
        return true;
    bytes_finish(text);
    problem_at(problem, path, 0, 0);
    return problem_set(problem, "cannot be read: %s", strerror(error));
}
