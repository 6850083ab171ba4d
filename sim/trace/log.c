#include "sim/trace/log.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/check.h"
#include "sim/base/memory.h"

void log_init(struct log *log)
{
    *log = (struct log){0};
    pool_init(&log->pool);
}

void log_finish(struct log *log)
{
    for (size_t i = 0; i < log->chunk_count; i++)
        free(log->chunks[i]);
    free(log->chunks);
    vector_finish(&log->places);
    free(log->place_table);
    vector_finish(&log->links);
    vector_finish(&log->conns);
    vector_finish(&log->msgs);
    vector_finish(&log->tls);
    vector_finish(&log->names);
    vector_finish(&log->gone);
    pool_finish(&log->pool);
    *log = (struct log){0};
}

static struct event *new_event(struct log *log)
{
    check(log->count < UINT32_MAX);
    if (log->count >> LOG_CHUNK_BITS == log->chunk_count) {
        if (log->chunk_count == log->chunk_capacity) {
            log->chunk_capacity = log->chunk_capacity ? log->chunk_capacity * 2 : 8;
            log->chunks = memory_resize(log->chunks, log->chunk_capacity * sizeof *log->chunks);
        }
        log->chunks[log->chunk_count++] =
            memory_resize(NULL, LOG_CHUNK_EVENTS * sizeof(struct event));
    }
    uint32_t id = log->count++;
    return &log->chunks[id >> LOG_CHUNK_BITS][id & (LOG_CHUNK_EVENTS - 1)];
}

static uint32_t text_of_place(const struct log *log, uint32_t place)
{
    return log_at(log, log->places.items[place - 1])->v[0]; /* id comes first in both kinds */
}

/* Where a place of this id is in the table, or the free slot where it would be put. */
static size_t place_slot(const struct log *log, uint32_t text)
{
    size_t mask = log->place_table_size - 1, slot = (text * UINT32_C(0x9E3779B1) >> 7) & mask;
    while (log->place_table[slot] && text_of_place(log, log->place_table[slot]) != text)
        slot = (slot + 1) & mask;
    return slot;
}

/* Of places with the same id the first is in the table; who had it later is among the names. */
static void put_place(struct log *log, uint32_t place)
{
    size_t slot = place_slot(log, text_of_place(log, place));
    if (!log->place_table[slot])
        log->place_table[slot] = place;
}

static void add_name(struct log *log, uint32_t event, uint32_t place, uint32_t id, uint32_t name)
{
    *vector_add(&log->names) = (struct log_name){event, place, id, name};
}

static void index_place(struct log *log, uint32_t id)
{
    const struct event_host *host = event_as_host(log_at(log, id));
    uint32_t text = log_at(log, id)->v[0];
    bool is_known = log_find_place(log, log_text(log, text)) != 0;
    *vector_add(&log->places) = id;
    if (is_known)
        add_name(log, id, (uint32_t)log->places.count, text, host ? host->name : 0);
    if (log->places.count * 2 <= log->place_table_size) {
        put_place(log, (uint32_t)log->places.count);
        return;
    }
    free(log->place_table);
    log->place_table_size = log->place_table_size ? log->place_table_size * 2 : 16;
    log->place_table = memory_take(log->place_table_size * sizeof *log->place_table);
    for (uint32_t place = 1; place <= log->places.count; place++)
        put_place(log, place);
}

static void index_tls(struct log *log, uint32_t id, uint32_t conn)
{
    if (conn - 1 >= log->conns.count)
        return;
    while (log->tls.count < conn)
        *vector_add(&log->tls) = 0;
    if (log->tls.items[conn - 1] == 0)
        log->tls.items[conn - 1] = id;
}

static void index_gone(struct log *log, uint32_t place)
{
    while (log->gone.count < log->places.count)
        *vector_add(&log->gone) = false;
    if (place - 1 < log->gone.count)
        log->gone.items[place - 1] = true;
}

/* Keeps the tables that lead from a declared number to the event that declared it. */
static void index_declaration(struct log *log, uint32_t id, const struct event *e)
{
    const uint64_t declarations = UINT64_C(1) << EVENT_HOST | UINT64_C(1) << EVENT_AGENT |
                                  UINT64_C(1) << EVENT_LINK | UINT64_C(1) << EVENT_TCP_CONNECT |
                                  UINT64_C(1) << EVENT_MESSAGE | UINT64_C(1) << EVENT_TLS_UP |
                                  UINT64_C(1) << EVENT_RENAME | UINT64_C(1) << EVENT_GONE;
    const struct event_rename *rename = event_as_rename(e);
    if (e->kind >= 64 || !(declarations >> e->kind & 1)) /* nearly all */
        return;
    if (e->kind == EVENT_HOST || e->kind == EVENT_AGENT)
        index_place(log, id);
    else if (e->kind == EVENT_LINK)
        *vector_add(&log->links) = id;
    else if (e->kind == EVENT_TCP_CONNECT)
        *vector_add(&log->conns) = id;
    else if (e->kind == EVENT_MESSAGE)
        *vector_add(&log->msgs) = id;
    else if (rename)
        add_name(log, id, rename->at, rename->id, rename->name);
    else if (e->kind == EVENT_GONE)
        index_gone(log, event_as_gone(e)->at);
    else
        index_tls(log, id, event_as_tls_up(e)->conn);
}

_Static_assert(EVENT_TCP_CONNECT < 64 && EVENT_TLS_UP < 64 && EVENT_MESSAGE < 64 &&
                   EVENT_RENAME < 64 && EVENT_GONE < 64,
               "index_declaration has a bit for each of its kinds");

uint32_t log_add(struct log *log, int64_t t, uint32_t cause, enum event_kind kind, uint16_t flags,
                 const void *fields)
{
    uint32_t id = log->count;
    check(id == 0 ? cause == 0 : cause < id && t >= log_at(log, id - 1)->t);
    struct event *e = new_event(log);
    *e = (struct event){.t = t, .cause = cause, .kind = (uint16_t)kind, .flags = flags};
    memcpy(e->v, fields, (size_t)event_kinds[kind].field_count * sizeof e->v[0]);
    index_declaration(log, id, e);
    return id;
}

uint32_t log_intern(struct log *log, struct slice text)
{
    return pool_intern(&log->pool, text);
}

uint32_t log_count(const struct log *log)
{
    return log->count;
}

const struct event *log_at(const struct log *log, uint32_t id)
{
    return &log->chunks[id >> LOG_CHUNK_BITS][id & (LOG_CHUNK_EVENTS - 1)];
}

struct slice log_text(const struct log *log, uint32_t text)
{
    return pool_at(&log->pool, text);
}

uint32_t log_count_until(const struct log *log, int64_t t)
{
    uint32_t low = 0, high = log->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (log_at(log, middle)->t <= t)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int64_t log_end(const struct log *log)
{
    return log->count ? log_at(log, log->count - 1)->t : 0;
}

int64_t log_epoch_s(const struct log *log)
{
    const struct event_run *run = log->count ? event_as_run(log_at(log, 0)) : NULL;
    return run ? (int64_t)run->epoch_s : 0;
}

uint32_t log_place_count(const struct log *log)
{
    return (uint32_t)log->places.count;
}

const struct event *log_place(const struct log *log, uint32_t place)
{
    return place - 1 < log->places.count ? log_at(log, log->places.items[place - 1]) : NULL;
}

/* What it was called last before this event; NULL: as it was declared. */
static const struct log_name *name_at(const struct log *log, uint32_t place, uint32_t event)
{
    for (size_t i = log->names.count; i-- > 0;)
        if (log->names.items[i].place == place && log->names.items[i].event <= event)
            return &log->names.items[i];
    return NULL;
}

struct slice log_place_name_at(const struct log *log, uint32_t place, uint32_t event)
{
    const struct event *e = log_place(log, place);
    const struct log_name *name = name_at(log, place, event);
    if (name)
        return log_text(log, name->id);
    return e ? log_text(log, e->v[0]) : (struct slice){"", 0}; /* id comes first in both kinds */
}

struct slice log_place_name(const struct log *log, uint32_t place)
{
    return log_place_name_at(log, place, UINT32_MAX);
}

struct slice log_host_name(const struct log *log, uint32_t place)
{
    uint32_t at = log_host_of(log, place);
    const struct event *e = log_place(log, at);
    const struct event_host *host = e ? event_as_host(e) : NULL;
    const struct log_name *name = name_at(log, at, UINT32_MAX);
    if (name && name->name)
        return log_text(log, name->name);
    return host ? log_text(log, host->name) : (struct slice){"", 0};
}

bool log_is_gone(const struct log *log, uint32_t place)
{
    uint32_t host = log_host_of(log, place);
    return (place - 1 < log->gone.count && log->gone.items[place - 1]) ||
           (host - 1 < log->gone.count && log->gone.items[host - 1]);
}

uint32_t log_host_of(const struct log *log, uint32_t place)
{
    const struct event *e = log_place(log, place);
    const struct event_agent *agent = e ? event_as_agent(e) : NULL;
    return agent ? agent->at : e ? place : 0;
}

uint32_t log_find_place_at(const struct log *log, struct slice id, uint32_t event)
{
    uint32_t text;
    if (id.size == 0 || log->places.count == 0 || !pool_find(&log->pool, id, &text))
        return 0;
    for (size_t i = log->names.count; i-- > 0;)
        if (log->names.items[i].id == text && log->names.items[i].event <= event)
            return log->names.items[i].place;
    return log->place_table[place_slot(log, text)];
}

uint32_t log_find_place(const struct log *log, struct slice id)
{
    return log_find_place_at(log, id, UINT32_MAX);
}

bool log_place_is(const struct log *log, uint32_t place, uint32_t wanted)
{
    return wanted != 0 && (place == wanted || log_host_of(log, place) == wanted);
}

const struct event_link *log_link(const struct log *log, uint32_t link)
{
    return link - 1 < log->links.count ? event_as_link(log_at(log, log->links.items[link - 1]))
                                       : NULL;
}

const struct event_tcp_connect *log_conn(const struct log *log, uint32_t conn)
{
    return conn - 1 < log->conns.count
               ? event_as_tcp_connect(log_at(log, log->conns.items[conn - 1]))
               : NULL;
}

const struct event_message *log_msg(const struct log *log, uint32_t msg)
{
    return msg - 1 < log->msgs.count ? event_as_message(log_at(log, log->msgs.items[msg - 1]))
                                     : NULL;
}

/* True for the kinds in which the side that was connected to speaks. */
static bool is_answer(const struct event *e)
{
    return e->kind == EVENT_SMTP_REPLY || e->kind == EVENT_LMTP_REPLY ||
           e->kind == EVENT_POP_REPLY || e->kind == EVENT_IMAP_DATA ||
           e->kind == EVENT_IMAP_REPLY || e->kind == EVENT_HTTP_REPLY ||
           (e->kind == EVENT_TLS_DATA && event_as_tls_data(e)->back) ||
           (e->kind == EVENT_TCP_SEGMENT && (e->flags & EVENT_SEGMENT_BACK));
}

static uint32_t conn_of(const struct event *e)
{
    const struct event_kind_row *row = &event_kinds[e->kind];
    for (int i = 0; i < row->field_count; i++)
        if (row->fields[i].type == EVENT_TYPE_CONN)
            return e->v[i];
    return 0;
}

/* What came before tls.up was said in clear, and what follows from it was not. */
static bool is_in_tls(const struct log *log, const struct event *e)
{
    uint32_t conn = conn_of(e);
    uint32_t up = conn - 1 < log->tls.count ? log->tls.items[conn - 1] : 0;
    return up && (e->t > log_at(log, up)->t || e->cause >= up);
}

bool log_parties(const struct log *log, const struct event *e, struct log_parties *parties)
{
    const struct event_tcp_connect *conn = log_conn(log, conn_of(e));
    if (!conn)
        return false;
    bool answer = is_answer(e);
    *parties = (struct log_parties){
        .from = answer ? conn->to : conn->from,
        .to = answer ? conn->from : conn->to,
        .port = conn->port,
        .tls = is_in_tls(log, e),
    };
    return true;
}

static bool derived_field(const struct log *log, const struct event *e, struct slice name,
                          enum event_type *type, uint32_t *value)
{
    struct log_parties parties;
    if (e->kind == EVENT_DSN && slice_equal(name, SLICE("from"))) {
        *type = EVENT_TYPE_TEXT;
        *value = 0;
        return true;
    }
    if (!log_parties(log, e, &parties))
        return false;
    *type = EVENT_TYPE_PLACE;
    if (slice_equal(name, SLICE("from")))
        *value = parties.from;
    else if (slice_equal(name, SLICE("to")))
        *value = parties.to;
    else if (slice_equal(name, SLICE("port")))
        *type = EVENT_TYPE_NUMBER, *value = parties.port;
    else if (slice_equal(name, SLICE("tls")))
        *type = EVENT_TYPE_BOOL, *value = parties.tls;
    else
        return false;
    return true;
}

bool log_field(const struct log *log, const struct event *e, struct slice name,
               enum event_type *type, uint32_t *value)
{
    const struct event_kind_row *row = &event_kinds[e->kind];
    for (int i = 0; i < row->field_count; i++)
        if (slice_equal(name, slice_of(row->fields[i].name))) {
            *type = row->fields[i].type;
            *value = e->v[i];
            return true;
        }
    return derived_field(log, e, name, type, value);
}
