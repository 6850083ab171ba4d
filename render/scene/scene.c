#include "render/scene/scene.h"

#include "render/scene/fold.h"

void scene_init(struct scene *scene, const struct log *log)
{
    *scene = (struct scene){.log = log, .t = -1};
}

void scene_finish(struct scene *scene)
{
    for (size_t i = 0; i < scene->checkpoints.count; i++)
        fold_finish(&scene->checkpoints.items[i]);
    vector_finish(&scene->checkpoints);
    fold_finish(&scene->now);
    *scene = (struct scene){0};
}

/* Goes back to the last checkpoint with at most `count` events, or to the very start. */
static void rewind_to(struct scene *scene, uint32_t count)
{
    size_t kept = count / SCENE_CHECKPOINT_EVENTS;
    if (kept > scene->checkpoints.count)
        kept = scene->checkpoints.count;
    static const struct scene_now start;
    fold_copy(&scene->now, kept ? &scene->checkpoints.items[kept - 1] : &start);
}

/* A jump far ahead starts from a checkpoint when one lies on the way. */
static bool is_checkpoint_ahead(const struct scene *scene, uint32_t count)
{
    size_t best = count / SCENE_CHECKPOINT_EVENTS;
    if (best > scene->checkpoints.count)
        best = scene->checkpoints.count;
    return best * SCENE_CHECKPOINT_EVENTS > scene->now.event_count;
}

void scene_seek(struct scene *scene, int64_t t)
{
    uint32_t count = log_count_until(scene->log, t);
    if (count < scene->now.event_count || t < scene->t || is_checkpoint_ahead(scene, count))
        rewind_to(scene, count);
    while (scene->now.event_count < count) {
        fold_event(&scene->now, scene->log, scene->now.event_count);
        size_t due = scene->now.event_count / SCENE_CHECKPOINT_EVENTS;
        if (scene->now.event_count % SCENE_CHECKPOINT_EVENTS == 0 && due > scene->checkpoints.count)
            fold_copy(vector_add(&scene->checkpoints), &scene->now);
    }
    fold_arrivals(&scene->now, t);
    scene->t = t;
}

bool scene_is_up(const struct scene *scene, uint32_t place)
{
    uint32_t host = log_host_of(scene->log, place);
    bool host_up = host - 1 >= scene->now.places.count || scene->now.places.items[host - 1].is_up;
    bool self_up = place - 1 >= scene->now.places.count || scene->now.places.items[place - 1].is_up;
    return host_up && self_up;
}

bool scene_is_there(const struct scene *scene, uint32_t place)
{
    return place - 1 < scene->now.places.count && scene->now.places.items[place - 1].is_there;
}

bool scene_has_link(const struct scene *scene, uint32_t link)
{
    return link - 1 < scene->now.links.count && scene->now.links.items[link - 1].is_there;
}

bool scene_position(const struct scene *scene, uint32_t place, uint32_t *x, uint32_t *y)
{
    uint32_t host = log_host_of(scene->log, place);
    if (host - 1 >= scene->now.places.count)
        return false;
    *x = scene->now.places.items[host - 1].x;
    *y = scene->now.places.items[host - 1].y;
    return *x != EVENT_UNSET && *y != EVENT_UNSET;
}

struct slice scene_place_id(const struct scene *scene, uint32_t place)
{
    uint32_t next = scene->now.event_count;
    return log_place_name_at(scene->log, place, next ? next - 1 : 0);
}

struct slice scene_host_name(const struct scene *scene, uint32_t place)
{
    uint32_t host = log_host_of(scene->log, place);
    if (host - 1 < scene->now.places.count)
        return log_text(scene->log, scene->now.places.items[host - 1].name);
    return log_host_name(scene->log, place);
}

const struct scene_conn *scene_find_conn(const struct scene *scene, uint32_t conn)
{
    size_t low = 0, high = scene->now.conns.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (scene->now.conns.items[middle].conn < conn)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < scene->now.conns.count && scene->now.conns.items[low].conn == conn;
    return found ? &scene->now.conns.items[low] : NULL;
}

const struct scene_message *scene_find_message(const struct scene *scene, uint32_t msg)
{
    if (msg - 1 >= scene->now.messages.count)
        return NULL;
    const struct scene_message *message = &scene->now.messages.items[msg - 1];
    return message->last_event ? message : NULL;
}

uint32_t scene_holder(const struct scene *scene, uint32_t msg)
{
    const struct scene_message *message = scene_find_message(scene, msg);
    return message && message->first_hold ? scene->now.holds.items[message->first_hold - 1].place
                                          : 0;
}

bool scene_is_holder(const struct scene *scene, uint32_t msg, uint32_t host)
{
    const struct scene_message *message = scene_find_message(scene, msg);
    for (uint32_t i = message ? message->first_hold : 0; i; i = scene->now.holds.items[i - 1].next)
        if (log_host_of(scene->log, scene->now.holds.items[i - 1].place) == host)
            return true;
    return false;
}

const char *scene_state_name(enum scene_state state)
{
    static const char *const names[SCENE_STATE_COUNT] = {
        "written",   "accepted", "queued",   "trying",  "deferred",
        "delivered", "fetched",  "rejected", "bounced", "discarded",
    };
    return (unsigned)state < SCENE_STATE_COUNT ? names[state] : "?";
}

struct scene_place scene_host(const struct scene *scene, uint32_t host)
{
    struct scene_place sum = {0};
    if (host - 1 < scene->now.places.count)
        sum = scene->now.places.items[host - 1];
    sum.queued = sum.stored = sum.fetched = sum.written = 0;
    sum.is_up = scene_is_up(scene, host);
    for (uint32_t place = 1; place <= scene->now.places.count; place++) {
        if (log_host_of(scene->log, place) != host)
            continue;
        const struct scene_place *p = &scene->now.places.items[place - 1];
        sum.queued += p->queued;
        sum.stored += p->stored;
        sum.fetched += p->fetched;
        sum.written += p->written;
    }
    return sum;
}

bool scene_is_pull(const struct scene *scene, uint32_t conn)
{
    const struct scene_conn *open = scene_find_conn(scene, conn);
    if (open)
        return turn_is_pull(open->protocol);
    const struct event_tcp_connect *asked = log_conn(scene->log, conn);
    return asked && turn_is_pull(turn_protocol_of_port(asked->port));
}

size_t scene_path(const struct log *log, struct slice text, uint32_t hosts[SCENE_PATH_MAX])
{
    return scene_path_at(log, text, UINT32_MAX, hosts);
}

size_t scene_path_at(const struct log *log, struct slice text, uint32_t event,
                     uint32_t hosts[SCENE_PATH_MAX])
{
    size_t count = 0;
    for (struct slice word; count < SCENE_PATH_MAX && slice_cut(&text, ' ', &word);) {
        uint32_t place = log_find_place_at(log, word, event);
        if (place)
            hosts[count++] = place;
    }
    return count;
}

/* Where on the path it ended, as a share of the way: on the link, or at the host whose firewall has
   stopped it; 1 without both: it died at the far host. */
static double lost_position(const struct log *log, const struct scene_flight *flight,
                            const struct scene_move *move)
{
    const struct event_link *l = log_link(log, move->lost_link);
    for (size_t i = 0; move->lost_host && i < flight->path_count; i++)
        if (flight->path[i] == move->lost_host)
            return (double)i / (double)(flight->path_count - 1);
    for (size_t i = 0; l && i + 1 < flight->path_count; i++) {
        uint32_t a = flight->path[i], b = flight->path[i + 1];
        if ((l->a == a && l->b == b) || (l->a == b && l->b == a))
            return ((double)i + 0.5) / (double)(flight->path_count - 1);
    }
    return 1;
}

static void reverse(uint32_t *hosts, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        uint32_t host = hosts[i];
        hosts[i] = hosts[count - 1 - i];
        hosts[count - 1 - i] = host;
    }
}

/* A path that the trace does not give, or not whole, is the straight way. */
static void complete_path(const struct log *log, struct scene_flight *flight)
{
    uint32_t from = log_host_of(log, flight->from), to = log_host_of(log, flight->to);
    if (flight->path_count && flight->path[0] == to && from != to)
        reverse(flight->path, flight->path_count);
    if (flight->path_count >= 2 && flight->path[0] == from &&
        flight->path[flight->path_count - 1] == to)
        return;
    flight->path[0] = from;
    flight->path[1] = to;
    flight->path_count = 2;
}

static bool carries_message(const struct log *log, const struct scene_conn *conn)
{
    struct turn command, reply;
    bool has_command =
        conn->last_command && turn_read(log, log_at(log, conn->last_command), &command);
    bool has_reply = conn->last_reply && turn_read(log, log_at(log, conn->last_reply), &reply);
    return turn_carries_message(has_command ? &command : NULL, has_reply ? &reply : NULL);
}

/* Which side has the message: the one that was connected to, if it is fetched from there. */
static bool comes_back(const struct log *log, const struct scene_conn *conn)
{
    struct turn command;
    return turn_is_pull(conn->protocol) &&
           !(turn_read(log, log_at(log, conn->last_command), &command) &&
             slice_equal_fold(command.verb, SLICE("APPEND")));
}

static enum scene_cargo segment_cargo(const struct scene *scene,
                                      const struct event_tcp_segment *segment,
                                      const struct scene_flight *flight)
{
    if (segment->data == 0) /* a header tells that a message passed, not in which octets */
        return segment->msg ? SCENE_CARGO_MESSAGE : SCENE_CARGO_CONTROL;
    const struct scene_conn *conn = scene_find_conn(scene, segment->conn);
    bool is_message = segment->msg && conn && carries_message(scene->log, conn) &&
                      flight->is_back == comes_back(scene->log, conn);
    return is_message ? SCENE_CARGO_MESSAGE : SCENE_CARGO_TALK;
}

static void describe_segment(const struct scene *scene, const struct event *e,
                             struct scene_flight *flight)
{
    const struct event_tcp_segment *segment = event_as_tcp_segment(e);
    const struct event_tcp_connect *conn = log_conn(scene->log, segment->conn);
    struct log_parties parties = {0};
    log_parties(scene->log, e, &parties);
    flight->conn = segment->conn;
    flight->msg = segment->msg;
    flight->from = parties.from;
    flight->to = parties.to;
    flight->is_back = e->flags & EVENT_SEGMENT_BACK;
    flight->is_pull = scene_is_pull(scene, segment->conn);
    flight->cargo = segment_cargo(scene, segment, flight);
    if (conn)
        flight->path_count =
            scene_path_at(scene->log, log_text(scene->log, conn->path),
                          scene->log->conns.items[segment->conn - 1], flight->path);
}

static void describe_datagram(const struct scene *scene, const struct event *e,
                              struct scene_flight *flight)
{
    const struct event_udp_datagram *datagram = event_as_udp_datagram(e);
    flight->from = datagram->from;
    flight->to = datagram->to;
    flight->cargo = SCENE_CARGO_DATAGRAM;
    flight->path_count = scene_path_at(scene->log, log_text(scene->log, datagram->path),
                                       flight->event, flight->path);
}

bool scene_flight(const struct scene *scene, size_t i, struct scene_flight *flight)
{
    if (i >= scene->now.moves.count)
        return false;
    const struct scene_move *move = &scene->now.moves.items[i];
    const struct event *e = log_at(scene->log, move->event);
    *flight = (struct scene_flight){.event = move->event, .is_lost = move->is_lost};
    if (e->kind == EVENT_TCP_SEGMENT)
        describe_segment(scene, e, flight);
    else
        describe_datagram(scene, e, flight);
    complete_path(scene->log, flight);
    int64_t span = move->arrives - move->departs;
    flight->position = span > 0 ? (double)(scene->t - move->departs) / (double)span : 0;
    if (move->is_lost)
        flight->position = lost_position(scene->log, flight, move);
    return true;
}
