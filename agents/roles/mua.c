#include "agents/roles/mua_part.h"

#include <stdlib.h>

#include "sim/base/memory.h"

static const struct config_key keys[] = {
    {"user", CONFIG_ADDRESS, NULL, 0, 0, "", "whose mail program this is"},
    {"outgoing", CONFIG_HOST, NULL, 0, 0, "", "the submission server"},
    {"outgoing_by", CONFIG_WORD, "smtp sendmail", 0, 0, "smtp",
     "\"sendmail\": hand over to the command of its own host, and speak no protocol"},
    {"port", CONFIG_NUMBER, NULL, 1, 65535, "587",
     "the submission server's port; 465 instead of 587 with tls \"implicit\""},
    {"tls", CONFIG_WORD, SENDING_TLS_WORDS_OR_FIRST, 0, 0, "never",
     "encrypt what is submitted: \"implicit\" from the first octet, the others by STARTTLS"},
    {"auth", CONFIG_BOOL, NULL, 0, 0, "true", "log in before submitting"},
    {"auth_mechanism", CONFIG_WORD, SENDING_MECHANISM_WORDS, 0, 0, "plain",
     "how to log in where the server offers it; \"auto\" is the strongest that both know"},
    {"auth_clear", CONFIG_BOOL, NULL, 0, 0, "true",
     "show the password to whoever listens when there is no TLS"},
    {"chunking", CONFIG_BOOL, NULL, 0, 0, "false", "submit by BDAT where that is offered"},
    {"notify", CONFIG_WORD, "default never success failure delay all", 0, 0, "default",
     "which notices to ask for with each message (RFC 3461)"},
    {"return", CONFIG_WORD, "default headers full", 0, 0, "default",
     "how much of the message a notice of failure is to show"},
    {"outbox", CONFIG_BOOL, NULL, 0, 0, "true",
     "keep what can't be submitted and try again; without one the person gets an error"},
    {"sent_folder", CONFIG_TEXT, NULL, 0, 0, "",
     "where a copy of what is sent goes, by IMAP on the server: \"Sent\"; \"\": none is kept"},
    {"incoming", CONFIG_HOST, NULL, 0, 0, "", "the access server"},
    {"incoming_protocol", CONFIG_WORD, "pop3 imap file", 0, 0, "pop3",
     "how to fetch; \"file\": read the store of its own host, and speak no protocol"},
    {"incoming_port", CONFIG_NUMBER, NULL, 0, 65535, "0",
     "the access server's port; 0: the protocol's own, 110 or 143, or 995 or 993 with incoming_tls "
     "\"implicit\""},
    {"incoming_tls", CONFIG_WORD, PICKUP_TLS_WORDS, 0, 0, "never",
     "encrypt what is fetched: \"implicit\" from the first octet, the others by STLS; with both "
     "\"verify\" and \"implicit\" the certificate has to be in order"},
    {"incoming_auth", CONFIG_WORD, PICKUP_LOGIN_WORDS, 0, 0, "pass",
     "how to log in where the server offers it; \"auto\" is the strongest that both know, \"pass\" "
     "is USER and PASS"},
    {"incoming_pipelining", CONFIG_BOOL, NULL, 0, 0, "false",
     "send several commands at a time where that is offered"},
    {"pop_delete", CONFIG_BOOL, NULL, 0, 0, "true", "remove from the server what was fetched"},
    {"pop_keep", CONFIG_DURATION, NULL, 0, 31536000, "0",
     "with pop_delete: only so long after it was fetched, \"7d\""},
    {"idle", CONFIG_BOOL, NULL, 0, 0, "false",
     "stay with the server after fetching, and hear what happens there (RFC 9051 6.3.13)"},
    {"check_every", CONFIG_DURATION, NULL, 0, 31536000, "0", "fetch by itself; 0 only when asked"},
};

uint32_t mua_text(const struct mua *mua, struct slice s)
{
    return sim_text(mua->office->sim, s);
}

void mua_show(const struct mua *mua, struct slice what)
{
    struct arena arena;
    arena_init(&arena);
    struct slice who = arena_printf(&arena, "%.*s: %.*s", SLICE_ARG(mua->user), SLICE_ARG(what));
    sim_emit(mua->office->sim, EVENT_UI,
             &(struct event_ui){mua_text(mua, SLICE("screen")), mua_text(mua, who)});
    arena_finish(&arena);
}

/* On a server a message is known by its UID, if the program has a copy of it. */
bool mua_act(struct mua *mua, const struct mua_act *act, struct problem *problem)
{
    struct problem ignored;
    struct mua_message m = {0};
    if (!net_host_is_up(mua->office->net, mua->agent))
        return problem_set(problem, "%.*s's computer is off", SLICE_ARG(mua->user));
    if (mua->way != MUA_BY_IMAP)
        return mua_folder_act(mua, act, problem);
    bool is_about_one = act->deed != MUA_EXPUNGE && act->deed != MUA_CREATE;
    if (is_about_one)
        (void)mua_find(mua, &act->choice, &m, &ignored);
    mua_imap_ask(mua->imap, act, m.uid);
    return true;
}

/* ---- life cycle ---- */

static void configure(struct mua *mua)
{
    mua->user = config_text(mua->config, "user");
    mua_fetch_configure(mua);
    mua_write_configure(mua);
}

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    struct mua *mua = memory_take(sizeof *mua);
    (void)ports;
    (void)port_count;
    mua->office = office;
    mua->agent = agent;
    mua->config = config;
    configure(mua);
    mua->idles = mua->way == MUA_BY_IMAP && config_bool(config, "idle");
    mua_fetch_plan(mua);
    return mua;
}

static void destroy(void *agent)
{
    struct mua *mua = agent;
    queue_destroy(mua->outbox);
    mua_fetch_finish(mua);
    vector_finish(&mua->items);
    vector_finish(&mua->folders);
    free(mua);
}

static void changed(void *agent, const struct config_key *key)
{
    struct mua *mua = agent;
    struct problem ignored;
    configure(mua);
    if (slice_equal(slice_of(key->name), SLICE("check_every")))
        mua_fetch_plan(mua);
    if (slice_equal(slice_of(key->name), SLICE("idle")))
        (void)mua_set_idle(mua, config_bool(mua->config, "idle"), &ignored);
}

/* A program that stays with its server looks for it when its computer is on again. */
static void running(void *agent, bool is_up)
{
    struct mua *mua = agent;
    struct problem ignored;
    if (!is_up)
        return;
    mua_folder_recover(mua);
    if (mua->idles && !mua->is_fetching)
        (void)mua_fetch(mua, &ignored);
}

static struct queue *queue_of(void *agent)
{
    return ((struct mua *)agent)->outbox;
}

const struct role mua_role = {
    .name = "mua",
    .meaning = "mail user agent: works for a person",
    .keys = keys,
    .key_count = sizeof keys / sizeof *keys,
    .default_listen = "",
    .create = create,
    .destroy = destroy,
    .changed = changed,
    .running = running,
    .queue = queue_of,
};
