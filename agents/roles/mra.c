#include "agents/roles/mra_part.h"

#include <stdlib.h>

#include "agents/mail/address.h"
#include "agents/mail/header.h"
#include "agents/mail/message.h"
#include "agents/mail/received.h"
#include "agents/proto/dns_message.h"
#include "agents/roles/mda.h"
#include "agents/roles/store.h"
#include "sim/base/memory.h"

enum { CONTENT_MAX = 65 * 1024 * 1024, SMTP_PORT = 25 };

static const struct config_key keys[] = {
    {"accounts", CONFIG_TEXTS, NULL, 0, 0, "",
     "where mail is: \"carol@example.net pop3 isp-mx.example.net to carol@desk.example.com\", "
     "behind it also keep (on the server), tls WORD (as incoming_tls of an mua), port NUMBER"},
    {"poll_every", CONFIG_DURATION, NULL, 0, 31536000, "10min", "how often; 0 only when asked"},
    {"deliver_to", CONFIG_WORD, "mta mda", 0, 0, "mta",
     "who is handed the mail: the MTA of its host by SMTP, or the MDA of its host"},
};

/* A message on its way to the next one here. */
struct handing {
    struct mra_errand *errand;
    struct handing *next, **link; /* of all; link is what points here */
    uint32_t key;
    struct bytes content;
    struct arena arena;
    struct slice reverse_path, path;
    bool is_taken;
};

struct mra {
    struct office *office;
    uint32_t agent;
    const struct config *config;
    struct slice literal; /* "[198.51.100.12]": its own host, for whom no name need be looked up */
    VECTOR(struct mra_errand *) errands; /* each is there as long as the agent */
    struct transfer_pool *transfers;
    struct handing *handings;
    uint32_t poll_life; /* counts changes of poll_every: older timers do nothing */
};

/* ---- accounts ---- */

static bool read_option(struct slice word, struct slice *rest, struct mra_account *account)
{
    struct slice value;
    uint64_t port;
    if (slice_equal(word, SLICE("keep"))) {
        account->keeps = true;
        return true;
    }
    if (!slice_cut(rest, ' ', &value))
        return false;
    if (slice_equal(word, SLICE("to"))) {
        account->to = value;
        return address_domain(value).size > 0;
    }
    if (slice_equal(word, SLICE("tls"))) {
        static const struct slice words = {" " PICKUP_TLS_WORDS " ", sizeof PICKUP_TLS_WORDS + 1};
        account->tls = value;
        size_t at = value.size ? slice_find(words, value, 0) : SLICE_NONE;
        return at != SLICE_NONE && words.data[at - 1] == ' ' && words.data[at + value.size] == ' ';
    }
    if (!slice_equal(word, SLICE("port")) || !slice_to_u64(value, &port) || port < 1 ||
        port > 65535)
        return false;
    account->port = (uint32_t)port;
    return true;
}

bool mra_account_read(struct slice text, struct mra_account *account)
{
    struct slice rest = slice_trim(text), protocol = {"", 0}, word;
    *account = (struct mra_account){.tls = SLICE("never")};
    bool ok = slice_cut(&rest, ' ', &account->address) && slice_cut(&rest, ' ', &protocol) &&
              slice_cut(&rest, ' ', &account->server) && account->server.size > 0 &&
              address_domain(account->address).size > 0;
    account->is_imap = slice_equal(protocol, SLICE("imap"));
    account->to = account->address;
    ok = ok && (account->is_imap || slice_equal(protocol, SLICE("pop3")));
    while (ok && slice_cut(&rest, ' ', &word))
        ok = read_option(word, &rest, account);
    return ok;
}

/* ---- handing on ---- */

/* Who wrote it, as the server that delivered it has noted (RFC 5321 4.4). */
static struct slice reverse_path_of(struct slice header, struct arena *arena)
{
    struct header_field field;
    if (!header_find(header, SLICE("Return-Path"), 1, &field))
        return SLICE("");
    struct slice path = slice_trim(field.value);
    bool is_angled = path.size >= 2 && path.data[0] == '<' && path.data[path.size - 1] == '>';
    return is_angled ? arena_copy(arena, slice_part(path, 1, path.size - 1)) : SLICE("");
}

/* The field that this agent adds, as such programs do; RFC 5321 has a word for SMTP's only. */
static bool write_received(const struct mra_errand *errand, struct bytes *out)
{
    char id[OFFICE_ID];
    struct office *office = errand->mra->office;
    uint32_t agent = errand->mra->agent;
    const struct received field = {.from = errand->account.server,
                                   .by = net_host_name(office->net, agent),
                                   .with = errand->account.is_imap ? SLICE("IMAP") : SLICE("POP3"),
                                   .id = office_new_id(office, agent, id),
                                   .rcpt = errand->account.to,
                                   .unix_s = office_now_s(office, agent),
                                   .zone_min = office_zone(office, agent),
                                   .has_date = true};
    return received_write(&field, out);
}

/* Return-Path goes back into the envelope: whoever delivers writes it anew (RFC 5321 4.4). */
static bool write_content(const struct mra_errand *errand, struct slice content, struct bytes *out)
{
    struct slice header, body;
    struct header_field field;
    header_split(content, &header, &body);
    bool fits = bytes_reserve(out, content.size + 256) && write_received(errand, out);
    struct slice rest = header;
    while (fits && header_next(&rest, &field))
        fits = slice_equal_fold(field.name, SLICE("Return-Path")) || bytes_append(out, field.whole);
    return fits && bytes_append(out, SLICE("\r\n")) && bytes_append(out, body);
}

static void free_memory(struct handing *h)
{
    bytes_finish(&h->content);
    arena_finish(&h->arena);
    free(h);
}

static void free_handing(struct handing *h)
{
    if (h->link)
        *h->link = h->next;
    if (h->next)
        h->next->link = h->link;
    free_memory(h);
}

static void on_recipient(void *context, uint64_t tag, size_t index,
                         const struct transfer_outcome *o)
{
    struct handing *h = context;
    (void)tag;
    (void)index;
    h->is_taken = o->reply.code >= 200 && o->reply.code < 300;
}

static void on_done(void *context, uint64_t tag)
{
    struct handing *h = context;
    struct mra_errand *errand = h->errand;
    bool is_taken = h->is_taken;
    uint32_t key = h->key;
    (void)tag;
    free_handing(h);
    errand->handing_count--;
    if (errand->account.is_imap)
        mra_imap_settle(errand->imap, key, is_taken);
    else
        pickup_pop3_settle(errand->pop3, key, is_taken);
}

static enum pickup_fate hand_to_mta(struct mra_errand *errand, struct handing *h, uint32_t msg)
{
    struct mra *mra = errand->mra;
    struct transfer_options options = {
        .agent = mra->agent, .domain = mra->literal, .port = SMTP_PORT, .msg = msg};
    struct smtp_client_transaction *t = &options.transaction;
    struct slice content = bytes_slice(&h->content);
    h->link = &mra->handings;
    h->next = mra->handings;
    if (h->next)
        h->next->link = &h->next;
    mra->handings = h;
    header_split(content, &t->header, &t->body);
    t->reverse_path = h->reverse_path;
    t->forward_paths = &h->path;
    t->recipient_count = 1;
    t->is_8bit = message_is_8bit(content);
    t->is_utf8 = message_is_8bit(t->header) || message_is_8bit(h->reverse_path);
    errand->handing_count++;
    transfer_start(
        mra->transfers, &options,
        &(struct transfer_user){.recipient = on_recipient, .done = on_done, .context = h});
    return PICKUP_LATER;
}

static enum pickup_fate hand_to_mda(struct mra_errand *errand, struct handing *h, uint32_t msg,
                                    uint32_t conn)
{
    struct mra *mra = errand->mra;
    struct office *office = mra->office;
    struct mda *mda = mda_find(office, net_host_of(office->net, mra->agent));
    char id[OFFICE_ID];
    struct smtp_reply reply = {0};
    struct slice content = bytes_slice(&h->content);
    struct queue_mail mail = {.id = office_new_id(office, mra->agent, id),
                              .msg = msg,
                              .reverse_path = h->reverse_path,
                              .forward_paths = &h->path,
                              .recipient_count = 1,
                              .is_8bit = message_is_8bit(content)};
    header_split(content, &mail.header, &mail.body);
    if (mda)
        mda_take_over(mda, &mail, h->path, conn, &reply);
    free_handing(h);
    return reply.code >= 200 && reply.code < 300 ? PICKUP_TAKEN : PICKUP_LEFT;
}

static void emit_fetch(const struct mra_errand *errand, struct slice header, struct slice body,
                       uint32_t msg)
{
    struct sim *sim = errand->mra->office->sim;
    struct arena arena;
    arena_init(&arena);
    struct slice box = store_box_name(&arena, errand->account.address, SLICE("INBOX"));
    sim_emit(sim, EVENT_FETCH,
             &(struct event_fetch){
                 errand->mra->agent, msg, sim_text(sim, box),
                 sim_text(sim, errand->account.is_imap ? SLICE("imap") : SLICE("pop3")),
                 sim_text(sim, header), sim_text(sim, body)});
    arena_finish(&arena);
}

enum pickup_fate mra_hand_on(struct mra_errand *errand, uint32_t key, struct slice content,
                             uint32_t msg, uint32_t conn)
{
    struct slice header, body;
    header_split(content, &header, &body);
    emit_fetch(errand, header, body, msg);
    struct handing *h = memory_take(sizeof *h);
    *h = (struct handing){.errand = errand, .key = key, .path = errand->account.to};
    bytes_init(&h->content, CONTENT_MAX);
    arena_init(&h->arena);
    if (!write_content(errand, content, &h->content)) {
        free_handing(h);
        return PICKUP_LEFT;
    }
    h->reverse_path = reverse_path_of(header, &h->arena);
    return slice_equal(config_text(errand->mra->config, "deliver_to"), SLICE("mda"))
               ? hand_to_mda(errand, h, msg, conn)
               : hand_to_mta(errand, h, msg);
}

/* ---- visits ---- */

static enum pickup_fate on_pop3_message(void *context, size_t index, struct slice content,
                                        uint32_t msg)
{
    struct mra_errand *errand = context;
    return mra_hand_on(errand, (uint32_t)index, content, msg, pickup_pop3_conn(errand->pop3));
}

/* Who lets nothing stay on the server keeps no list of what was taken: should the visit have ended
   before QUIT, the same is fetched again. */
static void forget(struct mra_errand *errand)
{
    if (errand->account.keeps)
        return;
    if (errand->imap)
        mra_imap_forget(errand->imap);
    else
        pickup_pop3_forget(errand->pop3);
}

void mra_visit_ended(void *context, struct slice problem)
{
    struct mra_errand *errand = context;
    struct sim *sim = errand->mra->office->sim;
    struct arena arena;
    errand->is_visiting = false;
    forget(errand);
    if (problem.size == 0)
        return;
    arena_init(&arena);
    struct slice what = arena_printf(&arena, "mail for %.*s: %.*s",
                                     SLICE_ARG(errand->account.address), SLICE_ARG(problem));
    sim_emit(sim, EVENT_UI, &(struct event_ui){sim_text(sim, SLICE("log")), sim_text(sim, what)});
    arena_finish(&arena);
}

static void meet(void *context, uint32_t address, const struct pickup_login *login)
{
    struct mra_errand *errand = context;
    if (errand->imap)
        mra_imap_visit(errand->imap, address, login);
    else
        pickup_pop3_visit(errand->pop3, address, login,
                          (struct pickup_policy){.deletes = !errand->account.keeps});
}

static void begin(struct mra_errand *errand)
{
    if (errand->is_visiting || errand->handing_count > 0)
        return; /* under way already */
    errand->is_visiting = true;
    pickup_begin(&errand->pickup);
}

bool mra_poll(struct mra *mra, struct problem *problem)
{
    if (!net_agent_is_up(mra->office->net, mra->agent))
        return problem_set(problem, "the retrieval agent is not running");
    uint32_t cause = mra->office->sim->cause;
    for (size_t i = 0; i < mra->errands.count; i++) {
        mra->office->sim->cause = cause;
        if (!mra->errands.items[i]->is_dismissed)
            begin(mra->errands.items[i]);
    }
    return true;
}

static void poll(void *context, uint64_t life, uint64_t unused)
{
    struct mra *mra = context;
    struct problem ignored;
    (void)unused;
    if (life != mra->poll_life)
        return;
    (void)mra_poll(mra, &ignored);
    sim_after_background(mra->office->sim, config_number(mra->config, "poll_every"), poll, mra,
                         life, 0);
}

static void plan_polls(struct mra *mra)
{
    int64_t every = config_number(mra->config, "poll_every");
    mra->poll_life++;
    if (every > 0)
        sim_after_background(mra->office->sim, every, poll, mra, mra->poll_life, 0);
}

/* ---- life cycle ---- */

static void add_errand(struct mra *mra, const struct mra_account *account)
{
    struct mra_errand *errand = memory_take(sizeof *errand);
    errand->mra = mra;
    errand->account = *account;
    errand->pickup = (struct pickup){.office = mra->office,
                                     .agent = mra->agent,
                                     .address = account->address,
                                     .meet = meet,
                                     .failed = mra_visit_ended,
                                     .context = errand};
    errand->pickup.server = (struct pickup_server){
        .name = account->server, .is_imap = account->is_imap, .login = SLICE("auto")};
    pickup_server_set(&errand->pickup.server, account->port, account->tls);
    if (account->is_imap)
        errand->imap = mra_imap_create(errand);
    else
        errand->pop3 = pickup_pop3_create(&errand->pickup,
                                          &(struct pickup_pop3_user){.message = on_pop3_message,
                                                                     .over = mra_visit_ended,
                                                                     .context = errand});
    *vector_add(&mra->errands) = errand;
}

/* Those that were there go on with what they are about, and are not sent again. */
static void read_accounts(struct mra *mra)
{
    const struct config_value *accounts = config_get(mra->config, "accounts");
    for (size_t i = 0; i < mra->errands.count; i++)
        mra->errands.items[i]->is_dismissed = true;
    for (size_t i = 0; i < accounts->text_count; i++) {
        struct mra_account account;
        if (mra_account_read(accounts->texts[i], &account))
            add_errand(mra, &account);
    }
}

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    struct mra *mra = memory_take(sizeof *mra);
    char address[16];
    (void)ports;
    (void)port_count;
    mra->office = office;
    mra->agent = agent;
    mra->config = config;
    mra->literal = arena_join(
        &office->arena,
        (struct slice[]){SLICE("["), dns_ipv4_print(net_address(office->net, agent), address),
                         SLICE("]")},
        3);
    mra->transfers = transfer_pool_create(office, agent);
    read_accounts(mra);
    plan_polls(mra);
    return mra;
}

static void destroy(void *agent)
{
    struct mra *mra = agent;
    transfer_pool_destroy(mra->transfers);
    for (struct handing *h = mra->handings, *next; h; h = next) {
        next = h->next;
        free_memory(h);
    }
    for (size_t i = 0; i < mra->errands.count; i++) {
        pickup_pop3_destroy(mra->errands.items[i]->pop3);
        mra_imap_destroy(mra->errands.items[i]->imap);
        free(mra->errands.items[i]);
    }
    vector_finish(&mra->errands);
    free(mra);
}

static void changed(void *agent, const struct config_key *key)
{
    struct mra *mra = agent;
    if (slice_equal(slice_of(key->name), SLICE("accounts")))
        read_accounts(mra);
    if (slice_equal(slice_of(key->name), SLICE("poll_every")))
        plan_polls(mra);
}

const struct role mra_role = {
    .name = "mra",
    .meaning = "mail retrieval agent: pulls mail from access servers, hands it on here",
    .keys = keys,
    .key_count = sizeof keys / sizeof *keys,
    .default_listen = "",
    .create = create,
    .destroy = destroy,
    .changed = changed,
};
