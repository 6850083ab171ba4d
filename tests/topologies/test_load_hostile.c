#include "topologies/topology.h"

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "sim/base/random.h"
#include "tests/topologies/support_small.h"

static bool read_text(struct slice json)
{
    struct topology t;
    struct problem problem = {0};
    char line[PROBLEM_LINE];
    bool is_good = topology_read(&t, json, "t.json", &problem);
    if (is_good)
        topology_finish(&t);
    else
        cr_expect(problem.what[0] && problem_line(&problem, line)[0], "a problem says what it is");
    return is_good;
}

Test(load_hostile, no_file_cut_short_is_taken_or_breaks_anything)
{
    struct arena arena;
    arena_init(&arena);
    struct slice whole = slice_trim(support_file(&arena, "topologies/two-towns.json"));
    cr_assert(read_text(whole));
    for (size_t size = 0; size < whole.size; size++) {
        /* A block of just this size, so that the sanitizer sees one octet too far. */
        char *part = malloc(size ? size : 1);
        memcpy(part, whole.data, size);
        cr_expect_not(read_text((struct slice){part, size}), "cut at %zu", size);
        free(part);
    }
    arena_finish(&arena);
}

/* Changes, drops or doubles a few octets, or puts a piece of the text somewhere else. */
static size_t mutate(struct random *random, struct slice whole, char *text)
{
    static const char likely[] = "{}[]\",:0129.-eE\\u\0\x80\xFFnt ";
    size_t size = whole.size;
    memcpy(text, whole.data, size);
    for (uint64_t n = 1 + random_below(random, 4); n > 0; n--) {
        size_t at = random_below(random, size), from = random_below(random, size);
        size_t piece = random_below(random, 40);
        piece = at + piece > size || from + piece > size ? 1 : piece;
        switch (random_below(random, 4)) {
        case 0:
            text[at] = (char)random_below(random, 256);
            break;
        case 1:
            text[at] = likely[random_below(random, sizeof likely - 1)];
            break;
        case 2:
            memmove(text + at, text + from, piece);
            break;
        default:
            memmove(text + at, text + at + piece, size - at - piece);
            size -= piece;
        }
        if (size < 2)
            break;
    }
    return size;
}

Test(load_hostile, no_spoilt_file_breaks_anything)
{
    enum { ROUNDS = 4000 };
    static const char *const names[] = {"topologies/two-towns.json", "topologies/one-host.json",
                                        "topologies/three-relays.json",
                                        "topologies/backup-mx.json"};
    struct arena arena;
    struct random random;
    size_t good = 0;
    arena_init(&arena);
    random_init(&random, 1, SLICE("spoil"));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct slice whole = support_file(&arena, names[i]);
        char *text = arena_take(&arena, whole.size);
        for (int round = 0; round < ROUNDS / 4; round++)
            good += read_text((struct slice){text, mutate(&random, whole, text)});
    }
    cr_expect_lt(good, ROUNDS / 2, "%zu of %d spoilt files were taken", good, ROUNDS);
    cr_expect_gt(good, 0, "a changed letter in a title harms nobody");
    arena_finish(&arena);
}

Test(load_hostile, a_value_of_the_wrong_type_anywhere_is_a_problem)
{
    static const char *const wrong[] = {"null", "[[]]", "{\"z\": 1}", "-1", "1e999", "\"\\u0001\""};
    struct slice whole = slice_of(support_small);
    struct arena arena;
    arena_init(&arena);
    for (size_t at = slice_find(whole, SLICE("\": "), 0); at != SLICE_NONE;
         at = slice_find(whole, SLICE("\": "), at + 1))
        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
            /* What stood there becomes the value of a key that nobody knows. */
            struct slice json = arena_printf(&arena, "%.*s%s, \"unknown\": %s", (int)(at + 3),
                                             whole.data, wrong[i], whole.data + at + 3);
            cr_expect_not(read_text(json), "%s at %zu", wrong[i], at);
        }
    arena_finish(&arena);
}

Test(load_hostile, the_size_and_the_number_of_values_are_bounded)
{
    char *text = malloc(TOPOLOGY_FILE_MAX + 1);
    char line[PROBLEM_LINE];
    memset(text, ' ', TOPOLOGY_FILE_MAX + 1);
    cr_expect_str_eq(support_problem((struct slice){text, TOPOLOGY_FILE_MAX + 1}, line),
                     "t.json: too large, expected a topology of at most 16777216 octets");
    for (size_t i = 0; i < TOPOLOGY_FILE_MAX; i += 2)
        memcpy(text + i, i ? ",1" : "[1", 2);
    text[0] = '[';
    cr_expect_str_eq(support_problem((struct slice){text, TOPOLOGY_FILE_MAX}, line),
                     "t.json:1:4000000: too many values, expected at most 2000000");
    memset(text, '[', TOPOLOGY_FILE_MAX);
    cr_expect_str_eq(support_problem((struct slice){text, TOPOLOGY_FILE_MAX}, line),
                     "t.json:1:65: broken JSON: expected at most 64 levels of lists and objects, "
                     "found \"[\"");
    free(text);
}
