#include "agents/roles/mua_imap.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "agents/mail/header.h"
#include "agents/roles/mua_part.h"
#include "agents/roles/store.h"
#include "sim/base/memory.h"

enum step { STEP_SELECT, STEP_FETCH, STEP_LOGOUT };

struct mua_imap {
    struct mua *mua;
    void (*on_end)(struct mua *mua);
    struct imap_client client;
    struct pump *pump;
    enum step step;
    bool is_told; /* the person knows how it ended */
    /* What is here already: messages up to this UID, of the mailbox that had this UIDVALIDITY
       (RFC 9051 2.3.1.1). */
    uint32_t uidvalidity, last_uid;
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
    sim_emit(imap->mua->office->sim, EVENT_IMAP_DATA,
             &(struct event_imap_data){pump_conn(imap->pump), mua_text(imap->mua, e->what),
                                       mua_text(imap->mua, first_line(e->text)),
                                       is_fetch ? imap->pump->msg_in : 0});
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
    if (mua_keep(mua, e->content, imap->pump->msg_in, SLICE("imap")))
        imap->last_uid = e->uid;
}

static void turn(void *context)
{
    struct mua_imap *imap = context;
    struct imap_client_event e;
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
    if (!imap->is_told && why != NET_END_CRASHED)
        mua_show(imap->mua, why == NET_END_TLS ? SLICE("no safe connection to the incoming server")
                            : why == NET_END_RESET || why == NET_END_CLOSED
                                ? SLICE("the connection to the incoming server was lost")
                                : SLICE("the incoming server can't be reached"));
    imap->on_end(imap->mua);
}

void mua_imap_visit(struct mua_imap *imap, uint32_t address, uint32_t port, struct slice server,
                    bool has_tls, const struct imap_client_options *options)
{
    imap_client_restart(&imap->client, options);
    if (has_tls)
        imap->client.base.tls = SESSION_TLS_FIRST;
    imap->step = STEP_SELECT;
    imap->is_told = false;
    imap->pump = pump_connect(
        &imap->mua->office->pumps, imap->mua->agent, address, port, &imap->client.base,
        &(struct pump_user){.turn = turn, .ended = ended, .context = imap, .tls_name = server});
}

struct mua_imap *mua_imap_create(struct mua *mua, void (*on_end)(struct mua *mua))
{
    struct mua_imap *imap = memory_take(sizeof *imap);
    imap->mua = mua;
    imap->on_end = on_end;
    return imap;
}

void mua_imap_destroy(struct mua_imap *imap)
{
    if (!imap)
        return;
    imap_client_finish(&imap->client);
    free(imap);
}
