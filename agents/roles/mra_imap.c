/*
 * A retrieval agent at an IMAP server: what INBOX has that was not handed on before is fetched and
 * handed on; what was taken is marked and expunged, unless it is to stay. The session waits while
 * messages are on their way.
 */
#include "agents/roles/mra_part.h"

#include <inttypes.h>
#include <stdlib.h>

#include "agents/proto/imap_client.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"

enum step { STEP_SELECT, STEP_FETCH, STEP_MARK, STEP_EXPUNGE, STEP_LOGOUT };

struct mra_imap {
    struct mra_errand *errand;
    struct imap_client client;
    struct pump *pump;
    enum step step;
    bool is_ready; /* READY came, and waits for messages that are on their way */
    uint32_t msg;
    bool is_told;
    struct bytes problem;
    uint32_t uidvalidity, last_uid; /* handed on up to here (RFC 9051 2.3.1.1) */
    uint32_t newest_uid;
    bool is_lacking;        /* something was not taken: it is asked for again */
    VECTOR(uint32_t) taken; /* and on the server still */
};

static struct sim *sim_of(const struct mra_imap *imap)
{
    return imap->errand->pickup.office->sim;
}

static void emit_data(struct mra_imap *imap, const struct imap_client_event *e)
{
    bool is_fetch = slice_equal_fold(e->what, SLICE("FETCH"));
    struct arena arena;
    arena_init(&arena);
    size_t end = slice_find_octet(e->text, '\r', 0);
    struct slice said = slice_part(e->text, 0, end == SLICE_NONE ? e->text.size : end);
    if (e->has_number)
        said = arena_printf(&arena, "%" PRIu32 "%s%.*s", e->number, said.size ? " " : "",
                            SLICE_ARG(said));
    sim_emit(sim_of(imap), EVENT_IMAP_DATA,
             &(struct event_imap_data){pump_conn(imap->pump), sim_text(sim_of(imap), e->what),
                                       sim_text(sim_of(imap), said), is_fetch ? imap->msg : 0});
    arena_finish(&arena);
}

static void emit_reply(struct mra_imap *imap, const struct imap_client_event *e)
{
    sim_emit(sim_of(imap), EVENT_IMAP_REPLY,
             &(struct event_imap_reply){pump_conn(imap->pump),
                                        sim_text(sim_of(imap), slice_of(e->verb)),
                                        e->status == IMAP_OK || e->status == IMAP_PREAUTH,
                                        sim_text(sim_of(imap), e->text), 0});
}

void mra_imap_forget(struct mra_imap *imap)
{
    imap->last_uid = 0;
    vector_clear(&imap->taken);
}

static void fetch_new(struct mra_imap *imap)
{
    struct arena arena;
    if (imap->client.uidvalidity != imap->uidvalidity)
        mra_imap_forget(imap);
    imap->uidvalidity = imap->client.uidvalidity;
    imap->step = STEP_MARK;
    if (imap->client.exists == 0) {
        imap_client_logout(&imap->client);
        return;
    }
    arena_init(&arena);
    (void)imap_client_fetch(&imap->client,
                            arena_printf(&arena, "%" PRIu64 ":*", (uint64_t)imap->last_uid + 1),
                            SLICE("(UID BODY.PEEK[])"));
    arena_finish(&arena);
}

static void mark(struct mra_imap *imap)
{
    struct arena arena;
    struct slice set = SLICE("");
    arena_init(&arena);
    for (size_t i = 0; i < imap->taken.count; i++)
        set = arena_printf(&arena, "%.*s%s%" PRIu32, SLICE_ARG(set), i ? "," : "",
                           imap->taken.items[i]);
    (void)imap_client_store(&imap->client, set, SLICE("+FLAGS.SILENT"), SLICE("\\Deleted"));
    arena_finish(&arena);
}

static void go_on(struct mra_imap *imap)
{
    imap->is_ready = false;
    switch (imap->step) {
    case STEP_SELECT:
        imap->step = STEP_FETCH;
        (void)imap_client_select(&imap->client, SLICE("INBOX"), false);
        return;
    case STEP_FETCH:
        fetch_new(imap);
        return;
    case STEP_MARK:
        if (imap->errand->handing_count > 0) {
            imap->is_ready = true; /* mra_imap_settle */
            return;
        }
        imap->step = STEP_EXPUNGE;
        if (imap->taken.count > 0 && !imap->errand->account.keeps) {
            mark(imap);
            return;
        }
        break;
    case STEP_EXPUNGE:
        imap->step = STEP_LOGOUT;
        (void)imap_client_expunge(&imap->client, SLICE(""));
        return;
    case STEP_LOGOUT:
        break;
    }
    imap_client_logout(&imap->client);
}

static void note(struct mra_imap *imap, uint32_t uid, bool is_taken)
{
    imap->is_lacking |= !is_taken;
    if (is_taken)
        *vector_add(&imap->taken) = uid;
    if (is_taken && uid > imap->newest_uid)
        imap->newest_uid = uid;
}

/* "n:*" always names the last message, also when it is an old one (RFC 9051 9, seq-range). */
static void on_message(struct mra_imap *imap, const struct imap_client_event *e)
{
    if (!e->has_content || e->uid <= imap->last_uid)
        return;
    enum pickup_fate fate =
        mra_hand_on(imap->errand, e->uid, e->content, imap->msg, pump_conn(imap->pump));
    if (fate != PICKUP_LATER)
        note(imap, e->uid, fate == PICKUP_TAKEN);
}

void mra_imap_settle(struct mra_imap *imap, uint32_t uid, bool is_taken)
{
    note(imap, uid, is_taken);
    if (!imap->pump || !imap->is_ready || imap->errand->handing_count > 0)
        return;
    go_on(imap);
    pump_wait(imap->pump, imap_client_timeout_s(&imap->client));
    pump_flush(imap->pump);
}

static void end_with(struct mra_imap *imap, struct slice problem)
{
    imap->is_told = true;
    bytes_clear(&imap->problem);
    check(bytes_append(&imap->problem, slice_part(problem, 0, imap->problem.ceiling)));
}

/* A command that is refused ends the visit. */
static void on_done(struct mra_imap *imap, const struct imap_client_event *e)
{
    if (e->status == IMAP_OK) {
        if (imap->step == STEP_LOGOUT) /* EXPUNGE is done */
            vector_clear(&imap->taken);
        return;
    }
    end_with(imap, e->text);
    imap->step = STEP_LOGOUT;
}

static void on_event(struct mra_imap *imap, const struct imap_client_event *e)
{
    switch (e->kind) {
    case IMAP_CLIENT_DATA:
        emit_data(imap, e);
        break;
    case IMAP_CLIENT_REPLY:
        emit_reply(imap, e);
        break;
    case IMAP_CLIENT_READY:
        go_on(imap);
        break;
    case IMAP_CLIENT_MESSAGE:
        on_message(imap, e);
        break;
    case IMAP_CLIENT_DONE:
        on_done(imap, e);
        break;
    case IMAP_CLIENT_FAILED:
        end_with(imap, e->text);
        break;
    case IMAP_CLIENT_CLOSED:
        imap->is_told = true;
        break;
    case IMAP_CLIENT_FOLDER:
    case IMAP_CLIENT_EXISTS:
    case IMAP_CLIENT_EXPUNGE:
    case IMAP_CLIENT_SEARCH:
    case IMAP_CLIENT_IDLING:
        break;
    }
}

static void turn(void *context)
{
    struct mra_imap *imap = context;
    struct imap_client_event e;
    if (imap->pump->msg_in)
        imap->msg = imap->pump->msg_in;
    while (imap_client_next(&imap->client, &e))
        on_event(imap, &e);
    pump_wait(imap->pump, imap_client_timeout_s(&imap->client));
}

static void ended(void *context, enum net_end why)
{
    struct mra_imap *imap = context;
    struct imap_client_options none = {0};
    imap_client_restart(&imap->client, &none);
    imap->pump = NULL;
    if (!imap->is_lacking && imap->newest_uid > imap->last_uid)
        imap->last_uid = imap->newest_uid;
    if (!imap->is_told)
        end_with(imap, why == NET_END_CRASHED ? SLICE("") : pickup_what_happened(why));
    mra_visit_ended(imap->errand, bytes_slice(&imap->problem));
}

void mra_imap_visit(struct mra_imap *imap, uint32_t address, const struct pickup_login *login)
{
    const struct pickup *pickup = &imap->errand->pickup;
    struct imap_client_options options = {.user = login->user,
                                          .password = login->password,
                                          .nonce = login->nonce,
                                          .memory = pickup->office->logins_made,
                                          .tls = pickup->server.tls,
                                          .mechanism = IMAP_CLIENT_AUTO,
                                          .allows_clear = true};
    imap_client_restart(&imap->client, &options);
    if (pickup->server.is_tls_first)
        imap->client.base.tls = SESSION_TLS_FIRST;
    imap->step = STEP_SELECT;
    imap->is_told = imap->is_ready = imap->is_lacking = false;
    imap->msg = imap->newest_uid = 0;
    bytes_clear(&imap->problem);
    struct pump_user user = pickup_visitor(pickup, turn, ended, imap);
    imap->pump = pump_connect(&pickup->office->pumps, pickup->agent, address, pickup->server.port,
                              &imap->client.base, &user);
}

struct mra_imap *mra_imap_create(struct mra_errand *errand)
{
    enum { PROBLEM_OCTETS = 1024 };
    struct mra_imap *imap = memory_take(sizeof *imap);
    imap->errand = errand;
    bytes_init(&imap->problem, PROBLEM_OCTETS);
    return imap;
}

void mra_imap_destroy(struct mra_imap *imap)
{
    if (!imap)
        return;
    imap_client_finish(&imap->client);
    vector_finish(&imap->taken);
    bytes_finish(&imap->problem);
    free(imap);
}
