#include "agents/mail/address.h"
#include "agents/proto/smtp_path.h"
#include "agents/proto/smtp_server_part.h"

static bool do_hello(struct smtp_server *s, struct slice argument, struct smtp_server_event *event)
{
    if (!smtp_hello_name_is_valid(argument))
        return smtp_server_refuse_syntax(s, "a domain or an address literal is wanted");
    event->name = argument;
    event->is_extended = s->verb != SMTP_VERB_HELO;
    return smtp_server_ask(s, SMTP_SERVER_HELO, event);
}

/* ---- MAIL, RCPT ---- */

/* FROM:<path> or TO:<path>; what follows stays in *argument. False when refused. */
static bool read_path(struct smtp_server *s, struct slice prefix, struct slice *argument,
                      struct slice *path)
{
    if (!slice_starts_fold(*argument, prefix))
        return smtp_server_refuse_syntax(s, s->verb == SMTP_VERB_MAIL ? "FROM:<address> is wanted"
                                                                      : "TO:<address> is wanted");
    *argument = slice_part(*argument, prefix.size, argument->size);
    if (!smtp_path_read(argument, path))
        return smtp_server_refuse_syntax(s, "syntax error in the address");
    return true;
}

/* Only a submission server completes addresses (RFC 6409 4.2). */
static bool needs_domain(const struct smtp_server *s, struct slice path)
{
    return !s->options.is_submission && path.size > 0 && address_domain(path).size == 0;
}

/* RFC 6531 3.5: what is no ASCII needs SMTPUTF8 with MAIL, and 550 there, 553 with RCPT without. */
static bool refuse_utf8(struct smtp_server *s)
{
    if (!s->options.offers_smtputf8)
        return smtp_server_refuse_syntax(s, "syntax error in the address");
    return smtp_server_refuse(s, s->verb, s->verb == SMTP_VERB_MAIL ? 550 : 553, "5.6.7",
                              "a non-ASCII address needs SMTPUTF8");
}

static bool do_mail(struct smtp_server *s, struct slice argument, struct smtp_server_event *event)
{
    if (!read_path(s, SLICE("FROM:"), &argument, &event->path))
        return false;
    if (needs_domain(s, event->path))
        return smtp_server_refuse_syntax(s, "the address has no domain");
    if (!smtp_server_parameters(s, argument, event))
        return false;
    if (slice_is_8bit(event->path) && !event->is_utf8)
        return refuse_utf8(s);
    if (s->options.size_max && event->size > s->options.size_max) /* RFC 1870 6.1 */
        return smtp_server_say(s, s->verb, 552, "5.3.4", "message too big");
    s->is_utf8 = event->is_utf8;
    return smtp_server_ask(s, SMTP_SERVER_MAIL, event);
}

static bool do_rcpt(struct smtp_server *s, struct slice argument, struct smtp_server_event *event)
{
    if (!read_path(s, SLICE("TO:"), &argument, &event->path))
        return false;
    if (event->path.size == 0)
        return smtp_server_refuse_syntax(s, "a recipient is wanted");
    /* Postmaster needs no domain (RFC 5321 4.1.1.3) */
    if (needs_domain(s, event->path) && !slice_equal_fold(event->path, SLICE("postmaster")))
        return smtp_server_refuse_syntax(s, "the address has no domain");
    if (!smtp_server_parameters(s, argument, event))
        return false;
    if (slice_is_8bit(event->path) && !s->is_utf8)
        return refuse_utf8(s);
    if (s->recipient_count >= s->options.recipients_max)
        return smtp_server_say(s, s->verb, 452, "4.5.3", "too many recipients");
    return smtp_server_ask(s, SMTP_SERVER_RCPT, event);
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

/* VRFY and EXPN. A last word SMTPUTF8 says that the reply may have UTF-8 (RFC 6531 3.7.4.2). */
static bool do_lookup(struct smtp_server *s, struct slice argument, struct smtp_server_event *event)
{
    static const struct slice word = {" SMTPUTF8", 9};
    if (s->options.offers_smtputf8 && argument.size > word.size)
        event->is_utf8 =
            slice_equal_fold(slice_part(argument, argument.size - word.size, argument.size), word);
    if (event->is_utf8)
        argument.size -= word.size;
    if (argument.size == 0)
        return smtp_server_refuse_syntax(s, s->verb == SMTP_VERB_VRFY ? "a user is wanted"
                                                                      : "a list is wanted");
    if (slice_is_8bit(argument) && !event->is_utf8)
        return refuse_utf8(s);
    event->path = argument;
    return smtp_server_ask(s, s->verb == SMTP_VERB_VRFY ? SMTP_SERVER_VRFY : SMTP_SERVER_EXPN,
                           event);
}

/* RFC 1985 5.1: a domain, one with "@" in front for its subdomains too, "#" and a queue's name. */
static bool do_etrn(struct smtp_server *s, struct slice argument, struct smtp_server_event *event)
{
    bool has_mark = argument.size > 0 && (argument.data[0] == '@' || argument.data[0] == '#');
    struct slice name = slice_part(argument, has_mark ? 1 : 0, argument.size);
    if (name.size == 0 || name.data[0] == '[' || !smtp_hello_name_is_valid(name))
        return smtp_server_refuse_syntax(s, "a domain is wanted");
    event->path = argument;
    return smtp_server_ask(s, SMTP_SERVER_ETRN, event);
}

static bool do_starttls(struct smtp_server *s, struct slice argument,
                        struct smtp_server_event *event)
{
    (void)argument;
    if (smtp_server_is_secure(s))
        return smtp_server_refuse(s, s->verb, 503, "5.5.1", "TLS is on already");
    if (!s->is_extended)
        return smtp_server_refuse(s, s->verb, 503, "5.5.1", "EHLO comes first");
    return smtp_server_ask(s, SMTP_SERVER_STARTTLS, event);
}

/* LMTP has LHLO, and neither EHLO nor HELO (RFC 2033 4.1). */
static bool is_spoken(const struct smtp_server *s, enum smtp_verb verb)
{
    return smtp_rules[verb].spoken_by &
           (s->options.is_lmtp ? SMTP_SPOKEN_BY_LMTP : SMTP_SPOKEN_BY_SMTP);
}

/* What was known and is not served here is 502 (RFC 5321 4.2.4). */
static bool is_offered(const struct smtp_server *s, enum smtp_verb verb)
{
    const struct smtp_server_options *o = &s->options;
    return !((verb == SMTP_VERB_BDAT && !o->offers_chunking) ||
             (verb == SMTP_VERB_STARTTLS && !o->offers_starttls) ||
             (verb == SMTP_VERB_AUTH && !o->offers_auth) ||
             (verb == SMTP_VERB_ETRN && !o->offers_etrn) ||
             (verb == SMTP_VERB_EXPN && !o->offers_expn) ||
             (verb == SMTP_VERB_HELP && !o->offers_help));
}

/* Shows the rule table, the whole or one verb's line. */
static bool do_help(struct smtp_server *s, struct slice argument, struct smtp_server_event *event)
{
    (void)event;
    struct bytes text;
    bytes_init(&text, SMTP_REPLY_LINE_MAX * SMTP_VERB_COUNT);
    for (int verb = 0; verb < SMTP_VERB_UNKNOWN; verb++) {
        const struct smtp_rule *rule = &smtp_rules[verb];
        bool is_asked = argument.size == 0 || slice_equal_fold(argument, slice_of(rule->verb));
        if (!is_asked || !is_spoken(s, (enum smtp_verb)verb) ||
            !is_offered(s, (enum smtp_verb)verb))
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

/* ---- BDAT (RFC 3030 2) ---- */

/*
 * chunk-size [ SP "LAST" ]. False when nothing can be known about what follows the line; a size
 * that is no number, but starts like one, is such a case, and the only way on is to hang up: those
 * octets must not be taken for commands.
 */
static bool read_chunk_size(struct smtp_server *s, struct slice argument)
{
    struct slice size = {0};
    bool has_more = slice_find_octet(argument, ' ', 0) != SLICE_NONE;
    s->chunk = (struct smtp_server_chunk){0};
    (void)slice_cut(&argument, ' ', &size);
    if (size.size == 0 || size.data[0] < '0' || size.data[0] > '9')
        return smtp_server_refuse_syntax(s, "a number of octets is wanted");
    if (!slice_to_u64(size, &s->chunk.size))
        return smtp_server_say(s, s->verb, 421, "4.5.4", "a chunk of unknown size");
    s->chunk.is_last = has_more && slice_equal_fold(argument, SLICE("LAST"));
    if (has_more && !s->chunk.is_last)
        s->chunk.refusal =
            (struct smtp_server_refusal){501, "5.5.4", "LAST or nothing is wanted", true};
    return true;
}

/* Refused or not, the octets of the chunk come next, and the reply behind them. */
static bool do_chunk(struct smtp_server *s, struct smtp_server_refusal refusal)
{
    if (refusal.code)
        s->chunk.refusal = refusal;
    smtp_server_expect_chunk(s);
    return false;
}

/* ---- one command ---- */

static bool do_none(struct smtp_server *s, struct slice argument, struct smtp_server_event *event)
{
    (void)argument, (void)event;
    return smtp_server_refuse(s, s->verb, 500, "5.5.1", "command not recognized");
}

/* What each verb does where smtp_rules lets it. True when *event asks for a verdict. */
static bool (*const actions[SMTP_VERB_COUNT])(struct smtp_server *s, struct slice argument,
                                              struct smtp_server_event *event) = {
    [SMTP_VERB_EHLO] = do_hello,         [SMTP_VERB_HELO] = do_hello,
    [SMTP_VERB_LHLO] = do_hello,         [SMTP_VERB_MAIL] = do_mail,
    [SMTP_VERB_RCPT] = do_rcpt,          [SMTP_VERB_DATA] = do_data,
    [SMTP_VERB_BDAT] = do_none, /* its own way: smtp_server_command */
    [SMTP_VERB_RSET] = do_rset,          [SMTP_VERB_NOOP] = do_noop,
    [SMTP_VERB_QUIT] = do_quit,          [SMTP_VERB_VRFY] = do_lookup,
    [SMTP_VERB_EXPN] = do_lookup,        [SMTP_VERB_HELP] = do_help,
    [SMTP_VERB_AUTH] = smtp_server_auth, [SMTP_VERB_STARTTLS] = do_starttls,
    [SMTP_VERB_ETRN] = do_etrn,          [SMTP_VERB_UNKNOWN] = do_none,
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

static bool is_sending_verb(enum smtp_verb verb)
{
    return verb == SMTP_VERB_DATA || verb == SMTP_VERB_BDAT;
}

/*
 * A client that pipelines has sent RCPT, DATA and BDAT before it could know that MAIL, all its RCPT
 * or the first chunk were refused (RFC 2920 3.1, 3030 2): that is no mistake to be counted. LMTP
 * wants a 503 where SMTP may say 554 (RFC 2033 4.2).
 */
static struct smtp_server_refusal refuse_order(const struct smtp_server *s)
{
    bool is_sending = is_sending_verb(s->verb);
    if (s->state == SMTP_STATE_SENDER && is_sending && s->recipients_refused > 0)
        return (struct smtp_server_refusal){s->options.is_lmtp ? 503 : 554, "5.5.1",
                                            "no valid recipients", false};
    const char *text = s->is_refusing                   ? "no service here"
                       : s->state == SMTP_STATE_READY   ? "EHLO comes first"
                       : s->state == SMTP_STATE_GREETED ? "MAIL comes first"
                       : s->state == SMTP_STATE_CHUNKS  ? "the last chunk comes first"
                       : is_sending                     ? "RCPT comes first"
                                                        : "not within a transaction";
    bool is_behind = s->sender_refused && (s->verb == SMTP_VERB_RCPT || is_sending);
    return (struct smtp_server_refusal){503, "5.5.1", text, !is_behind};
}

/* All but AUTH, EHLO, HELO, NOOP, RSET, QUIT (RFC 4954 6), and what TLS is made with. */
static bool needs_auth(const struct smtp_server *s)
{
    bool is_free = s->verb == SMTP_VERB_AUTH || s->verb == SMTP_VERB_EHLO ||
                   s->verb == SMTP_VERB_HELO || s->verb == SMTP_VERB_LHLO ||
                   s->verb == SMTP_VERB_NOOP || s->verb == SMTP_VERB_RSET ||
                   s->verb == SMTP_VERB_QUIT || s->verb == SMTP_VERB_STARTTLS;
    return !is_free && s->options.auth_required && !s->is_authenticated;
}

/* All but NOOP, EHLO, STARTTLS and QUIT (RFC 3207 4). */
static bool needs_tls(const struct smtp_server *s)
{
    bool is_free = s->verb == SMTP_VERB_NOOP || s->verb == SMTP_VERB_EHLO ||
                   s->verb == SMTP_VERB_LHLO || s->verb == SMTP_VERB_STARTTLS ||
                   s->verb == SMTP_VERB_QUIT;
    return !is_free && s->options.tls_required && !smtp_server_is_secure(s);
}

/* What speaks against the command before anybody looks at its argument. */
static struct smtp_server_refusal judge(const struct smtp_server *s, struct slice argument)
{
    const struct smtp_rule *rule = &smtp_rules[s->verb];
    if (s->verb == SMTP_VERB_UNKNOWN || !is_spoken(s, s->verb))
        return (struct smtp_server_refusal){500, "5.5.1", "command not recognized", true};
    if (!is_offered(s, s->verb))
        return (struct smtp_server_refusal){502, "5.5.1", "command not implemented", true};
    if (needs_tls(s))
        return (struct smtp_server_refusal){530, "5.7.0", "STARTTLS comes first", true};
    bool is_refused = s->is_refusing && s->verb != SMTP_VERB_QUIT;
    if (is_refused || !(rule->legal_states & 1u << s->state))
        return refuse_order(s);
    if (needs_auth(s))
        return (struct smtp_server_refusal){530, "5.7.0", "authentication required", true};
    if (rule->argument[0] == '\0' && argument.size > 0)
        return (struct smtp_server_refusal){501, "5.5.4", "no argument is wanted", true};
    return (struct smtp_server_refusal){0};
}

bool smtp_server_command(struct smtp_server *s, struct slice line, struct smtp_server_event *event)
{
    struct slice argument;
    s->verb = smtp_server_split(line, &argument);
    if (has_control(line))
        return smtp_server_refuse(s, s->verb, 500, "5.5.2", "CR, LF or NUL within a command");
    bool is_chunk = s->verb == SMTP_VERB_BDAT && s->options.offers_chunking;
    if (is_chunk && !read_chunk_size(s, argument))
        return false;
    struct smtp_server_refusal refusal = judge(s, argument);
    if (s->verb == SMTP_VERB_MAIL)
        s->sender_refused = true; /* until a verdict says otherwise */
    if (is_chunk)
        return do_chunk(s, refusal);
    if (refusal.code == 0)
        return actions[s->verb](s, argument, event);
    if (refusal.is_counted)
        return smtp_server_refuse(s, s->verb, refusal.code, refusal.esc, refusal.text);
    return smtp_server_say(s, s->verb, refusal.code, refusal.esc, refusal.text);
}
