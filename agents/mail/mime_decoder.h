/*
 * A body with its transfer encoding undone piece by piece (RFC 2045 6.7, 6.8), for those who need
 * not have all of it at once. For the whole there is mime_decode.
 *
 *     struct mime_decoder decoder;
 *     mime_decoder_init(&decoder, part->body, part->encoding);
 *     while (mime_decoder_next(&decoder, &out)) ... use and clear out
 */
#ifndef AGENTS_MAIL_MIME_DECODER_H
#define AGENTS_MAIL_MIME_DECODER_H

#include "agents/mail/mime.h"

/* The most octets that one piece can have. */
enum { MIME_PIECE_OCTETS = 16 << 10 };

struct mime_decoder {
    struct slice rest; /* not decoded yet; borrowed */
    enum mime_encoding encoding;
    bool is_full;     /* out had no room for a piece: the decoding ended there */
    uint32_t bits;    /* of a group of base64 that goes on ... */
    unsigned letters; /* ... and how many letters it has so far */
};

/* A body in an encoding that is not known stays as it is. */
void mime_decoder_init(struct mime_decoder *d, struct slice body, enum mime_encoding encoding);
/* Appends the next piece, which may be empty. False: there is none, or out was too full for it. */
bool mime_decoder_next(struct mime_decoder *d, struct bytes *out);

#endif
