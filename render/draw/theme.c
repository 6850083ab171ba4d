#include "render/draw/theme.h"

/*
 * Light is warm paper with white cards; dark is a deep blue-grey, with cards lighter than the
 * ground; projector is black on white, since a beamer in a bright room washes out all that is pale.
 * What good, waiting and bad say is also text somewhere, so they keep the contrast of text.
 */
static const struct theme themes[THEME_COUNT] = {
    [THEME_LIGHT] =
        {
            .name = "light",
            .ground = 0xF5F3EEFF,
            .panel = 0xFBFAF8FF,
            .panel_edge = 0xDCD7CDFF,
            .card = 0xFFFFFFFF,
            .card_edge = 0xC9C3B7FF,
            .ink = 0x1F252DFF,
            .ink_soft = 0x4A525DFF,
            .ink_faint = 0x5A616BFF,
            .accent = 0x0B62A8FF,
            .accent_soft = 0xDDEAF6FF,
            .push = 0x2C3540FF,
            .pull = 0x2C3540FF,
            .good = 0x00714FFF,
            .waiting = 0x8A5600FF,
            .bad = 0xB04300FF,
            .link = 0x7D838CFF,
            .link_cut = 0xB04300FF,
            .shadow = 0x2A241C2E,
            .token = 0xFFF7DFFF,
            .token_edge = 0x1F252DFF,
            .slip = 0xFFE9A8FF,
            .tints = {0xE4EEF6FF, 0xE3F0E8FF, 0xFAEEDAFF, 0xF5E7EFFF, 0xF2F0D5FF, 0xE9E8EEFF},
            .size_small = 12,
            .size_text = 14,
            .size_title = 18,
            .size_mono = 13,
            .line = 2,
            .mark_edge = 0x1F252DFF,
        },
    [THEME_DARK] =
        {
            .name = "dark",
            .ground = 0x131922FF,
            .panel = 0x19212CFF,
            .panel_edge = 0x2E3947FF,
            .card = 0x222C39FF,
            .card_edge = 0x435062FF,
            .ink = 0xE8ECF1FF,
            .ink_soft = 0xB9C3CFFF,
            .ink_faint = 0x97A3B2FF,
            .accent = 0x6FB8F5FF,
            .accent_soft = 0x1E3A56FF,
            .push = 0xDDE4ECFF,
            .pull = 0xDDE4ECFF,
            .good = 0x4BD2A5FF,
            .waiting = 0xF2B84BFF,
            .bad = 0xFF976AFF,
            .link = 0x758394FF,
            .link_cut = 0xFF976AFF,
            .shadow = 0x00000080,
            .token = 0xFFF4D6FF,
            .token_edge = 0x10151DFF,
            .slip = 0xFFDF8FFF,
            .tints = {0x182838FF, 0x172C28FF, 0x2E271BFF, 0x2C2130FF, 0x29291BFF, 0x222833FF},
            .size_small = 12,
            .size_text = 14,
            .size_title = 18,
            .size_mono = 13,
            .line = 2,
            .mark_edge = 0xE8ECF1FF,
        },
    [THEME_PROJECTOR] =
        {
            .name = "projector",
            .ground = 0xFFFFFFFF,
            .panel = 0xFFFFFFFF,
            .panel_edge = 0x767676FF,
            .card = 0xFFFFFFFF,
            .card_edge = 0x444444FF,
            .ink = 0x000000FF,
            .ink_soft = 0x2B2F34FF,
            .ink_faint = 0x474C53FF,
            .accent = 0x00509AFF,
            .accent_soft = 0xD3E5F6FF,
            .push = 0x000000FF,
            .pull = 0x000000FF,
            .good = 0x005F42FF,
            .waiting = 0x704500FF,
            .bad = 0x9C3A00FF,
            .link = 0x5A6068FF,
            .link_cut = 0x9C3A00FF,
            .shadow = 0x00000038,
            .token = 0xFFF1C4FF,
            .token_edge = 0x000000FF,
            .slip = 0xFFD966FF,
            .tints = {0xDAE9F5FF, 0xD9EEE2FF, 0xFAE6C4FF, 0xF2DDE9FF, 0xEFEBBEFF, 0xE3E2EBFF},
            .size_small = 17,
            .size_text = 20,
            .size_title = 25,
            .size_mono = 18,
            .line = 3,
            .mark_edge = 0x000000FF,
        },
};

#define THEME_DARK_INK 0x14181DFF

/* Fills are Okabe and Ito's; letters are white only where white can be read on them. */
static const struct theme_mark marks[] = {
    {"mua", "U", "MUA", THEME_SHAPE_CIRCLE, 0x0072B2FF, THEME_DARK_INK, 0xFFFFFFFF},
    {"web", "W", "Webmail", THEME_SHAPE_CIRCLE, 0x0072B2FF, THEME_DARK_INK, 0xFFFFFFFF},
    {"browser", "B", "Browser", THEME_SHAPE_CIRCLE, 0x0072B2FF, THEME_DARK_INK, 0xFFFFFFFF},
    {"robot", "R", "Robot", THEME_SHAPE_CIRCLE, 0x0072B2FF, THEME_DARK_INK, 0xFFFFFFFF},
    {"msa", "S", "MSA", THEME_SHAPE_PENTAGON, 0x56B4E9FF, THEME_DARK_INK, THEME_DARK_INK},
    {"mta", "T", "MTA", THEME_SHAPE_SQUARE, 0x009E73FF, THEME_DARK_INK, THEME_DARK_INK},
    {"mda", "D", "MDA", THEME_SHAPE_DIAMOND, 0xCC79A7FF, THEME_DARK_INK, THEME_DARK_INK},
    {"store", "", "Store", THEME_SHAPE_CYLINDER, 0xFFFFFFFF, THEME_DARK_INK, THEME_DARK_INK},
    {"access", "A", "Access", THEME_SHAPE_TAB, 0xFFFFFFFF, THEME_DARK_INK, THEME_DARK_INK},
    {"mra", "R", "MRA", THEME_SHAPE_HEXAGON, 0xE69F00FF, THEME_DARK_INK, THEME_DARK_INK},
    {"list", "M", "List", THEME_SHAPE_TRAPEZIUM, 0xF0E442FF, THEME_DARK_INK, THEME_DARK_INK},
    {"vacation", "V", "Vacation", THEME_SHAPE_TRAPEZIUM, 0xF0E442FF, THEME_DARK_INK,
     THEME_DARK_INK},
    {"filter", "F", "Filter", THEME_SHAPE_TRAPEZIUM, 0xF0E442FF, THEME_DARK_INK, THEME_DARK_INK},
    {"tap", "X", "Tap", THEME_SHAPE_TRIANGLE, 0xD55E00FF, THEME_DARK_INK, THEME_DARK_INK},
    {"middlebox", "X", "Middlebox", THEME_SHAPE_TRIANGLE, 0xD55E00FF, THEME_DARK_INK,
     THEME_DARK_INK},
    {"knocker", "K", "Knocker", THEME_SHAPE_TRIANGLE, 0xD55E00FF, THEME_DARK_INK, THEME_DARK_INK},
    {"firewall", "", "Firewall", THEME_SHAPE_WALL, 0xD9DDE2FF, THEME_DARK_INK, THEME_DARK_INK},
    {"console", ">", "Console", THEME_SHAPE_CIRCLE, 0xD9DDE2FF, THEME_DARK_INK, THEME_DARK_INK},
    {"resolver", "R", "Resolver", THEME_SHAPE_OCTAGON, 0xD9DDE2FF, THEME_DARK_INK, THEME_DARK_INK},
    {"dns", "N", "DNS", THEME_SHAPE_OCTAGON, 0xD9DDE2FF, THEME_DARK_INK, THEME_DARK_INK},
};

const struct theme *theme_get(enum theme_id id)
{
    return &themes[id];
}

bool theme_find(struct slice name, enum theme_id *id)
{
    for (int i = 0; i < THEME_COUNT; i++) {
        if (slice_equal(name, slice_of(themes[i].name))) {
            *id = (enum theme_id)i;
            return true;
        }
    }
    return false;
}

const struct theme_mark *theme_mark(struct slice role)
{
    static const struct theme_mark unknown = {
        "", "?", "?", THEME_SHAPE_CIRCLE, 0xD9DDE2FF, THEME_DARK_INK, THEME_DARK_INK};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (slice_equal(role, slice_of(marks[i].role)))
            return &marks[i];
    return &unknown;
}

size_t theme_mark_count(void)
{
    return sizeof marks / sizeof marks[0];
}

const struct theme_mark *theme_mark_at(size_t i)
{
    return &marks[i];
}
