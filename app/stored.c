#include "app/stored.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "agents/mail/header.h"
#include "agents/mail/mbox.h"
#include "sim/base/base64.h"
#include "sim/base/check.h"
#include "sim/json/json_file.h"

enum { MESSAGE_MAX = 11 * 1024 * 1024, FOLDERS_MAX = 200 }; /* one is within an action as base64 */

void stored_init(struct stored_mail *mail)
{
    *mail = (struct stored_mail){0};
    arena_init(&mail->arena);
}

void stored_finish(struct stored_mail *mail)
{
    vector_finish(&mail->items);
    arena_finish(&mail->arena);
}

/* ---- one message ---- */

struct reading {
    struct stored_mail *mail;
    struct slice user, folder;
    const char *path;
    struct problem *problem;
};

struct flag {
    char letter;
    const char *name;
};

/* "Seen,Flagged"; the same letters mean something else in a file's name and in a field. */
static void put_flags(struct slice letters, const struct flag *flags, size_t count,
                      struct bytes *out)
{
    for (size_t i = 0; i < count; i++)
        if (slice_find_octet(letters, flags[i].letter, 0) != SLICE_NONE)
            check(bytes_printf(out, "%s%s", bytes_size(out) ? "," : "", flags[i].name));
}

static void put_quoted(struct bytes *out, struct slice value)
{
    check(bytes_append_octet(out, '"'));
    for (size_t i = 0; i < value.size; i++) {
        if (value.data[i] == '"' || value.data[i] == '\\')
            check(bytes_append_octet(out, '\\'));
        check(bytes_append_octet(out, value.data[i]));
    }
    check(bytes_append_octet(out, '"'));
}

static bool fail(const struct reading *r, const char *what)
{
    problem_at(r->problem, r->path, 0, 0);
    return problem_set(r->problem, "%s", what);
}

static bool add(struct reading *r, struct slice content, int64_t unix_s, struct slice flags)
{
    struct stored_mail *a = r->mail;
    struct bytes text;
    a->octets += content.size;
    if (content.size > MESSAGE_MAX)
        return fail(r, "a message of more than 11 MiB");
    if (a->items.count >= STORED_MESSAGES_MAX || a->octets > STORED_OCTETS_MAX)
        return fail(r, "more than 10000 messages, or 64 MiB");
    bytes_init(&text, SIZE_MAX);
    check(bytes_append(&text, SLICE("store ")));
    put_quoted(&text, r->user);
    check(bytes_append(&text, SLICE(" folder=")));
    put_quoted(&text, r->folder);
    if (unix_s > 0 && unix_s <= UINT32_MAX)
        check(bytes_printf(&text, " date=%lld", (long long)unix_s));
    if (flags.size)
        check(bytes_printf(&text, " flags=%.*s", SLICE_ARG(flags)));
    check(bytes_append(&text, SLICE(" whole=")));
    check(base64_write(content, &text));
    *vector_add(&a->items) = arena_copy(&a->arena, bytes_slice(&text));
    bytes_finish(&text);
    return true;
}

/* ---- an mbox ---- */

/* What mail programs keep in the message itself: Status has R, X-Status the others. */
static void read_status(struct slice content, struct bytes *flags)
{
    static const struct flag status[] = {{'R', "Seen"}};
    static const struct flag x_status[] = {
        {'A', "Answered"}, {'F', "Flagged"}, {'D', "Deleted"}, {'T', "Draft"}};
    struct slice header, body;
    struct header_field field;
    header_split(content, &header, &body);
    if (header_find(header, SLICE("Status"), 1, &field))
        put_flags(field.value, status, 1, flags);
    if (header_find(header, SLICE("X-Status"), 1, &field))
        put_flags(field.value, x_status, 4, flags);
}

static bool read_mbox(struct reading *r)
{
    struct bytes file, content, flags;
    struct mbox_entry entry;
    size_t position = 0, count = 0;
    bool ok = true;
    if (!json_file_read(r->path, STORED_OCTETS_MAX, &file, r->problem))
        return false;
    bytes_init(&content, SIZE_MAX);
    bytes_init(&flags, SIZE_MAX);
    while (ok && mbox_next(bytes_slice(&file), &position, &entry)) {
        bytes_clear(&content);
        bytes_clear(&flags);
        check(mbox_read_text(entry.text, MBOX_RD, &content));
        read_status(bytes_slice(&content), &flags);
        ok = add(r, bytes_slice(&content), entry.unix_s, bytes_slice(&flags));
        count++;
    }
    if (ok && count == 0 && bytes_size(&file) > 0)
        ok = fail(r, "no mbox: expected a line \"From SENDER DATE\" first");
    bytes_finish(&content);
    bytes_finish(&flags);
    bytes_finish(&file);
    return ok;
}

/* ---- a Maildir ---- */

struct entry {
    char path[PATH_MAX];
    int64_t second; /* with which its name begins */
    size_t name;    /* where in the path the name begins */
};

struct entries {
    VECTOR(struct entry) items;
};

static int by_age(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->second != y->second)
        return x->second < y->second ? -1 : 1;
    return strcmp(x->path + x->name, y->path + y->name);
}

/* The files of a folder's cur or new. What is hidden, or no file, is none of ours. */
static bool list_files(struct reading *r, const char *folder, const char *part,
                       struct entries *entries)
{
    char path[PATH_MAX];
    int size = snprintf(path, sizeof path, "%s/%s", folder, part);
    DIR *dir = size < PATH_MAX ? opendir(path) : NULL;
    for (struct dirent *e; dir && (e = readdir(dir));) {
        struct entry new = {.name = (size_t)size + 1};
        struct slice first, name = slice_of(e->d_name);
        struct stat is;
        uint64_t second;
        if (e->d_name[0] == '.' ||
            snprintf(new.path, sizeof new.path, "%s/%s", path, e->d_name) >= PATH_MAX ||
            stat(new.path, &is) != 0 || !S_ISREG(is.st_mode))
            continue;
        if (slice_cut(&name, '.', &first) && slice_to_u64(first, &second) && second <= UINT32_MAX)
            new.second = (int64_t)second;
        if (entries->items.count < STORED_MESSAGES_MAX + 1) /* one more is found to be too many */
            *vector_add(&entries->items) = new;
    }
    if (dir)
        closedir(dir);
    return dir || fail(r, "no Maildir: there is no folder cur or new in it");
}

static bool read_entry(struct reading *r, const struct entry *entry)
{
    static const struct flag letters[] = {
        {'S', "Seen"}, {'R', "Answered"}, {'F', "Flagged"}, {'T', "Deleted"}, {'D', "Draft"}};
    struct bytes content, flags;
    struct slice path = slice_of(entry->path);
    size_t at = slice_find(path, SLICE(":2,"), entry->name);
    if (!json_file_read(entry->path, MESSAGE_MAX, &content, r->problem))
        return false;
    bytes_init(&flags, SIZE_MAX);
    if (at != SLICE_NONE)
        put_flags(slice_part(path, at + 3, path.size), letters, 5, &flags);
    bool ok = add(r, bytes_slice(&content), entry->second, bytes_slice(&flags));
    bytes_finish(&flags);
    bytes_finish(&content);
    return ok;
}

static bool read_folder(struct reading *r, const char *folder)
{
    struct entries entries = {0};
    bool ok = list_files(r, folder, "cur", &entries) && list_files(r, folder, "new", &entries);
    if (entries.items.count > 1)
        qsort(entries.items.items, entries.items.count, sizeof *entries.items.items, by_age);
    for (size_t i = 0; ok && i < entries.items.count; i++)
        ok = read_entry(r, &entries.items.items[i]);
    vector_finish(&entries.items);
    return ok;
}

/* ".Work.2025" is Work/2025. */
static bool read_named(struct reading *r, const char *name)
{
    char path[PATH_MAX], shown[NAME_MAX + 1];
    if (snprintf(path, sizeof path, "%s/%s", r->path, name) >= PATH_MAX)
        return true;
    snprintf(shown, sizeof shown, "%s", name + 1);
    for (char *c = shown; *c; c++)
        *c = *c == '.' ? '/' : *c;
    r->folder = slice_of(shown);
    bool ok = read_folder(r, path);
    r->folder = SLICE("INBOX");
    return ok;
}

static int is_named(const struct dirent *e) /* as scandir wants it */
{
    return e->d_name[0] == '.' && e->d_name[1] != '\0' && e->d_name[1] != '.';
}

static bool read_maildir(struct reading *r)
{
    struct dirent **names = NULL;
    bool ok = read_folder(r, r->path);
    int count = ok ? scandir(r->path, &names, is_named, alphasort) : 0;
    for (int i = 0; i < count; i++) {
        char cur[PATH_MAX];
        struct stat is;
        bool is_folder =
            snprintf(cur, sizeof cur, "%s/%s/cur", r->path, names[i]->d_name) < PATH_MAX &&
            stat(cur, &is) == 0 && S_ISDIR(is.st_mode);
        ok = ok && (!is_folder || i >= FOLDERS_MAX || read_named(r, names[i]->d_name));
        free(names[i]);
    }
    free(names);
    return ok;
}

/* ---- the option ---- */

static bool read_option(const char *value, struct stored_mail *mail, struct problem *problem)
{
    struct slice path = slice_of(value), user;
    struct stat is;
    if (!slice_cut(&path, '=', &user) || path.size == 0 || user.size == 0)
        return problem_set(problem, "--store: expected USER=PATH, not \"%.100s\"", value);
    struct reading r = {mail, user, SLICE("INBOX"), path.data, problem};
    bool is_folder = stat(r.path, &is) == 0 && S_ISDIR(is.st_mode);
    return is_folder ? read_maildir(&r) : read_mbox(&r);
}

bool stored_read_options(const struct command_line *line, struct stored_mail *mail,
                         struct problem *problem)
{
    for (size_t i = 0; i < line->given.count; i++)
        if (strcmp(line->given.items[i].option->name, "store") == 0 &&
            !read_option(line->given.items[i].value, mail, problem))
            return false;
    return true;
}
