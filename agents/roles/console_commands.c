#include "agents/roles/console_part.h"

console_command *const console_commands[CONSOLE_VERB_COUNT] = {
    [CONSOLE_CAT] = console_cat,         [CONSOLE_DATE] = console_date,
    [CONSOLE_DIG] = console_dig,         [CONSOLE_HELP] = console_help,
    [CONSOLE_HEXDUMP] = console_hexdump, [CONSOLE_HOST] = console_host,
    [CONSOLE_LISTEN] = console_listen,   [CONSOLE_LS] = console_ls,
    [CONSOLE_MAIL_VERB] = console_mail,  [CONSOLE_MAILQ] = console_mailq,
    [CONSOLE_MX] = console_mx,           [CONSOLE_NETSTAT] = console_ss,
    [CONSOLE_PING] = console_ping,       [CONSOLE_SENDMAIL] = console_sendmail,
    [CONSOLE_SS] = console_ss,           [CONSOLE_TELNET] = console_telnet,
    [CONSOLE_TLS] = console_tls,         [CONSOLE_TRACEROUTE] = console_ping,
};
