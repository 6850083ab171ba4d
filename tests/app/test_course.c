/* A lesson's work: what was done twice at the same moment stays twice, whichever way it is kept. */
#include "app/course.h"

#include <criterion/criterion.h>
#include <unistd.h>

#include "app/live.h"

static struct log nothing;

static bool enter(void *context, const struct lesson_scene *scene,
                  const struct workbook_attempt *attempt, struct problem *problem)
{
    (void)context;
    (void)scene;
    (void)attempt;
    (void)problem;
    return true;
}

static bool act(void *context, int64_t t, struct slice step, struct slice line,
                struct problem *problem)
{
    (void)context;
    (void)t;
    (void)step;
    (void)line;
    (void)problem;
    return true;
}

static bool run(void *context, int64_t *t, struct problem *problem)
{
    (void)context;
    (void)t;
    (void)problem;
    return true;
}

static const struct log *log_of(void *context)
{
    (void)context;
    return &nothing;
}

static void open_course(struct course *c)
{
    struct problem problem;
    const struct course_world world = {enter, act, run, log_of, NULL};
    cr_assert_eq(chdir(SOURCE_DIR), 0); /* the other lessons are looked for in ./lessons */
    log_init(&nothing);
    cr_assert(course_open(c, SOURCE_DIR "/lessons/L03.json", &(struct course_options){.seed = 1},
                          &problem));
    cr_assert(course_enter(c, &world, &problem));
}

static void close_course(struct course *c)
{
    course_close(c);
    log_finish(&nothing);
}

/* The attempt's deeds of step f1, as in "on off on". */
static void expect_deeds(const struct course *c, const char *const *words, size_t count)
{
    const struct workbook_attempt *a = &c->book.attempts.items[0];
    size_t found = 0;
    for (size_t i = 0; i < a->deeds.count; i++) {
        if (!slice_equal(a->deeds.items[i].step, SLICE("f1")))
            continue;
        cr_assert_lt(found, count);
        cr_expect(slice_equal(a->deeds.items[i].text, slice_of(words[found])), "%zu: %.*s", found,
                  SLICE_ARG(a->deeds.items[i].text));
        found++;
    }
    cr_expect_eq(found, count);
}

Test(course, a_switch_that_is_pressed_three_times_at_once_is_kept_three_times)
{
    static struct course c;
    static const char *const words[] = {"fault imap-a-down on", "fault imap-a-down off",
                                        "fault imap-a-down on"};
    struct live_action items[4];
    struct live_plan plan = {.items = items};
    open_course(&c);
    /* what the scene has set up is planned, too */
    items[plan.count++] = (struct live_action){0, c.scenes[0]->setup.items[0], SLICE("")};
    for (size_t i = 0; i < 3; i++) {
        items[plan.count++] = (struct live_action){5, slice_of(words[i]), SLICE("f1")};
        course_adopt(&c, &plan, 5);
        expect_deeds(&c, words, i + 1);
    }
    plan.count--; /* taken back, one after the other */
    course_adopt(&c, &plan, 5);
    expect_deeds(&c, words, 2);
    plan.count--;
    course_adopt(&c, &plan, 5);
    expect_deeds(&c, words, 1);
    close_course(&c);
}

Test(course, it_knows_which_lesson_comes_next)
{
    static struct course c;
    open_course(&c);
    cr_expect(slice_equal(c.view.next_id, SLICE("L04")), "%.*s", SLICE_ARG(c.view.next_id));
    cr_expect(c.view.next_title.size > 0);
    close_course(&c);
}
