#include "agents/roles/access.h"

#include <stdlib.h>

#include "agents/proto/pop3_server.h"
#include "agents/roles/access_imap.h"
#include "agents/roles/access_pop3.h"
#include "sim/base/memory.h"

static const struct config_key keys[] = {
    {"greeting", CONFIG_TEXT, NULL, 0, 0, "", "what it says first; by default the host's name"},
    {"tls", CONFIG_WORD, "offered required none", 0, 0, "offered",
     "whether a connection in clear may be encrypted, or must be before a login"},
    {"mechanisms", CONFIG_TEXTS, NULL, 0, 0, "pass apop plain login cram-md5 scram-sha-256",
     "the ways to log in: pass (POP3's USER and PASS, IMAP's LOGIN), apop, and those of AUTH: "
     "plain, login, cram-md5, scram-sha-256"},
    {"login_delay", CONFIG_DURATION, NULL, 0, 86400, "0",
     "how long to wait between two logins by POP3"},
    {"expire", CONFIG_NUMBER, NULL, -1, 36500, "-1",
     "days that messages stay at least, as POP3's CAPA says; -1 is for ever; with 0 what was "
     "fetched is removed"},
};

struct access {
    struct access_pop3 *pop3;
    struct access_imap *imap;
};

/* Which protocol a port speaks, and whether TLS comes first there (RFC 8314 3.2, 3.3). */
static void listen_on(struct access *access, uint32_t port)
{
    switch (port) {
    case 143:
        access_imap_listen(access->imap, port, false);
        break;
    case 993:
        access_imap_listen(access->imap, port, true);
        break;
    case 995:
        access_pop3_listen(access->pop3, port, true);
        break;
    default:
        access_pop3_listen(access->pop3, port, false);
        break;
    }
}

static struct slice greeting_of(struct office *office, uint32_t agent, const struct config *config,
                                const char *protocol)
{
    struct slice greeting = config_text(config, "greeting");
    return greeting.size ? greeting
                         : arena_printf(&office->arena, "%.*s %s mailflow",
                                        SLICE_ARG(net_host_name(office->net, agent)), protocol);
}

static void read_mechanisms(const struct config *config, struct access_pop3_options *options)
{
    const struct config_value *value = config_get(config, "mechanisms");
    for (size_t i = 0; i < value->text_count; i++) {
        enum sasl_mechanism mechanism = sasl_find(value->texts[i]);
        options->has_pass |= slice_equal_fold(value->texts[i], SLICE("pass"));
        options->has_apop |= slice_equal_fold(value->texts[i], SLICE("apop"));
        if (mechanism < SASL_MECHANISM_COUNT)
            options->mechanisms |= 1u << mechanism;
    }
}

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    struct access *access = memory_take(sizeof *access);
    struct slice tls = config_text(config, "tls");
    struct access_pop3_options pop3 = {
        .agent = agent,
        .greeting = greeting_of(office, agent, config, "POP3"),
        .offers_tls = !slice_equal(tls, SLICE("none")) && office_has_tls(office),
        .needs_tls = slice_equal(tls, SLICE("required")),
        .expire_days = config_number(config, "expire"),
        .login_delay_ns = config_number(config, "login_delay"),
    };
    read_mechanisms(config, &pop3);
    struct access_imap_options imap = {
        .agent = agent,
        .greeting = greeting_of(office, agent, config, "IMAP"),
        .mechanisms = pop3.mechanisms,
        .offers_tls = pop3.offers_tls,
        .needs_tls = pop3.needs_tls,
    };
    access->pop3 = access_pop3_create(office, &pop3);
    access->imap = access_imap_create(office, &imap);
    for (size_t i = 0; i < port_count; i++)
        listen_on(access, ports[i]);
    return access;
}

static void destroy(void *agent)
{
    struct access *access = agent;
    access_pop3_destroy(access->pop3);
    access_imap_destroy(access->imap);
    free(access);
}

const struct role access_role = {
    .name = "access",
    .meaning = "access server: answers readers in front of the store, by POP3 and on ports 143 "
               "and 993 by IMAP",
    .keys = keys,
    .key_count = sizeof keys / sizeof *keys,
    .default_listen = "110",
    .create = create,
    .destroy = destroy,
};
