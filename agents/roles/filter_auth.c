#include "agents/mail/address.h"
#include "agents/roles/filter_part.h"

/* ---- SPF, at MAIL ---- */

/* "pass example.com alice@example.com": whose record said what, and of whom it was asked. */
static struct slice write_note(struct filter_case *c, struct slice sender)
{
    return arena_printf(&c->arena, "%s %.*s %.*s", spf_result_name(spf_result(c->spf)),
                        SLICE_ARG(spf_domain(c->spf)), SLICE_ARG(sender));
}

struct filter_note filter_auth_note(const struct smtp_transaction *t)
{
    struct filter_note note = {SLICE(""), SLICE(""), SLICE("")};
    struct slice rest = t->note;
    if (slice_cut(&rest, ' ', &note.result))
        (void)slice_cut(&rest, ' ', &note.domain);
    note.sender = rest;
    return note;
}

/* RFC 7208 8.4, 8.6, 8.7; the code of a failure is RFC 7372 3.2's. */
static struct smtp_reply refusal_of(struct filter_case *c)
{
    switch (spf_result(c->spf)) {
    case SPF_FAIL:
        return (struct smtp_reply){550, SLICE("5.7.23"),
                                   arena_printf(&c->arena,
                                                "SPF: this address may not send mail of %.*s",
                                                SLICE_ARG(spf_domain(c->spf)))};
    case SPF_TEMPERROR:
        return (struct smtp_reply){451, SLICE("4.4.3"), SLICE("SPF: the DNS does not answer")};
    case SPF_PERMERROR:
        return (struct smtp_reply){550, SLICE("5.5.2"), SLICE("SPF: the record is wrong")};
    case SPF_NONE:
    case SPF_NEUTRAL:
    case SPF_PASS:
    case SPF_SOFTFAIL:
        break;
    }
    return (struct smtp_reply){0};
}

/* A null reverse-path is judged as postmaster of the name in EHLO (RFC 7208 2.4). */
static struct slice sender_of(struct filter_case *c)
{
    const struct smtp_transaction *t = c->transaction;
    if (t->reverse_path.size > 0)
        return t->reverse_path;
    return arena_printf(&c->arena, "postmaster@%.*s", SLICE_ARG(t->helo));
}

static void conclude_sender(struct filter_case *c)
{
    struct filter *f = c->filter;
    const struct smtp_transaction *t = c->transaction;
    char address[16];
    sim_emit(f->office->sim, EVENT_SPF,
             &(struct event_spf){
                 f->agent, t->msg, filter_text(f, slice_of(spf_result_name(spf_result(c->spf)))),
                 filter_text(f, spf_domain(c->spf)),
                 filter_text(f, dns_ipv4_print(t->peer_address, address)), t->conn});
    struct filter_verdict verdict = {.note = write_note(c, sender_of(c))};
    if (f->settings.spf == FILTER_CHECK_ENFORCE)
        verdict.reply = refusal_of(c);
    if (verdict.reply.code)
        filter_tell(c, "reject", verdict.reply.text);
    filter_conclude(c, &verdict);
}

static void on_spf(struct filter_case *c, size_t index, const struct resolver_answer *answer);

static void go_on_with_sender(struct filter_case *c)
{
    struct spf_question question;
    if (spf_next(c->spf, &question))
        filter_ask(c, question.name, question.type, 0, on_spf);
    else
        conclude_sender(c);
}

static void on_spf(struct filter_case *c, size_t index, const struct resolver_answer *answer)
{
    (void)index;
    enum spf_answered how = answer->status == RESOLVER_OK || answer->status == RESOLVER_NODATA
                                ? SPF_ANSWERED
                            : answer->status == RESOLVER_NXDOMAIN ? SPF_NO_NAME
                                                                  : SPF_NO_ANSWER;
    spf_answer(c->spf, how, answer->records, answer->count);
    go_on_with_sender(c);
}

void filter_auth_sender(struct filter_case *c)
{
    const struct filter_settings *s = &c->filter->settings;
    const struct smtp_transaction *t = c->transaction;
    uint32_t a = t->peer_address;
    if ((s->spf == FILTER_CHECK_OFF && s->dmarc == FILTER_CHECK_OFF) || filter_is_inside(c)) {
        filter_conclude(c, &(struct filter_verdict){.reply = {0}});
        return;
    }
    c->spf = spf_create(
        &(struct spf_options){.address = {(unsigned char)(a >> 24), (unsigned char)(a >> 16),
                                          (unsigned char)(a >> 8), (unsigned char)a},
                              .sender = t->reverse_path,
                              .helo = t->helo,
                              .receiver = filter_server_name(c->filter),
                              .now_s = office_now_s(c->filter->office, c->filter->agent)});
    go_on_with_sender(c);
}

/* ---- DMARC ---- */

struct slice filter_auth_author(struct slice header)
{
    struct header_field field;
    struct address_mailbox mailbox;
    struct slice domain = SLICE("");
    if (header_count(header, SLICE("From")) != 1 || !header_find(header, SLICE("From"), 1, &field))
        return domain;
    while (address_next(&field.value, &mailbox)) {
        struct slice its = address_domain(mailbox.address);
        if (its.size == 0 || (domain.size > 0 && !slice_equal_fold(its, domain)))
            return SLICE("");
        domain = its;
    }
    return domain;
}

/* "none" where nobody has a policy. */
static void tell_dmarc(struct filter_case *c)
{
    struct filter *f = c->filter;
    const struct smtp_transaction *t = c->transaction;
    bool has_policy = dmarc_domain(c->dmarc).size > 0;
    const char *policy = has_policy ? dmarc_policy_name(dmarc_policy(c->dmarc)) : "";
    sim_emit(
        f->office->sim, EVENT_DMARC,
        &(struct event_dmarc){f->agent, t->msg,
                              filter_text(f, slice_of(dmarc_result_name(dmarc_result(c->dmarc)))),
                              filter_text(f, filter_auth_author(c->header)),
                              filter_text(f, slice_of(policy)), t->conn});
}

static void on_dmarc(struct filter_case *c, size_t index, const struct resolver_answer *answer);

static void go_on_with_dmarc(struct filter_case *c)
{
    struct dmarc_question question;
    if (dmarc_next(c->dmarc, &question)) {
        filter_ask(c, question.name, question.type, 0, on_dmarc);
        return;
    }
    tell_dmarc(c);
    filter_verdict_message(c);
}

static void on_dmarc(struct filter_case *c, size_t index, const struct resolver_answer *answer)
{
    (void)index;
    enum dmarc_answered how = answer->status == RESOLVER_OK || answer->status == RESOLVER_NODATA
                                  ? DMARC_ANSWERED
                              : answer->status == RESOLVER_NXDOMAIN ? DMARC_NO_NAME
                                                                    : DMARC_NO_ANSWER;
    dmarc_answer(c->dmarc, how, answer->records, answer->count);
    go_on_with_dmarc(c);
}

static void begin_dmarc(struct filter_case *c)
{
    struct slice domains[FILTER_SIGNATURES_MAX];
    struct filter_note note = filter_auth_note(c->transaction);
    size_t count = 0;
    if (c->filter->settings.dmarc == FILTER_CHECK_OFF) {
        filter_verdict_message(c);
        return;
    }
    for (size_t i = 0; i < c->signature_count; i++)
        if (c->signatures[i].result == DKIM_PASS)
            domains[count++] = c->signatures[i].signature.domain;
    c->dmarc = dmarc_create(&(struct dmarc_options){
        .author = filter_auth_author(c->header),
        .spf_domain = slice_equal(note.result, SLICE("pass")) ? note.domain : SLICE(""),
        .dkim_domains = domains,
        .dkim_count = count});
    go_on_with_dmarc(c);
}

/* ---- DKIM ---- */

static void tell_dkim(struct filter_case *c, enum dkim_result result, struct slice domain,
                      struct slice what)
{
    struct filter *f = c->filter;
    sim_emit(f->office->sim, EVENT_DKIM,
             &(struct event_dkim){
                 f->agent, c->transaction->msg, filter_text(f, slice_of(dkim_result_name(result))),
                 filter_text(f, domain), filter_text(f, what), c->transaction->conn});
}

static void settle_signature(struct filter_case *c, size_t index, enum dkim_result result,
                             const char *why)
{
    struct filter_signature *s = &c->signatures[index];
    s->result = result;
    s->why = why;
    struct slice what = slice_of(why);
    if (what.size == 0)
        what = arena_printf(&c->arena, "%s, selector %.*s",
                            dkim_algorithm_name(s->signature.algorithm),
                            SLICE_ARG(s->signature.selector));
    tell_dkim(c, result, s->signature.domain, what);
}

/* RFC 6376 6.1.2: of several records the first that is a key counts. */
static void verify(struct filter_case *c, size_t index, const struct resolver_answer *answer)
{
    struct dkim_key key;
    struct filter *f = c->filter;
    const char *why = "there is no key";
    for (size_t i = 0; i < answer->count; i++) {
        if (!dkim_key_read(answer->records[i].data, &c->arena, &key, &why))
            continue;
        enum dkim_result result = dkim_verify(&c->signatures[index].signature, &key, c->header,
                                              c->body, office_now_s(f->office, f->agent), &why);
        settle_signature(c, index, result, why);
        return;
    }
    settle_signature(c, index, DKIM_PERMERROR, why);
}

static void on_key(struct filter_case *c, size_t index, const struct resolver_answer *answer)
{
    if (answer->status == RESOLVER_FAILED || answer->status == RESOLVER_TIMEOUT)
        settle_signature(c, index, DKIM_TEMPERROR, "the DNS does not answer");
    else
        verify(c, index, answer);
    if (c->asked == 0)
        begin_dmarc(c);
}

/* What can't be understood is settled at once; of the others the keys are asked for. */
static void read_signatures(struct filter_case *c)
{
    struct header_field field;
    struct slice rest = c->header;
    while (c->signature_count < FILTER_SIGNATURES_MAX && header_next(&rest, &field)) {
        if (!slice_equal_fold(field.name, SLICE("DKIM-Signature")))
            continue;
        size_t i = c->signature_count++;
        struct filter_signature *s = &c->signatures[i];
        *s = (struct filter_signature){.why = ""};
        if (dkim_signature_read(field.whole, &c->arena, &s->signature, &s->why))
            filter_ask(c, dkim_key_name(&s->signature, &c->arena), DNS_TYPE_TXT, i, on_key);
        else
            settle_signature(c, i, DKIM_NEUTRAL, s->why);
    }
    if (c->signature_count == 0)
        tell_dkim(c, DKIM_NONE, SLICE(""), SLICE("there is no signature"));
}

void filter_auth_message(struct filter_case *c)
{
    const struct filter_settings *s = &c->filter->settings;
    if (s->checks_dkim || s->dmarc != FILTER_CHECK_OFF)
        read_signatures(c);
    if (c->asked == 0)
        begin_dmarc(c);
}
