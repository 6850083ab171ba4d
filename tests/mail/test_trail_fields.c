/*
 * What stands beside the Received lines: results of checks, ARC, signatures, notices; and where
 * what is read begins and ends.
 */
#include "agents/mail/trail.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "agents/mail/date.h"
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

TestSuite(trail_fields, .init = begin, .fini = end);

static const struct trail *read_text(const char *text)
{
    trail_read(&trail, slice_of(text), &arena);
    return &trail;
}

#define NINE "; Mon, 3 Mar 2025 09:00:00 +0000\r\n"

static const char with_checks[] =
    "Delivered-To: bob@example.org\r\n"
    "Authentication-Results: mx.example.org;\r\n"
    "\tdkim=pass (2048-bit key; secure) header.d=example.com header.i=\"@example.com\"\r\n"
    "\t header.s=s1; spf=fail reason=\"no; really\" smtp.mailfrom=alice@example.com\r\n"
    "Received: from out.example.com (out.example.com [192.0.2.1]) by mx.example.org" NINE
    "Received-SPF: fail (mx.example.org: not allowed) client-ip=192.0.2.1;\r\n"
    " envelope-from=\"alice@example.com\"; helo=out.example.com; receiver=mx.example.org\r\n"
    "Authentication-Results: mx.example.net; dkim=pass header.d=bank.example\r\n"
    "ARC-Seal: i=2; a=rsa-sha256; d=lists.example.com; s=k2; cv=pass; b=AA\r\n"
    "ARC-Message-Signature: i=2; d=lists.example.com; s=k2; b=AA; bh=BB\r\n"
    "ARC-Authentication-Results: i=2; lists.example.com; arc=pass\r\n"
    "ARC-Seal: i=1; d=example.com; cv=none; b=AA\r\n"
    "DKIM-Signature: v=1; a=ed25519-sha256; d=example.com;\r\n s=s1; h=from:to; bh=B; b=C\r\n"
    "Authentication-Results: spf=pass (sender IP is 192.0.2.9) smtp.mailfrom=example.com;\r\n"
    " dmarc=none\r\n"
    "List-Id: Walks <walks.example.com>\r\n"
    "Subject: one\r\nSubject: two\r\nMessage-ID: <1@example.com>\r\n"
    "no field\r\n\r\nList-Id: in the body\r\n";

Test(trail_fields, results_of_checks_are_read_with_their_properties)
{
    const struct trail *t = read_text(with_checks);
    cr_assert_eq(t->auth_count, 4);
    cr_assert_eq(t->auths[0].result_count, 2);
    const struct trail_result *dkim = &t->results[0], *spf = &t->results[1];
    struct slice rest = dkim->properties, name, value;
    expect_text(t->auths[0].server, "mx.example.org");
    expect_text(dkim->method, "dkim");
    expect_text(dkim->result, "pass");
    expect_text(dkim->comment, "2048-bit key; secure");
    cr_assert(trail_next_property(&rest, &name, &value));
    expect_text(name, "header.d");
    expect_text(value, "example.com");
    cr_assert(trail_next_property(&rest, &name, &value));
    expect_text(value, "@example.com");
    cr_assert(trail_next_property(&rest, &name, &value));
    cr_expect_not(trail_next_property(&rest, &name, &value));
    expect_text(spf->result, "fail");
    rest = spf->properties;
    cr_assert(trail_next_property(&rest, &name, &value));
    expect_text(value, "no; really");
}

Test(trail_fields, only_results_of_the_own_side_are_its_own)
{
    const struct trail *t = read_text(with_checks);
    cr_expect(t->auths[0].is_own, "it stands above all that came from elsewhere");
    cr_expect_not(t->auths[1].is_own, "another server's");
    cr_expect_not(t->auths[3].is_own, "nobody's, below");
    expect_text(t->auths[3].server, "");
    cr_expect_eq(t->auths[3].result_count, 2);
    cr_assert_eq(t->spf_count, 1);
    expect_text(t->spfs[0].result, "fail");
    expect_text(t->spfs[0].client_ip, "192.0.2.1");
    expect_text(t->spfs[0].envelope_from, "alice@example.com");
    expect_text(t->spfs[0].helo, "out.example.com");
    cr_expect(t->spfs[0].is_own);
}

Test(trail_fields, arc_sets_are_put_together_by_their_number)
{
    const struct trail *t = read_text(with_checks);
    cr_assert_eq(t->arc_count, 2);
    cr_expect_eq(t->arcs[0].instance, 1);
    cr_expect(t->arcs[0].has_seal);
    cr_expect_not(t->arcs[0].has_results);
    cr_expect(t->arcs[1].has_seal && t->arcs[1].has_signature && t->arcs[1].has_results);
    expect_text(t->arcs[1].domain, "lists.example.com");
    expect_text(t->arcs[1].cv, "pass");
    cr_expect_eq(t->auths[2].arc_instance, 2);
    expect_text(t->auths[2].server, "lists.example.com");
    cr_assert_eq(t->signature_count, 1);
    expect_text(t->signatures[0].domain, "example.com");
    expect_text(t->signatures[0].selector, "s1");
    expect_text(t->signatures[0].algorithm, "ed25519-sha256");
}

Test(trail_fields, the_body_is_no_header_and_the_first_of_a_name_counts)
{
    const struct trail *t = read_text(with_checks);
    cr_expect_eq(t->field_count, 2);
    cr_expect_eq(t->fields[0].kind, TRAIL_DELIVERED_TO);
    cr_expect_eq(t->fields[1].kind, TRAIL_LIST);
    expect_text(t->subject, "one");
    expect_text(t->message_id, "<1@example.com>");
    cr_expect_eq(t->odd_lines, 1);
}

Test(trail_fields, the_fields_of_a_notice_come_block_by_block)
{
    const struct trail *t =
        read_text("Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
                  "--b\r\n\r\ntext\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
                  "Reporting-MTA: dns; mx.example.org\r\n\r\n"
                  "Final-Recipient: rfc822;bob@example.org\r\nAction: failed\r\n\r\n"
                  "Final-Recipient: rfc822;carol@example.org\r\nStatus: 4.2.2\r\n\r\n--b--\r\n");
    cr_assert_eq(t->field_count, 5);
    for (uint32_t i = 0; i < t->field_count; i++)
        cr_expect_eq(t->fields[i].kind, TRAIL_DSN);
    cr_expect_eq(t->fields[0].block, 0);
    cr_expect_eq(t->fields[1].block, 1);
    cr_expect_eq(t->fields[4].block, 2);
    expect_text(t->fields[4].value, "4.2.2");
}

/* ---- what is given to it ---- */

Test(trail_fields, what_is_pasted_or_from_an_mbox_is_read)
{
    static const char *const texts[] = {
        "Received: by a.example.org" NINE "Subject: x\r\n",
        "\r\n \r\n\nReceived: by a.example.org\nSubject: x\n",
        "\xEF\xBB\xBFReceived: by a.example.org\nSubject: x\n",
        ("From alice@example.com Mon Mar  3 09:00:00 2025\nReceived: by a.example.org\n"
         "Subject: x\n\ntext\n\nFrom bob@example.org Mon Mar  3 09:00:00 2025\nSubject: y\n"),
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const struct trail *t = read_text(texts[i]);
        cr_expect(trail_is_header(slice_of(texts[i])), "%zu", i);
        cr_assert_eq(t->hop_count, 1, "%zu", i);
        expect_text(t->hops[0].received.by, "a.example.org");
        expect_text(t->subject, "x");
    }
    static const char *const others[] = {
        "",         "{\"format\": 1}",     "hello",
        "%PDF-1.4", "X-Unknown: only\r\n", "#!/bin/sh\nReceived: x\n"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        cr_expect_not(trail_is_header(slice_of(others[i])), "%s", others[i]);
}

Test(trail_fields, there_is_an_end_to_what_is_kept)
{
    struct bytes text;
    bytes_init(&text, SIZE_MAX);
    for (unsigned i = 0; i < 1000; i++)
        bytes_printf(&text,
                     "Received: by h%u.example.org\r\nList-Id: %u\r\nARC-Seal: i=%u; cv=x\r\n"
                     "Authentication-Results: a; b=c; d=e\r\nDKIM-Signature: d=x\r\n"
                     "Received-SPF: pass\r\n",
                     i, i, i);
    trail_read(&trail, bytes_slice(&text), &arena);
    cr_expect_eq(trail.hop_count, TRAIL_HOPS_MAX);
    cr_expect_eq(trail.hops_left_out, 1000 - TRAIL_HOPS_MAX);
    expect_text(trail.hops[TRAIL_HOPS_MAX - 1].received.by, "h0.example.org");
    cr_expect_eq(trail.field_count, TRAIL_FIELDS_MAX);
    cr_expect_eq(trail.auth_count, TRAIL_FIELDS_MAX);
    cr_expect_eq(trail.result_count, TRAIL_FIELDS_MAX);
    cr_expect_eq(trail.arc_count, TRAIL_ARCS_MAX);
    cr_expect_eq(trail.signature_count, TRAIL_FIELDS_MAX);
    cr_expect_eq(trail.spf_count, TRAIL_FIELDS_MAX);
    cr_expect_gt(trail.fields_left_out, 2000u);
    bytes_finish(&text);
}

/* ---- dates ---- */

Test(trail_fields, dates_in_any_order_are_found)
{
    static const struct {
        const char *text, *date; /* "": none */
        size_t size;             /* 0: all of it */
    } rows[] = {
        {"Mon, 3 Mar 2025 09:00:00 +0100", "Mon, 3 Mar 2025 09:00:00 +0100", 0},
        {"Monday, March 3, 2025 9:05 PM", "Mon, 3 Mar 2025 21:05:00 +0000", 0},
        {"Mon Mar  3 09:00:00 EST 2025", "Mon, 3 Mar 2025 09:00:00 -0500", 0},
        {"2025-03-03T09:00:00.250Z", "Mon, 3 Mar 2025 09:00:00 +0000", 0},
        {"2025/03/03 09:00 +05:30", "Mon, 3 Mar 2025 09:00:00 +0530", 0},
        {"03-Mar-25 12:00:00 AM", "Mon, 3 Mar 2025 00:00:00 +0000", 0},
        {"3 Mar 2025 09.00.00 GMT+0100 (x)", "Mon, 3 Mar 2025 09:00:00 +0100", 28},
        {"3 Mar 125 09:00:00 -0000", "Mon, 3 Mar 2025 09:00:00 +0000", 0},
        {"(a) Mon, (b) 3 Mar 2025 09:00:00 for <x>", "Mon, 3 Mar 2025 09:00:00 +0000", 32},
        {"Wed, 19 Jul 2000 GMT", "", 0},
        {"31 Apr 2025 09:00", "", 0},
        {"15.20.8489.25", "", 0},
        {"yesterday", "", 0},
        {"", "", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[DATE_TEXT];
        int64_t unix_s;
        int zone_min;
        size_t size = date_find(slice_of(rows[i].text), &unix_s, &zone_min);
        size_t wanted = rows[i].size || !*rows[i].date ? rows[i].size : strlen(rows[i].text);
        cr_expect_eq(size, wanted, "%s: %zu", rows[i].text, size);
        if (size)
            expect_text(date_write(unix_s, zone_min, text), rows[i].date);
    }
}
