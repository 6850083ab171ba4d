#include <stdlib.h>

#include "agents/roles/nameserver_part.h"
#include "sim/base/memory.h"

/*
 * The caching resolver: a name server that has no zones, but asks others on behalf of its clients
 * and keeps what they say (RFC 1034 5). Asking and keeping are the resolver's (sim/net/resolver.h);
 * here its answers become messages.
 */

static const struct config_key keys[] = {
    {"root", CONFIG_HOST, NULL, 0, 0, "",
     "server of the root zone, where each search begins; by default it asks the first agent of "
     "role dns for all"},
    {"forward", CONFIG_HOST, NULL, 0, 0, "",
     "another resolver that it asks for all, instead of searching itself"},
};

/* A client that waits for an answer. */
struct pending {
    struct nameserver_question question;
    char name[DNS_NAME_MAX + 1]; /* the question's, with the letters as they came */
    uint32_t next_free;          /* index + 1 */
};

struct recursor {
    struct nameserver *ns;
    struct resolver *resolver;
    VECTOR(struct pending) pending;
    uint32_t free;
};

/* The address of a host that is named in a setting; 0 when there is none. */
static uint32_t address_of(const struct recursor *rec, const char *key)
{
    const struct records *set = &rec->ns->office->records;
    struct slice name = config_text(rec->ns->config, key);
    uint32_t address = 0;
    const struct dns_record *a =
        name.size ? records_next(set, records_find(set, name), NULL, DNS_TYPE_A) : NULL;
    return a && resolver_address(a, &address) ? address : 0;
}

static void read_settings(struct recursor *rec)
{
    uint32_t forward = address_of(rec, "forward");
    resolver_set_server(rec->resolver, forward ? forward : rec->ns->office->dns_address);
    resolver_set_root(rec->resolver, forward ? 0 : address_of(rec, "root"));
}

static void *create(struct office *office, uint32_t agent, const struct config *config,
                    const uint32_t *ports, size_t port_count)
{
    struct recursor *rec = memory_take(sizeof *rec);
    rec->ns = nameserver_create(office, agent, config, ports, port_count);
    rec->ns->recursor = rec;
    rec->resolver = resolver_create(office->net, office->sim, agent, 0);
    resolver_keep_all(rec->resolver);
    read_settings(rec);
    return rec;
}

static void destroy(void *agent)
{
    struct recursor *rec = agent;
    resolver_destroy(rec->resolver);
    nameserver_destroy(rec->ns);
    vector_finish(&rec->pending);
    free(rec);
}

static void changed(void *agent, const struct config_key *key)
{
    (void)key;
    read_settings(agent);
}

/* What it kept was in memory. */
static void running(void *agent, bool is_up)
{
    struct recursor *rec = agent;
    if (!is_up)
        resolver_crash(rec->resolver);
}

/* ---- answering ---- */

static unsigned rcode_of(enum resolver_status status)
{
    switch (status) {
    case RESOLVER_OK:
    case RESOLVER_NODATA:
        return DNS_RCODE_NOERROR;
    case RESOLVER_NXDOMAIN:
        return DNS_RCODE_NXDOMAIN;
    case RESOLVER_FAILED:
    case RESOLVER_TIMEOUT:
        return DNS_RCODE_SERVFAIL;
    }
    return DNS_RCODE_SERVFAIL;
}

/* Records that were kept have got older meanwhile (RFC 1035 3.2.1). */
static void put(struct dns_record *section, size_t *count, const struct dns_record *record,
                uint32_t ttl_s)
{
    section[*count] = *record;
    section[*count].ttl_s = ttl_s;
    ++*count;
}

static void answer(void *context, uint64_t tag, const struct resolver_answer *a)
{
    struct recursor *rec = context;
    struct pending *p = &rec->pending.items[tag];
    struct dns_message m = {.rcode = rcode_of(a->status)};
    if (net_host_is_up(rec->ns->office->net, rec->ns->agent)) {
        arena_reset(&rec->ns->arena);
        size_t most = a->count + a->other_count + 1;
        m.answers = arena_take(&rec->ns->arena, most * sizeof *m.answers);
        m.authority = arena_take(&rec->ns->arena, most * sizeof *m.authority);
        for (size_t i = 0; i < a->other_count; i++) {
            bool is_soa = a->others[i].type == DNS_TYPE_SOA;
            put(is_soa ? m.authority : m.answers, is_soa ? &m.authority_count : &m.answer_count,
                &a->others[i], a->ttl_s);
        }
        for (size_t i = 0; i < a->count && m.answer_count < NAMESERVER_ANSWERS_MAX; i++)
            put(m.answers, &m.answer_count, &a->records[i], a->ttl_s);
        p->question.name = slice_of(p->name);
        nameserver_answer_late(rec->ns, &p->question, &m);
    }
    p->next_free = rec->free;
    rec->free = (uint32_t)tag + 1;
}

static uint32_t take_pending(struct recursor *rec)
{
    uint32_t index = rec->free;
    if (index) {
        rec->free = rec->pending.items[index - 1].next_free;
        return index - 1;
    }
    (void)vector_add(&rec->pending);
    return (uint32_t)rec->pending.count - 1;
}

void recursor_answer(struct recursor *rec, const struct nameserver_question *question)
{
    uint32_t index = take_pending(rec);
    struct pending *p = &rec->pending.items[index];
    size_t size = question->name.size < DNS_NAME_MAX ? question->name.size : DNS_NAME_MAX;
    *p = (struct pending){.question = *question};
    if (size > 0)
        memcpy(p->name, question->name.data, size);
    p->name[size] = '\0';
    resolver_ask(rec->resolver, rec->ns->agent, slice_of(p->name), (enum dns_type)question->type,
                 answer, rec, index);
}

const struct role resolver_role = {
    .name = "resolver",
    .meaning = "caching name server: finds answers for its clients by asking other servers",
    .keys = keys,
    .key_count = sizeof keys / sizeof *keys,
    .default_listen = "53",
    .create = create,
    .destroy = destroy,
    .changed = changed,
    .running = running,
};
