#include "agents/mail/delivered_to.h"

#include "agents/mail/header.h"

bool delivered_to_has(struct slice header, struct slice address)
{
    struct header_field field;
    while (header_next(&header, &field))
        if (slice_equal_fold(field.name, SLICE("Delivered-To")) &&
            slice_equal_fold(slice_trim(field.value), address))
            return true;
    return false;
}
