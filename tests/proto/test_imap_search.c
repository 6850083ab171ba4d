#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/proto/imap_search.h"

#include "support_imap_search.h"

#define DAY_S INT64_C(86400)
#define MARCH_3 INT64_C(1740992400) /* 3-Mar-2025 09:00:00 +0000 */

/* Six messages with something of each kind. */
static void fill(struct mailbox *m)
{
    uint64_t work = account_flag(&m->account, m->folder, SLICE("$Work"), true);
    mailbox_add(
        m,
        "From: Alice Example <alice@example.com>\r\nTo: bob@example.org\r\n"
        "Cc: carol@example.net\r\nSubject: Hello\r\nDate: Mon, 3 Mar 2025 09:00:00 +0000\r\n"
        "\r\nA body about apples.\r\n",
        ACCOUNT_SEEN, MARCH_3);
    mailbox_add(m,
                "From: =?utf-8?Q?J=C3=BCrgen?= <j@example.com>\r\nTo: alice@example.com\r\n"
                "Subject: =?utf-8?B?R3LDvMOfZQ==?=\r\nDate: Mon, 3 Mar 2025 23:30:00 -0500\r\n"
                "Content-Type: text/plain; charset=iso-8859-1\r\n"
                "Content-Transfer-Encoding: quoted-printable\r\n\r\nK=E4se und =\r\nBrot\r\n",
                ACCOUNT_ANSWERED | ACCOUNT_FLAGGED, MARCH_3 + DAY_S);
    mailbox_add(m, "Bcc: hidden@example.com\r\nX-Empty:\r\nX-Tag: one\r\nX-Tag: two\r\n\r\n",
                ACCOUNT_DELETED | work, MARCH_3 + 2 * DAY_S);
    mailbox_add(m,
                "Subject: parts\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
                "first plum\r\n--b\r\nContent-Type: text/html\r\n"
                "Content-Transfer-Encoding: base64\r\n\r\nPGI+cGVhcjwvYj4=\r\n--b--\r\n",
                ACCOUNT_DRAFT | ACCOUNT_SEEN, MARCH_3 + 3 * DAY_S);
    mailbox_add(m, "Subject: old\r\nDate: nonsense\r\n\r\napples again\r\n", 0,
                MARCH_3 - 400 * DAY_S);
    mailbox_add(m, "Subject: Re: Hello\r\nDate: 4 Mar 25 00:00 EST\r\n\r\n", ACCOUNT_SEEN | work,
                MARCH_3 + 5 * DAY_S);
    for (uint32_t n = 1; n <= 6; n++)
        mailbox_item(m, n)->modseq = n;
    mailbox_item(m, 2)->zone_min = 16 * 60; /* 5-Mar there */
    mailbox_item(m, 3)->saved_s = MARCH_3 + 20 * DAY_S;
}

/* What a search answers; "BAD" and so on when it does not. Messages 5 and 6 are recent. */
static const char *answer_to(struct mailbox *m, const char *text, bool is_uid, bool is_rev2,
                             const struct imap_set *saved)
{
    struct imap_search s;
    struct imap_search_view view = {.count = (uint32_t)m->folder->items.count,
                                    .highest_uid = m->folder->uidnext - 1,
                                    .saved = saved,
                                    .now_s = MARCH_3 + 6 * DAY_S};
    imap_search_init(&s);
    enum imap_search_verdict verdict = imap_search_read(&s, mailbox_args(m, text));
    const char *answer = verdict == IMAP_SEARCH_BADCHARSET ? "BADCHARSET" : "BAD";
    cr_expect_eq(verdict == IMAP_SEARCH_BAD, m->args.problem != NULL, "%s", text);
    if (verdict == IMAP_SEARCH_OK && imap_search_bind(&s, &m->account, m->folder, &view)) {
        for (uint32_t n = 1; n <= view.count; n++) {
            struct imap_search_message message = {mailbox_item(m, n), n, n >= 5};
            if (imap_search_matches(&s, &message))
                imap_search_found(&s, &message);
        }
        cr_expect(imap_search_put(&s, SLICE("A1"), is_uid, is_rev2, &m->out));
        answer = mailbox_said(m);
    }
    imap_search_finish(&s);
    return answer;
}

struct row {
    const char *keys, *found; /* " 1 2"; or BAD */
};

static void expect_rows(const struct row *rows, size_t count)
{
    struct mailbox m;
    mailbox_init(&m);
    fill(&m);
    for (size_t i = 0; i < count; i++) {
        const char *text = arena_printf(&m.arena, " %s", rows[i].keys).data;
        const char *expected = rows[i].found[0] == 'B'
                                   ? rows[i].found
                                   : arena_printf(&m.arena, "* SEARCH%s\r\n", rows[i].found).data;
        const char *answer = answer_to(&m, text, false, false, NULL);
        cr_expect_str_eq(answer, expected, "%s: %s", rows[i].keys, answer);
    }
    mailbox_finish(&m);
}
#define EXPECT_ROWS(rows) expect_rows(rows, sizeof(rows) / sizeof(rows)[0])

/* RFC 9051 6.4.4, RFC 3501 6.4.4 */
Test(imap_search, flags_and_numbers)
{
    static const struct row rows[] = {
        {"ALL", " 1 2 3 4 5 6"},
        {"all", " 1 2 3 4 5 6"},
        {"SEEN", " 1 4 6"},
        {"UNSEEN", " 2 3 5"},
        {"ANSWERED", " 2"},
        {"UNANSWERED", " 1 3 4 5 6"},
        {"FLAGGED", " 2"},
        {"UNFLAGGED", " 1 3 4 5 6"},
        {"DELETED", " 3"},
        {"UNDELETED", " 1 2 4 5 6"},
        {"DRAFT", " 4"},
        {"UNDRAFT", " 1 2 3 5 6"},
        {"RECENT", " 5 6"},
        {"OLD", " 1 2 3 4"},
        {"NEW", " 5"},
        {"KEYWORD $work", " 3 6"},
        {"UNKEYWORD $Work", " 1 2 4 5"},
        {"KEYWORD Other", ""},
        {"UNKEYWORD Other", " 1 2 3 4 5 6"},
        {"2:4", " 2 3 4"},
        {"*", " 6"},
        {"4:*,1", " 1 4 5 6"},
        {"UID 2,5:100", " 2 5 6"},
        {"UID 100:*", " 6"},
        {"UID 100", ""},
        {"MODSEQ 1", " 1 2 3 4 5 6 (MODSEQ 6)"},
        {"MODSEQ 5", " 5 6 (MODSEQ 6)"},
        {"MODSEQ \"/flags/\\\\draft\" all 6", " 6 (MODSEQ 6)"},
        {"MODSEQ 700", ""},
        {"LARGER 150", " 1 2 4"},
        {"SMALLER 60", " 5 6"},
    };
    EXPECT_ROWS(rows);
}

Test(imap_search, keys_are_joined)
{
    static const struct row rows[] = {
        {"SEEN 1:4", " 1 4"},
        {"NOT SEEN", " 2 3 5"},
        {"NOT NOT SEEN", " 1 4 6"},
        {"OR SEEN ANSWERED", " 1 2 4 6"},
        {"OR 1 OR 2 OR 3 4", " 1 2 3 4"},
        {"OR OR 1 2 OR 3 4", " 1 2 3 4"},
        {"OR OR OR 1 2 3 4 UNSEEN", " 2 3"},
        {"(SEEN 1:4)", " 1 4"},
        {"NOT (SEEN 1:4)", " 2 3 5 6"},
        {"OR (SEEN 1) (UNSEEN 2)", " 1 2"},
        {"((((1))))", " 1"},
        {"(1) (2)", ""},
        {"TEXT apples SEEN", " 1"},
        {"NOT TEXT apples SEEN", " 4 6"},
        {"OR BODY plum SUBJECT old", " 4 5"},
        /* RFC 9051 6.4.4, its first example by form */
        {"FLAGGED SINCE 1-Feb-1994 NOT FROM \"Smith\"", " 2"},
    };
    EXPECT_ROWS(rows);
}

Test(imap_search, dates_are_days_where_they_were_written)
{
    static const struct row rows[] = {
        {"BEFORE 3-Mar-2025", " 5"},
        {"ON 3-Mar-2025", " 1"},
        {"ON 4-Mar-2025", ""}, /* message 2 came on the 5th, in its zone */
        {"ON \"5-Mar-2025\"", " 2 3"},
        {"SINCE 5-Mar-2025", " 2 3 4 6"},
        {"SENTON 3-Mar-2025", " 1 2"}, /* 23:30 -0500 is the 4th in UTC, and yet the 3rd */
        {"SENTBEFORE 4-Mar-2025", " 1 2"},
        {"SENTSINCE 4-Mar-2025", " 6"},
        {"NOT SENTSINCE 1-Jan-1970", " 3 4 5"}, /* no Date, or none that is one */
        {"OLDER 518400", " 1 5"},               /* six days, to the second */
        {"OLDER 518401", " 5"},
        {"YOUNGER 518400", " 1 2 3 4 6"},
        {"YOUNGER 86400", " 6"},
        {"SAVEDON 23-Mar-2025", " 3"},
        {"SAVEDSINCE 23-Mar-2025", " 3"},
        {"SAVEDBEFORE 23-Mar-2025", " 1 2 4 5 6"},
        {"SAVEDATESUPPORTED", " 1 2 3 4 5 6"},
    };
    EXPECT_ROWS(rows);
}

Test(imap_search, texts_are_looked_for_as_they_are_read)
{
    static const struct row rows[] = {
        {"FROM alice", " 1"},
        {"FROM \"J\xC3\xBCrgen\"", "BAD"}, /* 8-bit in quotes, before UTF-8 is on */
        {"CHARSET UTF-8 FROM {7}\r\nJ\xC3\xBCRGEN", " 2"},
        {"CHARSET iso-8859-1 FROM {6}\r\nj\xFCrgen", " 2"},
        {"CHARSET US-ASCII TO bob", " 1"},
        {"TO ALICE@", " 2"},
        {"CC carol", " 1"},
        {"BCC hidden", " 3"},
        {"SUBJECT hello", " 1 6"},
        {"CHARSET UTF-8 SUBJECT {7}\r\ngr\xC3\xBC\xC3\x9F"
         "e",
         " 2"},
        {"HEADER X-Tag two", " 3"},
        {"HEADER x-tag three", ""},
        {"HEADER X-Empty \"\"", " 3"},
        {"HEADER X-None \"\"", ""},
        {"HEADER Subject \"\"", " 1 2 4 5 6"},
        {"BODY apples", " 1 5"},
        {"BODY Hello", ""}, /* only in headers */
        {"TEXT Hello", " 1 6"},
        {"BODY \"und Brot\"", " 2"},
        {"CHARSET UTF-8 BODY {5}\r\nk\xC3\xA4se", " 2"},
        {"BODY pear", " 4"},
        {"BODY plum", " 4"},
        {"BODY \"\"", " 1 2 3 4 5 6"},
        {"CHARSET x-none ALL", "BADCHARSET"},
        {"CHARSET \"\" ALL", "BAD"},
    };
    EXPECT_ROWS(rows);
}

Test(imap_search, what_is_no_search_is_refused)
{
    static const struct row rows[] = {
        {"", "BAD"},
        {" ALL", "BAD"},
        {"ALL ", "BAD"},
        {"NONSENSE", "BAD"},
        {"()", "BAD"},
        {"(ALL", "BAD"},
        {"ALL)", "BAD"},
        {"OR ALL", "BAD"},
        {"NOT", "BAD"},
        {"FROM", "BAD"},
        {"HEADER x", "BAD"},
        {"ON 30-Feb-2025", "BAD"},
        {"LARGER x", "BAD"},
        {"OLDER 0", "BAD"},
        {"7", "BAD"}, /* RFC 9051 9: no message has this number */
        {"1:7", "BAD"},
        {"0", "BAD"},
        {"UID 0", "BAD"},
        {"UID", "BAD"},
        {"KEYWORD \\Seen", "BAD"},
        {"MODSEQ x", "BAD"},
        {"MODSEQ \"/other/x\" all 1", "BAD"},
        {"MODSEQ \"/flags/x\" none 1", "BAD"},
        {"CHARSET UTF-8", "BAD"},
        {"RETURN", "BAD"},
        {"RETURN (MIN)", "BAD"},
        {"RETURN (MINI) ALL", "BAD"},
        {"RETURN (MIN,MAX) ALL", "BAD"},
        {"RETURN MIN ALL", "BAD"},
    };
    EXPECT_ROWS(rows);
}

/* RFC 9051 6.4.4, 7.3.4; RFC 4731 3.1, 3.2 */
Test(imap_search, results_come_as_asked_for)
{
    static const struct {
        const char *text;
        bool is_uid, is_rev2;
        const char *answer;
    } rows[] = {
        {" SEEN", false, true, "* ESEARCH (TAG \"A1\") ALL 1,4,6\r\n"},
        {" RETURN () SEEN", false, false, "* ESEARCH (TAG \"A1\") ALL 1,4,6\r\n"},
        {" RETURN (MIN MAX) SEEN", false, false, "* ESEARCH (TAG \"A1\") MIN 1 MAX 6\r\n"},
        {" RETURN (COUNT ALL) UNDELETED", true, false,
         "* ESEARCH (TAG \"A1\") UID ALL 1:2,4:6 COUNT 5\r\n"},
        {" return (min count) UID 100", false, false, "* ESEARCH (TAG \"A1\") COUNT 0\r\n"},
        {" RETURN (MIN) UID 100", true, false, "* ESEARCH (TAG \"A1\") UID\r\n"},
        {" RETURN (SAVE) ALL", false, true, ""},
        {" RETURN (SAVE COUNT) ALL", false, true, "* ESEARCH (TAG \"A1\") COUNT 6\r\n"},
        {" RETURN (MIN) MODSEQ 2", false, false, "* ESEARCH (TAG \"A1\") MIN 2 MODSEQ 2\r\n"},
        {" RETURN (MIN MAX) MODSEQ 2", false, false,
         "* ESEARCH (TAG \"A1\") MIN 2 MAX 6 MODSEQ 6\r\n"},
        {" RETURN (MIN COUNT) MODSEQ 2", false, false,
         "* ESEARCH (TAG \"A1\") MIN 2 COUNT 5 MODSEQ 6\r\n"},
        {" RETURN (ALL) MODSEQ 100", false, false, "* ESEARCH (TAG \"A1\")\r\n"},
        {" UID 100", false, false, "* SEARCH\r\n"},
        {" UID 2:3", true, false, "* SEARCH 2 3\r\n"},
    };
    struct mailbox m;
    mailbox_init(&m);
    fill(&m);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *answer = answer_to(&m, rows[i].text, rows[i].is_uid, rows[i].is_rev2, NULL);
        cr_expect_str_eq(answer, rows[i].answer, "%s: %s", rows[i].text, answer);
    }
    mailbox_finish(&m);
}

/* RFC 5182 2.1: "$" are messages, however they are spoken of */
Test(imap_search, a_saved_result_can_be_asked_for)
{
    struct mailbox m;
    struct imap_set saved = {0};
    mailbox_init(&m);
    fill(&m);
    imap_set_add(&saved, 2);
    imap_set_add(&saved, 4);
    cr_expect_str_eq(answer_to(&m, " $", false, false, &saved), "* SEARCH 2 4\r\n");
    cr_expect_str_eq(answer_to(&m, " UID $ SEEN", false, false, &saved), "* SEARCH 4\r\n");
    cr_expect_str_eq(answer_to(&m, " NOT $", false, false, &saved), "* SEARCH 1 3 5 6\r\n");
    cr_expect_str_eq(answer_to(&m, " $", false, false, NULL), "* SEARCH\r\n");
    imap_set_finish(&saved);
    mailbox_finish(&m);
}

/* RFC 9051 6.4.4.4: what is saved goes by what was asked for */
Test(imap_search, saving_keeps_what_was_asked_for)
{
    static const struct {
        unsigned returns;
        const char *saved;
    } rows[] = {
        {IMAP_RETURN_SAVE, "3:5"},
        {IMAP_RETURN_SAVE | IMAP_RETURN_ALL, "3:5"},
        {IMAP_RETURN_SAVE | IMAP_RETURN_COUNT | IMAP_RETURN_MIN, "3:5"},
        {IMAP_RETURN_SAVE | IMAP_RETURN_MIN, "3"},
        {IMAP_RETURN_SAVE | IMAP_RETURN_MAX, "5"},
        {IMAP_RETURN_SAVE | IMAP_RETURN_MAX | IMAP_RETURN_MIN, "3,5"},
        {IMAP_RETURN_SAVE | IMAP_RETURN_MAX | IMAP_RETURN_ALL, "3:5"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct imap_search s;
        struct imap_set saved = {0};
        struct bytes out;
        imap_search_init(&s);
        bytes_init(&out, 100);
        s.returns = rows[i].returns;
        for (uint32_t uid = 3; uid <= 5; uid++)
            imap_search_found(&s, &(struct imap_search_message){
                                      .item = &(struct account_item){.uid = uid}, .number = uid});
        imap_search_save(&s, &saved);
        cr_expect(imap_set_write(&saved, &out) &&
                      slice_equal(bytes_slice(&out), slice_of(rows[i].saved)),
                  "%zu", i);
        imap_set_finish(&saved);
        bytes_finish(&out);
        imap_search_finish(&s);
    }
}

/* Depth and number are bounded; what is within the bounds is answered. */
Test(imap_search, hostile_programs_are_refused_or_answered)
{
    static char text[200001];
    struct mailbox m;
    mailbox_init(&m);
    fill(&m);
    for (size_t i = 0; i < 50000; i++)
        memcpy(text + 4 * i, " NOT", 4);
    cr_expect_str_eq(answer_to(&m, text, false, false, NULL), "BAD");
    memset(text, '(', 200000);
    text[0] = ' ';
    cr_expect_str_eq(answer_to(&m, text, false, false, NULL), "BAD");
    for (size_t i = 0; i < 40000; i++)
        memcpy(text + 4 * i, " ALL", 4);
    text[4 * 40000] = '\0';
    cr_expect_str_eq(answer_to(&m, text, false, false, NULL), "BAD");
    for (size_t count = 150; count <= 250; count += 100) {
        for (size_t i = 0; i < count; i++)
            memcpy(text + 4 * i, " NOT", 4);
        memcpy(text + 4 * count, " 2:6", 5);
        cr_expect_str_eq(answer_to(&m, text, false, false, NULL),
                         count == 150 ? "* SEARCH 2 3 4 5 6\r\n" : "BAD");
    }
    for (size_t i = 0; i < 1500; i++) /* a chain of ORs is not deep */
        memcpy(text + 5 * i, " OR 7", 5);
    for (size_t i = 0; i < 1500; i++)
        text[5 * i + 4] = '2';
    memcpy(text + 5 * 1500, " 3", 3);
    cr_expect_str_eq(answer_to(&m, text, false, false, NULL), "* SEARCH 2 3\r\n");
    mailbox_finish(&m);
}
