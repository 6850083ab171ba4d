/*
 * Private to this folder: values of header fields as people read them, each decoded once and kept,
 * as it is shown in every frame.
 */
#ifndef RENDER_VIEW_DECODED_H
#define RENDER_VIEW_DECODED_H

#include "sim/base/bytes.h"
#include "sim/base/vector.h"

struct decoded_entry {
    struct slice name;
    size_t at, written_size, size; /* in texts: as it is written, then decoded */
    uint64_t hash;
    bool is_good;
};

struct decoded {
    VECTOR(struct decoded_entry) entries;
    struct bytes texts;
};

/* For one that is zeroed. */
void decoded_init(struct decoded *decoded);
void decoded_finish(struct decoded *decoded);
/*
 * The parameter `name` of a value (RFC 2231), or, with "", the value with its encoded words
 * decoded (RFC 2047); the name is to last. False when there is none, or it can't be decoded. The
 * text is good until the next call.
 */
bool decoded_get(struct decoded *decoded, struct slice value, struct slice name,
                 struct slice *text);

#endif
