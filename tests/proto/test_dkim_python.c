/*
 * Another implementation's view: dkimpy verifies what is signed here, notices one changed octet,
 * and signs what is verified here (check_dkim.py).
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "agents/mail/header.h"
#include "sim/base/bytes.h"
#include "tests/proto/support_dkim.h"

enum { OCTETS = 1 << 20, NOW_S = 1740992400 };

/* Debian's own, which has Debian's packages; another python3 may stand before it. */
#define PYTHON "/usr/bin/python3"

TestSuite(dkim_python, .timeout = 120);

static const char letter[] = "From: Alice <alice@example.com>\r\n"
                             "To: bob@example.org\r\n"
                             "Subject: Hello   there\r\n"
                             "\r\n"
                             "Dear Bob,  \r\n\r\n  Hello.\r\n\r\n";

static void skip_without_dkimpy(void)
{
    if (system(PYTHON " -c 'import dkim, nacl' >/dev/null 2>&1") != 0)
        cr_skip_test("python3-dkim is not installed here, so there is no second opinion");
}

static FILE *run(const char *what, const char *path)
{
    char command[1024];
    snprintf(command, sizeof command, PYTHON " -B '%s/tests/proto/check_dkim.py' %s %s 2>&1",
             SOURCE_DIR, what, path);
    FILE *python = popen(command, "r");
    cr_assert(python);
    return python;
}

/* One message of the file: signed here, and then with `changed` octets of its body another. */
static void add_message(FILE *file, enum dkim_algorithm algorithm, bool is_simple, bool is_changed)
{
    struct random random;
    struct arena arena;
    struct bytes out;
    struct slice header, body;
    arena_init(&arena);
    bytes_init(&out, OCTETS);
    random_init(&random, 42, SLICE("dkim"));
    struct dkim_secret *secret = dkim_secret_create(algorithm, &random);
    header_split(slice_of(letter), &header, &body);
    struct dkim_signing signing = {secret, SLICE("example.com"), SLICE("mail"), is_simple, NOW_S};
    cr_assert(dkim_sign(&signing, header, body, &out));
    bytes_append(&out, slice_of(letter));
    if (is_changed)
        bytes_tail(&out, 8)[0] = 'J';
    struct slice record = dkim_secret_record(secret, &arena);
    fprintf(file, "%.*s\n%zu\n", SLICE_ARG(record), bytes_size(&out));
    fwrite(bytes_slice(&out).data, 1, bytes_size(&out), file);
    dkim_secret_destroy(secret);
    bytes_finish(&out);
    arena_finish(&arena);
}

Test(dkim_python, another_implementation_believes_our_signatures_and_no_changed_octet)
{
    char path[] = "/tmp/mailflow-dkim-XXXXXX", line[256];
    skip_without_dkimpy();
    FILE *file = fdopen(mkstemp(path), "wb");
    cr_assert(file);
    for (int i = 0; i < 8; i++)
        add_message(file, i & 1 ? DKIM_RSA_SHA256 : DKIM_ED25519_SHA256, i & 2, i & 4);
    fclose(file);
    FILE *python = run("verify", path);
    for (int i = 0; i < 8; i++) {
        cr_assert(fgets(line, sizeof line, python));
        cr_assert_str_eq(line, i & 4 ? "fail\n" : "pass\n", "message %d", i);
    }
    cr_assert_eq(pclose(python), 0);
    unlink(path);
}

/* The whole of a small file. */
static struct slice read_all(const char *path, char *octets, size_t size)
{
    FILE *file = fopen(path, "rb");
    cr_assert(file);
    struct slice all = {octets, fread(octets, 1, size, file)};
    fclose(file);
    return all;
}

Test(dkim_python, we_believe_the_signatures_of_another_implementation)
{
    char path[] = "/tmp/mailflow-dkim-XXXXXX", record[1024];
    struct slice line;
    uint64_t size;
    int count = 0;
    skip_without_dkimpy();
    close(mkstemp(path));
    cr_assert_eq(pclose(run("sign", path)), 0);
    char *octets = malloc(OCTETS);
    struct slice all = read_all(path, octets, OCTETS);
    while (slice_cut(&all, '\n', &line)) {
        const char *why;
        snprintf(record, sizeof record, "%.*s", SLICE_ARG(line));
        cr_assert(slice_cut(&all, '\n', &line) && slice_to_u64(line, &size) && size <= all.size);
        struct slice content = slice_part(all, 0, (size_t)size);
        cr_assert_eq(support_dkim_verify(content, 1, record, time(NULL), &why), DKIM_PASS,
                     "%d: %s\n%.*s", count, why, SLICE_ARG(content));
        all = slice_part(all, (size_t)size, all.size);
        count++;
    }
    cr_assert_eq(count, 16);
    free(octets);
    unlink(path);
}
