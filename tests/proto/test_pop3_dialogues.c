/*
 * The dialogues in tests/dialogues/pop3-*.txt, each said by turns, at once, octet by octet, and cut
 * in two at each place. C: is what the client sends, S: what the server answers, T: the end of a
 * TLS handshake, I: what somebody puts in between STLS and that, in clear, E: what the role is
 * asked for or sees, and at the end "REMOVED" with the messages that are gone. In C: lines \r and
 * \n stand for these octets, and {OCTET*COUNT} for so many of one octet.
 *
 * with: names what the server offers beyond USER and PASS, words of: apop, plain, login, cram-md5,
 * scram-sha-256, tls, required, implicit (TLS from the first octet), no-pass, implementation,
 * never (EXPIRE NEVER), expire=DAYS, delay=SECONDS.
 */
#include "agents/proto/pop3_server.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support_pop3.h"

enum { PARTS_MAX = 4 }; /* of what the client says: between them there is a TLS handshake */

struct dialogue {
    const char *name;
    char *text; /* the file */
    struct pop3_server_options options;
    bool is_implicit;
    struct bytes client[PARTS_MAX], server, events;
    size_t parts;
};

static struct slice read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    cr_assert(file, "%s", path);
    char *text = malloc(1 << 16);
    size_t size = fread(text, 1, (1 << 16) - 1, file);
    fclose(file);
    text[size] = '\0';
    return (struct slice){text, size};
}

/* "{x*300}": 300 times x. Gives how many octets of the line that was; 0 when it is none. */
static size_t add_repeated(struct bytes *to, struct slice line)
{
    uint64_t count;
    size_t end = slice_find_octet(line, '}', 0);
    if (end == SLICE_NONE || end < 4 || line.data[0] != '{' || line.data[2] != '*' ||
        !slice_to_u64(slice_part(line, 3, end), &count))
        return 0;
    while (count-- > 0)
        bytes_append_octet(to, line.data[1]);
    return end + 1;
}

static void add_line(struct bytes *to, struct slice line)
{
    for (size_t i = 0; i < line.size; i++) {
        size_t repeated = add_repeated(to, slice_part(line, i, line.size));
        if (repeated > 0) {
            i += repeated - 1;
            continue;
        }
        bool is_escape = line.data[i] == '\\' && i + 1 < line.size;
        i += is_escape;
        bytes_append_octet(to, !is_escape ? line.data[i] : line.data[i] == 'n' ? '\n' : '\r');
    }
    bytes_append(to, SLICE("\r\n"));
}

static void read_option(struct dialogue *d, struct slice word)
{
    struct pop3_server_options *o = &d->options;
    uint64_t number;
    enum sasl_mechanism mechanism = sasl_find(word);
    if (mechanism < SASL_MECHANISM_COUNT)
        o->mechanisms |= 1u << mechanism;
    else if (slice_equal(word, SLICE("apop")))
        o->has_apop = true;
    else if (slice_equal(word, SLICE("tls")))
        o->is_tls_available = true;
    else if (slice_equal(word, SLICE("required")))
        o->requires_tls = true;
    else if (slice_equal(word, SLICE("implicit")))
        d->is_implicit = true;
    else if (slice_equal(word, SLICE("no-pass")))
        o->has_pass = false;
    else if (slice_equal(word, SLICE("implementation")))
        o->implementation = SLICE("mailflow");
    else if (slice_equal(word, SLICE("never")))
        o->expire_days = POP3_EXPIRE_NEVER;
    else if (slice_starts(word, SLICE("expire=")) &&
             slice_to_u64(slice_part(word, 7, word.size), &number))
        o->expire_days = (int64_t)number;
    else if (slice_starts(word, SLICE("delay=")) &&
             slice_to_u64(slice_part(word, 6, word.size), &number))
        o->login_delay_s = (uint32_t)number;
    else
        cr_assert_fail("what is \"%.*s\"?", SLICE_ARG(word));
}

static void add_dialogue_line(struct dialogue *d, struct slice line)
{
    struct slice rest = slice_part(line, 3, line.size), word;
    if (slice_starts(line, SLICE("C:")) || slice_starts(line, SLICE("I:"))) {
        add_line(&d->client[d->parts - 1], rest);
    } else if (slice_starts(line, SLICE("S:"))) {
        add_line(&d->server, rest);
    } else if (slice_starts(line, SLICE("T:"))) {
        cr_assert_lt(d->parts, PARTS_MAX);
        bytes_init(&d->client[d->parts++], 1 << 16);
    } else if (slice_starts(line, SLICE("E:"))) {
        bytes_append(&d->events, rest);
        bytes_append_octet(&d->events, '\n');
    } else if (slice_starts(line, SLICE("with:"))) {
        rest = slice_part(line, 6, line.size);
        while (slice_cut(&rest, ' ', &word))
            read_option(d, word);
    } else {
        cr_assert(line.size == 0 || line.data[0] == '#', "%.*s", SLICE_ARG(line));
    }
}

static void dialogue_load(struct dialogue *d, const char *path)
{
    struct slice text = read_file(path), line;
    *d = (struct dialogue){.text = (char *)text.data, .parts = 1};
    support_pop3_options(&d->options);
    bytes_init(&d->client[0], 1 << 16);
    bytes_init(&d->server, 1 << 16);
    bytes_init(&d->events, 1 << 16);
    while (slice_cut(&text, '\n', &line))
        add_dialogue_line(d, line);
}

static void dialogue_finish(struct dialogue *d)
{
    free(d->text);
    for (size_t i = 0; i < d->parts; i++)
        bytes_finish(&d->client[i]);
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
    cr_assert(slice_equal(out, bytes_slice(&d->server)), "%s %s:\n%.*s", d->name, how,
              SLICE_ARG(out));
    cr_assert(slice_equal(log, bytes_slice(&d->events)), "%s %s:\n%.*s", d->name, how,
              SLICE_ARG(log));
}

static void start(struct support_pop3 *p, const struct dialogue *d)
{
    support_pop3_start(p, &d->options);
    if (d->is_implicit)
        p->server.base.tls = SESSION_TLS_FIRST;
}

static void shake_hands(struct support_pop3 *p)
{
    cr_assert_eq(p->server.base.tls, SESSION_TLS_WANTED);
    support_pop3_tls(p);
}

/* Each line only after the replies to the one before: a person at a terminal. */
static void run_by_turns(const struct dialogue *d)
{
    struct support_pop3 p;
    start(&p, d);
    struct slice text = slice_of(d->text), line;
    size_t taken = 0;
    while (slice_cut(&text, '\n', &line)) {
        struct bytes raw;
        bytes_init(&raw, 1 << 16);
        add_line(&raw, slice_part(line, 3, line.size));
        struct slice out = bytes_slice(&p.server.base.out);
        out = slice_part(out, taken, out.size);
        if (slice_starts(line, SLICE("T:"))) {
            shake_hands(&p);
        } else if (slice_starts(line, SLICE("C:")) || slice_starts(line, SLICE("I:"))) {
            cr_assert(out.size == 0, "%s: not expected: %.*s", d->name, SLICE_ARG(out));
            support_pop3_feed(&p, bytes_slice(&raw));
        } else if (slice_starts(line, SLICE("S:"))) {
            cr_assert(slice_starts(out, bytes_slice(&raw)), "%s: %.*s, but:\n%.*s", d->name,
                      SLICE_ARG(line), SLICE_ARG(out));
            taken += bytes_size(&raw);
        }
        bytes_finish(&raw);
    }
    expect_end(&p, d, "by turns");
    support_pop3_finish(&p);
}

/* All of it at once (pipelined, RFC 2449 6.6), but for one cut in one part. */
static void run_cut_at(const struct dialogue *d, size_t part, size_t at)
{
    struct support_pop3 p;
    char how[64];
    start(&p, d);
    for (size_t i = 0; i < d->parts; i++) {
        struct slice all = bytes_slice(&d->client[i]);
        if (i > 0)
            shake_hands(&p);
        support_pop3_feed(&p, slice_part(all, 0, i == part ? at : 0));
        support_pop3_feed(&p, slice_part(all, i == part ? at : 0, all.size));
    }
    snprintf(how, sizeof how, "part %zu cut at %zu", part, at);
    expect_end(&p, d, how);
    support_pop3_finish(&p);
}

static void run_by_octets(const struct dialogue *d)
{
    struct support_pop3 p;
    start(&p, d);
    for (size_t part = 0; part < d->parts; part++) {
        struct slice all = bytes_slice(&d->client[part]);
        if (part > 0)
            shake_hands(&p);
        for (size_t i = 0; i < all.size; i++)
            support_pop3_feed(&p, slice_part(all, i, i + 1));
    }
    expect_end(&p, d, "octet by octet");
    support_pop3_finish(&p);
}

/* Long lines are not cut everywhere, nor are dialogues with SCRAM, which takes time on purpose (RFC
   7677 4): the octets one by one have shown each cut already. */
static void run_cut(const struct dialogue *d)
{
    for (size_t part = 0; part < d->parts; part++) {
        size_t size = bytes_size(&d->client[part]), step = size > 4000 ? size / 500 : 1;
        if (d->options.mechanisms & 1u << SASL_SCRAM_SHA_256)
            step = 1 + size / 50;
        for (size_t at = 0; at <= size; at += step)
            run_cut_at(d, part, at);
    }
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
        d.name = entry->d_name;
        run_by_turns(&d);
        run_by_octets(&d);
        run_cut(&d);
        dialogue_finish(&d);
        count++;
    }
    closedir(folder);
    cr_assert_geq(count, 18);
}
