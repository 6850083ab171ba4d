/*
 * Any octets as a saved trace, read with --salvage. What is kept of them keeps the laws of a trace:
 * it can be saved, is then whole, and saved again is the same; a file that is whole loses nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/base/check.h"
#include "sim/trace/jsonl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool read_text(struct log *log, const char *text, size_t size, struct jsonl_loss *loss)
{
    struct problem problem = {0};
    FILE *in = size ? fmemopen((void *)(uintptr_t)text, size, "r") : fopen("/dev/null", "r");
    check(in);
    bool ok = jsonl_salvage(log, in, "t.jsonl", loss, &problem);
    check(ok || problem.what[0]);
    check(!ok || loss->is_whole || (loss->problem.what[0] && loss->problem.line > 0));
    fclose(in);
    return ok;
}

static char *save(const struct log *log, size_t *size)
{
    char *text;
    FILE *out = open_memstream(&text, size);
    jsonl_write(log, out);
    fclose(out);
    return text;
}

static void check_laws(const struct log *log)
{
    for (uint32_t id = 1; id < log_count(log); id++) {
        const struct event *e = log_at(log, id);
        struct log_parties parties;
        check(e->cause < id && e->t >= log_at(log, id - 1)->t);
        (void)log_parties(log, e, &parties);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct log log, again;
    struct jsonl_loss loss;
    size_t first_size, second_size;
    if (size > 65536 || !read_text(&log, (const char *)data, size, &loss))
        return 0;
    check_laws(&log);
    char *first = save(&log, &first_size);
    check(read_text(&again, first, first_size, &loss));
    check(loss.is_whole && log_count(&again) == log_count(&log));
    char *second = save(&again, &second_size);
    check(first_size == second_size && memcmp(first, second, first_size) == 0);
    free(first);
    free(second);
    log_finish(&log);
    log_finish(&again);
    return 0;
}
