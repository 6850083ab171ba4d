/*
 * How a mail program gets mail by IMAP: it looks at INBOX and fetches what it has not got yet;
 * everything stays on the server.
 */
#include "agents/roles/mua_part.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "agents/proto/imap_client.h"
#include "sim/base/memory.h"

enum step { STEP_SELECT, STEP_FETCH, STEP_LOGOUT };

struct mua_imap {
    struct mua *mua;
    struct imap_client client;
    struct pump *pump;
    enum step step;
    uint32_t msg; /* whose octets came last: a response goes on behind its message */
    bool is_told; /* the person knows how it ended */
    /* What is here already: messages up to this UID, of the mailbox that had this UIDVALIDITY
       (RFC 9051 2.3.1.1). */
    uint32_t uidvalidity, last_uid;
    uint32_t newest_uid; /* of what this visit has brought, in whatever order */
    bool is_lacking;     /* something of it could not be kept: it is asked for again next time */
};

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

static void fetch_new(struct mua_imap *imap)
{
    char uids[32];
    if (imap->client.uidvalidity != imap->uidvalidity)
        imap->last_uid = 0; /* another mailbox: what was known of UIDs counts no more */
    imap->uidvalidity = imap->client.uidvalidity;
    snprintf(uids, sizeof uids, "%" PRIu32 ":*", imap->last_uid + 1);
    imap->step = STEP_LOGOUT;
    if (imap->client.exists == 0)
        imap_client_logout(&imap->client);
    else
        (void)imap_client_fetch(&imap->client, slice_of(uids), SLICE("(UID FLAGS BODY.PEEK[])"));
}

static void on_ready(struct mua_imap *imap)
{
    switch (imap->step) {
    case STEP_SELECT:
        imap->step = STEP_FETCH;
        (void)imap_client_select(&imap->client, SLICE("INBOX"), false);
        break;
    case STEP_FETCH:
        fetch_new(imap);
        break;
    case STEP_LOGOUT:
        imap_client_logout(&imap->client);
        break;
    }
}

/* "n:*" always names the last message, also when it is an old one (RFC 9051 9, seq-range). */
static void on_message(struct mua_imap *imap, const struct imap_client_event *e)
{
    struct mua *mua = imap->mua;
    if (!e->has_content || e->uid <= imap->last_uid)
        return;
    if (!mua_keep(mua, e->content, imap->msg, SLICE("imap")))
        imap->is_lacking = true;
    else if (e->uid > imap->newest_uid)
        imap->newest_uid = e->uid;
}

static void turn(void *context)
{
    struct mua_imap *imap = context;
    struct imap_client_event e;
    if (imap->pump->msg_in)
        imap->msg = imap->pump->msg_in;
    while (imap_client_next(&imap->client, &e)) {
        switch (e.kind) {
        case IMAP_CLIENT_DATA:
            emit_data(imap, &e);
            break;
        case IMAP_CLIENT_REPLY:
            emit_reply(imap, &e);
            break;
        case IMAP_CLIENT_READY:
            on_ready(imap);
            break;
        case IMAP_CLIENT_MESSAGE:
            on_message(imap, &e);
            break;
        case IMAP_CLIENT_DONE:
            if (!imap->is_lacking && imap->newest_uid > imap->last_uid)
                imap->last_uid = imap->newest_uid;
            if (e.status != IMAP_OK)
                mua_show(imap->mua, e.text);
            imap->step = e.status == IMAP_OK ? imap->step : STEP_LOGOUT;
            break;
        case IMAP_CLIENT_FAILED:
            mua_show(imap->mua, e.text);
            imap->is_told = true;
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
    pump_wait(imap->pump, imap_client_timeout_s(&imap->client));
}

static void ended(void *context, enum net_end why)
{
    struct mua_imap *imap = context;
    struct imap_client_options none = {0};
    imap_client_restart(&imap->client, &none);
    imap->pump = NULL;
    mua_visit_ended(imap->mua, imap->is_told, why);
}

/* "pass" and "apop" are POP3's words: in IMAP they are LOGIN. */
static int mechanism_of(struct slice login)
{
    return slice_equal(login, SLICE("auto")) ? IMAP_CLIENT_AUTO : (int)sasl_find(login);
}

void mua_imap_visit(struct mua_imap *imap, uint32_t address, const struct mua_login *login)
{
    struct mua *mua = imap->mua;
    struct imap_client_options options = {.user = login->user,
                                          .password = login->password,
                                          .nonce = login->nonce,
                                          .tls = mua->fetching.tls,
                                          .mechanism = mechanism_of(mua->fetching.login),
                                          .allows_clear = true};
    imap_client_restart(&imap->client, &options);
    if (mua->fetching.is_tls_first)
        imap->client.base.tls = SESSION_TLS_FIRST;
    imap->step = STEP_SELECT;
    imap->is_told = false;
    imap->msg = imap->newest_uid = 0;
    imap->is_lacking = false;
    struct pump_user user = mua_visitor(mua, turn, ended, imap);
    imap->pump = pump_connect(&mua->office->pumps, mua->agent, address, mua->fetching.port,
                              &imap->client.base, &user);
}

struct mua_imap *mua_imap_create(struct mua *mua)
{
    struct mua_imap *imap = memory_take(sizeof *imap);
    imap->mua = mua;
    return imap;
}

void mua_imap_destroy(struct mua_imap *imap)
{
    if (!imap)
        return;
    imap_client_finish(&imap->client);
    free(imap);
}
