/*
 * What webmail asks the access server: one IMAP session for each page, in the name of the person
 * whose page it is.
 */
#include <inttypes.h>
#include <stdio.h>

#include "agents/roles/web_part.h"

enum step { STEP_SELECT, STEP_ASK, STEP_EXPUNGE, STEP_LOGOUT };

/* ---- the trace ---- */

static void emit_data(struct web_visit *v, const struct imap_client_event *e)
{
    size_t end = slice_find_octet(e->text, '\r', 0);
    struct slice said = slice_part(e->text, 0, end);
    if (e->has_number)
        said = arena_printf(&v->arena, "%" PRIu32 "%s%.*s", e->number, said.size ? " " : "",
                            SLICE_ARG(said));
    sim_emit(v->web->office->sim, EVENT_IMAP_DATA,
             &(struct event_imap_data){
                 pump_conn(v->imap_pump), web_text(v->web, e->what), web_text(v->web, said),
                 slice_equal_fold(e->what, SLICE("FETCH")) ? v->imap_msg : 0});
}

static void emit_reply(struct web_visit *v, const struct imap_client_event *e)
{
    bool is_good = e->status == IMAP_OK || e->status == IMAP_PREAUTH;
    sim_emit(v->web->office->sim, EVENT_IMAP_REPLY,
             &(struct event_imap_reply){pump_conn(v->imap_pump),
                                        web_text(v->web, slice_of(e->verb)), is_good,
                                        web_text(v->web, e->text), 0});
}

/* ---- the session ---- */

static void ask(struct web_visit *v)
{
    char uid[16];
    snprintf(uid, sizeof uid, "%" PRIu32, v->uid);
    v->step = STEP_LOGOUT;
    switch (v->task) {
    case WEB_TASK_LOGIN:
        imap_client_logout(&v->imap);
        break;
    case WEB_TASK_LIST:
        if (v->imap.exists == 0)
            imap_client_logout(&v->imap);
        else
            (void)imap_client_fetch(&v->imap, SLICE("1:*"), SLICE("(UID FLAGS BODY.PEEK[HEADER])"));
        break;
    case WEB_TASK_READ:
        (void)imap_client_fetch(&v->imap, slice_of(uid), SLICE("(UID FLAGS BODY[])"));
        break;
    case WEB_TASK_DELETE:
        v->step = STEP_EXPUNGE;
        (void)imap_client_store(&v->imap, slice_of(uid), SLICE("+FLAGS"), SLICE("\\Deleted"));
        break;
    }
}

static void on_ready(struct web_visit *v)
{
    char uid[16];
    switch ((enum step)v->step) {
    case STEP_SELECT:
        v->step = STEP_ASK;
        if (v->task == WEB_TASK_LOGIN)
            ask(v);
        else
            (void)imap_client_select(&v->imap, SLICE("INBOX"), v->task == WEB_TASK_LIST);
        break;
    case STEP_ASK:
        ask(v);
        break;
    case STEP_EXPUNGE:
        v->step = STEP_LOGOUT;
        snprintf(uid, sizeof uid, "%" PRIu32, v->uid);
        (void)imap_client_expunge(&v->imap, slice_of(uid));
        break;
    case STEP_LOGOUT:
        imap_client_logout(&v->imap);
        break;
    }
}

static bool is_seen(const struct imap_client_event *e)
{
    for (size_t i = 0; i < e->flags.count; i++)
        if (slice_equal_fold(e->flags.items[i], SLICE("\\Seen")))
            return true;
    return false;
}

static void on_message(struct web_visit *v, const struct imap_client_event *e)
{
    if (!e->has_content || e->uid == 0)
        return;
    if (v->task == WEB_TASK_LIST) {
        web_page_row(v, e->uid, is_seen(e), e->content);
    } else if (v->task == WEB_TASK_READ && e->uid == v->uid) {
        v->is_found = true;
        v->msg = v->imap_msg;
        web_page_message(v, e->uid, e->content);
    }
}

static void fail(struct web_visit *v, struct slice text)
{
    v->has_failed = true;
    v->failure = arena_copy(&v->arena, text);
}

static void turn(void *context)
{
    struct web_visit *v = context;
    struct imap_client_event e;
    if (v->imap_pump->msg_in) /* a response goes on behind its message */
        v->imap_msg = v->imap_pump->msg_in;
    while (imap_client_next(&v->imap, &e)) {
        switch (e.kind) {
        case IMAP_CLIENT_DATA:
            emit_data(v, &e);
            break;
        case IMAP_CLIENT_REPLY:
            emit_reply(v, &e);
            break;
        case IMAP_CLIENT_READY:
            on_ready(v);
            break;
        case IMAP_CLIENT_MESSAGE:
            on_message(v, &e);
            break;
        case IMAP_CLIENT_DONE:
            if (e.status != IMAP_OK) {
                fail(v, e.text);
                v->step = STEP_LOGOUT;
            }
            break;
        case IMAP_CLIENT_FAILED:
            fail(v, e.text);
            break;
        case IMAP_CLIENT_FOLDER:
        case IMAP_CLIENT_EXISTS:
        case IMAP_CLIENT_EXPUNGE:
        case IMAP_CLIENT_SEARCH:
        case IMAP_CLIENT_IDLING:
        case IMAP_CLIENT_CLOSED:
            break;
        }
    }
    pump_wait(v->imap_pump, imap_client_timeout_s(&v->imap));
}

static void ended(void *context, enum net_end why)
{
    struct web_visit *v = context;
    bool is_answered = v->imap.state == IMAP_CLIENT_STATE_CLOSED;
    v->imap_pump = NULL;
    (void)why;
    if (!is_answered && !v->has_failed)
        fail(v, SLICE("the access server can't be reached"));
    web_mail_done(v);
}

static void on_address(void *context, uint64_t tag, const struct resolver_answer *answer)
{
    struct web_visit *v = context;
    const struct config *config = v->web->config;
    uint32_t address;
    (void)tag;
    if (answer->count == 0 || !resolver_address(&answer->records[0], &address)) {
        fail(v, SLICE("the access server's name is not known"));
        web_mail_done(v);
        return;
    }
    struct slice tls = config_text(config, "imap_tls");
    bool is_first = slice_equal(tls, SLICE("implicit"));
    struct imap_client_options options = {
        .user = v->user,
        .password = v->password,
        .nonce = office_new_nonce(v->web->office, v->web->agent, v->nonce),
        .memory = v->web->office->logins_made,
        .tls = slice_equal(tls, SLICE("required")) ? SESSION_TLS_POLICY_REQUIRED
                                                   : SESSION_TLS_POLICY_NEVER,
        .mechanism = IMAP_CLIENT_AUTO,
        .allows_clear = true};
    imap_client_restart(&v->imap, &options);
    if (is_first)
        v->imap.base.tls = SESSION_TLS_FIRST;
    v->step = STEP_SELECT;
    v->imap_pump = pump_connect(
        &v->web->office->pumps, v->web->agent, address,
        (uint32_t)config_number(config, "imap_port"), &v->imap.base,
        &(struct pump_user){.turn = turn,
                            .ended = ended,
                            .context = v,
                            .tls_name = config_text(config, "imap"),
                            .tls_check = is_first ? TLS_CHECK_VERIFY : TLS_CHECK_NONE});
}

void web_mail_ask(struct web_visit *v)
{
    v->has_failed = v->is_found = false;
    v->is_asking = true;
    v->msg = v->imap_msg = 0;
    v->row_count = 0;
    office_resolve(v->web->office, v->web->agent, config_text(v->web->config, "imap"), DNS_TYPE_A,
                   on_address, v, 0);
}
