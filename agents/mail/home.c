#include "agents/mail/home.h"

#include "agents/mail/address.h"

enum { DOMAIN_MAX = 255, LOCAL_MAX = 64 };

/* A blank, a slash or a control becomes '_'. */
static struct slice put_name(struct arena *arena, struct slice s, size_t most)
{
    struct slice name = arena_copy(arena, slice_part(s, 0, most));
    for (size_t i = 0; i < name.size; i++)
        if ((unsigned char)name.data[i] <= ' ' || name.data[i] == '/')
            ((char *)name.data)[i] = '_';
    return name;
}

struct slice home_path(struct arena *arena, struct slice address, struct slice file)
{
    return arena_join(
        arena,
        (struct slice[]){SLICE("/home/"), put_name(arena, address_domain(address), DOMAIN_MAX),
                         SLICE("/"), put_name(arena, address_local(address), LOCAL_MAX), SLICE("/"),
                         file},
        6);
}
