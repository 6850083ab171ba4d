/* The functions that the rows of commands.c run; one subcommand a file. Each gives a status. */
#ifndef APP_COMMANDS_H
#define APP_COMMANDS_H

#include "app/command.h"

int lesson_command(struct command_line *line);
int run_command(struct command_line *line);
int campaign_command(struct command_line *line);
int check_command(struct command_line *line);
int replay_command(struct command_line *line);
int diff_command(struct command_line *line);
int headers_command(struct command_line *line);
int render_command(struct command_line *line);
int open_command(struct command_line *line);
int serve_command(struct command_line *line);
int telnet_command(struct command_line *line);
int bench_command(struct command_line *line);
int quiz_command(struct command_line *line);
int pack_command(struct command_line *line);
int docs_command(struct command_line *line);
int help_for(struct command_line *line);
int version_command(struct command_line *line);

/* The rows that stand in files of their own; commands.c has them all in order. */
extern const struct command command_run, command_replay, command_diff, command_headers,
    command_open, command_render, command_serve, command_telnet, command_lesson, command_quiz,
    command_pack;

#endif
