/*
 * The dialogues in tests/dialogues/pop3-*.txt, each said by turns, at once, octet by octet, and cut
 * in two at each place. C: is what the client sends, S: what the server answers, E: what the role
 * is asked for or sees, and at the end "REMOVED" with the messages that are gone. In C: lines \r
 * and \n stand for these octets.
 */
#include "agents/proto/pop3_server.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support_pop3.h"

struct dialogue {
    char *text; /* the file */
    struct bytes client, server, events;
};

static struct slice read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    cr_assert(file, "%s", path);
    char *text = malloc(1 << 16);
    size_t size = fread(text, 1, 1 << 16, file);
    fclose(file);
    return (struct slice){text, size};
}

static void add_line(struct bytes *to, struct slice line)
{
    for (size_t i = 0; i < line.size; i++) {
        bool is_escape = line.data[i] == '\\' && i + 1 < line.size;
        i += is_escape;
        bytes_append_octet(to, !is_escape ? line.data[i] : line.data[i] == 'n' ? '\n' : '\r');
    }
    bytes_append(to, SLICE("\r\n"));
}

static void add_dialogue_line(struct dialogue *d, struct slice line)
{
    struct slice rest = slice_part(line, 3, line.size);
    if (slice_starts(line, SLICE("C:"))) {
        add_line(&d->client, rest);
    } else if (slice_starts(line, SLICE("S:"))) {
        add_line(&d->server, rest);
    } else if (slice_starts(line, SLICE("E:"))) {
        bytes_append(&d->events, rest);
        bytes_append_octet(&d->events, '\n');
    } else {
        cr_assert(line.size == 0 || line.data[0] == '#', "%.*s", SLICE_ARG(line));
    }
}

static void dialogue_load(struct dialogue *d, const char *path)
{
    struct slice text = read_file(path), line;
    *d = (struct dialogue){.text = (char *)text.data};
    bytes_init(&d->client, 1 << 16);
    bytes_init(&d->server, 1 << 16);
    bytes_init(&d->events, 1 << 16);
    while (slice_cut(&text, '\n', &line))
        add_dialogue_line(d, line);
}

static void dialogue_finish(struct dialogue *d)
{
    free(d->text);
    bytes_finish(&d->client);
    bytes_finish(&d->server);
    bytes_finish(&d->events);
}

/* The connection is over; the transcript must be the file's. */
static void expect_end(struct support_pop3 *p, const struct dialogue *d, const char *how)
{
    support_pop3_eof(p);
    bytes_append(&p->log, SLICE("REMOVED"));
    for (int i = 0; i < SUPPORT_POP3_COUNT; i++)
        if (p->is_removed[i])
            bytes_printf(&p->log, " %d", i + 1);
    bytes_append_octet(&p->log, '\n');
    struct slice out = bytes_slice(&p->server.base.out), log = bytes_slice(&p->log);
    cr_assert(slice_equal(out, bytes_slice(&d->server)), "%s:\n%.*s", how, SLICE_ARG(out));
    cr_assert(slice_equal(log, bytes_slice(&d->events)), "%s:\n%.*s", how, SLICE_ARG(log));
}

/* Each line only after the replies to the one before: a person at a terminal. */
static void run_by_turns(const struct dialogue *d)
{
    struct support_pop3 p;
    support_pop3_init(&p);
    struct slice text = slice_of(d->text), line;
    size_t taken = 0;
    while (slice_cut(&text, '\n', &line)) {
        if (!slice_starts(line, SLICE("C:")) && !slice_starts(line, SLICE("S:")))
            continue;
        struct bytes raw;
        bytes_init(&raw, 4096);
        add_line(&raw, slice_part(line, 3, line.size));
        struct slice out = bytes_slice(&p.server.base.out);
        out = slice_part(out, taken, out.size);
        if (line.data[0] == 'C') {
            cr_assert(out.size == 0, "not expected: %.*s", SLICE_ARG(out));
            support_pop3_feed(&p, bytes_slice(&raw));
        } else {
            cr_assert(slice_starts(out, bytes_slice(&raw)), "%.*s, but:\n%.*s", SLICE_ARG(line),
                      SLICE_ARG(out));
            taken += bytes_size(&raw);
        }
        bytes_finish(&raw);
    }
    expect_end(&p, d, "by turns");
    support_pop3_finish(&p);
}

/* All of it at once (pipelined, RFC 2449 6.6), but for one cut. */
static void run_cut_at(const struct dialogue *d, size_t at)
{
    struct support_pop3 p;
    support_pop3_init(&p);
    struct slice all = bytes_slice(&d->client);
    support_pop3_feed(&p, slice_part(all, 0, at));
    support_pop3_feed(&p, slice_part(all, at, all.size));
    char how[32];
    snprintf(how, sizeof how, "cut at %zu", at);
    expect_end(&p, d, how);
    support_pop3_finish(&p);
}

static void run_by_octets(const struct dialogue *d)
{
    struct support_pop3 p;
    support_pop3_init(&p);
    struct slice all = bytes_slice(&d->client);
    for (size_t i = 0; i < all.size; i++)
        support_pop3_feed(&p, slice_part(all, i, i + 1));
    expect_end(&p, d, "octet by octet");
    support_pop3_finish(&p);
}

Test(pop3_dialogues, every_dialogue_goes_as_written_however_its_bytes_are_split)
{
    DIR *folder = opendir(SOURCE_DIR "/tests/dialogues");
    cr_assert(folder);
    int count = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (strncmp(entry->d_name, "pop3-", 5) != 0)
            continue;
        char path[1024];
        snprintf(path, sizeof path, SOURCE_DIR "/tests/dialogues/%s", entry->d_name);
        struct dialogue d;
        dialogue_load(&d, path);
        run_by_turns(&d);
        run_by_octets(&d);
        for (size_t at = 0; at <= bytes_size(&d.client); at++)
            run_cut_at(&d, at);
        dialogue_finish(&d);
        count++;
    }
    closedir(folder);
    cr_assert_geq(count, 7);
}
