/*
 * Does a text occur in a message? For IMAP's SEARCH (RFC 9051 6.4.4): in decoded header values,
 * and in text parts with their transfer encoding and charset undone; without case (fold.h), in
 * memory that does not grow with the message, in time that grows with it only linearly.
 *
 *     struct text_search search;
 *     text_search_init(&search, SLICE("gr\xC3\xBC\xC3\x9F"));    UTF-8
 *     if (text_search_body(&search, &mime)) ...
 *     text_search_finish(&search);
 *
 * One search can be asked about any number of messages. The empty text occurs in everything.
 */
#ifndef AGENTS_MAIL_TEXT_SEARCH_H
#define AGENTS_MAIL_TEXT_SEARCH_H

#include "agents/mail/mime.h"

struct text_search {
    struct bytes key;                   /* folded */
    size_t *borders;                    /* private: see text_search.c */
    size_t matched;                     /* private: octets of the key that were seen last */
    struct bytes decoded, text, folded; /* private: the piece that is looked at */
};

/* `what` copied; UTF-8. See mime_to_utf8 for a SEARCH with another CHARSET. */
void text_search_init(struct text_search *search, struct slice what);
void text_search_finish(struct text_search *search);

/* In a text that is UTF-8 already. */
bool text_search_utf8(struct text_search *search, struct slice text);
/* In a header value as it stands, with its encoded words decoded (SUBJECT, FROM, HEADER ...). */
bool text_search_value(struct text_search *search, struct slice value);
/* In any field of a header, as "Name: value". */
bool text_search_header(struct text_search *search, struct slice header);
/* BODY: in the text parts, and in the headers of all parts but the message's own. A text whose
   charset is not known is read as UTF-8, one whose encoding is not known as it is. */
bool text_search_body(struct text_search *search, const struct mime *mime);
/* TEXT: in the header or the body. */
bool text_search_message(struct text_search *search, const struct mime *mime);

#endif
