/*
 * Private to this folder: the parts of a page (html.c). The data of a page is one JSON object;
 * every text of it is made fit to be shown (printable.h), kept once in a table, and named by its
 * number everywhere else. Times are whole microseconds of the run; events, places, connections and
 * messages have the numbers of the trace.
 */
#ifndef EXPORT_HTML_PART_H
#define EXPORT_HTML_PART_H

#include "export/export.h"
#include "sim/base/bytes.h"
#include "sim/base/pool.h"
#include "sim/base/vector.h"

struct html {
    const struct log *log;
    FILE *out;
    struct pool texts;
    VECTOR(uint32_t) listed; /* numbers of texts, in the order in which they came */
    struct bytes line;       /* for whoever makes one */
    bool has_item;
};

void html_init(struct html *h, const struct log *log, FILE *out);
void html_finish(struct html *h);

/* The number of a text; of an event in words, by a template or (NULL) as phrase_event says it. */
uint32_t html_text(struct html *h, struct slice text);
uint32_t html_words(struct html *h, const struct event *e, const char *template);
/* Several lines: each is made fit to be shown, their ends stay. */
uint32_t html_lines(struct html *h, struct slice text);

/* "name":[ ... ] with items between which this puts commas. */
void html_list_begin(struct html *h, const char *name);
void html_item(struct html *h);
void html_list_end(struct html *h);
/* ,[3,1,4]: a way over hosts, within an item */
void html_hosts(struct html *h, const uint32_t *hosts, size_t count);
/* "name":number */
void html_number(struct html *h, const char *name, int64_t number);
/* "texts":{"12":"..."}: all that have a number; comes last. */
void html_texts_write(struct html *h);
int64_t html_us(const struct event *e);

/*
 * A JSON string that can stand within <script>: no octet of it is one that HTML, CDATA or an older
 * JavaScript takes for something else (< > & U+2028 U+2029), what is no UTF-8 is U+FFFD.
 */
void html_json_string(FILE *out, struct slice text);
/* Text within HTML. */
void html_escape(FILE *out, struct slice text);

/* What there is and what happens: hosts, links, messages, connections, events, dialogues. */
void html_world_write(struct html *h);
void html_events_write(struct html *h);
void html_talk_write(struct html *h);

/* A header as a message has it from this event's moment on; header and body: texts of the log. */
struct html_header {
    uint32_t msg, header, body, event;
};
typedef VECTOR(struct html_header) html_header_list;

/* What changes on the map, moment by moment, and what is on its way. Adds each header that a
   message has at some time to the list. */
void html_scene_write(struct html *h, html_header_list *headers);
void html_headers_write(struct html *h, const html_header_list *headers);
void html_lesson_write(struct html *h, const struct export_lesson *lesson);

/* The style sheet: the theme's colours, light and dark, and page.css; the marks as <g id="mark-..">
   and <g id="sign-..">. */
void html_style_write(struct bytes *out);
void html_marks_write(struct bytes *out);

/* page/page.html, .css and .js, carried in the program. */
extern const unsigned char html_page[], html_page_end[];
extern const unsigned char html_css[], html_css_end[];
extern const unsigned char html_js[], html_js_end[];

#endif
