/* A mail program writes: new messages, answers, what is passed on; and submits them. */
#include "agents/roles/mua_part.h"

#include <stdlib.h>
#include <string.h>

#include "agents/mail/address.h"
#include "agents/mail/header.h"
#include "agents/mail/message_again.h"
#include "agents/mail/message_reply.h"
#include "agents/roles/sendmail.h"
#include "sim/base/memory.h"

enum {
    RECIPIENTS_MAX = 1000,
    SUBMISSION_PORT = 587,
    SUBMISSIONS_PORT = 465 /* RFC 8314 7.3 */
};

/* ---- the envelope ---- */

struct paths {
    VECTOR(struct slice) list;
};

static bool is_among(const struct paths *paths, struct slice path)
{
    for (size_t i = 0; i < paths->list.count; i++)
        if (address_equal(paths->list.items[i], path))
            return true;
    return false;
}

/* Somebody who is named twice gets one copy. */
static bool add_recipients(struct slice list, struct paths *paths, struct problem *problem)
{
    struct address_mailbox mailbox;
    while (address_next(&list, &mailbox)) {
        struct address address;
        if (mailbox.address.size == 0)
            continue;
        if (!address_read_utf8(mailbox.address, &address))
            return problem_set(problem, "\"%.*s\" is not a mail address; expected name@domain",
                               SLICE_ARG(slice_part(mailbox.address, 0, 80)));
        if (paths->list.count == RECIPIENTS_MAX)
            return problem_set(problem, "more than %d recipients", RECIPIENTS_MAX);
        if (!is_among(paths, mailbox.address))
            *vector_add(&paths->list) = mailbox.address;
    }
    return true;
}

static struct slice author(const struct mua *mua, struct arena *arena)
{
    const struct office_account *account = office_find_account(mua->office, mua->user);
    if (!account || account->name.size == 0)
        return mua->user;
    const struct slice parts[] = {account->name, SLICE(" <"), mua->user, SLICE(">")};
    return arena_join(arena, parts, 4);
}

/* RFC 6531 3.4: an address or a header beyond ASCII needs servers that know of it. */
static bool needs_utf8(const struct queue_mail *mail)
{
    bool is_8bit = message_is_8bit(mail->header) || message_is_8bit(mail->reverse_path);
    for (size_t i = 0; i < mail->recipient_count && !is_8bit; i++)
        is_8bit = message_is_8bit(mail->forward_paths[i]);
    return is_8bit;
}

/* The same for each recipient; NULL when no notice is asked for or declined. */
static struct queue_notify *ask_for_notices(const struct mua *mua, size_t count)
{
    if (mua->notify == 0)
        return NULL;
    struct queue_notify *notify = memory_take(count * sizeof *notify);
    for (size_t i = 0; i < count; i++)
        notify[i].when = mua->notify;
    return notify;
}

static void put_into_outbox(struct mua *mua, uint32_t msg, struct slice content,
                            const struct paths *paths)
{
    char id[OFFICE_ID];
    struct queue_notify *notify = ask_for_notices(mua, paths->list.count);
    struct queue_mail mail = {.id = office_new_id(mua->office, mua->agent, id),
                              .msg = msg,
                              .reverse_path = mua->user,
                              .forward_paths = paths->list.items,
                              .recipient_count = paths->list.count,
                              .is_8bit = message_is_8bit(content),
                              .ret = mua->ret,
                              .notify = notify};
    if (notify) /* RFC 3461 4.4: names this sending in the notices about it */
        mail.envid = mail.id;
    header_split(content, &mail.header, &mail.body);
    mail.is_utf8 = needs_utf8(&mail);
    queue_add(mua->outbox, &mail);
    free(notify);
}

/* The old way: a program of this host takes it, and it is in a queue when that returns. */
static bool hand_to_sendmail(struct mua *mua, uint32_t msg, struct slice content,
                             const struct paths *paths, struct problem *problem)
{
    const struct sendmail_mail mail = {.by = mua->agent,
                                       .msg = msg,
                                       .reverse_path = mua->user,
                                       .forward_paths = paths->list.items,
                                       .recipient_count = paths->list.count,
                                       .content = content,
                                       .notify = mua->notify,
                                       .ret = mua->ret};
    return sendmail_submit(mua->office, &mail, problem);
}

static void keep_copy(struct mua *mua, struct slice content, uint32_t msg)
{
    struct slice folder = config_text(mua->config, "sent_folder"), header, body;
    header_split(content, &header, &body);
    if (folder.size == 0)
        return;
    if (mua->way == MUA_BY_IMAP)
        mua_imap_ask_append(mua->imap, folder, header, body, msg);
    else
        mua_folder_add(mua, folder, header, body, msg);
}

static bool uses_sendmail(const struct mua *mua)
{
    return slice_equal(config_text(mua->config, "outgoing_by"), SLICE("sendmail"));
}

bool mua_can_send(const struct mua *mua)
{
    return mua->outbox != NULL || uses_sendmail(mua);
}

static bool submit(struct mua *mua, const struct message_draft *draft, struct slice content,
                   const struct paths *paths, struct problem *problem)
{
    struct sim *sim = mua->office->sim;
    uint32_t msg =
        office_new_message(mua->office, mua->agent, mua->user, draft->to, draft->subject, content);
    uint32_t cause = sim->cause;
    if (!uses_sendmail(mua))
        put_into_outbox(mua, msg, content, paths);
    else if (!hand_to_sendmail(mua, msg, content, paths, problem))
        return false;
    sim->cause = cause;
    keep_copy(mua, content, msg);
    sim->cause = cause;
    return true;
}

/* ---- the message ---- */

static struct slice type_of(struct slice name)
{
    static const struct {
        const char *end, *type;
    } rows[] = {{".txt", "text/plain"}, {".png", "image/png"},       {".jpg", "image/jpeg"},
                {".html", "text/html"}, {".pdf", "application/pdf"}, {".zip", "application/zip"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (slice_ends_fold(name, slice_of(rows[i].end)))
            return slice_of(rows[i].type);
    return SLICE("");
}

/* Those of the letter behind those that the draft has already. */
static void add_attachments(const struct mua_letter *letter, struct arena *arena,
                            struct message_draft *draft)
{
    size_t count = draft->attachment_count + letter->attachment_count;
    struct mime_attachment *all = arena_take(arena, count * sizeof *all);
    if (draft->attachment_count)
        memcpy(all, draft->attachments, draft->attachment_count * sizeof *all);
    for (size_t i = 0; i < letter->attachment_count; i++) {
        const struct mua_attachment *a = &letter->attachments[i];
        all[draft->attachment_count + i] =
            (struct mime_attachment){a->name, type_of(a->name), a->content};
    }
    draft->attachments = all;
    draft->attachment_count = count;
}

static bool is_ready(const struct mua *mua, struct problem *problem)
{
    if (!mua_can_send(mua))
        return problem_set(problem, "%.*s's mail program has no outgoing server",
                           SLICE_ARG(mua->user));
    return net_host_is_up(mua->office->net, mua->agent) ||
           problem_set(problem, "%.*s's computer is off", SLICE_ARG(mua->user));
}

static bool add_all(const struct message_draft *draft, const struct mua_letter *letter,
                    struct paths *paths, struct problem *problem)
{
    return add_recipients(draft->to, paths, problem) && add_recipients(draft->cc, paths, problem) &&
           add_recipients(letter->bcc, paths, problem) &&
           (paths->list.count > 0 ||
            problem_set(problem, "nobody to send to; expected to=name@domain"));
}

/* Its own header, or the fields of one that is written here. */
static bool write_content(struct message_draft *draft, const struct mua_letter *letter,
                          struct arena *arena, struct bytes *content, struct problem *problem)
{
    struct header_field field;
    struct bytes subject;
    bool fits =
        letter->whole.size ? message_again(letter->whole, content) : message_write(draft, content);
    if (!fits)
        return problem_set(problem, "the message is larger than %d octets", MUA_MESSAGE_MAX);
    if (letter->whole.size && header_find(bytes_slice(content), SLICE("Subject"), 1, &field)) {
        bytes_init(&subject, SIZE_MAX);
        (void)mime_decode_words(field.value, &subject); /* there is room for all */
        draft->subject = arena_copy(arena, bytes_slice(&subject));
        bytes_finish(&subject);
    }
    return true;
}

/* Date and Message-ID are left to the submission server, Bcc stays with us (RFC 5322 3.6.3). */
static bool send(struct mua *mua, struct message_draft *draft, const struct mua_letter *letter,
                 struct arena *arena, struct problem *problem)
{
    struct paths paths = {0};
    struct bytes content;
    bytes_init(&content, MUA_MESSAGE_MAX);
    draft->from = author(mua, arena);
    draft->user_agent = SLICE("mailflow");
    add_attachments(letter, arena, draft);
    bool ok = add_all(draft, letter, &paths, problem) &&
              write_content(draft, letter, arena, &content, problem);
    ok = ok && submit(mua, draft, bytes_slice(&content), &paths, problem);
    bytes_finish(&content);
    vector_finish(&paths.list);
    return ok;
}

bool mua_send(struct mua *mua, const struct mua_letter *letter, struct problem *problem)
{
    struct arena arena;
    if (!is_ready(mua, problem))
        return false;
    arena_init(&arena);
    struct message_draft draft = {
        .to = letter->to, .cc = letter->cc, .subject = letter->subject, .body = letter->body};
    bool ok = send(mua, &draft, letter, &arena, problem);
    arena_finish(&arena);
    return ok;
}

static struct slice join_lists(struct arena *arena, struct slice a, struct slice b)
{
    if (a.size == 0 || b.size == 0)
        return a.size ? a : b;
    return arena_join(arena, (struct slice[]){a, SLICE(", "), b}, 3);
}

/* The message says of itself that it was answered (RFC 9051 2.3.2) or passed on. */
static void mark(struct mua *mua, const struct mua_choice *choice, const char *flag)
{
    struct problem ignored;
    const struct mua_act act = {
        .deed = MUA_FLAG, .choice = *choice, .flag = slice_of(flag), .on = true};
    (void)mua_act(mua, &act, &ignored);
}

static bool answer(struct mua *mua, const struct mua_choice *choice, bool is_reply, bool to_all,
                   const struct mua_letter *letter, struct problem *problem)
{
    struct mua_message message;
    struct message_draft draft = {0};
    struct arena arena;
    struct mime mime;
    if (!is_ready(mua, problem) || !mua_find(mua, choice, &message, problem))
        return false;
    arena_init(&arena);
    mime_read(&mime, message.content);
    if (is_reply)
        message_reply(&mime, mua->user, to_all, &arena, &draft);
    else
        message_forward(&mime, &arena, &draft);
    draft.to = join_lists(&arena, draft.to, letter->to);
    draft.cc = join_lists(&arena, draft.cc, letter->cc);
    const char *between = letter->body.size && draft.body.size ? "\n\n" : "";
    draft.body =
        arena_join(&arena, (struct slice[]){letter->body, slice_of(between), draft.body}, 3);
    bool ok = send(mua, &draft, letter, &arena, problem);
    mime_finish(&mime);
    arena_finish(&arena);
    if (ok)
        mark(mua, choice, is_reply ? "\\Answered" : "$Forwarded");
    return ok;
}

bool mua_reply(struct mua *mua, const struct mua_choice *choice, bool to_all,
               const struct mua_letter *letter, struct problem *problem)
{
    return answer(mua, choice, true, to_all, letter, problem);
}

bool mua_forward(struct mua *mua, const struct mua_choice *choice, const struct mua_letter *letter,
                 struct problem *problem)
{
    return answer(mua, choice, false, false, letter, problem);
}

/* ---- the outbox ---- */

/* Who has no outbox gets a window in the face, and the message is gone. */
static void refused(void *context, uint32_t msg, struct slice rcpt, struct slice reason)
{
    struct mua *mua = context;
    struct sim *sim = mua->office->sim;
    struct arena arena;
    (void)msg;
    arena_init(&arena);
    mua_show(mua, arena_printf(&arena, "your message to %.*s could not be sent: %.*s",
                               SLICE_ARG(rcpt), SLICE_ARG(reason)));
    if (!config_bool(mua->config, "outbox")) {
        struct slice id = log_place_name(&sim->log, mua->agent);
        struct slice what = arena_printf(&arena, "error-dialog-%.*s", SLICE_ARG(id));
        sim_emit(sim, EVENT_UI,
                 &(struct event_ui){mua_text(mua, SLICE("screen")), mua_text(mua, what)});
    }
    arena_finish(&arena);
}

static struct sending sending_of(const struct config *config, const struct office_account *account)
{
    struct sending s = {
        .user = account ? account->address : SLICE(""),
        .password = account ? account->password : SLICE(""),
        .allows_clear = config_bool(config, "auth_clear"),
        .announces_size = true, /* so that the person sees who refuses it, and why */
        .chunk_octets = config_bool(config, "chunking") ? SENDING_CHUNK_OCTETS : 0,
    };
    sending_set_tls(&s, config_text(config, "tls"));
    sending_set_mechanism(&s, config_text(config, "auth_mechanism"));
    return s;
}

/* RFC 8314 7.3: TLS from the first octet has a port of its own. */
static uint32_t submission_port(const struct config *config)
{
    int64_t port = config_number(config, "port");
    bool is_first = slice_equal(config_text(config, "tls"), SLICE("implicit"));
    return is_first && port == SUBMISSION_PORT ? SUBMISSIONS_PORT : (uint32_t)port;
}

static struct queue_options outbox_options(struct mua *mua)
{
    const struct config *config = mua->config;
    const struct office_account *account = office_find_account(mua->office, mua->user);
    bool logs_in = config_bool(config, "auth") && account;
    return (struct queue_options){
        .agent = mua->agent,
        .plan = queue_plan_find(config_bool(config, "outbox") ? SLICE("outbox") : SLICE("once")),
        .next = config_text(config, "outgoing"),
        .next_port = submission_port(config),
        .sending = sending_of(config, logs_in ? account : NULL),
        .is_outbox = true,
        .refused = refused,
        .context = mua,
    };
}

/* RFC 3461 4.1 */
static unsigned read_notify(struct slice word)
{
    static const struct {
        const char *word;
        unsigned when;
    } rows[] = {{"never", SMTP_NOTIFY_NEVER},
                {"success", SMTP_NOTIFY_SUCCESS},
                {"failure", SMTP_NOTIFY_FAILURE},
                {"delay", SMTP_NOTIFY_DELAY},
                {"all", SMTP_NOTIFY_SUCCESS | SMTP_NOTIFY_FAILURE | SMTP_NOTIFY_DELAY}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (slice_equal(word, slice_of(rows[i].word)))
            return rows[i].when;
    return 0;
}

/* RFC 3461 4.3 */
static enum smtp_return read_return(struct slice word)
{
    if (slice_equal(word, SLICE("headers")))
        return SMTP_RETURN_HEADERS;
    return slice_equal(word, SLICE("full")) ? SMTP_RETURN_FULL : SMTP_RETURN_UNSAID;
}

/* An outbox that was there stays, for what waits in it. */
void mua_write_configure(struct mua *mua)
{
    struct queue_options options = outbox_options(mua);
    mua->notify = read_notify(config_text(mua->config, "notify"));
    mua->ret = read_return(config_text(mua->config, "return"));
    if (options.next.size == 0)
        return;
    if (mua->outbox)
        queue_configure(mua->outbox, &options);
    else
        mua->outbox = queue_create(mua->office, &options);
}
