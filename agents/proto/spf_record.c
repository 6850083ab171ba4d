#include "agents/proto/spf_record.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "agents/proto/dns_message.h"

enum { VERSION_OCTETS = 6, KEEP_MAX = 1000 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alpha(char c)
{
    return slice_lower(c) >= 'a' && slice_lower(c) <= 'z';
}

bool spf_record_is_one(struct slice text)
{
    return slice_starts_fold(text, SLICE("v=spf1")) &&
           (text.size == VERSION_OCTETS || text.data[VERSION_OCTETS] == ' ');
}

/* ---- macros ---- */

/* "%{" macro-letter transformers *delimiter "}" (7.1), with the "%{" taken off already. */
static bool read_macro(struct slice text, struct spf_macro *macro)
{
    size_t i = 1;
    if (text.size == 0 || !memchr("slodiphcrtv", slice_lower(text.data[0]), 11))
        return false;
    macro->letter = slice_lower(text.data[0]);
    macro->is_escaped = macro->letter != text.data[0];
    bool has_number = i < text.size && is_digit(text.data[i]);
    for (; i < text.size && is_digit(text.data[i]); i++)
        if (macro->keep < KEEP_MAX)
            macro->keep = macro->keep * 10 + (unsigned)(text.data[i] - '0');
    if (has_number && macro->keep == 0)
        return false;
    if (i < text.size && slice_lower(text.data[i]) == 'r') {
        macro->is_reversed = true;
        i++;
    }
    macro->delimiters = slice_part(text, i, text.size);
    for (; i < text.size; i++)
        if (!memchr(".-+,/_=", text.data[i], 7))
            return false;
    return true;
}

/* "%%", "%_", "%-": octets that can't stand there themselves. */
static bool read_escape(char c, struct spf_macro *macro)
{
    macro->literal = c == '%'   ? SLICE("%")
                     : c == '_' ? SLICE(" ")
                     : c == '-' ? SLICE("%20")
                                : SLICE("");
    return macro->literal.size > 0;
}

/* The space is for explanations only (6.2); a record's terms never have one. */
static size_t literal_size(struct slice text)
{
    size_t i = 0;
    while (i < text.size && text.data[i] >= 0x20 && text.data[i] < 0x7F && text.data[i] != '%')
        i++;
    return i;
}

bool spf_macro_next(struct slice *text, struct spf_macro *macro, bool *is_wrong)
{
    size_t size = literal_size(*text), end = size;
    *macro = (struct spf_macro){.literal = slice_part(*text, 0, size)};
    *is_wrong = false;
    if (text->size == 0)
        return false;
    if (size == 0) {
        bool is_macro = slice_starts(*text, SLICE("%{"));
        size_t close = is_macro ? slice_find_octet(*text, '}', 0) : 1;
        end = close == SLICE_NONE ? text->size : close + 1;
        *is_wrong = text->data[0] != '%' || text->size < 2 || close == SLICE_NONE ||
                    (is_macro ? !read_macro(slice_part(*text, 2, close), macro)
                              : !read_escape(text->data[1], macro));
    }
    *text = slice_part(*text, end, text->size);
    return !*is_wrong;
}

/* ---- domain-spec ---- */

/* LDH, not all digits (7.1: toplabel). */
static bool is_top_label(struct slice label)
{
    bool has_other = false;
    for (size_t i = 0; i < label.size; i++) {
        bool is_edge = i == 0 || i + 1 == label.size;
        if (!is_digit(label.data[i]) && !is_alpha(label.data[i]) &&
            (label.data[i] != '-' || is_edge))
            return false;
        has_other |= !is_digit(label.data[i]);
    }
    return has_other;
}

static size_t find_last(struct slice text, char octet)
{
    size_t i = text.size;
    while (i > 0 && text.data[i - 1] != octet)
        i--;
    return i ? i - 1 : SLICE_NONE;
}

/* A macro-string that ends with a macro, or with a dot and a top label (7.1). */
static bool is_domain_spec(struct slice text)
{
    struct slice rest = text, before = text;
    struct spf_macro macro;
    bool is_wrong, ends_with_macro = false;
    while (spf_macro_next(&rest, &macro, &is_wrong)) {
        if (macro.letter && memchr("crt", macro.letter, 3))
            return false; /* for explanations only */
        ends_with_macro = before.data[0] == '%';
        before = rest;
    }
    if (is_wrong || text.size == 0 || ends_with_macro)
        return !is_wrong && text.size > 0;
    struct slice name = slice_part(text, 0, text.size - slice_ends(text, SLICE(".")));
    size_t dot = find_last(name, '.');
    return dot != SLICE_NONE && is_top_label(slice_part(name, dot + 1, name.size));
}

static bool is_macro_string(struct slice text)
{
    struct spf_macro macro;
    bool is_wrong = false;
    while (spf_macro_next(&text, &macro, &is_wrong))
        continue;
    return !is_wrong;
}

/* ---- directives ---- */

/*
 * Takes a prefix length off the end: `mark` and a number up to `most` without leading zeros (5.6,
 * 5.3). True also when there is none. A number that is none makes what is left no domain-spec.
 */
static bool take_bits(struct slice *text, struct slice mark, unsigned most, unsigned *bits)
{
    size_t digits = text->size;
    uint64_t number;
    *bits = most;
    while (digits > 0 && is_digit(text->data[digits - 1]))
        digits--;
    struct slice count = slice_part(*text, digits, text->size);
    if (count.size == 0 || !slice_ends(slice_part(*text, 0, digits), mark))
        return true;
    bool has_zero = count.size > 1 && count.data[0] == '0';
    if (has_zero || !slice_to_u64(count, &number) || number > most)
        return false;
    *bits = (unsigned)number;
    *text = slice_part(*text, 0, digits - mark.size);
    return true;
}

/* [ ":" domain-spec ], which is all that is left of the term. */
static bool read_domain(struct slice rest, bool is_needed, struct spf_term *term)
{
    if (rest.size == 0)
        return !is_needed;
    term->domain = slice_part(rest, 1, rest.size);
    return rest.data[0] == ':' && is_domain_spec(term->domain);
}

static bool read_all(struct slice rest, struct spf_term *term)
{
    (void)term;
    return rest.size == 0;
}

static bool read_named(struct slice rest, struct spf_term *term)
{
    return read_domain(rest, term->mechanism != SPF_PTR, term);
}

/* a, mx: dual-cidr-length = [ "/" bits ] [ "//" bits ] (5.3). */
static bool read_hosts(struct slice rest, struct spf_term *term)
{
    return take_bits(&rest, SLICE("//"), 128, &term->ip6_bits) &&
           take_bits(&rest, SLICE("/"), 32, &term->ip4_bits) && read_domain(rest, false, term);
}

static bool read_ip4(struct slice rest, struct spf_term *term)
{
    uint32_t address;
    if (!slice_starts(rest, SLICE(":")) || !take_bits(&rest, SLICE("/"), 32, &term->ip4_bits) ||
        !dns_ipv4_read(slice_part(rest, 1, rest.size), &address))
        return false;
    for (int i = 0; i < 4; i++)
        term->address[i] = (unsigned char)(address >> (24 - 8 * i));
    return true;
}

static bool read_ip6(struct slice rest, struct spf_term *term)
{
    char text[INET6_ADDRSTRLEN];
    if (!slice_starts(rest, SLICE(":")) || !take_bits(&rest, SLICE("/"), 128, &term->ip6_bits) ||
        rest.size > sizeof text)
        return false;
    snprintf(text, sizeof text, "%.*s", SLICE_ARG(slice_part(rest, 1, rest.size)));
    return inet_pton(AF_INET6, text, term->address) == 1;
}

static const struct {
    const char *name;
    enum spf_mechanism mechanism;
    bool (*read)(struct slice rest, struct spf_term *term);
} mechanisms[] = {
    {"all", SPF_ALL, read_all}, {"include", SPF_INCLUDE, read_named}, {"a", SPF_A, read_hosts},
    {"mx", SPF_MX, read_hosts}, {"ptr", SPF_PTR, read_named},         {"ip4", SPF_IP4, read_ip4},
    {"ip6", SPF_IP6, read_ip6}, {"exists", SPF_EXISTS, read_named},
};

static bool read_directive(struct slice text, struct spf_term *term)
{
    *term = (struct spf_term){.text = text, .qualifier = '+', .ip4_bits = 32, .ip6_bits = 128};
    if (memchr("+-?~", text.data[0], 4)) {
        term->qualifier = text.data[0];
        text = slice_part(text, 1, text.size);
    }
    struct slice name = slice_part(text, 0, slice_find_either(text, ':', '/', 0));
    for (size_t i = 0; i < sizeof mechanisms / sizeof *mechanisms; i++) {
        if (!slice_equal_fold(name, slice_of(mechanisms[i].name)))
            continue;
        term->mechanism = mechanisms[i].mechanism;
        return mechanisms[i].read(slice_part(text, name.size, text.size), term);
    }
    return false;
}

/* ---- modifiers ---- */

/* name = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." ), then "=" (12). */
static bool is_modifier(struct slice text, size_t *equals)
{
    size_t i = 0;
    while (i < text.size &&
           (is_alpha(text.data[i]) || (i > 0 && (is_digit(text.data[i]) || text.data[i] == '-' ||
                                                 text.data[i] == '_' || text.data[i] == '.'))))
        i++;
    *equals = i;
    return i > 0 && i < text.size && text.data[i] == '=';
}

/* redirect and exp at most once each (6); what nobody knows is passed over. */
static bool read_modifier(struct slice text, size_t equals, struct spf_record *record)
{
    struct slice name = slice_part(text, 0, equals);
    struct slice value = slice_part(text, equals + 1, text.size);
    struct slice *known = slice_equal_fold(name, SLICE("redirect")) ? &record->redirect
                          : slice_equal_fold(name, SLICE("exp"))    ? &record->explanation
                                                                    : NULL;
    if (!known)
        return is_macro_string(value);
    if (known->size > 0 || !is_domain_spec(value))
        return false;
    *known = value;
    return true;
}

static bool read_term(struct slice text, struct spf_record *record)
{
    size_t equals;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < 0x21 || text.data[i] > 0x7E)
            return false;
    if (is_modifier(text, &equals))
        return read_modifier(text, equals, record);
    struct spf_term *term = &record->terms[record->term_count];
    if (!read_directive(text, term))
        return false;
    record->term_count++;
    return true;
}

bool spf_record_read(struct slice text, struct arena *arena, struct spf_record *record)
{
    struct slice term, rest = slice_part(text, VERSION_OCTETS, text.size);
    *record = (struct spf_record){0};
    record->terms = arena_take(arena, (rest.size / 2 + 1) * sizeof *record->terms);
    while (slice_cut(&rest, ' ', &term)) {
        if (term.size == 0 || read_term(term, record))
            continue;
        record->wrong = term;
        return false;
    }
    return true;
}
