/* The mail program of the window has what the simulated one has: the same messages by the same
   numbers. */
#include <criterion/criterion.h>

#include "app/work.h"
#include "render/view/mailbox.h"

/* Whether the simulated program finds a message of that number, and can answer it. */
static bool can_answer(struct live *live, uint32_t agent, uint32_t number, struct problem *problem)
{
    char line[200];
    const struct log *log = live_log(live, 0);
    struct live_step step;
    snprintf(line, sizeof line, "reply by=%.*s message=%u body=x",
             SLICE_ARG(log_place_name(log, agent)), number);
    if (!live_do(live, log_end(log), slice_of(line), problem))
        return false;
    cr_assert(live_undo(live, &step, problem));
    return true;
}

static bool is_missing(const struct problem *problem)
{
    return slice_find(slice_of(problem->what), SLICE("has no message"), 0) != SLICE_NONE;
}

static uint32_t check_program(struct live *live, uint32_t agent, const char *path)
{
    struct mailbox box = {0};
    struct problem problem = {0};
    const struct log *log = live_log(live, 0);
    mailbox_seek(&box, log, agent, log_count(log));
    uint32_t count = mailbox_count(&box, MAILBOX_INBOX);
    struct slice name = log_place_name(log, agent);
    bool more = can_answer(live, agent, count + 1, &problem);
    bool cannot_write = !more && !is_missing(&problem);
    cr_expect(!more, "%s: %.*s has more than %u", path, SLICE_ARG(name), count);
    if (count && !cannot_write)
        cr_expect(can_answer(live, agent, count, &problem), "%s: %.*s has less than %u: %s", path,
                  SLICE_ARG(name), count, problem.what);
    mailbox_finish(&box);
    return count;
}

static uint32_t check_topology(const char *name)
{
    struct work work;
    struct problem problem = {0};
    char path[200];
    const struct source_options options = {.seed = 1};
    uint32_t seen = 0;
    snprintf(path, sizeof path, SOURCE_DIR "/topologies/%s.json", name);
    cr_assert(work_open(&work, path, &options, NULL, false, &problem), "%s", problem.what);
    for (uint32_t place = 1; place <= log_place_count(live_log(work.live, 0)); place++) {
        const struct log *log = live_log(work.live, 0);
        const struct event_agent *agent = event_as_agent(log_place(log, place));
        if (agent && slice_equal(log_text(log, agent->role), SLICE("mua")))
            seen += check_program(work.live, place, name);
    }
    work_close(&work);
    return seen;
}

Test(mail_seen, numbers_are_those_of_the_program_by_pop3_imap_and_file)
{
    static const char *const names[] = {
        "two-towns", "t03-sending-fetching", "t11-classic-unix", "t15-pop3",
        "t16-imap",  "t17-errand-runner",    "windows-pc"};
    uint32_t seen = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        seen += check_topology(names[i]);
    cr_expect_gt(seen, 5, "%u messages: too few to say anything", seen);
}
