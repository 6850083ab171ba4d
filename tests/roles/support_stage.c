#include "support_stage.h"

#include <criterion/criterion.h>

#include "agents/roles/registry.h"

#define SERVER_ADDRESS (UINT32_C(0xCB007119)) /* 203.0.113.25 */
#define SENDER_ADDRESS (UINT32_C(0xC633641A)) /* 198.51.100.26 */

/* ---- the server ---- */

static void flush_tls(struct stage *stage, uint32_t wire)
{
    net_send(stage->net, wire, bytes_slice(tls_wire(stage->tls)), 0);
    bytes_clear(tls_wire(stage->tls));
}

static void start_tls(struct stage *stage)
{
    struct random random;
    random_init(&random, 1, SLICE("stage"));
    stage->tls = tls_create(stage->authority, &(struct tls_options){.is_server = true,
                                                                    .name = SLICE("mx.example.org"),
                                                                    .now_s = VTIME_DEFAULT_EPOCH_S,
                                                                    .random = &random});
}

static void say(struct stage *stage, uint32_t wire, struct slice text)
{
    bool is_raw = slice_starts(text, SLICE("!"));
    if (!stage->tls || is_raw) {
        net_send(stage->net, wire, slice_part(text, is_raw, text.size), 0);
        return;
    }
    tls_say(stage->tls, text);
    flush_tls(stage, wire);
}

static void say_next(struct stage *stage, uint32_t wire)
{
    const char *text =
        stage->next < STAGE_TEXTS ? stage->scripts[stage->script].texts[stage->next++] : NULL;
    if (!text) {
        net_close(stage->net, wire);
        return;
    }
    stage->is_message = slice_starts(slice_of(text), SLICE("354"));
    stage->is_tls |= slice_starts(slice_of(text), SLICE("220 tls"));
    if (text[0])
        say(stage, wire, slice_of(text));
    if (slice_starts(slice_of(text), SLICE("220 secure")))
        start_tls(stage);
}

static void hear(struct stage *stage, uint32_t wire, struct slice bytes)
{
    if (bytes.size == 0)
        return;
    cr_assert(bytes_append(&stage->heard, bytes));
    cr_assert(bytes_append(&stage->said, bytes));
    struct slice end = stage->is_message ? SLICE("\r\n.\r\n") : SLICE("\r\n");
    if (!stage->is_tls && !slice_ends(bytes_slice(&stage->heard), end))
        return;
    bytes_clear(&stage->heard);
    say_next(stage, wire);
}

static void received(void *context, uint32_t wire, struct slice bytes, uint32_t msg)
{
    struct stage *stage = context;
    (void)msg;
    if (!stage->tls) {
        hear(stage, wire, bytes);
        return;
    }
    tls_feed(stage->tls, bytes);
    flush_tls(stage, wire);
    hear(stage, wire, bytes_slice(tls_clear(stage->tls)));
    bytes_clear(tls_clear(stage->tls));
}

static void finished(void *context, uint32_t wire)
{
    net_close(((struct stage *)context)->net, wire);
}

static bool accept_connection(void *context, uint32_t wire, uint32_t peer_address,
                              struct net_user *user)
{
    struct stage *stage = context;
    (void)peer_address;
    *user = (struct net_user){.received = received, .finished = finished, .context = stage};
    stage->script = stage->connections < STAGE_SCRIPTS ? stage->connections : STAGE_SCRIPTS - 1;
    while (stage->script > 0 && !stage->scripts[stage->script].texts[0])
        stage->script--;
    stage->connections++;
    stage->next = 0;
    stage->is_message = stage->is_tls = false;
    tls_destroy(stage->tls);
    stage->tls = NULL;
    bytes_clear(&stage->heard);
    bytes_clear(&stage->said);
    say_next(stage, wire);
    return true;
}

/* ---- the stage ---- */

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    (void)agent, (void)config, (void)ports, (void)port_count;
    return office;
}

static void destroy(void *agent)
{
    (void)agent;
}

/* An agent in name only: the transfers are the test's. */
static const struct role sender_role = {
    .name = "mta", .meaning = "", .default_listen = "", .create = create, .destroy = destroy};

static uint32_t add_host(struct net *net, const char *name, uint32_t address)
{
    return net_add_host(net, &(struct net_host_options){.id = slice_of(name),
                                                        .name = slice_of(name),
                                                        .address = address,
                                                        .x = EVENT_UNSET,
                                                        .y = EVENT_UNSET});
}

void stage_start(struct stage *stage, const struct stage_script *scripts, size_t count,
                 uint32_t kbps)
{
    *stage = (struct stage){0};
    for (size_t i = 0; i < count; i++)
        stage->scripts[i] = scripts[i];
    sim_init(&stage->sim, 1, VTIME_DEFAULT_EPOCH_S);
    sim_emit(&stage->sim, EVENT_RUN, &(struct event_run){0});
    stage->net = net_create(&stage->sim);
    uint32_t out = add_host(stage->net, "out.example.com", SENDER_ADDRESS);
    uint32_t mx = add_host(stage->net, "mx.example.org", SERVER_ADDRESS);
    net_add_link(stage->net,
                 &(struct net_link_options){
                     .id = SLICE("line"), .a = out, .b = mx, .latency_us = 10000, .kbps = kbps});
    office_init(&stage->office, &stage->sim, stage->net);
    stage->authority = tls_authority_create(
        &(struct tls_authority_options){.seed = 1, .epoch_s = VTIME_DEFAULT_EPOCH_S});
    stage->office.pumps.tls = stage->authority;
    stage->agent = office_add_agent(&stage->office, out, SLICE("sender"), &sender_role,
                                    &(struct config){0}, NULL, 0);
    uint32_t server =
        net_add_agent(stage->net, mx, SLICE("script"), SLICE("mta"), SLICE(""), SLICE("25"));
    net_listen(stage->net, server, 25, accept_connection, stage);
    stage->transfers = transfer_pool_create(&stage->office, stage->agent);
    bytes_init(&stage->heard, SIZE_MAX / 2);
    bytes_init(&stage->said, SIZE_MAX / 2);
    bytes_init(&stage->story, SIZE_MAX / 2);
}

void stage_finish(struct stage *stage)
{
    pump_pool_finish(&stage->office.pumps);
    transfer_pool_destroy(stage->transfers);
    office_finish(&stage->office);
    tls_destroy(stage->tls);
    tls_authority_destroy(stage->authority);
    net_destroy(stage->net);
    sim_finish(&stage->sim);
    bytes_finish(&stage->heard);
    bytes_finish(&stage->said);
    bytes_finish(&stage->story);
}

static void on_recipient(void *context, uint64_t tag, size_t index,
                         const struct transfer_outcome *outcome)
{
    struct stage *stage = context;
    (void)tag;
    stage->last = *outcome;
    bytes_printf(&stage->story, "%zu:%d/%.*s ", index, outcome->reply.code,
                 SLICE_ARG(outcome->reply.esc));
}

static void on_done(void *context, uint64_t tag)
{
    struct stage *stage = context;
    (void)tag;
    bytes_finish(&stage->domain); /* it was borrowed until now */
    bytes_append(&stage->story, SLICE("done "));
}

void stage_send(struct stage *stage, const struct sending *sending, bool is_lmtp, size_t count,
                struct slice body)
{
    static const struct slice paths[STAGE_RECIPIENTS] = {
        {"a@example.org", 13}, {"b@example.org", 13}, {"c@example.org", 13}, {"d@example.org", 13}};
    bytes_init(&stage->domain, SIZE_MAX / 2);
    bytes_append(&stage->domain, SLICE("[203.0.113.25]")); /* no look-up */
    const struct transfer_options options = {
        .agent = stage->agent,
        .domain = bytes_slice(&stage->domain),
        .port = 25,
        .is_lmtp = is_lmtp,
        .sending = *sending,
        .transaction = {.reverse_path = SLICE("alice@example.com"),
                        .forward_paths = paths,
                        .recipient_count = count,
                        .header = SLICE("Subject: s\r\n\r\n"),
                        .body = body},
    };
    transfer_start(
        stage->transfers, &options,
        &(struct transfer_user){.recipient = on_recipient, .done = on_done, .context = stage});
    sim_run(&stage->sim, VTIME_NEVER, false, 0);
}
