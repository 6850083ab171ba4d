#include "render/view/state.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "agents/mail/header.h"
#include "agents/mail/received.h"
#include "render/draw/mark.h"
#include "render/view/words.h"

/* A hostile header may have any number of fields; a panel shows this many. */
enum { FIELDS_MAX = 300 };

struct slice header_text(const struct view *view)
{
    const struct scene_message *message = scene_find_message(&view->scene, view->msg);
    struct slice header = SLICE(""), body;
    if (message)
        header_split(log_text(view->log, message->header), &header, &body);
    return header;
}

uint32_t header_host(const struct log *log, struct slice name)
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
static bool hop_of(const struct log *log, const struct header_field *field, uint32_t *from,
                   uint32_t *by)
{
    struct received r;
    if (!slice_equal_fold(field->name, SLICE("Received")) || !received_read(field->value, &r))
        return false;
    *by = header_host(log, r.by);
    *from = host_by_addr(log, r.from_addr);
    if (!*from)
        *from = header_host(log, r.from_name.size ? r.from_name : r.from);
    return *by != 0;
}

bool header_hop(const struct view *view, uint32_t n, uint32_t *from, uint32_t *by)
{
    struct slice header = header_text(view);
    unsigned count = header_count(header, SLICE("Received"));
    struct header_field field;
    return n >= 1 && n <= count && header_find(header, SLICE("Received"), count - n + 1, &field) &&
           hop_of(view->log, &field, from, by);
}

/* ---- drawing ---- */

static struct slice unfolded(struct view *view, struct slice value)
{
    struct slice copy = arena_copy(&view->ui.list->arena, value);
    char *to = (char *)copy.data; /* the copy is ours: folds become one blank */
    size_t size = 0;
    for (size_t i = 0; i < copy.size; i++) {
        bool is_blank = copy.data[i] == '\r' || copy.data[i] == '\n' || copy.data[i] == '\t' ||
                        copy.data[i] == ' ';
        if (!is_blank)
            to[size++] = copy.data[i];
        else if (size && to[size - 1] != ' ')
            to[size++] = ' ';
    }
    return (struct slice){to, size};
}

/* The pen of the panel: fields above the first shown line are measured but not drawn. */
struct pen {
    float x, y, w, top, bottom;
};

static float draw_field(struct view *view, const struct pen *pen, const struct header_field *field)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct slice text = unfolded(view, field->whole), line;
    size_t name_size = field->name.size ? field->name.size + 1 : 0;
    float step = draw_line_height(theme->size_mono), y = pen->y, indent = 0;
    bool is_first = true;
    while (ui_wrap(ui, DRAW_FONT_MONO, theme->size_mono, pen->w - indent, &text, &line)) {
        if (y + step > pen->top && y < pen->bottom) {
            size_t name = is_first && name_size <= line.size ? name_size : 0;
            float x = pen->x + indent;
            if (name)
                x += draw_string(ui->list, x, y, pen->w, DRAW_ALIGN_LEFT, DRAW_FONT_MONO,
                                 theme->size_mono, theme->accent, slice_part(line, 0, name));
            draw_string(ui->list, x, y, 0, DRAW_ALIGN_LEFT, DRAW_FONT_MONO, theme->size_mono,
                        theme->ink, slice_part(line, name, line.size));
        }
        y += step;
        indent = theme->size_mono;
        is_first = false;
    }
    return y - pen->y;
}

static float field_height(struct view *view, float w, const struct header_field *field)
{
    const struct pen far = {0, 1e6f, w, 0, 0};
    return draw_field(view, &far, field);
}

/* A slip: a Received field with its number, lit together with its hop on the map. */
static float draw_slip(struct view *view, struct pen *pen, const struct header_field *field,
                       uint32_t number)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float badge = draw_line_height(theme->size_small) + 4;
    struct pen inner = {pen->x + badge + 14, pen->y + 4, pen->w - badge - 22, pen->top,
                        pen->bottom};
    float height = field_height(view, inner.w, field) + 8;
    struct draw_box box = {pen->x, pen->y, pen->w, height};
    uint32_t from, by;
    bool is_hop = hop_of(view->log, field, &from, &by);
    bool is_lit = number == view->hover_hop || number == view->chosen_hop ||
                  (is_hop && by == view->hover_host);
    char name[UI_NAME];
    snprintf(name, sizeof name, "hop-%" PRIu32, number);
    struct ui_state state = ui_region(ui, name, box, ACTION_CHOOSE_HOP, number);
    draw_rect(ui->list, box, 4, is_lit ? theme->accent_soft : theme->card,
              is_lit || state.is_focus ? theme->accent : theme->card_edge,
              is_lit || state.is_focus ? 2 : 1);
    draw_rect(ui->list, (struct draw_box){box.x + 6, box.y + 4, badge, badge}, 4, theme->slip,
              theme->token_edge, 1);
    ui_label(ui, (struct draw_box){box.x + 6, box.y + 4, badge, badge}, DRAW_ALIGN_CENTER,
             DRAW_FONT_BOLD, theme->size_small, theme->token_edge,
             arena_printf(&ui->list->arena, "%" PRIu32, number));
    draw_field(view, &inner, field);
    return height + 4;
}

static float draw_fields(struct view *view, struct pen pen)
{
    struct slice header = header_text(view);
    uint32_t slips = header_count(header, SLICE("Received"));
    float start = pen.y;
    struct header_field field;
    for (int i = 0; i < FIELDS_MAX && header_next(&header, &field); i++) {
        if (slips && slice_equal_fold(field.name, SLICE("Received")))
            pen.y += draw_slip(view, &pen, &field, slips--);
        else
            pen.y += draw_field(view, &pen, &field) + 2;
    }
    return pen.y - start;
}

static float draw_body(struct view *view, struct pen pen)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    const struct scene_message *message = scene_find_message(&view->scene, view->msg);
    struct slice header, body = log_text(view->log, message->body);
    if (body.size == 0)
        header_split(log_text(view->log, message->header), &header, &body);
    body = slice_trim(slice_part(body, 0, 2000));
    if (body.size == 0)
        return 0;
    draw_line(ui->list, pen.x, pen.y + 6, pen.x + pen.w, pen.y + 6, theme->card_edge, 1, 0);
    struct draw_box box = {pen.x, pen.y + 12, pen.w, 0};
    struct slice text = arena_copy(&ui->list->arena, body);
    return 12 + ui_paragraph(ui, box, DRAW_FONT_MONO, theme->size_mono, theme->ink_soft, text, 40);
}

static struct slice header_title(struct view *view)
{
    const struct scene_message *message = scene_find_message(&view->scene, view->msg);
    if (!message)
        return SLICE("Header");
    struct slice subject = words_subject(view->log, &view->ui.list->arena, view->msg);
    return arena_printf(&view->ui.list->arena,
                        "Header of \xE2\x80\x9C%.*s\xE2\x80\x9D, %" PRIu32 " Received",
                        SLICE_ARG(subject), message->received_count);
}

void scroll_bar_draw(struct view *view, struct draw_box box, float whole, float above)
{
    const struct theme *theme = view->ui.theme;
    if (whole <= box.h + 1)
        return;
    struct draw_box track = {box.x + box.w + 3, box.y, 5, box.h};
    float h = fmaxf(track.h * box.h / whole, 16);
    float share = fminf(above / (whole - box.h), 1);
    draw_rect(view->ui.list, track, 2.5f, theme->panel_edge, 0, 0);
    draw_rect(view->ui.list,
              (struct draw_box){track.x, track.y + (track.h - h) * share, track.w, h}, 2.5f,
              theme->ink_faint, 0, 0);
}

void header_draw(struct view *view, struct draw_box box)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct draw_box inside = tabs_panel(view, box, header_title(view));
    ui_wheel(ui, "wheel-header", box, ACTION_WHEEL_HEADER);
    if (!scene_find_message(&view->scene, view->msg)) {
        ui_paragraph(
            ui, inside, DRAW_FONT_SANS, theme->size_text, theme->ink_soft,
            SLICE(
                "The header of the message stands here. Each server puts a Received field on top."),
            3);
        return;
    }
    float step = draw_line_height(theme->size_mono);
    view->scroll_header = fmaxf(view->scroll_header, 0);
    struct pen pen = {inside.x, inside.y - step * view->scroll_header, inside.w, inside.y,
                      inside.y + inside.h};
    ui_clip(ui, inside);
    float height = draw_fields(view, pen);
    pen.y += height;
    height += draw_body(view, pen);
    ui_unclip(ui);
    float most = fmaxf(ceilf((height - inside.h) / step), 0);
    view->scroll_header = fminf(view->scroll_header, most);
    scroll_bar_draw(view, inside, height, step * view->scroll_header);
}
