#include "export/pcapng_tap.h"

#include <inttypes.h>

enum { NAMES_MOST = 256 }; /* that a wrong one is compared with */

/* ---- what was asked for ---- */

static bool is_pair(struct slice name, struct slice a, struct slice b)
{
    return name.size == a.size + b.size + 1 && slice_starts(name, a) && slice_ends(name, b) &&
           name.data[a.size] == ':';
}

static bool mark_links(struct pcapng_taps *taps, struct slice name)
{
    const struct log *log = taps->log;
    bool is_found = false;
    for (uint32_t number = 1; number <= log->links.count; number++) {
        const struct event_link *l = log_link(log, number);
        struct slice a = log_place_name(log, l->a), b = log_place_name(log, l->b);
        if (!slice_equal(name, log_text(log, l->id)) && !is_pair(name, a, b) &&
            !is_pair(name, b, a))
            continue;
        taps->links.items[number] = 1;
        is_found = true;
    }
    return is_found;
}

static bool mark_host(struct pcapng_taps *taps, struct slice name)
{
    uint32_t host = log_host_of(taps->log, log_find_place(taps->log, name));
    if (host)
        taps->hosts.items[host] = 1;
    return host != 0;
}

static void mark_all(struct pcapng_taps *taps)
{
    for (size_t i = 0; i < taps->links.count; i++)
        taps->links.items[i] = 1;
    taps->is_all = true;
}

static bool is_unknown(const struct pcapng_taps *taps, struct slice name, struct problem *problem)
{
    char texts[NAMES_MOST][64];
    const char *names[NAMES_MOST];
    const struct log *log = taps->log;
    size_t count = 0;
    for (uint32_t i = 1; i <= log_place_count(log) && count < NAMES_MOST; i++)
        if (log_host_of(log, i) == i)
            snprintf(texts[count++], sizeof *texts, "%.*s", SLICE_ARG(log_place_name(log, i)));
    for (uint32_t i = 1; i <= log->links.count && count < NAMES_MOST; i++)
        snprintf(texts[count++], sizeof *texts, "%.*s",
                 SLICE_ARG(log_text(log, log_link(log, i)->id)));
    for (size_t i = 0; i < count; i++)
        names[i] = texts[i];
    const char *nearest = problem_nearest(name, names, count);
    return problem_set(problem, "--capture %.*s: no link or host has this name%s%s%s",
                       SLICE_ARG(name), nearest ? "; did you mean " : "; links are written A:B",
                       nearest ? nearest : "", nearest ? "?" : "");
}

bool pcapng_taps_init(struct pcapng_taps *taps, const struct log *log, const struct slice *names,
                      size_t name_count, struct problem *problem)
{
    *taps = (struct pcapng_taps){.log = log, .is_default = name_count == 0};
    for (size_t i = 0; i <= log->links.count; i++) {
        *vector_add(&taps->links) = 0;
        *vector_add(&taps->on) = 0;
    }
    for (uint32_t i = 0; i <= log_place_count(log); i++) {
        *vector_add(&taps->hosts) = 0;
        *vector_add(&taps->within) = 0;
    }
    for (size_t i = 0; i < name_count; i++) {
        if (slice_equal(names[i], SLICE("all")))
            mark_all(taps);
        else if (!mark_links(taps, names[i]) && !mark_host(taps, names[i]))
            return is_unknown(taps, names[i], problem);
    }
    return true;
}

void pcapng_taps_finish(struct pcapng_taps *taps)
{
    vector_finish(&taps->links);
    vector_finish(&taps->hosts);
    vector_finish(&taps->on);
    vector_finish(&taps->within);
}

bool pcapng_tap_is_link(const struct pcapng_taps *taps, uint32_t link)
{
    return link < taps->links.count && taps->links.items[link];
}

bool pcapng_tap_is_host(const struct pcapng_taps *taps, uint32_t host)
{
    return host < taps->hosts.count && taps->hosts.items[host];
}

bool pcapng_tap_is_within(const struct pcapng_taps *taps, uint32_t host)
{
    return taps->is_default || taps->is_all || pcapng_tap_is_host(taps, host);
}

/* ---- interfaces ---- */

/* As it was declared; what a run changed of it is in the trace. */
static uint32_t declare_link(const struct log *log, const struct event_link *l,
                             struct pcapng_blocks *blocks)
{
    char text[400];
    struct slice a = slice_part(log_host_name(log, l->a), 0, 100);
    struct slice b = slice_part(log_host_name(log, l->b), 0, 100);
    int size = snprintf(text, sizeof text, "%.*s to %.*s, %" PRIu32 ".%03" PRIu32 " ms",
                        SLICE_ARG(a), SLICE_ARG(b), l->latency / 1000, l->latency % 1000);
    if (l->kbps > 0)
        size += snprintf(text + size, sizeof text - (size_t)size, ", %" PRIu32 " kbit/s", l->kbps);
    if (l->loss_ppm > 0)
        size += snprintf(text + size, sizeof text - (size_t)size,
                         ", loses %" PRIu32 " in a million", l->loss_ppm);
    return pcapng_block_interface(
        blocks, &(struct pcapng_interface){.name = log_text(log, l->id),
                                           .description = {text, (size_t)size},
                                           .bits_per_s = (uint64_t)l->kbps * 1000});
}

void pcapng_taps_declare(struct pcapng_taps *taps, struct pcapng_blocks *blocks)
{
    for (uint32_t number = 1; number <= taps->log->links.count; number++) {
        const struct event_link *l = log_link(taps->log, number);
        if (taps->is_default || pcapng_tap_is_link(taps, number) ||
            pcapng_tap_is_host(taps, l->a) || pcapng_tap_is_host(taps, l->b))
            taps->on.items[number] = declare_link(taps->log, l, blocks) + 1;
    }
}

uint32_t pcapng_tap_link(const struct pcapng_taps *taps, uint32_t link)
{
    return taps->on.items[link] - 1;
}

uint32_t pcapng_tap_within(struct pcapng_taps *taps, struct pcapng_blocks *blocks, uint32_t host)
{
    uint32_t *number = &taps->within.items[host];
    if (*number)
        return *number - 1;
    char name[80], description[200];
    int size = snprintf(name, sizeof name, "lo@%.*s",
                        SLICE_ARG(slice_part(log_place_name(taps->log, host), 0, 70)));
    int described = snprintf(description, sizeof description, "within %.*s",
                             SLICE_ARG(slice_part(log_host_name(taps->log, host), 0, 180)));
    *number =
        pcapng_block_interface(
            blocks, &(struct pcapng_interface){.name = {name, (size_t)size},
                                               .description = {description, (size_t)described}}) +
        1;
    return *number - 1;
}
