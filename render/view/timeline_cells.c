/*
 * What the strip shows at each pixel. It is worked out when the log has grown or another part is
 * shown, in a time that goes by the pixels: each looks up its share of the sorted lists.
 */
#include <math.h>

#include "render/view/time_panels.h"

enum { LOOKED_AT = 32 }; /* events of a list in one pixel's share of a long trace */

double strip_from(const struct view *view)
{
    const struct strip *strip = &view->time->strip;
    return strip->to > strip->from ? strip->from : 0;
}

double strip_to(const struct view *view)
{
    const struct strip *strip = &view->time->strip;
    return strip->to > strip->from ? strip->to : 1;
}

float strip_x(const struct view *view, struct draw_box bar, int64_t t)
{
    double from = strip_from(view), to = strip_to(view);
    double share = play_rank_share(compare_shown((struct view *)view), t);
    return bar.x + (float)((double)bar.w * (share - from) / (to - from));
}

int64_t strip_at_x(const struct view *view, struct draw_box bar, float x)
{
    double from = strip_from(view), to = strip_to(view);
    double share = from + (to - from) * (double)(x - bar.x) / (double)bar.w;
    return play_at_rank_share(compare_shown((struct view *)view), fmin(fmax(share, 0), 1));
}

/* ---- which part ---- */

/* At most so far that an event is 40 pixels wide or so. */
static double least_part(const struct view *view)
{
    enum { EVENTS = 24 };
    double count = (double)view->index.packets.ids.count;
    return count > EVENTS ? EVENTS / count : 1;
}

static void set_part(struct view *view, double from, double width)
{
    struct strip *strip = &view->time->strip;
    from = fmin(fmax(from, 0), 1 - width);
    strip->from = width < 0.999 ? from : 0;
    strip->to = width < 0.999 ? from + width : 0;
}

void strip_zoom(struct view *view, float lines, double around)
{
    double from = strip_from(view), width = strip_to(view) - from;
    double least = least_part(compare_shown(view));
    double wanted = fmin(fmax(width * pow(0.8, (double)lines), fmin(least, width)), 1);
    set_part(view, from + (width - wanted) * around, wanted);
    view->time->strip.t = view->t;
}

void strip_move(struct view *view, double from)
{
    set_part(view, from, strip_to(view) - strip_from(view));
    view->time->strip.t = view->t;
}

/* The moment shown stays in sight: when it has moved out of the part, the part moves. */
static void follow(struct view *view)
{
    struct strip *strip = &view->time->strip;
    double from = strip_from(view), width = strip_to(view) - from;
    if (strip->t == view->t)
        return;
    strip->t = view->t;
    double share = play_rank_share(compare_shown(view), view->t);
    if (share < from || share > from + width)
        set_part(view, share - width * 0.2, width);
}

/* ---- cells ---- */

int strip_weight(const struct event *e)
{
    return e->kind == EVENT_QUEUE_GIVEUP || e->kind == EVENT_CRASH  ? 3
           : e->kind == EVENT_DELIVER || e->kind == EVENT_REJECT    ? 2
           : e->kind == EVENT_QUEUE_DEFER || e->kind == EVENT_FETCH ? 1
                                                                    : 0;
}

/* The one of list[from..to) that is worth most; those of the chosen message before others. */
static uint32_t pick(const struct view *view, const struct index_list *list, size_t from, size_t to,
                     bool *is_mine)
{
    uint32_t best = 0;
    int most = -1;
    for (size_t i = from; i < to && i < from + LOOKED_AT; i++) {
        const struct event *e = log_at(view->log, list->ids.items[i]);
        bool is_of_message = view->msg && index_msg_of(e) == view->msg;
        int worth = strip_weight(e) + 10 * is_of_message;
        if (worth <= most)
            continue;
        most = worth;
        best = list->ids.items[i] + 1;
        *is_mine = is_of_message;
    }
    return best;
}

static uint32_t most_open(const struct view *view, size_t from, size_t to)
{
    const struct index *index = &view->index;
    uint32_t most = from ? index->conns_open.items[from - 1] : 0;
    size_t step = (to - from) / LOOKED_AT + 1;
    for (size_t i = from; i < to; i += step)
        if (index->conns_open.items[i] > most)
            most = index->conns_open.items[i];
    return most;
}

/* Where each list stands at the left and the right edge of a cell. */
struct edges {
    size_t hops, troubles, leaps, conns;
};

/* What happens at one moment stands together, where the moment does: behind all of it. */
static struct edges edges_at(const struct view *view, double share)
{
    const struct index *index = &view->index;
    const struct index_list *all = &index->packets;
    size_t rank = (size_t)(share * (double)all->ids.count + 1e-6);
    uint32_t id = rank < all->ids.count
                      ? log_count_until(view->log, log_at(view->log, all->ids.items[rank])->t - 1)
                      : UINT32_MAX;
    return (struct edges){index_below(&index->hops, id), index_below(&index->troubles, id),
                          index_below(&index->leaps, id), index_below(&index->conns, id)};
}

static struct strip_cell cell_of(const struct view *view, struct edges a, struct edges b)
{
    struct strip_cell cell = {0};
    bool is_mine = false;
    cell.trouble = pick(view, &view->index.troubles, a.troubles, b.troubles, &is_mine);
    is_mine = false;
    cell.hop = pick(view, &view->index.hops, a.hops, b.hops, &is_mine);
    cell.is_mine = is_mine;
    cell.leap = a.leaps < b.leaps ? view->index.leaps.ids.items[a.leaps] + 1 : 0;
    cell.open = most_open(view, a.conns, b.conns);
    return cell;
}

static bool is_right(const struct view *view, const struct view *shown, size_t pixels)
{
    const struct strip *strip = &view->time->strip;
    return strip->log == shown->log && strip->count == log_count(shown->log) &&
           strip->msg == shown->msg && strip->compared == view->time->compare.hops.rows.count &&
           strip->cells.count == pixels && strip->cells_from == strip_from(view) &&
           strip->cells_to == strip_to(view);
}

/* What happens in the run that is shown alone. */
static void mark_differences(struct view *view, const struct view *shown)
{
    struct strip *strip = &view->time->strip;
    const struct compare *compare = &view->time->compare;
    struct draw_box bar = {0, 0, (float)strip->cells.count, 0};
    for (size_t i = 0; view->other && i < compare->hops.rows.count; i++) {
        const struct pairing_row *row = &compare->hops.rows.items[i];
        uint32_t id = shown == view ? row->here : row->there;
        if (!id || (row->here && row->there))
            continue;
        float x = strip_x(view, bar, log_at(shown->log, id - 1)->t);
        if (x >= 0 && x < bar.w)
            strip->cells.items[(size_t)x].differs = true;
    }
}

void strip_update(struct view *view, size_t pixels)
{
    struct view *shown = compare_shown(view);
    struct strip *strip = &view->time->strip;
    follow(view);
    if (is_right(view, shown, pixels))
        return;
    double from = strip_from(view), to = strip_to(view);
    vector_clear(&strip->cells);
    strip->open_most = 0;
    struct edges a = edges_at(shown, from);
    for (size_t i = 0; i < pixels; i++) {
        double right = from + (to - from) * (double)(i + 1) / (double)pixels;
        struct edges b = edges_at(shown, right);
        *vector_add(&strip->cells) = cell_of(shown, a, b);
        if (strip->cells.items[i].open > strip->open_most)
            strip->open_most = strip->cells.items[i].open;
        a = b;
    }
    mark_differences(view, shown);
    strip->compared = view->time->compare.hops.rows.count;
    strip->log = shown->log;
    strip->count = log_count(shown->log);
    strip->msg = shown->msg;
    strip->cells_from = from;
    strip->cells_to = to;
}
