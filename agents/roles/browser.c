#include "agents/roles/browser.h"

#include <inttypes.h>
#include <stdlib.h>

#include "agents/proto/http_client.h"
#include "sim/base/memory.h"

static const struct config_key keys[] = {
    {"user", CONFIG_ADDRESS, NULL, 0, 0, "", "who sits in front of it; an address of `users`"},
    {"web", CONFIG_HOST, NULL, 0, 0, "", "host whose pages it shows"},
    {"port", CONFIG_NUMBER, NULL, 1, 65535, "443", "its port; 443 is HTTPS"},
};

/* Pages that one errand may lead through; a web host that sends it round and round is left. */
enum { STEPS_MAX = 12, FORM_MAX = 1024 * 1024 };

struct errand {
    struct arena arena;
    struct browser_errand what;
};

struct browser {
    struct office *office;
    uint32_t agent;
    const struct config *config;
    struct http_client client;
    struct pump *pump;             /* NULL: no connection */
    bool is_looking_up;            /* the web host's address */
    VECTOR(struct errand) errands; /* the first is under way */
    struct bytes cookie, form, path;
    unsigned steps;
    bool has_logged_in, has_clicked; /* in this errand */
    const char *method;              /* of the question that waits for its answer */
};

static uint32_t text(const struct browser *b, struct slice s)
{
    return sim_text(b->office->sim, s);
}

struct slice browser_user(const struct browser *b)
{
    return config_text(b->config, "user");
}

static struct slice host_name(const struct browser *b)
{
    return config_text(b->config, "web");
}

static void show(struct browser *b, struct slice what)
{
    struct arena arena;
    arena_init(&arena);
    struct slice who =
        arena_printf(&arena, "%.*s: %.*s", SLICE_ARG(browser_user(b)), SLICE_ARG(what));
    sim_emit(b->office->sim, EVENT_UI, &(struct event_ui){text(b, SLICE("screen")), text(b, who)});
    arena_finish(&arena);
}

/* ---- errands ---- */

static void begin(struct browser *b);

static void forget_errand(struct browser *b)
{
    if (b->errands.count == 0)
        return;
    arena_finish(&b->errands.items[0].arena);
    vector_remove(&b->errands, 0);
    b->steps = 0;
    b->has_logged_in = b->has_clicked = false;
}

static void end_errand(struct browser *b, struct slice what)
{
    show(b, what);
    forget_errand(b);
    if (b->errands.count > 0)
        begin(b);
}

/* ---- asking ---- */

static void ask(struct browser *b, const char *method, struct slice target)
{
    const struct http_question q = {.method = slice_of(method),
                                    .target = target,
                                    .host = host_name(b),
                                    .cookie = bytes_slice(&b->cookie),
                                    .form = bytes_slice(&b->form)};
    bytes_clear(&b->path);
    (void)bytes_append(&b->path, slice_part(target, 0, slice_find_octet(target, '?', 0)));
    b->method = method;
    if (++b->steps > STEPS_MAX)
        end_errand(b, SLICE("the web host leads round in circles"));
    else if (!http_client_ask(&b->client, &q))
        end_errand(b, SLICE("the page can't be asked for"));
}

static void get(struct browser *b, const char *target)
{
    bytes_clear(&b->form);
    ask(b, "GET", slice_of(target));
}

static void post(struct browser *b, const char *target)
{
    ask(b, "POST", slice_of(target));
}

/* What the person does first. */
static void open_first_page(struct browser *b)
{
    if (bytes_size(&b->cookie) == 0)
        get(b, "/");
    else
        get(b, b->errands.items[0].what.task == BROWSER_SEND ? "/compose" : "/inbox");
}

/* ---- what a page shows ---- */

static struct slice title_of(struct slice page)
{
    size_t from = slice_find(page, SLICE("<title>"), 0);
    size_t to = slice_find(page, SLICE("</title>"), 0);
    return from == SLICE_NONE || to == SLICE_NONE ? SLICE("") : slice_part(page, from + 7, to);
}

/* The target of the n-th link to a message; "" when there are fewer. */
static struct slice find_link(struct slice page, unsigned n)
{
    static const char start[] = "href=\"/message?uid=";
    size_t at = 0;
    for (unsigned i = 1;; i++) {
        at = slice_find(page, SLICE(start), at);
        if (at == SLICE_NONE)
            return SLICE("");
        at += sizeof start - 1;
        if (i == n)
            return slice_part(page, at, slice_find_octet(page, '"', at));
    }
}

static unsigned count_links(struct slice page)
{
    unsigned count = 0;
    while (find_link(page, count + 1).size > 0)
        count++;
    return count;
}

static void log_in(struct browser *b)
{
    const struct office_account *account = office_find_account(b->office, browser_user(b));
    if (b->has_logged_in) {
        end_errand(b, SLICE("the web host does not let me in"));
        return;
    }
    b->has_logged_in = true;
    bytes_clear(&b->form);
    (void)http_form_put(&b->form, "user", browser_user(b));
    (void)http_form_put(&b->form, "password", account ? account->password : SLICE(""));
    post(b, "/login");
}

static void fill_in_letter(struct browser *b)
{
    const struct browser_errand *e = &b->errands.items[0].what;
    bytes_clear(&b->form);
    (void)http_form_put(&b->form, "to", e->to);
    (void)http_form_put(&b->form, "subject", e->subject);
    (void)http_form_put(&b->form, "body", e->body);
    b->has_clicked = true;
    post(b, "/send");
}

static void click_message(struct browser *b, struct slice page)
{
    const struct browser_errand *e = &b->errands.items[0].what;
    struct arena *arena = &b->errands.items[0].arena;
    struct slice uid = find_link(page, e->number);
    if (uid.size == 0) {
        end_errand(b, SLICE("there is no such message in the list"));
        return;
    }
    uid = arena_copy(arena, uid);
    b->has_clicked = true;
    bytes_clear(&b->form);
    if (e->task == BROWSER_MESSAGE) {
        get(b, arena_printf(arena, "/message?uid=%.*s", SLICE_ARG(uid)).data);
    } else {
        (void)http_form_put(&b->form, "uid", uid);
        post(b, "/delete");
    }
}

/* A person has the message in front of them. */
static void emit_fetch(struct browser *b)
{
    struct arena arena;
    arena_init(&arena);
    struct slice box = arena_printf(&arena, "%.*s/INBOX", SLICE_ARG(browser_user(b)));
    if (b->pump->msg_in)
        sim_emit(b->office->sim, EVENT_FETCH,
                 &(struct event_fetch){b->agent, b->pump->msg_in, text(b, box),
                                       text(b, SLICE("http")), 0, 0});
    arena_finish(&arena);
}

/* The page that was asked for is there: what next? */
static void look_at(struct browser *b, struct slice page)
{
    const struct browser_errand *e = &b->errands.items[0].what;
    bool is_inbox = slice_equal(bytes_slice(&b->path), SLICE("/inbox"));
    struct arena arena;
    if (slice_equal(title_of(page), SLICE("Log in"))) {
        log_in(b);
    } else if (slice_equal(bytes_slice(&b->path), SLICE("/message"))) {
        emit_fetch(b);
        end_errand(b, SLICE("reads the message"));
    } else if (e->task == BROWSER_SEND && !b->has_clicked) {
        if (slice_equal(bytes_slice(&b->path), SLICE("/compose")))
            fill_in_letter(b);
        else
            get(b, "/compose");
    } else if (is_inbox && !b->has_clicked && e->task != BROWSER_INBOX) {
        click_message(b, page);
    } else {
        arena_init(&arena);
        unsigned count = count_links(page);
        end_errand(b, arena_printf(&arena, "sees the page \"%.*s\", %u message%s",
                                   SLICE_ARG(title_of(page)), count, count == 1 ? "" : "s"));
        arena_finish(&arena);
    }
}

/* "Set-Cookie: session=KEY; HttpOnly": what is to be shown from now on (RFC 6265 5.2). */
static void keep_cookie(struct browser *b, struct slice header)
{
    struct slice cookie = http_field(header, "Set-Cookie");
    if (cookie.size == 0)
        return;
    bytes_clear(&b->cookie);
    (void)bytes_append(&b->cookie, slice_part(cookie, 0, slice_find_octet(cookie, ';', 0)));
}

static void on_response(struct browser *b, const struct http_client_event *e)
{
    struct slice location = http_field(e->header, "Location");
    sim_emit(b->office->sim, EVENT_HTTP_REPLY,
             &(struct event_http_reply){pump_conn(b->pump), text(b, slice_of(b->method)),
                                        (uint32_t)e->code, text(b, e->reason), b->pump->msg_in});
    keep_cookie(b, e->header);
    if (b->errands.count == 0)
        return;
    struct arena *arena = &b->errands.items[0].arena;
    if (e->code == 303 && location.size > 0 && location.data[0] == '/')
        get(b, arena_copy(arena, location).data);
    else if (e->code == 200)
        look_at(b, arena_copy(arena, e->body));
    else
        end_errand(b, arena_printf(arena, "the web host says: %d %.*s", e->code,
                                   SLICE_ARG(arena_copy(arena, e->reason))));
}

/* ---- the connection ---- */

static void turn(void *context)
{
    struct browser *b = context;
    struct http_client_event e;
    while (http_client_next(&b->client, &e)) {
        if (e.kind == HTTP_CLIENT_RESPONSE)
            on_response(b, &e);
        else if (b->errands.count > 0)
            end_errand(b, e.reason);
    }
    if (b->errands.count > 0)
        pump_wait(b->pump, 300);
    else
        pump_wait_quietly(b->pump, 300);
}

static void ended(void *context, enum net_end why)
{
    struct browser *b = context;
    b->pump = NULL;
    http_client_restart(&b->client);
    if (why == NET_END_CRASHED) {
        while (b->errands.count > 0)
            forget_errand(b);
    } else if (b->errands.count > 0) {
        end_errand(b, why == NET_END_TLS ? SLICE("the web host can't prove who it is")
                                         : SLICE("the web host can't be reached"));
    }
}

static void on_address(void *context, uint64_t tag, const struct resolver_answer *answer)
{
    struct browser *b = context;
    uint32_t address, port = (uint32_t)config_number(b->config, "port");
    (void)tag;
    b->is_looking_up = false;
    if (b->errands.count == 0 || !net_host_is_up(b->office->net, b->agent))
        return;
    if (answer->count == 0 || !resolver_address(&answer->records[0], &address)) {
        end_errand(b, SLICE("the web host's name is not known"));
        return;
    }
    http_client_restart(&b->client);
    if (port == 443 && office_has_tls(b->office))
        b->client.base.tls = SESSION_TLS_FIRST;
    open_first_page(b);
    b->pump = pump_connect(&b->office->pumps, b->agent, address, port, &b->client.base,
                           &(struct pump_user){.turn = turn,
                                               .ended = ended,
                                               .context = b,
                                               .tls_name = host_name(b),
                                               .tls_check = TLS_CHECK_VERIFY});
}

/* The first errand of the list is next. */
static void begin(struct browser *b)
{
    if (b->is_looking_up || b->client.waits)
        return;
    if (b->pump) {
        open_first_page(b);
        pump_flush(b->pump);
        return;
    }
    b->is_looking_up = true;
    office_resolve(b->office, b->agent, host_name(b), DNS_TYPE_A, on_address, b, 0);
}

bool browser_do(struct browser *b, const struct browser_errand *what, struct problem *problem)
{
    if (!net_host_is_up(b->office->net, b->agent))
        return problem_set(problem, "%.*s's computer is off", SLICE_ARG(browser_user(b)));
    struct errand *e = vector_add(&b->errands);
    arena_init(&e->arena);
    e->what = *what;
    e->what.to = arena_copy(&e->arena, what->to);
    e->what.subject = arena_copy(&e->arena, what->subject);
    e->what.body = arena_copy(&e->arena, what->body);
    if (b->errands.count == 1)
        begin(b);
    return true;
}

/* ---- life cycle ---- */

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    struct browser *b = memory_take(sizeof *b);
    (void)ports;
    (void)port_count;
    b->office = office;
    b->agent = agent;
    b->config = config;
    bytes_init(&b->cookie, 1024);
    bytes_init(&b->form, FORM_MAX);
    bytes_init(&b->path, HTTP_LINE_MAX);
    return b;
}

static void destroy(void *agent)
{
    struct browser *b = agent;
    while (b->errands.count > 0)
        forget_errand(b);
    vector_finish(&b->errands);
    http_client_finish(&b->client);
    bytes_finish(&b->cookie);
    bytes_finish(&b->form);
    bytes_finish(&b->path);
    free(b);
}

/* Its pages and cookies are gone when the computer is. */
static void running(void *agent, bool is_up)
{
    struct browser *b = agent;
    if (is_up)
        return;
    while (b->errands.count > 0)
        forget_errand(b);
    bytes_clear(&b->cookie);
}

const struct role browser_role = {
    .name = "browser",
    .meaning = "a browser: shows a person the pages of a web host",
    .keys = keys,
    .key_count = sizeof keys / sizeof *keys,
    .default_listen = "",
    .create = create,
    .destroy = destroy,
    .running = running,
};
