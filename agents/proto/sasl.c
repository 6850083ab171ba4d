#include "agents/proto/sasl.h"

#include "sim/base/base64.h"

bool sasl_plain_read(struct slice message, struct sasl_plain *plain)
{
    size_t first = slice_find_octet(message, '\0', 0);
    if (first == SLICE_NONE)
        return false;
    size_t second = slice_find_octet(message, '\0', first + 1);
    if (second == SLICE_NONE)
        return false;
    *plain =
        (struct sasl_plain){slice_part(message, 0, first), slice_part(message, first + 1, second),
                            slice_part(message, second + 1, message.size)};
    return plain->user.size > 0 && plain->password.size > 0 &&
           slice_find_octet(plain->password, '\0', 0) == SLICE_NONE;
}

bool sasl_plain_write(const struct sasl_plain *plain, struct bytes *out)
{
    struct bytes message;
    bytes_init(&message, SIZE_MAX);
    bytes_append(&message, plain->authorization);
    bytes_append_octet(&message, '\0');
    bytes_append(&message, plain->user);
    bytes_append_octet(&message, '\0');
    bytes_append(&message, plain->password);
    bool fits = base64_write(bytes_slice(&message), out);
    bytes_finish(&message);
    return fits;
}
