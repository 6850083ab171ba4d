/*
 * The switches of a submission server (RFC 6409), each turned while it runs, in the world
 * t06-submission: who is let in, what is completed, what is refused; and what it writes on top
 * (RFC 3848).
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "support_match.h"

#define BOB "bob@example.org/INBOX"
#define SEND "send from=alice@example.com to=bob@example.org subject=s"

/* Settings one after the other, then a message; runs until all is quiet. */
static struct world *sent(const char *settings, const char *action)
{
    struct world *world = support_world_shipped("t06-submission", 1);
    struct slice one, rest = slice_of(settings);
    struct arena arena;
    arena_init(&arena);
    while (slice_cut(&rest, ';', &one))
        support_do(world, 0, arena_copy(&arena, slice_trim(one)).data);
    support_do(world, VTIME_S, action);
    world_run_quiet(world, VTIME_NEVER);
    support_check_conservation(world_log(world));
    arena_finish(&arena);
    return world;
}

/* RFC 6409 4.3: a login, a network, or none of them; and 530 for the others. */
Test(submission, who_is_let_in_is_a_setting)
{
    static const struct {
        const char *settings, *reply; /* reply: of MAIL */
        bool arrives;
    } cases[] = {
        {"set submit require_auth=true", "code=250", true},
        {"set pc-alice auth=false", "code=530 esc=5.7.0", false},
        {"set pc-alice auth=false; set submit require_auth=false", "code=250", true},
        {"set pc-alice auth=false; set submit relay_from=198.51.100.0/24", "code=250", true},
        {"set pc-alice auth=false; set submit relay_from=192.0.2.0/24", "code=530 esc=5.7.0",
         false},
        {"set pc-alice auth=false; set submit pop_before_smtp=true", "code=530 esc=5.7.0", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *world = sent(cases[i].settings, SEND);
        const struct log *log = world_log(world);
        char pattern[80];
        snprintf(pattern, sizeof pattern, "smtp.reply from=submit verb=MAIL %s", cases[i].reply);
        cr_expect(support_exists(log, pattern), "%s: %s", cases[i].settings, pattern);
        cr_expect_eq(support_copies(log, 1, BOB), cases[i].arrives, "%s", cases[i].settings);
        world_destroy(world);
    }
}

/* RFC 6409 6.1: an account's reverse-path is its own, whatever From says. */
Test(submission, a_forged_reverse_path_is_refused_where_that_is_wanted)
{
    static const struct {
        const char *settings;
        bool arrives;
    } cases[] = {{"set submit check_sender=false", true}, {"set submit check_sender=true", false}};
    for (size_t i = 0; i < 2; i++) {
        struct world *world = sent(cases[i].settings, "robot scanner");
        cr_expect_eq(support_copies(world_log(world), 1, BOB), 1, "its own address");
        world_destroy(world);
        struct arena arena;
        arena_init(&arena);
        struct slice settings =
            arena_printf(&arena, "set robot from=alice@example.com; %s", cases[i].settings);
        world = sent(settings.data, "robot scanner");
        const struct log *log = world_log(world);
        cr_expect_eq(support_copies(log, 1, BOB), cases[i].arrives, "%s", cases[i].settings);
        cr_expect_eq(support_exists(log, "smtp.reply from=submit verb=MAIL code=550 esc=5.7.1"),
                     !cases[i].arrives, "C0601");
        world_destroy(world);
        arena_finish(&arena);
    }
}

/* RFC 6409 8, or not at all. */
Test(submission, a_poor_header_is_completed_where_that_is_wanted)
{
    for (int completes = 0; completes < 2; completes++) {
        struct world *world = sent(
            completes ? "set submit complete=true" : "set submit complete=false", "robot scanner");
        const struct log *log = world_log(world);
        cr_expect_eq(support_header_has(log, 1, BOB, "Date", 1, "2025"), completes, "C0602");
        cr_expect_eq(support_header_has(log, 1, BOB, "Message-ID", 1, "@submit"), completes);
        world_destroy(world);
    }
}

/* RFC 6409 4.2, 6.2: ours is added, half a name never guessed at. */
Test(submission, names_are_qualified_or_refused)
{
    static const struct {
        const char *settings, *to, *reply;
    } cases[] = {
        {"set submit qualify=true", "amir", "code=250"},
        {"set submit qualify=false", "amir", "code=554 esc=5.1.3"},
        {"set submit qualify=true", "bob@sales", "code=554 esc=5.1.3"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena;
        arena_init(&arena);
        struct slice settings =
            arena_printf(&arena, "%s; set robot to=%s", cases[i].settings, cases[i].to);
        struct world *world = sent(settings.data, "robot scanner");
        struct slice pattern =
            arena_printf(&arena, "smtp.reply from=submit verb=RCPT %s", cases[i].reply);
        cr_expect(support_exists(world_log(world), pattern.data), "%s", settings.data);
        world_destroy(world);
        arena_finish(&arena);
    }
}

/* The words of RFC 3848 on what `submit` writes, and R3: one field for both in one program. */
Test(submission, received_says_by_what_it_came)
{
    static const struct {
        const char *settings, *with, *path;
    } cases[] = {
        {"set pc-alice auth=false; set submit require_auth=false", "with ESMTP id",
         "submit out mx1"},
        {"set pc-alice auth=true", "with ESMTPA id", "submit out mx1"},
        {"set pc-alice auth=false; set submit require_auth=false; set pc-alice tls=required",
         "with ESMTPS (", "submit out mx1"},
        {"set pc-alice tls=required", "with ESMTPSA (", "submit out mx1"},
        {"set submit combined=true", "with ESMTPA id", "submit mx1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *world = sent(cases[i].settings, SEND);
        const struct log *log = world_log(world);
        unsigned oldest = support_received(log, 1, BOB);
        cr_expect(support_header_has(log, 1, BOB, "Received", oldest, cases[i].with), "%s: %s",
                  cases[i].settings, cases[i].with);
        cr_expect_str_eq(support_path(log, 1, BOB), cases[i].path, "%s", cases[i].settings);
        world_destroy(world);
    }
}

/* RFC 4954, 3207: a submission server logs in at its own next hop as anybody does. */
Test(submission, its_next_hop_may_ask_it_to_log_in)
{
    struct world *world = sent("set out policy=auth; set out relay_from=192.0.2.0/24;"
                               "set submit next_user=amir@example.com;"
                               "set submit next_password=secret-amir; set submit next_clear=true",
                               SEND);
    const struct log *log = world_log(world);
    cr_expect(support_exists(log, "auth from=submit to=out user=amir@example.com result=ok"));
    cr_expect_eq(support_copies(log, 1, BOB), 1);
    world_destroy(world);
}
