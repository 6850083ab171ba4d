/*
 * Private to this folder: a page that is read from top to bottom and may be longer than its room:
 * headings, lines, pairs of label and text, rows that can be pressed. The same words make the
 * picture and its text twin: with `out` set nothing is drawn, and each line is appended to it.
 *
 *     struct page page;
 *     page_begin(&page, view, box, PAGE_HOST);
 *     page_title(&page, slice_of(tr("Faults now")));
 *     page_pair(&page, tr("Address"), address);
 *     page_end(&page);
 *
 * What lies outside the room is measured, and not drawn. Long texts are cut: see PAGE_TEXT_MAX.
 */
#ifndef RENDER_VIEW_PAGE_H
#define RENDER_VIEW_PAGE_H

#include "render/draw/mark.h"
#include "render/view/state.h"

enum page_id {
    PAGE_HEADER,
    PAGE_LAYERS,
    PAGE_PARTS,
    PAGE_CHANGES,
    PAGE_DNS,
    PAGE_HOST,
    PAGE_COUNT
};

/* Hostile texts have any length; of one text so much is shown, and it is said how long it is. */
enum { PAGE_TEXT_MAX = 6000 };

struct page {
    struct view *view;
    struct ui *ui;
    const struct theme *theme;
    struct arena *arena; /* of the frame, or of who asks for the words */
    struct bytes *out;   /* NULL: draw */
    enum page_id id;
    struct draw_box room;
    float x, w, y;   /* where the next line goes */
    size_t row_item; /* of the open row: its ground among the list's items plus 1 */
    float row_y;
    char row_name[UI_NAME];
    float marked_y;
};

/* Draws into `box`; the room is the page's until page_end. */
void page_begin(struct page *page, struct view *view, struct draw_box box, enum page_id id);
void page_end(struct page *page);
/* Turns the page so that the line at which `put` calls page_mark is the first. `put` is what fills
   the page; here it draws nothing. */
typedef void page_put(struct page *page);
void page_bring(struct page *page, page_put *put);
void page_mark(struct page *page);
/* The words alone, appended to `out`; what does not fit is left out. */
void page_begin_told(struct page *page, struct view *view, struct arena *arena, struct bytes *out,
                     enum page_id id);

void page_title(struct page *page, struct slice text);
void page_text(struct page *page, struct slice text);
void page_note(struct page *page, struct slice text); /* small and soft */
void page_mono(struct page *page, struct slice text, uint32_t colour);
/* A sentence with a sign before it: that something is good, waits or is wrong. */
void page_sign(struct page *page, enum mark_sign sign, struct slice text);
/* The label at the left, the text in a column beside it. Nothing when there is no text. */
void page_pair(struct page *page, const char *label, struct slice text);
void page_gap(struct page *page, float share); /* of the height of a line */

/* What is drawn between the two is a row that can be pressed (act NULL: it can't, and is not
   named). `tip` may be empty. Rows don't nest. */
void page_row_begin(struct page *page, const char *name, bool is_on);
/* The same with a card's ground and edge where it is not lit. */
void page_row_begin_card(struct page *page, const char *name, bool is_on);
void page_row_end(struct page *page, ui_act *act, uint32_t arg, struct slice tip);

/* A line of its own for what the page can't say, from the top at y: its box, to be drawn into when
   page_is_seen says so. */
struct draw_box page_take(struct page *page, float h);
bool page_is_seen(const struct page *page, struct draw_box box);
/* So that what follows stands further in. */
void page_indent(struct page *page, float by);

/* The width of this text in the small, plain or mono size of the theme. */
float page_width(const struct page *page, enum draw_font font, float size, struct slice text);
/* The first octets, with a word about how many there are, when there are more than that. */
struct slice page_cut(struct arena *arena, struct slice text, size_t most);
/* The same without what would break a line of the text twin: folds and control characters become
   blanks. */
struct slice page_flat(struct arena *arena, struct slice text, size_t most);

#endif
