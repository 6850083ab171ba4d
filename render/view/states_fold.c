#include "render/view/states_fold.h"

#include "agents/proto/imap.h"
#include "agents/proto/imap_client.h"
#include "agents/proto/pop3_client.h"
#include "agents/proto/pop3_server.h"
#include "agents/proto/smtp_client.h"
#include "render/view/tr.h"

static bool is_smtp(enum turn_protocol protocol)
{
    return protocol == TURN_SMTP || protocol == TURN_LMTP;
}

void states_begin(struct states_fold *fold, enum turn_protocol protocol)
{
    *fold = (struct states_fold){.protocol = protocol, .smtp = {.is_lmtp = protocol == TURN_LMTP}};
}

/* DOT and CONNECT are no verbs: what they answer is known from the state. */
static enum smtp_verb smtp_verb_of(struct slice verb)
{
    bool is_none = slice_equal(verb, SLICE("DOT")) || slice_equal(verb, SLICE("CONNECT"));
    return is_none ? SMTP_VERB_COUNT : smtp_verb_find(verb);
}

void states_command(struct states_fold *fold, const struct turn *command)
{
    if (is_smtp(fold->protocol)) {
        smtp_progress_command(&fold->smtp, smtp_verb_of(command->verb), command->arg);
        fold->state = (int)fold->smtp.state;
    } else if (fold->protocol == TURN_POP3) {
        fold->state =
            (int)pop3_progress_command((enum pop3_state)fold->state, pop3_verb_find(command->verb));
    }
}

static void imap_reply(struct states_fold *fold, const struct turn *reply)
{
    bool is_bye = reply->is_data && slice_equal_fold(reply->verb, SLICE("BYE"));
    if (reply->is_data && !is_bye)
        return;
    bool is_good = reply->outcome == TURN_OUTCOME_GOOD;
    bool is_turned_away = fold->state == IMAP_STATE_CONNECTED && !is_good;
    enum imap_status status = is_bye || is_turned_away ? IMAP_BYE : is_good ? IMAP_OK : IMAP_NO;
    fold->state =
        (int)imap_progress_reply((enum imap_state)fold->state, imap_verb_find(reply->verb), status);
}

void states_reply(struct states_fold *fold, const struct turn *reply)
{
    bool is_good = reply->outcome == TURN_OUTCOME_GOOD;
    if (is_smtp(fold->protocol)) {
        smtp_progress_reply(&fold->smtp, smtp_verb_of(reply->verb), (int)reply->code);
        fold->state = (int)fold->smtp.state;
    } else if (fold->protocol == TURN_POP3) {
        fold->state = (int)pop3_progress_reply((enum pop3_state)fold->state,
                                               pop3_verb_find(reply->verb), is_good);
    } else if (fold->protocol == TURN_IMAP) {
        imap_reply(fold, reply);
    }
}

void states_secured(struct states_fold *fold)
{
    if (is_smtp(fold->protocol)) {
        smtp_progress_secured(&fold->smtp);
        fold->state = (int)fold->smtp.state;
    } else if (fold->protocol == TURN_POP3) {
        fold->state = (int)pop3_progress_secured((enum pop3_state)fold->state);
    }
}

/* ---- the rules ---- */

int states_count(enum turn_protocol protocol)
{
    return is_smtp(protocol)       ? (int)SMTP_STATE_COUNT
           : protocol == TURN_POP3 ? (int)POP3_STATE_COUNT
           : protocol == TURN_IMAP ? (int)IMAP_STATE_COUNT
                                   : 0;
}

const char *states_name(enum turn_protocol protocol, int state)
{
    return is_smtp(protocol)       ? smtp_state_name((enum smtp_state)state)
           : protocol == TURN_POP3 ? pop3_state_name((enum pop3_state)state)
           : protocol == TURN_IMAP ? imap_state_name((enum imap_state)state)
                                   : "";
}

bool states_is_end(enum turn_protocol protocol, int state)
{
    return state == states_count(protocol) - 1;
}

int states_verb_count(enum turn_protocol protocol)
{
    return is_smtp(protocol)       ? (int)SMTP_VERB_UNKNOWN
           : protocol == TURN_POP3 ? (int)POP3_VERB_UNKNOWN
           : protocol == TURN_IMAP ? (int)IMAP_VERB_UNKNOWN
                                   : 0;
}

const char *states_verb(enum turn_protocol protocol, int verb)
{
    unsigned speaker = protocol == TURN_LMTP ? SMTP_SPOKEN_BY_LMTP : SMTP_SPOKEN_BY_SMTP;
    if (is_smtp(protocol))
        return smtp_rules[verb].spoken_by & speaker ? smtp_rules[verb].verb : NULL;
    return protocol == TURN_POP3   ? pop3_rules[verb].verb
           : protocol == TURN_IMAP ? imap_rules[verb].verb
                                   : NULL;
}

static unsigned legal_states(enum turn_protocol protocol, int verb)
{
    return is_smtp(protocol)       ? smtp_rules[verb].legal_states
           : protocol == TURN_POP3 ? pop3_rules[verb].legal_states
           : protocol == TURN_IMAP ? imap_rules[verb].legal_states
                                   : 0;
}

bool states_is_legal(enum turn_protocol protocol, int state, int verb)
{
    return verb >= 0 && verb < states_verb_count(protocol) && states_verb(protocol, verb) &&
           legal_states(protocol, verb) & 1u << state;
}

int states_find_verb(enum turn_protocol protocol, struct slice name)
{
    int verb = is_smtp(protocol)       ? (int)smtp_verb_find(name)
               : protocol == TURN_POP3 ? (int)pop3_verb_find(name)
               : protocol == TURN_IMAP ? (int)imap_verb_find(name)
                                       : 0;
    return verb < states_verb_count(protocol) ? verb : -1;
}

int states_after(enum turn_protocol protocol, int state, int verb)
{
    struct states_fold fold;
    states_begin(&fold, protocol);
    fold.state = state;
    fold.smtp.state = (enum smtp_state)state;
    fold.smtp.recipients = state == SMTP_STATE_RECIPIENTS;
    struct turn turn = {.protocol = protocol,
                        .verb = slice_of(states_verb(protocol, verb)),
                        .code = verb == SMTP_VERB_AUTH ? 334 : 250,
                        .outcome = TURN_OUTCOME_GOOD};
    states_command(&fold, &turn);
    bool is_passed = fold.state != state; /* the octets behind BDAT, UPDATE, the exchange of AUTH */
    if (!is_passed)
        states_reply(&fold, &turn);
    return fold.state;
}

struct way {
    int from, to;
    const char *label;
};

static const struct way smtp_ways[] = {
    {SMTP_STATE_CONNECTED, SMTP_STATE_READY, "220"},
    {SMTP_STATE_TLS, SMTP_STATE_READY, "TLS"},
    {SMTP_STATE_AUTH, SMTP_STATE_GREETED, "235"},
    {SMTP_STATE_DATA, SMTP_STATE_GREETED, TR("the dot")},
    {SMTP_STATE_CHUNK, SMTP_STATE_CHUNKS, "250"},
    {SMTP_STATE_CHUNK, SMTP_STATE_GREETED, "LAST"},
};
static const struct way pop3_ways[] = {
    {POP3_STATE_CONNECTED, POP3_STATE_AUTHORIZATION, "+OK"},
    {POP3_STATE_EXCHANGE, POP3_STATE_TRANSACTION, "+OK"},
    {POP3_STATE_STARTTLS, POP3_STATE_AUTHORIZATION, "TLS"},
    {POP3_STATE_UPDATE, POP3_STATE_CLOSED, "+OK"},
};
static const struct way imap_ways[] = {
    {IMAP_STATE_CONNECTED, IMAP_STATE_NOT_AUTHENTICATED, "* OK"},
};

bool states_way(enum turn_protocol protocol, int i, int *from, int *to, const char **label)
{
    const struct way *ways = is_smtp(protocol)       ? smtp_ways
                             : protocol == TURN_POP3 ? pop3_ways
                                                     : imap_ways;
    int count = is_smtp(protocol)       ? (int)(sizeof smtp_ways / sizeof *smtp_ways)
                : protocol == TURN_POP3 ? (int)(sizeof pop3_ways / sizeof *pop3_ways)
                : protocol == TURN_IMAP ? (int)(sizeof imap_ways / sizeof *imap_ways)
                                        : 0;
    if (i < 0 || i >= count)
        return false;
    *from = ways[i].from;
    *to = ways[i].to;
    *label = tr(ways[i].label);
    return true;
}

/* ---- the client ---- */

/* A client's states are called after what it waits for, where they are not for several things. */
static const char *state_called(const char *(*name)(int), int count, struct slice wanted,
                                const char *otherwise)
{
    for (int i = 0; i < count; i++)
        if (slice_equal_fold(slice_of(name(i)), wanted))
            return name(i);
    return otherwise;
}

static const char *smtp_name(int state)
{
    return smtp_client_state_name((enum smtp_client_state)state);
}

static const char *pop3_name(int state)
{
    return pop3_client_state_name((enum pop3_client_state)state);
}

static const char *imap_name(int state)
{
    return imap_client_state_name((enum imap_client_state)state);
}

const char *states_client(enum turn_protocol protocol, struct slice verb)
{
    struct slice wanted = slice_equal(verb, SLICE("CONNECT")) ? SLICE("GREETING")
                          : slice_equal(verb, SLICE("LHLO"))  ? SLICE("EHLO")
                          : slice_equal(verb, SLICE("DONE"))  ? SLICE("IDLE")
                                                              : verb;
    bool is_idle = verb.size == 0;
    if (is_smtp(protocol))
        return state_called(smtp_name, SMTP_CLIENT_STATE_COUNT, is_idle ? SLICE("IDLE") : wanted,
                            smtp_name(SMTP_CLIENT_STATE_ASK));
    if (protocol == TURN_POP3)
        return state_called(pop3_name, POP3_CLIENT_STATE_COUNT, is_idle ? SLICE("CHOOSE") : wanted,
                            "COMMAND");
    if (protocol == TURN_IMAP)
        return state_called(imap_name, IMAP_CLIENT_STATE_COUNT, is_idle ? SLICE("READY") : wanted,
                            imap_name(IMAP_CLIENT_STATE_COMMAND));
    return "";
}
