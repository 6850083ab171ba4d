#include "lessons/facts.h"

#include <cjson/cJSON.h>

#define LOCAL_BOX UINT32_MAX /* a mail program's own store */

/* ---- folding ---- */

static void add_copy(struct facts *f, uint32_t msg, uint32_t box, uint32_t header, uint32_t body,
                     uint32_t event)
{
    *vector_add(&f->copies) = (struct fact_copy){msg, box, header, body, event};
}

/* A copy on a server has the flags of what it was made from there (RFC 9051 6.4.7). */
static void copy_flags(struct facts *f, uint32_t msg, uint32_t to)
{
    size_t i = f->copies.count;
    while (i > 0 && !(f->copies.items[i - 1].msg == msg && f->copies.items[i - 1].box != LOCAL_BOX))
        i--;
    for (size_t k = 0, count = f->flags.count; i > 0 && k < count; k++) {
        struct fact_flag flag = f->flags.items[k];
        if (flag.msg == msg && flag.box == f->copies.items[i - 1].box)
            *vector_add(&f->flags) = (struct fact_flag){msg, to, flag.name};
    }
}

/* A copy made from one that lies elsewhere has its content. */
static void copy_on(struct facts *f, uint32_t msg, uint32_t box, uint32_t event)
{
    uint32_t header = 0, body = 0;
    for (size_t i = f->copies.count; i > 0 && !header; i--)
        if (f->copies.items[i - 1].msg == msg) {
            header = f->copies.items[i - 1].header;
            body = f->copies.items[i - 1].body;
        }
    copy_flags(f, msg, box);
    add_copy(f, msg, box, header, body, event);
}

/* The host's name in "pc-alice:Local"; false for a mailbox on a server. */
static bool is_local(struct slice box, struct slice *host)
{
    *host = box;
    if (!slice_ends_fold(box, SLICE(":Local")))
        return false;
    host->size -= 6;
    return true;
}

static bool lies_in(const struct facts *f, const struct fact_copy *c, struct slice box)
{
    struct slice host;
    if (c->box != LOCAL_BOX)
        return slice_equal(log_text(f->log, c->box), box);
    uint32_t place = is_local(box, &host) ? log_find_place(f->log, host) : 0;
    return place && log_place_is(f->log, event_as_fetch(log_at(f->log, c->event))->by, place);
}

static void drop_copy(struct facts *f, uint32_t msg, uint32_t box)
{
    for (size_t i = 0; i < f->copies.count; i++)
        if (f->copies.items[i].msg == msg &&
            lies_in(f, &f->copies.items[i], log_text(f->log, box))) {
            for (size_t j = i + 1; j < f->copies.count; j++)
                f->copies.items[j - 1] = f->copies.items[j];
            f->copies.count--;
            return;
        }
}

static void set_flag(struct facts *f, const struct event_flag *e)
{
    size_t i = 0;
    while (i < f->flags.count &&
           !(f->flags.items[i].msg == e->msg && f->flags.items[i].box == e->box &&
             f->flags.items[i].name == e->name))
        i++;
    if (e->on && i == f->flags.count)
        *vector_add(&f->flags) = (struct fact_flag){e->msg, e->box, e->name};
    else if (!e->on && i < f->flags.count)
        f->flags.items[i] = f->flags.items[--f->flags.count];
}

/* What comes back after a crash waited already, under the same id. */
static void add_waiting(struct facts *f, const struct event_queue_add *e)
{
    for (size_t i = 0; i < f->waiting.count; i++)
        if (f->waiting.items[i].agent == e->at && f->waiting.items[i].id == e->id)
            return;
    *vector_add(&f->waiting) = (struct fact_waiting){e->at, e->id, e->msg};
}

static void drop_waiting(struct facts *f, const struct event_queue_remove *e)
{
    for (size_t i = 0; i < f->waiting.count; i++)
        if (f->waiting.items[i].agent == e->at && f->waiting.items[i].id == e->id) {
            f->waiting.items[i] = f->waiting.items[--f->waiting.count];
            return;
        }
}

static void end_phase(struct facts *f, struct slice name, uint32_t event)
{
    for (size_t i = f->phases.count; i > 0; i--)
        if (f->phases.items[i - 1].to == f->count &&
            slice_equal(f->phases.items[i - 1].name, name)) {
            f->phases.items[i - 1].to = event;
            return;
        }
}

/* Who switches a host off by hand has done what the fault of the palette does. NULL: none does. */
static const struct event_palette *find_offered(const struct facts *f, const struct event_fault *e)
{
    for (uint32_t id = 0; id < f->count && log_text(f->log, e->args).size == 0; id++) {
        const struct event_palette *offered = event_as_palette(log_at(f->log, id));
        if (offered && e->id == e->fault && offered->fault == e->fault &&
            offered->target == e->target)
            return offered;
    }
    return NULL;
}

static void note_fault(struct facts *f, const struct event_fault *e, uint32_t event)
{
    const struct event_palette *offered = find_offered(f, e);
    uint32_t names[] = {e->id, offered ? offered->id : e->id};
    bool is_on = slice_equal(log_text(f->log, e->state), SLICE("on"));
    for (size_t i = 0; i < (offered ? 2U : 1U); i++)
        if (is_on)
            facts_add_phase(f, log_text(f->log, names[i]), event, f->count);
        else
            end_phase(f, log_text(f->log, names[i]), event);
}

/* What a mail program has fetched by POP3 lies on its own host, in no box that the trace names. */
static void note_fetch(struct facts *f, const struct event_fetch *e, uint32_t event)
{
    if (slice_equal_fold(log_text(f->log, e->proto), SLICE("pop3")))
        *vector_add(&f->copies) = (struct fact_copy){e->msg, LOCAL_BOX, e->header, e->body, event};
}

static void look_at(struct facts *f, uint32_t id)
{
    const struct event *e = log_at(f->log, id);
    const struct event_deliver *delivery = event_as_deliver(e);
    const struct event_copy *copy = event_as_copy(e);
    const struct event_remove *removal = event_as_remove(e);
    if (delivery)
        add_copy(f, delivery->msg, delivery->box, delivery->header, delivery->body, id);
    if (copy)
        copy_on(f, copy->msg, copy->box, id);
    if (removal)
        drop_copy(f, removal->msg, removal->box);
    if (e->kind == EVENT_FLAG)
        set_flag(f, event_as_flag(e));
    if (e->kind == EVENT_FETCH)
        note_fetch(f, event_as_fetch(e), id);
    if (e->kind == EVENT_QUEUE_ADD)
        add_waiting(f, event_as_queue_add(e));
    if (e->kind == EVENT_QUEUE_REMOVE)
        drop_waiting(f, event_as_queue_remove(e));
    if (e->kind == EVENT_FAULT)
        note_fault(f, event_as_fault(e), id);
    if (e->kind == EVENT_TOPOLOGY && !f->topology) {
        struct slice json = log_text(f->log, event_as_topology(e)->json);
        f->topology = cJSON_ParseWithLength(json.data, json.size);
    }
}

void facts_init(struct facts *f, const struct log *log, uint32_t count)
{
    *f = (struct facts){.log = log, .count = count < log_count(log) ? count : log_count(log)};
    arena_init(&f->arena);
    for (uint32_t id = 0; id < f->count; id++)
        look_at(f, id);
}

void facts_finish(struct facts *f)
{
    cJSON_Delete(f->topology);
    vector_finish(&f->copies);
    vector_finish(&f->flags);
    vector_finish(&f->waiting);
    vector_finish(&f->phases);
    arena_finish(&f->arena);
}

void facts_add_phase(struct facts *f, struct slice name, uint32_t from, uint32_t to)
{
    *vector_add(&f->phases) = (struct fact_phase){arena_copy(&f->arena, name), from, to};
}

/* ---- asking ---- */

const struct fact_copy *facts_copy(const struct facts *f, uint32_t msg, struct slice box,
                                   uint32_t n)
{
    for (size_t i = 0; i < f->copies.count; i++) {
        const struct fact_copy *c = &f->copies.items[i];
        if ((!msg || c->msg == msg) && lies_in(f, c, box) && n-- == 0)
            return c;
    }
    return NULL;
}

uint32_t facts_copies(const struct facts *f, uint32_t msg, struct slice box)
{
    uint32_t count = 0;
    for (size_t i = 0; i < f->copies.count; i++)
        count += (!msg || f->copies.items[i].msg == msg) && lies_in(f, &f->copies.items[i], box);
    return count;
}

static bool is_author(const struct facts *f, uint32_t agent)
{
    const struct event_agent *e = event_as_agent(log_place(f->log, agent));
    struct slice role = e ? log_text(f->log, e->role) : SLICE("");
    return slice_equal(role, SLICE("mua")) || slice_equal(role, SLICE("robot"));
}

uint32_t facts_waiting(const struct facts *f, struct slice place, bool is_outbox)
{
    uint32_t at = log_find_place(f->log, place), count = 0;
    for (size_t i = 0; at && i < f->waiting.count; i++) {
        uint32_t agent = f->waiting.items[i].agent;
        count += log_place_is(f->log, agent, at) && is_author(f, agent) == is_outbox;
    }
    return count;
}

bool facts_has_flag(const struct facts *f, uint32_t msg, struct slice box, struct slice name)
{
    for (size_t i = 0; i < f->flags.count; i++) {
        const struct fact_flag *flag = &f->flags.items[i];
        if (flag->msg == msg && slice_equal(log_text(f->log, flag->box), box) &&
            slice_equal_fold(log_text(f->log, flag->name), name))
            return true;
    }
    return false;
}

bool facts_is_during(const struct facts *f, struct slice phase, uint32_t event)
{
    for (size_t i = 0; i < f->phases.count; i++) {
        const struct fact_phase *p = &f->phases.items[i];
        if (slice_equal(p->name, phase) && event >= p->from && event < p->to)
            return true;
    }
    return false;
}

/* ---- settings ---- */

static bool has_id(const cJSON *thing, struct slice id)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(thing, "id");
    return cJSON_IsString(value) && slice_equal(slice_of(value->valuestring), id);
}

static struct slice text_of(const cJSON *value, struct arena *arena)
{
    if (cJSON_IsString(value))
        return arena_copy(arena, slice_of(value->valuestring));
    if (cJSON_IsBool(value))
        return cJSON_IsTrue(value) ? SLICE("true") : SLICE("false");
    if (cJSON_IsNumber(value))
        return arena_printf(arena, "%.15g", value->valuedouble);
    struct slice list = SLICE("");
    const cJSON *item;
    cJSON_ArrayForEach(item, value)
    {
        struct slice text = cJSON_IsArray(item) ? SLICE("") : text_of(item, arena);
        list = arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(list), list.size ? ", " : "",
                            SLICE_ARG(text));
    }
    return list;
}

static bool setting_of_file(const struct facts *f, struct slice place, const char *key,
                            struct arena *arena, struct slice *value)
{
    const cJSON *host, *agent;
    cJSON_ArrayForEach(host, cJSON_GetObjectItemCaseSensitive(f->topology, "hosts"))
    {
        bool is_host = has_id(host, place);
        cJSON_ArrayForEach(agent, cJSON_GetObjectItemCaseSensitive(host, "agents"))
        {
            const cJSON *config = cJSON_GetObjectItemCaseSensitive(agent, "config");
            const cJSON *found = cJSON_GetObjectItemCaseSensitive(config, key);
            if (!found) /* the ports stand beside the settings */
                found = cJSON_GetObjectItemCaseSensitive(agent, key);
            if (found && (is_host || has_id(agent, place))) {
                *value = text_of(found, arena);
                return true;
            }
        }
    }
    return false;
}

bool facts_setting(const struct facts *f, struct slice place, struct slice key, struct arena *arena,
                   struct slice *value)
{
    uint32_t at = log_find_place(f->log, place);
    for (uint32_t id = f->count; at && id > 0; id--) {
        const struct event_conf *e = event_as_conf(log_at(f->log, id - 1));
        if (e && log_place_is(f->log, e->at, at) && slice_equal(log_text(f->log, e->key), key)) {
            *value = log_text(f->log, e->value);
            return true;
        }
    }
    struct slice name = arena_copy(arena, key);
    return setting_of_file(f, place, name.data, arena, value);
}
