#include "agents/proto/imap_thread.h"

#include "agents/mail/header.h"
#include "agents/mail/subject.h"
#include "agents/proto/imap_put.h"
#include "agents/proto/imap_sort.h"
#include "sim/base/memory.h"

enum {
    ID_MAX = 1000, /* octets of a message identifier; a header line has no more */
    SUBJECT_MAX = 16 * 1024,
    STEPS_MAX = 50 * 1000 * 1000
};

void imap_thread_init(struct imap_thread *t)
{
    *t = (struct imap_thread){.steps_left = STEPS_MAX};
    arena_init(&t->arena);
    bytes_init(&t->scratch, SUBJECT_MAX);
    bytes_init(&t->folded, SUBJECT_MAX);
    *vector_add(&t->nodes) = (struct imap_thread_node){0}; /* the root */
}

void imap_thread_finish(struct imap_thread *t)
{
    vector_finish(&t->nodes);
    vector_finish(&t->buckets);
    arena_finish(&t->arena);
    bytes_finish(&t->scratch);
    bytes_finish(&t->folded);
}

bool imap_thread_read(struct imap_thread *t, struct imap_args *a)
{
    if (imap_args_word(a, SLICE("ORDEREDSUBJECT")))
        t->algorithm = IMAP_THREAD_ORDEREDSUBJECT;
    else if (imap_args_word(a, SLICE("REFERENCES")))
        t->algorithm = IMAP_THREAD_REFERENCES;
    else
        return imap_args_fail(a, "an unknown threading algorithm");
    return true;
}

/* An index stays good when nodes are added, a pointer does not. */
static struct imap_thread_node *at(const struct imap_thread *t, uint32_t i)
{
    return &t->nodes.items[i];
}

uint32_t imap_thread_add_node(struct imap_thread *t)
{
    *vector_add(&t->nodes) = (struct imap_thread_node){0};
    return (uint32_t)t->nodes.count - 1;
}

/* ---- identifiers ---- */

static void put_in_bucket(struct imap_thread *t, uint32_t i)
{
    size_t bucket = slice_hash(at(t, i)->id) & (t->buckets.count - 1);
    at(t, i)->next_in_bucket = t->buckets.items[bucket];
    t->buckets.items[bucket] = i;
}

/* Twice as many buckets once there are as many nodes. */
static void grow_buckets(struct imap_thread *t)
{
    size_t count = t->buckets.count > 0 ? 2 * t->buckets.count : 256;
    if (t->nodes.count < t->buckets.count)
        return;
    vector_clear(&t->buckets);
    while (t->buckets.count < count)
        *vector_add(&t->buckets) = 0;
    for (uint32_t i = 1; i < t->nodes.count; i++)
        if (at(t, i)->id.size > 0)
            put_in_bucket(t, i);
}

/* The node of an identifier; a stand-in is made when there is none. */
static uint32_t node_of(struct imap_thread *t, struct slice id)
{
    grow_buckets(t);
    uint32_t i = t->buckets.items[slice_hash(id) & (t->buckets.count - 1)];
    while (i != 0 && !slice_equal(at(t, i)->id, id))
        i = at(t, i)->next_in_bucket;
    if (i == 0) {
        i = imap_thread_add_node(t);
        at(t, i)->id = arena_copy(&t->arena, id);
        put_in_bucket(t, i);
    }
    return i;
}

/* ---- step 1: who answers whom ---- */

/* Is `child` the parent itself, or above it? Also said when it would take too long to see. What
   never had a child is above nothing: most answers are seen to be so at once. */
static bool would_loop(struct imap_thread *t, uint32_t parent, uint32_t child)
{
    if (parent == child || at(t, child)->child_count == 0)
        return parent == child;
    for (; parent != 0 && t->steps_left > 0; parent = at(t, parent)->parent, t->steps_left--)
        if (parent == child)
            return true;
    return parent != 0;
}

/* (1)(A): a link that is there already stays. */
static void link_reference(struct imap_thread *t, uint32_t parent, uint32_t child)
{
    if (parent == 0 || at(t, child)->parent != 0 || would_loop(t, parent, child))
        return;
    at(t, child)->parent = parent;
    at(t, parent)->child_count++;
}

/* Links the identifiers of a field one below the other; the last one's node, 0 when it has none. */
static uint32_t link_field(struct imap_thread *t, struct slice value, size_t most)
{
    uint32_t last = 0;
    bytes_clear(&t->scratch);
    for (size_t i = 0; i < most && subject_next_id(&value, &t->scratch); i++) {
        if (bytes_size(&t->scratch) > ID_MAX)
            continue;
        uint32_t node = node_of(t, bytes_slice(&t->scratch));
        link_reference(t, last, node);
        last = node;
    }
    return last;
}

/* References, or where they say nothing the first identifier of In-Reply-To. */
static uint32_t link_references(struct imap_thread *t, struct slice content)
{
    struct header_field field;
    uint32_t last = 0;
    if (header_find(content, SLICE("References"), 1, &field))
        last = link_field(t, field.value, IMAP_THREAD_REFERENCES_MAX);
    if (last == 0 && header_find(content, SLICE("In-Reply-To"), 1, &field))
        last = link_field(t, field.value, 1);
    return last;
}

/* The message's own node: its stand-in if others spoke of it; one of its own when it has no
   identifier, or another's. */
static uint32_t own_node(struct imap_thread *t, struct slice content)
{
    struct header_field field;
    bytes_clear(&t->scratch);
    if (header_find(content, SLICE("Message-ID"), 1, &field) &&
        subject_next_id(&field.value, &t->scratch) && bytes_size(&t->scratch) <= ID_MAX) {
        uint32_t i = node_of(t, bytes_slice(&t->scratch));
        if (at(t, i)->number == 0)
            return i;
    }
    return imap_thread_add_node(t);
}

void imap_thread_add(struct imap_thread *t, uint32_t number, const struct account_item *item)
{
    bool is_reply;
    bool is_by_reference = t->algorithm == IMAP_THREAD_REFERENCES;
    uint32_t i = is_by_reference ? own_node(t, item->content) : imap_thread_add_node(t);
    at(t, i)->number = at(t, i)->sent_number = number;
    at(t, i)->uid = item->uid;
    at(t, i)->sent_s = imap_sort_sent_s(item);
    imap_sort_subject(item, &t->scratch, &t->folded, &is_reply);
    at(t, i)->subject = arena_copy(&t->arena, bytes_slice(&t->folded));
    at(t, i)->is_reply = is_reply;
    if (!is_by_reference)
        return;
    /* (1)(B): what the message itself says of its parent is more than what others guessed */
    uint32_t parent = link_references(t, item->content);
    at(t, i)->parent = 0;
    link_reference(t, parent, i);
}

/* ---- step 3: stand-ins that are not needed ---- */

/* The nearest message above, or where there is none the topmost stand-in. Those passed on the way
   are led there directly, so that no way is gone twice. */
static uint32_t find_holder(struct imap_thread *t, uint32_t i)
{
    uint32_t holder = i;
    while (at(t, holder)->number == 0 && at(t, holder)->parent != 0)
        holder = at(t, holder)->parent;
    while (i != holder) {
        uint32_t up = at(t, i)->parent;
        at(t, i)->parent = holder;
        i = up;
    }
    return holder;
}

static void count_children(struct imap_thread *t)
{
    for (uint32_t i = 0; i < t->nodes.count; i++)
        at(t, i)->child_count = 0;
    for (uint32_t i = 1; i < t->nodes.count; i++)
        if (!at(t, i)->is_gone)
            at(t, at(t, i)->parent)->child_count++;
}

/* Children of a stand-in go up to what holds it; below the root one stays, if it has several. */
static void prune(struct imap_thread *t)
{
    for (uint32_t i = 1; i < t->nodes.count; i++)
        if (at(t, i)->number != 0 && at(t, i)->parent != 0)
            at(t, i)->parent = find_holder(t, at(t, i)->parent);
    for (uint32_t i = 1; i < t->nodes.count; i++)
        at(t, i)->is_gone = at(t, i)->number == 0;
    count_children(t);
    for (uint32_t i = 1; i < t->nodes.count; i++)
        at(t, i)->is_gone = at(t, i)->number == 0 && at(t, i)->child_count < 2;
    for (uint32_t i = 1; i < t->nodes.count; i++) {
        if (at(t, at(t, i)->parent)->is_gone)
            at(t, i)->parent = 0;
        if (at(t, i)->number == 0)
            at(t, i)->parent = 0;
    }
}

/* ---- steps 4 and 6: siblings by date ---- */

static int compare_dates(const void *context, uint32_t a, uint32_t b)
{
    const struct imap_thread_node *one = at(context, a), *other = at(context, b);
    if (one->sent_s != other->sent_s)
        return one->sent_s < other->sent_s ? -1 : 1;
    return one->sent_number < other->sent_number ? -1 : one->sent_number > other->sent_number;
}

/* A stand-in has the date of its first child; all of its children are messages. */
static void date_stand_ins(struct imap_thread *t)
{
    for (uint32_t i = 1; i < t->nodes.count; i++)
        if (at(t, i)->number == 0)
            at(t, i)->sent_number = 0;
    for (uint32_t i = 1; i < t->nodes.count; i++) {
        struct imap_thread_node *parent = at(t, at(t, i)->parent);
        if (at(t, i)->number == 0 || at(t, i)->parent == 0 || parent->number != 0)
            continue;
        if (parent->sent_number == 0 || compare_dates(t, i, at(t, i)->parent) < 0) {
            parent->sent_s = at(t, i)->sent_s;
            parent->sent_number = at(t, i)->number;
        }
    }
}

/* Makes the lists of children from the parents. */
static void list_children(struct imap_thread *t)
{
    size_t count = t->nodes.count, kept = 0;
    uint32_t *order = memory_take(count * sizeof *order);
    date_stand_ins(t);
    for (uint32_t i = 1; i < count; i++)
        if (!at(t, i)->is_gone)
            order[kept++] = i;
    imap_sort_stable(order, kept, compare_dates, t);
    for (uint32_t i = 0; i < count; i++)
        at(t, i)->first_child = at(t, i)->next = 0;
    for (size_t n = kept; n-- > 0;) { /* the last one first: each goes in front */
        struct imap_thread_node *parent = at(t, at(t, order[n])->parent);
        at(t, order[n])->next = parent->first_child;
        parent->first_child = order[n];
    }
    count_children(t);
    free(order);
}

/* ---- ORDEREDSUBJECT ---- */

static int compare_subjects(const void *context, uint32_t a, uint32_t b)
{
    int order = slice_order(at(context, a)->subject, at(context, b)->subject);
    return order != 0 ? order : compare_dates(context, a, b);
}

/* The first message of a subject has all others below it. */
static void group_subjects(struct imap_thread *t)
{
    size_t count = t->nodes.count - 1;
    uint32_t *order = memory_take(count * sizeof *order), first = 0;
    for (uint32_t i = 0; i < count; i++)
        order[i] = i + 1;
    imap_sort_stable(order, count, compare_subjects, t);
    for (size_t n = 0; n < count; n++) {
        bool is_same = n > 0 && slice_equal(at(t, order[n])->subject, at(t, first)->subject);
        at(t, order[n])->parent = is_same ? first : 0;
        first = is_same ? first : order[n];
    }
    free(order);
}

void imap_thread_run(struct imap_thread *t)
{
    if (t->algorithm == IMAP_THREAD_ORDEREDSUBJECT) {
        group_subjects(t);
    } else {
        prune(t);
        list_children(t);
        imap_thread_join_subjects(t);
    }
    list_children(t);
}

/* ---- the answer ---- */

/* A node opens a list of its own below the root, and where it has siblings. */
static bool has_list(const struct imap_thread *t, uint32_t i)
{
    uint32_t parent = at(t, i)->parent;
    return parent == 0 || at(t, parent)->child_count > 1;
}

/* "(" and the number. The first of several lists stands apart from the number before it. */
static bool put_node(const struct imap_thread *t, uint32_t i, bool is_uid, struct bytes *out)
{
    const struct imap_thread_node *node = at(t, i), *parent = at(t, node->parent);
    bool is_first = node->parent != 0 && parent->first_child == i && parent->number != 0;
    return (!is_first || bytes_append_octet(out, ' ')) &&
           (!has_list(t, i) || bytes_append_octet(out, '(')) &&
           (node->number == 0 || imap_put_number(out, is_uid ? node->uid : node->number));
}

/* Up from a node without children, to where there is a sibling; 0 when that is the end. */
static bool put_ends(const struct imap_thread *t, uint32_t *i, struct bytes *out)
{
    while (*i != 0) {
        if (has_list(t, *i) && !bytes_append_octet(out, ')'))
            return false;
        if (at(t, *i)->next != 0) {
            *i = at(t, *i)->next;
            return true;
        }
        *i = at(t, *i)->parent;
    }
    return true;
}

bool imap_thread_put(const struct imap_thread *t, bool is_uid, struct bytes *out)
{
    size_t before = bytes_size(out);
    uint32_t i = at(t, 0)->first_child;
    bool fits = bytes_append(out, i != 0 ? SLICE("* THREAD ") : SLICE("* THREAD"));
    while (fits && i != 0) {
        fits = put_node(t, i, is_uid, out);
        if (at(t, i)->first_child != 0)
            i = at(t, i)->first_child;
        else
            fits = fits && put_ends(t, &i, out);
    }
    fits = fits && bytes_append(out, SLICE("\r\n"));
    if (!fits)
        bytes_truncate(out, before);
    return fits;
}
