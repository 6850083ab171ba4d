/*
 * What a cut or damaged trace still has: its longest good beginning, and a word on what is lost.
 * Lines are counted from 1, so line n + 2 of a file holds event n.
 */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/trace/jsonl.h"

enum { LINES_MAX = 1000 };

struct file {
    char *text;
    size_t size, line_count;
    size_t starts[LINES_MAX + 1]; /* of each line, and the end */
};

static void load_file(struct file *f)
{
    FILE *in = fopen(SOURCE_DIR "/tests/golden/trace-1-run.jsonl", "rb");
    cr_assert(in);
    *f = (struct file){.text = malloc(1 << 20)};
    f->size = fread(f->text, 1, 1 << 20, in);
    fclose(in);
    for (size_t i = 0; i < f->size && f->line_count < LINES_MAX; i++)
        if (f->text[i] == '\n')
            f->starts[++f->line_count] = i + 1;
    cr_assert_eq(f->starts[f->line_count], f->size);
}

static size_t line_size(const struct file *f, size_t line)
{
    return f->starts[line] - f->starts[line - 1];
}

/* The laws: readers rely on them for what is kept as for a file that is whole. */
static void expect_lawful(const struct log *log, const char *name, size_t at)
{
    for (uint32_t id = 1; id < log_count(log); id++) {
        const struct event *e = log_at(log, id);
        cr_assert(e->cause < id && e->t >= log_at(log, id - 1)->t, "%s %zu: event %" PRIu32, name,
                  at, id);
    }
}

/* `kept` events of a text are there, and the problem is in that line; kept 0: nothing at all. */
static void expect_kept(const char *text, size_t size, const char *name, size_t at, size_t kept,
                        size_t line)
{
    struct log log;
    struct jsonl_loss loss;
    struct problem problem = {0};
    FILE *in = size ? fmemopen((void *)(uintptr_t)text, size, "r") : fopen("/dev/null", "r");
    bool ok = jsonl_salvage(&log, in, "t.jsonl", &loss, &problem);
    fclose(in);
    cr_assert_eq(ok, kept > 0, "%s %zu: %s", name, at, problem.what);
    if (!ok) {
        cr_expect(problem.what[0] && problem.line > 0, "%s %zu", name, at);
        return;
    }
    cr_expect_eq(log_count(&log), kept, "%s %zu: %" PRIu32 " instead of %zu events", name, at,
                 log_count(&log), kept);
    cr_expect(!loss.is_whole && loss.problem.what[0], "%s %zu: nothing is said", name, at);
    cr_expect_eq(loss.problem.line, (int)line, "%s %zu: line %d instead of %zu", name, at,
                 loss.problem.line, line);
    cr_expect_str_eq(loss.problem.file, "t.jsonl");
    expect_lawful(&log, name, at);
    log_finish(&log);
}

Test(jsonl_salvage, a_file_that_is_whole_has_lost_nothing)
{
    struct file f;
    struct log log;
    struct jsonl_loss loss;
    struct problem problem = {0};
    load_file(&f);
    FILE *in = fmemopen(f.text, f.size, "r");
    cr_assert(jsonl_salvage(&log, in, "t.jsonl", &loss, &problem));
    fclose(in);
    cr_expect(loss.is_whole);
    cr_expect_eq(loss.promised, (int64_t)f.line_count - 1);
    cr_expect_eq(log_count(&log), f.line_count - 1);
    log_finish(&log);
    free(f.text);
}

Test(jsonl_salvage, a_cut_file_has_all_lines_before_the_cut)
{
    struct file f;
    load_file(&f);
    size_t whole = 0;
    for (size_t cut = 0; cut < f.size - 1; cut++) {
        while (f.starts[whole + 1] <= cut)
            whole++;
        /* a line is whole without its newline */
        bool is_at_end = cut + 1 == f.starts[whole + 1];
        size_t lines = whole + is_at_end, kept = lines ? lines - 1 : 0;
        bool is_between = is_at_end || cut == f.starts[whole];
        if (cut % 97 == 0 || is_at_end || is_between)
            expect_kept(f.text, cut, "cut", cut, kept, is_between ? lines : lines + 1);
    }
    free(f.text);
}

/* Lines of another text, put together; to be freed. */
static char *join(const struct file *f, const size_t *lines, size_t count, size_t *size)
{
    char *text = malloc(f->size * 2);
    *size = 0;
    for (size_t i = 0; i < count; i++) {
        memcpy(text + *size, f->text + f->starts[lines[i] - 1], line_size(f, lines[i]));
        *size += line_size(f, lines[i]);
    }
    return text;
}

static void expect_lines(const struct file *f, const size_t *lines, size_t count, const char *name,
                         size_t at, size_t kept, size_t line)
{
    size_t size;
    char *text = join(f, lines, count, &size);
    expect_kept(text, size, name, at, kept, line);
    free(text);
}

Test(jsonl_salvage, a_line_that_is_missing_doubled_or_out_of_place_ends_what_is_kept)
{
    struct file f;
    size_t lines[LINES_MAX + 1];
    load_file(&f);
    for (size_t n = 1; n <= f.line_count; n++) {
        size_t count = 0;
        for (size_t i = 1; i <= f.line_count; i++)
            if (i != n)
                lines[count++] = i;
        /* a missing last line is only seen by the number that the first one promises */
        expect_lines(&f, lines, count, "without line", n, n < 3 ? 0 : n - 2,
                     n == f.line_count ? n - 1 : n);
        count = 0;
        for (size_t i = 1; i <= f.line_count; i++) {
            lines[count++] = i;
            if (i == n)
                lines[count++] = i;
        }
        expect_lines(&f, lines, count, "twice line", n, n == 1 ? 0 : n - 1, n + 1);
        if (n == f.line_count)
            continue;
        for (size_t i = 0; i < f.line_count; i++)
            lines[i] = i + 1;
        lines[n - 1] = n + 1;
        lines[n] = n;
        expect_lines(&f, lines, f.line_count, "swapped with the next: line", n, n < 3 ? 0 : n - 2,
                     n);
    }
    free(f.text);
}

Test(jsonl_salvage, a_damaged_line_ends_what_is_kept)
{
    static const struct {
        const char *name;
        size_t offset; /* from the line's start */
        char octet;
    } rows[] = {{"no object", 0, '['},    {"another number", 5, 'x'},     {"a NUL", 3, '\0'},
                {"not UTF-8", 2, '\xff'}, {"a quote that isn't", 1, '7'}, {"cut in two", 10, '\n'}};
    struct file f;
    load_file(&f);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t n = 2; n <= f.line_count; n++) {
            char *at = f.text + f.starts[n - 1] + rows[i].offset, was = *at;
            *at = rows[i].octet;
            expect_kept(f.text, f.size, rows[i].name, n, n - 2, n);
            *at = was;
        }
    free(f.text);
}

/* Within a text any other text is as good: nothing can be said then, but nothing breaks either. */
Test(jsonl_salvage, any_octet_may_be_another_one)
{
    struct file f;
    load_file(&f);
    for (size_t i = 0; i < f.size; i += 97) {
        struct log log;
        struct jsonl_loss loss;
        struct problem problem = {0};
        char was = f.text[i];
        f.text[i] = (char)(was ^ 0x15);
        FILE *in = fmemopen(f.text, f.size, "r");
        size_t line = 1;
        while (f.starts[line] <= i)
            line++;
        if (jsonl_salvage(&log, in, "t.jsonl", &loss, &problem)) {
            cr_expect(loss.is_whole || log_count(&log) + 2 >= line, "octet %zu", i);
            expect_lawful(&log, "octet", i);
            log_finish(&log);
        } else {
            cr_expect(line <= 2, "octet %zu of line %zu took all", i, line);
        }
        fclose(in);
        f.text[i] = was;
    }
    free(f.text);
}
