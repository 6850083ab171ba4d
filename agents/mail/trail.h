/*
 * What the header of a message tells of its way: the Received fields as hops, and what servers and
 * programs wrote beside them (RFC 5321 4.4, RFC 5322 3.6). A real message may hold anything, so
 * nothing here fails: what is not understood is kept as it came, and each hop says how much of it
 * was read. All texts are raw and point into the content: folds, control characters and octets
 * above 127 may be in them. Counts are bounded; what went beyond is counted.
 *
 *     struct trail trail;
 *     trail_read(&trail, content, &arena);        content and arena must outlive it
 *     for (uint32_t i = 0; i < trail.hop_count; i++) ... trail.hops[i]        oldest first
 *
 * How far it can be believed. Whoever sends a message writes its header, Received fields too; a
 * server only puts its own line on top (RFC 5321 4.4, 7.1). So the lines of the reader's own
 * servers are true, and each older one is as good as the hosts above it. Two lines that follow each
 * other should meet: the older one's `by` is the newer one's `from`. Often they do not for good
 * reasons (a site has other names inside than outside, takes in under one name and sends out under
 * another), so what does not meet is never called forged: it only MAY be.
 */
#ifndef AGENTS_MAIL_TRAIL_H
#define AGENTS_MAIL_TRAIL_H

#include "agents/mail/received.h"
#include "sim/base/arena.h"

enum { TRAIL_HOPS_MAX = 256, TRAIL_FIELDS_MAX = 512, TRAIL_ARCS_MAX = 50 /* RFC 8617 4.2.1 */ };

enum trail_reading {
    TRAIL_NOT_READ, /* no clause and no date was understood: only `field` is to be shown */
    TRAIL_PARTLY,   /* something is left over (received.unread), or it says neither who nor when */
    TRAIL_WHOLE     /* every word has its place; a missing date alone does not count */
};

/* How an older line meets the newer one above it. */
enum trail_link {
    TRAIL_LINK_TOP,     /* the newest one: nothing is above it */
    TRAIL_LINK_NAME,    /* its `by` is the name or the address that the newer one is `from` */
    TRAIL_LINK_DOMAIN,  /* only the domain is the same */
    TRAIL_LINK_INSIDE,  /* the newer one came over no network (no from, localhost), from a private
                           address, or was fetched (POP3, IMAP): names inside may differ */
    TRAIL_LINK_UNKNOWN, /* one of them has no name that could be compared */
    TRAIL_LINK_NONE     /* they do not meet: here the chain breaks */
};

enum trail_trust {
    TRAIL_OWN,  /* written on the reader's side: believed */
    TRAIL_FITS, /* written elsewhere; it and all above it meet: as good as those hosts */
    TRAIL_LOOSE /* at the first break or below it: may have been made up */
};

struct trail_hop {
    struct slice field;       /* all of it, with its name */
    struct received received; /* what was read in it */
    uint32_t number;          /* from the top, 1 the newest: as a reader counts the lines */
    enum trail_reading reading;
    enum trail_link link;
    enum trail_trust trust;
    bool has_delay;
    int64_t delay_s; /* since the last older hop with a date, or Date; negative: clocks differ */
    bool is_tls, is_authenticated, is_submission;
    uint32_t visits; /* how often this `by` has had the message up to here, 1 the first time */
    bool is_loop;    /* it has had it before, and others have had it in between */
};

/* Fields that say something of the way, in the order of the header. */
enum trail_kind {
    TRAIL_RETURN_PATH,
    TRAIL_DELIVERED_TO, /* also X-Original-To, Envelope-To, X-Envelope-To, Apparently-To */
    TRAIL_LIST,         /* List-*, Precedence, Mailing-List */
    TRAIL_RESENT,       /* Resent-* */
    TRAIL_ORIGIN,       /* X-Originating-IP, User-Agent, X-Mailer and the like */
    TRAIL_AUTOMATIC,    /* Auto-Submitted, X-Failed-Recipients, X-Loop and the like */
    TRAIL_DSN           /* of the message/delivery-status part of a notice (RFC 3464) */
};
const char *trail_kind_name(enum trail_kind kind); /* "return-path" */
struct trail_field {
    enum trail_kind kind;
    uint32_t block; /* of a DSN: 0 about the message, from 1 a recipient each */
    struct slice name, value;
};

/* Authentication-Results (RFC 8601), or the one of an ARC set (RFC 8617). */
struct trail_auth {
    struct slice field, server;          /* server "": none was named, as Exchange has it */
    unsigned arc_instance;               /* 0: no ARC set */
    uint32_t hops_above;                 /* so many Received lines stand above it */
    bool is_own;                         /* of the reader's side, as far as can be told */
    uint32_t first_result, result_count; /* in trail.results */
};
struct trail_result {
    struct slice method, result, comment; /* "dkim", "pass", "signature was verified" */
    struct slice properties;              /* raw: "header.d=example.com header.s=s1" */
};
/* The next property, taken off the front; false at the end. Comments are passed over. */
bool trail_next_property(struct slice *properties, struct slice *name, struct slice *value);

struct trail_arc { /* RFC 8617: the three fields of one instance */
    unsigned instance;
    bool has_results, has_signature, has_seal;
    struct slice domain, selector, cv; /* of its seal: d=, s=, cv= */
};

struct trail_signature { /* DKIM-Signature: what it says, not whether it is right */
    struct slice field, domain, selector, algorithm, identity, names; /* d= s= a= i= h= */
};

struct trail_spf { /* Received-SPF (RFC 7208 9.1) */
    struct slice field, result, comment, client_ip, envelope_from, helo, receiver;
    uint32_t hops_above;
    bool is_own;
};

struct trail {
    struct slice content, header;
    struct trail_hop *hops;            /* oldest first */
    uint32_t hop_count, hops_left_out; /* the oldest are left out */
    struct trail_field *fields;
    uint32_t field_count;
    struct trail_auth *auths;
    uint32_t auth_count;
    struct trail_result *results;
    uint32_t result_count;
    struct trail_arc *arcs; /* by instance */
    uint32_t arc_count;
    struct trail_signature *signatures;
    uint32_t signature_count;
    struct trail_spf *spfs;
    uint32_t spf_count;
    uint32_t fields_left_out; /* of all the lists together */

    struct slice from, to, subject, message_id, date; /* the first of each, raw; "" none */
    bool has_date;
    int64_t date_s;
    int zone_min;

    struct slice own;      /* domain of the reader's side: "example.org"; "" can't be told */
    uint32_t own_count;    /* so many of the newest hops are TRAIL_OWN */
    uint32_t loose_count;  /* so many of the oldest hops are TRAIL_LOOSE */
    uint32_t total_fields; /* of the header, all kinds */
    uint32_t odd_lines;    /* lines that are no field at all */
};

/* Cannot fail. Empty lines, a byte order mark and a "From " line of an mbox in front are passed
   over; of an mbox the first message is read. */
void trail_read(struct trail *trail, struct slice content, struct arena *arena);
/* Does it begin like the header of a message? For telling what a file or a pasted text is. */
bool trail_is_header(struct slice content);

/* The domain that was registered, as far as that can be told without a list of all the registries'
   own ("example.org", "example.co.uk"); "" for addresses and names without a dot. */
struct slice trail_domain(struct slice name);
/* A private, loopback or link-local address (RFC 1918, 4193, 4291, 6598), with or without
   brackets and "IPv6:". */
bool trail_is_private(struct slice addr);
/* An IPv4 or IPv6 address, likewise. */
bool trail_is_addr(struct slice text);

#endif
