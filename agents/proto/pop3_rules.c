#include "agents/proto/pop3_server.h"

#include "sim/base/check.h"

#define AUTHORIZATION (1u << POP3_STATE_AUTHORIZATION)
#define TRANSACTION (1u << POP3_STATE_TRANSACTION)

const struct pop3_rule pop3_rules[POP3_VERB_COUNT] = {
    [POP3_VERB_USER] = {"USER", "name", AUTHORIZATION, "RFC 1939 7"},
    [POP3_VERB_PASS] = {"PASS", "string", AUTHORIZATION, "RFC 1939 7"},
    [POP3_VERB_APOP] = {"APOP", "name digest", AUTHORIZATION, "RFC 1939 7"},
    [POP3_VERB_AUTH] = {"AUTH", "mechanism [initial-response]", AUTHORIZATION, "RFC 5034 4"},
    [POP3_VERB_STLS] = {"STLS", "", AUTHORIZATION, "RFC 2595 4"},
    [POP3_VERB_STAT] = {"STAT", "", TRANSACTION, "RFC 1939 5"},
    [POP3_VERB_LIST] = {"LIST", "[msg]", TRANSACTION, "RFC 1939 5"},
    [POP3_VERB_UIDL] = {"UIDL", "[msg]", TRANSACTION, "RFC 1939 7"},
    [POP3_VERB_RETR] = {"RETR", "msg", TRANSACTION, "RFC 1939 5"},
    [POP3_VERB_TOP] = {"TOP", "msg n", TRANSACTION, "RFC 1939 7"},
    [POP3_VERB_DELE] = {"DELE", "msg", TRANSACTION, "RFC 1939 5"},
    [POP3_VERB_RSET] = {"RSET", "", TRANSACTION, "RFC 1939 5"},
    [POP3_VERB_NOOP] = {"NOOP", "", TRANSACTION, "RFC 1939 5"},
    [POP3_VERB_QUIT] = {"QUIT", "", AUTHORIZATION | TRANSACTION, "RFC 1939 4, 6"},
    [POP3_VERB_CAPA] = {"CAPA", "", AUTHORIZATION | TRANSACTION, "RFC 2449 5"},
    [POP3_VERB_UNKNOWN] = {"", "", 0, "RFC 1939 3"},
};

const char *pop3_verb_name(enum pop3_verb verb)
{
    check(verb < POP3_VERB_COUNT);
    return verb == POP3_VERB_UNKNOWN ? "UNKNOWN" : pop3_rules[verb].verb;
}

const char *pop3_state_name(enum pop3_state state)
{
    static const char *const names[POP3_STATE_COUNT] = {
        [POP3_STATE_CONNECTED] = "CONNECTED",     [POP3_STATE_AUTHORIZATION] = "AUTHORIZATION",
        [POP3_STATE_EXCHANGE] = "EXCHANGE",       [POP3_STATE_STARTTLS] = "STARTTLS",
        [POP3_STATE_TRANSACTION] = "TRANSACTION", [POP3_STATE_UPDATE] = "UPDATE",
        [POP3_STATE_CLOSED] = "CLOSED",
    };
    check(state < POP3_STATE_COUNT);
    return names[state];
}

enum pop3_verb pop3_verb_find(struct slice word)
{
    for (int verb = 0; verb < POP3_VERB_UNKNOWN; verb++)
        if (slice_equal_fold(word, slice_of(pop3_rules[verb].verb)))
            return (enum pop3_verb)verb;
    return POP3_VERB_UNKNOWN;
}

enum pop3_state pop3_progress_command(enum pop3_state state, enum pop3_verb verb)
{
    if (verb == POP3_VERB_QUIT && state == POP3_STATE_TRANSACTION)
        return POP3_STATE_UPDATE; /* RFC 1939 6 */
    if (verb == POP3_VERB_AUTH && state == POP3_STATE_AUTHORIZATION)
        return POP3_STATE_EXCHANGE;
    return state;
}

/* A login leads on; QUIT ends all, also where the update has failed (RFC 1939 6). */
enum pop3_state pop3_progress_reply(enum pop3_state state, enum pop3_verb verb, bool ok)
{
    bool is_login = verb == POP3_VERB_PASS || verb == POP3_VERB_APOP || verb == POP3_VERB_AUTH;
    if (state == POP3_STATE_CONNECTED)
        return ok ? POP3_STATE_AUTHORIZATION : POP3_STATE_CLOSED;
    if (verb == POP3_VERB_QUIT)
        return ok || state == POP3_STATE_UPDATE ? POP3_STATE_CLOSED : state;
    if (ok && verb == POP3_VERB_STLS && state == POP3_STATE_AUTHORIZATION)
        return POP3_STATE_STARTTLS;
    if (state == POP3_STATE_EXCHANGE || (ok && is_login && state == POP3_STATE_AUTHORIZATION))
        return ok ? POP3_STATE_TRANSACTION : POP3_STATE_AUTHORIZATION;
    return state;
}

enum pop3_state pop3_progress_secured(enum pop3_state state)
{
    return state == POP3_STATE_STARTTLS ? POP3_STATE_AUTHORIZATION : state;
}
