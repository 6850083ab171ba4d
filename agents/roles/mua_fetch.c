#include "agents/roles/mua_part.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/mail/header.h"
#include "agents/roles/store.h"
#include "sim/base/digits.h"
#include "sim/base/memory.h"

enum { POP3_PORT = 110, POP3S_PORT = 995 /* RFC 8314 3.3 */ };

/* Where this uid stands, or would stand, among those seen. */
static size_t seen_place(const struct mua *mua, const char *uid)
{
    size_t low = 0, high = mua->seen_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice_order(slice_of(mua->seen[middle]), slice_of(uid)) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool has_seen(const struct mua *mua, const char *uid)
{
    size_t place = seen_place(mua, uid);
    return uid[0] && place < mua->seen_count &&
           slice_equal(slice_of(mua->seen[place]), slice_of(uid));
}

static void note_seen(struct mua *mua, const char *uid)
{
    if (!uid[0] || has_seen(mua, uid))
        return;
    if (mua->seen_count == mua->seen_capacity) {
        mua->seen_capacity = mua->seen_capacity ? mua->seen_capacity * 2 : 16;
        mua->seen = memory_resize(mua->seen, mua->seen_capacity * sizeof *mua->seen);
    }
    size_t place = seen_place(mua, uid);
    memmove(mua->seen + place + 1, mua->seen + place,
            (mua->seen_count - place) * sizeof *mua->seen);
    snprintf(mua->seen[place], MUA_UID_MAX, "%s", uid);
    mua->seen_count++;
}

static void choose(struct mua *mua)
{
    for (size_t i = 0; i < mua->client.messages.count; i++) {
        struct pop3_client_message *m = &mua->client.messages.items[i];
        m->wanted = !has_seen(mua, m->uid);
        m->remove = mua->deletes;
    }
    pop3_client_go(&mua->client);
}

bool mua_keep(struct mua *mua, struct slice content, uint32_t msg, struct slice protocol)
{
    struct office *office = mua->office;
    struct slice header, body;
    struct arena arena;
    arena_init(&arena);
    header_split(content, &header, &body);
    char number[DIGITS_MAX];
    const struct slice parts[] = {SLICE("/home/"),
                                  mua->user,
                                  SLICE("/Mail/"),
                                  {number, digits_put(number, ++mua->kept, 10, 0)}};
    struct slice path = arena_join(&arena, parts, 4);
    bool is_kept = disk_write(office_disk(office, mua->agent), path, header, body, msg);
    if (is_kept)
        sim_emit(office->sim, EVENT_FETCH,
                 &(struct event_fetch){
                     mua->agent, msg,
                     mua_text(mua, store_box_name(&arena, mua->user, SLICE("INBOX"))),
                     mua_text(mua, protocol), mua_text(mua, header), mua_text(mua, body)});
    arena_finish(&arena);
    return is_kept;
}

/* What could not be kept must stay on the server. */
static void keep(struct mua *mua, const struct pop3_client_event *e)
{
    struct pop3_client_message *m = &mua->client.messages.items[e->message];
    if (mua_keep(mua, e->content, mua->pump->msg_in, SLICE("pop3")))
        note_seen(mua, m->uid);
    else
        m->remove = false;
}

static void emit_reply(struct mua *mua, const struct pop3_client_event *e)
{
    bool is_about_message = slice_equal(slice_of(e->verb), SLICE("RETR"));
    sim_emit(mua->office->sim, EVENT_POP_REPLY,
             &(struct event_pop_reply){pump_conn(mua->pump), mua_text(mua, slice_of(e->verb)),
                                       e->ok, mua_text(mua, e->text),
                                       is_about_message ? mua->pump->msg_in : 0});
}

/* QUIT was answered: what was to be removed is gone, and its uid never comes again. */
static void forget_removed(struct mua *mua)
{
    for (size_t i = 0; i < mua->client.messages.count; i++)
        if (!mua->client.messages.items[i].remove)
            return;
    mua->seen_count = 0;
}

static void turn(void *context)
{
    struct mua *mua = context;
    struct pop3_client_event e;
    while (pop3_client_next(&mua->client, &e)) {
        switch (e.kind) {
        case POP3_CLIENT_REPLY:
            emit_reply(mua, &e);
            break;
        case POP3_CLIENT_LISTED:
            choose(mua);
            break;
        case POP3_CLIENT_MESSAGE:
            keep(mua, &e);
            break;
        case POP3_CLIENT_DONE:
            mua->is_told = true;
            forget_removed(mua);
            break;
        case POP3_CLIENT_FAILED:
            mua->is_told = true;
            mua_show(mua,
                     e.is_lost ? SLICE("the connection to the incoming server was lost") : e.text);
            break;
        }
    }
    pump_wait(mua->pump, pop3_client_timeout_s(&mua->client));
}

/* What a broken connection, or none, means to a person. */
static struct slice what_happened(enum net_end why)
{
    if (why == NET_END_TLS)
        return SLICE("no safe connection to the incoming server could be made");
    return why == NET_END_RESET || why == NET_END_CLOSED
               ? SLICE("the connection to the incoming server was lost")
               : SLICE("the incoming server can't be reached");
}

static void ended(void *context, enum net_end why)
{
    struct mua *mua = context;
    pop3_client_restart(&mua->client, &mua->client.options);
    mua->pump = NULL;
    mua->is_fetching = false;
    if (!mua->is_told && why != NET_END_CRASHED)
        mua_show(mua, what_happened(why));
}

static void connect(struct mua *mua, uint32_t address)
{
    const struct office_account *account = office_find_account(mua->office, mua->user);
    struct pop3_client_options options = mua->pop3;
    options.user = mua->user;
    options.password = account ? account->password : SLICE("");
    if (options.login != POP3_CLIENT_LOGIN_PASS)
        options.nonce = office_new_nonce(mua->office, mua->agent, mua->nonce);
    pop3_client_restart(&mua->client, &options);
    if (mua->is_incoming_tls_first)
        mua->client.base.tls = SESSION_TLS_FIRST;
    mua->is_told = false;
    mua->pump = pump_connect(
        &mua->office->pumps, mua->agent, address, mua->incoming_port, &mua->client.base,
        &(struct pump_user){.turn = turn,
                            .ended = ended,
                            .context = mua,
                            .tls_name = mua->incoming,
                            .tls_check =
                                mua->verifies_incoming ? TLS_CHECK_VERIFY : TLS_CHECK_NONE});
}

static void on_address(void *context, uint64_t tag, const struct resolver_answer *answer)
{
    struct mua *mua = context;
    (void)tag;
    uint32_t address;
    bool is_silent = answer->status == RESOLVER_TIMEOUT || answer->status == RESOLVER_FAILED;
    if (!net_host_is_up(mua->office->net, mua->agent)) {
        mua->is_fetching = false;
        return;
    }
    if (answer->count == 0 || !resolver_address(&answer->records[0], &address)) {
        mua->is_fetching = false;
        mua_show(mua, is_silent ? SLICE("the name server does not answer")
                                : SLICE("the incoming server's name is not known"));
        return;
    }
    connect(mua, address);
}

static void set_login(struct pop3_client_options *options, struct slice word)
{
    options->mechanism = sasl_find(word);
    if (options->mechanism < SASL_MECHANISM_COUNT)
        options->login = POP3_CLIENT_LOGIN_SASL;
    else if (slice_equal(word, SLICE("apop")))
        options->login = POP3_CLIENT_LOGIN_APOP;
    else if (slice_equal(word, SLICE("auto")))
        options->login = POP3_CLIENT_LOGIN_AUTO;
    else
        options->login = POP3_CLIENT_LOGIN_PASS;
}

void mua_fetch_configure(struct mua *mua, const struct config *config)
{
    struct slice tls = config_text(config, "incoming_tls");
    mua->incoming_port = (uint32_t)config_number(config, "incoming_port");
    mua->is_incoming_tls_first = slice_equal(tls, SLICE("implicit"));
    if (mua->is_incoming_tls_first && mua->incoming_port == POP3_PORT)
        mua->incoming_port = POP3S_PORT;
    mua->verifies_incoming = mua->is_incoming_tls_first || slice_equal(tls, SLICE("verify"));
    mua->pop3.pipelines = config_bool(config, "incoming_pipelining");
    if (slice_equal(tls, SLICE("if-offered")))
        mua->pop3.tls = SESSION_TLS_POLICY_IF_OFFERED;
    else if (mua->verifies_incoming || slice_equal(tls, SLICE("required")))
        mua->pop3.tls = SESSION_TLS_POLICY_REQUIRED;
    set_login(&mua->pop3, config_text(config, "incoming_auth"));
}

bool mua_fetch(struct mua *mua, struct problem *problem)
{
    if (mua->incoming.size == 0)
        return problem_set(problem, "%.*s's mail program has no incoming server",
                           SLICE_ARG(mua->user));
    if (!net_host_is_up(mua->office->net, mua->agent))
        return problem_set(problem, "%.*s's computer is off", SLICE_ARG(mua->user));
    if (mua->is_fetching)
        return true; /* under way already */
    mua->is_fetching = true;
    office_resolve(mua->office, mua->agent, mua->incoming, DNS_TYPE_A, on_address, mua, 0);
    return true;
}

void mua_fetch_finish(struct mua *mua)
{
    pop3_client_finish(&mua->client);
    free(mua->seen);
}
