#include "support_smtp.h"

static const struct smtp_reply ok = {250, {"2.0.0", 5}, {"ok", 2}};

void smtp_role_init(struct smtp_role *role)
{
    *role = (struct smtp_role){0};
    bytes_init(&role->log, SIZE_MAX / 2);
    bytes_init(&role->content, SIZE_MAX / 2);
}

void smtp_role_finish(struct smtp_role *role)
{
    bytes_finish(&role->log);
    bytes_finish(&role->content);
}

static struct smtp_reply judge_sender(struct slice path)
{
    if (slice_starts(path, SLICE("spam@")))
        return (struct smtp_reply){550, SLICE("5.7.1"), SLICE("not from you")};
    if (slice_starts(path, SLICE("bye@")))
        return (struct smtp_reply){421, SLICE("4.3.2"), SLICE("going down")};
    return (struct smtp_reply){250, SLICE("2.1.0"), SLICE("sender ok")};
}

static struct smtp_reply judge_recipient(struct slice path)
{
    static const char *const known[] = {
        "bob@example.org",        "bea@example.org", "carol@example.org",      "full@example.org",
        "postmaster@example.org", "postmaster",      "pel\xC3\xA9@example.org"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (slice_equal_fold(path, slice_of(known[i])))
            return (struct smtp_reply){250, SLICE("2.1.5"), SLICE("recipient ok")};
    if (slice_starts(path, SLICE("busy@")))
        return (struct smtp_reply){450, SLICE("4.2.1"), SLICE("mailbox busy")};
    if (slice_starts(path, SLICE("bye@")))
        return (struct smtp_reply){421, SLICE("4.3.2"), SLICE("going down")};
    return (struct smtp_reply){550, SLICE("5.1.1"), SLICE("no such user")};
}

static struct smtp_reply judge_message(struct smtp_role *role, struct slice content,
                                       size_t recipient)
{
    if (role->is_lmtp && recipient < role->recipient_count && role->is_full[recipient])
        return (struct smtp_reply){452, SLICE("4.2.2"), SLICE("mailbox full")};
    if (slice_find(content, SLICE("X-Refuse:"), 0) != SLICE_NONE)
        return (struct smtp_reply){554, SLICE("5.6.0"), SLICE("refused content")};
    if (slice_find(content, SLICE("X-Defer:"), 0) != SLICE_NONE)
        return (struct smtp_reply){451, SLICE("4.3.0"), SLICE("try later")};
    role->accepted++;
    bytes_clear(&role->content);
    bytes_append(&role->content, content);
    return (struct smtp_reply){250, SLICE("2.0.0"), SLICE("taken")};
}

static void log_line(struct smtp_role *role, const char *what, struct slice text)
{
    bytes_append(&role->log, slice_of(what));
    bytes_append(&role->log, text);
    bytes_append_octet(&role->log, '\n');
}

static const char *const mechanisms[] = {"PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256", "none"};

static void log_auth(struct smtp_role *role, const struct smtp_server_event *e, const char *what)
{
    bytes_printf(&role->log, "%s %s %.*s%s\n", what, mechanisms[e->mechanism], SLICE_ARG(e->user),
                 e->kind == SMTP_SERVER_AUTH ? ""
                 : e->is_ok                  ? " ok"
                                             : " failed");
}

static void log_mail(struct smtp_role *role, const struct smtp_server_event *e)
{
    static const char *const returns[] = {"", " RET=FULL", " RET=HDRS"};
    bytes_append(&role->log, SLICE("MAIL <"));
    bytes_append(&role->log, e->path);
    bytes_printf(&role->log, "> %llu%s%s%s%s%.*s\n", (unsigned long long)e->size,
                 e->is_8bit ? " 8bit" : "", e->is_utf8 ? " utf8" : "", returns[e->ret],
                 e->envid.size ? " ENVID=" : "", SLICE_ARG(e->envid));
    role->recipient_count = 0;
}

static void log_rcpt(struct smtp_role *role, const struct smtp_server_event *e)
{
    bytes_append(&role->log, SLICE("RCPT "));
    bytes_append(&role->log, e->path);
    if (e->notify)
        bytes_printf(&role->log, " NOTIFY%s%s%s%s", e->notify & SMTP_NOTIFY_NEVER ? " never" : "",
                     e->notify & SMTP_NOTIFY_SUCCESS ? " success" : "",
                     e->notify & SMTP_NOTIFY_FAILURE ? " failure" : "",
                     e->notify & SMTP_NOTIFY_DELAY ? " delay" : "");
    if (e->orcpt.size)
        bytes_printf(&role->log, " ORCPT=%.*s", SLICE_ARG(e->orcpt));
    bytes_append_octet(&role->log, '\n');
}

static struct smtp_reply take_recipient(struct smtp_role *role, const struct smtp_server_event *e)
{
    struct smtp_reply reply = judge_recipient(e->path);
    log_rcpt(role, e);
    if (reply.code == 250 && role->recipient_count < SMTP_ROLE_RECIPIENTS)
        role->is_full[role->recipient_count++] = slice_starts(e->path, SLICE("full@"));
    return reply;
}

static struct smtp_reply judge_list(struct slice path)
{
    if (slice_equal_fold(path, SLICE("staff")))
        return (struct smtp_reply){250, SLICE("2.1.5"),
                                   SLICE("Bob <bob@example.org>\nBea <bea@example.org>")};
    return (struct smtp_reply){550, SLICE("5.1.1"), SLICE("no such list")};
}

static struct smtp_reply judge_node(struct slice path)
{
    if (slice_equal_fold(path, SLICE("example.org")))
        return (struct smtp_reply){250, SLICE("2.0.0"), SLICE("queuing started")};
    return (struct smtp_reply){459, SLICE("4.7.1"), SLICE("not for you")};
}

/* One line for the message: its CRLF as '|'. */
static void log_content(struct smtp_role *role, struct slice content)
{
    bytes_append(&role->log, SLICE("MESSAGE "));
    for (size_t i = 0; i < content.size; i++)
        if (content.data[i] != '\n')
            bytes_append_octet(&role->log, content.data[i] == '\r' ? '|' : content.data[i]);
    bytes_append_octet(&role->log, '\n');
}

/* Writes the event down; true when it asks for the verdict that is given in *reply. */
static bool judge(struct smtp_role *role, const struct smtp_server_event *e,
                  struct smtp_reply *reply)
{
    switch (e->kind) {
    case SMTP_SERVER_COMMAND:
        role->commands++;
        return false;
    case SMTP_SERVER_REPLIED:
        role->replies++;
        return false;
    case SMTP_SERVER_RESET:
        log_line(role, "RESET", SLICE(""));
        return false;
    case SMTP_SERVER_QUIT:
        log_line(role, "QUIT", SLICE(""));
        return false;
    case SMTP_SERVER_HELO:
        log_line(role, e->is_extended ? "EHLO " : "HELO ", e->name);
        *reply = slice_equal(e->name, SLICE("refused.example"))
                     ? (struct smtp_reply){550, SLICE("5.7.1"), SLICE("not you")}
                     : ok;
        return true;
    case SMTP_SERVER_AUTH:
        log_auth(role, e, "AUTH");
        return true;
    case SMTP_SERVER_AUTH_DONE:
        log_auth(role, e, "AUTH-DONE");
        return false;
    case SMTP_SERVER_STARTTLS:
        log_line(role, "STARTTLS", SLICE(""));
        *reply = role->has_no_tls
                     ? (struct smtp_reply){454, SLICE("4.7.0"), SLICE("no TLS for now")}
                     : (struct smtp_reply){220, SLICE("2.0.0"), SLICE("go ahead")};
        return true;
    case SMTP_SERVER_SECURED:
        log_line(role, "SECURED", SLICE(""));
        return false;
    case SMTP_SERVER_MAIL:
        log_mail(role, e);
        *reply = judge_sender(e->path);
        return true;
    case SMTP_SERVER_RCPT:
        *reply = take_recipient(role, e);
        return true;
    case SMTP_SERVER_VRFY:
        log_line(role, "VRFY ", e->path);
        *reply = (struct smtp_reply){252, SLICE("2.1.5"), SLICE("send it and see")};
        return true;
    case SMTP_SERVER_EXPN:
        log_line(role, "EXPN ", e->path);
        *reply = judge_list(e->path);
        return true;
    case SMTP_SERVER_ETRN:
        log_line(role, "ETRN ", e->path);
        *reply = judge_node(e->path);
        return true;
    case SMTP_SERVER_MESSAGE:
        if (role->is_lmtp)
            bytes_printf(&role->log, "%zu ", e->recipient);
        log_content(role, e->content);
        *reply = judge_message(role, e->content, e->recipient);
        return true;
    }
    return false;
}

void smtp_role_serve(struct smtp_role *role, struct smtp_server *s)
{
    struct smtp_server_event e, none;
    struct smtp_reply reply;
    static const struct slice password = {"secret", 6};
    while (smtp_server_next(s, &e)) {
        if (!judge(role, &e, &reply))
            continue;
        bool is_alice = slice_equal(e.user, SLICE("alice"));
        bool is_password = e.kind == SMTP_SERVER_AUTH;
        role->late += smtp_server_next(s, &none);
        if (is_password)
            smtp_server_password(s, is_alice ? &password : NULL);
        else
            smtp_server_answer(s, &reply);
    }
}

void support_drain(struct session *s, struct bytes *to)
{
    for (struct slice next = session_to_send(s); next.size > 0; next = session_to_send(s)) {
        bytes_append(to, next);
        session_sent(s, next.size);
    }
}
