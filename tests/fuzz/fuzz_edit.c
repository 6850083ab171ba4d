/*
 * Any octets as a topology file and lines that edit it: action lines up to an empty line, then the
 * file. Whatever was applied, the text is a topology again.
 */
#include <stddef.h>
#include <stdint.h>

#include "sim/base/check.h"
#include "topologies/edit.h"

enum { LINES_MAX = 32 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void edit(struct edit_document *doc, struct slice lines)
{
    struct slice line;
    struct topology t;
    for (int i = 0; i < LINES_MAX && slice_cut(&lines, '\n', &line); i++) {
        struct problem problem = {0};
        bool ok = edit_apply(doc, line, &problem);
        check(ok || problem.what[0]);
        check(topology_read(&t, edit_text(doc), "edited", &problem));
        topology_finish(&t);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice all = {(const char *)data, size};
    size_t end = slice_find(all, SLICE("\n\n"), 0);
    struct edit_document doc;
    struct problem problem = {0};
    if (end == SLICE_NONE ||
        !edit_open(&doc, slice_part(all, end + 2, size), "fuzz.json", &problem))
        return 0;
    edit(&doc, slice_part(all, 0, end));
    edit_close(&doc);
    return 0;
}
