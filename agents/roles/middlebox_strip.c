/*
 * The offer of STARTTLS is overwritten in flight. The box reads a server's lines as they pass, and
 * remembers how a line began that goes on in the next segment: of a word that is cut in two it can
 * only overwrite what has not passed yet, which is enough.
 */
#include "agents/roles/middlebox_part.h"

enum { STRIPS_MAX = 256, WORD_MAX = 16 };

static struct strip *find_strip(struct middlebox *m, uint32_t conn)
{
    uint32_t index = table_get(&m->strip_table, conn);
    if (index)
        return &m->strips.items[index - 1];
    if (m->free_strips.count == 0) {
        if (m->strips.count == STRIPS_MAX)
            return NULL; /* a box of this size can't keep up */
        (void)vector_add(&m->strips);
        *vector_add(&m->free_strips) = (uint32_t)m->strips.count;
    }
    index = m->free_strips.items[--m->free_strips.count];
    table_set(&m->strip_table, conn, index);
    m->strips.items[index - 1] = (struct strip){.conn = conn};
    return &m->strips.items[index - 1];
}

static void forget(struct middlebox *m, uint32_t conn)
{
    uint32_t index = table_get(&m->strip_table, conn);
    if (!index)
        return;
    table_remove(&m->strip_table, conn);
    *vector_add(&m->free_strips) = index;
}

static bool is_wanted(const struct middlebox *m, uint32_t port)
{
    for (size_t i = 0; i < m->port_count; i++)
        if (m->ports[i] == port)
            return true;
    return false;
}

/* RFC 5321 4.1.1.1: "250-STARTTLS" or "250 STARTTLS". Where the word begins, or SLICE_NONE. */
static size_t find_in_ehlo(struct slice line)
{
    bool is_reply = slice_starts(line, SLICE("250-")) || slice_starts(line, SLICE("250 "));
    return is_reply && slice_starts_fold(slice_part(line, 4, line.size), SLICE("STARTTLS"))
               ? 4
               : SLICE_NONE;
}

/* RFC 9051 7.2.2, 7.1: "* CAPABILITY ... STARTTLS", or the response code [CAPABILITY ...]. */
static size_t find_in_capability(struct slice line)
{
    bool is_list = slice_starts_fold(line, SLICE("* CAPABILITY ")) ||
                   slice_find(line, SLICE("[CAPABILITY "), 0) != SLICE_NONE;
    size_t at = is_list ? slice_find(line, SLICE(" STARTTLS"), 0) : SLICE_NONE;
    return at == SLICE_NONE ? SLICE_NONE : at + 1;
}

static struct slice word_of(enum middlebox_protocol protocol)
{
    return protocol == MIDDLEBOX_POP3 ? SLICE("STLS") : SLICE("STARTTLS");
}

static size_t find_offer(const struct strip *s, enum middlebox_protocol protocol, struct slice line)
{
    switch (protocol) {
    case MIDDLEBOX_SMTP:
        return find_in_ehlo(line);
    case MIDDLEBOX_POP3: /* RFC 2449 5, 2595 4 */
        return s->is_listing && slice_starts_fold(line, SLICE("STLS")) ? 0 : SLICE_NONE;
    case MIDDLEBOX_IMAP:
        return find_in_capability(line);
    case MIDDLEBOX_OTHER:
        break;
    }
    return SLICE_NONE;
}

/* The line as far as it has come; its last `fresh` octets are in this segment, from `offset` on. */
static void look_at(struct middlebox *m, const struct strip *s, const struct net_passage *p,
                    struct slice line, size_t fresh, size_t offset)
{
    enum middlebox_protocol protocol = middlebox_protocol_of(p->port);
    char hidden[MIDDLEBOX_LINE_MAX * 2];
    size_t at = find_offer(s, protocol, line), size = word_of(protocol).size;
    size_t passed = line.size - fresh; /* octets that are beyond reach */
    if (at == SLICE_NONE || at + size <= passed || line.size > sizeof hidden)
        return;
    size_t from = at > passed ? at : passed;
    memcpy(hidden, line.data, line.size);
    memset(hidden + from, 'X', at + size - from);
    middlebox_tell(m, p->conn, line, (struct slice){hidden, line.size}, 0);
    net_overwrite(m->office->net, offset + from - passed,
                  (struct slice){hidden + from, at + size - from});
}

/* One line of the segment, or its beginning; what came of it before is in `s`. */
static void take_line(struct middlebox *m, struct strip *s, const struct net_passage *p,
                      struct slice part, size_t offset, bool is_whole)
{
    char text[MIDDLEBOX_LINE_MAX * 2];
    size_t size = s->size;
    s->is_too_long |= part.size + size > MIDDLEBOX_LINE_MAX;
    if (!s->is_too_long) {
        memcpy(text, s->line, size);
        memcpy(text + size, part.data, part.size);
        struct slice line = {text, size + part.size};
        if (is_whole && line.size > 0 && text[line.size - 1] == '\r')
            line.size--;
        if (line.size >= size)
            look_at(m, s, p, line, line.size - size, offset);
        if (is_whole && slice_equal(line, SLICE(".")))
            s->is_listing = false;
        memcpy(s->line, text, size + part.size);
        s->size = size + part.size;
    }
    if (is_whole) {
        s->size = 0;
        s->is_too_long = false;
    }
}

static void take_segment(struct middlebox *m, struct strip *s, const struct net_passage *p)
{
    struct slice octets = p->octets;
    size_t at = 0;
    while (at < octets.size) {
        size_t end = slice_find_octet(octets, '\n', at);
        bool is_whole = end != SLICE_NONE;
        take_line(m, s, p, slice_part(octets, at, end), at, is_whole);
        at = is_whole ? end + 1 : octets.size;
    }
}

void middlebox_strip(void *middlebox, const struct net_passage *p)
{
    struct middlebox *m = middlebox;
    if (!is_wanted(m, p->port) || middlebox_is_implicit(p->port))
        return;
    if (p->is_last && p->is_back)
        forget(m, p->conn);
    struct strip *s = p->octets.size > 0 ? find_strip(m, p->conn) : NULL;
    if (!s)
        return;
    if (!p->is_back) {
        s->is_listing |= slice_starts_fold(p->octets, SLICE("CAPA"));
        return;
    }
    uint32_t next = p->seq + (uint32_t)p->octets.size;
    if (s->is_started && (int32_t)(p->seq - s->next) < 0)
        return; /* sent again: what was overwritten in it still is */
    if (s->is_started && p->seq != s->next)
        s->size = 0; /* something is missing before it */
    s->is_started = true;
    s->next = next;
    take_segment(m, s, p);
}
