/* Gives each named file to a fuzzer's entry point, as an ordinary test. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { INPUT_MAX = 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run(const char *path, uint8_t *buffer)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return 1;
    }
    size_t size = fread(buffer, 1, INPUT_MAX, file);
    fclose(file);
    LLVMFuzzerTestOneInput(buffer, size);
    return 0;
}

int main(int argc, char **argv)
{
    uint8_t *buffer = malloc(INPUT_MAX);
    int failed = buffer == NULL || argc < 2; /* an empty corpus tests nothing */
    for (int i = 1; !failed && i < argc; i++)
        failed = run(argv[i], buffer);
    printf("%d inputs\n", argc - 1);
    free(buffer);
    return failed;
}
