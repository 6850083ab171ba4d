#include <criterion/criterion.h>

#include "render/view/words.h"
#include "sim/base/vtime.h"
#include "tests/scene/support_log.h"

static int64_t time_of(const struct log *log, enum event_kind kind, int nth)
{
    for (uint32_t id = 0; id < log_count(log); id++)
        if (log_at(log, id)->kind == kind && nth-- == 0)
            return log_at(log, id)->t;
    cr_assert(false, "no such event");
    return 0;
}

static void expect_state(struct story *s, int64_t t, const char *expected)
{
    struct scene scene;
    struct arena arena;
    scene_init(&scene, &s->log);
    arena_init(&arena);
    scene_seek(&scene, t);
    struct slice words = words_state(&scene, &arena, 1);
    cr_expect(slice_equal(words, slice_of(expected)), "'%.*s'", SLICE_ARG(words));
    arena_finish(&arena);
    scene_finish(&scene);
}

/* RFC 5321 4.2.5: with its 250 a server takes the responsibility; somebody always has it. */
Test(words_state, says_who_holds_a_message_until_it_lies_in_a_store)
{
    struct story s;
    story_world(&s, true);
    story_first_mail(&s);
    const struct log *log = &s.log;
    expect_state(&s, -1, "");
    expect_state(&s, time_of(log, EVENT_MESSAGE, 0),
                 "written at pc-alice, not yet taken by a server");
    expect_state(&s, time_of(log, EVENT_RELAY, 0), "out holds it");
    expect_state(&s, time_of(log, EVENT_DELIVER, 0), "delivered: it lies in the store at mx1");
    expect_state(&s, log_end(log), "pc-bob has fetched a copy; one lies in the store at mx1");
    story_finish(&s);
}

/* RFC 5321 4.5.4.1: what could not be handed on is tried again later, and at last given up. */
Test(words_state, says_when_the_next_try_is_and_that_it_was_given_up)
{
    struct story s;
    story_world(&s, true);
    story_dead_host(&s);
    expect_state(&s, time_of(&s.log, EVENT_QUEUE_DEFER, 0), "out holds it; next try 09:30:30");
    expect_state(&s, log_end(&s.log), "bounced: out gave it up and a notice tells its author");
    story_finish(&s);
}

Test(words_state, a_sentence_starts_with_a_capital_but_the_name_of_a_host_stays)
{
    static const char *const pairs[][2] = {
        {"a segment is lost", "A segment is lost"},
        {"out asks dns", "out asks dns"},
        {"outside of it", "Outside of it"},
        {"pc-alice: a letter", "pc-alice: a letter"},
        {"out", "out"},
        {"\xC3\xA4rger", "\xC3\xA4rger"},
        {"", ""},
    };
    struct story s;
    struct arena arena;
    story_world(&s, true);
    arena_init(&arena);
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct slice said = words_sentence(&s.log, &arena, slice_of(pairs[i][0]));
        cr_expect(slice_equal(said, slice_of(pairs[i][1])), "'%.*s'", SLICE_ARG(said));
    }
    arena_finish(&arena);
    story_finish(&s);
}
