/*
 * The dialogues in tests/dialogues/smtp-*.txt and lmtp-*.txt, held against the server session. A
 * file has lines
 *
 *     # words        a clause or a remark
 *     with: words    options: plain (no extensions), the rows of option_words below, refusing,
 *                    no-tls (STARTTLS gets 454), tls-first, mechanisms=SET, size=N, max=N
 *     C: text        the client sends text and CRLF
 *     C> text        the same without CRLF
 *     S: text        the server must send text and CRLF
 *     E: text        the role must have been told this, in this order (see support_smtp.h)
 *     T:             the TLS handshake is done; what the client sent since STARTTLS is lost
 *
 * with the escapes \r \n \0 \t \xHH \\ in C and E lines, and \{N*c} for N times the octet c. Each
 * runs turn by turn, whole, octet by octet, and split in two at each place: the result must not
 * differ.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <glob.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support_smtp.h"

enum { TURNS_MAX = 200, OCTETS_MAX = 64 * 1024 };

struct turn {
    size_t client_end, server_end; /* how far each side has come after this turn */
};

struct dialogue {
    const char *path;
    struct smtp_server_options options;
    bool is_refusing, has_no_tls, is_tls_first;
    size_t tls_at; /* how many octets the client has sent when TLS is up; SIZE_MAX: never */
    struct bytes client, server, events;
    struct turn turns[TURNS_MAX];
    size_t turn_count;
    bool client_spoke_last;
};

/* ---- reading a file ---- */

#define OPTION(word, field)                                                                        \
    {                                                                                              \
        word, offsetof(struct smtp_server_options, field)                                          \
    }
static const struct {
    const char *word;
    size_t offset; /* of the bool in the options */
} option_words[] = {
    OPTION("submission", is_submission),
    OPTION("lmtp", is_lmtp),
    OPTION("auth", offers_auth),
    OPTION("required", auth_required),
    OPTION("hides-clear", hides_clear_auth),
    OPTION("starttls", offers_starttls),
    OPTION("tls-required", tls_required),
    OPTION("smtputf8", offers_smtputf8),
    OPTION("chunking", offers_chunking),
    OPTION("dsn", offers_dsn),
    OPTION("etrn", offers_etrn),
    OPTION("expn", offers_expn),
    OPTION("help", offers_help),
};
enum { OPTION_WORDS = sizeof option_words / sizeof *option_words };

static void read_option(struct dialogue *d, const char *word)
{
    struct smtp_server_options *o = &d->options;
    for (size_t i = 0; i < OPTION_WORDS; i++)
        if (strcmp(word, option_words[i].word) == 0) {
            *(bool *)((char *)o + option_words[i].offset) = true;
            return;
        }
    if (strcmp(word, "plain") == 0)
        o->offers_pipelining = o->offers_8bitmime = o->offers_esc = false;
    else if (strcmp(word, "refusing") == 0)
        d->is_refusing = true;
    else if (strcmp(word, "no-tls") == 0)
        d->has_no_tls = true;
    else if (strcmp(word, "tls-first") == 0)
        d->is_tls_first = true;
    else if (sscanf(word, "size=%lu", &o->size_max) != 1 &&
             sscanf(word, "max=%u", &o->recipients_max) != 1 &&
             sscanf(word, "mechanisms=%u", &o->mechanisms) != 1)
        cr_fatal("%s: unknown option %s", d->path, word);
}

static void read_options(struct dialogue *d, char *words)
{
    for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
        read_option(d, word);
}

static char escaped(char letter)
{
    switch (letter) {
    case 'r':
        return '\r';
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case '0':
        return '\0';
    default:
        return letter;
    }
}

static void append_escaped(struct bytes *out, const char *text)
{
    unsigned times, number;
    char octet;
    for (const char *at = text; *at; at++) {
        if (*at != '\\') {
            bytes_append_octet(out, *at);
        } else if (at[1] == '{' && sscanf(at, "\\{%u*%c}", &times, &octet) == 2) {
            while (times-- > 0)
                bytes_append_octet(out, octet);
            at = strchr(at, '}');
        } else if (at[1] == 'x' && sscanf(at, "\\x%2x", &number) == 1) {
            bytes_append_octet(out, (char)number);
            at += 3;
        } else {
            bytes_append_octet(out, escaped(*++at));
        }
    }
}

static void end_turn(struct dialogue *d)
{
    cr_assert_lt(d->turn_count, TURNS_MAX);
    d->turns[d->turn_count++] = (struct turn){bytes_size(&d->client), bytes_size(&d->server)};
}

static void read_line(struct dialogue *d, char *line)
{
    line[strcspn(line, "\n")] = '\0';
    char *text = strlen(line) > 3 ? line + 3 : line + strlen(line);
    bool is_client = line[0] == 'C' && (line[1] == ':' || line[1] == '>');
    if (is_client && !d->client_spoke_last)
        end_turn(d);
    if (line[0] == '#' || line[0] == '\0')
        return;
    if (is_client) {
        append_escaped(&d->client, text);
        bytes_append(&d->client, line[1] == ':' ? SLICE("\r\n") : SLICE(""));
    } else if (strncmp(line, "S:", 2) == 0) {
        bytes_printf(&d->server, "%s\r\n", text);
    } else if (strncmp(line, "E:", 2) == 0) {
        append_escaped(&d->events, text);
        bytes_append_octet(&d->events, '\n');
    } else if (line[0] == 'T') {
        d->tls_at = bytes_size(&d->client);
    } else if (strncmp(line, "with: ", 6) == 0) {
        read_options(d, line + 6);
    } else {
        cr_fatal("%s: what is this: %s", d->path, line);
    }
    if (line[0] != 'E' && line[0] != 'w')
        d->client_spoke_last = is_client;
}

static void read_dialogue(struct dialogue *d, const char *path)
{
    char line[2000];
    *d = (struct dialogue){.path = path, .tls_at = SIZE_MAX};
    d->options = (struct smtp_server_options){.hostname = SLICE("mx1.example.org"),
                                              .offers_pipelining = true,
                                              .offers_8bitmime = true,
                                              .offers_esc = true};
    bytes_init(&d->client, OCTETS_MAX);
    bytes_init(&d->server, OCTETS_MAX);
    bytes_init(&d->events, OCTETS_MAX);
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file, "%s", path);
    while (fgets(line, sizeof line, file))
        read_line(d, line);
    fclose(file);
    end_turn(d);
}

static void finish_dialogue(struct dialogue *d)
{
    bytes_finish(&d->client);
    bytes_finish(&d->server);
    bytes_finish(&d->events);
}

/* ---- running it ---- */

struct run {
    const struct dialogue *d;
    struct smtp_server server;
    struct smtp_role role;
    struct bytes out;
};

static void start_run(struct run *r, const struct dialogue *d)
{
    static const struct smtp_reply hello = {220, {"", 0}, {"mx1.example.org ESMTP", 21}};
    static const struct smtp_reply refusal = {554, {"", 0}, {"no SMTP service here", 20}};
    *r = (struct run){.d = d};
    smtp_server_init(&r->server, &d->options);
    smtp_role_init(&r->role);
    r->role.has_no_tls = d->has_no_tls;
    r->role.is_lmtp = d->options.is_lmtp;
    r->server.base.tls = d->is_tls_first ? SESSION_TLS_ON : SESSION_TLS_NONE;
    bytes_init(&r->out, OCTETS_MAX);
    smtp_server_answer(&r->server, d->is_refusing ? &refusal : &hello);
    smtp_role_serve(&r->role, &r->server);
    support_drain(&r->server.base, &r->out);
}

static void feed_part(struct run *r, size_t from, size_t to)
{
    struct slice part = slice_part(bytes_slice(&r->d->client), from, to);
    /* what comes after the session's end is nobody's, and what comes in clear while TLS begins is
       no part of the handshake */
    if (!r->server.base.is_closing && r->server.base.tls != SESSION_TLS_WANTED)
        cr_assert(session_feed(&r->server.base, part), "%s: in is full", r->d->path);
    smtp_role_serve(&r->role, &r->server);
    support_drain(&r->server.base, &r->out);
}

/* Octets from..to of the client; TLS is up once all before tls_at was fed. */
static void feed(struct run *r, size_t from, size_t to)
{
    size_t tls_at = r->d->tls_at;
    if (tls_at < from || tls_at >= to || r->server.base.tls == SESSION_TLS_ON) {
        feed_part(r, from, to);
        return;
    }
    feed_part(r, from, tls_at);
    cr_assert_eq(r->server.base.tls, SESSION_TLS_WANTED, "%s: no TLS was asked for", r->d->path);
    r->server.base.tls = SESSION_TLS_ON;
    feed_part(r, tls_at, to);
}

static void expect(const char *path, const char *how, size_t at, struct slice got,
                   struct slice wanted)
{
    if (!slice_equal(got, wanted))
        cr_fatal("%s, %s %zu:\n--- got\n%.*s--- wanted\n%.*s", path, how, at, SLICE_ARG(got),
                 SLICE_ARG(wanted));
}

static void finish_run(struct run *r, const char *how, size_t at)
{
    const char *path = r->d->path;
    r->server.base.is_eof = true;
    smtp_role_serve(&r->role, &r->server);
    support_drain(&r->server.base, &r->out);
    expect(path, how, at, bytes_slice(&r->out), bytes_slice(&r->d->server));
    if (bytes_size(&r->d->events) > 0)
        expect(path, how, at, bytes_slice(&r->role.log), bytes_slice(&r->d->events));
    cr_expect_eq(r->server.state, SMTP_STATE_CLOSED, "%s", path);
    cr_expect_eq(r->role.late, 0, "%s: an event while a verdict was awaited", path);
    smtp_server_finish(&r->server);
    smtp_role_finish(&r->role);
    bytes_finish(&r->out);
}

static void run_turns(const struct dialogue *d)
{
    struct run r;
    start_run(&r, d);
    for (size_t i = 0; i < d->turn_count; i++) {
        if (i > 0)
            feed(&r, d->turns[i - 1].client_end, d->turns[i].client_end);
        struct slice all = bytes_slice(&d->server);
        expect(d->path, "turn", i, bytes_slice(&r.out), slice_part(all, 0, d->turns[i].server_end));
    }
    finish_run(&r, "turns", d->turn_count);
}

static void run_octets(const struct dialogue *d)
{
    struct run r;
    start_run(&r, d);
    for (size_t i = 0; i < bytes_size(&d->client); i++)
        feed(&r, i, i + 1);
    finish_run(&r, "octet by octet", 0);
}

static void run_split(const struct dialogue *d, size_t at)
{
    struct run r;
    start_run(&r, d);
    feed(&r, 0, at);
    feed(&r, at, bytes_size(&d->client));
    finish_run(&r, "split at", at);
}

Test(smtp_dialogues, every_dialogue_gives_the_same_replies_and_events_in_every_split)
{
    static struct dialogue d;
    glob_t found;
    cr_assert_eq(glob(SOURCE_DIR "/tests/dialogues/smtp-*.txt", 0, NULL, &found), 0);
    cr_assert_eq(glob(SOURCE_DIR "/tests/dialogues/lmtp-*.txt", GLOB_APPEND, NULL, &found), 0);
    cr_expect_geq(found.gl_pathc, 30);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        read_dialogue(&d, found.gl_pathv[i]);
        cr_assert_gt(d.turn_count, 1, "%s", d.path);
        run_turns(&d);
        run_octets(&d);
        for (size_t at = 0; at <= bytes_size(&d.client); at++)
            run_split(&d, at);
        finish_dialogue(&d);
    }
    globfree(&found);
}
