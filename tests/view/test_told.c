#include <criterion/criterion.h>

#include "render/view/state.h"
#include "tests/scene/support_log.h"
#include "tests/view/support_list.h"

static bool tells(struct view *view, const char *words)
{
    struct arena arena;
    arena_init(&arena);
    bool is_told = slice_find(view_told(view, &arena), slice_of(words), 0) != SLICE_NONE;
    arena_finish(&arena);
    return is_told;
}

static int64_t time_of(const struct log *log, enum event_kind kind)
{
    for (uint32_t id = 0; id < log_count(log); id++)
        if (log_at(log, id)->kind == kind)
            return log_at(log, id)->t;
    cr_assert(false, "no such event");
    return 0;
}

/* Curriculum 5.3: every picture has a text twin that is made from the trace. */
Test(told, the_picture_in_words_has_the_time_the_messages_and_the_hosts)
{
    struct story s;
    struct draw_list list;
    story_world(&s, true);
    story_first_mail(&s);
    support_list_init(&list);
    struct view *view = view_create(&s.log);
    view_seek(view, time_of(&s.log, EVENT_DELIVER));
    view_draw(view, &list, 1280, 800);
    cr_expect(tells(view, "09:00:0"));
    cr_expect(tells(view, "Message 1, \xE2\x80\x9CHello\xE2\x80\x9D: delivered: it lies in the "
                          "store at mx1; 3 Received fields."));
    cr_expect(tells(view, "mx1: 1 in store."));
    cr_expect(!tells(view, "pc-alice:"), "of a host that has nothing nothing is told");
    view_destroy(view);
    draw_finish(&list);
    story_finish(&s);
}

Test(told, a_key_shows_it_and_another_asks_for_a_copy)
{
    struct story s;
    struct draw_list list;
    struct view_request request;
    story_world(&s, true);
    story_first_mail(&s);
    support_list_init(&list);
    struct view *view = view_create(&s.log);
    support_key(view, 'w');
    cr_expect(support_shows(view, &list, "The picture in words"));
    cr_assert(view_press_widget(view, "copy"));
    cr_assert(view_take_request(view, &request));
    cr_expect_eq(request.kind, VIEW_REQUEST_COPY);
    support_key(view, INPUT_KEY_ESCAPE);
    cr_expect(!support_shows(view, &list, "The picture in words"));
    view_destroy(view);
    draw_finish(&list);
    story_finish(&s);
}
