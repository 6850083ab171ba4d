/*
 * Inside of imap_search: one key of the program. Keys lie in one array, a key before those within
 * it; key 0 is the whole program, an AND.
 */
#ifndef AGENTS_PROTO_IMAP_SEARCH_KEY_H
#define AGENTS_PROTO_IMAP_SEARCH_KEY_H

#include "agents/mail/text_search.h"
#include "agents/proto/imap_search.h"

enum imap_search_op {
    IMAP_SEARCH_AND, /* of its children; so are the parentheses */
    IMAP_SEARCH_OR,
    IMAP_SEARCH_NOT, /* its one child does not match */
    IMAP_SEARCH_ALL,
    IMAP_SEARCH_FLAG,    /* has one of the flags in `number` */
    IMAP_SEARCH_NO_FLAG, /* has none of them */
    IMAP_SEARCH_RECENT,
    IMAP_SEARCH_OLD,
    IMAP_SEARCH_NEW,
    IMAP_SEARCH_KEYWORD, /* `name`; bound to FLAG and NO_FLAG */
    IMAP_SEARCH_UNKEYWORD,
    IMAP_SEARCH_NUMBERS, /* `set` */
    IMAP_SEARCH_UIDS,
    IMAP_SEARCH_BEFORE, /* `day` */
    IMAP_SEARCH_ON,
    IMAP_SEARCH_SINCE,
    IMAP_SEARCH_SENTBEFORE,
    IMAP_SEARCH_SENTON,
    IMAP_SEARCH_SENTSINCE,
    IMAP_SEARCH_SAVEDBEFORE,
    IMAP_SEARCH_SAVEDON,
    IMAP_SEARCH_SAVEDSINCE,
    IMAP_SEARCH_LARGER, /* `number` */
    IMAP_SEARCH_SMALLER,
    IMAP_SEARCH_OLDER,
    IMAP_SEARCH_YOUNGER,
    IMAP_SEARCH_MODSEQ,
    IMAP_SEARCH_HEADER, /* `text` in a field `name` */
    IMAP_SEARCH_BODY,
    IMAP_SEARCH_TEXT
};

struct imap_search_key {
    enum imap_search_op op;
    uint32_t first_child, next; /* index; 0: none */
    uint64_t number;
    int64_t day; /* since 1970-01-01 */
    struct slice name;
    struct imap_set set;   /* as asked for; resolved once bound */
    struct imap_set saved; /* UIDs that "$" stood for */
    bool has_text;
    struct text_search text;
};

#endif
