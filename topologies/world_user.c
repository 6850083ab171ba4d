/*
 * "user add eve@example.org name=Eve": a person gets an account, or has none any more. What lies in
 * the mailbox of one who is taken away stays there, and is found again by who comes back.
 */
#include "agents/mail/address.h"
#include "sim/json/shape.h"
#include "topologies/world_inner.h"

static bool is_add(const struct action *a)
{
    return slice_equal(a->words[0], SLICE("add"));
}

static bool check_user(struct world *w, const struct action *a, struct problem *problem)
{
    struct address address;
    (void)w;
    if (!is_add(a) && !slice_equal(a->words[0], SLICE("remove")))
        return problem_set(problem, "user needs %s, as in: %s", action_forms[ACTION_USER].needs,
                           action_forms[ACTION_USER].example);
    if (!is_add(a) && a->value_count > 0)
        return problem_set(problem, "user remove needs an address and nothing else");
    return (address_read(a->words[1], &address) && shape_is_domain(address.domain)) ||
           problem_set(problem, "\"%.*s\" is no mail address",
                       SLICE_ARG(slice_part(a->words[1], 0, 80)));
}

static bool set_user(struct world *w, const struct action *a, struct problem *problem)
{
    struct slice address = a->words[1], password = action_value(a, "password");
    bool is_there = office_find_account(&w->office, address) != NULL;
    if (is_there == is_add(a))
        return problem_set(problem, "there is %s user %.*s", is_there ? "already a" : "no",
                           SLICE_ARG(slice_part(address, 0, 80)));
    if (is_add(a)) {
        struct arena arena;
        arena_init(&arena);
        if (password.size == 0)
            password = arena_printf(&arena, "secret-%.*s", SLICE_ARG(address_local(address)));
        office_add_account(&w->office, address, password, action_value(a, "name"));
        arena_finish(&arena);
    } else {
        office_remove_account(&w->office, address);
    }
    sim_emit(&w->sim, EVENT_ACCOUNT, &(struct event_account){world_text(w, address), is_add(a)});
    return true;
}

const struct world_verb world_user = {check_user, set_user};
