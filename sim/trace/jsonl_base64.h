/*
 * Base64 with padding (RFC 4648 4), as traces use it for texts that JSON strings can't hold.
 */
#ifndef SIM_TRACE_JSONL_BASE64_H
#define SIM_TRACE_JSONL_BASE64_H

#include "sim/base/bytes.h"

/* Appends. False: out is full. */
bool jsonl_base64_write(struct slice s, struct bytes *out);
/* Appends what it stands for. False when it is not base64, or out is full. Each octet string has
   one form only: bits that belong to no octet must be zero. */
bool jsonl_base64_read(struct slice text, struct bytes *out);

#endif
