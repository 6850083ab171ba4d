/*
 * The commands of a console, as data: the console carries them out (agents/roles/console.h), its
 * `help` prints them, and a reader of the trace that helps a person to type completes them.
 */
#ifndef AGENTS_PROTO_CONSOLE_WORDS_H
#define AGENTS_PROTO_CONSOLE_WORDS_H

#include <stddef.h>

/* In the order of their names. */
enum console_verb {
    CONSOLE_CAT,
    CONSOLE_DATE,
    CONSOLE_DIG,
    CONSOLE_HELP,
    CONSOLE_HEXDUMP,
    CONSOLE_HOST,
    CONSOLE_LISTEN,
    CONSOLE_LS,
    CONSOLE_MAIL_VERB,
    CONSOLE_MAILQ,
    CONSOLE_MX,
    CONSOLE_NETSTAT,
    CONSOLE_PING,
    CONSOLE_SENDMAIL,
    CONSOLE_SS,
    CONSOLE_TELNET,
    CONSOLE_TLS,
    CONSOLE_TRACEROUTE,
    CONSOLE_VERB_COUNT
};

struct console_word {
    const char *name, *arguments, *meaning;
    size_t words_min; /* behind the name */
};
extern const struct console_word console_words[CONSOLE_VERB_COUNT];

#endif
