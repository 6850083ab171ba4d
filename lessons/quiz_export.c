#include "lessons/quiz_export.h"

#include <stdio.h>

#include "lessons/quiz_export_part.h"

/* ---- texts ---- */

static void put(struct bytes *out, struct slice text)
{
    (void)bytes_append(out, text); /* it has no ceiling */
}

void export_xml(struct bytes *out, struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        struct slice as = c == '<'    ? SLICE("&lt;")
                          : c == '>'  ? SLICE("&gt;")
                          : c == '&'  ? SLICE("&amp;")
                          : c == '"'  ? SLICE("&quot;")
                          : c == '\'' ? SLICE("&#39;")
                                      : slice_part(text, i, i + 1);
        put(out, as);
    }
}

/* The end of the code that begins at `at`; the same place when it does not end. */
static size_t code_end(struct slice text, size_t at)
{
    size_t end = slice_find_octet(text, '`', at + 1);
    return end == SLICE_NONE ? at : end;
}

/* What would make a heading, a quotation or a list of a line. */
static bool begins_block(struct slice text)
{
    size_t i = 0;
    while (i < text.size && text.data[i] >= '0' && text.data[i] <= '9')
        i++;
    if (i > 0)
        return i + 1 < text.size && text.data[i] == '.' && text.data[i + 1] == ' ';
    return text.size > 1 && (text.data[0] == '#' || text.data[0] == '>' ||
                             ((text.data[0] == '+' || text.data[0] == '-') && text.data[1] == ' '));
}

void export_markdown(struct bytes *out, struct slice text)
{
    if (begins_block(text) && (text.data[0] < '0' || text.data[0] > '9'))
        put(out, SLICE("\\"));
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == '`' && code_end(text, i) > i) {
            size_t end = code_end(text, i);
            put(out, slice_part(text, i, end + 1));
            i = end;
        } else if (c == '\\') {
            put(out, SLICE("\\\\"));
        } else {
            put(out, c == '<'   ? SLICE("&lt;")
                     : c == '&' ? SLICE("&amp;")
                                : slice_part(text, i, i + 1));
        }
    }
}

void export_html(struct bytes *out, struct slice text)
{
    bool is_emphasis = false;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == '`' && code_end(text, i) > i) {
            size_t end = code_end(text, i);
            put(out, SLICE("<code>"));
            export_xml(out, slice_part(text, i + 1, end));
            put(out, SLICE("</code>"));
            i = end;
        } else if (c == '*' && (is_emphasis || slice_find_octet(text, '*', i + 1) != SLICE_NONE)) {
            put(out, is_emphasis ? SLICE("</em>") : SLICE("<em>"));
            is_emphasis = !is_emphasis;
        } else {
            export_xml(out, c == '\n' ? SLICE(" ") : slice_part(text, i, i + 1));
        }
    }
}

/* ---- what several formats share ---- */

struct slice export_sources(const struct question *q, struct arena *arena)
{
    struct slice all = SLICE("");
    for (size_t i = 0; i < q->source_count; i++)
        all = arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(all), i ? "; " : "",
                           SLICE_ARG(q->sources[i]));
    return all;
}

struct slice export_rubric(const struct question *q, struct arena *arena)
{
    struct slice all = arena_printf(arena, "Model answer: %.*s", SLICE_ARG(q->model));
    for (size_t i = 0; i < q->key_count; i++)
        all = arena_printf(arena, "%.*s\n\n%u point%s: %.*s", SLICE_ARG(all), q->keys[i].points,
                           q->keys[i].points == 1 ? "" : "s", SLICE_ARG(q->keys[i].shows));
    for (size_t i = 0; i < q->slip_count; i++)
        all = arena_printf(arena, "%.*s\n\nCommon slip (%.*s): %.*s", SLICE_ARG(all),
                           SLICE_ARG(q->slips[i].any[0]), SLICE_ARG(q->slips[i].feedback));
    return all;
}

struct slice export_line_feedback(const struct question *q, struct arena *arena)
{
    struct slice all = SLICE("");
    for (size_t i = 0; i < q->choice_count; i++)
        if (q->choices[i].feedback.size > 0)
            all = arena_printf(arena, "%.*s%s%.*s: %.*s", SLICE_ARG(all), all.size ? "\n\n" : "",
                               SLICE_ARG(q->choices[i].text), SLICE_ARG(q->choices[i].feedback));
    return all;
}

struct slice export_number(int64_t thousandths, struct arena *arena)
{
    uint64_t size = (uint64_t)(thousandths < 0 ? -thousandths : thousandths);
    const char *sign = thousandths < 0 ? "-" : "";
    if (size % 1000 == 0)
        return arena_printf(arena, "%s%llu", sign, (unsigned long long)(size / 1000));
    return arena_printf(arena, "%s%llu.%03llu", sign, (unsigned long long)(size / 1000),
                        (unsigned long long)(size % 1000));
}

size_t export_right_count(const struct question *q)
{
    size_t right = 0;
    for (size_t i = 0; i < q->choice_count; i++)
        right += q->choices[i].is_right;
    return right;
}

/* In whole numbers, rounded: 100/n times 100000. */
struct slice export_percent(size_t parts, struct arena *arena)
{
    uint64_t scaled = (UINT64_C(10000000) + parts / 2) / parts;
    if (scaled % 100000 == 0)
        return arena_printf(arena, "%llu", (unsigned long long)(scaled / 100000));
    struct slice text = arena_printf(arena, "%llu.%05llu", (unsigned long long)(scaled / 100000),
                                     (unsigned long long)(scaled % 100000));
    while (text.data[text.size - 1] == '0')
        text.size--;
    return arena_copy(arena, text);
}

struct slice export_ordinal(size_t index, struct arena *arena)
{
    static const char *const endings[] = {"th", "st", "nd", "rd"};
    size_t n = index + 1, last = n % 10;
    return arena_printf(arena, "%zu%s", n, endings[last < 4 && (n < 11 || n > 13) ? last : 0]);
}
