#include "topologies/schema.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "tests/topologies/support_small.h"

enum { SCHEMA_MAX = 1024 * 1024 };

/* With MAILFLOW_WRITE set in the environment the file is written anew instead of compared. */
Test(schema, the_published_file_is_fresh)
{
    struct arena arena;
    struct bytes printed;
    arena_init(&arena);
    bytes_init(&printed, SCHEMA_MAX);
    cr_assert(schema_print(&printed));
    if (getenv("MAILFLOW_WRITE")) {
        FILE *file = fopen(SOURCE_DIR "/topologies/schema.json", "wb");
        cr_assert_not_null(file);
        fwrite(bytes_slice(&printed).data, 1, bytes_size(&printed), file);
        fclose(file);
    }
    cr_expect(slice_equal(bytes_slice(&printed), support_file(&arena, "topologies/schema.json")),
              "topologies/schema.json is out of date: run this test once with MAILFLOW_WRITE=1");
    bytes_finish(&printed);
    arena_finish(&arena);
}

Test(schema, is_json_and_knows_every_setting_of_every_role)
{
    struct bytes printed;
    bytes_init(&printed, SCHEMA_MAX);
    cr_assert(schema_print(&printed));
    struct slice text = bytes_slice(&printed);
    cJSON *root = cJSON_ParseWithLength(text.data, text.size);
    cr_expect_not_null(root);
    cJSON_Delete(root);
    for (size_t i = 0; i < registry_role_count; i++)
        for (size_t k = 0; k < registry_roles[i]->key_count; k++) {
            char key[64];
            snprintf(key, sizeof key, "\"%s\": {", registry_roles[i]->keys[k].name);
            cr_expect_neq(slice_find(text, slice_of(key), 0), SLICE_NONE, "%s", key);
        }
    bytes_finish(&printed);
}

/* The table in the documentation is printed from the same rows. */
Test(schema, the_documentation_lists_every_kind_of_fault)
{
    static const struct slice begin = {"<!-- faults -->\n", 16}, end = {"<!-- end -->\n", 13};
    struct arena arena;
    struct bytes printed, whole;
    arena_init(&arena);
    bytes_init(&printed, SCHEMA_MAX);
    bytes_init(&whole, SCHEMA_MAX);
    cr_assert(schema_print_faults(&printed));
    struct slice doc = support_file(&arena, "docs/topologies.md");
    size_t from = slice_find(doc, begin, 0), to = slice_find(doc, end, 0);
    cr_assert(from != SLICE_NONE && to != SLICE_NONE && from < to);
    from += begin.size;
    if (getenv("MAILFLOW_WRITE")) {
        const struct slice parts[] = {slice_part(doc, 0, from), bytes_slice(&printed),
                                      slice_part(doc, to, doc.size)};
        cr_assert(bytes_append_all(&whole, parts, 3));
        FILE *file = fopen(SOURCE_DIR "/docs/topologies.md", "wb");
        cr_assert_not_null(file);
        fwrite(bytes_slice(&whole).data, 1, bytes_size(&whole), file);
        fclose(file);
    } else {
        cr_expect(slice_equal(slice_part(doc, from, to), bytes_slice(&printed)),
                  "docs/topologies.md is out of date: run this test once with MAILFLOW_WRITE=1");
    }
    bytes_finish(&whole);
    bytes_finish(&printed);
    arena_finish(&arena);
}

Test(schema, says_so_when_there_is_no_room)
{
    struct bytes printed;
    bytes_init(&printed, 100);
    cr_expect_not(schema_print(&printed));
    bytes_finish(&printed);
}
