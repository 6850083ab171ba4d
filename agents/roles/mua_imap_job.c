/*
 * What a person wants done to messages on an IMAP server. Each wish is a job: its folder is opened,
 * its message found there unless its UID is known, and then comes the command. Jobs that could not
 * be done, because the server was away, wait for the next visit (RFC 4549 3).
 */
#include "agents/roles/mua_imap_part.h"

#include <inttypes.h>
#include <stdlib.h>

#include "sim/base/memory.h"

enum step {
    STEP_FIND,
    STEP_DO,
    STEP_CREATE, /* the target folder is made first, then again */
    STEP_MARK,   /* a MOVE where there is none: copied, then marked, then expunged (RFC 6851 3.3) */
    STEP_EXPUNGE
};

struct mua_imap_job {
    struct mua_imap_job *next;
    struct arena arena;
    struct mua_act act; /* of APPEND: a MOVE to act.to from nowhere */
    bool is_append;
    struct slice header, body;
    uint32_t uid, uidvalidity; /* uid 0: to be found */
    uint32_t msg;              /* APPEND */
    enum step step;
    bool has_created, is_copied; /* the target folder; the message by COPY */
};

/* ---- asking ---- */

static struct mua_imap_job *add(struct mua_imap *imap)
{
    struct mua_imap_job *job = memory_take(sizeof *job);
    arena_init(&job->arena);
    *imap->last_job = job;
    imap->last_job = &job->next;
    return job;
}

/* A visit that idles turns to it at once; without a visit there is one. */
static void begin(struct mua_imap *imap)
{
    struct mua *mua = imap->mua;
    struct problem ignored;
    if (!mua->is_fetching)
        (void)mua_fetch(mua, &ignored);
    else
        mua_imap_wake(imap);
}

void mua_imap_ask(struct mua_imap *imap, const struct mua_act *act, uint32_t uid)
{
    struct mua_imap_job *job = add(imap);
    job->act = *act;
    job->act.choice.folder =
        arena_copy(&job->arena,
                   act->choice.folder.size && !slice_equal_fold(act->choice.folder, SLICE("INBOX"))
                       ? act->choice.folder
                       : SLICE("INBOX"));
    job->act.choice.message = arena_copy(&job->arena, act->choice.message);
    job->act.to = arena_copy(&job->arena, act->to);
    job->act.flag = arena_copy(&job->arena, act->flag);
    job->uid = uid;
    job->uidvalidity = imap->uidvalidity;
    begin(imap);
}

void mua_imap_ask_append(struct mua_imap *imap, struct slice folder, struct slice header,
                         struct slice body, uint32_t msg)
{
    struct mua_imap_job *job = add(imap);
    job->act.deed = MUA_MOVE;
    job->act.to = arena_copy(&job->arena, folder);
    job->is_append = true;
    job->header = arena_copy(&job->arena, header);
    job->body = arena_copy(&job->arena, body);
    job->msg = msg;
    begin(imap);
}

void mua_imap_job_drop(struct mua_imap *imap)
{
    struct mua_imap_job *job = imap->jobs;
    imap->jobs = job->next;
    if (!imap->jobs)
        imap->last_job = &imap->jobs;
    arena_finish(&job->arena);
    free(job);
}

/* ---- doing ---- */

static bool is_about_one(const struct mua_imap_job *job)
{
    return !job->is_append && job->act.deed != MUA_EXPUNGE && job->act.deed != MUA_CREATE;
}

/* A search key for the message: its number, or what is in its subject. "" when it can't be asked
   for: the quotes of a string take ASCII only. */
static struct slice criteria(struct mua_imap *imap, struct mua_imap_job *job)
{
    struct slice text = job->act.choice.message, quoted = SLICE("");
    uint64_t number;
    if (slice_to_u64(text, &number))
        return number >= 1 && number <= imap->client.exists ? text : SLICE("");
    for (size_t i = 0; i < text.size; i++) {
        bool is_special = text.data[i] == '"' || text.data[i] == '\\';
        if ((unsigned char)text.data[i] < ' ' || (unsigned char)text.data[i] > '~')
            return SLICE("");
        quoted = arena_join(&job->arena,
                            (struct slice[]){quoted, is_special ? SLICE("\\") : SLICE(""),
                                             slice_part(text, i, i + 1)},
                            3);
    }
    return arena_join(&job->arena, (struct slice[]){SLICE("SUBJECT \""), quoted, SLICE("\"")}, 3);
}

/* "2,4:8": the last number is the newest message. */
void mua_imap_job_found(struct mua_imap *imap, struct slice numbers)
{
    size_t start = numbers.size;
    uint64_t uid;
    while (start > 0 && numbers.data[start - 1] >= '0' && numbers.data[start - 1] <= '9')
        start--;
    if (imap->task == MUA_IMAP_JOB && imap->jobs &&
        slice_to_u64(slice_part(numbers, start, numbers.size), &uid) && uid <= UINT32_MAX)
        imap->jobs->uid = (uint32_t)uid;
}

/* Says that it came to nothing; the next job's turn. */
static bool fail(struct mua_imap *imap, struct slice why)
{
    mua_show(imap->mua, why);
    mua_imap_job_drop(imap);
    return false;
}

static bool append(struct mua_imap *imap, const struct mua_imap_job *job)
{
    pump_flush(imap->pump);
    imap->pump->msg_out = job->msg;
    return imap_client_append(&imap->client, job->act.to, SLICE("\\Seen"), job->header, job->body);
}

static bool store(struct mua_imap *imap, struct slice uid, const char *flag, bool on)
{
    return imap_client_store(&imap->client, uid, on ? SLICE("+FLAGS") : SLICE("-FLAGS"),
                             slice_of(flag));
}

static bool move(struct mua_imap *imap, struct mua_imap_job *job, struct slice uid)
{
    if (imap_client_move(&imap->client, uid, job->act.to))
        return true;
    job->is_copied = true;
    return imap_client_copy(&imap->client, uid, job->act.to);
}

static bool say_deed(struct mua_imap *imap, struct mua_imap_job *job)
{
    unsigned bit;
    struct slice uid = arena_printf(&job->arena, "%" PRIu32, job->uid);
    if (job->is_append)
        return append(imap, job);
    switch (job->act.deed) {
    case MUA_READ:
        return store(imap, uid, "\\Seen", true);
    case MUA_DELETE:
        return store(imap, uid, "\\Deleted", true);
    case MUA_FLAG:
        return store(imap, uid, mua_flag(job->act.flag, &bit), job->act.on);
    case MUA_MOVE:
        return move(imap, job, uid);
    case MUA_EXPUNGE:
        return imap_client_expunge(&imap->client, SLICE(""));
    case MUA_CREATE:
        return imap_client_create(&imap->client, job->act.choice.folder);
    }
    return false;
}

static bool say(struct mua_imap *imap, struct mua_imap_job *job)
{
    struct slice uid = arena_printf(&job->arena, "%" PRIu32, job->uid);
    switch (job->step) {
    case STEP_FIND:
        return imap_client_search(&imap->client, criteria(imap, job));
    case STEP_DO:
        return say_deed(imap, job);
    case STEP_CREATE:
        return imap_client_create(&imap->client, job->act.to);
    case STEP_MARK:
        return store(imap, uid, "\\Deleted", true);
    case STEP_EXPUNGE:
        return imap_client_expunge(&imap->client, uid);
    }
    return false;
}

bool mua_imap_job_go(struct mua_imap *imap)
{
    struct mua_imap_job *job = imap->jobs;
    bool needs_folder = is_about_one(job) || job->act.deed == MUA_EXPUNGE;
    if (needs_folder && !mua_imap_open(imap, job->act.choice.folder))
        return true;
    if (is_about_one(job) && job->uid && job->uidvalidity != imap->client.uidvalidity)
        return fail(imap, SLICE("that message is no longer what it was"));
    if (is_about_one(job) && !job->uid) {
        job->step = STEP_FIND;
        if (criteria(imap, job).size == 0)
            return fail(imap, SLICE("there is no such message on the server"));
    } else if (job->step == STEP_FIND) {
        job->step = STEP_DO;
    }
    return say(imap, job) || fail(imap, SLICE("that can't be said to the server"));
}

/* The server says that the target folder is not there, and would be made if asked (RFC 9051 7.1).
 */
static bool wants_folder(const struct mua_imap_job *job, const struct imap_client_event *e)
{
    return e->status == IMAP_NO && slice_starts_fold(e->code, SLICE("TRYCREATE")) &&
           !job->has_created && job->act.to.size > 0;
}

static void on_refusal(struct mua_imap *imap, struct mua_imap_job *job,
                       const struct imap_client_event *e)
{
    if (wants_folder(job, e)) {
        job->has_created = true;
        job->step = STEP_CREATE;
    } else {
        mua_show(imap->mua, e->text);
        mua_imap_job_drop(imap);
    }
}

void mua_imap_job_done(struct mua_imap *imap, const struct imap_client_event *e)
{
    struct mua_imap_job *job = imap->jobs;
    imap->pump->msg_out = 0;
    if (e->status != IMAP_OK) {
        on_refusal(imap, job, e);
        return;
    }
    switch (job->step) {
    case STEP_FIND:
        if (job->uid == 0)
            (void)fail(imap, SLICE("there is no such message on the server"));
        else
            job->uidvalidity = imap->client.uidvalidity;
        break;
    case STEP_CREATE:
        job->step = STEP_DO;
        break;
    case STEP_MARK:
        job->step = STEP_EXPUNGE;
        break;
    case STEP_DO:
        if (job->is_copied)
            job->step = STEP_MARK;
        else
            mua_imap_job_drop(imap);
        break;
    case STEP_EXPUNGE:
        mua_imap_job_drop(imap);
        break;
    }
}
