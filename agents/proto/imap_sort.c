#include "agents/proto/imap_sort.h"

#include "agents/mail/address.h"
#include "agents/mail/date.h"
#include "agents/mail/fold.h"
#include "agents/mail/header.h"
#include "agents/mail/mime.h"
#include "agents/mail/subject.h"
#include "agents/proto/imap_put.h"
#include "sim/base/memory.h"

/* A key text is no longer than its field, and a field is cut here: an order needs no more. */
enum { TEXT_MAX = 4096 };

void imap_sort_init(struct imap_sort *s)
{
    *s = (struct imap_sort){0};
    arena_init(&s->arena);
    bytes_init(&s->scratch, TEXT_MAX * 4);
    bytes_init(&s->folded, TEXT_MAX * 4);
}

void imap_sort_finish(struct imap_sort *s)
{
    vector_finish(&s->rows);
    vector_finish(&s->order);
    arena_finish(&s->arena);
    bytes_finish(&s->scratch);
    bytes_finish(&s->folded);
}

/* ---- criteria ---- */

static const char *const names[IMAP_SORT_KIND_COUNT] = {
    [IMAP_SORT_ARRIVAL] = "ARRIVAL",
    [IMAP_SORT_CC] = "CC",
    [IMAP_SORT_DATE] = "DATE",
    [IMAP_SORT_FROM] = "FROM",
    [IMAP_SORT_SIZE] = "SIZE",
    [IMAP_SORT_SUBJECT] = "SUBJECT",
    [IMAP_SORT_TO] = "TO",
    [IMAP_SORT_DISPLAYFROM] = "DISPLAYFROM",
    [IMAP_SORT_DISPLAYTO] = "DISPLAYTO",
};

static bool read_kind(struct imap_args *a, enum imap_sort_kind *kind)
{
    for (int i = 0; i < IMAP_SORT_KIND_COUNT; i++) {
        *kind = (enum imap_sort_kind)i;
        if (imap_args_word(a, slice_of(names[i])))
            return true;
    }
    return imap_args_fail(a, "an unknown sort key");
}

/* sort-criterion = ["REVERSE" SP] sort-key */
static bool read_key(struct imap_sort *s, struct imap_args *a)
{
    if (s->key_count >= IMAP_SORT_KEYS_MAX)
        return imap_args_fail(a, "too many sort keys");
    struct imap_sort_key *key = &s->keys[s->key_count++];
    key->is_reverse = imap_args_word(a, SLICE("REVERSE"));
    return (!key->is_reverse || imap_args_sp(a)) && read_kind(a, &key->kind);
}

/* sort-criteria = "(" sort-criterion *(SP sort-criterion) ")" */
bool imap_sort_read(struct imap_sort *s, struct imap_args *a)
{
    if (!imap_args_expect(a, '('))
        return false;
    do {
        if (!read_key(s, a))
            return false;
    } while (imap_args_skip(a, ' '));
    return imap_args_expect(a, ')');
}

/* ---- what messages are compared by ---- */

int64_t imap_sort_sent_s(const struct account_item *item)
{
    struct header_field field;
    int64_t unix_s;
    int zone_min;
    if (header_find(item->content, SLICE("Date"), 1, &field) &&
        date_read(field.value, &unix_s, &zone_min))
        return unix_s;
    return item->internal_s;
}

void imap_sort_subject(const struct account_item *item, struct bytes *scratch, struct bytes *folded,
                       bool *is_reply)
{
    struct header_field field;
    bytes_clear(scratch);
    bytes_clear(folded);
    *is_reply = false;
    if (header_find(item->content, SLICE("Subject"), 1, &field))
        subject_base(slice_part(field.value, 0, TEXT_MAX), scratch, is_reply);
    fold_write(bytes_slice(scratch), folded);
}

/* The first address of a field: its local part, as the envelope has it, or the name it is shown
   with. A group stands in an envelope by its name (RFC 9051 7.5.2). */
static void take_address(struct imap_sort *s, const struct account_item *item, const char *name,
                         bool is_shown)
{
    struct header_field field;
    struct address_item first;
    bytes_clear(&s->scratch);
    bytes_clear(&s->folded);
    if (!header_find(item->content, slice_of(name), 1, &field))
        return;
    struct address_reader reader = {.rest = slice_part(field.value, 0, TEXT_MAX)};
    if (!address_read_next(&reader, &first))
        return;
    bool has_name = first.name.size > 0 && (is_shown || first.kind == ADDRESS_GROUP);
    struct slice words = has_name   ? first.name
                         : is_shown ? first.address
                                    : address_local(first.address);
    address_unquote(words, false, &s->scratch);
    struct bytes decoded;
    bytes_init(&decoded, TEXT_MAX * 4);
    mime_decode_words(bytes_slice(&s->scratch), &decoded);
    fold_write(bytes_slice(&decoded), &s->folded);
    bytes_finish(&decoded);
}

static void take_value(struct imap_sort *s, enum imap_sort_kind kind,
                       const struct account_item *item, struct imap_sort_value *value)
{
    bool is_reply;
    bytes_clear(&s->folded);
    switch (kind) {
    case IMAP_SORT_ARRIVAL:
        value->number = item->internal_s;
        break;
    case IMAP_SORT_DATE:
        value->number = imap_sort_sent_s(item);
        break;
    case IMAP_SORT_SIZE:
        value->number = (int64_t)item->content.size;
        break;
    case IMAP_SORT_SUBJECT:
        imap_sort_subject(item, &s->scratch, &s->folded, &is_reply);
        break;
    case IMAP_SORT_CC:
        take_address(s, item, "Cc", false);
        break;
    case IMAP_SORT_FROM:
    case IMAP_SORT_DISPLAYFROM:
        take_address(s, item, "From", kind == IMAP_SORT_DISPLAYFROM);
        break;
    case IMAP_SORT_TO:
    case IMAP_SORT_DISPLAYTO:
        take_address(s, item, "To", kind == IMAP_SORT_DISPLAYTO);
        break;
    case IMAP_SORT_KIND_COUNT:
        break;
    }
    value->text = arena_copy(&s->arena, bytes_slice(&s->folded));
}

void imap_sort_add(struct imap_sort *s, uint32_t number, const struct account_item *item)
{
    struct imap_sort_row *row = vector_add(&s->rows);
    row->number = number;
    row->uid = item->uid;
    row->values = arena_take(&s->arena, s->key_count * sizeof *row->values);
    for (size_t i = 0; i < s->key_count; i++)
        take_value(s, s->keys[i].kind, item, &row->values[i]);
    if (item->modseq > s->highest_modseq)
        s->highest_modseq = item->modseq;
}

/* ---- ordering ---- */

/* Two runs that are in order, side by side, become one. */
static void merge(uint32_t *to, const uint32_t *a, size_t a_count, const uint32_t *b,
                  size_t b_count, int (*compare)(const void *, uint32_t, uint32_t),
                  const void *context)
{
    while (a_count > 0 || b_count > 0) {
        if (b_count == 0 || (a_count > 0 && compare(context, *a, *b) <= 0)) {
            *to++ = *a++;
            a_count--;
        } else {
            *to++ = *b++;
            b_count--;
        }
    }
}

void imap_sort_stable(uint32_t *order, size_t count,
                      int (*compare)(const void *context, uint32_t a, uint32_t b),
                      const void *context)
{
    uint32_t *other = memory_take(count * sizeof *other);
    for (size_t run = 1; run < count; run *= 2) {
        for (size_t at = 0; at < count; at += 2 * run) {
            size_t left = count - at;
            size_t a_count = left < run ? left : run;
            size_t b_count = left - a_count < run ? left - a_count : run;
            merge(other + at, order + at, a_count, order + at + a_count, b_count, compare, context);
        }
        memcpy(order, other, count * sizeof *order);
    }
    free(other);
}

static int compare_rows(const void *context, uint32_t a, uint32_t b)
{
    const struct imap_sort *s = context;
    for (size_t i = 0; i < s->key_count; i++) {
        const struct imap_sort_value *one = &s->rows.items[a].values[i];
        const struct imap_sort_value *other = &s->rows.items[b].values[i];
        int order = one->number < other->number   ? -1
                    : one->number > other->number ? 1
                                                  : slice_order(one->text, other->text);
        if (order != 0)
            return s->keys[i].is_reverse ? -order : order;
    }
    return 0;
}

void imap_sort_run(struct imap_sort *s)
{
    vector_clear(&s->order);
    for (size_t i = 0; i < s->rows.count; i++)
        *vector_add(&s->order) = (uint32_t)i;
    imap_sort_stable(s->order.items, s->order.count, compare_rows, s);
}

/* ---- the answer ---- */

static bool put_rows(const struct imap_sort *s, bool is_uid, struct bytes *out)
{
    bool fits = bytes_append(out, SLICE("* SORT"));
    for (size_t i = 0; fits && i < s->order.count; i++) {
        const struct imap_sort_row *row = &s->rows.items[s->order.items[i]];
        fits =
            bytes_append_octet(out, ' ') && imap_put_number(out, is_uid ? row->uid : row->number);
    }
    if (fits && s->has_modseq && s->rows.count > 0)
        fits = bytes_append(out, SLICE(" (MODSEQ ")) && imap_put_number(out, s->highest_modseq) &&
               bytes_append_octet(out, ')');
    return fits && bytes_append(out, SLICE("\r\n"));
}

bool imap_sort_put(const struct imap_sort *s, bool is_uid, struct bytes *out)
{
    size_t before = bytes_size(out);
    bool fits = put_rows(s, is_uid, out);
    if (!fits)
        bytes_truncate(out, before);
    return fits;
}
