#include "sim/trace/event.h"

#define FIELD(type, name) {EVENT_TYPE_##type, #name},
#define KIND(upper, lower, name, meaning, fields)                                                  \
    [EVENT_##upper] = {                                                                            \
        name, meaning, (int)(sizeof(struct event_##lower) / sizeof(uint32_t)), {fields}},

const struct event_kind_row event_kinds[EVENT_KIND_COUNT] = {EVENT_KINDS(KIND, FIELD)};
