/* `mailflow quiz`: questions in the terminal, their export, and work that is graded. */
#ifndef APP_QUIZ_H
#define APP_QUIZ_H

#include "app/command.h"
#include "lessons/bank.h"

/* All banks that come with mailflow. False: one can't be read. To be finished either way. */
bool quiz_load(struct banks *banks, struct problem *problem);
/* False: one of them is sealed, and nothing can be said of answers to it. */
bool quiz_has_keys(const struct banks *banks, struct problem *problem);

/* The subcommands, a file each. */
int quiz_list(struct command_line *line);
int quiz_ask(struct command_line *line);
int quiz_export(struct command_line *line);
int quiz_grade(struct command_line *line);

#endif
