#include "agents/roles/tap.h"

#include <stdlib.h>

#include "agents/roles/line.h"
#include "sim/base/digits.h"
#include "sim/base/memory.h"
#include "sim/net/middle.h"
#include "sim/net/table.h"

static const struct config_key keys[] = {
    {"link", CONFIG_TEXT, NULL, 0, 0, "",
     "the one link that it reads, as a:b; by default all that passes its host"},
};

/* Of a line no more is written down; of directions of connections no more is remembered. */
enum { SHOWN_MAX = 200, KNOWN_MAX = 4096 };

struct tap {
    struct office *office;
    uint32_t agent;
    const struct config *config;
    struct table tls; /* (connection, direction): it is encrypted */
};

static void write_down(const struct tap *tap, uint32_t conn, bool is_back, struct slice text,
                       uint32_t msg)
{
    struct sim *sim = tap->office->sim;
    sim_note(sim, EVENT_TAP,
             &(struct event_tap){.at = tap->agent,
                                 .conn = conn,
                                 .text = sim_text(sim, text),
                                 .msg = msg,
                                 .back = is_back});
}

/* What can't be printed is a dot; a line that goes on is told by three. */
static struct slice show(struct slice line, char shown[SHOWN_MAX + 3])
{
    size_t size = line.size < SHOWN_MAX ? line.size : SHOWN_MAX;
    for (size_t i = 0; i < size; i++) {
        unsigned char octet = (unsigned char)line.data[i];
        shown[i] = octet < ' ' || octet == 127 ? '.' : line.data[i];
    }
    for (size_t i = 0; line.size > SHOWN_MAX && i < 3; i++)
        shown[size++] = '.';
    return (struct slice){shown, size};
}

static void read_lines(const struct tap *tap, uint32_t conn, bool is_back, struct slice text,
                       uint32_t msg)
{
    char shown[SHOWN_MAX + 3];
    struct slice line;
    while (slice_cut(&text, '\n', &line)) {
        if (line.size > 0 && line.data[line.size - 1] == '\r')
            line.size--;
        if (line.size > 0)
            write_down(tap, conn, is_back, show(line, shown), msg);
    }
}

/* A record of TLS begins with its type, 20 to 23, and version 3.x (RFC 8446 5.1). */
static bool is_record(struct slice octets)
{
    return octets.size >= 5 && octets.data[0] >= 20 && octets.data[0] <= 23 &&
           octets.data[1] == 3 && octets.data[2] >= 0 && octets.data[2] <= 4;
}

static void note_size(const struct tap *tap, const struct net_passage *p)
{
    char text[DIGITS_MAX + 16] = "[TLS, ";
    size_t size = 6;
    size += digits_put(text + size, p->octets.size, 10, 0);
    memcpy(text + size, " octets]", 8);
    write_down(tap, p->conn, p->is_back, (struct slice){text, size + 8}, p->msg);
}

/* What is sent again passes again, and is read again. */
static void hear(void *context, const struct net_passage *p)
{
    struct tap *tap = context;
    uint64_t key = (uint64_t)p->conn << 1 | p->is_back;
    if (p->octets.size == 0)
        return;
    if (!is_record(p->octets) && table_get(&tap->tls, key) == 0) {
        read_lines(tap, p->conn, p->is_back, p->octets, p->msg);
        return;
    }
    note_size(tap, p);
    if (tap->tls.count > KNOWN_MAX)
        table_clear(&tap->tls);
    table_set(&tap->tls, key, 1);
}

void tap_hear(struct office *office, uint32_t host, uint32_t conn, bool is_back, struct slice text,
              uint32_t msg)
{
    const struct office_agent *a = office_find_agent(office, host, &tap_role);
    const struct tap *tap = a ? a->self : NULL;
    if (tap && net_agent_is_up(office->net, tap->agent))
        read_lines(tap, conn, is_back, text, msg);
}

static void apply(struct tap *tap, bool is_up)
{
    net_set_watch(tap->office->net, tap->agent,
                  line_find(tap->office, config_text(tap->config, "link")), is_up ? hear : NULL,
                  tap);
}

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    struct tap *tap = memory_take(sizeof *tap);
    (void)ports, (void)port_count;
    *tap = (struct tap){.office = office, .agent = agent, .config = config};
    apply(tap, true);
    return tap;
}

static void destroy(void *agent)
{
    struct tap *tap = agent;
    table_finish(&tap->tls);
    free(tap);
}

static void changed(void *agent, const struct config_key *key)
{
    struct tap *tap = agent;
    (void)key;
    apply(tap, net_agent_is_up(tap->office->net, tap->agent));
}

static void running(void *agent, bool is_up)
{
    apply(agent, is_up);
}

const struct role tap_role = {
    .name = "tap",
    .meaning = "tap: reads what passes on a line, and writes down what it can read",
    .keys = keys,
    .key_count = sizeof keys / sizeof *keys,
    .default_listen = "",
    .create = create,
    .destroy = destroy,
    .changed = changed,
    .running = running,
};
