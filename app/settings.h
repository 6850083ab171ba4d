/*
 * What a person likes, kept in $XDG_CONFIG_HOME/mailflow/settings.json: read at the start, written
 * when it changes. A file that can't be read counts for nothing, with one line that says so; keys
 * that are not known here stay in it.
 */
#ifndef APP_SETTINGS_H
#define APP_SETTINGS_H

#include "render/view/view.h"
#include "sim/base/problem.h"

struct settings {
    struct view_settings view;
    int w, h; /* of the window; 0: not set */
    char path[4096];
    char *rest; /* the file as it was, for what is not known here; NULL none */
};

enum { SETTINGS_SIDE_LEAST = 320, SETTINGS_SIDE_MOST = 16000 };

/* Always gives settings, to be given back. False: the file was not understood, and why. */
bool settings_load(struct settings *settings, const char *path, struct problem *problem);
/* The same at its place in the person's home. True also when there is none. */
bool settings_find(struct settings *settings, struct problem *problem);
void settings_finish(struct settings *settings);
/* Writes them where they came from. */
bool settings_save(struct settings *settings, struct problem *problem);

#endif
