/* A mail program gets mail: where from, and when. */
#include "agents/roles/mua_part.h"

#include "agents/roles/store.h"

#define AGAIN_NS VTIME_MIN

/* ---- visits ---- */

/* Who wants to stay with the server comes back to it. */
static void try_again(void *context, uint64_t life, uint64_t unused)
{
    struct mua *mua = context;
    struct problem ignored;
    (void)unused;
    if (life == mua->again_life && mua->idles && !mua->is_fetching)
        (void)mua_fetch(mua, &ignored);
}

void mua_visit_ended(struct mua *mua, struct slice problem)
{
    mua->is_fetching = false;
    if (problem.size)
        mua_show(mua, problem);
    if (mua->idles)
        sim_after_background(mua->office->sim, AGAIN_NS, try_again, mua, ++mua->again_life, 0);
}

static enum pickup_fate keep(void *context, size_t index, struct slice content, uint32_t msg)
{
    (void)index;
    return mua_keep(context, content, msg, 0, 0, SLICE("pop3")) ? PICKUP_TAKEN : PICKUP_LEFT;
}

static void over(void *context, struct slice problem)
{
    mua_visit_ended(context, problem);
}

static void meet(void *context, uint32_t address, const struct pickup_login *login)
{
    struct mua *mua = context;
    if (mua->pickup.server.is_imap) {
        mua_imap_visit(mua->imap, address, login);
        return;
    }
    struct pickup_policy policy = {.deletes = config_bool(mua->config, "pop_delete"),
                                   .after_ns = config_number(mua->config, "pop_keep")};
    pickup_pop3_visit(mua->pop3, address, login, policy);
}

static struct slice what_is_missing(const struct mua *mua)
{
    if (mua->way == MUA_BY_FILE)
        return store_find(mua->office, net_host_of(mua->office->net, mua->agent))
                   ? SLICE("")
                   : SLICE("computer has no message store");
    return config_text(mua->config, "incoming").size ? SLICE("")
                                                     : SLICE("mail program has no incoming server");
}

bool mua_fetch(struct mua *mua, struct problem *problem)
{
    struct slice missing = what_is_missing(mua);
    if (missing.size)
        return problem_set(problem, "%.*s's %.*s", SLICE_ARG(mua->user), SLICE_ARG(missing));
    if (!net_host_is_up(mua->office->net, mua->agent))
        return problem_set(problem, "%.*s's computer is off", SLICE_ARG(mua->user));
    if (mua->way == MUA_BY_FILE)
        return mua_store_look(mua, problem);
    if (!mua->is_fetching) {
        mua->is_fetching = true;
        pickup_begin(&mua->pickup);
    } else if (mua->pickup.server.is_imap) {
        mua_imap_look(mua->imap);
    }
    return true;
}

bool mua_set_idle(struct mua *mua, bool is_on, struct problem *problem)
{
    if (mua->way != MUA_BY_IMAP)
        return problem_set(problem, "%.*s's mail program does not fetch by IMAP",
                           SLICE_ARG(mua->user));
    mua->idles = is_on;
    if (is_on)
        return mua_fetch(mua, problem);
    mua_imap_look(mua->imap);
    return true;
}

/* ---- by itself ---- */

static void check_mail(void *context, uint64_t life, uint64_t unused)
{
    struct mua *mua = context;
    struct problem ignored;
    (void)unused;
    if (life != mua->check_life)
        return;
    (void)mua_fetch(mua, &ignored); /* a computer that is off does not look */
    sim_after_background(mua->office->sim, config_number(mua->config, "check_every"), check_mail,
                         mua, life, 0);
}

void mua_fetch_plan(struct mua *mua)
{
    int64_t every = config_number(mua->config, "check_every");
    mua->check_life++;
    if (every > 0)
        sim_after_background(mua->office->sim, every, check_mail, mua, mua->check_life, 0);
}

/* ---- settings ---- */

static enum mua_way way_of(struct slice word)
{
    return slice_equal(word, SLICE("imap"))   ? MUA_BY_IMAP
           : slice_equal(word, SLICE("file")) ? MUA_BY_FILE
                                              : MUA_BY_POP3;
}

void mua_fetch_configure(struct mua *mua)
{
    const struct config *config = mua->config;
    struct pickup *p = &mua->pickup;
    mua->way = way_of(config_text(config, "incoming_protocol"));
    mua->idles = mua->idles && mua->way == MUA_BY_IMAP;
    *p = (struct pickup){.office = mua->office,
                         .agent = mua->agent,
                         .address = mua->user,
                         .meet = meet,
                         .context = mua,
                         .failed = over};
    p->server = (struct pickup_server){.name = config_text(config, "incoming"),
                                       .is_imap = mua->way == MUA_BY_IMAP,
                                       .pipelines = config_bool(config, "incoming_pipelining"),
                                       .login = config_text(config, "incoming_auth")};
    pickup_server_set(&p->server, (uint32_t)config_number(config, "incoming_port"),
                      config_text(config, "incoming_tls"));
    if (mua->way == MUA_BY_IMAP && !mua->imap)
        mua->imap = mua_imap_create(mua);
    if (mua->way == MUA_BY_POP3 && !mua->pop3)
        mua->pop3 = pickup_pop3_create(
            p, &(struct pickup_pop3_user){.message = keep, .over = over, .context = mua});
}

void mua_fetch_finish(struct mua *mua)
{
    pickup_pop3_destroy(mua->pop3);
    mua_imap_destroy(mua->imap);
}
