/*
 * The office: what the agents of a world share. It knows which agent is where, the accounts, each
 * host's disk and resolver, and the faults that concern agents; it names messages. Agents of one
 * host hand mail to each other through it (an MTA to its MDA); agents of different hosts only ever
 * exchange bytes.
 */
#ifndef AGENTS_ROLES_OFFICE_H
#define AGENTS_ROLES_OFFICE_H

#include "agents/drive/pump.h"
#include "agents/proto/sasl_scram.h"
#include "agents/roles/config.h"
#include "agents/roles/disturb.h"
#include "agents/roles/records.h"
#include "sim/net/disk.h"
#include "sim/net/net.h"
#include "sim/net/resolver.h"
#include "sim/net/table.h"

struct role;

struct office_account {
    struct slice address, password, name;
    bool is_gone;        /* not to be found */
    bool has_no_mailbox; /* may log in, and nothing is delivered */
};

struct office_agent {
    uint32_t place, host;
    const struct role *role;
    void *self; /* what the role's create gave */
    struct config *config;
    uint32_t next_of_user; /* index + 1 of the next agent whose user's address_hash is the same */
    uint32_t next_at;      /* likewise of its host */
    uint32_t ordinal;      /* so many were on its host before it */
    bool is_gone;          /* not to be found; what it was told to do may still come back to it */
};

struct office_host {
    struct resolver *resolver;        /* made on first use */
    uint32_t dns_address;             /* whom it asks; 0: whom all ask */
    struct disk *disk;                /* likewise */
    uint32_t first_agent, last_agent; /* index + 1 into agents, and on by next_at */
    uint32_t agent_count;             /* also those that are gone */
    int32_t skew_s;                   /* its clock is so much ahead; less than 0: behind */
    int32_t zone_minutes;             /* its time zone, east of UTC */
    uint32_t falls;                   /* how often it has gone down */
};

/* An agent's chance, for what nobody else is to guess. */
struct office_chance {
    bool is_started;
    struct random random;
};

/* Somebody read mail on `host` from `address`. */
struct office_login {
    uint32_t host, address;
    int64_t t;
};

struct office {
    struct sim *sim;
    struct net *net;
    struct pump_pool pumps;
    uint32_t dns_address;   /* of the name server that hosts ask; 0 none */
    struct records records; /* what the name servers know */
    struct arena arena;     /* the world's lifetime: names, settings */
    VECTOR(struct office_agent) agents;
    struct table users; /* by address_hash: index + 1 of the first agent that works for it */
    VECTOR(struct office_host) hosts; /* by place of the host - 1; places of agents are unused */
    VECTOR(struct office_account) accounts;
    uint32_t *account_table; /* index + 1 by hash of the address */
    size_t account_table_size;
    VECTOR(struct disturbance) disturbances;
    VECTOR(struct office_chance) chances; /* by place - 1; as many as were needed */
    VECTOR(uint32_t) login_keepers;       /* hosts whose logins are remembered */
    VECTOR(struct office_login) logins;
    struct sasl_scram_memory *logins_made;    /* of all agents: it saves work, and says nothing */
    struct sasl_scram_memory own_logins_made; /* where nobody lends a larger one */
    uint32_t msg_count, id_count;
};

void office_init(struct office *office, struct sim *sim, struct net *net);
void office_finish(struct office *office);

/* Texts are copied. An account that was taken away comes back where it was. */
void office_add_account(struct office *office, struct slice address, struct slice password,
                        struct slice name);
/* Nobody finds it any more; what lies in its mailbox stays there. False: there is none. */
bool office_remove_account(struct office *office, struct slice address);
/* Whether anything is delivered to who has an account: local.h. */
void office_set_mailbox(struct office *office, struct slice address, bool has_mailbox);
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

/*
 * The next agent behind `agent` (NULL: the first), in the order in which they were made: of those
 * at a place, which is an agent or a host; of those that work for an account by their settings.
 * NULL at the end.
 */
const struct office_agent *office_next_at(const struct office *office, uint32_t place,
                                          const struct office_agent *agent);
const struct office_agent *office_next_of_user(const struct office *office, struct slice address,
                                               const struct office_agent *agent);

/* A setting changes; the value is copied. `shown` is it in words, for the trace. */
void office_change(struct office *office, uint32_t agent, const struct config_value *value,
                   struct slice shown);

struct disk *office_disk(struct office *office, uint32_t place);
/* Whom the agents of this host ask for names, instead of office.dns_address; 0: as all. */
void office_set_resolver(struct office *office, uint32_t host, uint32_t address);
/* Whom all ask who have no resolver of their own. */
void office_set_dns(struct office *office, uint32_t address);
/* Asks the host's name server on behalf of an agent; see sim/net/resolver.h. */
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
/* How often that host has gone down: what was remembered before counts no more. */
uint32_t office_falls(const struct office *office, uint32_t place);
/* The time zone it writes dates in: minutes east of UTC. */
int32_t office_zone(const struct office *office, uint32_t place);
void office_set_clock(struct office *office, uint32_t host, int32_t skew_s, int32_t zone_minutes);

/* A name server that does not answer. */
bool office_is_silent(const struct office *office, uint32_t agent);
/* For pump_user.tls_flaw of whoever accepts connections. */
enum tls_flaw office_find_flaw(const struct office *office, uint32_t agent);
/*
 * POP before SMTP (RFC 6409 3.3): where a server lets people send because they have just read mail
 * from the same address, it asks its host's access servers to remember them. Nobody is remembered
 * before; a login counts for so long, and is told in the trace (allow).
 */
enum { OFFICE_LOGIN_S = 20 * 60 };
void office_keep_logins(struct office *office, uint32_t place);
/* An access server says that `user` has logged in from `address`. */
void office_note_login(struct office *office, uint32_t agent, uint32_t address, struct slice user);
bool office_may_send(const struct office *office, uint32_t place, uint32_t address);

/* The DNS name of a host that is named by its id; any other name as it is. */
struct slice office_host_name(const struct office *office, struct slice id_or_name);

/* Does anybody here speak TLS? */
bool office_has_tls(const struct office *office);

/* The host goes down in order, or comes up: its network, its resolver, its agents' queues. */
void office_set_host_up(struct office *office, uint32_t host, bool is_up);
/* Its power fails: what its disk has not synced is gone as well. */
void office_crash(struct office *office, uint32_t host, enum disk_loss loss);
/* It is to crash right behind the n-th change of its disk from now, as agents/roles/office_crash.c
   and sim/net/disk.h have it; n 0: no longer. It stays down until office_set_host_up. */
void office_crash_after(struct office *office, uint32_t host, uint32_t n, enum disk_loss loss);
/* An agent of a host is stopped, or runs again: net_set_agent_up, and it is told, its queue too.
   Nothing on disk is lost. While its host is down it hears of it at the boot. */
void office_set_agent_up(struct office *office, uint32_t agent, bool is_up);
/* Out of the network for good, with what waits in queues and lies on a host's disk: it is stopped,
   or goes down, and `gone` says how many recipients waited. Who comes later under its id is new.
   Links of a host are removed before. */
void office_remove_agent(struct office *office, uint32_t agent);
void office_remove_host(struct office *office, uint32_t host);
/* A line of the host has opened: its agents do what had to wait for that. */
void office_line_up(struct office *office, uint32_t host);

#endif
