#include "agents/roles/srs.h"

#include "agents/mail/address.h"
#include "agents/proto/sasl_digest.h"
#include "agents/proto/smtp.h"
#include "sim/base/digits.h"

enum { DAYS = 1024, HASH_TEXT = 6, DAY_TEXT = 2, DAY_S = 86400 };

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"; /* RFC 4648 6: case is lost on
                                                                      the way now and then */

/* Of what must not be changed. */
static struct slice hash_of(struct slice text, uint64_t key, struct arena *arena)
{
    uint8_t digest[SASL_DIGEST_SHA256];
    char secret[DIGITS_MAX];
    char *hash = arena_take(arena, HASH_TEXT);
    struct slice lower = arena_copy(arena, text);
    for (size_t i = 0; i < lower.size; i++)
        ((char *)lower.data)[i] = slice_lower(lower.data[i]);
    sasl_digest_hmac_sha256((struct slice){secret, digits_put(secret, key, 16, 16)}, lower, digest);
    for (size_t i = 0; i < HASH_TEXT; i++)
        hash[i] = letters[digest[i] & 31];
    return (struct slice){hash, HASH_TEXT};
}

static struct slice day_of(int64_t now_s, struct arena *arena)
{
    uint32_t day = (uint32_t)(now_s / DAY_S) % DAYS;
    char *text = arena_take(arena, DAY_TEXT);
    text[0] = letters[day >> 5];
    text[1] = letters[day & 31];
    return (struct slice){text, DAY_TEXT};
}

static bool is_recent(struct slice text, int64_t now_s)
{
    uint32_t day = 0, today = (uint32_t)(now_s / DAY_S) % DAYS;
    for (size_t i = 0; i < text.size; i++) {
        char letter =
            text.data[i] >= 'a' && text.data[i] <= 'z' ? (char)(text.data[i] - 32) : text.data[i];
        size_t value = slice_find_octet(SLICE(letters), letter, 0);
        if (value == SLICE_NONE)
            return false;
        day = day << 5 | (uint32_t)value;
    }
    return text.size == DAY_TEXT && (today + DAYS - day) % DAYS <= SRS_DAYS_MAX;
}

static bool has_tag(struct slice local, struct slice tag)
{
    return local.size > tag.size && slice_starts_fold(local, tag) &&
           slice_find_octet(SLICE("=+-"), local.data[tag.size], 0) != SLICE_NONE;
}

bool srs_is(struct slice address)
{
    struct slice local = address_local(address);
    return has_tag(local, SLICE("SRS0")) || has_tag(local, SLICE("SRS1"));
}

/* What follows the tag and its separator. */
static struct slice behind_tag(struct slice local)
{
    return slice_part(local, 5, local.size);
}

struct slice srs_encode(struct slice reverse_path, struct slice domain, uint64_t key, int64_t now_s,
                        struct arena *arena)
{
    struct slice local = address_local(reverse_path), from = address_domain(reverse_path);
    struct slice tag = SLICE("SRS0="), equals = SLICE("="), at = SLICE("@"), rest, first;
    if (from.size == 0 || slice_equal_fold(from, domain))
        return reverse_path;
    if (has_tag(local, SLICE("SRS1"))) { /* its first forwarder stays, its hash is ours now */
        rest = behind_tag(local);
        slice_cut(&rest, '=', &first);
        tag = SLICE("SRS1=");
    } else if (has_tag(local, SLICE("SRS0"))) {
        rest = arena_join(arena, (struct slice[]){from, SLICE("=="), behind_tag(local)}, 3);
        tag = SLICE("SRS1=");
    } else {
        rest = arena_join(arena,
                          (struct slice[]){day_of(now_s, arena), equals, from, equals, local}, 5);
    }
    struct slice made = arena_join(
        arena, (struct slice[]){tag, hash_of(rest, key, arena), equals, rest, at, domain}, 6);
    struct slice back; /* a path that somebody made up may not lead anywhere: it stays as it is */
    return made.size + 2 <= SMTP_PATH_MAX && srs_decode(made, key, now_s, arena, &back)
               ? made
               : reverse_path;
}

/* "DAY=example.com=alice": the author's address, if the day is right. */
static bool read_author(struct slice rest, int64_t now_s, struct arena *arena,
                        struct slice *original)
{
    struct slice day, domain;
    if (!slice_cut(&rest, '=', &day) || !slice_cut(&rest, '=', &domain) || rest.size == 0 ||
        domain.size == 0 || !is_recent(day, now_s))
        return false;
    *original = arena_join(arena, (struct slice[]){rest, SLICE("@"), domain}, 3);
    return true;
}

/* "example.org==HASH=DAY=...": the address that the first forwarder made. */
static bool read_first(struct slice rest, struct arena *arena, struct slice *original)
{
    struct slice domain;
    if (!slice_cut(&rest, '=', &domain) || domain.size == 0 || rest.size < 2 || rest.data[0] != '=')
        return false;
    *original = arena_join(arena, (struct slice[]){SLICE("SRS0"), rest, SLICE("@"), domain}, 4);
    return true;
}

bool srs_decode(struct slice address, uint64_t key, int64_t now_s, struct arena *arena,
                struct slice *original)
{
    struct slice local = address_local(address), hash;
    bool is_first = has_tag(local, SLICE("SRS0"));
    struct address read;
    if (!srs_is(address))
        return false;
    struct slice rest = behind_tag(local);
    if (!slice_cut(&rest, '=', &hash) || !slice_equal_fold(hash, hash_of(rest, key, arena)))
        return false;
    return (is_first ? read_author(rest, now_s, arena, original)
                     : read_first(rest, arena, original)) &&
           address_read_utf8(*original, &read) && read.domain.size > 0;
}
