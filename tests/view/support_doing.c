#include "tests/view/support_doing.h"

#include <criterion/criterion.h>

#include "render/draw/input.h"
#include "render/view/state.h"

static const struct view_field mua_fields[] = {
    {.key = "incoming_protocol",
     .words = "pop3 imap file",
     .fallback = "pop3",
     .meaning = "how to fetch"},
    {.key = "pop_delete",
     .words = "true false",
     .fallback = "true",
     .meaning = "remove from the server what was fetched"},
    {.key = "check_every", .fallback = "0", .meaning = "fetch by itself"},
};
static const struct view_field mta_fields[] = {
    {.key = "next", .fallback = "", .meaning = "the smart host"},
};
static const struct view_role roles[] = {
    {"mua", "works for a person", mua_fields, 3},
    {"mta", "moves mail one hop", mta_fields, 1},
    {"store", "keeps what was delivered", NULL, 0},
};
static const struct view_field disk_fields[] = {
    {.key = "octets", .fallback = "0", .meaning = "what it holds from now on"},
};
static const struct view_field reply_fields[] = {
    {.key = "verb", .fallback = "", .meaning = "the command that gets it", .is_required = true},
    {.key = "code", .fallback = "451", .meaning = "the reply code"},
};
static const struct view_fault_kind faults[] = {
    {"host-down", "it is off", VIEW_TARGET_HOST, "", false, NULL, 0},
    {"disk-full", "no room on its disk", VIEW_TARGET_HOST, "", false, disk_fields, 1},
    {"link-cut", "nothing is carried", VIEW_TARGET_LINK, "", false, NULL, 0},
    {"reply", "a command is refused", VIEW_TARGET_AGENT, "msa mta mda access", false, reply_fields,
     2},
    {"dns-silent", "no question is answered", VIEW_TARGET_AGENT, "dns resolver", false, NULL, 0},
    {"mailbox-gone", "nothing is delivered", VIEW_TARGET_USER, "", false, NULL, 0},
};
static const struct view_value values[] = {
    {{"mua-bob", 7}, {"pop_delete", 10}, {"false", 5}},
};
static const struct view_person people[] = {
    {{"alice@example.com", 17}, {"Alice", 5}},
    {{"bob@example.org", 15}, {"Bob", 3}},
};
static const struct view_record records[] = {
    {{"example.org", 11}, {"MX", 2}, {"10 mx1.example.org", 18}},
};
const struct view_forms support_forms = {roles, faults, values, NULL, people, records,
                                         3,     6,      1,      2,    1,      0};

void doer_begin(struct doer *d)
{
    story_world(&d->story, true);
    support_list_init(&d->list);
    d->view = view_create(&d->story.log);
    view_set_forms(d->view, &support_forms);
    doer_draw(d);
}

void doer_follow(struct doer *d)
{
    view_seek(d->view, log_end(&d->story.log));
    doer_draw(d);
}

void doer_end(struct doer *d)
{
    view_destroy(d->view);
    draw_finish(&d->list);
    story_finish(&d->story);
}

void doer_draw(struct doer *d)
{
    view_draw(d->view, &d->list, 1280, 800);
}

void doer_press(struct doer *d, const char *widget)
{
    doer_draw(d);
    cr_assert(view_press_widget(d->view, widget), "no widget %s", widget);
    doer_draw(d);
}

void doer_menu(struct doer *d, const char *widget)
{
    struct input_event event = {.kind = INPUT_MOVE, .button = 3};
    doer_draw(d);
    cr_assert(view_find_widget(d->view, widget, &event.x, &event.y), "no widget %s", widget);
    view_input(d->view, &event);
    event.kind = INPUT_PRESS;
    view_input(d->view, &event);
    event.kind = INPUT_RELEASE;
    view_input(d->view, &event);
    doer_draw(d);
}

void doer_key(struct doer *d, int key)
{
    support_key(d->view, key);
    doer_draw(d);
}

void doer_fill(struct doer *d, const char *text)
{
    enum { LONGEST = 200 };
    support_key(d->view, INPUT_KEY_END);
    for (int i = 0; i < LONGEST; i++)
        support_key(d->view, INPUT_KEY_BACKSPACE);
    support_type(d->view, text);
    doer_draw(d);
}

bool doer_has(struct doer *d, const char *widget)
{
    float x, y;
    doer_draw(d);
    return view_find_widget(d->view, widget, &x, &y);
}

bool doer_shows(struct doer *d, const char *text)
{
    doer_draw(d);
    for (size_t i = 0; i < d->list.items.count; i++)
        if (d->list.items.items[i].kind == DRAW_TEXT &&
            slice_find(d->list.items.items[i].text, slice_of(text), 0) != SLICE_NONE)
            return true;
    return false;
}

void doer_expect(struct doer *d, const char *line)
{
    struct view_request request;
    bool is_any = view_take_request(d->view, &request);
    cr_assert_eq(is_any, line[0] != '\0', "%s: %s", line, is_any ? request.text : "nothing");
    if (!is_any)
        return;
    cr_expect_eq(request.kind, VIEW_REQUEST_DO);
    cr_expect_str_eq(request.text, line);
}
