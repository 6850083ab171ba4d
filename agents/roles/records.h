/*
 * The DNS records of a world: a set that is owned here, found by name, and may change while the
 * world runs. Name servers answer from it, each for its own zones.
 *
 *     records_add(&set, &record);
 *     const struct records_owner *owner = records_find(&set, name);
 *     for (const struct dns_record *r = NULL; (r = records_next(&set, owner, r, DNS_TYPE_MX));)
 *         ...
 *
 * What was found is valid until the set changes.
 */
#ifndef AGENTS_ROLES_RECORDS_H
#define AGENTS_ROLES_RECORDS_H

#include "agents/proto/dns_message.h"
#include "sim/base/vector.h"

struct records_item {
    struct dns_record record; /* first: a record leads to its item */
    uint32_t next;            /* index + 1: of the same name, or of the free ones */
    bool is_made;             /* no file and nobody asked for it */
};

/* A name of the set. It may have no records itself, being only above one that has. */
struct records_owner {
    struct slice name;
    uint32_t first, last; /* index + 1 */
    uint32_t count;       /* of records at this name and below; 0: the name does not exist */
};

struct records {
    VECTOR(struct records_item) items;
    VECTOR(struct records_owner) owners;
    uint32_t *table; /* owner index + 1 by hash of the name */
    size_t table_size;
    uint32_t free;
    struct arena arena; /* of texts */
};

void records_init(struct records *set);
void records_finish(struct records *set);

/* Copied; behind the others of its name. */
void records_add(struct records *set, const struct dns_record *record);
/* The same for one that stands in for what nobody gave. */
void records_add_made(struct records *set, const struct dns_record *record);
/* All but name, type and lifetime. */
bool records_have_same_data(const struct dns_record *a, const struct dns_record *b);
/* Takes away those of this name and type, with `like` only those with the same data. Gives how
   many there were. */
size_t records_remove(struct records *set, struct slice name, unsigned type,
                      const struct dns_record *like);

/* NULL when there is no such name: no record has it, nor any name below it (RFC 8020 2). */
const struct records_owner *records_find(const struct records *set, struct slice name);
/* The first of this type (0: any), or the next after `before`; NULL at the end, or when owner is.
 */
const struct dns_record *records_next(const struct records *set, const struct records_owner *owner,
                                      const struct dns_record *before, unsigned type);
/* Did a file or a person give records of this name and type? */
bool records_has_given(const struct records *set, struct slice name, unsigned type);
/* The zone that the name is in has changed: its SOA says so (RFC 1035 3.3.13, serial). */
void records_note_change(struct records *set, struct slice name);

#endif
