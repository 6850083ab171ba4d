/*
 * The texts of the command: overview, a page a subcommand, and the man page, all from command_rows.
 */
#ifndef APP_HELP_H
#define APP_HELP_H

#include "app/command.h"

void help_overview(FILE *out);
void help_command(FILE *out, const struct command *command);
/* roff, for docs/mailflow.1 */
void help_man(FILE *out);

#endif
