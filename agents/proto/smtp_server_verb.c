#include "agents/proto/smtp_server_verb.h"

#include "agents/mail/address.h"
#include "sim/base/base64.h"
#include "agents/proto/sasl.h"
#include "agents/proto/smtp_path.h"

static bool refuse_syntax(struct smtp_server *s, const char *text)
{
    return smtp_server_refuse(s, s->verb, 501, "5.5.4", text);
}

static bool do_hello(struct smtp_server *s, struct slice argument, struct smtp_server_event *event)
{
    if (!smtp_hello_name_is_valid(argument))
        return refuse_syntax(s, "a domain or an address literal is wanted");
    event->name = argument;
    event->is_extended = s->verb == SMTP_VERB_EHLO;
    return smtp_server_ask(s, SMTP_SERVER_HELO, event);
}

/* ---- MAIL, RCPT ---- */

enum { HAS_SIZE = 1, HAS_BODY = 2, HAS_AUTH = 4 };

/* Which parameter this is, if it is offered in this session; else 0. */
static unsigned find_parameter(const struct smtp_server *s, struct slice keyword)
{
    if (!s->is_extended)
        return 0;
    if (s->options.size_max && slice_equal_fold(keyword, SLICE("SIZE")))
        return HAS_SIZE;
    if (s->options.offers_8bitmime && slice_equal_fold(keyword, SLICE("BODY")))
        return HAS_BODY;
    return s->options.offers_auth && slice_equal_fold(keyword, SLICE("AUTH")) ? HAS_AUTH : 0;
}

/* False when the value does not fit the parameter. AUTH= is read and not believed (RFC 4954 5). */
static bool take_value(unsigned which, struct slice value, struct smtp_server_event *event)
{
    if (which == HAS_SIZE)
        return value.size <= 20 && slice_to_u64(value, &event->size); /* RFC 1870 3 */
    if (which == HAS_BODY)
        event->is_8bit = slice_equal_fold(value, SLICE("8BITMIME"));
    if (which == HAS_BODY)
        return event->is_8bit || slice_equal_fold(value, SLICE("7BIT"));
    return value.size > 0;
}

/* False when the parameters were refused. */
static bool read_parameters(struct smtp_server *s, struct slice rest,
                            struct smtp_server_event *event)
{
    unsigned seen = 0;
    while (rest.size > 0) {
        struct smtp_parameter parameter;
        if (!smtp_parameter_read(&rest, &parameter))
            return refuse_syntax(s, "syntax error in the parameters");
        unsigned which = find_parameter(s, parameter.keyword);
        if (!which) /* RFC 5321 4.1.1.11 */
            return smtp_server_refuse(s, s->verb, 555, "5.5.4", "unknown parameter");
        if ((seen & which) || !take_value(which, parameter.value, event))
            return refuse_syntax(s, "bad value of a parameter");
        seen |= which;
    }
    return true;
}

/* FROM:<path> or TO:<path>; what follows stays in *argument. False when refused. */
static bool read_path(struct smtp_server *s, struct slice prefix, struct slice *argument,
                      struct slice *path)
{
    if (!slice_starts_fold(*argument, prefix))
        return refuse_syntax(s, s->verb == SMTP_VERB_MAIL ? "FROM:<address> is wanted"
                                                          : "TO:<address> is wanted");
    *argument = slice_part(*argument, prefix.size, argument->size);
    if (!smtp_path_read(argument, path))
        return refuse_syntax(s, "syntax error in the address");
    return true;
}

/* Only a submission server completes addresses (RFC 6409 4.2). */
static bool needs_domain(const struct smtp_server *s, struct slice path)
{
    return !s->options.is_submission && path.size > 0 && address_domain(path).size == 0;
}

static bool do_mail(struct smtp_server *s, struct slice argument, struct smtp_server_event *event)
{
    if (!read_path(s, SLICE("FROM:"), &argument, &event->path))
        return false;
    if (needs_domain(s, event->path))
        return refuse_syntax(s, "the address has no domain");
    if (!read_parameters(s, argument, event))
        return false;
    if (s->options.size_max && event->size > s->options.size_max) /* RFC 1870 6.1 */
        return smtp_server_say(s, s->verb, 552, "5.3.4", "message too big");
    return smtp_server_ask(s, SMTP_SERVER_MAIL, event);
}

static bool do_rcpt(struct smtp_server *s, struct slice argument, struct smtp_server_event *event)
{
    if (!read_path(s, SLICE("TO:"), &argument, &event->path))
        return false;
    if (event->path.size == 0)
        return refuse_syntax(s, "a recipient is wanted");
    /* Postmaster needs no domain (RFC 5321 4.1.1.3) */
    if (needs_domain(s, event->path) && !slice_equal_fold(event->path, SLICE("postmaster")))
        return refuse_syntax(s, "the address has no domain");
    if (argument.size > 0) {
        struct smtp_parameter parameter;
        if (!smtp_parameter_read(&argument, &parameter))
            return refuse_syntax(s, "syntax error in the parameters");
        return smtp_server_refuse(s, s->verb, 555, "5.5.4", "unknown parameter");
    }
    if (s->recipient_count >= s->options.recipients_max)
        return smtp_server_say(s, s->verb, 452, "4.5.3", "too many recipients");
    return smtp_server_ask(s, SMTP_SERVER_RCPT, event);
}

/* ---- AUTH PLAIN (RFC 4954, 4616) ---- */

/* Back to GREETED with a refusal. */
static bool refuse_auth(struct smtp_server *s, int code, const char *esc, const char *text)
{
    smtp_server_enter(s, SMTP_STATE_GREETED);
    bytes_release(&s->text);
    return smtp_server_refuse(s, SMTP_VERB_AUTH, code, esc, text);
}

static bool take_response(struct smtp_server *s, struct slice text, struct smtp_server_event *event)
{
    struct sasl_plain plain;
    bytes_clear(&s->text);
    if (!base64_read(text, &s->text) || !sasl_plain_read(bytes_slice(&s->text), &plain))
        return refuse_auth(s, 501, "5.5.2", "cannot decode the response");
    if (plain.authorization.size > 0 && !slice_equal(plain.authorization, plain.user))
        return refuse_auth(s, 535, "5.7.8", "no user may act for another");
    event->user = plain.user;
    event->password = plain.password;
    event->mechanism = SLICE("PLAIN");
    return smtp_server_ask(s, SMTP_SERVER_AUTH, event);
}

bool smtp_server_auth_line(struct smtp_server *s, struct slice line,
                           struct smtp_server_event *event)
{
    if (slice_equal(line, SLICE("*")))
        return refuse_auth(s, 501, "5.7.0", "authentication cancelled");
    return take_response(s, line, event);
}

static bool do_auth(struct smtp_server *s, struct slice argument, struct smtp_server_event *event)
{
    struct slice mechanism = {0};
    if (!s->options.offers_auth)
        return smtp_server_refuse(s, s->verb, 502, "5.5.1", "command not implemented");
    if (!s->is_extended || s->is_authenticated)
        return smtp_server_refuse(s, s->verb, 503, "5.5.1",
                                  s->is_extended ? "already authenticated" : "EHLO comes first");
    if (!slice_cut(&argument, ' ', &mechanism) || mechanism.size == 0)
        return refuse_syntax(s, "a mechanism is wanted");
    if (!slice_equal_fold(mechanism, SLICE("PLAIN")))
        return smtp_server_refuse(s, s->verb, 504, "5.5.4", "unknown mechanism");
    smtp_server_enter(s, SMTP_STATE_AUTH);
    if (argument.size == 0)
        return smtp_server_say(s, s->verb, 334, "", "");
    /* "=" is an initial response of no octets */
    return take_response(s, slice_equal(argument, SLICE("=")) ? SLICE("") : argument, event);
}

/* ---- the rest ---- */

static bool do_data(struct smtp_server *s, struct slice argument, struct smtp_server_event *event)
{
    (void)argument, (void)event;
    smtp_server_enter(s, SMTP_STATE_DATA);
    return smtp_server_say(s, s->verb, 354, "", "end the message with <CR><LF>.<CR><LF>");
}

static bool do_rset(struct smtp_server *s, struct slice argument, struct smtp_server_event *event)
{
    (void)argument, (void)event;
    smtp_server_give_up(s);
    return smtp_server_say(s, s->verb, 250, "2.0.0", "ok");
}

static bool do_noop(struct smtp_server *s, struct slice argument, struct smtp_server_event *event)
{
    (void)argument, (void)event;
    return smtp_server_say(s, s->verb, 250, "2.0.0", "ok");
}

static bool do_quit(struct smtp_server *s, struct slice argument, struct smtp_server_event *event)
{
    (void)argument, (void)event;
    smtp_server_quit(s);
    return false;
}

static bool do_vrfy(struct smtp_server *s, struct slice argument, struct smtp_server_event *event)
{
    if (argument.size == 0)
        return refuse_syntax(s, "a user is wanted");
    event->path = argument;
    return smtp_server_ask(s, SMTP_SERVER_VRFY, event);
}

static bool do_expn(struct smtp_server *s, struct slice argument, struct smtp_server_event *event)
{
    (void)argument, (void)event;
    return smtp_server_refuse(s, s->verb, 502, "5.5.1", "command not implemented");
}

/* Shows the rule table, the whole or one verb's line. */
static bool do_help(struct smtp_server *s, struct slice argument, struct smtp_server_event *event)
{
    (void)event;
    struct bytes text;
    bytes_init(&text, SMTP_REPLY_LINE_MAX * SMTP_VERB_COUNT);
    for (int verb = 0; verb < SMTP_VERB_UNKNOWN; verb++) {
        const struct smtp_rule *rule = &smtp_rules[verb];
        if (argument.size > 0 && !slice_equal_fold(argument, slice_of(rule->verb)))
            continue;
        bytes_printf(&text, "%s%s%s%s", bytes_size(&text) ? "\n" : "", rule->verb,
                     rule->argument[0] ? " " : "", rule->argument);
    }
    bool is_known = bytes_size(&text) > 0;
    bytes_append_octet(&text, '\0');
    if (is_known)
        smtp_server_say(s, s->verb, 214, "2.0.0", bytes_slice(&text).data);
    else
        smtp_server_refuse(s, s->verb, 504, "5.5.4", "no help on that");
    bytes_finish(&text);
    return false;
}

/* ---- one command ---- */

static bool do_unknown(struct smtp_server *s, struct slice argument,
                       struct smtp_server_event *event)
{
    (void)argument, (void)event;
    return smtp_server_refuse(s, SMTP_VERB_UNKNOWN, 500, "5.5.1", "command not recognized");
}

/* What each verb does where smtp_rules lets it. True when *event asks for a verdict. */
static bool (*const actions[SMTP_VERB_COUNT])(struct smtp_server *s, struct slice argument,
                                              struct smtp_server_event *event) = {
    [SMTP_VERB_EHLO] = do_hello,      [SMTP_VERB_HELO] = do_hello, [SMTP_VERB_MAIL] = do_mail,
    [SMTP_VERB_RCPT] = do_rcpt,       [SMTP_VERB_DATA] = do_data,  [SMTP_VERB_RSET] = do_rset,
    [SMTP_VERB_NOOP] = do_noop,       [SMTP_VERB_QUIT] = do_quit,  [SMTP_VERB_VRFY] = do_vrfy,
    [SMTP_VERB_EXPN] = do_expn,       [SMTP_VERB_HELP] = do_help,  [SMTP_VERB_AUTH] = do_auth,
    [SMTP_VERB_UNKNOWN] = do_unknown,
};

enum smtp_verb smtp_server_split(struct slice line, struct slice *argument)
{
    while (line.size > 0 && (line.data[line.size - 1] == ' ' || line.data[line.size - 1] == '\t'))
        line.size--;
    size_t space = slice_find_octet(line, ' ', 0);
    *argument = slice_part(line, space == SLICE_NONE ? line.size : space + 1, line.size);
    return smtp_verb_find(slice_part(line, 0, space));
}

/* CR, LF and NUL have no place in a command: they are how one line is made to look like two. */
static bool has_control(struct slice line)
{
    return slice_find_line_end(line, 0) < line.size ||
           slice_find_octet(line, '\0', 0) != SLICE_NONE;
}

/*
 * A client that pipelines has sent RCPT and DATA before it could know that MAIL or all its RCPT
 * were refused (RFC 2920 3.1): that is no mistake to be counted.
 */
static bool refuse_order(struct smtp_server *s)
{
    if (s->state == SMTP_STATE_SENDER && s->verb == SMTP_VERB_DATA && s->recipients_refused > 0)
        return smtp_server_say(s, s->verb, 554, "5.5.1", "no valid recipients");
    const char *text = s->is_refusing                   ? "no service here"
                       : s->state == SMTP_STATE_READY   ? "EHLO comes first"
                       : s->state == SMTP_STATE_GREETED ? "MAIL comes first"
                       : s->verb == SMTP_VERB_DATA      ? "RCPT comes first"
                                                        : "not within a transaction";
    if (s->sender_refused && (s->verb == SMTP_VERB_RCPT || s->verb == SMTP_VERB_DATA))
        return smtp_server_say(s, s->verb, 503, "5.5.1", text);
    return smtp_server_refuse(s, s->verb, 503, "5.5.1", text);
}

/* All but AUTH, EHLO, HELO, NOOP, RSET, QUIT (RFC 4954 6). */
static bool needs_auth(const struct smtp_server *s)
{
    bool is_about_mail = s->verb == SMTP_VERB_MAIL || s->verb == SMTP_VERB_RCPT ||
                         s->verb == SMTP_VERB_DATA || s->verb == SMTP_VERB_VRFY ||
                         s->verb == SMTP_VERB_EXPN || s->verb == SMTP_VERB_HELP;
    return is_about_mail && s->options.auth_required && !s->is_authenticated;
}

bool smtp_server_command(struct smtp_server *s, struct slice line, struct smtp_server_event *event)
{
    struct slice argument;
    s->verb = smtp_server_split(line, &argument);
    const struct smtp_rule *rule = &smtp_rules[s->verb];
    if (has_control(line))
        return smtp_server_refuse(s, s->verb, 500, "5.5.2", "CR, LF or NUL within a command");
    if (s->verb == SMTP_VERB_UNKNOWN)
        return do_unknown(s, argument, event);
    if (s->verb == SMTP_VERB_MAIL)
        s->sender_refused = true; /* until a verdict says otherwise */
    bool is_refused = s->is_refusing && s->verb != SMTP_VERB_QUIT;
    if (is_refused || !(rule->legal_states & 1u << s->state))
        return refuse_order(s);
    if (needs_auth(s))
        return smtp_server_refuse(s, s->verb, 530, "5.7.0", "authentication required");
    if (rule->argument[0] == '\0' && argument.size > 0)
        return refuse_syntax(s, "no argument is wanted");
    return actions[s->verb](s, argument, event);
}
