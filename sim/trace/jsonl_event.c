#include "sim/trace/jsonl_event.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/memory.h"
#include "sim/base/base64.h"

/* 146 years: readers add to a time what an event says of it, up to 2^32 seconds. */
#define TIME_MAX (INT64_MAX / 2)

/* Names that places were given later, or after another had left them: all are gone through when one
   is looked for. */
enum { NEW_NAMES_MAX = 10000 };

/* An event as it is being read. */
struct draft {
    struct event e;
    const cJSON *object;
    unsigned fields_seen; /* a bit a field */
};

static bool fail(struct jsonl_loader *l, const char *what)
{
    return jsonl_fail_at(l, 1, what);
}

/* "field "port" of smtp.cmd: " and what was expected. */
static bool fail_field(struct jsonl_loader *l, const struct draft *d, const char *field,
                       const char *expected)
{
    fail(l, "");
    return problem_set(l->problem, "\"%.40s\" of %s: expected %s", field,
                       event_kinds[d->e.kind].name, expected);
}

/* ---- names of places ---- */

static size_t place_slot(const struct jsonl_places *t, uint32_t text)
{
    size_t at = (text * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (t->size - 1);
    while (t->slots[at].place && t->slots[at].text != text)
        at = (at + 1) & (t->size - 1);
    return at;
}

static uint32_t place_find(const struct jsonl_places *t, uint32_t text)
{
    return t->size ? t->slots[place_slot(t, text)].place : 0;
}

static void place_add(struct jsonl_places *t, uint32_t text, uint32_t place)
{
    if (t->count * 2 >= t->size) {
        struct jsonl_places old = *t;
        t->size = old.size ? old.size * 2 : 64;
        t->slots = memory_take(t->size * sizeof *t->slots);
        for (size_t i = 0; i < old.size; i++)
            if (old.slots[i].place)
                t->slots[place_slot(t, old.slots[i].text)] = old.slots[i];
        free(old.slots);
    }
    size_t at = place_slot(t, text);
    t->count += t->slots[at].place == 0;
    t->slots[at].text = text;
    t->slots[at].place = place;
}

/* ---- values ---- */

bool jsonl_whole(const cJSON *v, uint64_t most, uint64_t *whole)
{
    /* cJSON keeps numbers in floating point, which has every whole one up to 2^53 */
    if (!cJSON_IsNumber(v) || !(v->valuedouble >= 0) || v->valuedouble > 9007199254740992.0)
        return false;
    *whole = (uint64_t)v->valuedouble;
    return *whole == v->valuedouble && *whole <= most;
}

static bool decode(struct jsonl_loader *l, struct slice base64)
{
    bytes_clear(&l->scratch);
    return base64_read(base64, &l->scratch);
}

static bool read_text(struct jsonl_loader *l, const cJSON *v, uint32_t *text)
{
    if (cJSON_IsString(v)) {
        *text = log_intern(l->log, slice_of(v->valuestring));
        return true;
    }
    const cJSON *child = cJSON_IsObject(v) ? v->child : NULL;
    if (!child || child->next || strcmp(child->string, "base64") != 0 || !cJSON_IsString(child) ||
        !decode(l, slice_of(child->valuestring)))
        return false;
    *text = log_intern(l->log, bytes_slice(&l->scratch));
    return true;
}

static bool read_place(struct jsonl_loader *l, const cJSON *v, uint32_t *place)
{
    uint32_t text;
    uint64_t number;
    if (jsonl_whole(v, log_place_count(l->log), &number)) {
        *place = (uint32_t)number;
        return number > 0;
    }
    if (!read_text(l, v, &text))
        return false;
    *place = text ? place_find(&l->places, text) : 0;
    return text == 0 || *place != 0;
}

/* How far numbers of this type may go: what is declared, and what this event itself declares. */
static size_t number_most(const struct jsonl_loader *l, enum event_kind kind, enum event_type type)
{
    if (type == EVENT_TYPE_LINK)
        return l->log->links.count;
    if (type == EVENT_TYPE_CONN)
        return l->log->conns.count + (kind == EVENT_TCP_CONNECT);
    if (type == EVENT_TYPE_MSG)
        return l->log->msgs.count + (kind == EVENT_MESSAGE);
    return UINT32_MAX;
}

static const char *expected_of(enum event_type type)
{
    switch (type) {
    case EVENT_TYPE_PLACE:
        return "the id of a host or agent declared above, or \"\"";
    case EVENT_TYPE_LINK:
        return "the number of a link declared above, or 0";
    case EVENT_TYPE_CONN:
        return "the number of a connection declared above, or 0";
    case EVENT_TYPE_MSG:
        return "the number of a message declared above, or 0";
    case EVENT_TYPE_TEXT:
        return "a string or {\"base64\":\"...\"}";
    case EVENT_TYPE_NUMBER:
        return "a whole number from 0 to 4294967295";
    case EVENT_TYPE_BOOL:
        return "true or false";
    case EVENT_TYPE_MICROS:
        return "whole microseconds from 0 to 4294967295";
    }
    return "";
}

static bool read_value(struct jsonl_loader *l, enum event_kind kind, enum event_type type,
                       const cJSON *v, uint32_t *value)
{
    if (type == EVENT_TYPE_PLACE)
        return read_place(l, v, value);
    if (type == EVENT_TYPE_TEXT)
        return read_text(l, v, value);
    if (type == EVENT_TYPE_BOOL) {
        *value = cJSON_IsTrue(v);
        return cJSON_IsBool(v);
    }
    if (cJSON_IsNull(v) && kind == EVENT_HOST) {
        *value = EVENT_UNSET;
        return true;
    }
    uint64_t whole;
    if (!jsonl_whole(v, number_most(l, kind, type), &whole))
        return false;
    *value = (uint32_t)whole;
    return true;
}

/* ---- one event ---- */

/* A word that this program does not know: of a trace by another version it is no typing mistake. */
static bool fail_unknown(struct jsonl_loader *l, const char *what, const char *hint)
{
    const char *own = "mailflow " MAILFLOW_VERSION;
    const struct event_run *run = log_count(l->log) ? event_as_run(log_at(l->log, 0)) : NULL;
    struct slice maker = run ? log_text(l->log, run->program) : SLICE("");
    fail(l, "");
    if (maker.size == 0 || slice_equal(maker, slice_of(own)))
        return problem_set(l->problem, "%s%s", what, hint);
    return problem_set(l->problem, "%s; the trace was written by %.*s, and this is %s", what,
                       SLICE_ARG(slice_part(maker, 0, 40)), own);
}

static bool fail_kind(struct jsonl_loader *l, const char *word)
{
    const char *names[EVENT_KIND_COUNT];
    char what[64], hint[64] = "";
    for (int kind = 0; kind < EVENT_KIND_COUNT; kind++)
        names[kind] = event_kinds[kind].name;
    const char *nearest = problem_nearest(slice_of(word), names, EVENT_KIND_COUNT);
    snprintf(what, sizeof what, "unknown kind \"%.40s\"", word);
    if (nearest)
        snprintf(hint, sizeof hint, "; did you mean \"%s\"?", nearest);
    return fail_unknown(l, what, hint);
}

static bool read_kind(struct jsonl_loader *l, struct draft *d, const cJSON *v)
{
    enum event_kind kind;
    if (!cJSON_IsString(v))
        return fail(l, "expected \"kind\": the name of an event kind");
    if (!jsonl_words_find(&l->words, v->valuestring, &kind))
        return fail_kind(l, v->valuestring);
    d->e.kind = (uint16_t)kind;
    return true;
}

/* A number, or a string of digits for times above 2^53. */
static bool read_time(const cJSON *v, int64_t *t)
{
    uint64_t whole;
    if (cJSON_IsString(v) ? !slice_to_u64(slice_of(v->valuestring), &whole) || whole > TIME_MAX
                          : !jsonl_whole(v, TIME_MAX, &whole))
        return false;
    *t = (int64_t)whole;
    return true;
}

/* What every event has: its number, its time, its cause. */
static bool read_frame(struct jsonl_loader *l, struct draft *d)
{
    uint32_t id = log_count(l->log);
    uint64_t whole;
    const cJSON *e = cJSON_GetObjectItemCaseSensitive(d->object, "e");
    const cJSON *cause = cJSON_GetObjectItemCaseSensitive(d->object, "cause");
    if (!jsonl_whole(e, UINT32_MAX, &whole) || whole != id) {
        fail(l, "");
        return problem_set(l->problem, "expected event number \"e\":%u here", (unsigned)id);
    }
    if (!read_time(cJSON_GetObjectItemCaseSensitive(d->object, "t"), &d->e.t))
        return fail(l, "expected \"t\": whole nanoseconds since the start");
    if (id > 0 && d->e.t < log_at(l->log, id - 1)->t)
        return fail(l, "\"t\" goes back: events are in the order of their times");
    if (id == 0)
        return cause ? fail(l, "the first event has no \"cause\"") : true;
    if (!jsonl_whole(cause, id - 1, &whole))
        return fail(l, "expected \"cause\": the number of an earlier event");
    d->e.cause = (uint32_t)whole;
    return true;
}

static bool read_flags(struct jsonl_loader *l, struct draft *d, const cJSON *v)
{
    static const char letters[] = "FSRPA";
    if (!cJSON_IsString(v))
        return fail_field(l, d, "flags", "letters out of FSRPA");
    for (const char *c = v->valuestring; *c; c++) {
        const char *found = strchr(letters, *c);
        unsigned bit = found ? 1u << (found - letters) : 0;
        if (!found || d->e.flags & bit)
            return fail_field(l, d, "flags", "letters out of FSRPA");
        d->e.flags |= (uint16_t)bit;
    }
    return true;
}

/* The keys of a tcp.segment that are no fields. False and no problem: not one of them. */
static bool read_segment_key(struct jsonl_loader *l, struct draft *d, const cJSON *v, bool *ok)
{
    if (d->e.kind != EVENT_TCP_SEGMENT)
        return false;
    if (strcmp(v->string, "flags") == 0) {
        *ok = read_flags(l, d, v);
        return true;
    }
    if (strcmp(v->string, "dir") == 0) {
        bool back = cJSON_IsString(v) && strcmp(v->valuestring, "<-") == 0;
        *ok = back || (cJSON_IsString(v) && strcmp(v->valuestring, "->") == 0) ||
              fail_field(l, d, "dir", "\"->\" or \"<-\"");
        d->e.flags |= back ? EVENT_SEGMENT_BACK : 0;
        return true;
    }
    if (strcmp(v->string, "again") == 0) {
        *ok = cJSON_IsTrue(v) || fail_field(l, d, "again", "true, or to be left out");
        d->e.flags |= EVENT_SEGMENT_AGAIN;
        return true;
    }
    return false;
}

static bool is_frame_key(const char *key)
{
    if (key[0] == 'e' || key[0] == 't')
        return key[1] == '\0';
    return strcmp(key, "kind") == 0 || strcmp(key, "cause") == 0;
}

static bool fail_new_field(struct jsonl_loader *l, const struct draft *d, const char *field)
{
    char what[128];
    snprintf(what, sizeof what, "\"%.40s\" of %s: there is no such field", field,
             event_kinds[d->e.kind].name);
    return fail_unknown(l, what, "");
}

/* A derived field must say what the connection says. */
static bool check_derived(struct jsonl_loader *l, const struct draft *d, const cJSON *v)
{
    enum event_type type;
    uint32_t value, said;
    if (!jsonl_is_of_connection((enum event_kind)d->e.kind) ||
        !log_field(l->log, &d->e, slice_of(v->string), &type, &value))
        return fail_new_field(l, d, v->string);
    if (!read_value(l, (enum event_kind)d->e.kind, type, v, &said) || said != value)
        return fail_field(l, d, v->string, "what tcp.connect says of this connection");
    return true;
}

/* Writers put them in order, so *index says which one is looked at first. */
static bool is_field(const struct draft *d, const char *key, int *index)
{
    const struct event_kind_row *row = &event_kinds[d->e.kind];
    for (int tried = 0, i = *index; tried < row->field_count; tried++, i++) {
        i = i < row->field_count ? i : 0;
        if (strcmp(row->fields[i].name, key) == 0) {
            *index = i;
            return true;
        }
    }
    return false;
}

/* What is not there must be allowed not to be. */
static bool check_fields_seen(struct jsonl_loader *l, const struct draft *d)
{
    const struct event_kind_row *row = &event_kinds[d->e.kind];
    for (int i = 0; i < row->field_count; i++)
        if (!(d->fields_seen & 1u << i) && !jsonl_is_later((enum event_kind)d->e.kind, i))
            return fail_field(l, d, row->fields[i].name, "it to be there");
    return true;
}

static bool read_fields(struct jsonl_loader *l, struct draft *d)
{
    const struct event_kind_row *row = &event_kinds[d->e.kind];
    int i = 0;
    for (const cJSON *v = d->object->child; v; v = v->next) {
        if (is_frame_key(v->string) || !is_field(d, v->string, &i))
            continue;
        if (d->fields_seen & 1u << i)
            return fail_field(l, d, v->string, "it once");
        d->fields_seen |= 1u << i;
        if (!read_value(l, (enum event_kind)d->e.kind, row->fields[i].type, v, &d->e.v[i]))
            return fail_field(l, d, v->string, expected_of(row->fields[i].type));
        i++;
    }
    return check_fields_seen(l, d);
}

/* Segment flags first: they say which way an event goes, and so what its derived fields must be. */
static bool read_other_keys(struct jsonl_loader *l, struct draft *d)
{
    bool ok = true;
    int i = 0;
    for (const cJSON *v = d->object->child; v && ok; v = v->next)
        read_segment_key(l, d, v, &ok);
    for (const cJSON *v = d->object->child; v && ok; v = v->next) {
        bool is_flag = d->e.kind == EVENT_TCP_SEGMENT &&
                       (strcmp(v->string, "flags") == 0 || strcmp(v->string, "dir") == 0 ||
                        strcmp(v->string, "again") == 0);
        if (!is_flag && !is_frame_key(v->string) && !is_field(d, v->string, &i))
            ok = check_derived(l, d, v);
    }
    return ok;
}

/* An id that nobody has now: nobody ever had it, or who had it is gone or called otherwise. */
static bool is_free(const struct jsonl_loader *l, uint32_t id, uint32_t self)
{
    uint32_t owner = id ? place_find(&l->places, id) : 0;
    return id != 0 && (owner == 0 || owner == self || log_is_gone(l->log, owner) ||
                       !slice_equal(log_place_name(l->log, owner), log_text(l->log, id)));
}

/* What readers rely on: declared numbers count up, names are unique, agents and links have hosts.
 */
static bool check_declaration(struct jsonl_loader *l, const struct draft *d)
{
    const struct log *log = l->log;
    const struct event_tcp_connect *conn = event_as_tcp_connect(&d->e);
    const struct event_message *message = event_as_message(&d->e);
    const struct event_agent *agent = event_as_agent(&d->e);
    const struct event_link *link = event_as_link(&d->e);
    const struct event_rename *rename = event_as_rename(&d->e);
    bool is_place = agent || d->e.kind == EVENT_HOST;
    bool is_new_name = rename || (is_place && place_find(&l->places, d->e.v[0]));
    if (is_new_name && log->names.count >= NEW_NAMES_MAX)
        return fail(l, "more new names of hosts and agents than a trace can hold");
    if ((d->e.kind == EVENT_RUN) != (log_count(log) == 0))
        return fail(l, "expected a run event first, and nowhere else");
    if (conn && conn->conn != log->conns.count + 1)
        return fail_field(l, d, "conn", "the next connection's number");
    if (message && message->msg != log->msgs.count + 1)
        return fail_field(l, d, "msg", "the next message's number");
    if ((agent && (agent->at == 0 || log_host_of(log, agent->at) != agent->at)))
        return fail_field(l, d, "at", "the id of a host");
    if (link && (log_host_of(log, link->a) != link->a || link->a == 0 || link->b == 0 ||
                 log_host_of(log, link->b) != link->b))
        return fail_field(l, d, link->a ? "b" : "a", "the id of a host");
    if (is_place && !is_free(l, d->e.v[0], 0))
        return fail_field(l, d, "id", "a name that no other host or agent has");
    if (rename && (rename->at == 0 || log_host_of(log, rename->at) != rename->at))
        return fail_field(l, d, "at", "the id of a host");
    if (rename && !is_free(l, rename->id, rename->at))
        return fail_field(l, d, "id", "a name that no other host or agent has");
    return true;
}

bool jsonl_event_read(struct jsonl_loader *l, const cJSON *object)
{
    struct draft d = {.object = object};
    if (!cJSON_IsObject(object))
        return fail(l, "expected an event: one JSON object a line");
    if (!read_frame(l, &d) || !read_kind(l, &d, cJSON_GetObjectItemCaseSensitive(object, "kind")) ||
        !read_fields(l, &d) || !read_other_keys(l, &d) || !check_declaration(l, &d))
        return false;
    if (log_count(l->log) == UINT32_MAX - 1)
        return fail(l, "more events than a trace can hold");
    log_add(l->log, d.e.t, d.e.cause, (enum event_kind)d.e.kind, d.e.flags, d.e.v);
    if (d.e.kind == EVENT_HOST || d.e.kind == EVENT_AGENT)
        place_add(&l->places, d.e.v[0], log_place_count(l->log));
    if (d.e.kind == EVENT_RENAME)
        place_add(&l->places, event_as_rename(&d.e)->id, event_as_rename(&d.e)->at);
    return true;
}
