/*
 * Which port of this machine leads to which port of the simulated network, and which real servers
 * stand for hosts of it. Pure data; bridge/bridge.h opens the ports.
 *
 *     ports_add_listeners(&ports, &topology, world, visitor);
 *     ports_map(&ports, &topology, SLICE("mx1:25=2525"), visitor, &problem)
 */
#ifndef BRIDGE_PORTS_H
#define BRIDGE_PORTS_H

#include "sim/base/bytes.h"
#include "sim/base/vector.h"
#include "topologies/world_live.h"

struct port_row {
    size_t host;         /* index into the topology's hosts */
    uint32_t port;       /* there */
    size_t as;           /* the host that connections enter at */
    bool is_as;          /* it was chosen for this row: said in lists */
    bool is_udp;         /* datagrams; else connections */
    bool is_fixed;       /* local_port was asked for */
    uint32_t local_port; /* 0: any, until it is opened */
    const char
        *protocol; /* smtp submission submissions lmtp pop3 pop3s imap imaps dns dns-udp tcp */
};

/* Connections that reach this port of a host are made to a real server on this machine. */
struct port_real {
    size_t host;
    uint32_t port;
    bool is_ipv6;
    uint32_t real_port;
    char address[40]; /* 127.0.0.1, another of 127/8, or ::1 */
};

struct ports {
    VECTOR(struct port_row) rows;
    VECTOR(struct port_real) reals;
};

void ports_finish(struct ports *ports);

/*
 * --real HOST[:PORT]=ADDRESS:PORT, before the world is made: HOST's agents are taken out of the
 * topology the first time it is named. Without a port it is 25, or the only one that HOST has.
 */
bool ports_read_real(struct ports *ports, struct topology *t, struct slice text,
                     struct problem *problem);

/* A row for each port at which somebody listens in this world, in the order of the topology. */
void ports_add_listeners(struct ports *ports, const struct topology *t, struct world *world,
                         size_t visitor);
/* The same ports again for the real server at `as`: what comes in there is its own. */
void ports_add_as(struct ports *ports, size_t as);
/* --map HOST:PORT=LOCALPORT[,as=HOST]: fixes a row's port, or adds a row that enters elsewhere. */
bool ports_map(struct ports *ports, const struct topology *t, struct slice text, size_t visitor,
               struct problem *problem);
/* Rows whose port was not asked for are dropped. */
void ports_keep_fixed(struct ports *ports);

/* "mx1:25 2525 smtp", with " as=pc-alice" where that was chosen; a line with its end. */
void ports_put_line(const struct topology *t, const struct port_row *row, struct bytes *out);

#endif
