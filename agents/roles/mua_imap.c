/*
 * A mail program at an IMAP server. It keeps copies of what is in INBOX and knows them by UID: on
 * each visit it compares what the server has with what it has, drops what is gone there and fetches
 * what is missing here (RFC 4549); copies from a mailbox with another UIDVALIDITY are worth nothing
 * (RFC 9051 2.3.1.1). It may stay and hear what happens there (IDLE).
 */
#include "agents/roles/mua_imap_part.h"

#include <inttypes.h>
#include <stdlib.h>

#include "sim/base/check.h"
#include "sim/base/digits.h"
#include "sim/base/memory.h"

#define INBOX SLICE("INBOX")

/* ---- the trace ---- */

/* A message within it is not shown: it has events of its own. */
static struct slice first_line(struct slice text)
{
    size_t end = slice_find_octet(text, '\r', 0);
    return slice_part(text, 0, end == SLICE_NONE ? text.size : end);
}

static void emit_data(struct mua_imap *imap, const struct imap_client_event *e)
{
    bool is_fetch = slice_equal_fold(e->what, SLICE("FETCH"));
    struct arena arena;
    arena_init(&arena);
    struct slice said = first_line(e->text);
    if (e->has_number)
        said = arena_printf(&arena, "%" PRIu32 "%s%.*s", e->number, said.size ? " " : "",
                            SLICE_ARG(said));
    sim_emit(imap->mua->office->sim, EVENT_IMAP_DATA,
             &(struct event_imap_data){pump_conn(imap->pump), mua_text(imap->mua, e->what),
                                       mua_text(imap->mua, said), is_fetch ? imap->msg : 0});
    arena_finish(&arena);
}

static void emit_reply(struct mua_imap *imap, const struct imap_client_event *e)
{
    sim_emit(imap->mua->office->sim, EVENT_IMAP_REPLY,
             &(struct event_imap_reply){pump_conn(imap->pump),
                                        mua_text(imap->mua, slice_of(e->verb)),
                                        e->status == IMAP_OK || e->status == IMAP_PREAUTH,
                                        mua_text(imap->mua, e->text), 0});
}

/* ---- the copies ---- */

/* Index of the copy with this UID, or items.count. */
static size_t find_copy(const struct mua *mua, uint32_t uid)
{
    size_t i = mua->items.count;
    while (i > 0 && mua->items.items[i - 1].uid > uid)
        i--;
    return i > 0 && mua->items.items[i - 1].uid == uid ? i - 1 : mua->items.count;
}

/* Of message number n; only while is_exact. */
static size_t find_numbered(const struct mua *mua, uint32_t n)
{
    size_t i = 0;
    for (; i < mua->items.count; i++)
        if (mua->items.items[i].uid && n-- == 1)
            break;
    return i;
}

static uint32_t count_copies(const struct mua *mua)
{
    uint32_t count = 0;
    for (size_t i = 0; i < mua->items.count; i++)
        count += mua->items.items[i].uid != 0;
    return count;
}

static void drop_copies(struct mua *mua, bool all)
{
    for (size_t i = mua->items.count; i-- > 0;)
        if (mua->items.items[i].uid && (all || !mua->items.items[i].is_there))
            mua_drop(mua, i);
}

static unsigned flags_of(const struct imap_names *names)
{
    unsigned flags = 0, bit;
    for (size_t i = 0; i < names->count; i++)
        if (mua_flag(names->items[i], &bit))
            flags |= bit;
    return flags;
}

static bool is_at_inbox(const struct mua_imap *imap)
{
    return slice_equal(bytes_slice(&imap->selected), INBOX);
}

static void on_message(struct mua_imap *imap, const struct imap_client_event *e)
{
    struct mua *mua = imap->mua;
    if (!is_at_inbox(imap))
        return;
    size_t i = e->uid           ? find_copy(mua, e->uid)
               : imap->is_exact ? find_numbered(mua, e->number)
                                : mua->items.count;
    if (i == mua->items.count) {
        if (e->uid && imap->task == MUA_IMAP_LIST)
            *vector_add(&imap->missing) = e->uid;
        if (e->uid && e->has_content)
            (void)mua_keep(mua, e->content, imap->msg, e->uid, flags_of(&e->flags), SLICE("imap"));
        return;
    }
    mua->items.items[i].is_there = true;
    if (e->has_flags)
        mua->items.items[i].flags = flags_of(&e->flags);
}

static void on_expunge(struct mua_imap *imap, const struct imap_client_event *e)
{
    size_t i =
        imap->is_exact && e->number ? find_numbered(imap->mua, e->number) : imap->mua->items.count;
    if (!is_at_inbox(imap))
        return;
    if (i < imap->mua->items.count)
        mua_drop(imap->mua, i);
    else
        imap->must_compare = true;
}

/* ---- comparing ---- */

/* "4,7:9": runs of UIDs that follow each other are one range. */
static struct slice set_of(const struct mua_imap *imap, struct arena *arena)
{
    struct slice set = SLICE("");
    const uint32_t *uids = imap->missing.items;
    for (size_t i = 0, end; i < imap->missing.count; i = end) {
        for (end = i + 1; end < imap->missing.count && uids[end] == uids[end - 1] + 1;)
            end++;
        set = arena_printf(arena, "%.*s%s%" PRIu32, SLICE_ARG(set), i ? "," : "", uids[i]);
        if (end - i > 1)
            set = arena_printf(arena, "%.*s:%" PRIu32, SLICE_ARG(set), uids[end - 1]);
    }
    return set;
}

static void fetch(struct mua_imap *imap, enum mua_imap_task task, struct slice uids)
{
    struct slice items =
        task == MUA_IMAP_LIST ? SLICE("(UID FLAGS)") : SLICE("(UID FLAGS BODY.PEEK[])");
    imap->task = task;
    (void)imap_client_fetch(&imap->client, uids, items);
}

static void fetch_missing(struct mua_imap *imap)
{
    struct arena arena;
    arena_init(&arena);
    fetch(imap, MUA_IMAP_BODIES, set_of(imap, &arena));
    vector_clear(&imap->missing);
    arena_finish(&arena);
}

/* What was learned of the mailbox when it was opened. */
static void check_validity(struct mua_imap *imap)
{
    struct mua *mua = imap->mua;
    if (imap->uidvalidity && imap->client.uidvalidity != imap->uidvalidity &&
        count_copies(mua) > 0) {
        mua_show(mua, SLICE("the mailbox on the server is another one: all copies are thrown "
                            "away"));
        drop_copies(mua, true);
    }
    imap->uidvalidity = imap->client.uidvalidity;
    imap->must_compare = true;
}

/* INBOX is open. True when something was said. */
static bool compare(struct mua_imap *imap)
{
    struct mua *mua = imap->mua;
    imap->must_compare = imap->must_look = imap->is_exact = false;
    vector_clear(&imap->missing);
    for (size_t i = 0; i < mua->items.count; i++)
        mua->items.items[i].is_there = false;
    if (imap->client.exists == 0) {
        drop_copies(mua, true);
        imap->is_exact = true;
        return false;
    }
    fetch(imap, count_copies(mua) ? MUA_IMAP_LIST : MUA_IMAP_BODIES, SLICE("1:*"));
    return true;
}

/* "n:*" always names the last message, also when it is an old one (RFC 9051 9, seq-range). */
static void fetch_new(struct mua_imap *imap)
{
    struct mua *mua = imap->mua;
    char uids[DIGITS_MAX + 2];
    uint32_t last = mua->items.count ? mua->items.items[mua->items.count - 1].uid : 0;
    size_t size = digits_put(uids, (uint64_t)last + 1, 10, 0);
    imap->must_look = false;
    uids[size++] = ':';
    uids[size++] = '*';
    fetch(imap, MUA_IMAP_BODIES, (struct slice){uids, size});
}

/* ---- what is done next ---- */

bool mua_imap_open(struct mua_imap *imap, struct slice folder)
{
    if (slice_equal(bytes_slice(&imap->selected), folder))
        return true;
    bytes_clear(&imap->selected);
    bytes_clear(&imap->wanted);
    check(bytes_append(&imap->wanted, slice_part(folder, 0, ACCOUNT_NAME_MAX)));
    imap->task = MUA_IMAP_SELECT;
    imap->is_exact = false;
    if (!imap_client_select(&imap->client, bytes_slice(&imap->wanted), false))
        imap_client_logout(&imap->client);
    return false;
}

static void on_ready(struct mua_imap *imap)
{
    struct mua *mua = imap->mua;
    imap->task = MUA_IMAP_NONE;
    if (imap->is_leaving) {
        imap_client_logout(&imap->client);
        return;
    }
    if (imap->must_compare && (!mua_imap_open(imap, INBOX) || compare(imap)))
        return;
    while (imap->jobs) {
        imap->task = MUA_IMAP_JOB;
        if (mua_imap_job_go(imap))
            return;
    }
    if (imap->must_look || (mua->idles && !is_at_inbox(imap))) {
        if (mua_imap_open(imap, INBOX))
            fetch_new(imap);
        return;
    }
    imap->task = MUA_IMAP_IDLE;
    if (!mua->idles || !imap_client_idle(&imap->client))
        imap_client_logout(&imap->client);
}

static void give_up(struct mua_imap *imap, struct slice why)
{
    mua_show(imap->mua, why);
    imap->is_leaving = true;
}

static void on_select_done(struct mua_imap *imap, const struct imap_client_event *e)
{
    bool is_inbox = slice_equal(bytes_slice(&imap->wanted), INBOX);
    if (e->status == IMAP_OK) {
        check(bytes_append(&imap->selected, bytes_slice(&imap->wanted)));
        if (is_inbox)
            check_validity(imap);
    } else if (is_inbox) {
        give_up(imap, e->text);
    } else {
        mua_show(imap->mua, e->text);
        mua_imap_job_drop(imap);
    }
}

static void on_fetch_done(struct mua_imap *imap, const struct imap_client_event *e)
{
    struct mua *mua = imap->mua;
    if (e->status != IMAP_OK) {
        give_up(imap, e->text);
        return;
    }
    if (imap->task == MUA_IMAP_LIST)
        drop_copies(mua, false);
    if (imap->task == MUA_IMAP_LIST && imap->missing.count) {
        imap->task = MUA_IMAP_NONE;
        return; /* READY: they are fetched */
    }
    imap->is_exact = count_copies(mua) == imap->client.exists;
}

static void on_done(struct mua_imap *imap, const struct imap_client_event *e)
{
    switch (imap->task) {
    case MUA_IMAP_NONE:
    case MUA_IMAP_IDLE:
        break;
    case MUA_IMAP_SELECT:
        on_select_done(imap, e);
        break;
    case MUA_IMAP_LIST:
    case MUA_IMAP_BODIES:
        on_fetch_done(imap, e);
        break;
    case MUA_IMAP_JOB:
        mua_imap_job_done(imap, e);
        break;
    }
}

static void end_with(struct mua_imap *imap, struct slice problem)
{
    imap->is_told = true;
    bytes_clear(&imap->problem);
    check(bytes_append(&imap->problem, slice_part(problem, 0, imap->problem.ceiling)));
}

static void on_event(struct mua_imap *imap, const struct imap_client_event *e)
{
    switch (e->kind) {
    case IMAP_CLIENT_DATA:
        emit_data(imap, e);
        break;
    case IMAP_CLIENT_REPLY:
        emit_reply(imap, e);
        break;
    case IMAP_CLIENT_READY:
        if (imap->missing.count && is_at_inbox(imap) && !imap->is_leaving)
            fetch_missing(imap);
        else
            on_ready(imap);
        break;
    case IMAP_CLIENT_MESSAGE:
        on_message(imap, e);
        break;
    case IMAP_CLIENT_EXISTS:
        imap->must_look |= is_at_inbox(imap) && e->number > count_copies(imap->mua);
        break;
    case IMAP_CLIENT_EXPUNGE:
        on_expunge(imap, e);
        break;
    case IMAP_CLIENT_SEARCH:
        mua_imap_job_found(imap, e->text);
        break;
    case IMAP_CLIENT_DONE:
        on_done(imap, e);
        break;
    case IMAP_CLIENT_FAILED:
        end_with(imap, e->text);
        break;
    case IMAP_CLIENT_CLOSED:
        end_with(imap, SLICE(""));
        break;
    case IMAP_CLIENT_FOLDER:
    case IMAP_CLIENT_IDLING:
        break;
    }
}

/* ---- the visit ---- */

/* Whoever idles need not be waited for; what there is to do ends the idling. */
static void wait_on(struct mua_imap *imap)
{
    bool is_idling = imap->client.state == IMAP_CLIENT_STATE_IDLE;
    if (is_idling && (imap->must_look || imap->must_compare || imap->jobs || imap->is_leaving)) {
        imap_client_done(&imap->client);
        is_idling = false;
    }
    if (is_idling)
        pump_wait_quietly(imap->pump, imap_client_timeout_s(&imap->client));
    else
        pump_wait(imap->pump, imap_client_timeout_s(&imap->client));
}

static void turn(void *context)
{
    struct mua_imap *imap = context;
    struct imap_client_event e;
    if (imap->pump->msg_in)
        imap->msg = imap->pump->msg_in;
    while (imap_client_next(&imap->client, &e))
        on_event(imap, &e);
    wait_on(imap);
}

/* IDLE is to be renewed before the server thinks that we are gone (RFC 9051 6.3.13). */
static void expired(void *context)
{
    struct mua_imap *imap = context;
    if (imap->client.state == IMAP_CLIENT_STATE_IDLE) {
        imap_client_done(&imap->client);
        pump_wait(imap->pump, imap_client_timeout_s(&imap->client));
        return;
    }
    imap->has_expired = true;
    pump_abort(imap->pump);
}

static void ended(void *context, enum net_end why)
{
    struct mua_imap *imap = context;
    struct imap_client_options none = {0};
    imap_client_restart(&imap->client, &none);
    imap->pump = NULL;
    bytes_clear(&imap->selected);
    if (!imap->is_told && why == NET_END_CRASHED)
        end_with(imap, SLICE(""));
    else if (!imap->is_told)
        end_with(imap, pickup_what_happened(imap->has_expired ? NET_END_TIMEOUT : why));
    mua_visit_ended(imap->mua, bytes_slice(&imap->problem));
}

/* "pass" and "apop" are POP3's words: in IMAP they are LOGIN. */
static int mechanism_of(struct slice login)
{
    return slice_equal(login, SLICE("auto")) ? IMAP_CLIENT_AUTO : (int)sasl_find(login);
}

void mua_imap_visit(struct mua_imap *imap, uint32_t address, const struct pickup_login *login)
{
    struct mua *mua = imap->mua;
    const struct pickup_server *server = &mua->pickup.server;
    struct imap_client_options options = {.user = login->user,
                                          .password = login->password,
                                          .nonce = login->nonce,
                                          .memory = mua->pickup.office->logins_made,
                                          .tls = server->tls,
                                          .mechanism = mechanism_of(server->login),
                                          .allows_clear = true};
    imap_client_restart(&imap->client, &options);
    if (server->is_tls_first)
        imap->client.base.tls = SESSION_TLS_FIRST;
    imap->task = MUA_IMAP_NONE;
    imap->is_told = imap->has_expired = imap->is_leaving = imap->is_exact = imap->must_look = false;
    imap->must_compare = true;
    imap->msg = 0;
    vector_clear(&imap->missing);
    struct pump_user user = pickup_visitor(&mua->pickup, turn, ended, imap);
    user.expired = expired;
    imap->pump = pump_connect(&mua->office->pumps, mua->agent, address, server->port,
                              &imap->client.base, &user);
}

void mua_imap_wake(struct mua_imap *imap)
{
    if (!imap->pump || imap->client.state != IMAP_CLIENT_STATE_IDLE)
        return;
    wait_on(imap);
    pump_flush(imap->pump);
}

void mua_imap_look(struct mua_imap *imap)
{
    bool is_idling = imap->pump && imap->client.state == IMAP_CLIENT_STATE_IDLE;
    imap->must_compare |= imap->mua->idles;
    imap->is_leaving |= !imap->mua->idles && is_idling;
    mua_imap_wake(imap);
}

struct mua_imap *mua_imap_create(struct mua *mua)
{
    enum { PROBLEM_OCTETS = 1024 };
    struct mua_imap *imap = memory_take(sizeof *imap);
    imap->mua = mua;
    imap->last_job = &imap->jobs;
    bytes_init(&imap->problem, PROBLEM_OCTETS);
    bytes_init(&imap->wanted, ACCOUNT_NAME_MAX);
    bytes_init(&imap->selected, ACCOUNT_NAME_MAX);
    return imap;
}

void mua_imap_destroy(struct mua_imap *imap)
{
    if (!imap)
        return;
    while (imap->jobs)
        mua_imap_job_drop(imap);
    imap_client_finish(&imap->client);
    vector_finish(&imap->missing);
    bytes_finish(&imap->problem);
    bytes_finish(&imap->wanted);
    bytes_finish(&imap->selected);
    free(imap);
}
