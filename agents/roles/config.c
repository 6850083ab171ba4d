#include "agents/roles/config.h"

#include "sim/base/check.h"

const struct config_value *config_get(const struct config *c, const char *name)
{
    const struct config_value *found = NULL;
    for (size_t i = 0; i < c->count && !found; i++)
        if (slice_equal(slice_of(c->values[i].key->name), slice_of(name)))
            found = &c->values[i];
    check(found);
    return found;
}

bool config_bool(const struct config *c, const char *name)
{
    return config_get(c, name)->number != 0;
}

int64_t config_number(const struct config *c, const char *name)
{
    return config_get(c, name)->number;
}

struct slice config_text(const struct config *c, const char *name)
{
    return config_get(c, name)->text;
}
