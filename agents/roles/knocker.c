#include "agents/roles/knocker.h"

#include <stdlib.h>

#include "sim/base/memory.h"

static const struct config_key keys[] = {
    {"target", CONFIG_HOST, NULL, 0, 0, "", "the host whose doors it tries"},
    {"doors", CONFIG_TEXTS, NULL, 0, 0, "",
     "ports in turn, and what is said there, a line for each reply: \"25 DEBUG\", \"79\""},
    {"every", CONFIG_DURATION, NULL, 1, 31536000, "5s", "from one door to the next"},
    {"loose", CONFIG_BOOL, NULL, 0, 0, "false", "it is at work: a round begins when this is set"},
};

struct knocker {
    struct office *office;
    uint32_t agent;
    const struct config *config;
    size_t door;  /* the next one */
    bool is_busy; /* a next step is planned */
    bool is_connected;
    uint32_t wire, port;
    struct slice said, words; /* the verb of the last line; lines still to be said */
    bool has_left;
};

bool knocker_read_door(struct slice text, uint32_t *port, struct slice *words)
{
    struct slice rest = text, number;
    uint64_t n;
    if (!slice_cut(&rest, ' ', &number) || !slice_to_u64(number, &n) || n < 1 || n > 65535 ||
        slice_find_either(rest, '\r', '\n', 0) < rest.size)
        return false;
    *port = (uint32_t)n;
    *words = rest;
    return true;
}

/* ---- at a door ---- */

static void say(struct knocker *k, struct slice line)
{
    struct slice rest = line;
    k->said = line;
    (void)slice_cut(&rest, ' ', &k->said);
    net_send(k->office->net, k->wire, line, 0);
    net_send(k->office->net, k->wire, SLICE("\r\n"), 0);
}

/* At the door of a mail server it understands what it is told. */
static void note_reply(const struct knocker *k, struct slice text)
{
    struct sim *sim = k->office->sim;
    uint64_t code;
    if (k->port != 25 || !slice_to_u64(slice_part(text, 0, 3), &code))
        return;
    text = slice_trim(slice_part(text, 3, slice_find_line_end(text, 0)));
    sim_emit(sim, EVENT_SMTP_REPLY,
             &(struct event_smtp_reply){.conn = net_conn(k->office->net, k->wire),
                                        .verb = sim_text(sim, k->said),
                                        .code = (uint32_t)code,
                                        .text = sim_text(sim, text)});
}

/* The next line for each reply, then it takes its leave. */
static void answer(struct knocker *k)
{
    struct slice line;
    if (k->words.size > 0) {
        (void)slice_cut(&k->words, '|', &line);
        say(k, line);
    } else if (!k->has_left) {
        k->has_left = true;
        say(k, SLICE("QUIT"));
        net_close(k->office->net, k->wire);
    }
}

static void opened(void *context, uint32_t wire)
{
    struct knocker *k = context;
    if (k->words.size == 0) { /* only to see whether somebody opens */
        k->has_left = true;
        net_close(k->office->net, wire);
    }
}

static void received(void *context, uint32_t wire, struct slice octets, uint32_t msg)
{
    (void)wire;
    (void)msg;
    if (!slice_ends(octets, SLICE("\n")))
        return;
    note_reply(context, octets);
    answer(context);
}

static void finished(void *context, uint32_t wire)
{
    struct knocker *k = context;
    if (!k->has_left)
        net_close(k->office->net, wire);
    k->has_left = true;
}

static void ended(void *context, uint32_t wire, enum net_end why)
{
    (void)wire;
    (void)why;
    ((struct knocker *)context)->is_connected = false;
}

/* ---- from door to door ---- */

/* It knows its victims from a list on the disk, not from DNS. 0: nobody of that name. */
static uint32_t find_target(const struct knocker *k)
{
    const struct log *log = &k->office->sim->log;
    struct slice name = config_text(k->config, "target");
    for (uint32_t place = 1; name.size > 0 && place <= log_place_count(log); place++)
        if (log_host_of(log, place) == place &&
            slice_equal_fold(net_host_name(k->office->net, place), name))
            return net_address(k->office->net, place);
    return 0;
}

static void leave(struct knocker *k)
{
    if (k->is_connected)
        net_abort(k->office->net, k->wire);
    k->is_connected = false;
}

static void step(void *context, uint64_t a, uint64_t b)
{
    struct knocker *k = context;
    const struct config_value *doors = config_get(k->config, "doors");
    uint32_t target = find_target(k);
    (void)a;
    (void)b;
    k->is_busy = false;
    leave(k);
    if (!config_bool(k->config, "loose") || k->door >= doors->text_count || target == 0 ||
        !net_host_is_up(k->office->net, k->agent) ||
        !knocker_read_door(doors->texts[k->door++], &k->port, &k->words))
        return;
    k->has_left = false;
    k->said = SLICE("CONNECT");
    k->is_connected = true;
    k->wire = net_connect(k->office->net, k->agent, target, k->port,
                          &(struct net_user){opened, received, finished, ended, k});
    k->is_busy = true;
    sim_after(k->office->sim, config_number(k->config, "every"), step, k, 0, 0);
}

/* ---- life cycle ---- */

static void begin(struct knocker *k)
{
    k->door = 0;
    if (config_bool(k->config, "loose") && !k->is_busy) {
        k->is_busy = true;
        sim_after(k->office->sim, 0, step, k, 0, 0);
    }
}

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    struct knocker *k = memory_take(sizeof *k);
    (void)ports;
    (void)port_count;
    *k = (struct knocker){.office = office, .agent = agent, .config = config};
    begin(k);
    return k;
}

static void changed(void *agent, const struct config_key *key)
{
    if (slice_equal(slice_of(key->name), SLICE("loose")))
        begin(agent);
}

const struct role knocker_role = {
    .name = "knocker",
    .meaning = "a program that tries the doors of a host",
    .keys = keys,
    .key_count = sizeof keys / sizeof *keys,
    .default_listen = "",
    .create = create,
    .destroy = free,
    .changed = changed,
};
