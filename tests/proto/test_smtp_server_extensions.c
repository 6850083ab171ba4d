/* STARTTLS, AUTH, BDAT and LMTP where a dialogue file does not reach: drivers, memory, roles. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "sim/base/base64.h"
#include "support_smtp_fixture.h"

/* RFC 3207 4.2, CVE-2011-0411: even a driver that feeds what came in clear during the handshake
   can't make it a command. */
Test(smtp_server_extensions, nothing_is_read_between_starttls_and_the_end_of_the_handshake)
{
    struct smtp_fixture f;
    struct smtp_server_event e;
    smtp_fixture_start(&f, &smtp_fixture_everything);
    TELL(&f, "EHLO a.example\r\n");
    cr_expect_eq(smtp_fixture_code(TELL(&f, "STARTTLS\r\nMAIL FROM:<mallory@example.com>\r\n")),
                 220);
    cr_expect_eq(f.s.base.tls, SESSION_TLS_WANTED);
    cr_expect_eq(bytes_size(&f.s.base.in), 0, "thrown away");
    cr_expect_not(smtp_server_next(&f.s, &e));
    f.s.base.tls = SESSION_TLS_ON;
    cr_assert(smtp_server_next(&f.s, &e));
    cr_expect_eq(e.kind, SMTP_SERVER_SECURED);
    cr_expect_eq(f.s.state, SMTP_STATE_READY);
    smtp_fixture_finish(&f);
}

Test(smtp_server_extensions, a_password_that_comes_after_the_shutdown_is_too_late)
{
    struct smtp_fixture f;
    struct smtp_server_event e = {0};
    static const struct slice password = {"secret", 6};
    smtp_fixture_start(&f, &smtp_fixture_everything);
    TELL(&f, "EHLO a.example\r\n");
    cr_assert(session_feed(&f.s.base, SLICE("AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n")));
    while (e.kind != SMTP_SERVER_AUTH)
        cr_assert(smtp_server_next(&f.s, &e));
    smtp_server_shut_down(&f.s, SLICE("back soon"));
    smtp_server_password(&f.s, &password);
    cr_expect_not(f.s.is_authenticated);
    cr_expect(slice_equal(bytes_slice(&f.s.base.out), SLICE("421 4.3.2 back soon\r\n")));
    smtp_fixture_finish(&f);
}

/* A challenge is no reply line of 512 octets (RFC 4954 4): what the client's nonce makes long comes
   back in full. */
Test(smtp_server_extensions, a_long_challenge_is_not_cut)
{
    struct smtp_fixture f;
    struct bytes line, message;
    smtp_fixture_start(&f, &smtp_fixture_everything);
    TELL(&f, "EHLO a.example\r\n");
    TELL(&f, "AUTH SCRAM-SHA-256\r\n");
    bytes_init(&message, 4096);
    bytes_init(&line, 8192);
    bytes_append(&message, SLICE("n,,n=alice,r="));
    for (int i = 0; i < 200; i++)
        bytes_append(&message, SLICE("abcd"));
    base64_write(bytes_slice(&message), &line);
    bytes_append(&line, SLICE("\r\n"));
    struct slice out = smtp_fixture_tell(&f, bytes_slice(&line));
    cr_expect(slice_starts(out, SLICE("334 ")));
    cr_expect_gt(out.size, 1000);
    bytes_clear(&message);
    cr_expect(base64_read(slice_part(out, 4, out.size - 2), &message));
    bytes_finish(&message);
    bytes_finish(&line);
    smtp_fixture_finish(&f);
}

/* Two sessions of one server never ask the same (RFC 2195 2, RFC 5802 9). */
Test(smtp_server_extensions, challenges_differ_by_the_seed_and_within_a_session)
{
    struct smtp_server_options options = smtp_fixture_everything;
    struct bytes first;
    bytes_init(&first, 4096);
    for (uint64_t seed = 1; seed <= 2; seed++) {
        struct smtp_fixture f;
        options.seed = seed * 1000;
        smtp_fixture_start(&f, &options);
        TELL(&f, "EHLO a.example\r\n");
        for (int i = 0; i < 2; i++) {
            struct slice challenge = TELL(&f, "AUTH CRAM-MD5\r\n");
            cr_expect_eq(slice_find(bytes_slice(&first), challenge, 0), SLICE_NONE);
            bytes_append(&first, challenge);
            TELL(&f, "*\r\n");
        }
        smtp_fixture_finish(&f);
    }
    bytes_finish(&first);
}

/* RFC 3030 2: what is thrown away is never kept, so a giant chunk costs nothing. */
Test(smtp_server_extensions, a_refused_chunk_of_any_size_takes_no_memory)
{
    struct smtp_fixture f;
    static const char octets[4096];
    smtp_fixture_start(&f, &smtp_fixture_everything);
    smtp_fixture_go_to(&f, SMTP_STATE_RECIPIENTS);
    TELL(&f, "BDAT 1000000 LAST\r\n");
    for (int i = 0; i < 100; i++)
        cr_expect_eq(smtp_fixture_tell(&f, (struct slice){octets, sizeof octets}).size, 0);
    cr_expect_leq(f.s.base.in.capacity + f.s.content.capacity, 8192);
    TELL(&f, "");
    smtp_fixture_finish(&f);
}

Test(smtp_server_extensions, an_lmtp_role_may_say_421_to_the_second_recipient)
{
    struct smtp_server_options options = smtp_fixture_everything;
    struct smtp_fixture f;
    struct smtp_server_event e = {0};
    options.is_lmtp = true;
    smtp_fixture_start(&f, &options);
    smtp_fixture_go_to(&f, SMTP_STATE_RECIPIENTS);
    TELL(&f, "RCPT TO:<bea@example.org>\r\nRCPT TO:<carol@example.org>\r\nDATA\r\n");
    cr_assert(session_feed(&f.s.base, SLICE("x\r\n.\r\n")));
    cr_assert(smtp_server_next(&f.s, &e));
    cr_expect_eq(e.recipient, 0);
    smtp_server_answer(&f.s, &(struct smtp_reply){250, SLICE("2.0.0"), SLICE("one")});
    cr_assert(smtp_server_next(&f.s, &e) && smtp_server_next(&f.s, &e));
    cr_expect_eq(e.recipient, 1);
    smtp_server_answer(&f.s, &(struct smtp_reply){421, SLICE("4.3.2"), SLICE("down")});
    cr_expect(slice_equal(TELL(&f, ""), SLICE("250 2.0.0 one\r\n421 4.3.2 down\r\n")));
    cr_expect_eq(f.s.state, SMTP_STATE_CLOSED);
    smtp_fixture_finish(&f);
}

/* RFC 5321 4.5.3.1.8 for LMTP, too: as many replies as there are recipients. */
Test(smtp_server_extensions, an_lmtp_message_for_a_hundred_has_a_hundred_replies)
{
    struct smtp_server_options options = smtp_fixture_everything;
    struct smtp_fixture f;
    size_t lines = 0;
    options.is_lmtp = true;
    smtp_fixture_start(&f, &options);
    smtp_fixture_go_to(&f, SMTP_STATE_RECIPIENTS);
    for (int i = 1; i < SMTP_RECIPIENTS_MIN; i++)
        cr_expect_eq(smtp_fixture_code(TELL(&f, "RCPT TO:<bob@example.org>\r\n")), 250);
    TELL(&f, "DATA\r\n");
    struct slice out = TELL(&f, "x\r\n.\r\n"), line;
    while (slice_cut(&out, '\n', &line))
        lines += slice_starts(line, SLICE("250 2.0.0 "));
    cr_expect_eq(lines, SMTP_RECIPIENTS_MIN);
    smtp_fixture_finish(&f);
}
