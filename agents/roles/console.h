/*
 * A console: a prompt on a host at which a person types commands, and through which a person speaks
 * to servers, or answers in a server's place. Everything behind it is real: dig asks the host's
 * name server, telnet connects, sendmail hands mail to the MTA beside it, cat reads the host's
 * disk.
 *
 *     console_type(console, SLICE("telnet mx1 25\n"));
 *
 * What is typed and what is shown are `console` events, whose texts one behind the other are what
 * the screen shows. What is typed while a command goes on waits until its turn comes; Ctrl-] (0x1d)
 * or Ctrl-C (0x03) gives the prompt back.
 *
 * A topology may declare one ("role": "console"); on any other host it is made when somebody types
 * there first. A file a topic: console_dns.c, console_talk.c, console_files.c, console_mail.c,
 * console_letter.c, console_net.c; console_commands.c has a row a command
 * (agents/proto/console_words.h).
 */
#ifndef AGENTS_ROLES_CONSOLE_H
#define AGENTS_ROLES_CONSOLE_H

#include "agents/roles/registry.h"

extern const struct role console_role;

struct console;

/* Octets as they are typed; '\n' ends a line. Copied. What is more than may wait is dropped, and
   said so. */
enum { CONSOLE_TYPED_MAX = 2 * 1024 * 1024 };
void console_type(struct console *console, struct slice octets);

#endif
