/*
 * Banks of questions as learning platforms import them (docs/quiz.md): Moodle's GIFT and XML, and
 * IMS QTI 2.2. Texts are Markdown there too, where the format has it; scores are ours as far as the
 * format can say them. What is appended always fits: `out` has no ceiling.
 *
 *     struct bytes out;
 *     bytes_init(&out, SIZE_MAX);
 *     quiz_export_gift(&banks, &out);
 */
#ifndef LESSONS_QUIZ_EXPORT_H
#define LESSONS_QUIZ_EXPORT_H

#include "lessons/bank.h"

void quiz_export_gift(const struct banks *banks, struct bytes *out);
void quiz_export_moodle(const struct banks *banks, struct bytes *out);

/* QTI is a folder of files, an item each and a manifest: `put` gets each with its name. False from
   it ends the export. */
struct quiz_export_files {
    bool (*put)(void *context, const char *name, struct slice content);
    void *context;
};
bool quiz_export_qti(const struct banks *banks, const struct quiz_export_files *files);

#endif
