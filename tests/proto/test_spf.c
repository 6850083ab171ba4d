#include "agents/proto/spf.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * tests/proto/spf_cases.txt says what each record means for each client; its head explains the
 * form. Each row is told with its clause when it fails.
 */

TestSuite(spf);

enum { ROWS_MAX = 512, WORDS_MAX = 6 };

struct row {
    char *name, *type, *data; /* type "SERVFAIL": data is the type that can't be had */
};

struct zones {
    struct row rows[ROWS_MAX];
    size_t count;
};

/* Splits words off the front of a line; gives the rest. */
static char *cut_words(char *line, char *words[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        words[i] = line;
        line += strcspn(line, " ");
        if (*line)
            *line++ = '\0';
    }
    return line;
}

static size_t unescape(char *text)
{
    char *to = text;
    for (const char *from = text; *from; to++) {
        if (from[0] == '\\' && from[1] == 'x') {
            *to = (char)strtol((char[]){from[2], from[3], '\0'}, NULL, 16);
            from += 4;
        } else {
            *to = *from++;
        }
    }
    return (size_t)(to - text);
}

static const struct row *find(const struct zones *z, struct slice name, const char *type,
                              size_t from)
{
    for (size_t i = from; i < z->count; i++)
        if (slice_equal_fold(slice_of(z->rows[i].name), name) && !strcmp(z->rows[i].type, type))
            return &z->rows[i];
    return NULL;
}

static struct dns_record make_record(const struct row *row, unsigned type, struct arena *arena)
{
    struct dns_record r = {.type = type};
    struct slice data = arena_copy(arena, slice_of(row->data));
    char address[16];
    switch (type) {
    case DNS_TYPE_A:
    case DNS_TYPE_AAAA:
        cr_assert_eq(inet_pton(type == DNS_TYPE_A ? AF_INET : AF_INET6, data.data, address), 1);
        r.data = arena_copy(arena, (struct slice){address, type == DNS_TYPE_A ? 4 : 16});
        break;
    case DNS_TYPE_MX:
        r.preference = (uint16_t)atoi(data.data);
        r.target = slice_of(strchr(data.data, ' ') + 1);
        r.target = slice_equal(r.target, SLICE(".")) ? SLICE("") : r.target;
        break;
    case DNS_TYPE_PTR:
        r.target = data;
        break;
    default:
        r.data = (struct slice){data.data, unescape((char *)data.data)};
        break;
    }
    return r;
}

static void answer(struct spf *spf, const struct zones *z, const struct spf_question *q,
                   struct arena *arena)
{
    char text[16];
    struct dns_record records[32];
    size_t count = 0;
    const char *type = dns_type_name(q->type, text);
    struct slice name = q->name;
    const struct row *alias = find(z, name, "CNAME", 0);
    if (alias)
        name = slice_of(alias->data);
    const struct row *refused = find(z, name, "SERVFAIL", 0);
    if (refused && !strcmp(refused->data, type)) {
        spf_answer(spf, SPF_NO_ANSWER, NULL, 0);
        return;
    }
    for (const struct row *row = find(z, name, type, 0); row;
         row = find(z, name, type, (size_t)(row - z->rows) + 1))
        records[count++] = make_record(row, q->type, arena);
    spf_answer(spf, count ? SPF_ANSWERED : SPF_NO_NAME, records, count);
}

static struct spf *run_check(const struct zones *z, char *words[])
{
    struct arena arena;
    struct spf_question q;
    size_t questions = 0;
    struct spf_options options = {.sender = slice_of(strcmp(words[2], "-") ? words[2] : ""),
                                  .helo = slice_of(words[3]),
                                  .receiver = SLICE("mx.example.org"),
                                  .is_ipv6 = strchr(words[1], ':')};
    cr_assert_eq(inet_pton(options.is_ipv6 ? AF_INET6 : AF_INET, words[1], options.address), 1);
    arena_init(&arena);
    struct spf *spf = spf_create(&options);
    while (spf_next(spf, &q)) {
        cr_assert_lt(q.name.size, DNS_NAME_MAX - 1, "a name that can be asked for");
        answer(spf, z, &q, &arena);
        cr_assert_lt(++questions, 130, "the number of look-ups is bounded (4.6.4)");
    }
    arena_finish(&arena);
    return spf;
}

/* All rows of the file; gives how many checks there were. */
static size_t play(FILE *file)
{
    static struct zones z;
    static char lines[ROWS_MAX * 4][512];
    struct spf *spf = NULL;
    size_t checks = 0, line = 0;
    z.count = 0;
    for (char *text; (text = fgets(lines[line], sizeof lines[0], file)); line++) {
        char *words[WORDS_MAX];
        text[strcspn(text, "\n")] = '\0';
        cr_assert_lt(line + 1, sizeof lines / sizeof lines[0]);
        char *rest = text + strcspn(text, " ") + (strchr(text, ' ') != NULL);
        if (!*text || *text == '#' || !strncmp(text, "pyspf ", 6))
            continue;
        if (!strncmp(text, "zone ", 5)) {
            z.count = 0;
        } else if (!strncmp(text, "explain", 7)) {
            cr_expect(slice_equal(spf_explanation(spf), slice_of(rest)), "line %zu: \"%.*s\"",
                      line + 1, SLICE_ARG(spf_explanation(spf)));
        } else if (!strncmp(text, "check ", 6)) {
            cut_words(rest, words, 5);
            spf_destroy(spf);
            spf = run_check(&z, words);
            cr_expect_str_eq(spf_result_name(spf_result(spf)), words[4],
                             "line %zu, RFC 7208 %s: %s from %s is %s (%.*s), not %s", line + 1,
                             words[0], words[2], words[1], spf_result_name(spf_result(spf)),
                             SLICE_ARG(spf_reason(spf)), words[4]);
            checks++;
        } else {
            cr_assert_lt(z.count, ROWS_MAX);
            rest = cut_words(text, words, 2);
            z.rows[z.count++] = (struct row){words[0], words[1], rest};
        }
    }
    spf_destroy(spf);
    return checks;
}

Test(spf, verdicts_are_those_of_the_rfc)
{
    FILE *file = fopen(SOURCE_DIR "/tests/proto/spf_cases.txt", "r");
    cr_assert_not_null(file);
    cr_assert_geq(play(file), 200);
    fclose(file);
}

/* ---- what the file can't say ---- */

static void give_text(struct spf *spf, const char *text)
{
    struct dns_record record = {.type = DNS_TYPE_TXT, .data = slice_of(text)};
    spf_answer(spf, SPF_ANSWERED, &record, 1);
}

Test(spf, asks_one_thing_after_the_other)
{
    struct spf_options options = {.address = {192, 0, 2, 1},
                                  .sender = SLICE("alice@example.com"),
                                  .helo = SLICE("mx.example.com")};
    struct spf *spf = spf_create(&options);
    struct spf_question q;
    cr_assert(spf_next(spf, &q));
    cr_assert(slice_equal(q.name, SLICE("example.com")) && q.type == DNS_TYPE_TXT);
    give_text(spf, "v=spf1 a mx:example.net ?all");
    cr_assert(spf_next(spf, &q));
    cr_assert(slice_equal(q.name, SLICE("example.com")) && q.type == DNS_TYPE_A);
    spf_answer(spf, SPF_ANSWERED, NULL, 0);
    cr_assert(spf_next(spf, &q));
    cr_assert(slice_equal(q.name, SLICE("example.net")) && q.type == DNS_TYPE_MX);
    spf_answer(spf, SPF_NO_NAME, NULL, 0);
    cr_assert_not(spf_next(spf, &q));
    cr_assert_eq(spf_result(spf), SPF_NEUTRAL);
    cr_assert(slice_equal(spf_reason(spf), SLICE("?all")), "the term that decided");
    cr_assert_not(spf_next(spf, &q), "once it is over it stays so");
    spf_destroy(spf);
}

/* 2.3: HELO may be checked for itself, whatever the reverse-path is. */
Test(spf, checks_the_helo_identity_when_told_so)
{
    struct spf_options options = {.address = {192, 0, 2, 1},
                                  .sender = SLICE("alice@example.com"),
                                  .helo = SLICE("mx.example.com"),
                                  .checks_helo = true};
    struct spf *spf = spf_create(&options);
    struct spf_question q;
    cr_assert(spf_next(spf, &q));
    cr_assert(slice_equal(q.name, SLICE("mx.example.com")));
    cr_assert(slice_equal(spf_domain(spf), SLICE("mx.example.com")));
    spf_destroy(spf);
}

/* 7.3: labels go from the left until the name is one that can be asked for. */
Test(spf, cuts_a_long_name_from_the_left)
{
    char local[300];
    struct spf_question q;
    for (size_t i = 0; i < sizeof local; i++)
        local[i] = i % 60 == 59 ? '.' : 'x';
    memcpy(local + 239, "@example.com", 13);
    struct spf_options options = {.address = {192, 0, 2, 1}, .sender = slice_of(local)};
    struct spf *spf = spf_create(&options);
    cr_assert(spf_next(spf, &q));
    give_text(spf, "v=spf1 exists:%{l}.list.example.net -all");
    cr_assert(spf_next(spf, &q));
    cr_assert(slice_ends(q.name, SLICE("x.list.example.net")));
    cr_assert_eq(q.name.size, 239 + 17 - 60, "a whole label was too much");
    spf_destroy(spf);
}
