#include "agents/proto/imap_server.h"

#include <stdlib.h>

#include "agents/proto/imap_server_part.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"

/* ---- life ---- */

static void leaving(void *context, struct account_folder *folder, const struct account_item *item)
{
    imap_part_keep(context, folder, item);
}

static struct imap_server_part *new_part(void)
{
    struct imap_server_part *p = memory_take(sizeof *p);
    arena_init(&p->arena);
    sasl_server_init(&p->sasl);
    imap_fetch_writer_init(&p->writer);
    return p;
}

/* Everything but the buffers. */
static void clear_part(struct imap_server_part *p)
{
    struct imap_server_part old = *p;
    *p = (struct imap_server_part){.phase = IMAP_PART_READ,
                                   .command = old.command,
                                   .literals = old.literals,
                                   .tag = old.tag,
                                   .shown = old.shown,
                                   .verb = IMAP_VERB_COUNT,
                                   .arena = old.arena,
                                   .text = old.text,
                                   .sasl = old.sasl,
                                   .user = old.user,
                                   .scratch = old.scratch,
                                   .view = old.view,
                                   .saved = old.saved,
                                   .set = old.set,
                                   .writer = old.writer,
                                   .store.modified = old.store.modified};
    vector_reuse(&p->literals);
    imap_view_close(&p->view);
    imap_set_clear(&p->saved);
    bytes_renew(&p->command, SIZE_MAX / 2); /* its limits are the gatherer's */
    bytes_renew(&p->tag, IMAP_TAG_MAX);
    bytes_renew(&p->shown, IMAP_COMMAND_MAX + 1024);
    bytes_renew(&p->text, IMAP_PART_TEXT_MAX);
    bytes_renew(&p->user, SASL_MESSAGE_MAX);
    bytes_renew(&p->scratch, 4 * SASL_MESSAGE_MAX);
    arena_reset(&p->arena);
}

static void leave_account(struct imap_server *s)
{
    imap_part_leave(s);
    if (s->account)
        account_remove_watch(s->account, &s->part->watch);
    s->account = NULL;
}

void imap_server_restart(struct imap_server *s, const struct imap_server_options *options)
{
    if (!s->part)
        s->part = new_part();
    else
        leave_account(s);
    struct imap_server old = *s;
    *s = (struct imap_server){.base = old.base, .part = old.part, .options = *options};
    session_restart(&s->base, IMAP_PART_IN_CEILING, IMAP_PART_OUT_CEILING);
    if (s->options.append_limit == 0 || s->options.append_limit > IMAP_APPEND_MAX)
        s->options.append_limit = IMAP_APPEND_MAX;
    clear_part(s->part);
    s->part->watch = (struct account_watch){.leaving = leaving, .context = s};
}

static void finish_part(struct imap_server_part *p)
{
    imap_fetch_writer_finish(&p->writer);
    imap_view_finish(&p->view);
    imap_set_finish(&p->saved);
    imap_set_finish(&p->set);
    imap_set_finish(&p->store.modified);
    sasl_server_finish(&p->sasl);
    arena_finish(&p->arena);
    vector_finish(&p->literals);
    struct bytes *const buffers[] = {&p->command, &p->tag,  &p->shown,
                                     &p->text,    &p->user, &p->scratch};
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
        bytes_finish(buffers[i]);
    free(p);
}

void imap_server_finish(struct imap_server *s)
{
    if (s->part) {
        leave_account(s);
        finish_part(s->part);
    }
    session_finish(&s->base);
    *s = (struct imap_server){0};
}

/* ---- states and their events ---- */

void imap_part_note(struct imap_server *s, struct imap_part_note note)
{
    check(s->part->note_count < IMAP_PART_NOTES);
    s->part->notes[s->part->note_count++] = note;
}

void imap_part_enter(struct imap_server *s, enum imap_state state)
{
    if (s->state == state)
        return;
    s->state = state;
    imap_part_note(s, (struct imap_part_note){.kind = IMAP_SERVER_STATE});
}

void imap_part_close(struct imap_server *s, bool is_by_client)
{
    if (s->state == IMAP_STATE_LOGOUT)
        return;
    leave_account(s);
    s->part->phase = IMAP_PART_OVER;
    s->part->is_writing = false;
    s->base.is_closing = true;
    bytes_reuse(&s->base.in);
    imap_part_enter(s, IMAP_STATE_LOGOUT);
    imap_part_note(s, (struct imap_part_note){.kind = IMAP_SERVER_BYE, .flag = is_by_client});
}

void imap_part_bye(struct imap_server *s, const char *text)
{
    if (s->state == IMAP_STATE_LOGOUT)
        return;
    /* in the middle of a FETCH response it would be taken for a part of that */
    if (!s->part->is_writing)
        bytes_printf(&s->base.out, "* BYE %s\r\n", text);
    imap_part_close(s, false);
}

void imap_server_shut_down(struct imap_server *s, struct slice text)
{
    char line[200];
    text = slice_part(text, 0, sizeof line - 1);
    text = slice_part(text, 0, slice_find_line_end(text, 0));
    memcpy(line, text.data ? text.data : "", text.size);
    line[text.size] = '\0';
    s->part->note_count = 0; /* nobody may have looked at them; the last event matters */
    imap_part_bye(s, line);
}

void imap_server_overrule(struct imap_server *s, enum imap_status status, struct slice text)
{
    if (s->part->phase != IMAP_PART_JUDGE)
        return;
    text = slice_part(text, 0, slice_find_line_end(text, 0));
    if (status == IMAP_BYE) {
        imap_server_shut_down(s, text);
        return;
    }
    imap_part_reply(s, status, "%.*s", SLICE_ARG(slice_part(text, 0, 400)));
    s->part->phase = IMAP_PART_SYNC;
}

static void begin(struct imap_server *s, enum imap_status status, struct slice text)
{
    check(s->state == IMAP_STATE_CONNECTED);
    struct bytes *out = &s->base.out;
    text = slice_part(text, 0, slice_find_line_end(text, 0));
    bytes_append(out, status == IMAP_OK ? SLICE("* OK [CAPABILITY ") : SLICE("* BYE "));
    if (status == IMAP_OK) {
        imap_part_capabilities(s, out);
        bytes_append(out, SLICE("] "));
    }
    bytes_append(out, text.size ? slice_part(text, 0, 400) : SLICE("ready"));
    bytes_append(out, SLICE("\r\n"));
    bytes_clear(&s->part->tag);
    bytes_clear(&s->part->text);
    bytes_append(&s->part->text, slice_part(text, 0, 400));
    imap_part_note(s, (struct imap_part_note){
                          .kind = IMAP_SERVER_REPLIED, .verb = IMAP_VERB_COUNT, .status = status});
}

void imap_server_greet(struct imap_server *s, struct slice text)
{
    begin(s, IMAP_OK, text);
    imap_part_enter(s, IMAP_STATE_NOT_AUTHENTICATED);
}

void imap_server_turn_away(struct imap_server *s, struct slice text)
{
    begin(s, IMAP_BYE, text);
    imap_part_close(s, false);
}

/* ---- the loop ---- */

static void fill_event(struct imap_server *s, const struct imap_part_note *note,
                       struct imap_server_event *e)
{
    struct imap_server_part *p = s->part;
    *e = (struct imap_server_event){.kind = note->kind,
                                    .verb = note->verb,
                                    .status = note->status,
                                    .uid = note->uid,
                                    .msg = note->msg,
                                    .mechanism = p->mechanism};
    switch (note->kind) {
    case IMAP_SERVER_COMMAND:
        e->tag = bytes_slice(&p->tag);
        e->argument = bytes_slice(&p->shown);
        break;
    case IMAP_SERVER_REPLIED:
        e->tag = bytes_slice(&p->tag);
        e->text = bytes_slice(&p->text);
        break;
    case IMAP_SERVER_PASSWORD:
    case IMAP_SERVER_DENIED:
    case IMAP_SERVER_LOGIN:
        e->user = bytes_slice(&p->user);
        break;
    case IMAP_SERVER_FETCHING:
    case IMAP_SERVER_FETCHED:
        e->is_whole = note->flag;
        break;
    case IMAP_SERVER_STATE:
        break;
    case IMAP_SERVER_BYE:
        e->is_by_client = note->flag;
        break;
    }
}

static bool report(struct imap_server *s, struct imap_server_event *e)
{
    struct imap_server_part *p = s->part;
    if (p->note_count == 0)
        return false;
    fill_event(s, &p->notes[0], e);
    p->note_count--;
    memmove(p->notes, p->notes + 1, p->note_count * sizeof *p->notes);
    return true;
}

static struct imap_view_manner manner_of(const struct imap_server *s)
{
    const struct imap_server_part *p = s->part;
    return (struct imap_view_manner){!p->is_rev2, p->is_condstore, p->is_qresync, s->is_read_only};
}

static bool sync(struct imap_server *s, bool expunges)
{
    struct imap_view_manner manner = manner_of(s);
    return !s->folder || imap_view_sync(&s->part->view, s->folder, &manner, expunges, &s->base.out,
                                        IMAP_PART_OUT_ENOUGH);
}

/* Within IDLE everything may be told at once (RFC 9051 6.3.13). */
static bool idle(struct imap_server *s)
{
    struct slice line;
    if (s->folder && imap_view_is_stale(&s->part->view, s->folder))
        return sync(s, true) || true;
    enum session_line got = imap_part_line(s, &line);
    if (got == SESSION_LINE_NONE)
        return false;
    if (got == SESSION_LINE_TOO_LONG)
        return true;
    if (slice_equal_fold(line, SLICE("DONE")))
        imap_part_reply(s, IMAP_OK, "idle no more");
    else
        imap_part_reply(s, IMAP_BAD, "DONE is expected");
    s->part->phase = IMAP_PART_SYNC;
    return true;
}

/* One step. False: more bytes, a verdict or room is needed. */
static bool go_on(struct imap_server *s)
{
    struct imap_server_part *p = s->part;
    switch (p->phase) {
    case IMAP_PART_READ:
        return imap_part_gather(s);
    case IMAP_PART_JUDGE:
        imap_part_judge(s);
        return true;
    case IMAP_PART_AUTH:
        return imap_part_auth_line(s);
    case IMAP_PART_IDLE:
        return idle(s);
    case IMAP_PART_WORK:
        if (p->work(s) && p->phase == IMAP_PART_WORK)
            p->phase = IMAP_PART_SYNC;
        return true;
    case IMAP_PART_SYNC:
        if (sync(s, imap_part_allows_expunge(s)))
            imap_part_finish(s);
        return true;
    case IMAP_PART_VERDICT:
    case IMAP_PART_OVER:
        return false;
    }
    return false;
}

/* What still comes in clear is thrown away (RFC 9051 6.2.1). */
static bool waits_for_tls(struct imap_server *s)
{
    if (s->base.tls == SESSION_TLS_WANTED)
        bytes_reuse(&s->base.in);
    return s->base.tls == SESSION_TLS_WANTED || s->base.tls == SESSION_TLS_FIRST;
}

bool imap_server_next(struct imap_server *s, struct imap_server_event *e)
{
    struct imap_server_part *p = s->part;
    p->is_held = false;
    for (;;) {
        if (report(s, e))
            return true;
        if (p->is_broken)
            imap_part_close(s, false);
        p->is_broken = false;
        if (waits_for_tls(s) || s->state == IMAP_STATE_CONNECTED)
            return false;
        if (bytes_size(&s->base.out) >= IMAP_PART_OUT_ENOUGH && p->phase != IMAP_PART_OVER) {
            p->is_held = true;
            return false;
        }
        if (!go_on(s) && p->note_count == 0)
            return false;
    }
}

bool imap_server_has_more(const struct imap_server *s)
{
    return s->part->is_held;
}

bool imap_server_is_idling(const struct imap_server *s)
{
    return s->part && s->part->phase == IMAP_PART_IDLE;
}

void imap_server_wake(struct imap_server *s)
{
    /* next() looks by itself whether the folder's version is another than the one told */
    if (s->part && s->folder && s->part->phase == IMAP_PART_IDLE)
        s->part->is_held = s->part->is_held || imap_view_is_stale(&s->part->view, s->folder);
}
