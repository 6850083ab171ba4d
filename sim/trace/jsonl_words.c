#include "sim/trace/jsonl_words.h"

#include <string.h>

_Static_assert((int)EVENT_KIND_COUNT < UINT8_MAX && (int)EVENT_KIND_COUNT * 2 < JSONL_WORDS_SLOTS,
               "a kind fits into a slot, and half of them stay free");

static size_t slot_of(const struct jsonl_words *words, const char *name)
{
    uint32_t hash = 0;
    for (const char *c = name; *c; c++)
        hash = (hash ^ (unsigned char)*c) * UINT32_C(0x01000193);
    size_t slot = (hash ^ hash >> 15) % JSONL_WORDS_SLOTS;
    while (words->slots[slot] && strcmp(event_kinds[words->slots[slot] - 1].name, name) != 0)
        slot = (slot + 1) % JSONL_WORDS_SLOTS;
    return slot;
}

void jsonl_words_init(struct jsonl_words *words)
{
    *words = (struct jsonl_words){0};
    for (int kind = 0; kind < EVENT_KIND_COUNT; kind++)
        words->slots[slot_of(words, event_kinds[kind].name)] = (uint8_t)(kind + 1);
}

bool jsonl_words_find(const struct jsonl_words *words, const char *name, enum event_kind *kind)
{
    uint8_t found = words->slots[slot_of(words, name)];
    *kind = (enum event_kind)(found ? found - 1 : 0);
    return found != 0;
}

/* What was added to a kind that was there already; docs/trace-format.md lists it. */
static const struct {
    enum event_kind kind;
    const char *field;
    bool is_quiet;
} later[] = {{EVENT_ADMD, "gone", true},
             {EVENT_FAULT, "args", false},
             {EVENT_CONF, "link", false},
             {EVENT_REMOVE, "at", false},
             {EVENT_TAMPER, "onto", false}};

static int find_later(enum event_kind kind, int field)
{
    for (size_t i = 0; i < sizeof later / sizeof *later; i++)
        if (later[i].kind == kind &&
            strcmp(event_kinds[kind].fields[field].name, later[i].field) == 0)
            return (int)i;
    return -1;
}

bool jsonl_is_later(enum event_kind kind, int field)
{
    return find_later(kind, field) >= 0;
}

bool jsonl_is_quiet(enum event_kind kind, int field)
{
    int i = find_later(kind, field);
    return i >= 0 && later[i].is_quiet;
}
