/*
 * What the files of DKIM share: dkim.c reads signatures and key records and judges them,
 * dkim_canonical.c brings text into the form that is signed, dkim_sign.c signs, dkim_key.c makes
 * and uses keys.
 */
#ifndef AGENTS_PROTO_DKIM_PART_H
#define AGENTS_PROTO_DKIM_PART_H

#include "agents/proto/dkim.h"

enum { DKIM_HASH_OCTETS = 32 };

/* The body's hash (3.7); `length` octets of its canonical form at most. */
void dkim_hash_body(bool is_relaxed, struct slice body, uint64_t length,
                    unsigned char hash[DKIM_HASH_OCTETS]);
/*
 * What is signed: the fields that `names` says, from the bottom up, and then `own`, a
 * DKIM-Signature field, with an empty b= and no line end (3.5, 3.7). A field that lies where `own`
 * does is not taken.
 */
void dkim_gather(bool is_relaxed, struct slice names, struct slice header, struct slice own,
                 struct bytes *out);

enum dkim_checked { DKIM_FITS, DKIM_FITS_NOT, DKIM_KEY_IS_NONE, DKIM_KEY_IS_WEAK };
enum dkim_checked dkim_key_check(const struct dkim_key *key, struct slice data,
                                 struct slice signature);
/* The octets of a signature of `data`, in the arena. */
struct slice dkim_secret_sign(const struct dkim_secret *secret, struct slice data,
                              struct arena *arena);
enum dkim_algorithm dkim_secret_algorithm(const struct dkim_secret *secret);

#endif
