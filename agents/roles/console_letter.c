/* mail -s and sendmail: a message is typed and handed to the MTA of this host. mailq: what waits.
 */
#include "agents/mail/address.h"
#include "agents/mail/header.h"
#include "agents/mail/message.h"
#include "agents/roles/console_part.h"
#include "sim/base/problem.h"
#include "agents/roles/mua.h"
#include "agents/roles/sendmail.h"

enum { LETTER_GROWTH = 64 * 1024, RCPTS_MAX = 100 };

/* ---- whom it is from, and for ---- */

static struct slice author(const struct console *c)
{
    uint32_t host = net_host_of(c->office->net, c->agent);
    const struct office_agent *mua = office_find_agent(c->office, host, &mua_role);
    struct slice own = config_text(c->config, "user");
    if (own.size == 0 && mua)
        own = config_text(mua->config, "user");
    return own.size > 0 ? own : SLICE("root");
}

static void start_letter(struct console *c)
{
    bytes_clear(&c->letter);
    c->rcpts = arena_take(&c->arena, RCPTS_MAX * sizeof *c->rcpts);
    c->rcpt_count = 0;
    c->subject = SLICE("");
    c->sender = author(c);
    c->is_raw = c->is_from_header = false;
}

static void add_rcpt(struct console *c, struct slice address)
{
    if (c->rcpt_count < RCPTS_MAX && address.size > 0)
        c->rcpts[c->rcpt_count++] = address;
}

static void read_options(struct console *c, const struct console_line *words, bool is_sendmail)
{
    for (size_t i = 1; i < words->count; i++) {
        struct slice word = words->items[i];
        bool has_next = i + 1 < words->count;
        if (slice_equal(word, SLICE("-t")) && is_sendmail)
            c->is_from_header = true;
        else if (slice_equal(word, SLICE("-f")) && is_sendmail && has_next)
            c->sender = words->items[++i];
        else if (slice_equal(word, SLICE("-s")) && !is_sendmail && has_next)
            c->subject = words->items[++i];
        else if (!slice_starts(word, SLICE("-")))
            add_rcpt(c, word);
    }
}

static bool check_rcpts(struct console *c)
{
    struct address address;
    for (size_t i = 0; i < c->rcpt_count; i++)
        if (!address_read(c->rcpts[i], &address)) {
            console_printf(c, "\"%.*s\" is no mail address\n",
                           SLICE_ARG(slice_part(c->rcpts[i], 0, 100)));
            return false;
        }
    if (c->rcpt_count == 0)
        console_say(c, SLICE("nobody to send to\n"));
    return c->rcpt_count > 0;
}

static void begin(struct console *c)
{
    if (!sendmail_exists(c->office, c->agent))
        console_say(c, SLICE("there is no MTA on this host to hand mail to\n"));
    else if (c->is_from_header || check_rcpts(c)) {
        console_say(c, SLICE("[end with a line of one dot]\n"));
        console_wait(c, CONSOLE_LETTER);
        return;
    }
    console_done(c);
}

void console_compose(struct console *c, const struct console_line *words)
{
    start_letter(c);
    read_options(c, words, false);
    begin(c);
}

/* ---- the message ---- */

static bool write_draft(struct console *c, struct bytes *content)
{
    struct slice to = SLICE("");
    for (size_t i = 0; i < c->rcpt_count; i++)
        to = arena_join(&c->arena, (struct slice[]){to, i ? SLICE(", ") : SLICE(""), c->rcpts[i]},
                        3);
    return message_write(
        &(struct message_draft){
            .from = c->sender, .to = to, .subject = c->subject, .body = bytes_slice(&c->letter)},
        content);
}

/* A text that does not begin with a field has an empty header. */
static bool begins_with_field(struct slice text)
{
    size_t colon = slice_find_octet(text, ':', 0);
    size_t blank = slice_find_either(text, ' ', '\n', 0);
    return colon != SLICE_NONE && colon > 0 && colon < blank;
}

/* The header as it was typed, without Bcc when that was read from it (RFC 5322 3.6.3). */
static bool write_raw(struct console *c, struct bytes *content)
{
    struct slice header, body;
    struct header_field field;
    struct bytes text;
    bool ok = true;
    bytes_init(&text, CONSOLE_TYPED_MAX + LETTER_GROWTH);
    if (!begins_with_field(bytes_slice(&c->letter)))
        ok = bytes_append(content, SLICE("\r\n"));
    ok = ok && message_crlf(bytes_slice(&c->letter), &text);
    header_split(bytes_size(content) ? SLICE("") : bytes_slice(&text), &header, &body);
    if (bytes_size(content))
        body = bytes_slice(&text);
    bool has_header = header.size > 0;
    while (ok && header_next(&header, &field)) {
        bool is_bcc = slice_equal_fold(field.name, SLICE("Bcc"));
        if (!(c->is_from_header && is_bcc))
            ok = bytes_append(content, field.whole);
    }
    ok = ok && (!has_header || bytes_append(content, SLICE("\r\n"))) && bytes_append(content, body);
    bytes_finish(&text);
    return ok;
}

static void read_header_rcpts(struct console *c)
{
    static const char *const names[] = {"To", "Cc", "Bcc"};
    struct slice header, body;
    struct header_field field;
    struct address_mailbox mailbox;
    header_split(bytes_slice(&c->letter), &header, &body);
    for (size_t i = 0; i < 3; i++)
        for (unsigned n = 1; n <= RCPTS_MAX && header_find(header, slice_of(names[i]), n, &field);
             n++)
            while (address_next(&field.value, &mailbox))
                add_rcpt(c, arena_copy(&c->arena, mailbox.address));
}

static void hand_over(struct console *c, struct slice content)
{
    struct problem problem = {0};
    struct slice to = c->rcpts[0];
    for (size_t i = 1; i < c->rcpt_count; i++)
        to = arena_join(&c->arena, (struct slice[]){to, SLICE(", "), c->rcpts[i]}, 3);
    uint32_t msg = office_new_message(c->office, c->agent, c->sender, to, c->subject, content);
    if (sendmail_submit(c->office,
                        &(struct sendmail_mail){.by = c->agent,
                                                .msg = msg,
                                                .reverse_path = c->sender,
                                                .forward_paths = c->rcpts,
                                                .recipient_count = c->rcpt_count,
                                                .content = content},
                        &problem))
        console_say(c, SLICE("[handed to the MTA]\n"));
    else
        console_printf(c, "%s\n", problem.what);
}

static void finish_letter(struct console *c)
{
    struct bytes content;
    bytes_init(&content, 2 * CONSOLE_TYPED_MAX + LETTER_GROWTH);
    if (c->is_from_header)
        read_header_rcpts(c);
    if (check_rcpts(c)) {
        if (c->is_raw ? write_raw(c, &content) : write_draft(c, &content))
            hand_over(c, bytes_slice(&content));
        else
            console_say(c, SLICE("the message is too long\n"));
    }
    bytes_finish(&content);
    bytes_clear(&c->letter);
    console_done(c);
}

void console_letter_line(struct console *c, struct slice line)
{
    if (slice_equal(slice_trim(line), SLICE(".")) && line.size <= 2) {
        finish_letter(c);
        return;
    }
    struct slice texts[] = {line, SLICE("\n")};
    if (!bytes_append_all(&c->letter, texts, 2)) {
        console_say(c, SLICE("[the message is too long: what follows is left out]\n"));
        console_flush(c);
    }
}

/* ---- queues ---- */

static void say_queue(struct console *c, const struct queue *queue)
{
    struct bytes list;
    bytes_init(&list, CONSOLE_SHOWN_MAX);
    queue_print(queue, &list);
    console_say(c, bytes_slice(&list));
    bytes_finish(&list);
}

static size_t walk_queues(struct console *c, bool flushes)
{
    const struct office_agent *a = NULL;
    size_t count = 0;
    while ((a = office_next_at(c->office, net_host_of(c->office->net, c->agent), a))) {
        struct queue *queue = a->role->queue ? a->role->queue(a->self) : NULL;
        if (!queue)
            continue;
        count++;
        if (flushes)
            queue_flush(queue);
        else
            say_queue(c, queue);
    }
    if (count == 0)
        console_say(c, SLICE("there is no queue on this host\n"));
    return count;
}

void console_mailq(struct console *c, const struct console_line *words)
{
    (void)words;
    if (walk_queues(c, false) > 0 && bytes_size(&c->out) == 0)
        console_say(c, SLICE("the queue is empty\n"));
    console_done(c);
}

void console_sendmail(struct console *c, const struct console_line *words)
{
    if (slice_equal(words->items[1], SLICE("-q"))) {
        if (walk_queues(c, true) > 0)
            console_say(c, SLICE("[everything that waits is tried now]\n"));
        console_done(c);
    } else if (slice_equal(words->items[1], SLICE("-bp"))) {
        console_mailq(c, words);
    } else {
        start_letter(c);
        read_options(c, words, true);
        c->is_raw = true;
        begin(c);
    }
}
