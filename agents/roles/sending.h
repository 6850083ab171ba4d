/*
 * How an agent speaks to the next server: TLS, login, chunks. The settings are the same words for
 * every role that sends.
 */
#ifndef AGENTS_ROLES_SENDING_H
#define AGENTS_ROLES_SENDING_H

#include "agents/proto/sasl.h"
#include "agents/proto/session.h"
#include "agents/roles/config.h"

struct sending {
    /* IF_OFFERED: when TLS fails, the server is asked again in clear at once (RFC 7435) */
    enum session_tls_policy tls;
    bool verifies;               /* the certificate has to be in order, or there is no TLS */
    bool is_tls_first;           /* TLS from the first octet (RFC 8314 3.3) */
    struct slice user, password; /* user "": no login. Borrowed */
    enum sasl_mechanism mechanism;
    bool allows_clear;   /* passwords in clear without TLS */
    size_t chunk_octets; /* by BDAT where that is offered; 0: by DATA */
    bool announces_size; /* what is too large is tried all the same, for the server to say so */
    int64_t final_dot_s; /* how long the reply to the end of data is waited for; 0: 10 minutes */
};

/* How many connections a sender has. */
struct sending_limits {
    uint32_t connections_max; /* to one server at a time; 0: as many as there is mail for */
    uint32_t messages_max;    /* over one connection; 0: one */
    int64_t keep_open_s;      /* with nothing to do */
};

/* The words of a setting "tls", as CONFIG_WORD has them. */
#define SENDING_TLS_WORDS "never if-offered required verify"
#define SENDING_TLS_WORDS_OR_FIRST SENDING_TLS_WORDS " implicit"
#define SENDING_MECHANISM_WORDS "auto plain login cram-md5 scram-sha-256"
enum { SENDING_CHUNK_OCTETS = 64 * 1024 };

/*
 * The settings of a server that sends on: its fixed next hop and how it speaks to the next server.
 * `clear` is the name of the setting that lets a password be sent without TLS.
 */
#define SENDING_KEYS(clear)                                                                        \
    {"next",                                                                                       \
     CONFIG_HOST,                                                                                  \
     NULL,                                                                                         \
     0,                                                                                            \
     0,                                                                                            \
     "",                                                                                           \
     "smart host: takes all mail that is not local; by default the MX decides"},                   \
        {"next_port", CONFIG_NUMBER, NULL, 1, 65535, "25", "its port"},                            \
        {"next_user", CONFIG_TEXT, NULL, 0, 0, "", "log in there with this name; \"\": no login"}, \
        {"next_password", CONFIG_TEXT, NULL, 0, 0, "", "and this password"},                       \
        {"auth_mechanism",                                                                         \
         CONFIG_WORD,                                                                              \
         SENDING_MECHANISM_WORDS,                                                                  \
         0,                                                                                        \
         0,                                                                                        \
         "auto",                                                                                   \
         "how to log in there; \"auto\" is the strongest that both know"},                         \
        {clear,                                                                                    \
         CONFIG_BOOL,                                                                              \
         NULL,                                                                                     \
         0,                                                                                        \
         0,                                                                                        \
         "false",                                                                                  \
         "show that password to whoever listens when there is no TLS"},                            \
        {"tls",                                                                                    \
         CONFIG_WORD,                                                                              \
         SENDING_TLS_WORDS,                                                                        \
         0,                                                                                        \
         0,                                                                                        \
         "never",                                                                                  \
         "encrypt what is sent on, by STARTTLS; \"if-offered\" goes on in clear where that "       \
         "fails"},                                                                                 \
        {"chunking", CONFIG_BOOL, NULL, 0, 0, "false", "send on by BDAT where that is offered"},   \
        {"final_dot_timeout",                                                                      \
         CONFIG_DURATION,                                                                          \
         NULL,                                                                                     \
         1,                                                                                        \
         86400,                                                                                    \
         "10min",                                                                                  \
         "how long to wait for the reply to the end of a message (RFC 5321 4.5.3.2.6)"},           \
        {"connections_max",                                                                        \
         CONFIG_NUMBER,                                                                            \
         NULL,                                                                                     \
         1,                                                                                        \
         1000,                                                                                     \
         "20",                                                                                     \
         "connections to one server at a time; what comes then waits for one of them"},            \
        {"messages_max",                                                                           \
         CONFIG_NUMBER,                                                                            \
         NULL,                                                                                     \
         1,                                                                                        \
         1000000,                                                                                  \
         "100",                                                                                    \
         "messages over one connection, one after the other"},                                     \
    {                                                                                              \
        "keep_open", CONFIG_DURATION, NULL, 0, 300, "0",                                           \
            "how long a connection stays open for the next message when none waits"                \
    }
/* What they say; the login is for `next` alone. */
void sending_read(struct sending *s, const struct config *config, const char *clear);
void sending_read_limits(struct sending_limits *limits, const struct config *config);
/* One of the words; any other counts as "never". */
void sending_set_tls(struct sending *s, struct slice word);
/* One of the words; "auto" is the strongest that both know. */
void sending_set_mechanism(struct sending *s, struct slice word);

#endif
