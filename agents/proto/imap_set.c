#include "agents/proto/imap_set.h"

#include <stdlib.h>

#include "sim/base/check.h"
#include "sim/base/digits.h"

void imap_set_finish(struct imap_set *set)
{
    vector_finish(&set->ranges);
    set->is_saved = false;
}

void imap_set_clear(struct imap_set *set)
{
    vector_reuse(&set->ranges);
    set->is_saved = false;
}

/* ---- reading ---- */

/* seq-number = nz-number / "*" */
static bool take_number(struct slice *text, uint32_t *number)
{
    uint64_t value = 0;
    size_t digits = 0;
    if (text->size > 0 && text->data[0] == '*') {
        *number = IMAP_SET_STAR;
        *text = slice_part(*text, 1, text->size);
        return true;
    }
    while (digits < text->size && text->data[digits] >= '0' && text->data[digits] <= '9') {
        value = value * 10 + (uint64_t)(text->data[digits++] - '0');
        if (value == 0 || value > UINT32_MAX)
            return false;
    }
    *number = (uint32_t)value;
    *text = slice_part(*text, digits, text->size);
    return digits > 0;
}

static bool skip(struct slice *text, char octet)
{
    if (text->size == 0 || text->data[0] != octet)
        return false;
    *text = slice_part(*text, 1, text->size);
    return true;
}

/*
 * seq-range = seq-number ":" seq-number
 * sequence-set = (seq-number / seq-range) ["," sequence-set] / "$"
 */
bool imap_set_read(struct imap_set *set, struct slice text)
{
    do {
        struct imap_range range;
        if (skip(&text, '$')) {
            set->is_saved = true;
            break;
        }
        if (!take_number(&text, &range.first))
            return false;
        range.last = range.first;
        if (skip(&text, ':') && !take_number(&text, &range.last))
            return false;
        *vector_add(&set->ranges) = range;
    } while (skip(&text, ','));
    return text.size == 0;
}

/* ---- making it fit a mailbox ---- */

static int compare_ranges(const void *a, const void *b)
{
    const struct imap_range *one = a, *other = b;
    if (one->first != other->first)
        return one->first < other->first ? -1 : 1;
    return one->last < other->last ? -1 : one->last > other->last;
}

static bool are_sorted(const struct imap_set *set)
{
    for (size_t i = 1; i < set->ranges.count; i++)
        if (compare_ranges(&set->ranges.items[i - 1], &set->ranges.items[i]) > 0)
            return false;
    return true;
}

/* Of ascending ranges, those that overlap or touch are made one. */
static void join_ranges(struct imap_set *set)
{
    struct imap_range *ranges = set->ranges.items;
    size_t kept = 0;
    for (size_t i = 0; i < set->ranges.count; i++) {
        struct imap_range *last = kept > 0 ? &ranges[kept - 1] : NULL;
        if (last && (last->last == UINT32_MAX || ranges[i].first <= last->last + 1))
            last->last = ranges[i].last > last->last ? ranges[i].last : last->last;
        else
            ranges[kept++] = ranges[i];
    }
    set->ranges.count = kept;
}

void imap_set_resolve(struct imap_set *set, uint32_t highest)
{
    struct imap_range *ranges = set->ranges.items;
    size_t kept = 0;
    for (size_t i = 0; i < set->ranges.count; i++) {
        uint32_t a = ranges[i].first == IMAP_SET_STAR ? highest : ranges[i].first;
        uint32_t b = ranges[i].last == IMAP_SET_STAR ? highest : ranges[i].last;
        if (a != 0 && b != 0)
            ranges[kept++] = a < b ? (struct imap_range){a, b} : (struct imap_range){b, a};
    }
    set->ranges.count = kept;
    if (kept > 1 && !are_sorted(set))
        qsort(ranges, kept, sizeof *ranges, compare_ranges);
    join_ranges(set);
}

bool imap_set_is_within(const struct imap_set *set, uint32_t count)
{
    for (size_t i = 0; i < set->ranges.count; i++) {
        struct imap_range range = set->ranges.items[i];
        bool has_star = range.first == IMAP_SET_STAR || range.last == IMAP_SET_STAR;
        if (range.first > count || range.last > count || (has_star && count == 0))
            return false;
    }
    return true;
}

/* ---- a resolved set ---- */

void imap_set_add(struct imap_set *set, uint32_t number)
{
    check(number != 0);
    struct imap_range *last =
        set->ranges.count > 0 ? &set->ranges.items[set->ranges.count - 1] : NULL;
    if (last && number >= last->first && number <= last->last)
        return;
    if (last && last->last != UINT32_MAX && number == last->last + 1)
        last->last = number;
    else
        *vector_add(&set->ranges) = (struct imap_range){number, number};
}

void imap_set_copy(struct imap_set *to, const struct imap_set *from)
{
    imap_set_clear(to);
    for (size_t i = 0; i < from->ranges.count; i++)
        *vector_add(&to->ranges) = from->ranges.items[i];
    to->is_saved = from->is_saved;
}

/* The first range that does not end before the number; the count when there is none. */
static size_t find_range(const struct imap_set *set, size_t from, uint32_t number)
{
    size_t to = set->ranges.count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (set->ranges.items[middle].last < number)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

bool imap_set_contains(const struct imap_set *set, uint32_t number)
{
    size_t i = find_range(set, 0, number);
    return i < set->ranges.count && set->ranges.items[i].first <= number;
}

uint64_t imap_set_count(const struct imap_set *set)
{
    uint64_t count = 0;
    for (size_t i = 0; i < set->ranges.count; i++)
        count += (uint64_t)set->ranges.items[i].last - set->ranges.items[i].first + 1;
    return count;
}

uint32_t imap_set_first(const struct imap_set *set)
{
    return set->ranges.count > 0 ? set->ranges.items[0].first : 0;
}

uint32_t imap_set_last(const struct imap_set *set)
{
    return set->ranges.count > 0 ? set->ranges.items[set->ranges.count - 1].last : 0;
}

/* ---- writing ---- */

static bool put(struct bytes *out, struct slice before, uint32_t number)
{
    char digits[DIGITS_MAX];
    const struct slice texts[] = {before, {digits, digits_put(digits, number, 10, 0)}};
    return bytes_append_all(out, texts, 2);
}

bool imap_set_write(const struct imap_set *set, struct bytes *out)
{
    size_t before = bytes_size(out);
    bool fits = true;
    for (size_t i = 0; fits && i < set->ranges.count; i++) {
        struct imap_range range = set->ranges.items[i];
        fits = put(out, i > 0 ? SLICE(",") : SLICE(""), range.first) &&
               (range.first == range.last || put(out, SLICE(":"), range.last));
    }
    if (!fits)
        bytes_truncate(out, before);
    return fits;
}

bool imap_set_write_numbers(const struct imap_set *set, struct slice before, struct bytes *out)
{
    size_t size_before = bytes_size(out);
    bool fits = true;
    for (size_t i = 0; fits && i < set->ranges.count; i++) {
        struct imap_range range = set->ranges.items[i];
        for (uint64_t number = range.first; fits && number <= range.last; number++)
            fits = put(out, before, (uint32_t)number);
    }
    if (!fits)
        bytes_truncate(out, size_before);
    return fits;
}

/* ---- walking ---- */

struct imap_set_walk imap_set_walk_numbers(const struct imap_set *set, size_t count)
{
    return (struct imap_set_walk){.set = set, .count = count};
}

struct imap_set_walk imap_set_walk_uids(const struct imap_set *set, const uint32_t *uids,
                                        size_t count)
{
    return (struct imap_set_walk){.set = set, .uids = uids, .count = count};
}

/* The first place at or behind w->place with this number or a higher one. */
static size_t find_place(const struct imap_set_walk *w, uint32_t number)
{
    size_t from = w->place, to = w->count;
    if (!w->uids)
        return from > number - 1 ? from : number - 1;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (w->uids[middle] < number)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

bool imap_set_walk_next(struct imap_set_walk *w, size_t *place)
{
    while (w->place < w->count && w->range < w->set->ranges.count) {
        uint32_t number = w->uids ? w->uids[w->place] : (uint32_t)w->place + 1;
        struct imap_range range = w->set->ranges.items[w->range];
        if (number > range.last) {
            w->range = find_range(w->set, w->range + 1, number);
        } else if (number < range.first) {
            w->place = find_place(w, range.first);
        } else {
            *place = w->place++;
            return true;
        }
    }
    return false;
}
