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
