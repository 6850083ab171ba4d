#include "support_toy.h"

#include <criterion/criterion.h>

/* ---- the sessions ---- */

static void tell(struct toy *toy, const char *what, struct slice more)
{
    struct slice texts[] = {slice_of(what), more, SLICE("\n")};
    cr_assert(bytes_append_all(&toy->story, texts, 3));
}

static void say(struct toy *toy, struct slice a, struct slice b)
{
    struct slice texts[] = {a, b, SLICE("\r\n")};
    cr_assert(bytes_append_all(&toy->base.out, texts, 3));
}

static void ask_for_tls(struct toy *toy)
{
    bytes_clear(&toy->base.in); /* session.h */
    toy->base.tls = SESSION_TLS_WANTED;
}

static void serve_line(struct toy *toy, struct slice line)
{
    if (slice_equal(line, SLICE("STARTTLS"))) {
        say(toy, SLICE("go"), SLICE(""));
        ask_for_tls(toy);
    } else if (slice_equal(line, SLICE("QUIT"))) {
        say(toy, SLICE("bye"), SLICE(""));
        toy->base.is_closing = true;
    } else {
        say(toy, SLICE("got "), line);
    }
    if (slice_equal(line, SLICE("WAIT")))
        pump_hold(toy->pump, TOY_WAIT_S * VTIME_S);
    else if (slice_equal(line, SLICE("CUT")))
        pump_cut(toy->pump, PUMP_CUT_NOW);
    else if (slice_equal(line, SLICE("TRAP")))
        pump_cut(toy->pump, PUMP_CUT_AT_INPUT);
}

static void say_next(struct toy *toy)
{
    const char *next = toy->said < 8 ? toy->says[toy->said] : NULL;
    if (next) {
        toy->said++;
        say(toy, slice_of(next), SLICE(""));
    } else {
        toy->base.is_closing = true;
    }
}

static void answer_line(struct toy *toy)
{
    bool was_starttls =
        toy->said > 0 && slice_equal(slice_of(toy->says[toy->said - 1]), SLICE("STARTTLS"));
    if (was_starttls && toy->base.tls == SESSION_TLS_NONE)
        ask_for_tls(toy); /* it says its next line when TLS is on */
    else
        say_next(toy);
}

static void turn(void *context)
{
    struct toy *toy = context;
    struct slice line;
    toy->pump->msg_out = toy->msg;
    if (toy->base.tls == SESSION_TLS_ON && !toy->is_tls_known) {
        toy->is_tls_known = true;
        tell(toy, "tls", SLICE(""));
        if (!toy->is_server && toy->said > 0)
            say_next(toy);
    }
    while (toy->base.tls != SESSION_TLS_WANTED && !pump_is_held(toy->pump) &&
           session_take_line(&toy->base, 200, &line) == SESSION_LINE_OK) {
        tell(toy, "line ", line);
        if (toy->is_server)
            serve_line(toy, line);
        else
            answer_line(toy);
    }
    if (toy->base.is_eof) {
        tell(toy, "eof", SLICE(""));
        toy->base.is_closing = true;
    }
}

static void expired(void *context)
{
    struct toy *toy = context;
    tell(toy, "expired", SLICE(""));
    if (toy->is_server)
        say(toy, SLICE("too slow"), SLICE(""));
    toy->base.is_closing = true;
}

static void ended(void *context, enum net_end why)
{
    static const char *const names[] = {
        [NET_END_CLOSED] = "closed",   [NET_END_REFUSED] = "refused", [NET_END_TIMEOUT] = "timeout",
        [NET_END_BLOCKED] = "blocked", [NET_END_RESET] = "reset",     [NET_END_CRASHED] = "crashed",
        [NET_END_TLS] = "tls",
    };
    struct toy *toy = context;
    cr_expect_not(toy->is_over);
    toy->is_over = true;
    tell(toy, "ended ", slice_of(names[why]));
}

/* ---- the lab ---- */

static void start_toy(struct toy *toy, struct toy_lab *lab, bool is_server)
{
    *toy = (struct toy){.lab = lab, .is_server = is_server};
    bytes_init(&toy->story, SIZE_MAX);
    session_init(&toy->base, 4096, SIZE_MAX);
}

static struct pump_user user_of(struct toy *toy, const struct pump_user *options)
{
    struct pump_user user = *options;
    user.turn = turn;
    user.expired = expired;
    user.ended = ended;
    user.context = toy;
    return user;
}

static bool accept_connection(void *context, uint32_t wire, uint32_t peer,
                              struct net_user *net_user)
{
    struct toy_lab *lab = context;
    struct toy *toy = &lab->server;
    struct pump_user user = user_of(toy, &lab->server_user);
    (void)peer;
    toy->is_over = toy->is_tls_known = false;
    session_restart(&toy->base, 4096, SIZE_MAX);
    toy->base.tls = toy->tls;
    say(toy, SLICE("hello"), SLICE(""));
    toy->pump = pump_accept(&lab->pool, wire, &toy->base, &user, net_user);
    if (toy->wait_s)
        pump_wait(toy->pump, toy->wait_s);
    return true;
}

void toy_start(struct toy_lab *lab, uint64_t seed)
{
    *lab = (struct toy_lab){0};
    sim_init(&lab->sim, seed, VTIME_DEFAULT_EPOCH_S);
    sim_emit(&lab->sim, EVENT_RUN, &(struct event_run){.title = sim_text(&lab->sim, SLICE("toy"))});
    lab->net = net_create(&lab->sim);
    static const char *const names[] = {"a", "mx1.example.org"};
    for (uint32_t i = 0; i < 2; i++)
        net_add_host(lab->net, &(struct net_host_options){.id = slice_of(names[i]),
                                                          .name = slice_of(names[i]),
                                                          .address = TOY_ADDRESS(i + 1),
                                                          .x = EVENT_UNSET,
                                                          .y = EVENT_UNSET});
    net_add_link(lab->net, &(struct net_link_options){
                               .id = SLICE("a:b"), .a = 1, .b = 2, .latency_us = 20000});
    pump_pool_init(&lab->pool, &lab->sim, lab->net);
    lab->authority = tls_authority_create(
        &(struct tls_authority_options){.seed = seed, .epoch_s = VTIME_DEFAULT_EPOCH_S});
    lab->pool.tls = lab->authority;
    lab->client_user.tls_name = SLICE("mx1.example.org");
    lab->client_user.tls_check = TLS_CHECK_VERIFY;
    start_toy(&lab->client, lab, false);
    start_toy(&lab->server, lab, true);
    net_listen(lab->net, 2, TOY_PORT, accept_connection, lab);
}

void toy_connect(struct toy_lab *lab)
{
    struct toy *toy = &lab->client;
    struct pump_user user = user_of(toy, &lab->client_user);
    lab->sim.cause = 0;
    toy->is_over = toy->is_tls_known = false;
    toy->said = 0;
    session_restart(&toy->base, 4096, SIZE_MAX);
    toy->base.tls = toy->tls;
    toy->pump = pump_connect(&lab->pool, 1, TOY_ADDRESS(2), TOY_PORT, &toy->base, &user);
    if (lab->is_server_real)
        net_mark_real(lab->net, toy->pump->wire);
    if (toy->wait_s)
        pump_wait(toy->pump, toy->wait_s);
}

void toy_run(struct toy_lab *lab)
{
    cr_assert(sim_run(&lab->sim, VTIME_NEVER, true, 1000000));
}

static void finish_toy(struct toy *toy)
{
    session_finish(&toy->base);
    bytes_finish(&toy->story);
}

void toy_finish(struct toy_lab *lab)
{
    pump_pool_finish(&lab->pool);
    tls_authority_destroy(lab->authority);
    finish_toy(&lab->client);
    finish_toy(&lab->server);
    net_destroy(lab->net);
    sim_finish(&lab->sim);
}

/* ---- talkers ---- */

static void speak(void *context, uint32_t wire)
{
    struct toy_talker *t = context;
    t->wire = wire;
    net_send(t->lab->net, wire, t->says, 0);
    if (t->closes)
        net_close(t->lab->net, wire);
}

static void hear(void *context, uint32_t wire, struct slice bytes, uint32_t msg)
{
    struct toy_talker *t = context;
    (void)wire, (void)msg;
    bytes_append(&t->heard, bytes);
}

static void hear_end(void *context, uint32_t wire)
{
    struct toy_talker *t = context;
    if (!t->stays_silent_at_end)
        net_close(t->lab->net, wire);
}

static bool accept_raw(void *context, uint32_t wire, uint32_t peer, struct net_user *user)
{
    (void)peer;
    *user = (struct net_user){NULL, hear, hear_end, NULL, context};
    speak(context, wire);
    return true;
}

void toy_listen_raw(struct toy_lab *lab, struct toy_talker *talker)
{
    talker->lab = lab;
    bytes_init(&talker->heard, SIZE_MAX);
    net_unlisten(lab->net, 2, TOY_PORT);
    net_listen(lab->net, 2, TOY_PORT, accept_raw, talker);
}

void toy_connect_raw(struct toy_lab *lab, struct toy_talker *talker)
{
    talker->lab = lab;
    lab->sim.cause = 0;
    bytes_init(&talker->heard, SIZE_MAX);
    talker->wire = net_connect(lab->net, 1, TOY_ADDRESS(2), TOY_PORT,
                               &(struct net_user){speak, hear, hear_end, NULL, talker});
}

/* ---- the trace ---- */

uint32_t toy_count(const struct toy_lab *lab, enum event_kind kind)
{
    uint32_t count = 0;
    for (uint32_t id = 0; id < log_count(&lab->sim.log); id++)
        count += log_at(&lab->sim.log, id)->kind == kind;
    return count;
}

const struct event *toy_event(const struct toy_lab *lab, enum event_kind kind, uint32_t n)
{
    for (uint32_t id = 0; id < log_count(&lab->sim.log); id++)
        if (log_at(&lab->sim.log, id)->kind == kind && n-- == 0)
            return log_at(&lab->sim.log, id);
    return NULL;
}

struct slice toy_text(const struct toy_lab *lab, uint32_t text)
{
    return log_text(&lab->sim.log, text);
}

void toy_octets(const struct toy_lab *lab, bool is_server, struct bytes *octets)
{
    bytes_init(octets, SIZE_MAX);
    for (uint32_t id = 0; id < log_count(&lab->sim.log); id++) {
        const struct event *e = log_at(&lab->sim.log, id);
        const struct event_tcp_segment *s = event_as_tcp_segment(e);
        if (s && !(e->flags & EVENT_SEGMENT_AGAIN) &&
            !(e->flags & EVENT_SEGMENT_BACK) == !is_server)
            cr_assert(bytes_append(octets, toy_text(lab, s->data)));
    }
}
