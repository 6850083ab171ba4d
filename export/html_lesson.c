/* The data of a page: the lesson that the run was made in. */
#include <inttypes.h>

#include "export/html_part.h"

static void put_text(struct html *h, const char *before, struct slice text)
{
    fprintf(h->out, "%s%" PRIu32, before, html_lines(h, text));
}

void html_lesson_write(struct html *h, const struct export_lesson *lesson)
{
    put_text(h, ",\n\"lesson\":{\"id\":", lesson->id);
    put_text(h, ",\"title\":", lesson->title);
    put_text(h, ",\"objective\":", lesson->objective);
    put_text(h, ",\"complaint\":", lesson->complaint);
    put_text(h, ",\"outcome\":", lesson->outcome);
    html_list_begin(h, "watch");
    for (size_t i = 0; i < lesson->watch_count; i++)
        put_text(h, i ? "," : "", lesson->watch[i]);
    html_list_end(h);
    html_list_begin(h, "steps");
    for (size_t i = 0; i < lesson->step_count; i++) {
        const struct export_step *step = &lesson->steps[i];
        html_item(h);
        put_text(h, "[", step->kind);
        put_text(h, ",", step->text);
        put_text(h, ",", step->asked);
        put_text(h, ",", step->given);
        put_text(h, ",", step->said);
        fputc(']', h->out);
    }
    html_list_end(h);
    html_list_begin(h, "checks");
    for (size_t i = 0; i < lesson->check_count; i++) {
        const struct export_check *check = &lesson->checks[i];
        html_item(h);
        put_text(h, "[", check->text);
        fprintf(h->out, ",%d]", check->is_kept ? 2 : check->has_passed);
    }
    html_list_end(h);
    fputc('}', h->out);
}
