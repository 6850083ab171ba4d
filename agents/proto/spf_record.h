/*
 * The text of an SPF record (RFC 7208 4.5, 4.6, 12) as terms. All of it is checked before any of it
 * is used; macros are looked at here and expanded in spf.c.
 */
#ifndef AGENTS_PROTO_SPF_RECORD_H
#define AGENTS_PROTO_SPF_RECORD_H

#include "sim/base/arena.h"
#include "sim/base/slice.h"

enum spf_mechanism { SPF_ALL, SPF_INCLUDE, SPF_A, SPF_MX, SPF_PTR, SPF_IP4, SPF_IP6, SPF_EXISTS };

struct spf_term {
    struct slice text; /* as it stands there: "-all" */
    char qualifier;    /* + - ~ ? */
    enum spf_mechanism mechanism;
    struct slice domain;         /* with macros; "": the domain that is checked */
    unsigned ip4_bits, ip6_bits; /* prefix lengths; 32 and 128 when not given */
    unsigned char address[16];   /* IP4, IP6 */
};

struct spf_record {
    struct spf_term *terms; /* in the arena */
    size_t term_count;
    struct slice redirect, explanation; /* with macros; "" when not given */
    struct slice wrong;                 /* the term that is not understood */
};

/* Is this text meant to be an SPF record of version 1 (4.5)? */
bool spf_record_is_one(struct slice text);
/* False on any mistake of syntax; `wrong` then says where. Slices point into text. */
bool spf_record_read(struct slice text, struct arena *arena, struct spf_record *record);

/*
 * The next part of a macro-string (7.1), taken off its front: a run of literal octets (letter 0),
 * or a macro. False at the end, and when what is there is no macro-string: then is_wrong.
 */
struct spf_macro {
    char letter;     /* lower case; 0: `literal` stands for itself */
    bool is_escaped; /* it stood there in upper case: URL escaping */
    struct slice literal;
    unsigned keep; /* so many parts from the right; 0 all */
    bool is_reversed;
    struct slice delimiters; /* "" means "." */
};
bool spf_macro_next(struct slice *text, struct spf_macro *macro, bool *is_wrong);

#endif
