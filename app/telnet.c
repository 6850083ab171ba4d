/* mailflow telnet: a person speaks to a server of a topology by hand, without any socket. */
#include <string.h>
#include <unistd.h>

#include "agents/roles/talk.h"
#include "app/commands.h"
#include "app/output.h"
#include "app/script.h"
#include "app/source.h"
#include "export/printable.h"
#include "sim/base/check.h"
#include "topologies/visitor.h"
#include "topologies/world_live.h"

/*
 * Virtual time leaps only as far as it must: after a line until its answer has come and nothing
 * more is due within a moment. A line that gets no answer, such as one of a message, is waited for
 * this long at most; what is due later, such as the server's patience, stays where it is.
 */
#define ANSWER_WITHIN (10 * VTIME_S)
#define MORE_WITHIN VTIME_S
enum { LINE_MAX_OCTETS = 1024 * 1024, STEPS_MAX = 10000000 };

struct telnet {
    struct command_line *line;
    struct problem problem;
    struct output output;
    struct topology topology;
    struct world *world;
    struct talk talk;
    FILE *screen; /* where the server's words go */
    size_t host, from;
    uint32_t port, cause;
    uint64_t seed;
    bool is_open, is_over, has_heard, is_shown;
    enum net_end why;
};

/* ---- what the server says ---- */

static void show_octet(const struct telnet *t, unsigned char octet)
{
    bool is_harmless =
        octet >= ' ' ? octet != 127 : octet == '\r' || octet == '\n' || octet == '\t';
    fputc(t->is_shown && !is_harmless ? '?' : octet, t->screen);
}

static void opened(void *context)
{
    struct telnet *t = context;
    t->is_open = true;
    t->cause = world_sim(t->world)->cause;
}

/* Octet for octet into a file; what a terminal would obey is made harmless. */
static void heard(void *context, struct slice octets)
{
    struct telnet *t = context;
    t->cause = world_sim(t->world)->cause;
    t->has_heard = true;
    for (size_t i = 0; i < octets.size; i++)
        show_octet(t, (unsigned char)octets.data[i]);
}

static void secured(void *context)
{
    struct telnet *t = context;
    const struct tls *tls = t->talk.pump->tls;
    t->cause = world_sim(t->world)->cause;
    fprintf(t->line->err, "%.*s, %.*s, the certificate: %.*s\n", SLICE_ARG(tls_version(tls)),
            SLICE_ARG(tls_cipher(tls)), SLICE_ARG(tls_verdict(tls)));
}

static void ended(void *context, enum net_end why)
{
    struct telnet *t = context;
    t->is_over = true;
    t->why = why;
}

/* ---- the connection ---- */

static void run_on(struct telnet *t)
{
    int64_t start = world_now(t->world);
    t->has_heard = false;
    for (int i = 0; i < STEPS_MAX && !t->is_over; i++) {
        int64_t next = world_next(t->world);
        int64_t now = world_now(t->world);
        if (next == VTIME_NEVER ||
            next - (t->has_heard ? now : start) > (t->has_heard ? MORE_WITHIN : ANSWER_WITHIN))
            return;
        world_run_until(t->world, next);
    }
}

static void say(struct telnet *t, struct slice words)
{
    world_sim(t->world)->cause = t->cause;
    (void)talk_say(&t->talk, words);
    run_on(t);
    fflush(t->screen);
}

static const char *why_not(const struct telnet *t)
{
    if (t->is_over && t->why == NET_END_REFUSED)
        return "the connection is refused";
    return t->is_over && t->why == NET_END_TLS ? "TLS fails" : "nothing comes back";
}

static bool connect_to(struct telnet *t)
{
    const struct topology_host *hosts = t->topology.hosts;
    char words[160];
    int size = snprintf(words, sizeof words, "telnet %.100s %u", hosts[t->host].id.data, t->port);
    world_note(t->world, (struct slice){words, (size_t)size});
    talk_connect(&t->talk, world_pumps(t->world),
                 &(struct talk_target){.agent = world_place(t->world, &hosts[t->from]),
                                       .address = hosts[t->host].address,
                                       .port = t->port,
                                       .name = hosts[t->host].name,
                                       .is_tls = command_has(t->line, "tls")},
                 &(struct talk_user){opened, heard, secured, ended, t});
    while (!t->is_open && !t->is_over && world_next(t->world) != VTIME_NEVER)
        world_run_until(t->world, world_next(t->world));
    return t->is_open || problem_set(&t->problem, "%.*s does not answer on port %u: %s",
                                     SLICE_ARG(hosts[t->host].id), t->port, why_not(t));
}

/* ---- the person ---- */

/* A line without its end; false at the end of what is typed. */
static bool read_line(struct telnet *t, struct bytes *text)
{
    int octet = 0;
    bytes_clear(text);
    while ((octet = fgetc(t->line->in)) != EOF && octet != '\n')
        if (!bytes_append_octet(text, (char)octet))
            return problem_set(&t->problem, "a line of more than %d octets", LINE_MAX_OCTETS);
    if (octet == EOF && bytes_size(text) == 0)
        return false;
    if (bytes_size(text) > 0 && *bytes_tail(text, 1) == '\r')
        bytes_truncate(text, bytes_size(text) - 1);
    return true;
}

static void converse(struct telnet *t)
{
    struct bytes text;
    bytes_init(&text, LINE_MAX_OCTETS);
    run_on(t); /* the greeting */
    fflush(t->screen);
    while (!t->is_over && read_line(t, &text)) {
        text.ceiling += 2;
        check(bytes_append(&text, SLICE("\r\n")));
        say(t, bytes_slice(&text));
        text.ceiling -= 2;
    }
    bytes_finish(&text);
    if (!t->is_over) {
        world_sim(t->world)->cause = t->cause;
        talk_close(&t->talk);
    }
    world_run_quiet(t->world, VTIME_NEVER); /* what was handed in goes its way */
    fflush(t->screen);
}

/* ---- options ---- */

static bool read_target(struct telnet *t)
{
    const struct command_line *line = t->line;
    struct slice target = slice_of(line->operands[1]), host = target, port = {"", 0};
    uint64_t number;
    if (line->operand_count == 3)
        port = slice_of(line->operands[2]);
    for (size_t i = target.size; port.size == 0 && i-- > 0;)
        if (target.data[i] == ':') {
            host = slice_part(target, 0, i);
            port = slice_part(target, i + 1, target.size);
        }
    if (!slice_to_u64(port, &number) || number == 0 || number > UINT16_MAX)
        return problem_set(&t->problem, "expected HOST:PORT, like mx1:25, not \"%s\"",
                           line->operands[1]);
    t->port = (uint32_t)number;
    return visitor_find_host(&t->topology, host, &t->host, &t->problem);
}

static bool place_visitor(struct telnet *t)
{
    const char *as = command_value(t->line, "as");
    if (as)
        return visitor_find_host(&t->topology, slice_of(as), &t->from, &t->problem);
    t->from = visitor_add(&t->topology, visitor_hub(&t->topology));
    return true;
}

static bool read_options(struct telnet *t)
{
    if (!output_read_options(t->line, &t->output, &t->problem) ||
        !command_number(t->line, "seed", 1, UINT64_MAX, 1, &t->seed, &t->problem))
        return false;
    if (!command_has(t->line, "format"))
        t->output.format = NULL;
    t->screen = t->line->out;
    for (size_t i = 0; i < t->line->given.count; i++) /* the trace goes there alone */
        if (strcmp(t->line->given.items[i].option->name, "export") == 0 &&
            output_is_standard(t->line->given.items[i].value))
            t->screen = t->line->err;
    int fd = fileno(t->screen);
    t->is_shown = fd >= 0 && isatty(fd);
    return true;
}

static bool do_actions(struct telnet *t)
{
    for (size_t i = 0; i < t->line->given.count; i++) {
        const struct command_given *given = &t->line->given.items[i];
        if (strcmp(given->option->name, "do") == 0 &&
            !world_do(t->world, world_now(t->world), slice_of(given->value), &t->problem))
            return false;
        world_run_until(t->world, world_now(t->world));
    }
    return true;
}

static void say_end(const struct telnet *t)
{
    static const char *const ends[] = {
        [NET_END_CLOSED] = "closed",         [NET_END_REFUSED] = "refused",
        [NET_END_TIMEOUT] = "timed out",     [NET_END_BLOCKED] = "blocked",
        [NET_END_RESET] = "broken off",      [NET_END_CRASHED] = "lost: this computer stopped",
        [NET_END_TLS] = "ended: TLS failed",
    };
    fprintf(t->line->err, "The connection is %s.\n", t->is_over ? ends[t->why] : "left open");
}

static bool run(struct telnet *t)
{
    t->world = world_create(&t->topology, &(struct world_options){.seed = t->seed});
    if (!do_actions(t) || !connect_to(t))
        return false;
    converse(t);
    if (t->is_shown)
        say_end(t);
    return t->problem.what[0] == '\0' &&
           output_write(t->line, &t->output, world_log(t->world), &t->problem);
}

int telnet_command(struct command_line *line)
{
    struct telnet t = {.line = line};
    if (!read_options(&t) ||
        !source_load_topology(&t.topology, line->operands[0], line->in, &t.problem))
        return command_fail(line, &t.problem);
    bool is_named = read_target(&t) && place_visitor(&t);
    bool ok = is_named && run(&t);
    bool is_unanswered = is_named && !ok && !t.is_open && t.world;
    world_destroy(t.world);
    talk_finish(&t.talk);
    topology_finish(&t.topology);
    if (ok)
        return APP_DONE;
    (void)command_fail(line, &t.problem);
    return is_unanswered && t.is_over ? APP_NO : APP_WRONG;
}
