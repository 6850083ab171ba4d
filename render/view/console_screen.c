#include "render/view/console.h"
#include "sim/base/check.h"
#include "sim/base/utf8.h"

/* A terminal would obey some octets; here they are only shown to be there. */
static void put_clean(struct console_screen *s, struct slice text)
{
    for (size_t at = 0, size; at < text.size; at += size) {
        uint32_t letter = 0;
        size = utf8_next(text, at, &letter);
        bool is_bad = size == 0 || (letter < ' ' && letter != '\n' && letter != '\t') ||
                      (letter >= 0x7f && letter < 0xa0);
        size = size ? size : 1;
        if (text.data[at] == '\r')
            continue;
        struct slice shown = is_bad                  ? SLICE("?")
                             : text.data[at] == '\t' ? SLICE("    ")
                                                     : slice_part(text, at, at + size);
        check(bytes_append(&s->text, shown));
    }
}

/* What is far above is forgotten: the run that goes on at the front is cut. */
static void drop_front(struct console_screen *s)
{
    size_t size = bytes_size(&s->text), cut = size - CONSOLE_SCREEN_MAX / 2, kept = 0;
    bytes_consume(&s->text, cut);
    for (size_t i = 0; i < s->runs.count; i++) {
        bool is_left = i + 1 == s->runs.count || s->runs.items[i + 1].start > cut;
        if (!is_left)
            continue;
        struct console_run run = s->runs.items[i];
        run.start = run.start > cut ? run.start - cut : 0;
        s->runs.items[kept++] = run;
    }
    s->runs.count = kept;
}

static void add(struct console_screen *s, const struct event_console *e)
{
    *vector_add(&s->runs) = (struct console_run){bytes_size(&s->text), e->typed != 0};
    put_clean(s, slice_part(log_text(s->log, e->text), 0, CONSOLE_SCREEN_MAX));
    if (bytes_size(&s->text) > CONSOLE_SCREEN_MAX)
        drop_front(s);
}

void console_screen_update(struct console_screen *s, const struct log *log, uint32_t host,
                           uint32_t events)
{
    if (s->log != log || s->host != host || s->events > events) {
        bytes_renew(&s->text, SIZE_MAX);
        vector_clear(&s->runs);
        s->log = log;
        s->host = host;
        s->events = 0;
    }
    for (; s->events < events; s->events++) {
        const struct event_console *e = event_as_console(log_at(log, s->events));
        if (e && log_host_of(log, e->at) == host)
            add(s, e);
    }
}

void console_screen_finish(struct console_screen *s)
{
    bytes_finish(&s->text);
    vector_finish(&s->runs);
    *s = (struct console_screen){0};
}

struct slice console_screen_typed(const struct console_screen *s, size_t n)
{
    struct slice all = bytes_slice(&s->text);
    for (size_t i = s->runs.count; i-- > 0;) {
        size_t end = i + 1 < s->runs.count ? s->runs.items[i + 1].start : all.size;
        struct slice typed = slice_trim(slice_part(all, s->runs.items[i].start, end));
        if (s->runs.items[i].is_typed && typed.size > 0 && --n == 0)
            return typed;
    }
    return SLICE("");
}

struct slice console_screen_prompt(const struct console_screen *s)
{
    struct slice all = bytes_slice(&s->text);
    size_t start = all.size;
    while (start > 0 && all.data[start - 1] != '\n')
        start--;
    return slice_part(all, start, all.size);
}
