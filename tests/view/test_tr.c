#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "render/view/tr.h"
#include "render/view/words.h"
#include "render/view/words_say.h"
#include "tests/scene/support_log.h"
#include "tests/view/support_list.h"

Test(tr, english_is_the_text_itself)
{
    tr_set_catalogs(CATALOGS);
    tr_set_language("en");
    cr_expect_str_eq(tr("Write a message"), "Write a message");
    cr_expect_str_eq(tr("no text of ours"), "no text of ours");
}

Test(tr, the_language_can_change_at_any_time)
{
    tr_set_catalogs(CATALOGS);
    tr_set_language("de");
    cr_expect_str_eq(tr("Write a message"), "Nachricht schreiben");
    tr_set_language("es");
    cr_expect_str_eq(tr("Write a message"), "Escribir un mensaje");
    tr_set_language("de_CH.UTF-8");
    cr_expect_str_eq(tr("Write a message"), "Nachricht schreiben", "German of any country");
    tr_set_language("tlh");
    cr_expect_str_eq(tr("Write a message"), "Write a message", "there is no catalog");
}

Test(tr, the_language_of_the_system_can_be_chosen_again)
{
    setenv("LANGUAGE", "es", 1);
    tr_set_catalogs(CATALOGS);
    tr_set_language("");
    cr_expect_str_eq(tr("Write a message"), "Escribir un mensaje");
    tr_set_language("de");
    tr_set_language("");
    cr_expect_str_eq(tr("Write a message"), "Escribir un mensaje");
}

Test(tr, the_language_that_does_not_exist_is_longer)
{
    tr_set_catalogs(CATALOGS);
    tr_set_language("qps");
    cr_expect_str_eq(tr("Write a message"), "Write a message ~~~~~");
    cr_expect_str_eq(trn("%u host", "%u hosts", 1), "%u host ~~");
    cr_expect_str_eq(trn("%u host", "%u hosts", 2), "%u hosts ~~~");
}

/* ---- sentences with holes ---- */

static void expect_said(const char *sentence, const char *words)
{
    struct arena arena;
    arena_init(&arena);
    struct slice said =
        WORDS_SAY(&arena, sentence, {"a", SLICE("one")}, {"b", SLICE("two")}, {"c", {"", 0}});
    cr_expect(slice_equal(said, slice_of(words)), "%s: '%.*s'", sentence, SLICE_ARG(said));
    arena_finish(&arena);
}

Test(tr, a_sentence_is_filled_in_any_order)
{
    expect_said("{a} asks {b}", "one asks two");
    expect_said("{b} is asked by {a}, {b}!", "two is asked by one, two!");
    expect_said("no hole", "no hole");
    expect_said("", "");
    expect_said("({c})", "()");
    expect_said("{d} stays, so does { and {a", "{d} stays, so does { and {a");
    expect_said("{{a}}", "{one}");
}

static void expect_event(const struct log *log, enum event_kind kind, const char *language,
                         const char *words)
{
    struct arena arena;
    uint32_t id = 0;
    arena_init(&arena);
    while (id < log_count(log) && log_at(log, id)->kind != kind)
        id++;
    tr_set_language(language);
    struct slice said = words_event(log, &arena, id);
    cr_expect(slice_equal(said, slice_of(words)), "%s: '%.*s'", language, SLICE_ARG(said));
    arena_finish(&arena);
}

/* A German verb stands in two pieces around what it is about. */
Test(tr, what_happened_is_told_in_the_order_of_the_language)
{
    struct story s;
    story_world(&s, true);
    story_first_mail(&s);
    tr_set_catalogs(CATALOGS);
    expect_event(&s.log, EVENT_DELIVER, "en",
                 "mx1 delivers \xE2\x80\x9CHello\xE2\x80\x9D into bob@example.org/INBOX");
    expect_event(&s.log, EVENT_DELIVER, "de",
                 "mx1 stellt \xE2\x80\x9EHello\xE2\x80\x9C in bob@example.org/INBOX zu");
    expect_event(&s.log, EVENT_DELIVER, "es",
                 "mx1 entrega \xC2\xABHello\xC2\xBB en bob@example.org/INBOX");
    expect_event(&s.log, EVENT_DNS_QUERY, "es",
                 "out pregunta a dns: \xC2\xBFqui\xC3\xA9n toma correo para example.org?");
    story_finish(&s);
}

/* ---- the whole picture ---- */

static void choose(struct view *view, const char *language)
{
    struct view_settings settings = *view_settings(view);
    snprintf(settings.language, sizeof settings.language, "%s", language);
    view_set_settings(view, &settings);
}

/* A view that knew another language before shows what a new one shows. */
Test(tr, a_change_of_language_draws_everything_anew)
{
    static const char *const languages[] = {"de", "es", "qps", "en"};
    struct story s;
    struct draw_list list;
    struct bytes kept, fresh;
    story_world(&s, true);
    story_first_mail(&s);
    support_list_init(&list);
    bytes_init(&kept, SIZE_MAX);
    bytes_init(&fresh, SIZE_MAX);
    tr_set_catalogs(CATALOGS);
    struct view *view = view_create(&s.log);
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
        struct view *other = view_create(&s.log);
        choose(view, languages[i]);
        choose(other, languages[i]);
        view_seek(view, s.t / 2);
        view_seek(other, s.t / 2);
        support_picture(view, &list, &kept);
        support_picture(other, &list, &fresh);
        cr_expect(slice_equal(bytes_slice(&kept), bytes_slice(&fresh)), "%s", languages[i]);
        cr_expect(support_shows(view, &list, tr("What happened")), "%s", languages[i]);
        view_destroy(other);
    }
    view_destroy(view);
    bytes_finish(&fresh);
    bytes_finish(&kept);
    draw_finish(&list);
    story_finish(&s);
}

/* Commands, replies, header fields and the names of events are set in letters of one width. */
static void put_protocol(struct view *view, struct draw_list *list, struct bytes *out)
{
    view_draw(view, list, 1920, 1080);
    bytes_clear(out);
    for (size_t i = 0; i < list->items.count; i++) {
        const struct draw_item *item = &list->items.items[i];
        if (item->kind == DRAW_TEXT && item->font == DRAW_FONT_MONO)
            (void)(bytes_append(out, item->text) && bytes_append(out, SLICE("\n")));
    }
}

Test(tr, the_text_of_the_protocols_is_the_same_in_every_language)
{
    static const char *const languages[] = {"de", "es"};
    struct story s;
    struct draw_list list;
    struct bytes english, other;
    story_world(&s, true);
    story_first_mail(&s);
    support_list_init(&list);
    bytes_init(&english, SIZE_MAX);
    bytes_init(&other, SIZE_MAX);
    tr_set_catalogs(CATALOGS);
    struct view *view = view_create(&s.log);
    for (int64_t t = 0; t <= s.t; t += s.t / 8) {
        view_seek(view, t);
        choose(view, "en");
        put_protocol(view, &list, &english);
        for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
            choose(view, languages[i]);
            put_protocol(view, &list, &other);
            cr_expect(slice_equal(bytes_slice(&other), bytes_slice(&english)),
                      "%s at %lld:\n%.*s---\n%.*s", languages[i], (long long)t,
                      SLICE_ARG(bytes_slice(&english)), SLICE_ARG(bytes_slice(&other)));
        }
    }
    cr_expect_gt(bytes_size(&english), 400, "there is something to compare");
    view_destroy(view);
    bytes_finish(&other);
    bytes_finish(&english);
    draw_finish(&list);
    story_finish(&s);
}
