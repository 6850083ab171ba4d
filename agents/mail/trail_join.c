#include "agents/mail/trail_part.h"

#include "agents/mail/token.h"

enum { DOMAIN_OCTETS = 255 }; /* RFC 5321 4.5.3.1.2; what is longer is no name of a host */

/* ---- names and addresses ---- */

/* Without brackets, "IPv6:", the zone and the dot at the end. */
static struct slice bare(struct slice s)
{
    s = slice_trim(s);
    if (s.size >= 2 && s.data[0] == '[' && s.data[s.size - 1] == ']')
        s = slice_part(s, 1, s.size - 1);
    if (slice_starts_fold(s, SLICE("IPv6:")))
        s = slice_part(s, 5, s.size);
    if (slice_starts_fold(s, SLICE("::ffff:")) && slice_find_octet(s, '.', 0) != SLICE_NONE)
        s = slice_part(s, 7, s.size); /* IPv4 as a socket of IPv6 sees it (RFC 4291 2.5.5.2) */
    s = slice_part(s, 0, slice_find_octet(s, '%', 0));
    return s.size && s.data[s.size - 1] == '.' ? slice_part(s, 0, s.size - 1) : s;
}

/* The octets of a dotted address; false when it is none. */
static bool read_ipv4(struct slice s, unsigned octets[4])
{
    struct slice part;
    unsigned count = 0;
    while (slice_cut(&s, '.', &part)) {
        uint64_t value;
        if (count == 4 || part.size > 3 || !slice_to_u64(part, &value) || value > 255)
            return false;
        octets[count++] = (unsigned)value;
    }
    return count == 4;
}

bool trail_is_addr(struct slice text)
{
    unsigned octets[4], colons = 0;
    text = bare(text);
    for (size_t i = 0; i < text.size && text.size <= 45; i++) {
        if (text.data[i] == ':')
            colons++;
        else if (text.data[i] != '.' && token_hex(text.data[i]) < 0)
            return false;
    }
    return text.size <= 45 && (colons >= 2 || read_ipv4(text, octets));
}

static bool is_private_ipv4(const unsigned octets[4])
{
    return octets[0] == 10 || octets[0] == 127 || octets[0] == 0 ||
           (octets[0] == 172 && octets[1] >= 16 && octets[1] <= 31) ||
           (octets[0] == 192 && octets[1] == 168) || (octets[0] == 169 && octets[1] == 254) ||
           (octets[0] == 100 && octets[1] >= 64 && octets[1] <= 127);
}

bool trail_is_private(struct slice addr)
{
    unsigned octets[4];
    addr = bare(addr);
    if (read_ipv4(addr, octets))
        return is_private_ipv4(octets);
    if (!trail_is_addr(addr))
        return false;
    /* 2002:0a00::/24 is 10.0.0.0/8 in 6to4 (RFC 3056 2): what Google's machines are called */
    return slice_equal(addr, SLICE("::1")) || slice_starts_fold(addr, SLICE("fe80:")) ||
           slice_starts_fold(addr, SLICE("fc")) || slice_starts_fold(addr, SLICE("fd")) ||
           slice_starts_fold(addr, SLICE("2002:a"));
}

/* Labels under which a country's registry gives out names: "co.uk", "com.au". */
static bool is_registry_label(struct slice label)
{
    static const char *const labels[] = {"co",  "com", "net", "org", "ac",  "gov", "gob", "gouv",
                                         "go",  "edu", "or",  "ne",  "mil", "nom", "ltd", "plc",
                                         "nhs", "sch", "ad",  "ed",  "gr",  "lg",  "id",  "me"};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (slice_equal_fold(label, slice_of(labels[i])))
            return true;
    return false;
}

/* The place behind the last dot before `end`; 0 when there is none. */
static size_t label_start(struct slice name, size_t end)
{
    while (end > 0 && name.data[end - 1] != '.')
        end--;
    return end;
}

struct slice trail_domain(struct slice name)
{
    name = bare(name);
    size_t top = label_start(name, name.size);
    if (top == 0 || trail_is_addr(name))
        return slice_part(name, 0, 0);
    size_t second = label_start(name, top - 1);
    bool is_country = name.size - top == 2;
    if (second > 0 && is_country && is_registry_label(slice_part(name, second, top - 1)))
        second = label_start(name, second - 1);
    return slice_part(name, second, name.size);
}

static bool is_localhost(struct slice name)
{
    name = bare(name);
    return slice_equal_fold(name, SLICE("localhost")) ||
           slice_starts_fold(name, SLICE("localhost.")) || slice_starts(name, SLICE("127.")) ||
           slice_equal(name, SLICE("::1"));
}

static bool is_same_name(struct slice a, struct slice b)
{
    a = bare(a);
    b = bare(b);
    return a.size > 0 && slice_equal_fold(a, b);
}

static bool is_same_domain(struct slice a, struct slice b)
{
    a = trail_domain(a);
    return a.size > 0 && slice_equal_fold(a, trail_domain(b));
}

/* ---- how two lines meet ---- */

/* qmail writes a line of its own beside the one that says from where: it has neither from nor by.
 */
static bool is_note(const struct trail_hop *hop)
{
    return hop->received.by.size == 0 && hop->received.from.size == 0 &&
           hop->received.from_addr.size == 0;
}

/* The peer's address; an address literal counts where nothing else is said. */
static struct slice peer_addr(const struct received *r)
{
    if (r->from_addr.size > 0)
        return r->from_addr;
    return trail_is_addr(r->from) ? r->from : slice_part(r->from, 0, 0);
}

static bool is_fetched(const struct received *r)
{
    return slice_starts_fold(r->with, SLICE("POP3")) || slice_starts_fold(r->with, SLICE("IMAP"));
}

/* Did the newer server get it from a program on the same host, or from its own network? */
static bool is_inside(const struct received *newer)
{
    struct slice addr = peer_addr(newer);
    if (addr.size > 0)
        return trail_is_private(addr) || is_fetched(newer);
    return newer->from.size == 0 || is_localhost(newer->from) || is_fetched(newer);
}

static enum trail_link link_of(const struct received *older, const struct received *newer)
{
    struct slice addr = peer_addr(newer);
    if (is_same_name(older->by, newer->from_name) || is_same_name(older->by, newer->from) ||
        is_same_name(older->by, addr) || is_same_name(older->by_addr, addr))
        return TRAIL_LINK_NAME;
    if (is_same_domain(older->by, newer->from_name) || is_same_domain(older->by, newer->from))
        return TRAIL_LINK_DOMAIN;
    if (is_inside(newer))
        return TRAIL_LINK_INSIDE;
    bool has_name = trail_domain(newer->from_name).size || trail_domain(newer->from).size;
    if (trail_domain(older->by).size == 0 || !has_name)
        return TRAIL_LINK_UNKNOWN;
    return TRAIL_LINK_NONE;
}

/* ---- whose lines are believed ---- */

/*
 * Is the older line, too, of the reader's side? What the client called itself in EHLO counts for
 * nothing here: a stranger may use our name. What the server saw counts: an address of its own
 * network, or a name that it looked up.
 */
static bool stays_own(const struct trail *trail, const struct trail_hop *older,
                      const struct trail_hop *newer)
{
    const struct received *r = &newer->received;
    struct slice theirs = trail_domain(older->received.by), addr = peer_addr(r);
    bool is_ours = theirs.size == 0 || trail->own.size == 0 || slice_equal_fold(theirs, trail->own);
    if (is_fetched(r))
        return true; /* the reader asked that server for his own mail */
    if (addr.size > 0 && trail_is_private(addr))
        return true;
    if (addr.size > 0 || r->from_name.size > 0)
        return is_ours && theirs.size > 0 && slice_equal_fold(trail_domain(r->from_name), theirs);
    if (is_inside(r))
        return is_ours;
    return is_ours && theirs.size > 0 && older->link <= TRAIL_LINK_DOMAIN;
}

static void judge(struct trail *trail, struct trail_hop *older, const struct trail_hop *newer)
{
    older->link = link_of(&older->received, &newer->received);
    if (newer->trust == TRAIL_OWN && stays_own(trail, older, newer)) {
        older->trust = TRAIL_OWN;
        if (trail->own.size == 0)
            trail->own = trail_domain(older->received.by);
    } else if (newer->trust == TRAIL_LOOSE || older->link == TRAIL_LINK_NONE) {
        older->trust = TRAIL_LOOSE;
    } else {
        older->trust = TRAIL_FITS;
    }
}

/* From the newest down. A note belongs to the line below it, whose host wrote both. */
static void judge_all(struct trail *trail)
{
    const struct trail_hop *above = NULL;
    for (uint32_t i = trail->hop_count; i-- > 0;) {
        struct trail_hop *hop = &trail->hops[i];
        hop->link = i + 1 == trail->hop_count ? TRAIL_LINK_TOP : TRAIL_LINK_INSIDE;
        if (is_note(hop))
            continue;
        if (above)
            judge(trail, hop, above);
        else
            trail->own = trail_domain(hop->received.by);
        above = hop;
    }
    enum trail_trust trust = above && above->trust == TRAIL_LOOSE ? TRAIL_LOOSE
                             : above                              ? TRAIL_FITS
                                                                  : TRAIL_OWN;
    for (uint32_t i = 0; i < trail->hop_count; i++) {
        if (is_note(&trail->hops[i]))
            trail->hops[i].trust = trust;
        trust = trail->hops[i].trust;
    }
    for (uint32_t i = 0; i < trail->hop_count; i++) {
        trail->own_count += trail->hops[i].trust == TRAIL_OWN;
        trail->loose_count += trail->hops[i].trust == TRAIL_LOOSE;
    }
}

/* Such a field of the own side stands above the lines that came from elsewhere, or names the own
   side, whose servers take out what comes under their name from elsewhere (RFC 8601 5). */
static bool is_of_own_side(const struct trail *trail, struct slice server, uint32_t hops_above)
{
    bool is_named = trail->own.size && slice_equal_fold(trail_domain(server), trail->own);
    return hops_above < trail->own_count || (is_named && hops_above <= trail->own_count);
}

static void judge_results(struct trail *trail)
{
    for (uint32_t i = 0; i < trail->auth_count; i++)
        trail->auths[i].is_own =
            is_of_own_side(trail, trail->auths[i].server, trail->auths[i].hops_above);
    for (uint32_t i = 0; i < trail->spf_count; i++)
        trail->spfs[i].is_own =
            is_of_own_side(trail, trail->spfs[i].receiver, trail->spfs[i].hops_above);
}

/* ---- time, loops ---- */

/* Each is measured against the next older one that has a date; the first against Date. */
static void measure(struct trail *trail)
{
    bool has_before = trail->has_date;
    int64_t before_s = trail->date_s;
    for (uint32_t i = 0; i < trail->hop_count; i++) {
        struct trail_hop *hop = &trail->hops[i];
        if (!hop->received.has_date)
            continue;
        hop->has_delay = has_before;
        hop->delay_s = has_before ? hop->received.unix_s - before_s : 0;
        has_before = true;
        before_s = hop->received.unix_s;
    }
}

/* A host known by a name of the Internet: others may be called the same in many places. */
static bool is_known_host(struct slice by)
{
    return by.size <= DOMAIN_OCTETS && trail_domain(by).size > 0 && !is_localhost(by);
}

/* Hosts and their filters pass mail back and forth under one name; a loop has another host in it
   (RFC 5321 6.3). */
static void find_loops(struct trail *trail)
{
    bool is_known[TRAIL_HOPS_MAX];
    for (uint32_t i = 0; i < trail->hop_count; i++) {
        struct trail_hop *hop = &trail->hops[i];
        bool has_other = false;
        is_known[i] = is_known_host(hop->received.by);
        hop->visits = 1;
        for (uint32_t j = i; j-- > 0 && is_known[i];) {
            bool is_same =
                is_known[j] && is_same_name(trail->hops[j].received.by, hop->received.by);
            hop->visits += is_same;
            hop->is_loop |= is_same && has_other;
            has_other |= !is_same && is_known[j];
        }
    }
}

static void turn_over(struct trail *trail)
{
    for (uint32_t i = 0; i < trail->hop_count / 2; i++) {
        struct trail_hop kept = trail->hops[i];
        trail->hops[i] = trail->hops[trail->hop_count - 1 - i];
        trail->hops[trail->hop_count - 1 - i] = kept;
    }
}

/* Programs hand over with AUTH, or as what is called local, HTTP or mapi on the first line. */
static void find_submission(struct trail *trail)
{
    static const char *const words[] = {"local", "HTTP", "mapi"};
    for (uint32_t i = 0; i < trail->hop_count; i++) {
        struct trail_hop *hop = &trail->hops[i];
        hop->is_submission = hop->is_authenticated;
        for (size_t w = 0; w < sizeof words / sizeof *words && i == 0; w++)
            hop->is_submission |= slice_starts_fold(hop->received.with, slice_of(words[w]));
    }
}

void trail_join(struct trail *trail)
{
    turn_over(trail);
    judge_all(trail);
    judge_results(trail);
    measure(trail);
    find_loops(trail);
    find_submission(trail);
}
