#include "agents/proto/auth_results.h"
#include "agents/roles/filter_part.h"
#include "sim/base/check.h"

/* What is to be done with the message, and why. */
struct finding {
    int64_t score;
    bool is_junk;
    const char *word; /* of the event filter */
    struct slice what;
};

/* ---- content ---- */

/* The rules that match, with their points, in words. */
static void weigh(struct filter_case *c, struct finding *found)
{
    const struct filter_settings *s = &c->filter->settings;
    char text[32];
    struct mime mime;
    struct bytes content;
    bytes_init(&content, SIZE_MAX / 2);
    check(bytes_append_all(&content, (struct slice[]){c->header, c->body}, 2));
    mime_read(&mime, bytes_slice(&content));
    for (size_t i = 0; i < s->rules.count; i++) {
        const struct filter_rule *rule = &s->rules.items[i];
        if (!filter_rule_matches(rule, &mime))
            continue;
        found->score += rule->score;
        found->what = arena_printf(&c->arena, "%.*s%s%.*s", SLICE_ARG(found->what),
                                   found->what.size ? "; " : "", SLICE_ARG(rule->text));
    }
    mime_finish(&mime);
    bytes_finish(&content);
    if (found->what.size > 0)
        found->what =
            arena_printf(&c->arena, "%.*s points: %.*s",
                         SLICE_ARG(filter_rule_print(found->score, text)), SLICE_ARG(found->what));
}

static void judge_content(struct filter_case *c, struct finding *found,
                          struct filter_verdict *verdict)
{
    const struct filter_settings *s = &c->filter->settings;
    if (s->mode == FILTER_MODE_OFF || s->rules.count == 0)
        return;
    weigh(c, found);
    if (found->score >= s->junk && found->score > 0) {
        found->is_junk = true;
        found->word = "junk";
    }
    if (s->mode == FILTER_MODE_MARK || found->score < s->reject || found->score <= 0)
        return;
    struct slice reason = arena_printf(&c->arena, "It looks like junk: %.*s",
                                       SLICE_ARG(slice_part(found->what, 0, 200)));
    if (s->mode == FILTER_MODE_REFUSE) {
        found->word = "reject";
        verdict->reply = (struct smtp_reply){550, SLICE("5.7.1"), reason};
    } else if (s->mode == FILTER_MODE_BOUNCE) {
        found->word = "bounce";
        verdict->bounced = reason;
    } else {
        found->word = "discard";
        verdict->is_discarded = true;
    }
}

/* ---- what the domain's owner asks for (RFC 9989 5.4) ---- */

static void judge_policy(struct filter_case *c, struct finding *found,
                         struct filter_verdict *verdict)
{
    if (!c->dmarc || c->filter->settings.dmarc != FILTER_CHECK_ENFORCE ||
        dmarc_result(c->dmarc) != DMARC_FAIL || dmarc_is_testing(c->dmarc))
        return;
    struct slice domain = dmarc_domain(c->dmarc);
    struct slice what =
        arena_printf(&c->arena, "DMARC: %.*s asks to %s it", SLICE_ARG(domain),
                     dmarc_policy(c->dmarc) == DMARC_POLICY_REJECT ? "refuse" : "suspect");
    switch (dmarc_policy(c->dmarc)) {
    case DMARC_POLICY_NONE:
        break;
    case DMARC_POLICY_QUARANTINE:
        found->is_junk = true;
        found->word = "junk";
        found->what = what;
        break;
    case DMARC_POLICY_REJECT:
        found->word = "reject";
        found->what = what;
        verdict->reply = (struct smtp_reply){550, SLICE("5.7.1"), what};
        break;
    }
}

/* ---- what is written on the message ---- */

static bool put_spf(const struct filter_case *c, struct bytes *out)
{
    struct filter_note note = filter_auth_note(c->transaction);
    char result[16] = {0};
    for (size_t i = 0; i < note.result.size && i + 1 < sizeof result; i++)
        result[i] = note.result.data[i];
    if (c->transaction->reverse_path.size == 0)
        return auth_results_add(out, "spf", result, SLICE(""), "smtp.helo", c->transaction->helo);
    return auth_results_add(out, "spf", result, SLICE(""), "smtp.mailfrom", note.sender);
}

static bool put_dkim(const struct filter_case *c, struct bytes *out)
{
    bool ok = true;
    if (c->signature_count == 0)
        return auth_results_add(out, "dkim", "none", SLICE(""), NULL, SLICE(""));
    for (size_t i = 0; ok && i < c->signature_count; i++) {
        const struct filter_signature *s = &c->signatures[i];
        ok = auth_results_add(out, "dkim", dkim_result_name(s->result), slice_of(s->why),
                              "header.d", s->signature.domain) &&
             auth_results_add_property(out, "header.s", s->signature.selector);
    }
    return ok;
}

static bool put_dmarc(struct filter_case *c, struct bytes *out)
{
    struct slice comment = SLICE("");
    if (dmarc_domain(c->dmarc).size > 0)
        comment = arena_printf(&c->arena, "policy of %.*s: %s", SLICE_ARG(dmarc_domain(c->dmarc)),
                               dmarc_policy_name(dmarc_policy(c->dmarc)));
    return auth_results_add(out, "dmarc", dmarc_result_name(dmarc_result(c->dmarc)), comment,
                            "header.from", filter_auth_author(c->header));
}

/* RFC 8601 4.1: on top, in one field. */
static void put_results(struct filter_case *c, struct bytes *out)
{
    const struct filter_settings *s = &c->filter->settings;
    bool has_dmarc = s->dmarc != FILTER_CHECK_OFF, has_dkim = s->checks_dkim || has_dmarc;
    bool has_spf = c->transaction->note.size > 0;
    if (!has_spf && !has_dkim)
        return;
    check(auth_results_begin(out, filter_server_name(c->filter)));
    check((!has_spf || put_spf(c, out)) && (!has_dkim || put_dkim(c, out)) &&
          (!has_dmarc || put_dmarc(c, out)) && auth_results_end(out, true));
}

static void put_score(const struct filter_case *c, const struct finding *found, struct bytes *out)
{
    const struct filter_settings *s = &c->filter->settings;
    char text[32];
    if (s->mode != FILTER_MODE_OFF && s->rules.count > 0)
        check(bytes_printf(out, "X-Spam-Score: %.*s\r\n",
                           SLICE_ARG(filter_rule_print(found->score, text))));
    if (found->is_junk)
        check(bytes_append(out, SLICE("X-Spam-Flag: YES\r\n")));
}

/* What somebody outside has written in our name: results of this server (RFC 8601 5), and marks
   that our own delivery would act on. */
static bool is_forged(const struct filter *f, const struct header_field *field)
{
    if (slice_equal_fold(field->name, SLICE(AUTH_RESULTS_NAME)))
        return auth_results_is_from(field->value, filter_server_name(f));
    return slice_equal_fold(field->name, SLICE("X-Spam-Flag")) ||
           slice_equal_fold(field->name, SLICE("X-Spam-Score"));
}

/* The header without them; all of it when there are none. */
static struct slice clean(struct filter *f, struct slice header)
{
    struct header_field field;
    struct slice rest = header;
    bool has_forged = false;
    while (!has_forged && header_next(&rest, &field))
        has_forged = is_forged(f, &field);
    if (!has_forged)
        return header;
    for (rest = header; header_next(&rest, &field);)
        if (!is_forged(f, &field))
            check(bytes_append(&f->kept, field.whole));
    check(bytes_append(&f->kept, SLICE("\r\n")));
    return bytes_slice(&f->kept);
}

void filter_verdict_message(struct filter_case *c)
{
    struct filter *f = c->filter;
    const struct filter_settings *s = &f->settings;
    struct filter_verdict verdict = {.reply = {0}};
    struct finding found = {.word = "pass", .what = SLICE("")};
    bool has_looked = s->spf != FILTER_CHECK_OFF || s->dmarc != FILTER_CHECK_OFF ||
                      s->checks_dkim || (s->mode != FILTER_MODE_OFF && s->rules.count > 0);
    judge_content(c, &found, &verdict);
    if (verdict.reply.code == 0)
        judge_policy(c, &found, &verdict);
    put_results(c, &f->fields);
    put_score(c, &found, &f->fields);
    verdict.fields = bytes_slice(&f->fields);
    verdict.header = clean(f, c->header);
    if (has_looked)
        filter_tell(c, found.word, found.what);
    filter_conclude(c, &verdict);
    bytes_reuse(&f->fields);
    bytes_reuse(&f->kept);
}
