#include "agents/mail/trail_part.h"

#include "agents/mail/date.h"
#include "agents/mail/mbox.h"
#include "agents/mail/mime.h"

/* What a field of that name is to us. */
enum meaning {
    MEANING_FIELD, /* one of trail->fields, of the row's kind */
    MEANING_RECEIVED,
    MEANING_AUTH,
    MEANING_ARC_AUTH,
    MEANING_ARC_SIGNATURE,
    MEANING_ARC_SEAL,
    MEANING_SIGNATURE,
    MEANING_SPF,
    MEANING_FROM,
    MEANING_TO,
    MEANING_SUBJECT,
    MEANING_MESSAGE_ID,
    MEANING_DATE,
    MEANING_COUNT
};

struct row {
    const char *name; /* with '-' at its end: all that begin so */
    enum meaning meaning;
    enum trail_kind kind;
};

static const struct row rows[] = {
    {"Received", MEANING_RECEIVED, TRAIL_ORIGIN},
    {"Authentication-Results", MEANING_AUTH, TRAIL_ORIGIN},
    {"ARC-Authentication-Results", MEANING_ARC_AUTH, TRAIL_ORIGIN},
    {"ARC-Message-Signature", MEANING_ARC_SIGNATURE, TRAIL_ORIGIN},
    {"ARC-Seal", MEANING_ARC_SEAL, TRAIL_ORIGIN},
    {"DKIM-Signature", MEANING_SIGNATURE, TRAIL_ORIGIN},
    {"Received-SPF", MEANING_SPF, TRAIL_ORIGIN},
    {"From", MEANING_FROM, TRAIL_ORIGIN},
    {"To", MEANING_TO, TRAIL_ORIGIN},
    {"Subject", MEANING_SUBJECT, TRAIL_ORIGIN},
    {"Message-ID", MEANING_MESSAGE_ID, TRAIL_ORIGIN},
    {"Date", MEANING_DATE, TRAIL_ORIGIN},
    {"Return-Path", MEANING_FIELD, TRAIL_RETURN_PATH},
    {"Delivered-To", MEANING_FIELD, TRAIL_DELIVERED_TO},
    {"X-Original-To", MEANING_FIELD, TRAIL_DELIVERED_TO},
    {"Envelope-To", MEANING_FIELD, TRAIL_DELIVERED_TO},
    {"X-Envelope-To", MEANING_FIELD, TRAIL_DELIVERED_TO},
    {"Apparently-To", MEANING_FIELD, TRAIL_DELIVERED_TO},
    {"List-", MEANING_FIELD, TRAIL_LIST},
    {"Precedence", MEANING_FIELD, TRAIL_LIST},
    {"Mailing-List", MEANING_FIELD, TRAIL_LIST},
    {"Resent-", MEANING_FIELD, TRAIL_RESENT},
    {"X-Originating-IP", MEANING_FIELD, TRAIL_ORIGIN},
    {"X-Originating-Email", MEANING_FIELD, TRAIL_ORIGIN},
    {"User-Agent", MEANING_FIELD, TRAIL_ORIGIN},
    {"X-Mailer", MEANING_FIELD, TRAIL_ORIGIN},
    {"Auto-Submitted", MEANING_FIELD, TRAIL_AUTOMATIC},
    {"X-Failed-Recipients", MEANING_FIELD, TRAIL_AUTOMATIC},
    {"X-Loop", MEANING_FIELD, TRAIL_AUTOMATIC},
    {"X-Autoreply", MEANING_FIELD, TRAIL_AUTOMATIC},
};

const char *trail_kind_name(enum trail_kind kind)
{
    static const char *const names[] = {
        [TRAIL_RETURN_PATH] = "return-path",
        [TRAIL_DELIVERED_TO] = "delivered-to",
        [TRAIL_LIST] = "list",
        [TRAIL_RESENT] = "resent",
        [TRAIL_ORIGIN] = "origin",
        [TRAIL_AUTOMATIC] = "automatic",
        [TRAIL_DSN] = "dsn",
    };
    return names[kind];
}

static const struct row *row_of(struct slice name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct slice known = slice_of(rows[i].name);
        bool is_family = known.data[known.size - 1] == '-';
        if (is_family ? slice_starts_fold(name, known) : slice_equal_fold(name, known))
            return &rows[i];
    }
    return NULL;
}

/* ---- one field ---- */

void trail_add_field(struct trail *trail, enum trail_kind kind, uint32_t block,
                     const struct header_field *field)
{
    if (trail->field_count == TRAIL_FIELDS_MAX) {
        trail->fields_left_out++;
        return;
    }
    trail->fields[trail->field_count++] =
        (struct trail_field){kind, block, field->name, field->value};
}

static void read_hop(struct trail *trail, const struct header_field *field)
{
    if (trail->hop_count == TRAIL_HOPS_MAX) {
        trail->hops_left_out++;
        return;
    }
    struct trail_hop *hop = &trail->hops[trail->hop_count++];
    hop->field = field->whole;
    hop->number = trail->hop_count;
    bool is_read = received_read(field->value, &hop->received);
    const struct received *r = &hop->received;
    bool says_something = is_read || r->comment.size; /* qmail's notes are a comment */
    bool says_who = r->from.size || r->from_addr.size || r->from_name.size || r->by.size;
    bool is_whole = r->unread.size == 0 && (says_who || r->comment.size);
    hop->reading = !says_something ? TRAIL_NOT_READ : is_whole ? TRAIL_WHOLE : TRAIL_PARTLY;
    hop->is_tls = r->is_tls;
    hop->is_authenticated = r->is_authenticated;
}

static void keep_first(struct slice *kept, const struct header_field *field)
{
    if (kept->data == NULL || kept->size == 0)
        *kept = field->value;
}

static void read_date(struct trail *trail, const struct header_field *field)
{
    keep_first(&trail->date, field);
    if (!trail->has_date)
        trail->has_date = date_find(field->value, &trail->date_s, &trail->zone_min) > 0;
}

static void read_field(struct trail *trail, const struct header_field *field)
{
    const struct row *row = row_of(field->name);
    trail->total_fields += field->name.size > 0;
    trail->odd_lines += field->name.size == 0;
    if (!row)
        return;
    switch (row->meaning) {
    case MEANING_FIELD:
        trail_add_field(trail, row->kind, 0, field);
        break;
    case MEANING_RECEIVED:
        read_hop(trail, field);
        break;
    case MEANING_AUTH:
    case MEANING_ARC_AUTH:
        trail_read_auth(trail, field, row->meaning == MEANING_ARC_AUTH);
        break;
    case MEANING_ARC_SIGNATURE:
    case MEANING_ARC_SEAL:
        trail_read_arc(trail, field, row->meaning == MEANING_ARC_SEAL);
        break;
    case MEANING_SIGNATURE:
        trail_read_signature(trail, field);
        break;
    case MEANING_SPF:
        trail_read_spf(trail, field);
        break;
    case MEANING_FROM:
        keep_first(&trail->from, field);
        break;
    case MEANING_TO:
        keep_first(&trail->to, field);
        break;
    case MEANING_SUBJECT:
        keep_first(&trail->subject, field);
        break;
    case MEANING_MESSAGE_ID:
        keep_first(&trail->message_id, field);
        break;
    case MEANING_DATE:
        read_date(trail, field);
        break;
    case MEANING_COUNT:
        break;
    }
}

/* ---- all of it ---- */

/* What people paste has empty lines in front, files may have a mark of their encoding. */
static struct slice begin_of(struct slice content)
{
    size_t at = slice_starts(content, SLICE("\xEF\xBB\xBF")) ? 3 : 0, line = at;
    for (; at < content.size; at++) {
        char octet = content.data[at];
        if (octet == '\n')
            line = at + 1;
        else if (octet != ' ' && octet != '\t' && octet != '\r')
            break;
    }
    return slice_part(content, line, content.size);
}

static struct slice first_message(struct slice content)
{
    size_t position = 0;
    struct mbox_entry entry;
    content = begin_of(content);
    if (!slice_starts(content, SLICE("From ")) || !mbox_next(content, &position, &entry))
        return content;
    return entry.text;
}

static size_t count_octet(struct slice s, char octet)
{
    size_t count = 0;
    for (size_t at = 0; (at = slice_find_octet(s, octet, at)) != SLICE_NONE; at++)
        count++;
    return count;
}

static size_t at_most(size_t count, size_t most)
{
    return count < most ? count : most;
}

static bool is_report(struct slice header)
{
    struct header_field field;
    return header_find(header, SLICE("Content-Type"), 1, &field) &&
           slice_starts_fold(field.value, SLICE("multipart/report"));
}

/* Room for all that the header has, so that nothing grows while it is read. */
static void make_room(struct trail *trail, struct arena *arena)
{
    size_t counts[MEANING_COUNT] = {0}, results = 0;
    struct slice rest = trail->header;
    struct header_field field;
    while (header_next(&rest, &field)) {
        const struct row *row = row_of(field.name);
        if (!row)
            continue;
        counts[row->meaning]++;
        if (row->meaning == MEANING_AUTH || row->meaning == MEANING_ARC_AUTH)
            results += 1 + count_octet(field.value, ';');
    }
    size_t fields = counts[MEANING_FIELD] + (is_report(trail->header) ? TRAIL_FIELDS_MAX : 0);
    size_t auths = counts[MEANING_AUTH] + counts[MEANING_ARC_AUTH];
    size_t arcs = counts[MEANING_ARC_AUTH] + counts[MEANING_ARC_SIGNATURE];
    arcs += counts[MEANING_ARC_SEAL];
    trail->hops =
        arena_take(arena, at_most(counts[MEANING_RECEIVED], TRAIL_HOPS_MAX) * sizeof *trail->hops);
    trail->fields = arena_take(arena, at_most(fields, TRAIL_FIELDS_MAX) * sizeof *trail->fields);
    trail->auths = arena_take(arena, at_most(auths, TRAIL_FIELDS_MAX) * sizeof *trail->auths);
    trail->results = arena_take(arena, at_most(results, TRAIL_FIELDS_MAX) * sizeof *trail->results);
    trail->arcs = arena_take(arena, at_most(arcs, TRAIL_ARCS_MAX) * sizeof *trail->arcs);
    trail->signatures = arena_take(arena, at_most(counts[MEANING_SIGNATURE], TRAIL_FIELDS_MAX) *
                                              sizeof *trail->signatures);
    trail->spfs =
        arena_take(arena, at_most(counts[MEANING_SPF], TRAIL_FIELDS_MAX) * sizeof *trail->spfs);
}

void trail_read(struct trail *trail, struct slice content, struct arena *arena)
{
    struct slice rest, body;
    struct header_field field;
    *trail = (struct trail){.content = first_message(content)};
    header_split(trail->content, &trail->header, &body);
    make_room(trail, arena);
    rest = trail->header;
    while (header_next(&rest, &field))
        read_field(trail, &field);
    trail_join(trail);
    trail_read_notice(trail);
}

bool trail_is_header(struct slice content)
{
    enum { FIELDS_MOST = 40 };
    struct slice rest = first_message(content);
    struct header_field field;
    unsigned known = 0;
    for (unsigned i = 0; i < FIELDS_MOST && header_next(&rest, &field); i++) {
        if (i == 0 && field.name.size == 0)
            return false;
        known += row_of(field.name) != NULL;
    }
    return known > 0;
}

/* ---- a notice ---- */

static bool is_status(const struct mime_part *part)
{
    return slice_equal_fold(part->type, SLICE("message")) &&
           (slice_equal_fold(part->subtype, SLICE("delivery-status")) ||
            slice_equal_fold(part->subtype, SLICE("global-delivery-status")));
}

/* Blocks of fields with an empty line between them (RFC 3464 2.1): the message, then each
   recipient. */
static void read_status(struct trail *trail, struct slice body)
{
    struct header_field field;
    for (uint32_t block = 0; body.size > 0 && block < TRAIL_FIELDS_MAX; block++) {
        body = begin_of(body);
        while (header_next(&body, &field))
            if (field.name.size)
                trail_add_field(trail, TRAIL_DSN, block, &field);
    }
}

void trail_read_notice(struct trail *trail)
{
    struct mime mime;
    if (!is_report(trail->header))
        return;
    mime_read(&mime, trail->content);
    for (size_t i = 0; i < mime.parts.count; i++)
        if (is_status(&mime.parts.items[i])) {
            read_status(trail, mime.parts.items[i].body);
            break;
        }
    mime_finish(&mime);
}
