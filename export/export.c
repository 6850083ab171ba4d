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
    {".txt", "ladder", "a sequence chart in text: a column a host, an arrow a turn", ladder_write,
     NULL},
    {NULL, "dialogue", "each connection's lines, C: and S:, with ports and times", dialogue_write,
     NULL},
    {NULL, "events", "one line in words for each event of the trace", events_write, NULL},
    {NULL, "summary", "what became of each message, and the connections", summary_write, NULL},
    {".jsonl", "json", "the trace itself, as JSON Lines", json_write, NULL},
    {".eml", NULL, "the message as it was delivered, octet for octet", eml_write, NULL},
    {".mbox", NULL, "the messages that were delivered, in one file (mboxrd)", mbox_file_write,
     NULL},
    {"/", NULL, "the messages that were delivered, as a Maildir", NULL, mail_folder_save},
    {".mmd", NULL, "a sequence diagram for Mermaid", mermaid_write, NULL},
    {".html", NULL, "a page to replay it in a browser, offline", html_write, NULL},
    {".pcapng", NULL, "what went over the links, as packets for Wireshark and tshark", pcapng_write,
     NULL},
    {".csv", NULL, "a table of the events", csv_write, NULL},
    {".keys", NULL, "the secrets of TLS, for Wireshark (SSLKEYLOGFILE)", keys_write, NULL},
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
    struct watched watched;
    struct save save;
    if (!row)
        return unknown_ending(path, problem);
    if (row->save)
        return row->save(log, path, options, problem);
    if (!save_open(&save, path, problem))
        return false;
    bool ok = row->write(log, watched_begin(&watched, save.out, options->watch), options, problem);
    bool is_whole = watched_end(&watched);
    if (ok && is_whole)
        return save_commit(&save, problem);
    if (!is_whole)
        problem_set(problem, "broken off, not written");
    problem_at(problem, path, 0, 0);
    save_abandon(&save);
    return false;
}
