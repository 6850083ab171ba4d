/* Step 5 of the REFERENCES algorithm (RFC 5256 3): threads with the same base subject are one
   conversation, even where mail programs left the references out. */
#include "agents/proto/imap_thread.h"

static struct imap_thread_node *at(const struct imap_thread *t, uint32_t i)
{
    return &t->nodes.items[i];
}

/* The message that gives a thread its subject: of a stand-in, its first child. */
static const struct imap_thread_node *speaker(const struct imap_thread *t, uint32_t i)
{
    return at(t, i)->number == 0 ? at(t, at(t, i)->first_child) : at(t, i);
}

static uint32_t *bucket_of(struct imap_thread *t, struct slice subject)
{
    return &t->buckets.items[slice_hash(subject) & (t->buckets.count - 1)];
}

/* The thread in the table that has this subject: where its index stands, or a place that holds 0.
   The subject is kept at the node, too, so that a stand-in can be found. */
static uint32_t *find_entry(struct imap_thread *t, struct slice subject)
{
    uint32_t *entry = bucket_of(t, subject);
    while (*entry != 0 && !slice_equal(at(t, *entry)->subject, subject))
        entry = &at(t, *entry)->next_in_bucket;
    return entry;
}

static void replace_entry(struct imap_thread *t, uint32_t *entry, uint32_t by)
{
    uint32_t rest = *entry != 0 ? at(t, *entry)->next_in_bucket : 0;
    at(t, by)->next_in_bucket = rest;
    *entry = by;
}

/* (5)(B): a stand-in rather than a message, and what is no reply rather than a reply. */
static bool is_better(const struct imap_thread *t, uint32_t i, uint32_t than)
{
    bool is_stand_in = at(t, i)->number == 0, was_stand_in = at(t, than)->number == 0;
    if (is_stand_in != was_stand_in)
        return is_stand_in;
    return speaker(t, than)->is_reply && !speaker(t, i)->is_reply;
}

static void make_table(struct imap_thread *t)
{
    size_t buckets = 256;
    while (buckets < t->nodes.count)
        buckets *= 2;
    vector_clear(&t->buckets);
    while (t->buckets.count < buckets)
        *vector_add(&t->buckets) = 0;
    for (uint32_t i = at(t, 0)->first_child; i != 0; i = at(t, i)->next) {
        at(t, i)->subject = speaker(t, i)->subject;
        if (at(t, i)->subject.size == 0)
            continue;
        uint32_t *entry = find_entry(t, at(t, i)->subject);
        if (*entry == 0 || is_better(t, i, *entry))
            replace_entry(t, entry, i);
    }
}

static void move_children(struct imap_thread *t, uint32_t from, uint32_t to)
{
    for (uint32_t i = at(t, from)->first_child; i != 0; i = at(t, i)->next)
        at(t, i)->parent = to;
}

/* Two messages, none of which answers the other, get a stand-in above them, which takes the place
   in the table. */
static void put_above(struct imap_thread *t, uint32_t one, uint32_t other)
{
    uint32_t above = imap_thread_add_node(t);
    at(t, above)->subject = at(t, one)->subject;
    at(t, one)->parent = at(t, other)->parent = above;
    replace_entry(t, find_entry(t, at(t, one)->subject), above);
}

/* (5)(C) */
static void join(struct imap_thread *t, uint32_t i, uint32_t with)
{
    bool is_stand_in = at(t, i)->number == 0, is_with_stand_in = at(t, with)->number == 0;
    if (is_stand_in && is_with_stand_in) {
        move_children(t, i, with);
        at(t, i)->is_gone = true;
    } else if (is_with_stand_in) {
        at(t, i)->parent = with;
    } else if (at(t, i)->is_reply && !at(t, with)->is_reply) {
        at(t, i)->parent = with;
    } else {
        put_above(t, i, with);
    }
}

void imap_thread_join_subjects(struct imap_thread *t)
{
    make_table(t);
    for (uint32_t i = at(t, 0)->first_child; i != 0;) {
        uint32_t next = at(t, i)->next; /* the lists stay as they were while parents change */
        uint32_t with = at(t, i)->subject.size > 0 ? *find_entry(t, at(t, i)->subject) : i;
        if (with != 0 && with != i && at(t, i)->parent == 0)
            join(t, i, with);
        i = next;
    }
}
