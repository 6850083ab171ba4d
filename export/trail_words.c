#include "export/trail_words.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "agents/mail/mime.h"
#include "agents/mail/token.h"
#include "sim/base/check.h"

struct speaker {
    const struct trail *trail;
    struct arena *arena;
    struct trail_sentence *sentences;
    size_t count;
};

/* ---- texts ---- */

struct slice trail_words_line(struct slice text, bool decodes, struct arena *arena)
{
    struct bytes line;
    size_t size = 0;
    bytes_init(&line, SIZE_MAX);
    check(decodes ? mime_decode_words(text, &line) : bytes_append(&line, text));
    char *data = arena_take(arena, bytes_size(&line) + 1);
    struct slice raw = slice_trim(bytes_slice(&line));
    for (size_t i = 0; i < raw.size; i++) {
        bool is_blank = token_is_blank(raw.data[i]);
        if (!is_blank || !token_is_blank(raw.data[i - 1]))
            data[size++] = is_blank ? ' ' : raw.data[i];
    }
    bytes_finish(&line);
    return (struct slice){data, size};
}

struct slice trail_words_span(int64_t seconds, struct arena *arena)
{
    uint64_t s = seconds < 0 ? 0 - (uint64_t)seconds : (uint64_t)seconds;
    const struct {
        uint64_t unit;
        const char *name, *less;
        uint64_t less_unit;
    } units[] = {{86400, "d", "h", 3600}, {3600, "h", "min", 60}, {60, "min", "s", 1}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        uint64_t less = s % units[i].unit / units[i].less_unit;
        if (s >= units[i].unit && less == 0)
            return arena_printf(arena, "%" PRIu64 " %s", s / units[i].unit, units[i].name);
        if (s >= units[i].unit)
            return arena_printf(arena, "%" PRIu64 " %s %" PRIu64 " %s", s / units[i].unit,
                                units[i].name, less, units[i].less);
    }
    return arena_printf(arena, "%" PRIu64 " s", s);
}

struct slice trail_words_from(const struct trail_hop *hop, struct arena *arena)
{
    const struct received *r = &hop->received;
    struct slice name = r->from_name.size ? r->from_name : r->from.size ? r->from : r->from_addr;
    return trail_words_line(name, false, arena);
}

struct slice trail_words_by(const struct trail_hop *hop, struct arena *arena)
{
    const struct received *r = &hop->received;
    return trail_words_line(r->by.size ? r->by : r->by_addr, false, arena);
}

const char *trail_words_trust(enum trail_trust trust)
{
    switch (trust) {
    case TRAIL_OWN:
        return "own";
    case TRAIL_FITS:
        return "elsewhere";
    case TRAIL_LOOSE:
        return "may be made up";
    }
    return "";
}

/* ---- saying ---- */

static void say(struct speaker *s, enum trail_tone tone, const char *topic, uint32_t line,
                const char *format, ...) __attribute__((format(printf, 5, 6)));

static void say(struct speaker *s, enum trail_tone tone, const char *topic, uint32_t line,
                const char *format, ...)
{
    char text[1024];
    va_list args;
    if (s->count == TRAIL_SENTENCES_MAX)
        return;
    va_start(args, format);
    int size = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    struct slice said = {text, size < (int)sizeof text ? (size_t)size : sizeof text - 1};
    s->sentences[s->count++] =
        (struct trail_sentence){tone, topic, line, arena_copy(s->arena, said)};
}

/* "line 3", "lines 2 to 4" */
static struct slice lines_from(struct speaker *s, uint32_t first, uint32_t last)
{
    return first == last ? arena_printf(s->arena, "Line %" PRIu32, first)
                         : arena_printf(s->arena, "Lines %" PRIu32 " to %" PRIu32, first, last);
}

static struct slice name_or(struct slice name, const char *other)
{
    return slice_part(name.size ? name : slice_of(other), 0, 200);
}

/* ---- whom to believe ---- */

static void say_own(struct speaker *s)
{
    const struct trail *t = s->trail;
    struct slice own =
        name_or(trail_words_line(t->own, false, s->arena), "the reader's own server");
    if (t->own_count == 0)
        return;
    say(s, TRAIL_TONE_GOOD, "trust", 1,
        "%.*s: written by %.*s. The topmost line is the last server's, which is taken to be the "
        "reader's side: that can be believed.",
        SLICE_ARG(lines_from(s, 1, t->own_count)), SLICE_ARG(own));
}

static const struct trail_hop *hop_of_line(const struct trail *t, uint32_t number)
{
    return &t->hops[t->hop_count - number];
}

/* A client that calls itself by a name of the reader's side, and is seen to be another. */
static void say_borrowed_name(struct speaker *s)
{
    const struct trail *t = s->trail;
    const struct trail_hop *hop = t->own_count ? hop_of_line(t, t->own_count) : NULL;
    const struct received *r = hop ? &hop->received : NULL;
    bool is_borrowed = hop && t->own.size && r->from_addr.size && !trail_is_private(r->from_addr) &&
                       slice_equal_fold(trail_domain(r->from), t->own) &&
                       !slice_equal_fold(trail_domain(r->from_name), t->own);
    if (!is_borrowed)
        return;
    struct slice name = name_or(trail_words_line(r->from, false, s->arena), "");
    struct slice addr = name_or(trail_words_line(r->from_addr, false, s->arena), "");
    if (r->is_unnamed || r->from_name.size)
        say(s, TRAIL_TONE_BAD, "trust", hop->number,
            "Line %" PRIu32 ": the client called itself %.*s, a name of the reader's side, but its "
            "address %.*s is not known by such a name.",
            hop->number, SLICE_ARG(name), SLICE_ARG(addr));
    else
        say(s, TRAIL_TONE_CAREFUL, "trust", hop->number,
            "Line %" PRIu32 ": the client called itself %.*s, a name of the reader's side; the "
            "line does not say whether its address %.*s has such a name, so what is below counts "
            "as written elsewhere.",
            hop->number, SLICE_ARG(name), SLICE_ARG(addr));
}

static void say_break(struct speaker *s, uint32_t number)
{
    const struct trail *t = s->trail;
    const struct trail_hop *older = hop_of_line(t, number), *newer = hop_of_line(t, number - 1);
    say(s, TRAIL_TONE_BAD, "trust", number,
        "The chain breaks between line %" PRIu32 " and line %" PRIu32
        ": the newer one has the message from %.*s, the older one was written by %.*s. %.*s%s may "
        "be made up. But a site that takes mail in under one name and sends it out under another "
        "looks the same.",
        number - 1, number, SLICE_ARG(name_or(trail_words_from(newer, s->arena), "no name")),
        SLICE_ARG(name_or(trail_words_by(older, s->arena), "no name")),
        SLICE_ARG(arena_printf(s->arena, "Line %" PRIu32, number)),
        number < t->hop_count ? " and all below it" : "");
}

static void say_trust(struct speaker *s)
{
    const struct trail *t = s->trail;
    uint32_t fits = t->hop_count - t->own_count - t->loose_count;
    if (t->hop_count == 0) {
        say(s, TRAIL_TONE_CAREFUL, "trust", 0,
            "No Received line: no server has had this message, or the lines were taken out.");
        return;
    }
    say_own(s);
    say_borrowed_name(s);
    if (fits > 0)
        say(s, TRAIL_TONE_CAREFUL, "trust", t->own_count + 1,
            "%.*s: written elsewhere. %s as good as the hosts that handed the message on, for "
            "whoever sends a message can write such lines.",
            SLICE_ARG(lines_from(s, t->own_count + 1, t->own_count + fits)),
            fits == 1 ? "It meets the line above it, and is" : "They meet each other, and are");
    if (t->loose_count > 0 && t->loose_count < t->hop_count)
        say_break(s, t->hop_count - t->loose_count + 1);
}

/* ---- time ---- */

static void say_step(struct speaker *s, const struct trail_hop *hop)
{
    struct slice span = trail_words_span(hop->delay_s, s->arena);
    bool is_first = hop->number == s->trail->hop_count;
    if (hop->delay_s < 0)
        say(s, TRAIL_TONE_CAREFUL, "time", hop->number,
            "Line %" PRIu32 " is dated %.*s before %s, although it is newer: mail does not go back "
            "in time, so one of the two clocks is wrong, or one of the two was made up.",
            hop->number, SLICE_ARG(span),
            is_first ? "Date" : "the last line below it that has a date");
}

static void say_time(struct speaker *s)
{
    enum { LONG_S = 300, SKEWS_SAID = 4 };
    const struct trail *t = s->trail;
    const struct trail_hop *longest = NULL;
    unsigned skews = 0;
    for (uint32_t i = 0; i < t->hop_count; i++) {
        const struct trail_hop *hop = &t->hops[i];
        if (hop->has_delay && hop->delay_s < 0 && skews++ < SKEWS_SAID)
            say_step(s, hop);
        if (hop->has_delay && (!longest || hop->delay_s > longest->delay_s))
            longest = hop;
    }
    if (longest && longest->delay_s >= LONG_S)
        say(s, TRAIL_TONE_CAREFUL, "time", longest->number,
            "The longest step is that to line %" PRIu32 ": %.*s until %.*s had it. It waited in "
            "the queue of the host before, as a rule because %.*s was not there or asked it to "
            "come again.",
            longest->number, SLICE_ARG(trail_words_span(longest->delay_s, s->arena)),
            SLICE_ARG(name_or(trail_words_by(longest, s->arena), "the next host")),
            SLICE_ARG(name_or(trail_words_by(longest, s->arena), "the next host")));
    for (uint32_t i = 0; i < t->hop_count; i++)
        if (!t->hops[i].received.has_date && t->hops[i].reading != TRAIL_NOT_READ)
            say(s, TRAIL_TONE_PLAIN, "time", t->hops[i].number, "Line %" PRIu32 " has no date.",
                t->hops[i].number);
}

/* ---- loops, TLS, form ---- */

static bool is_again(const struct trail *t, uint32_t i)
{
    for (uint32_t j = 0; j < i; j++)
        if (t->fields[j].kind == TRAIL_DELIVERED_TO &&
            slice_equal_fold(t->fields[j].name, SLICE("Delivered-To")) &&
            slice_equal_fold(t->fields[j].value, t->fields[i].value))
            return true;
    return false;
}

static void say_loops(struct speaker *s)
{
    const struct trail *t = s->trail;
    for (uint32_t i = 0; i < t->hop_count; i++)
        if (t->hops[i].is_loop)
            say(s, TRAIL_TONE_BAD, "loop", t->hops[i].number,
                "Line %" PRIu32 ": %.*s has had the message before, and others in between: it "
                "was forwarded back, or goes round in a circle.",
                t->hops[i].number, SLICE_ARG(name_or(trail_words_by(&t->hops[i], s->arena), "")));
    for (uint32_t i = 0; i < t->field_count; i++)
        if (slice_equal_fold(t->fields[i].name, SLICE("Delivered-To")) && is_again(t, i))
            say(s, TRAIL_TONE_BAD, "loop", 0,
                "Delivered-To names %.*s more than once: the message came back to where it had "
                "been.",
                SLICE_ARG(name_or(trail_words_line(t->fields[i].value, false, s->arena), "")));
}

/* A step between two hosts over the open network. */
static bool is_open_step(const struct received *r)
{
    return r->from_addr.size > 0 && !trail_is_private(r->from_addr);
}

static void say_tls(struct speaker *s)
{
    const struct trail *t = s->trail;
    unsigned steps = 0, plain = 0;
    for (uint32_t i = 0; i < t->hop_count; i++) {
        steps += is_open_step(&t->hops[i].received);
        plain += is_open_step(&t->hops[i].received) && !t->hops[i].is_tls;
    }
    if (steps > 0 && plain == 0)
        say(s, TRAIL_TONE_GOOD, "tls", 0, "Every step over the open network says that it had TLS.");
    else if (plain > 0)
        say(s, TRAIL_TONE_CAREFUL, "tls", 0,
            "%u of %u steps over the open network say nothing of TLS: who listened there could "
            "read the message.",
            plain, steps);
}

static void say_form(struct speaker *s)
{
    const struct trail *t = s->trail;
    for (uint32_t i = 0; i < t->hop_count; i++)
        if (t->hops[i].reading == TRAIL_NOT_READ)
            say(s, TRAIL_TONE_CAREFUL, "form", t->hops[i].number,
                "Line %" PRIu32 " is not understood. It is shown as it came.", t->hops[i].number);
    if (t->hops_left_out)
        say(s, TRAIL_TONE_CAREFUL, "form", 0, "%" PRIu32 " older Received lines are left out.",
            t->hops_left_out);
    if (t->fields_left_out)
        say(s, TRAIL_TONE_CAREFUL, "form", 0, "%" PRIu32 " other fields are left out.",
            t->fields_left_out);
    if (t->odd_lines)
        say(s, TRAIL_TONE_PLAIN, "form", 0, "%" PRIu32 " %s of the header %s no field.",
            t->odd_lines, t->odd_lines == 1 ? "line" : "lines", t->odd_lines == 1 ? "is" : "are");
}

/* ---- what servers checked ---- */

static bool is_verdict(struct slice method)
{
    return slice_equal_fold(method, SLICE("spf")) || slice_equal_fold(method, SLICE("dkim")) ||
           slice_equal_fold(method, SLICE("dmarc")) || slice_equal_fold(method, SLICE("arc"));
}

static void say_checks(struct speaker *s)
{
    const struct trail *t = s->trail;
    struct slice words = SLICE("");
    bool has_fail = false, has_others = false;
    for (uint32_t i = 0; i < t->auth_count; i++) {
        const struct trail_auth *auth = &t->auths[i];
        has_others |= !auth->is_own && auth->arc_instance == 0;
        for (uint32_t r = 0; r < auth->result_count && auth->is_own && !auth->arc_instance; r++) {
            const struct trail_result *result = &t->results[auth->first_result + r];
            if (!is_verdict(result->method) || words.size > 200)
                continue;
            has_fail |= slice_starts_fold(result->result, SLICE("fail"));
            words = arena_printf(s->arena, "%.*s%s%.*s %.*s", SLICE_ARG(words),
                                 words.size ? ", " : "", SLICE_ARG(name_or(result->method, "")),
                                 SLICE_ARG(name_or(result->result, "")));
        }
    }
    if (words.size)
        say(s, has_fail ? TRAIL_TONE_BAD : TRAIL_TONE_GOOD, "checks", 0,
            "The reader's side checked: %.*s.", SLICE_ARG(words));
    if (has_others)
        say(s, TRAIL_TONE_CAREFUL, "checks", 0,
            "There are also results of checks that others wrote, or that anybody may have "
            "written: only those of the own side count.");
}

static void say_arc(struct speaker *s)
{
    const struct trail *t = s->trail;
    const struct trail_arc *last = t->arc_count ? &t->arcs[t->arc_count - 1] : NULL;
    bool is_whole = last && last->instance == t->arc_count;
    for (uint32_t i = 0; i < t->arc_count; i++)
        is_whole &= t->arcs[i].has_results && t->arcs[i].has_signature && t->arcs[i].has_seal;
    if (last && is_whole)
        say(s, TRAIL_TONE_PLAIN, "checks", 0,
            "%" PRIu32 " ARC %s: each who handed it on sealed what it had found. The last seal, by "
            "%.*s, says cv=%.*s of those before it; none is verified here.",
            t->arc_count, t->arc_count == 1 ? "set" : "sets",
            SLICE_ARG(name_or(trail_words_line(last->domain, false, s->arena), "nobody")),
            SLICE_ARG(name_or(trail_words_line(last->cv, false, s->arena), "nothing")));
    else if (last)
        say(s, TRAIL_TONE_CAREFUL, "checks", 0,
            "The ARC sets are not whole: a number or one of the three fields of a set is missing.");
}

/* ---- lists and notices ---- */

static const struct trail_field *field_of(const struct trail *t, enum trail_kind kind,
                                          uint32_t block, const char *name)
{
    for (uint32_t i = 0; i < t->field_count; i++)
        if (t->fields[i].kind == kind && t->fields[i].block == block &&
            slice_equal_fold(t->fields[i].name, slice_of(name)))
            return &t->fields[i];
    return NULL;
}

static struct slice value_of(struct speaker *s, const struct trail_field *field)
{
    return name_or(trail_words_line(field ? field->value : SLICE(""), true, s->arena), "unknown");
}

static void say_kind(struct speaker *s)
{
    enum { RECIPIENTS_SAID = 5 };
    const struct trail *t = s->trail;
    const struct trail_field *list = field_of(t, TRAIL_LIST, 0, "List-Id");
    if (list)
        say(s, TRAIL_TONE_PLAIN, "list", 0,
            "It came by the mailing list %.*s, which sent it anew to its members.",
            SLICE_ARG(value_of(s, list)));
    for (uint32_t block = 1; block <= RECIPIENTS_SAID; block++) {
        const struct trail_field *action = field_of(t, TRAIL_DSN, block, "Action");
        if (!action)
            continue;
        say(s, TRAIL_TONE_PLAIN, "notice", 0,
            "It is a notice about another message: for %.*s it says %.*s, status %.*s.",
            SLICE_ARG(value_of(s, field_of(t, TRAIL_DSN, block, "Final-Recipient"))),
            SLICE_ARG(value_of(s, action)),
            SLICE_ARG(value_of(s, field_of(t, TRAIL_DSN, block, "Status"))));
    }
}

size_t trail_words(const struct trail *trail, struct arena *arena,
                   struct trail_sentence sentences[TRAIL_SENTENCES_MAX])
{
    struct speaker s = {trail, arena, sentences, 0};
    say_trust(&s);
    say_time(&s);
    say_loops(&s);
    say_tls(&s);
    say_checks(&s);
    say_arc(&s);
    say_kind(&s);
    say_form(&s);
    return s.count;
}
