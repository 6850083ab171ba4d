/*
 * Base64 with the alphabet and padding of RFC 4648 4, no line breaks. Decoding is strict: an octet
 * outside the alphabet, missing or superfluous padding, or unused bits that are not zero make the
 * text invalid (RFC 4648 3.2, 3.3, 3.5), so each octet string has exactly one encoding.
 */
#ifndef SIM_BASE_BASE64_H
#define SIM_BASE_BASE64_H

#include "sim/base/bytes.h"

/* Appends the encoding. False, and no change, when out would pass its ceiling. */
bool base64_write(struct slice octets, struct bytes *out);
/* Appends the decoded octets. False, and no change, when text is invalid or out is full. */
bool base64_read(struct slice text, struct bytes *out);

#endif
