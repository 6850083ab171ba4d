/*
 * Small helpers that the mail tests share.
 */
#ifndef TESTS_MAIL_SUPPORT_MAIL_H
#define TESTS_MAIL_SUPPORT_MAIL_H

#include "sim/base/bytes.h"
#include "sim/base/random.h"
#include "sim/base/slice.h"

/* cr_expect that a slice has this text, showing both when it has not. */
#define expect_text(slice_, text_)                                                                 \
    cr_expect(slice_equal((slice_), slice_of(text_)), "'%s' expected, but: '%.*s'", (text_),       \
              SLICE_ARG(slice_))

/*
 * A copy of `text` with up to 5 random octets changed, dropped, doubled or inserted, of its exact
 * size on the heap, so that reading one octet too far is seen. Give back with free().
 */
struct slice support_mutate(struct random *r, struct slice text);

/* The longest line, without its CRLF; SIZE_MAX when a CR or LF stands alone. */
size_t support_longest_line(struct slice text);

/* True when the part lies within the whole, or is empty. */
bool support_is_inside(struct slice part, struct slice whole);

#endif
