/*
 * Values of Received fields of any octets. Nothing may be read outside; what was read must give a
 * field that is one field again, and that says the same when it is read back.
 */
#include "agents/mail/received.h"

#include "agents/mail/header.h"
#include "sim/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_inside(struct slice part, struct slice whole)
{
    check(part.size == 0 || (part.data >= whole.data && part.size <= whole.size &&
                             (size_t)(part.data - whole.data) <= whole.size - part.size));
}

/* The octets that received_write puts in a field, from what was read out of one. */
static void write_and_read(const struct received *r)
{
    struct bytes first, second;
    struct header_field field;
    struct received again;
    bytes_init(&first, 8192);
    bytes_init(&second, 8192);
    check(received_write(r, &first));
    check(header_find(bytes_slice(&first), SLICE("Received"), 1, &field));
    check(field.whole.size == bytes_size(&first));
    received_read(field.value, &again);
    check(again.has_date == r->has_date && again.zone_min == r->zone_min);
    check(received_write(&again, &second));
    check(header_count(bytes_slice(&second), SLICE("Received")) == 1);
    bytes_finish(&first);
    bytes_finish(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct slice value = {(const char *)data, size};
    struct received r;
    bool is_read = received_read(value, &r);
    const struct slice parts[] = {r.from, r.from_name, r.from_addr, r.by,
                                  r.with, r.id,        r.rcpt,      r.comment};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        check_inside(parts[i], value);
    if (is_read)
        write_and_read(&r);
    return 0;
}
