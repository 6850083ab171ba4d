#include "render/view/diff.h"

#include <string.h>

#include "agents/mail/header.h"

/* As many lines are looked at; the table of what is between a common head and tail has at most
   TABLE_MAX entries. */
enum { LINES_MAX = 20000, TABLE_MAX = 1 << 20 };

void diff_finish(struct diff *diff)
{
    vector_finish(&diff->lines);
    vector_finish(&diff->before.items);
    vector_finish(&diff->after.items);
    vector_finish(&diff->table);
    *diff = (struct diff){0};
}

static void add(struct diff *diff, enum diff_kind kind, struct slice text)
{
    *vector_add(&diff->lines) = (struct diff_line){kind, text};
    diff->added += kind == DIFF_ADDED;
    diff->removed += kind == DIFF_REMOVED;
}

static bool is_same(const struct diff *diff, size_t before, size_t after)
{
    return slice_equal(diff->before.items.items[before], diff->after.items.items[after]);
}

/* The longest common subsequence (dynamic programming from the end) of two ranges. */
static void compare(struct diff *diff, size_t b, size_t b_end, size_t a, size_t a_end)
{
    size_t rows = b_end - b, columns = a_end - a, width = columns + 1;
    bool is_small =
        rows < UINT16_MAX && columns < UINT16_MAX && (rows + 1) * (columns + 1) <= TABLE_MAX;
    vector_clear(&diff->table);
    for (size_t i = 0; is_small && i < (rows + 1) * width; i++)
        *vector_add(&diff->table) = 0;
    uint16_t *table = diff->table.items;
    for (size_t i = rows; is_small && i-- > 0;)
        for (size_t j = columns; j-- > 0;) {
            uint16_t down = table[(i + 1) * width + j], right = table[i * width + j + 1];
            table[i * width + j] = is_same(diff, b + i, a + j)
                                       ? (uint16_t)(table[(i + 1) * width + j + 1] + 1)
                                   : down > right ? down
                                                  : right;
        }
    size_t i = 0, j = 0;
    while (i < rows || j < columns) {
        if (is_small && i < rows && j < columns && is_same(diff, b + i, a + j)) {
            add(diff, DIFF_SAME, diff->before.items.items[b + i]);
            i++, j++;
        } else if (i < rows && (j == columns || !is_small ||
                                table[(i + 1) * width + j] >= table[i * width + j + 1])) {
            add(diff, DIFF_REMOVED, diff->before.items.items[b + i++]);
        } else {
            add(diff, DIFF_ADDED, diff->after.items.items[a + j++]);
        }
    }
}

static void run(struct diff *diff)
{
    size_t b = diff->before.items.count, a = diff->after.items.count, head = 0, tail = 0;
    vector_clear(&diff->lines);
    diff->added = diff->removed = 0;
    while (head < b && head < a && is_same(diff, head, head))
        add(diff, DIFF_SAME, diff->before.items.items[head++]);
    while (tail < b - head && tail < a - head && is_same(diff, b - tail - 1, a - tail - 1))
        tail++;
    compare(diff, head, b - tail, head, a - tail);
    for (size_t i = b - tail; i < b; i++)
        add(diff, DIFF_SAME, diff->before.items.items[i]);
}

static struct slice without_line_end(struct slice line)
{
    if (slice_ends(line, SLICE("\n")))
        line.size--;
    if (slice_ends(line, SLICE("\r")))
        line.size--;
    return line;
}

static void take_fields(struct diff_list *list, struct slice header)
{
    struct header_field field;
    vector_clear(&list->items);
    while (list->items.count < LINES_MAX && header_next(&header, &field))
        *vector_add(&list->items) = without_line_end(field.whole);
}

static void take_lines(struct diff_list *list, struct slice text)
{
    vector_clear(&list->items);
    while (text.size && list->items.count < LINES_MAX) {
        size_t end = slice_find_octet(text, '\n', 0);
        end = end == SLICE_NONE ? text.size : end + 1;
        *vector_add(&list->items) = without_line_end(slice_part(text, 0, end));
        text = slice_part(text, end, text.size);
    }
}

void diff_headers(struct diff *diff, struct slice before, struct slice after)
{
    take_fields(&diff->before, before);
    take_fields(&diff->after, after);
    run(diff);
}

void diff_bodies(struct diff *diff, struct slice before, struct slice after)
{
    take_lines(&diff->before, before);
    take_lines(&diff->after, after);
    run(diff);
}
