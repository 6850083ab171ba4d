#include "agents/roles/disturb.h"

#include "agents/mail/address.h"
#include "agents/roles/office.h"

void disturb_begin(struct office *office, const struct disturbance *disturbance)
{
    *vector_add(&office->disturbances) = *disturbance;
}

void disturb_end(struct office *office, uint32_t owner)
{
    for (size_t i = office->disturbances.count; i-- > 0;)
        if (office->disturbances.items[i].owner == owner)
            vector_remove(&office->disturbances, i);
}

static bool is_at(const struct office *office, const struct disturbance *d, uint32_t agent,
                  enum disturb_kind kind)
{
    return d->kind == kind && d->times > 0 &&
           (d->place == agent || d->place == net_host_of(office->net, agent));
}

const struct disturbance *disturb_find(const struct office *office, uint32_t agent,
                                       enum disturb_kind kind)
{
    for (size_t i = office->disturbances.count; i-- > 0;)
        if (is_at(office, &office->disturbances.items[i], agent, kind))
            return &office->disturbances.items[i];
    return NULL;
}

static void count(struct disturbance *d)
{
    if (d->times != DISTURB_ALWAYS)
        d->times--;
}

/* ---- servers of mail ---- */

const struct disturbance *disturb_reply(struct office *office, uint32_t agent, struct slice verb,
                                        struct slice rcpt)
{
    for (size_t i = office->disturbances.count; i-- > 0;) {
        struct disturbance *d = &office->disturbances.items[i];
        if (!is_at(office, d, agent, DISTURB_REPLY) || !slice_equal_fold(d->verb, verb) ||
            (d->rcpt.size > 0 && !address_equal(d->rcpt, rcpt)))
            continue;
        count(d);
        return d;
    }
    return NULL;
}

/* How long the answer to this verb is to wait; several add up. */
static int64_t delay_of(struct office *office, uint32_t agent, struct slice verb)
{
    int64_t delay_ns = 0;
    for (size_t i = 0; i < office->disturbances.count; i++) {
        struct disturbance *d = &office->disturbances.items[i];
        if (!is_at(office, d, agent, DISTURB_SLOW) || !slice_equal_fold(d->verb, verb))
            continue;
        count(d);
        delay_ns += d->delay_ns;
    }
    return delay_ns;
}

static bool happens(struct office *office, uint32_t agent, enum disturb_moment moment)
{
    for (size_t i = 0; i < office->disturbances.count; i++) {
        struct disturbance *d = &office->disturbances.items[i];
        if (!is_at(office, d, agent, DISTURB_CUT) || d->moment != moment)
            continue;
        count(d);
        return true;
    }
    return false;
}

static bool is_one_of(struct slice verb, const char *verbs)
{
    struct slice word, rest = slice_of(verbs);
    while (slice_cut(&rest, ' ', &word))
        if (slice_equal_fold(verb, word))
            return true;
    return false;
}

/*
 * What was said before goes out before. Behind DATA the octets are still to come, but behind BDAT
 * they may be here already (RFC 3030 2).
 */
void disturb_command(struct office *office, uint32_t agent, struct slice verb, struct pump *pump)
{
    if (office->disturbances.count == 0)
        return;
    pump_flush(pump);
    pump_hold(pump, delay_of(office, agent, verb));
    if (is_one_of(verb, "DATA") && happens(office, agent, DISTURB_IN_DATA))
        pump_cut(pump, PUMP_CUT_AT_INPUT);
    if ((is_one_of(verb, "QUIT LOGOUT") && happens(office, agent, DISTURB_BEFORE_QUIT)) ||
        (is_one_of(verb, "BDAT") && happens(office, agent, DISTURB_IN_DATA)))
        pump_cut(pump, PUMP_CUT_NOW);
}

static bool is_cut_behind(struct office *office, uint32_t agent, struct slice verb)
{
    if (is_one_of(verb, "EHLO HELO LHLO"))
        return happens(office, agent, DISTURB_AFTER_EHLO);
    if (is_one_of(verb, "MAIL"))
        return happens(office, agent, DISTURB_AFTER_MAIL);
    if (is_one_of(verb, "RCPT"))
        return happens(office, agent, DISTURB_AFTER_RCPT);
    return is_one_of(verb, "DOT") && happens(office, agent, DISTURB_AFTER_REPLY);
}

/* The greeting and the final dot are no commands: what is late there is so only now, when the
   message lies in the queue already. */
void disturb_answered(struct office *office, uint32_t agent, struct slice verb, struct pump *pump)
{
    if (office->disturbances.count == 0)
        return;
    bool is_dot = is_one_of(verb, "DOT"), is_greeting = is_one_of(verb, "CONNECT");
    if (is_cut_behind(office, agent, verb)) {
        pump_flush(pump);
        pump_cut(pump, PUMP_CUT_NOW);
    }
    if (is_dot || is_greeting)
        pump_hold(pump, delay_of(office, agent, verb));
    if ((is_dot && happens(office, agent, DISTURB_AFTER_DOT)) ||
        (is_greeting && happens(office, agent, DISTURB_BEFORE_GREETING)))
        pump_cut(pump, PUMP_CUT_NOW);
}

void disturb_greeting(struct office *office, uint32_t agent, struct pump_user *user)
{
    if (office->disturbances.count == 0)
        return;
    user->greets_after_ns = delay_of(office, agent, SLICE("CONNECT"));
    user->is_cut = happens(office, agent, DISTURB_BEFORE_GREETING);
}

/* ---- name servers ---- */

static bool is_asked(const struct disturbance *d, const struct dns_message *m)
{
    return d->name.size == 0 || slice_equal_fold(d->name, m->name);
}

bool disturb_lookup(struct office *office, uint32_t agent, struct dns_message *m)
{
    for (size_t i = office->disturbances.count; i-- > 0;) {
        const struct disturbance *d = &office->disturbances.items[i];
        if (is_at(office, d, agent, DISTURB_DNS_FAIL) && is_asked(d, m)) {
            m->rcode = DNS_RCODE_SERVFAIL;
            return true;
        }
        if (is_at(office, d, agent, DISTURB_DNS_FALSE) && is_asked(d, m) &&
            d->record.type == m->type) {
            m->rcode = DNS_RCODE_NOERROR;
            m->answers[m->answer_count++] = d->record;
            return true;
        }
    }
    return false;
}
