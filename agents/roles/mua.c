#include "agents/roles/mua_part.h"

#include <stdlib.h>

#include "agents/mail/address.h"
#include "agents/mail/header.h"
#include "agents/mail/message.h"
#include "sim/base/memory.h"

enum {
    MESSAGE_MAX = 64 * 1024 * 1024,
    RECIPIENTS_MAX = 1000,
    SUBMISSION_PORT = 587,
    SUBMISSIONS_PORT = 465 /* RFC 8314 7.3 */
};

static const struct config_key keys[] = {
    {"user", CONFIG_ADDRESS, NULL, 0, 0, "", "whose mail program this is"},
    {"outgoing", CONFIG_HOST, NULL, 0, 0, "", "the submission server"},
    {"port", CONFIG_NUMBER, NULL, 1, 65535, "587",
     "the submission server's port; 465 instead of 587 with tls \"implicit\""},
    {"tls", CONFIG_WORD, SENDING_TLS_WORDS_OR_FIRST, 0, 0, "never",
     "encrypt what is submitted: \"implicit\" from the first octet, the others by STARTTLS"},
    {"auth", CONFIG_BOOL, NULL, 0, 0, "true", "log in before submitting"},
    {"auth_mechanism", CONFIG_WORD, SENDING_MECHANISM_WORDS, 0, 0, "plain",
     "how to log in where the server offers it; \"auto\" is the strongest that both know"},
    {"auth_clear", CONFIG_BOOL, NULL, 0, 0, "true",
     "show the password to whoever listens when there is no TLS"},
    {"chunking", CONFIG_BOOL, NULL, 0, 0, "false", "submit by BDAT where that is offered"},
    {"notify", CONFIG_WORD, "default never success failure delay all", 0, 0, "default",
     "which notices to ask for with each message (RFC 3461)"},
    {"return", CONFIG_WORD, "default headers full", 0, 0, "default",
     "how much of the message a notice of failure is to show"},
    {"outbox", CONFIG_BOOL, NULL, 0, 0, "true", "keep what can't be submitted and try again"},
    {"incoming", CONFIG_HOST, NULL, 0, 0, "", "the access server"},
    {"incoming_protocol", CONFIG_WORD, "pop3 imap", 0, 0, "pop3", "how to fetch"},
    {"incoming_port", CONFIG_NUMBER, NULL, 0, 65535, "0",
     "the access server's port; 0: the protocol's own, 110 or 143, or 995 or 993 with incoming_tls "
     "\"implicit\""},
    {"incoming_tls", CONFIG_WORD, MUA_INCOMING_TLS_WORDS, 0, 0, "never",
     "encrypt what is fetched: \"implicit\" from the first octet, the others by STLS; with both "
     "\"verify\" and \"implicit\" the certificate has to be in order"},
    {"incoming_auth", CONFIG_WORD, MUA_INCOMING_AUTH_WORDS, 0, 0, "pass",
     "how to log in where the server offers it; \"auto\" is the strongest that both know, \"pass\" "
     "is USER and PASS"},
    {"incoming_pipelining", CONFIG_BOOL, NULL, 0, 0, "false",
     "send several commands at a time where that is offered"},
    {"pop_delete", CONFIG_BOOL, NULL, 0, 0, "true", "remove from the server what was fetched"},
    {"check_every", CONFIG_DURATION, NULL, 0, 31536000, "0", "fetch by itself; 0 only when asked"},
};

uint32_t mua_text(const struct mua *mua, struct slice s)
{
    return sim_text(mua->office->sim, s);
}

void mua_show(const struct mua *mua, struct slice what)
{
    struct arena arena;
    arena_init(&arena);
    struct slice who = arena_printf(&arena, "%.*s: %.*s", SLICE_ARG(mua->user), SLICE_ARG(what));
    sim_emit(mua->office->sim, EVENT_UI,
             &(struct event_ui){mua_text(mua, SLICE("screen")), mua_text(mua, who)});
    arena_finish(&arena);
}

/* ---- sending ---- */

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

/* Date and Message-ID are left to the submission server, Bcc stays with us (RFC 5322 3.6.3). */
static bool write_letter(const struct mua *mua, const struct mua_letter *letter, struct bytes *out)
{
    struct arena arena;
    arena_init(&arena);
    struct message_draft draft = {.from = author(mua, &arena),
                                  .to = letter->to,
                                  .cc = letter->cc,
                                  .subject = letter->subject,
                                  .user_agent = SLICE("mailflow"),
                                  .body = letter->body};
    bool fits = message_write(&draft, out);
    arena_finish(&arena);
    return fits;
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

static void put_into_outbox(struct mua *mua, const struct mua_letter *letter, struct slice content,
                            const struct paths *paths)
{
    char id[OFFICE_ID];
    struct queue_notify *notify = ask_for_notices(mua, paths->list.count);
    struct queue_mail mail = {.id = office_new_id(mua->office, mua->agent, id),
                              .msg = office_new_message(mua->office, mua->agent, mua->user,
                                                        letter->to, letter->subject, content),
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

bool mua_send(struct mua *mua, const struct mua_letter *letter, struct problem *problem)
{
    if (!mua->outbox)
        return problem_set(problem, "%.*s's mail program has no outgoing server",
                           SLICE_ARG(mua->user));
    if (!net_host_is_up(mua->office->net, mua->agent))
        return problem_set(problem, "%.*s's computer is off", SLICE_ARG(mua->user));
    struct paths paths = {0};
    struct bytes content;
    bytes_init(&content, MESSAGE_MAX);
    bool ok = add_recipients(letter->to, &paths, problem) &&
              add_recipients(letter->cc, &paths, problem) &&
              add_recipients(letter->bcc, &paths, problem);
    if (ok && paths.list.count == 0)
        ok = problem_set(problem, "nobody to send to; expected to=name@domain");
    if (ok && !write_letter(mua, letter, &content))
        ok = problem_set(problem, "the message is larger than %d octets", MESSAGE_MAX);
    if (ok)
        put_into_outbox(mua, letter, bytes_slice(&content), &paths);
    bytes_finish(&content);
    vector_finish(&paths.list);
    return ok;
}

static void refused(void *context, uint32_t msg, struct slice rcpt, struct slice reason)
{
    struct mua *mua = context;
    struct arena arena;
    (void)msg;
    arena_init(&arena);
    mua_show(mua, arena_printf(&arena, "your message to %.*s could not be sent: %.*s",
                               SLICE_ARG(rcpt), SLICE_ARG(reason)));
    arena_finish(&arena);
}

static void check_mail(void *context, uint64_t a, uint64_t b)
{
    struct mua *mua = context;
    struct problem ignored;
    (void)a;
    (void)b;
    (void)mua_fetch(mua, &ignored); /* a computer that is off does not look */
    sim_after_background(mua->office->sim, mua->check_every, check_mail, mua, 0, 0);
}

struct slice mua_user(const struct mua *mua)
{
    return mua->user;
}

/* ---- life cycle ---- */

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

static struct sending sending_of(const struct config *config, const struct office_account *account)
{
    struct sending s = {
        .user = account ? account->address : SLICE(""),
        .password = account ? account->password : SLICE(""),
        .allows_clear = config_bool(config, "auth_clear"),
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

static struct queue *create_outbox(struct mua *mua, const struct config *config)
{
    const struct office_account *account = office_find_account(mua->office, mua->user);
    bool logs_in = config_bool(config, "auth") && account;
    struct queue_options options = {
        .agent = mua->agent,
        .plan = queue_plan_find(config_bool(config, "outbox") ? SLICE("outbox") : SLICE("once")),
        .next = config_text(config, "outgoing"),
        .next_port = submission_port(config),
        .sending = sending_of(config, logs_in ? account : NULL),
        .is_outbox = true,
        .refused = refused,
        .context = mua,
    };
    return options.next.size ? queue_create(mua->office, &options) : NULL;
}

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    struct mua *mua = memory_take(sizeof *mua);
    (void)ports;
    (void)port_count;
    mua->office = office;
    mua->agent = agent;
    mua->user = config_text(config, "user");
    mua->incoming = config_text(config, "incoming");
    mua_fetch_configure(mua, config);
    mua->deletes = config_bool(config, "pop_delete");
    mua->check_every = config_number(config, "check_every");
    mua->notify = read_notify(config_text(config, "notify"));
    mua->ret = read_return(config_text(config, "return"));
    mua->outbox = create_outbox(mua, config);
    if (mua->check_every > 0)
        sim_after_background(office->sim, mua->check_every, check_mail, mua, 0, 0);
    return mua;
}

static void destroy(void *agent)
{
    struct mua *mua = agent;
    queue_destroy(mua->outbox);
    mua_fetch_finish(mua);
    free(mua);
}

static struct queue *queue_of(void *agent)
{
    return ((struct mua *)agent)->outbox;
}

const struct role mua_role = {
    .name = "mua",
    .meaning = "mail user agent: works for a person",
    .keys = keys,
    .key_count = sizeof keys / sizeof *keys,
    .default_listen = "",
    .create = create,
    .destroy = destroy,
    .queue = queue_of,
};
