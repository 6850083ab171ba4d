#include "render/view/state.h"

void select_event(struct view *view, uint32_t id)
{
    if (id >= log_count(view->log))
        return;
    view->scroll_dialogue = 0;
    view->is_playing = false;
    play_seek(view, log_at(view->log, id)->t);
    view->chosen_event = id;
    const struct event *e = log_at(view->log, id);
    uint32_t msg = index_msg_of(e), conn = index_conn_of(e);
    if (msg)
        view->chosen_msg = msg;
    if (conn)
        view->chosen_conn = conn;
}

void select_hop(struct view *view, uint32_t hop)
{
    uint32_t from, by;
    view->chosen_hop = view->chosen_hop == hop ? 0 : hop;
    view->chosen_host = view->chosen_hop && header_hop(view, hop, &from, &by) ? by : 0;
}

void select_host(struct view *view, uint32_t place)
{
    enum { HOPS_MAX = 200 };
    view->chosen_host = view->chosen_host == place ? 0 : place;
    view->chosen_hop = 0;
    for (uint32_t n = 1; view->chosen_host && n < HOPS_MAX; n++) {
        uint32_t from, by;
        if (!header_hop(view, n, &from, &by))
            return;
        if (by == place)
            view->chosen_hop = n;
    }
}

void select_conn(struct view *view, uint32_t conn)
{
    view->scroll_dialogue = 0;
    view->chosen_conn = conn;
}

void select_message(struct view *view, uint32_t msg)
{
    view->chosen_msg = msg;
    view->scroll_header = 0;
}

void view_choose_event(struct view *view, uint32_t event)
{
    select_event(view, event);
}

void view_choose_message(struct view *view, uint32_t msg)
{
    select_message(view, msg);
}

void view_choose_conn(struct view *view, uint32_t conn)
{
    select_conn(view, conn);
}
