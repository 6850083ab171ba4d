#include "agents/roles/web.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "agents/roles/web_part.h"
#include "sim/base/memory.h"

static const struct config_key keys[] = {
    {"imap", CONFIG_HOST, NULL, 0, 0, "", "access server that has the mailboxes"},
    {"imap_port", CONFIG_NUMBER, NULL, 1, 65535, "993", "its port"},
    {"imap_tls", CONFIG_WORD, "never required implicit", 0, 0, "implicit", "how it is reached"},
    {"submit", CONFIG_HOST, NULL, 0, 0, "", "submission server that takes what is sent"},
    {"submit_port", CONFIG_NUMBER, NULL, 1, 65535, "587", "its port"},
    {"submit_tls", CONFIG_WORD, SENDING_TLS_WORDS_OR_FIRST, 0, 0, "if-offered",
     "how it is reached"},
};

enum { PAGE_MAX = 8 * 1024 * 1024, LOGINS_MAX = 10000, KEEP_ALIVE_S = 60 };

uint32_t web_text(const struct web *web, struct slice s)
{
    return sim_text(web->office->sim, s);
}

/* ---- answers ---- */

static void forget_request(struct web_visit *v)
{
    arena_reset(&v->arena);
    v->user = v->password = v->failure = SLICE("");
    v->is_asking = false;
    v->msg = 0;
}

static void answer(struct web_visit *v, int code, struct slice fields)
{
    struct office *office = v->web->office;
    const struct http_answer a = {.code = code,
                                  .type = SLICE("text/html; charset=utf-8"),
                                  .fields = fields,
                                  .body = bytes_slice(&v->page)};
    v->pump->msg_out = v->msg;
    http_server_answer(&v->server, &a, office_now_s(office, v->web->agent));
    pump_flush(v->pump);
    v->pump->msg_out = 0;
    bytes_reuse(&v->page);
    forget_request(v);
}

static void answer_see(struct web_visit *v, const char *path, struct slice cookie)
{
    struct slice fields = arena_printf(&v->arena, "Location: %s\r\n%.*s", path, SLICE_ARG(cookie));
    bytes_clear(&v->page);
    answer(v, 303, fields);
}

void web_answer_problem(struct web_visit *v, int code, struct slice what)
{
    web_page_begin(v, slice_of(http_reason(code)));
    web_page_say(v, what);
    web_page_end(v);
    answer(v, code, SLICE(""));
}

/* ---- who is asking ---- */

/* RFC 6265 5.4: "session=KEY", perhaps among others. */
static const struct web_login *find_login(const struct web *web, struct slice header)
{
    struct slice cookie, rest = http_field(header, "Cookie");
    while (slice_cut(&rest, ';', &cookie)) {
        cookie = slice_trim(cookie);
        if (!slice_starts(cookie, SLICE("session=")))
            continue;
        struct slice key = slice_part(cookie, 8, cookie.size);
        for (size_t i = 0; i < web->logins.count; i++)
            if (slice_equal(key, slice_of(web->logins.items[i].key)))
                return &web->logins.items[i];
    }
    return NULL;
}

static void log_out(struct web *web, const struct web_login *login)
{
    vector_remove(&web->logins, (size_t)(login - web->logins.items));
}

static void log_in(struct web_visit *v)
{
    struct web *web = v->web;
    if (web->logins.count == LOGINS_MAX)
        vector_remove(&web->logins, 0);
    struct web_login *login = vector_add(&web->logins);
    login->user = arena_copy(&web->office->arena, v->user);
    login->password = arena_copy(&web->office->arena, v->password);
    (void)office_new_nonce(web->office, web->agent, login->key);
    answer_see(v, "/inbox",
               arena_printf(&v->arena,
                            "Set-Cookie: session=%s; HttpOnly; Secure; SameSite=Strict\r\n",
                            login->key));
}

/* ---- when the servers behind have answered ---- */

static void release(struct web_visit *v)
{
    forget_request(v);
    v->next_free = v->web->free;
    v->web->free = v;
}

/* True when there still is somebody to be answered. */
static bool is_wanted(struct web_visit *v)
{
    v->is_asking = false;
    if (v->pump && net_host_is_up(v->web->office->net, v->web->agent))
        return true;
    if (!v->pump)
        release(v);
    return false;
}

static void end_list(struct web_visit *v)
{
    if (v->row_count == 0)
        web_page_say(v, SLICE("There is no mail."));
    web_page_end(v);
    answer(v, 200, SLICE(""));
}

void web_mail_done(struct web_visit *v)
{
    if (!is_wanted(v))
        return;
    if (v->has_failed && v->task == WEB_TASK_LOGIN) {
        struct slice complaint = v->failure;
        v->user = SLICE("");
        web_page_login(v, complaint);
        answer(v, 403, SLICE(""));
    } else if (v->has_failed) {
        web_answer_problem(v, 502, v->failure);
    } else if (v->task == WEB_TASK_LOGIN) {
        log_in(v);
    } else if (v->task == WEB_TASK_LIST) {
        end_list(v);
    } else if (v->task == WEB_TASK_DELETE) {
        answer_see(v, "/inbox", SLICE(""));
    } else if (v->is_found) {
        answer(v, 200, SLICE(""));
    } else {
        web_answer_problem(v, 404, SLICE("That message is not there any more."));
    }
}

void web_sent(struct web_visit *v)
{
    if (!is_wanted(v))
        return;
    if (v->refused_count > 0)
        web_answer_problem(v, 502, v->failure);
    else
        answer_see(v, "/inbox", SLICE(""));
}

/* ---- requests ---- */

static void ask(struct web_visit *v, enum web_task task)
{
    v->task = task;
    if (task == WEB_TASK_LIST)
        web_page_begin(v, SLICE("Inbox"));
    web_mail_ask(v);
}

static void on_log_in(struct web_visit *v, struct slice form)
{
    struct bytes value;
    bytes_init(&value, 1024);
    (void)http_form_find(form, "user", &value);
    v->user = arena_copy(&v->arena, bytes_slice(&value));
    bytes_clear(&value);
    (void)http_form_find(form, "password", &value);
    v->password = arena_copy(&v->arena, bytes_slice(&value));
    bytes_finish(&value);
    ask(v, WEB_TASK_LOGIN);
}

static bool read_uid(struct web_visit *v, struct slice form)
{
    struct bytes value;
    uint64_t uid = 0;
    bytes_init(&value, 32);
    bool ok = http_form_find(form, "uid", &value) && slice_to_u64(bytes_slice(&value), &uid) &&
              uid > 0 && uid <= UINT32_MAX;
    bytes_finish(&value);
    v->uid = (uint32_t)uid;
    return ok;
}

static void on_inbox(struct web_visit *v, const struct http_server_event *e)
{
    (void)e;
    ask(v, WEB_TASK_LIST);
}

static void on_message(struct web_visit *v, const struct http_server_event *e)
{
    if (read_uid(v, e->query))
        ask(v, WEB_TASK_READ);
    else
        web_answer_problem(v, 404, SLICE("Which message?"));
}

static void on_compose(struct web_visit *v, const struct http_server_event *e)
{
    (void)e;
    web_page_compose(v);
    answer(v, 200, SLICE(""));
}

static void on_send(struct web_visit *v, const struct http_server_event *e)
{
    web_send(v, e->body);
}

static void on_delete(struct web_visit *v, const struct http_server_event *e)
{
    if (read_uid(v, e->body))
        ask(v, WEB_TASK_DELETE);
    else
        web_answer_problem(v, 404, SLICE("Which message?"));
}

static void on_log_out(struct web_visit *v, const struct http_server_event *e)
{
    log_out(v->web, find_login(v->web, e->header));
    answer_see(v, "/", SLICE(""));
}

/* Pages for those who have logged in. HEAD is a GET without its content (RFC 9110 9.3.2). */
static const struct route {
    const char *method, *path;
    void (*go)(struct web_visit *v, const struct http_server_event *e);
} routes[] = {
    {"GET", "/inbox", on_inbox}, {"GET", "/message", on_message}, {"GET", "/compose", on_compose},
    {"POST", "/send", on_send},  {"POST", "/delete", on_delete},  {"POST", "/logout", on_log_out},
};

/* RFC 9110 15.5.6: with the methods that the page has. */
static void answer_not_allowed(struct web_visit *v, struct slice path)
{
    struct slice fields = SLICE("");
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        if (slice_equal(path, slice_of(routes[i].path)))
            fields = arena_printf(&v->arena, "Allow: %s%s\r\n", routes[i].method,
                                  strcmp(routes[i].method, "GET") == 0 ? ", HEAD" : "");
    web_page_begin(v, SLICE("Method Not Allowed"));
    web_page_end(v);
    answer(v, 405, fields);
}

static void go(struct web_visit *v, const struct http_server_event *e)
{
    struct slice method = slice_equal(e->method, SLICE("HEAD")) ? SLICE("GET") : e->method;
    bool is_path = false;
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        if (!slice_equal(e->path, slice_of(routes[i].path)))
            continue;
        is_path = true;
        if (slice_equal(method, slice_of(routes[i].method))) {
            routes[i].go(v, e);
            return;
        }
    }
    if (is_path)
        answer_not_allowed(v, e->path);
    else
        web_answer_problem(v, 404, SLICE("There is no such page."));
}

static void on_request(struct web_visit *v, const struct http_server_event *e)
{
    const struct web_login *login = find_login(v->web, e->header);
    struct slice target = arena_printf(&v->arena, "%.*s%s%.*s", SLICE_ARG(e->path),
                                       e->query.size ? "?" : "", SLICE_ARG(e->query));
    sim_emit(v->web->office->sim, EVENT_HTTP_REQUEST,
             &(struct event_http_request){v->conn, web_text(v->web, e->method),
                                          web_text(v->web, target), v->pump->msg_in});
    if (login) {
        v->user = login->user;
        v->password = login->password;
    }
    if (slice_equal(e->path, SLICE("/login")) && slice_equal(e->method, SLICE("POST"))) {
        on_log_in(v, e->body);
    } else if (login && slice_equal(e->path, SLICE("/"))) {
        answer_see(v, "/inbox", SLICE(""));
    } else if (login) {
        go(v, e);
    } else if (slice_equal(e->path, SLICE("/"))) {
        web_page_login(v, SLICE(""));
        answer(v, 200, SLICE(""));
    } else {
        answer_see(v, "/", SLICE(""));
    }
}

/* ---- one connection ---- */

static void turn(void *context)
{
    struct web_visit *v = context;
    struct http_server_event e;
    while (http_server_next(&v->server, &e))
        if (e.kind == HTTP_SERVER_REQUEST)
            on_request(v, &e);
    if (!v->is_asking)
        pump_wait_quietly(v->pump, KEEP_ALIVE_S);
    else
        pump_wait(v->pump, 0);
}

static void ended(void *context, enum net_end why)
{
    struct web_visit *v = context;
    (void)why;
    v->pump = NULL;
    http_server_restart(&v->server, v->server.name);
    if (!v->is_asking)
        release(v);
}

static struct web_visit *take(struct web *web)
{
    struct web_visit *v = web->free;
    if (v) {
        web->free = v->next_free;
        return v;
    }
    v = memory_take(sizeof *v);
    v->web = web;
    arena_init(&v->arena);
    bytes_init(&v->page, PAGE_MAX);
    bytes_init(&v->content, HTTP_BODY_MAX);
    v->next = web->all;
    web->all = v;
    return v;
}

static bool accept_connection(struct web *web, uint32_t wire, bool has_tls, struct net_user *user)
{
    struct office *office = web->office;
    struct web_visit *v = take(web);
    forget_request(v);
    http_server_restart(&v->server, SLICE("mailflow"));
    if (has_tls)
        v->server.base.tls = SESSION_TLS_FIRST;
    v->conn = net_conn(office->net, wire);
    v->pump = pump_accept(&office->pumps, wire, &v->server.base,
                          &(struct pump_user){.turn = turn,
                                              .ended = ended,
                                              .context = v,
                                              .tls_name = net_host_name(office->net, web->agent),
                                              .tls_flaw = office_find_flaw(office, web->agent)},
                          user);
    pump_wait_quietly(v->pump, KEEP_ALIVE_S);
    return true;
}

static bool accept_clear(void *context, uint32_t wire, uint32_t peer, struct net_user *user)
{
    (void)peer;
    return accept_connection(context, wire, false, user);
}

static bool accept_tls(void *context, uint32_t wire, uint32_t peer, struct net_user *user)
{
    (void)peer;
    return accept_connection(context, wire, true, user);
}

/* ---- life cycle ---- */

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    struct web *web = memory_take(sizeof *web);
    web->office = office;
    web->agent = agent;
    web->config = config;
    web->transfers = transfer_pool_create(office, agent);
    for (size_t i = 0; i < port_count; i++)
        (void)net_listen(office->net, agent, ports[i],
                         ports[i] == 443 && office_has_tls(office) ? accept_tls : accept_clear,
                         web);
    return web;
}

static void destroy(void *agent)
{
    struct web *web = agent;
    transfer_pool_destroy(web->transfers);
    while (web->all) {
        struct web_visit *v = web->all;
        web->all = v->next;
        http_server_finish(&v->server);
        imap_client_finish(&v->imap);
        bytes_finish(&v->page);
        bytes_finish(&v->content);
        arena_finish(&v->arena);
        free(v);
    }
    vector_finish(&web->logins);
    free(web);
}

/* Who had logged in is known in memory only. */
static void running(void *agent, bool is_up)
{
    struct web *web = agent;
    if (!is_up)
        vector_clear(&web->logins);
}

const struct role web_role = {
    .name = "web",
    .meaning = "webmail: a mail program that people use with a browser",
    .keys = keys,
    .key_count = sizeof keys / sizeof *keys,
    .default_listen = "443",
    .create = create,
    .destroy = destroy,
    .running = running,
};
