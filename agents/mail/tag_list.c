#include "agents/mail/tag_list.h"

static bool is_letter(char c)
{
    return slice_lower(c) >= 'a' && slice_lower(c) <= 'z';
}

/* RFC 6376 3.2: ALPHA *( ALPHA / DIGIT / "_" ) */
static bool is_name(struct slice name)
{
    for (size_t i = 0; i < name.size; i++) {
        char c = name.data[i];
        if (!is_letter(c) && (i == 0 || !((c >= '0' && c <= '9') || c == '_')))
            return false;
    }
    return name.size > 0;
}

bool tag_list_next(struct slice *list, struct tag *tag)
{
    struct slice part;
    if (!slice_cut(list, ';', &part))
        return false;
    size_t equals = slice_find_octet(part, '=', 0);
    *tag = (struct tag){.name = SLICE("")};
    if (equals == SLICE_NONE) {
        tag->value = slice_trim(part);
        return true;
    }
    struct slice name = slice_trim(slice_part(part, 0, equals));
    tag->raw = slice_part(part, equals + 1, part.size);
    tag->value = slice_trim(tag->raw);
    if (is_name(name))
        tag->name = name;
    return true;
}

/* Nothing may stand behind the last semicolon, but blanks may. */
bool tag_list_is_valid(struct slice list)
{
    struct slice names[TAG_LIST_MAX];
    struct tag tag;
    size_t count = 0;
    while (tag_list_next(&list, &tag)) {
        if (tag.name.size == 0 && tag.value.size == 0 && !tag.raw.data && list.size == 0)
            break;
        if (tag.name.size == 0 || count == TAG_LIST_MAX)
            return false;
        for (size_t i = 0; i < count; i++)
            if (slice_equal(names[i], tag.name))
                return false;
        names[count++] = tag.name;
    }
    return count > 0;
}

bool tag_list_find(struct slice list, const char *name, struct slice *value)
{
    struct tag tag;
    *value = SLICE("");
    while (tag_list_next(&list, &tag))
        if (slice_equal(tag.name, slice_of(name))) {
            *value = tag.value;
            return true;
        }
    return false;
}

bool tag_list_next_item(struct slice *list, struct slice *item)
{
    if (!slice_cut(list, ':', item))
        return false;
    *item = slice_trim(*item);
    return true;
}

bool tag_list_has_item(struct slice list, const char *item)
{
    struct slice found;
    while (tag_list_next_item(&list, &found))
        if (slice_equal_fold(found, slice_of(item)))
            return true;
    return false;
}
