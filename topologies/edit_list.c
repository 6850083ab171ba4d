/* Writing into lists and objects, as the shipped files have them. */
#include <string.h>

#include "sim/base/check.h"
#include "topologies/edit_part.h"

/* In the order in which a file has them. */
static const char *const sections[] = {"$schema", "format", "id",  "title", "look",   "admds",
                                       "hosts",   "links",  "dns", "users", "faults", "demo"};

bool edit_section(const struct edit *e, const char *section, struct json_span *list)
{
    return json_splice_member(&e->json, json_splice_root(&e->json), section, list);
}

struct json_span edit_item(const struct edit *e, const char *section, size_t index)
{
    struct json_span list, item = {0};
    check(edit_section(e, section, &list) && json_splice_item(&e->json, list, index, &item));
    return item;
}

/* ---- lists ---- */

/* A list of one item, the item on a line of its own; `indent` is that of the line that it begins
   on. A section's list ends on its own line, a host's where its last item does. */
static struct slice new_list(struct edit *e, size_t indent, struct slice item, bool is_section)
{
    return is_section ? arena_printf(e->arena, "[\n%*s%.*s\n%*s]", (int)indent + 2, "",
                                     SLICE_ARG(item), (int)indent, "")
                      : arena_printf(e->arena, "[\n%*s%.*s]", (int)indent + 2, "", SLICE_ARG(item));
}

/* The last member of an object that comes before this key. */
static struct json_span predecessor(const struct edit *e, const char *section)
{
    struct json_span root = json_splice_root(&e->json), found = {0}, member;
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        if (strcmp(sections[i], section) == 0 && found.end > 0)
            break;
        if (json_splice_member(&e->json, root, sections[i], &member))
            found = member;
    }
    return found;
}

/* On a line of its own, in its place among the others. */
static void add_section(struct edit *e, const char *section, struct slice value)
{
    struct json_span before = predecessor(e, section);
    size_t indent = json_splice_indent(&e->json, before.key_at);
    struct slice gap = arena_printf(e->arena, "\n%*s", (int)indent, "");
    json_splice_behind(&e->json, before, gap.data,
                       arena_printf(e->arena, "\"%s\": %.*s", section, SLICE_ARG(value)));
}

static void fill_list(struct edit *e, struct json_span list, struct slice item, bool is_section)
{
    if (json_splice_count(&e->json, list) > 0)
        json_splice_append(&e->json, list, item);
    else
        json_splice_replace(&e->json, list.at, list.end,
                            new_list(e, json_splice_indent(&e->json, list.at), item, is_section));
}

void edit_add(struct edit *e, const char *section, struct slice item)
{
    struct json_span list;
    if (edit_section(e, section, &list)) {
        fill_list(e, list, item, true);
        return;
    }
    size_t indent = json_splice_indent(&e->json, predecessor(e, section).key_at);
    add_section(e, section, new_list(e, indent, item, true));
}

void edit_put_text(struct edit *e, const char *section, struct slice text)
{
    struct json_span member;
    struct slice value = json_splice_quote(e->arena, text);
    if (edit_section(e, section, &member))
        json_splice_replace(&e->json, member.at, member.end, value);
    else
        add_section(e, section, value);
}

/* A member with its key. */
static void remove_member(struct edit *e, struct json_span object, size_t at)
{
    struct json_span member;
    for (size_t i = 0; json_splice_item(&e->json, object, i, &member); i++)
        if (member.at == at) {
            json_splice_remove(&e->json, object, i);
            return;
        }
}

static void remove_item(struct edit *e, struct json_span owner, struct json_span list, size_t index)
{
    if (json_splice_count(&e->json, list) > 1)
        json_splice_remove(&e->json, list, index);
    else
        remove_member(e, owner, list.at);
}

void edit_remove(struct edit *e, const char *section, size_t index)
{
    struct json_span list;
    if (edit_section(e, section, &list))
        remove_item(e, json_splice_root(&e->json), list, index);
}

/* ---- objects ---- */

/* The last member but for a list of agents, which a host has on the next lines. */
static bool last_short(const struct edit *e, struct json_span object, struct json_span *last)
{
    struct json_span agents = {0}, member;
    bool is_found = false;
    (void)json_splice_member(&e->json, object, "agents", &agents);
    for (size_t i = 0; json_splice_item(&e->json, object, i, &member); i++)
        if (member.at != agents.at) {
            *last = member;
            is_found = true;
        }
    return is_found;
}

void edit_put(struct edit *e, struct json_span object, const char *key, struct slice value)
{
    struct json_span member, last;
    if (json_splice_member(&e->json, object, key, &member)) {
        if (value.size > 0)
            json_splice_replace(&e->json, member.at, member.end, value);
        else
            remove_member(e, object, member.at);
    } else if (value.size > 0 && last_short(e, object, &last)) {
        json_splice_behind(&e->json, last, " ",
                           arena_printf(e->arena, "\"%s\": %.*s", key, SLICE_ARG(value)));
    }
}

void edit_pair(struct edit *e, struct slice *pairs, const char *key, struct slice value)
{
    *pairs = arena_printf(e->arena, "%.*s%s\"%s\": %.*s", SLICE_ARG(*pairs),
                          pairs->size ? ", " : "", key, SLICE_ARG(value));
}

struct slice edit_value(struct edit *e, struct slice text)
{
    return json_splice_is_number(text) ? text : json_splice_quote(e->arena, text);
}

/* ---- agents ---- */

/* Of who has none yet: "agents" begins a line, one column right of the host's brace. */
static void add_first_agent(struct edit *e, struct json_span host, struct slice item)
{
    struct json_span last;
    size_t column = json_splice_column(&e->json, host.at);
    if (!last_short(e, host, &last))
        return;
    struct slice gap = arena_printf(e->arena, "\n%*s", (int)column + 1, "");
    json_splice_behind(&e->json, last, gap.data,
                       arena_printf(e->arena, "\"agents\": %.*s",
                                    SLICE_ARG(new_list(e, column + 1, item, false))));
}

void edit_add_agent(struct edit *e, size_t host, struct slice item)
{
    struct json_span object = edit_item(e, "hosts", host), list;
    if (json_splice_member(&e->json, object, "agents", &list))
        fill_list(e, list, item, false);
    else
        add_first_agent(e, object, item);
}

void edit_remove_agent(struct edit *e, size_t host, size_t agent)
{
    struct json_span object = edit_item(e, "hosts", host), list;
    if (json_splice_member(&e->json, object, "agents", &list))
        remove_item(e, object, list, agent);
}

static struct json_span agent_object(const struct edit *e, size_t host, size_t agent)
{
    struct json_span list, object = {0};
    check(json_splice_member(&e->json, edit_item(e, "hosts", host), "agents", &list) &&
          json_splice_item(&e->json, list, agent, &object));
    return object;
}

/* Behind the last setting; on a new line under it where the line would get too long. */
static void add_setting(struct edit *e, struct json_span config, struct slice pair)
{
    struct json_span last = {0}, member;
    for (size_t i = 0; json_splice_item(&e->json, config, i, &member); i++)
        last = member;
    if (last.end == 0) {
        json_splice_replace(&e->json, config.at, config.end,
                            arena_printf(e->arena, "{%.*s}", SLICE_ARG(pair)));
        return;
    }
    bool fits = json_splice_column(&e->json, last.end) + pair.size + 5 <= EDIT_COLUMNS;
    size_t first = json_splice_indent(&e->json, config.at);
    struct slice gap = arena_printf(e->arena, "\n%*s", (int)first + 2, "");
    json_splice_behind(&e->json, last, fits ? " " : gap.data, pair);
}

void edit_put_setting(struct edit *e, size_t host, size_t agent, const char *key,
                      struct slice value)
{
    struct json_span config, member, object = agent_object(e, host, agent);
    struct slice pair = arena_printf(e->arena, "\"%s\": %.*s", key, SLICE_ARG(value));
    if (!json_splice_member(&e->json, object, "config", &config))
        edit_put(e, object, "config", arena_printf(e->arena, "{%.*s}", SLICE_ARG(pair)));
    else if (json_splice_member(&e->json, config, key, &member))
        json_splice_replace(&e->json, member.at, member.end, value);
    else
        add_setting(e, config, pair);
}
