#include <stdio.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/proto/imap_thread.h"

#include "support_imap_search.h"

/* A message by arrival in the order of adding. An identifier "<a>" is written "<a@x>", as each has
   an "@" (RFC 5322 3.6.4). */
static uint32_t add_at(struct mailbox *m, const char *content, int64_t internal_s)
{
    char text[1000];
    size_t size = 0;
    for (; *content && size + 4 < sizeof text; content++) {
        if (*content == '>')
            memcpy(text + size, "@x", 2), size += 2;
        text[size++] = *content;
    }
    text[size] = '\0';
    return mailbox_add(m, text, 0, internal_s);
}

static void add(struct mailbox *m, const char *id, const char *subject, const char *references)
{
    char text[600];
    size_t size = 0;
    if (*id)
        size += (size_t)snprintf(text, sizeof text, "Message-ID: <%s>\r\n", id);
    size += (size_t)snprintf(text + size, sizeof text - size, "Subject: %s\r\n", subject);
    if (*references)
        size += (size_t)snprintf(text + size, sizeof text - size, "References: %s\r\n", references);
    snprintf(text + size, sizeof text - size, "\r\n");
    add_at(m, text, 1000 + (int64_t)m->folder->items.count * 10);
}

static const char *threads(struct mailbox *m, const char *algorithm)
{
    struct imap_thread t;
    imap_thread_init(&t);
    cr_assert(imap_thread_read(&t, mailbox_args(m, algorithm)));
    for (uint32_t n = 1; n <= m->folder->items.count; n++)
        imap_thread_add(&t, n, mailbox_item(m, n));
    imap_thread_run(&t);
    cr_expect(imap_thread_put(&t, true, &m->out));
    imap_thread_finish(&t);
    return mailbox_said(m);
}

struct letter {
    const char *id, *subject, *references;
};

static void expect_threads(const char *algorithm, const struct letter *letters, size_t count,
                           const char *expected)
{
    struct mailbox m;
    mailbox_init(&m);
    for (size_t i = 0; i < count; i++)
        add(&m, letters[i].id, letters[i].subject, letters[i].references);
    const char *said = threads(&m, algorithm);
    cr_expect_str_eq(said, arena_printf(&m.arena, "* THREAD%s\r\n", expected).data, "%s%s", said,
                     expected);
    mailbox_finish(&m);
}
#define EXPECT_REFERENCES(expected, ...)                                                           \
    do {                                                                                           \
        static const struct letter letters[] = {__VA_ARGS__};                                      \
        expect_threads("REFERENCES", letters, sizeof letters / sizeof *letters, expected);         \
    } while (0)
#define EXPECT_SUBJECTS(expected, ...)                                                             \
    do {                                                                                           \
        static const struct letter letters[] = {__VA_ARGS__};                                      \
        expect_threads("ORDEREDSUBJECT", letters, sizeof letters / sizeof *letters, expected);     \
    } while (0)

/* RFC 5256 3, ORDEREDSUBJECT: no grandchildren */
Test(imap_thread, subjects_gather_below_the_first)
{
    EXPECT_SUBJECTS(" (1)", {"a", "x", ""});
    EXPECT_SUBJECTS(" (1 2)", {"a", "x", ""}, {"b", "Re: X", ""});
    EXPECT_SUBJECTS(" (1 (2)(4))(3 5)", {"a", "x", ""}, {"b", "Re: x", ""}, {"c", "y", ""},
                    {"d", "x", "<a>"}, {"e", "fwd: y", ""});
}

/* RFC 5256 3, REFERENCES */
Test(imap_thread, answers_stand_below_what_they_answer)
{
    EXPECT_REFERENCES(" (1 2 3)", {"a", "x", ""}, {"b", "y", "<a>"}, {"c", "z", "<a> <b>"});
    EXPECT_REFERENCES(" (1 (2)(3))", {"a", "x", ""}, {"b", "y", "<a>"}, {"c", "z", "<a>"});
    /* the form of 4, THREAD: "(2)(3 6 (4 23)(44 7 96))" */
    EXPECT_REFERENCES(" (1)(2 3 (4 5)(6 7 8))", {"a", "p", ""}, {"b", "q", ""}, {"c", "r", "<b>"},
                      {"d", "s", "<c>"}, {"e", "t", "<d>"}, {"f", "u", "<c>"}, {"g", "v", "<f>"},
                      {"h", "w", "<g>"});
    /* the answer came first */
    EXPECT_REFERENCES(" (2 1)", {"b", "y", "<a>"}, {"a", "x", ""});
}

/* (2), (3): a stand-in stays only at the top, and only above several */
Test(imap_thread, missing_messages_are_stood_in_for)
{
    EXPECT_REFERENCES(" (1)", {"b", "x", "<a>"});
    EXPECT_REFERENCES(" ((1)(2))", {"b", "x", "<a>"}, {"c", "y", "<a>"});
    EXPECT_REFERENCES(" (1 (2)(3))", {"a", "w", ""}, {"c", "x", "<a> <b>"}, {"d", "y", "<a> <b>"});
    EXPECT_REFERENCES(" ((1)(2))", {"c", "x", "<a> <b>"}, {"d", "y", "<a> <b>"});
    EXPECT_REFERENCES(" ((1)(2)(3))", {"c", "x", "<a> <b>"}, {"d", "y", "<a> <b>"},
                      {"e", "z", "<a>"});
    EXPECT_REFERENCES(" (1 2)", {"c", "x", "<a> <b>"}, {"d", "y", "<a> <b> <c>"});
}

/* (1)(A): what would make a loop is left out */
Test(imap_thread, loops_are_broken)
{
    EXPECT_REFERENCES(" (1)", {"a", "x", "<a>"});
    EXPECT_REFERENCES(" (2 1)", {"a", "x", "<b>"}, {"b", "y", "<a>"});
    EXPECT_REFERENCES(" (3 2 1)", {"a", "x", "<b>"}, {"b", "y", "<c>"}, {"c", "z", "<a>"});
    EXPECT_REFERENCES(" (1)", {"a", "x", "<b> <c> <b> <a>"});
    /* (1)(B): its own word is worth more than what another said of it */
    EXPECT_REFERENCES(" (1 4 3)(2)", {"a", "x", ""}, {"z", "y", ""}, {"c", "w", "<z> <b>"},
                      {"b", "v", "<a>"});
    EXPECT_REFERENCES(" (1)(3 2)", {"a", "x", ""}, {"c", "y", "<a> <b>"}, {"b", "z", ""});
    /* (1)(A): no parent yet is no word against one */
    EXPECT_REFERENCES(" (1 2 3 4)", {"a", "x", ""}, {"b", "y", "<a>"}, {"d", "w", ""},
                      {"c", "z", "<b> <d>"});
}

/* (1): messages without an identifier, or with another's */
Test(imap_thread, every_message_comes_out_once)
{
    EXPECT_REFERENCES(" (1)(2)", {"", "x", ""}, {"", "y", ""});
    EXPECT_REFERENCES(" (1 3)(2)", {"a", "x", ""}, {"a", "y", ""}, {"b", "z", "<a>"});
}

/* (5): one conversation, though nobody said so */
Test(imap_thread, threads_of_one_subject_are_joined)
{
    EXPECT_REFERENCES(" (1 2)", {"a", "x", ""}, {"b", "Re: x", ""});
    EXPECT_REFERENCES(" (2 1)", {"b", "Re: x", ""}, {"a", "x", ""});
    EXPECT_REFERENCES(" ((1)(2))", {"a", "x", ""}, {"b", "x", ""});
    EXPECT_REFERENCES(" ((1)(2)(3))", {"a", "x", ""}, {"b", "x", ""}, {"c", "x", ""});
    EXPECT_REFERENCES(" ((1)(2))", {"a", "Re: x", ""}, {"b", "Re: x", ""});
    EXPECT_REFERENCES(" ((1)(2)(3))", {"b", "x", "<a>"}, {"c", "q", "<a>"}, {"d", "Re: x", ""});
    EXPECT_REFERENCES(" ((1)(2)(3)(4))", {"b", "x", "<a>"}, {"c", "q", "<a>"}, {"e", "x", "<d>"},
                      {"f", "r", "<d>"});
    EXPECT_REFERENCES(" (1 (2)(3))", {"a", "x", ""}, {"b", "Re: x", ""}, {"c", "Re: Re: x", ""});
    EXPECT_REFERENCES(" (1)(2)", {"a", "", ""}, {"b", "", ""}); /* no subject says nothing */
}

/* (4), (6): siblings by the date in their header */
Test(imap_thread, siblings_go_by_date)
{
    struct mailbox m;
    mailbox_init(&m);
    add_at(&m, "Message-ID: <a>\r\nSubject: a\r\n\r\n", 100);
    add_at(&m, "Message-ID: <b>\r\nSubject: b\r\nReferences: <a>\r\n\r\n", 300);
    add_at(&m, "Message-ID: <c>\r\nSubject: c\r\nReferences: <a>\r\n\r\n", 200);
    add_at(&m, "Message-ID: <d>\r\nSubject: d\r\n\r\n", 50);
    add_at(&m, "Message-ID: <e>\r\nSubject: e\r\nIn-Reply-To: mail <d> of <a>\r\n\r\n", 20);
    add_at(&m, "Message-ID: <f>\r\nSubject: f\r\nReferences: <x>\r\n\r\n", 80);
    add_at(&m, "Message-ID: <g>\r\nSubject: g\r\nReferences: <x>\r\n\r\n", 60);
    cr_expect_str_eq(threads(&m, "references"), "* THREAD (4 5)((7)(6))(1 (3)(2))\r\n");
    mailbox_finish(&m);
}

Test(imap_thread, unknown_algorithms_are_refused)
{
    struct mailbox m;
    struct imap_thread t;
    mailbox_init(&m);
    imap_thread_init(&t);
    cr_expect_not(imap_thread_read(&t, mailbox_args(&m, "REFS UTF-8 ALL")));
    cr_expect_not_null(m.args.problem);
    cr_expect_str_eq(threads(&m, "REFERENCES"), "* THREAD\r\n");
    cr_expect_str_eq(threads(&m, "ORDEREDSUBJECT"), "* THREAD\r\n");
    imap_thread_finish(&t);
    mailbox_finish(&m);
}

/* Ten thousand answers, each to the one before, in any order: nothing recurses. */
Test(imap_thread, a_long_chain_is_no_deep_stack)
{
    for (uint32_t step = 1; step <= 9999; step += 4999) { /* forwards, mixed, backwards */
        struct mailbox m;
        mailbox_init(&m);
        for (uint32_t n = 1; n <= 10000; n++) {
            char text[200];
            uint32_t i = (uint32_t)((uint64_t)n * step % 10001);
            snprintf(text, sizeof text,
                     "Message-ID: <%u>\r\nSubject: %u\r\nReferences: <%u>\r\n\r\n", i, i, i - 1);
            add_at(&m, text, i);
        }
        struct slice said = slice_of(threads(&m, "REFERENCES"));
        cr_expect_eq(slice_find_octet(said, '(', 10), SLICE_NONE, "%u", step);
        if (step == 1)
            cr_expect(slice_ends(said, SLICE(" 9999 10000)\r\n")));
        mailbox_finish(&m);
    }
}

/* References of anything to anything: each message is there once, and brackets close. */
Test(imap_thread, any_references_give_a_tree)
{
    uint32_t state = 1;
    for (int round = 0; round < 300; round++) {
        struct mailbox m;
        mailbox_init(&m);
        for (uint32_t i = 1; i <= 20; i++) {
            char text[300];
            size_t size = (size_t)snprintf(text, sizeof text, "Message-ID: <%u>\r\nReferences:", i);
            for (int r = 0; r < round % 5 + 1; r++) {
                state = state * 1103515245 + 12345;
                size += (size_t)snprintf(text + size, sizeof text - size, " <%u>", state >> 27);
            }
            snprintf(text + size, sizeof text - size, "\r\nSubject: %s%u\r\n\r\n",
                     state >> 20 & 1 ? "Re: " : "", state >> 21 & 7);
            add_at(&m, text, state >> 24);
        }
        struct slice said = slice_of(threads(&m, "REFERENCES"));
        int depth = 0, seen[21] = {0}, number = 0;
        for (size_t i = 9; i < said.size; i++) {
            char octet = said.data[i];
            bool is_digit = octet >= '0' && octet <= '9';
            if (!is_digit && number > 0)
                seen[number]++, number = 0;
            number = is_digit ? number * 10 + (octet - '0') : 0;
            depth += (octet == '(') - (octet == ')');
            cr_assert(depth >= 0 && number <= 20);
        }
        cr_assert_eq(depth, 0);
        for (int i = 1; i <= 20; i++)
            cr_assert_eq(seen[i], 1, "%d: %.*s", i, SLICE_ARG(said));
        mailbox_finish(&m);
    }
}
