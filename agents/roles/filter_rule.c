#include "agents/roles/filter_rule.h"

#include <inttypes.h>
#include <stdio.h>

#include "agents/mail/text_search.h"

enum { POINTS_MAX = 1000, VALUE_MAX = 64 * 1024 };

/* ---- reading ---- */

static bool next_word(struct slice *text, struct slice *word)
{
    *text = slice_trim(*text);
    return slice_cut(text, ' ', word);
}

/* "5", "1.5", "-0.25" in hundredths. */
static bool read_score(struct slice word, int64_t *score)
{
    uint64_t points = 0, rest = 0;
    struct slice whole;
    bool is_negative = word.size > 0 && word.data[0] == '-';
    if (is_negative)
        word = slice_part(word, 1, word.size);
    bool has_rest = slice_find_octet(word, '.', 0) != SLICE_NONE;
    if (!slice_cut(&word, '.', &whole) || !slice_to_u64(whole, &points) || points > POINTS_MAX)
        return false;
    if (has_rest && (word.size > 2 || !slice_to_u64(word, &rest)))
        return false;
    *score = (int64_t)(points * 100 + (word.size == 1 ? rest * 10 : rest));
    if (is_negative)
        *score = -*score;
    return true;
}

static bool read_place(struct slice *text, struct filter_rule *rule)
{
    static const char *const fields[] = {"subject", "from", "to"};
    struct slice word;
    if (!next_word(text, &word))
        return false;
    if (slice_equal(word, SLICE("header")))
        return next_word(text, &rule->field) && rule->field.size > 0;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (slice_equal(word, slice_of(fields[i]))) {
            rule->field = word;
            return true;
        }
    return slice_equal(word, SLICE("body"));
}

static bool read_test(struct slice text, struct filter_rule *rule)
{
    struct slice word;
    if (!next_word(&text, &word))
        return false;
    rule->what = slice_trim(text);
    if (slice_equal(word, SLICE("missing"))) {
        rule->test = FILTER_RULE_MISSING;
        return rule->what.size == 0 && rule->field.size > 0;
    }
    rule->test = slice_equal(word, SLICE("is")) && rule->field.size > 0 ? FILTER_RULE_IS
                                                                        : FILTER_RULE_CONTAINS;
    return rule->what.size > 0 &&
           (rule->test == FILTER_RULE_IS || slice_equal(word, SLICE("contains")));
}

bool filter_rule_read(struct slice text, struct filter_rule *rule)
{
    struct slice word, rest = text;
    *rule = (struct filter_rule){.text = text};
    return next_word(&rest, &word) && read_score(word, &rule->score) && read_place(&rest, rule) &&
           read_test(rest, rule);
}

/* ---- matching ---- */

static bool is_value(struct slice value, struct slice what)
{
    struct bytes decoded;
    bytes_init(&decoded, VALUE_MAX);
    bool is_it = mime_decode_words(value, &decoded) &&
                 slice_equal_fold(slice_trim(bytes_slice(&decoded)), what);
    bytes_finish(&decoded);
    return is_it;
}

static bool is_in_field(const struct filter_rule *rule, struct text_search *search,
                        struct slice header)
{
    struct header_field field;
    bool is_there = false;
    while (header_next(&header, &field)) {
        if (!slice_equal_fold(field.name, rule->field))
            continue;
        is_there = true;
        if (rule->test == FILTER_RULE_IS && is_value(field.value, rule->what))
            return true;
        if (rule->test == FILTER_RULE_CONTAINS && text_search_value(search, field.value))
            return true;
    }
    return rule->test == FILTER_RULE_MISSING && !is_there;
}

bool filter_rule_matches(const struct filter_rule *rule, const struct mime *mime)
{
    struct text_search search;
    text_search_init(&search, rule->what);
    bool is_match = rule->field.size > 0 ? is_in_field(rule, &search, mime->parts.items[0].header)
                                         : text_search_body(&search, mime);
    text_search_finish(&search);
    return is_match;
}

struct slice filter_rule_print(int64_t score, char text[32])
{
    int64_t size = score < 0 ? -score : score, rest = size % 100;
    const char *sign = score < 0 ? "-" : "";
    if (rest % 10)
        (void)snprintf(text, 32, "%s%" PRId64 ".%02" PRId64, sign, size / 100, rest);
    else
        (void)snprintf(text, 32, "%s%" PRId64 ".%" PRId64, sign, size / 100, rest / 10);
    return slice_of(text);
}
