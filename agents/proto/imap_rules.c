#include "agents/proto/imap.h"

#include "sim/base/check.h"

#define NOT_AUTHENTICATED (1u << IMAP_STATE_NOT_AUTHENTICATED)
#define SELECTED (1u << IMAP_STATE_SELECTED)
#define AUTHENTICATED (1u << IMAP_STATE_AUTHENTICATED | SELECTED) /* selected is logged in, too */
#define ANY (NOT_AUTHENTICATED | AUTHENTICATED)

const struct imap_rule imap_rules[IMAP_VERB_COUNT] = {
    [IMAP_VERB_CAPABILITY] = {"CAPABILITY", "", ANY, "RFC 9051 6.1.1"},
    [IMAP_VERB_NOOP] = {"NOOP", "", ANY, "RFC 9051 6.1.2"},
    [IMAP_VERB_LOGOUT] = {"LOGOUT", "", ANY, "RFC 9051 6.1.3"},
    [IMAP_VERB_ID] = {"ID", "NIL or (field value ...)", ANY, "RFC 2971 3.1"},
    [IMAP_VERB_STARTTLS] = {"STARTTLS", "", NOT_AUTHENTICATED, "RFC 9051 6.2.1"},
    [IMAP_VERB_AUTHENTICATE] = {"AUTHENTICATE", "mechanism [response]", NOT_AUTHENTICATED,
                                "RFC 9051 6.2.2"},
    [IMAP_VERB_LOGIN] = {"LOGIN", "user password", NOT_AUTHENTICATED, "RFC 9051 6.2.3"},
    /* clients give it before they select a mailbox; a server need not look (RFC 9051 6.3.1) */
    [IMAP_VERB_ENABLE] = {"ENABLE", "capability ...", AUTHENTICATED, "RFC 9051 6.3.1"},
    [IMAP_VERB_SELECT] = {"SELECT", "mailbox [(parameters)]", AUTHENTICATED, "RFC 9051 6.3.2"},
    [IMAP_VERB_EXAMINE] = {"EXAMINE", "mailbox [(parameters)]", AUTHENTICATED, "RFC 9051 6.3.3"},
    [IMAP_VERB_CREATE] = {"CREATE", "mailbox [(USE (use))]", AUTHENTICATED, "RFC 9051 6.3.4"},
    [IMAP_VERB_DELETE] = {"DELETE", "mailbox", AUTHENTICATED, "RFC 9051 6.3.5"},
    [IMAP_VERB_RENAME] = {"RENAME", "mailbox mailbox", AUTHENTICATED, "RFC 9051 6.3.6"},
    [IMAP_VERB_SUBSCRIBE] = {"SUBSCRIBE", "mailbox", AUTHENTICATED, "RFC 9051 6.3.7"},
    [IMAP_VERB_UNSUBSCRIBE] = {"UNSUBSCRIBE", "mailbox", AUTHENTICATED, "RFC 9051 6.3.8"},
    [IMAP_VERB_LIST] = {"LIST", "[(options)] reference pattern [RETURN (options)]", AUTHENTICATED,
                        "RFC 9051 6.3.9"},
    [IMAP_VERB_LSUB] = {"LSUB", "reference pattern", AUTHENTICATED, "RFC 3501 6.3.9"},
    [IMAP_VERB_NAMESPACE] = {"NAMESPACE", "", AUTHENTICATED, "RFC 9051 6.3.10"},
    [IMAP_VERB_STATUS] = {"STATUS", "mailbox (items)", AUTHENTICATED, "RFC 9051 6.3.11"},
    [IMAP_VERB_APPEND] = {"APPEND", "mailbox [(flags)] [date] {literal} ...", AUTHENTICATED,
                          "RFC 9051 6.3.12"},
    [IMAP_VERB_IDLE] = {"IDLE", "", AUTHENTICATED, "RFC 9051 6.3.13"},
    [IMAP_VERB_GETQUOTA] = {"GETQUOTA", "root", AUTHENTICATED, "RFC 9208 4.1.1"},
    [IMAP_VERB_GETQUOTAROOT] = {"GETQUOTAROOT", "mailbox", AUTHENTICATED, "RFC 9208 4.1.2"},
    [IMAP_VERB_SETQUOTA] = {"SETQUOTA", "root (resources)", AUTHENTICATED, "RFC 9208 4.1.3"},
    [IMAP_VERB_CHECK] = {"CHECK", "", SELECTED, "RFC 3501 6.4.1"},
    [IMAP_VERB_CLOSE] = {"CLOSE", "", SELECTED, "RFC 9051 6.4.1"},
    [IMAP_VERB_UNSELECT] = {"UNSELECT", "", SELECTED, "RFC 9051 6.4.2"},
    [IMAP_VERB_EXPUNGE] = {"EXPUNGE", "", SELECTED, "RFC 9051 6.4.3"},
    [IMAP_VERB_SEARCH] = {"SEARCH", "[RETURN (options)] [CHARSET charset] keys", SELECTED,
                          "RFC 9051 6.4.4"},
    [IMAP_VERB_SORT] = {"SORT", "(criteria) charset keys", SELECTED, "RFC 5256 3"},
    [IMAP_VERB_THREAD] = {"THREAD", "algorithm charset keys", SELECTED, "RFC 5256 3"},
    [IMAP_VERB_FETCH] = {"FETCH", "set items [(modifiers)]", SELECTED, "RFC 9051 6.4.5"},
    [IMAP_VERB_STORE] = {"STORE", "set [(modifiers)] item flags", SELECTED, "RFC 9051 6.4.6"},
    [IMAP_VERB_COPY] = {"COPY", "set mailbox", SELECTED, "RFC 9051 6.4.7"},
    [IMAP_VERB_MOVE] = {"MOVE", "set mailbox", SELECTED, "RFC 9051 6.4.8"},
    [IMAP_VERB_UID_EXPUNGE] = {"UID EXPUNGE", "set", SELECTED, "RFC 9051 6.4.9"},
    [IMAP_VERB_UID_SEARCH] = {"UID SEARCH", "[RETURN (options)] [CHARSET charset] keys", SELECTED,
                              "RFC 9051 6.4.9"},
    [IMAP_VERB_UID_SORT] = {"UID SORT", "(criteria) charset keys", SELECTED, "RFC 5256 3"},
    [IMAP_VERB_UID_THREAD] = {"UID THREAD", "algorithm charset keys", SELECTED, "RFC 5256 3"},
    [IMAP_VERB_UID_FETCH] = {"UID FETCH", "set items [(modifiers)]", SELECTED, "RFC 9051 6.4.9"},
    [IMAP_VERB_UID_STORE] = {"UID STORE", "set [(modifiers)] item flags", SELECTED,
                             "RFC 9051 6.4.9"},
    [IMAP_VERB_UID_COPY] = {"UID COPY", "set mailbox", SELECTED, "RFC 9051 6.4.9"},
    [IMAP_VERB_UID_MOVE] = {"UID MOVE", "set mailbox", SELECTED, "RFC 9051 6.4.9"},
    [IMAP_VERB_UNKNOWN] = {"", "", 0, "RFC 9051 2.2.1"},
};

const char *imap_verb_name(enum imap_verb verb)
{
    check(verb < IMAP_VERB_COUNT);
    return verb == IMAP_VERB_UNKNOWN ? "UNKNOWN" : imap_rules[verb].verb;
}

const char *imap_state_name(enum imap_state state)
{
    static const char *const names[IMAP_STATE_COUNT] = {
        [IMAP_STATE_CONNECTED] = "CONNECTED",
        [IMAP_STATE_NOT_AUTHENTICATED] = "NOT AUTHENTICATED",
        [IMAP_STATE_AUTHENTICATED] = "AUTHENTICATED",
        [IMAP_STATE_SELECTED] = "SELECTED",
        [IMAP_STATE_LOGOUT] = "LOGOUT",
    };
    check(state < IMAP_STATE_COUNT);
    return names[state];
}

enum imap_verb imap_verb_find(struct slice name)
{
    for (int verb = 0; verb < IMAP_VERB_UNKNOWN; verb++)
        if (slice_equal_fold(name, slice_of(imap_rules[verb].verb)))
            return (enum imap_verb)verb;
    return IMAP_VERB_UNKNOWN;
}

bool imap_verb_is_uid(enum imap_verb verb)
{
    return verb >= IMAP_VERB_UID_EXPUNGE && verb <= IMAP_VERB_UID_MOVE;
}

const char *imap_status_name(enum imap_status status)
{
    static const char *const names[] = {"OK", "NO", "BAD", "PREAUTH", "BYE"};
    check(status <= IMAP_BYE);
    return names[status];
}

static bool is_legal(enum imap_state state, enum imap_verb verb)
{
    return verb < IMAP_VERB_COUNT && imap_rules[verb].legal_states & 1u << state;
}

/* SELECT that is refused leaves no mailbox selected; a command that was not understood changes
   nothing (RFC 9051 6.3.2). */
enum imap_state imap_progress_reply(enum imap_state state, enum imap_verb verb,
                                    enum imap_status status)
{
    if (status == IMAP_BYE)
        return IMAP_STATE_LOGOUT;
    if (state == IMAP_STATE_CONNECTED)
        return status == IMAP_PREAUTH ? IMAP_STATE_AUTHENTICATED : IMAP_STATE_NOT_AUTHENTICATED;
    if (!is_legal(state, verb) || status == IMAP_BAD)
        return state;
    if (verb == IMAP_VERB_SELECT || verb == IMAP_VERB_EXAMINE)
        return status == IMAP_OK ? IMAP_STATE_SELECTED : IMAP_STATE_AUTHENTICATED;
    if (status != IMAP_OK)
        return state;
    if (verb == IMAP_VERB_LOGOUT)
        return IMAP_STATE_LOGOUT;
    bool is_login = verb == IMAP_VERB_LOGIN || verb == IMAP_VERB_AUTHENTICATE;
    bool is_leaving = verb == IMAP_VERB_CLOSE || verb == IMAP_VERB_UNSELECT;
    return is_login || is_leaving ? IMAP_STATE_AUTHENTICATED : state;
}
