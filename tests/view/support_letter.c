#include "tests/view/support_letter.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "sim/base/vtime.h"
#include "tests/view/support_list.h"

void letter_begin(struct letter *letter)
{
    *letter = (struct letter){0};
    story_world(&letter->story, true);
    support_list_init(&letter->list);
    arena_init(&letter->arena);
}

void letter_end(struct letter *letter)
{
    view_destroy(letter->view);
    draw_finish(&letter->list);
    arena_finish(&letter->arena);
    story_finish(&letter->story);
}

uint32_t letter_add(struct letter *letter, enum event_kind kind, const void *fields)
{
    struct log *log = &letter->story.log;
    letter->story.t += VTIME_S;
    return log_add(log, letter->story.t, log_count(log) - 1, kind, 0, fields);
}

static uint32_t text(struct letter *letter, const char *words)
{
    return story_text(&letter->story, words);
}

void letter_written(struct letter *letter, struct slice content)
{
    struct story *s = &letter->story;
    letter_add(letter, EVENT_MESSAGE,
               &(struct event_message){s->alice, 1, text(letter, "alice@example.com"),
                                       text(letter, "bob@example.org"), text(letter, "Hello"),
                                       log_intern(&s->log, content)});
}

uint32_t letter_conn(struct letter *letter, uint32_t from, uint32_t to, uint32_t port)
{
    uint32_t conn = ++letter->story.conns;
    letter_add(letter, EVENT_TCP_CONNECT,
               &(struct event_tcp_connect){conn, from, to, port, 49152, text(letter, "")});
    letter_add(letter, EVENT_TCP_OPEN, &(struct event_tcp_open){conn, text(letter, "ok")});
    return conn;
}

void letter_command(struct letter *letter, uint32_t conn, const char *verb, const char *arg)
{
    letter_add(letter, EVENT_SMTP_CMD,
               &(struct event_smtp_cmd){conn, text(letter, verb), text(letter, arg), 1});
}

void letter_reply(struct letter *letter, uint32_t conn, const char *verb, uint32_t code)
{
    letter_add(letter, EVENT_SMTP_REPLY,
               &(struct event_smtp_reply){conn, text(letter, verb), code, text(letter, ""),
                                          text(letter, "so it is"), 1});
}

void letter_accepted(struct letter *letter, uint32_t at, uint32_t conn, struct slice header,
                     struct slice body)
{
    struct log *log = &letter->story.log;
    letter_add(letter, EVENT_ACCEPT,
               &(struct event_accept){at, 1, conn, text(letter, "A1"), log_intern(log, header),
                                      log_intern(log, body)});
}

void letter_delivered(struct letter *letter, struct slice header, struct slice body)
{
    struct story *s = &letter->story;
    letter_add(letter, EVENT_DELIVER,
               &(struct event_deliver){s->store, 1, text(letter, "bob@example.org/INBOX"),
                                       text(letter, "bob@example.org"), log_intern(&s->log, header),
                                       log_intern(&s->log, body)});
}

void letter_draw(struct letter *letter)
{
    view_draw(letter->view, &letter->list, 1920, 1080);
}

void letter_show(struct letter *letter, const char *tab)
{
    char name[64];
    if (!letter->view)
        letter->view = view_create(&letter->story.log);
    view_seek(letter->view, log_end(&letter->story.log));
    letter_draw(letter);
    snprintf(name, sizeof name, "tab-%s", tab);
    cr_assert(view_press_widget(letter->view, name), "no %s", name);
    letter_draw(letter);
}

struct slice letter_told(struct letter *letter)
{
    return view_told(letter->view, &letter->arena);
}

bool letter_tells(struct letter *letter, const char *words)
{
    return slice_find(letter_told(letter), slice_of(words), 0) != SLICE_NONE;
}
