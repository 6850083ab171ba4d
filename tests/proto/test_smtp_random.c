/*
 * Random octets and dialogues with random damage, into both sessions: they never crash, never
 * exceed a ceiling, and the outcome does not depend on how the octets were split. The seed is in
 * each message, so a failure can be run again.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/random.h"
#include "support_smtp.h"
#include "support_smtp_client.h"

enum { ROUNDS = 4000, OCTETS_MAX = 6000, TEXTS_MAX = 64 };

/* What one side says in each dialogue file. */
struct corpus {
    struct bytes texts[TEXTS_MAX];
    size_t count;
};

static void read_corpus(struct corpus *corpus, const char *prefix)
{
    glob_t found;
    char line[2000];
    *corpus = (struct corpus){0};
    cr_assert_eq(glob(SOURCE_DIR "/tests/dialogues/smtp-*.txt", 0, NULL, &found), 0);
    cr_assert_eq(glob(SOURCE_DIR "/tests/dialogues/lmtp-*.txt", GLOB_APPEND, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc && i < TEXTS_MAX; i++) {
        struct bytes *text = &corpus->texts[corpus->count++];
        bytes_init(text, OCTETS_MAX);
        FILE *file = fopen(found.gl_pathv[i], "r");
        cr_assert_not_null(file);
        while (fgets(line, sizeof line, file)) {
            line[strcspn(line, "\n")] = '\0';
            if (strncmp(line, prefix, 2) == 0 && strlen(line) > 3)
                bytes_printf(text, "%s\r\n", line + 3);
        }
        fclose(file);
    }
    globfree(&found);
}

static void finish_corpus(struct corpus *corpus)
{
    for (size_t i = 0; i < corpus->count; i++)
        bytes_finish(&corpus->texts[i]);
}

static void append_noise(struct random *r, struct bytes *out)
{
    static const char *const words[] = {"\r\n",
                                        "\r",
                                        "\n",
                                        ".",
                                        "\r\n.\r\n",
                                        "DATA\r\n",
                                        "RSET\r\n",
                                        " ",
                                        "<",
                                        ">",
                                        "\"",
                                        "250 ok\r\n",
                                        "354 go\r\n",
                                        "-",
                                        "421 x\r\n",
                                        "EHLO a\r\n",
                                        "@",
                                        "MAIL FROM:<a@b>\r\n",
                                        "RCPT TO:<bob@example.org>\r\n",
                                        "AUTH PLAIN\r\n",
                                        "AUTH CRAM-MD5\r\n",
                                        "BDAT 7\r\n",
                                        "BDAT 9 LAST\r\n",
                                        "LHLO a\r\n",
                                        "STARTTLS\r\n",
                                        " SMTPUTF8",
                                        " NOTIFY=",
                                        "+2B",
                                        "\xC3\xA9",
                                        "="};
    uint64_t kind = random_below(r, 4);
    if (kind == 0)
        bytes_append_octet(out, (char)random_below(r, 256));
    else
        bytes_append(out, slice_of(words[random_below(r, sizeof words / sizeof words[0])]));
}

/* A text of the corpus with parts left out, repeated, or replaced by noise. */
static void damage(struct random *r, struct slice text, struct bytes *out)
{
    uint64_t rate = 1 + random_below(r, 200);
    for (size_t at = 0; at < text.size; at++) {
        uint64_t draw = random_below(r, rate * 8);
        if (draw == 0)
            continue;
        if (draw == 1)
            append_noise(r, out);
        if (draw == 2)
            at = (size_t)random_below(r, text.size);
        if (!bytes_append_octet(out, text.data[at]))
            return;
    }
}

static void make_input(struct random *r, const struct corpus *corpus, struct bytes *input)
{
    bytes_clear(input);
    if (random_below(r, 4) > 0) {
        damage(r, bytes_slice(&corpus->texts[random_below(r, corpus->count)]), input);
        return;
    }
    for (uint64_t n = random_below(r, 300); n > 0; n--)
        append_noise(r, input);
}

/* ---- the server ---- */

struct outcome {
    struct bytes out, log;
};

static struct smtp_server_options choose(uint64_t options)
{
    return (struct smtp_server_options){.hostname = SLICE("mx1.example.org"),
                                        .size_max = options & 1 ? 200 : 0,
                                        .is_submission = options & 2,
                                        .offers_auth = options & 4,
                                        .auth_required = (options & 12) == 12,
                                        .offers_8bitmime = true,
                                        .offers_esc = options & 16,
                                        .recipients_max = options & 32 ? 2 : 0,
                                        .is_lmtp = options & 64,
                                        .offers_chunking = options & 128,
                                        .offers_smtputf8 = options & 256,
                                        .offers_dsn = options & 512,
                                        .offers_starttls = options & 1024,
                                        .tls_required = (options & 3072) == 3072,
                                        .offers_etrn = options & 1,
                                        .offers_expn = options & 2,
                                        .offers_help = options & 4};
}

static void feed_server(struct outcome *o, struct slice input, uint64_t options,
                        struct random *split)
{
    const struct smtp_server_options chosen = choose(options);
    struct smtp_server s;
    struct smtp_role role;
    smtp_server_init(&s, &chosen);
    smtp_role_init(&role);
    role.is_lmtp = chosen.is_lmtp;
    role.has_no_tls = true; /* what is pipelined behind STARTTLS is lost, how much is chance */
    s.base.tls = options & 4096 ? SESSION_TLS_ON : SESSION_TLS_NONE;
    smtp_server_answer(&s, &(struct smtp_reply){220, {0}, SLICE("hello")});
    for (size_t at = 0, step; at < input.size; at += step) {
        step = split ? 1 + (size_t)random_below(split, 9) : input.size;
        if (!s.base.is_closing)
            cr_assert(session_feed(&s.base, slice_part(input, at, at + step)));
        smtp_role_serve(&role, &s);
        cr_assert_leq(bytes_size(&s.base.out), s.base.out.ceiling);
    }
    s.base.is_eof = true;
    smtp_role_serve(&role, &s);
    cr_assert_eq(s.state, SMTP_STATE_CLOSED);
    cr_assert_eq(role.late, 0);
    bytes_append(&o->out, bytes_slice(&s.base.out));
    bytes_append(&o->log, bytes_slice(&role.log));
    smtp_server_finish(&s);
    smtp_role_finish(&role);
}

static void expect_same(const struct outcome *a, const struct outcome *b, size_t seed)
{
    cr_assert(slice_equal(bytes_slice(&a->out), bytes_slice(&b->out)),
              "seed %zu: out\n%.*s--- split\n%.*s", seed, SLICE_ARG(bytes_slice(&a->out)),
              SLICE_ARG(bytes_slice(&b->out)));
    cr_assert(slice_equal(bytes_slice(&a->log), bytes_slice(&b->log)),
              "seed %zu: log\n%.*s--- split\n%.*s", seed, SLICE_ARG(bytes_slice(&a->log)),
              SLICE_ARG(bytes_slice(&b->log)));
}

static void init_outcome(struct outcome *o)
{
    bytes_init(&o->out, SIZE_MAX / 2);
    bytes_init(&o->log, SIZE_MAX / 2);
}

static void finish_outcome(struct outcome *o)
{
    bytes_finish(&o->out);
    bytes_finish(&o->log);
}

Test(smtp_random, whatever_a_client_sends_the_server_answers_the_same_in_every_split)
{
    static struct corpus corpus;
    struct bytes input;
    size_t taken = 0;
    read_corpus(&corpus, "C:");
    bytes_init(&input, OCTETS_MAX);
    for (size_t seed = 0; seed < ROUNDS; seed++) {
        struct random r;
        struct outcome whole, split;
        random_init(&r, seed, SLICE("server"));
        init_outcome(&whole);
        init_outcome(&split);
        make_input(&r, &corpus, &input);
        uint64_t options = random_below(&r, 8192);
        feed_server(&whole, bytes_slice(&input), options, NULL);
        feed_server(&split, bytes_slice(&input), options, &r);
        expect_same(&whole, &split, seed);
        taken += slice_find(bytes_slice(&whole.log), SLICE("MESSAGE"), 0) != SLICE_NONE;
        finish_outcome(&whole);
        finish_outcome(&split);
    }
    cr_expect_gt(taken, ROUNDS / 20, "the damage leaves some messages whole: %zu", taken);
    bytes_finish(&input);
    finish_corpus(&corpus);
}

/* ---- the client ---- */

static const struct slice paths[] = {
    {"bob@example.org", 15}, {"no path", 7}, {"bea@example.org", 15}, {"nobody@example.org", 18}};
static const struct smtp_client_transaction transactions[] = {
    {.reverse_path = {"alice@example.com", 17},
     .forward_paths = paths,
     .recipient_count = 4,
     .header = {"A: b\r\n\r\n", 8},
     .body = {".\nx", 3}},
    {.forward_paths = paths, .recipient_count = 1, .header = {"\r\n", 2}, .is_8bit = true},
};

/* `drains`: what the client sends leaves at once; else it stays, and no message counts as sent. */
static unsigned feed_client(struct outcome *o, struct slice input, bool has_user, bool drains,
                            struct random *split)
{
    const struct smtp_client_options options = {.hostname = SLICE("out.example.com"),
                                                .user = has_user ? SLICE("alice") : SLICE(""),
                                                .password = SLICE("secret")};
    struct smtp_client c;
    struct smtp_sender sender;
    smtp_client_init(&c, &options);
    smtp_sender_init(&sender, transactions, 2);
    for (size_t at = 0, step; at < input.size; at += step) {
        step = split ? 1 + (size_t)random_below(split, 9) : input.size;
        if (!c.base.is_closing)
            cr_assert(session_feed(&c.base, slice_part(input, at, at + step)));
        smtp_sender_serve(&sender, &c);
        if (drains)
            support_drain(&c.base, &o->out);
    }
    c.base.is_eof = true;
    smtp_sender_serve(&sender, &c);
    support_drain(&c.base, &o->out);
    bytes_append(&o->log, bytes_slice(&sender.log));
    cr_assert_eq(c.state, SMTP_CLIENT_STATE_CLOSED);
    cr_assert_eq(sender.ends, 1);
    cr_assert_eq(sender.disorder, 0);
    unsigned taken = sender.taken;
    smtp_client_finish(&c);
    smtp_sender_finish(&sender);
    return taken;
}

Test(smtp_random, whatever_a_server_sends_the_client_ends_the_same_in_every_split)
{
    static struct corpus corpus;
    struct bytes input;
    unsigned taken = 0;
    read_corpus(&corpus, "S:");
    bytes_init(&input, OCTETS_MAX);
    for (size_t seed = 0; seed < ROUNDS; seed++) {
        struct random r;
        struct outcome whole, split, drained;
        random_init(&r, seed, SLICE("client"));
        init_outcome(&whole);
        init_outcome(&split);
        init_outcome(&drained);
        make_input(&r, &corpus, &input);
        bool has_user = random_below(&r, 4) == 0;
        cr_assert_eq(feed_client(&whole, bytes_slice(&input), has_user, false, NULL), 0);
        cr_assert_eq(feed_client(&split, bytes_slice(&input), has_user, false, &r), 0);
        expect_same(&whole, &split, seed);
        taken += feed_client(&drained, bytes_slice(&input), has_user, true, &r);
        finish_outcome(&whole);
        finish_outcome(&split);
        finish_outcome(&drained);
    }
    cr_expect_gt(taken, 0, "the damage leaves some sessions whole");
    bytes_finish(&input);
    finish_corpus(&corpus);
}
