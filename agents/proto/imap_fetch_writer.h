/*
 * One FETCH response after the other (RFC 9051 7.5.2), in pieces of any size: a literal of many
 * megabytes never stands in `out` as a whole.
 *
 *     imap_fetch_writer_begin(&w, &fetch, &message);
 *     while ((step = imap_fetch_writer_step(&w, out, most)) != IMAP_FETCH_DONE)
 *         ...
 *
 * The message may go away between two steps (another client expunges it): imap_fetch_writer_keep
 * has to be called before, and what was begun is then finished from a copy.
 */
#ifndef AGENTS_PROTO_IMAP_FETCH_WRITER_H
#define AGENTS_PROTO_IMAP_FETCH_WRITER_H

#include "agents/mail/account.h"
#include "agents/mail/mime.h"
#include "agents/proto/imap_fetch.h"

struct imap_fetch_message {
    const struct account_folder *folder; /* for the names of keywords */
    struct account_item item;            /* as of now; its content is borrowed */
    uint32_t number;                     /* in the session's view */
    bool is_recent;                      /* say \Recent among its flags (RFC 3501) */
    bool is_utf8;                        /* UTF-8 in quoted strings (RFC 6855, RFC 9051) */
};

enum imap_fetch_step {
    IMAP_FETCH_FULL, /* `most` octets stand in out: send, and step again */
    /* The text of the message comes next: whole or its body (w->is_whole), whatever item asked for
       it. TEXT_MIDDLE: its header is written, now the body. TEXT_END: it is written. Each is a
       place for session_cut; step again. */
    IMAP_FETCH_TEXT_BEGIN,
    IMAP_FETCH_TEXT_MIDDLE,
    IMAP_FETCH_TEXT_END,
    IMAP_FETCH_DONE, /* the response is complete, with its CRLF */
    /* BINARY of a part whose encoding is unknown: nothing of this response was written, and the
       command fails with NO [UNKNOWN-CTE] (RFC 9051 6.4.5.3) */
    IMAP_FETCH_UNKNOWN_CTE
};

enum imap_fetch_mime { IMAP_FETCH_MIME_NONE, IMAP_FETCH_MIME_HEADER, IMAP_FETCH_MIME_WHOLE };

struct imap_fetch_writer {
    bool is_whole; /* at TEXT_BEGIN: header and body, else the body only */
    /* private */
    const struct imap_fetch *fetch;
    struct imap_fetch_message message;
    size_t index; /* of the next item */
    int stage;
    struct bytes pending;    /* written, waiting for room in out */
    struct bytes built;      /* octets that are not in the message as they are */
    struct bytes kept;       /* the message, once it may go away */
    struct bytes kept_flags; /* its flags, likewise */
    size_t at, left;         /* of a literal, still to be copied: in built or in the content */
    bool is_built, is_binary, is_text;
    size_t middle; /* `left` at which the body begins; 0: no such place */
    enum imap_fetch_mime mime_of;
    bool has_mime; /* mime was used before */
    struct mime mime;
};

/* Zeroed memory, or one that was finished. */
void imap_fetch_writer_init(struct imap_fetch_writer *w);
void imap_fetch_writer_finish(struct imap_fetch_writer *w);

/* `fetch` borrowed until DONE. The struct message is copied, what it points to is borrowed. */
void imap_fetch_writer_begin(struct imap_fetch_writer *w, const struct imap_fetch *fetch,
                             const struct imap_fetch_message *message);
/* Appends to out until it holds `most` octets (or its ceiling), or something is to be said. */
enum imap_fetch_step imap_fetch_writer_step(struct imap_fetch_writer *w, struct bytes *out,
                                            size_t most);
/* Copies what is still needed of the message and of its folder; afterwards neither has to be there.
   Nothing to do when no response is in work. */
void imap_fetch_writer_keep(struct imap_fetch_writer *w);

#endif
