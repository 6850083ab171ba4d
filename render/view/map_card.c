/*
 * A card: a host, or the hosts of an organisation folded into one. Its ground stays the same from
 * frame to frame (map.c keeps it); on top comes what may change with every event.
 */
#include <math.h>
#include <stdio.h>

#include "render/draw/mark.h"
#include "render/view/map_path.h"
#include "render/view/words.h"

static float radius_of(const struct map_host *host)
{
    return host->detail == MAP_DOT ? host->card.w / 2 : host->detail == MAP_NAME ? 6 : 8;
}

/* ---- roles ---- */

/* How far a mark reaches with its label. */
static float role_width(const struct view *view, uint32_t agent, enum map_detail detail)
{
    float cell = map_mark_size(view, detail);
    if (detail < MAP_MINI)
        cell = fmaxf(cell, draw_width(view->ui.list, DRAW_FONT_SANS, view->ui.theme->size_small,
                                      slice_of(map_agent_label(view, agent))));
    return cell + (detail < MAP_MINI ? 8 : 4);
}

/* A mark with its label below it, or on a small card beside it. */
static void draw_role(struct view *view, uint32_t agent, float x, float y, enum map_detail detail,
                      bool is_alone)
{
    const struct theme_mark *mark = map_agent_mark(view, agent);
    struct slice label = slice_of(map_agent_label(view, agent));
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float size = map_mark_size(view, detail), cell = role_width(view, agent, detail);
    bool is_below = detail < MAP_MINI;
    cell -= is_below ? 8 : 4;
    mark_draw(ui->list, theme, mark, x + cell / 2, y + size / 2, size);
    if (is_below)
        draw_string(ui->list, x, y + size + 2, cell + 2, DRAW_ALIGN_CENTER, DRAW_FONT_SANS,
                    theme->size_small, theme->ink_soft, label);
    else if (is_alone)
        draw_string(ui->list, x + cell + 6, y + (size - draw_line_height(theme->size_small)) / 2, 0,
                    DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_small, theme->ink_soft, label);
}

/* What no agent does: it hides the addresses of others behind its own. */
static void draw_nat(struct view *view, const struct map_host *host, struct draw_box row)
{
    const struct theme *theme = view->ui.theme;
    float w = map_nat_width(view, host->place) - 8;
    if (w <= 0)
        return;
    struct draw_box sign = {row.x, row.y, w, map_mark_size(view, host->detail)};
    draw_rect(view->ui.list, sign, 3, theme->card, theme->ink, theme->line);
    ui_label(&view->ui, sign, DRAW_ALIGN_CENTER, DRAW_FONT_BOLD, theme->size_small, theme->ink,
             SLICE("NAT"));
}

/* The roles of a host's agents in a row, each as shape, letter and (room given) label. */
static void draw_marks(struct view *view, const struct map_host *host, struct draw_box row)
{
    uint32_t first = map_next_agent(view, host->place, 0);
    for (uint32_t agent = first; agent; agent = map_next_agent(view, host->place, agent)) {
        draw_role(view, agent, row.x, row.y, host->detail,
                  agent == first && !map_next_agent(view, host->place, agent));
        row.x += role_width(view, agent, host->detail);
    }
    draw_nat(view, host, row);
}

/* An agent that is stopped on a host that runs: its mark fades, with a cross over it. */
static void draw_stopped(struct view *view, const struct map_host *host, struct draw_box row)
{
    const struct theme *theme = view->ui.theme;
    float size = map_mark_size(view, host->detail);
    for (uint32_t agent = 0; (agent = map_next_agent(view, host->place, agent));) {
        float width = role_width(view, agent, host->detail), x = row.x;
        row.x += width;
        if (scene_is_up(&view->scene, agent))
            continue;
        if (host->detail < MAP_MINI) /* there the mark stands in the middle over its label */
            x += (width - 8 - size) / 2;
        draw_rect(view->ui.list, (struct draw_box){x - 1, row.y - 1, size + 2, size + 2}, 2,
                  ui_fade(theme->card, 0.7f), 0, 0);
        mark_sign(view->ui.list, theme, MARK_CROSS, x + size / 2, row.y + size / 2, size,
                  theme->bad);
    }
}

/* ---- the ground of a host ---- */

static float line_pad(const struct map_host *host)
{
    return host->detail == MAP_FULL ? 8 : 7;
}

/* The room on a card below its lines of text. */
static struct draw_box marks_row(const struct view *view, const struct map_host *host)
{
    const struct theme *theme = view->ui.theme;
    float top = line_pad(host) + draw_line_height(map_id_size(view, host->detail));
    if (host->detail == MAP_FULL)
        top += 2 * draw_line_height(theme->size_small) + 2;
    return (struct draw_box){host->card.x + 12, host->card.y + top + 4, host->card.w - 24,
                             host->card.h - top - 4};
}

static void draw_lines(struct view *view, const struct map_host *host)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float top = line_pad(host), id_size = map_id_size(view, host->detail);
    float small = draw_line_height(theme->size_small);
    struct draw_box inside = {host->card.x + 12, host->card.y + top, host->card.w - 24,
                              host->card.h - 2 * top};
    ui_label(ui, ui_cut_top(&inside, draw_line_height(id_size)), DRAW_ALIGN_LEFT, DRAW_FONT_BOLD,
             id_size, theme->ink, scene_place_id(&view->scene, host->place));
    if (host->detail == MAP_FULL) {
        ui_label(ui, ui_cut_top(&inside, small), DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_small,
                 theme->ink_soft, scene_host_name(&view->scene, host->place));
        ui_label(ui, ui_cut_top(&inside, small), DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_small,
                 theme->ink_soft,
                 log_text(view->log, event_as_host(log_place(view->log, host->place))->addr));
    }
    draw_marks(view, host, marks_row(view, host));
}

/* One line: the mark of the first role, and the name. */
static void draw_name_card(struct view *view, const struct map_host *host, uint32_t agent,
                           struct slice name)
{
    const struct theme *theme = view->ui.theme;
    float size = map_mark_size(view, MAP_NAME), x = host->card.x + 7;
    if (agent) {
        mark_draw(view->ui.list, theme, map_agent_mark(view, agent), x + size / 2,
                  host->card.y + host->card.h / 2, size);
        x += size + 5;
    }
    ui_label(&view->ui,
             (struct draw_box){x, host->card.y, host->card.x + host->card.w - x - 4, host->card.h},
             DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, theme->size_small, theme->ink, name);
}

/* ---- the ground of a fold ---- */

/* Of each role one mark, in the order of its hosts. */
static void draw_fold_marks(struct view *view, const struct map_group *group, float x, float y)
{
    const struct map *map = &view->map;
    const struct theme_mark *shown[MAP_FOLD_MARKS];
    int count = 0;
    enum { HOSTS_LOOKED_AT = 50 };
    float size = map_mark_size(view, MAP_MINI);
    for (uint32_t i = 0; i < group->host_count && i < HOSTS_LOOKED_AT; i++) {
        uint32_t host = map->members.items[group->member + i];
        for (uint32_t agent = map->agents.items[host - 1]; agent && count < MAP_FOLD_MARKS;
             agent = map->agents.items[agent - 1]) {
            const struct theme_mark *mark = map_agent_mark(view, agent);
            bool is_new = true;
            for (int k = 0; k < count; k++)
                is_new = is_new && shown[k] != mark;
            if (!is_new)
                continue;
            shown[count++] = mark;
            mark_draw(view->ui.list, view->ui.theme, mark, x + size / 2, y + size / 2, size);
            x += size + 4;
        }
    }
}

static void draw_fold(struct view *view, const struct map_host *host)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    const struct map_group *group = &view->map.groups.items[host->group];
    float id_size = map_id_size(view, host->detail);
    struct draw_box inside = ui_inset(host->card, 7);
    inside.x += 5;
    inside.w -= 10;
    ui_label(ui, ui_cut_top(&inside, draw_line_height(id_size)), DRAW_ALIGN_LEFT, DRAW_FONT_BOLD,
             id_size, theme->ink, group->name);
    ui_label(ui, ui_cut_top(&inside, draw_line_height(theme->size_small)), DRAW_ALIGN_LEFT,
             DRAW_FONT_SANS, theme->size_small, theme->ink_soft, map_fold_words(view, group));
    if (host->detail < MAP_MINI)
        draw_fold_marks(view, group, inside.x, inside.y + 4);
}

/* A second edge behind it says that there are several. */
static void draw_fold_ground(struct view *view, const struct map_host *host)
{
    const struct theme *theme = view->ui.theme;
    const struct map_group *group = &view->map.groups.items[host->group];
    struct draw_box behind = host->card, card = host->card;
    behind.x += 3;
    behind.y += 3;
    draw_rect(view->ui.list, behind, radius_of(host), theme->tints[group->tint % 6],
              theme->card_edge, 1);
    draw_rect(view->ui.list, card, radius_of(host), theme->tints[group->tint % 6], theme->ink_faint,
              1);
    if (host->detail == MAP_NAME)
        draw_name_card(view, host, 0, group->name);
    else if (host->detail != MAP_DOT)
        draw_fold(view, host);
}

/* Known from lines only that may have been made up: hatched, its edge broken, and the word on it.
 */
static void draw_claim(struct view *view, const struct map_host *host)
{
    struct draw_list *list = view->ui.list;
    const struct theme *theme = view->ui.theme;
    const struct draw_box card = host->card;
    const float x2 = card.x + card.w, y2 = card.y + card.h, dash = theme->line * 2;
    draw_hatch(list, card, radius_of(host), ui_fade(theme->bad, 0.3f), 8);
    draw_line(list, card.x, card.y, x2, card.y, theme->bad, theme->line, dash);
    draw_line(list, x2, card.y, x2, y2, theme->bad, theme->line, dash);
    draw_line(list, x2, y2, card.x, y2, theme->bad, theme->line, dash);
    draw_line(list, card.x, y2, card.x, card.y, theme->bad, theme->line, dash);
}

/* On the lower edge, or below what is counted there. */
static void draw_claim_word(struct view *view, const struct map_host *host)
{
    struct draw_list *list = view->ui.list;
    const struct theme *theme = view->ui.theme;
    struct scene_place sum = map_counts(view, host->place);
    struct slice word = slice_of(tr("may be forged"));
    float h = draw_line_height(theme->size_small);
    float y = host->card.y + host->card.h - h / 2;
    float w = fminf(draw_width(list, DRAW_FONT_BOLD, theme->size_small, word) + 12, host->card.w);
    if (host->detail < MAP_NAME && (sum.queued || sum.stored || sum.fetched))
        y += h + 4;
    struct draw_box chip = {floorf(host->card.x + (host->card.w - w) / 2), floorf(y), w, h};
    draw_rect(list, chip, 4, theme->card, theme->bad, 1);
    ui_label(&view->ui, chip, DRAW_ALIGN_CENTER, DRAW_FONT_BOLD, theme->size_small, theme->bad,
             word);
    *vector_add(&view->map.taken) = chip;
}

/* A dot that is smaller has no room for an edge. */
#define SPECK 7.0f

void map_card_ground(struct view *view, const struct map_host *host)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    if (host->is_fold) {
        draw_fold_ground(view, host);
        return;
    }
    if (host->detail < MAP_NAME)
        draw_shadow(ui->list, host->card, radius_of(host), theme->shadow);
    bool is_speck = host->detail == MAP_DOT && host->card.w < SPECK;
    draw_rect(ui->list, host->card, radius_of(host), is_speck ? theme->ink_faint : theme->card,
              is_speck ? 0 : theme->card_edge, is_speck ? 0 : 1);
    if (host->detail == MAP_NAME)
        draw_name_card(view, host, view->map.agents.items[host->place - 1],
                       scene_place_id(&view->scene, host->place));
    else if (host->detail != MAP_DOT)
        draw_lines(view, host);
    if (view->scene.now.places.items[host->place - 1].is_claimed)
        draw_claim(view, host);
}

/* ---- what changes ---- */

/* Down: what is on the card fades but for the id, and the lower edge says it with a cross. */
static void draw_down(struct view *view, const struct map_host *host)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    draw_rect(ui->list, host->card, radius_of(host), ui_fade(theme->panel, 0.55f), theme->bad,
              theme->line);
    if (host->detail >= MAP_NAME) {
        float size = host->detail == MAP_DOT ? host->card.w : host->card.h * 0.8f;
        mark_sign(ui->list, theme, MARK_CROSS, host->card.x + size / 2,
                  host->card.y + host->card.h / 2, size, theme->bad);
        return;
    }
    float size = map_id_size(view, host->detail);
    ui_label(ui,
             (struct draw_box){host->card.x + 12, host->card.y + line_pad(host), host->card.w - 24,
                               draw_line_height(size)},
             DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, size, theme->ink,
             scene_place_id(&view->scene, host->place));
}

/* Is it, or one of its hosts, the one that is meant? */
static bool is_of(const struct view *view, const struct map_host *host, uint32_t place)
{
    return place && map_find(view, place) == host;
}

static bool is_lit(const struct view *view, const struct map_host *host)
{
    uint32_t hop = view->hover_hop ? view->hover_hop : view->chosen_hop, from, by;
    if (is_of(view, host, view->chosen_host))
        return true;
    return hop && header_hop(view, hop, &from, &by) &&
           (is_of(view, host, from) || is_of(view, host, by));
}

/* Responsible for the chosen message. */
static bool is_holder(const struct view *view, const struct map_host *host)
{
    const struct scene_message *message = scene_find_message(&view->scene, view->msg);
    for (uint32_t i = message ? message->first_hold : 0; i;
         i = view->scene.now.holds.items[i - 1].next)
        if (is_of(view, host, view->scene.now.holds.items[i - 1].place))
            return true;
    return false;
}

static struct slice name_of(const struct view *view, const struct map_host *host)
{
    return host->is_fold ? view->map.groups.items[host->group].name
                         : scene_place_id(&view->scene, host->place);
}

/* The name of a dot, below it. */
static void draw_dot_name(struct view *view, const struct map_host *host)
{
    const struct theme *theme = view->ui.theme;
    struct slice name = name_of(view, host);
    float w = fminf(draw_width(view->ui.list, DRAW_FONT_SANS, theme->size_small, name) + 12, 160);
    struct draw_box below = {host->card.x + host->card.w / 2 - w / 2,
                             host->card.y + host->card.h + 2, w,
                             draw_line_height(theme->size_small) + 2};
    below = map_kept(view, below);
    draw_rect(view->ui.list, below, 4, theme->panel, theme->card_edge, 1);
    ui_label(&view->ui, ui_inset(below, 1), DRAW_ALIGN_CENTER, DRAW_FONT_SANS, theme->size_small,
             theme->ink, name);
    *vector_add(&view->map.taken) = below;
}

static struct ui_state card_region(struct view *view, const struct map_host *host)
{
    struct ui *ui = &view->ui;
    char name[UI_NAME];
    struct slice id = slice_part(name_of(view, host), 0, UI_NAME - 6);
    struct ui_state state;
    if (host->is_fold) {
        snprintf(name, sizeof name, "fold-%.*s", SLICE_ARG(id));
        state = ui_region(ui, name, host->card, map_fold_act,
                          view->map.groups.items[host->group].first);
        ui_tip(ui, slice_of(tr("Press to open")));
        return state;
    }
    snprintf(name, sizeof name, "host-%.*s", SLICE_ARG(id));
    state = ui_region(ui, name, host->card, select_host, host->place);
    ui_on_drag(ui, map_host_drag);
    return state;
}

void map_card_draw(struct view *view, const struct map_host *host)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    bool is_up = host->is_fold || scene_is_up(&view->scene, host->place);
    struct ui_state state = card_region(view, host);
    bool is_marked = is_lit(view, host) || state.is_focus;
    if (!host->is_fold && is_up && host->detail < MAP_NAME)
        draw_stopped(view, host, marks_row(view, host));
    if (!is_up)
        draw_down(view, host);
    if (is_holder(view, host))
        draw_rect(ui->list, host->card, radius_of(host), 0, theme->ink, theme->line * 2);
    if (is_marked)
        draw_rect(ui->list, ui_inset(host->card, -4), radius_of(host) + 4, 0, theme->accent,
                  theme->line);
    else if (is_of(view, host, view->hover_host)) /* pointed at is not chosen */
        draw_rect(ui->list, ui_inset(host->card, -3), radius_of(host) + 3, 0, theme->ink_faint, 1);
    if (host->detail == MAP_DOT && (is_marked || state.is_hover))
        draw_dot_name(view, host);
    if (host->detail < MAP_NAME)
        map_counts_draw(view, host);
    if (!host->is_fold && host->detail != MAP_DOT &&
        view->scene.now.places.items[host->place - 1].is_claimed)
        draw_claim_word(view, host);
}
