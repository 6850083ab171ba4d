#include "sim/trace/jsonl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/memory.h"
#include "sim/trace/jsonl_event.h"
#include "sim/base/utf8.h"

enum {
    LINE_STRUCTURE_MAX = 200, /* braces, brackets and commas: an event has about twenty */
    READ_CHUNK = 64 * 1024,
};
#define FILE_MAX (UINT64_C(16) * 1024 * 1024 * 1024) /* the log's pool holds twice that */

bool jsonl_fail_at(struct jsonl_loader *l, size_t column, const char *what)
{
    int line = l->line > INT32_MAX ? INT32_MAX : (int)l->line;
    problem_at(l->problem, l->name, line, column > INT32_MAX ? INT32_MAX : (int)column);
    return problem_set(l->problem, "%s", what);
}

static bool fail(struct jsonl_loader *l, const char *what)
{
    return jsonl_fail_at(l, 1, what);
}

static const char raw_nul[] = "a NUL octet in a line of JSON";

/* From the quote that opens a string at *at to the one that closes it, or to the line's end. */
static bool pass_string(struct jsonl_loader *l, struct slice line, size_t *at)
{
    size_t i = slice_find_either(line, '"', '\\', *at + 1);
    while (i < line.size && line.data[i] == '\\') {
        if (slice_starts(slice_part(line, i + 1, line.size), SLICE("u0000")))
            return jsonl_fail_at(l, i + 1, "a NUL in a string; write the text as base64");
        i = slice_find_either(line, '"', '\\', i + 2);
    }
    size_t nul = slice_find_octet(slice_part(line, 0, i), '\0', *at);
    *at = i;
    return nul == SLICE_NONE || jsonl_fail_at(l, nul + 1, raw_nul);
}

/*
 * What cJSON does not look at: UTF-8, a NUL written as \u0000 (its strings end there), and a line
 * of a million empty lists, which would take sixty times its size in memory.
 */
static bool check_octets(struct jsonl_loader *l, struct slice line)
{
    unsigned structure = 0;
    for (size_t i = 0; i < line.size; i++) {
        switch (line.data[i]) {
        case '"':
            if (!pass_string(l, line, &i))
                return false;
            break;
        case '\0':
            return jsonl_fail_at(l, i + 1, raw_nul);
        case '{':
        case '}':
        case '[':
        case ']':
        case ',':
            if (++structure > LINE_STRUCTURE_MAX)
                return jsonl_fail_at(l, i + 1, "not an event: too many parts for one line");
            break;
        }
    }
    return utf8_is_valid(line) || fail(l, "not valid UTF-8");
}

static bool read_first_line(struct jsonl_loader *l, const cJSON *object)
{
    uint64_t whole;
    const cJSON *version = cJSON_GetObjectItemCaseSensitive(object, "mailflow-trace");
    const cJSON *events = cJSON_GetObjectItemCaseSensitive(object, "events");
    if (!jsonl_whole(version, UINT32_MAX, &whole) || whole == 0)
        return fail(l, "not a trace: expected {\"mailflow-trace\":1} first");
    if (whole > JSONL_VERSION) {
        fail(l, "");
        return problem_set(l->problem,
                           "a trace of format version %u, by a newer program; this one reads "
                           "version %d",
                           (unsigned)whole, JSONL_VERSION);
    }
    if (events && !jsonl_whole(events, UINT32_MAX, &whole))
        return fail(l, "expected \"events\": how many follow");
    l->events_promised = events ? (int64_t)whole : -1;
    return true;
}

static bool read_line(struct jsonl_loader *l, struct slice line)
{
    const char *end = NULL;
    l->line++;
    if (!check_octets(l, line))
        return false;
    cJSON *object = cJSON_ParseWithLengthOpts(line.data, line.size, &end, 0);
    if (!object)
        return jsonl_fail_at(l, end ? (size_t)(end - line.data) + 1 : 1, "broken JSON");
    bool ok = slice_trim(slice_part(line, (size_t)(end - line.data), line.size)).size == 0 ||
              jsonl_fail_at(l, (size_t)(end - line.data) + 1, "more behind the line's JSON object");
    ok = ok && (l->line == 1 ? read_first_line(l, object) : jsonl_event_read(l, object));
    cJSON_Delete(object);
    return ok;
}

/* Takes the whole lines off `waiting`. */
static bool read_lines(struct jsonl_loader *l, struct bytes *waiting, size_t *searched)
{
    for (;;) {
        struct slice all = bytes_slice(waiting);
        size_t end = slice_find_octet(all, '\n', *searched);
        *searched = end == SLICE_NONE ? all.size : 0;
        if (end == SLICE_NONE)
            return true;
        if (!read_line(l, slice_part(all, 0, end)))
            return false;
        bytes_consume(waiting, end + 1);
    }
}

static bool read_all(struct jsonl_loader *l, FILE *in, struct bytes *waiting)
{
    static const char too_long[] = "a line longer than 64 MiB";
    char *chunk = memory_take(READ_CHUNK);
    size_t searched = 0, n;
    bool ok = true;
    while (ok && (n = fread(chunk, 1, READ_CHUNK, in)) > 0) {
        l->octets += n;
        if (l->octets > FILE_MAX || !bytes_append(waiting, (struct slice){chunk, n})) {
            l->line++;
            ok = fail(l, l->octets > FILE_MAX ? "a trace of more than 16 GiB" : too_long);
        }
        ok = ok && read_lines(l, waiting, &searched);
    }
    free(chunk);
    if (ok && bytes_size(waiting) > 0)
        ok = read_line(l, bytes_slice(waiting)); /* the last line without its newline */
    if (ok && ferror(in)) {
        problem_at(l->problem, l->name, 0, 0);
        ok = problem_set(l->problem, "can't be read: %s", strerror(errno));
    }
    return ok;
}

static bool check_whole(struct jsonl_loader *l)
{
    if (l->line == 0) {
        l->line = 1;
        return fail(l, "an empty file: expected {\"mailflow-trace\":1} first");
    }
    if (log_count(l->log) == 0)
        return fail(l, "a trace without events");
    if (l->events_promised >= 0 && l->events_promised != log_count(l->log)) {
        fail(l, "");
        return problem_set(l->problem, "the file ends after %u of %lld events",
                           (unsigned)log_count(l->log), (long long)l->events_promised);
    }
    return true;
}

bool jsonl_salvage(struct log *log, FILE *in, const char *name, struct jsonl_loss *loss,
                   struct problem *problem)
{
    struct jsonl_loader l = {.log = log, .problem = problem, .name = name, .events_promised = -1};
    struct bytes waiting;
    bytes_init(&waiting, JSONL_LINE_MAX);
    bytes_init(&l.scratch, JSONL_LINE_MAX);
    jsonl_words_init(&l.words);
    log_init(log);
    bool ok = read_all(&l, in, &waiting) && check_whole(&l);
    bytes_finish(&waiting);
    bytes_finish(&l.scratch);
    free(l.places.slots);
    *loss = (struct jsonl_loss){.is_whole = ok, .promised = l.events_promised};
    if (!ok && log_count(log) == 0)
        log_finish(log);
    else if (!ok)
        loss->problem = *problem;
    return ok || log_count(log) > 0;
}

bool jsonl_read(struct log *log, FILE *in, const char *name, struct problem *problem)
{
    struct jsonl_loss loss;
    if (!jsonl_salvage(log, in, name, &loss, problem))
        return false;
    if (loss.is_whole)
        return true;
    log_finish(log);
    return false;
}

bool jsonl_open(const char *path, FILE **in, struct problem *problem)
{
    *in = fopen(path, "rb");
    if (*in)
        return true;
    problem_at(problem, path, 0, 0);
    return problem_set(problem, "can't be opened: %s", strerror(errno));
}

bool jsonl_load(struct log *log, const char *path, struct problem *problem)
{
    FILE *in;
    if (!jsonl_open(path, &in, problem))
        return false;
    bool ok = jsonl_read(log, in, path, problem);
    fclose(in);
    return ok;
}
