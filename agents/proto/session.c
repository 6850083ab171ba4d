#include "agents/proto/session.h"

#include <string.h>

#include "sim/base/check.h"

void session_init(struct session *s, size_t in_ceiling, size_t out_ceiling)
{
    *s = (struct session){0};
    session_restart(s, in_ceiling, out_ceiling);
}

void session_restart(struct session *s, size_t in_ceiling, size_t out_ceiling)
{
    bytes_renew(&s->in, in_ceiling);
    bytes_renew(&s->out, out_ceiling);
    vector_clear(&s->cuts);
    s->sent = 0;
    s->tls = SESSION_TLS_NONE;
    s->is_closing = s->is_eof = false;
}

void session_finish(struct session *s)
{
    bytes_finish(&s->in);
    bytes_finish(&s->out);
    vector_finish(&s->cuts);
}

bool session_feed(struct session *s, struct slice bytes)
{
    return bytes_append(&s->in, bytes);
}

void session_cut(struct session *s)
{
    size_t at = s->sent + bytes_size(&s->out);
    if (at > s->sent && (s->cuts.count == 0 || s->cuts.items[s->cuts.count - 1] < at))
        *vector_add(&s->cuts) = at;
}

struct slice session_to_send(const struct session *s)
{
    struct slice all = bytes_slice(&s->out);
    return s->cuts.count ? slice_part(all, 0, s->cuts.items[0] - s->sent) : all;
}

void session_sent(struct session *s, size_t n)
{
    check(n <= bytes_size(&s->out));
    bytes_consume(&s->out, n);
    s->sent += n;
    size_t passed = 0;
    while (passed < s->cuts.count && s->cuts.items[passed] <= s->sent)
        passed++;
    if (passed == 0)
        return;
    s->cuts.count -= passed;
    memmove(s->cuts.items, s->cuts.items + passed, s->cuts.count * sizeof *s->cuts.items);
}

/*
 * The consumed line stays readable: bytes_consume moves no memory, and emptying the buffer only
 * resets its positions. Searching starts anew at each call; lines are short.
 */
enum session_line session_take_line(struct session *s, size_t octets_max, struct slice *line)
{
    struct slice in = bytes_slice(&s->in);
    size_t end = slice_find(in, SLICE("\r\n"), 0);
    if (end == SLICE_NONE)
        /* one octet more may be the CR of a line that just fits */
        return in.size > octets_max + 1 ? SESSION_LINE_TOO_LONG : SESSION_LINE_NONE;
    *line = slice_part(in, 0, end);
    bytes_consume(&s->in, end + 2);
    return end > octets_max ? SESSION_LINE_TOO_LONG : SESSION_LINE_OK;
}
