/*
 * Lists of tags, "v=DKIM1; k=rsa; p=MIGf...": what DKIM signatures, their key records and DMARC
 * records are written in (RFC 6376 3.2). Nothing is copied.
 *
 *     struct tag tag;
 *     while (tag_list_next(&list, &tag)) ...
 */
#ifndef AGENTS_MAIL_TAG_LIST_H
#define AGENTS_MAIL_TAG_LIST_H

#include "sim/base/slice.h"

struct tag {
    struct slice name;  /* "" for what is no tag at all */
    struct slice value; /* without blanks and folds around it; those within stay */
    struct slice raw;   /* everything behind the '=' up to the ';' */
};

enum { TAG_LIST_MAX = 64 };

/* The next tag, taken off the front of *list; false at the end. What lies between two semicolons
   and is no tag gives one without a name. */
bool tag_list_next(struct slice *list, struct tag *tag);
/* Is every part of it a tag, and none there twice? More than TAG_LIST_MAX are not taken. */
bool tag_list_is_valid(struct slice list);
/* The value of a tag, names compared exactly. False, and "", when there is none. */
bool tag_list_find(struct slice list, const char *name, struct slice *value);
/* The next of a list between colons, "from : to : subject", without blanks around it. False at the
   end. */
bool tag_list_next_item(struct slice *list, struct slice *item);
/* Is it among them? Letters in any case. */
bool tag_list_has_item(struct slice list, const char *item);

#endif
