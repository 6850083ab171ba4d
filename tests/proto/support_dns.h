/*
 * What the tests of DNS messages share: a message written by hand, and a sample of each type of
 * record.
 */
#ifndef TESTS_PROTO_SUPPORT_DNS_H
#define TESTS_PROTO_SUPPORT_DNS_H

#include "agents/proto/dns_message.h"

enum { SUPPORT_DNS_EXAMPLE = 77, SUPPORT_DNS_SAMPLES = 14 };

/* RFC 1035 4.1.4, in octets. */
extern const char support_dns_example[SUPPORT_DNS_EXAMPLE + 1];
extern const struct dns_record support_dns_samples[SUPPORT_DNS_SAMPLES];

#define SUPPORT_DNS_WIRE(array) ((struct slice){(array), sizeof(array) - 1})

#define SUPPORT_DNS_EXPECT(slice, text)                                                            \
    cr_assert(slice_equal((slice), slice_of(text)), "%.*s", SLICE_ARG(slice))

/* From a block of its own size, so that the address sanitizer sees each read outside of it. */
bool support_dns_decode(struct slice wire, struct arena *arena, struct dns_message *m);
/* All samples in one message; `records` takes them. */
struct dns_message support_dns_message(struct dns_record records[SUPPORT_DNS_SAMPLES]);
void support_dns_expect_same(const struct dns_record *a, const struct dns_record *b);

#endif
