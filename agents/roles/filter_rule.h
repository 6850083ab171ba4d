/*
 * Content rules: what in a message speaks for junk, and how much. A rule is a text:
 *
 *     rule   = score SP place SP test
 *     score  = ["-"] digits ["." digit [digit]]           points; less than 0 speaks against junk
 *     place  = "subject" / "from" / "to" / "body" / "header" SP name
 *     test   = "contains" SP text / "is" SP text / "missing"
 *
 *     5.0 subject contains lottery
 *     -2 header List-Id missing
 *     1.5 body contains click here
 *
 * Words are sought as a reader sees them: encoded words and transfer encodings undone, letters in
 * any case. "missing" is about fields only.
 */
#ifndef AGENTS_ROLES_FILTER_RULE_H
#define AGENTS_ROLES_FILTER_RULE_H

#include "agents/mail/mime.h"

enum filter_rule_test { FILTER_RULE_CONTAINS, FILTER_RULE_IS, FILTER_RULE_MISSING };

struct filter_rule {
    struct slice text;  /* as written */
    int64_t score;      /* hundredths of a point */
    struct slice field; /* "" the body */
    enum filter_rule_test test;
    struct slice what;
};

/* What is expected, for people. */
#define FILTER_RULE_EXPECTED                                                                       \
    "points, a place and a test, such as 5.0 subject contains lottery, 1.5 body contains click "   \
    "here, 2 header X-Mailer is bulk, 1 header Date missing"
/* Slices point into text. */
bool filter_rule_read(struct slice text, struct filter_rule *rule);
bool filter_rule_matches(const struct filter_rule *rule, const struct mime *mime);
/* "5.0", "-0.25" */
struct slice filter_rule_print(int64_t score, char text[32]);

#endif
