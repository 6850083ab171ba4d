/* Where the store's files lie. */
#include "agents/mail/address.h"
#include "agents/roles/store_part.h"

void store_path_add(struct store_path *path, struct slice s)
{
    for (size_t i = 0; i < s.size && path->size < sizeof path->text; i++)
        path->text[path->size++] = s.data[i];
}

/* Part of a name: nothing in it may lead elsewhere. */
static void add_name(struct store_path *path, struct slice s)
{
    for (size_t i = 0; i < s.size && path->size < sizeof path->text; i++)
        path->text[path->size++] =
            (unsigned char)s.data[i] <= ' ' || s.data[i] == '/' ? '_' : s.data[i];
}

static void add_user(struct store_path *path, const struct store_box *box)
{
    struct slice owner = box->account.owner;
    if (!box->is_classic) {
        add_name(path, slice_part(address_domain(owner), 0, 255));
        store_path_add(path, SLICE("/"));
    }
    add_name(path, slice_part(address_local(owner), 0, 64));
}

void store_path_add_home(struct store_path *path, const struct store_box *box)
{
    store_path_add(path, SLICE("/home/"));
    add_user(path, box);
    store_path_add(path, SLICE("/"));
}

void store_path_add_spool(struct store_path *path, const struct store_box *box)
{
    store_path_add(path, SLICE("/var/mail/"));
    add_user(path, box);
}

void store_path_add_maildir(struct store_path *path, const struct store_box *box)
{
    store_path_add_home(path, box);
    store_path_add(path, SLICE("Maildir/"));
}

/* A dot in a name is written so that it is none, and a backslash so that it does not look like one;
   so no two folders get the same directory. */
void store_path_add_folder(struct store_path *path, struct slice folder)
{
    if (slice_equal(folder, SLICE("INBOX")))
        return;
    store_path_add(path, SLICE("."));
    for (size_t i = 0; i < folder.size; i++) {
        char octet = folder.data[i];
        store_path_add(path, octet == '/'    ? SLICE(".")
                             : octet == '.'  ? SLICE("\\056")
                             : octet == '\\' ? SLICE("\\134")
                                             : (struct slice){&octet, 1});
    }
    store_path_add(path, SLICE("/"));
}

bool store_path_read_folder(struct slice directory, struct bytes *folder)
{
    if (directory.size < 2 || directory.data[0] != '.')
        return false;
    for (size_t i = 1; i < directory.size; i++) {
        struct slice rest = slice_part(directory, i, directory.size);
        bool is_dot = slice_starts(rest, SLICE("\\056"));
        bool is_backslash = slice_starts(rest, SLICE("\\134"));
        char octet = is_dot ? '.' : is_backslash ? '\\' : rest.data[0] == '.' ? '/' : rest.data[0];
        if (!bytes_append_octet(folder, octet))
            return false;
        i += is_dot || is_backslash ? 3 : 0;
    }
    return true;
}
