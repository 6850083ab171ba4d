#include "agents/proto/spf.h"

#include <inttypes.h>
#include <stdlib.h>

#include "agents/mail/address.h"
#include "agents/proto/spf_part.h"
#include "sim/base/memory.h"

const char *spf_result_name(enum spf_result result)
{
    static const char *const names[] = {
        [SPF_NONE] = "none",           [SPF_NEUTRAL] = "neutral",   [SPF_PASS] = "pass",
        [SPF_FAIL] = "fail",           [SPF_SOFTFAIL] = "softfail", [SPF_TEMPERROR] = "temperror",
        [SPF_PERMERROR] = "permerror",
    };
    return names[result];
}

/* ---- the identity ---- */

/* An IPv4 address in the clothes of IPv6 is an IPv4 address (5). */
static void copy_address(struct spf *s, const struct spf_options *options)
{
    static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};
    bool is_mapped = options->is_ipv6 && memcmp(options->address, mapped, sizeof mapped) == 0;
    s->is_ipv6 = options->is_ipv6 && !is_mapped;
    memcpy(s->address, options->address + (is_mapped ? 12 : 0), s->is_ipv6 ? 16 : 4);
}

/* 2.4: the null reverse-path stands for postmaster@helo; so does a path without a local part
   (4.3). */
static void copy_sender(struct spf *s, const struct spf_options *options)
{
    bool is_helo = options->checks_helo || options->sender.size == 0;
    struct slice sender = is_helo ? options->helo : options->sender;
    struct slice domain = address_domain(sender);
    if (domain.size == 0)
        domain = sender;
    s->local = arena_copy(&s->kept, is_helo ? SLICE("") : address_local(sender));
    if (s->local.size == 0 || slice_equal(s->local, sender))
        s->local = SLICE("postmaster");
    if (slice_ends(domain, SLICE(".")))
        domain.size--;
    s->origin = arena_copy(&s->kept, domain);
    s->sender = arena_printf(&s->kept, "%.*s@%.*s", SLICE_ARG(s->local), SLICE_ARG(s->origin));
}

struct spf *spf_create(const struct spf_options *options)
{
    struct spf *s = memory_take(sizeof *s);
    arena_init(&s->kept);
    arena_init(&s->run);
    copy_address(s, options);
    copy_sender(s, options);
    s->helo = arena_copy(&s->kept, options->helo);
    s->receiver =
        arena_copy(&s->kept, options->receiver.size ? options->receiver : SLICE("unknown"));
    s->now_s = options->now_s;
    return s;
}

void spf_destroy(struct spf *s)
{
    if (!s)
        return;
    vector_finish(&s->answers);
    arena_finish(&s->kept);
    arena_finish(&s->run);
    free(s);
}

/* ---- asking ---- */

/* A name that can be asked for: labels of 1 to 63 octets, 253 in all. */
static bool is_name(struct slice name)
{
    size_t label = 0;
    for (size_t i = 0; i < name.size; i++) {
        if (name.data[i] == '.' ? label == 0 : ++label > 63)
            return false;
        if (name.data[i] == '.')
            label = 0;
        else if (name.data[i] < 0x21 || name.data[i] > 0x7E)
            return false;
    }
    return label > 0 && name.size <= DNS_NAME_MAX - 2;
}

static const struct spf_answer *find_answer(const struct spf *s, struct slice name, unsigned type)
{
    for (size_t i = 0; i < s->answers.count; i++)
        if (s->answers.items[i].type == type && slice_equal_fold(s->answers.items[i].name, name))
            return &s->answers.items[i];
    return NULL;
}

static const struct spf_answer *stop(struct spf *s, enum spf_match why, const char *reason)
{
    s->stop = why;
    s->reason = slice_of(reason);
    return NULL;
}

const struct spf_answer *spf_look_up(struct spf *s, struct slice name, enum dns_type type,
                                     enum spf_counting counting)
{
    static const struct spf_answer nothing = {.how = SPF_NO_NAME};
    if (!is_name(name))
        return &nothing;
    const struct spf_answer *answer = find_answer(s, name, type);
    if (!answer) {
        s->question = (struct spf_question){arena_copy(&s->kept, name), type};
        s->is_waiting = true;
        return stop(s, SPF_MATCH_TEMPERROR, "not answered yet");
    }
    if (answer->how == SPF_NO_ANSWER)
        return stop(s, SPF_MATCH_TEMPERROR, "the DNS does not answer");
    if (answer->count == 0 && counting == SPF_COUNTS_VOID && ++s->voids > SPF_VOIDS_MAX)
        return stop(s, SPF_MATCH_PERMERROR, "more than 2 look-ups found nothing");
    return answer;
}

bool spf_next(struct spf *s, struct spf_question *question)
{
    if (s->is_done)
        return false;
    arena_reset(&s->run);
    s->is_waiting = false;
    s->lookups = s->voids = 0;
    s->explanation = s->reason = SLICE("");
    s->result = spf_check_host(s);
    *question = s->question;
    s->is_done = !s->is_waiting;
    return s->is_waiting;
}

void spf_answer(struct spf *s, enum spf_answered how, const struct dns_record *records,
                size_t count)
{
    struct spf_answer *answer = vector_add(&s->answers);
    struct dns_record *copies = arena_take(&s->kept, count * sizeof *copies);
    *answer = (struct spf_answer){s->question.name, s->question.type, how, copies, 0};
    for (size_t i = 0; i < count && how == SPF_ANSWERED; i++) {
        if (records[i].type != (unsigned)s->question.type)
            continue;
        copies[answer->count] = records[i];
        copies[answer->count].target = arena_copy(&s->kept, records[i].target);
        copies[answer->count++].data = arena_copy(&s->kept, records[i].data);
    }
}

/* ---- the result ---- */

enum spf_result spf_result(const struct spf *s)
{
    return s->result;
}

struct slice spf_domain(const struct spf *s)
{
    return s->origin;
}

struct slice spf_explanation(const struct spf *s)
{
    return s->explanation;
}

struct slice spf_reason(const struct spf *s)
{
    return s->reason;
}
