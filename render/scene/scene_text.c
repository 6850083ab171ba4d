#include "render/scene/scene.h"

#include <inttypes.h>

static bool place_line(const struct scene *scene, uint32_t place, struct bytes *out)
{
    const struct scene_place *p = &scene->now.places.items[place - 1];
    struct slice name = log_text(scene->log, p->id);
    return bytes_printf(out,
                        "place %.*s %s queued=%" PRIu32 " stored=%" PRIu32 " fetched=%" PRIu32
                        " written=%" PRIu32 "\n",
                        SLICE_ARG(name),
                        !p->is_there ? "gone"
                        : p->is_up   ? "up"
                                     : "down",
                        p->queued, p->stored, p->fetched, p->written);
}

static bool conn_line(const struct scene_conn *c, struct bytes *out)
{
    return bytes_printf(out,
                        "conn %" PRIu32 " %s protocol=%d command=%" PRIu32 " reply=%" PRIu32
                        " msg=%" PRIu32 "\n",
                        c->conn, c->is_open ? "open" : "asked", (int)c->protocol, c->last_command,
                        c->last_reply, c->msg);
}

static bool message_line(const struct scene *scene, uint32_t msg, struct bytes *out)
{
    const struct scene_message *m = &scene->now.messages.items[msg - 1];
    struct slice store = log_place_name(scene->log, m->store),
                 reader = log_place_name(scene->log, m->reader);
    bool ok = bytes_printf(out,
                           "message %" PRIu32 " %s event=%" PRIu32 " received=%" PRIu32
                           " header=%" PRIu32 " body=%" PRIu32 " store=%.*s reader=%.*s holds=",
                           msg, scene_state_name(m->state), m->last_event, m->received_count,
                           m->header, m->body, SLICE_ARG(store), SLICE_ARG(reader));
    for (uint32_t i = m->first_hold; ok && i; i = scene->now.holds.items[i - 1].next) {
        const struct scene_hold *h = &scene->now.holds.items[i - 1];
        struct slice name = log_place_name(scene->log, h->place);
        ok = bytes_printf(out, "%.*s/%" PRIu32 "%s ", SLICE_ARG(name), h->recipients,
                          h->is_queued ? "q" : "");
    }
    return ok && bytes_printf(out, "\n");
}

static bool flight_line(const struct scene *scene, const struct scene_flight *f, struct bytes *out)
{
    static const char *const cargo[] = {"control", "talk", "message", "datagram"};
    struct slice from = log_place_name(scene->log, f->from), to = log_place_name(scene->log, f->to);
    bool ok = bytes_printf(out,
                           "flight event=%" PRIu32 " conn=%" PRIu32 " msg=%" PRIu32
                           " %.*s -> %.*s %s%s%s%s at %.6f path=",
                           f->event, f->conn, f->msg, SLICE_ARG(from), SLICE_ARG(to),
                           cargo[f->cargo], f->is_pull ? " pull" : " push",
                           f->is_back ? " back" : "", f->is_lost ? " lost" : "", f->position);
    for (size_t i = 0; ok && i < f->path_count; i++) {
        struct slice name = log_place_name(scene->log, f->path[i]);
        ok = bytes_printf(out, "%.*s ", SLICE_ARG(name));
    }
    return ok && bytes_printf(out, "\n");
}

static bool rest_lines(const struct scene *scene, struct bytes *out)
{
    const struct scene_now *now = &scene->now;
    bool ok = true;
    for (size_t i = 0; ok && i < now->boxes.count; i++) {
        struct slice box = log_text(scene->log, now->boxes.items[i].box);
        ok = bytes_printf(out, "box %.*s %" PRIu32 "\n", SLICE_ARG(box), now->boxes.items[i].count);
    }
    for (size_t i = 0; ok && i < now->faults.count; i++) {
        struct slice fault = log_text(scene->log, now->faults.items[i].fault);
        struct slice target = log_text(scene->log, now->faults.items[i].target);
        ok = bytes_printf(out, "fault %.*s %.*s\n", SLICE_ARG(fault), SLICE_ARG(target));
    }
    return ok;
}

bool scene_text(const struct scene *scene, struct bytes *out)
{
    const struct scene_now *now = &scene->now;
    bool ok = bytes_printf(out, "t=%" PRId64 " events=%" PRIu32 "\n", scene->t, now->event_count);
    for (uint32_t i = 1; ok && i <= now->places.count; i++)
        ok = place_line(scene, i, out);
    for (uint32_t i = 1; ok && i <= now->link_cuts.count; i++)
        ok = bytes_printf(out, "link %" PRIu32 " %s\n", i,
                          !now->links.items[i - 1].is_there ? "gone"
                          : now->link_cuts.items[i - 1]     ? "cut"
                                                            : "up");
    for (size_t i = 0; ok && i < now->conns.count; i++)
        ok = conn_line(&now->conns.items[i], out);
    for (uint32_t i = 1; ok && i <= now->messages.count; i++)
        ok = message_line(scene, i, out);
    struct scene_flight flight;
    for (size_t i = 0; ok && scene_flight(scene, i, &flight); i++)
        ok = flight_line(scene, &flight, out);
    return ok && rest_lines(scene, out);
}
