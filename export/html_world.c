/* The data of a page: who is there, what happens in words, and what is said on each connection. */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>

#include "export/html_part.h"
#include "export/speech.h"
#include "render/draw/theme.h"
#include "render/scene/layout.h"
#include "render/scene/scene.h"
#include "sim/base/memory.h"
#include "sim/base/vtime.h"
#include "sim/trace/step.h"
#include "sim/trace/turn.h"

enum { TALK_LINES_MOST = 60, TALK_COLUMNS_MOST = 1000 };

/* ---- what there is ---- */

/* The topology's own sentence on what to look at; 0 when it has none. */
static uint32_t look_of(struct html *h, const struct event_topology *topology)
{
    struct slice json = log_text(h->log, topology->json);
    cJSON *root = cJSON_ParseWithLength(json.data, json.size);
    const char *look = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(root, "look"));
    uint32_t text = html_text(h, slice_of(look));
    cJSON_Delete(root);
    return text;
}

static void write_run(struct html *h)
{
    uint32_t look = 0, program = 0;
    for (uint32_t id = 0; id < log_count(h->log); id++) {
        const struct event *e = log_at(h->log, id);
        if (event_as_run(e)) {
            program = html_words(h, e, "{program}, seed {seed}");
        } else if (event_as_topology(e) && !look) {
            look = look_of(h, event_as_topology(e));
        } else if (!(step_flags(h->log, e) & STEP_DECLARES)) {
            break;
        }
    }
    html_number(h, "look", look);
    html_number(h, "program", program);
    html_number(h, "epoch", log_epoch_s(h->log));
}

static void write_admds(struct html *h)
{
    html_list_begin(h, "admds");
    for (uint32_t id = 0; id < log_count(h->log); id++) {
        const struct event_admd *admd = event_as_admd(log_at(h->log, id));
        if (!admd || admd->gone)
            continue;
        html_item(h);
        fprintf(h->out, "[%" PRIu32 ",%" PRIu32 "]", html_text(h, log_text(h->log, admd->id)),
                html_text(h, log_text(h->log, admd->name)));
    }
    html_list_end(h);
}

static void write_place(struct html *h, const struct layout *layout, uint32_t place)
{
    const struct event *e = log_place(h->log, place);
    const struct event_host *host = event_as_host(e);
    const struct event_agent *agent = event_as_agent(e);
    html_item(h);
    if (agent) {
        uint32_t id = html_text(h, log_text(h->log, agent->id));
        uint32_t role = html_text(h, log_text(h->log, agent->role));
        fprintf(h->out, "[%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 "]", id,
                log_host_of(h->log, place), role, html_text(h, log_text(h->log, agent->user)));
    } else if (host) {
        struct layout_point at = layout_at(layout, place);
        uint32_t id = html_text(h, log_text(h->log, host->id));
        uint32_t name = html_text(h, log_text(h->log, host->name));
        uint32_t addr = html_text(h, log_text(h->log, host->addr));
        fprintf(h->out, "[%" PRIu32 ",0,%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%d,%d]", id, name, addr,
                html_text(h, log_text(h->log, host->admd)), (int)at.x, (int)at.y);
    }
}

static void write_places(struct html *h)
{
    struct layout layout;
    layout_init(&layout, h->log);
    html_list_begin(h, "places");
    for (uint32_t place = 1; place <= log_place_count(h->log); place++)
        write_place(h, &layout, place);
    html_list_end(h);
    layout_finish(&layout);
}

static void write_links(struct html *h)
{
    html_list_begin(h, "links");
    for (uint32_t id = 0; id < log_count(h->log); id++) {
        const struct event *e = log_at(h->log, id);
        const struct event_link *link = event_as_link(e);
        if (!link)
            continue;
        html_item(h);
        fprintf(h->out, "[%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 "]",
                html_text(h, log_text(h->log, link->id)), link->a, link->b,
                html_words(h, e, "{latency}[, {kbps} kbit/s]"));
    }
    html_list_end(h);
}

static void write_messages(struct html *h)
{
    html_list_begin(h, "messages");
    for (size_t i = 0; i < h->log->msgs.count; i++) {
        uint32_t id = h->log->msgs.items[i];
        const struct event *e = log_at(h->log, id);
        html_item(h);
        fprintf(h->out, "[%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 "]", id,
                html_words(h, e, "{from}"), html_words(h, e, "{to}"),
                html_words(h, e, "{subject}"));
    }
    html_list_end(h);
}

/* Roles that stand in the trace, with letter and label: [role, label]. */
static void write_labels(struct html *h)
{
    html_list_begin(h, "labels");
    for (size_t i = 0; i < theme_mark_count(); i++) {
        const struct theme_mark *mark = theme_mark_at(i);
        html_item(h);
        fprintf(h->out, "[\"%s\",\"%s\"]", mark->role, mark->label);
    }
    html_list_end(h);
}

void html_world_write(struct html *h)
{
    write_run(h);
    write_labels(h);
    write_admds(h);
    write_places(h);
    write_links(h);
    write_messages(h);
}

/* ---- what happens ---- */

static uint32_t place_of(const struct log *log, const struct event *e, const char *name)
{
    enum event_type type;
    uint32_t value;
    bool has = log_field(log, e, slice_of(name), &type, &value);
    return has && type == EVENT_TYPE_PLACE ? value : 0;
}

/* Who does it, and with whom. */
static void parties_of(const struct log *log, const struct event *e, uint32_t *from, uint32_t *to)
{
    *from = place_of(log, e, "from");
    *to = place_of(log, e, "to");
    if (!*from)
        *from = place_of(log, e, "at");
    if (!*from)
        *from = place_of(log, e, "by");
}

void html_events_write(struct html *h)
{
    html_list_begin(h, "events");
    for (uint32_t id = 0; id < log_count(h->log) && !ferror(h->out); id++) {
        const struct event *e = log_at(h->log, id);
        uint32_t from, to;
        parties_of(h->log, e, &from, &to);
        html_item(h);
        fprintf(h->out,
                "[%" PRId64 ",%u,%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32
                ",%" PRIu32 "]",
                html_us(e), step_flags(h->log, e), html_words(h, e, NULL), e->cause, from, to,
                step_conn(e), step_msg(e));
    }
    html_list_end(h);
    html_list_begin(h, "moves");
    for (uint32_t id = 0; id < log_count(h->log); id++) {
        const struct event_position *p = event_as_position(log_at(h->log, id));
        if (!p)
            continue;
        html_item(h);
        fprintf(h->out, "[%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 "]", id, p->at, p->x, p->y);
    }
    html_list_end(h);
    html_list_begin(h, "names");
    for (uint32_t id = 0; id < log_count(h->log); id++) {
        const struct event_rename *r = event_as_rename(log_at(h->log, id));
        if (!r)
            continue;
        html_item(h);
        uint32_t name = html_text(h, log_text(h->log, r->id));
        fprintf(h->out, "[%" PRIu32 ",%" PRIu32 ",%" PRIu32 "]", id, r->at, name);
    }
    html_list_end(h);
}

/* ---- what is said ---- */

/* The events of a connection, each plus 1; 0 when it has not come to that. */
struct conn {
    uint32_t open, closed, tls;
    bool is_refused;
    enum turn_protocol protocol;
};

static void read_conn(const struct log *log, struct conn *conns, uint32_t id)
{
    const struct event *e = log_at(log, id);
    uint32_t number = step_conn(e);
    struct conn *conn = number && number <= log->conns.count ? &conns[number - 1] : NULL;
    const struct event_tcp_open *open = event_as_tcp_open(e);
    struct turn turn;
    if (!conn)
        return;
    if (open) {
        conn->open = id + 1;
        conn->is_refused = !slice_equal(log_text(log, open->result), SLICE("ok"));
    } else if (e->kind == EVENT_TCP_CLOSE) {
        conn->closed = id + 1;
    } else if (e->kind == EVENT_TLS_UP) {
        conn->tls = id + 1;
    } else if (!conn->protocol && turn_read(log, e, &turn)) {
        conn->protocol = turn.protocol;
    }
}

/* [asked, from, to, protocol, pull, open, refused, closed, tls, name, [hosts]]; open to tls are
   events plus 1. */
static void write_conn(struct html *h, size_t i, const struct conn *conn)
{
    uint32_t id = h->log->conns.items[i];
    const struct event_tcp_connect *c = event_as_tcp_connect(log_at(h->log, id));
    enum turn_protocol protocol = conn->protocol ? conn->protocol : turn_protocol_of_port(c->port);
    uint32_t said = html_text(h, slice_of(turn_protocol_name(protocol)));
    uint32_t name = html_words(h, log_at(h->log, id), "{from} \xE2\x86\x92 {to}, port {port}");
    uint32_t hosts[SCENE_PATH_MAX];
    size_t count = scene_path_at(h->log, log_text(h->log, c->path), id, hosts);
    html_item(h);
    fprintf(h->out,
            "[%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%d,%" PRIu32 ",%d,%" PRIu32
            ",%" PRIu32 ",%" PRIu32,
            id, c->from, c->to, said, turn_is_pull(protocol), conn->open, conn->is_refused,
            conn->closed, conn->tls, name);
    html_hosts(h, hosts, count);
    fputc(']', h->out);
}

struct talker {
    struct html *h;
    uint32_t conn;
    int speaker;
    unsigned lines;
};

static void put_talk(struct talker *t, enum speech_speaker speaker, int64_t us, uint32_t text)
{
    html_item(t->h);
    fprintf(t->h->out, "[%" PRIu32 ",%d,%" PRId64 ",%" PRIu32 "]", t->conn, (int)speaker, us, text);
}

/* A message of thousands of lines is shown by its first ones. */
static void take_line(void *context, const struct speech_line *line)
{
    struct talker *t = context;
    int64_t us = line->t / VTIME_US;
    if ((int)line->speaker != t->speaker || line->template)
        t->lines = 0;
    t->speaker = (int)line->speaker;
    if (line->template)
        put_talk(t, SPEECH_NOTE, us, html_words(t->h, line->event, line->template));
    else if (++t->lines < TALK_LINES_MOST)
        put_talk(t, line->speaker, us,
                 html_text(t->h, slice_part(line->text, 0, TALK_COLUMNS_MOST)));
    else if (t->lines == TALK_LINES_MOST)
        put_talk(t, SPEECH_NOTE, us, html_text(t->h, SLICE("(and more lines)")));
}

void html_talk_write(struct html *h)
{
    const struct log *log = h->log;
    struct conn *conns = memory_take(log->conns.count * sizeof *conns);
    for (uint32_t id = 0; id < log_count(log); id++)
        read_conn(log, conns, id);
    html_list_begin(h, "conns");
    for (size_t i = 0; i < log->conns.count; i++)
        write_conn(h, i, &conns[i]);
    html_list_end(h);
    free(conns);
    struct talker talker = {.h = h};
    struct speech speech;
    speech_init(&speech, log, take_line, &talker);
    html_list_begin(h, "talk");
    for (uint32_t conn = 1; conn <= log->conns.count && !ferror(h->out); conn++) {
        talker = (struct talker){.h = h, .conn = conn, .speaker = -1};
        speech_connection(&speech, conn);
    }
    html_list_end(h);
    speech_finish(&speech);
}
