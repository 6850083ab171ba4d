/* dig, host and mx: questions to name servers; and the names that telnet is given. */
#include <inttypes.h>

#include "agents/roles/console_part.h"

/* ---- who is asked ---- */

static uint32_t own_server(const struct console *c)
{
    uint32_t host = net_host_of(c->office->net, c->agent);
    uint32_t own =
        host <= c->office->hosts.count ? c->office->hosts.items[host - 1].dns_address : 0;
    return own ? own : c->office->dns_address;
}

/* dig keeps nothing: it asks each time, as the real one does. */
static struct resolver *resolver_of(struct console *c, uint32_t server)
{
    for (size_t i = 0; i < c->servers.count; i++)
        if (c->servers.items[i].address == server) {
            resolver_crash(c->servers.items[i].resolver);
            return c->servers.items[i].resolver;
        }
    struct resolver *resolver = resolver_create(c->office->net, c->office->sim, c->agent, server);
    resolver_keep_all(resolver);
    *vector_add(&c->servers) = (struct console_server){server, resolver};
    return resolver;
}

void console_finish_dns(struct console *c)
{
    for (size_t i = 0; i < c->servers.count; i++)
        resolver_destroy(c->servers.items[i].resolver);
    vector_finish(&c->servers);
}

/* ---- the address of a name ---- */

static void found(void *context, uint64_t tag, const struct resolver_answer *answer)
{
    struct console *c = context;
    uint32_t address = 0;
    if (tag != c->asked)
        return;
    if (answer->count > 0)
        (void)resolver_address(&answer->records[0], &address);
    if (address == 0)
        console_printf(c, "%.*s: no address: %s\n", SLICE_ARG(slice_part(c->errand.name, 0, 255)),
                       answer->status == RESOLVER_NODATA ? "it has none"
                                                         : resolver_status_name(answer->status));
    c->errand.found(c, address);
}

void console_look_up(struct console *c, struct slice word, console_found *then)
{
    uint32_t address, place = net_find_host(c->office->net, word);
    c->errand.word = word;
    c->errand.name = place ? net_host_name(c->office->net, place) : word;
    c->errand.found = then;
    if (slice_equal(word, SLICE("localhost")))
        c->errand.found(c, net_address(c->office->net, c->agent));
    else if (dns_ipv4_read(word, &address) || (place && c->errand.name.size == 0))
        c->errand.found(c, place ? net_address(c->office->net, place) : address);
    else
        office_resolve(c->office, c->agent, c->errand.name, DNS_TYPE_A, found, c, ++c->asked);
}

/* ---- questions ---- */

static void answered(void *context, uint64_t tag, const struct resolver_answer *answer)
{
    struct console *c = context;
    if (tag == c->asked)
        c->errand.told(c, answer);
}

static void ask(struct console *c, enum dns_type type,
                void (*told)(struct console *, const struct resolver_answer *))
{
    c->errand.type = type;
    c->errand.told = told;
    c->errand.asked_t = c->office->sim->now;
    resolver_ask(resolver_of(c, c->errand.server), c->agent, c->errand.question, type, answered, c,
                 ++c->asked);
}

static const char *dot(struct slice name)
{
    return slice_ends(name, SLICE(".")) ? "" : ".";
}

static void say_record(struct console *c, const struct dns_record *r)
{
    char type[16];
    struct arena arena;
    arena_init(&arena);
    struct slice data = slice_part(dns_record_print(r, &arena), 0, 1500);
    if (c->errand.is_short)
        console_printf(c, "%.*s\n", SLICE_ARG(data));
    else
        console_printf(c, "%.*s%s %" PRIu32 " IN %s %.*s\n", SLICE_ARG(r->name), dot(r->name),
                       r->ttl_s, dns_type_name(r->type, type), SLICE_ARG(data));
    arena_finish(&arena);
}

static void tell_answer(struct console *c, const struct resolver_answer *answer)
{
    char address[16], took[VTIME_TEXT], type[16];
    if (!c->errand.is_short)
        console_printf(c, ";; question: %.*s%s IN %s\n;; status: %s\n",
                       SLICE_ARG(slice_part(c->errand.question, 0, 255)), dot(c->errand.question),
                       dns_type_name(c->errand.type, type), resolver_status_name(answer->status));
    for (size_t i = 0; i < answer->other_count; i++)
        if (answer->others[i].type == DNS_TYPE_CNAME || !c->errand.is_short)
            say_record(c, &answer->others[i]);
    for (size_t i = 0; i < answer->count; i++)
        say_record(c, &answer->records[i]);
    if (!c->errand.is_short)
        console_printf(c, ";; server %.*s, %.*s\n",
                       SLICE_ARG(dns_ipv4_print(c->errand.server, address)),
                       SLICE_ARG(vtime_print(c->office->sim->now - c->errand.asked_t, took)));
    console_done(c);
}

static bool has_server(struct console *c, uint32_t server)
{
    c->errand.server = server;
    if (server)
        return true;
    console_say(c, SLICE("no name server is known on this host\n"));
    console_done(c);
    return false;
}

static void ask_server(struct console *c, uint32_t address)
{
    if (address == 0)
        console_done(c);
    else if (has_server(c, address))
        ask(c, c->errand.type, tell_answer);
}

/* Is there a name behind this word? Then a type before it is one: "dig mx example.org". */
static bool has_name_behind(const struct console_line *words, size_t at)
{
    for (size_t i = at + 1; i < words->count; i++)
        if (!slice_starts(words->items[i], SLICE("@")) &&
            !slice_starts(words->items[i], SLICE("+")) && !dns_type_find(words->items[i]))
            return true;
    return false;
}

/* "@server", "+short", a type, and what is left is the name, in any order. */
static struct slice read_words(struct console *c, const struct console_line *words)
{
    struct slice server = {"", 0};
    c->errand = (struct console_errand){.type = DNS_TYPE_A};
    for (size_t i = 1; i < words->count; i++) {
        struct slice word = words->items[i];
        unsigned type = dns_type_find(word);
        if (slice_starts(word, SLICE("@")))
            server = slice_part(word, 1, word.size);
        else if (slice_equal(word, SLICE("+short")))
            c->errand.is_short = true;
        else if (type && (c->errand.question.size > 0 || has_name_behind(words, i)))
            c->errand.type = (enum dns_type)type;
        else
            c->errand.question = word;
    }
    if (slice_ends(c->errand.question, SLICE(".")))
        c->errand.question.size--;
    return server;
}

void console_dig(struct console *c, const struct console_line *words)
{
    struct slice server = read_words(c, words);
    if (server.size > 0)
        console_look_up(c, server, ask_server);
    else
        ask_server(c, own_server(c));
}

/* ---- host and mx: sentences ---- */

static void say_sentences(struct console *c, const struct resolver_answer *answer)
{
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < answer->count; i++)
        console_printf(
            c, "%.*s %s %.*s\n", SLICE_ARG(slice_part(c->errand.question, 0, 255)),
            c->errand.type == DNS_TYPE_MX ? "mail is handled by" : "has address",
            SLICE_ARG(slice_part(dns_record_print(&answer->records[i], &arena), 0, 500)));
    arena_finish(&arena);
}

static void tell_mx(struct console *c, const struct resolver_answer *answer)
{
    say_sentences(c, answer);
    if (answer->count == 0)
        console_printf(c, "%.*s has no MX record: %s\n",
                       SLICE_ARG(slice_part(c->errand.question, 0, 255)),
                       resolver_status_name(answer->status));
    console_done(c);
}

static void tell_host(struct console *c, const struct resolver_answer *answer)
{
    say_sentences(c, answer);
    if (answer->count == 0)
        console_printf(c, "%.*s has no address: %s\n",
                       SLICE_ARG(slice_part(c->errand.question, 0, 255)),
                       resolver_status_name(answer->status));
    if (answer->status == RESOLVER_OK || answer->status == RESOLVER_NODATA)
        ask(c, DNS_TYPE_MX, tell_mx);
    else
        console_done(c);
}

void console_mx(struct console *c, const struct console_line *words)
{
    (void)read_words(c, words);
    if (has_server(c, own_server(c)))
        ask(c, DNS_TYPE_MX, tell_mx);
}

void console_host(struct console *c, const struct console_line *words)
{
    (void)read_words(c, words);
    if (has_server(c, own_server(c)))
        ask(c, DNS_TYPE_A, tell_host);
}
