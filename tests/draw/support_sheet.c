#include "tests/draw/support_sheet.h"

#include "render/draw/mark.h"

struct sheet {
    struct draw_list *list;
    const struct theme *theme;
};

static void text(const struct sheet *s, float x, float y, enum draw_font font, float size,
                 uint32_t colour, const char *words)
{
    draw_string(s->list, x, y, 0, DRAW_ALIGN_LEFT, font, size, colour, slice_of(words));
}

static void draw_marks(const struct sheet *s)
{
    const struct theme *t = s->theme;
    for (size_t i = 0; i < theme_mark_count(); i++) {
        const struct theme_mark *mark = theme_mark_at(i);
        float x = 30 + (float)i * 94;
        struct draw_box card = {x, 80, 84, 96};
        draw_shadow(s->list, card, 10, t->shadow);
        draw_rect(s->list, card, 10, t->card, t->card_edge, 1);
        mark_draw(s->list, t, mark, x + 42, 116, 44);
        draw_string(s->list, x + 4, 148, 76, DRAW_ALIGN_CENTER, DRAW_FONT_SANS, t->size_small,
                    t->ink_soft, slice_of(mark->label));
    }
}

static void draw_small_marks(const struct sheet *s)
{
    for (size_t i = 0; i < theme_mark_count(); i++) {
        mark_draw(s->list, s->theme, theme_mark_at(i), 44 + (float)i * 34, 206, 22);
        mark_draw(s->list, s->theme, theme_mark_at(i), 524 + (float)i * 46, 206, 32);
    }
}

static void draw_areas(const struct sheet *s)
{
    const struct theme *t = s->theme;
    for (int i = 0; i < 6; i++) {
        struct draw_box box = {30 + (float)i * 204, 240, 190, 130};
        uint32_t lines = (t->ink & 0xFFFFFF00) | 0x14;
        draw_rect(s->list, box, 14, t->tints[i], 0, 0);
        draw_hatch(s->list, box, 14, lines, (float)(8 + 3 * (i / 2)) * (i % 2 ? -1.0f : 1.0f));
        text(s, box.x + 12, box.y + 8, DRAW_FONT_BOLD, t->size_text, t->ink, "Aster College");
        text(s, box.x + 12, box.y + 36, DRAW_FONT_SANS, t->size_small, t->ink_soft, "example.com");
        text(s, box.x + 12, box.y + 60, DRAW_FONT_SANS, t->size_small, t->ink_faint,
             "198.51.100.0/24");
    }
}

static void draw_lines(const struct sheet *s)
{
    const struct theme *t = s->theme;
    const float bend[] = {330, 470, 400, 400, 440, 540, 510, 430};
    draw_line(s->list, 40, 410, 290, 410, t->link, t->line, 0);
    draw_line(s->list, 40, 432, 290, 432, t->link_cut, t->line, 6);
    draw_line(s->list, 40, 458, 284, 458, t->push, t->line, 0);
    mark_arrow(s->list, 290, 458, 1, 0, 14, true, t->push, t->line);
    draw_line(s->list, 40, 484, 290, 484, t->pull, t->line, 7);
    mark_arrow(s->list, 290, 484, 1, 0, 14, false, t->pull, t->line);
    draw_curve(s->list, bend, 4, t->push, t->line, 0);
    mark_arrow(s->list, 510, 430, 70, -110, 14, true, t->push, t->line);
}

static void draw_signs(const struct sheet *s)
{
    const struct theme *t = s->theme;
    const uint32_t colours[] = {t->good, t->waiting, t->bad, t->ink, t->token_edge, t->ink, t->ink};
    const int colour_count = sizeof colours / sizeof *colours;
    for (int i = 0; i <= MARK_PREVIOUS; i++) {
        float x = 560 + (float)i * 44;
        if (i == MARK_ENVELOPE)
            mark_sign(s->list, t, (enum mark_sign)i, x, 425, 34, t->token_edge);
        else
            mark_sign(s->list, t, (enum mark_sign)i, x, 425, 20,
                      i < colour_count ? colours[i] : t->accent);
    }
    text(s, 560, 456, DRAW_FONT_BOLD, t->size_text, t->good, "250 2.0.0 Ok");
    text(s, 700, 456, DRAW_FONT_BOLD, t->size_text, t->waiting, "451 4.7.1 Later");
    text(s, 850, 456, DRAW_FONT_BOLD, t->size_text, t->bad, "550 5.1.1 No such user");
}

static void draw_dialogue(const struct sheet *s)
{
    static const char *const lines[] = {"C: EHLO pc-alice.example.com",
                                        "S: 250-submit.example.com",
                                        "S: 250-SIZE 10485760",
                                        "C: MAIL FROM:<alice@example.com> SIZE=2048",
                                        "S: 250 2.1.0 Ok -> != <= ffi 0O 1lI",
                                        "\tfolded\r\n, bad \xFF\xC0 octets, \xE2\x80\xAE turn",
                                        ("| \xE2\x9C\x93 gr\xC3\xBC\xC3\x9F \xCE\xB1\xCE\xB2 "
                                         "\xE4\xBD\xA0\xE5\xA5\xBD \xF0\x9F\x93\xA7 |")};
    const struct theme *t = s->theme;
    struct draw_box panel = {30, 520, 600, 250};
    draw_shadow(s->list, panel, 12, t->shadow);
    draw_rect(s->list, panel, 12, t->panel, t->panel_edge, 1);
    text(s, 50, 532, DRAW_FONT_BOLD, t->size_title, t->ink, "Dialogue");
    draw_clip(s->list, panel);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        float y = 570 + (float)i * draw_line_height(t->size_mono);
        if (i == 3)
            draw_rect(s->list, (struct draw_box){42, y, 576, draw_line_height(t->size_mono)}, 4,
                      t->accent_soft, 0, 0);
        text(s, 50, y, DRAW_FONT_MONO, t->size_mono, i % 2 ? t->ink : t->ink_soft, lines[i]);
    }
    draw_unclip(s->list);
}

static void draw_slips(const struct sheet *s)
{
    const struct theme *t = s->theme;
    struct draw_box card = {670, 520, 270, 110};
    draw_shadow(s->list, card, 12, t->shadow);
    draw_rect(s->list, card, 12, t->card, t->accent, t->line);
    text(s, 690, 532, DRAW_FONT_BOLD, t->size_text, t->ink, "mx1.example.org -> store");
    draw_string(s->list, 690, 560, 230, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, t->size_text, t->ink_soft,
                SLICE("from a very long sender's name to another one <bob@example.org>"));
    for (int i = 0; i < 3; i++)
        draw_rect(s->list, (struct draw_box){980, 530 + 22 * (float)i, 180, 18}, 3, t->slip,
                  t->token_edge, 1);
    text(s, 988, 530, DRAW_FONT_MONO, 12, t->token_edge, "Received: from out");
    draw_rect(s->list, (struct draw_box){670, 670, 120, 34}, 8, t->accent, 0, 0);
    draw_string(s->list, 670, 677, 120, DRAW_ALIGN_CENTER, DRAW_FONT_BOLD, t->size_text, t->panel,
                SLICE("Send"));
    draw_rect(s->list, (struct draw_box){810, 670, 120, 34}, 8, t->card, t->card_edge, 1);
    draw_string(s->list, 810, 677, 120, DRAW_ALIGN_CENTER, DRAW_FONT_SANS, t->size_text, t->ink,
                SLICE("Cancel 10x20"));
}

void sheet_draw(struct draw_list *list, const struct theme *theme)
{
    const struct sheet s = {list, theme};
    list->title = SLICE("All shapes");
    list->description = SLICE("One of everything that can be drawn");
    draw_rect(list, (struct draw_box){0, 0, SHEET_W, SHEET_H}, 0, theme->ground, 0, 0);
    text(&s, 30, 20, DRAW_FONT_BOLD, theme->size_title, theme->ink, "Marks of the roles");
    text(&s, 30, 48, DRAW_FONT_SANS, theme->size_text, theme->ink_faint,
         "Shape, letter and colour say the same.");
    draw_marks(&s);
    draw_small_marks(&s);
    draw_areas(&s);
    draw_lines(&s);
    draw_signs(&s);
    draw_dialogue(&s);
    draw_slips(&s);
}
