#include "support_app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"

enum { WORDS_MAX = 32 };

struct support_result support_run(const char *input, const char *const *words)
{
    struct support_result r = {0};
    char *argv[WORDS_MAX + 2] = {strdup("mailflow")}, *given[WORDS_MAX + 2];
    int argc = 1;
    for (; words[argc - 1] && argc <= WORDS_MAX; argc++)
        argv[argc] = strdup(words[argc - 1]);
    memcpy(given, argv, sizeof given); /* reading options changes the order */
    FILE *in = input && *input ? fmemopen((void *)(size_t)input, strlen(input), "r")
                               : fopen("/dev/null", "r");
    FILE *out = open_memstream(&r.out, &r.out_size), *err = open_memstream(&r.err, &r.err_size);
    r.status = app_main(argc, argv, in, out, err);
    fclose(in);
    fclose(out);
    fclose(err);
    for (int i = 0; i < argc; i++)
        free(given[i]);
    return r;
}

void support_free(struct support_result *result)
{
    free(result->out);
    free(result->err);
}
