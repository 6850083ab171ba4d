/* mailflow serve: real programs on this machine join the simulated network. */
#include "app/serve.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/script.h"
#include "app/source.h"
#include "export/phrase.h"
#include "export/printable.h"
#include "sim/base/check.h"
#include "sim/trace/save.h"
#include "topologies/visitor.h"

enum { TURN_MOST_MS = 1000, IDLE_DEFAULT_S = 2100, ACCOUNTS_SHOWN = 6 };

/* ---- options ---- */

/* Seconds since 1970, or "2026-11-22T10:00:00Z". */
static bool read_epoch(struct serve *s)
{
    enum { PARTS = 6 };
    const char *text = command_value(s->line, "epoch");
    int v[PARTS], used = 0;
    uint64_t seconds;
    s->epoch_s = (int64_t)time(NULL);
    if (!text)
        return true;
    if (slice_to_u64(slice_of(text), &seconds) && seconds > 0 && seconds <= UINT32_MAX) {
        s->epoch_s = (int64_t)seconds;
        return true;
    }
    int count =
        sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2dZ%n", &v[0], &v[1], &v[2], &v[3], &v[4], &v[5], &used);
    if (count == PARTS && used > 0 && text[used] == '\0' && v[0] >= 1970 && v[0] <= 2100) {
        s->epoch_s = vtime_unix_s(v[0], v[1], v[2], v[3], v[4], v[5]);
        if (s->epoch_s > 0 && s->epoch_s <= UINT32_MAX)
            return true;
    }
    return problem_set(&s->problem,
                       "--epoch: expected Unix seconds or a time like 2026-11-22T10:00:00Z, "
                       "not \"%s\"",
                       text);
}

static bool read_pace(struct serve *s)
{
    const char *text = command_value(s->line, "pace");
    s->pace_per_mille = PACE_NORMAL;
    return !text || pace_read(slice_of(text), &s->pace_per_mille) ||
           problem_set(&s->problem,
                       "--pace: expected a number from 0.001 to 100000, like 10 for ten times "
                       "as fast, not \"%s\"",
                       text);
}

static bool read_duration(struct serve *s, const char *option, int64_t fallback, int64_t *value)
{
    const char *text = command_value(s->line, option);
    *value = fallback;
    return !text || (vtime_parse(slice_of(text), value) && *value > 0) ||
           problem_set(&s->problem, "--%s: expected a time like 90s or 2h30min, not \"%s\"", option,
                       text);
}

/* --until is virtual time, --for is real; what comes first ends it. */
static bool read_end(struct serve *s)
{
    int64_t real;
    if (!read_duration(s, "until", VTIME_NEVER, &s->until) ||
        !read_duration(s, "for", VTIME_NEVER, &real))
        return false;
    struct pace pace = {0, s->pace_per_mille};
    int64_t paced = real == VTIME_NEVER ? VTIME_NEVER : pace_virtual(&pace, real);
    s->until = paced < s->until ? paced : s->until;
    return true;
}

/* Standard output carries the table. */
static bool check_exports(struct serve *s)
{
    for (size_t i = 0; i < s->line->given.count; i++) {
        const struct command_given *given = &s->line->given.items[i];
        if (strcmp(given->option->name, "export") == 0 && output_is_standard(given->value))
            return problem_set(&s->problem,
                               "--export %s: the ports are printed on standard output; name a file",
                               given->value);
    }
    return true;
}

static bool check_tls(struct serve *s)
{
    return !command_has(s->line, "no-tls") || !command_has(s->line, "ca-file") ||
           problem_set(&s->problem, "--ca-file: with --no-tls there is no authority to trust");
}

static bool read_options(struct serve *s)
{
    int64_t idle;
    if (!output_read_options(s->line, &s->output, &s->problem) || !check_exports(s) ||
        !check_tls(s) || !read_epoch(s) || !read_pace(s) || !read_end(s) ||
        !read_duration(s, "idle", IDLE_DEFAULT_S * VTIME_S, &idle) ||
        !command_number(s->line, "seed", 1, UINT64_MAX, 1, &s->seed, &s->problem))
        return false;
    s->output.format = NULL; /* only files are written in the end */
    s->idle_ms = idle / VTIME_MS ? idle / VTIME_MS : 1;
    s->is_talkative = command_has(s->line, "verbose") || isatty(fileno(s->line->out));
    return true;
}

/* ---- the topology, with a place for visitors ---- */

static bool place_visitor(struct serve *s)
{
    const char *as = command_value(s->line, "as"), *at = command_value(s->line, "at");
    size_t hub = visitor_hub(&s->topology);
    if (as && at)
        return problem_set(&s->problem, "--as and --at: connections enter at a host that is there, "
                                        "or at a new one next to one; say one of them");
    if (as)
        return visitor_find_host(&s->topology, slice_of(as), &s->visitor, &s->problem);
    if (at && !visitor_find_host(&s->topology, slice_of(at), &hub, &s->problem))
        return false;
    s->visitor = visitor_add(&s->topology, hub);
    return true;
}

static bool for_each(struct serve *s, const char *option,
                     bool (*act)(struct serve *s, struct slice value))
{
    for (size_t i = 0; i < s->line->given.count; i++) {
        const struct command_given *given = &s->line->given.items[i];
        if (strcmp(given->option->name, option) == 0 && !act(s, slice_of(given->value)))
            return false;
    }
    return true;
}

static bool read_real(struct serve *s, struct slice value)
{
    return ports_read_real(&s->ports, &s->topology, value, &s->problem);
}

static bool read_map(struct serve *s, struct slice value)
{
    return ports_map(&s->ports, &s->topology, value, s->visitor, &s->problem);
}

static bool change_topology(struct serve *s)
{
    if (!for_each(s, "real", read_real) || !place_visitor(s))
        return false;
    if (command_has(s->line, "no-latency"))
        visitor_hasten(&s->topology);
    return true;
}

/* Each real host gets ports of its own, once. */
static bool list_ports(struct serve *s)
{
    ports_add_listeners(&s->ports, &s->topology, s->world, s->visitor);
    for (size_t i = 0; i < s->ports.reals.count; i++) {
        size_t host = s->ports.reals.items[i].host;
        bool is_known = false;
        for (size_t j = 0; j < i; j++)
            is_known |= s->ports.reals.items[j].host == host;
        if (!is_known)
            ports_add_as(&s->ports, host);
    }
    if (!for_each(s, "map", read_map))
        return false;
    if (command_has(s->line, "only-mapped"))
        ports_keep_fixed(&s->ports);
    return s->ports.rows.count > 0 ||
           problem_set(&s->problem, "there is no port to open: nobody listens in this topology, "
                                    "or nothing was mapped");
}

/* ---- what is asked of the world ---- */

static bool do_action(struct serve *s, struct slice action)
{
    int64_t t = 0;
    struct slice words = action;
    (void)script_cut_time(&words, &t); /* without a time: at once */
    return world_do(s->world, t, words, &s->problem);
}

static bool plan(struct serve *s)
{
    return (!command_has(s->line, "demo") || world_demo(s->world, &s->problem)) &&
           script_plan(s->line, s->world, SCRIPT_IN_ADVANCE, &s->problem) &&
           for_each(s, "do", do_action);
}

/* ---- what is said ---- */

static void tell(void *context, const char *text)
{
    struct serve *s = context;
    fprintf(s->line->err, "mailflow serve: %s\n", text);
    fflush(s->line->err);
}

/* One line for what a person at the terminal waits for. */
static bool is_news(const struct event *e)
{
    return e->kind == EVENT_INPUT || e->kind == EVENT_ACCEPT || e->kind == EVENT_REJECT ||
           e->kind == EVENT_DELIVER || e->kind == EVENT_RELAY || e->kind == EVENT_DSN ||
           e->kind == EVENT_QUEUE_DEFER || e->kind == EVENT_FAULT || e->kind == EVENT_TLS_FAIL;
}

void serve_tell_news(struct serve *s)
{
    const struct log *log = world_log(s->world);
    char time[VTIME_TEXT];
    struct bytes text;
    uint32_t count = log_count(log);
    if (!s->is_talkative || s->told == count)
        return;
    bytes_init(&text, SIZE_MAX);
    for (; s->told < count; s->told++) {
        const struct event *e = log_at(log, s->told);
        if (!is_news(e))
            continue;
        bytes_clear(&text);
        const struct event_input *input = event_as_input(e);
        if (input)
            printable_append(&text, log_text(log, input->text), 200,
                             s->output.terminal.is_ascii ? PRINTABLE_ASCII : 0);
        else
            phrase_event(log, e, s->output.terminal.is_ascii ? PRINTABLE_ASCII : 0, &text);
        fprintf(s->line->out, "%.*s  %.*s\n",
                SLICE_ARG(vtime_print_clock(log_epoch_s(log), e->t, time)),
                SLICE_ARG(bytes_slice(&text)));
    }
    bytes_finish(&text);
    fflush(s->line->out);
}

static void put_row(struct serve *s, const struct port_row *row)
{
    const struct topology_host *hosts = s->topology.hosts;
    char target[80];
    snprintf(target, sizeof target, "%.64s:%u", hosts[row->host].id.data, row->port);
    fprintf(s->line->out, "  %-22s %6u  %s", target, row->local_port, row->protocol);
    if (row->is_as)
        fprintf(s->line->out, "  as %s", hosts[row->as].id.data);
    fputc('\n', s->line->out);
}

static void put_accounts(struct serve *s)
{
    const struct topology *t = &s->topology;
    for (size_t i = 0; i < t->user_count && i < ACCOUNTS_SHOWN; i++)
        fprintf(s->line->out, "%s%.*s %.*s",
                i ? ", " : "Accounts and passwords: ", SLICE_ARG(t->users[i].address),
                SLICE_ARG(t->users[i].password));
    if (t->user_count)
        fprintf(s->line->out, "%s\n", t->user_count > ACCOUNTS_SHOWN ? ", ..." : "");
}

static void put_table(struct serve *s)
{
    const struct topology *t = &s->topology;
    fprintf(s->line->out,
            "%.*s is served on 127.0.0.1%s; connections enter at %.*s.\n\n  %-22s %6s  %s\n",
            SLICE_ARG(t->title), bridge_has_ipv6(s->bridge) ? " and ::1" : "",
            SLICE_ARG(t->hosts[s->visitor].id), "host:port", "here", "protocol");
    for (size_t i = 0; i < s->ports.rows.count; i++)
        put_row(s, &s->ports.rows.items[i]);
    fputc('\n', s->line->out);
    put_accounts(s);
    if (s->is_talkative)
        fprintf(s->line->out, "Ctrl+C ends it.\n\n");
    fflush(s->line->out);
}

/* Whole or not at all. */
static bool save_text(struct serve *s, const char *path, struct slice text)
{
    struct save save;
    if (!save_open(&save, path, &s->problem))
        return false;
    fwrite(text.data, 1, text.size, save.out);
    return save_commit(&save, &s->problem);
}

/* Who sees "ready" sees all ports, and they are open. */
static bool write_ports_file(struct serve *s)
{
    const char *path = command_value(s->line, "ports-file");
    struct bytes text;
    if (!path)
        return true;
    bytes_init(&text, SIZE_MAX);
    for (size_t i = 0; i < s->ports.rows.count; i++)
        ports_put_line(&s->topology, &s->ports.rows.items[i], &text);
    check(bytes_append(&text, SLICE("ready\n")));
    bool ok = save_text(s, path, bytes_slice(&text));
    bytes_finish(&text);
    return ok;
}

/* Before the ports: who sees them may want it. */
static bool write_ca_file(struct serve *s)
{
    const char *path = command_value(s->line, "ca-file");
    return !path || save_text(s, path, world_tls_pem(s->world));
}

/* ---- serving ---- */

static bool serve_until_over(struct serve *s)
{
    while (!bridge_is_over(s->bridge)) {
        bridge_turn(s->bridge, TURN_MOST_MS);
        serve_tell_news(s);
    }
    return true;
}

static bool open_bridge(struct serve *s)
{
    s->bridge = bridge_open(&(struct bridge_options){.topology = &s->topology,
                                                     .world = s->world,
                                                     .ports = &s->ports,
                                                     .pace_per_mille = s->pace_per_mille,
                                                     .until = s->until,
                                                     .idle_ms = s->idle_ms,
                                                     .told = tell,
                                                     .context = s},
                            &s->problem);
    return s->bridge != NULL;
}

static bool serve(struct serve *s)
{
    s->world = world_create(&s->topology,
                            &(struct world_options){.seed = s->seed,
                                                    .epoch_s = s->epoch_s,
                                                    .has_no_tls = command_has(s->line, "no-tls"),
                                                    .lets_real_in = true});
    s->told = log_count(world_log(s->world));
    if (!list_ports(s) || !plan(s) || !open_bridge(s))
        return false;
    put_table(s);
    bool ok = write_ca_file(s) && write_ports_file(s) &&
              (command_has(s->line, "window") ? serve_in_window(s) : serve_until_over(s));
    bridge_close(s->bridge);
    serve_tell_news(s);
    return output_write(s->line, &s->output, world_log(s->world), &s->problem) && ok;
}

int serve_command(struct command_line *line)
{
    struct serve s = {.line = line};
    if (!read_options(&s) ||
        !source_load_topology(&s.topology, line->operands[0], line->in, &s.problem))
        return command_fail(line, &s.problem);
    bool ok = change_topology(&s) && serve(&s);
    world_destroy(s.world);
    ports_finish(&s.ports);
    topology_finish(&s.topology);
    return ok ? APP_DONE : command_fail(line, &s.problem);
}
