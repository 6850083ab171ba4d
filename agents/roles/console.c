#include "agents/roles/console.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/roles/console_part.h"
#include "sim/base/check.h"
#include "sim/base/problem.h"
#include "sim/base/memory.h"

static const struct config_key keys[] = {
    {"user", CONFIG_ADDRESS, NULL, 0, 0, "", "who sits here: whose mail is read and written"},
};

enum { SHOWN_UNCUT = CONSOLE_SHOWN_MAX - 64 }; /* the rest is for the word that it was cut */
enum { KEY_INTERRUPT = 0x03, KEY_END = 0x04, KEY_ESCAPE = 0x1d };

/* ---- the screen ---- */

void console_show(struct console *c, struct slice octets, uint32_t conn)
{
    struct sim *sim = c->office->sim;
    if (octets.size > 0)
        sim_note(sim, EVENT_CONSOLE,
                 &(struct event_console){c->agent, sim_text(sim, octets), false, conn});
}

static void note_typed(struct console *c, struct slice octets, uint32_t conn)
{
    struct sim *sim = c->office->sim;
    sim_emit(sim, EVENT_CONSOLE,
             &(struct event_console){c->agent, sim_text(sim, octets), true, conn});
}

/* What is too much is left out, which is said once. */
void console_say(struct console *c, struct slice text)
{
    size_t size = bytes_size(&c->out);
    if (size > SHOWN_UNCUT)
        return;
    check(bytes_append(&c->out, slice_part(text, 0, SHOWN_UNCUT - size)));
    if (text.size > SHOWN_UNCUT - size)
        check(bytes_append(&c->out, SLICE("\n[the rest is not shown]\n")));
}

void console_printf(struct console *c, const char *format, ...)
{
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (size > 0)
        console_say(
            c, (struct slice){text, (size_t)size < sizeof text ? (size_t)size : sizeof text - 1});
}

void console_flush(struct console *c)
{
    console_show(c, bytes_slice(&c->out), 0);
    bytes_clear(&c->out);
}

static void prompt(struct console *c)
{
    if (bytes_size(&c->out) > SHOWN_UNCUT)
        console_flush(c);
    if (c->mode == CONSOLE_PROMPT)
        console_printf(c, "%.*s$ ", SLICE_ARG(net_host_id(c->office->net, c->agent)));
    else if (c->mode == CONSOLE_MAIL)
        console_say(c, SLICE("& "));
    console_flush(c);
}

/* ---- words ---- */

static bool is_blank(char octet)
{
    return octet == ' ' || octet == '\t';
}

/* Blanks between words, quotes around what has blanks in it; no escapes. */
static struct slice next_word(struct console *c, struct slice *rest)
{
    char *word = arena_take(&c->arena, rest->size + 1);
    size_t size = 0, i = 0;
    char quote = '\0';
    while (i < rest->size && is_blank(rest->data[i]))
        i++;
    for (; i < rest->size && (quote || !is_blank(rest->data[i])); i++) {
        char octet = rest->data[i];
        if (quote ? octet == quote : octet == '"' || octet == '\'')
            quote = quote ? '\0' : octet;
        else
            word[size++] = octet;
    }
    *rest = slice_part(*rest, i, rest->size);
    return (struct slice){word, size};
}

static struct console_line split(struct console *c, struct slice line)
{
    struct console_line words = {.count = 0};
    struct slice rest = slice_trim(line);
    while (rest.size > 0 && words.count < CONSOLE_WORDS_MAX) {
        words.items[words.count++] = next_word(c, &rest);
        rest = slice_trim(rest);
    }
    return words;
}

/* ---- commands ---- */

/* CONSOLE_VERB_COUNT when there is none of that name. */
static size_t find_command(struct slice name)
{
    size_t i = 0;
    while (i < CONSOLE_VERB_COUNT && !slice_equal(slice_of(console_words[i].name), name))
        i++;
    return i;
}

static void reject(struct console *c, struct slice name)
{
    const char *names[CONSOLE_VERB_COUNT];
    for (size_t i = 0; i < CONSOLE_VERB_COUNT; i++)
        names[i] = console_words[i].name;
    const char *nearest = problem_nearest(name, names, CONSOLE_VERB_COUNT);
    struct problem problem = {0};
    problem_set(&problem, "%.*s: no such command; %s%s", SLICE_ARG(slice_part(name, 0, 40)),
                nearest ? "did you mean " : "try help", nearest ? nearest : "");
    console_printf(c, "%s\n", problem.what);
}

static void run_line(struct console *c, struct slice line)
{
    arena_reset(&c->arena);
    struct console_line words = split(c, line);
    size_t i = words.count ? find_command(words.items[0]) : CONSOLE_VERB_COUNT;
    c->mode = CONSOLE_BUSY;
    if (i < CONSOLE_VERB_COUNT && words.count - 1 >= console_words[i].words_min) {
        console_commands[i](c, &words);
        return;
    }
    if (i < CONSOLE_VERB_COUNT)
        console_printf(c, "usage: %s %s\n", console_words[i].name, console_words[i].arguments);
    else if (words.count > 0)
        reject(c, words.items[0]);
    console_done(c);
}

void console_help(struct console *c, const struct console_line *words)
{
    (void)words;
    for (size_t i = 0; i < CONSOLE_VERB_COUNT; i++) {
        const struct console_word *word = &console_words[i];
        int width = 34 - (int)strlen(word->name);
        console_printf(c, "%s %-*s %s\n", word->name, width, word->arguments, word->meaning);
    }
    console_say(c, SLICE("Ctrl-] or Ctrl-C gives the prompt back.\n"));
    console_done(c);
}

/* ---- what is typed ---- */

/* Takes a line off the front; false while it has no end. */
static bool take_line(struct console *c, struct slice *line)
{
    struct slice all = bytes_slice(&c->typed);
    size_t end = slice_find_octet(all, '\n', 0);
    if (end == SLICE_NONE)
        return false;
    *line = arena_copy(&c->arena, slice_part(all, 0, end));
    note_typed(c, slice_part(all, 0, end + 1), 0);
    bytes_consume(&c->typed, end + 1);
    *line = slice_trim(*line);
    return true;
}

static bool take_command(struct console *c)
{
    struct slice line;
    arena_reset(&c->arena);
    if (!take_line(c, &line))
        return false;
    struct bytes kept;
    bytes_init(&kept, CONSOLE_TYPED_MAX);
    check(bytes_append(&kept, line)); /* the arena is the command's */
    if (c->mode == CONSOLE_MAIL)
        console_mail_line(c, bytes_slice(&kept));
    else
        run_line(c, bytes_slice(&kept));
    bytes_finish(&kept);
    return true;
}

/* A line of a message keeps its blanks. */
static bool take_letter(struct console *c)
{
    struct slice all = bytes_slice(&c->typed);
    size_t end = slice_find_either(all, '\n', KEY_END, 0);
    if (end == all.size)
        return false;
    struct bytes line;
    bytes_init(&line, CONSOLE_TYPED_MAX);
    bool is_end = all.data[end] == KEY_END;
    check(bytes_append(&line, is_end ? SLICE(".") : slice_part(all, 0, end)));
    note_typed(c, slice_part(all, 0, end + 1), 0);
    bytes_consume(&c->typed, end + 1);
    console_letter_line(c, bytes_slice(&line));
    bytes_finish(&line);
    return true;
}

static bool take_talk(struct console *c)
{
    struct slice all = bytes_slice(&c->typed);
    size_t end = slice_find_octet(all, KEY_ESCAPE, 0);
    struct slice rest = slice_part(all, 0, end == SLICE_NONE ? all.size : end), said = rest;
    uint32_t conn = c->talk.pump ? pump_conn(c->talk.pump) : 0;
    while (rest.size > 0) { /* an event a line, one write for all */
        size_t line = slice_find_octet(rest, '\n', 0);
        line = line == SLICE_NONE ? rest.size : line + 1;
        note_typed(c, slice_part(rest, 0, line), conn);
        rest = slice_part(rest, line, rest.size);
    }
    if (said.size > 0)
        console_talk_typed(c, said);
    bytes_consume(&c->typed, end == SLICE_NONE ? all.size : end + 1);
    if (end != SLICE_NONE)
        console_hang_up(c);
    return end != SLICE_NONE;
}

/* What goes on is given up at a Ctrl-] or Ctrl-C; all else waits. */
static bool take_interrupt(struct console *c)
{
    struct slice all = bytes_slice(&c->typed);
    size_t end = slice_find_either(all, KEY_ESCAPE, KEY_INTERRUPT, 0);
    if (end == all.size)
        return false;
    note_typed(c, slice_part(all, 0, end + 1), 0);
    bytes_consume(&c->typed, end + 1);
    console_hang_up(c);
    return true;
}

static bool take_some(struct console *c)
{
    switch (c->mode) {
    case CONSOLE_PROMPT:
    case CONSOLE_MAIL:
        return take_command(c);
    case CONSOLE_LETTER:
        return take_letter(c);
    case CONSOLE_TALK:
        return bytes_size(&c->typed) > 0 && take_talk(c);
    case CONSOLE_BUSY:
        return take_interrupt(c);
    }
    return false;
}

/* One after the other, also when a command is over at once. */
static void take_all(struct console *c)
{
    if (c->is_taking)
        return;
    c->is_taking = true;
    while (take_some(c))
        ;
    c->is_taking = false;
}

void console_done(struct console *c)
{
    if (c->mode != CONSOLE_MAIL)
        c->mode = CONSOLE_PROMPT;
    prompt(c);
    take_all(c);
}

void console_wait(struct console *c, enum console_mode mode)
{
    c->mode = mode;
    console_flush(c);
    take_all(c);
}

void console_type(struct console *c, struct slice octets)
{
    if (!bytes_append(&c->typed, octets)) {
        console_show(c, SLICE("\n[too much is typed: it was dropped]\n"), 0);
        return;
    }
    if (!c->has_prompt)
        prompt(c);
    c->has_prompt = true;
    take_all(c);
}

/* ---- life cycle ---- */

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    struct console *c = memory_take(sizeof *c);
    (void)ports, (void)port_count;
    *c = (struct console){.office = office, .agent = agent, .config = config};
    bytes_init(&c->typed, CONSOLE_TYPED_MAX);
    bytes_init(&c->out, CONSOLE_SHOWN_MAX);
    bytes_init(&c->letter, CONSOLE_TYPED_MAX);
    arena_init(&c->arena);
    return c;
}

static void destroy(void *agent)
{
    struct console *c = agent;
    talk_finish(&c->talk);
    console_finish_dns(c);
    bytes_finish(&c->typed);
    bytes_finish(&c->out);
    bytes_finish(&c->letter);
    arena_finish(&c->arena);
    free(c);
}

/* What was going on is gone with the host's memory. */
static void running(void *agent, bool is_up)
{
    struct console *c = agent;
    bytes_clear(&c->typed);
    bytes_clear(&c->letter);
    bytes_clear(&c->out);
    console_stop_listening(c);
    c->asked++;
    c->mode = CONSOLE_PROMPT;
    c->is_leaving = c->is_taking = false;
    c->has_prompt = false;
    (void)is_up;
}

const struct role console_role = {
    .name = "console",
    .meaning = "console: a prompt at which a person types",
    .keys = keys,
    .key_count = sizeof keys / sizeof *keys,
    .default_listen = "",
    .create = create,
    .destroy = destroy,
    .running = running,
};
