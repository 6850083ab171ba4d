#include "render/view/decoded.h"

#include "agents/mail/mime.h"

enum { ENTRIES_MOST = 256, TEXTS_MOST = 1 << 20 }; /* then all are forgotten */

void decoded_init(struct decoded *decoded)
{
    bytes_init(&decoded->texts, SIZE_MAX);
}

void decoded_finish(struct decoded *decoded)
{
    vector_finish(&decoded->entries);
    bytes_finish(&decoded->texts);
}

static struct slice text_at(const struct decoded *decoded, size_t at, size_t size)
{
    return slice_part(bytes_slice(&decoded->texts), at, at + size);
}

static const struct decoded_entry *find(const struct decoded *decoded, struct slice value,
                                        struct slice name, uint64_t hash)
{
    for (size_t i = 0; i < decoded->entries.count; i++) {
        const struct decoded_entry *e = &decoded->entries.items[i];
        if (e->hash == hash && slice_equal(e->name, name) &&
            slice_equal(text_at(decoded, e->at, e->written_size), value))
            return e;
    }
    return NULL;
}

static const struct decoded_entry *add(struct decoded *decoded, struct slice value,
                                       struct slice name, uint64_t hash)
{
    if (decoded->entries.count == ENTRIES_MOST || bytes_size(&decoded->texts) > TEXTS_MOST) {
        vector_clear(&decoded->entries);
        bytes_clear(&decoded->texts);
    }
    struct decoded_entry *e = vector_add(&decoded->entries);
    *e = (struct decoded_entry){
        .name = name, .at = bytes_size(&decoded->texts), .written_size = value.size, .hash = hash};
    (void)bytes_append(&decoded->texts, value);
    e->is_good = name.size ? mime_parameter(value, name, &decoded->texts)
                           : mime_decode_words(value, &decoded->texts);
    e->size = bytes_size(&decoded->texts) - e->at - value.size;
    return e;
}

bool decoded_get(struct decoded *decoded, struct slice value, struct slice name, struct slice *text)
{
    uint64_t hash = slice_hash(value) + slice_hash(name);
    const struct decoded_entry *e = find(decoded, value, name, hash);
    if (!e)
        e = add(decoded, value, name, hash);
    *text = text_at(decoded, e->at + e->written_size, e->size);
    return e->is_good;
}
