#include "export/export.h"

#include "sim/trace/jsonl.h"
#include "sim/trace/save.h"

static bool json_write(const struct log *log, FILE *out, const struct export_options *options,
                       struct problem *problem)
{
    (void)options, (void)problem;
    jsonl_write(log, out);
    return true;
}

const struct export_row export_rows[] = {
    {".txt", "ladder", "a sequence chart in text: a column a host, an arrow a turn", ladder_write},
    {NULL, "dialogue", "each connection's lines, C: and S:, with ports and times", dialogue_write},
    {NULL, "events", "one line in words for each event of the trace", events_write},
    {NULL, "summary", "what became of each message, and the connections", summary_write},
    {".jsonl", "json", "the trace itself, as JSON Lines", json_write},
    {".eml", NULL, "the message as it was delivered, octet for octet", eml_write},
    {".csv", NULL, "a table of the events", csv_write},
    {".keys", NULL, "the secrets of TLS, for Wireshark (SSLKEYLOGFILE)", keys_write},
};
const size_t export_row_count = sizeof export_rows / sizeof *export_rows;

const struct export_row *export_find_format(struct slice name)
{
    for (size_t i = 0; i < export_row_count; i++)
        if (export_rows[i].name && slice_equal(name, slice_of(export_rows[i].name)))
            return &export_rows[i];
    return NULL;
}

const struct export_row *export_find_ending(struct slice path)
{
    for (size_t i = 0; i < export_row_count; i++)
        if (export_rows[i].ending && slice_ends_fold(path, slice_of(export_rows[i].ending)))
            return &export_rows[i];
    return NULL;
}

static bool unknown_ending(const char *path, struct problem *problem)
{
    struct bytes endings;
    bytes_init(&endings, sizeof problem->what);
    for (size_t i = 0; i < export_row_count; i++)
        if (export_rows[i].ending)
            bytes_printf(&endings, "%s%s", bytes_size(&endings) ? ", " : "", export_rows[i].ending);
    problem_at(problem, path, 0, 0);
    problem_set(problem, "unknown ending; known are %.*s", SLICE_ARG(bytes_slice(&endings)));
    bytes_finish(&endings);
    return false;
}

bool export_write(const struct log *log, const char *path, const struct export_options *options,
                  struct problem *problem)
{
    const struct export_row *row = export_find_ending(slice_of(path));
    struct save save;
    if (!row)
        return unknown_ending(path, problem);
    if (!save_open(&save, path, problem))
        return false;
    if (!row->write(log, save.out, options, problem)) {
        problem_at(problem, path, 0, 0);
        save_abandon(&save);
        return false;
    }
    return save_commit(&save, problem);
}
