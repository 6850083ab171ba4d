#include "render/view/dialogue_stream.h"

void dialogue_stream_finish(struct dialogue_stream *stream)
{
    for (int i = 0; i < 2; i++) {
        bytes_finish(&stream->sides[i].text);
        vector_finish(&stream->sides[i].pieces);
    }
    *stream = (struct dialogue_stream){0};
}

void dialogue_stream_clear(struct dialogue_stream *stream)
{
    for (int i = 0; i < 2; i++) {
        struct stream_side *side = &stream->sides[i];
        bytes_renew(&side->text, STREAM_OCTETS_MAX);
        vector_clear(&side->pieces);
        side->has_seq = false;
        side->read = 0;
    }
    stream->next = stream->last = stream->dots_from = 0;
}

/* True when none of its octets was sent before. */
static bool is_new(struct stream_side *side, const struct event_tcp_segment *segment, size_t size)
{
    uint32_t end = segment->seq + (uint32_t)size;
    if (side->has_seq && (int32_t)(segment->seq - side->next_seq) < 0)
        return false;
    side->has_seq = true;
    side->next_seq = end;
    return true;
}

static void add_segment(struct dialogue_stream *stream, const struct log *log, uint32_t id)
{
    const struct event *e = log_at(log, id);
    const struct event_tcp_segment *segment = event_as_tcp_segment(e);
    struct stream_side *side =
        &stream->sides[e->flags & EVENT_SEGMENT_BACK ? STREAM_SERVER : STREAM_CLIENT];
    size_t size = log_text(log, segment->data).size;
    if (size == 0 || !is_new(side, segment, size))
        return;
    bool is_hidden;
    struct slice said = turn_said(log, e, &is_hidden);
    uint32_t from = (uint32_t)bytes_size(&side->text);
    if (said.size && bytes_append(&side->text, said))
        *vector_add(&side->pieces) =
            (struct stream_piece){.segment = id, .said = {from, (uint32_t)said.size}};
}

void dialogue_stream_update(struct dialogue_stream *stream, const struct log *log,
                            const struct bytes_index *index, uint32_t conn)
{
    if (!stream->next) {
        bool is_known = conn - 1 < index->first.count;
        stream->next = stream->last ? index->next.items[stream->last - 1]
                       : is_known   ? index->first.items[conn - 1]
                                    : 0;
    }
    while (stream->next) {
        add_segment(stream, log, index->ids.items[stream->next - 1]);
        stream->last = stream->next;
        stream->next = index->next.items[stream->next - 1];
    }
}

struct slice stream_text(const struct dialogue_stream *stream, int side, struct stream_range range)
{
    return slice_part(bytes_slice(&stream->sides[side].text), range.from,
                      (size_t)range.from + range.size);
}

const struct stream_piece *stream_piece_of(const struct dialogue_stream *stream, int side,
                                           uint32_t segment)
{
    const struct stream_side *s = &stream->sides[side];
    size_t low = 0, high = s->pieces.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->pieces.items[middle].segment < segment)
            low = middle + 1;
        else
            high = middle;
    }
    bool is_there = low < s->pieces.count && s->pieces.items[low].segment == segment;
    return is_there ? &s->pieces.items[low] : NULL;
}

/* ---- which octets are which turn ---- */

static struct slice rest_of(const struct stream_side *side, size_t from)
{
    struct slice all = bytes_slice(&side->text);
    return slice_part(all, from, all.size);
}

/* With its CRLF; what has none yet, whole. */
static size_t line_size(struct slice text)
{
    size_t end = slice_find(text, SLICE("\r\n"), 0);
    return end == SLICE_NONE ? text.size : end + 2;
}

typedef bool line_test(const struct turn *turn, struct slice line);

/* From `read` on to the line that fits; lines that belong to no turn are passed over, as the
   responses within a login are. False, and nothing is read, when none fits. */
static bool find_line(const struct stream_side *side, const struct turn *turn, line_test *is_it,
                      size_t *from)
{
    enum { PASSED_MAX = 64 };
    size_t at = side->read;
    for (int i = 0; i < PASSED_MAX; i++) {
        struct slice text = rest_of(side, at);
        if (text.size == 0)
            return false;
        size_t size = line_size(text);
        if (is_it(turn, slice_part(text, 0, size))) {
            *from = at;
            return true;
        }
        at += size;
    }
    return false;
}

static bool is_code_line(const struct turn *turn, struct slice line)
{
    uint64_t code;
    return slice_to_u64(slice_part(line, 0, 3), &code) && code == turn->code;
}

static bool is_pop_line(const struct turn *turn, struct slice line)
{
    return slice_starts(line, slice_of(turn_status(turn)));
}

static bool is_imap_line(const struct turn *turn, struct slice line)
{
    bool is_star = slice_starts(line, SLICE("* ")), is_plus = slice_starts(line, SLICE("+"));
    bool is_greeting = slice_equal(turn->verb, SLICE("CONNECT"));
    return turn->is_data || is_greeting ? is_star : !is_star && !is_plus;
}

static bool is_http_line(const struct turn *turn, struct slice line)
{
    return turn->is_reply ? slice_starts(line, SLICE("HTTP/")) : slice_starts(line, turn->verb);
}

static bool is_imap_command(const struct turn *turn, struct slice line)
{
    size_t blank = slice_find_octet(line, ' ', 0);
    struct slice rest = blank == SLICE_NONE ? line : slice_part(line, blank + 1, line.size);
    return slice_starts_fold(rest, turn->verb);
}

/* A response within AUTH has no verb on the wire. */
static bool is_command(const struct turn *turn, struct slice line)
{
    return slice_starts_fold(line, turn->verb) ||
           (slice_equal_fold(turn->verb, SLICE("AUTH")) &&
            slice_equal(slice_trim(line), slice_trim(turn->arg)));
}

/* "{n}" or "{n+}" at the end of a line: so many octets follow (RFC 9051 4.3); 0 there is none. */
static size_t literal_behind(struct slice line)
{
    uint64_t size;
    struct slice text = slice_trim(line);
    if (!slice_ends(text, SLICE("}")))
        return 0;
    text.size--;
    if (slice_ends(text, SLICE("+")))
        text.size--;
    size_t open = text.size;
    while (open > 0 && text.data[open - 1] != '{')
        open--;
    bool is_number = open > 0 && slice_to_u64(slice_part(text, open, text.size), &size);
    return is_number && size < STREAM_OCTETS_MAX ? (size_t)size : 0;
}

/* A response or command with its literals; the first of them is its content. */
static size_t imap_size(struct slice text, struct stream_range *content)
{
    enum { LITERALS_MAX = 100 };
    size_t at = 0;
    for (int i = 0; i < LITERALS_MAX; i++) {
        struct slice rest = slice_part(text, at, text.size);
        size_t size = line_size(rest), literal = literal_behind(slice_part(rest, 0, size));
        at += size;
        if (!literal)
            break;
        if (!content->size)
            *content = (struct stream_range){(uint32_t)at, (uint32_t)literal};
        at += literal;
    }
    return at < text.size ? at : text.size;
}

static size_t code_size(struct slice text)
{
    size_t at = 0;
    for (;;) { /* ends: each turn takes a line */
        struct slice rest = slice_part(text, at, text.size);
        size_t size = line_size(rest);
        at += size;
        if (size < 4 || rest.data[3] != '-')
            return at;
    }
}

/* Up to the line with the dot, with it. */
static size_t dotted_size(struct slice text)
{
    if (slice_starts(text, SLICE(".\r\n")))
        return 3;
    size_t end = slice_find(text, SLICE("\r\n.\r\n"), 0);
    return end == SLICE_NONE ? text.size : end + 5;
}

static bool has_list(const struct turn *turn, const struct turn *command)
{
    static const char *const verbs[] = {"RETR", "TOP", "CAPA"};
    bool is_good = turn->outcome == TURN_OUTCOME_GOOD;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (slice_equal_fold(turn->verb, slice_of(verbs[i])))
            return is_good;
    bool is_listing =
        slice_equal_fold(turn->verb, SLICE("LIST")) || slice_equal_fold(turn->verb, SLICE("UIDL"));
    return is_good && is_listing && command && slice_trim(command->arg).size == 0;
}

/* The header's Content-Length says how much follows (RFC 9112 6.2). */
static size_t http_body(struct slice head)
{
    uint64_t size;
    struct slice line;
    while (slice_cut(&head, '\n', &line) || line.size) {
        if (slice_starts_fold(line, SLICE("Content-Length:")) &&
            slice_to_u64(slice_trim(slice_part(line, 15, line.size)), &size))
            return size < STREAM_OCTETS_MAX ? (size_t)size : 0;
        if (head.size == 0)
            break;
    }
    return 0;
}

static size_t http_size(struct slice text)
{
    size_t end = slice_find(text, SLICE("\r\n\r\n"), 0);
    return end == SLICE_NONE ? text.size : end + 4;
}

static line_test *test_of(const struct turn *turn)
{
    switch (turn->protocol) {
    case TURN_SMTP:
    case TURN_LMTP:
        return turn->is_reply ? is_code_line : is_command;
    case TURN_POP3:
        return turn->is_reply ? is_pop_line : is_command;
    case TURN_IMAP:
        return turn->is_reply ? is_imap_line : is_imap_command;
    case TURN_HTTP:
        return is_http_line;
    case TURN_NONE:
    case TURN_PROTOCOL_COUNT:
        break;
    }
    return is_command;
}

/* The message behind 354, up to its dot. */
static void take_message(struct dialogue_stream *stream, struct stream_range *content)
{
    struct stream_side *client = &stream->sides[STREAM_CLIENT];
    struct slice rest = rest_of(client, stream->dots_from - 1);
    *content = (struct stream_range){stream->dots_from - 1, (uint32_t)dotted_size(rest)};
    client->read = content->from + content->size;
    stream->dots_from = 0;
}

/* So many octets as BDAT said (RFC 3030 2). */
static void take_chunk(struct dialogue_stream *stream, const struct turn *command,
                       struct stream_range *content)
{
    struct stream_side *client = &stream->sides[STREAM_CLIENT];
    uint64_t size;
    struct slice arg = command->arg, number;
    slice_cut(&arg, ' ', &number);
    struct slice rest = rest_of(client, client->read);
    if (!slice_to_u64(number, &size) || size > rest.size)
        return;
    *content = (struct stream_range){client->read, (uint32_t)size};
    client->read += (uint32_t)size;
}

static void take_behind(struct dialogue_stream *stream, const struct turn *turn,
                        const struct turn *command, struct stream_range *content)
{
    bool is_mail = turn->protocol == TURN_SMTP || turn->protocol == TURN_LMTP;
    if (!is_mail || !turn->is_reply)
        return;
    if (stream->dots_from && slice_equal(turn->verb, SLICE("DOT")))
        take_message(stream, content);
    if (turn->code == 354)
        stream->dots_from = stream->sides[STREAM_CLIENT].read + 1;
    if (command && slice_equal_fold(command->verb, SLICE("BDAT")))
        take_chunk(stream, command, content);
}

void dialogue_stream_take(struct dialogue_stream *stream, const struct turn *turn,
                          const struct turn *command, struct stream_range *line,
                          struct stream_range *content)
{
    struct stream_side *side = &stream->sides[turn->is_reply ? STREAM_SERVER : STREAM_CLIENT];
    size_t from, size, more = 0;
    *line = *content = (struct stream_range){0};
    if (find_line(side, turn, test_of(turn), &from)) {
        struct slice text = rest_of(side, from);
        bool is_http = turn->protocol == TURN_HTTP, is_mail = turn->protocol <= TURN_LMTP;
        size = turn->protocol == TURN_IMAP ? imap_size(text, content)
               : is_http                   ? http_size(text)
               : is_mail && turn->is_reply ? code_size(text)
                                           : line_size(text);
        struct slice behind = slice_part(text, size, text.size);
        if (is_http)
            more = http_body(slice_part(text, 0, size));
        else if (turn->protocol == TURN_POP3 && turn->is_reply && has_list(turn, command))
            more = dotted_size(behind);
        more = more < behind.size ? more : behind.size;
        if (more)
            *content = (struct stream_range){(uint32_t)size, (uint32_t)more};
        *line = (struct stream_range){(uint32_t)from, (uint32_t)size};
        content->from += content->size ? (uint32_t)from : 0;
        side->read = (uint32_t)(from + size + more);
    }
    take_behind(stream, turn, command, content);
}
