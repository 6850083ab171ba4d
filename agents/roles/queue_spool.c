/*
 * A queue's files: what it has taken responsibility for survives a crash of its host.
 *
 * /var/spool/mailflow/AGENT/ID holds a message (an MUA's: /home/outbox/AGENT/ID): the envelope,
 * lines "KEY SIZE VALUE" where SIZE counts the octets of the value, an empty line, and the message
 * as it is to be sent on. The first line is "mailflow-queue 1".
 *
 *     msg         the message's number in the trace
 *     arrived     nanoseconds since the run's start
 *     octets      of the message behind the empty line: a file with fewer was cut off by a crash
 *                 before it was synced, and nobody relies on it
 *     from        reverse-path; "" null
 *     is          "8", "u", "h", "f" together: 8-bit, SMTPUTF8, RET=HDRS, RET=FULL
 *     envid       as in RFC 3461
 *     to          a forward-path; of this recipient, NOTIFY as a number and ORCPT:
 *     notify
 *     orcpt
 *
 * What has become of it since is appended to ID.log, which is there only when the message had to
 * wait; a line that a crash has cut off does not count:
 *
 *     try         attempts so far
 *     warned      the notice of delay was sent
 *     done        recipient, counted from 0, who waits no longer
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "agents/mail/header.h"
#include "agents/roles/queue_part.h"
#include "sim/base/digits.h"

enum { SPOOL_PATH = 400, SPOOL_RECIPIENTS_MAX = 100000 };

struct spool_path {
    char text[SPOOL_PATH];
    size_t size;
};

static void add_to_path(struct spool_path *path, struct slice s)
{
    for (size_t i = 0; i < s.size && path->size < sizeof path->text; i++)
        path->text[path->size++] = s.data[i];
}

static struct slice folder_path(const struct queue *q, struct spool_path *path)
{
    path->size = 0;
    add_to_path(path,
                q->options.is_outbox ? SLICE("/home/outbox/") : SLICE("/var/spool/mailflow/"));
    add_to_path(path, log_place_name(&q->office->sim->log, q->options.agent));
    add_to_path(path, SLICE("/"));
    return (struct slice){path->text, path->size};
}

static struct slice file_path(const struct queue *q, struct slice id, const char *ending,
                              struct spool_path *path)
{
    (void)folder_path(q, path);
    add_to_path(path, id);
    add_to_path(path, slice_of(ending));
    return (struct slice){path->text, path->size};
}

static struct disk *disk_of(const struct queue *q)
{
    return office_disk(q->office, q->options.agent);
}

/* ---- writing ---- */

static void put_line(struct bytes *out, const char *key, struct slice value)
{
    char digits[DIGITS_MAX];
    struct slice size = {digits, digits_put(digits, value.size, 10, 0)};
    (void)bytes_append_all(
        out, (struct slice[]){slice_of(key), SLICE(" "), size, SLICE(" "), value, SLICE("\n")}, 6);
}

static void put_number(struct bytes *out, const char *key, uint64_t number)
{
    char digits[DIGITS_MAX];
    put_line(out, key, (struct slice){digits, digits_put(digits, number, 10, 0)});
}

static void put_kind(struct bytes *out, const struct queue_mail *mail)
{
    char letters[4];
    size_t size = 0;
    if (mail->is_8bit)
        letters[size++] = '8';
    if (mail->is_utf8)
        letters[size++] = 'u';
    if (mail->ret != SMTP_RETURN_UNSAID)
        letters[size++] = mail->ret == SMTP_RETURN_FULL ? 'f' : 'h';
    if (size > 0)
        put_line(out, "is", (struct slice){letters, size});
}

static void put_envelope(struct bytes *out, const struct queue_mail *mail, int64_t arrival_t)
{
    (void)bytes_append(out, SLICE("mailflow-queue 1\n"));
    put_number(out, "msg", mail->msg);
    put_number(out, "arrived", (uint64_t)arrival_t);
    put_number(out, "octets", mail->header.size + mail->body.size);
    put_line(out, "from", mail->reverse_path);
    put_kind(out, mail);
    if (mail->envid.size > 0)
        put_line(out, "envid", mail->envid);
    for (size_t i = 0; i < mail->recipient_count; i++) {
        put_line(out, "to", mail->forward_paths[i]);
        if (mail->notify && mail->notify[i].when != 0)
            put_number(out, "notify", mail->notify[i].when);
        if (mail->notify && mail->notify[i].orcpt.size > 0)
            put_line(out, "orcpt", mail->notify[i].orcpt);
    }
    (void)bytes_append(out, SLICE("\n"));
}

static bool sync_file(const struct queue *q, struct slice path)
{
    return q->options.is_unsynced || disk_sync(disk_of(q), path);
}

bool queue_spool_add(struct queue *q, const struct queue_mail *mail)
{
    struct spool_path path;
    struct slice name = file_path(q, mail->id, "", &path);
    bytes_renew(&q->spool, SIZE_MAX / 2);
    put_envelope(&q->spool, mail, q->office->sim->now);
    (void)bytes_append(&q->spool, mail->header);
    bool ok = disk_write(disk_of(q), name, bytes_slice(&q->spool), mail->body, mail->msg);
    bytes_reuse(&q->spool);
    if (ok && !sync_file(q, name)) {
        (void)disk_remove(disk_of(q), name);
        ok = false;
    }
    return ok;
}

void queue_spool_note(struct queue *q, struct waiting *w)
{
    struct spool_path path;
    struct slice name = file_path(q, w->mail.id, ".log", &path);
    if (!w->is_spooled)
        return;
    bytes_renew(&q->spool, SIZE_MAX / 2);
    put_number(&q->spool, "try", w->attempt);
    if (w->is_warned)
        put_number(&q->spool, "warned", 1);
    for (size_t i = 0; i < w->mail.recipient_count; i++) {
        struct waiting_recipient *r = &w->recipients[i];
        if (r->is_noted || (r->state != WAITING_DONE && r->state != WAITING_TOLD))
            continue;
        r->is_noted = true;
        put_number(&q->spool, "done", i);
    }
    struct slice lines = bytes_slice(&q->spool);
    bool ok = disk_append(disk_of(q), name, lines, SLICE(""), w->mail.msg) ||
              disk_write(disk_of(q), name, lines, SLICE(""), w->mail.msg);
    if (ok)
        (void)sync_file(q, name);
    w->has_log |= ok;
    bytes_reuse(&q->spool);
}

void queue_spool_done(struct queue *q, const struct waiting *w)
{
    struct spool_path path;
    if (w->is_spooled)
        (void)disk_remove(disk_of(q), file_path(q, w->mail.id, "", &path));
    if (w->has_log)
        (void)disk_remove(disk_of(q), file_path(q, w->mail.id, ".log", &path));
}

/* ---- the crash ---- */

/* There was no room on the disk for it, so it was in memory only, and is gone. */
static void emit_lost(struct queue *q, const struct waiting *w)
{
    struct spool_path path;
    sim_note(q->office->sim, EVENT_FILE,
             &(struct event_file){.at = net_host_of(q->office->net, q->options.agent),
                                  .op = queue_text(q, SLICE("lost")),
                                  .path = queue_text(q, file_path(q, w->mail.id, "", &path)),
                                  .msg = w->mail.msg});
}

void queue_spool_crash(struct queue *q)
{
    for (size_t slot = 0; slot < q->slots.count; slot++) {
        struct waiting *w = q->slots.items[slot];
        if (!w)
            continue;
        if (!w->is_spooled)
            emit_lost(q, w);
        q->slots.items[slot] = NULL;
        *vector_add(&q->free_slots) = (uint32_t)slot;
        if (w->under_way > 0) /* its transfers borrow from it */
            *vector_add(&q->orphans) = w;
        else
            waiting_destroy(w);
    }
}

/* ---- reading ---- */

struct spool_line {
    struct slice key, value;
};

/* False at the empty line, at the end, and where it is damaged: `rest` says which. */
static bool next_line(struct slice *rest, struct spool_line *line)
{
    uint64_t size;
    size_t blank = slice_find_octet(*rest, ' ', 0);
    size_t second = blank == SLICE_NONE ? SLICE_NONE : slice_find_octet(*rest, ' ', blank + 1);
    if (second == SLICE_NONE || second - blank > DIGITS_MAX ||
        !slice_to_u64(slice_part(*rest, blank + 1, second), &size) ||
        size >= rest->size - second - 1 || rest->data[second + 1 + size] != '\n')
        return false;
    line->key = slice_part(*rest, 0, blank);
    line->value = slice_part(*rest, second + 1, second + 1 + size);
    *rest = slice_part(*rest, second + 2 + size, rest->size);
    return true;
}

static uint64_t number_of(const struct spool_line *line)
{
    uint64_t number;
    return slice_to_u64(line->value, &number) ? number : 0;
}

struct spooled {
    struct queue_mail mail;
    uint64_t arrived, octets;
    VECTOR(struct slice) paths;
    VECTOR(struct queue_notify) notify;
};

static void take_line(struct spooled *s, const struct spool_line *line)
{
    struct queue_notify *last = s->notify.count > 0 ? &s->notify.items[s->notify.count - 1] : NULL;
    if (slice_equal(line->key, SLICE("msg")))
        s->mail.msg = (uint32_t)number_of(line);
    else if (slice_equal(line->key, SLICE("arrived")))
        s->arrived = number_of(line);
    else if (slice_equal(line->key, SLICE("octets")))
        s->octets = number_of(line);
    else if (slice_equal(line->key, SLICE("from")))
        s->mail.reverse_path = line->value;
    else if (slice_equal(line->key, SLICE("envid")))
        s->mail.envid = line->value;
    else if (slice_equal(line->key, SLICE("notify")) && last)
        last->when = (unsigned)number_of(line);
    else if (slice_equal(line->key, SLICE("orcpt")) && last)
        last->orcpt = line->value;
    else if (slice_equal(line->key, SLICE("to")) && s->paths.count < SPOOL_RECIPIENTS_MAX) {
        *vector_add(&s->paths) = line->value;
        *vector_add(&s->notify) = (struct queue_notify){0};
    } else if (slice_equal(line->key, SLICE("is"))) {
        s->mail.is_8bit = slice_find_octet(line->value, '8', 0) != SLICE_NONE;
        s->mail.is_utf8 = slice_find_octet(line->value, 'u', 0) != SLICE_NONE;
        s->mail.ret = slice_find_octet(line->value, 'f', 0) != SLICE_NONE   ? SMTP_RETURN_FULL
                      : slice_find_octet(line->value, 'h', 0) != SLICE_NONE ? SMTP_RETURN_HEADERS
                                                                            : SMTP_RETURN_UNSAID;
    }
}

/* What the message is, behind the envelope. False for a file that is none of ours, or cut off. */
static bool read_file(struct slice content, struct spooled *s)
{
    struct slice rest = content, first;
    struct spool_line line;
    if (!slice_cut(&rest, '\n', &first) || !slice_equal(first, SLICE("mailflow-queue 1")))
        return false;
    while (next_line(&rest, &line))
        take_line(s, &line);
    if (!slice_starts(rest, SLICE("\n")) || rest.size - 1 != s->octets || s->paths.count == 0)
        return false;
    header_split(slice_part(rest, 1, rest.size), &s->mail.header, &s->mail.body);
    s->mail.forward_paths = s->paths.items;
    s->mail.recipient_count = s->paths.count;
    s->mail.notify = s->notify.items;
    return true;
}

static void take_log(struct waiting *w, struct slice content)
{
    struct spool_line line;
    while (next_line(&content, &line)) {
        uint64_t number = number_of(&line);
        if (slice_equal(line.key, SLICE("try")))
            w->attempt = (uint32_t)number;
        else if (slice_equal(line.key, SLICE("warned")))
            w->is_warned = true;
        else if (slice_equal(line.key, SLICE("done")) && number < w->mail.recipient_count) {
            w->recipients[number].state = WAITING_TOLD;
            w->recipients[number].is_noted = true;
        }
    }
    w->has_log = true;
}

/* Somebody may have put the file there by hand: a message that nobody wrote in this run is new to
   the trace, and none has arrived in the future. */
static void make_sane(const struct queue *q, struct spooled *s)
{
    struct sim *sim = q->office->sim;
    struct header_field subject = {0};
    if (s->arrived > (uint64_t)sim->now)
        s->arrived = (uint64_t)sim->now;
    if (log_msg(&sim->log, s->mail.msg))
        return;
    (void)header_find(s->mail.header, SLICE("Subject"), 1, &subject);
    s->mail.msg = office_new_message(q->office, q->options.agent, s->mail.reverse_path,
                                     s->paths.items[0], slice_trim(subject.value), SLICE(""));
}

/* What waits by its two files. */
static struct waiting *make_waiting(struct queue *q, const struct spooled *s)
{
    struct spool_path path;
    struct disk_file log;
    struct waiting *w = waiting_create(&s->mail);
    w->arrival_t = (int64_t)s->arrived;
    w->is_spooled = true;
    if (disk_find(disk_of(q), file_path(q, s->mail.id, ".log", &path), &log))
        take_log(w, log.content);
    return w;
}

/* A name in the spool, and what is written under it. */
static void take_file(struct queue *q, const struct disk_file *file, struct slice id)
{
    struct spooled s = {.mail.id = id};
    if (!read_file(file->content, &s)) { /* it was never synced, so nobody relies on it */
        (void)disk_remove(disk_of(q), file->path);
    } else {
        make_sane(q, &s);
        queue_take_back(q, make_waiting(q, &s));
    }
    vector_finish(&s.paths);
    vector_finish(&s.notify);
}

void queue_spool_boot(struct queue *q)
{
    struct spool_path path;
    struct disk_file file;
    uint32_t position = 0, cause = q->office->sim->cause;
    struct slice folder = folder_path(q, &path);
    while (disk_next(disk_of(q), folder, &position, &file)) {
        struct slice id = slice_part(file.path, folder.size, file.path.size);
        q->office->sim->cause = cause;
        if (!slice_ends(id, SLICE(".log")))
            take_file(q, &file, id);
    }
    q->office->sim->cause = cause;
}

size_t queue_spool_count(struct queue *q)
{
    struct spool_path path;
    struct disk_file file;
    uint32_t position = 0;
    size_t count = 0;
    struct slice folder = folder_path(q, &path);
    while (disk_next(disk_of(q), folder, &position, &file)) {
        struct spooled s = {.mail.id = slice_part(file.path, folder.size, file.path.size)};
        if (!slice_ends(s.mail.id, SLICE(".log")) && read_file(file.content, &s)) {
            struct waiting *w = make_waiting(q, &s);
            count += waiting_count(w);
            waiting_destroy(w);
        }
        vector_finish(&s.paths);
        vector_finish(&s.notify);
    }
    return count;
}

void queue_spool_clear(struct queue *q)
{
    struct spool_path path;
    struct disk_file file;
    uint32_t position = 0;
    struct slice folder = folder_path(q, &path);
    while (disk_next(disk_of(q), folder, &position, &file))
        (void)disk_remove(disk_of(q), file.path);
}
