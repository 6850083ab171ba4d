/*
 * Lists of addresses kept in the DNS (RFC 5782): which name to ask for, and what an answer means.
 */
#ifndef AGENTS_PROTO_DNSBL_H
#define AGENTS_PROTO_DNSBL_H

#include "agents/proto/dns_message.h"

/*
 * The name to ask for an A record (and, for the reason in words, a TXT record): 192.0.2.99 in
 * bl.example.net is 99.2.0.192.bl.example.net (2.1), IPv6 goes by nibbles (2.4). "" when it is too
 * long for a name. In the arena.
 */
struct slice dnsbl_name(const unsigned char *address, bool is_ipv6, struct slice list,
                        struct arena *arena);
/* The same for a domain (2.5): "" likewise. */
struct slice dnsbl_domain_name(struct slice domain, struct slice list, struct arena *arena);
/*
 * Is the address listed? So says any A record within 127.0.0.0/8 (2.1). By custom 127.0.0.1 and
 * 127.255.255.0/24 mean something else: that the list does not answer this asker. The last octet of
 * the first record that counts says why, in the list's own code.
 */
bool dnsbl_is_listed(const struct dns_record *records, size_t count, unsigned *code);

#endif
