/* link add, remove, set. */
#include <string.h>

#include "topologies/edit_part.h"

/* As an action says it, and as the file does. */
static const struct link_key {
    const char *given, *key;
} link_keys[] = {{"latency", "latency_ms"},
                 {"latency_ms", "latency_ms"},
                 {"jitter", "jitter_ms"},
                 {"jitter_ms", "jitter_ms"},
                 {"kbps", "kbps"},
                 {"loss", "loss_percent"},
                 {"loss_percent", "loss_percent"},
                 {"up", "up"}};

static bool reject_ends(struct edit *e)
{
    return problem_set(e->problem, "\"%.*s\" is no link; expected two hosts, as in: %s",
                       SLICE_ARG(slice_part(e->a->words[1], 0, 80)),
                       action_forms[ACTION_LINK].example);
}

/* "out:mx1" */
static bool read_ends(struct edit *e, struct slice *a, struct slice *b)
{
    *b = e->a->words[1];
    return (slice_find_octet(*b, ':', 0) != SLICE_NONE && slice_cut(b, ':', a) && a->size > 0 &&
            b->size > 0) ||
           reject_ends(e);
}

static bool find_link(struct edit *e, size_t *link)
{
    struct slice a = SLICE(""), b = SLICE("");
    if (!read_ends(e, &a, &b))
        return false;
    for (*link = 0; *link < e->t->link_count; ++*link) {
        struct slice from = e->t->hosts[e->t->links[*link].a].id;
        struct slice to = e->t->hosts[e->t->links[*link].b].id;
        if ((slice_equal(from, a) && slice_equal(to, b)) ||
            (slice_equal(from, b) && slice_equal(to, a)))
            return true;
    }
    if (edit_find_host(e, a) == SLICE_NONE || edit_find_host(e, b) == SLICE_NONE)
        return false;
    return problem_set(e->problem, "there is no link between %.*s and %.*s", SLICE_ARG(a),
                       SLICE_ARG(b));
}

static bool link_add(struct edit *e)
{
    struct slice a = SLICE(""), b = SLICE(""), pairs = SLICE("");
    if (!read_ends(e, &a, &b))
        return false;
    edit_pair(e, &pairs, "a", json_splice_quote(e->arena, a));
    edit_pair(e, &pairs, "b", json_splice_quote(e->arena, b));
    for (size_t i = 0; i < sizeof link_keys / sizeof *link_keys; i++)
        if (action_has(e->a, link_keys[i].given))
            edit_pair(e, &pairs, link_keys[i].key,
                      edit_value(e, action_value(e->a, link_keys[i].given)));
    edit_add(e, "links", arena_printf(e->arena, "{%.*s}", SLICE_ARG(pairs)));
    return true;
}

static bool link_remove(struct edit *e)
{
    size_t link;
    if (!find_link(e, &link))
        return false;
    struct slice a = e->t->hosts[e->t->links[link].a].id, b = e->t->hosts[e->t->links[link].b].id;
    const struct slice ids[] = {
        arena_printf(e->arena, "%.*s:%.*s", SLICE_ARG(a), SLICE_ARG(b)),
        arena_printf(e->arena, "%.*s:%.*s", SLICE_ARG(b), SLICE_ARG(a)),
    };
    edit_drop_ids(e, ids, 2);
    edit_remove(e, "links", link);
    return true;
}

static bool link_set(struct edit *e)
{
    size_t link;
    if (!find_link(e, &link))
        return false;
    if (e->a->value_count == 0)
        return problem_set(e->problem, "link set needs what is to be changed: latency, jitter, "
                                       "kbps or loss, as in: link set out:mx1 latency=200");
    for (size_t i = 0; i < sizeof link_keys / sizeof *link_keys; i++) {
        struct slice text = action_value(e->a, link_keys[i].given);
        if (action_has(e->a, link_keys[i].given))
            edit_put(e, edit_item(e, "links", link), link_keys[i].key,
                     text.size ? edit_value(e, text) : text);
    }
    return true;
}

const struct edit_verb edit_link_verbs[] = {
    {"add", 2, "latency jitter kbps loss up latency_ms jitter_ms loss_percent", link_add},
    {"remove", 2, "", link_remove},
    {"set", 2, "latency jitter kbps loss latency_ms jitter_ms loss_percent", link_set},
    {NULL, 0, NULL, NULL},
};
