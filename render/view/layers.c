/*
 * Envelope, header and body of the chosen message beside each other (RFC 5321 2.3.1): what servers
 * go by, what people read, and what it is about. Where the first two disagree it says why.
 */
#include <inttypes.h>
#include <math.h>

#include "agents/mail/address.h"
#include "render/view/hops.h"
#include "render/view/inspector.h"
#include "render/view/words.h"

enum { RECIPIENTS_MAX = 100, SHOWN_MAX = 20, BODY_MAX = 2000 };

struct recipient {
    struct slice path;
    enum turn_outcome outcome; /* NONE: no reply yet */
};

/* As the commands of the last transaction have it. */
struct envelope {
    bool has_from;
    uint32_t conn;
    struct slice from, parameters;
    struct recipient recipients[RECIPIENTS_MAX];
    size_t count, replies;
};

/* ---- reading ---- */

/* What stands within the brackets of "FROM:<alice@example.com> SIZE=94". */
static struct slice path_of(struct slice arg, struct slice *parameters)
{
    size_t from = slice_find_octet(arg, '<', 0), to = slice_find_octet(arg, '>', 0);
    *parameters = SLICE("");
    if (from == SLICE_NONE || to == SLICE_NONE || to < from)
        return slice_trim(arg);
    *parameters = slice_trim(slice_part(arg, to + 1, arg.size));
    return slice_part(arg, from + 1, to);
}

/* Replies come in the order of the commands, also to pipelined ones (RFC 2920 3.1). */
static void take_turn(struct envelope *envelope, const struct turn *turn)
{
    struct slice unused;
    if (turn->is_reply) {
        if (slice_equal(turn->verb, SLICE("RCPT")) && envelope->replies < envelope->count)
            envelope->recipients[envelope->replies++].outcome = turn->outcome;
    } else if (slice_equal(turn->verb, SLICE("MAIL"))) {
        envelope->has_from = true;
        envelope->count = envelope->replies = 0;
        envelope->from = path_of(turn->arg, &envelope->parameters);
    } else if (slice_equal(turn->verb, SLICE("RCPT")) && envelope->count < RECIPIENTS_MAX) {
        envelope->recipients[envelope->count++] =
            (struct recipient){path_of(turn->arg, &unused), TURN_OUTCOME_NONE};
    }
}

static bool read_conn(const struct view *view, uint32_t conn, struct envelope *envelope)
{
    enum { TURNS_MAX = 4000 };
    const struct index *index = &view->index;
    uint32_t until = log_count_until(view->log, view->t);
    uint32_t at = conn && conn <= index->conn_first.count ? index->conn_first.items[conn - 1] : 0;
    *envelope = (struct envelope){.conn = conn};
    for (int i = 0; i < TURNS_MAX && at; i++, at = index->turn_next.items[at - 1]) {
        uint32_t id = index->turns.ids.items[at - 1];
        struct turn turn;
        if (id >= until)
            break;
        bool is_mail = turn_read(view->log, log_at(view->log, id), &turn) &&
                       (turn.protocol == TURN_SMTP || turn.protocol == TURN_LMTP);
        if (is_mail && turn.msg == view->msg)
            take_turn(envelope, &turn);
    }
    return envelope->has_from;
}

/* The one by which this copy came where it is; of the last copy, while nobody has chosen one, that
   of the transaction which is under way. */
static bool read_envelope(struct view *view, size_t at, bool is_last, struct envelope *envelope)
{
    enum { STAGES_MAX = 64 };
    const struct scene_now *now = &view->scene.now;
    const struct stages *stages = &inspector_get(view)->stages;
    for (size_t i = now->conns.count; is_last && i-- > 0;)
        if (now->conns.items[i].msg == view->msg &&
            read_conn(view, now->conns.items[i].conn, envelope))
            return true;
    for (int i = 0; i < STAGES_MAX; i++) {
        struct stage stage = stages_at(stages, view->log, at);
        if (stage.conn && read_conn(view, stage.conn, envelope))
            return true;
        if (at == 0)
            break;
        at = stages_before(stages, view->log, at);
    }
    *envelope = (struct envelope){0};
    return false;
}

/* Does one of the fields that name readers have this address? */
static bool names(struct slice header, struct slice address)
{
    static const char *const fields[] = {"To", "Cc", "Bcc", "Resent-To", "Resent-Cc"};
    struct header_field field;
    struct address_mailbox mailbox;
    for (int n = 0; n < INSPECTOR_FIELDS_MAX && header_next(&header, &field); n++)
        for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
            struct slice list = field.value;
            if (!slice_equal_fold(field.name, slice_of(fields[i])))
                continue;
            for (int k = 0; k < RECIPIENTS_MAX && address_next(&list, &mailbox); k++)
                if (address_equal(mailbox.address, address))
                    return true;
        }
    return false;
}

static struct slice first_address(struct slice header, const char *name)
{
    struct header_field field;
    struct address_mailbox mailbox;
    if (!header_find(header, slice_of(name), 1, &field))
        return SLICE("");
    struct slice list = field.value;
    return address_next(&list, &mailbox) ? mailbox.address : SLICE("");
}

/* ---- the three layers ---- */

static void put_recipient(struct page *page, const struct recipient *recipient)
{
    bool good = recipient->outcome == TURN_OUTCOME_GOOD, bad = recipient->outcome > 2;
    struct slice text = arena_printf(page->arena, "RCPT TO:<%.*s>%s",
                                     SLICE_ARG(page_flat(page->arena, recipient->path, 320)),
                                     good  ? ""
                                     : bad ? tr(" \xE2\x80\x94 refused")
                                           : tr(" \xE2\x80\x94 no answer yet"));
    page_sign(page, good ? MARK_TICK : bad ? MARK_CROSS : MARK_CLOCK, text);
}

static void put_envelope(struct page *page, const struct envelope *envelope, bool has_one)
{
    const struct log *log = page->view->log;
    page_title(page, slice_of(tr("Envelope")));
    if (!has_one) {
        page_note(page, slice_of(tr("No server has been told for whom it is yet: the envelope is "
                                    "made when the message is handed to one.")));
        return;
    }
    const struct event_tcp_connect *conn = log_conn(log, envelope->conn);
    if (conn)
        page_note(page, arena_printf(page->arena, "%.*s \xE2\x86\x92 %.*s",
                                     SLICE_ARG(words_host(log, conn->from)),
                                     SLICE_ARG(words_host(log, conn->to))));
    page_text(page, arena_printf(page->arena, "MAIL FROM:<%.*s>",
                                 SLICE_ARG(page_flat(page->arena, envelope->from, 320))));
    if (envelope->parameters.size)
        page_note(page, page_flat(page->arena, envelope->parameters, 300));
    for (size_t i = 0; i < envelope->count && i < SHOWN_MAX; i++)
        put_recipient(page, &envelope->recipients[i]);
    if (envelope->count > SHOWN_MAX)
        page_note(page, arena_printf(page->arena, tr("and %zu more"), envelope->count - SHOWN_MAX));
    page_gap(page, 0.3f);
    page_note(page, slice_of(tr("Servers go by this alone. It is written anew at each hop and "
                                "thrown away at delivery.")));
}

static struct slice decoded(struct page *page, struct slice value)
{
    struct slice text;
    bool ok = decoded_get(&inspector_get(page->view)->decoded, slice_part(value, 0, PAGE_TEXT_MAX),
                          SLICE(""), &text);
    return page_flat(page->arena, ok ? text : value, 1000);
}

static void put_letterhead(struct page *page, struct slice header)
{
    static const char *const fields[] = {"From",        "Sender",  "Reply-To",       "To",
                                         "Cc",          "Bcc",     "Date",           "Subject",
                                         "Message-ID",  "List-Id", "Auto-Submitted", "Return-Path",
                                         "Delivered-To"};
    struct header_field field;
    page_title(page, slice_of(tr("Header")));
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (header_find(header, slice_of(fields[i]), 1, &field))
            page_pair(page, fields[i], decoded(page, field.value));
    unsigned received = header_count(header, SLICE("Received"));
    page_gap(page, 0.3f);
    page_note(page, arena_printf(page->arena,
                                 trn("The letterhead, for people. %u Received field on top of it.",
                                     "The letterhead, for people. %u Received fields on top of it.",
                                     received),
                                 received));
}

static void put_body(struct page *page, struct slice body)
{
    page_title(page, slice_of(tr("Body")));
    if (body.size == 0) {
        page_note(page, slice_of(tr("It is empty.")));
        return;
    }
    page_mono(page, page_cut(page->arena, slice_trim(body), BODY_MAX),
              page->out ? 0 : page->theme->ink);
}

/* ---- where they differ ---- */

static void put_difference(struct page *page, struct slice text)
{
    page_text(page, arena_printf(page->arena, "\xE2\x89\xA0 %.*s", SLICE_ARG(text)));
}

/* It had another address before: who re-addressed it wrote that one down (RFC 9228). */
static bool had_other_address(struct slice header, struct slice path)
{
    struct header_field field;
    for (int i = 0; i < INSPECTOR_FIELDS_MAX && header_next(&header, &field); i++)
        if ((slice_equal_fold(field.name, SLICE("Delivered-To")) ||
             slice_equal_fold(field.name, SLICE("X-Original-To"))) &&
            !address_equal(slice_trim(field.value), path))
            return true;
    return false;
}

/* Why somebody is on the envelope whom no field names. */
static void put_unnamed(struct page *page, struct slice header, struct slice path)
{
    struct header_field field;
    struct arena *arena = page->arena;
    struct slice who = page_flat(arena, path, 320), text;
    if (header_find(header, SLICE("List-Id"), 1, &field))
        text = arena_printf(arena,
                            tr("%.*s is on the envelope alone: the list put its member there, and "
                               "left To as it was."),
                            SLICE_ARG(who));
    else if (had_other_address(header, path))
        text = arena_printf(arena,
                            tr("%.*s is on the envelope alone: an alias or a forward put that "
                               "address there."),
                            SLICE_ARG(who));
    else
        text = arena_printf(arena,
                            tr("%.*s is on the envelope alone, and named in no field: so Bcc "
                               "works, and so do lists and forwards."),
                            SLICE_ARG(who));
    put_difference(page, text);
}

static void put_missing(struct page *page, struct slice header, const struct envelope *envelope)
{
    static const char *const fields[] = {"To", "Cc"};
    struct header_field field;
    struct address_mailbox mailbox;
    int told = 0;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (!header_find(header, slice_of(fields[i]), 1, &field))
            continue;
        struct slice list = field.value;
        for (int k = 0; k < RECIPIENTS_MAX && told < SHOWN_MAX && address_next(&list, &mailbox);
             k++) {
            bool is_there = false;
            for (size_t n = 0; n < envelope->count; n++)
                is_there |= address_equal(envelope->recipients[n].path, mailbox.address);
            if (is_there)
                continue;
            put_difference(
                page, arena_printf(page->arena,
                                   tr("%.*s is named in the header and not on this envelope: that "
                                      "copy goes another way, or went before."),
                                   SLICE_ARG(page_flat(page->arena, mailbox.address, 320))));
            told++;
        }
    }
}

static void put_sender(struct page *page, struct slice header, const struct envelope *envelope)
{
    struct slice author = first_address(header, "From"), from = envelope->from;
    struct header_field field;
    if (from.size == 0) {
        put_difference(page, slice_of(tr("The sender is <>: this is a notice. Should it fail "
                                         "nobody is told, so notices can't go in circles "
                                         "(RFC 5321 4.5.5).")));
        return;
    }
    if (author.size == 0 || address_equal(author, from))
        return;
    struct arena *arena = page->arena;
    struct slice first = page_flat(arena, from, 320), second = page_flat(arena, author, 320), text;
    if (header_find(header, SLICE("List-Id"), 1, &field))
        text = arena_printf(arena,
                            tr("The envelope says %.*s, the header From %.*s: the list put its own "
                               "address there, so failures come back to the list and not to the "
                               "author."),
                            SLICE_ARG(first), SLICE_ARG(second));
    else if (slice_equal_fold(address_domain(author), address_domain(from)))
        text = arena_printf(arena,
                            tr("The envelope says %.*s, the header From %.*s: another address of "
                               "the same domain. Failures go to the first, answers to the "
                               "second."),
                            SLICE_ARG(first), SLICE_ARG(second));
    else
        text = arena_printf(arena,
                            tr("The envelope says %.*s, the header From %.*s. SPF checks the "
                               "first, people see the second, and DMARC asks whether they belong "
                               "together: a forwarder does this, and so does a forger."),
                            SLICE_ARG(first), SLICE_ARG(second));
    put_difference(page, text);
}

static void put_differences(struct page *page, struct slice header, const struct envelope *envelope)
{
    size_t told = 0;
    page_title(page, slice_of(tr("Where envelope and header differ")));
    float y = page->y;
    size_t size = page->out ? bytes_size(page->out) : 0;
    put_sender(page, header, envelope);
    for (size_t i = 0; i < envelope->count && told < SHOWN_MAX; i++)
        if (!names(header, envelope->recipients[i].path)) {
            put_unnamed(page, header, envelope->recipients[i].path);
            told++;
        }
    put_missing(page, header, envelope);
    if (page->out ? bytes_size(page->out) == size : page->y == y)
        page_note(page, slice_of(tr("They say the same, this time. Nothing makes them.")));
}

/* ---- the whole ---- */

static void put_layer(struct page *page, int i, const struct envelope *envelope,
                      const struct stage *stage)
{
    page_row_begin_card(page, "", false);
    page_indent(page, 4);
    page->w -= 4;
    if (i == 0)
        put_envelope(page, envelope, envelope->has_from);
    else if (i == 1)
        put_letterhead(page, stage->header);
    else
        put_body(page, stage->body);
    page->w += 4;
    page_indent(page, -4);
    page_row_end(page, NULL, 0, SLICE(""));
}

static void put_all(struct page *page)
{
    enum { LAYERS = 3, GAP = 10, LEAST = 17 };
    struct envelope envelope;
    struct view *view = page->view;
    size_t chosen = inspector_stage(view);
    if (chosen == SLICE_NONE) {
        page_text(page, slice_of(tr("The envelope, the header and the body of the message stand "
                                    "here beside each other.")));
        return;
    }
    const struct stages *stages = &inspector_get(view)->stages;
    struct stage stage = stages_at(stages, view->log, chosen);
    bool is_last = !view->chosen_host && inspector_get(view)->stage == INDEX_NO_EVENT;
    bool has_envelope = read_envelope(view, chosen, is_last, &envelope);
    bool is_wide = !page->out && page->w >= LAYERS * LEAST * page->theme->size_text;
    float x = page->x, w = page->w, top = page->y, end = top;
    for (int i = 0; i < LAYERS; i++) {
        if (is_wide) {
            page->w = (w - GAP * (LAYERS - 1)) / LAYERS;
            page->x = x + (float)i * (page->w + GAP);
            page->y = top;
        }
        put_layer(page, i, &envelope, &stage);
        end = fmaxf(end, page->y);
        page_gap(page, 0.4f);
    }
    page->x = x;
    page->w = w;
    page->y = end;
    page_gap(page, 0.6f);
    if (has_envelope)
        put_differences(page, stage.header, &envelope);
}

void layers_tell(struct view *view, struct arena *arena, struct bytes *out)
{
    struct page page;
    page_begin_told(&page, view, arena, out, PAGE_LAYERS);
    put_all(&page);
}

void layers_draw(struct view *view, struct draw_box box, struct draw_box *tools)
{
    struct page page;
    inspector_copy_button(view, tools, PAGE_LAYERS);
    page_begin(&page, view, box, PAGE_LAYERS);
    put_all(&page);
    page_end(&page);
}
