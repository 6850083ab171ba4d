#include "agents/proto/console_words.h"

const struct console_word console_words[CONSOLE_VERB_COUNT] = {
    [CONSOLE_CAT] = {"cat", "PATH...", "shows files of this host's disk", 1},
    [CONSOLE_DATE] = {"date", "", "this host's clock", 0},
    [CONSOLE_DIG] = {"dig", "[@SERVER] NAME [TYPE]", "asks the name server, or another one", 1},
    [CONSOLE_HELP] = {"help", "", "these lines", 0},
    [CONSOLE_HEXDUMP] = {"hexdump", "PATH", "the octets of a file", 1},
    [CONSOLE_HOST] = {"host", "NAME", "addresses and mail servers of a name", 1},
    [CONSOLE_LISTEN] = {"listen", "PORT", "waits for one connection: you are the server", 1},
    [CONSOLE_LS] = {"ls", "[PATH]", "files of this host's disk", 0},
    [CONSOLE_MAIL_VERB] = {"mail", "[-u WHO] | -s SUBJECT TO...",
                           "reads the mail that lies here, or writes some", 0},
    [CONSOLE_MAILQ] = {"mailq", "", "what waits in the queue of the MTA here, and why", 0},
    [CONSOLE_MX] = {"mx", "DOMAIN", "the mail servers of a domain", 1},
    [CONSOLE_NETSTAT] = {"netstat", "", "the same as ss", 0},
    [CONSOLE_PING] = {"ping", "", "why there is none", 0},
    [CONSOLE_SENDMAIL] = {"sendmail", "-q | [-f FROM] -t | TO...",
                          "flushes the queue, or hands a message to the MTA", 1},
    [CONSOLE_SS] = {"ss", "", "who listens and who is connected on this host", 0},
    [CONSOLE_TELNET] = {"telnet", "HOST PORT", "a connection: you speak", 2},
    [CONSOLE_TLS] = {"tls", "HOST PORT", "the same within TLS from the start", 2},
    [CONSOLE_TRACEROUTE] = {"traceroute", "", "why there is none", 0},
};
