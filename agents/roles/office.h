/*
 * The office: what the agents of a world share. It knows which agent is where, the accounts, each
 * host's disk and resolver, and the faults that concern agents; it names messages. Agents of one
 * host hand mail to each other through it (an MTA to its MDA); agents of different hosts only ever
 * exchange bytes.
 */
#ifndef AGENTS_ROLES_OFFICE_H
#define AGENTS_ROLES_OFFICE_H

#include "agents/drive/pump.h"
#include "agents/roles/config.h"
#include "sim/net/disk.h"
#include "sim/net/net.h"
#include "sim/net/resolver.h"

struct role;

struct office_account {
    struct slice address, password, name;
};

struct office_agent {
    uint32_t place, host;
    const struct role *role;
    void *self; /* what the role's create gave */
    struct config *config;
};

struct office_host {
    struct resolver *resolver; /* made on first use */
    struct disk *disk;         /* likewise */
    uint32_t first_agent;      /* index + 1 into agents; a host's agents follow each other */
    uint32_t agent_count;
    int32_t skew_s;       /* its clock is so much ahead; less than 0: behind */
    int32_t zone_minutes; /* its time zone, east of UTC */
};

/* "At this agent, refuse this recipient with this reply": the fault kind `reject`. */
struct office_refusal {
    uint32_t agent;
    struct slice rcpt; /* "" for any */
    int code;
    struct slice esc;
};

/* "What this agent, or each agent of this host, shows for a certificate is not in order." */
struct office_flaw {
    uint32_t place;
    enum tls_flaw flaw;
};

/* An agent's chance, for what nobody else is to guess. */
struct office_chance {
    bool is_started;
    struct random random;
};

struct office {
    struct sim *sim;
    struct net *net;
    struct pump_pool pumps;
    uint32_t dns_address;             /* of the name server that all hosts ask; 0 none */
    const struct dns_record *records; /* what it knows; borrowed for the office's life */
    size_t record_count;
    struct arena arena; /* the world's lifetime: names, settings */
    VECTOR(struct office_agent) agents;
    VECTOR(struct office_host) hosts; /* by place of the host - 1; places of agents are unused */
    VECTOR(struct office_account) accounts;
    uint32_t *account_table; /* index + 1 by hash of the address */
    size_t account_table_size;
    VECTOR(struct office_refusal) refusals;
    VECTOR(uint32_t) silent; /* agents that do not answer */
    VECTOR(struct office_flaw) flaws;
    VECTOR(struct office_chance) chances; /* by place - 1; as many as were needed */
    uint32_t msg_count, id_count;
};

void office_init(struct office *office, struct sim *sim, struct net *net);
void office_finish(struct office *office);

/* Texts are copied. Accounts must all be added before the first look-up counts on them. */
void office_add_account(struct office *office, struct slice address, struct slice password,
                        struct slice name);
/* By address, letters in any case (as delivery does it here); NULL when there is none. */
const struct office_account *office_find_account(const struct office *office, struct slice address);

/* Makes an agent of this role on a host and declares it. `config` values are copied. */
uint32_t office_add_agent(struct office *office, uint32_t host, struct slice id,
                          const struct role *role, const struct config *config,
                          const uint32_t *ports, size_t port_count);
/* The first agent of that role on a host, or NULL. */
const struct office_agent *office_find_agent(const struct office *office, uint32_t host,
                                             const struct role *role);
const struct office_agent *office_agent_at(const struct office *office,
                                           uint32_t place); /* or NULL */

/* A setting changes; the value is copied. `shown` is it in words, for the trace. */
void office_change(struct office *office, uint32_t agent, const struct config_value *value,
                   struct slice shown);

struct disk *office_disk(struct office *office, uint32_t place);
/* Asks the name server on behalf of an agent; see sim/net/resolver.h. */
void office_resolve(struct office *office, uint32_t agent, struct slice name, enum dns_type type,
                    resolver_done *done, void *context, uint64_t tag);

/* Declares a new message in the trace and gives its number. `content` is header and body. */
uint32_t office_new_message(struct office *office, uint32_t by, struct slice from, struct slice to,
                            struct slice subject, struct slice content);
/* An id that no other message of this run has: for queues and Message-ID. Hex digits. */
#define OFFICE_ID 24
struct slice office_new_id(struct office *office, uint32_t agent, char text[OFFICE_ID]);
/*
 * Text that this agent never said before, for challenges and timestamps: hex digits. It comes from
 * the agent's own stream of chance, so it is the same in every run of the same seed, and what
 * happens at other agents changes nothing in it.
 */
#define OFFICE_NONCE 40
struct slice office_new_nonce(struct office *office, uint32_t agent, char text[OFFICE_NONCE]);
/* What the clock of an agent's host shows now: Unix seconds. It may be wrong (skew). */
int64_t office_now_s(const struct office *office, uint32_t place);
/* The time zone it writes dates in: minutes east of UTC. */
int32_t office_zone(const struct office *office, uint32_t place);
void office_set_clock(struct office *office, uint32_t host, int32_t skew_s, int32_t zone_minutes);

/* The refusal in force for this recipient at this agent, or NULL. */
const struct office_refusal *office_find_refusal(const struct office *office, uint32_t agent,
                                                 struct slice rcpt);
bool office_is_silent(const struct office *office, uint32_t agent);
/* For pump_user.tls_flaw of whoever accepts connections. */
enum tls_flaw office_find_flaw(const struct office *office, uint32_t agent);
/* Of an agent, or of a host and so of its agents; TLS_FLAW_NONE puts it in order. */
void office_set_flaw(struct office *office, uint32_t place, enum tls_flaw flaw);
/* Does anybody here speak TLS? */
bool office_has_tls(const struct office *office);

/* The host goes down or comes up: its network, its resolver, its agents' queues. */
void office_set_host_up(struct office *office, uint32_t host, bool is_up);

#endif
