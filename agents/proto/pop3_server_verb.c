#include "agents/proto/pop3_server_part.h"

#include "agents/proto/pop3_text.h"

enum { CONTENT_GROWTH = 64 }; /* dots, mostly none, and the end */

/* ---- the maildrop ---- */

/* Messages not marked, and their octets (RFC 1939 5, STAT: marked ones are not counted). */
static size_t count_messages(const struct pop3_server *s, uint64_t *octets)
{
    size_t count = 0;
    *octets = 0;
    for (size_t i = 0; i < s->messages.count; i++) {
        if (s->messages.items[i].is_deleted)
            continue;
        count++;
        *octets += s->messages.items[i].size;
    }
    return count;
}

void pop3_server_answer_maildrop(struct pop3_server *s)
{
    uint64_t octets;
    size_t count = count_messages(s, &octets);
    struct pop3_server_mark mark = pop3_server_mark(s);
    pop3_server_conclude(s, mark, true, pop3_text_put_maildrop(&s->base.out, count, octets));
}

/* The message a number means: from 1, and not marked (RFC 1939 5). False: it was refused. */
static bool find_message(struct pop3_server *s, struct slice number)
{
    uint64_t n;
    if (!slice_to_u64(number, &n)) {
        pop3_server_fault(s, SLICE("a message number is expected"));
        return false;
    }
    if (n < 1 || n > s->messages.count) {
        pop3_server_fault(s, SLICE("no such message"));
        return false;
    }
    if (s->messages.items[n - 1].is_deleted) {
        pop3_server_fault(s, SLICE("the message is marked as deleted"));
        return false;
    }
    s->message = (size_t)(n - 1);
    return true;
}

/* ---- one function a verb ---- */

void pop3_server_do_stat(struct pop3_server *s, struct slice argument)
{
    (void)argument;
    uint64_t octets;
    size_t count = count_messages(s, &octets);
    struct pop3_server_mark mark = pop3_server_mark(s);
    pop3_server_conclude(s, mark, true, pop3_text_put_stat(&s->base.out, count, octets));
}

/* The part of a LIST or UIDL answer that is about message i. */
static bool write_listing(struct pop3_server *s, size_t i)
{
    const struct pop3_server_message *m = &s->messages.items[i];
    if (s->verb == POP3_VERB_UIDL)
        return pop3_text_put_uid(&s->base.out, i + 1, slice_of(m->uid));
    return pop3_text_put_size(&s->base.out, i + 1, m->size);
}

static void list_one(struct pop3_server *s, struct slice number)
{
    if (!find_message(s, number))
        return;
    struct pop3_server_mark mark = pop3_server_mark(s);
    bool fits = bytes_append(&s->base.out, SLICE("+OK ")) && write_listing(s, s->message);
    pop3_server_conclude(s, mark, true, fits);
}

void pop3_server_do_list(struct pop3_server *s, struct slice argument)
{
    if (argument.size > 0) {
        list_one(s, argument);
        return;
    }
    struct pop3_server_mark mark = pop3_server_mark(s);
    struct bytes *out = &s->base.out;
    if (s->verb == POP3_VERB_UIDL)
        pop3_server_answer(s, true, SLICE("unique-ids follow"));
    else
        pop3_server_answer_maildrop(s);
    bool fits = s->has_reply;
    for (size_t i = 0; i < s->messages.count && fits; i++)
        fits = s->messages.items[i].is_deleted || write_listing(s, i);
    pop3_server_conclude(s, mark, true, fits && bytes_append(out, SLICE(".\r\n")));
}

void pop3_server_do_retr(struct pop3_server *s, struct slice argument)
{
    if (!find_message(s, argument))
        return;
    s->is_top = false;
    pop3_server_ask(s, POP3_SERVER_RETRIEVE);
}

void pop3_server_do_top(struct pop3_server *s, struct slice argument)
{
    struct slice number = {0};
    slice_cut(&argument, ' ', &number);
    if (!slice_to_u64(slice_trim(argument), &s->top_lines)) {
        pop3_server_fault(s, SLICE("a message number and a number of lines are expected"));
        return;
    }
    if (!find_message(s, number))
        return;
    s->is_top = true;
    pop3_server_ask(s, POP3_SERVER_RETRIEVE);
}

void pop3_server_do_dele(struct pop3_server *s, struct slice argument)
{
    if (!find_message(s, argument))
        return;
    s->messages.items[s->message].is_deleted = true;
    struct pop3_server_mark mark = pop3_server_mark(s);
    pop3_server_conclude(s, mark, true, pop3_text_put_marked(&s->base.out, s->message + 1));
}

void pop3_server_do_rset(struct pop3_server *s, struct slice argument)
{
    (void)argument;
    for (size_t i = 0; i < s->messages.count; i++)
        s->messages.items[i].is_deleted = false;
    pop3_server_answer_maildrop(s);
}

void pop3_server_do_noop(struct pop3_server *s, struct slice argument)
{
    (void)argument;
    pop3_server_answer(s, true, SLICE(""));
}

void pop3_server_do_quit(struct pop3_server *s, struct slice argument)
{
    (void)argument;
    if (s->state == POP3_STATE_TRANSACTION) {
        /* who was told that nothing may be left here has what was fetched removed (RFC 2449 6.7) */
        for (size_t i = 0; i < s->messages.count && s->options.expire_days == 0; i++)
            s->messages.items[i].is_deleted |= s->messages.items[i].is_fetched;
        pop3_server_enter(s, POP3_STATE_UPDATE);
        pop3_server_ask(s, POP3_SERVER_UPDATE);
        return;
    }
    pop3_server_answer(s, true, SLICE("bye"));
    pop3_server_enter(s, POP3_STATE_CLOSED);
}

/* ---- what the role says ---- */

static bool write_content(struct pop3_server *s, struct slice header, struct slice body)
{
    struct bytes *out = &s->base.out;
    if (!(s->is_top ? bytes_append(out, SLICE("+OK the top follows\r\n"))
                    : pop3_text_put_octets(out, header.size + body.size)))
        return false;
    (void)bytes_reserve(out, header.size + body.size + CONTENT_GROWTH);
    session_cut(&s->base);
    if (!pop3_text_stuff(header, out))
        return false;
    session_cut(&s->base);
    if (!pop3_text_stuff(s->is_top ? pop3_text_top(body, s->top_lines) : body, out))
        return false;
    session_cut(&s->base);
    return bytes_append(out, SLICE(".\r\n"));
}

void pop3_server_content(struct pop3_server *s, struct slice header, struct slice body)
{
    pop3_server_take_verdict(s, POP3_SERVER_RETRIEVE);
    struct pop3_server_mark mark = pop3_server_mark(s);
    if (write_content(s, header, body)) {
        s->messages.items[s->message].is_fetched |= !s->is_top;
        pop3_server_conclude(s, mark, true, true);
        return;
    }
    pop3_server_take_back(s, mark);
    pop3_server_answer(s, false, SLICE("[SYS/TEMP] the message is too large to be sent now"));
}

void pop3_server_updated(struct pop3_server *s, bool ok)
{
    pop3_server_take_verdict(s, POP3_SERVER_UPDATE);
    pop3_server_answer(s, ok, ok ? SLICE("bye") : SLICE("some deleted messages were not removed"));
    pop3_server_enter(s, POP3_STATE_CLOSED);
    /* QUIT was given: what was removed is, even if the reply found no room */
    s->is_broken_off = false;
}
