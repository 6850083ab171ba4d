#include "agents/proto/dnsbl.h"
#include "agents/proto/spf_part.h"

/* check_host() of RFC 7208 4. */

/* A record, whose it is, and what is found of it. */
struct policy {
    struct slice domain;
    struct spf_record record;
};

static bool is_prefix(const unsigned char *a, const unsigned char *b, unsigned bits)
{
    unsigned whole = bits / 8, rest = bits % 8;
    unsigned mask = rest ? 0xFFu << (8 - rest) & 0xFFu : 0;
    return memcmp(a, b, whole) == 0 && (rest == 0 || ((a[whole] ^ b[whole]) & mask) == 0);
}

enum dns_type spf_address_type(const struct spf *s)
{
    return s->is_ipv6 ? DNS_TYPE_AAAA : DNS_TYPE_A;
}

bool spf_has_address(const struct spf *s, const struct spf_answer *answer, unsigned bits)
{
    size_t size = s->is_ipv6 ? 16 : 4;
    for (size_t i = 0; i < answer->count; i++)
        if (answer->records[i].data.size == size &&
            is_prefix(s->address, (const unsigned char *)answer->records[i].data.data, bits))
            return true;
    return false;
}

bool spf_count_term(struct spf *s)
{
    if (++s->lookups <= SPF_LOOKUPS_MAX)
        return true;
    s->stop = SPF_MATCH_PERMERROR;
    s->reason = SLICE("more than 10 terms that need look-ups");
    return false;
}

/* ---- mechanisms (5) ---- */

static unsigned bits_of(const struct spf *s, const struct spf_term *term)
{
    return s->is_ipv6 ? term->ip6_bits : term->ip4_bits;
}

static enum spf_match match_ip(struct spf *s, const struct spf_term *term, struct slice name)
{
    (void)name;
    bool is_same_kind = s->is_ipv6 == (term->mechanism == SPF_IP6);
    return is_same_kind && is_prefix(s->address, term->address, bits_of(s, term)) ? SPF_MATCH_YES
                                                                                  : SPF_MATCH_NO;
}

static enum spf_match match_a(struct spf *s, const struct spf_term *term, struct slice name)
{
    const struct spf_answer *answer = spf_look_up(s, name, spf_address_type(s), SPF_COUNTS_VOID);
    if (!answer)
        return s->stop;
    return spf_has_address(s, answer, bits_of(s, term)) ? SPF_MATCH_YES : SPF_MATCH_NO;
}

/* 5.4; no address of the domain itself counts, should there be no MX. More than ten: 4.6.4. */
static enum spf_match match_mx(struct spf *s, const struct spf_term *term, struct slice name)
{
    const struct spf_answer *mx = spf_look_up(s, name, DNS_TYPE_MX, SPF_COUNTS_VOID);
    if (!mx)
        return s->stop;
    if (mx->count > SPF_NAMES_MAX) {
        s->reason = SLICE("more than 10 mail hosts");
        return SPF_MATCH_PERMERROR;
    }
    const struct dns_record *records = mx->records;
    for (size_t i = 0, count = mx->count; i < count; i++) {
        enum spf_match match = match_a(s, term, records[i].target);
        if (match != SPF_MATCH_NO)
            return match;
    }
    return SPF_MATCH_NO;
}

bool spf_validated_names(struct spf *s, enum spf_counting counting,
                         struct slice names[SPF_NAMES_MAX], size_t *count)
{
    struct slice tree = s->is_ipv6 ? SLICE("ip6.arpa") : SLICE("in-addr.arpa");
    const struct spf_answer *ptr =
        spf_look_up(s, dnsbl_name(s->address, s->is_ipv6, tree, &s->run), DNS_TYPE_PTR, counting);
    *count = 0;
    if (!ptr)
        return !s->is_waiting && s->stop != SPF_MATCH_PERMERROR;
    const struct dns_record *records = ptr->records;
    size_t most = ptr->count < SPF_NAMES_MAX ? ptr->count : SPF_NAMES_MAX;
    for (size_t i = 0; i < most; i++) {
        const struct spf_answer *answer =
            spf_look_up(s, records[i].target, spf_address_type(s), counting);
        if (!answer && (s->is_waiting || s->stop == SPF_MATCH_PERMERROR))
            return false;
        if (answer && spf_has_address(s, answer, s->is_ipv6 ? 128 : 32))
            names[(*count)++] = records[i].target;
    }
    return true;
}

static enum spf_match match_ptr(struct spf *s, const struct spf_term *term, struct slice name)
{
    struct slice names[SPF_NAMES_MAX];
    size_t count;
    (void)term;
    if (!spf_validated_names(s, SPF_COUNTS_VOID, names, &count))
        return s->stop;
    for (size_t i = 0; i < count; i++) {
        size_t more = names[i].size - name.size;
        if (slice_ends_fold(names[i], name) && (more == 0 || names[i].data[more - 1] == '.'))
            return SPF_MATCH_YES;
    }
    return SPF_MATCH_NO;
}

/* 5.7: an A record, also for a client with an IPv6 address. */
static enum spf_match match_exists(struct spf *s, const struct spf_term *term, struct slice name)
{
    const struct spf_answer *answer = spf_look_up(s, name, DNS_TYPE_A, SPF_COUNTS_VOID);
    (void)term;
    if (!answer)
        return s->stop;
    return answer->count > 0 ? SPF_MATCH_YES : SPF_MATCH_NO;
}

static enum spf_match match_all(struct spf *s, const struct spf_term *term, struct slice name)
{
    (void)s;
    (void)term;
    (void)name;
    return SPF_MATCH_YES;
}

static enum spf_result check_domain(struct spf *s, struct slice domain, bool is_included);

/* The table of 5.2. */
static enum spf_match match_include(struct spf *s, const struct spf_term *term, struct slice name)
{
    (void)term;
    switch (check_domain(s, name, true)) {
    case SPF_PASS:
        return SPF_MATCH_YES;
    case SPF_FAIL:
    case SPF_SOFTFAIL:
    case SPF_NEUTRAL:
        return SPF_MATCH_NO;
    case SPF_TEMPERROR:
        return SPF_MATCH_TEMPERROR;
    case SPF_PERMERROR:
        return SPF_MATCH_PERMERROR;
    case SPF_NONE:
        s->reason = SLICE("the included domain has no record");
        return SPF_MATCH_PERMERROR;
    }
    return SPF_MATCH_PERMERROR;
}

static enum spf_match match(struct spf *s, const struct spf_term *term, struct slice domain)
{
    static enum spf_match (*const functions[])(struct spf *, const struct spf_term *,
                                               struct slice) = {
        [SPF_ALL] = match_all, [SPF_INCLUDE] = match_include, [SPF_A] = match_a,
        [SPF_MX] = match_mx,   [SPF_PTR] = match_ptr,         [SPF_IP4] = match_ip,
        [SPF_IP6] = match_ip,  [SPF_EXISTS] = match_exists,
    };
    bool needs_dns =
        term->mechanism != SPF_ALL && term->mechanism != SPF_IP4 && term->mechanism != SPF_IP6;
    struct slice name;
    if ((needs_dns && !spf_count_term(s)) || !spf_expand_name(s, term->domain, domain, &name))
        return s->stop;
    return functions[term->mechanism](s, term, name);
}

/* ---- a record ---- */

static enum spf_result result_of(char qualifier)
{
    return qualifier == '-'   ? SPF_FAIL
           : qualifier == '~' ? SPF_SOFTFAIL
           : qualifier == '?' ? SPF_NEUTRAL
                              : SPF_PASS;
}

/* The domain's words for a "no" (6.2). Whatever is wrong with them: there are none. */
static void explain(struct spf *s, const struct policy *p)
{
    struct slice name, was = s->reason, text = SLICE("");
    struct spf_macro macro;
    bool is_wrong = false;
    if (p->record.explanation.size == 0 ||
        !spf_expand_name(s, p->record.explanation, p->domain, &name))
        return;
    const struct spf_answer *answer = spf_look_up(s, name, DNS_TYPE_TXT, SPF_COUNTS_NOTHING);
    s->reason = was;
    if (!answer || answer->count != 1)
        return;
    struct slice rest = answer->records[0].data, spec = rest;
    while (spf_macro_next(&rest, &macro, &is_wrong))
        continue;
    if (!is_wrong && spf_expand(s, spec, p->domain, true, &text))
        s->explanation = text;
    s->reason = was;
}

static enum spf_result redirect(struct spf *s, const struct policy *p, bool is_included)
{
    struct slice name;
    if (!spf_count_term(s) || !spf_expand_name(s, p->record.redirect, p->domain, &name))
        return s->stop == SPF_MATCH_PERMERROR ? SPF_PERMERROR : SPF_TEMPERROR;
    enum spf_result result = check_domain(s, name, is_included);
    if (result != SPF_NONE)
        return result;
    s->reason = SLICE("the domain of redirect has no record");
    return SPF_PERMERROR;
}

static enum spf_result evaluate(struct spf *s, const struct policy *p, bool is_included)
{
    for (size_t i = 0; i < p->record.term_count; i++) {
        const struct spf_term *term = &p->record.terms[i];
        enum spf_match found = match(s, term, p->domain);
        if (found == SPF_MATCH_TEMPERROR || found == SPF_MATCH_PERMERROR)
            return found == SPF_MATCH_PERMERROR ? SPF_PERMERROR : SPF_TEMPERROR;
        if (found == SPF_MATCH_NO)
            continue;
        enum spf_result result = result_of(term->qualifier);
        s->reason = term->text;
        if (result == SPF_FAIL && !is_included)
            explain(s, p);
        return result;
    }
    if (p->record.redirect.size > 0) /* with "all" nobody comes here (5.1) */
        return redirect(s, p, is_included);
    s->reason = SLICE("no term matches");
    return SPF_NEUTRAL; /* 4.7 */
}

/* 4.5: the one record of this version. */
static const struct dns_record *select_record(const struct spf_answer *answer, size_t *count)
{
    const struct dns_record *found = NULL;
    *count = 0;
    for (size_t i = 0; i < answer->count; i++)
        if (spf_record_is_one(answer->records[i].data)) {
            found = &answer->records[i];
            ++*count;
        }
    return found;
}

static enum spf_result check_domain(struct spf *s, struct slice domain, bool is_included)
{
    struct policy p = {.domain = domain};
    size_t count;
    s->reason = SLICE("no record");
    if (slice_find_octet(domain, '.', 0) == SLICE_NONE)
        return SPF_NONE; /* 4.3 */
    const struct spf_answer *answer = spf_look_up(s, domain, DNS_TYPE_TXT, SPF_COUNTS_NOTHING);
    if (!answer)
        return SPF_TEMPERROR; /* 4.4 */
    const struct dns_record *record = select_record(answer, &count);
    if (count == 0)
        return SPF_NONE;
    if (count > 1) {
        s->reason = SLICE("several records");
        return SPF_PERMERROR;
    }
    if (!spf_record_read(record->data, &s->run, &p.record)) {
        s->reason = p.record.wrong;
        return SPF_PERMERROR;
    }
    return evaluate(s, &p, is_included);
}

enum spf_result spf_check_host(struct spf *s)
{
    return check_domain(s, s->origin, false);
}
