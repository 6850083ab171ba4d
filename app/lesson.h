/* `mailflow lesson`: lessons in the terminal. */
#ifndef APP_LESSON_H
#define APP_LESSON_H

#include "app/command.h"
#include "lessons/lesson.h"

/* The subcommands, a file each. */
int lesson_list(struct command_line *line);
int lesson_show(struct command_line *line, const char *word);
int lesson_play(struct command_line *line, const char *word);
int lesson_check(struct command_line *line, const char *word);
int lesson_solve(struct command_line *line, const char *word);
int lesson_new(struct command_line *line, const char *word);

/* Runs the lesson's own solution, its other ways and the empty attempt, and checks names and style.
   False with the first that is not as it should be; `out` (or NULL) gets a line a way. */
bool lesson_try(struct lesson *lesson, uint64_t seed, FILE *out, struct problem *problem);

/* Text as a terminal shows it: wrapped at so many columns behind `indent` blanks, marks of
   Markdown-lite taken away. */
void lesson_print(FILE *out, struct slice text, int columns, int indent);
/* The same behind a head that stands in the first line; every mark stays, as a program said it. */
void lesson_print_behind(FILE *out, const char *head, struct slice text, int columns);

/* A line of the dialogue that is no action may have been meant as another of its words: the problem
   says so. Always false. */
bool lesson_guess(struct slice line, struct problem *problem);

#endif
