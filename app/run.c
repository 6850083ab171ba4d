/* mailflow run: makes a world, does what is asked in it, gives out its trace. */
#include <string.h>

#include "app/commands.h"
#include "app/letter.h"
#include "app/stored.h"
#include "app/output.h"
#include "app/script.h"
#include "app/source.h"
#include "sim/base/vtime.h"

struct run {
    struct command_line *line;
    struct world *world;
    struct problem problem;
    struct topology topology;
    struct source_options how;
    int64_t until; /* VTIME_NEVER: until all is quiet */
};

/* ---- actions ---- */

/* An action without a time waits until all before it have come to rest. */
static bool do_action(struct run *r, struct slice text)
{
    struct slice action = text;
    int64_t t;
    bool is_timed = script_cut_time(&action, &t);
    if (!is_timed) {
        world_run_quiet(r->world, r->until);
        t = world_now(r->world);
    }
    if (t < world_now(r->world))
        return problem_set(&r->problem, "--do \"%.*s\": that time is over already",
                           SLICE_ARG(text));
    return world_do(r->world, t, action, &r->problem);
}

static bool send_file(struct run *r, const char *path)
{
    const struct letter_envelope envelope = {command_value(r->line, "from"),
                                             command_value(r->line, "to")};
    struct bytes action;
    bytes_init(&action, SIZE_MAX);
    bool ok = letter_action(&r->topology, path, r->line->in, &envelope, &action, &r->problem) &&
              do_action(r, bytes_slice(&action));
    bytes_finish(&action);
    return ok;
}

static bool plan_campaign(struct run *r)
{
    struct campaign campaign;
    campaign_init(&campaign, &r->topology, r->how.faults, r->how.seed);
    campaign_plan(&campaign, r->world);
    int64_t mended_t = campaign.mended_t < r->until ? campaign.mended_t : r->until;
    campaign_finish(&campaign);
    world_run_until(r->world, mended_t);
    return true;
}

/* What lies in the mailboxes before anything else happens. */
static bool fill_stores(struct run *r)
{
    struct stored_mail mail;
    stored_init(&mail);
    bool ok = stored_read_options(r->line, &mail, &r->problem);
    for (size_t i = 0; ok && i < mail.items.count; i++)
        ok = world_do(r->world, 0, mail.items.items[i], &r->problem);
    stored_finish(&mail);
    return ok;
}

/* --message has two meanings: with a number the message that is meant by .eml and pictures, else a
   file with a message that is to be sent. */
static const struct command_option letter = {"letter", 0, "FILE", ""};

static void tell_letters(struct command_line *line)
{
    uint64_t number;
    for (size_t i = 0; i < line->given.count; i++)
        if (strcmp(line->given.items[i].option->name, "message") == 0 &&
            !slice_to_u64(slice_of(line->given.items[i].value), &number))
            line->given.items[i].option = &letter;
}

static bool plan(struct run *r)
{
    const struct command_line *line = r->line;
    if (!command_has(line, "do") && !command_has(line, "script") && !command_has(line, "letter"))
        return r->how.faults ? plan_campaign(r) : world_demo(r->world, &r->problem);
    if (!script_plan(line, r->world, r->until, &r->problem))
        return false;
    for (size_t i = 0; i < line->given.count; i++) {
        const struct command_given *given = &line->given.items[i];
        if ((strcmp(given->option->name, "do") == 0 && !do_action(r, slice_of(given->value))) ||
            (given->option == &letter && !send_file(r, given->value)))
            return false;
    }
    return true;
}

static bool read_until(struct run *r)
{
    const char *text = command_value(r->line, "until");
    r->until = VTIME_NEVER;
    if (!text || vtime_parse(slice_of(text), &r->until))
        return true;
    return problem_set(&r->problem, "--until: expected a time like 90s or 2h30min, not \"%s\"",
                       text);
}

static bool run_world(struct run *r, struct output *output)
{
    if (!fill_stores(r) || !plan(r))
        return false;
    if (r->until == VTIME_NEVER)
        world_run_quiet(r->world, VTIME_NEVER);
    else
        world_run_until(r->world, r->until);
    output->topology = world_topology(r->world);
    return output_write(r->line, output, world_log(r->world), &r->problem);
}

int run_command(struct command_line *line)
{
    struct run r = {.line = line};
    struct output output;
    tell_letters(line);
    if (!output_read_options(line, &output, &r.problem) || !read_until(&r) ||
        !source_read_options(line, &r.how, &r.problem) ||
        !source_load_topology(&r.topology, line->operands[0], line->in, &r.problem))
        return command_fail(line, &r.problem);
    r.world = world_create(&r.topology, &(struct world_options){.seed = r.how.seed});
    bool ok = run_world(&r, &output);
    world_destroy(r.world);
    topology_finish(&r.topology);
    return ok ? APP_DONE : command_fail(line, &r.problem);
}
