#include "render/view/words_say.h"

#include <inttypes.h>
#include <string.h>

static const struct words_hole *find(const struct words_hole *holes, struct slice name)
{
    for (; holes->name; holes++)
        if (slice_equal(name, slice_of(holes->name)))
            return holes;
    return NULL;
}

/* The next part of the sentence: the text of a hole, or what stands before the next brace. */
static struct slice cut_part(struct slice *rest, const struct words_hole *holes)
{
    size_t close = rest->data[0] == '{' ? slice_find_octet(*rest, '}', 0) : SLICE_NONE;
    const struct words_hole *hole =
        close == SLICE_NONE ? NULL : find(holes, slice_part(*rest, 1, close));
    size_t open = slice_find_octet(*rest, '{', 1);
    size_t size = hole ? close + 1 : open == SLICE_NONE ? rest->size : open;
    struct slice part = hole ? hole->text : slice_part(*rest, 0, size);
    *rest = slice_part(*rest, size, rest->size);
    return part;
}

struct slice words_say(struct arena *arena, const char *sentence, const struct words_hole *holes)
{
    size_t size = 0;
    for (struct slice rest = slice_of(sentence); rest.size > 0;)
        size += cut_part(&rest, holes).size;
    char *text = arena_take(arena, size + 1), *to = text;
    for (struct slice rest = slice_of(sentence); rest.size > 0;) {
        struct slice part = cut_part(&rest, holes);
        if (part.size)
            memcpy(to, part.data, part.size);
        to += part.size;
    }
    *to = '\0';
    return (struct slice){text, size};
}

struct slice words_number(struct arena *arena, uint32_t number)
{
    return arena_printf(arena, "%" PRIu32, number);
}
