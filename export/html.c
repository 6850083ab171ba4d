/*
 * The format `.html`: a trace as one page that replays it. What happened stands in the page as
 * data, in one block of JSON; page/page.js shows it by text nodes and attributes only, so that no
 * subject, name or body can become markup. A policy in the page itself forbids all requests, and
 * every script and style but the two that are named there by their hashes (W3C CSP 3).
 */
#include "agents/proto/sasl_digest.h"
#include "export/html_part.h"
#include "sim/base/base64.h"
#include "sim/base/check.h"

struct page {
    struct html h;
    const struct export_options *options;
    struct bytes style, marks;
};

static struct slice script(void)
{
    return (struct slice){(const char *)html_js, (size_t)(html_js_end - html_js)};
}

static void put(FILE *out, struct slice text)
{
    fwrite(text.data, 1, text.size, out);
}

static void put_hash(FILE *out, struct slice text)
{
    unsigned char digest[SASL_DIGEST_SHA256];
    struct bytes word;
    bytes_init(&word, 64);
    sasl_digest_sha256(text, digest);
    check(base64_write((struct slice){(const char *)digest, sizeof digest}, &word));
    fprintf(out, "'sha256-%.*s'", SLICE_ARG(bytes_slice(&word)));
    bytes_finish(&word);
}

static void put_policy(struct page *page)
{
    FILE *out = page->h.out;
    fputs("default-src 'none'; base-uri 'none'; form-action 'none'; style-src ", out);
    put_hash(out, bytes_slice(&page->style));
    fputs("; script-src ", out);
    put_hash(out, script());
}

static void put_title(struct page *page)
{
    const struct export_lesson *lesson = page->options->lesson;
    const struct log *log = page->h.log;
    const struct event_run *run = log_count(log) ? event_as_run(log_at(log, 0)) : NULL;
    struct html *h = &page->h;
    if (lesson) {
        html_escape(h->out, pool_at(&h->texts, html_text(h, lesson->id)));
        fputs(": ", h->out);
    }
    struct slice title = lesson ? lesson->title : run ? log_text(log, run->title) : SLICE("");
    html_escape(h->out, pool_at(&h->texts, html_text(h, title)));
}

static void put_data(struct page *page)
{
    struct html *h = &page->h;
    html_header_list headers = {0};
    fputs("{\"version\":1", h->out);
    html_world_write(h);
    html_events_write(h);
    html_talk_write(h);
    html_scene_write(h, &headers);
    html_headers_write(h, &headers);
    if (page->options->lesson)
        html_lesson_write(h, page->options->lesson);
    html_texts_write(h);
    fputs("}\n", h->out);
    vector_finish(&headers);
}

static void put_part(struct page *page, struct slice name)
{
    FILE *out = page->h.out;
    if (slice_equal(name, SLICE("policy")))
        put_policy(page);
    else if (slice_equal(name, SLICE("title")))
        put_title(page);
    else if (slice_equal(name, SLICE("style")))
        put(out, bytes_slice(&page->style));
    else if (slice_equal(name, SLICE("marks")))
        put(out, bytes_slice(&page->marks));
    else if (slice_equal(name, SLICE("data")))
        put_data(page);
    else if (slice_equal(name, SLICE("script")))
        put(out, script());
    else
        check(false);
}

/* page.html with what stands for each {{name}} in its place. */
static void put_page(struct page *page)
{
    struct slice rest = {(const char *)html_page, (size_t)(html_page_end - html_page)};
    for (;;) {
        size_t at = slice_find(rest, SLICE("{{"), 0);
        put(page->h.out, slice_part(rest, 0, at));
        if (at == SLICE_NONE)
            return;
        size_t end = slice_find(rest, SLICE("}}"), at);
        check(end != SLICE_NONE);
        put_part(page, slice_part(rest, at + 2, end));
        rest = slice_part(rest, end + 2, rest.size);
    }
}

bool html_write(const struct log *log, FILE *out, const struct export_options *options,
                struct problem *problem)
{
    struct page page = {.options = options};
    if (log_count(log) > HTML_EVENTS_MOST)
        return problem_set(problem,
                           "%u events are too many for a page, which may have %d: end the run "
                           "earlier (--until)",
                           (unsigned)log_count(log), HTML_EVENTS_MOST);
    html_init(&page.h, log, out);
    bytes_init(&page.style, SIZE_MAX);
    bytes_init(&page.marks, SIZE_MAX);
    html_style_write(&page.style);
    html_marks_write(&page.marks);
    put_page(&page);
    bytes_finish(&page.style);
    bytes_finish(&page.marks);
    html_finish(&page.h);
    return true;
}
