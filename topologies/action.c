#include "topologies/action.h"

#include <string.h>

enum { ACTION_MAX = 1024 * 1024 };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static char unescape(char c)
{
    return c == 'n' ? '\n' : c == 't' ? '\t' : c;
}

/* Words off the front of a text; what they mean is written one behind the other. */
struct reader {
    struct slice text;
    char *out;    /* has room for all of the text, as no word means more octets than it has */
    bool is_open; /* a quote was not closed */
};

static void put(struct reader *r, struct slice run)
{
    memcpy(r->out, run.data, run.size);
    r->out += run.size;
}

/* Behind a quote: up to the next one, escapes resolved. Gives the place behind it, or the end. */
static size_t read_quoted(struct reader *r, size_t i)
{
    for (;;) {
        size_t run = slice_find_either(r->text, '"', '\\', i);
        put(r, slice_part(r->text, i, run));
        r->is_open = run == r->text.size;
        if (r->is_open || r->text.data[run] == '"')
            return r->is_open ? run : run + 1;
        i = run + 1;
        *r->out++ = i < r->text.size ? unescape(r->text.data[i++]) : '\\';
    }
}

/*
 * The next word, quotes taken away: subject="Hello Bob" is one word, subject=Hello Bob. False at
 * the end. A NUL is put behind each.
 */
static bool next_word(struct reader *r, struct slice *word)
{
    size_t i = 0;
    while (i < r->text.size && is_blank(r->text.data[i]))
        i++;
    if (i == r->text.size)
        return false;
    word->data = r->out;
    while (i < r->text.size && !is_blank(r->text.data[i])) {
        if (r->text.data[i] == '"')
            i = read_quoted(r, i + 1);
        else
            *r->out++ = r->text.data[i++];
    }
    word->size = (size_t)(r->out - word->data);
    r->text = slice_part(r->text, i, r->text.size);
    *r->out++ = '\0';
    return true;
}

static const char *const verbs[] = {"send", "fetch", "fault", "flush"};

static bool find_verb(struct slice word, enum action_verb *verb, struct problem *problem)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (slice_equal(word, slice_of(verbs[i]))) {
            *verb = (enum action_verb)i;
            return true;
        }
    const char *nearest = problem_nearest(word, verbs, sizeof verbs / sizeof *verbs);
    return problem_set(problem,
                       "unknown action \"%.*s\"%s%s%s; expected send, fetch, fault or flush",
                       SLICE_ARG(slice_part(word, 0, 40)), nearest ? "; did you mean \"" : "",
                       nearest ? nearest : "", nearest ? "\"?" : "");
}

/* One key=value of send or fetch. */
static bool set_value(struct action *a, struct slice word, struct problem *problem)
{
    static const char *const send_keys[] = {"from", "to", "cc", "bcc", "subject", "body"};
    static const char *const fetch_keys[] = {"by"};
    struct slice *const send_values[] = {&a->from, &a->to, &a->cc, &a->bcc, &a->subject, &a->body};
    const char *const *keys = a->verb == ACTION_SEND ? send_keys : fetch_keys;
    size_t count = a->verb == ACTION_SEND ? 6 : 1;
    struct slice value = word, key;
    size_t equals = slice_find_octet(word, '=', 0);
    slice_cut(&value, '=', &key);
    for (size_t i = 0; equals != SLICE_NONE && i < count; i++)
        if (slice_equal(key, slice_of(keys[i]))) {
            *(a->verb == ACTION_SEND ? send_values[i] : &a->by) = value;
            return true;
        }
    const char *nearest = problem_nearest(key, keys, count);
    return problem_set(
        problem, "\"%.*s\" in %s is not understood%s%s%s; expected %s",
        SLICE_ARG(slice_part(word, 0, 40)), verbs[a->verb], nearest ? "; did you mean \"" : "",
        nearest ? nearest : "", nearest ? "=\"?" : "",
        a->verb == ACTION_SEND ? "from=, to=, cc=, bcc=, subject= or body=" : "by=AGENT");
}

static bool add_word(struct action *a, struct slice word, struct problem *problem)
{
    if (a->word_count == ACTION_WORDS_MAX)
        return problem_set(problem, "too many words in %s", verbs[a->verb]);
    a->words[a->word_count++] = word;
    return true;
}

/* A fault's last word is on or off. */
static bool take_state(struct action *a, struct problem *problem)
{
    struct slice state = a->word_count ? a->words[a->word_count - 1] : SLICE("");
    a->on = slice_equal(state, SLICE("on"));
    if (a->word_count < 2 || (!a->on && !slice_equal(state, SLICE("off"))))
        return problem_set(problem, "a fault needs its name and then on or off: fault mx1-down on");
    a->word_count--;
    return true;
}

static bool check_whole(struct action *a, struct problem *problem)
{
    switch (a->verb) {
    case ACTION_SEND:
        if (a->from.size == 0 || a->to.size == 0)
            return problem_set(problem, "send needs from= and to=: send from=alice@example.com "
                                        "to=bob@example.org subject=Hello");
        return true;
    case ACTION_FETCH:
        if (a->by.size == 0)
            return problem_set(problem, "fetch needs by=: fetch by=pc-bob");
        return true;
    case ACTION_FAULT:
        return take_state(a, problem);
    case ACTION_FLUSH:
        if (a->word_count != 1)
            return problem_set(problem,
                               "flush needs the host or agent whose queue it is: flush out");
        return true;
    }
    return false;
}

bool action_read(struct slice text, struct arena *arena, struct action *a, struct problem *problem)
{
    struct slice word;
    *a = (struct action){0};
    if (text.size > ACTION_MAX)
        return problem_set(problem, "the action is longer than %d octets", ACTION_MAX);
    struct reader r = {.text = text, .out = arena_take(arena, text.size + 1)};
    if (!next_word(&r, &word))
        return problem_set(problem, "the action is empty; expected send, fetch, fault or flush");
    if (!find_verb(word, &a->verb, problem))
        return false;
    while (!r.is_open && next_word(&r, &word)) {
        bool has_keys = a->verb == ACTION_SEND || a->verb == ACTION_FETCH;
        if (!r.is_open && !(has_keys ? set_value(a, word, problem) : add_word(a, word, problem)))
            return false;
    }
    if (r.is_open)
        return problem_set(problem, "a quote \" is opened and not closed");
    return check_whole(a, problem);
}
