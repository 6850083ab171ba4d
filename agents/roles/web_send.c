/* How webmail sends: it submits in the name of who wrote, and tells the browser what came of it. */
#include "agents/mail/address.h"
#include "agents/mail/message.h"
#include "agents/roles/web_part.h"

enum { RCPTS_MAX = 32, CONTENT_MAX = HTTP_BODY_MAX };

/* ---- what the submission server says ---- */

static void on_recipient(void *context, uint64_t tag, size_t index,
                         const struct transfer_outcome *o)
{
    struct web_visit *v = context;
    (void)tag;
    if (o->reply.code / 100 == 2)
        return;
    v->refused_count++;
    v->failure = arena_printf(&v->arena, "%.*s was not taken: %d %.*s", SLICE_ARG(v->rcpts[index]),
                              o->reply.code, SLICE_ARG(o->reply.text));
}

static void on_done(void *context, uint64_t tag)
{
    (void)tag;
    web_sent(context);
}

/* ---- the letter ---- */

static struct slice find(struct web_visit *v, struct slice form, const char *name)
{
    struct bytes value;
    bytes_init(&value, HTTP_BODY_MAX);
    (void)http_form_find(form, name, &value);
    struct slice kept = arena_copy(&v->arena, bytes_slice(&value));
    bytes_finish(&value);
    return kept;
}

/* A line end in a field would start another one. */
static struct slice one_line(struct slice text)
{
    return slice_part(text, 0, slice_find_line_end(text, 0));
}

static bool read_recipients(struct web_visit *v, struct slice list)
{
    struct address_mailbox mailbox;
    struct address address;
    v->rcpt_count = v->refused_count = 0;
    while (v->rcpt_count < RCPTS_MAX && address_next(&list, &mailbox)) {
        if (mailbox.address.size == 0)
            continue;
        if (!address_read_utf8(mailbox.address, &address))
            return false;
        v->rcpts[v->rcpt_count++] = mailbox.address;
    }
    return v->rcpt_count > 0;
}

static struct sending sending_of(const struct web_visit *v)
{
    const struct config *config = v->web->config;
    struct sending s = {.user = v->user, .password = v->password, .allows_clear = true};
    sending_set_tls(&s, config_text(config, "submit_tls"));
    sending_set_mechanism(&s, SLICE("auto"));
    s.is_tls_first = slice_equal(config_text(config, "submit_tls"), SLICE("implicit"));
    return s;
}

static void submit(struct web_visit *v, uint32_t msg)
{
    const struct config *config = v->web->config;
    struct transfer_options options = {
        .agent = v->web->agent,
        .next = config_text(config, "submit"),
        .port = (uint32_t)config_number(config, "submit_port"),
        .sending = sending_of(v),
        .msg = msg,
        .transaction = {.reverse_path = v->user,
                        .forward_paths = v->rcpts,
                        .recipient_count = v->rcpt_count,
                        .is_8bit = message_is_8bit(bytes_slice(&v->content))},
    };
    header_split(bytes_slice(&v->content), &options.transaction.header, &options.transaction.body);
    options.transaction.is_utf8 = message_is_8bit(options.transaction.header);
    v->is_asking = true;
    transfer_start(
        v->web->transfers, &options,
        &(struct transfer_user){.recipient = on_recipient, .done = on_done, .context = v});
}

void web_send(struct web_visit *v, struct slice form)
{
    struct slice to = one_line(find(v, form, "to"));
    struct slice subject = one_line(find(v, form, "subject"));
    const struct office_account *account = office_find_account(v->web->office, v->user);
    struct slice from = v->user;
    if (!read_recipients(v, to)) {
        web_answer_problem(v, 400, SLICE("That is no list of mail addresses."));
        return;
    }
    if (account && account->name.size > 0)
        from = arena_printf(&v->arena, "%.*s <%.*s>", SLICE_ARG(account->name), SLICE_ARG(v->user));
    struct message_draft draft = {.from = from,
                                  .to = to,
                                  .subject = subject,
                                  .user_agent = SLICE("mailflow webmail"),
                                  .body = find(v, form, "body")};
    v->content.ceiling = CONTENT_MAX;
    bytes_clear(&v->content);
    if (!message_write(&draft, &v->content)) {
        web_answer_problem(v, 413, SLICE("The message is too large."));
        return;
    }
    submit(v, office_new_message(v->web->office, v->web->agent, v->user, to, subject,
                                 bytes_slice(&v->content)));
}
