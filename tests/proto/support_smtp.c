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
    static const char *const known[] = {"bob@example.org", "bea@example.org", "carol@example.org",
                                        "postmaster@example.org", "postmaster"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (slice_equal_fold(path, slice_of(known[i])))
            return (struct smtp_reply){250, SLICE("2.1.5"), SLICE("recipient ok")};
    if (slice_starts(path, SLICE("busy@")))
        return (struct smtp_reply){450, SLICE("4.2.1"), SLICE("mailbox busy")};
    if (slice_starts(path, SLICE("bye@")))
        return (struct smtp_reply){421, SLICE("4.3.2"), SLICE("going down")};
    return (struct smtp_reply){550, SLICE("5.1.1"), SLICE("no such user")};
}

static struct smtp_reply judge_user(const struct smtp_server_event *e)
{
    if (slice_equal(e->user, SLICE("alice")) && slice_equal(e->password, SLICE("secret")))
        return (struct smtp_reply){235, SLICE("2.7.0"), SLICE("welcome")};
    return (struct smtp_reply){535, SLICE("5.7.8"), SLICE("wrong user or password")};
}

static struct smtp_reply judge_message(struct smtp_role *role, struct slice content)
{
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

static void log_mail(struct smtp_role *role, const struct smtp_server_event *e)
{
    bytes_append(&role->log, SLICE("MAIL <"));
    bytes_append(&role->log, e->path);
    bytes_printf(&role->log, "> %llu%s\n", (unsigned long long)e->size, e->is_8bit ? " 8bit" : "");
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
        log_line(role, "AUTH ", e->user);
        *reply = judge_user(e);
        return true;
    case SMTP_SERVER_MAIL:
        log_mail(role, e);
        *reply = judge_sender(e->path);
        return true;
    case SMTP_SERVER_RCPT:
        log_line(role, "RCPT ", e->path);
        *reply = judge_recipient(e->path);
        return true;
    case SMTP_SERVER_VRFY:
        log_line(role, "VRFY ", e->path);
        *reply = (struct smtp_reply){252, SLICE("2.1.5"), SLICE("send it and see")};
        return true;
    case SMTP_SERVER_MESSAGE:
        log_content(role, e->content);
        *reply = judge_message(role, e->content);
        return true;
    }
    return false;
}

void smtp_role_serve(struct smtp_role *role, struct smtp_server *s)
{
    struct smtp_server_event e, none;
    struct smtp_reply reply;
    while (smtp_server_next(s, &e)) {
        if (!judge(role, &e, &reply))
            continue;
        role->late += smtp_server_next(s, &none);
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
