/* The states of a POP3 client: each with the command that it sends and whether its answer has
   further lines. */
#include "agents/proto/pop3_client_part.h"
#include "sim/base/check.h"

static const struct pop3_client_row rows[POP3_CLIENT_STATE_COUNT] = {
    [POP3_CLIENT_STATE_GREETING] = {"GREETING", "CONNECT", false},
    [POP3_CLIENT_STATE_CAPA] = {"CAPA", "CAPA", true},
    [POP3_CLIENT_STATE_STLS] = {"STLS", "STLS", false},
    [POP3_CLIENT_STATE_TLS] = {"TLS", "", false},
    [POP3_CLIENT_STATE_AUTH] = {"AUTH", "AUTH", false},
    [POP3_CLIENT_STATE_APOP] = {"APOP", "APOP", false},
    [POP3_CLIENT_STATE_USER] = {"USER", "USER", false},
    [POP3_CLIENT_STATE_PASS] = {"PASS", "PASS", false},
    [POP3_CLIENT_STATE_STAT] = {"STAT", "STAT", false},
    [POP3_CLIENT_STATE_LIST] = {"LIST", "LIST", true},
    [POP3_CLIENT_STATE_UIDL] = {"UIDL", "UIDL", true},
    [POP3_CLIENT_STATE_CHOOSE] = {"CHOOSE", "", false},
    [POP3_CLIENT_STATE_RETR] = {"RETR", "RETR", true},
    [POP3_CLIENT_STATE_TOP] = {"TOP", "TOP", true},
    [POP3_CLIENT_STATE_DELE] = {"DELE", "DELE", false},
    [POP3_CLIENT_STATE_QUIT] = {"QUIT", "QUIT", false},
    [POP3_CLIENT_STATE_CLOSED] = {"CLOSED", "", false},
};

const struct pop3_client_row *pop3_client_row(enum pop3_client_state state)
{
    check(state < POP3_CLIENT_STATE_COUNT);
    return &rows[state];
}

const char *pop3_client_state_name(enum pop3_client_state state)
{
    return pop3_client_row(state)->name;
}
