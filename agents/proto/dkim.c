#include "agents/proto/dkim_part.h"

#include "agents/mail/tag_list.h"
#include "sim/base/base64.h"

enum { NAME_MAX = 255, CLOCK_TOLERANCE_S = 300 };

const char *dkim_result_name(enum dkim_result result)
{
    switch (result) {
    case DKIM_NONE:
        break;
    case DKIM_PASS:
        return "pass";
    case DKIM_FAIL:
        return "fail";
    case DKIM_POLICY:
        return "policy";
    case DKIM_NEUTRAL:
        return "neutral";
    case DKIM_TEMPERROR:
        return "temperror";
    case DKIM_PERMERROR:
        return "permerror";
    }
    return "none";
}

const char *dkim_algorithm_name(enum dkim_algorithm algorithm)
{
    return algorithm == DKIM_RSA_SHA256 ? "rsa-sha256" : "ed25519-sha256";
}

static bool reject(const char **why, const char *what)
{
    *why = what;
    return false;
}

/* Base64 with blanks and folds anywhere in it (3.2); in the arena. */
static bool read_base64(struct slice text, struct arena *arena, struct slice *octets)
{
    struct bytes clean, decoded;
    bytes_init(&clean, text.size);
    bytes_init(&decoded, text.size);
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
            (void)bytes_append_octet(&clean, c);
    }
    bool ok = base64_read(bytes_slice(&clean), &decoded);
    if (ok)
        *octets = arena_copy(arena, bytes_slice(&decoded));
    bytes_finish(&clean);
    bytes_finish(&decoded);
    return ok;
}

/* ---- the signature (3.5) ---- */

/* c=: the header's, and behind a slash the body's; simple where nothing is said. */
static bool read_canonicalization(struct slice value, struct dkim_signature *s)
{
    struct slice header;
    if (value.size == 0)
        return true;
    (void)slice_cut(&value, '/', &header);
    s->is_header_relaxed = slice_equal(header, SLICE("relaxed"));
    s->is_body_relaxed = slice_equal(value, SLICE("relaxed"));
    return (s->is_header_relaxed || slice_equal(header, SLICE("simple"))) &&
           (value.size == 0 || s->is_body_relaxed || slice_equal(value, SLICE("simple")));
}

static bool read_algorithm(struct slice value, enum dkim_algorithm *algorithm)
{
    *algorithm =
        slice_equal(value, SLICE("ed25519-sha256")) ? DKIM_ED25519_SHA256 : DKIM_RSA_SHA256;
    return slice_equal(value, slice_of(dkim_algorithm_name(*algorithm)));
}

/* Behind the last @; "" when there is none. */
static struct slice identity_domain(struct slice identity)
{
    size_t at = identity.size;
    while (at > 0 && identity.data[at - 1] != '@')
        at--;
    return at == 0 ? SLICE("") : slice_part(identity, at, identity.size);
}

/* i= must be within d=: the domain itself or one below it. */
static bool is_within(struct slice identity, struct slice domain)
{
    struct slice its = identity_domain(identity);
    if (slice_equal_fold(its, domain))
        return true;
    return its.size > domain.size + 1 && slice_ends_fold(its, domain) &&
           its.data[its.size - domain.size - 1] == '.';
}

static bool read_number(struct slice list, const char *name, bool *has, uint64_t *number)
{
    struct slice value;
    *has = tag_list_find(list, name, &value);
    return !*has || slice_to_u64(value, number);
}

static bool read_numbers(struct slice list, struct dkim_signature *s, const char **why)
{
    if (!read_number(list, "l", &s->has_length, &s->length) ||
        !read_number(list, "t", &s->has_time, &s->time_s) ||
        !read_number(list, "x", &s->has_expiry, &s->expiry_s))
        return reject(why, "a number in the signature is none");
    if (s->has_expiry && s->has_time && s->expiry_s <= s->time_s)
        return reject(why, "the signature ends before it begins");
    return true;
}

static bool read_method(struct slice list, const char **why)
{
    struct slice method;
    if (tag_list_find(list, "q", &method) && !tag_list_has_item(method, "dns/txt"))
        return reject(why, "its key is not in the DNS");
    return true;
}

static bool read_names(struct slice list, struct dkim_signature *s, struct arena *arena,
                       const char **why)
{
    struct slice identity;
    (void)tag_list_find(list, "d", &s->domain);
    (void)tag_list_find(list, "s", &s->selector);
    s->identity = tag_list_find(list, "i", &identity)
                      ? identity
                      : arena_printf(arena, "@%.*s", SLICE_ARG(slice_part(s->domain, 0, NAME_MAX)));
    if (s->domain.size == 0 || s->selector.size == 0 ||
        s->domain.size + s->selector.size > NAME_MAX)
        return reject(why, "the signature says not whose it is");
    return is_within(s->identity, s->domain) || reject(why, "i= is not within d=");
}

bool dkim_signature_read(struct slice field, struct arena *arena, struct dkim_signature *s,
                         const char **why)
{
    struct slice list = field, name, value;
    *s = (struct dkim_signature){.field = field};
    *why = "";
    (void)slice_cut(&list, ':', &name);
    bool has_names = read_names(list, s, arena, why);
    if (!tag_list_is_valid(list))
        return reject(why, "the signature is no list of tags");
    if (!tag_list_find(list, "v", &value) || !slice_equal(value, SLICE("1")))
        return reject(why, "another version of DKIM");
    if (!has_names || !read_method(list, why) || !read_numbers(list, s, why))
        return false;
    if (!tag_list_find(list, "a", &value) || !read_algorithm(value, &s->algorithm))
        return reject(why, "an algorithm that is not taken");
    (void)tag_list_find(list, "c", &value);
    if (!read_canonicalization(value, s))
        return reject(why, "an unknown canonicalization");
    if (!tag_list_find(list, "h", &s->names) || !tag_list_has_item(s->names, "from"))
        return reject(why, "From is not signed");
    if (!tag_list_find(list, "bh", &value) || !read_base64(value, arena, &s->body_hash) ||
        !tag_list_find(list, "b", &value) || !read_base64(value, arena, &s->signature))
        return reject(why, "the signature is no base64");
    return true;
}

struct slice dkim_key_name(const struct dkim_signature *s, struct arena *arena)
{
    return arena_join(arena, (struct slice[]){s->selector, SLICE("._domainkey."), s->domain}, 3);
}

/* ---- the key (3.6.1) ---- */

bool dkim_key_read(struct slice record, struct arena *arena, struct dkim_key *key, const char **why)
{
    struct slice value, rest = record;
    struct tag first;
    *key = (struct dkim_key){.algorithm = DKIM_RSA_SHA256};
    *why = "";
    if (!tag_list_is_valid(record))
        return reject(why, "the key record is no list of tags");
    (void)tag_list_next(&rest, &first);
    if (tag_list_find(record, "v", &value) &&
        (!slice_equal(value, SLICE("DKIM1")) || !slice_equal(first.name, SLICE("v"))))
        return reject(why, "the key record is of another version");
    if (tag_list_find(record, "k", &value) && !slice_equal(value, SLICE("rsa"))) {
        key->algorithm = DKIM_ED25519_SHA256;
        if (!slice_equal(value, SLICE("ed25519")))
            return reject(why, "a key of an unknown kind");
    }
    if (tag_list_find(record, "h", &value) && !tag_list_has_item(value, "sha256"))
        return reject(why, "the key is not for this hash");
    if (tag_list_find(record, "s", &value) && !tag_list_has_item(value, "email") &&
        !tag_list_has_item(value, "*"))
        return reject(why, "the key is not for mail");
    (void)tag_list_find(record, "t", &value);
    key->is_testing = tag_list_has_item(value, "y");
    key->is_strict = tag_list_has_item(value, "s");
    if (!tag_list_find(record, "p", &value) || !read_base64(value, arena, &key->octets))
        return reject(why, "the key record has no key");
    return true;
}

/* ---- the judgement (6.1) ---- */

static enum dkim_result judge(enum dkim_result result, const char *what, const char **why)
{
    *why = what;
    return result;
}

static enum dkim_result check_body(const struct dkim_signature *s, struct slice body,
                                   const char **why)
{
    unsigned char hash[DKIM_HASH_OCTETS];
    dkim_hash_body(s->is_body_relaxed, body, s->has_length ? s->length : UINT64_MAX, hash);
    if (slice_equal((struct slice){(const char *)hash, sizeof hash}, s->body_hash))
        return DKIM_PASS;
    return judge(DKIM_FAIL, "the body was changed", why);
}

static enum dkim_result check_signature(const struct dkim_signature *s, const struct dkim_key *key,
                                        struct slice header, const char **why)
{
    struct bytes data;
    bytes_init(&data, SIZE_MAX / 2);
    dkim_gather(s->is_header_relaxed, s->names, header, s->field, &data);
    enum dkim_checked checked = dkim_key_check(key, bytes_slice(&data), s->signature);
    bytes_finish(&data);
    switch (checked) {
    case DKIM_FITS:
        break;
    case DKIM_FITS_NOT:
        return judge(DKIM_FAIL, "the header was changed", why);
    case DKIM_KEY_IS_NONE:
        return judge(DKIM_PERMERROR, "the key is not one", why);
    case DKIM_KEY_IS_WEAK:
        return judge(DKIM_POLICY, "the key is too short", why);
    }
    return DKIM_PASS;
}

enum dkim_result dkim_verify(const struct dkim_signature *s, const struct dkim_key *key,
                             struct slice header, struct slice body, int64_t now_s,
                             const char **why)
{
    *why = "";
    if (s->has_expiry && now_s > 0 && (uint64_t)now_s > s->expiry_s)
        return judge(DKIM_PERMERROR, "the signature has expired", why);
    if (s->has_time && now_s >= 0 && s->time_s > (uint64_t)now_s + CLOCK_TOLERANCE_S)
        return judge(DKIM_PERMERROR, "the signature is from the future", why);
    if (key->octets.size == 0)
        return judge(DKIM_PERMERROR, "the key was revoked", why);
    if (key->algorithm != s->algorithm)
        return judge(DKIM_PERMERROR, "the key is of another kind", why);
    if (key->is_strict && !slice_equal_fold(identity_domain(s->identity), s->domain))
        return judge(DKIM_PERMERROR, "the key is for its domain alone", why);
    enum dkim_result result = check_body(s, body, why);
    return result == DKIM_PASS ? check_signature(s, key, header, why) : result;
}
