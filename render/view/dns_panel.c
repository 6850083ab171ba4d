/*
 * What was asked of name servers: about the chosen message, by or of the chosen host, or by all.
 * The question that is open shows who asked whom on its behalf, from the root down, each answer
 * with its records; below lies what the asker keeps of it all at the moment shown.
 */
#include <inttypes.h>
#include <stdio.h>

#include "render/view/explain.h"
#include "render/view/inspector.h"
#include "render/view/words.h"
#include "sim/base/vtime.h"

enum { ASKS_SHOWN = 40, STEPS_SHOWN = 24, RECORDS_SHOWN = 12, ENTRIES_SHOWN = 40 };

/* What this frame is about. */
struct asking {
    struct page *page;
    struct dns_asks *asks;
    uint32_t until; /* events that have happened */
    uint32_t host, msg;
};

static const struct log *log_of(const struct asking *a)
{
    return a->page->view->log;
}

static int64_t time_of(const struct asking *a, uint32_t event)
{
    return log_at(log_of(a), event)->t;
}

static bool has_happened(const struct asking *a, uint32_t event)
{
    return event && event < a->until;
}

/* Steps on the way to another answer are shown there. */
static bool is_wanted(const struct asking *a, const struct dns_ask *ask)
{
    if (!has_happened(a, ask->question))
        return false;
    if (a->host) {
        const struct dns_ask *parent = ask->parent ? &a->asks->asks.items[ask->parent - 1] : NULL;
        return (ask->server == a->host || ask->asker == a->host) &&
               !(parent && parent->server == a->host);
    }
    return !ask->parent && (!a->msg || ask->msg == a->msg);
}

/* ---- words ---- */

static struct slice name_text(struct arena *arena, struct slice name)
{
    return name.size ? page_flat(arena, name, 260) : SLICE(".");
}

static struct slice host_text(const struct asking *a, uint32_t host)
{
    return host ? words_host(log_of(a), host) : slice_of(tr("nobody"));
}

static struct slice question_text(const struct asking *a, const struct dns_ask *ask)
{
    char type[16];
    return arena_printf(a->page->arena, "%.*s \xE2\x86\x92 %.*s: %s %.*s?",
                        SLICE_ARG(host_text(a, ask->asker)), SLICE_ARG(host_text(a, ask->server)),
                        dns_type_name(ask->type, type),
                        SLICE_ARG(name_text(a->page->arena, ask->name)));
}

/* What the type is asked for, in words. */
static const char *type_meaning(unsigned type)
{
    switch (type) {
    case DNS_TYPE_A:
        return tr("its address");
    case DNS_TYPE_AAAA:
        return tr("its IPv6 address");
    case DNS_TYPE_MX:
        return tr("who takes mail for it, the lowest number first (RFC 5321 5.1)");
    case DNS_TYPE_NS:
        return tr("who answers for its names");
    case DNS_TYPE_TXT:
        return tr("texts: the rules of SPF, the keys of DKIM, the policy of DMARC");
    case DNS_TYPE_PTR:
        return tr("the name of an address");
    case DNS_TYPE_CNAME:
        return tr("what name it stands for");
    case DNS_TYPE_SOA:
        return tr("the head of its zone");
    case DNS_TYPE_SRV:
        return tr("which host has a service");
    }
    return "";
}

static struct slice data_of(const struct asking *a, const struct dns_ask *ask)
{
    const struct event_dns_answer *answer = event_as_dns_answer(log_at(log_of(a), ask->noted));
    return page_flat(a->page->arena, log_text(log_of(a), answer->data), 400);
}

static struct slice rcode_of(const struct asking *a, const struct dns_ask *ask)
{
    return log_text(log_of(a), event_as_dns_answer(log_at(log_of(a), ask->noted))->rcode);
}

/* What came of it by now; the sign says whether that is good. */
static struct slice outcome_text(const struct asking *a, const struct dns_ask *ask,
                                 enum mark_sign *sign)
{
    struct arena *arena = a->page->arena;
    *sign = MARK_CLOCK;
    if (!has_happened(a, ask->noted))
        return slice_of(has_happened(a, ask->reply)   ? tr("the answer is on its way")
                        : has_happened(a, ask->query) ? tr("the server has read it")
                                                      : tr("the question is on its way"));
    struct slice rcode = rcode_of(a, ask), data = data_of(a, ask);
    if (slice_equal(rcode, SLICE("TIMEOUT"))) {
        *sign = MARK_CROSS;
        return slice_of(ask->server ? tr("no answer in time") : tr("there is no server to ask"));
    }
    if (slice_equal(rcode, SLICE("NXDOMAIN"))) {
        *sign = MARK_CROSS;
        return slice_of(tr("NXDOMAIN: there is no such name"));
    }
    if (!slice_equal(rcode, SLICE("NOERROR"))) {
        *sign = MARK_CROSS;
        return arena_printf(arena, tr("%.*s: the server could not or would not say"),
                            SLICE_ARG(rcode));
    }
    if (data.size == 0) {
        *sign = MARK_CROSS;
        return slice_of(tr("the name is there, but has no such record"));
    }
    *sign = MARK_TICK;
    return data;
}

static struct slice seconds_text(struct arena *arena, int64_t duration_ns)
{
    char text[VTIME_TEXT];
    return arena_copy(arena, vtime_print(duration_ns, text));
}

/* Does the answer come from the zone's own server, from a cache, or from asking others? */
static struct slice source_text(const struct asking *a, const struct dns_ask *ask,
                                const struct dns_message *m)
{
    unsigned asked = 0;
    for (uint32_t n = ask->first_child; n; n = a->asks->asks.items[n - 1].next)
        asked += has_happened(a, a->asks->asks.items[n - 1].question);
    if (m->is_authoritative)
        return slice_of(tr("from authority: this server has the zone itself (AA)"));
    if (ask->kept == DNS_KEPT_REFERRAL)
        return slice_of(tr("a referral: not the answer, but whom to ask next"));
    if (asked)
        return arena_printf(a->page->arena,
                            trn("not from authority: it had to ask %u question of its own",
                                "not from authority: it had to ask %u questions of its own", asked),
                            asked);
    return slice_of(tr("from its cache: it had been asked before"));
}

/* ---- an ask, open ---- */

static void put_record(const struct asking *a, const struct dns_record *r, int64_t age_s)
{
    struct page *page = a->page;
    char type[16];
    if (r->type == DNS_TYPE_OPT)
        return;
    int64_t left = (int64_t)r->ttl_s - age_s;
    struct slice data = page_flat(page->arena, dns_record_print(r, page->arena), 300);
    page_mono(page,
              arena_printf(page->arena, "%.*s %s %.*s", SLICE_ARG(name_text(page->arena, r->name)),
                           dns_type_name(r->type, type), SLICE_ARG(data)),
              page->out ? 0 : page->theme->ink);
    page_note(page, left > 0
                        ? arena_printf(page->arena, tr("TTL %" PRIu32 " s, %" PRId64 " s left"),
                                       r->ttl_s, left)
                        : arena_printf(page->arena, tr("TTL %" PRIu32 " s, over"), r->ttl_s));
}

static void put_section(const struct asking *a, const char *label, const struct dns_record *records,
                        size_t count, int64_t age_s)
{
    size_t shown = 0;
    for (size_t i = 0; i < count && shown < RECORDS_SHOWN; i++) {
        if (records[i].type == DNS_TYPE_OPT)
            continue;
        if (shown++ == 0)
            page_note(a->page, slice_of(label));
        put_record(a, &records[i], age_s);
    }
    if (shown == RECORDS_SHOWN && count > shown)
        page_note(a->page, arena_printf(a->page->arena, tr("and %zu more"), count - shown));
}

/* Why there is no answer, and the clause. */
static void put_reason(const struct asking *a, const struct dns_ask *ask)
{
    struct page *page = a->page;
    struct explain why;
    struct slice rcode = has_happened(a, ask->noted) ? rcode_of(a, ask) : SLICE("NOERROR");
    if (!slice_equal(rcode, SLICE("NOERROR")) && explain_rcode(rcode, &why))
        page_note(page, arena_printf(page->arena, "%s (%s)", tr(why.says), why.clause));
}

static void put_message(const struct asking *a, const struct dns_ask *ask)
{
    struct page *page = a->page;
    struct dns_message m;
    if (!has_happened(a, ask->reply) || !dns_asks_decode(log_of(a), ask->reply, page->arena, &m)) {
        if (ask->is_tcp)
            page_note(page, slice_of(tr("asked by TCP: the answer did not fit a datagram "
                                        "(RFC 7766 5)")));
        return;
    }
    page_note(page, arena_printf(page->arena, "%s%s%s%s%s \xC2\xB7 id %u", dns_rcode_name(m.rcode),
                                 m.is_authoritative ? " AA" : "", m.is_truncated ? " TC" : "",
                                 m.wants_recursion ? " RD" : "", m.has_recursion ? " RA" : "",
                                 (unsigned)m.id));
    page_note(page, source_text(a, ask, &m));
    if (m.is_truncated)
        page_note(page, slice_of(tr("truncated: it is asked again by TCP (RFC 7766 5)")));
    uint32_t read = has_happened(a, ask->noted) ? ask->noted : ask->reply;
    int64_t age_s = (page->view->t - time_of(a, read)) / VTIME_S;
    put_section(a, tr("answer"), m.answers, m.answer_count, age_s);
    put_section(a, tr("authority"), m.authority, m.authority_count, age_s);
    put_section(a, tr("additional"), m.additional, m.additional_count, age_s);
}

/* "referral to org: a.org.test" on the way down; the answer on the last step. */
static void put_step(const struct asking *a, const struct dns_ask *ask, int number)
{
    struct page *page = a->page;
    enum mark_sign sign;
    struct slice outcome = outcome_text(a, ask, &sign);
    float in = page->out ? 0 : (float)(number < 6 ? number : 6) * page->theme->size_text * 0.8f;
    float y = page->y;
    page_indent(page, in);
    page_text(page,
              arena_printf(page->arena, "%d. %.*s", number, SLICE_ARG(question_text(a, ask))));
    page_sign(page, sign, outcome);
    page_indent(page, -in);
    struct draw_box box = {page->x + in - 6, y, 2, page->y - y};
    if (page_is_seen(page, box)) /* the tread of the stair that leads down from the root */
        draw_rect(page->ui->list, box, 1, page->theme->accent, 0, 0);
}

static void put_steps(const struct asking *a, const struct dns_ask *ask)
{
    int number = 0;
    for (uint32_t n = ask->first_child; n && number < STEPS_SHOWN;) {
        const struct dns_ask *child = &a->asks->asks.items[n - 1];
        if (!has_happened(a, child->question))
            break;
        if (number == 0)
            page_note(a->page,
                      arena_printf(a->page->arena, tr("for this %.*s asked, step by step:"),
                                   SLICE_ARG(host_text(a, ask->server))));
        put_step(a, child, ++number);
        n = child->next;
    }
}

static void open_ask(struct view *view, uint32_t number)
{
    struct inspector *inspector = inspector_get(view);
    inspector->open_ask = inspector->open_ask == number ? 0 : number;
}

static void put_ask(const struct asking *a, uint32_t number, bool is_open)
{
    struct page *page = a->page;
    const struct dns_ask *ask = &a->asks->asks.items[number - 1];
    enum mark_sign sign;
    struct slice outcome = outcome_text(a, ask, &sign);
    char name[UI_NAME];
    snprintf(name, sizeof name, "ask-%" PRIu32, number);
    page_row_begin_card(page, name, is_open);
    page_indent(page, 4);
    page_title(page, question_text(a, ask));
    struct slice clock = words_clock(log_of(a), page->arena, time_of(a, ask->question));
    bool is_done = has_happened(a, ask->noted);
    struct slice took =
        is_done ? seconds_text(page->arena, time_of(a, ask->noted) - time_of(a, ask->question))
                : SLICE("");
    page_note(page, arena_printf(page->arena, "%.*s%s%.*s", SLICE_ARG(clock),
                                 is_done ? tr(", answered after ") : "", SLICE_ARG(took)));
    page_sign(page, sign, outcome);
    if (is_open) {
        put_steps(a, ask);
        put_reason(a, ask);
        put_message(a, ask);
    }
    page_indent(page, -4);
    const char *meaning = type_meaning(ask->type);
    page_row_end(page, open_ask, number, slice_of(meaning));
    page_gap(page, 0.25f);
}

/* ---- the cache ---- */

static void put_entry(const struct asking *a, const struct dns_entry *entry)
{
    struct page *page = a->page;
    const struct dns_ask *ask = &a->asks->asks.items[entry->ask];
    char type[16];
    struct slice what = ask->kept == DNS_KEPT_NO_NAME   ? slice_of(tr("there is no such name"))
                        : ask->kept == DNS_KEPT_NO_DATA ? slice_of(tr("it has no such record"))
                                                        : data_of(a, ask);
    struct slice name = ask->kept == DNS_KEPT_REFERRAL ? ask->zone : ask->name;
    page_mono(page,
              arena_printf(page->arena, "%.*s %s", SLICE_ARG(name_text(page->arena, name)),
                           ask->kept == DNS_KEPT_REFERRAL ? "NS" : dns_type_name(ask->type, type)),
              page->out ? 0 : page->theme->ink);
    if (!page->out) {
        const struct theme *theme = page->theme;
        struct draw_box box = page_take(page, 6);
        int64_t whole = entry->expires_t - entry->kept_t;
        float share = (float)((double)(entry->expires_t - page->view->t) / (double)whole);
        if (page_is_seen(page, box)) {
            draw_rect(page->ui->list, (struct draw_box){box.x, box.y + 1, box.w, 3}, 1.5f,
                      theme->accent_soft, 0, 0);
            draw_rect(page->ui->list, (struct draw_box){box.x, box.y + 1, box.w * share, 3}, 1.5f,
                      theme->accent, 0, 0);
        }
    }
    bool is_negative = ask->kept == DNS_KEPT_NO_NAME || ask->kept == DNS_KEPT_NO_DATA;
    page_note(page, arena_printf(
                        page->arena,
                        is_negative ? tr("%.*s (a \"no\" is kept, too: RFC 2308 5), %" PRId64
                                         " of %" PRIu32 " s left")
                                    : tr("%.*s, %" PRId64 " of %" PRIu32 " s left"),
                        SLICE_ARG(what), (entry->expires_t - page->view->t) / VTIME_S, ask->ttl_s));
}

static void put_cache(const struct asking *a, uint32_t host)
{
    struct page *page = a->page;
    struct dns_cache *cache = &inspector_get(page->view)->cache;
    size_t shown = 0;
    if (!host)
        return;
    dns_cache_at(cache, a->asks, log_of(a), host, a->until);
    page_gap(page, 0.4f);
    page_title(page,
               arena_printf(page->arena, tr("What %.*s keeps now"), SLICE_ARG(host_text(a, host))));
    for (size_t i = 0; i < cache->entries.count && shown < ENTRIES_SHOWN; i++)
        if (cache->entries.items[i].expires_t > page->view->t) {
            put_entry(a, &cache->entries.items[i]);
            shown++;
        }
    if (shown == 0)
        page_note(page, slice_of(tr("Nothing: each question goes out.")));
}

/* ---- the whole ---- */

static void toggle_all(struct view *view, uint32_t arg)
{
    (void)arg;
    struct inspector *inspector = inspector_get(view);
    inspector->asks_are_all = !inspector->asks_are_all;
}

static void put_title(const struct asking *a)
{
    struct page *page = a->page;
    if (a->host)
        page_title(page, arena_printf(page->arena, tr("Questions by and to %.*s"),
                                      SLICE_ARG(host_text(a, a->host))));
    else if (a->msg)
        page_title(
            page,
            arena_printf(page->arena, tr("Questions because of \xE2\x80\x9C%.*s\xE2\x80\x9D"),
                         SLICE_ARG(page_flat(page->arena,
                                             words_subject(log_of(a), page->arena, a->msg), 200))));
    else
        page_title(page, slice_of(tr("All questions")));
    page_gap(page, 0.2f);
}

/* The newest first. The open one is the one that was pressed, or else the newest. */
static void put_asks(const struct asking *a, uint32_t *cache_host)
{
    uint32_t open = inspector_get(a->page->view)->open_ask;
    bool is_open_there =
        open && open <= a->asks->asks.count && is_wanted(a, &a->asks->asks.items[open - 1]);
    int shown = 0;
    *cache_host = 0;
    for (size_t n = a->asks->asks.count; n > 0 && shown < ASKS_SHOWN; n--) {
        const struct dns_ask *ask = &a->asks->asks.items[n - 1];
        if (!is_wanted(a, ask))
            continue;
        bool is_open = is_open_there ? open == n : shown == 0;
        put_ask(a, (uint32_t)n, is_open);
        /* a server that asked others keeps what they said; else who asked keeps it */
        if (is_open)
            *cache_host = ask->first_child ? ask->server : ask->asker;
        shown++;
    }
    if (shown == 0)
        page_note(a->page, slice_of(tr("Nothing was asked so far. Who takes mail for a domain, and "
                                       "the address of a host, are asked of a name server.")));
    if (a->host)
        *cache_host = a->host;
}

static void put_all(struct page *page)
{
    struct view *view = page->view;
    struct inspector *inspector = inspector_get(view);
    uint32_t cache_host;
    dns_asks_update(&inspector->dns, view->log);
    uint32_t until = log_count_until(view->log, view->t);
    if (view->chosen_event < until) /* what comes of it at the same moment is not yet so */
        until = view->chosen_event + 1;
    struct asking a = {.page = page,
                       .asks = &inspector->dns,
                       .until = until,
                       .host = inspector->asks_are_all ? 0 : view->chosen_host,
                       .msg = inspector->asks_are_all ? 0 : view->msg};
    put_title(&a);
    put_asks(&a, &cache_host);
    put_cache(&a, cache_host);
}

void dns_panel_tell(struct view *view, struct arena *arena, struct bytes *out)
{
    struct page page;
    page_begin_told(&page, view, arena, out, PAGE_DNS);
    put_all(&page);
}

void dns_panel_draw(struct view *view, struct draw_box box, struct draw_box *tools)
{
    struct page page;
    struct ui *ui = &view->ui;
    const char *label = tr("All");
    float w = draw_width(ui->list, DRAW_FONT_SANS, ui->theme->size_text, slice_of(label)) + 20;
    if (tools->w > w) {
        ui_button(ui, "dns-all", ui_inset(ui_cut_right(tools, w), 2), label, toggle_all, 0,
                  inspector_get(view)->asks_are_all ? UI_ON : 0);
        ui_tip(ui, slice_of(tr("Also what was asked for other messages and hosts")));
    }
    inspector_copy_button(view, tools, PAGE_DNS);
    page_begin(&page, view, box, PAGE_DNS);
    put_all(&page);
    page_end(&page);
}
