#include "agents/mail/dsn.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "agents/mail/date.h"
#include "agents/mail/header.h"
#include "agents/mail/message.h"
#include "sim/base/vtime.h"
#include "tests/mail/support_mail.h"

static const struct dsn_recipient two[] = {
    {.address = {"bob@example.org", 15},
     .status = {"5.1.1", 5},
     .remote_mta = {"mx1.example.org", 15},
     .diagnostic = {"550-5.1.1 no such user\r\n550 5.1.1 here", 38},
     .is_smtp_reply = true},
    {.address = {"carol@example.net", 17},
     .status = {"4.4.7", 5},
     .diagnostic = {"no server answered for 5 days", 29}},
};

static struct dsn_report report_of(const char *action)
{
    return (struct dsn_report){
        .reporting_mta = SLICE("out.example.com"),
        .to = SLICE("alice@example.com"),
        .message_id = SLICE("dsn.1@out.example.com"),
        .action = slice_of(action),
        .recipients = two,
        .recipient_count = 2,
        .now_s = VTIME_DEFAULT_EPOCH_S + 5,
        .arrival_s = VTIME_DEFAULT_EPOCH_S,
        .retry_until_s = VTIME_DEFAULT_EPOCH_S + 5 * 86400,
        .header = SLICE("Received: from a by b; Mon, 3 Mar 2025 09:00:00 +0000\r\n"
                        "From: Alice <alice@example.com>\r\n"
                        "Subject: Hello\r\n\r\n"),
    };
}

static const char failed_notice[] =
    "From: Mail Delivery System <MAILER-DAEMON@out.example.com>\r\n"
    "To: <alice@example.com>\r\n"
    "Subject: Your message could not be delivered\r\n"
    "Date: Mon, 3 Mar 2025 09:00:05 +0000\r\n"
    "Message-ID: <dsn.1@out.example.com>\r\n"
    "Auto-Submitted: auto-replied\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: multipart/report; report-type=delivery-status;\r\n"
    " boundary=\"BOUNDARY\"\r\n"
    "\r\n"
    "--BOUNDARY\r\n"
    "Content-Type: text/plain; charset=us-ascii\r\n"
    "\r\n"
    "The mail server out.example.com writes this notice by itself.\r\n"
    "\r\n"
    "Your message could not be delivered to the recipients below. The server has\r\n"
    "given it up and won't try again.\r\n"
    "\r\n"
    "To bob@example.org\r\n"
    "    Server: mx1.example.org\r\n"
    "    It said: 550-5.1.1 no such user 550 5.1.1 here\r\n"
    "    Status: 5.1.1\r\n"
    "    That means: there is no mailbox of this name at that host.\r\n"
    "    You can: check how the part before the @ is spelled, or ask for the\r\n"
    "        new address.\r\n"
    "\r\n"
    "To carol@example.net\r\n"
    "    Reason: no server answered for 5 days\r\n"
    "    Status: 4.4.7\r\n"
    "    That means: the time for trying is over.\r\n"
    "    You can: send it again later, or reach the person otherwise.\r\n"
    "\r\n"
    "The same for programs, and the header of your message, are in the parts below.\r\n"
    "\r\n"
    "--BOUNDARY\r\n"
    "Content-Type: message/delivery-status\r\n"
    "\r\n"
    "Reporting-MTA: dns; out.example.com\r\n"
    "Arrival-Date: Mon, 3 Mar 2025 09:00:00 +0000\r\n"
    "\r\n"
    "Final-Recipient: rfc822; bob@example.org\r\n"
    "Action: failed\r\n"
    "Status: 5.1.1\r\n"
    "Remote-MTA: dns; mx1.example.org\r\n"
    "Diagnostic-Code: smtp; 550-5.1.1 no such user 550 5.1.1 here\r\n"
    "Last-Attempt-Date: Mon, 3 Mar 2025 09:00:05 +0000\r\n"
    "\r\n"
    "Final-Recipient: rfc822; carol@example.net\r\n"
    "Action: failed\r\n"
    "Status: 4.4.7\r\n"
    "Diagnostic-Code: x-mailflow; no server answered for 5 days\r\n"
    "Last-Attempt-Date: Mon, 3 Mar 2025 09:00:05 +0000\r\n"
    "\r\n"
    "--BOUNDARY\r\n"
    "Content-Type: text/rfc822-headers\r\n"
    "\r\n"
    "Received: from a by b; Mon, 3 Mar 2025 09:00:00 +0000\r\n"
    "From: Alice <alice@example.com>\r\n"
    "Subject: Hello\r\n"
    "\r\n"
    "--BOUNDARY--\r\n";

/* Appends the text with every `from` made `to`. */
static void append_replaced(struct slice text, struct slice from, struct slice to,
                            struct bytes *out)
{
    size_t at = 0, hit;
    while ((hit = slice_find(text, from, at)) != SLICE_NONE) {
        bytes_append(out, slice_part(text, at, hit));
        bytes_append(out, to);
        at = hit + from.size;
    }
    bytes_append(out, slice_part(text, at, text.size));
}

static struct slice boundary_of(struct slice notice)
{
    size_t from = slice_find(notice, SLICE("boundary=\""), 0) + 10;
    return slice_part(notice, from, slice_find_octet(notice, '"', from));
}

Test(dsn, a_bounce_has_the_parts_and_fields_of_rfc3464_and_rfc6522)
{
    struct dsn_report report = report_of("failed");
    struct bytes out, plain;
    bytes_init(&out, 10000);
    bytes_init(&plain, 10000);
    cr_assert(dsn_write(&report, &out));
    append_replaced(bytes_slice(&out), boundary_of(bytes_slice(&out)), SLICE("BOUNDARY"), &plain);
    expect_text(bytes_slice(&plain), failed_notice);
    bytes_finish(&plain);
    bytes_finish(&out);
}

Test(dsn, a_delay_says_until_when_the_server_goes_on_rfc3464_2_3_9)
{
    struct dsn_report report = report_of("delayed");
    struct bytes out;
    bytes_init(&out, 10000);
    cr_assert(dsn_write(&report, &out));
    struct slice notice = bytes_slice(&out);
    const char *const wanted[] = {
        "Subject: Your message is delayed\r\n",
        "\r\nAction: delayed\r\n",
        "\r\nWill-Retry-Until: Sat, 8 Mar 2025 09:00:00 +0000\r\n",
        "\r\nYou need not send it again.\r\n",
        "\r\n    Sat, 8 Mar 2025 09:00:00 +0000\r\n",
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        cr_expect_neq(slice_find(notice, slice_of(wanted[i]), 0), SLICE_NONE, "%s", wanted[i]);
    cr_expect_eq(slice_find(notice, SLICE("You can:"), 0), SLICE_NONE);
    bytes_finish(&out);
}

Test(dsn, each_action_of_rfc3464_2_3_3_has_its_subject)
{
    expect_text(dsn_subject(SLICE("failed")), "Your message could not be delivered");
    expect_text(dsn_subject(SLICE("DELAYED")), "Your message is delayed");
    expect_text(dsn_subject(SLICE("delivered")), "Your message was delivered");
    expect_text(dsn_subject(SLICE("relayed")), "Your message was passed on");
    expect_text(dsn_subject(SLICE("expanded")), "Your message was sent to a list");
    expect_text(dsn_subject(SLICE("lost\r\nBcc: x")), "Your message could not be delivered");
}

Test(dsn, a_reader_finds_what_was_written)
{
    struct dsn_report report = report_of("failed");
    struct dsn_reading reading;
    struct bytes out;
    bytes_init(&out, 10000);
    cr_assert(dsn_write(&report, &out));
    cr_assert(dsn_read(bytes_slice(&out), 0, &reading));
    expect_text(reading.action, "failed");
    expect_text(reading.status, "5.1.1");
    expect_text(reading.final_recipient, "bob@example.org");
    expect_text(reading.remote_mta, "mx1.example.org");
    expect_text(reading.diagnostic, "550-5.1.1 no such user 550 5.1.1 here");
    cr_assert(dsn_read(bytes_slice(&out), 1, &reading));
    expect_text(reading.final_recipient, "carol@example.net");
    expect_text(reading.remote_mta, "");
    expect_text(reading.diagnostic, "no server answered for 5 days");
    cr_assert_not(dsn_read(bytes_slice(&out), 2, &reading));
    bytes_finish(&out);
}

Test(dsn, a_reader_understands_the_notices_of_others)
{
    struct dsn_reading reading;
    struct slice notice =
        SLICE("Content-Type: Multipart/Report; (x;\"boundary=no) report-type = delivery-status;\n"
              "\tBOUNDARY=abc.def ; charset=\"a;b\"\n"
              "\n"
              "preamble --abc.def\n"
              "Content-Type: message/delivery-status\n"
              "\n"
              "Final-Recipient: rfc822; not-behind-a-delimiter\n"
              "--abc.def\n"
              "\n"
              "text\n"
              "--abc.def  \n"
              "Content-Description: Delivery report\n"
              "Content-Type: Message/Delivery-Status\n"
              "\n"
              "\n"
              "Reporting-MTA: dns; x.example\n"
              "\n"
              "\n"
              "X-Note: a group without a recipient\n"
              "\n"
              "original-recipient: rfc822;a@b\n"
              "final-recipient:RFC822;c@d\n"
              "ACTION: failed\n"
              "Status: 5.2.2 (mailbox full)\n"
              "Diagnostic-Code: smtp;\n 552 full;\n too full\n"
              "--abc.def--\n");
    cr_assert(dsn_read(notice, 0, &reading));
    expect_text(reading.final_recipient, "c@d");
    expect_text(reading.action, "failed");
    expect_text(reading.status, "5.2.2 (mailbox full)");
    expect_text(reading.remote_mta, "");
    expect_text(reading.diagnostic, "552 full;\n too full");
    cr_assert_not(dsn_read(notice, 1, &reading));
}

Test(dsn, what_is_no_notice_is_not_read_as_one)
{
    static const char other_type[] = "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
                                     "Content-Type: message/delivery-status\r\n\r\n"
                                     "Final-Recipient: rfc822; a@b\r\n\r\n--x--";
    static const char *const contents[] = {
        "",
        "Subject: x\r\n\r\nbody",
        "Content-Type: multipart/report\r\n\r\n--x\r\n",
        "Content-Type: multipart/report; boundary=\r\n\r\n--\r\n",
        "Content-Type: multipart/report; boundary=\"\"\r\n\r\n--\r\n",
        "Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n\r\nStatus: 5.0.0\r\n--x--",
        other_type,
        "Content-Type: multipart/report; boundary=x\r\n\r\n--x",
        "Content-Type: multipart/report; boundary=x\r\n\r\n--x--\r\n",
    };
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        struct dsn_reading reading;
        cr_expect_not(dsn_read(slice_of(contents[i]), 0, &reading), "%s", contents[i]);
    }
}

Test(dsn, what_a_server_said_can_not_add_fields_or_parts)
{
    struct dsn_recipient evil = {
        .address = SLICE("bob@example.org\r\nBcc: eve@mallory.test"),
        .status = SLICE("5.1.1\r\nAction: delivered"),
        .remote_mta = SLICE("mx\0\r\n\r\nFinal-Recipient: rfc822; eve@mallory.test"),
        .diagnostic = SLICE("550 \x1b[31mgr\xC3\xBC\xC3\x9F"
                            "e\t\x7F\r\n\r\n--x\r\n.\r\nAction: delivered\n"),
        .is_smtp_reply = true,
    };
    struct dsn_report report = report_of("failed\r\nX: y");
    struct dsn_reading reading;
    struct bytes out;
    report.recipients = &evil;
    report.recipient_count = 1;
    report.to = SLICE("alice@example.com>\r\nBcc: <eve@mallory.test");
    report.reporting_mta = SLICE("out\r\nBcc: x");
    report.message_id = SLICE("1\r\n\r\n2");
    bytes_init(&out, 10000);
    cr_assert(dsn_write(&report, &out));
    cr_assert_eq(header_count(bytes_slice(&out), SLICE("Bcc")), 0);
    cr_assert(dsn_read(bytes_slice(&out), 0, &reading));
    expect_text(reading.action, "failed");
    expect_text(reading.status, "5.0.0");
    expect_text(reading.final_recipient, "bob@example.org Bcc: eve@mallory.test");
    expect_text(reading.remote_mta, "mx?  Final-Recipient: rfc822; eve@mallory.test");
    expect_text(reading.diagnostic, "550 ?[31mgr????e ?  --x . Action: delivered");
    cr_assert_not(dsn_read(bytes_slice(&out), 1, &reading));
    cr_assert_not(message_is_8bit(bytes_slice(&out)));
    cr_assert_eq(slice_find_octet(bytes_slice(&out), '\0', 0), SLICE_NONE);
    bytes_finish(&out);
}

Test(dsn, equal_reports_give_equal_octets_and_no_part_has_the_boundary)
{
    struct dsn_report report = report_of("failed");
    struct bytes first, again, header;
    bytes_init(&first, 10000);
    bytes_init(&again, 20000);
    bytes_init(&header, 10000);
    cr_assert(dsn_write(&report, &first));
    cr_assert(dsn_write(&report, &again));
    cr_assert(slice_equal(bytes_slice(&first), bytes_slice(&again)));
    struct slice boundary = boundary_of(bytes_slice(&first));
    cr_assert_leq(boundary.size, 70, "RFC 2046 5.1.1");

    /* a sender who knows the boundary puts it into the header of the message that bounces */
    bytes_printf(&header, "X: 1\r\n--%.*s--\r\n\r\n", SLICE_ARG(boundary));
    report.header = bytes_slice(&header);
    bytes_clear(&again);
    cr_assert(dsn_write(&report, &again));
    struct slice other = boundary_of(bytes_slice(&again));
    cr_assert_not(slice_equal(boundary, other));
    cr_assert_eq(slice_find(bytes_slice(&header), other, 0), SLICE_NONE);
    bytes_finish(&first);
    bytes_finish(&again);
    bytes_finish(&header);
}

Test(dsn, an_8bit_header_is_returned_as_8bit)
{
    struct dsn_report report = report_of("failed");
    struct bytes out;
    report.header = SLICE("Subject: gr\xC3\xBC\xC3\x9F\nX: y");
    bytes_init(&out, 10000);
    cr_assert(dsn_write(&report, &out));
    struct slice notice = bytes_slice(&out);
    cr_assert_eq(header_count(notice, SLICE("Content-Transfer-Encoding")), 1);
    cr_assert_neq(slice_find(notice,
                             SLICE("Content-Type: text/rfc822-headers\r\n"
                                   "Content-Transfer-Encoding: 8bit\r\n\r\n"
                                   "Subject: gr\xC3\xBC\xC3\x9F\r\nX: y\r\n\r\n--"),
                             0),
                  SLICE_NONE);
    bytes_finish(&out);
}

Test(dsn, statuses_are_those_of_rfc3463_2)
{
    static const struct {
        const char *status, *action, *written;
    } rows[] = {
        {"5.1.1", "failed", "5.1.1"},     {"4.255.999", "delayed", "4.255.999"},
        {"2.0.0", "relayed", "2.0.0"},    {"", "failed", "5.0.0"},
        {"", "delayed", "4.0.0"},         {"3.1.1", "failed", "5.0.0"},
        {"5.1", "failed", "5.0.0"},       {"5.1.1.1", "failed", "5.0.0"},
        {"5.1.", "failed", "5.0.0"},      {"5.1234.1", "failed", "5.0.0"},
        {"05.1.1", "delivered", "2.0.0"}, {"5..1", "expanded", "2.0.0"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct dsn_recipient recipient = two[0];
        struct dsn_report report = report_of(rows[i].action);
        struct dsn_reading reading;
        struct bytes out;
        recipient.status = slice_of(rows[i].status);
        report.recipients = &recipient;
        report.recipient_count = 1;
        bytes_init(&out, 10000);
        cr_assert(dsn_write(&report, &out));
        cr_assert(dsn_read(bytes_slice(&out), 0, &reading));
        expect_text(reading.status, rows[i].written);
        expect_text(reading.action, rows[i].action);
        bytes_finish(&out);
    }
}

Test(dsn, a_full_buffer_is_left_as_it_was)
{
    struct dsn_report report = report_of("failed");
    for (size_t ceiling = 1; ceiling < sizeof failed_notice; ceiling += 13) {
        struct bytes out;
        bytes_init(&out, ceiling);
        bytes_append(&out, SLICE("-"));
        cr_assert_not(dsn_write(&report, &out));
        expect_text(bytes_slice(&out), "-");
        bytes_finish(&out);
    }
}

Test(dsn, whatever_was_said_lines_are_in_their_limits_and_all_recipients_are_read_back)
{
    struct random r;
    static char text[3000];
    random_init(&r, 1, SLICE("dsn"));
    for (int round = 0; round < 500; round++) {
        struct dsn_recipient recipients[5];
        struct dsn_report report = report_of(round % 2 ? "failed" : "delayed");
        for (size_t i = 0; i < sizeof text; i++)
            text[i] = (char)(random_chance(&r, 900000) ? 'a' + i % 26 : random_below(&r, 256));
        for (size_t i = 0; i < 5; i++) {
            size_t at = random_below(&r, sizeof text), size = 1 + random_below(&r, 2000);
            struct slice any = slice_part((struct slice){text, sizeof text}, at, at + size);
            recipients[i] = (struct dsn_recipient){.address = any,
                                                   .original = any,
                                                   .status = any,
                                                   .remote_mta = any,
                                                   .diagnostic = any,
                                                   .is_smtp_reply = i % 2};
        }
        report.recipients = recipients;
        report.recipient_count = 5;
        struct bytes out;
        struct dsn_reading reading;
        size_t n = 0;
        bytes_init(&out, 200000);
        cr_assert(dsn_write(&report, &out));
        cr_assert_leq(support_longest_line(bytes_slice(&out)), 998);
        cr_assert_not(message_is_8bit(bytes_slice(&out)));
        for (; dsn_read(bytes_slice(&out), n, &reading); n++)
            cr_assert(recipients[n].diagnostic.size <= 1024 ||
                      slice_ends(reading.diagnostic, SLICE("...")));
        cr_assert_eq(n, 5);
        bytes_finish(&out);
    }
}

Test(dsn, never_reads_outside)
{
    struct random r;
    random_init(&r, 2, SLICE("dsn"));
    for (int round = 0; round < 10000; round++) {
        struct slice content = support_mutate(&r, SLICE(failed_notice));
        struct dsn_reading reading;
        for (size_t n = 0; n < 3 && dsn_read(content, n, &reading); n++) {
            const struct slice parts[] = {reading.action, reading.status, reading.final_recipient,
                                          reading.remote_mta, reading.diagnostic};
            for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
                cr_assert(support_is_inside(parts[i], content));
        }
        free((char *)content.data);
    }
}

/* ---- what the sender asked for (RFC 3461) ---- */

static struct slice written(const struct dsn_report *report, struct bytes *out)
{
    bytes_init(out, SIZE_MAX / 2);
    cr_assert(dsn_write(report, out));
    return bytes_slice(out);
}

static bool has(struct slice text, const char *part)
{
    return slice_find(text, slice_of(part), 0) != SLICE_NONE;
}

/* RFC 3464 2.2.1, 2.3.1; RFC 3461 4.2, 4.4 */
Test(dsn, the_sender_s_own_names_of_envelope_and_recipient_come_back)
{
    struct dsn_recipient one = two[0];
    struct dsn_report report = report_of("delivered");
    struct bytes out;
    struct dsn_reading reading;
    one.original = SLICE("rfc822;robert@example.org");
    report.recipients = &one;
    report.recipient_count = 1;
    report.envid = SLICE("QQ 314=159");
    struct slice notice = written(&report, &out);
    cr_expect(has(notice, "\r\n\r\nOriginal-Envelope-Id: QQ 314=159\r\nReporting-MTA:"));
    cr_expect(has(notice, "\r\nOriginal-Recipient: rfc822; robert@example.org\r\nFinal-Recip"));
    cr_assert(dsn_read(notice, 0, &reading));
    cr_expect(slice_equal(reading.original_recipient, SLICE("robert@example.org")));
    bytes_finish(&out);
    one.original = SLICE("no type, so no field");
    notice = written(&report, &out);
    cr_expect_not(has(notice, "Original-Recipient"));
    bytes_finish(&out);
}

/* RFC 3461 4.3: the body comes back octet for octet. */
Test(dsn, a_whole_message_comes_back_where_that_was_asked_for)
{
    static const char *const bodies[] = {"text\r\n", "text\r\n\r\n", "\r\n\r\n", "\xc3\xa4\r\n"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct dsn_report report = report_of("failed");
        struct bytes out, wanted;
        report.body = slice_of(bodies[i]);
        report.is_full = true;
        struct slice notice = written(&report, &out);
        bytes_init(&wanted, SIZE_MAX / 2);
        bytes_append(&wanted, SLICE("\r\n\r\n"));
        bytes_append(&wanted, report.header);
        bytes_append(&wanted, report.body);
        bytes_append(&wanted, SLICE("\r\n--"));
        cr_expect(slice_find(notice, bytes_slice(&wanted), 0) != SLICE_NONE, "%zu", i);
        cr_expect(has(notice, "Content-Type: message/rfc822\r\n"));
        cr_expect_eq(has(notice, "Content-Transfer-Encoding: 8bit"), i == 3);
        cr_expect(has(notice, "and your message, are in the parts below"));
        bytes_finish(&wanted);
        bytes_finish(&out);
    }
}

/* RFC 6533 3, 6532 3.2 */
Test(dsn, addresses_beyond_ascii_are_not_garbled)
{
    const struct dsn_recipient pele = {.address = SLICE("pel\xc3\xa9+x@example.org"),
                                       .status = SLICE("5.1.1")};
    struct dsn_report report = report_of("failed");
    struct bytes out;
    report.to = SLICE("j\xc3\xb6rg@example.com");
    report.recipients = &pele;
    report.recipient_count = 1;
    struct slice notice = written(&report, &out);
    cr_expect(has(notice, "Final-Recipient: utf-8; pel\\x{E9}\\x{2B}x@example.org\r\n"));
    cr_expect(has(notice, "\r\nTo: <j\xc3\xb6rg@example.com>\r\n"));
    bytes_finish(&out);
}
