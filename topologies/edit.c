#include "sim/base/utf8.h"
#include "topologies/edit_part.h"

static const struct edit_verb *verbs_of(enum action_verb verb)
{
    if (verb == ACTION_HOST)
        return edit_host_verbs;
    if (verb == ACTION_AGENT)
        return edit_agent_verbs;
    if (verb == ACTION_LINK)
        return edit_link_verbs;
    if (verb == ACTION_ADMD)
        return edit_admd_verbs;
    if (verb == ACTION_NETWORK)
        return edit_network_verbs;
    if (verb == ACTION_USER)
        return edit_user_verbs;
    return verb == ACTION_DNS ? edit_dns_verbs : NULL;
}

bool edit_is_edit(const struct action *a)
{
    return verbs_of(a->verb) || a->verb == ACTION_SET;
}

bool edit_is_map(const struct action *a)
{
    return verbs_of(a->verb) && a->verb != ACTION_USER && a->verb != ACTION_DNS;
}

bool edit_is_line(struct slice lines)
{
    struct action action;
    struct problem ignored;
    struct arena arena;
    arena_init(&arena);
    struct slice first = slice_part(lines, 0, slice_find_octet(lines, '\n', 0));
    bool is = action_read(first, &arena, &action, &ignored) && edit_is_edit(&action);
    arena_finish(&arena);
    return is;
}

/* ---- the words of one edit ---- */

static bool has_key(const struct edit_verb *verb, struct slice key)
{
    struct slice word, rest = slice_of(verb->keys);
    while (slice_cut(&rest, ' ', &word))
        if (slice_equal(word, key))
            return true;
    return false;
}

static bool check_keys(struct edit *e, const struct edit_verb *verb)
{
    for (size_t i = 0; verb->keys && i < e->a->value_count; i++) {
        struct slice key = e->a->values[i].key;
        if (!has_key(verb, key))
            return problem_set(e->problem, "\"%.*s=\" says nothing in %s %s; expected %s",
                               SLICE_ARG(slice_part(key, 0, 40)), action_forms[e->a->verb].name,
                               verb->word, verb->keys[0] ? verb->keys : "no more words");
    }
    return true;
}

static bool reject_verb(struct edit *e, const struct edit_verb *verbs)
{
    const char *names[8];
    size_t count = 0;
    for (; verbs[count].word; count++)
        names[count] = verbs[count].word;
    const char *nearest = problem_nearest(e->a->words[0], names, count);
    const struct action_form *form = &action_forms[e->a->verb];
    return problem_set(e->problem, "\"%.*s\" in %s is not understood%s%s%s; expected %s, as in: %s",
                       SLICE_ARG(slice_part(e->a->words[0], 0, 40)), form->name,
                       nearest ? "; did you mean \"" : "", nearest ? nearest : "",
                       nearest ? "\"?" : "", form->needs, form->example);
}

/* JSON is UTF-8 (RFC 8259 8.1); a NUL is nothing that a file may have. */
static bool check_text(struct edit *e, struct slice text)
{
    return (utf8_is_valid(text) && slice_find_octet(text, '\0', 0) == SLICE_NONE) ||
           problem_set(e->problem, "a file can't hold \"%.*s\": it is no text in UTF-8",
                       SLICE_ARG(slice_part(text, 0, 60)));
}

static bool check_texts(struct edit *e)
{
    for (size_t i = 0; i < e->a->word_count; i++)
        if (!check_text(e, e->a->words[i]))
            return false;
    for (size_t i = 0; i < e->a->value_count; i++)
        if (!check_text(e, e->a->values[i].key) || !check_text(e, e->a->values[i].value))
            return false;
    return true;
}

static bool carry_out(struct edit *e)
{
    if (!check_texts(e))
        return false;
    const struct edit_verb *verb = verbs_of(e->a->verb);
    if (!verb)
        return edit_set(e);
    for (; verb->word; verb++)
        if (e->a->word_count > 0 && slice_equal(e->a->words[0], slice_of(verb->word)))
            break;
    if (!verb->word)
        return reject_verb(e, verbs_of(e->a->verb));
    if (e->a->word_count < verb->words || (verb->keys && e->a->word_count > verb->words))
        return problem_set(e->problem, "%s %s needs %zu word%s behind it, as in: %s",
                           action_forms[e->a->verb].name, verb->word, verb->words - 1,
                           verb->words == 2 ? "" : "s", action_forms[e->a->verb].example);
    return check_keys(e, verb) && verb->apply(e);
}

/* ---- the document ---- */

bool edit_open(struct edit_document *doc, struct slice text, const char *name,
               struct problem *problem)
{
    return topology_read(&doc->topology, text, name, problem);
}

void edit_close(struct edit_document *doc)
{
    topology_finish(&doc->topology);
}

struct slice edit_text(const struct edit_document *doc)
{
    return doc->topology.json;
}

/* The new text counts when it is a topology again. */
static bool take_text(struct edit_document *doc, struct slice text, struct topology *before,
                      struct problem *problem)
{
    struct topology after;
    struct problem found = {0};
    if (!topology_read(&after, text, "", &found))
        return problem_set(problem, "%s", found.what);
    if (before)
        *before = doc->topology;
    else
        topology_finish(&doc->topology);
    doc->topology = after;
    return true;
}

bool edit_apply_action(struct edit_document *doc, const struct action *action,
                       struct topology *before, struct problem *problem)
{
    struct arena arena;
    arena_init(&arena);
    struct edit e = {.json = {edit_text(doc), &arena},
                     .arena = &arena,
                     .t = &doc->topology,
                     .a = action,
                     .problem = problem};
    bool ok = edit_is_edit(action) && carry_out(&e) && take_text(doc, e.json.text, before, problem);
    arena_finish(&arena);
    return ok;
}

bool edit_apply(struct edit_document *doc, struct slice line, struct problem *problem)
{
    struct arena arena;
    struct action action;
    arena_init(&arena);
    bool ok = action_read(line, &arena, &action, problem) &&
              (!edit_is_edit(&action) || edit_apply_action(doc, &action, NULL, problem));
    arena_finish(&arena);
    return ok;
}

/* ---- looking up ---- */

size_t edit_find_host(struct edit *e, struct slice id)
{
    const struct topology *t = e->t;
    const char **names = arena_take(e->arena, t->host_count * sizeof *names);
    for (size_t i = 0; i < t->host_count; i++) {
        if (slice_equal(t->hosts[i].id, id))
            return i;
        names[i] = arena_copy(e->arena, t->hosts[i].id).data;
    }
    const char *nearest = problem_nearest(id, names, t->host_count);
    problem_set(e->problem, "unknown host \"%.*s\"%s%s%s", SLICE_ARG(slice_part(id, 0, 60)),
                nearest ? "; did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "");
    return SLICE_NONE;
}

bool edit_find_agent(struct edit *e, struct slice id, size_t *host, size_t *agent)
{
    const struct topology *t = e->t;
    const char **names = NULL, *nearest;
    size_t count = 0;
    for (*host = 0; *host < t->host_count; ++*host)
        for (*agent = 0; *agent < t->hosts[*host].agent_count; ++*agent, count++)
            if (slice_equal(t->hosts[*host].agents[*agent].id, id))
                return true;
    names = arena_take(e->arena, count * sizeof *names);
    count = 0;
    for (size_t i = 0; i < t->host_count; i++)
        for (size_t k = 0; k < t->hosts[i].agent_count; k++)
            names[count++] = arena_copy(e->arena, t->hosts[i].agents[k].id).data;
    nearest = problem_nearest(id, names, count);
    return problem_set(e->problem, "unknown agent \"%.*s\"%s%s%s", SLICE_ARG(slice_part(id, 0, 60)),
                       nearest ? "; did you mean \"" : "", nearest ? nearest : "",
                       nearest ? "\"?" : "");
}
