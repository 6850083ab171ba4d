/*
 * What the imap_server*.c files share; private to them. A command runs through the phases below:
 * it is gathered, judged, does its work in steps as `out` drains, then tells what else has changed
 * in the mailbox, and last comes its tagged reply.
 */
#ifndef AGENTS_PROTO_IMAP_SERVER_PART_H
#define AGENTS_PROTO_IMAP_SERVER_PART_H

#include "agents/proto/imap_args.h"
#include "agents/proto/imap_fetch_writer.h"
#include "agents/proto/imap_server.h"
#include "agents/proto/imap_view.h"

enum imap_part_phase {
    IMAP_PART_READ,  /* a command is being gathered */
    IMAP_PART_JUDGE, /* it is complete, and was reported */
    IMAP_PART_VERDICT,
    IMAP_PART_AUTH, /* within AUTHENTICATE: a response is awaited */
    IMAP_PART_IDLE, /* DONE is awaited */
    IMAP_PART_WORK,
    IMAP_PART_SYNC, /* what else has changed; then the tagged reply */
    IMAP_PART_OVER
};

enum {
    IMAP_PART_OUT_ENOUGH = 64 * 1024, /* next() stops here until out is sent */
    IMAP_PART_OUT_CEILING = 16 * 1024 * 1024,
    IMAP_PART_IN_CEILING = 1024 * 1024,
    IMAP_PART_TEXT_MAX = 8 * 1024 * 1024, /* of a tagged reply, with its response code */
    IMAP_PART_NOTES = 8,
    IMAP_PART_LOGINS_MAX = 10 /* so many failed logins end the session */
};

/* An event that is to be reported. */
struct imap_part_note {
    enum imap_server_event_kind kind;
    enum imap_verb verb;
    enum imap_status status;
    uint32_t uid, msg;
    bool flag; /* is_whole, is_by_client */
};

struct imap_part_span {
    size_t at, size; /* a literal's octets in the command */
};

/* STORE's work. */
struct imap_part_store {
    char sign; /* '+', '-' or '=' */
    bool is_silent, has_unchanged_since;
    uint64_t flags, unchanged_since;
    struct imap_set modified; /* numbers or UIDs that failed the test */
};

struct imap_server_part {
    enum imap_part_phase phase;
    struct imap_part_note notes[IMAP_PART_NOTES];
    unsigned note_count;
    bool is_held;   /* next() stopped because out holds enough */
    bool is_broken; /* something found no room in out: the client would misunderstand the rest */

    /* gathering (imap_server_gather.c) */
    struct bytes command; /* what has come of it, literals in place */
    size_t scanned;       /* octets of `in` that have no CRLF in them */
    uint64_t literal_left, message_octets;
    VECTOR(struct imap_part_span) literals;
    size_t literal_count;
    bool has_start;           /* its first line was looked at */
    bool is_dropped;          /* it is refused, what still comes of it is thrown away */
    enum imap_status refusal; /* with is_dropped */
    const char *refusal_text;

    /* the command */
    struct bytes tag, shown; /* shown: its arguments for the trace */
    bool has_tag;
    enum imap_verb verb;
    size_t arguments_at; /* in command */
    struct imap_args args;
    struct arena arena;
    bool (*work)(struct imap_server *s); /* false: out holds enough, or an event is to be told */

    /* its reply */
    enum imap_status status;
    struct bytes text;
    bool starts_tls, logs_out;

    /* the session */
    bool is_rev2, has_utf8, is_condstore, is_qresync;
    unsigned errors, denied, nonces;
    struct sasl_server sasl;
    struct bytes user, scratch;
    const char *mechanism;
    bool is_login;       /* LOGIN, the command, is waiting for the password */
    struct slice secret; /* what it gave; in the command */
    enum imap_server_event_kind verdict_for;

    /* the selected mailbox */
    struct imap_view view;
    struct account_watch watch;
    struct imap_set saved; /* "$", UIDs */

    /* work on messages */
    struct imap_set set;
    struct imap_set_walk walk;
    struct imap_fetch fetch, fetch_seen; /* the second: where \Seen was set, and is shown */
    struct imap_fetch_writer writer;
    bool is_writing;
    size_t missing; /* messages asked for that are gone */
    bool has_unknown_cte;
    struct imap_part_store store;
};

/* ---- imap_server.c ---- */

void imap_part_note(struct imap_server *s, struct imap_part_note note);
/* The one place where the state changes. */
void imap_part_enter(struct imap_server *s, enum imap_state state);
/* Nothing more is said. */
void imap_part_close(struct imap_server *s, bool is_by_client);
/* "* BYE text", and the end. */
void imap_part_bye(struct imap_server *s, const char *text);

/* ---- imap_server_gather.c ---- */

/* False: more must come. */
bool imap_part_gather(struct imap_server *s);
/* A line that is no command: DONE, or SASL's. NONE: it is not there yet; too long ends the session.
 */
enum session_line imap_part_line(struct imap_server *s, struct slice *line);
void imap_part_forget_command(struct imap_server *s);

/* ---- imap_server_reply.c ---- */

void imap_part_say(struct imap_server *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Notes the tagged reply: "[CODE] text"; it is sent after the sync. The last one counts. */
void imap_part_reply(struct imap_server *s, enum imap_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* BAD with what the arguments lack. */
void imap_part_bad(struct imap_server *s);
/* NO for a change of the account that failed, with the response code. */
void imap_part_refused(struct imap_server *s, enum account_result result);
/* The tagged reply goes out, and the next command may come. */
void imap_part_finish(struct imap_server *s);
void imap_part_capabilities(struct imap_server *s, struct bytes *out);
/* What a write by others gave: the session ends at the next step if it did not fit. */
bool imap_part_wrote(struct imap_server *s, bool fits);

/* ---- imap_server_command.c ---- */

void imap_part_judge(struct imap_server *s);
/* May an EXPUNGE be told before the reply of this command (RFC 9051 7.5.1)? */
bool imap_part_allows_expunge(const struct imap_server *s);
bool imap_part_is_legal(const struct imap_server *s);

/* ---- imap_server_auth.c ---- */

void imap_part_do_starttls(struct imap_server *s);
void imap_part_do_login(struct imap_server *s);
void imap_part_do_authenticate(struct imap_server *s);
bool imap_part_auth_line(struct imap_server *s); /* false: it is not there yet */

/* ---- imap_server_folder.c, _list.c, _select.c, _append.c ---- */

void imap_part_do_create(struct imap_server *s);
void imap_part_do_delete(struct imap_server *s);
void imap_part_do_rename(struct imap_server *s);
void imap_part_do_subscribe(struct imap_server *s);
void imap_part_do_namespace(struct imap_server *s);
void imap_part_do_status(struct imap_server *s);
void imap_part_do_getquota(struct imap_server *s);
void imap_part_do_getquotaroot(struct imap_server *s);
void imap_part_do_setquota(struct imap_server *s);
void imap_part_do_list(struct imap_server *s);
void imap_part_do_lsub(struct imap_server *s);
void imap_part_do_select(struct imap_server *s);
void imap_part_do_close(struct imap_server *s);
void imap_part_do_unselect(struct imap_server *s);
void imap_part_do_append(struct imap_server *s);
/* "* LIST (attributes) "/" name" for SELECT (RFC 9051 6.3.2). */
void imap_part_say_listed(struct imap_server *s, const struct account_folder *folder);
/* Leaves the selected mailbox, if any. */
void imap_part_leave(struct imap_server *s);

/* "(MESSAGES UNSEEN)": a set of STATUS items. False: BAD, the arguments say why. */
bool imap_part_read_status(struct imap_server *s, unsigned *items);
/* "* STATUS name (...)"; the folder can be selected. */
void imap_part_put_status(struct imap_server *s, const struct account_folder *folder,
                          unsigned items);

/* ---- imap_server_search.c, _message.c, _fetch.c ---- */

void imap_part_do_search(struct imap_server *s);
void imap_part_do_sort(struct imap_server *s);
void imap_part_do_thread(struct imap_server *s);
void imap_part_do_fetch(struct imap_server *s);
void imap_part_do_store(struct imap_server *s);
void imap_part_do_copy(struct imap_server *s);
void imap_part_do_expunge(struct imap_server *s);
/* What is marked \Deleted in the selected mailbox; of UID EXPUNGE only what its set has (RFC 9051
   6.4.3, 6.4.9). */
enum account_result imap_part_remove_deleted(struct imap_server *s, size_t *removed);
/* Begins to write the FETCH responses of the walk, by p->fetch; as p->work. */
bool imap_part_fetch_step(struct imap_server *s);
/* Copies what is being written, before it goes. */
void imap_part_keep(struct imap_server *s, const struct account_folder *folder,
                    const struct account_item *item);
/* Reads a set behind a space and begins a walk over the view. False: BAD was noted. */
bool imap_part_read_set(struct imap_server *s);
bool imap_part_walk(struct imap_server *s);
/* The client shows that it knows mod-sequences (RFC 7162 3.1). */
void imap_part_enable_condstore(struct imap_server *s);
/* "* VANISHED (EARLIER) ..." of those in `known` that are gone since (RFC 7162 3.2.10.1). */
void imap_part_say_vanished(struct imap_server *s, const struct imap_set *known, uint64_t since);

#endif
