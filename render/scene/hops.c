#include "render/scene/hops.h"

#include "agents/mail/date.h"

uint32_t hops_host(const struct log *log, struct slice name)
{
    for (uint32_t place = 1; name.size && place <= log_place_count(log); place++) {
        const struct event_host *host = event_as_host(log_place(log, place));
        if (host && (slice_equal_fold(log_text(log, host->name), name) ||
                     slice_equal_fold(log_text(log, host->id), name)))
            return place;
    }
    return 0;
}

static uint32_t host_by_addr(const struct log *log, struct slice addr)
{
    for (uint32_t place = 1; addr.size && place <= log_place_count(log); place++) {
        const struct event_host *host = event_as_host(log_place(log, place));
        if (host && slice_equal(log_text(log, host->addr), addr))
            return place;
    }
    return 0;
}

/* The address is what the server saw itself; the names come after it. */
bool hops_hosts(const struct log *log, const struct header_field *field, uint32_t *from,
                uint32_t *by)
{
    struct received r;
    if (!slice_equal_fold(field->name, SLICE("Received")) || !received_read(field->value, &r))
        return false;
    *by = hops_host(log, r.by);
    *from = host_by_addr(log, r.from_addr);
    if (!*from)
        *from = hops_host(log, r.from_name.size ? r.from_name : r.from);
    return *by != 0;
}

/* ---- how long it took ---- */

/* Each is measured against the next one below that has a date. */
static void measure(struct hops *hops)
{
    bool has_below = hops->has_written;
    int64_t below_s = hops->written_s, first_s = below_s;
    bool has_first = has_below;
    for (size_t i = hops->count; i-- > 0;) {
        struct hop_delay *hop = &hops->delays[i];
        if (!hop->has_date)
            continue;
        hop->has_delay = has_below;
        hop->delay_s = has_below ? hop->unix_s - below_s : 0;
        hops->longest_s = hop->delay_s > hops->longest_s ? hop->delay_s : hops->longest_s;
        if (!has_first)
            first_s = hop->unix_s;
        hops->has_total = has_first;
        hops->total_s = hop->unix_s - first_s;
        has_first = has_below = true;
        below_s = hop->unix_s;
    }
}

void hops_read(struct slice header, struct hops *hops)
{
    struct header_field field;
    int zone_min;
    *hops = (struct hops){0};
    while (header_next(&header, &field)) {
        if (slice_equal_fold(field.name, SLICE("Date")) && !hops->has_written)
            hops->has_written = date_read(field.value, &hops->written_s, &zone_min);
        if (!slice_equal_fold(field.name, SLICE("Received")) || hops->count == HOPS_MAX)
            continue;
        struct hop_delay *hop = &hops->delays[hops->count++];
        struct received r;
        hop->has_date = received_read(field.value, &r) && r.has_date;
        hop->unix_s = hop->has_date ? r.unix_s : 0;
    }
    measure(hops);
}
