/*
 * "type out text="telnet mx1 25\n"": octets are typed at the console of a host. A host that has
 * none gets one, `console-HOST`, when somebody types there first.
 */
#include "agents/roles/console.h"
#include "topologies/world_inner.h"

static const struct {
    const char *name;
    char octet;
} keys[] = {{"escape", 0x1d}, {"interrupt", 0x03}, {"end", 0x04}};

static bool find_key(struct slice name, char *octet)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (slice_equal(name, slice_of(keys[i].name))) {
            *octet = keys[i].octet;
            return true;
        }
    return false;
}

static uint32_t find_host(const struct world *w, struct slice who)
{
    return log_host_of(&w->sim.log, log_find_place(&w->sim.log, who));
}

static bool check_type(struct world *w, const struct action *a, struct problem *problem)
{
    char octet;
    if (find_host(w, a->words[0]) == 0)
        return problem_set(problem, "\"%.*s\" is no host or agent here",
                           SLICE_ARG(slice_part(a->words[0], 0, 80)));
    if (action_has(a, "key") && !find_key(action_value(a, "key"), &octet))
        return problem_set(problem, "\"%.*s\" is no key; expected escape, interrupt or end",
                           SLICE_ARG(slice_part(action_value(a, "key"), 0, 40)));
    return action_has(a, "text") || action_has(a, "key") ||
           problem_set(problem, "type needs text= or key=, as in: %s",
                       action_forms[ACTION_TYPE].example);
}

/* An id that nobody has: "console-out", "console-out-2", ... */
static struct slice free_id(struct world *w, uint32_t host)
{
    struct slice name = net_host_id(w->net, host);
    struct slice id = arena_printf(&w->arena, "console-%.*s", SLICE_ARG(name));
    for (int i = 2; log_find_place(&w->sim.log, id) && i < 1000; i++)
        id = arena_printf(&w->arena, "console-%.*s-%d", SLICE_ARG(name), i);
    return id;
}

static struct console *console_of(struct world *w, uint32_t host)
{
    const struct office_agent *a = office_find_agent(&w->office, host, &console_role);
    if (!a) {
        struct config_value user = {.key = &console_role.keys[0], .text = SLICE("")};
        const struct config config = {&user, console_role.key_count};
        (void)office_add_agent(&w->office, host, free_id(w, host), &console_role, &config, NULL, 0);
        a = office_find_agent(&w->office, host, &console_role);
    }
    return a->self;
}

/* With a key and a text the text comes first. */
static bool type(struct world *w, const struct action *a, struct problem *problem)
{
    char octet;
    uint32_t host = find_host(w, a->words[0]), cause = w->sim.cause;
    if (host == 0 || !net_host_is_up(w->net, host))
        return problem_set(problem, "%.*s is down: nobody can type there",
                           SLICE_ARG(slice_part(a->words[0], 0, 80)));
    struct console *console = console_of(w, host);
    w->sim.cause = cause; /* it follows from the person, not from the console's being there */
    if (action_has(a, "text"))
        console_type(console, action_value(a, "text"));
    if (action_has(a, "key") && find_key(action_value(a, "key"), &octet))
        console_type(console, (struct slice){&octet, 1});
    return true;
}

const struct world_verb world_type = {check_type, type};
