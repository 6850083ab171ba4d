/*
 * What a person at a host can list: its open ports and whose they are, its connections.
 */
#ifndef SIM_NET_LIST_H
#define SIM_NET_LIST_H

#include "sim/net/net.h"

struct net_listener {
    uint32_t port, agent;
};
/* The next open port of the host of `place` above listener->port; false at the end. One whose agent
   is stopped is not open. */
bool net_next_listener(struct net *net, uint32_t place, bool is_udp, struct net_listener *listener);

/* Who has that UDP port on the host with this address: an agent, or else the host; 0: there is no
   such host. */
uint32_t net_udp_owner(struct net *net, uint32_t address, uint32_t port);

/*
 * As net_listen, but where the agent that has the port is stopped it stands in for that one, until
 * it steps back; then the port is its owner's again, who listens if it runs by then. `kept` is the
 * caller's to keep for stepping back.
 */
struct net_stand_in {
    uint32_t agent;
    net_accept *accept;
    void *context;
};
bool net_stand_in(struct net *net, uint32_t agent, uint32_t port, net_accept *accept, void *context,
                  struct net_stand_in *kept);
void net_step_back(struct net *net, uint32_t agent, uint32_t port, const struct net_stand_in *kept);

struct net_peer {
    size_t position; /* 0 to begin with */
    uint32_t agent;  /* of this host */
    uint32_t own_address, own_port, address, port;
    const char *state; /* as RFC 9293 3.3.2 calls it */
};
/* The next connection of which the host of `place` has an end; false behind the last. */
bool net_next_peer(const struct net *net, uint32_t place, struct net_peer *peer);

#endif
