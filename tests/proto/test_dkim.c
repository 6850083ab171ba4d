#include "agents/proto/dkim.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "agents/mail/header.h"
#include "tests/proto/support_dkim.h"

enum { NOW_S = 1740992400 };

static const char *result_of(const char *content, unsigned n, const char *record, const char **why)
{
    return dkim_result_name(support_dkim_verify(slice_of(content), n, record, NOW_S, why));
}

/* ---- the canonical forms ---- */

Test(dkim, a_text_has_two_canonical_forms)
{
    static const struct {
        const char *clause;
        bool is_relaxed, is_body;
        const char *from, *to;
    } rows[] = {
        {"6376 3.4.5 header", true, false, "A: X\r\n", "a:X\r\n"},
        {"6376 3.4.5 header", true, false, "B : Y\t\r\n\tZ  \r\n", "b:Y Z\r\n"},
        {"6376 3.4.1", false, false, "B : Y\t\r\n\tZ  \r\n", "B : Y\t\r\n\tZ  \r\n"},
        {"6376 3.4.2 no value", true, false, "Subject:\r\n", "subject:\r\n"},
        {"6376 3.4.5 body", true, true, " C \r\nD \t E\r\n\r\n\r\n", " C\r\nD E\r\n"},
        {"6376 3.4.5 body", false, true, " C \r\nD \t E\r\n\r\n\r\n", " C \r\nD \t E\r\n"},
        {"6376 3.4.3 empty", false, true, "", "\r\n"},
        {"6376 3.4.3 lines", false, true, "\r\n\r\n", "\r\n"},
        {"6376 3.4.4 empty", true, true, "", ""},
        {"6376 3.4.4 lines", true, true, "\r\n\r\n", ""},
        {"6376 3.4.4 blanks", true, true, " \t\r\n\r\n", ""},
        {"6376 3.4.3 no CRLF", false, true, "a", "a\r\n"},
        {"6376 3.4.4 no CRLF", true, true, "a \tb ", "a b\r\n"},
        {"6376 3.4.3 within", false, true, "a\r\n\r\nb\r\n", "a\r\n\r\nb\r\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bytes out;
        bytes_init(&out, 4096);
        if (rows[i].is_body)
            dkim_canonicalize_body(rows[i].is_relaxed, slice_of(rows[i].from), &out);
        else
            dkim_canonicalize_field(rows[i].is_relaxed, slice_of(rows[i].from), &out);
        cr_assert(slice_equal(bytes_slice(&out), slice_of(rows[i].to)), "row %zu (%s): \"%.*s\"", i,
                  rows[i].clause, SLICE_ARG(bytes_slice(&out)));
        bytes_finish(&out);
    }
}

/* ---- the RFCs' own messages ---- */

Test(dkim, the_messages_in_the_rfcs_verify)
{
    const char *why;
    cr_assert_str_eq(result_of(support_dkim_8463, 1, support_dkim_8463_ed25519, &why), "pass",
                     "RFC 8463 A.3: %s", why);
    cr_assert_str_eq(result_of(support_dkim_8463, 2, support_dkim_8463_rsa, &why), "pass",
                     "RFC 8463 A.3: %s", why);
    cr_assert_str_eq(result_of(support_dkim_6376, 1, support_dkim_6376_key, &why), "pass",
                     "RFC 6376 A.2: %s", why);
}

static bool matters(char c)
{
    return c != ' ' && c != '\r' && c != '\n' && c != ':';
}

Test(dkim, one_changed_octet_of_what_is_signed_is_noticed)
{
    size_t size = strlen(support_dkim_8463), tried = 0;
    char *copy = malloc(size + 1);
    size_t start = (size_t)(strstr(support_dkim_8463, "From:") - support_dkim_8463);
    for (size_t i = start; i < size; i++) {
        if (!matters(support_dkim_8463[i]))
            continue;
        memcpy(copy, support_dkim_8463, size + 1);
        copy[i] = copy[i] == 'x' ? 'y' : 'x';
        cr_assert_str_eq(result_of(copy, 1, support_dkim_8463_ed25519, NULL), "fail", "octet %zu",
                         i);
        cr_assert_str_eq(result_of(copy, 2, support_dkim_8463_rsa, NULL), "fail", "octet %zu", i);
        tried++;
    }
    cr_assert_gt(tried, 200);
    free(copy);
}

/* The first `what` of a message becomes `with`. */
static char *replaced(const char *content, const char *what, const char *with)
{
    const char *at = strstr(content, what);
    cr_assert(at, "%s", what);
    size_t before = (size_t)(at - content);
    char *copy = malloc(strlen(content) + strlen(with) + 1);
    memcpy(copy, content, before);
    strcpy(copy + before, with);
    strcat(copy, at + strlen(what));
    return copy;
}

Test(dkim, what_is_said_of_a_message_that_was_changed)
{
    static const struct {
        const char *clause, *what, *with, *result, *why;
    } rows[] = {
        {"6376 3.7 body hash", "hungry", "angry", "fail", "the body was changed"},
        {"6376 3.7 header hash", "dinner", "lunch", "fail", "the header was changed"},
        {"6376 5.4.2 one more From", "From: Joe", "From: Mallory <m@mallory.test>\r\nFrom: Joe",
         "fail", "the header was changed"},
        {"6376 5.4 not signed", "Message-ID:", "X-Mailer: any\r\nMessage-ID:", "pass", ""},
        {"6376 3.4.2 folded", "Is dinner ready?", "Is\r\n   dinner  ready? ", "pass", ""},
        {"6376 3.4.4 blanks", "We lost the game.  Are", "We lost the game. Are", "pass", ""},
        {"6376 3.5 v", "v=1;", "v=2;", "neutral", "another version of DKIM"},
        {"8301 3.1 sha1", "a=ed25519-sha256", "a=rsa-sha1", "neutral",
         "an algorithm that is not taken"},
        {"6376 3.5 a", "a=ed25519-sha256;", "", "neutral", "an algorithm that is not taken"},
        {"6376 3.5 c", "c=relaxed/relaxed", "c=loose/relaxed", "neutral",
         "an unknown canonicalization"},
        {"6376 3.5 c, body simple", "c=relaxed/relaxed", "c=relaxed", "fail",
         "the body was changed"},
        {"6376 3.5 d", "d=football.example.com;", "", "neutral",
         "the signature says not whose it is"},
        {"6376 3.5 i outside d", "i=@football.example.com", "i=@example.com", "neutral",
         "i= is not within d="},
        {"6376 3.5 i ends alike", "i=@football.example.com", "i=@xfootball.example.com", "neutral",
         "i= is not within d="},
        {"6376 3.5 q", "q=dns/txt", "q=web", "neutral", "its key is not in the DNS"},
        {"6376 3.5 x", "t=1528637909;", "t=1528637909; x=1528637910;", "permerror",
         "the signature has expired"},
        {"6376 3.5 x before t", "t=1528637909;", "t=1528637909; x=1528637909;", "neutral",
         "the signature ends before it begins"},
        {"6376 3.5 t", "t=1528637909;", "t=1999999999;", "permerror",
         "the signature is from the future"},
        {"6376 3.5 t", "t=1528637909;", "t=soon;", "neutral", "a number in the signature is none"},
        {"6376 5.4 h without From", "h=from : to :\r\n subject : date : message-id : from :",
         "h=to :", "neutral", "From is not signed"},
        {"6376 3.2 twice", "s=brisbane;", "s=brisbane; s=brisbane;", "neutral",
         "the signature is no list of tags"},
        {"6376 3.5 bh", "bh=2jUS", "bh=!!!!", "neutral", "the signature is no base64"},
        {"6376 3.5 b", " b=/gCr", " b=/gCs", "fail", "the header was changed"},
        {"6376 3.5 l of a longer body", "s=brisbane;", "s=brisbane; l=9999;", "fail",
         "the header was changed"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *why;
        char *copy = replaced(support_dkim_8463, rows[i].what, rows[i].with);
        cr_assert_str_eq(result_of(copy, 1, support_dkim_8463_ed25519, &why), rows[i].result,
                         "row %zu (%s): %s", i, rows[i].clause, why);
        cr_assert_str_eq(why, rows[i].why, "row %zu (%s)", i, rows[i].clause);
        free(copy);
    }
}

/* ---- key records (RFC 6376 3.6.1) ---- */

#define ED25519 "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

Test(dkim, what_a_key_record_says_decides)
{
    static const struct {
        const char *clause, *record, *result, *why;
    } rows[] = {
        {"p folded", "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7h cvPapiMlrwIaaPcHURo=;", "pass",
         ""},
        {"v left out", "k=ed25519; p=" ED25519, "pass", ""},
        {"v not first", "k=ed25519; v=DKIM1; p=" ED25519, "permerror",
         "the key record is of another version"},
        {"v of another", "v=DKIM2; k=ed25519; p=" ED25519, "permerror",
         "the key record is of another version"},
        {"h", "k=ed25519; h=sha1:sha256; p=" ED25519, "pass", ""},
        {"h without ours", "k=ed25519; h=sha1; p=" ED25519, "permerror",
         "the key is not for this hash"},
        {"k unknown", "k=dsa; p=" ED25519, "permerror", "a key of an unknown kind"},
        {"k of another kind", support_dkim_8463_rsa, "permerror", "the key is of another kind"},
        {"s", "k=ed25519; s=email; p=" ED25519, "pass", ""},
        {"s=*", "k=ed25519; s=tlsrpt : *; p=" ED25519, "pass", ""},
        {"s not for mail", "k=ed25519; s=tlsrpt; p=" ED25519, "permerror",
         "the key is not for mail"},
        {"t=s, i= in d= itself", "k=ed25519; t=y:s; p=" ED25519, "pass", ""},
        {"p empty: revoked", "v=DKIM1; k=ed25519; p=", "permerror", "the key was revoked"},
        {"p missing", "v=DKIM1; k=ed25519", "permerror", "the key record has no key"},
        {"p too short", "v=DKIM1; k=ed25519; p=AQAB", "permerror", "the key is not one"},
        {"p no base64", "v=DKIM1; k=ed25519; p=???", "permerror", "the key record has no key"},
        {"twice", "k=ed25519; p=" ED25519 "; p=", "permerror", "the key record is no list of tags"},
        {"8463 4.2, another key", "k=ed25519; p=22qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
         "fail", "the header was changed"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *why;
        const char *result = result_of(support_dkim_8463, 1, rows[i].record, &why);
        cr_assert_str_eq(result, rows[i].result, "row %zu (%s): %s", i, rows[i].clause, why);
        cr_assert_str_eq(why, rows[i].why, "row %zu (%s)", i, rows[i].clause);
    }
}

Test(dkim, a_strict_key_is_not_for_the_domains_below)
{
    const char *why;
    char *copy = replaced(support_dkim_8463, "i=@football", "i=@news.football");
    const char *result = result_of(copy, 1, "k=ed25519; t=s; p=" ED25519, &why);
    cr_assert_str_eq(result, "permerror");
    cr_assert_str_eq(why, "the key is for its domain alone", "RFC 6376 3.6.1");
    free(copy);
}

/* RFC 8301 3.2: it may fit, and counts for nothing. The key has 512 bits. */
Test(dkim, a_short_rsa_key_is_not_believed)
{
    const char *why;
    const char *record =
        "p=MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKfX0rnh5bVkbqTlsYv4hJc3Z9fRUmSmz0bDkbT5"
        "y2hQyT3mVSFxCIi3hJIXqIWSQ0wZ0tZX0bZ5q1fC0Rk0kR8CAwEAAQ==";
    const char *result = result_of(support_dkim_8463, 2, record, &why);
    cr_assert_str_eq(result, "policy", "%s", why);
    cr_assert_str_eq(why, "the key is too short");
}

/* ---- our own signatures ---- */

static const char letter[] = "Received: from a by b; Mon, 3 Mar 2025 09:00:00 +0000\r\n"
                             "From: Alice <alice@example.com>\r\n"
                             "To: bob@example.org\r\n"
                             "Subject: Hello\r\n"
                             "\r\n"
                             "Dear Bob,  \r\n\r\nHello.\r\n\r\n";

static void sign_letter(enum dkim_algorithm algorithm, bool is_simple, uint64_t seed,
                        struct bytes *out, char record[1024])
{
    struct random random;
    struct arena arena;
    struct slice header, body;
    arena_init(&arena);
    random_init(&random, seed, SLICE("dkim"));
    struct dkim_secret *secret = dkim_secret_create(algorithm, &random);
    struct dkim_signing signing = {.secret = secret,
                                   .domain = SLICE("example.com"),
                                   .selector = SLICE("mail"),
                                   .is_simple = is_simple,
                                   .now_s = NOW_S};
    struct slice text = dkim_secret_record(secret, &arena);
    memcpy(record, text.data, text.size);
    record[text.size] = '\0';
    header_split(slice_of(letter), &header, &body);
    cr_assert(dkim_sign(&signing, header, body, out));
    bytes_append(out, slice_of(letter));
    dkim_secret_destroy(secret);
    arena_finish(&arena);
}

Test(dkim, what_is_signed_here_verifies_here)
{
    for (int i = 0; i < 4; i++) {
        struct bytes out;
        char record[1024];
        const char *why;
        bytes_init(&out, 65536);
        sign_letter(i & 1 ? DKIM_RSA_SHA256 : DKIM_ED25519_SHA256, i & 2, 1, &out, record);
        enum dkim_result result = support_dkim_verify(bytes_slice(&out), 1, record, NOW_S, &why);
        cr_assert_str_eq(dkim_result_name(result), "pass", "%d: %s\n%.*s", i, why,
                         SLICE_ARG(bytes_slice(&out)));
        bytes_finish(&out);
    }
}

Test(dkim, a_key_follows_from_the_seed)
{
    struct bytes first, again, other;
    char record[3][1024];
    bytes_init(&first, 65536);
    bytes_init(&again, 65536);
    bytes_init(&other, 65536);
    sign_letter(DKIM_RSA_SHA256, false, 7, &first, record[0]);
    sign_letter(DKIM_RSA_SHA256, false, 7, &again, record[1]);
    sign_letter(DKIM_RSA_SHA256, false, 8, &other, record[2]);
    cr_assert(slice_equal(bytes_slice(&first), bytes_slice(&again)));
    cr_assert_str_eq(record[0], record[1]);
    cr_assert_str_neq(record[0], record[2]);
    bytes_finish(&first);
    bytes_finish(&again);
    bytes_finish(&other);
}

/* RFC 6376 5.4.2: what is not there is signed, too. */
Test(dkim, nobody_can_add_a_field_that_was_named_once_more)
{
    static const char *const added[] = {"Subject: Win\r\n", "From: m@mallory.test\r\n",
                                        "Reply-To: m@mallory.test\r\n", "Cc: x@example.net\r\n"};
    struct bytes out;
    char record[1024];
    bytes_init(&out, 65536);
    sign_letter(DKIM_ED25519_SHA256, false, 1, &out, record);
    for (size_t i = 0; i < sizeof added / sizeof *added; i++) {
        struct bytes more;
        bytes_init(&more, 65536);
        bytes_append(&more, slice_of(added[i]));
        bytes_append(&more, bytes_slice(&out));
        cr_assert_eq(support_dkim_verify(bytes_slice(&more), 1, record, NOW_S, NULL), DKIM_FAIL,
                     "%s", added[i]);
        bytes_finish(&more);
    }
    bytes_finish(&out);
}

/* RFC 6376 5.4.1: what changes on the way is left alone; so is a footer beyond l= only. */
Test(dkim, a_relay_may_put_its_own_fields_on_top)
{
    struct bytes out, more;
    char record[1024];
    bytes_init(&out, 65536);
    bytes_init(&more, 65536);
    sign_letter(DKIM_ED25519_SHA256, false, 1, &out, record);
    bytes_append(&more, SLICE("Received: from c by d; Mon, 3 Mar 2025 09:01:00 +0000\r\n"));
    bytes_append(&more, bytes_slice(&out));
    cr_assert_eq(support_dkim_verify(bytes_slice(&more), 1, record, NOW_S, NULL), DKIM_PASS);
    bytes_append(&more, SLICE("-- \r\nThe list\r\n"));
    cr_assert_eq(support_dkim_verify(bytes_slice(&more), 1, record, NOW_S, NULL), DKIM_FAIL);
    bytes_finish(&out);
    bytes_finish(&more);
}
