/* Who is there, where, under what name: what is declared, changed and taken away. */
#include "render/scene/fold.h"

static void declare_host(struct scene_now *now, const struct event_host *e)
{
    *vector_add(&now->places) = (struct scene_place){.is_up = true,
                                                     .is_there = true,
                                                     .id = e->id,
                                                     .name = e->name,
                                                     .admd = e->admd,
                                                     .x = e->x,
                                                     .y = e->y};
}

static void declare_agent(struct scene_now *now, const struct event_agent *e)
{
    *vector_add(&now->places) = (struct scene_place){
        .is_up = true, .is_there = true, .id = e->id, .x = EVENT_UNSET, .y = EVENT_UNSET};
}

static void declare_link(struct scene_now *now, const struct event_link *e)
{
    *vector_add(&now->links) = (struct scene_link){
        .is_there = true, .latency_us = e->latency, .kbps = e->kbps, .loss_ppm = e->loss_ppm};
    *vector_add(&now->link_cuts) = 0;
}

static void rename_host(struct scene_now *now, const struct event_rename *e)
{
    struct scene_place *place = fold_place(now, e->at);
    if (!place)
        return;
    place->id = e->id;
    place->name = e->name ? e->name : place->name;
}

static void move_host(struct scene_now *now, const struct event_position *e)
{
    struct scene_place *place = fold_place(now, e->at);
    if (!place)
        return;
    place->x = e->x;
    place->y = e->y;
}

static void remove_place(struct scene_now *now, const struct log *log, uint32_t at, uint32_t id)
{
    for (uint32_t place = 1; place <= now->places.count; place++)
        if (log_place_is(log, place, at)) {
            now->places.items[place - 1].is_up = false;
            now->places.items[place - 1].is_there = false;
        }
    fold_lose(now, log, at, id);
}

static void gone(struct scene_now *now, const struct log *log, const struct event_gone *e,
                 uint32_t id)
{
    if (e->link - 1 < now->links.count)
        now->links.items[e->link - 1].is_there = false;
    if (e->at)
        remove_place(now, log, e->at, id);
}

/* "12.5" times 10^decimals; digits beyond are dropped, and what is too large is the largest. */
static uint32_t read_decimal(struct slice text, int decimals)
{
    uint64_t value = 0;
    bool is_fraction = false;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == '.')
            is_fraction = true;
        if (c < '0' || c > '9' || (is_fraction && decimals == 0))
            continue;
        value = value < UINT32_MAX ? value * 10 + (uint64_t)(c - '0') : value;
        decimals -= is_fraction;
    }
    for (; decimals > 0 && value < UINT32_MAX; decimals--)
        value *= 10;
    return value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
}

static void set_link(struct scene_link *link, struct slice key, struct slice value)
{
    if (slice_equal(key, SLICE("latency_ms")))
        link->latency_us = read_decimal(value, 3);
    else if (slice_equal(key, SLICE("kbps")))
        link->kbps = read_decimal(value, 0);
    else if (slice_equal(key, SLICE("loss_percent")))
        link->loss_ppm = read_decimal(value, 4);
    else if (slice_equal(key, SLICE("claimed")))
        link->is_claimed = true;
}

/* Who is behind a NAT box, and behind which one. */
static void set_behind(struct scene_now *now, const struct event_nat *e)
{
    struct scene_place *place = fold_place(now, e->at);
    struct scene_place *is = e->to == e->at ? NULL : fold_place(now, e->to);
    struct scene_place *was = place ? fold_place(now, place->behind) : NULL;
    if (!place)
        return;
    if (was)
        was->insides--;
    place->behind = is ? e->to : 0;
    if (is)
        is->insides++;
}

static void change(struct scene_now *now, const struct log *log, const struct event_conf *e)
{
    struct scene_place *place = fold_place(now, e->at);
    if (e->link - 1 < now->links.count)
        set_link(&now->links.items[e->link - 1], log_text(log, e->key), log_text(log, e->value));
    else if (place && log_host_of(log, e->at) == e->at &&
             slice_equal(log_text(log, e->key), SLICE("admd")))
        place->admd = e->value;
    else if (place && slice_equal(log_text(log, e->key), SLICE("claimed")))
        place->is_claimed = true;
}

bool fold_map(struct scene_now *now, const struct log *log, const struct event *e, uint32_t id)
{
    if (e->kind == EVENT_RUN)
        now->title = event_as_run(e)->title;
    else if (e->kind == EVENT_TITLE)
        now->title = event_as_title(e)->title;
    else if (e->kind == EVENT_HOST)
        declare_host(now, event_as_host(e));
    else if (e->kind == EVENT_AGENT)
        declare_agent(now, event_as_agent(e));
    else if (e->kind == EVENT_LINK)
        declare_link(now, event_as_link(e));
    else if (e->kind == EVENT_NAT)
        set_behind(now, event_as_nat(e));
    else if (e->kind == EVENT_RENAME)
        rename_host(now, event_as_rename(e));
    else if (e->kind == EVENT_POSITION)
        move_host(now, event_as_position(e));
    else if (e->kind == EVENT_GONE)
        gone(now, log, event_as_gone(e), id);
    else if (e->kind == EVENT_CONF)
        change(now, log, event_as_conf(e));
    else if (e->kind != EVENT_ADMD) /* its name is looked up when the map is made anew */
        return false;
    return true;
}
