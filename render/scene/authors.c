/*
 * A field that a stage has and the one before has not was added in between, and servers
 * write on top (RFC 5321 4.4): what stands above or in the block of the new Received field is by
 * the one who took the message, what is new below it by the one who sent it on. What says itself
 * whose it is, is his.
 */
#include "render/scene/authors.h"

#include "agents/mail/header.h"

/* Of one header: hashes of its fields. */
struct field_marks {
    size_t count;
    uint64_t hashes[AUTHORS_FIELDS_MAX];
    bool is_received[AUTHORS_FIELDS_MAX];
};

static void read_marks(struct slice header, struct field_marks *marks)
{
    struct header_field field;
    marks->count = 0;
    while (marks->count < AUTHORS_FIELDS_MAX && header_next(&header, &field)) {
        marks->is_received[marks->count] = slice_equal_fold(field.name, SLICE("Received"));
        marks->hashes[marks->count++] = slice_hash(field.whole);
    }
}

static bool has(const struct field_marks *marks, uint64_t hash)
{
    for (size_t i = 0; i < marks->count; i++)
        if (marks->hashes[i] == hash)
            return true;
    return false;
}

/* A submission server says what it completes, wherever in the header that is (RFC 6409 8): these
   events lead to its accept. */
static bool is_completed(const struct log *log, uint32_t event, struct slice name)
{
    enum { CAUSES_MAX = 16 };
    for (int i = 0; i < CAUSES_MAX && event; i++) {
        event = log_at(log, event)->cause;
        const struct event_complete *complete = event_as_complete(log_at(log, event));
        struct slice what = complete ? log_text(log, complete->what) : SLICE("");
        bool is_address =
            slice_ends(what, SLICE("an address")) &&
            (slice_equal_fold(name, SLICE("From")) || slice_equal_fold(name, SLICE("Sender")) ||
             slice_equal_fold(name, SLICE("Reply-To")) || slice_equal_fold(name, SLICE("To")) ||
             slice_equal_fold(name, SLICE("Cc")));
        if (complete && (slice_ends_fold(what, name) || is_address))
            return true;
    }
    return false;
}

/* The last field that the new owner wrote on top; fields up to it are his. */
static size_t top_block(const struct field_marks *now, const struct field_marks *before)
{
    size_t i = 0, end = 0;
    while (i < now->count && !has(before, now->hashes[i])) {
        end = now->is_received[i] ? i + 1 : end;
        i++;
    }
    return end ? end : i; /* without a Received of his own: all that is new on top */
}

static bool is_list(const struct log *log, uint32_t place)
{
    const struct event_agent *agent = event_as_agent(log_place(log, place));
    return agent && slice_equal(log_text(log, agent->role), SLICE("list"));
}

/* Who sent it on: where it went on as a posting of a list, the list at that host (RFC 5598 5.3). */
static uint32_t sender_of(const struct log *log, const struct stage *stage,
                          const struct stage *from)
{
    struct header_field field;
    uint32_t host = log_host_of(log, from->place);
    bool is_posting = header_find(stage->header, SLICE("List-Id"), 1, &field) &&
                      !header_find(from->header, SLICE("List-Id"), 1, &field);
    for (uint32_t place = 1; is_posting && place <= log_place_count(log); place++)
        if (log_host_of(log, place) == host && is_list(log, place))
            return place;
    return from->place;
}

/* "Authentication-Results: mx1.example.org; spf=fail": by the server of that name (RFC 8601 2.5),
   also below its Received field. */
static bool is_result_by(const struct log *log, const struct header_field *field, uint32_t place)
{
    const struct event_host *host = event_as_host(log_place(log, log_host_of(log, place)));
    struct slice rest = slice_trim(field->value), name;
    (void)slice_cut(&rest, ';', &name);
    return host && slice_equal_fold(field->name, SLICE("Authentication-Results")) &&
           slice_equal_fold(slice_trim(name), log_text(log, host->name));
}

/* The fields of `header` that are still `stage`'s are given to who added them on the way to it. */
static void give(const struct log *log, struct authors *authors, struct slice header,
                 const struct field_marks *marks, const struct stage *stage,
                 const struct stage *from)
{
    struct field_marks now, before;
    struct header_field field;
    read_marks(stage->header, &now);
    read_marks(from->header, &before);
    size_t top = top_block(&now, &before);
    uint32_t sender = sender_of(log, stage, from);
    for (size_t i = 0; i < marks->count && header_next(&header, &field); i++) {
        size_t at = 0;
        if (authors->places[i] || has(&before, marks->hashes[i]))
            continue;
        while (at < now.count && now.hashes[at] != marks->hashes[i])
            at++;
        if (at == now.count)
            continue;
        bool is_his = at < top || !stage->conn || is_completed(log, stage->event, field.name) ||
                      is_result_by(log, &field, stage->place);
        authors->places[i] = is_his ? stage->place : sender;
    }
}

void authors_read(struct authors *authors, const struct stages *stages, const struct log *log,
                  size_t at)
{
    enum { STAGES_MAX = 128 };
    struct field_marks marks;
    struct stage last = stages_at(stages, log, at), stage = last;
    *authors = (struct authors){.event = last.event};
    read_marks(last.header, &marks);
    authors->count = marks.count;
    for (int i = 0; i < STAGES_MAX && at; i++) {
        size_t before = stages_before(stages, log, at);
        struct stage from = stages_at(stages, log, before);
        give(log, authors, last.header, &marks, &stage, &from);
        at = before;
        stage = from;
    }
    for (size_t i = 0; i < marks.count; i++)
        if (!authors->places[i])
            authors->places[i] = stage.place;
}
