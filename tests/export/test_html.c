/* A page holds what anybody sent, and is nothing but its own markup, script and style. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "export/html_part.h"
#include "sim/base/utf8.h"
#include "support_log.h"

static char *page_of(const struct log *log, const struct export_lesson *lesson)
{
    size_t size;
    char *page = support_write(html_write, log, &(struct export_options){.lesson = lesson}, &size);
    cr_assert(page);
    cr_assert_eq(strlen(page), size, "there is no NUL in a page");
    cr_assert(utf8_is_valid((struct slice){page, size}), "a page is UTF-8 whatever was sent");
    return page;
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, what)); at += strlen(what))
        n++;
    return n;
}

/* The block of JSON, cut out of the page, which loses it. */
static char *cut_data(char *page)
{
    const char *open = "<script id=\"data\" type=\"application/json\">";
    char *from = strstr(page, open), *to;
    cr_assert(from && count(page, open) == 1);
    from += strlen(open);
    to = strstr(from, "</script>");
    cr_assert(to);
    char *data = strndup(from, (size_t)(to - from));
    memmove(from, to, strlen(to) + 1);
    return data;
}

Test(html, what_peers_send_can_not_become_markup)
{
    static const char *const hostile[] = {
        "<script>alert(1)</script>",
        "</script><img src=x onerror=alert(1)>",
        "]]><!--",
        "&lt;b&gt; \"quoted\" 'and' \\back\\",
        "\xe2\x80\xa8 line \xe2\x80\xa9 separators",
        "\xff\xc0\xaf no UTF-8, cut \xe2\x82",
        "{{script}}{{data}}",
    };
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        struct log log;
        support_log_make(&log);
        uint32_t text = support_text(&log, hostile[i]);
        log_add(&log, log_end(&log), 1, EVENT_MESSAGE, 0,
                &(struct event_message){
                    .by = 1, .msg = 2, .from = text, .to = text, .subject = text, .content = text});
        struct slice title = slice_of(hostile[i]);
        const struct export_lesson lesson = {.id = title, .title = title, .objective = title};
        char *page = page_of(&log, &lesson);
        char *data = cut_data(page);
        cr_assert_null(strpbrk(data, "<>&"), "%s", hostile[i]);
        cr_assert_null(strstr(data, "\xe2\x80\xa8"));
        cr_assert_null(strstr(data, "\xe2\x80\xa9"));
        cr_assert_eq(count(page, "<script"), 2, "%s", hostile[i]);
        cr_assert_eq(count(page, "</script>"), 2, "%s", hostile[i]);
        cr_assert_eq(count(page, "<style>"), 1);
        cr_assert_null(strstr(page, "<img"));
        cr_assert_null(strstr(page, "alert(1)</"));
        free(data);
        free(page);
        log_finish(&log);
    }
}

Test(html, a_page_names_no_place_to_ask_for_anything)
{
    struct log log;
    support_log_make(&log);
    char *page = page_of(&log, NULL);
    static const char *const asking[] = {" src=",   "url(http",      "@import", "<link",
                                         "<iframe", "fetch(",        "XMLHttp", "innerHTML",
                                         "eval(",   "document.write"};
    for (size_t i = 0; i < sizeof asking / sizeof *asking; i++)
        cr_assert_null(strstr(page, asking[i]), "%s", asking[i]);
    cr_assert(strstr(page, "default-src 'none'; base-uri 'none'; form-action 'none'; "
                           "style-src 'sha256-"));
    cr_assert_eq(count(page, "unsafe"), 0);
    cr_assert_eq(count(page, "http://") + count(page, "https://"), 1, "the name of SVG only");
    free(page);
    log_finish(&log);
}

Test(html, the_same_trace_gives_the_same_page)
{
    char *pages[2];
    for (int i = 0; i < 2; i++) {
        struct log log;
        support_log_make(&log);
        pages[i] = page_of(&log, NULL);
        log_finish(&log);
    }
    cr_assert_str_eq(pages[0], pages[1]);
    free(pages[0]);
    free(pages[1]);
}

Test(html, its_script_stays_small)
{
    cr_assert_leq(html_js_end - html_js, 30 * 1024);
}

Test(html, a_text_stands_in_it_once)
{
    struct log log;
    support_log_make(&log);
    char *page = page_of(&log, NULL), *data = cut_data(page);
    cr_assert_eq(count(data, "\"pc-alice\""), 1);
    cr_assert_eq(count(data, "\"Subject: Hello\""), 1);
    free(data);
    free(page);
    log_finish(&log);
}

Test(html, the_lesson_stands_in_it_with_its_outcome)
{
    struct log log;
    support_log_make(&log);
    struct slice watch[] = {SLICE("Who holds it?")};
    const struct export_step steps[] = {{SLICE("PREDICT"), SLICE("Say first."), SLICE("How many?"),
                                         SLICE("two"), SLICE("There are three.")}};
    const struct export_check checks[] = {{SLICE("It is there."), true, false}};
    const struct export_lesson lesson = {SLICE("L01"),
                                         SLICE("A title"),
                                         SLICE("A goal"),
                                         SLICE(""),
                                         watch,
                                         steps,
                                         checks,
                                         1,
                                         1,
                                         1,
                                         SLICE("1 of 2 points")};
    char *page = page_of(&log, &lesson), *data = cut_data(page);
    static const char *const texts[] = {
        "L01",       "A title", "A goal",           "Who holds it?", "PREDICT",      "Say first.",
        "How many?", "two",     "There are three.", "It is there.",  "1 of 2 points"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        cr_assert(strstr(data, texts[i]), "%s", texts[i]);
    cr_assert(strstr(page, "<title>L01: A title</title>"));
    free(data);
    free(page);
    log_finish(&log);
}

Test(html, a_trace_that_no_browser_would_bear_is_refused_with_a_way_out)
{
    struct log log;
    struct problem problem = {0};
    support_log_make(&log);
    uint32_t text = support_text(&log, "again");
    while (log_count(&log) <= HTML_EVENTS_MOST)
        log_add(&log, log_end(&log), 1, EVENT_UI, 0,
                &(struct event_ui){.step = text, .what = text});
    FILE *out = fopen("/dev/null", "w");
    cr_assert_not(html_write(&log, out, &(struct export_options){0}, &problem));
    cr_assert(strstr(problem.what, "--until"));
    fclose(out);
    log_finish(&log);
}

Test(html, an_empty_trace_and_one_cut_anywhere_make_a_page)
{
    struct log whole;
    support_log_make(&whole);
    for (uint32_t length = 0; length <= log_count(&whole); length += 7) {
        struct log log;
        log_init(&log);
        for (uint32_t id = 0; id < length;
             id++) { /* texts keep their numbers in order of first use */
            const struct event *e = log_at(&whole, id);
            struct event copy = *e;
            for (int i = 0; i < event_kinds[e->kind].field_count; i++)
                if (event_kinds[e->kind].fields[i].type == EVENT_TYPE_TEXT)
                    copy.v[i] = log_intern(&log, log_text(&whole, e->v[i]));
            log_add(&log, e->t, e->cause, (enum event_kind)e->kind, e->flags, copy.v);
        }
        free(page_of(&log, NULL));
        log_finish(&log);
    }
    log_finish(&whole);
}
