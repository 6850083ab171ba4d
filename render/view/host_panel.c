/*
 * The chosen host: what it is called and whose it is, what works on it and how that is set, what
 * waits in its queues, what lies in its mailboxes and on its disk, and what is wrong with it now.
 */
#include <inttypes.h>
#include <stdio.h>

#include "render/view/doing.h"
#include "render/view/inspector.h"
#include "render/view/lesson_panel.h"
#include "render/view/role_words.h"
#include "render/view/words.h"
#include "sim/base/vtime.h"

enum { QUEUE_SHOWN = 30, BOXES_SHOWN = 40, FILES_SHOWN = 60, CONNS_SHOWN = 20 };

struct hosting {
    struct page *page;
    const struct scene *scene;
    const struct log *log;
    const struct host_facts *facts;
    uint32_t host;
};

static bool is_here(const struct hosting *h, uint32_t place)
{
    return log_host_of(h->log, place) == h->host;
}

/* ---- what it is ---- */

static struct slice admd_name(const struct hosting *h)
{
    uint32_t admd = h->scene->now.places.items[h->host - 1].admd;
    struct slice id = log_text(h->log, admd);
    /* they are declared before all hosts but those that are added later */
    for (uint32_t i = 0; id.size && i < h->scene->now.event_count; i++) {
        const struct event_admd *e = event_as_admd(log_at(h->log, i));
        if (e && e->id == admd)
            return log_text(h->log, e->name);
        if (i > 4096)
            break;
    }
    return id;
}

static void put_state(const struct hosting *h)
{
    bool is_up = scene_is_up(h->scene, h->host);
    page_title(h->page, scene_place_id(h->scene, h->host));
    page_sign(h->page, is_up ? MARK_TICK : MARK_CROSS,
              slice_of(!scene_is_there(h->scene, h->host) ? tr("taken out of the network")
                       : is_up                            ? tr("running")
                                                          : tr("down")));
}

static void put_who(const struct hosting *h)
{
    struct page *page = h->page;
    const struct event_host *host = event_as_host(log_place(h->log, h->host));
    page_pair(page, tr("Name"), scene_host_name(h->scene, h->host));
    page_pair(page, tr("Address"), log_text(h->log, host->addr));
    page_pair(page, tr("Organisation"), admd_name(h));
    if (h->facts->crashes)
        page_pair(page, tr("Crashes"), arena_printf(page->arena, "%" PRIu32, h->facts->crashes));
    if (h->facts->blocked)
        page_pair(page, tr("Stopped"),
                  arena_printf(page->arena,
                               trn("%" PRIu32 " segment or datagram",
                                   "%" PRIu32 " segments and datagrams", h->facts->blocked),
                               h->facts->blocked));
}

/* ---- its agents ---- */

static const struct host_setting *changed(const struct hosting *h, uint32_t agent, struct slice key)
{
    for (size_t i = 0; i < h->facts->settings.count; i++) {
        const struct host_setting *setting = &h->facts->settings.items[i];
        if (setting->at == agent && slice_equal(log_text(h->log, setting->key), key))
            return setting;
    }
    return NULL;
}

/* Those that the topology's file gives, as they are now; then those that were set since. */
static void put_settings(const struct hosting *h, uint32_t agent)
{
    struct page *page = h->page;
    const struct view *view = page->view;
    const struct view_forms *forms = view->doing ? view->doing->forms : NULL;
    struct slice id = log_place_name_at(h->log, agent, 0);
    for (size_t i = 0; forms && i < forms->value_count; i++) {
        const struct view_value *v = &forms->values[i];
        if (!slice_equal(v->agent, id) || changed(h, agent, v->key))
            continue;
        page_note(page, arena_printf(page->arena, "%.*s = %.*s", SLICE_ARG(v->key),
                                     SLICE_ARG(page_flat(page->arena, v->value, 200))));
    }
    for (size_t i = 0; i < h->facts->settings.count; i++) {
        const struct host_setting *setting = &h->facts->settings.items[i];
        if (setting->at == agent)
            page_note(page, arena_printf(page->arena, tr("%.*s = %.*s (changed)"),
                                         SLICE_ARG(log_text(h->log, setting->key)),
                                         SLICE_ARG(page_flat(
                                             page->arena, log_text(h->log, setting->value), 200))));
    }
}

static void open_role(struct view *view, uint32_t agent)
{
    struct inspector *inspector = inspector_get(view);
    inspector->open_role = inspector->open_role == agent ? 0 : agent;
}

static void put_meaning(struct page *page, const struct role_words *words)
{
    page_text(page,
              arena_printf(page->arena, "%s%s%s%s", tr(words->does), words->clause[0] ? " (" : "",
                           words->clause, words->clause[0] ? ")" : ""));
    if (words->others[0])
        page_note(page, arena_printf(page->arena, tr("You may also read: %s."), tr(words->others)));
}

static void put_agent(const struct hosting *h, uint32_t agent)
{
    struct page *page = h->page;
    const struct event_agent *e = event_as_agent(log_place(h->log, agent));
    struct slice role = log_text(h->log, e->role), listen = log_text(h->log, e->listen);
    struct slice user = log_text(h->log, e->user);
    const struct role_words *words = role_words(role);
    bool is_open = inspector_get(page->view)->open_role == agent;
    bool is_up = h->scene->now.places.items[agent - 1].is_up;
    char name[UI_NAME];
    snprintf(name, sizeof name, "role-%" PRIu32, agent);
    page_row_begin_card(page, name, is_open);
    float size = page->out ? 0 : page->theme->size_text * 1.4f;
    struct draw_box box = {page->x, page->y, size, size};
    if (page_is_seen(page, box))
        mark_draw(page->ui->list, page->theme, theme_mark(role), box.x + size / 2, box.y + size / 2,
                  size * 0.9f);
    page_indent(page, size + (page->out ? 0 : 8));
    page_title(page,
               arena_printf(page->arena, "%.*s: %s", SLICE_ARG(scene_place_id(h->scene, agent)),
                            words && !page->view->settings.is_classic
                                ? tr(words->name)
                                : role_label(role, page->view->settings.is_classic)));
    if (!is_up)
        page_sign(page, MARK_CROSS, slice_of(tr("stopped: nobody listens")));
    if (user.size)
        page_note(page, arena_printf(page->arena, tr("for %.*s"), SLICE_ARG(user)));
    if (listen.size)
        page_note(page, arena_printf(page->arena, tr("listens on %.*s"), SLICE_ARG(listen)));
    if (words && (is_open || page->out))
        put_meaning(page, words);
    put_settings(h, agent);
    page_indent(page, -size - (page->out ? 0 : 8));
    page_row_end(page, open_role, agent, slice_of(words ? tr(words->does) : ""));
    page_gap(page, 0.25f);
}

static void put_agents(const struct hosting *h)
{
    page_gap(h->page, 0.4f);
    for (uint32_t place = 1; place <= h->scene->now.places.count; place++)
        if (place != h->host && is_here(h, place) && scene_is_there(h->scene, place))
            put_agent(h, place);
}

/* ---- faults ---- */

/* A target is a host, one of its agents, or a link "a:b". */
static bool is_about(const struct hosting *h, struct slice target)
{
    struct slice id = scene_place_id(h->scene, h->host), part;
    uint32_t place = log_find_place(h->log, target);
    if (place && is_here(h, place))
        return true;
    while (slice_cut(&target, ':', &part))
        if (slice_equal(part, id))
            return true;
    return slice_equal(target, id);
}

static void put_faults(const struct hosting *h)
{
    struct page *page = h->page;
    bool has_one = false;
    for (size_t i = 0; i < h->scene->now.faults.count; i++) {
        const struct scene_fault *fault = &h->scene->now.faults.items[i];
        struct slice target = log_text(h->log, fault->target);
        struct slice args = log_text(h->log, fault->args);
        if (!is_about(h, target))
            continue;
        if (!has_one) {
            page_gap(page, 0.4f);
            page_title(page, slice_of(tr("Faults now")));
        }
        has_one = true;
        page_sign(page, MARK_CROSS,
                  arena_printf(page->arena, "%.*s %.*s%s%.*s",
                               SLICE_ARG(log_text(h->log, fault->fault)), SLICE_ARG(target),
                               args.size ? ": " : "",
                               SLICE_ARG(page_flat(page->arena, args, 200))));
    }
}

/* ---- connections ---- */

static void put_conns(const struct hosting *h)
{
    struct page *page = h->page;
    int shown = 0;
    for (size_t i = 0; i < h->scene->now.conns.count && shown < CONNS_SHOWN; i++) {
        const struct scene_conn *conn = &h->scene->now.conns.items[i];
        const struct event_tcp_connect *asked = log_conn(h->log, conn->conn);
        bool is_from = is_here(h, asked->from);
        if (!is_from && !is_here(h, asked->to))
            continue;
        if (shown++ == 0) {
            page_gap(page, 0.4f);
            page_title(page, slice_of(tr("Connections now")));
        }
        page_text(page,
                  arena_printf(page->arena, "%s %.*s, %s %" PRIu32 "%s",
                               is_from ? tr("to") : tr("from"),
                               SLICE_ARG(words_host(h->log, is_from ? asked->to : asked->from)),
                               words_protocol(h->scene, conn->conn), asked->port,
                               conn->has_tls ? " TLS" : ""));
    }
}

/* ---- queues ---- */

/* The last attempt that failed, for this recipient. */
static const struct event_queue_defer *last_defer(const struct hosting *h, uint32_t place,
                                                  uint32_t msg, uint32_t rcpt, int64_t *t)
{
    enum { LOOK_BACK = 4096 };
    for (size_t i = h->facts->defers.count, n = 0; i-- > 0 && n < LOOK_BACK; n++) {
        const struct event *e = log_at(h->log, h->facts->defers.items[i]);
        const struct event_queue_defer *defer = event_as_queue_defer(e);
        if (defer->msg != msg || defer->at != place || (defer->rcpt && defer->rcpt != rcpt))
            continue;
        *t = e->t;
        return defer;
    }
    return NULL;
}

static void put_wait(const struct hosting *h, uint32_t place, uint32_t msg,
                     const struct scene_wait *wait)
{
    struct page *page = h->page;
    struct arena *arena = page->arena;
    int64_t t = 0;
    const struct event_queue_defer *defer = last_defer(h, place, msg, wait->rcpt, &t);
    page_text(page,
              arena_printf(arena, "%.*s  \xE2\x80\x9C%.*s\xE2\x80\x9D \xE2\x86\x92 %.*s",
                           SLICE_ARG(log_text(h->log, wait->id)),
                           SLICE_ARG(page_flat(arena, words_subject(h->log, arena, msg), 100)),
                           SLICE_ARG(page_flat(arena, log_text(h->log, wait->rcpt), 200))));
    if (!defer) {
        page_sign(page, MARK_CLOCK,
                  slice_of(wait->tried ? tr("the first attempt is under way")
                                       : tr("waits for its first attempt")));
        return;
    }
    int64_t next = t + (int64_t)defer->next_s * VTIME_S;
    char text[VTIME_TEXT];
    struct slice in = next > page->view->t ? vtime_print(next - page->view->t, text) : SLICE("0s");
    page_sign(page, MARK_CLOCK,
              arena_printf(arena, tr("attempt %" PRIu32 " failed; the next at %.*s, in %.*s: %.*s"),
                           defer->n, SLICE_ARG(words_clock(h->log, arena, next)), SLICE_ARG(in),
                           SLICE_ARG(page_flat(arena, log_text(h->log, defer->reason), 300))));
}

static void put_queue(const struct hosting *h)
{
    struct page *page = h->page;
    const struct scene_now *now = &h->scene->now;
    uint32_t queued = scene_host(h->scene, h->host).queued;
    uint32_t seen = 0, shown = 0;
    if (!queued)
        return;
    page_gap(page, 0.4f);
    page_title(page, arena_printf(page->arena,
                                  trn("Queue: %" PRIu32 " message waits",
                                      "Queue: %" PRIu32 " messages wait", queued),
                                  queued));
    for (uint32_t msg = 1; msg <= now->messages.count && seen < queued; msg++)
        for (uint32_t n = now->messages.items[msg - 1].first_hold; n;
             n = now->holds.items[n - 1].next) {
            const struct scene_hold *hold = &now->holds.items[n - 1];
            if (!hold->is_queued || !is_here(h, hold->place))
                continue;
            seen++;
            for (uint32_t w = hold->first_wait; w && shown < QUEUE_SHOWN;
                 w = now->waits.items[w - 1].next)
                if (!now->waits.items[w - 1].is_settled) {
                    put_wait(h, hold->place, msg, &now->waits.items[w - 1]);
                    shown++;
                }
        }
    if (shown == QUEUE_SHOWN)
        page_note(page, slice_of(tr("\xE2\x80\xA6 and more")));
}

/* ---- mailboxes and files ---- */

static void put_boxes(const struct hosting *h)
{
    struct page *page = h->page;
    uint32_t shown = 0;
    for (size_t i = 0; i < h->scene->now.boxes.count && shown < BOXES_SHOWN; i++) {
        const struct scene_box *box = &h->scene->now.boxes.items[i];
        if (!is_here(h, box->place))
            continue;
        if (shown++ == 0) {
            page_gap(page, 0.4f);
            page_title(page, slice_of(tr("Mailboxes")));
        }
        page_pair(page,
                  arena_printf(page->arena,
                               trn("%" PRIu32 " message", "%" PRIu32 " messages", box->count),
                               box->count)
                      .data,
                  page_flat(page->arena, log_text(h->log, box->box), 200));
    }
}

static void put_files(const struct hosting *h)
{
    struct page *page = h->page;
    const struct host_facts *facts = h->facts;
    size_t shown = 0;
    if (!facts->file_count)
        return;
    page_gap(page, 0.4f);
    page_title(page, arena_printf(page->arena,
                                  trn("Disk: %zu file, %" PRIu64 " octets",
                                      "Disk: %zu files, %" PRIu64 " octets", facts->file_count),
                                  facts->file_count, facts->octets));
    for (size_t i = facts->files.count; i-- > 0 && shown < FILES_SHOWN;) {
        const struct host_file *file = &facts->files.items[i];
        if (!file->is_there)
            continue;
        shown++;
        page_mono(page,
                  arena_printf(page->arena, "%8" PRIu32 "  %.*s%s", file->size,
                               SLICE_ARG(page_flat(page->arena, log_text(h->log, file->path), 300)),
                               file->is_corrupt ? tr("  (damaged)") : ""),
                  page->out          ? 0
                  : file->is_corrupt ? page->theme->bad
                                     : page->theme->ink);
    }
    if (shown < facts->file_count)
        page_note(page, arena_printf(page->arena, tr("and %zu more"), facts->file_count - shown));
}

/* ---- its clock ---- */

/* What its last stamp says, against when it was written. */
static void put_clock(const struct hosting *h)
{
    struct page *page = h->page;
    page_pair(page, tr("Time"), words_clock(h->log, page->arena, page->view->t));
    for (size_t i = 0; i < h->scene->now.faults.count; i++) {
        const struct scene_fault *fault = &h->scene->now.faults.items[i];
        if (slice_equal(log_text(h->log, fault->fault), SLICE("clock-skew")) &&
            is_about(h, log_text(h->log, fault->target)))
            page_sign(page, MARK_CROSS,
                      arena_printf(
                          page->arena,
                          tr("Its clock is wrong: %.*s. Dates that it writes "
                             "are, too."),
                          SLICE_ARG(page_flat(page->arena, log_text(h->log, fault->args), 100))));
    }
    if (h->facts->has_stamp && h->facts->stamp_off_s != 0) {
        int64_t off = h->facts->stamp_off_s;
        page_sign(page, MARK_CLOCK,
                  arena_printf(page->arena,
                               off > 0 ? tr("The last Received field that it wrote was %" PRId64
                                            " s ahead of the time.")
                                       : tr("The last Received field that it wrote was %" PRId64
                                            " s behind the time."),
                               off > 0 ? off : -off));
    }
}

/* ---- the whole ---- */

/* The chosen one, else the one that is at work. */
static uint32_t shown_host(const struct view *view)
{
    if (view->chosen_host)
        return log_host_of(view->log, view->chosen_host);
    const struct event *e = view->event != INDEX_NO_EVENT && view->event < log_count(view->log)
                                ? log_at(view->log, view->event)
                                : NULL;
    struct log_parties parties;
    if (e && log_parties(view->log, e, &parties) && parties.to)
        return log_host_of(view->log, parties.to);
    const struct event_kind_row *row = e ? &event_kinds[e->kind] : NULL;
    for (int i = 0; row && i < row->field_count; i++)
        if (row->fields[i].type == EVENT_TYPE_PLACE && e->v[i])
            return log_host_of(view->log, e->v[i]);
    return 0;
}

static void put_all(struct page *page)
{
    struct view *view = page->view;
    struct inspector *inspector = inspector_get(view);
    uint32_t host = shown_host(view);
    if (!host || host > view->scene.now.places.count) {
        page_text(page, slice_of(tr("Choose a host on the map: what works on it, what waits there "
                                    "and what lies on its disk stands here.")));
        return;
    }
    host_facts_at(&inspector->host, view->log, host, log_count_until(view->log, view->t));
    struct hosting h = {.page = page,
                        .scene = &view->scene,
                        .log = view->log,
                        .facts = &inspector->host,
                        .host = host};
    bool is_before_class = lecture_is_on(view); /* what moves is what it is looked at for */
    put_state(&h);
    if (is_before_class) {
        put_queue(&h);
        page_gap(page, 0.4f);
    }
    put_who(&h);
    put_clock(&h);
    put_faults(&h);
    if (!is_before_class)
        put_queue(&h);
    put_conns(&h);
    put_agents(&h);
    put_boxes(&h);
    put_files(&h);
}

void host_panel_tell(struct view *view, struct arena *arena, struct bytes *out)
{
    struct page page;
    page_begin_told(&page, view, arena, out, PAGE_HOST);
    put_all(&page);
}

void host_panel_draw(struct view *view, struct draw_box box, struct draw_box *tools)
{
    struct page page;
    inspector_copy_button(view, tools, PAGE_HOST);
    page_begin(&page, view, box, PAGE_HOST);
    put_all(&page);
    page_end(&page);
}
