/* What is shown of real headers. The messages are tests/golden/headers/NAME.eml. */
#include "export/trail_text.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "export/trail_words.h"
#include "tests/export/support_log.h"

static struct arena arena;
static struct trail trail;

static void begin(void)
{
    arena_init(&arena);
}

static void end(void)
{
    arena_finish(&arena);
}

TestSuite(trail_text, .init = begin, .fini = end);

static void read_message(const char *name)
{
    enum { MOST = 1 << 16 };
    struct slice path = arena_printf(&arena, SOURCE_DIR "/tests/golden/headers/%s", name);
    FILE *in = fopen(path.data, "rb");
    cr_assert_not_null(in, "%s", name);
    char *text = arena_take(&arena, MOST);
    size_t size = fread(text, 1, MOST, in);
    fclose(in);
    trail_read(&trail, (struct slice){text, size}, &arena);
}

static void expect_shown(const char *message, const char *golden,
                         const struct export_options *options)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    cr_assert_not_null(out);
    read_message(message);
    if (options)
        trail_text_write(&trail, out, options);
    else
        trail_json_write(&trail, out);
    fclose(out);
    support_expect_golden(golden, text, size);
    free(text);
}

Test(trail_text, the_way_of_a_message_is_drawn_with_its_times)
{
    expect_shown("way.eml", "headers/way.txt", &(struct export_options){.width = 80});
    expect_shown("way.eml", "headers/way.json", NULL);
}

Test(trail_text, a_chain_that_breaks_says_what_may_be_made_up)
{
    expect_shown("forged.eml", "headers/forged.txt", &(struct export_options){.width = 80});
}

Test(trail_text, odd_and_hostile_lines_are_shown_harmlessly)
{
    expect_shown("odd.eml", "headers/odd-ascii-60.txt",
                 &(struct export_options){.width = 60, .is_ascii = true});
    expect_shown("odd.eml", "headers/odd.json", NULL);
}

Test(trail_text, colour_is_only_there_when_it_is_asked_for)
{
    for (int has_colour = 0; has_colour < 2; has_colour++) {
        char *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);
        read_message("odd.eml");
        trail_text_write(&trail, out,
                         &(struct export_options){.width = 80, .has_colour = has_colour});
        fclose(out);
        cr_expect_eq(memchr(text, '\x1b', size) != NULL, has_colour);
        free(text);
    }
}

Test(trail_text, spans_are_said_in_two_units)
{
    static const struct {
        int64_t seconds;
        const char *text;
    } rows[] = {{0, "0 s"},         {59, "59 s"},       {60, "1 min"},
                {125, "2 min 5 s"}, {3600, "1 h"},      {-3660, "1 h 1 min"},
                {86400, "1 d"},     {90000, "1 d 1 h"}, {INT64_MIN, "106751991167300 d 15 h"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct slice text = trail_words_span(rows[i].seconds, &arena);
        cr_expect(slice_equal(text, slice_of(rows[i].text)), "%.*s", SLICE_ARG(text));
    }
}

Test(trail_text, nothing_is_said_to_be_forged)
{
    static const char *const messages[] = {"way.eml", "forged.eml", "odd.eml"};
    struct trail_sentence sentences[TRAIL_SENTENCES_MAX];
    for (size_t m = 0; m < 3; m++) {
        read_message(messages[m]);
        size_t count = trail_words(&trail, &arena, sentences);
        cr_assert_gt(count, 0u);
        for (size_t i = 0; i < count; i++)
            cr_expect_eq(slice_find(sentences[i].text, SLICE("forged"), 0), SLICE_NONE);
    }
}
