/*
 * The dialogues in tests/dialogues/imap-*.txt. Each is said by turns, by turns octet by octet, by
 * turns with one cut at each place, and, where one session speaks alone, all at once.
 *
 *     C: text     the client sends the line          C-text   without the end of the line
 *     S: text     the server sends the line          S-text   likewise
 *     C2: S2:     the same for the second session, ... which is opened when it first speaks
 *     E: event    see support_imap.h; checked at the end, when there is one at all
 *     with: tls offered | tls needed | tls first | quota N | limit N | mechanisms NAME...
 *     as: LOGIN   a command that was given before, to every session as it opens; not shown
 *     mail: FOLDER (FLAGS) TEXT     a message that is there before, or arrives now
 *     folder: NAME [USE]
 *     now: N      seconds pass
 *     TLS         the handshake is done
 *     EOF         the first client is gone
 *     turns       not to be said all at once: what happens between the lines matters
 *
 * ~CR~ ~LF~ ~NUL~ and ~7F~ (hexadecimal) stand for octets.
 */
#include "support_imap.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct dialogue {
    char *text; /* the file */
    size_t size;
    bool has_turns, has_events;
    size_t client_octets; /* of all sessions */
};

struct play {
    struct imap_role role;
    const struct dialogue *dialogue;
    const char *path;
    int line;
    bool by_octets, at_once;
    size_t cut, sent; /* cut: in octets of all that clients send; SIZE_MAX none */
    struct bytes logins, raw, events, pending, expected;
};

static int hex(char octet)
{
    return octet >= '0' && octet <= '9'   ? octet - '0'
           : octet >= 'A' && octet <= 'F' ? octet - 'A' + 10
                                          : -1;
}

/* How many octets of text an escape at its front takes; 0: there is none. */
static size_t escape(struct slice text, char *octet)
{
    if (slice_starts(text, SLICE("~CR~")))
        return *octet = '\r', 4;
    if (slice_starts(text, SLICE("~LF~")))
        return *octet = '\n', 4;
    if (slice_starts(text, SLICE("~NUL~")))
        return *octet = '\0', 5;
    if (text.size >= 4 && text.data[0] == '~' && text.data[3] == '~' && hex(text.data[1]) >= 0 &&
        hex(text.data[2]) >= 0)
        return *octet = (char)(hex(text.data[1]) * 16 + hex(text.data[2])), 4;
    return 0;
}

static void unescape(struct slice text, struct bytes *to)
{
    while (text.size > 0) {
        char octet = text.data[0];
        size_t size = escape(text, &octet);
        bytes_append_octet(to, octet);
        text = slice_part(text, size ? size : 1, text.size);
    }
}

/* ---- what goes before ---- */

static void set_mechanisms(struct imap_role *r, struct slice names)
{
    struct slice name;
    r->options.mechanisms = 0;
    while (slice_cut(&names, ' ', &name))
        r->options.mechanisms |= 1u << sasl_find(name);
}

static void set_up(struct play *p, struct slice what)
{
    struct imap_role *r = &p->role;
    struct slice word;
    uint64_t number = 0;
    struct slice rest = what;
    slice_cut(&rest, ' ', &word);
    slice_to_u64(rest, &number);
    if (slice_equal(what, SLICE("tls offered")))
        r->options.offers_tls = true;
    else if (slice_equal(what, SLICE("tls needed")))
        r->options.offers_tls = r->options.needs_tls = true;
    else if (slice_equal(what, SLICE("tls first")))
        r->is_connected_with_tls = true;
    else if (slice_equal(word, SLICE("quota")))
        r->account.quota = number;
    else if (slice_equal(word, SLICE("limit")))
        r->options.append_limit = number;
    else if (slice_equal(word, SLICE("mechanisms")))
        set_mechanisms(r, rest);
    else
        cr_assert_fail("%s:%d", p->path, p->line);
}

/* "FOLDER (FLAGS) TEXT" */
static void put_mail(struct play *p, struct slice what)
{
    struct slice folder, flags;
    slice_cut(&what, ' ', &folder);
    slice_cut(&what, ')', &flags);
    bytes_clear(&p->raw);
    unescape(slice_part(what, 1, what.size), &p->raw);
    imap_role_put(&p->role, folder, slice_part(flags, 1, flags.size), bytes_slice(&p->raw));
    imap_role_wake_all(&p->role);
}

static void put_folder(struct play *p, struct slice what)
{
    struct slice name;
    slice_cut(&what, ' ', &name);
    cr_assert_eq(account_create(&p->role.account, name, what.size ? account_use(what) : NULL),
                 ACCOUNT_OK, "%s:%d", p->path, p->line);
}

/* ---- lines ---- */

static void open_session(struct play *p, int n)
{
    struct slice logins = bytes_slice(&p->logins), command;
    imap_role_open(&p->role, n);
    if (logins.size > 0)
        bytes_clear(&p->role.out[n]); /* the greeting is not shown either */
    while (slice_cut(&logins, '\n', &command)) {
        char line[500];
        snprintf(line, sizeof line, "Z0 %.*s\r\n", SLICE_ARG(command));
        imap_role_quietly(&p->role, n, line);
    }
}

static void flush_client(struct play *p, int n)
{
    struct slice bytes = bytes_slice(&p->pending);
    for (size_t at = 0; at < bytes.size;) {
        size_t to = p->by_octets ? at + 1 : bytes.size;
        if (p->cut > p->sent && p->cut < p->sent + (to - at))
            to = at + (p->cut - p->sent);
        imap_role_feed(&p->role, n, slice_part(bytes, at, to));
        p->sent += to - at;
        at = to;
    }
    bytes_clear(&p->pending);
}

static void client_says(struct play *p, int n, struct slice text, bool is_line)
{
    struct slice out = bytes_slice(&p->role.out[n]);
    cr_assert(p->at_once || out.size == 0, "%s:%d: not expected: %.*s", p->path, p->line,
              SLICE_ARG(out));
    unescape(text, &p->pending);
    if (is_line)
        bytes_append(&p->pending, SLICE("\r\n"));
    if (!p->at_once)
        flush_client(p, n);
}

static void server_says(struct play *p, int n, struct slice text, bool is_line)
{
    bytes_clear(&p->raw);
    unescape(text, &p->raw);
    if (is_line)
        bytes_append(&p->raw, SLICE("\r\n"));
    if (p->at_once) {
        bytes_append(&p->expected, bytes_slice(&p->raw));
        return;
    }
    struct slice wanted = bytes_slice(&p->raw), out = bytes_slice(&p->role.out[n]);
    cr_assert(slice_starts(out, wanted), "%s:%d (cut %zu): wanted\n%.*s\nbut:\n%.*s", p->path,
              p->line, p->cut, SLICE_ARG(wanted), SLICE_ARG(out));
    bytes_consume(&p->role.out[n], wanted.size);
}

static void act(struct play *p, struct slice line)
{
    struct slice rest = slice_part(line, slice_find_octet(line, ' ', 0) + 1, line.size);
    if (slice_starts(line, SLICE("with: ")))
        set_up(p, rest);
    else if (slice_starts(line, SLICE("mail: ")))
        put_mail(p, rest);
    else if (slice_starts(line, SLICE("folder: ")))
        put_folder(p, rest);
    else if (slice_starts(line, SLICE("now: ")))
        p->role.now_s += atoi(rest.data);
    else if (slice_starts(line, SLICE("as: "))) {
        bytes_append(&p->logins, rest);
        bytes_append_octet(&p->logins, '\n');
    } else if (slice_starts(line, SLICE("E: "))) {
        bytes_append(&p->events, rest);
        bytes_append_octet(&p->events, '\n');
    } else if (slice_equal(line, SLICE("TLS"))) {
        cr_assert_eq(p->role.sessions[0].base.tls, SESSION_TLS_WANTED, "%s:%d", p->path, p->line);
        p->role.sessions[0].base.tls = SESSION_TLS_ON;
        imap_role_turn(&p->role, 0);
    } else if (slice_equal(line, SLICE("EOF")))
        imap_role_eof(&p->role, 0);
    else if (!slice_equal(line, SLICE("turns")))
        cr_assert_fail("%s:%d: %.*s", p->path, p->line, SLICE_ARG(line));
}

/* "C2: text": 2. 0 when it is no line of a session. */
static int session_of(struct slice line, size_t *text_at)
{
    int n = 1;
    size_t at = 1;
    if (line.size < 2 || (line.data[0] != 'C' && line.data[0] != 'S'))
        return 0;
    if (line.data[1] == '2' || line.data[1] == '3')
        n = line.data[at++] - '0';
    if (at >= line.size || (line.data[at] != ':' && line.data[at] != '-'))
        return 0;
    *text_at = line.data[at] == ':' ? at + 2 : at + 1;
    return n;
}

static void play_line(struct play *p, struct slice line)
{
    size_t text_at = 0;
    int n = session_of(line, &text_at);
    if (line.size == 0 || line.data[0] == '#')
        return;
    if (n == 0) {
        act(p, line);
        return;
    }
    if (!p->role.is_open[n - 1])
        open_session(p, n - 1);
    struct slice text = slice_part(line, text_at, line.size);
    bool is_line = line.data[n > 1 ? 2 : 1] == ':';
    if (line.data[0] == 'C')
        client_says(p, n - 1, text, is_line);
    else
        server_says(p, n - 1, text, is_line);
}

static void expect_end(struct play *p)
{
    if (p->at_once) {
        flush_client(p, 0);
        struct slice out = bytes_slice(&p->role.out[0]);
        cr_assert(slice_equal(out, bytes_slice(&p->expected)), "%s: at once (cut %zu):\n%.*s",
                  p->path, p->cut, SLICE_ARG(out));
    }
    for (int n = 0; n < IMAP_ROLE_SESSIONS && !p->at_once; n++) {
        struct slice out = bytes_slice(&p->role.out[n]);
        cr_assert(out.size == 0, "%s: not expected at the end (%d): %.*s", p->path, n + 1,
                  SLICE_ARG(out));
    }
    if (p->dialogue->has_events)
        cr_assert(slice_equal(bytes_slice(&p->events), bytes_slice(&p->role.log)), "%s:\n%.*s",
                  p->path, SLICE_ARG(bytes_slice(&p->role.log)));
}

static void run(const struct dialogue *d, const char *path, bool by_octets, bool at_once,
                size_t cut)
{
    struct play p = {
        .dialogue = d, .path = path, .by_octets = by_octets, .at_once = at_once, .cut = cut};
    struct bytes *const buffers[] = {&p.logins, &p.raw, &p.events, &p.pending, &p.expected};
    struct slice text = {d->text, d->size}, line;
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
        bytes_init(buffers[i], 1 << 20);
    imap_role_init(&p.role);
    while (slice_cut(&text, '\n', &line)) {
        p.line++;
        play_line(&p, line);
    }
    expect_end(&p);
    imap_role_finish(&p.role);
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
        bytes_finish(buffers[i]);
}

/* ---- files ---- */

static void load(struct dialogue *d, const char *path)
{
    FILE *file = fopen(path, "rb");
    struct slice rest, line;
    cr_assert(file, "%s", path);
    *d = (struct dialogue){.text = malloc(1 << 18)};
    d->size = fread(d->text, 1, 1 << 18, file);
    fclose(file);
    rest = (struct slice){d->text, d->size};
    while (slice_cut(&rest, '\n', &line)) {
        size_t text_at = 0;
        int n = session_of(line, &text_at);
        bool is_world = slice_starts(line, SLICE("mail:")) || slice_starts(line, SLICE("now:"));
        d->has_turns |= slice_equal(line, SLICE("turns")) || slice_equal(line, SLICE("TLS")) ||
                        slice_equal(line, SLICE("EOF")) || n > 1 ||
                        (is_world && d->client_octets > 0);
        d->has_events |= slice_starts(line, SLICE("E: "));
        if (n > 0 && line.data[0] == 'C')
            d->client_octets += line.size + 2 - text_at;
    }
}

static void run_all(const char *path)
{
    struct dialogue d;
    load(&d, path);
    run(&d, path, false, false, SIZE_MAX);
    run(&d, path, true, false, SIZE_MAX);
    for (size_t cut = 1; cut < d.client_octets; cut++)
        run(&d, path, false, false, cut);
    if (!d.has_turns)
        for (size_t cut = 0; cut < d.client_octets; cut++)
            run(&d, path, false, true, cut);
    free(d.text);
}

Test(imap_dialogues, every_dialogue_goes_as_written_however_its_bytes_are_split, .timeout = 280)
{
    const char *only = getenv("DIALOGUE");
    DIR *folder = opendir(SOURCE_DIR "/tests/dialogues");
    cr_assert(folder);
    int count = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (strncmp(entry->d_name, "imap-", 5) != 0 || (only && !strstr(entry->d_name, only)))
            continue;
        char path[1024];
        snprintf(path, sizeof path, SOURCE_DIR "/tests/dialogues/%s", entry->d_name);
        run_all(path);
        count++;
    }
    closedir(folder);
    cr_assert(only || count >= 30, "%d", count);
}
