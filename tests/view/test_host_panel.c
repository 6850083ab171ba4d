#include <criterion/criterion.h>
#include <stdio.h>

#include "render/view/host_facts.h"
#include "render/view/role_words.h"
#include "render/view/state.h"
#include "sim/base/vtime.h"
#include "tests/view/support_letter.h"
#include "tests/view/support_list.h"

static void show(struct letter *l, uint32_t host)
{
    letter_show(l, "host");
    select_host(l->view, host);
    letter_draw(l);
}

Test(host_panel, says_what_the_host_is_whose_and_what_works_on_it)
{
    struct letter l;
    letter_begin(&l);
    show(&l, l.story.mx1);
    static const char *const texts[] = {"Name: mx1.example.org",         "Address: 203.0.113.25",
                                        "Organisation: Birch Institute", "running",
                                        "mta-mx1: transfer agent",       "listens on 25",
                                        "access-mx1: access server",     "Time: 09:00:00.000"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        cr_expect(letter_tells(&l, texts[i]), "%s", texts[i]);
    cr_expect(!letter_tells(&l, "msa-submit"));
    letter_end(&l);
}

Test(host_panel, a_press_on_a_role_says_what_it_does)
{
    struct letter l;
    char name[32];
    letter_begin(&l);
    show(&l, l.story.mx1);
    cr_expect(!support_shows(l.view, &l.list, "moves mail one hop on"));
    snprintf(name, sizeof name, "role-%u", (unsigned)l.story.mta_mx1);
    cr_assert(view_press_widget(l.view, name));
    cr_expect(support_shows(l.view, &l.list, "moves mail one hop on"));
    letter_end(&l);
}

Test(host_panel, every_role_that_has_a_mark_has_words)
{
    for (size_t i = 0; i < theme_mark_count(); i++)
        cr_expect(role_words(slice_of(theme_mark_at(i)->role)), "%s", theme_mark_at(i)->role);
}

Test(host_panel, the_queue_has_the_next_try_and_why_the_last_one_failed)
{
    struct letter l;
    letter_begin(&l);
    struct story *s = &l.story;
    letter_written(&l, SLICE("Subject: Hello\r\n\r\n"));
    uint32_t id = story_text(s, "A1"), rcpt = story_text(s, "bob@example.org");
    letter_accepted(&l, s->mta_out, 0, SLICE("Subject: Hello\r\n\r\n"), SLICE(""));
    letter_add(&l, EVENT_QUEUE_ADD,
               &(struct event_queue_add){s->mta_out, 1, 0, id, rcpt, story_text(s, "a@b")});
    letter_add(&l, EVENT_QUEUE_TRY, &(struct event_queue_try){s->mta_out, 1, 1, id, rcpt});
    letter_add(
        &l, EVENT_QUEUE_DEFER,
        &(struct event_queue_defer){s->mta_out, 1, 1, 1800, rcpt, story_text(s, "no answer")});
    show(&l, s->out);
    cr_expect(letter_tells(&l, "Queue: 1 message waits"));
    cr_expect(letter_tells(&l, "attempt 1 failed; the next at 09:30:05.000, in 30min: no answer"));
    letter_end(&l);
}

Test(host_panel, shows_faults_settings_and_a_clock_that_is_wrong)
{
    struct letter l;
    letter_begin(&l);
    struct story *s = &l.story;
    letter_written(&l, SLICE("Subject: Hello\r\n\r\n"));
    letter_add(&l, EVENT_FAULT,
               &(struct event_fault){story_text(s, "f1"), story_text(s, "on"),
                                     story_text(s, "clock-skew"), story_text(s, "mx1"),
                                     story_text(s, "seconds=90")});
    letter_add(&l, EVENT_CONF,
               &(struct event_conf){.at = s->mta_mx1,
                                    .key = story_text(s, "size_max"),
                                    .value = story_text(s, "1000")});
    letter_accepted(&l, s->mta_mx1, 0,
                    SLICE("Received: by mx1.example.org; Mon, 3 Mar 2025 09:01:34 +0000\r\n\r\n"),
                    SLICE(""));
    show(&l, s->mx1);
    cr_expect(letter_tells(&l, "clock-skew mx1: seconds=90"));
    cr_expect(letter_tells(&l, "size_max = 1000 (changed)"));
    cr_expect(letter_tells(&l, "90 s ahead of the time"));
    select_host(l.view, s->out);
    letter_draw(&l);
    cr_expect(!letter_tells(&l, "clock-skew mx1: seconds=90"));
    letter_end(&l);
}

/* ---- files ---- */

struct step {
    const char *op, *path;
    uint32_t size;
};

static size_t fold(const struct step *steps, size_t count, struct host_facts *facts)
{
    struct letter l;
    letter_begin(&l);
    for (size_t i = 0; i < count; i++)
        letter_add(&l, EVENT_FILE,
                   &(struct event_file){l.story.mx1, story_text(&l.story, steps[i].op),
                                        story_text(&l.story, steps[i].path), steps[i].size, 0});
    host_facts_at(facts, &l.story.log, l.story.mx1, log_count(&l.story.log));
    uint64_t octets = facts->octets;
    /* the same by steps, and after a look at an earlier moment */
    for (uint32_t until = 0; until <= log_count(&l.story.log); until++)
        host_facts_at(facts, &l.story.log, l.story.mx1, until);
    cr_expect_eq(facts->octets, octets);
    letter_end(&l);
    return facts->file_count;
}

Test(host_panel, files_come_go_and_change_their_names)
{
    static const struct step steps[] = {
        {"write", "/var/mail/bob", 100},    {"append", "/var/mail/bob", 250},
        {"write", "/m/tmp/3.mx1", 40},      {"sync", "/m/tmp/3.mx1", 40},
        {"write", "/m/tmp/4.mx1", 40},      {"rename", "/m/new/3.mx1", 40},
        {"rename", "/m/cur/3.mx1:2,S", 40}, {"remove", "/m/tmp/4.mx1", 40},
    };
    struct host_facts facts = {0};
    cr_expect_eq(fold(steps, sizeof steps / sizeof steps[0], &facts), 2);
    cr_expect_eq(facts.octets, 290);
    host_facts_finish(&facts);
}

Test(host_panel, a_crash_takes_the_end_of_a_file_or_the_whole_of_it)
{
    static const struct step steps[] = {
        {"write", "/a", 100}, {"append", "/a", 250}, {"lost", "/a", 100},
        {"write", "/b", 30},  {"lost", "/b", 30},
    };
    struct host_facts facts = {0};
    cr_expect_eq(fold(steps, sizeof steps / sizeof steps[0], &facts), 1);
    cr_expect_eq(facts.octets, 100);
    host_facts_finish(&facts);
}

Test(host_panel, many_files_are_found_again_by_their_path)
{
    enum { FILES = 500 };
    struct host_facts facts = {0};
    static struct step steps[2 * FILES];
    static char paths[FILES][16];
    for (int i = 0; i < FILES; i++) {
        snprintf(paths[i], sizeof paths[i], "/q/%d", i);
        steps[i] = (struct step){"write", paths[i], 10};
        steps[FILES + i] = (struct step){i % 2 ? "remove" : "append", paths[i], 20};
    }
    cr_expect_eq(fold(steps, 2 * FILES, &facts), FILES / 2);
    cr_expect_eq(facts.octets, FILES / 2 * 20);
    host_facts_finish(&facts);
}
