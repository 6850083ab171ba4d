/*
 * "host add", "agent remove", "link set", "admd add": the topology is edited while it runs, from
 * now on. What the words mean, and whether they may, is asked of the topology file with all edits
 * so far in it (edit.h): what is refused there is refused here in the same words, and what the file
 * says afterwards is what the world becomes (world_edit_apply.c). People, records and settings are
 * changed by verbs of their own; the file is told of them.
 */
#include "topologies/world_inner.h"

/* ---- the file ---- */

static void keep_line(struct world *w, struct world_draft *draft, struct slice line)
{
    *vector_add(&draft->lines) = arena_copy(&w->arena, line);
}

/* Reads it when it is needed first. What a file can't say of a person, a record or a setting is
   left out of it: the world has it nevertheless. */
static struct edit_document *open_draft(struct world *w, struct world_draft *draft)
{
    struct problem unused = {0};
    if (!draft->is_open)
        draft->is_open = edit_open(&draft->document, w->json, "", &unused);
    for (size_t i = 0; i < draft->lines.count; i++)
        (void)edit_apply(&draft->document, draft->lines.items[i], &unused);
    draft->lines.count = 0;
    return &draft->document;
}

static void close_draft(struct world_draft *draft)
{
    if (draft->is_open)
        edit_close(&draft->document);
    draft->is_open = false;
    draft->lines.count = 0;
}

/* Nothing is planned any more: what will be is what is. */
static void catch_up(struct world *w)
{
    struct world_draft *now = &w->edits.now, *planned = &w->edits.planned;
    struct problem unused = {0};
    if (planned->is_open && now->is_open && now->lines.count == 0 && planned->lines.count == 0 &&
        slice_equal(edit_text(&now->document), edit_text(&planned->document)))
        return;
    close_draft(planned);
    if (now->is_open)
        planned->is_open = edit_open(&planned->document, edit_text(&now->document), "", &unused);
    for (size_t i = 0; i < now->lines.count; i++)
        *vector_add(&planned->lines) = now->lines.items[i];
}

/* A host or a person may be named by what is planned next; a record or a setting is not. */
static bool has_names(const struct action *a)
{
    return a->verb != ACTION_DNS && a->verb != ACTION_SET;
}

void world_edit_planned(struct world *w, const struct planned *p)
{
    if (!edit_is_edit(&p->action))
        return;
    w->edits.names += has_names(&p->action);
    if (w->edits.pending++ == 0 && !edit_is_map(&p->action))
        catch_up(w);
    if (!edit_is_map(&p->action))
        keep_line(w, &w->edits.planned, p->text);
}

void world_edit_done(struct world *w, const struct planned *p, bool ok)
{
    if (!edit_is_edit(&p->action))
        return;
    w->edits.pending--;
    w->edits.names -= has_names(&p->action);
    if (ok && !edit_is_map(&p->action))
        keep_line(w, &w->edits.now, p->text);
}

void world_finish_edits(struct world *w)
{
    close_draft(&w->edits.now);
    close_draft(&w->edits.planned);
    vector_finish(&w->edits.now.lines);
    vector_finish(&w->edits.planned.lines);
}

struct slice world_topology(struct world *w)
{
    return edit_text(open_draft(w, &w->edits.now));
}

/* ---- the verb ---- */

/* After all that is planned already, in the order in which it was planned. */
static bool check(struct world *w, const struct action *a, struct problem *problem)
{
    if (w->edits.pending == 0)
        catch_up(w);
    return edit_apply_action(open_draft(w, &w->edits.planned), a, NULL, problem);
}

static bool act(struct world *w, const struct action *a, struct problem *problem)
{
    struct topology before;
    struct edit_document *now = open_draft(w, &w->edits.now);
    if (!edit_apply_action(now, a, &before, problem))
        return false;
    w->is_edited = true;
    world_edit_apply(w, &before, &now->topology, a);
    topology_finish(&before);
    return true;
}

const struct world_verb world_edit = {check, act};
