/*
 * Several clients do at random what clients do, on one mailbox, and each keeps a picture of it made
 * of nothing but the server's responses. Whenever a client has said NOOP, its picture must be the
 * account (RFC 9051 5.2, 7.4.1, 7.5.1, 7.5.2; RFC 7162 3.2.10): same messages, same order, same
 * flags. On the way each response is held to the rules about when it may come.
 */
#include "agents/proto/imap_server.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "agents/proto/imap_set.h"
#include "sim/base/random.h"
#include "support_imap.h"

struct known {
    uint32_t uid; /* 0: not asked yet */
    uint64_t flags;
};

struct client {
    VECTOR(struct known) picture;
    bool has_vanished, is_idle;
    bool may_expunge; /* what the command that runs allows */
    bool is_uid;      /* its FETCH responses must name the UID */
};

struct crowd {
    struct imap_role role;
    struct client clients[IMAP_ROLE_SESSIONS];
    struct random random;
    char last[200]; /* command, for messages */
};

static const char *const flag_names[] = {"\\Answered", "\\Flagged", "\\Deleted",
                                         "\\Seen",     "\\Draft",   "$A"};
enum { FLAGS = sizeof flag_names / sizeof *flag_names };

static uint64_t pick(struct crowd *c, uint64_t limit)
{
    return random_below(&c->random, limit);
}

/* ---- reading responses ---- */

static uint64_t read_flags(struct slice list)
{
    struct slice word;
    uint64_t flags = 0;
    while (slice_cut(&list, ' ', &word))
        for (unsigned i = 0; i < FLAGS; i++)
            if (slice_equal_fold(word, slice_of(flag_names[i])))
                flags |= UINT64_C(1) << i;
    return flags;
}

static void on_fetch(struct crowd *c, struct client *client, size_t number, struct slice rest)
{
    cr_assert(number >= 1 && number <= client->picture.count, "%s", c->last);
    struct known *known = &client->picture.items[number - 1];
    size_t uid_at = slice_find(rest, SLICE("UID "), 0);
    size_t flags_at = slice_find(rest, SLICE("FLAGS ("), 0);
    cr_assert(!client->is_uid || uid_at != SLICE_NONE, "%s: %.*s", c->last, SLICE_ARG(rest));
    if (uid_at != SLICE_NONE) {
        uint32_t uid = (uint32_t)strtoul(rest.data + uid_at + 4, NULL, 10);
        cr_assert(known->uid == 0 || known->uid == uid, "%s: %u was %u", c->last, uid, known->uid);
        known->uid = uid;
    }
    if (flags_at != SLICE_NONE) {
        size_t end = slice_find_octet(rest, ')', flags_at);
        known->flags = read_flags(slice_part(rest, flags_at + 7, end));
    }
}

static void on_vanished(struct crowd *c, struct client *client, struct slice uids)
{
    struct imap_set set = {0};
    cr_assert(client->has_vanished && client->may_expunge, "%s", c->last);
    cr_assert(imap_set_read(&set, uids));
    imap_set_resolve(&set, UINT32_MAX);
    uint64_t found = 0;
    for (size_t i = client->picture.count; i-- > 0;)
        if (imap_set_contains(&set, client->picture.items[i].uid)) {
            vector_remove(&client->picture, i);
            found++;
        }
    /* those that were announced by EXISTS and not asked for yet are as good as each other */
    for (; found < imap_set_count(&set); found++) {
        size_t last = client->picture.count;
        cr_assert(last > 0 && client->picture.items[last - 1].uid == 0,
                  "%s: only what was announced: RFC 7162 3.2.10.2", c->last);
        vector_remove(&client->picture, last - 1);
    }
    imap_set_finish(&set);
}

static void on_number(struct crowd *c, struct client *client, size_t number, struct slice rest)
{
    if (slice_equal(rest, SLICE("EXISTS"))) {
        cr_assert(number >= client->picture.count, "EXISTS never shrinks it: RFC 9051 5.2");
        while (client->picture.count < number)
            (void)vector_add(&client->picture);
    } else if (slice_equal(rest, SLICE("EXPUNGE"))) {
        cr_assert(client->may_expunge && !client->has_vanished, "%s", c->last);
        cr_assert(number >= 1 && number <= client->picture.count);
        vector_remove(&client->picture, number - 1);
    } else if (slice_starts(rest, SLICE("FETCH "))) {
        on_fetch(c, client, number, rest);
    }
}

static void read_responses(struct crowd *c, int n)
{
    struct client *client = &c->clients[n];
    struct slice out = bytes_slice(&c->role.out[n]), line, word;
    while (slice_cut(&out, '\n', &line)) {
        uint64_t number;
        line = slice_trim(line);
        if (slice_starts(line, SLICE("* VANISHED ")))
            on_vanished(c, client, slice_part(line, 11, line.size));
        if (!slice_starts(line, SLICE("* ")))
            continue;
        struct slice rest = slice_part(line, 2, line.size);
        slice_cut(&rest, ' ', &word);
        if (slice_to_u64(word, &number))
            on_number(c, client, number, rest);
    }
    bytes_clear(&c->role.out[n]);
}

/* What came without a command: only to those within IDLE. */
static void look_at_others(struct crowd *c, int n)
{
    for (int i = 0; i < IMAP_ROLE_SESSIONS; i++) {
        if (i == n || bytes_size(&c->role.out[i]) == 0)
            continue;
        cr_assert(c->clients[i].is_idle, "%s: nobody asked: %.*s", c->last,
                  SLICE_ARG(bytes_slice(&c->role.out[i])));
        c->clients[i].may_expunge = c->clients[i].is_uid = true;
        read_responses(c, i);
    }
}

static void command(struct crowd *c, int n, const char *text)
{
    struct client *client = &c->clients[n];
    snprintf(c->last, sizeof c->last, "%d: %s", n + 1, text);
    client->is_uid = strncmp(text, "UID ", 4) == 0;
    client->may_expunge = strncmp(text, "FETCH", 5) != 0 && strncmp(text, "STORE", 5) != 0 &&
                          strncmp(text, "SEARCH", 6) != 0;
    char line[300];
    snprintf(line, sizeof line, client->is_idle ? "%s\r\n" : "t %s\r\n", text);
    imap_role_feed(&c->role, n, slice_of(line));
    struct slice out = bytes_slice(&c->role.out[n]);
    cr_assert(slice_find(out, SLICE("t BAD"), 0) == SLICE_NONE, "%s: %.*s", c->last,
              SLICE_ARG(out));
    read_responses(c, n);
    look_at_others(c, n);
}

/* Asks for what is new, as every client does. */
static void ask_for_new(struct crowd *c, int n)
{
    struct client *client = &c->clients[n];
    size_t i = 0;
    char line[100];
    while (i < client->picture.count && client->picture.items[i].uid)
        i++;
    if (i == client->picture.count || client->is_idle)
        return;
    snprintf(line, sizeof line, "FETCH %zu:* (UID FLAGS)", i + 1);
    command(c, n, line);
}

/* ---- doing things ---- */

static void set_text(struct crowd *c, int n, bool uids, char *text, size_t room)
{
    const struct client *client = &c->clients[n];
    size_t a = pick(c, client->picture.count), b = pick(c, client->picture.count);
    if (pick(c, 6) == 0)
        snprintf(text, room, "1:*");
    else if (uids)
        snprintf(text, room, "%u:%u", client->picture.items[a].uid, client->picture.items[b].uid);
    else
        snprintf(text, room, "%zu,%zu", a + 1, b + 1);
}

/* What the client knows to come of a STORE that says nothing. */
static void expect_stored(struct crowd *c, int n, const char *set, bool uids, char sign,
                          uint64_t flag)
{
    struct client *client = &c->clients[n];
    struct imap_set wanted = {0};
    cr_assert(imap_set_read(&wanted, slice_of(set)));
    size_t count = client->picture.count;
    imap_set_resolve(&wanted, uids ? client->picture.items[count - 1].uid : (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        struct known *known = &client->picture.items[i];
        if (!imap_set_contains(&wanted, uids ? known->uid : (uint32_t)i + 1))
            continue;
        known->flags = sign == '+'   ? known->flags | flag
                       : sign == '-' ? known->flags & ~flag
                                     : flag;
    }
    imap_set_finish(&wanted);
}

static void store(struct crowd *c, int n, bool uids)
{
    char set[40], line[150];
    unsigned flag = (unsigned)pick(c, FLAGS);
    bool is_silent = pick(c, 2);
    char sign = "+-="[pick(c, 3)];
    set_text(c, n, uids, set, sizeof set);
    snprintf(line, sizeof line, "%sSTORE %s %sFLAGS%s (%s)", uids ? "UID " : "", set,
             sign == '=' ? "" : (char[]){sign, '\0'}, is_silent ? ".SILENT" : "", flag_names[flag]);
    /* before its responses: those tell what others have changed as well */
    if (is_silent)
        expect_stored(c, n, set, uids, sign, UINT64_C(1) << flag);
    command(c, n, line);
}

static void transfer(struct crowd *c, int n, bool uids, bool moves)
{
    char set[40], line[150];
    set_text(c, n, uids, set, sizeof set);
    snprintf(line, sizeof line, "%s%s %s %s", uids ? "UID " : "", moves ? "MOVE" : "COPY", set,
             c->role.sessions[n].account->folders.items[0]->items.count > 40 || pick(c, 2)
                 ? "Other"
                 : "INBOX");
    command(c, n, line);
}

static void act(struct crowd *c, int n)
{
    struct client *client = &c->clients[n];
    char set[40], line[150];
    uint64_t what = pick(c, 14);
    bool is_empty = client->picture.count == 0;
    if (client->is_idle) {
        if (what < 5) {
            client->is_uid = true;
            command(c, n, "DONE");
            client->is_idle = false;
        }
    } else if (what == 0 || is_empty) {
        command(c, n, "APPEND INBOX (\\Seen $A) {4+}\r\na: b");
    } else if (what <= 4) {
        store(c, n, what & 1);
    } else if (what == 5) {
        command(c, n, "EXPUNGE");
    } else if (what == 6) {
        set_text(c, n, true, set, sizeof set);
        snprintf(line, sizeof line, "UID EXPUNGE %s", set);
        command(c, n, line);
    } else if (what <= 8) {
        transfer(c, n, pick(c, 2), what == 8);
    } else if (what == 9) {
        command(c, n, pick(c, 2) ? "SEARCH SEEN" : "UID FETCH 1:* (FLAGS)");
    } else if (what == 10) {
        command(c, n, "FETCH 1 (FLAGS BODY[])");
    } else if (what == 11) {
        command(c, n, "IDLE");
        client->is_idle = true;
    } else if (what == 12) {
        imap_role_put(&c->role, SLICE("INBOX"), SLICE("$A"), SLICE("a: b\r\n\r\n"));
        imap_role_wake_all(&c->role);
        look_at_others(c, -1);
    } else {
        command(c, n, "NOOP");
    }
    ask_for_new(c, n);
}

/* ---- the picture and the account ---- */

static uint64_t flags_of(const struct account_folder *folder, const struct account_item *item)
{
    uint64_t flags = 0;
    for (unsigned bit = 0; bit < ACCOUNT_KEYWORD_FIRST + folder->keywords.count; bit++)
        if (item->flags >> bit & 1)
            flags |= read_flags(account_flag_name(folder, bit));
    return flags;
}

static void compare(struct crowd *c, int n)
{
    struct client *client = &c->clients[n];
    const struct account_folder *inbox = account_find(&c->role.account, SLICE("INBOX"));
    if (client->is_idle) {
        client->is_uid = true;
        command(c, n, "DONE");
        client->is_idle = false;
    }
    command(c, n, "NOOP");
    ask_for_new(c, n);
    cr_assert_eq(client->picture.count, inbox->items.count, "%s", c->last);
    for (size_t i = 0; i < inbox->items.count; i++) {
        const struct known *known = &client->picture.items[i];
        cr_assert_eq(known->uid, inbox->items.items[i].uid, "%s", c->last);
        cr_assert_eq(known->flags, flags_of(inbox, &inbox->items.items[i]),
                     "session %d, UID %u: %llx, but %llx", n + 1, known->uid,
                     (unsigned long long)known->flags,
                     (unsigned long long)flags_of(inbox, &inbox->items.items[i]));
    }
}

static void start(struct crowd *c, uint64_t seed)
{
    random_init(&c->random, seed, SLICE("crowd"));
    imap_role_init(&c->role);
    account_create(&c->role.account, SLICE("Other"), NULL);
    for (int n = 0; n < IMAP_ROLE_SESSIONS; n++) {
        struct client *client = &c->clients[n];
        client->has_vanished = (seed + (unsigned)n) % 3 == 0;
        imap_role_open(&c->role, n);
        imap_role_quietly(&c->role, n, "z LOGIN alice secret\r\n");
        if (client->has_vanished)
            imap_role_quietly(&c->role, n, "z ENABLE QRESYNC\r\n");
        if (seed % 2)
            imap_role_quietly(&c->role, n, "z ENABLE IMAP4rev2\r\n");
        command(c, n, "SELECT INBOX");
        ask_for_new(c, n);
    }
}

Test(imap_random, what_clients_were_told_is_what_the_account_has, .timeout = 120)
{
    for (uint64_t seed = 0; seed < 60; seed++) {
        struct crowd c = {0};
        start(&c, seed);
        for (int round = 0; round < 40; round++) {
            for (int i = 0; i < 12; i++)
                act(&c, (int)pick(&c, IMAP_ROLE_SESSIONS));
            for (int n = 0; n < IMAP_ROLE_SESSIONS; n++)
                compare(&c, n);
        }
        for (int n = 0; n < IMAP_ROLE_SESSIONS; n++)
            vector_finish(&c.clients[n].picture);
        imap_role_finish(&c.role);
    }
}
