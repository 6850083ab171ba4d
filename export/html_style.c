/* What a page looks like: the colours of render/draw/theme.h, and the marks as they are drawn on
   the window's map. */
#include "export/html_part.h"
#include "render/draw/mark.h"
#include "render/draw/print.h"
#include "render/draw/svg.h"
#include "sim/base/check.h"

enum { MARK_SIZE = 24 };

static void put(struct bytes *out, const char *text)
{
    check(bytes_append(out, slice_of(text)));
}

static void put_colour(struct bytes *out, const char *name, uint32_t colour)
{
    check(bytes_printf(out, "--%s:#%08x;", name, (unsigned)colour));
}

static void put_colours(struct bytes *out, enum theme_id id)
{
    const struct theme *t = theme_get(id);
    const struct {
        const char *name;
        uint32_t colour;
    } rows[] = {
        {"ground", t->ground},
        {"panel", t->panel},
        {"panel-edge", t->panel_edge},
        {"card", t->card},
        {"card-edge", t->card_edge},
        {"ink", t->ink},
        {"ink-soft", t->ink_soft},
        {"ink-faint", t->ink_faint},
        {"accent", t->accent},
        {"accent-soft", t->accent_soft},
        {"push", t->push},
        {"pull", t->pull},
        {"good", t->good},
        {"waiting", t->waiting},
        {"bad", t->bad},
        {"link", t->link},
        {"link-cut", t->link_cut},
        {"token", t->token},
        {"token-edge", t->token_edge},
        {"slip", t->slip},
        {"mark-edge", t->mark_edge},
    };
    put(out, ":root{");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        put_colour(out, rows[i].name, rows[i].colour);
    for (size_t i = 0; i < sizeof t->tints / sizeof *t->tints; i++)
        check(bytes_printf(out, "--tint%zu:#%08x;", i, (unsigned)t->tints[i]));
    put(out, "}");
}

void html_style_write(struct bytes *out)
{
    struct slice css = {(const char *)html_css, (size_t)(html_css_end - html_css)};
    put_colours(out, THEME_LIGHT);
    put(out, "@media screen and (prefers-color-scheme:dark){");
    put_colours(out, THEME_DARK);
    put(out, "}\n");
    check(bytes_append(out, css));
}

static void put_drawn(struct bytes *out, const char *kind, const char *name, struct draw_list *list)
{
    check(bytes_printf(out, "<g id=\"%s-%s\">", kind, name));
    check(svg_write_items(list, out));
    put(out, "</g>\n");
    draw_clear(list);
}

/* As the window's: an organisation has a tint and a direction of its own. */
static void put_hatches(struct bytes *out)
{
    static const int turns[] = {45, -45, 0, 90, 30, -30};
    for (size_t i = 0; i < sizeof turns / sizeof *turns; i++)
        check(bytes_printf(out,
                           "<pattern id=\"hatch%zu\" width=\"9\" height=\"9\" "
                           "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(%d)\">"
                           "<rect width=\"9\" height=\"9\" fill=\"var(--tint%zu)\"/>"
                           "<path d=\"M0 0H9\" stroke=\"var(--panel-edge)\"/></pattern>\n",
                           i, turns[i], i));
}

void html_marks_write(struct bytes *out)
{
    static const struct {
        const char *name;
        enum mark_sign sign;
        uint32_t colour; /* CSS says another where it has one for it */
    } signs[] = {{"tick", MARK_TICK, 0},        {"clock", MARK_CLOCK, 0},
                 {"cross", MARK_CROSS, 0},      {"lock", MARK_LOCK, 0},
                 {"eye", MARK_EYE, 0},          {"warning", MARK_WARNING, 0},
                 {"envelope", MARK_ENVELOPE, 0}};
    const struct theme *theme = theme_get(THEME_LIGHT);
    struct draw_list list;
    draw_init(&list, NULL, NULL);
    for (size_t i = 0; i < theme_mark_count(); i++) {
        const struct theme_mark *mark = theme_mark_at(i);
        mark_draw(&list, theme, mark, 0, 0, MARK_SIZE);
        put_drawn(out, "mark", mark->role, &list);
    }
    mark_draw(&list, theme, theme_mark(SLICE("")), 0, 0, MARK_SIZE);
    put_drawn(out, "mark", "", &list);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        mark_sign(&list, theme, signs[i].sign, 0, 0, MARK_SIZE, theme->ink);
        put_drawn(out, "sign", signs[i].name, &list);
    }
    draw_finish(&list);
    put_hatches(out);
}
