#include "app/source_mail.h"

#include <errno.h>
#include <string.h>

#include "agents/mail/trail.h"
#include "app/trail_trace.h"

enum { START_MAX = 4096 };

bool source_mail_is_file(const char *path)
{
    char start[START_MAX];
    FILE *in = fopen(path, "rb");
    size_t size = in ? fread(start, 1, sizeof start, in) : 0;
    if (in)
        fclose(in);
    return (size > 0 && slice_ends_fold(slice_of(path), SLICE(".eml"))) ||
           trail_is_header((struct slice){start, size});
}

bool source_mail_is_stream(FILE *in)
{
    int first = in ? getc(in) : EOF;
    return first != EOF && ungetc(first, in) != EOF && first != '{';
}

bool source_mail_read(struct log *log, FILE *in, const char *name, struct problem *problem)
{
    char chunk[16384];
    struct bytes content;
    size_t n;
    bool ok = true;
    bytes_init(&content, TRAIL_TRACE_MAX);
    while (ok && (n = fread(chunk, 1, sizeof chunk, in)) > 0)
        ok = bytes_append(&content, (struct slice){chunk, n});
    if (!ok) {
        problem_at(problem, name, 0, 0);
        problem_set(problem, "a message of more than %d MiB", TRAIL_TRACE_MAX >> 20);
    }
    ok = ok && trail_trace(log, bytes_slice(&content), name, problem);
    bytes_finish(&content);
    return ok;
}

bool source_mail_load(struct log *log, const char *path, struct problem *problem)
{
    FILE *in = fopen(path, "rb");
    if (!in) {
        problem_at(problem, path, 0, 0);
        return problem_set(problem, "cannot be read: %s", strerror(errno));
    }
    bool ok = source_mail_read(log, in, path, problem);
    fclose(in);
    return ok;
}
