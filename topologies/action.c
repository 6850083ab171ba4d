#include "topologies/action.h"

#include <string.h>

enum { ACTION_MAX = 16 * 1024 * 1024 }; /* a message is within one, as base64 */

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

const struct action_form action_forms[ACTION_COUNT] = {
    [ACTION_SEND] = {"send", "from to cc bcc subject body attach whole", "from to", 0, 0, "",
                     "send from=alice@example.com to=bob@example.org subject=Hello"},
    [ACTION_FETCH] = {"fetch", "by", "by", 0, 0, "", "fetch by=pc-bob"},
    [ACTION_FAULT] = {"fault", NULL, "", 2, 3,
                      "its name, or a kind and what it is about, and then on or off",
                      "fault mx1-down on"},
    [ACTION_FLUSH] = {"flush", "", "", 1, 1, "the host or agent whose queue it is", "flush out"},
    [ACTION_SET] = {"set", NULL, "", 1, 1, "the agent or its host, and what is to be changed",
                    "set submit require_auth=false"},
    [ACTION_ROBOT] = {"robot", "count every group", "", 1, 1, "the robot or its host",
                      "robot bulk count=100 every=1s"},
    [ACTION_REPLY] = {"reply", "by message folder body all to cc attach", "by message", 0, 0, "",
                      "reply by=pc-bob message=1 body=Thanks"},
    [ACTION_FORWARD] = {"forward", "by message folder to cc body attach", "by message to", 0, 0, "",
                        "forward by=pc-bob message=1 to=carol@example.net"},
    [ACTION_READ] = {"read", "by message folder", "by message", 0, 0, "",
                     "read by=phone-bob message=Hello"},
    [ACTION_FLAG] = {"flag", "by message folder flag", "by message", 0, 1, "on or off",
                     "flag by=pc-bob message=1 flag=Flagged on"},
    [ACTION_MOVE] = {"move", "by message folder to", "by message to", 0, 0, "",
                     "move by=pc-bob message=1 to=Done"},
    [ACTION_DELETE] = {"delete", "by message folder", "by message", 0, 0, "",
                       "delete by=pc-bob message=1"},
    [ACTION_EXPUNGE] = {"expunge", "by folder", "by", 0, 0, "", "expunge by=pc-bob"},
    [ACTION_FOLDER] = {"folder", "by create", "by create", 0, 0, "",
                       "folder by=pc-bob create=Done"},
    [ACTION_IDLE] = {"idle", "by", "by", 0, 1, "on or off", "idle by=pc-bob on"},
    [ACTION_BROWSE] = {"browse", "by page message to subject body", "by page", 0, 0, "",
                       "browse by=browser page=inbox"},
    [ACTION_DNS] = {"dns", "pref ttl data", "", 3, ACTION_WORDS_MAX,
                    "add or remove, a name, a type, and what is added",
                    "dns add example.org MX mx2.example.org pref=20"},
    [ACTION_WRITE] = {"write", "text", "", 2, 2,
                      "a host and a path, or a person's address and a file in the home",
                      "write bob@example.org .forward text=carol@example.net"},
    [ACTION_REMOVE] = {"remove", "", "", 2, 2,
                       "a host and a path, or a person's address and a file in the home",
                       "remove bob@example.org .forward"},
    [ACTION_USER] = {"user", "name password", "", 2, 2, "add or remove, and an address",
                     "user add eve@example.org name=Eve"},
    [ACTION_CUT] = {"cut", "", "", 1, 1, "two hosts, as a:b, or a connection's number",
                    "cut out:mx1"},
    [ACTION_HOST] = {"host", "name addr admd x y resolver behind zone skew skew_s", "", 2, 3,
                     "add, remove, rename, move or set, and the id of a host",
                     "host add mx2 name=mx2.example.org addr=203.0.113.26 admd=birch"},
    [ACTION_AGENT] = {"agent", NULL, "", 2, 3,
                      "add, the id of a host and one for the agent; or remove and the agent's id",
                      "agent add mx2 mta-mx2 role=mta listen=25 local=example.org"},
    [ACTION_LINK] = {"link", "latency jitter kbps loss up latency_ms jitter_ms loss_percent", "", 2,
                     2, "add, remove or set, and two hosts, as a:b",
                     "link add mx1:mx2 latency=5 kbps=1000"},
    [ACTION_ADMD] = {"admd", "name", "", 2, 2, "add, remove or set, and the id of an organisation",
                     "admd add elm name=\"Elm House\""},
    [ACTION_NETWORK] = {"network", "title look", "", 1, 1, "set",
                        "network set title=\"Our school\""},
    [ACTION_TYPE] = {"type", "text key", "", 1, 1,
                     "the host whose console it is, and text= or key=escape, interrupt or end",
                     "type out text=\"dig example.org MX\\n\""},
    [ACTION_STORE] = {"store", "whole folder date flags", "whole", 1, 1,
                      "the address of whose mailbox it is",
                      "store bob@example.org whole=U3ViamVjdDogSGkKCkhlbGxvCg== flags=Seen"},
};

/* "send, fetch, fault, flush or set" */
static struct slice verb_list(struct arena *arena)
{
    struct slice list = SLICE("");
    for (size_t i = 0; i < ACTION_COUNT; i++)
        list = arena_printf(arena, "%.*s%s%s", SLICE_ARG(list),
                            i == 0                  ? ""
                            : i + 1 == ACTION_COUNT ? " or "
                                                    : ", ",
                            action_forms[i].name);
    return list;
}

static bool find_verb(struct slice word, struct arena *arena, enum action_verb *verb,
                      struct problem *problem)
{
    const char *names[ACTION_COUNT];
    for (size_t i = 0; i < ACTION_COUNT; i++) {
        names[i] = action_forms[i].name;
        if (slice_equal(word, slice_of(names[i]))) {
            *verb = (enum action_verb)i;
            return true;
        }
    }
    const char *nearest = problem_nearest(word, names, ACTION_COUNT);
    if (nearest)
        return problem_set(problem, "unknown action \"%.*s\"; did you mean \"%s\"?",
                           SLICE_ARG(slice_part(word, 0, 40)), nearest);
    return problem_set(problem, "unknown action \"%.*s\"; expected %.*s",
                       SLICE_ARG(slice_part(word, 0, 40)), SLICE_ARG(verb_list(arena)));
}

enum { KEYS_MAX = 32 };

/* Splits a form's list of keys; each ends with a NUL, in the arena. */
static size_t split_keys(const char *keys, struct arena *arena, const char *names[KEYS_MAX])
{
    struct slice key, rest = slice_of(keys);
    size_t count = 0;
    while (count < KEYS_MAX && slice_cut(&rest, ' ', &key))
        if (key.size > 0)
            names[count++] = arena_copy(arena, key).data;
    return count;
}

static bool reject_key(const struct action_form *form, struct slice word, struct slice key,
                       const char *const *names, size_t count, struct problem *problem)
{
    const char *nearest = problem_nearest(key, names, count);
    return problem_set(problem, "\"%.*s\" in %s is not understood%s%s%s; expected %s, as in: %s",
                       SLICE_ARG(slice_part(word, 0, 40)), form->name,
                       nearest ? "; did you mean \"" : "", nearest ? nearest : "",
                       nearest ? "=\"?" : "", count ? form->keys : form->needs, form->example);
}

/* One key=value. */
static bool add_value(struct action *a, struct slice word, struct arena *arena,
                      struct problem *problem)
{
    const struct action_form *form = &action_forms[a->verb];
    const char *names[KEYS_MAX];
    size_t i = 0, count = form->keys ? split_keys(form->keys, arena, names) : 0;
    struct slice value = word, key;
    slice_cut(&value, '=', &key);
    while (i < count && !slice_equal(key, slice_of(names[i])))
        i++;
    if (form->keys && i == count)
        return reject_key(form, word, key, names, count, problem);
    if (a->value_count == ACTION_VALUES_MAX)
        return problem_set(problem, "too many values in %s", form->name);
    a->values[a->value_count++] = (struct action_value){key, value};
    return true;
}

/* Is it key=value? A text such as "a b=c" that stands alone is none. */
static bool is_value(struct slice word)
{
    size_t equals = slice_find_octet(word, '=', 0);
    for (size_t i = 0; equals != SLICE_NONE && i < equals; i++)
        if (!(word.data[i] == '_' || word.data[i] == '-' ||
              (slice_lower(word.data[i]) >= 'a' && slice_lower(word.data[i]) <= 'z')))
            return false;
    return equals != SLICE_NONE && equals > 0;
}

static bool add_word(struct action *a, struct slice word, struct arena *arena,
                     struct problem *problem)
{
    const struct action_form *form = &action_forms[a->verb];
    const char *names[KEYS_MAX];
    if (form->words_max == 0)
        return reject_key(form, word, word, names, split_keys(form->keys, arena, names), problem);
    if (a->word_count == form->words_max)
        return problem_set(problem, "too many words in %s; expected %s, as in: %s", form->name,
                           form->needs, form->example);
    a->words[a->word_count++] = word;
    return true;
}

static bool check_whole(const struct action *a, struct arena *arena, struct problem *problem)
{
    const struct action_form *form = &action_forms[a->verb];
    const char *names[KEYS_MAX];
    size_t count = split_keys(form->needed, arena, names);
    for (size_t i = 0; i < count; i++)
        if (action_value(a, names[i]).size == 0)
            return problem_set(problem, "%s needs %s=, as in: %s", form->name, names[i],
                               form->example);
    if (a->word_count < form->words_min)
        return problem_set(problem, "%s needs %s, as in: %s", form->name, form->needs,
                           form->example);
    return true;
}

bool action_read(struct slice text, struct arena *arena, struct action *a, struct problem *problem)
{
    struct slice word;
    *a = (struct action){0};
    if (text.size > ACTION_MAX)
        return problem_set(problem, "the action is longer than %d octets", ACTION_MAX);
    struct reader r = {.text = text, .out = arena_take(arena, text.size + 1)};
    if (!next_word(&r, &word))
        return problem_set(problem, "the action is empty; expected %.*s",
                           SLICE_ARG(verb_list(arena)));
    if (!find_verb(word, arena, &a->verb, problem))
        return false;
    while (!r.is_open && next_word(&r, &word))
        if (!r.is_open && !(is_value(word) ? add_value(a, word, arena, problem)
                                           : add_word(a, word, arena, problem)))
            return false;
    if (r.is_open)
        return problem_set(problem, "a quote \" is opened and not closed");
    return check_whole(a, arena, problem);
}

struct slice action_value(const struct action *a, const char *key)
{
    for (size_t i = 0; i < a->value_count; i++)
        if (slice_equal(a->values[i].key, slice_of(key)))
            return a->values[i].value;
    return SLICE("");
}

bool action_has(const struct action *a, const char *key)
{
    for (size_t i = 0; i < a->value_count; i++)
        if (slice_equal(a->values[i].key, slice_of(key)))
            return true;
    return false;
}
