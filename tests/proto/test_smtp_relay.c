/*
 * One message stays one message when it is relayed: whatever this server accepts, by DATA or BDAT,
 * this client sends on in a form in which no server, however careless about line ends, finds an
 * end of data before the end ("SMTP smuggling": RFC 5321 2.3.8, 4.1.1.4, 4.5.2).
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "sim/base/random.h"
#include "support_smtp_pair.h"

static const struct slice to[] = {{"bob@example.org", 15}};

/* What careless servers have taken for a line end, dot, line end; and what is likely around it. */
static const char *const pieces[] = {"\r\n",
                                     "\r\n",
                                     "\r\n",
                                     "\n",
                                     "\r",
                                     ".",
                                     "..",
                                     "\r\n.",
                                     ".\r\n",
                                     "\n.\n",
                                     "\r.\r",
                                     "x",
                                     "abc",
                                     " ",
                                     "A: ",
                                     "\r\r",
                                     "\n\n",
                                     "\r\n.\n",
                                     "\n.\r\n",
                                     "\r.\r\n",
                                     "\r\n.\r",
                                     "\r\n..\r\n",
                                     "\xc3\xa4",
                                     "MAIL FROM:<eve@example.net>",
                                     "RCPT TO:<bob@example.org>",
                                     "DATA",
                                     "\t",
                                     "\x7f",
                                     "\x1a"};

static void make_text(struct random *random, struct bytes *text)
{
    size_t count = random_below(random, 24);
    bytes_append(text, SLICE("S: x\r\n\r\n"));
    for (size_t i = 0; i < count; i++)
        bytes_append(text, slice_of(pieces[random_below(random, sizeof pieces / sizeof *pieces)]));
}

/* Every place where somebody could see an end: CR, LF or both, dots, CR, LF or both. */
static size_t count_ends(struct slice data)
{
    size_t ends = 0;
    for (size_t i = 0; i + 1 < data.size; i++) {
        bool is_start = data.data[i] == '\r' || data.data[i] == '\n';
        bool is_end = i + 2 < data.size && (data.data[i + 2] == '\r' || data.data[i + 2] == '\n');
        ends += is_start && data.data[i + 1] == '.' && is_end;
    }
    return ends;
}

static size_t count_bare(struct slice data)
{
    size_t bare = 0;
    for (size_t i = 0; i < data.size; i++) {
        if (data.data[i] == '\r')
            bare += i + 1 == data.size || data.data[i + 1] != '\n';
        if (data.data[i] == '\n')
            bare += i == 0 || data.data[i - 1] != '\r';
    }
    return bare;
}

/* Hands the text to a server session as it is, and takes what that accepted. */
static bool accept_text(struct slice text, bool by_bdat, struct bytes *content)
{
    const struct smtp_server_options options = {.hostname = SLICE("mx1.example.org"),
                                                .offers_pipelining = true,
                                                .offers_8bitmime = true,
                                                .offers_chunking = true};
    struct smtp_server s;
    struct smtp_role role;
    struct bytes said;
    bytes_init(&said, SIZE_MAX / 2);
    bytes_append(&said, SLICE("EHLO a.example\r\nMAIL FROM:<a@b.example> BODY=8BITMIME\r\n"
                              "RCPT TO:<bob@example.org>\r\n"));
    if (by_bdat)
        bytes_printf(&said, "BDAT %zu LAST\r\n", text.size);
    else
        bytes_append(&said, SLICE("DATA\r\n"));
    bytes_append(&said, text);
    bytes_append(&said, by_bdat ? SLICE("") : SLICE("\r\n.\r\n"));
    smtp_server_init(&s, &options);
    smtp_role_init(&role);
    smtp_server_answer(&s, &(struct smtp_reply){220, {0}, SLICE("hi")});
    cr_assert(session_feed(&s.base, bytes_slice(&said)));
    smtp_role_serve(&role, &s);
    bool is_accepted = role.accepted == 1;
    bytes_append(content, bytes_slice(&role.content));
    smtp_server_finish(&s);
    smtp_role_finish(&role);
    bytes_finish(&said);
    return is_accepted;
}

/* Sends it on; all that a receiver could see of it must be this one message. */
static void relay(struct slice header, struct slice body, size_t chunk_octets)
{
    const struct smtp_server_options server = {.hostname = SLICE("mx2.example.org"),
                                               .offers_8bitmime = true,
                                               .offers_chunking = chunk_octets > 0};
    const struct smtp_client_options client = {.hostname = SLICE("mx1.example.org"),
                                               .chunk_octets = chunk_octets};
    const struct smtp_client_transaction t = {
        .forward_paths = to, .recipient_count = 1, .header = header, .body = body, .is_8bit = true};
    struct smtp_pair p;
    smtp_pair_start(&p, &server, &client, &t, 1, SMTP_PAIR_NEVER);
    smtp_pair_run(&p, SMTP_PAIR_WHOLE);
    struct slice said = bytes_slice(&p.said);
    cr_assert_eq(p.role.accepted, 1, "[%.*s]", SLICE_ARG(said));
    cr_assert_eq(p.sender.taken, 1);
    cr_assert_eq(count_bare(said), 0, "[%.*s]", SLICE_ARG(said));
    if (chunk_octets == 0)
        cr_assert_eq(count_ends(said), 1, "[%.*s]", SLICE_ARG(said));
    smtp_pair_finish(&p);
}

Test(smtp_relay, what_is_accepted_stays_one_message_on_every_further_hop)
{
    struct random random;
    size_t accepted = 0, refused = 0;
    random_init(&random, 1, SLICE("relay"));
    for (int round = 0; round < 20000; round++) {
        struct bytes text, content;
        bytes_init(&text, SIZE_MAX / 2);
        bytes_init(&content, SIZE_MAX / 2);
        make_text(&random, &text);
        if (accept_text(bytes_slice(&text), round & 1, &content)) {
            struct slice all = bytes_slice(&content);
            size_t end = slice_find(all, SLICE("\r\n\r\n"), 0);
            cr_assert_eq(count_bare(all), 0);
            accepted++;
            relay(slice_part(all, 0, end + 4), slice_part(all, end + 4, all.size), 0);
            relay(slice_part(all, 0, end + 4), slice_part(all, end + 4, all.size),
                  2 + random_below(&random, 40));
        } else {
            refused++;
        }
        bytes_finish(&text);
        bytes_finish(&content);
    }
    cr_expect_gt(accepted, 500);
    cr_expect_gt(refused, 500);
}

/* Whatever an author or a notice holds: nothing of it needs to have been accepted before. */
Test(smtp_relay, what_was_never_looked_at_is_sent_in_whole_lines_all_the_same)
{
    struct random random;
    random_init(&random, 2, SLICE("raw"));
    for (int round = 0; round < 20000; round++) {
        struct bytes text;
        bytes_init(&text, SIZE_MAX / 2);
        make_text(&random, &text);
        struct slice all = bytes_slice(&text);
        size_t end = 8 + random_below(&random, all.size - 7);
        relay(slice_part(all, 0, end), slice_part(all, end, all.size), 0);
        relay(slice_part(all, 0, end), slice_part(all, end, all.size), 64);
        bytes_finish(&text);
    }
}
