/* Private to predicate*.c: the text that is read, its characters and constants. Those that give a
   node give NULL when they have failed, and the problem is set. */
#ifndef LESSONS_PREDICATE_SCAN_H
#define LESSONS_PREDICATE_SCAN_H

#include "lessons/predicate_part.h"

struct reader {
    struct arena *arena;
    struct slice text;
    size_t at;
    int depth;
    const struct predicate_scope *scope;
    struct problem *problem;
};

/* What is wrong at this place; gives NULL. */
const struct node *scan_fail(struct reader *r, size_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* unknown WHAT "name"; did you mean "nearest"? */
const struct node *scan_fail_unknown(struct reader *r, size_t at, const char *what,
                                     struct slice name, const char *const *candidates,
                                     size_t count);
const struct node *scan_fail_name(struct reader *r, size_t at, const char *what, struct slice name,
                                  const struct predicate_names *names);
const struct node *scan_fail_place(struct reader *r, size_t at, struct slice name);
bool scan_is_among(const struct predicate_names *names, struct slice name);

/* The next character that is no blank; NUL at the end. */
char scan_peek(struct reader *r);
bool scan_take(struct reader *r, const char *sign);
/* A name off the text; "" when none begins here. Dots belong to it when it names an event. */
struct slice scan_name(struct reader *r, bool has_dots);
bool scan_word(struct reader *r, const char *word);
bool scan_is_name_start(char c);

struct node *scan_node(struct reader *r, enum node_kind kind, enum value_type type, size_t from);
/* Its source ends here. */
const struct node *scan_end(struct reader *r, struct node *n);
const struct node *scan_number(struct reader *r);
const struct node *scan_string(struct reader *r);
const struct node *scan_list(struct reader *r);
const struct node *scan_variable(struct reader *r);

#endif
