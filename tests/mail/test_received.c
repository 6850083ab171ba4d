#include "agents/mail/received.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "agents/mail/header.h"
#include "sim/base/vtime.h"
#include "tests/mail/support_mail.h"

static const struct received full = {
    .from = {"out.example.com", 15},
    .from_name = {"out.example.com", 15},
    .from_addr = {"198.51.100.26", 13},
    .by = {"mx1.example.org", 15},
    .with = {"ESMTP", 5},
    .id = {"4Z5x7q", 6},
    .rcpt = {"bob@example.org", 15},
    .unix_s = VTIME_DEFAULT_EPOCH_S,
    .has_date = true,
};

static void expect_written(const struct received *r, const char *text)
{
    struct bytes out;
    bytes_init(&out, 10000);
    cr_expect(received_write(r, &out));
    expect_text(bytes_slice(&out), text);
    bytes_finish(&out);
}

Test(received, the_protocol_words_are_those_of_rfc3848)
{
    expect_text(received_with(RECEIVED_SMTP, false, false), "SMTP");
    expect_text(received_with(RECEIVED_ESMTP, false, false), "ESMTP");
    expect_text(received_with(RECEIVED_ESMTP, false, true), "ESMTPA");
    expect_text(received_with(RECEIVED_ESMTP, true, false), "ESMTPS");
    expect_text(received_with(RECEIVED_ESMTP, true, true), "ESMTPSA");
    expect_text(received_with(RECEIVED_SMTP, true, true), "SMTP");
    expect_text(received_with(RECEIVED_LMTP, false, false), "LMTP");
    expect_text(received_with(RECEIVED_LMTP, true, false), "LMTPS");
    expect_text(received_with(RECEIVED_UTF8SMTP, true, true), "UTF8SMTPSA");
    expect_text(received_with(RECEIVED_UTF8LMTP, false, true), "UTF8LMTPA");
}

Test(received, is_written_in_the_order_of_rfc5321_4_4)
{
    struct received r = full;
    expect_written(&r, "Received: from out.example.com (out.example.com [198.51.100.26])\r\n"
                       "\tby mx1.example.org with ESMTP id 4Z5x7q\r\n"
                       "\tfor <bob@example.org>; Mon, 3 Mar 2025 09:00:00 +0000\r\n");
    r.from_name = SLICE("");
    r.rcpt = SLICE(""); /* several recipients: 7.6 says what naming one would give away */
    expect_written(&r, "Received: from out.example.com ([198.51.100.26])\r\n"
                       "\tby mx1.example.org with ESMTP id 4Z5x7q;"
                       " Mon, 3 Mar 2025 09:00:00 +0000\r\n");
    r = full;
    r.from = SLICE("[IPv6:2001:db8::1]");
    r.from_addr = SLICE("IPv6:2001:db8::1");
    r.with = SLICE("ESMTPSA");
    r.comment = SLICE("TLS1.3 (256/256 bits)");
    r.zone_min = 60;
    expect_written(&r, "Received: from [IPv6:2001:db8::1] (out.example.com [IPv6:2001:db8::1])\r\n"
                       "\tby mx1.example.org with ESMTPSA (TLS1.3 (256/256 bits)) id 4Z5x7q\r\n"
                       "\tfor <bob@example.org>; Mon, 3 Mar 2025 10:00:00 +0100\r\n");
    /* RFC 6531 3.7.3: as it is with SMTPUTF8, and else no octet that is no ASCII */
    r = (struct received){.by = SLICE("mx1"), .rcpt = SLICE("pel\xC3\xA9@example.org")};
    expect_written(&r, "Received: by mx1\r\n\tfor <pel??@example.org>\r\n");
    r.is_utf8 = true;
    expect_written(&r, "Received: by mx1\r\n\tfor <pel\xC3\xA9@example.org>\r\n");
    r = (struct received){.by = SLICE("pc-alice"), .with = SLICE("local"), .id = SLICE("1")};
    expect_written(&r, "Received: by pc-alice with local id 1\r\n");
}

Test(received, what_a_client_says_can_not_break_out_of_its_place)
{
    struct received r = full;
    r.from = SLICE("x\r\nBcc: eve (a) by evil; 1 Jan 2000");
    r.from_name = SLICE("y)[6.6.6.6]\0");
    r.id = SLICE("a;b\"c\\d");
    r.rcpt = SLICE("bob>; (x\r\n");
    r.comment = SLICE("unpaired ) by evil (\r\n\x80");
    expect_written(&r, "Received: from x??Bcc:?eve??a??by?evil??1?Jan?2000"
                       " (y?[6.6.6.6]? [198.51.100.26])\r\n"
                       "\tby mx1.example.org with ESMTP (unpaired ? by evil ?  ?) id a?b?c?d\r\n"
                       "\tfor <bob>???x?\?>; Mon, 3 Mar 2025 09:00:00 +0000\r\n");
    r.rcpt = SLICE("\"a;(b\"@example.org"); /* a mailbox of RFC 5321 4.1.2 is safe as it is */
    r.comment = SLICE("back\\slash");
    r.from = r.id = full.id;
    r.from_name = SLICE("");
    expect_written(&r, "Received: from 4Z5x7q ([198.51.100.26])\r\n"
                       "\tby mx1.example.org with ESMTP (back?slash) id 4Z5x7q\r\n"
                       "\tfor <\"a;(b\"@example.org>; Mon, 3 Mar 2025 09:00:00 +0000\r\n");
}

Test(received, no_line_passes_998_and_a_full_buffer_is_left_as_it_was)
{
    static char text[5000];
    struct bytes out;
    memset(text, 'a', sizeof text);
    struct slice lots = {text, sizeof text};
    struct received r = {.from = lots,
                         .from_name = lots,
                         .from_addr = lots,
                         .by = lots,
                         .with = lots,
                         .id = lots,
                         .rcpt = lots,
                         .comment = lots,
                         .has_date = true};
    bytes_init(&out, 10000);
    cr_assert(received_write(&r, &out));
    cr_assert_leq(support_longest_line(bytes_slice(&out)), 998);
    bytes_clear(&out);
    r.from = SLICE("");
    cr_assert(received_write(&r, &out));
    cr_assert_leq(support_longest_line(bytes_slice(&out)), 998);
    bytes_finish(&out);
    for (size_t ceiling = 1; ceiling < 150; ceiling++) {
        bytes_init(&out, ceiling);
        bytes_append(&out, SLICE("x"));
        cr_assert_not(received_write(&full, &out));
        expect_text(bytes_slice(&out), "x");
        bytes_finish(&out);
    }
}

/* A field as some server writes it, and what is to be found in it. */
struct habit {
    const char *who, *value;
    const char *from, *name, *addr, *by, *with, *id, *rcpt, *comment;
    int64_t unix_s; /* 0: no date */
};

#define NINE VTIME_DEFAULT_EPOCH_S

static const struct habit habits[] = {
    {"RFC 5321 4.4",
     "from out.example.com (out.example.com [198.51.100.26])\r\n\tby mx1.example.org with ESMTP id "
     "q1\r\n\tfor <bob@example.org>; Mon, 3 Mar 2025 09:00:00 +0000",
     "out.example.com", "out.example.com", "198.51.100.26", "mx1.example.org", "ESMTP", "q1",
     "bob@example.org", "", NINE},
    {"Postfix",
     "from helo.example (unknown [192.0.2.1])\r\n\t(using TLSv1.3 with cipher "
     "TLS_AES_256_GCM_SHA384 (256/256 bits)\r\n\t key-exchange X25519)\r\n\t(No client certificate "
     "requested)\r\n\tby mx.example.org (Postfix) with ESMTPS id 4ABC123\r\n\tfor "
     "<bob@example.org>; Mon,  3 Mar 2025 10:00:00 +0100 (CET)",
     "helo.example", "", "192.0.2.1", "mx.example.org", "ESMTPS", "4ABC123", "bob@example.org",
     "using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)\r\n\t key-exchange X25519",
     NINE},
    {"Postfix, authenticated",
     "from pc (host.example.net [192.0.2.9])\r\n\t(Authenticated sender: alice)\r\n\tby "
     "submit.example.com (Postfix) with ESMTPSA id 7;\r\n\tMon, 3 Mar 2025 09:00:00 +0000 (UTC)",
     "pc", "host.example.net", "192.0.2.9", "submit.example.com", "ESMTPSA", "7", "",
     "Authenticated sender: alice", NINE},
    {"Postfix, from a local program",
     "by pc.example.com (Postfix, from userid 1000)\r\n\tid 9C0FFEE; Mon, 3 Mar 2025 09:00:00 "
     "+0000",
     "", "", "", "pc.example.com", "", "9C0FFEE", "", "Postfix, from userid 1000", NINE},
    {"sendmail",
     "from pc.example.com (alice@pc.example.com [192.0.2.7] (may be forged))\r\n\t(authenticated "
     "bits=0)\r\n\tby mail.example.com (8.17.1/8.17.1) with ESMTPSA id "
     "5239000\r\n\t(version=TLSv1.3 "
     "cipher=X bits=256 verify=NOT)\r\n\tfor <bob@example.org>; Mon, 3 Mar 2025 04:00:00 -0500 "
     "(EST)",
     "pc.example.com", "pc.example.com", "192.0.2.7", "mail.example.com", "ESMTPSA", "5239000",
     "bob@example.org", "authenticated bits=0", NINE},
    {"sendmail on its own host",
     "(from root@localhost)\r\n\tby mail.example.com (8.17.1/8.17.1/Submit) id 523; Mon, 3 Mar "
     "2025 "
     "09:00:00 GMT",
     "", "", "", "mail.example.com", "", "523", "", "from root@localhost", NINE},
    {"qmail",
     "from unknown (HELO foo.example) (192.0.2.3)\r\n  by mx.example.net with SMTP; 3 Mar 2025 "
     "09:00:00 -0000",
     "foo.example", "", "192.0.2.3", "mx.example.net", "SMTP", "", "", "", NINE},
    {"qmail, with ident",
     "from host.example (HELO foo) (alice@192.0.2.3)\r\n  by mx with (AES256-SHA encrypted) SMTP; "
     "3 "
     "Mar 2025 09:00:00 -0000",
     "foo", "host.example", "192.0.2.3", "mx", "SMTP", "", "", "AES256-SHA encrypted", NINE},
    {"qmail, inside", "(qmail 4711 invoked by uid 89); 3 Mar 2025 09:00:00 -0000", "", "", "", "",
     "", "", "", "qmail 4711 invoked by uid 89", NINE},
    {"Exim",
     "from [192.0.2.5] (port=4711 helo=pc.example)\r\n\tby mx.example.org with esmtps  (TLS1.3) "
     "tls "
     "TLS_AES_256_GCM_SHA384\r\n\t(Exim 4.96)\r\n\t(envelope-from <alice@example.com>)\r\n\tid "
     "1tp1aB-000abc-2X\r\n\tfor bob@example.org;\r\n\tMon, 03 Mar 2025 09:00:00 +0000",
     "pc.example", "", "192.0.2.5", "mx.example.org", "esmtps", "1tp1aB-000abc-2X",
     "bob@example.org", "TLS1.3", NINE},
    {"Exim, name known",
     "from mail.example.com ([192.0.2.5]:4711 helo=pc.example)\r\n\tby mx.example.org with esmtp "
     "(Exim 4.96) (envelope-from <a@b>) id 1tp; Mon, 03 Mar 2025 09:00:00 +0000",
     "pc.example", "mail.example.com", "192.0.2.5", "mx.example.org", "esmtp", "1tp", "",
     "Exim 4.96", NINE},
    {"Exim, on its own host",
     "from alice by pc.example with local (Exim 4.96)\r\n\t(envelope-from "
     "<alice@pc.example>)\r\n\tid "
     "1tp-A; Mon, 03 Mar 2025 09:00:00 +0000",
     "alice", "", "", "pc.example", "local", "1tp-A", "", "Exim 4.96", NINE},
    {"Exchange",
     "from AM0PR01.prod.outlook.com (2603:10a6:803:3::20) by\r\n DB8PR02.prod.outlook.com "
     "(2603:10a6:10:11::5) with Microsoft SMTP\r\n Server (version=TLS1_2, "
     "cipher=TLS_ECDHE_RSA) id 15.20.8489.25; Mon, 3\r\n Mar 2025 09:00:00 +0000",
     "AM0PR01.prod.outlook.com", "", "2603:10a6:803:3::20", "DB8PR02.prod.outlook.com",
     "Microsoft SMTP\r\n Server", "15.20.8489.25", "", "version=TLS1_2, cipher=TLS_ECDHE_RSA",
     NINE},
    {"Exchange, old",
     "from mail pickup service by x.example with Microsoft SMTPSVC(6.0); Mon, 3 Mar 2025 09:00:00 "
     "+0000",
     "mail pickup service", "", "", "x.example", "Microsoft SMTPSVC", "", "", "6.0", NINE},
    {"Exchange, front end",
     "from A (192.0.2.1) by B\r\n (192.0.2.2) with Microsoft SMTP Server id 15.1.2507 via "
     "Frontend\r\n "
     "Transport; Mon, 3 Mar 2025 09:00:00 +0000",
     "A", "", "192.0.2.1", "B", "Microsoft SMTP Server", "15.1.2507", "", "192.0.2.2", NINE},
    {"Gmail",
     "from mail-sor-f41.example.com (mail-sor-f41.example.com. [209.0.2.41])\r\n        by "
     "mx.example.com with SMTPS id a1-b2sor12.3.2025.03.03.01.00.00\r\n        for "
     "<bob@example.com>\r\n        (Google Transport Security);\r\n        Mon, 03 Mar 2025 "
     "01:00:00 "
     "-0800 (PST)",
     "mail-sor-f41.example.com", "mail-sor-f41.example.com", "209.0.2.41", "mx.example.com",
     "SMTPS", "a1-b2sor12.3.2025.03.03.01.00.00", "bob@example.com", "Google Transport Security",
     NINE},
    {"Gmail, inside",
     "by 2002:a05:6a10:9f0c with SMTP id h12csp1; Mon, 3 Mar 2025 01:00:00 -0800 (PST)", "", "", "",
     "2002:a05:6a10:9f0c", "SMTP", "h12csp1", "", "", NINE},
    {"fetchmail",
     "from pop.example.net [192.0.2.40]\r\n\tby localhost with POP3 (fetchmail-6.4.37)\r\n\tfor "
     "<bob@localhost> (single-drop); Mon, 03 Mar 2025 10:00:00 +0100 (CET)",
     "pop.example.net", "", "192.0.2.40", "localhost", "POP3", "", "bob@localhost",
     "fetchmail-6.4.37", NINE},
    {"Dovecot",
     "from mx by store with LMTP\r\n\tid gAB/xyz+1 (envelope-from <a@b>); Mon, 3 Mar 2025 "
     "09:00:00 +0000",
     "mx", "", "", "store", "LMTP", "gAB/xyz+1", "", "envelope-from <a@b>", NINE},
    {"one word in a second comment", "from a (unknown [192.0.2.1]) (authenticated) by b", "a", "",
     "192.0.2.1", "b", "", "", "", "authenticated", 0},
    {"no date", "from a by b with SMTP id c", "a", "", "", "b", "SMTP", "c", "", "", 0},
    {"a broken date", "from a by b; yesterday", "a", "", "", "b", "", "", "", "", 0},
    {"a ';' more", "from a by b; id c; Mon, 3 Mar 2025 09:00:00 +0000", "a", "", "", "b", "", "c",
     "", "", NINE},
    {"only a date", "; 3 Mar 2025 09:00:00 +0000", "", "", "", "", "", "", "", "", NINE},
    {"capital letters", "FROM a BY b WITH SMTP ID c FOR <d@e>", "a", "", "", "b", "SMTP", "c",
     "d@e", "", 0},
    {"keywords as names", "from by by from with with id id for for", "by", "", "", "from", "with",
     "id", "for", "", 0},
    {"clauses twice", "from a by b from c by d with e (f) with g", "a", "", "", "b", "e", "", "",
     "f", 0},
    {"several recipients", "by b for <c@d>, <e@f>", "", "", "", "b", "", "", "", "", 0},
    {"several recipients without blanks", "by b for <c@d>,<e@f>; 3 Mar 2025 09:00:00 +0000", "", "",
     "", "b", "", "", "", "", NINE},
    {"a quoted recipient", "by b for <\"c;, (d\"@e> id f", "", "", "", "b", "", "f", "\"c;, (d\"@e",
     "", 0},
    {"nested comments", "from a (b (c (d \\) ; [9.9.9.9]) e)) by f", "a", "b", "9.9.9.9", "f", "",
     "", "", "", 0},
    {"an open comment", "by b (with SMTP; 3 Mar 2025 09:00:00 +0000", "", "", "", "b", "", "", "",
     "with SMTP; 3 Mar 2025 09:00:00 +0000", 0},
    {"the name alone", "from a (b.example) by c", "a", "b.example", "", "c", "", "", "", "", 0},
};

Test(received, the_habits_of_the_worlds_servers_are_understood)
{
    for (size_t i = 0; i < sizeof habits / sizeof *habits; i++) {
        const struct habit *h = &habits[i];
        struct received r;
        cr_expect(received_read(slice_of(h->value), &r), "%s", h->who);
        const struct {
            const char *part, *expected;
            struct slice found;
        } parts[] = {
            {"from", h->from, r.from},      {"name", h->name, r.from_name},
            {"addr", h->addr, r.from_addr}, {"by", h->by, r.by},
            {"with", h->with, r.with},      {"id", h->id, r.id},
            {"for", h->rcpt, r.rcpt},       {"comment", h->comment, r.comment},
        };
        for (size_t j = 0; j < sizeof parts / sizeof *parts; j++)
            cr_expect(slice_equal(parts[j].found, slice_of(parts[j].expected)),
                      "%s: %s is '%s', but '%.*s' was found", h->who, parts[j].part,
                      parts[j].expected, SLICE_ARG(parts[j].found));
        cr_expect_eq(r.has_date, h->unix_s != 0, "%s", h->who);
        cr_expect_eq(r.unix_s, h->unix_s, "%s", h->who);
    }
}

Test(received, what_says_nothing_is_refused)
{
    static const char *const values[] = {"",     "  \r\n\t", "hello", "(a comment)", "; never",
                                         "from", "(",        "\"",    ";;;",         ")"};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct received r;
        cr_expect_not(received_read(slice_of(values[i]), &r), "'%s'", values[i]);
    }
}

static struct slice random_name(struct random *r, char *text)
{
    static const char octets[] = "abcxyz019.-";
    size_t size = 1 + random_below(r, 30);
    for (size_t i = 0; i < size; i++)
        text[i] = octets[random_below(r, sizeof octets - 1)];
    return (struct slice){text, size};
}

Test(received, what_is_written_is_read_back)
{
    struct random random;
    random_init(&random, 1, SLICE("received"));
    for (int round = 0; round < 5000; round++) {
        char texts[7][40];
        struct received back,
            r = {
                .from = random_name(&random, texts[0]),
                .from_addr = round % 2 ? SLICE("192.0.2.77") : SLICE("IPv6:2001:db8::7:8"),
                .by = random_name(&random, texts[1]),
                .with =
                    received_with((enum received_protocol)random_below(&random, 5),
                                  random_chance(&random, 500000), random_chance(&random, 500000)),
                .id = random_name(&random, texts[2]),
                .unix_s = (int64_t)random_below(&random, 4000000000),
                .zone_min = (int)random_below(&random, 1600) - 800,
                .has_date = true,
            };
        if (random_chance(&random, 500000))
            r.from_name = (struct slice){"host.example.net", 16};
        if (random_chance(&random, 500000))
            r.rcpt = (struct slice){"\"b, c\"@example.org", 18};
        if (random_chance(&random, 500000))
            r.comment = (struct slice){"TLS1.3 (x)", 10};
        struct bytes out;
        struct header_field field;
        bytes_init(&out, 2000);
        cr_assert(received_write(&r, &out));
        cr_assert(header_find(bytes_slice(&out), SLICE("Received"), 1, &field));
        cr_assert_eq(field.whole.size, bytes_size(&out));
        cr_assert(received_read(field.value, &back));
        cr_assert(slice_equal(back.from, r.from) && slice_equal(back.from_name, r.from_name) &&
                      slice_equal(back.from_addr, r.from_addr) && slice_equal(back.by, r.by) &&
                      slice_equal(back.with, r.with) && slice_equal(back.id, r.id) &&
                      slice_equal(back.rcpt, r.rcpt) && slice_equal(back.comment, r.comment),
                  "%.*s", SLICE_ARG(bytes_slice(&out)));
        cr_assert(back.has_date && back.unix_s == r.unix_s && back.zone_min == r.zone_min);
        bytes_finish(&out);
    }
}

Test(received, never_reads_outside)
{
    struct random random;
    random_init(&random, 2, SLICE("received"));
    for (int round = 0; round < 60000; round++) {
        size_t row = random_below(&random, sizeof habits / sizeof *habits);
        struct slice value = support_mutate(&random, slice_of(habits[row].value));
        struct received r;
        received_read(value, &r);
        const struct slice parts[] = {r.from, r.from_name, r.from_addr, r.by,
                                      r.with, r.id,        r.rcpt,      r.comment};
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
            cr_assert(support_is_inside(parts[i], value));
        struct bytes out;
        bytes_init(&out, 4000);
        cr_assert(received_write(&r, &out), "what was read can be written");
        cr_assert_leq(support_longest_line(bytes_slice(&out)), 998);
        cr_assert_eq(header_count(bytes_slice(&out), SLICE("Received")), 1);
        bytes_finish(&out);
        free((char *)value.data);
    }
}

Test(received, hostile_fields_are_read_in_linear_time)
{
    enum { SIZE = 1 << 20 };
    static const char *const patterns[] = {
        ";",     ";(",    ";(a)", "(", "from a (",  "from a (b) ",
        "with ", ";Mon,", "\"",   "<", "from [a] ", ";3 Mar 2025 09:00:00"};
    char *text = malloc(SIZE);
    for (size_t p = 0; p < sizeof patterns / sizeof *patterns; p++) {
        size_t size = slice_of(patterns[p]).size;
        struct received r;
        for (size_t i = 0; i < SIZE; i++)
            text[i] = patterns[p][i % size];
        received_read((struct slice){text, SIZE}, &r);
    }
    free(text);
}
