/* What POP3 and IMAP have in common: where mail is fetched from, and where it goes. */
#include "agents/roles/mua_part.h"

#include "agents/mail/header.h"
#include "agents/roles/store.h"
#include "sim/base/digits.h"

bool mua_keep(struct mua *mua, struct slice content, uint32_t msg, struct slice protocol)
{
    struct office *office = mua->office;
    struct slice header, body;
    struct arena arena;
    arena_init(&arena);
    header_split(content, &header, &body);
    char number[DIGITS_MAX];
    const struct slice parts[] = {SLICE("/home/"),
                                  mua->user,
                                  SLICE("/Mail/"),
                                  {number, digits_put(number, ++mua->kept, 10, 0)}};
    struct slice path = arena_join(&arena, parts, 4);
    bool is_kept = disk_write(office_disk(office, mua->agent), path, header, body, msg);
    if (is_kept)
        sim_emit(office->sim, EVENT_FETCH,
                 &(struct event_fetch){
                     mua->agent, msg,
                     mua_text(mua, store_box_name(&arena, mua->user, SLICE("INBOX"))),
                     mua_text(mua, protocol), mua_text(mua, header), mua_text(mua, body)});
    arena_finish(&arena);
    return is_kept;
}

/* What a broken connection, or none, means to a person. */
static struct slice what_happened(enum net_end why)
{
    if (why == NET_END_TLS)
        return SLICE("no safe connection to the incoming server could be made");
    return why == NET_END_RESET || why == NET_END_CLOSED
               ? SLICE("the connection to the incoming server was lost")
               : SLICE("the incoming server can't be reached");
}

struct pump_user mua_visitor(const struct mua *mua, void (*turn)(void *),
                             void (*ended)(void *, enum net_end), void *context)
{
    return (struct pump_user){.turn = turn,
                              .ended = ended,
                              .context = context,
                              .tls_name = mua->incoming,
                              .tls_check =
                                  mua->fetching.verifies ? TLS_CHECK_VERIFY : TLS_CHECK_NONE};
}

void mua_visit_ended(struct mua *mua, bool is_told, enum net_end why)
{
    mua->is_fetching = false;
    if (!is_told && why != NET_END_CRASHED)
        mua_show(mua, what_happened(why));
}

static void visit(struct mua *mua, uint32_t address)
{
    const struct office_account *account = office_find_account(mua->office, mua->user);
    struct mua_login login = {.user = mua->user,
                              .password = account ? account->password : SLICE("")};
    if (!slice_equal(mua->fetching.login, SLICE("pass")))
        login.nonce = office_new_nonce(mua->office, mua->agent, mua->nonce);
    if (mua->imap)
        mua_imap_visit(mua->imap, address, &login);
    else
        mua_pop3_visit(mua->pop3, address, &login);
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
    visit(mua, address);
}

/* RFC 8314 3.2, 3.3: TLS from the first octet has ports of its own. */
static uint32_t usual_port(bool is_imap, bool is_tls_first)
{
    return is_imap ? is_tls_first ? 993 : 143 : is_tls_first ? 995 : 110;
}

void mua_fetch_configure(struct mua *mua, const struct config *config)
{
    struct mua_fetching *fetching = &mua->fetching;
    struct slice tls = config_text(config, "incoming_tls");
    bool is_imap = slice_equal(config_text(config, "incoming_protocol"), SLICE("imap"));
    fetching->is_tls_first = slice_equal(tls, SLICE("implicit"));
    fetching->port = (uint32_t)config_number(config, "incoming_port");
    if (fetching->port == 0)
        fetching->port = usual_port(is_imap, fetching->is_tls_first);
    fetching->verifies = fetching->is_tls_first || slice_equal(tls, SLICE("verify"));
    fetching->pipelines = config_bool(config, "incoming_pipelining");
    fetching->login = config_text(config, "incoming_auth");
    if (slice_equal(tls, SLICE("if-offered")))
        fetching->tls = SESSION_TLS_POLICY_IF_OFFERED;
    else if (fetching->verifies || slice_equal(tls, SLICE("required")))
        fetching->tls = SESSION_TLS_POLICY_REQUIRED;
    if (is_imap)
        mua->imap = mua_imap_create(mua);
    else
        mua->pop3 = mua_pop3_create(mua);
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
    mua_pop3_destroy(mua->pop3);
    mua_imap_destroy(mua->imap);
}
