#include "agents/mail/message_reply.h"

#include "agents/mail/address.h"
#include "agents/mail/header.h"

/* More identifiers than fit here are left out in the middle of References. */
enum { REFERENCES_OCTETS = 4000 };

/* The value of the first field of that name, unfolded; "" when there is none. */
static struct slice value_of(struct slice header, const char *name, struct arena *arena)
{
    struct header_field field;
    struct bytes line;
    if (!header_find(header, slice_of(name), 1, &field))
        return SLICE("");
    bytes_init(&line, field.value.size);
    header_unfold(field.value, &line);
    struct slice value = arena_copy(arena, slice_trim(bytes_slice(&line)));
    bytes_finish(&line);
    return value;
}

static struct slice decoded(struct slice value, struct arena *arena)
{
    struct bytes text;
    bytes_init(&text, 8 * value.size); /* more than any charset makes of it */
    mime_decode_words(value, &text);
    struct slice copy = arena_copy(arena, bytes_slice(&text));
    bytes_finish(&text);
    return copy;
}

/* The subject with a prefix that is not put there twice. */
static struct slice prefixed_subject(struct slice header, const char *prefix, struct arena *arena)
{
    struct slice subject = decoded(value_of(header, "Subject", arena), arena);
    struct slice word = slice_trim(slice_of(prefix));
    if (slice_starts_fold(subject, word))
        subject = slice_trim(slice_part(subject, word.size, subject.size));
    const struct slice texts[] = {slice_of(prefix), subject};
    return arena_join(arena, texts, 2);
}

/* The first "<...>" of a value. */
static struct slice first_id(struct slice value)
{
    size_t from = slice_find_octet(value, '<', 0);
    size_t end = from == SLICE_NONE ? SLICE_NONE : slice_find_octet(value, '>', from);
    return end == SLICE_NONE ? SLICE("") : slice_part(value, from, end + 1);
}

/* Of a thread that has gone on for long, its first message and the last ones. */
static struct slice shortened(struct slice ids, struct arena *arena)
{
    if (ids.size <= REFERENCES_OCTETS)
        return ids;
    size_t from = slice_find_octet(ids, '<', ids.size - REFERENCES_OCTETS / 2);
    const struct slice texts[] = {slice_part(first_id(ids), 0, REFERENCES_OCTETS / 2), SLICE(" "),
                                  slice_part(ids, from, ids.size)};
    return arena_join(arena, texts, 3);
}

/* RFC 5322 3.6.4: the original's References, or its In-Reply-To if it has none and that is one
   identifier, and its own Message-ID behind. */
static void set_thread(struct slice header, struct arena *arena, struct message_draft *draft)
{
    struct slice own = first_id(value_of(header, "Message-ID", arena));
    struct slice before = value_of(header, "References", arena);
    struct slice in_reply_to = value_of(header, "In-Reply-To", arena);
    if (before.size == 0 && slice_equal(first_id(in_reply_to), in_reply_to))
        before = in_reply_to;
    if (own.size == 0)
        return;
    const struct slice texts[] = {shortened(before, arena), before.size ? SLICE(" ") : SLICE(""),
                                  own};
    draft->in_reply_to = own;
    draft->references = arena_join(arena, texts, 3);
}

static void append_others(struct slice list, struct slice own, struct bytes *out)
{
    struct address_mailbox mailbox;
    while (address_next(&list, &mailbox)) {
        if (address_equal(mailbox.address, own))
            continue;
        const struct slice texts[] = {bytes_size(out) ? SLICE(", ") : SLICE(""), mailbox.name,
                                      mailbox.name.size ? SLICE(" <") : SLICE("<"), mailbox.address,
                                      SLICE(">")};
        (void)bytes_append_all(out, texts, sizeof texts / sizeof *texts);
    }
}

static void set_readers(struct slice header, struct slice own, bool to_all, struct arena *arena,
                        struct message_draft *draft)
{
    struct slice to = value_of(header, "To", arena), cc = value_of(header, "Cc", arena);
    struct bytes others;
    draft->to = value_of(header, "Reply-To", arena);
    if (draft->to.size == 0)
        draft->to = value_of(header, "From", arena);
    if (!to_all)
        return;
    bytes_init(&others, 4 * (to.size + cc.size)); /* a mailbox grows by at most four octets */
    append_others(to, own, &others);
    append_others(cc, own, &others);
    draft->cc = arena_copy(arena, bytes_slice(&others));
    bytes_finish(&others);
}

/* The first plain text, as UTF-8; false when there is none that can be read. */
static bool append_plain_text(const struct mime *original, struct bytes *text)
{
    for (size_t i = 0; i < original->parts.count; i++) {
        const struct mime_part *part = &original->parts.items[i];
        struct bytes plain, charset;
        if (!slice_equal_fold(part->type, SLICE("text")) ||
            !slice_equal_fold(part->subtype, SLICE("plain")))
            continue;
        bytes_init(&plain, part->body.size);
        bytes_init(&charset, part->parameters.size);
        if (!mime_parameter(part->parameters, SLICE("charset"), &charset))
            bytes_append(&charset, SLICE("utf-8"));
        bool is_good = mime_decode(part, &plain) &&
                       mime_to_utf8(bytes_slice(&plain), bytes_slice(&charset), text);
        bytes_finish(&plain);
        bytes_finish(&charset);
        return is_good;
    }
    return false;
}

/* A quote of a quote is ">> ", as people expect it. */
static void append_quoted(struct slice text, struct bytes *out)
{
    while (text.size > 0) {
        size_t end = slice_find_line_end(text, 0);
        bool is_pair = slice_starts(slice_part(text, end, text.size), SLICE("\r\n"));
        struct slice line = slice_part(text, 0, end);
        if (slice_equal(line, SLICE("-- ")))
            break;
        (void)bytes_append(out, slice_starts(line, SLICE(">")) ? SLICE(">") : SLICE("> "));
        (void)bytes_append(out, line);
        (void)bytes_append(out, SLICE("\r\n"));
        text = slice_part(text, end + (is_pair ? 2 : 1), text.size);
    }
}

/* Who wrote it, by name when there is one. */
static struct slice author(struct slice header, struct arena *arena)
{
    struct slice from = value_of(header, "From", arena);
    struct address_mailbox mailbox = {.name = SLICE("")};
    struct bytes name;
    if (!address_next(&from, &mailbox))
        return SLICE("somebody");
    bytes_init(&name, mailbox.name.size);
    address_unquote(mailbox.name, false, &name);
    struct slice copy = bytes_size(&name) ? decoded(bytes_slice(&name), arena) : mailbox.address;
    bytes_finish(&name);
    return copy;
}

static void set_quote(const struct mime *original, struct arena *arena, struct message_draft *draft)
{
    struct slice header = original->parts.items[0].header;
    struct slice date = value_of(header, "Date", arena), name = author(header, arena);
    struct bytes text, quote;
    bytes_init(&text, 8 * original->content.size);
    if (append_plain_text(original, &text)) {
        /* each line has at least its end, and gets at most "> " and CRLF */
        bytes_init(&quote, 4 * bytes_size(&text) + date.size + name.size + 64);
        bytes_printf(&quote, "%s%.*s%s%.*s wrote:\r\n", date.size ? "On " : "", SLICE_ARG(date),
                     date.size ? ", " : "", SLICE_ARG(name));
        append_quoted(bytes_slice(&text), &quote);
        draft->body = arena_copy(arena, bytes_slice(&quote));
        bytes_finish(&quote);
    }
    bytes_finish(&text);
}

void message_reply(const struct mime *original, struct slice own, bool to_all, struct arena *arena,
                   struct message_draft *draft)
{
    struct slice header = original->parts.items[0].header;
    set_readers(header, own, to_all, arena, draft);
    draft->subject = prefixed_subject(header, "Re: ", arena);
    set_thread(header, arena, draft);
    set_quote(original, arena, draft);
}

void message_forward(const struct mime *original, struct arena *arena, struct message_draft *draft)
{
    struct mime_attachment *attachment = arena_take(arena, sizeof *attachment);
    attachment->type = SLICE("message/rfc822");
    attachment->content = original->content;
    draft->subject = prefixed_subject(original->parts.items[0].header, "Fwd: ", arena);
    draft->attachments = attachment;
    draft->attachment_count = 1;
}
