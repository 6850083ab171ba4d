#include "agents/roles/filter_part.h"

#include <stdlib.h>

#include "agents/proto/dnsbl.h"
#include "agents/roles/filter_sign.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"

#define CHECK_WORDS "off mark enforce"

static const struct config_key keys[] = {
    {"inside", CONFIG_TEXTS, NULL, 0, 0, "",
     "networks of our own people: their mail is signed and not judged, as is that of those who "
     "have "
     "logged in"},
    {"dnsbl", CONFIG_TEXTS, NULL, 0, 0, "",
     "block lists in the DNS (RFC 5782): who is on one of them gets no further than the greeting"},
    {"greylist", CONFIG_BOOL, NULL, 0, 0, "false",
     "put off mail from an address, sender and recipient not seen together before (RFC 6647)"},
    {"greylist_delay", CONFIG_DURATION, NULL, 0, 86400, "5min", "how long"},
    {"greylist_forget", CONFIG_DURATION, NULL, 1, 31536000, "24h",
     "after so long without such mail it counts as new again"},
    {"greylist_net", CONFIG_BOOL, NULL, 0, 0, "false",
     "remember the sender's /24 network, not its address: for providers with many servers"},
    {"spf", CONFIG_WORD, CHECK_WORDS, 0, 0, "off",
     "may the address send for the domain of MAIL FROM (RFC 7208)? \"mark\" tells, \"enforce\" "
     "refuses"},
    {"dkim", CONFIG_BOOL, NULL, 0, 0, "false", "check signatures (RFC 6376)"},
    {"dmarc", CONFIG_WORD, CHECK_WORDS, 0, 0, "off",
     "do SPF and DKIM agree with From (RFC 9989)? \"enforce\" does what the domain's owner asks "
     "for"},
    {"rules", CONFIG_TEXTS, NULL, 0, 0, "",
     "what speaks for junk: \"5.0 subject contains lottery\", \"1.5 body contains click here\", "
     "\"2 header X-Mailer is bulk\", \"1 header Date missing\""},
    {"junk_score", CONFIG_NUMBER, NULL, 0, 1000, "5",
     "so many points are junk, and marked as such"},
    {"reject_score", CONFIG_NUMBER, NULL, 0, 1000, "5",
     "so many points are too many: filter_mode says what happens then"},
    {"filter_mode", CONFIG_WORD, "off mark refuse accept-then-bounce discard", 0, 0, "mark",
     "\"refuse\" while the sender is still there, \"accept-then-bounce\" to whom the reverse-path "
     "names, \"discard\" without a word"},
    FILTER_SIGN_KEYS,
};

/* ---- settings ---- */

static enum filter_check read_check(struct slice word)
{
    return slice_equal(word, SLICE("enforce")) ? FILTER_CHECK_ENFORCE
           : slice_equal(word, SLICE("mark"))  ? FILTER_CHECK_MARK
                                               : FILTER_CHECK_OFF;
}

static enum filter_mode read_mode(struct slice word)
{
    static const char *const words[] = {"off", "mark", "refuse", "accept-then-bounce", "discard"};
    enum filter_mode mode = FILTER_MODE_OFF;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_equal(word, slice_of(words[i])))
            mode = (enum filter_mode)i;
    return mode;
}

/* The loader has refused what is no rule. */
static void read_rules(struct filter *f)
{
    struct filter_rule rule;
    const struct config_value *texts = config_get(f->config, "rules");
    vector_clear(&f->settings.rules);
    for (size_t i = 0; i < texts->text_count; i++)
        if (filter_rule_read(texts->texts[i], &rule))
            *vector_add(&f->settings.rules) = rule;
}

static void read_settings(struct filter *f)
{
    struct filter_settings *s = &f->settings;
    s->spf = read_check(config_text(f->config, "spf"));
    s->dmarc = read_check(config_text(f->config, "dmarc"));
    s->mode = read_mode(config_text(f->config, "filter_mode"));
    s->checks_dkim = config_bool(f->config, "dkim");
    s->greylists = config_bool(f->config, "greylist");
    s->junk = config_number(f->config, "junk_score") * 100;
    s->reject = config_number(f->config, "reject_score") * 100;
    network_list_read(&s->inside, config_get(f->config, "inside"));
    read_rules(f);
    filter_sign_configure(f);
}

/* ---- cases ---- */

uint32_t filter_text(const struct filter *f, struct slice s)
{
    return sim_text(f->office->sim, s);
}

struct slice filter_server_name(const struct filter *f)
{
    return net_host_name(f->office->net, f->agent);
}

void filter_tell(struct filter_case *c, const char *verdict, struct slice what)
{
    struct filter *f = c->filter;
    sim_emit(f->office->sim, EVENT_FILTER,
             &(struct event_filter){f->agent, c->transaction->msg,
                                    filter_text(f, slice_of(verdict)), filter_text(f, what),
                                    c->transaction->conn});
}

bool filter_is_inside(const struct filter_case *c)
{
    return c->transaction->is_authenticated ||
           network_list_has(&c->filter->settings.inside, c->transaction->peer_address) ||
           c->transaction->peer_address == net_address(c->filter->office->net, c->filter->agent);
}

static struct filter_case *open_case(struct filter *f)
{
    if (f->free_cases.count)
        return f->cases.items[f->free_cases.items[--f->free_cases.count]];
    struct filter_case *c = memory_take(sizeof *c);
    c->filter = f;
    c->slot = (uint32_t)f->cases.count;
    arena_init(&c->arena);
    *vector_add(&f->cases) = c;
    return c;
}

/* Late answers find another life, and are passed over. */
static void close_case(struct filter_case *c)
{
    struct filter *f = c->filter;
    spf_destroy(c->spf);
    dmarc_destroy(c->dmarc);
    arena_reset(&c->arena);
    c->spf = NULL;
    c->dmarc = NULL;
    c->list = SLICE("");
    c->signature_count = 0;
    c->asked = 0;
    c->is_on = false;
    c->life++;
    *vector_add(&f->free_cases) = c->slot;
}

void filter_conclude(struct filter_case *c, const struct filter_verdict *verdict)
{
    filter_done *done = c->done;
    void *context = c->context;
    c->is_on = false; /* whoever is told may begin the next one */
    done(context, verdict);
    close_case(c);
}

void filter_forget(struct filter *f, uint32_t judgement)
{
    if (judgement > 0 && judgement <= f->cases.count && f->cases.items[judgement - 1]->is_on)
        close_case(f->cases.items[judgement - 1]);
}

/* ---- questions to the DNS ---- */

static void answered(void *context, uint64_t tag, const struct resolver_answer *answer)
{
    struct filter *f = context;
    struct filter_question q = f->questions.items[tag];
    struct filter_case *c = f->cases.items[q.slot];
    *vector_add(&f->free_questions) = (uint32_t)tag;
    if (!c->is_on || c->life != q.life)
        return;
    c->asked--;
    q.answer(c, q.index, answer);
}

void filter_ask(struct filter_case *c, struct slice name, enum dns_type type, size_t index,
                filter_answer *answer)
{
    struct filter *f = c->filter;
    uint32_t tag = (uint32_t)f->questions.count;
    if (f->free_questions.count)
        tag = f->free_questions.items[--f->free_questions.count];
    else
        (void)vector_add(&f->questions);
    f->questions.items[tag] = (struct filter_question){c->slot, c->life, index, answer};
    c->asked++;
    office_resolve(f->office, f->agent, name, type, answered, f, tag);
}

/* ---- who connects ---- */

static void on_listing(struct filter_case *c, size_t index, const struct resolver_answer *answer)
{
    unsigned code;
    const struct config_value *lists = config_get(c->filter->config, "dnsbl");
    if (index < lists->text_count && answer->status == RESOLVER_OK &&
        dnsbl_is_listed(answer->records, answer->count, &code) && c->list.size == 0)
        c->list = arena_copy(&c->arena, lists->texts[index]);
    if (c->asked > 0)
        return;
    struct filter_verdict verdict = {.reply = {0}};
    if (c->list.size > 0) {
        struct slice address = dns_ipv4_print(c->transaction->peer_address, (char[16]){0});
        struct slice what = arena_printf(&c->arena, "%.*s is listed by %.*s", SLICE_ARG(address),
                                         SLICE_ARG(c->list));
        filter_tell(c, "block", what);
        verdict.reply = (struct smtp_reply){554, SLICE("5.7.1"), what};
    }
    filter_conclude(c, &verdict);
}

/* RFC 5321 3.1: 554 instead of a greeting. */
static void judge_client(struct filter_case *c)
{
    const struct config_value *lists = config_get(c->filter->config, "dnsbl");
    uint32_t a = c->transaction->peer_address;
    const unsigned char address[4] = {(unsigned char)(a >> 24), (unsigned char)(a >> 16),
                                      (unsigned char)(a >> 8), (unsigned char)a};
    for (size_t i = 0; i < lists->text_count && !filter_is_inside(c); i++) {
        struct slice name = dnsbl_name(address, false, lists->texts[i], &c->arena);
        if (name.size > 0)
            filter_ask(c, name, DNS_TYPE_A, i, on_listing);
    }
    if (c->asked == 0)
        filter_conclude(c, &(struct filter_verdict){.reply = {0}});
}

/* ---- whom it is for ---- */

static struct slice client_of(const struct filter_case *c, char text[16])
{
    bool is_net = config_bool(c->filter->config, "greylist_net");
    return dns_ipv4_print(c->transaction->peer_address & (is_net ? 0xFFFFFF00 : 0xFFFFFFFF), text);
}

static enum filter_grey_state look_up(struct filter_case *c, struct slice rcpt)
{
    struct filter *f = c->filter;
    const struct smtp_transaction *t = c->transaction;
    char text[16];
    struct slice client = client_of(c, text);
    struct filter_grey_times times = {f->office->sim->now,
                                      config_number(f->config, "greylist_delay"),
                                      config_number(f->config, "greylist_forget")};
    enum filter_grey_state state = filter_grey_see(&f->grey, client, t->reverse_path, rcpt, &times);
    sim_emit(f->office->sim, EVENT_GREY,
             &(struct event_grey){f->agent, filter_text(f, client), filter_text(f, t->reverse_path),
                                  filter_text(f, rcpt),
                                  filter_text(f, slice_of(filter_grey_name(state))), t->conn});
    return state;
}

static void judge_recipient(struct filter_case *c)
{
    const struct smtp_transaction *t = c->transaction;
    struct filter_verdict verdict = {.reply = {0}};
    if (c->filter->settings.greylists && !filter_is_inside(c) && t->recipient_count > 0 &&
        look_up(c, t->forward_paths[t->recipient_count - 1]) != FILTER_GREY_KNOWN) {
        filter_tell(c, "greylist", t->forward_paths[t->recipient_count - 1]);
        verdict.reply = (struct smtp_reply){450, SLICE("4.7.1"),
                                            SLICE("Greylisted: please try again in some minutes")};
    }
    filter_conclude(c, &verdict);
}

/* ---- all of it ---- */

static void judge_message(struct filter_case *c)
{
    if (filter_is_inside(c))
        filter_sign_message(c);
    else
        filter_auth_message(c);
}

uint32_t filter_judge(struct filter *f, enum filter_stage stage, const struct smtp_transaction *t,
                      struct slice header, struct slice body, filter_done *done, void *context)
{
    static void (*const judges[])(struct filter_case *) = {judge_client, filter_auth_sender,
                                                           judge_recipient, judge_message};
    struct filter_case *c = open_case(f);
    uint32_t life = c->life;
    c->is_on = true;
    c->stage = stage;
    c->transaction = t;
    c->header = header;
    c->body = body;
    c->done = done;
    c->context = context;
    judges[stage](c);
    return c->life == life ? c->slot + 1 : 0;
}

struct filter *filter_find(const struct office *office, uint32_t host)
{
    const struct office_agent *agent = office_find_agent(office, host, &filter_role);
    return agent ? agent->self : NULL;
}

/* ---- life cycle ---- */

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    struct filter *f = memory_take(sizeof *f);
    (void)ports, (void)port_count;
    *f = (struct filter){.office = office, .agent = agent, .config = config};
    bytes_init(&f->fields, SIZE_MAX / 2);
    bytes_init(&f->kept, SIZE_MAX / 2);
    filter_grey_init(&f->grey);
    read_settings(f);
    return f;
}

static void changed(void *agent, const struct config_key *key)
{
    (void)key;
    read_settings(agent);
}

/* The list of who was seen is in its memory. */
static void running(void *agent, bool is_up)
{
    if (!is_up)
        filter_grey_clear(&((struct filter *)agent)->grey);
}

static void destroy(void *agent)
{
    struct filter *f = agent;
    for (size_t i = 0; i < f->cases.count; i++) {
        struct filter_case *c = f->cases.items[i];
        spf_destroy(c->spf);
        dmarc_destroy(c->dmarc);
        arena_finish(&c->arena);
        free(c);
    }
    vector_finish(&f->cases);
    vector_finish(&f->free_cases);
    vector_finish(&f->questions);
    vector_finish(&f->free_questions);
    vector_finish(&f->settings.rules);
    network_list_finish(&f->settings.inside);
    filter_grey_finish(&f->grey);
    dkim_secret_destroy(f->secret);
    bytes_finish(&f->fields);
    bytes_finish(&f->kept);
    free(f);
}

const struct role filter_role = {
    .name = "filter",
    .meaning = "judges mail on behalf of the SMTP servers of its host, and signs what it sends",
    .keys = keys,
    .key_count = sizeof keys / sizeof *keys,
    .default_listen = "",
    .create = create,
    .changed = changed,
    .running = running,
    .destroy = destroy,
};
