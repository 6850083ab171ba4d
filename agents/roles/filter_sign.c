#include "agents/roles/filter_sign.h"

#include "agents/roles/filter_part.h"
#include "sim/base/check.h"

static enum dkim_algorithm algorithm_of(const struct filter *f)
{
    return slice_equal(config_text(f->config, "sign_algorithm"), SLICE("ed25519-sha256"))
               ? DKIM_ED25519_SHA256
               : DKIM_RSA_SHA256;
}

static void tell_record(struct filter *f, struct slice name, struct slice data, bool is_on)
{
    sim_emit(f->office->sim, EVENT_RECORD,
             &(struct event_record){filter_text(f, name), filter_text(f, SLICE("TXT")),
                                    filter_text(f, data), is_on});
}

/* The DNS of this world takes it from us, as from an administrator (RFC 6376 3.6.2). */
static void publish(struct filter *f, struct slice name)
{
    struct arena arena;
    arena_init(&arena);
    struct slice data = dkim_secret_record(f->secret, &arena);
    struct records *set = &f->office->records;
    if (records_remove(set, name, DNS_TYPE_TXT, NULL) > 0)
        tell_record(f, name, SLICE(""), false);
    records_add(set, &(struct dns_record){.name = name, .type = DNS_TYPE_TXT, .data = data});
    records_note_change(set, name);
    tell_record(f, name, data, true);
    arena_finish(&arena);
}

/* The key of this domain, selector and algorithm: what was made before changes nothing in it. */
static void make_key(struct filter *f, struct slice name)
{
    struct random random;
    struct arena arena;
    arena_init(&arena);
    struct slice stream = arena_printf(&arena, "dkim key %s %.*s",
                                       dkim_algorithm_name(algorithm_of(f)), SLICE_ARG(name));
    sim_random(f->office->sim, stream, &random);
    dkim_secret_destroy(f->secret);
    f->secret = dkim_secret_create(algorithm_of(f), &random);
    f->key_name = arena_copy(&f->office->arena, name);
    f->key_algorithm = algorithm_of(f);
    publish(f, f->key_name);
    arena_finish(&arena);
}

void filter_sign_configure(struct filter *f)
{
    struct slice domain = config_text(f->config, "sign_domain");
    struct slice selector = config_text(f->config, "sign_selector");
    struct arena arena;
    arena_init(&arena);
    struct slice name =
        arena_join(&arena, (struct slice[]){selector, SLICE("._domainkey."), domain}, 3);
    bool is_new = !slice_equal(name, f->key_name) || f->key_algorithm != algorithm_of(f);
    if (config_bool(f->config, "sign") && domain.size > 0 && selector.size > 0 &&
        (!f->secret || is_new))
        make_key(f, name);
    arena_finish(&arena);
}

/* Only what its author may say of himself is signed: From is of our domain. */
static bool is_ours(const struct filter_case *c)
{
    struct slice domain = config_text(c->filter->config, "sign_domain");
    return domain.size > 0 && slice_equal_fold(filter_auth_author(c->header), domain);
}

void filter_sign_message(struct filter_case *c)
{
    struct filter *f = c->filter;
    struct filter_verdict verdict = {.reply = {0}};
    if (f->secret && config_bool(f->config, "sign") && is_ours(c)) {
        const struct dkim_signing signing = {
            .secret = f->secret,
            .domain = config_text(f->config, "sign_domain"),
            .selector = config_text(f->config, "sign_selector"),
            .now_s = office_now_s(f->office, f->agent),
        };
        if (dkim_sign(&signing, c->header, c->body, &f->fields))
            verdict.fields = bytes_slice(&f->fields);
    }
    filter_conclude(c, &verdict);
    bytes_reuse(&f->fields);
}
