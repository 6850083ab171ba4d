/*
 * What stands in the way: firewalls, taps and boxes, each an agent of a host. They see what passes
 * through that host, what comes to it and what leaves it, or what crosses one link. Where there are
 * none they cost nothing.
 *
 *     net_set_rules     a firewall judges whoever asks for a connection, and each datagram
 *     net_set_watch     a tap reads the segments of connections, and may overwrite octets in them
 *     net_intercept     a box takes new connections for itself, in their server's place
 *
 * Each replaces what the agent had before. Everything given is copied; `agent` is its place.
 */
#ifndef SIM_NET_MIDDLE_H
#define SIM_NET_MIDDLE_H

#include "sim/net/net.h"

/* ---- firewalls ---- */

enum net_verdict {
    NET_ALLOW,
    NET_DROP,  /* silence: an attempt times out */
    NET_REJECT /* who asked is told at once, as by ICMP 3/13 (RFC 1812 5.2.7.1): NET_END_BLOCKED.
                  For a datagram the same as drop: nobody here listens for ICMP */
};

enum net_direction {
    NET_BOTH_WAYS, /* also among those inside, and among those outside */
    NET_IN,        /* from outside to inside */
    NET_OUT        /* from inside to outside */
};

enum net_transport { NET_ANY_TRANSPORT, NET_TCP, NET_UDP };

struct net_range {
    uint32_t address, mask; /* address & ~mask is 0; mask 0: everybody */
};
struct net_port_range {
    uint32_t first, last;
};

enum { NET_RULE_ITEMS = 8 };

/* It matches what all of these match. An empty list matches everything. */
struct net_rule {
    enum net_verdict verdict;
    enum net_direction direction;
    enum net_transport transport;
    struct net_port_range ports[NET_RULE_ITEMS]; /* of the side that is asked */
    struct net_range from[NET_RULE_ITEMS], to[NET_RULE_ITEMS];
    struct net_range except[NET_RULE_ITEMS]; /* but not when either side is one of these */
    size_t port_count, from_count, to_count, except_count;
};

/*
 * The first rule that matches says what happens; where none does, it passes. A connection is judged
 * when it is asked for (its first SYN and each repetition of it); what is established goes on, and
 * a datagram that answers another one is let in (RFC 2979 3.1.1).
 */
struct net_firewall {
    uint32_t link;                  /* judges what crosses this link; 0: all that its host sees */
    const struct net_range *inside; /* none: everybody is outside */
    size_t inside_count;
    const struct net_rule *rules; /* none: everything passes */
    size_t rule_count;
};
void net_set_rules(struct net *net, uint32_t agent, const struct net_firewall *firewall);

/* ---- taps ---- */

/* A segment that passes, in the order in which they pass; one that is sent again passes again. */
struct net_passage {
    uint32_t conn;
    uint32_t port; /* that was asked for */
    bool is_back;  /* said by the side that was connected to */
    bool is_last;  /* with a FIN or RST: this side says nothing more */
    uint32_t seq, msg;
    struct slice octets; /* borrowed for the call */
};
typedef void net_watch(void *context, const struct net_passage *passage);

/* `link` 0: all that its host sees. `watch` NULL: it reads no more. Within the call nothing may be
   done to the network but net_overwrite. */
void net_set_watch(struct net *net, uint32_t agent, uint32_t link, net_watch *watch, void *context);
/* Within a net_watch: from here on the segment, and each repetition of it, carries these octets
   instead of as many from `offset` on. They must lie within it. */
void net_overwrite(struct net *net, size_t offset, struct slice octets);

/* ---- boxes ---- */

/* A connection that was meant for `address` and `port`; otherwise like net_accept. */
typedef bool net_taken(void *context, uint32_t wire, uint32_t peer_address, uint32_t address,
                       uint32_t port, struct net_user *user);
/* Of connections to these ports, asked for from now on, whose way leads to or through its host; not
   of its own host's. No ports: of none. */
void net_intercept(struct net *net, uint32_t agent, const uint32_t *ports, size_t port_count,
                   net_taken *taken, void *context);

#endif
