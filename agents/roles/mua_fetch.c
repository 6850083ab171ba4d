#include "agents/roles/mua_part.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/mail/header.h"
#include "agents/roles/store.h"
#include "sim/base/digits.h"
#include "sim/base/memory.h"

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

/* The message has arrived whole: it goes into the local folder. */
static void keep(struct mua *mua, const struct pop3_client_event *e)
{
    struct office *office = mua->office;
    struct slice header, body;
    struct arena arena;
    uint32_t msg = mua->pump->msg_in;
    arena_init(&arena);
    header_split(e->content, &header, &body);
    char number[DIGITS_MAX];
    const struct slice parts[] = {SLICE("/home/"),
                                  mua->user,
                                  SLICE("/Mail/"),
                                  {number, digits_put(number, ++mua->kept, 10, 0)}};
    struct slice path = arena_join(&arena, parts, 4);
    if (!disk_write(office_disk(office, mua->agent), path, header, body, msg)) {
        mua->client.messages.items[e->message].remove = false; /* not kept: it must stay there */
    } else {
        sim_emit(office->sim, EVENT_FETCH,
                 &(struct event_fetch){
                     mua->agent, msg, mua_text(mua, store_box_name(&arena, mua->user)),
                     mua_text(mua, SLICE("pop3")), mua_text(mua, header), mua_text(mua, body)});
        note_seen(mua, mua->client.messages.items[e->message].uid);
    }
    arena_finish(&arena);
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

static void ended(void *context, enum net_end why)
{
    struct mua *mua = context;
    pop3_client_restart(&mua->client, &mua->client.options);
    mua->pump = NULL;
    mua->is_fetching = false;
    if (!mua->is_told && why != NET_END_CRASHED)
        mua_show(mua, why == NET_END_RESET || why == NET_END_CLOSED
                          ? SLICE("the connection to the incoming server was lost")
                          : SLICE("the incoming server can't be reached"));
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
    const struct office_account *account = office_find_account(mua->office, mua->user);
    struct pop3_client_options options = {.user = mua->user,
                                          .password = account ? account->password : SLICE("")};
    pop3_client_restart(&mua->client, &options);
    mua->is_told = false;
    mua->pump = pump_connect(&mua->office->pumps, mua->agent, address, mua->incoming_port,
                             &mua->client.base,
                             &(struct pump_user){.turn = turn, .ended = ended, .context = mua});
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
