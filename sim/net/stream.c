#include "sim/net/net_inner.h"

#include <string.h>

#include "sim/base/check.h"

uint32_t stream_length(const struct stream_piece *piece)
{
    return piece->size + (piece->flags & (EVENT_SEGMENT_SYN | EVENT_SEGMENT_FIN) ? 1u : 0u);
}

void stream_start(struct stream *s, uint32_t isn)
{
    stream_clear(s);
    s->isn = s->seq = s->sent_seq = s->delivered_seq = isn;
}

void stream_clear(struct stream *s)
{
    if (s->octets.capacity > NET_KEEP_OCTETS)
        bytes_finish(&s->octets);
    bytes_clear(&s->octets);
    s->octets.ceiling = SIZE_MAX; /* what a session says is bounded by the session */
    if (s->pieces.capacity * sizeof *s->pieces.items > NET_KEEP_OCTETS)
        vector_finish(&s->pieces);
    vector_clear(&s->pieces);
    vector_finish(&s->patches);
    s->head = 0;
    s->base = s->sent = s->delivered = 0;
    s->sent_octets = s->delivered_octets = 0;
}

void stream_finish(struct stream *s)
{
    bytes_finish(&s->octets);
    bytes_finish(&s->lent);
    vector_finish(&s->pieces);
    vector_finish(&s->patches);
}

static uint32_t end_of(const struct stream *s)
{
    return s->base + (uint32_t)(s->pieces.count - s->head);
}

struct stream_piece *stream_piece(const struct stream *s, uint32_t number)
{
    check(number - s->base < s->pieces.count - s->head);
    return &s->pieces.items[s->head + (number - s->base)];
}

static void add_piece(struct stream *s, struct stream_piece piece)
{
    if (s->head > 0 && s->pieces.count == s->pieces.capacity && s->head >= s->pieces.count / 2) {
        s->pieces.count -= s->head;
        memmove(s->pieces.items, s->pieces.items + s->head,
                s->pieces.count * sizeof *s->pieces.items);
        s->head = 0;
    }
    piece.seq = s->seq;
    s->seq += stream_length(&piece);
    *vector_add(&s->pieces) = piece;
}

void stream_add(struct stream *s, struct slice octets, uint32_t msg)
{
    if (s->is_lending && !s->lent.data) {
        /* the receiver looks at this buffer: go on in a copy, and drop it afterwards */
        s->lent = s->octets;
        bytes_init(&s->octets, SIZE_MAX);
        check(bytes_append(&s->octets, bytes_slice(&s->lent)));
    }
    check(bytes_append(&s->octets, octets));
    while (octets.size > 0) {
        size_t size = octets.size < NET_SEGMENT_OCTETS ? octets.size : NET_SEGMENT_OCTETS;
        octets = slice_part(octets, size, octets.size);
        uint8_t flags = octets.size == 0 ? EVENT_SEGMENT_PSH : 0;
        add_piece(s, (struct stream_piece){.msg = msg, .size = (uint16_t)size, .flags = flags});
    }
}

void stream_add_mark(struct stream *s, uint8_t flag)
{
    add_piece(s, (struct stream_piece){.flags = flag});
}

bool stream_has_outstanding(const struct stream *s)
{
    return s->sent != s->base;
}

bool stream_may_send(const struct stream *s)
{
    return s->sent != end_of(s) &&
           s->sent_octets + stream_piece(s, s->sent)->size <= NET_WINDOW_OCTETS;
}

uint32_t stream_take_next(struct stream *s)
{
    const struct stream_piece *piece = stream_piece(s, s->sent);
    s->sent_octets += piece->size;
    s->sent_seq = piece->seq + stream_length(piece);
    return s->sent++;
}

bool stream_is_done(const struct stream *s)
{
    return s->base == end_of(s);
}

bool stream_acknowledge(struct stream *s, uint32_t number)
{
    if (number <= s->base)
        return false;
    check(number <= s->delivered); /* only we acknowledge, and only what came */
    size_t octets = 0;
    for (; s->base < number; s->base++, s->head++)
        octets += s->pieces.items[s->head].size;
    if (s->head == s->pieces.count) {
        vector_clear(&s->pieces);
        s->head = 0;
    }
    bytes_consume(&s->octets, octets);
    s->sent_octets -= octets;
    s->delivered_octets -= octets;
    return true;
}

struct slice stream_lend(struct stream *s, size_t size)
{
    size_t from = s->delivered_octets;
    s->delivered_octets += size;
    s->is_lending = true;
    return slice_part(bytes_slice(&s->octets), from, from + size);
}

void stream_take_back(struct stream *s)
{
    s->is_lending = false;
    bytes_finish(&s->lent);
}
