/* "browse by=browser page=inbox": what a person does with a browser at a webmail host. */
#include "agents/roles/browser.h"
#include "topologies/world_inner.h"

static struct browser *find_browser(const struct world *w, struct slice who)
{
    const struct office_agent *a = NULL;
    while ((a = world_next_agent(w, who, a)))
        if (a->role == &browser_role)
            return a->self;
    return NULL;
}

static const char *const pages[] = {"inbox", "message", "send", "delete"}; /* as browser_task */
enum { PAGE_COUNT = sizeof pages / sizeof *pages };

static bool read_errand(const struct action *a, struct browser_errand *errand,
                        struct problem *problem)
{
    struct slice page = action_value(a, "page");
    uint64_t number = 1;
    size_t task = 0;
    while (task < PAGE_COUNT && !slice_equal(page, slice_of(pages[task])))
        task++;
    if (task == PAGE_COUNT)
        return problem_set(problem,
                           "page=%.*s is not known; expected inbox, message, send or delete",
                           SLICE_ARG(slice_part(page, 0, 40)));
    if (action_has(a, "message") &&
        (!slice_to_u64(action_value(a, "message"), &number) || number < 1 || number > 1000000))
        return problem_set(problem, "message= is which one of the list, from 1");
    if (task == BROWSER_SEND && action_value(a, "to").size == 0)
        return problem_set(problem, "page=send needs to=, as in: browse by=browser page=send "
                                    "to=alice@example.com subject=Hello");
    *errand = (struct browser_errand){.task = (enum browser_task)task,
                                      .number = (unsigned)number,
                                      .to = action_value(a, "to"),
                                      .subject = action_value(a, "subject"),
                                      .body = action_value(a, "body")};
    return true;
}

static bool check_browse(struct world *w, const struct action *a, struct problem *problem)
{
    struct browser_errand errand;
    if (!find_browser(w, action_value(a, "by")))
        return problem_set(problem, "\"%.*s\" is no browser, host of one, or address of its user",
                           SLICE_ARG(slice_part(action_value(a, "by"), 0, 80)));
    return read_errand(a, &errand, problem);
}

static bool browse(struct world *w, const struct action *a, struct problem *problem)
{
    struct browser_errand errand;
    return read_errand(a, &errand, problem) &&
           browser_do(find_browser(w, action_value(a, "by")), &errand, problem);
}

const struct world_verb world_browse = {check_browse, browse};
