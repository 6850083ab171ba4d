/*
 * Another reader's view: Python's email package must find in our messages what we meant. The test
 * writes messages to a file, asks the script beside it what is in them, and compares line by line
 * with what it wrote.
 */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agents/mail/dsn.h"
#include "agents/mail/header.h"
#include "agents/mail/message.h"
#include "agents/mail/received.h"
#include "sim/base/vtime.h"
#include "tests/mail/support_mail.h"

enum { OCTETS = 8 << 20 };

/* What goes to Python, and what it is to answer. */
struct talk {
    struct random random;
    struct bytes sent, expected;
};

static void append_hex(struct bytes *out, struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        bytes_printf(out, "%02x", (unsigned char)text.data[i]);
}

/* 1..most words of letters from the whole of Unicode, or of ASCII only, with one blank between. */
static void random_words(struct random *r, size_t most, bool is_ascii, struct bytes *out)
{
    static const char *const letters[] = {
        "a", "Z", "7", "_", "=", "\xC3\xB6", "\xE2\x82\xAC", "\xF0\x9F\x93\xA7", "\xC4\x90"};
    for (size_t words = 1 + random_below(r, most); words > 0; words--) {
        for (size_t n = 1 + random_below(r, 12); n > 0; n--)
            bytes_append(out, slice_of(letters[random_below(r, is_ascii ? 5 : 9)]));
        if (words > 1)
            bytes_append_octet(out, ' ');
    }
}

static void add_hops(struct talk *talk, struct bytes *message)
{
    unsigned count = (unsigned)random_below(&talk->random, 5);
    bytes_printf(&talk->expected, "received %u\n", count);
    for (unsigned i = 0; i < count; i++) {
        char from[40], by[40];
        struct received r = {
            .from_addr = i % 2 ? SLICE("203.0.113.7") : SLICE("IPv6:2001:db8::7"),
            .from_name = i % 3 ? SLICE("") : SLICE("name.example.net"),
            .with = received_with((enum received_protocol)(i % 5), i % 2, i % 3 > 0),
            .id = SLICE("a1.b2"),
            .rcpt = i % 2 ? SLICE("") : SLICE("bob@example.org"),
            .comment = i % 2 ? SLICE("TLS1.3 (x)") : SLICE(""),
            .unix_s = (int64_t)random_below(&talk->random, 4000000000),
            .zone_min = (int)random_below(&talk->random, 1600) - 800,
            .has_date = true,
        };
        r.from.data = from;
        r.from.size = (size_t)snprintf(from, sizeof from, "c%" PRIu64 ".example.com",
                                       random_below(&talk->random, 1000000));
        r.by.data = by;
        r.by.size = (size_t)snprintf(by, sizeof by, "s%u.example.org", i);
        cr_assert(received_write(&r, message));
        bytes_printf(&talk->expected, "hop %s %s %.*s %" PRId64 "\n", from, by, SLICE_ARG(r.with),
                     r.unix_s);
    }
}

/* Puts the message behind its size into the file's content. */
static void send_message(struct talk *talk, const struct bytes *message)
{
    cr_assert(bytes_printf(&talk->sent, "%zu\n", bytes_size(message)));
    cr_assert(bytes_append(&talk->sent, bytes_slice(message)));
}

static void expect_head(struct talk *talk, const struct message_draft *draft)
{
    bytes_printf(&talk->expected, "date %" PRId64 "\nid <%.*s>\nsubject ", draft->unix_s,
                 SLICE_ARG(draft->message_id));
    append_hex(&talk->expected, draft->subject);
    bytes_append_octet(&talk->expected, '\n');
}

static void add_message(struct talk *talk)
{
    struct random *r = &talk->random;
    struct bytes message, subject, name, from, body;
    bytes_init(&message, OCTETS);
    bytes_init(&subject, OCTETS);
    bytes_init(&name, OCTETS);
    bytes_init(&from, OCTETS);
    bytes_init(&body, OCTETS);
    random_words(r, 20, random_chance(r, 300000), &subject);
    random_words(r, 8, random_chance(r, 300000), &name);
    for (int line = 0; line < 4; line++) {
        random_words(r, 15, random_chance(r, 300000), &body);
        bytes_append(&body, SLICE("\r\n"));
    }
    bytes_printf(&from, "\"%.*s\" <alice@example.com>", SLICE_ARG(bytes_slice(&name)));

    struct message_draft draft = {
        .from = bytes_slice(&from),
        .to = SLICE("bob@example.org, \"Bea, B.\" <bea@example.org>"),
        .subject = bytes_slice(&subject),
        .body = bytes_slice(&body),
        .message_id = SLICE("1.2@pc-alice.example.com"),
        .unix_s = (int64_t)random_below(r, 4000000000),
        .zone_min = (int)random_below(r, 1600) - 800,
        .has_date = true,
    };
    add_hops(talk, &message);
    cr_assert(message_write(&draft, &message));
    send_message(talk, &message);
    expect_head(talk, &draft);
    bytes_append(&talk->expected, SLICE("mailbox "));
    append_hex(&talk->expected, bytes_slice(&name));
    bytes_append(&talk->expected, SLICE(" alice@example.com\nmailbox  bob@example.org\n"
                                        "mailbox 4265612c20422e bea@example.org\nbody "));
    append_hex(&talk->expected, bytes_slice(&body));
    bytes_append(&talk->expected, SLICE("\ndefects 0\n"));
    bytes_finish(&message);
    bytes_finish(&subject);
    bytes_finish(&name);
    bytes_finish(&from);
    bytes_finish(&body);
}

static void expect_report(struct talk *talk, const struct dsn_report *report)
{
    bool is_delayed = slice_equal(report->action, SLICE("delayed"));
    bytes_append(&talk->expected,
                 SLICE("mailbox 4d61696c2044656c69766572792053797374656d "
                       "MAILER-DAEMON@out.example.com\nmailbox  alice@example.com\n"
                       "report delivery-status\nauto auto-replied\n"
                       "parts text/plain message/delivery-status text/rfc822-headers\n"
                       "field Reporting-MTA dns; out.example.com\n"
                       "field Arrival-Date Mon, 3 Mar 2025 09:00:00 +0000\n"));
    for (size_t i = 0; i < report->recipient_count; i++) {
        const struct dsn_recipient *recipient = &report->recipients[i];
        bytes_printf(&talk->expected,
                     "field Final-Recipient rfc822; %.*s\nfield Action %.*s\nfield Status %.*s\n"
                     "field Remote-MTA dns; %.*s\nfield Diagnostic-Code smtp; %.*s\n"
                     "field Last-Attempt-Date Mon, 3 Mar 2025 09:00:05 +0000\n",
                     SLICE_ARG(recipient->address), SLICE_ARG(report->action),
                     SLICE_ARG(recipient->status), SLICE_ARG(recipient->remote_mta),
                     SLICE_ARG(recipient->diagnostic));
        if (is_delayed)
            bytes_append(&talk->expected,
                         SLICE("field Will-Retry-Until Sat, 8 Mar 2025 09:00:00 +0000\n"));
    }
    bytes_append(&talk->expected, SLICE("returned 48656c6c6f 1\ndefects 0\n"));
}

static void add_notice(struct talk *talk, const char *action)
{
    const struct dsn_recipient recipients[] = {
        {.address = SLICE("bob@example.org"),
         .status = SLICE("5.1.1"),
         .remote_mta = SLICE("mx1.example.org"),
         .diagnostic = SLICE("550 5.1.1 there is nobody of that name here, and there never was, as "
                             "far as we know"),
         .is_smtp_reply = true},
        {.address = SLICE("carol@example.net"),
         .status = SLICE("4.4.1"),
         .remote_mta = SLICE("mx.example.net"),
         .diagnostic = SLICE("421 4.3.2 later"),
         .is_smtp_reply = true},
    };
    const struct dsn_report report = {
        .reporting_mta = SLICE("out.example.com"),
        .to = SLICE("alice@example.com"),
        .message_id = SLICE("3@out.example.com"),
        .action = slice_of(action),
        .recipients = recipients,
        .recipient_count = 1 + random_below(&talk->random, 2),
        .now_s = VTIME_DEFAULT_EPOCH_S + 5,
        .arrival_s = VTIME_DEFAULT_EPOCH_S,
        .retry_until_s = VTIME_DEFAULT_EPOCH_S + 5 * 86400,
        .header = SLICE("Received: from a by b with c; Mon, 3 Mar 2025 09:00:00 +0000\r\n"
                        "Subject: Hello\r\n\r\n"),
    };
    const struct message_draft head = {.unix_s = report.now_s,
                                       .message_id = report.message_id,
                                       .subject = dsn_subject(report.action)};
    struct bytes message;
    bytes_init(&message, OCTETS);
    add_hops(talk, &message);
    cr_assert(dsn_write(&report, &message));
    send_message(talk, &message);
    expect_head(talk, &head);
    expect_report(talk, &report);
    bytes_finish(&message);
}

/* Writes the file, runs the script on it, and gives what the script said. */
static void ask_python(struct slice sent, struct bytes *answer)
{
    char path[] = "/tmp/mailflow-python-XXXXXX", command[1000], chunk[4096];
    int descriptor = mkstemp(path);
    cr_assert_geq(descriptor, 0);
    FILE *file = fdopen(descriptor, "wb");
    cr_assert_eq(fwrite(sent.data, 1, sent.size, file), sent.size);
    fclose(file);
    snprintf(command, sizeof command, "python3 '%s/tests/mail/check_with_python.py' %s 2>&1",
             SOURCE_DIR, path);
    FILE *python = popen(command, "r");
    cr_assert_not_null(python);
    size_t size;
    while ((size = fread(chunk, 1, sizeof chunk, python)) > 0)
        cr_assert(bytes_append(answer, (struct slice){chunk, size}));
    pclose(python);
    unlink(path);
}

Test(python, finds_in_our_messages_what_we_meant)
{
    struct talk talk;
    struct bytes answer;
    if (system("python3 -c 'import email' >/dev/null 2>&1") != 0)
        cr_skip_test("python3 is not installed here, so no second reader looked at our messages");
    random_init(&talk.random, 1, SLICE("python"));
    bytes_init(&talk.sent, OCTETS);
    bytes_init(&talk.expected, OCTETS);
    bytes_init(&answer, OCTETS);
    for (int i = 0; i < 200; i++)
        add_message(&talk);
    for (int i = 0; i < 20; i++)
        add_notice(&talk, i % 2 ? "failed" : "delayed");
    ask_python(bytes_slice(&talk.sent), &answer);

    struct slice said = bytes_slice(&answer), wanted = bytes_slice(&talk.expected);
    struct slice said_line = SLICE(""), wanted_line;
    for (int line = 1; slice_cut(&wanted, '\n', &wanted_line); line++) {
        cr_assert(slice_cut(&said, '\n', &said_line), "Python stopped at line %d", line);
        cr_assert(slice_equal(said_line, wanted_line), "line %d: '%.*s' expected, but: '%.*s'",
                  line, SLICE_ARG(wanted_line), SLICE_ARG(said_line));
    }
    cr_assert_eq(said.size, 0, "Python found more: %.*s", SLICE_ARG(said));
    bytes_finish(&talk.sent);
    bytes_finish(&talk.expected);
    bytes_finish(&answer);
}
