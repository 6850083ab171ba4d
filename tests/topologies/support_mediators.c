#include "support_mediators.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "sim/base/bytes.h"

enum { JSON_MAX = 4 * 1024 * 1024, PATTERNS = 8, PATTERN_MAX = 192 };

static const char *or_nothing(const char *text)
{
    return text ? text : "";
}

static void put_town(struct bytes *json, char town, int net, const char *mta, const char *mda,
                     const char *store, const char *agents)
{
    cr_assert(bytes_printf(
        json,
        "{\"id\":\"pc-%c\",\"name\":\"pc.%c.test\",\"addr\":\"10.%d.0.10\",\"agents\":[{\"role\":"
        "\"mua\",\"config\":{\"user\":\"u@%c.test\",\"outgoing\":\"mx.%c.test\",\"port\":25,"
        "\"auth\":false,\"incoming\":\"mx.%c.test\"}}]},"
        "{\"id\":\"mx-%c\",\"name\":\"mx.%c.test\",\"addr\":\"10.%d.0.25\",\"agents\":[{\"id\":"
        "\"mta-%c\",\"role\":\"mta\",\"config\":{\"local\":[\"%c.test\"],\"relay_from\":[\"10.%d.0."
        "0/16\"]%s}},{\"id\":\"mda-%c\",\"role\":\"mda\",\"config\":{%s}},{\"id\":\"store-%c\","
        "\"role\":\"store\",\"config\":{%s}}%s]}",
        town, town, net, town, town, town, town, town, net, town, town, net, or_nothing(mta), town,
        or_nothing(mda), town, or_nothing(store), or_nothing(agents)));
}

struct world *support_towns(const struct support_towns *t)
{
    struct bytes json;
    bytes_init(&json, JSON_MAX);
    cr_assert(bytes_append(&json, SLICE("{\"format\":1,\"hosts\":[")));
    put_town(&json, 'a', 1, t->mta_a, t->mda_a, t->store_a, t->agents_a);
    cr_assert(bytes_append(&json, SLICE(",")));
    put_town(&json, 'b', 2, t->mta_b, t->mda_b, NULL, t->agents_b);
    cr_assert(bytes_printf(
        &json,
        ",{\"id\":\"ns\",\"name\":\"ns.test\",\"addr\":\"10.9.0.53\",\"agents\":[{\"role\":\"dns\"}"
        "]"
        "}],\"links\":[{\"a\":\"pc-a\",\"b\":\"mx-a\"},{\"a\":\"pc-b\",\"b\":\"mx-b\"},{\"a\":\"mx-"
        "a\",\"b\":\"mx-b\"},{\"a\":\"mx-a\",\"b\":\"ns\"}],\"dns\":[{\"name\":\"a.test\",\"type\":"
        "\"MX\",\"pref\":10,\"data\":\"mx.a.test\"},{\"name\":\"b.test\",\"type\":\"MX\",\"pref\":"
        "10,\"data\":\"mx.b.test\"}],\"users\":[{\"address\":\"u@a.test\",\"name\":\"Uma\"},"
        "{\"address\":\"u@b.test\",\"name\":\"Ugo\"}%s]}",
        or_nothing(t->users)));
    struct world *world = support_world_of(bytes_slice(&json), 1);
    bytes_finish(&json);
    return world;
}

uint32_t support_send(struct world *world, const char *to, const char *subject)
{
    struct bytes action;
    bytes_init(&action, JSON_MAX);
    cr_assert(bytes_printf(&action, "send from=u@a.test to=%s subject=\"%s\"", to, subject));
    cr_assert(bytes_append_octet(&action, '\0'));
    support_do(world, world_now(world), bytes_slice(&action).data);
    bytes_finish(&action);
    world_run_quiet(world, VTIME_NEVER);
    support_check_conservation(world_log(world));
    return support_message(world_log(world), subject);
}

const char *support_pattern(const char *form, uint32_t number)
{
    static char texts[PATTERNS][PATTERN_MAX];
    static unsigned next;
    char *text = texts[next++ % PATTERNS];
    const char *mark = strchr(form, '#');
    cr_assert(mark && strlen(form) + 11 < PATTERN_MAX, "%s", form);
    snprintf(text, PATTERN_MAX, "%.*s%u%s", (int)(mark - form), form, (unsigned)number, mark + 1);
    return text;
}
