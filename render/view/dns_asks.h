/*
 * Private to this folder: the questions put to name servers, each with what came of it, folded from
 * the trace: the datagrams' own octets (RFC 1035 4.1), dns.query and dns.answer. And what a host
 * keeps of the answers: its cache at a moment.
 *
 * Asks are numbered from 0 in the order in which they were put; `parent` and the like carry the
 * number plus 1, and 0 is none. Which of its events have happened by t is for the reader to see:
 * they are numbers of the log, 0 while there is none.
 */
#ifndef RENDER_VIEW_DNS_ASKS_H
#define RENDER_VIEW_DNS_ASKS_H

#include "agents/proto/dns_message.h"
#include "sim/trace/log.h"

/* What the asker keeps of an answer. */
enum dns_kept {
    DNS_KEPT_NOTHING,
    DNS_KEPT_RECORDS,
    DNS_KEPT_NO_DATA, /* the name has no such record (RFC 2308 2.2) */
    DNS_KEPT_NO_NAME, /* there is no such name (RFC 2308 2.1) */
    DNS_KEPT_REFERRAL /* whom to ask about a zone (RFC 1034 5.3.3) */
};

struct dns_ask {
    uint32_t
        question;   /* the datagram; by TCP the dns.query; else the dns.answer that tells of it */
    uint32_t query; /* the server has read it */
    uint32_t reply; /* the datagram */
    uint32_t noted; /* dns.answer: the asker has read it, or has given up */
    uint32_t asker, server;                 /* hosts */
    uint32_t msg;                           /* the message because of which it was asked; 0 none */
    uint32_t parent;                        /* the ask that the asker answers with it */
    uint32_t first_child, last_child, next; /* asks of the server on behalf of this one */
    uint32_t before;                        /* the asker's ask before */
    struct slice name;
    unsigned type;
    uint16_t id;
    bool is_tcp;
    enum dns_kept kept;
    uint32_t ttl_s;
    struct slice zone; /* of a referral */
};

/* Which ask an event belongs to; ascending by event. */
struct dns_mark {
    uint32_t event, ask;
};

struct dns_asks {
    uint32_t seen; /* events of the log */
    VECTOR(struct dns_ask) asks;
    VECTOR(struct dns_mark) marks;
    VECTOR(uint32_t) last;    /* [place - 1]: the host's last ask plus 1 */
    VECTOR(uint32_t) crashes; /* events */
    struct arena texts;
    struct arena scratch;
};

void dns_asks_finish(struct dns_asks *asks);
void dns_asks_update(struct dns_asks *asks, const struct log *log);
/* The ask that this event is part of, or NULL. */
const struct dns_ask *dns_asks_of(const struct dns_asks *asks, uint32_t event);
/* The octets of an event of it, decoded into the arena; false when there are none, or no sense. */
bool dns_asks_decode(const struct log *log, uint32_t event, struct arena *arena,
                     struct dns_message *message);

struct dns_entry {
    uint32_t ask;
    int64_t kept_t, expires_t;
};

enum { DNS_CACHE_MAX = 256 };

/* What a host has kept by an event: of each question the last answer, newest first. */
struct dns_cache {
    uint32_t host, until;
    VECTOR(struct dns_entry) entries; /* also those that have expired since */
};

void dns_cache_finish(struct dns_cache *cache);
/* Worked out anew only when host or until (a count of events) has changed. */
void dns_cache_at(struct dns_cache *cache, const struct dns_asks *asks, const struct log *log,
                  uint32_t host, uint32_t until);

#endif
