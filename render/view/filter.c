#include "render/view/filter.h"

static bool has_fold(struct slice all, struct slice part)
{
    for (size_t i = 0; i + part.size <= all.size; i++)
        if (slice_equal_fold(slice_part(all, i, i + part.size), part))
            return true;
    return false;
}

static bool is_in_one(struct slice word, const struct slice *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (has_fold(texts[i], word))
            return true;
    return false;
}

bool filter_lets(struct slice typed, const struct slice *texts, size_t count)
{
    struct slice word;
    while (slice_cut(&typed, ' ', &word))
        if (word.size > 0 && !is_in_one(word, texts, count))
            return false;
    return true;
}
