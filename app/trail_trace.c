#include "app/trail_trace.h"

#include "agents/mail/address.h"
#include "agents/mail/header.h"
#include "agents/mail/mime.h"
#include "app/trail_way.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"
#include "sim/base/vtime.h"

enum { PORT_MAIL = 25, PORT_SUBMISSION = 587, PORT_LMTP = 24, SUBJECT_MOST = 500 };

struct maker {
    struct log *log;
    const struct trail *trail;
    struct trail_way way;
    struct arena *arena;
    struct bytes words;
    uint32_t *places; /* of each host: its own, then those of its roles */
    uint32_t cause;   /* the last event */
    int64_t t;
    uint32_t body, from, rcpt, conns;
    uint32_t last_id; /* of the queue where it waits; a text */
};

static uint32_t text(struct maker *m, struct slice s)
{
    return log_intern(m->log, s);
}

static uint32_t add(struct maker *m, int64_t t, enum event_kind kind, const void *fields)
{
    m->t = t > m->t ? t : m->t;
    m->cause = log_add(m->log, m->t, m->cause, kind, 0, fields);
    return m->cause;
}

#define ADD(m, t, upper, lower, ...) add(m, t, EVENT_##upper, &(struct event_##lower){__VA_ARGS__})

static const struct trail_way_host *host_at(const struct maker *m, int host)
{
    return &m->way.hosts.items[host];
}

static uint32_t *places_of(const struct maker *m, int host)
{
    return m->places + host * (TRAIL_WAY_ROLES + 1);
}

static uint32_t agent_at(const struct maker *m, int host, int role)
{
    return places_of(m, host)[1 + role];
}

/* ---- texts of the header ---- */

/* Encoded words read, on one line, not too long. */
static struct slice readable(struct maker *m, struct slice value)
{
    bytes_clear(&m->words);
    if (!mime_decode_words(slice_part(value, 0, 4 * SUBJECT_MOST), &m->words))
        return SLICE("");
    struct slice s = arena_copy(m->arena, slice_part(bytes_slice(&m->words), 0, SUBJECT_MOST));
    for (size_t i = 0; i < s.size; i++)
        if ((unsigned char)s.data[i] < ' ')
            ((char *)s.data)[i] = ' ';
    return slice_trim(s);
}

static struct slice first_address(struct slice list)
{
    struct address_mailbox mailbox;
    return address_next(&list, &mailbox) ? mailbox.address : SLICE("");
}

/* All of the list, without the names of people. */
static struct slice addresses(struct maker *m, struct slice list)
{
    enum { ADDRESSES_MOST = 20 };
    struct address_mailbox mailbox;
    struct slice all = SLICE("");
    for (int i = 0; i < ADDRESSES_MOST && address_next(&list, &mailbox); i++)
        all = arena_printf(m->arena, "%.*s%s%.*s", SLICE_ARG(all), i ? ", " : "",
                           SLICE_ARG(mailbox.address));
    return all;
}

static struct slice angled(struct slice value)
{
    value = slice_trim(value);
    bool is_angled = slice_starts(value, SLICE("<")) && slice_ends(value, SLICE(">"));
    return is_angled ? slice_part(value, 1, value.size - 1) : value;
}

static struct slice field_of(const struct maker *m, enum trail_kind kind)
{
    for (uint32_t i = 0; i < m->trail->field_count; i++)
        if (m->trail->fields[i].kind == kind)
            return m->trail->fields[i].value;
    return SLICE("");
}

/* For whom it came in the end: what the last server says, then what older lines say, then To. */
static struct slice recipient(const struct maker *m)
{
    struct slice found = angled(field_of(m, TRAIL_DELIVERED_TO));
    for (uint32_t i = m->trail->hop_count; i-- > 0 && !found.size;)
        found = m->trail->hops[i].received.rcpt;
    return found.size ? found : first_address(m->trail->to);
}

/* The header as it was when this line had been put on top; of none, the author's own: what is below
   the oldest line. */
static struct slice header_from(const struct maker *m, int hop)
{
    struct slice header = m->trail->header;
    bool is_own = hop == TRAIL_WAY_NONE;
    if (m->trail->hop_count == 0)
        return header;
    struct slice field = m->trail->hops[is_own ? 0 : hop].field;
    const char *from = is_own ? field.data + field.size : field.data;
    size_t start = (size_t)(from - header.data);
    while (is_own && start < header.size && start > 0 && header.data[start - 1] != '\n')
        start++; /* the field may end in front of its line end */
    return slice_part(header, start, header.size);
}

static struct slice body_of(const struct trail *trail)
{
    const char *end = trail->content.data + trail->content.size;
    const char *body = trail->header.data + trail->header.size;
    return trail->header.data ? (struct slice){body, (size_t)(end - body)} : SLICE("");
}

/* ---- what there is ---- */

static void declare_run(struct maker *m)
{
    struct slice subject = readable(m, m->trail->subject);
    ADD(m, 0, RUN, run, .title = text(m, subject.size ? subject : SLICE("(no subject)")),
        .seed = text(m, SLICE("none")), .epoch_s = (uint32_t)m->way.epoch_s,
        .program = text(m, SLICE("mailflow " MAILFLOW_VERSION)));
}

static void declare_domains(struct maker *m)
{
    for (size_t i = 0; i < m->way.hosts.count; i++) {
        struct slice domain = m->way.hosts.items[i].domain;
        bool is_new = domain.size > 0;
        for (size_t k = 0; k < i; k++)
            is_new = is_new && !slice_equal_fold(m->way.hosts.items[k].domain, domain);
        if (is_new)
            ADD(m, 0, ADMD, admd, .id = text(m, domain), .name = text(m, domain));
    }
}

static uint32_t domain_text(struct maker *m, struct slice domain)
{
    for (size_t k = 0; k < m->way.hosts.count; k++) /* as it was written first */
        if (slice_equal_fold(m->way.hosts.items[k].domain, domain))
            return text(m, m->way.hosts.items[k].domain);
    return 0;
}

static void declare_host(struct maker *m, int host)
{
    const struct trail_way_host *h = host_at(m, host);
    ADD(m, 0, HOST, host, .id = text(m, h->id), .name = text(m, h->name), .addr = text(m, h->addr),
        .admd = h->domain.size ? domain_text(m, h->domain) : 0, .x = EVENT_UNSET, .y = EVENT_UNSET);
    uint32_t place = log_place_count(m->log);
    places_of(m, host)[0] = place;
    for (int role = 0; role < h->role_count; role++) {
        const char *word = h->roles[role][0] ? h->roles[role] : "agent";
        bool is_author = host == m->way.author && role == m->way.author_role;
        ADD(m, 0, AGENT, agent,
            .id = text(m, arena_printf(m->arena, "%s@%.*s", word, SLICE_ARG(h->id))), .at = place,
            .role = text(m, slice_of(h->roles[role])), .user = is_author ? m->from : 0);
        places_of(m, host)[1 + role] = log_place_count(m->log);
    }
}

/* The link between two hosts, by its number; 0 when there is none yet. */
static uint32_t link_between(const struct maker *m, uint32_t a, uint32_t b)
{
    for (uint32_t i = 1; i <= m->log->links.count; i++) {
        const struct event_link *link = log_link(m->log, i);
        if ((link->a == a && link->b == b) || (link->a == b && link->b == a))
            return i;
    }
    return 0;
}

static void declare_links(struct maker *m)
{
    for (size_t i = 0; i < m->way.steps.count; i++) {
        const struct trail_way_step *step = &m->way.steps.items[i];
        if (step->from == TRAIL_WAY_NONE || step->from == step->to)
            continue;
        uint32_t a = places_of(m, step->from)[0], b = places_of(m, step->to)[0];
        if (link_between(m, a, b))
            continue;
        struct slice id = arena_printf(m->arena, "%.*s:%.*s", SLICE_ARG(host_at(m, step->from)->id),
                                       SLICE_ARG(host_at(m, step->to)->id));
        ADD(m, 0, LINK, link, .id = text(m, id), .a = a, .b = b);
    }
}

static void mark_claims(struct maker *m)
{
    uint32_t key = text(m, SLICE("claimed")), yes = text(m, SLICE("may have been made up"));
    uint32_t untold = text(m, SLICE("no line tells of this step"));
    for (size_t i = 0; i < m->way.hosts.count; i++)
        if (m->way.hosts.items[i].is_claimed && m->trail->hop_count)
            ADD(m, 0, CONF, conf, .at = places_of(m, (int)i)[0], .key = key, .value = yes);
    for (size_t i = 0; i < m->way.steps.count; i++) {
        const struct trail_way_step *step = &m->way.steps.items[i];
        if (!step->is_claimed || step->from == TRAIL_WAY_NONE || step->from == step->to)
            continue;
        uint32_t link = link_between(m, places_of(m, step->from)[0], places_of(m, step->to)[0]);
        ADD(m, 0, CONF, conf, .key = key, .link = link,
            .value = step->hop == TRAIL_WAY_NONE ? untold : yes);
    }
}

static void declare(struct maker *m)
{
    declare_run(m);
    declare_domains(m);
    m->from = text(m, first_address(m->trail->from));
    for (size_t i = 0; i < m->way.hosts.count; i++)
        declare_host(m, (int)i);
    declare_links(m);
    mark_claims(m);
}

/* ---- what happened ---- */

/* It waits at this agent, as each server's has to until the next one has it (RFC 5321 6.1). */
static void wait_at(struct maker *m, uint32_t agent, uint32_t id)
{
    m->last_id = id;
    ADD(m, m->t, QUEUE_ADD, queue_add, .at = agent, .msg = 1, .id = id, .rcpt = m->rcpt,
        .from = m->from);
}

static void write_message(struct maker *m)
{
    struct slice parts[] = {header_from(m, TRAIL_WAY_NONE), body_of(m->trail)};
    uint32_t agent = agent_at(m, m->way.author, m->way.author_role);
    m->rcpt = text(m, recipient(m));
    m->body = text(m, parts[1]);
    ADD(m, m->way.written, MESSAGE, message, .by = agent, .msg = 1, .from = m->from,
        .to = text(m, addresses(m, m->trail->to)),
        .subject = text(m, readable(m, m->trail->subject)),
        .content = text(m, arena_join(m->arena, parts, 2)));
    if (m->way.steps.count && m->way.steps.items[0].from != TRAIL_WAY_NONE)
        wait_at(m, agent, 0);
}

static uint32_t port_of(const struct trail_hop *hop)
{
    if (!hop)
        return PORT_MAIL;
    return hop->is_submission                                     ? PORT_SUBMISSION
           : slice_starts_fold(hop->received.with, SLICE("LMTP")) ? PORT_LMTP
                                                                  : PORT_MAIL;
}

/* What the header says, or what stands for that it does not. */
static uint32_t said(struct maker *m, struct slice words, const char *otherwise)
{
    return text(m, words.size ? trail_way_safe(m->arena, words) : slice_of(otherwise));
}

/* The connection over which it came: as far as the line says, with TLS and a login. */
static uint32_t connect(struct maker *m, const struct trail_way_step *step, uint32_t from,
                        uint32_t to)
{
    const struct trail_hop *hop = step->hop == TRAIL_WAY_NONE ? NULL : &m->trail->hops[step->hop];
    int64_t t = step->arrives - TRAIL_WAY_TRAVEL_US * VTIME_US;
    struct slice a = host_at(m, step->from)->id, b = host_at(m, step->to)->id;
    struct slice path = step->from == step->to
                            ? a
                            : arena_printf(m->arena, "%.*s %.*s", SLICE_ARG(a), SLICE_ARG(b));
    uint32_t conn = ++m->conns;
    ADD(m, t, TCP_CONNECT, tcp_connect, .conn = conn, .from = from, .to = to, .port = port_of(hop),
        .path = text(m, path));
    ADD(m, t, TCP_OPEN, tcp_open, .conn = conn, .result = text(m, SLICE("ok")));
    if (hop && hop->is_tls)
        ADD(m, t, TLS_UP, tls_up, .conn = conn,
            .version = said(m, hop->received.tls_version, "TLS"),
            .cipher = said(m, hop->received.tls_cipher, "unknown cipher"),
            .name = text(m, SLICE("not told")));
    if (hop && hop->is_authenticated)
        ADD(m, t, AUTH, auth, .conn = conn, .user = said(m, hop->received.user, "somebody"),
            .result = text(m, SLICE("ok")), .mech = text(m, SLICE("a login")));
    if (step->from != step->to)
        ADD(m, t, TCP_SEGMENT, tcp_segment, .conn = conn, .travel = TRAIL_WAY_TRAVEL_US, .msg = 1);
    return conn;
}

static void try_at(struct maker *m, int64_t t, uint32_t agent)
{
    ADD(m, t, QUEUE_TRY, queue_try, .at = agent, .msg = 1, .n = 1, .id = m->last_id,
        .rcpt = m->rcpt);
}

/* Who had it is rid of it: the author's program has submitted it, a server has passed it on. */
static void hand_on(struct maker *m, bool is_author, uint32_t from, uint32_t to, uint32_t conn,
                    uint32_t id)
{
    if (is_author)
        ADD(m, m->t, SUBMIT, submit, .at = from, .msg = 1, .rcpt = m->rcpt, .conn = conn);
    else
        ADD(m, m->t, RELAY, relay, .at = from, .msg = 1, .rcpt = m->rcpt, .to = to, .conn = conn);
    ADD(m, m->t, QUEUE_REMOVE, queue_remove, .at = from, .msg = 1, .id = id);
    ADD(m, m->t, TCP_CLOSE, tcp_close, .conn = conn, .how = text(m, SLICE("closed")));
}

static void take_step(struct maker *m, const struct trail_way_step *step, bool is_first)
{
    bool is_handed = step->from != TRAIL_WAY_NONE;
    uint32_t to = agent_at(m, step->to, step->to_role), conn = 0, id_before = m->last_id;
    uint32_t from = is_handed ? agent_at(m, step->from, step->from_role) : 0;
    const struct trail_hop *hop = step->hop == TRAIL_WAY_NONE ? NULL : &m->trail->hops[step->hop];
    /* Where no line was put on top, it is as the last one has left it. */
    int line = hop ? step->hop : step[-1].hop;
    if (is_handed) {
        try_at(m, step->arrives - TRAIL_WAY_TRAVEL_US * VTIME_US, from);
        conn = connect(m, step, from, to);
    }
    uint32_t id = text(m, trail_way_safe(m->arena, hop ? hop->received.id : SLICE("")));
    ADD(m, step->arrives, ACCEPT, accept, .at = to, .msg = 1, .conn = conn, .id = id,
        .header = text(m, header_from(m, line)), .body = m->body);
    if (is_handed) /* first, as a host may hand it to itself under the same id */
        hand_on(m, is_first, from, to, conn, id_before);
    wait_at(m, to, id);
}

/* The header lies where somebody could read it. */
static void deliver(struct maker *m)
{
    if (m->way.steps.count == 0)
        return;
    const struct trail_way_step *last = &m->way.steps.items[m->way.steps.count - 1];
    uint32_t at = agent_at(m, last->to, last->to_role);
    try_at(m, last->arrives, at);
    ADD(m, last->arrives, DELIVER, deliver, .at = at, .msg = 1, .box = m->rcpt, .rcpt = m->rcpt,
        .header = text(m, m->trail->header), .body = m->body);
    ADD(m, last->arrives, QUEUE_REMOVE, queue_remove, .at = at, .msg = 1, .id = m->last_id);
}

/* Whom a result is about: the property that this method has it in. */
static uint32_t subject_of(struct maker *m, struct slice properties, const char *const names[2])
{
    struct slice name, value, found[2] = {{"", 0}, {"", 0}};
    while (trail_next_property(&properties, &name, &value))
        for (int i = 0; i < 2; i++)
            if (slice_equal_fold(name, slice_of(names[i])))
                found[i] = value;
    struct slice about = found[0].size ? found[0] : found[1];
    if (slice_starts(about, SLICE("@")))
        about = slice_part(about, 1, about.size);
    return text(m, trail_way_safe(m->arena, about));
}

static void add_result(struct maker *m, uint32_t at, const struct trail_result *r)
{
    static const char *const spf[] = {"smtp.mailfrom", "smtp.helo"};
    static const char *const dkim[] = {"header.d", "header.i"};
    static const char *const dmarc[] = {"header.from", "header.from"};
    uint32_t result = text(m, trail_way_safe(m->arena, r->result));
    if (slice_equal_fold(r->method, SLICE("spf")))
        ADD(m, m->t, SPF, spf, .at = at, .msg = 1, .result = result,
            .domain = subject_of(m, r->properties, spf));
    else if (slice_equal_fold(r->method, SLICE("dkim")))
        ADD(m, m->t, DKIM, dkim, .at = at, .msg = 1, .result = result,
            .domain = subject_of(m, r->properties, dkim));
    else if (slice_equal_fold(r->method, SLICE("dmarc")))
        ADD(m, m->t, DMARC, dmarc, .at = at, .msg = 1, .result = result,
            .domain = subject_of(m, r->properties, dmarc));
}

/* What the reader's own server found, as it says itself. */
static void judge(struct maker *m)
{
    if (m->way.steps.count == 0)
        return;
    const struct trail_way_step *last = &m->way.steps.items[m->way.steps.count - 1];
    uint32_t at = agent_at(m, last->to, last->to_role);
    for (uint32_t i = 0; i < m->trail->auth_count; i++) {
        const struct trail_auth *auth = &m->trail->auths[i];
        for (uint32_t k = 0; auth->is_own && !auth->arc_instance && k < auth->result_count; k++)
            add_result(m, at, &m->trail->results[auth->first_result + k]);
    }
}

static void make(struct maker *m)
{
    m->places = memory_take((m->way.hosts.count + 1) * (TRAIL_WAY_ROLES + 1) * sizeof *m->places);
    bytes_init(&m->words, SIZE_MAX);
    declare(m);
    write_message(m);
    for (size_t i = 0; i < m->way.steps.count; i++)
        take_step(m, &m->way.steps.items[i], i == 0);
    judge(m);
    deliver(m);
    bytes_finish(&m->words);
    free(m->places);
}

bool trail_trace(struct log *log, struct slice content, const char *name, struct problem *problem)
{
    struct trail trail;
    struct arena arena;
    arena_init(&arena);
    trail_read(&trail, content, &arena);
    bool ok = trail.total_fields > 0;
    if (ok) {
        struct maker m = {.log = log, .trail = &trail, .arena = &arena};
        log_init(log);
        trail_way_find(&m.way, &trail, &arena);
        make(&m);
        trail_way_finish(&m.way);
    } else {
        problem_at(problem, name, 0, 0);
        problem_set(problem, "there is no header of a message");
    }
    arena_finish(&arena);
    return ok;
}
