/* ls, cat and hexdump: the simulated disk of this host, as the programs on it see it. */
#include "agents/roles/console_part.h"

enum { CAT_MAX = 256 * 1024, DUMP_MAX = 16 * 1024, LISTED_MAX = 2000 };

static struct disk *disk_of(struct console *c)
{
    return office_disk(c->office, c->agent);
}

/* "/a//b/" is "/a/b": from the root, without empty steps and the last slash; there is no "cd". */
static struct slice clean_path(struct console *c, struct slice word)
{
    char *path = arena_take(&c->arena, word.size + 2);
    size_t size = 0;
    struct slice step;
    while (slice_cut(&word, '/', &step)) {
        if (step.size == 0 || slice_equal(step, SLICE(".")))
            continue;
        path[size++] = '/';
        memcpy(path + size, step.data, step.size);
        size += step.size;
    }
    return (struct slice){path, size};
}

static struct slice folder_path(struct console *c, struct slice word)
{
    struct slice path = clean_path(c, word);
    return arena_join(&c->arena, (struct slice[]){path, SLICE("/")}, 2);
}

static bool find_file(struct console *c, struct slice word, struct disk_file *file)
{
    if (disk_find(disk_of(c), clean_path(c, word), file))
        return true;
    console_printf(c, "%.*s: no such file; ls shows what is there\n",
                   SLICE_ARG(slice_part(word, 0, 200)));
    return false;
}

/* ---- cat ---- */

void console_cat(struct console *c, const struct console_line *words)
{
    struct disk_file file;
    for (size_t i = 1; i < words->count; i++) {
        if (!find_file(c, words->items[i], &file))
            continue;
        console_say(c, slice_part(file.content, 0, CAT_MAX));
        if (file.content.size > CAT_MAX)
            console_printf(c, "\n[%zu octets more]", file.content.size - CAT_MAX);
        if (file.content.size > 0 && !slice_ends(file.content, SLICE("\n")))
            console_say(c, SLICE("\n"));
    }
    console_done(c);
}

static void dump_row(struct console *c, struct slice octets, size_t offset)
{
    char shown[17] = "";
    console_printf(c, "%08zx ", offset);
    for (size_t i = 0; i < 16; i++) {
        unsigned char octet = i < octets.size ? (unsigned char)octets.data[i] : 0;
        if (i < octets.size)
            console_printf(c, "%s%02x", i == 8 ? "  " : " ", octet);
        else
            console_printf(c, "%s", i == 8 ? "    " : "   ");
        if (i < octets.size)
            shown[i] = octet >= ' ' && octet < 127 ? (char)octet : '.';
    }
    console_printf(c, "  |%s|\n", shown);
}

void console_hexdump(struct console *c, const struct console_line *words)
{
    struct disk_file file;
    if (find_file(c, words->items[1], &file)) {
        struct slice part = slice_part(file.content, 0, DUMP_MAX);
        for (size_t i = 0; i < part.size; i += 16)
            dump_row(c, slice_part(part, i, i + 16), i);
        console_printf(c, "%08zx\n", part.size);
        if (file.content.size > DUMP_MAX)
            console_printf(c, "[%zu octets more]\n", file.content.size - DUMP_MAX);
    }
    console_done(c);
}

/* ---- ls ---- */

static void list_name(struct console *c, struct slice name)
{
    console_say(c, name);
    console_say(c, SLICE("\n"));
}

/* Folders are there as long as something was ever in them. */
static size_t list_folder(struct console *c, struct slice folder)
{
    struct disk_file file;
    struct slice path;
    uint32_t position = 0;
    size_t count = 0;
    while (count < LISTED_MAX && disk_next_folder(disk_of(c), folder, &position, &path)) {
        console_printf(c, "%10s ", "");
        list_name(c, slice_part(path, folder.size, path.size));
        count++;
    }
    position = 0;
    while (count < LISTED_MAX && disk_next(disk_of(c), folder, &position, &file)) {
        console_printf(c, "%10zu ", file.content.size);
        list_name(c, slice_part(file.path, folder.size, file.path.size));
        count++;
    }
    if (count == LISTED_MAX)
        console_say(c, SLICE("[there may be more]\n"));
    return count;
}

void console_ls(struct console *c, const struct console_line *words)
{
    struct disk_file file;
    struct slice word = words->count > 1 ? words->items[1] : SLICE("/");
    if (list_folder(c, folder_path(c, word)) == 0) {
        if (disk_find(disk_of(c), clean_path(c, word), &file))
            console_printf(c, "%10zu %.*s\n", file.content.size, SLICE_ARG(file.path));
        else if (slice_equal(word, SLICE("/")))
            console_say(c, SLICE("[this disk is empty]\n"));
        else
            console_printf(c, "%.*s: there is nothing here\n", SLICE_ARG(slice_part(word, 0, 200)));
    }
    console_done(c);
}
