/*
 * A firewall on the way: its rules say who may ask whom for what (sim/net/middle.h). A rule is a
 * line of words:
 *
 *     rule   = ( "allow" / "drop" / "reject" ) [ "in" / "out" ] [ "tcp" / "udp" ]
 *              [ "port" 1*8( number / number "-" number ) ] [ "from" 1*8network ]
 *              [ "to" 1*8network ] [ "except" 1*8network ]
 *     reject out port 25 except 192.0.2.25      only one machine may speak SMTP to the world
 *     drop in                                   nobody outside may ask for anything
 *     allow in tcp port 25 to 198.51.100.25     but, standing before it, for this
 *
 * The first that matches decides; what none matches passes. "in" and "out" go by the setting
 * `inside`. "except" matches either side. A network is 198.51.100.0/24 or an address alone.
 */
#ifndef AGENTS_ROLES_FIREWALL_H
#define AGENTS_ROLES_FIREWALL_H

#include "agents/roles/registry.h"
#include "sim/net/middle.h"

extern const struct role firewall_role;

#define FIREWALL_RULE_EXPECTED                                                                     \
    "allow, drop or reject; then, as wanted, in or out, tcp or udp, port and numbers, from, to "   \
    "and except with networks, as in: reject out port 25 except 192.0.2.25"

bool firewall_read_rule(struct slice text, struct net_rule *rule);
/* No bits may be set behind its prefix. */
bool firewall_read_network(struct slice text, struct net_range *range);

#endif
