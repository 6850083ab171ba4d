#include "render/draw/glyphs.h"

#include <SDL_ttf.h>
#include <math.h>
#include <string.h>

#include "render/draw/fonts.h"
#include "render/draw/shown.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"

enum {
    GLYPHS_FACES = 4, /* enum draw_font and the fallback */
    GLYPHS_FALLBACK = 3,
    GLYPHS_FONTS_MOST = 64,
    GLYPHS_WIDTH_MOST = 32000, /* Cairo's images end at 32767 */
    GLYPHS_RUN_OCTETS = 512,
    GLYPHS_TEXT_OCTETS = 8192,
    GLYPHS_SLOTS = 1 << 13,
    GLYPHS_SHELF_ENTRIES = GLYPHS_SLOTS / 2,
    GLYPHS_SHELF_OCTETS = 16 << 20
};

struct sized_font {
    TTF_Font *font;
    int face, size;
};

struct entry {
    uint64_t hash;
    struct slice text; /* in the shelf's arena */
    enum draw_font font;
    int size;
    bool is_rendered;
    struct glyphs_mask mask;
};

/* One of two: the entries asked for lately, and those before. When the first is full it takes the
   place of the second, whose entries are dropped; what is asked for again moves to the first. */
struct shelf {
    struct arena arena;
    struct entry *entries;
    uint16_t *slots; /* open addressing; entry number + 1, 0 is free */
    size_t count, octets;
};

struct glyphs {
    struct sized_font fonts[GLYPHS_FONTS_MOST];
    size_t font_count;
    struct shelf shelves[2];
    int current;
};

static void shelf_clear(struct shelf *shelf)
{
    for (size_t i = 0; i < shelf->count; i++)
        if (shelf->entries[i].mask.image)
            cairo_surface_destroy(shelf->entries[i].mask.image);
    memset(shelf->slots, 0, GLYPHS_SLOTS * sizeof *shelf->slots);
    arena_reset(&shelf->arena);
    shelf->count = shelf->octets = 0;
}

struct glyphs *glyphs_create(void)
{
    struct glyphs *g = memory_take(sizeof *g);
    check(TTF_Init() == 0);
    for (int i = 0; i < 2; i++) {
        struct shelf *shelf = &g->shelves[i];
        arena_init(&shelf->arena);
        shelf->entries = memory_take(GLYPHS_SHELF_ENTRIES * sizeof *shelf->entries);
        shelf->slots = memory_take(GLYPHS_SLOTS * sizeof *shelf->slots);
    }
    return g;
}

static void close_fonts(struct glyphs *g)
{
    for (size_t i = 0; i < g->font_count; i++)
        TTF_CloseFont(g->fonts[i].font);
    g->font_count = 0;
}

void glyphs_destroy(struct glyphs *g)
{
    if (!g)
        return;
    for (int i = 0; i < 2; i++) {
        shelf_clear(&g->shelves[i]);
        arena_finish(&g->shelves[i].arena);
        free(g->shelves[i].entries);
        free(g->shelves[i].slots);
    }
    close_fonts(g);
    TTF_Quit();
    free(g);
}

static TTF_Font *open_font(int face, int size)
{
    static const struct {
        const unsigned char *start, *end;
    } files[GLYPHS_FACES] = {
        [DRAW_FONT_SANS] = {fonts_sans, fonts_sans_end},
        [DRAW_FONT_BOLD] = {fonts_bold, fonts_bold_end},
        [DRAW_FONT_MONO] = {fonts_mono, fonts_mono_end},
        [GLYPHS_FALLBACK] = {fonts_fallback, fonts_fallback_end},
    };
    int octets = (int)(files[face].end - files[face].start);
    TTF_Font *font = TTF_OpenFontRW(SDL_RWFromConstMem(files[face].start, octets), 1, size);
    check(font);
    /* Whole-pixel advances keep mono text in its cells; elsewhere they would space it unevenly. */
    TTF_SetFontHinting(font,
                       face == DRAW_FONT_MONO ? TTF_HINTING_LIGHT : TTF_HINTING_LIGHT_SUBPIXEL);
    return font;
}

static TTF_Font *font_at(struct glyphs *g, int face, int size)
{
    for (size_t i = 0; i < g->font_count; i++)
        if (g->fonts[i].face == face && g->fonts[i].size == size)
            return g->fonts[i].font;
    /* So many sizes come from zooming; starting over costs less than keeping count of their use. */
    if (g->font_count == GLYPHS_FONTS_MOST)
        close_fonts(g);
    struct sized_font *added = &g->fonts[g->font_count++];
    *added = (struct sized_font){open_font(face, size), face, size};
    return added->font;
}

/* A part of a text that one font shows. */
struct run {
    char text[GLYPHS_RUN_OCTETS + SHOWN_OCTETS];
    size_t size;
    bool is_fallback;
};

/* Inter draws some pairs as one sign ("->" as an arrow, the x of "4x4" as a cross); what mail says
   is shown as it was said. */
static bool is_pair_to_part(char before, char after)
{
    static const char signs[] = "-=<>~|:!*/";
    if (before >= '0' && before <= '9')
        return after == 'x' || after == 'X';
    return memchr(signs, before, sizeof signs - 1) && memchr(signs, after, sizeof signs - 1);
}

/* Takes the next run off the front: at least a character, and no more than one if that gives it
   `most` octets. False at the end of the text. */
static bool next_run(TTF_Font *font, TTF_Font *fallback, size_t most, struct slice *rest,
                     struct run *run)
{
    run->size = 0;
    while (run->size < most) {
        char shown[SHOWN_OCTETS];
        uint32_t code;
        struct slice after = *rest;
        size_t size = shown_next(&after, shown, &code);
        if (size == 0)
            break;
        bool is_fallback = code >= 0x80 && !TTF_GlyphIsProvided32(font, code) &&
                           TTF_GlyphIsProvided32(fallback, code);
        if (run->size == 0)
            run->is_fallback = is_fallback;
        else if (is_fallback != run->is_fallback ||
                 is_pair_to_part(run->text[run->size - 1], shown[0]))
            break;
        memcpy(run->text + run->size, shown, size);
        run->size += size;
        *rest = after;
    }
    run->text[run->size] = '\0';
    return run->size > 0;
}

/* A number of whole cells, so that columns stay columns. The ink of the font's own characters may
   reach a pixel out of the cell, which makes it no more. */
static int in_cells(TTF_Font *font, int width, bool is_fallback)
{
    int cell = 0;
    if (TTF_GlyphMetrics32(font, 'M', NULL, NULL, NULL, NULL, &cell) != 0 || cell <= 0)
        return width;
    return (width + (is_fallback ? cell - 1 : cell / 2)) / cell * cell;
}

/* A place to draw runs on, or only a measure of them when `image` is NULL. */
struct canvas {
    cairo_surface_t *image;
    int width, ascent, descent;
};

static void copy_coverage(struct canvas *canvas, const SDL_Surface *from, int top)
{
    unsigned char *pixels = cairo_image_surface_get_data(canvas->image);
    int stride = cairo_image_surface_get_stride(canvas->image);
    int w = cairo_image_surface_get_width(canvas->image) - canvas->width;
    int h = cairo_image_surface_get_height(canvas->image) - top;
    for (int y = 0; y < from->h && y < h; y++) {
        if (top + y < 0)
            continue;
        const uint32_t *row = (const uint32_t *)(const void *)((const char *)from->pixels +
                                                               (size_t)y * (size_t)from->pitch);
        unsigned char *to = pixels + (size_t)(top + y) * (size_t)stride + canvas->width;
        for (int x = 0; x < from->w && x < w; x++) {
            uint32_t coverage = row[x] >> 24;
            to[x] = (unsigned char)(to[x] > coverage ? to[x] : coverage);
        }
    }
}

static void draw_run(struct canvas *canvas, TTF_Font *font, const struct run *run)
{
    SDL_Surface *rendered =
        TTF_RenderUTF8_Blended(font, run->text, (SDL_Color){255, 255, 255, 255});
    if (!rendered)
        return; /* nothing to see: only characters without width */
    check(rendered->format->BytesPerPixel == 4);
    copy_coverage(canvas, rendered, canvas->ascent - TTF_FontAscent(font));
    SDL_FreeSurface(rendered);
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

/* Lays the runs side by side; with an image it draws them too. */
static void lay_runs(struct glyphs *g, const struct entry *entry, struct canvas *canvas)
{
    (void)font_at(g, GLYPHS_FALLBACK, entry->size); /* opening one may start the table over: */
    TTF_Font *font = font_at(g, (int)entry->font, entry->size);
    TTF_Font *fallback = font_at(g, GLYPHS_FALLBACK, entry->size); /* now both are in it */
    struct slice rest = entry->text;
    struct run run;
    /* The shaper places mono letters at fractions of a pixel: each goes to its cell alone. */
    size_t most = entry->font == DRAW_FONT_MONO ? 1 : GLYPHS_RUN_OCTETS;
    canvas->width = 0;
    while (canvas->width < GLYPHS_WIDTH_MOST && next_run(font, fallback, most, &rest, &run)) {
        TTF_Font *used = run.is_fallback ? fallback : font;
        int width = 0;
        if (canvas->image)
            draw_run(canvas, used, &run);
        TTF_SizeUTF8(used, run.text, &width, NULL);
        if (entry->font == DRAW_FONT_MONO)
            width = in_cells(font, width, run.is_fallback);
        canvas->width += width;
        canvas->ascent = larger(canvas->ascent, TTF_FontAscent(used));
        canvas->descent = larger(canvas->descent, -TTF_FontDescent(used));
    }
    if (canvas->width > GLYPHS_WIDTH_MOST)
        canvas->width = GLYPHS_WIDTH_MOST;
}

static void measure_entry(struct glyphs *g, struct entry *entry)
{
    struct canvas canvas = {0};
    lay_runs(g, entry, &canvas);
    entry->mask = (struct glyphs_mask){NULL, canvas.width, canvas.ascent};
}

static size_t image_octets(cairo_surface_t *image)
{
    return (size_t)cairo_image_surface_get_stride(image) *
           (size_t)cairo_image_surface_get_height(image);
}

static void render_entry(struct glyphs *g, struct shelf *shelf, struct entry *entry)
{
    struct canvas canvas = {0};
    lay_runs(g, entry, &canvas);
    entry->is_rendered = true;
    if (canvas.width <= 0)
        return;
    int height = canvas.ascent + canvas.descent + 1;
    canvas.image = cairo_image_surface_create(CAIRO_FORMAT_A8, canvas.width, height);
    check(cairo_surface_status(canvas.image) == CAIRO_STATUS_SUCCESS);
    cairo_surface_flush(canvas.image);
    lay_runs(g, entry, &canvas);
    cairo_surface_mark_dirty(canvas.image);
    entry->mask.image = canvas.image;
    shelf->octets += image_octets(canvas.image);
}

static size_t slot_of(const struct shelf *shelf, const struct entry *wanted)
{
    size_t slot = wanted->hash % GLYPHS_SLOTS;
    for (;; slot = (slot + 1) % GLYPHS_SLOTS) {
        if (shelf->slots[slot] == 0)
            return slot;
        const struct entry *entry = &shelf->entries[shelf->slots[slot] - 1];
        if (entry->hash == wanted->hash && entry->font == wanted->font &&
            entry->size == wanted->size && slice_equal(entry->text, wanted->text))
            return slot;
    }
}

static struct entry *shelf_find(const struct shelf *shelf, const struct entry *wanted)
{
    uint16_t number = shelf->slots[slot_of(shelf, wanted)];
    return number > 0 ? &shelf->entries[number - 1] : NULL;
}

static struct entry *shelf_add(struct shelf *shelf, const struct entry *wanted)
{
    size_t slot = slot_of(shelf, wanted);
    struct entry *entry = &shelf->entries[shelf->count++];
    shelf->slots[slot] = (uint16_t)shelf->count;
    *entry = *wanted;
    entry->text = arena_copy(&shelf->arena, wanted->text);
    return entry;
}

static struct entry *entry_at(struct glyphs *g, enum draw_font font, float size, struct slice text)
{
    int pixels = size > 4 ? size < 400 ? (int)lroundf(size) : 400 : 4;
    text = slice_part(text, 0, GLYPHS_TEXT_OCTETS);
    struct entry wanted = {.text = text, .font = font, .size = pixels};
    wanted.hash = slice_hash(text) ^ (uint64_t)(unsigned)(pixels * 4 + (int)font) * 0x9E3779B1u;
    struct shelf *shelf = &g->shelves[g->current];
    struct entry *found = shelf_find(shelf, &wanted);
    if (found)
        return found;
    if (shelf->count == GLYPHS_SHELF_ENTRIES || shelf->octets > GLYPHS_SHELF_OCTETS) {
        g->current = !g->current;
        shelf = &g->shelves[g->current];
        shelf_clear(shelf);
    }
    struct entry *before = shelf_find(&g->shelves[!g->current], &wanted);
    struct entry *entry = shelf_add(shelf, &wanted);
    if (!before) {
        measure_entry(g, entry);
        return entry;
    }
    entry->is_rendered = before->is_rendered;
    entry->mask = before->mask;
    if (entry->mask.image) {
        cairo_surface_reference(entry->mask.image);
        shelf->octets += image_octets(entry->mask.image);
    }
    return entry;
}

float glyphs_measure(void *glyphs, enum draw_font font, float size, struct slice text)
{
    return (float)entry_at(glyphs, font, size, text)->mask.width;
}

struct glyphs_mask glyphs_mask(struct glyphs *g, enum draw_font font, float size, struct slice text)
{
    struct entry *entry = entry_at(g, font, size, text);
    if (!entry->is_rendered)
        render_entry(g, &g->shelves[g->current], entry);
    return entry->mask;
}
