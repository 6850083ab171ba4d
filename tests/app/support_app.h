/* Runs the command in this process and keeps what it says. */
#ifndef TESTS_APP_SUPPORT_APP_H
#define TESTS_APP_SUPPORT_APP_H

#include <stddef.h>

struct support_result {
    int status;
    char *out, *err; /* to be given back with support_free */
    size_t out_size, err_size;
};

#define SUPPORT_TWO_TOWNS SOURCE_DIR "/topologies/two-towns.json"

/* Words after "mailflow", ended by NULL; `input` is standard input, NULL for an empty one. */
struct support_result support_run(const char *input, const char *const *words);
void support_free(struct support_result *result);

#define SUPPORT_RUN(...) support_run(NULL, (const char *const[]){__VA_ARGS__, NULL})

#endif
