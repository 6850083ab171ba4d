#include "sim/json/shape.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

#include "sim/base/check.h"
#include "sim/base/vtime.h"
#include "agents/mail/address.h"

enum { ID_MAX = 64, TEXT_MAX = 4000, WORDS_MAX = 16 };

static bool is_label_octet(char c)
{
    char lower = slice_lower(c);
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool shape_is_domain(struct slice text)
{
    struct slice label, rest = text;
    if (text.size == 0 || text.size > 253 || text.data[text.size - 1] == '.')
        return false;
    while (slice_cut(&rest, '.', &label)) {
        if (label.size == 0 || label.size > 63 || label.data[0] == '-' ||
            label.data[label.size - 1] == '-')
            return false;
        for (size_t i = 0; i < label.size; i++)
            if (!is_label_octet(label.data[i]))
                return false;
    }
    return true;
}

bool shape_is_ipv4(struct slice text, uint32_t *address)
{
    char copy[INET_ADDRSTRLEN];
    struct in_addr in;
    if (text.size >= sizeof copy)
        return false;
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    if (inet_pton(AF_INET, copy, &in) != 1)
        return false;
    *address = ntohl(in.s_addr);
    return true;
}

/* Addresses that one host of a network can have: not "this network", loopback or multicast. */
static bool is_host_address(struct slice text, uint32_t *address)
{
    return shape_is_ipv4(text, address) && *address >> 24 != 0 && *address >> 24 != 127 &&
           *address >> 24 < 224;
}

static bool is_id(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (!is_label_octet(text.data[i]))
            return false;
    return text.size > 0 && text.size <= ID_MAX;
}

static bool is_mail_address(struct slice text)
{
    struct address address;
    return address_read(text, &address) && shape_is_domain(address.domain);
}

/* RFC 5322 3.3: hours and minutes, less than a day. */
static bool is_zone(struct slice text, int64_t *minutes)
{
    uint64_t number;
    if (text.size != 5 || (text.data[0] != '+' && text.data[0] != '-') ||
        !slice_to_u64(slice_part(text, 1, 5), &number) || number / 100 > 23 || number % 100 > 59)
        return false;
    *minutes = (int64_t)(number / 100 * 60 + number % 100);
    if (text.data[0] == '-')
        *minutes = -*minutes;
    return true;
}

static bool has_control(struct slice text, bool but_line_ends)
{
    for (size_t i = 0; i < text.size; i++)
        if (((unsigned char)text.data[i] < ' ' || text.data[i] == 127) &&
            (text.data[i] != '\n' || !but_line_ends))
            return true;
    return false;
}

static const char *expected_number(struct json_reader *r, const struct shape_key *key)
{
    if (key->min == key->max)
        return arena_printf(r->arena, "the number %" PRId64, key->min).data;
    if (key->decimals == 0)
        return arena_printf(r->arena, "a whole number from %" PRId64 " to %" PRId64, key->min,
                            key->max)
            .data;
    return arena_printf(r->arena,
                        "a number from %" PRId64 " to %" PRId64 " with at most %d decimals",
                        key->min, key->max, key->decimals)
        .data;
}

/* The words as a list of C strings; gives their number. */
static size_t split_words(struct json_reader *r, const char *words, const char *list[WORDS_MAX])
{
    struct slice word, rest = slice_of(words);
    size_t count = 0;
    while (slice_cut(&rest, ' ', &word)) {
        check(count < WORDS_MAX);
        list[count++] = arena_copy(r->arena, word).data;
    }
    return count;
}

const char *shape_join(struct json_reader *r, const char *const *names, size_t count)
{
    struct slice all = SLICE("");
    for (size_t i = 0; i < count; i++)
        all = arena_printf(r->arena, "%s%s%s", all.data, i ? ", " : "", names[i]);
    return all.data;
}

static const char *expected_word(struct json_reader *r, const struct shape_key *key)
{
    const char *words[WORDS_MAX];
    size_t count = split_words(r, key->words, words);
    if (count == 1)
        return arena_printf(r->arena, "\"%s\"", words[0]).data;
    return arena_printf(r->arena, "one of %s", shape_join(r, words, count)).data;
}

const char *shape_expected(struct json_reader *r, const struct shape_key *key)
{
    if (key->expected)
        return key->expected;
    switch (key->type) {
    case SHAPE_TEXT:
    case SHAPE_PROSE:
        return arena_printf(r->arena,
                            "a text of %" PRId64 " to %" PRId64
                            " octets without control characters",
                            key->min, key->max > 0 ? key->max : TEXT_MAX)
            .data;
    case SHAPE_ID:
        return "an id: at most 64 letters, digits, \"-\" and \"_\"";
    case SHAPE_DOMAIN:
        return "a DNS name such as example.com";
    case SHAPE_FULL_NAME:
        return "a full DNS name such as mx1.example.org";
    case SHAPE_IPV4:
        return "the IPv4 address of a host, such as 198.51.100.10";
    case SHAPE_ADDRESS:
        return "a mail address such as alice@example.com";
    case SHAPE_ZONE:
        return "a time zone such as +0100 or -0530";
    case SHAPE_WORD:
        return expected_word(r, key);
    case SHAPE_BOOL:
        return "true or false";
    case SHAPE_NUMBER:
        return expected_number(r, key);
    case SHAPE_DURATION:
        return arena_printf(r->arena,
                            "seconds or a text such as \"30min\", from %" PRId64 " to %" PRId64
                            " s",
                            key->min, key->max)
            .data;
    case SHAPE_NUMBERS:
        return "a list of numbers";
    case SHAPE_TEXTS:
        return key->takes_text ? "a text or a list of texts" : "a list of texts";
    case SHAPE_LIST:
        return arena_printf(r->arena, "a list of at most %" PRId64 " items", key->max).data;
    case SHAPE_OBJECT:
        return key->takes_text ? "a text or an object { ... }" : "an object { ... }";
    }
    return "";
}

static bool has_type(const cJSON *node, enum shape_type type)
{
    switch (type) {
    case SHAPE_TEXT:
    case SHAPE_PROSE:
    case SHAPE_ID:
    case SHAPE_DOMAIN:
    case SHAPE_FULL_NAME:
    case SHAPE_IPV4:
    case SHAPE_ADDRESS:
    case SHAPE_ZONE:
    case SHAPE_WORD:
        return cJSON_IsString(node);
    case SHAPE_BOOL:
        return cJSON_IsBool(node);
    case SHAPE_NUMBER:
        return cJSON_IsNumber(node);
    case SHAPE_DURATION:
        return cJSON_IsNumber(node) || cJSON_IsString(node);
    case SHAPE_NUMBERS:
    case SHAPE_TEXTS:
    case SHAPE_LIST:
        return cJSON_IsArray(node);
    case SHAPE_OBJECT:
        return cJSON_IsObject(node);
    }
    return false;
}

bool shape_reject_type(struct json_reader *r, const cJSON *node, const char *expected)
{
    return json_reader_reject(r, node, (struct json_hint){.expected = expected}, "wrong type: %s",
                              json_reader_type(node));
}

static int64_t scaled(int64_t number, int decimals)
{
    for (int i = 0; i < decimals; i++)
        number *= 10;
    return number;
}

static bool read_number(struct json_reader *r, const cJSON *node, const struct shape_key *key,
                        int decimals, int64_t *number)
{
    struct slice text = json_reader_number_text(r, node);
    enum json_decimal found = json_reader_decimal(text, decimals, number);
    if (found == JSON_DECIMAL_EXACT && *number >= scaled(key->min, decimals) &&
        *number <= scaled(key->max, decimals))
        return true;
    return json_reader_reject(r, node, (struct json_hint){.expected = shape_expected(r, key)},
                              "%s: %.*s",
                              found != JSON_DECIMAL_TOO_FINE ? "number out of range"
                              : decimals                     ? "too many decimals"
                                                             : "not a whole number",
                              SLICE_ARG(text));
}

static bool read_duration(struct json_reader *r, const cJSON *node, const struct shape_key *key,
                          int64_t *duration_ns)
{
    if (cJSON_IsNumber(node)) {
        if (!read_number(r, node, key, 6, duration_ns))
            return false;
        *duration_ns *= VTIME_US;
        return true;
    }
    struct slice text = slice_of(node->valuestring);
    bool is_duration = vtime_parse(text, duration_ns);
    if (is_duration && *duration_ns >= key->min * VTIME_S && *duration_ns <= key->max * VTIME_S)
        return true;
    return json_reader_reject(r, node, (struct json_hint){.expected = shape_expected(r, key)},
                              "%s %s", is_duration ? "duration out of range:" : "bad duration",
                              json_reader_quote(r, text));
}

static bool read_word(struct json_reader *r, const cJSON *node, const struct shape_key *key,
                      struct shape_value *value)
{
    struct slice word, rest = slice_of(key->words);
    for (value->number = 0; slice_cut(&rest, ' ', &word); value->number++)
        if (slice_equal(value->text, word))
            return true;
    const char *words[WORDS_MAX];
    size_t count = split_words(r, key->words, words);
    struct json_hint hint = {.expected = expected_word(r, key),
                             .nearest = problem_nearest(value->text, words, count)};
    return json_reader_reject(r, node, hint, "unknown %s %s", key->name,
                              json_reader_quote(r, value->text));
}

/* Is the text what its row says? Numbers hidden in it (an address) are read on the way. */
static bool is_good_text(const struct shape_key *key, struct shape_value *value)
{
    struct slice text = value->text;
    uint32_t address = 0;
    size_t longest = key->max > 0 ? (size_t)key->max : TEXT_MAX;
    switch (key->type) {
    case SHAPE_ID:
        return is_id(text);
    case SHAPE_DOMAIN:
        return shape_is_domain(text);
    case SHAPE_FULL_NAME:
        return shape_is_domain(text) && slice_find_octet(text, '.', 0) != SLICE_NONE;
    case SHAPE_ADDRESS:
        return is_mail_address(text);
    case SHAPE_ZONE:
        return is_zone(text, &value->number);
    case SHAPE_IPV4:
        if (!is_host_address(text, &address))
            return false;
        value->number = address;
        return true;
    case SHAPE_TEXT:
    case SHAPE_PROSE:
        return text.size >= (size_t)key->min && text.size <= longest &&
               !has_control(text, key->type == SHAPE_PROSE);
    case SHAPE_WORD:
    case SHAPE_BOOL:
    case SHAPE_NUMBER:
    case SHAPE_DURATION:
    case SHAPE_NUMBERS:
    case SHAPE_TEXTS:
    case SHAPE_LIST:
    case SHAPE_OBJECT:
        break;
    }
    return true;
}

static bool read_text(struct json_reader *r, const cJSON *node, const struct shape_key *key,
                      struct shape_value *value)
{
    struct slice text = slice_of(node->valuestring);
    bool is_name = key->type == SHAPE_DOMAIN || key->type == SHAPE_FULL_NAME;
    if (is_name && text.size > 1 && text.data[text.size - 1] == '.')
        text.size--;
    value->text = arena_copy(r->arena, text);
    if (key->type == SHAPE_WORD)
        return read_word(r, node, key, value);
    if (is_good_text(key, value))
        return true;
    struct json_hint hint = {.expected = shape_expected(r, key)};
    if (text.size == 0)
        return json_reader_reject(r, node, hint, "empty text");
    return json_reader_reject(r, node, hint, "bad %s %s",
                              key->type == SHAPE_IPV4 || key->type == SHAPE_ADDRESS ? "address"
                              : key->type == SHAPE_ID                               ? "id"
                              : key->type == SHAPE_ZONE                             ? "zone"
                              : is_name                                             ? "name"
                                                                                    : "text",
                              json_reader_quote(r, text));
}

/* The length of a list, and the type of its items where they have no shape of their own. */
static bool check_list(struct json_reader *r, const cJSON *node, const struct shape_key *key)
{
    int64_t count = 0, most = key->type == SHAPE_LIST ? key->max : key->items_max;
    const cJSON *item;
    cJSON_ArrayForEach(item, node)
    {
        bool is_good = key->type == SHAPE_NUMBERS ? cJSON_IsNumber(item)
                       : key->type == SHAPE_TEXTS
                           ? cJSON_IsString(item)
                           : cJSON_IsObject(item) || (key->takes_text && cJSON_IsString(item));
        if (!is_good)
            return shape_reject_type(r, item,
                                     key->type == SHAPE_NUMBERS ? "a number"
                                     : key->type == SHAPE_TEXTS ? "a text"
                                     : key->takes_text          ? "a text or an object { ... }"
                                                                : "an object { ... }");
        const char *expected =
            key->type == SHAPE_LIST
                ? shape_expected(r, key)
                : arena_printf(r->arena, "at most %" PRId64, key->items_max).data;
        if (most > 0 && count++ == most)
            return json_reader_reject(r, item, (struct json_hint){.expected = expected},
                                      "too many items");
    }
    return true;
}

bool shape_read_value(struct json_reader *r, const cJSON *node, const struct shape_key *key,
                      struct shape_value *value)
{
    *value = (struct shape_value){.node = node, .text = SLICE("")};
    bool is_list = key->type == SHAPE_LIST; /* which takes texts as its items */
    if (key->takes_text && !is_list && cJSON_IsString(node)) {
        value->text = arena_copy(r->arena, slice_of(node->valuestring));
        return true;
    }
    if (!has_type(node, key->type))
        return shape_reject_type(r, node, shape_expected(r, key));
    switch (key->type) {
    case SHAPE_TEXT:
    case SHAPE_PROSE:
    case SHAPE_ID:
    case SHAPE_DOMAIN:
    case SHAPE_FULL_NAME:
    case SHAPE_IPV4:
    case SHAPE_ADDRESS:
    case SHAPE_ZONE:
    case SHAPE_WORD:
        return read_text(r, node, key, value);
    case SHAPE_BOOL:
        value->number = cJSON_IsTrue(node);
        return true;
    case SHAPE_NUMBER:
        return read_number(r, node, key, key->decimals, &value->number);
    case SHAPE_DURATION:
        return read_duration(r, node, key, &value->number);
    case SHAPE_NUMBERS:
    case SHAPE_TEXTS:
    case SHAPE_LIST:
        return check_list(r, node, key);
    case SHAPE_OBJECT:
        break;
    }
    return true;
}

void shape_read_fallback(const struct shape_key *key, struct shape_value *value)
{
    *value = (struct shape_value){.text = SLICE("")};
    if (!key->fallback)
        return;
    value->text = slice_of(key->fallback);
    if (key->type == SHAPE_BOOL)
        value->number = slice_equal(value->text, SLICE("true"));
    else if (key->type == SHAPE_NUMBER)
        check(json_reader_decimal(value->text, key->decimals, &value->number) ==
              JSON_DECIMAL_EXACT);
    else if (key->type == SHAPE_DURATION)
        check(vtime_parse(value->text, &value->number));
    else if (key->type == SHAPE_ZONE)
        check(is_zone(value->text, &value->number));
}
