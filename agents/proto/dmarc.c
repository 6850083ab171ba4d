#include "agents/proto/dmarc.h"

#include <stdlib.h>

#include "agents/mail/tag_list.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"

enum { LABELS_MAX = 8, CANDIDATES_MAX = 16 };

const char *dmarc_policy_name(enum dmarc_policy policy)
{
    switch (policy) {
    case DMARC_POLICY_NONE:
        break;
    case DMARC_POLICY_QUARANTINE:
        return "quarantine";
    case DMARC_POLICY_REJECT:
        return "reject";
    }
    return "none";
}

const char *dmarc_result_name(enum dmarc_result result)
{
    switch (result) {
    case DMARC_NONE:
        break;
    case DMARC_PASS:
        return "pass";
    case DMARC_FAIL:
        return "fail";
    case DMARC_TEMPERROR:
        return "temperror";
    case DMARC_PERMERROR:
        return "permerror";
    }
    return "none";
}

/* ---- the record (4.7) ---- */

enum said { SAID_NOT, SAID_WELL, SAID_WRONG };

static enum said read_policy(struct slice text, const char *name, enum dmarc_policy *policy)
{
    struct slice value;
    if (!tag_list_find(text, name, &value))
        return SAID_NOT;
    for (int i = DMARC_POLICY_NONE; i <= DMARC_POLICY_REJECT; i++)
        if (slice_equal_fold(value, slice_of(dmarc_policy_name((enum dmarc_policy)i)))) {
            *policy = (enum dmarc_policy)i;
            return SAID_WELL;
        }
    return SAID_WRONG;
}

static bool is_said(struct slice text, const char *name, const char *what)
{
    struct slice value;
    return tag_list_find(text, name, &value) && slice_equal_fold(value, slice_of(what));
}

/* 4.10.1: a policy that makes no sense is none, when somebody can be told of it, and then nothing
   applies. Without p= it is none as well (4.7). */
static void settle_broken(struct slice text, struct dmarc_record *r)
{
    struct slice reports;
    (void)tag_list_find(text, "rua", &reports);
    r->policy = r->subdomains = r->absent = DMARC_POLICY_NONE;
    r->is_broken = slice_find_octet(reports, ':', 0) == SLICE_NONE;
}

bool dmarc_record_read(struct slice text, struct dmarc_record *r)
{
    struct slice rest = text;
    struct tag first;
    *r = (struct dmarc_record){.policy = DMARC_POLICY_NONE};
    if (!tag_list_next(&rest, &first) || !slice_equal(first.name, SLICE("v")) ||
        !slice_equal(first.value, SLICE("DMARC1")))
        return false;
    enum said p = read_policy(text, "p", &r->policy);
    r->subdomains = r->policy;
    enum said sp = read_policy(text, "sp", &r->subdomains);
    r->absent = r->subdomains;
    enum said np = read_policy(text, "np", &r->absent);
    r->has_absent = np == SAID_WELL;
    if (p == SAID_WRONG || sp == SAID_WRONG || np == SAID_WRONG)
        settle_broken(text, r);
    r->is_dkim_strict = is_said(text, "adkim", "s");
    r->is_spf_strict = is_said(text, "aspf", "s");
    r->is_testing = is_said(text, "t", "y");
    if (is_said(text, "psd", "y"))
        r->psd = DMARC_PSD_YES;
    else if (is_said(text, "psd", "n"))
        r->psd = DMARC_PSD_NO;
    return true;
}

/* ---- the walk (4.10) ---- */

/* Up from a domain: whose organisation is it? */
struct walk {
    struct slice start, target, below; /* below: the target before this one */
    struct slice organisation;         /* so far; "" none */
    struct slice found;                /* where the record of the organisation or its PSD lies */
    struct dmarc_record record;        /* that record */
    bool is_over;
};

static size_t count_labels(struct slice name)
{
    struct slice label;
    size_t count = 0;
    while (slice_cut(&name, '.', &label))
        count++;
    return count;
}

/* 4.10: one label less; of a long name only the last seven are left at once. */
static struct slice parent(struct slice name)
{
    struct slice label;
    size_t drop = 1, count = count_labels(name);
    if (count >= LABELS_MAX)
        drop = count - (LABELS_MAX - 1);
    while (drop-- > 0)
        (void)slice_cut(&name, '.', &label);
    return name;
}

static void begin_walk(struct walk *w, struct slice start)
{
    *w = (struct walk){.start = start, .target = start};
}

/* `record`: what the target has, or NULL. */
static void step(struct walk *w, const struct dmarc_record *record)
{
    bool is_first = w->target.size == w->start.size;
    if (record) {
        w->found = w->target;
        w->record = *record;
        w->organisation = w->target;
        if (record->psd == DMARC_PSD_YES && !is_first)
            w->organisation = w->below;
        w->is_over = record->psd == DMARC_PSD_NO || (record->psd == DMARC_PSD_YES && !is_first);
    }
    w->below = w->target;
    w->target = parent(w->target);
    if (w->target.size == 0)
        w->is_over = true;
    if (w->is_over && w->organisation.size == 0)
        w->organisation = w->start;
}

/* ---- the check ---- */

enum phase {
    PHASE_AUTHOR,    /* its own record */
    PHASE_UP,        /* those above it */
    PHASE_CANDIDATE, /* the organisation of one who was vouched for */
    PHASE_EXISTENCE, /* of the author domain, for np= */
    PHASE_OVER
};

/* One who was vouched for. */
struct candidate {
    struct slice domain;
    bool is_spf;
};

struct dmarc {
    struct arena arena;
    enum phase phase;
    struct slice author, name;
    struct candidate candidates[CANDIDATES_MAX];
    size_t candidate_count, candidate;
    struct walk up, other;
    bool has_record, has_doubt;
    struct dmarc_record record;
    struct slice domain, aligned;
    enum dmarc_result result;
    enum dmarc_policy policy;
};

static void add_candidate(struct dmarc *d, struct slice domain, bool is_spf)
{
    if (domain.size > 0 && d->candidate_count < CANDIDATES_MAX)
        d->candidates[d->candidate_count++] =
            (struct candidate){arena_copy(&d->arena, domain), is_spf};
}

static void end(struct dmarc *d, enum dmarc_result result)
{
    d->result = result;
    d->phase = PHASE_OVER;
}

struct dmarc *dmarc_create(const struct dmarc_options *options)
{
    struct dmarc *d = memory_take(sizeof *d);
    *d = (struct dmarc){.phase = PHASE_AUTHOR};
    arena_init(&d->arena);
    d->author = arena_copy(&d->arena, options->author);
    add_candidate(d, options->spf_domain, true);
    for (size_t i = 0; i < options->dkim_count; i++)
        add_candidate(d, options->dkim_domains[i], false);
    begin_walk(&d->up, d->author);
    if (d->author.size == 0 || d->author.size > DNS_NAME_MAX)
        end(d, DMARC_PERMERROR);
    return d;
}

void dmarc_destroy(struct dmarc *d)
{
    if (!d)
        return;
    arena_finish(&d->arena);
    free(d);
}

static struct slice record_name(struct dmarc *d, struct slice domain)
{
    return arena_join(&d->arena, (struct slice[]){SLICE("_dmarc."), domain}, 2);
}

bool dmarc_next(struct dmarc *d, struct dmarc_question *question)
{
    switch (d->phase) {
    case PHASE_AUTHOR:
    case PHASE_UP:
        *question = (struct dmarc_question){record_name(d, d->up.target), DNS_TYPE_TXT};
        return true;
    case PHASE_CANDIDATE:
        *question = (struct dmarc_question){record_name(d, d->other.target), DNS_TYPE_TXT};
        return true;
    case PHASE_EXISTENCE:
        *question = (struct dmarc_question){d->author, DNS_TYPE_A};
        return true;
    case PHASE_OVER:
        break;
    }
    return false;
}

/* Several records count as none. */
static const struct dmarc_record *find_record(const struct dns_record *records, size_t count,
                                              struct dmarc_record *found)
{
    struct dmarc_record record;
    size_t seen = 0;
    for (size_t i = 0; i < count; i++)
        if (records[i].type == DNS_TYPE_TXT && dmarc_record_read(records[i].data, &record)) {
            *found = record;
            seen++;
        }
    return seen == 1 ? found : NULL;
}

/* ---- from one phase to the next ---- */

static bool is_strict(const struct dmarc *d, const struct candidate *c)
{
    return c->is_spf ? d->record.is_spf_strict : d->record.is_dkim_strict;
}

/* The record's own domain has p=, one below it sp= (4.7). */
static void find_policy(struct dmarc *d)
{
    bool is_own = slice_equal_fold(d->domain, d->author);
    d->policy = is_own ? d->record.policy : d->record.subdomains;
}

static void pass(struct dmarc *d, const struct candidate *c)
{
    d->aligned = c->domain;
    end(d, DMARC_PASS);
}

/* The same name agrees, strict or not: nobody has to be asked for more (4.10.2). */
static bool pass_if_equal(struct dmarc *d)
{
    for (size_t i = 0; i < d->candidate_count; i++)
        if (slice_equal_fold(d->candidates[i].domain, d->author)) {
            pass(d, &d->candidates[i]);
            return true;
        }
    return false;
}

/* Nobody agrees. For a domain that does not exist np= is what is asked for. */
static void fail(struct dmarc *d)
{
    if (d->has_doubt) {
        end(d, DMARC_TEMPERROR);
        return;
    }
    end(d, DMARC_FAIL);
    if (!slice_equal_fold(d->domain, d->author) && d->record.has_absent)
        d->phase = PHASE_EXISTENCE;
}

/* The next one whose organisation is worth a walk. */
static void try_candidates(struct dmarc *d)
{
    while (d->candidate < d->candidate_count &&
           (is_strict(d, &d->candidates[d->candidate]) ||
            d->candidates[d->candidate].domain.size > DNS_NAME_MAX))
        d->candidate++;
    if (d->candidate == d->candidate_count) {
        fail(d);
        return;
    }
    d->phase = PHASE_CANDIDATE;
    begin_walk(&d->other, d->candidates[d->candidate].domain);
}

/* The walk from the author is over: its organisation is known, and whose policy it is. */
static void settle_author(struct dmarc *d)
{
    if (!d->has_record) {
        if (d->up.found.size == 0) {
            end(d, DMARC_NONE);
            return;
        }
        d->has_record = true;
        d->record = d->up.record;
        d->domain = d->up.found;
        find_policy(d);
        if (d->record.is_broken) {
            end(d, DMARC_NONE);
            return;
        }
        if (pass_if_equal(d))
            return;
    }
    try_candidates(d);
}

static void on_author(struct dmarc *d, const struct dmarc_record *record)
{
    step(&d->up, record);
    d->phase = PHASE_UP;
    if (record) {
        d->has_record = true;
        d->record = *record;
        d->domain = d->author;
        find_policy(d);
        if (record->is_broken) {
            end(d, DMARC_NONE);
            return;
        }
        if (pass_if_equal(d))
            return;
    }
    if (d->up.is_over)
        settle_author(d);
}

static void on_candidate(struct dmarc *d, const struct dmarc_record *record)
{
    step(&d->other, record);
    if (!d->other.is_over)
        return;
    if (slice_equal_fold(d->other.organisation, d->up.organisation)) {
        pass(d, &d->candidates[d->candidate]);
        return;
    }
    d->candidate++;
    try_candidates(d);
}

/* A question that was not answered: without the policy there is nothing to say for now; of one who
   was vouched for it can't be said whether it agrees. */
static void on_silence(struct dmarc *d)
{
    if (d->phase == PHASE_EXISTENCE) {
        d->phase = PHASE_OVER;
        return;
    }
    if (d->phase != PHASE_CANDIDATE) {
        end(d, DMARC_TEMPERROR);
        return;
    }
    d->has_doubt = true;
    d->candidate++;
    try_candidates(d);
}

void dmarc_answer(struct dmarc *d, enum dmarc_answered how, const struct dns_record *records,
                  size_t count)
{
    struct dmarc_record found;
    const struct dmarc_record *record = find_record(records, count, &found);
    if (how == DMARC_NO_ANSWER) {
        on_silence(d);
        return;
    }
    switch (d->phase) {
    case PHASE_AUTHOR:
        on_author(d, record);
        break;
    case PHASE_UP:
        step(&d->up, record);
        if (d->up.is_over)
            settle_author(d);
        break;
    case PHASE_CANDIDATE:
        on_candidate(d, record);
        break;
    case PHASE_EXISTENCE:
        if (how == DMARC_NO_NAME)
            d->policy = d->record.absent;
        d->phase = PHASE_OVER;
        break;
    case PHASE_OVER:
        check(!"an answer to no question");
    }
}

enum dmarc_result dmarc_result(const struct dmarc *d)
{
    return d->result;
}

enum dmarc_policy dmarc_policy(const struct dmarc *d)
{
    return d->policy;
}

bool dmarc_is_testing(const struct dmarc *d)
{
    return d->has_record && d->record.is_testing;
}

struct slice dmarc_domain(const struct dmarc *d)
{
    return d->domain;
}

struct slice dmarc_aligned(const struct dmarc *d)
{
    return d->aligned;
}
