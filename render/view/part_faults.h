/*
 * Private to this folder: what is wrong with the structure of a part of a message. Readers show
 * such messages all the same, each in its own way, which is why they are worth a look.
 */
#ifndef RENDER_VIEW_PART_FAULTS_H
#define RENDER_VIEW_PART_FAULTS_H

#include "agents/mail/mime.h"

enum part_fault {
    PART_NO_VERSION,    /* MIME fields, but no MIME-Version */
    PART_NO_BOUNDARY,   /* a multipart that does not say what divides it */
    PART_NOT_DIVIDED,   /* the boundary is never found */
    PART_NOT_CLOSED,    /* the last boundary is missing */
    PART_ENCODED_MULTI, /* a transfer encoding that a multipart or message must not have */
    PART_BAD_ENCODING,  /* an encoding that is in no table */
    PART_BAD_BASE64,    /* octets that are not of base64 */
    PART_BAD_CHARSET,   /* a charset that is in no table */
    PART_8BIT_IN_7BIT,  /* octets above 127, not announced */
    PART_LONG_LINE,     /* more than 998 octets */
    PART_BARE_END,      /* a CR or LF alone */
    PART_NUL,
    PART_TOO_DEEP, /* deeper or more than is read */
    PART_FAULT_COUNT
};

/* One bit a fault: 1u << enum part_fault. `i` is a part of `mime`. At most some megabytes of its
   body are looked at. */
unsigned part_faults(const struct mime *mime, uint32_t i);
/* A sentence with the clause; through tr() already. */
const char *part_fault_text(enum part_fault fault);

#endif
