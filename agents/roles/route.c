#include "agents/roles/route.h"

static void refuse(struct route *route, int code, const char *esc, const char *text)
{
    route->verdict = code >= 500 ? ROUTE_REFUSED : ROUTE_LATER;
    route->reply = (struct smtp_reply){code, slice_of(esc), slice_of(text)};
}

/* RFC 7505 3: an MX to the root says "no mail here". Among others, where it must not be, it is
   nothing. */
static bool is_null_mx(const struct resolver_answer *answer)
{
    for (size_t i = 0; i < answer->count; i++)
        if (answer->records[i].target.size > 0)
            return false;
    return true;
}

/* By preference; equal ones change places by chance, so that the load is shared (5.1). */
static void put_in_order(const struct dns_record **mx, size_t count, struct random *random)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = (size_t)random_below(random, i);
        const struct dns_record *swapped = mx[i - 1];
        mx[i - 1] = mx[j];
        mx[j] = swapped;
    }
    for (size_t i = 1; i < count; i++) {
        const struct dns_record *moved = mx[i];
        size_t j = i;
        for (; j > 0 && mx[j - 1]->preference > moved->preference; j--)
            mx[j] = mx[j - 1];
        mx[j] = moved;
    }
}

static void use_records(struct route *route, struct slice self,
                        const struct resolver_answer *answer, struct random *random)
{
    const struct dns_record *mx[DNS_RECORDS_MAX];
    size_t count = 0;
    uint32_t own_preference = UINT32_MAX;
    for (size_t i = 0; i < answer->count && count < DNS_RECORDS_MAX; i++) {
        if (answer->records[i].target.size == 0)
            continue;
        mx[count++] = &answer->records[i];
        if (slice_equal_fold(answer->records[i].target, self) &&
            answer->records[i].preference < own_preference)
            own_preference = answer->records[i].preference;
    }
    put_in_order(mx, count, random);
    for (size_t i = 0; i < count && route->server_count < ROUTE_SERVERS_MAX; i++)
        if (mx[i]->preference < own_preference)
            route->servers[route->server_count++] = mx[i]->target;
    if (route->server_count == 0)
        refuse(route, 554, "5.4.6", "the MX records lead back to this host");
}

void route_from_mx(struct route *route, struct slice domain, struct slice self,
                   const struct resolver_answer *answer, struct random *random)
{
    *route = (struct route){.verdict = ROUTE_SERVERS};
    switch (answer->status) {
    case RESOLVER_OK:
        if (is_null_mx(answer))
            refuse(route, 556, "5.1.10", "the domain takes no mail (null MX)");
        else
            use_records(route, self, answer, random);
        break;
    case RESOLVER_NODATA:
        route->servers[route->server_count++] = domain;
        break;
    case RESOLVER_NXDOMAIN:
        refuse(route, 550, "5.1.2", "no such domain");
        break;
    case RESOLVER_FAILED:
        refuse(route, 451, "4.4.3", "the name server failed");
        break;
    case RESOLVER_TIMEOUT:
        refuse(route, 451, "4.4.3", "the name server does not answer");
        break;
    }
}
