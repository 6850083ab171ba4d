/*
 * DNS messages of any octets. What is read must be writable again, and then read as the same.
 */
#include "agents/proto/dns_message.h"

#include "sim/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void compare(const struct dns_record *a, const struct dns_record *b, size_t count,
                    struct arena *arena)
{
    for (size_t i = 0; i < count; i++) {
        check(slice_equal(a[i].name, b[i].name) && a[i].type == b[i].type);
        check(a[i].ttl_s == b[i].ttl_s && a[i].udp_octets == b[i].udp_octets);
        check(slice_equal(dns_record_print(&a[i], arena), dns_record_print(&b[i], arena)));
    }
}

static void write_and_read(const struct dns_message *m, struct arena *arena)
{
    struct bytes wire;
    struct dns_message again;
    bytes_init(&wire, 65535);
    check(dns_message_encode(m, 0, &wire));
    check(dns_message_decode(bytes_slice(&wire), arena, &again));
    /* written in full where pointers were, it may be too large; then the end is missing */
    check(again.answer_count <= m->answer_count && again.authority_count <= m->authority_count);
    compare(m->answers, again.answers, again.answer_count, arena);
    compare(m->authority, again.authority, again.authority_count, arena);
    bytes_clear(&wire);
    check(!dns_message_encode(m, DNS_UDP_MAX, &wire) || bytes_size(&wire) <= DNS_UDP_MAX);
    bytes_finish(&wire);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct dns_message m;
    arena_init(&arena);
    if (dns_message_decode((struct slice){(const char *)data, size}, &arena, &m))
        write_and_read(&m, &arena);
    arena_finish(&arena);
    return 0;
}
