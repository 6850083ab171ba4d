#include "agents/proto/sasl.h"

#include "sim/base/base64.h"
#include "sim/base/check.h"

static const char *const names[SASL_MECHANISM_COUNT] = {[SASL_PLAIN] = "PLAIN",
                                                        [SASL_LOGIN] = "LOGIN",
                                                        [SASL_CRAM_MD5] = "CRAM-MD5",
                                                        [SASL_SCRAM_SHA_256] = "SCRAM-SHA-256"};

const char *sasl_name(enum sasl_mechanism mechanism)
{
    check(mechanism < SASL_MECHANISM_COUNT);
    return names[mechanism];
}

enum sasl_mechanism sasl_find(struct slice name)
{
    unsigned i = 0;
    while (i < SASL_MECHANISM_COUNT && !slice_equal_fold(name, slice_of(names[i])))
        i++;
    return (enum sasl_mechanism)i;
}

bool sasl_client_begins(enum sasl_mechanism mechanism)
{
    return mechanism == SASL_PLAIN || mechanism == SASL_SCRAM_SHA_256;
}

enum sasl_mechanism sasl_choose(unsigned offered, enum sasl_mechanism preferred, bool allows_clear)
{
    static const enum sasl_mechanism by_strength[] = {SASL_SCRAM_SHA_256, SASL_CRAM_MD5, SASL_PLAIN,
                                                      SASL_LOGIN};
    if (!allows_clear)
        offered &= ~(unsigned)SASL_CLEAR;
    if (preferred < SASL_MECHANISM_COUNT && (offered & 1u << preferred))
        return preferred;
    for (size_t i = 0; i < sizeof by_strength / sizeof by_strength[0]; i++)
        if (offered & 1u << by_strength[i])
            return by_strength[i];
    return SASL_MECHANISM_COUNT;
}

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
