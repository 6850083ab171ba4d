#include "topologies/setting.h"

#include <inttypes.h>

#include "sim/base/vtime.h"
#include "topologies/format.h"
#include "sim/json/json_splice.h"
#include "topologies/load.h"

static struct slice list_json(struct slice text, struct arena *arena)
{
    struct slice part, rest = text, list = SLICE("[");
    while (slice_cut(&rest, ',', &part))
        if (slice_trim(part).size > 0)
            list = arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(list), list.size > 1 ? ", " : "",
                                SLICE_ARG(json_splice_quote(arena, slice_trim(part))));
    return arena_printf(arena, "%.*s]", SLICE_ARG(list));
}

struct slice setting_json(const struct config_key *key, struct slice text, struct arena *arena)
{
    bool is_truth = slice_equal(text, SLICE("true")) || slice_equal(text, SLICE("false"));
    bool takes_number = key->type == CONFIG_NUMBER || key->type == CONFIG_DURATION;
    if ((key->type == CONFIG_BOOL && is_truth) || (takes_number && json_splice_is_number(text)))
        return arena_copy(arena, text);
    return key->type == CONFIG_TEXTS ? list_json(text, arena) : json_splice_quote(arena, text);
}

bool setting_read(const struct config_key *key, struct slice text, struct arena *arena,
                  struct config_value *value, struct problem *problem)
{
    struct json_reader r;
    struct problem found = {0};
    *value = (struct config_value){.key = key};
    if (key->type == CONFIG_HOST || key->type == CONFIG_TEXT || key->type == CONFIG_ADDRESS) {
        value->text = text;
        return true;
    }
    if (!json_reader_init(&r, setting_json(key, text, arena), "", arena, &found))
        return problem_set(problem, "\"%.*s\" is no value for %s",
                           SLICE_ARG(slice_part(text, 0, 60)), key->name);
    bool ok = load_config_value(&r, key, r.root, arena, value);
    json_reader_finish(&r);
    return ok || problem_set(problem, "%s: %s", key->name, found.what);
}

struct slice setting_print(const struct config_value *value, struct arena *arena)
{
    char text[VTIME_TEXT];
    struct slice all = SLICE("");
    switch (value->key->type) {
    case CONFIG_BOOL:
        return value->number ? SLICE("true") : SLICE("false");
    case CONFIG_NUMBER:
        return arena_printf(arena, "%" PRId64, value->number);
    case CONFIG_DURATION:
        return value->number ? arena_copy(arena, vtime_print(value->number, text)) : SLICE("0");
    case CONFIG_WORD:
    case CONFIG_TEXT:
    case CONFIG_HOST:
    case CONFIG_ADDRESS:
        return value->text;
    case CONFIG_TEXTS:
        for (size_t i = 0; i < value->text_count; i++)
            all = arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(all), i ? "," : "",
                               SLICE_ARG(value->texts[i]));
        return all;
    }
    return all;
}
