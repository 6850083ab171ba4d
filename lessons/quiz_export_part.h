/* Private to quiz_export*.c: texts as the formats want them, and what several formats share. */
#ifndef LESSONS_QUIZ_EXPORT_PART_H
#define LESSONS_QUIZ_EXPORT_PART_H

#include "lessons/quiz_export.h"

/* Markdown that shows what ours says: outside of `code`, < and & are no HTML. */
void export_markdown(struct bytes *out, struct slice text);
/* XHTML of our Markdown-lite: `code`, *emphasis*, and paragraphs' ends as blanks. */
void export_html(struct bytes *out, struct slice text);
/* Of XML's text and attributes. */
void export_xml(struct bytes *out, struct slice text);

/* "RFC 5321 4.2.1; B25" of the sources, and for what has no place of its own all feedback, a line
   each, in the arena. */
struct slice export_sources(const struct question *question, struct arena *arena);
/* SHORT: what a grader needs: the model and the keys. */
struct slice export_rubric(const struct question *question, struct arena *arena);
/* MATCH, ORDER: each line's feedback with the line in front. */
struct slice export_line_feedback(const struct question *question, struct arena *arena);
/* Thousandths as a number. */
struct slice export_number(int64_t thousandths, struct arena *arena);
size_t export_right_count(const struct question *question);
/* 100/n as platforms know it: 33.33333. */
struct slice export_percent(size_t parts, struct arena *arena);
/* "1st", "2nd" ... of an order that is asked as a match. */
struct slice export_ordinal(size_t index, struct arena *arena);

#endif
