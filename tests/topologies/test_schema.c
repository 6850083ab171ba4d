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

Test(schema, says_so_when_there_is_no_room)
{
    struct bytes printed;
    bytes_init(&printed, 100);
    cr_expect_not(schema_print(&printed));
    bytes_finish(&printed);
}
