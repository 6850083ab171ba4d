#include "agents/roles/pickup.h"

/* RFC 8314 3.2, 3.3: TLS from the first octet has ports of its own. */
static uint32_t usual_port(const struct pickup_server *server)
{
    return server->is_imap ? server->is_tls_first ? 993 : 143 : server->is_tls_first ? 995 : 110;
}

void pickup_server_set(struct pickup_server *server, uint32_t port, struct slice tls)
{
    server->is_tls_first = slice_equal(tls, SLICE("implicit"));
    server->verifies = server->is_tls_first || slice_equal(tls, SLICE("verify"));
    server->port = port ? port : usual_port(server);
    if (slice_equal(tls, SLICE("if-offered")))
        server->tls = SESSION_TLS_POLICY_IF_OFFERED;
    else if (server->verifies || slice_equal(tls, SLICE("required")))
        server->tls = SESSION_TLS_POLICY_REQUIRED;
    else
        server->tls = SESSION_TLS_POLICY_NEVER;
}

struct slice pickup_what_happened(enum net_end why)
{
    if (why == NET_END_TLS)
        return SLICE("no safe connection to the incoming server could be made");
    return why == NET_END_RESET || why == NET_END_CLOSED
               ? SLICE("the connection to the incoming server was lost")
               : SLICE("the incoming server can't be reached");
}

struct pump_user pickup_visitor(const struct pickup *p, void (*turn)(void *),
                                void (*ended)(void *, enum net_end), void *context)
{
    return (struct pump_user){.turn = turn,
                              .ended = ended,
                              .context = context,
                              .tls_name = p->server.name,
                              .tls_check = p->server.verifies ? TLS_CHECK_VERIFY : TLS_CHECK_NONE};
}

static void meet(struct pickup *p, uint32_t address)
{
    const struct office_account *account = office_find_account(p->office, p->address);
    struct pickup_login login = {.user = p->address,
                                 .password = account ? account->password : SLICE("")};
    if (!slice_equal(p->server.login, SLICE("pass")))
        login.nonce = office_new_nonce(p->office, p->agent, p->nonce);
    p->meet(p->context, address, &login);
}

static void on_address(void *context, uint64_t tag, const struct resolver_answer *answer)
{
    struct pickup *p = context;
    (void)tag;
    uint32_t address;
    bool is_silent = answer->status == RESOLVER_TIMEOUT || answer->status == RESOLVER_FAILED;
    if (!net_host_is_up(p->office->net, p->agent))
        p->failed(p->context, SLICE(""));
    else if (answer->count == 0 || !resolver_address(&answer->records[0], &address))
        p->failed(p->context, is_silent ? SLICE("the name server does not answer")
                                        : SLICE("the incoming server's name is not known"));
    else
        meet(p, address);
}

void pickup_begin(struct pickup *p)
{
    office_resolve(p->office, p->agent, p->server.name, DNS_TYPE_A, on_address, p, 0);
}
