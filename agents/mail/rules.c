#include "agents/mail/rules.h"

#include "agents/mail/address.h"
#include "agents/mail/header.h"
#include "agents/mail/mime.h"

enum { VALUE_OCTETS_MAX = 64 * 1024 };

/* ---- words ---- */

struct reader {
    struct slice rest;
    struct arena *arena;
    struct slice word;
    bool is_quoted; /* then it is a value, whatever it says */
    bool is_open;   /* a quote without its end */
};

/* In quotes; a backslash takes the next octet as it is. */
static void read_quoted(struct reader *r)
{
    char *out = arena_take(r->arena, r->rest.size + 1);
    size_t i = 1, size = 0;
    for (; i < r->rest.size && r->rest.data[i] != '"'; i++) {
        i += r->rest.data[i] == '\\' && i + 1 < r->rest.size;
        out[size++] = r->rest.data[i];
    }
    r->is_open = i >= r->rest.size;
    r->is_quoted = true;
    r->word = (struct slice){out, size};
    r->rest = slice_part(r->rest, i + 1, r->rest.size);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The next word, "->" and "," being some; false at the end. */
static bool next_word(struct reader *r)
{
    size_t size = 0;
    r->rest = slice_trim(r->rest);
    r->is_quoted = false;
    r->word = SLICE("");
    if (r->rest.size == 0)
        return false;
    if (r->rest.data[0] == '"') {
        read_quoted(r);
        return true;
    }
    if (slice_starts(r->rest, SLICE("->")))
        size = 2;
    else if (r->rest.data[0] == ',')
        size = 1;
    else
        while (size < r->rest.size && !is_blank(r->rest.data[size]) && r->rest.data[size] != ',' &&
               r->rest.data[size] != '"')
            size++;
    r->word = arena_copy(r->arena, slice_part(r->rest, 0, size));
    r->rest = slice_part(r->rest, size, r->rest.size);
    return true;
}

static bool is_word(const struct reader *r, const char *word)
{
    return !r->is_quoted && slice_equal_fold(r->word, slice_of(word));
}

static bool expect(const struct reader *r, const char *what, struct problem *problem)
{
    return problem_set(problem, "expected %s%s%.*s%s", what, r->word.size ? ", not \"" : "",
                       SLICE_ARG(slice_part(r->word, 0, 60)), r->word.size ? "\"" : " at the end");
}

static bool is_arrow(const struct reader *r)
{
    return is_word(r, "->");
}

/* A word that stands for itself: not the end, an arrow or a comma. */
static bool next_value(struct reader *r, const char *what, struct problem *problem)
{
    return (next_word(r) && !is_arrow(r) && !is_word(r, ",")) || expect(r, what, problem);
}

/* ---- tests ---- */

static bool read_relation(struct reader *r, struct rules_test *test, bool has_exists,
                          struct problem *problem)
{
    static const char *const words[] = {"contains", "is", "starts", "ends"};
    const char *expected =
        has_exists ? "contains, is, starts, ends or exists" : "contains, is, starts or ends";
    if (!next_value(r, expected, problem))
        return false;
    if (has_exists && is_word(r, "exists")) {
        test->relation = RULES_EXISTS;
        return true;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (is_word(r, words[i])) {
            test->relation = (enum rules_relation)i;
            if (!next_value(r, "a text", problem))
                return false;
            test->value = r->word;
            return true;
        }
    return expect(r, expected, problem);
}

static bool read_size(struct reader *r, struct rules_test *test, struct problem *problem)
{
    if (!next_value(r, "over or under", problem))
        return false;
    if (!is_word(r, "over") && !is_word(r, "under"))
        return expect(r, "over or under", problem);
    test->is_size = true;
    test->relation = is_word(r, "over") ? RULES_OVER : RULES_UNDER;
    return next_value(r, "a number of octets", problem) &&
           (slice_to_u64(r->word, &test->octets) || expect(r, "a number of octets", problem));
}

/* The reader stands at its first word. */
static bool read_test(struct reader *r, struct rules_test *test, struct problem *problem)
{
    static const char expected[] = "from, to, cc, subject, sender, header NAME or size";
    *test = (struct rules_test){.value = {"", 0}};
    if (is_word(r, "not")) {
        test->is_negated = true;
        if (!next_value(r, expected, problem))
            return false;
    }
    if (is_word(r, "size"))
        return read_size(r, test, problem);
    test->has_addresses = is_word(r, "from") || is_word(r, "to") || is_word(r, "cc");
    test->is_sender = is_word(r, "sender");
    test->field = r->word;
    if (is_word(r, "header")) {
        if (!next_value(r, "the name of a header field", problem))
            return false;
        test->field = r->word;
        return read_relation(r, test, true, problem);
    }
    if (!test->has_addresses && !test->is_sender && !is_word(r, "subject"))
        return expect(r, expected, problem);
    return read_relation(r, test, false, problem);
}

static bool read_tests(struct reader *r, struct rules_rule *rule, struct problem *problem)
{
    while (next_word(r) && !is_arrow(r)) {
        if (rule->test_count > 0 && !is_word(r, "and"))
            return expect(r, "\"and\" or \"->\"", problem);
        if (rule->test_count > 0 && !next_value(r, "another condition", problem))
            return false;
        if (rule->test_count == RULES_TESTS_MAX)
            return problem_set(problem, "more than %d conditions in a rule", RULES_TESTS_MAX);
        if (!read_test(r, &rule->tests[rule->test_count], problem))
            return false;
        rule->test_count++;
    }
    return is_arrow(r) || expect(r, "\"->\" and what is to be done", problem);
}

/* ---- actions ---- */

static bool read_folder(struct reader *r, struct rules_rule *rule, struct problem *problem)
{
    if (!next_value(r, "the name of a folder", problem))
        return false;
    if (r->word.size == 0 || r->word.size > 255)
        return expect(r, "the name of a folder", problem);
    rule->folder = slice_equal_fold(r->word, SLICE("INBOX")) ? SLICE("INBOX") : r->word;
    rule->is_kept = true;
    return true;
}

static bool read_forward(struct reader *r, struct rules_rule *rule, struct problem *problem)
{
    struct address address;
    if (!next_value(r, "a mail address", problem))
        return false;
    if (!address_read_utf8(r->word, &address) || address.domain.size == 0)
        return expect(r, "a mail address", problem);
    if (rule->forward_count == RULES_FORWARDS_MAX)
        return problem_set(problem, "more than %d times forward in a rule", RULES_FORWARDS_MAX);
    rule->forwards[rule->forward_count++] = r->word;
    return true;
}

static bool read_action(struct reader *r, struct rules_rule *rule, struct problem *problem)
{
    static const char expected[] = "keep, discard, fileinto FOLDER or forward ADDRESS";
    bool is_kept = rule->is_kept;
    if (!next_value(r, expected, problem))
        return false;
    if (is_word(r, "forward"))
        return read_forward(r, rule, problem);
    if (is_word(r, "keep"))
        rule->is_kept = true;
    else if (is_word(r, "discard"))
        rule->is_discarded = true;
    else if (!is_word(r, "fileinto"))
        return expect(r, expected, problem);
    else if (!read_folder(r, rule, problem))
        return false;
    return !is_kept || rule->is_discarded ||
           problem_set(problem, "keep and fileinto: one of them, and once");
}

bool rules_read(struct slice line, struct arena *arena, struct rules_rule *rule,
                struct problem *problem)
{
    struct reader r = {.rest = line, .arena = arena};
    bool goes_on = true;
    *rule = (struct rules_rule){.folder = SLICE("INBOX")};
    if (line.size > RULES_LINE_MAX)
        return problem_set(problem, "a rule is longer than %d octets", RULES_LINE_MAX);
    if (!read_tests(&r, rule, problem))
        return false;
    while (goes_on) {
        if (!read_action(&r, rule, problem))
            return false;
        goes_on = next_word(&r);
        if (goes_on && !is_word(&r, ","))
            return expect(&r, "\",\" and what else is to be done", problem);
    }
    if (r.is_open)
        return problem_set(problem, "a quote \" is opened and not closed");
    if (rule->is_discarded && (rule->is_kept || rule->forward_count > 0))
        return problem_set(problem, "discard goes with nothing else");
    return true;
}

/* ---- matching ---- */

static bool contains_fold(struct slice text, struct slice part)
{
    for (size_t i = 0; i + part.size <= text.size; i++)
        if (slice_equal_fold(slice_part(text, i, i + part.size), part))
            return true;
    return false;
}

static bool compares(const struct rules_test *test, struct slice text)
{
    switch (test->relation) {
    case RULES_CONTAINS:
        return contains_fold(text, test->value);
    case RULES_IS:
        return slice_equal_fold(text, test->value);
    case RULES_STARTS:
        return slice_starts_fold(text, test->value);
    case RULES_ENDS:
        return slice_ends_fold(text, test->value);
    case RULES_EXISTS:
        return true;
    case RULES_OVER:
    case RULES_UNDER:
        break;
    }
    return false;
}

static bool has_address(const struct rules_test *test, struct slice list)
{
    struct address_mailbox mailbox;
    while (address_next(&list, &mailbox))
        if (slice_equal_fold(mailbox.address, test->value))
            return true;
    return false;
}

/* Any field of that name. */
static bool matches_header(const struct rules_test *test, struct slice header)
{
    struct header_field field;
    struct bytes value;
    bool matches = false;
    bytes_init(&value, VALUE_OCTETS_MAX);
    while (!matches && header_next(&header, &field)) {
        if (!slice_equal_fold(field.name, test->field))
            continue;
        bytes_clear(&value);
        (void)mime_decode_words(slice_trim(field.value), &value);
        matches =
            compares(test, bytes_slice(&value)) ||
            (test->has_addresses && test->relation == RULES_IS && has_address(test, field.value));
    }
    bytes_finish(&value);
    return matches;
}

static bool matches_test(const struct rules_test *test, const struct rules_mail *mail)
{
    if (test->is_size)
        return test->relation == RULES_OVER ? mail->octets > test->octets
                                            : mail->octets < test->octets;
    return test->is_sender ? compares(test, mail->reverse_path)
                           : matches_header(test, mail->header);
}

bool rules_match(const struct rules_rule *rule, const struct rules_mail *mail)
{
    for (size_t i = 0; i < rule->test_count; i++)
        if (matches_test(&rule->tests[i], mail) == rule->tests[i].is_negated)
            return false;
    return true;
}

bool rules_decide(struct slice file, const struct rules_mail *mail, struct arena *arena,
                  struct rules_rule *rule, struct slice *line)
{
    struct problem unread;
    while (slice_cut(&file, '\n', line)) {
        *line = slice_trim(*line);
        if (line->size > 0 && line->data[0] != '#' && rules_read(*line, arena, rule, &unread) &&
            rules_match(rule, mail))
            return true;
    }
    return false;
}
