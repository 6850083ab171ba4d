/* Lesson topology T18: mail in a browser. Three lanes, and only one of them moves mail. */
#include <criterion/criterion.h>

#include "support_world.h"

static const struct event *find_turn(const struct log *log, enum event_kind kind, const char *verb,
                                     uint32_t from)
{
    for (uint32_t id = from; id < log_count(log); id++) {
        const struct event *e = log_at(log, id);
        if (e->kind == kind && slice_equal(log_text(log, e->v[1]), slice_of(verb)))
            return e;
    }
    return NULL;
}

static bool is_between(const struct log *log, const struct event *e, const char *from,
                       const char *to)
{
    struct log_parties p;
    return e && log_parties(log, e, &p) &&
           log_host_of(log, p.from) == log_find_place(log, slice_of(from)) &&
           log_host_of(log, p.to) == log_find_place(log, slice_of(to));
}

static const struct event_fetch *find_fetch(const struct log *log, const char *by)
{
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_fetch *fetch = event_as_fetch(log_at(log, id));
        if (fetch && log_host_of(log, fetch->by) == log_find_place(log, slice_of(by)))
            return fetch;
    }
    return NULL;
}

/* C1801: the browser speaks HTTP, GET to see and POST to send; the web host then submits. */
Test(t18_webmail, a_post_comes_before_the_submission_it_causes)
{
    struct world *world = support_world_shipped("t18-webmail", 1);
    struct problem problem = {0};
    cr_assert(world_demo(world, &problem), "%s", problem.what);
    world_run_quiet(world, VTIME_NEVER);
    const struct log *log = world_log(world);
    const struct event *get = find_turn(log, EVENT_HTTP_REQUEST, "GET", 0);
    const struct event *post = NULL, *mail = NULL;
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event *e = log_at(log, id);
        const struct event_http_request *request = event_as_http_request(e);
        if (request && slice_equal(log_text(log, request->path), SLICE("/send")))
            post = e;
        if (e->kind == EVENT_SMTP_CMD && slice_equal(log_text(log, e->v[1]), SLICE("MAIL")) &&
            is_between(log, e, "web", "submit"))
            mail = e;
    }
    cr_expect(is_between(log, get, "browser", "web"));
    cr_expect(is_between(log, post, "browser", "web"));
    cr_assert(post && mail);
    cr_expect_lt(post->t, mail->t);
    support_check_conservation(log);
    world_destroy(world);
}

/* C1802: the browser speaks no IMAP; the web host does, in Bob's name. */
Test(t18_webmail, the_web_host_speaks_imap_for_the_browser)
{
    struct world *world = support_world_shipped("t18-webmail", 1);
    struct problem problem = {0};
    cr_assert(world_demo(world, &problem));
    world_run_quiet(world, VTIME_NEVER);
    const struct log *log = world_log(world);
    bool has_fetched = false;
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event *e = log_at(log, id);
        if (e->kind != EVENT_IMAP_CMD)
            continue;
        cr_expect(is_between(log, e, "web", "store"));
        has_fetched |= slice_ends(log_text(log, e->v[1]), SLICE("FETCH"));
    }
    cr_expect(has_fetched);
    const struct event_fetch *seen = find_fetch(log, "browser");
    cr_assert(seen);
    cr_expect_eq(seen->msg, 1);
    cr_expect(slice_equal(log_text(log, seen->proto), SLICE("http")));
    world_destroy(world);
}

/* C1803: no HTTP in what the message tells of its way: it was submitted, and with a login. */
Test(t18_webmail, the_received_lines_know_nothing_of_the_browser)
{
    struct world *world = support_world_shipped("t18-webmail", 1);
    struct problem problem = {0};
    cr_assert(world_demo(world, &problem));
    world_run_quiet(world, VTIME_NEVER);
    const struct log *log = world_log(world);
    const struct event_fetch *copy = find_fetch(log, "pc-alice");
    cr_assert(copy);
    struct slice header = log_text(log, copy->header);
    cr_expect_neq(slice_find(header, SLICE("with ESMTP"), 0), SLICE_NONE);
    cr_expect_neq(slice_find(header, SLICE("from web.example.net"), 0), SLICE_NONE);
    cr_expect_eq(slice_find(header, SLICE("HTTP"), 0), SLICE_NONE);
    cr_expect_eq(slice_find(header, SLICE("browser"), 0), SLICE_NONE);
    world_destroy(world);
}

static bool has_screen(const struct log *log, const char *part)
{
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_ui *ui = event_as_ui(log_at(log, id));
        if (ui && slice_find(log_text(log, ui->what), slice_of(part), 0) != SLICE_NONE)
            return true;
    }
    return false;
}

/* C1804: another way to the same mail. */
Test(t18_webmail, while_the_web_host_is_down_the_phone_still_reads)
{
    struct world *world = support_world_shipped("t18-webmail", 1);
    support_do(world, 0, "send from=alice@example.com to=bob@example.org subject=Hello");
    support_do(world, 5 * VTIME_S, "fault web-down on");
    support_do(world, 10 * VTIME_S, "browse by=browser page=inbox");
    support_do(world, 60 * VTIME_S, "fetch by=phone-bob");
    world_run_quiet(world, VTIME_NEVER);
    const struct log *log = world_log(world);
    cr_expect(has_screen(log, "the web host can't be reached"));
    const struct event_fetch *copy = find_fetch(log, "phone-bob");
    cr_assert(copy);
    cr_expect(slice_equal(log_text(log, copy->proto), SLICE("imap")));
    world_destroy(world);
}

Test(t18_webmail, what_is_behind_the_web_host_fails_in_words)
{
    struct world *world = support_world_shipped("t18-webmail", 1);
    support_do(world, 0, "fault imap-down on");
    support_do(world, VTIME_S, "browse by=browser page=inbox");
    world_run_quiet(world, VTIME_NEVER);
    cr_expect(has_screen(world_log(world), "the web host says: 403 Forbidden"));
    world_destroy(world);
}

/* Errands wait for each other; a message is deleted on the server, not in the browser. */
Test(t18_webmail, a_message_is_deleted_by_a_form)
{
    struct world *world = support_world_shipped("t18-webmail", 1);
    support_do(world, 0, "send from=alice@example.com to=bob@example.org subject=Hello");
    support_do(world, 10 * VTIME_S, "browse by=bob@example.org page=delete message=1");
    support_do(world, 10 * VTIME_S, "browse by=firefox page=inbox");
    support_do(world, 10 * VTIME_S, "browse by=firefox page=message message=1");
    support_do(world, 10 * VTIME_S, "browse by=firefox page=send to=\"no address\"");
    world_run_quiet(world, VTIME_NEVER);
    const struct log *log = world_log(world);
    cr_expect_eq(support_count(log, EVENT_REMOVE), 1);
    cr_expect(has_screen(log, "sees the page \"Inbox\", 0 messages"));
    cr_expect(has_screen(log, "there is no such message in the list"));
    cr_expect(has_screen(log, "the web host says: 400 Bad Request"));
    cr_expect_null(find_fetch(log, "browser"));
    world_destroy(world);
}

/* A host that goes down in the middle of any of it leaves nothing behind. */
Test(t18_webmail, a_crash_at_any_moment_is_survived)
{
    for (int64_t ms = 0; ms < 1400; ms += 20) {
        struct world *world = support_world_shipped("t18-webmail", 1);
        support_do(world, 0, "browse by=browser page=send to=alice@example.com subject=Hi");
        support_do(world, ms * VTIME_MS, "fault web-down on");
        support_do(world, ms * VTIME_MS + VTIME_H, "fault web-down off");
        support_do(world, 2 * VTIME_H, "browse by=browser page=inbox");
        world_run_quiet(world, VTIME_NEVER);
        support_check_conservation(world_log(world));
        cr_expect(has_screen(world_log(world), "sees the page \"Inbox\""), "at %d ms", (int)ms);
        world_destroy(world);
    }
}
