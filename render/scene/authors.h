/*
 * Who put which field into a header: the trace knows, because it has the header at each stage of a
 * message (stages.h).
 */
#ifndef RENDER_SCENE_AUTHORS_H
#define RENDER_SCENE_AUTHORS_H

#include "render/scene/stages.h"

enum { AUTHORS_FIELDS_MAX = 300, AUTHORS_NO_EVENT = UINT32_MAX };

struct authors {
    uint32_t event; /* of the stage whose header it is */
    size_t count;   /* fields; of a longer header the first ones */
    uint32_t places[AUTHORS_FIELDS_MAX];
};

/* Of the header at stage `at` of the message that the stages list. */
void authors_read(struct authors *authors, const struct stages *stages, const struct log *log,
                  size_t at);

#endif
