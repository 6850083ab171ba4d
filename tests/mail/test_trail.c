/*
 * What the header of a real message tells: Received lines of many servers, which of them can be
 * believed, and what stands beside them.
 */
#include "agents/mail/trail.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "agents/mail/date.h"
#include "agents/mail/header.h"
#include "agents/mail/token.h"
#include "tests/mail/support_mail.h"

static struct arena arena;
static struct trail trail;

static void begin(void)
{
    arena_init(&arena);
}

static void end(void)
{
    arena_finish(&arena);
}

TestSuite(trail, .init = begin, .fini = end);

static const struct trail *read_text(const char *text)
{
    trail_read(&trail, slice_of(text), &arena);
    return &trail;
}

/* ---- the corpus of lines ---- */

/* "\xNN" is an octet. */
static struct slice unescape(struct slice text)
{
    char *data = arena_take(&arena, text.size + 1);
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++) {
        bool is_octet = i + 3 < text.size && text.data[i] == '\\' && text.data[i + 1] == 'x' &&
                        token_hex(text.data[i + 2]) >= 0 && token_hex(text.data[i + 3]) >= 0;
        data[size++] = is_octet
                           ? (char)(token_hex(text.data[i + 2]) * 16 + token_hex(text.data[i + 3]))
                           : text.data[i];
        i += is_octet ? 3 : 0;
    }
    return (struct slice){data, size};
}

struct expected {
    struct slice name, field;
    struct {
        struct slice key, value;
    } items[24];
    size_t count;
};

static struct slice expected_value(const struct expected *e, const char *key)
{
    for (size_t i = 0; i < e->count; i++)
        if (slice_equal(e->items[i].key, slice_of(key)))
            return e->items[i].value;
    return SLICE("");
}

/* The next block, taken off the front; false at the end. */
static bool next_expected(struct slice *file, struct expected *e)
{
    struct slice line, rest = *file;
    *e = (struct expected){0};
    while (slice_cut(&rest, '\n', &line)) {
        bool is_head = line.size && line.data[0] == '[';
        if (is_head && e->name.size)
            break;
        *file = rest;
        if (is_head) {
            e->name = slice_part(line, 1, line.size - 1);
            e->field = SLICE("Received: ");
        } else if (line.size && line.data[0] == '|') {
            struct slice text = unescape(slice_part(line, 1, line.size));
            e->field = arena_join(&arena, (struct slice[]){e->field, text, SLICE("\r\n")}, 3);
        } else if (line.size && line.data[0] != '#') {
            struct slice key;
            slice_cut(&line, ' ', &key);
            cr_assert_lt(e->count, 24u);
            e->items[e->count].key = key;
            e->items[e->count++].value = unescape(line);
        }
    }
    return e->name.size > 0;
}

/* Folds made one blank each, as the file has the words. */
static struct slice unfolded(struct slice text)
{
    char *data = arena_take(&arena, text.size + 1);
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++)
        if (!token_is_blank(text.data[i]))
            data[size++] = text.data[i];
        else if (size > 0 && data[size - 1] != ' ')
            data[size++] = ' ';
    return (struct slice){data, size};
}

static struct slice date_of(const struct received *r)
{
    char *text = arena_take(&arena, DATE_TEXT);
    return r->has_date ? date_write(r->unix_s, r->zone_min, text) : SLICE("");
}

static void expect_hop(const struct expected *e, const struct trail_hop *hop)
{
    static const char *const readings[] = {"not", "partly", "whole"};
    const struct received *r = &hop->received;
    const struct {
        const char *key;
        struct slice found;
    } parts[] = {
        {"from", r->from},
        {"name", r->from_name},
        {"addr", r->from_addr},
        {"by", r->by},
        {"byaddr", r->by_addr},
        {"via", r->via},
        {"with", r->with},
        {"id", r->id},
        {"for", r->rcpt},
        {"product", r->product},
        {"version", r->tls_version},
        {"cipher", r->tls_cipher},
        {"user", r->user},
        {"envelope", r->envelope_from},
        {"unread", r->unread},
        {"tls", hop->is_tls ? SLICE("yes") : SLICE("")},
        {"auth", hop->is_authenticated ? SLICE("yes") : SLICE("")},
        {"date", date_of(r)},
    };
    struct slice reading = expected_value(e, "read");
    expect_text(slice_of(readings[hop->reading]),
                reading.size ? arena_copy(&arena, reading).data : "whole");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct slice found = unfolded(parts[i].found), value = expected_value(e, parts[i].key);
        cr_expect(slice_equal(found, value), "[%.*s] %s is '%.*s', but '%.*s' was found",
                  SLICE_ARG(e->name), parts[i].key, SLICE_ARG(value), SLICE_ARG(found));
    }
}

static struct slice load(const char *path)
{
    FILE *in = fopen(path, "rb");
    cr_assert_not_null(in, "%s", path);
    char *text = arena_take(&arena, 1 << 17);
    size_t size = fread(text, 1, 1 << 17, in);
    fclose(in);
    return (struct slice){text, size};
}

Test(trail, received_lines_of_many_servers_are_taken_apart)
{
    struct slice file = load(SOURCE_DIR "/tests/mail/received_lines.txt");
    struct expected e;
    unsigned count = 0;
    for (; next_expected(&file, &e); count++) {
        trail_read(&trail, e.field, &arena);
        cr_assert_eq(trail.hop_count, 1, "[%.*s]", SLICE_ARG(e.name));
        expect_hop(&e, &trail.hops[0]);
        cr_expect(slice_equal(trail.hops[0].field, e.field), "[%.*s]", SLICE_ARG(e.name));
    }
    cr_expect_geq(count, 60);
}

/* ---- whom to believe ---- */

#define NINE "; Mon, 3 Mar 2025 09:00:00 +0000\r\n"

struct judged {
    const char *why, *header;
    const char *trusts; /* a letter a line from the top: own, fits, loose */
    const char *own;
};

static const struct judged judged[] = {
    {"what the own server says is believed, and its client's line only fits",
     "Received: from out.example.com (out.example.com [192.0.2.1]) by mx.example.org" NINE
     "Received: from pc (pc.example.com [192.0.2.7]) by out.example.com" NINE,
     "of", "example.org"},
    {"a chain that breaks may be made up from there on",
     "Received: from out.example.com (out.example.com [192.0.2.1]) by mx.example.org" NINE
     "Received: from bank.example.net (bank.example.net [192.0.2.9]) by mail.example.net" NINE
     "Received: from pc by bank.example.net" NINE,
     "oll", "example.org"},
    {"a site may take in under one name and send out under another",
     "Received: from out.example.com (out.example.com [192.0.2.1]) by mx.example.org" NINE
     "Received: from pc (pc.example.com [192.0.2.7]) by in.example.com" NINE,
     "of", "example.org"},
    {"own relays hand on to each other, known by their names",
     "Received: from mx.example.org (mx.example.org [192.0.2.3]) by store.example.org" NINE
     "Received: from out.example.com (out.example.com [192.0.2.1]) by mx.example.org" NINE
     "Received: from pc by out.example.com" NINE,
     "oof", "example.org"},
    {"a filter on the same host, a private address, LMTP without a from: still the own side",
     "Received: by store with LMTP" NINE
     "Received: from localhost (localhost [127.0.0.1]) by mx.example.org" NINE
     "Received: from gate (unknown [10.0.0.3]) by mx.example.org" NINE
     "Received: from out.example.com (out.example.com [192.0.2.1]) by gate" NINE
     "Received: from pc by out.example.com" NINE,
     "oooof", "example.org"},
    {"a stranger who calls himself by a name of ours wins nothing",
     "Received: from mx2.example.org (unknown [203.0.113.9]) by mx.example.org" NINE
     "Received: from bank.example.net by mx2.example.org" NINE,
     "of", "example.org"},
    {"nor one whose address has another name",
     "Received: from mx2.example.org (evil.example.net [203.0.113.9]) by mx.example.org" NINE
     "Received: from bank.example.net by mx2.example.org" NINE,
     "of", "example.org"},
    {"what was fetched by POP3 was the reader's own already",
     "Received: from pop.example.net [192.0.2.4] by localhost with POP3" NINE
     "Received: from out.example.com (out.example.com [192.0.2.1]) by in.example.net" NINE
     "Received: from pc by out.example.com" NINE,
     "oof", "example.net"},
    {"a program on the own host may have brought any lines with it",
     "Received: by www.example.org (Postfix, from userid 33) id 1" NINE
     "Received: from pc by bank.example.net" NINE,
     "of", "example.org"},
    {"qmail's note belongs to the line below it",
     "Received: (qmail 1 invoked by uid 89)" NINE
     "Received: from unknown (HELO out.example.com) (192.0.2.1) by mx.example.org with SMTP" NINE
     "Received: (qmail 2 invoked by uid 0)" NINE "Received: from pc by out.example.com" NINE,
     "ooff", "example.org"},
    {"names without a dot can't be compared, and break nothing",
     "Received: from out.example.com (out.example.com [192.0.2.1]) by mx.example.org" NINE
     "Received: from pc by mailhost" NINE,
     "of", "example.org"},
    {"below a break all is loose, also what meets again",
     "Received: from a.example.com (a.example.com [192.0.2.1]) by mx.example.org" NINE
     "Received: from c.example.net (c.example.net [192.0.2.9]) by b.example.net" NINE
     "Received: from pc by c.example.net" NINE,
     "oll", "example.org"},
    {"an odd line on top is of the own side, and does not hide who that is",
     "Received: hello\r\n"
     "Received: from a.example.com (a.example.com [192.0.2.1]) by mx.example.org" NINE,
     "oo", "example.org"},
};

Test(trail, lines_are_believed_as_far_as_they_meet)
{
    for (size_t i = 0; i < sizeof judged / sizeof *judged; i++) {
        const struct judged *j = &judged[i];
        const struct trail *t = read_text(j->header);
        cr_assert_eq(t->hop_count, strlen(j->trusts), "%s", j->why);
        for (uint32_t line = 1; line <= t->hop_count; line++) {
            const struct trail_hop *hop = &t->hops[t->hop_count - line];
            cr_expect_eq(hop->number, line);
            cr_expect_eq("ofl"[hop->trust], j -> trusts[line - 1], "%s: line %u is '%c'", j->why,
                         line, "ofl"[hop->trust]);
        }
        cr_expect(slice_equal(t->own, slice_of(j->own)), "%s: own is %.*s", j->why,
                  SLICE_ARG(t->own));
    }
}

Test(trail, lines_meet_by_name_by_domain_or_inside)
{
    static const struct {
        const char *newer, *older;
        enum trail_link link;
    } rows[] = {
        {"from a.example.com by mx", "from pc by A.example.com.", TRAIL_LINK_NAME},
        {"from x (a.example.com [192.0.2.1]) by mx", "by a.example.com", TRAIL_LINK_NAME},
        {"from x ([192.0.2.1]) by mx", "by [192.0.2.1]", TRAIL_LINK_NAME},
        {"from x ([::ffff:192.0.2.1]) by mx", "by a (192.0.2.1)", TRAIL_LINK_NAME},
        {"from a.example.co.uk by mx", "by b.example.co.uk", TRAIL_LINK_DOMAIN},
        {"from a.example.co.uk by mx", "by b.sample.co.uk", TRAIL_LINK_NONE},
        {"from a.example.com by mx", "by a.example.net", TRAIL_LINK_NONE},
        {"from x ([fd00::1]) by mx", "by a.example.net", TRAIL_LINK_INSIDE},
        {"by mx with LMTP", "by a.example.net", TRAIL_LINK_INSIDE},
        {"from a.example.com by mx", "by pc", TRAIL_LINK_UNKNOWN},
        {"from x ([192.0.2.1]) by mx", "by a.example.com", TRAIL_LINK_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct slice text =
            arena_printf(&arena, "Received: %s\r\nReceived: %s\r\n", rows[i].newer, rows[i].older);
        trail_read(&trail, text, &arena);
        cr_assert_eq(trail.hop_count, 2);
        cr_expect_eq(trail.hops[1].link, TRAIL_LINK_TOP);
        cr_expect_eq(trail.hops[0].link, rows[i].link, "%s / %s: %d", rows[i].newer, rows[i].older,
                     trail.hops[0].link);
    }
}

Test(trail, a_registered_domain_is_what_a_registry_gives_out)
{
    static const char *const rows[][2] = {
        {"mx.example.org", "example.org"},
        {"a.b.example.co.uk", "example.co.uk"},
        {"example.co.uk", "example.co.uk"},
        {"co.uk", "co.uk"},
        {"localhost", ""},
        {"192.0.2.1", ""},
        {"[192.0.2.1]", ""},
        {"2001:db8::1", ""},
        {"mx.example.org.", "example.org"},
        {"", ""},
        {".", ""},
        {"mail.example.com.au", "example.com.au"},
        {"com.example.museum", "example.museum"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_text(trail_domain(slice_of(rows[i][0])), rows[i][1]);
}

Test(trail, private_addresses_are_those_of_the_registries)
{
    static const char *const inside[] = {
        "10.1.2.3",     "172.16.0.1",   "172.31.9.9",     "192.168.0.1",
        "127.0.0.1",    "169.254.1.1",  "100.64.0.1",     "::1",
        "fe80::1%eth0", "fd12:3456::1", "[IPv6:fd00::1]", "::ffff:10.0.0.1"};
    static const char *const outside[] = {
        "192.0.2.1", "172.32.0.1", "100.128.0.1", "2001:db8::1", "fc.example.org", "", "300.1.1.1"};
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++)
        cr_expect(trail_is_private(slice_of(inside[i])), "%s", inside[i]);
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++)
        cr_expect_not(trail_is_private(slice_of(outside[i])), "%s", outside[i]);
}

/* ---- time and loops ---- */

Test(trail, delays_count_from_date_and_may_be_negative)
{
    const struct trail *t = read_text(
        "Received: from b.example.com by mx.example.org; Mon, 3 Mar 2025 10:00:07 +0100\r\n"
        "Received: from a.example.com by b.example.com\r\n"
        "Received: from pc by a.example.com; Mon, 3 Mar 2025 09:01:00 +0000\r\n"
        "Date: Mon, 3 Mar 2025 04:00:00 -0500\r\n\r\n");
    cr_assert_eq(t->hop_count, 3);
    cr_expect(t->hops[0].has_delay);
    cr_expect_eq(t->hops[0].delay_s, 60);
    cr_expect_not(t->hops[1].has_delay, "it has no date");
    cr_expect(t->hops[2].has_delay);
    cr_expect_eq(t->hops[2].delay_s, -53, "against the last one that has a date");
    cr_expect_eq(t->zone_min, -300);
}

Test(trail, a_host_that_has_it_again_after_others_is_a_loop)
{
    const struct trail *t = read_text("Received: from b.example.com by a.example.org" NINE
                                      "Received: from a.example.org by b.example.com" NINE
                                      "Received: from localhost by a.example.org" NINE
                                      "Received: from pc by a.example.org" NINE);
    cr_expect_not(t->hops[1].is_loop, "a filter on the same host is none");
    cr_expect_eq(t->hops[1].visits, 2);
    cr_expect_not(t->hops[2].is_loop);
    cr_expect(t->hops[3].is_loop);
    cr_expect_eq(t->hops[3].visits, 3);
}
