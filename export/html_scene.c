/*
 * The data of a page: what changes on its map. The scene is folded moment by moment, as the window
 * folds it, and what differs from the moment before is written; a page finds what holds at an event
 * by the last change at or before it. Changes carry the first event of their moment, since all that
 * happens at the same time is seen at once.
 */
#include <inttypes.h>
#include <stdio.h>

#include "export/html_part.h"
#include "render/scene/scene.h"
#include "sim/base/check.h"
#include "sim/base/vtime.h"
#include "sim/trace/step.h"
#include "sim/trace/turn.h"

enum { LABEL_OCTETS = 60 };

/* Of a place, as it was written last. */
struct place_seen {
    int state; /* 0 not there, 1 up, 2 down */
    uint32_t queued, stored, fetched, written;
};

struct message_seen {
    uint64_t hash;
    uint32_t header; /* of the log */
};

struct flight {
    struct scene_flight flight;
    int64_t arrives, lost_at;
    double lost_position;
    uint32_t label;
};

struct recorder {
    struct html *h;
    struct scene scene;
    uint32_t first; /* event of this moment */
    VECTOR(struct place_seen) places;
    VECTOR(int) links;
    VECTOR(struct message_seen) messages;
    VECTOR(struct flight) flights;
    struct bytes place_rows, link_rows, mail_rows;
    html_header_list *headers;
};

static void next_row(struct bytes *rows)
{
    if (bytes_size(rows))
        check(bytes_append(rows, SLICE(",\n")));
}

/* ---- places and links ---- */

static void record_place(struct recorder *r, size_t i)
{
    const struct scene_place *p = &r->scene.now.places.items[i];
    struct place_seen now = {!p->is_there ? 0
                             : p->is_up   ? 1
                                          : 2,
                             p->queued, p->stored, p->fetched, p->written};
    struct place_seen *seen = &r->places.items[i];
    if (now.state == seen->state && now.queued == seen->queued && now.stored == seen->stored &&
        now.fetched == seen->fetched && now.written == seen->written)
        return;
    *seen = now;
    next_row(&r->place_rows);
    check(bytes_printf(
        &r->place_rows, "[%" PRIu32 ",%zu,%d,%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 "]",
        r->first, i + 1, now.state, now.queued, now.stored, now.fetched, now.written));
}

static void record_link(struct recorder *r, size_t i)
{
    const struct scene_now *now = &r->scene.now;
    bool is_cut = i < now->link_cuts.count && now->link_cuts.items[i];
    int state = !now->links.items[i].is_there ? 0 : is_cut ? 2 : 1;
    if (state == r->links.items[i])
        return;
    r->links.items[i] = state;
    next_row(&r->link_rows);
    check(bytes_printf(&r->link_rows, "[%" PRIu32 ",%zu,%d]", r->first, i + 1, state));
}

/* ---- messages ---- */

static void note_header(struct recorder *r, uint32_t msg, const struct scene_message *message)
{
    struct message_seen *seen = &r->messages.items[msg - 1];
    if (!message->header || message->header == seen->header)
        return;
    seen->header = message->header;
    *vector_add(r->headers) = (struct html_header){msg, message->header, message->body, r->first};
}

/* [event, message, state, Received fields, header, copies, store, reader, holders ...] */
static void record_message(struct recorder *r, uint32_t msg)
{
    const struct scene_message *m = scene_find_message(&r->scene, msg);
    char start[32];
    if (!m)
        return;
    while (r->messages.count < msg)
        (void)vector_add(&r->messages);
    struct bytes *line = &r->h->line;
    bytes_clear(line);
    check(bytes_printf(
        line, ",%" PRIu32 ",%d,%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32, msg,
        (int)m->state, m->received_count, m->header, m->copies, m->store, m->reader));
    for (uint32_t i = m->first_hold; i; i = r->scene.now.holds.items[i - 1].next)
        check(bytes_printf(line, ",%" PRIu32, r->scene.now.holds.items[i - 1].place));
    note_header(r, msg, m);
    uint64_t hash = slice_hash(bytes_slice(line));
    if (hash == r->messages.items[msg - 1].hash)
        return;
    r->messages.items[msg - 1].hash = hash;
    next_row(&r->mail_rows);
    snprintf(start, sizeof start, "[%" PRIu32, r->first);
    check(bytes_append(&r->mail_rows, slice_of(start)) &&
          bytes_append(&r->mail_rows, bytes_slice(line)) && bytes_append_octet(&r->mail_rows, ']'));
}

/* Only messages that an event names change, but for what is lost with a host. */
static void record_messages(struct recorder *r, uint32_t end)
{
    for (uint32_t id = r->first; id < end; id++) {
        const struct event *e = log_at(r->h->log, id);
        const struct event_dsn *dsn = event_as_dsn(e);
        if (e->kind == EVENT_GONE || e->kind == EVENT_CRASH)
            for (uint32_t msg = 1; msg <= r->messages.count; msg++)
                record_message(r, msg);
        else if (step_msg(e))
            record_message(r, step_msg(e));
        if (dsn)
            record_message(r, dsn->msg);
    }
}

/* ---- what is on its way ---- */

/* The first line of what a segment says: "RCPT TO:<bob@example.org>". */
static uint32_t label_of(struct html *h, const struct event *e)
{
    bool is_hidden;
    struct slice said = turn_said(h->log, e, &is_hidden);
    if (is_hidden)
        return html_text(h, SLICE("TLS"));
    said = slice_trim(slice_part(said, 0, slice_find_line_end(said, 0)));
    return html_text(h, slice_part(said, 0, LABEL_OCTETS));
}

static void record_move(struct recorder *r, size_t i)
{
    const struct scene_move *move = &r->scene.now.moves.items[i];
    struct flight *known = NULL;
    for (size_t k = r->flights.count; move->is_lost && !known && k-- > 0;)
        if (r->flights.items[k].flight.event == move->event)
            known = &r->flights.items[k];
    if (!known && move->event < r->first)
        return;
    struct flight now = {.arrives = move->arrives, .lost_at = move->lost_at};
    scene_flight(&r->scene, i, &now.flight);
    if (known) {
        known->lost_at = move->lost_at;
        known->lost_position = now.flight.position;
        known->flight.is_lost = true;
        return;
    }
    const struct event *e = log_at(r->h->log, move->event);
    now.lost_position = now.flight.position;
    if (now.flight.cargo == SCENE_CARGO_TALK)
        now.label = label_of(r->h, e);
    else if (now.flight.cargo == SCENE_CARGO_DATAGRAM)
        now.label = html_text(r->h, SLICE("DNS"));
    *vector_add(&r->flights) = now;
}

/* [event, arrives, cargo, pull, from, to, message, connection, label, lost at, share of the way,
   [hosts]] */
static void write_flight(struct html *h, const struct flight *f)
{
    html_item(h);
    fprintf(h->out,
            "[%" PRIu32 ",%" PRId64 ",%d,%d,%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32
            ",%" PRIu32 ",%" PRId64 ",%d",
            f->flight.event, f->arrives / VTIME_US, (int)f->flight.cargo, f->flight.is_pull,
            f->flight.from, f->flight.to, f->flight.msg, f->flight.conn, f->label,
            f->flight.is_lost ? f->lost_at / VTIME_US : -1, (int)(f->lost_position * 100));
    html_hosts(h, f->flight.path, f->flight.path_count);
    fputc(']', h->out);
}

/* ---- the whole ---- */

static void record_moment(struct recorder *r, uint32_t end)
{
    const struct scene_now *now = &r->scene.now;
    while (r->places.count < now->places.count)
        (void)vector_add(&r->places);
    while (r->links.count < now->links.count)
        (void)vector_add(&r->links);
    for (size_t i = 0; i < now->places.count; i++)
        record_place(r, i);
    for (size_t i = 0; i < now->links.count; i++)
        record_link(r, i);
    record_messages(r, end);
    for (size_t i = 0; i < now->moves.count; i++)
        record_move(r, i);
}

static void write_rows(struct html *h, const char *name, struct bytes *rows)
{
    html_list_begin(h, name);
    if (bytes_size(rows))
        fwrite(bytes_slice(rows).data, 1, bytes_size(rows), h->out);
    html_list_end(h);
    bytes_finish(rows);
}

void html_scene_write(struct html *h, html_header_list *headers)
{
    struct recorder r = {.h = h, .headers = headers};
    scene_init(&r.scene, h->log);
    bytes_init(&r.place_rows, SIZE_MAX);
    bytes_init(&r.link_rows, SIZE_MAX);
    bytes_init(&r.mail_rows, SIZE_MAX);
    for (uint32_t end; r.first < log_count(h->log) && !ferror(h->out); r.first = end) {
        int64_t t = log_at(h->log, r.first)->t;
        scene_seek(&r.scene, t);
        end = r.scene.now.event_count;
        record_moment(&r, end);
    }
    write_rows(h, "changes", &r.place_rows);
    write_rows(h, "cuts", &r.link_rows);
    write_rows(h, "mail", &r.mail_rows);
    html_list_begin(h, "flights");
    for (size_t i = 0; i < r.flights.count; i++)
        write_flight(h, &r.flights.items[i]);
    html_list_end(h);
    html_list_begin(h, "states");
    for (int state = 0; state < SCENE_STATE_COUNT; state++) {
        html_item(h);
        fprintf(h->out, "\"%s\"", scene_state_name((enum scene_state)state));
    }
    html_list_end(h);
    scene_finish(&r.scene);
    vector_finish(&r.places);
    vector_finish(&r.links);
    vector_finish(&r.messages);
    vector_finish(&r.flights);
}
