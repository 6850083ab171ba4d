#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/proto/imap_sort.h"

#include "support_imap_search.h"

static void fill(struct mailbox *m)
{
    mailbox_init(m);
    mailbox_add(m,
                "From: Zoe <carol@example.com>\r\nTo: b@x\r\nSubject: Re: banana\r\n"
                "Date: Mon, 3 Mar 2025 09:00:00 +0000\r\n\r\nlonger text here\r\n",
                0, 500);
    mailbox_add(m,
                "From: alice@example.com\r\nCc: z@x\r\nSubject: Apple\r\n"
                "Date: Mon, 3 Mar 2025 09:30:00 +0200\r\n\r\n",
                0, 300);
    mailbox_add(
        m, "From: \"Adam \\\"A\\\"\" <BOB@example.com>\r\nSubject: [list] apple (fwd)\r\n\r\nx", 0,
        1740992401);
    mailbox_add(m,
                "From: =?utf-8?Q?=C3=84nne?= <dave@example.com>\r\nTo: friends: a@x;, a@y\r\n"
                "Subject: Cherry\r\nDate: junk\r\n\r\n",
                0, 100);
}

static const char *sorted(struct mailbox *m, const char *criteria, bool is_uid)
{
    struct imap_sort sort;
    imap_sort_init(&sort);
    const char *answer = "BAD";
    if (imap_sort_read(&sort, mailbox_args(m, criteria)) && imap_args_end(&m->args)) {
        for (uint32_t n = 1; n <= m->folder->items.count; n++)
            imap_sort_add(&sort, n, mailbox_item(m, n));
        imap_sort_run(&sort);
        cr_expect(imap_sort_put(&sort, is_uid, &m->out));
        answer = mailbox_said(m);
    }
    imap_sort_finish(&sort);
    return answer;
}

/* RFC 5256 2.2, 3; RFC 5957 3 */
Test(imap_sort, each_key_has_its_order)
{
    static const struct {
        const char *criteria, *numbers;
    } rows[] = {
        {"(ARRIVAL)", "* SORT 4 2 1 3\r\n"},
        {"(REVERSE ARRIVAL)", "* SORT 3 1 2 4\r\n"},
        {"(DATE)", "* SORT 4 2 1 3\r\n"}, /* in UTC; 3 and 4 have none and go by arrival */
        {"(SIZE)", "* SORT 3 2 4 1\r\n"},
        {"(SUBJECT)", "* SORT 2 3 1 4\r\n"}, /* base subjects; equal ones by number */
        {"(REVERSE SUBJECT)", "* SORT 4 1 2 3\r\n"},
        {"(SUBJECT REVERSE ARRIVAL)", "* SORT 3 2 1 4\r\n"},
        {"(FROM)", "* SORT 2 3 1 4\r\n"}, /* local parts, in any case */
        {"(TO)", "* SORT 2 3 1 4\r\n"},   /* of a group its name */
        {"(CC)", "* SORT 1 3 4 2\r\n"},
        {"(DISPLAYFROM)", "* SORT 3 2 1 4\r\n"},
        {"(displayto)", "* SORT 2 3 1 4\r\n"},
        {"(REVERSE CC REVERSE SUBJECT)", "* SORT 2 4 1 3\r\n"},
    };
    struct mailbox m;
    fill(&m);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *answer = sorted(&m, rows[i].criteria, false);
        cr_expect_str_eq(answer, rows[i].numbers, "%s: %s", rows[i].criteria, answer);
    }
    account_remove(&m.account, m.folder, 2);
    cr_expect_str_eq(sorted(&m, "(ARRIVAL)", true), "* SORT 4 1 3\r\n");
    cr_expect_str_eq(sorted(&m, "(ARRIVAL)", false), "* SORT 3 1 2\r\n");
    mailbox_finish(&m);
}

Test(imap_sort, what_are_no_criteria_is_refused)
{
    static const char *const bad[] = {"",
                                      "()",
                                      "ARRIVAL",
                                      "(ARRIVAL",
                                      "(FOO)",
                                      "(REVERSE)",
                                      "(ARRIVAL )",
                                      "( ARRIVAL)",
                                      "(DATES)",
                                      "(REVERSEDATE)",
                                      "(REVERSE REVERSE DATE)"};
    struct mailbox m;
    fill(&m);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_str_eq(sorted(&m, bad[i], false), "BAD", "%s", bad[i]);
    char many[200] = "(";
    for (size_t i = 0; i < 21; i++)
        memcpy(many + 1 + 5 * i, "DATE ", 5);
    many[5 * 21] = ')';
    cr_expect_str_eq(sorted(&m, many, false), "BAD");
    memcpy(many + 5 * 20, ")", 2);
    cr_expect_str_eq(sorted(&m, many, false), "* SORT 4 2 1 3\r\n");
    mailbox_finish(&m);
}

/* RFC 7162 3.1.6 */
Test(imap_sort, the_highest_modseq_can_be_said)
{
    struct mailbox m;
    struct imap_sort sort;
    fill(&m);
    imap_sort_init(&sort);
    sort.has_modseq = true;
    cr_expect(imap_sort_put(&sort, false, &m.out));
    cr_expect_str_eq(mailbox_said(&m), "* SORT\r\n");
    mailbox_item(&m, 2)->modseq = 900;
    imap_sort_add(&sort, 2, mailbox_item(&m, 2));
    imap_sort_add(&sort, 3, mailbox_item(&m, 3));
    imap_sort_run(&sort);
    cr_expect(imap_sort_put(&sort, false, &m.out));
    cr_expect_str_eq(mailbox_said(&m), "* SORT 2 3 (MODSEQ 900)\r\n");
    imap_sort_finish(&sort);
    mailbox_finish(&m);
}

static int by_tens(const void *context, uint32_t a, uint32_t b)
{
    (void)context;
    return a / 10 < b / 10 ? -1 : a / 10 > b / 10;
}

Test(imap_sort, equal_numbers_stay_as_they_were)
{
    uint32_t order[1000] = {0}, state = 12345;
    for (size_t count = 0; count <= 1000; count += 1 + count / 3) {
        for (size_t i = 0; i < count; i++)
            order[i] = (state = state * 1103515245 + 12345) >> 22;
        uint32_t before[1000];
        memcpy(before, order, sizeof before);
        imap_sort_stable(order, count, by_tens, NULL);
        for (size_t i = 1; i < count; i++)
            cr_assert(order[i - 1] / 10 <= order[i] / 10);
        size_t at = 0; /* each group of ten in its order of before */
        for (uint32_t ten = 0; ten < 103; ten++)
            for (size_t i = 0; i < count; i++)
                if (before[i] / 10 == ten)
                    cr_assert_eq(order[at++], before[i]);
    }
}
