/*
 * The window's picture without a window: a moment of a trace as PNG or SVG.
 */
#ifndef APP_PICTURE_H
#define APP_PICTURE_H

#include <stdio.h>

#include "app/command.h"
#include "app/language.h"
#include "render/view/view.h"
#include "sim/base/bytes.h"
#include "sim/trace/log.h"

struct picture_options {
    int64_t t;        /* the moment; PICTURE_END: the end, or with a message when it arrived */
    uint32_t message; /* chosen; 0 none */
    unsigned w, h, scale;
    enum theme_id theme;
    char panel[16];               /* of view_show_only */
    char language[LANGUAGE_NAME]; /* "": none was given: a picture is in English */
    bool has_theme, has_size;     /* they were given */
};
#define PICTURE_END INT64_C(-1)

/* The options' defaults, and what --size, --scale, --theme, --language, --panel, --at and --message
 * say of them. */
bool picture_read_options(const struct command_line *line, struct picture_options *options,
                          struct problem *problem);

/* With nobody's settings, and the same wherever it is made: English if no other is asked for. False
   when there is no such message. */
bool picture_set_up(struct view *view, const struct log *log, const struct picture_options *options,
                    struct problem *problem);

/* By its ending: "a.png", "-.svg". */
bool picture_is_name(struct slice path);
/* Appends the picture, PNG or SVG as the name says. */
bool picture_make(const struct log *log, struct slice name, const struct picture_options *options,
                  struct bytes *out, struct problem *problem);

#endif
