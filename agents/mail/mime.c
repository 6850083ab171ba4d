#include "agents/mail/mime.h"

#include "agents/mail/mime_part.h"

/* A multipart whose boundary is being looked for. */
struct open {
    uint32_t part;
    uint32_t last_child; /* 0: none yet */
};

/*
 * One walk over the content, line by line. `part` is the innermost part that a line belongs to. Of
 * the lines of a body only those that start with "--" are looked at.
 */
struct walk {
    struct mime *mime;
    size_t at;
    size_t lines; /* line ends before `at` */
    uint32_t part;
    bool is_in_header;
    struct open open[MIME_DEPTH_MAX]; /* outermost first */
    size_t open_count;
};

static struct mime_part *part_at(const struct walk *w, uint32_t i)
{
    return &w->mime->parts.items[i];
}

/* While a part is open, its line_count is that of the whole content up to its body. */
static void begin_part(struct walk *w, uint32_t parent, uint32_t depth)
{
    struct mime_part *part = vector_add(&w->mime->parts);
    w->part = (uint32_t)(w->mime->parts.count - 1);
    w->is_in_header = true;
    part->parent = parent;
    part->depth = depth;
    part->header = slice_part(w->mime->content, w->at, w->at);
}

/* What is deeper or more than we follow is shown as one part without a structure. */
static void close_off(struct mime_part *part)
{
    part->type = SLICE("application");
    part->subtype = SLICE("octet-stream");
    part->boundary = SLICE("");
    part->is_multipart = part->is_message = false;
}

/* The header of the innermost part ends here: now it is known what its body is. */
static void end_header(struct walk *w)
{
    uint32_t index = w->part;
    struct mime_part *part = part_at(w, index), *parent = part_at(w, part->parent);
    bool is_in_digest =
        index > 0 && parent->is_multipart && slice_equal_fold(parent->subtype, SLICE("digest"));
    size_t start = (size_t)(part->header.data - w->mime->content.data);
    part->header = slice_part(w->mime->content, start, w->at);
    part->body = slice_part(w->mime->content, w->at, w->at);
    part->line_count = w->lines;
    w->is_in_header = false;
    mime_part_read(part, is_in_digest, &w->mime->texts);
    if ((part->is_multipart || part->is_message) &&
        (part->depth + 1 >= MIME_DEPTH_MAX || w->mime->parts.count >= MIME_PARTS_MAX))
        close_off(part);
    if (part->is_multipart)
        w->open[w->open_count++] = (struct open){.part = index};
    if (part->is_message) {
        uint32_t depth = part->depth + 1;
        part->first_child = index + 1;
        begin_part(w, index, depth);
    }
}

/* The body of a part ends here; in front of a boundary the line end belongs to that (RFC 2046
   5.1.1), as far as there is one behind the header. */
static void end_body(struct walk *w, struct mime_part *part, bool is_at_boundary)
{
    struct slice content = w->mime->content;
    size_t start = (size_t)(part->body.data - content.data), end = w->at;
    part->line_count = w->lines - part->line_count;
    if (is_at_boundary && end > start && content.data[end - 1] == '\n') {
        part->line_count--;
        end--;
        if (end > start && content.data[end - 1] == '\r')
            end--;
    }
    part->body = slice_part(content, start, end);
    if (part->is_multipart && part->first_child == 0)
        mime_part_be_text(part);
}

/* Ends the innermost part and those around it, up to one that goes on. */
static void end_parts_in(struct walk *w, uint32_t part)
{
    while (w->is_in_header)
        end_header(w);
    while (w->part != part) {
        end_body(w, part_at(w, w->part), true);
        w->part = part_at(w, w->part)->parent;
    }
}

/*
 * Which open multipart the line behind "--" belongs to; open_count when to none. The boundary need
 * only begin the line (RFC 2046 5.1.1), so where one begins with another the longer one counts, and
 * the inner of two that are equal.
 */
static size_t find_open(const struct walk *w, struct slice line)
{
    size_t found = w->open_count, octets = 0;
    for (size_t i = w->open_count; i-- > 0;) {
        struct slice boundary = part_at(w, w->open[i].part)->boundary;
        if (boundary.size > octets && slice_starts(line, boundary)) {
            octets = boundary.size;
            found = i;
        }
    }
    return found;
}

static void next_line(struct walk *w)
{
    size_t newline = slice_find_octet(w->mime->content, '\n', w->at);
    w->lines += newline != SLICE_NONE;
    w->at = newline == SLICE_NONE ? w->mime->content.size : newline + 1;
}

static void begin_child(struct walk *w, struct open *open)
{
    uint32_t child = (uint32_t)w->mime->parts.count;
    if (open->last_child)
        part_at(w, open->last_child)->next = child;
    else
        part_at(w, open->part)->first_child = child;
    open->last_child = child;
    begin_part(w, open->part, part_at(w, open->part)->depth + 1);
}

/* The line starts with "--". False when it is no boundary, but a line like others. */
static bool take_boundary(struct walk *w)
{
    struct slice line = slice_part(w->mime->content, w->at + 2, w->mime->content.size);
    size_t i = find_open(w, line);
    if (i == w->open_count)
        return false;
    struct slice behind = slice_part(line, part_at(w, w->open[i].part)->boundary.size, line.size);
    bool is_last = slice_starts(behind, SLICE("--"));
    if (!is_last && w->mime->parts.count >= MIME_PARTS_MAX)
        return false;
    end_parts_in(w, w->open[i].part);
    next_line(w);
    w->open_count = is_last ? i : i + 1;
    if (!is_last)
        begin_child(w, &w->open[i]);
    return true;
}

static bool is_dashes(struct slice content, size_t at)
{
    return at + 1 < content.size && content.data[at] == '-' && content.data[at + 1] == '-';
}

static bool is_empty_line(struct slice content, size_t at)
{
    if (content.data[at] == '\r')
        at++;
    return at < content.size && content.data[at] == '\n';
}

static void take_line(struct walk *w)
{
    if (w->open_count && is_dashes(w->mime->content, w->at) && take_boundary(w))
        return;
    bool is_end = w->is_in_header && is_empty_line(w->mime->content, w->at);
    next_line(w);
    if (is_end)
        end_header(w);
}

/* Lines of a body up to the next that may be a boundary. */
static void skip_lines(struct walk *w)
{
    const char *at = w->mime->content.data + w->at;
    const char *end = w->mime->content.data + w->mime->content.size, *newline;
    size_t lines = 0;
    while ((newline = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        at = newline + 1;
        lines++;
        if (end - at >= 2 && at[0] == '-' && at[1] == '-' && w->open_count)
            break;
    }
    w->lines += lines;
    w->at = newline ? (size_t)(at - w->mime->content.data) : w->mime->content.size;
}

void mime_reread(struct mime *mime, struct slice content)
{
    struct walk w = {.mime = mime};
    mime->content = content.data ? content : SLICE("");
    vector_clear(&mime->parts);
    arena_reset(&mime->texts);
    begin_part(&w, 0, 0);
    while (w.at < mime->content.size) {
        take_line(&w);
        if (!w.is_in_header && !is_dashes(mime->content, w.at))
            skip_lines(&w);
    }
    while (w.is_in_header)
        end_header(&w);
    for (; w.part != 0; w.part = part_at(&w, w.part)->parent)
        end_body(&w, part_at(&w, w.part), false);
    end_body(&w, part_at(&w, 0), false);
}

void mime_read(struct mime *mime, struct slice content)
{
    *mime = (struct mime){0};
    arena_init(&mime->texts);
    mime_reread(mime, content);
}

void mime_finish(struct mime *mime)
{
    vector_finish(&mime->parts);
    arena_finish(&mime->texts);
}
