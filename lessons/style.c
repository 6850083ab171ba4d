#include "lessons/style.h"

#include <string.h>

enum { STEP_WORDS = 40, LABEL_WORDS = 12, FEEDBACK_SENTENCES = 2 };

/* What is asked of the text behind a key; 0: any length. */
struct rule {
    const char *key;
    size_t words, sentences;
};

static const struct rule rules[] = {
    {"title", LABEL_WORDS, 0},
    {"text", STEP_WORDS, 0},
    {"t", LABEL_WORDS, 0},
    {"l", LABEL_WORDS, 0},
    {"r", LABEL_WORDS, 0},
    {"extra", LABEL_WORDS, 0},
    {"shows", LABEL_WORDS, 0},
    {"pass", 0, FEEDBACK_SENTENCES},
    {"fail", 0, FEEDBACK_SENTENCES},
    {"fb", 0, FEEDBACK_SENTENCES},
    {"true", 0, FEEDBACK_SENTENCES},
    {"false", 0, FEEDBACK_SENTENCES},
    {"prompt", 0, 0},
    {"objective", 0, 0},
    {"watch", 0, 0},
    {"hint", 0, 0},
    {"reveal", 0, 0},
    {"model", 0, 0},
    {"notes", 0, 0},
};

static const struct rule *find_rule(const char *key)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (strcmp(rules[i].key, key) == 0)
            return &rules[i];
    return NULL;
}

static bool is_letter(char c)
{
    c = slice_lower(c);
    return c >= 'a' && c <= 'z';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n';
}

/* Code is shown as it is: what stands in it is not said by us. */
static size_t behind_code(struct slice text, size_t at)
{
    size_t end = slice_find_octet(text, '`', at + 1);
    return end == SLICE_NONE ? text.size : end + 1;
}

/* ---- length ---- */

static bool check_words(struct json_reader *r, const cJSON *node, struct slice text, size_t most)
{
    size_t count = 0, first_too_many = 0;
    for (size_t i = 0; i < text.size; i++) {
        bool begins = !is_blank(text.data[i]) && (i == 0 || is_blank(text.data[i - 1]));
        if (begins && count++ == most)
            first_too_many = i;
    }
    if (most == 0 || count <= most)
        return true;
    return json_reader_reject_in(r, node, first_too_many, "%zu words, expected at most %zu", count,
                                 most);
}

/* A stop ends a sentence where a blank and no small letter follow: "RFC 5321 4.5", "i.e. here" go
   on. */
static bool is_end(struct slice text, size_t i)
{
    if (!strchr(".!?", text.data[i]))
        return false;
    if (i + 1 == text.size)
        return true;
    size_t next = i + 1;
    while (next < text.size && strchr(")\"*`", text.data[next]))
        next++;
    size_t begin = next + 1;
    if (begin >= text.size)
        return true;
    char c = text.data[begin];
    return is_blank(text.data[next]) && !(c >= 'a' && c <= 'z');
}

static bool check_sentences(struct json_reader *r, const cJSON *node, struct slice text,
                            size_t most)
{
    size_t count = 0;
    if (most == 0)
        return true;
    for (size_t i = 0; i < text.size;) {
        if (text.data[i] == '`') {
            i = behind_code(text, i);
            continue;
        }
        count += is_end(text, i) && i + 1 < text.size;
        if (count == most)
            return json_reader_reject_in(r, node, i, "more than %zu sentences", most);
        i++;
    }
    return true;
}

/* ---- words ---- */

/* Words that make a learner who does not see it feel small, and signs that a text is unfinished. */
static const char *const banned[] = {"simply", "just", "obviously"};

static bool check_word(struct json_reader *r, const cJSON *node, struct slice text, size_t from,
                       size_t to)
{
    struct slice word = slice_part(text, from, to);
    for (size_t i = 0; i < sizeof banned / sizeof *banned; i++)
        if (slice_equal_fold(word, slice_of(banned[i])))
            return json_reader_reject_in(r, node, from, "\"%s\", which is not to be said here",
                                         banned[i]);
    if (slice_equal_fold(word, SLICE("wrong")) && to < text.size && text.data[to] == '!')
        return json_reader_reject_in(
            r, node, from, "\"Wrong!\"; say why it is tempting, and then what is the case");
    return true;
}

/* "<br>", "</p>", "<a href", "&amp;"; but <alice@example.com> is an address. */
static bool is_markup(struct slice text, size_t at)
{
    bool is_entity = text.data[at] == '&';
    size_t i = at + 1;
    if (!is_entity && i < text.size && text.data[i] == '/')
        i++;
    size_t from = i;
    while (i < text.size && is_letter(text.data[i]))
        i++;
    if (i == from || i == text.size)
        return false;
    return is_entity ? text.data[i] == ';' : strchr("> /", text.data[i]) != NULL;
}

static bool check_said(struct json_reader *r, const cJSON *node, struct slice text)
{
    for (size_t i = 0; i < text.size;) {
        char c = text.data[i];
        size_t from = i++;
        if (c == '`') {
            i = behind_code(text, from);
        } else if ((c == '<' || c == '&') && is_markup(text, from)) {
            return json_reader_reject_in(r, node, from,
                                         "HTML, expected plain text with `code` and *emphasis*");
        } else if (is_letter(c)) {
            while (i < text.size && is_letter(text.data[i]))
                i++;
            if (!check_word(r, node, text, from, i))
                return false;
        }
    }
    return true;
}

static bool check_text(struct json_reader *r, const cJSON *node, const struct rule *rule)
{
    struct slice text = slice_of(node->valuestring);
    return check_words(r, node, text, rule->words) &&
           check_sentences(r, node, text, rule->sentences) && check_said(r, node, text);
}

/* The depth of a file is bounded by its scan. What stands in a list is what the list is. */
static bool check_under(struct json_reader *r, const cJSON *node, const struct rule *rule)
{
    if (cJSON_IsString(node))
        return !rule || check_text(r, node, rule);
    const cJSON *child;
    cJSON_ArrayForEach(child, node)
    {
        bool is_topology = child->string && strcmp(child->string, "topology") == 0;
        const struct rule *its = child->string ? find_rule(child->string) : rule;
        if (!is_topology && !check_under(r, child, its))
            return false;
    }
    return true;
}

bool style_check(struct json_reader *r, const cJSON *node)
{
    return check_under(r, node, NULL);
}
