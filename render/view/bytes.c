/*
 * The octets of a connection, segment by segment, and of the datagrams between two hosts. What is
 * drawn is found by its row: however many segments there are, a frame costs what fits on it.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "agents/proto/dns_message.h"
#include "render/draw/mark.h"
#include "render/view/bytes_rows.h"
#include "render/view/explain.h"
#include "render/view/words.h"

enum { ROW_OCTETS = 16, ROW_OCTETS_LEAST = 4 };

/* Pressed: the turn of the octet that the mouse is on, or of the row's first. */
static void press_row(struct view *view, uint32_t row)
{
    struct dialogue_panel *panel = dialogue_panel(view);
    if (panel->blocks.count == 0)
        return;
    size_t at = bytes_block_at(panel, panel->blocks.count, row);
    const struct bytes_block *block = &panel->blocks.items[at];
    if (!panel->block_conn) {
        select_event(view, block->event);
        return;
    }
    struct slice octets = bytes_octets(panel, view->log, block->event);
    uint32_t head = 1 + bytes_has_info(view->log, block->event, octets), offset = 0;
    if (row - block->row >= head) {
        float column = (view->ui.mouse_x - panel->hex_x) / fmaxf(panel->hex_w, 1);
        bool is_on = column >= 0 && column < (float)panel->octets;
        offset = (row - block->row - head) * panel->octets + (is_on ? (uint32_t)column : 0);
    }
    int side = bytes_side(view->log, block->event);
    const struct stream_piece *piece = stream_piece_of(&panel->turns.stream, side, block->event);
    if (piece && bytes_is_sealed(panel, view->log, block->event))
        offset = 0;
    int64_t turn =
        piece ? bytes_turn(&panel->turns, side, piece->said.from + offset) : DIALOGUE_TURNS_NONE;
    if (turn != DIALOGUE_TURNS_NONE)
        select_event(view, panel->turns.turns.items[turn].event);
}

/* ---- a row ---- */

static struct slice flag_words(struct arena *arena, const struct event *e)
{
    static const struct {
        uint16_t flag;
        const char *name;
    } names[] = {{EVENT_SEGMENT_SYN, "SYN "},
                 {EVENT_SEGMENT_FIN, "FIN "},
                 {EVENT_SEGMENT_RST, "RST "},
                 {EVENT_SEGMENT_PSH, "PSH "},
                 {EVENT_SEGMENT_ACK, "ACK "}};
    struct slice text = SLICE("");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (e->flags & names[i].flag)
            text = arena_printf(arena, "%.*s%s", SLICE_ARG(text), names[i].name);
    return text;
}

static struct slice head_words(struct view *view, struct arena *arena, uint32_t event, bool is_lost)
{
    const struct event *e = log_at(view->log, event);
    const struct event_tcp_segment *segment = event_as_tcp_segment(e);
    const struct event_udp_datagram *datagram = event_as_udp_datagram(e);
    const char *lost = is_lost ? tr("  lost") : "";
    if (datagram)
        return arena_printf(arena, tr("%.*s \xE2\x86\x92 %.*s  ports %u to %u, %zu octets%s"),
                            SLICE_ARG(words_host(view->log, datagram->from)),
                            SLICE_ARG(words_host(view->log, datagram->to)), datagram->ports >> 16,
                            datagram->ports & 0xFFFF, log_text(view->log, datagram->data).size,
                            lost);
    return arena_printf(arena, tr("%s %.*sseq %u ack %u, %zu octets%s%s"),
                        e->flags & EVENT_SEGMENT_BACK ? "\xE2\x86\x90" : "\xE2\x86\x92",
                        SLICE_ARG(flag_words(arena, e)), segment->seq, segment->ack,
                        log_text(view->log, segment->data).size,
                        e->flags & EVENT_SEGMENT_AGAIN ? tr("  sent again") : "", lost);
}

static void draw_head(struct view *view, struct draw_box row, uint32_t event)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    const struct event *e = log_at(view->log, event);
    bool is_lost = bytes_index_is_lost(&view->dialogue->segments, view->log, event);
    struct slice clock = words_clock(view->log, &ui->list->arena, e->t);
    clock = slice_part(clock, clock.size > 9 ? clock.size - 9 : 0, clock.size);
    draw_line(ui->list, row.x, row.y + 1, row.x + row.w, row.y + 1, theme->panel_edge, 1, 0);
    float w = draw_width(ui->list, DRAW_FONT_MONO, theme->size_small, SLICE("00:00.000")) + 8;
    ui_label(ui, ui_cut_left(&row, w), DRAW_ALIGN_LEFT, DRAW_FONT_MONO, theme->size_small,
             theme->ink_faint, clock);
    if (is_lost) {
        struct draw_box mark = ui_cut_left(&row, row.h);
        mark_sign(ui->list, theme, MARK_CROSS, mark.x + row.h / 2 - 2, mark.y + row.h / 2,
                  theme->size_small, theme->bad);
    }
    bool is_again = e->kind == EVENT_TCP_SEGMENT && e->flags & EVENT_SEGMENT_AGAIN;
    ui_label_any(ui, row, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_small,
                 is_lost    ? theme->bad
                 : is_again ? theme->waiting
                            : theme->ink,
                 head_words(view, &ui->list->arena, event, is_lost));
}

static struct slice record_words(struct arena *arena, struct slice octets)
{
    enum { RECORDS_MAX = 8 };
    struct slice text = SLICE("");
    for (int i = 0; bytes_is_record(octets) && i < RECORDS_MAX; i++) {
        unsigned length = (unsigned char)octets.data[3] * 256u + (unsigned char)octets.data[4];
        unsigned type = (unsigned char)octets.data[0];
        text = arena_printf(arena, tr("%.*s%sTLS record %u, %s: %u octets"), SLICE_ARG(text),
                            i ? "; " : "", type, tr(explain_record(type)), length);
        octets = slice_part(octets, 5 + (size_t)length, octets.size);
    }
    return text;
}

/* The head of a DNS message (RFC 1035 4.1.1) and its question. */
static struct slice dns_words(struct arena *arena, struct slice octets)
{
    struct dns_message m;
    char storage[16];
    if (!dns_message_decode(octets, arena, &m))
        return slice_of(tr("this can't be read as a DNS message"));
    struct slice name = m.name.size ? m.name : SLICE(".");
    return arena_printf(
        arena, tr("DNS id %u, %s%s%s%s%s %s: %.*s %s; answers %zu, authority %zu, more %zu"), m.id,
        m.is_response ? tr("answer") : tr("question"), m.is_authoritative ? " AA" : "",
        m.is_truncated ? " TC" : "", m.wants_recursion ? " RD" : "", m.has_recursion ? " RA" : "",
        dns_rcode_name(m.rcode), SLICE_ARG(name), dns_type_name(m.type, storage), m.answer_count,
        m.authority_count, m.additional_count);
}

/* What the octets are: TLS records, or a DNS message. */
static struct slice info_words(const struct view *view, struct arena *arena, uint32_t event,
                               struct slice octets)
{
    bool is_datagram = log_at(view->log, event)->kind == EVENT_UDP_DATAGRAM;
    return is_datagram ? dns_words(arena, octets) : record_words(arena, octets);
}

static void draw_info(struct view *view, struct draw_box row, uint32_t event, struct slice octets)
{
    ui_label(&view->ui, row, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, view->ui.theme->size_small,
             view->ui.theme->accent, info_words(view, &view->ui.list->arena, event, octets));
}

/* CR goes to the left, LF goes down: as arrows they can be told apart. */
static struct slice shown(char octet)
{
    static const char printable[] = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                    "[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";
    if (octet == '\r')
        return SLICE("\xE2\x86\x90");
    if (octet == '\n')
        return SLICE("\xE2\x86\x93");
    return octet >= ' ' && octet <= '~' ? (struct slice){printable + (octet - ' '), 1}
                                        : SLICE("\xC2\xB7");
}

struct hex {
    float offset, octet, letter; /* widths */
};

static struct hex hex_of(const struct view *view)
{
    const struct draw_list *list = view->ui.list;
    float size = view->ui.theme->size_mono;
    return (struct hex){draw_width(list, DRAW_FONT_MONO, size, SLICE("00000 ")),
                        draw_width(list, DRAW_FONT_MONO, size, SLICE("00 ")),
                        draw_width(list, DRAW_FONT_MONO, size, SLICE("0"))};
}

static void draw_hex(struct view *view, struct draw_box row, struct slice octets, uint32_t offset,
                     uint32_t from, uint32_t to)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct hex hex = hex_of(view);
    struct arena *arena = &ui->list->arena;
    uint32_t count = view->dialogue->octets;
    float x = row.x + hex.offset, text_x = x + hex.octet * (float)count + hex.letter;
    view->dialogue->hex_x = x;
    view->dialogue->hex_w = hex.octet;
    ui_label(ui, (struct draw_box){row.x, row.y, hex.offset, row.h}, DRAW_ALIGN_LEFT,
             DRAW_FONT_MONO, theme->size_mono, theme->ink_faint,
             arena_printf(arena, "%05x", offset));
    for (uint32_t i = 0; i < count && offset + i < octets.size; i++) {
        char octet = octets.data[offset + i];
        bool is_lit = offset + i >= from && offset + i < to,
             is_end = octet == '\r' || octet == '\n';
        float at = x + hex.octet * (float)i, letter = text_x + hex.letter * (float)i;
        if (is_lit) {
            draw_rect(ui->list, (struct draw_box){at - 2, row.y + 1, hex.octet, row.h - 2}, 0,
                      theme->accent_soft, 0, 0);
            draw_rect(ui->list, (struct draw_box){letter, row.y + 1, hex.letter, row.h - 2}, 0,
                      theme->accent_soft, 0, 0);
        }
        ui_label(ui, (struct draw_box){at, row.y, hex.octet, row.h}, DRAW_ALIGN_LEFT,
                 DRAW_FONT_MONO, theme->size_mono, is_lit ? theme->ink : theme->ink_soft,
                 arena_printf(arena, "%02x", (unsigned)(unsigned char)octet));
        ui_label(ui, (struct draw_box){letter, row.y, hex.letter * 1.5f, row.h}, DRAW_ALIGN_LEFT,
                 DRAW_FONT_MONO, theme->size_mono, is_end ? theme->accent : theme->ink,
                 shown(octet));
    }
}

/* ---- all rows ---- */

static void draw_row(struct view *view, struct draw_box row, const struct bytes_block *block,
                     uint32_t n, int64_t chosen)
{
    struct slice octets = bytes_octets(view->dialogue, view->log, block->event);
    bool info = bytes_has_info(view->log, block->event, octets);
    uint32_t from = 0, to = 0;
    char name[UI_NAME];
    snprintf(name, sizeof name, "bytes-%" PRIu32 "-%" PRIu32, block->event, n);
    struct ui_state state = ui_region(&view->ui, name, row, press_row, block->row + n);
    if (state.is_hover || state.is_focus)
        draw_rect(view->ui.list, row, 3, 0, view->ui.theme->accent, state.is_focus ? 2 : 1);
    if (n == 0) {
        draw_head(view, row, block->event);
    } else if (info && n == 1) {
        draw_info(view, row, block->event, octets);
    } else {
        (void)bytes_lit(view, block->event, chosen, &from, &to);
        draw_hex(view, row, octets, (n - 1 - info) * view->dialogue->octets, from, to);
    }
}

/* A turn that is newly chosen is brought into sight. */
static void show_chosen(struct view *view, int64_t chosen, size_t count, float rows, float room)
{
    struct dialogue_panel *panel = view->dialogue;
    if (chosen == DIALOGUE_TURNS_NONE || !panel->block_conn)
        return;
    const struct dialogue_turn *turn = &panel->turns.turns.items[chosen];
    if (panel->lit_event == turn->event || !turn->segment)
        return;
    panel->lit_event = turn->event;
    size_t at = bytes_blocks_by(panel, turn->segment);
    if (at < count)
        panel->scroll = rows - (float)panel->blocks.items[at].row - floorf(room * 0.7f);
}

static uint32_t rows_until(const struct dialogue_panel *panel, size_t count)
{
    return count < panel->blocks.count ? panel->blocks.items[count].row : panel->rows;
}

static void draw_blocks(struct view *view, struct draw_box box, size_t count)
{
    struct dialogue_panel *panel = view->dialogue;
    float step = draw_line_height(view->ui.theme->size_mono) + 2;
    float rows = (float)rows_until(panel, count), room = floorf(box.h / step);
    int64_t chosen = panel->block_conn ? dialogue_chosen_turn(view) : DIALOGUE_TURNS_NONE;
    show_chosen(view, chosen, count, rows, room);
    panel->scroll = fminf(fmaxf(panel->scroll, 0), fmaxf(rows - room, 0));
    uint32_t top = (uint32_t)fmaxf(rows - room - floorf(panel->scroll), 0);
    size_t at = bytes_block_at(panel, count, top);
    for (uint32_t row = top; row < (uint32_t)rows && (float)(row - top) < room; row++) {
        while (at + 1 < count && panel->blocks.items[at + 1].row <= row)
            at++;
        struct draw_box line = {box.x, box.y + step * (float)(row - top), box.w, step};
        draw_row(view, line, &panel->blocks.items[at], row - panel->blocks.items[at].row, chosen);
    }
    scroll_bar_draw(view, box, step * rows, step * (float)top);
}

static void turn_wheel(struct view *view, uint32_t arg, float lines)
{
    (void)arg;
    dialogue_panel(view)->scroll += 3 * lines;
}

static void clear_act(struct view *view, uint32_t arg)
{
    (void)arg;
    struct dialogue_panel *panel = dialogue_panel(view);
    panel->shows_clear = !panel->shows_clear;
}

static void draw_title(struct view *view, struct draw_box *inside)
{
    struct dialogue_panel *panel = view->dialogue;
    const struct theme *theme = view->ui.theme;
    if (panel->block_conn || !panel->block_a) {
        dialogue_title_draw(view, inside);
        return;
    }
    struct draw_box line = ui_cut_top(inside, draw_line_height(theme->size_text) + 4);
    ui_cut_top(inside, 6);
    ui_label(&view->ui, line, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, theme->size_text, theme->ink,
             arena_printf(&view->ui.list->arena, tr("Datagrams between %.*s and %.*s"),
                          SLICE_ARG(words_host(view->log, panel->block_a)),
                          SLICE_ARG(words_host(view->log, panel->block_b))));
}

void bytes_draw(struct view *view, struct draw_box inside, struct draw_box *tools)
{
    struct ui *ui = &view->ui;
    struct dialogue_panel *panel = dialogue_panel(view);
    struct hex hex = hex_of(view);
    float room = inside.w - 8 - hex.offset - 2 * hex.letter;
    uint32_t octets = ROW_OCTETS;
    while (octets > ROW_OCTETS_LEAST && room < (float)octets * (hex.octet + hex.letter))
        octets /= 2;
    bytes_gather(view, panel, octets);
    ui_wheel(ui, "wheel-bytes", inside, turn_wheel, 0);
    float w = dialogue_switch_width(view, tr("Within TLS"));
    if (tools->w > w + 8)
        dialogue_switch_draw(view, ui_inset(ui_cut_right(tools, w + 6), 3), "bytes-clear",
                             tr("Within TLS"), tr("What was said, before it was encrypted"),
                             clear_act, 0, panel->shows_clear);
    draw_title(view, &inside);
    size_t count = bytes_blocks_by(panel, log_count_until(view->log, view->t));
    if (count == 0) {
        ui_paragraph(ui, inside, DRAW_FONT_SANS, ui->theme->size_text, ui->theme->ink_soft,
                     slice_of(tr("The octets that travel stand here once something does.")), 3);
        return;
    }
    ui_clip(ui, (struct draw_box){inside.x, inside.y, inside.w + 10, inside.h});
    draw_blocks(view, inside, count);
    ui_unclip(ui);
}

/* ---- in words ---- */

static void tell_octets(struct bytes *out, struct slice octets)
{
    for (size_t row = 0; row < octets.size; row += ROW_OCTETS) {
        struct slice part = slice_part(octets, row, row + ROW_OCTETS);
        bool ok = bytes_printf(out, "%05zx ", row);
        for (size_t i = 0; ok && i < ROW_OCTETS; i++)
            ok = i < part.size ? bytes_printf(out, " %02x", (unsigned)(unsigned char)part.data[i])
                               : bytes_append(out, SLICE("   "));
        ok = ok && bytes_append(out, SLICE("  "));
        for (size_t i = 0; ok && i < part.size; i++)
            ok = bytes_append(out, shown(part.data[i]));
        (void)(ok && bytes_append(out, SLICE("\n")));
    }
}

/* The last of them: what is on a screen would end in the middle of one. */
void bytes_tell(struct view *view, struct arena *arena, struct bytes *out)
{
    enum { BLOCKS_TOLD = 100, OCTETS_TOLD = 4096 };
    struct dialogue_panel *panel = dialogue_panel(view);
    bytes_gather(view, panel, ROW_OCTETS);
    size_t count = bytes_blocks_by(panel, log_count_until(view->log, view->t));
    (void)bytes_printf(out, "%s\n",
                       count ? tr("The octets that have travelled, the last ones:")
                             : tr("The octets that travel stand here once something does."));
    for (size_t i = count > BLOCKS_TOLD ? count - BLOCKS_TOLD : 0; i < count; i++) {
        uint32_t event = panel->blocks.items[i].event;
        struct slice octets = bytes_octets(panel, view->log, event);
        struct slice clock = words_clock(view->log, arena, log_at(view->log, event)->t);
        struct slice head =
            head_words(view, arena, event, bytes_index_is_lost(&panel->segments, view->log, event));
        (void)bytes_printf(out, "%.*s %.*s\n", SLICE_ARG(clock), SLICE_ARG(head));
        if (bytes_has_info(view->log, event, octets))
            (void)bytes_printf(out, "%.*s\n", SLICE_ARG(info_words(view, arena, event, octets)));
        tell_octets(out, slice_part(octets, 0, OCTETS_TOLD));
    }
}
