/*
 * One end of TLS that meets anything. The first octet chooses the end, the version and the way, the
 * second into how large pieces the octets are cut, which must not matter. Ways: the rest as it is;
 * or what a good peer says, with changes (three octets each: place, place, exclusive or), a cut or
 * an octet put in; or the rest behind a good handshake. Nothing comes through that the peer did not
 * say.
 */
#include "sim/net/tls.h"

#include "sim/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    INPUT_MAX = 8192,
    RECORD_MAX = 65536,
    IS_SERVER = 1,
    IS_OLD = 2,
    VERIFIES = 4,
    WAY = 0x18, /* two bits: which of the ways */
    WAY_CHANGED = 8,
    WAY_SPLICED = 0x10,
    WAY_BEHIND = 0x18,
    KINDS = 8, /* of good connections: end, version, check */
    EPOCH_S = 1760000000,
};

/* What the peer says in a good connection of each kind; everything is of one seed, so what was good
   once is good again. */
struct records {
    struct tls_authority *authority;
    struct bytes said[KINDS];
    size_t shaken[KINDS]; /* octets of it that are the handshake */
};

static struct tls *make(const struct records *r, unsigned kind, bool is_server)
{
    struct random random;
    random_init(&random, 1, is_server ? SLICE("server") : SLICE("client"));
    return tls_create(
        r->authority,
        &(struct tls_options){.is_server = is_server,
                              .is_old = kind & IS_OLD,
                              .name = SLICE("mx1.example.org"),
                              .check = kind & VERIFIES ? TLS_CHECK_VERIFY : TLS_CHECK_NONE,
                              .now_s = EPOCH_S,
                              .random = &random});
}

static bool move(struct tls *from, struct tls *to, struct bytes *record)
{
    struct slice octets = bytes_slice(tls_wire(from));
    if (octets.size == 0)
        return false;
    check(!record || bytes_append(record, octets));
    tls_feed(to, octets);
    bytes_consume(tls_wire(from), octets.size);
    return true;
}

static void record(struct records *r, unsigned kind)
{
    struct tls *end = make(r, kind, kind & IS_SERVER), *peer = make(r, kind, !(kind & IS_SERVER));
    bytes_init(&r->said[kind], RECORD_MAX);
    for (bool moved = true; moved;) {
        moved = move(end, peer, NULL);
        moved = move(peer, end, &r->said[kind]) || moved;
    }
    check(tls_state(end) == TLS_STATE_UP && tls_state(peer) == TLS_STATE_UP);
    r->shaken[kind] = bytes_size(&r->said[kind]);
    tls_say(peer, SLICE("QUIT\r\n"));
    tls_close(peer);
    (void)move(peer, end, &r->said[kind]);
    check(slice_equal(bytes_slice(tls_clear(end)), SLICE("QUIT\r\n")));
    tls_destroy(end);
    tls_destroy(peer);
}

static const struct records *records_get(void)
{
    static struct records r; /* kept: a fuzzer makes keys once, and not for each input */
    if (r.authority)
        return &r;
    r.authority =
        tls_authority_create(&(struct tls_authority_options){.seed = 1, .epoch_s = EPOCH_S});
    for (unsigned kind = 0; kind < KINDS; kind++)
        record(&r, kind);
    return &r;
}

/* The octets to be fed. */
static void write_input(const struct records *r, unsigned way, struct slice input,
                        struct bytes *out)
{
    struct slice said = bytes_slice(&r->said[way % KINDS]);
    size_t place = 0;
    switch (way & WAY) {
    case WAY_CHANGED:
        check(bytes_append(out, said));
        for (size_t i = 0; i + 3 <= input.size; i += 3) {
            place = (unsigned char)input.data[i] * 256u + (unsigned char)input.data[i + 1];
            out->data[out->start + place % said.size] ^= input.data[i + 2];
        }
        break;
    case WAY_SPLICED:
        if (input.size >= 2)
            place =
                ((unsigned char)input.data[0] * 256u + (unsigned char)input.data[1]) % said.size;
        check(bytes_append(out, slice_part(said, 0, place)));
        check(bytes_append(out, slice_part(input, 3, input.size)));
        if (input.size >= 3)
            check(bytes_append(out,
                               slice_part(said, place + (unsigned char)input.data[2], said.size)));
        break;
    case WAY_BEHIND:
        check(bytes_append(out, slice_part(said, 0, r->shaken[way % KINDS])));
        check(bytes_append(out, input));
        break;
    default:
        check(bytes_append(out, input));
        break;
    }
}

static void inspect(struct tls *tls, bool verifies)
{
    struct slice line, clear = bytes_slice(tls_clear(tls));
    enum tls_state state = tls_state(tls);
    check(slice_starts(SLICE("QUIT\r\n"), clear));
    check((state == TLS_STATE_FAILED) == (tls_reason(tls).size > 0));
    check(state != TLS_STATE_UP || tls_version(tls).size > 0);
    if (verifies && (state == TLS_STATE_UP || state == TLS_STATE_CLOSED))
        check(slice_equal(tls_verdict(tls), SLICE("verified")));
    for (int i = 0; tls_next_key(tls, &line); i++)
        check(line.size > 0 && i < 16);
}

static enum tls_state converse(const struct records *r, unsigned way, struct slice input,
                               size_t piece, struct bytes *sent)
{
    struct tls *tls = make(r, way % KINDS, way & IS_SERVER);
    bytes_init(sent, RECORD_MAX);
    for (size_t at = 0; at < input.size; at += piece)
        tls_feed(tls, slice_part(input, at, at + piece));
    enum tls_state state = tls_state(tls);
    inspect(tls, (way & VERIFIES) && !(way & IS_SERVER));
    check(bytes_append(sent, bytes_slice(tls_wire(tls))));
    check(bytes_append(sent, bytes_slice(tls_clear(tls))));
    tls_say(tls, SLICE("+OK\r\n"));
    tls_close(tls);
    tls_destroy(tls);
    return state;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > INPUT_MAX)
        return 0;
    const struct records *r = records_get();
    struct bytes input, whole, pieces;
    bytes_init(&input, RECORD_MAX);
    write_input(r, data[0], (struct slice){(const char *)data + 2, size - 2}, &input);
    struct slice octets = bytes_slice(&input);
    enum tls_state state = converse(r, data[0], octets, octets.size + 1, &whole);
    check(state == converse(r, data[0], octets, data[1] + (size_t)1, &pieces));
    check((data[0] & WAY) != WAY_CHANGED || size > 2 || state == TLS_STATE_CLOSED);
    check(slice_equal(bytes_slice(&whole), bytes_slice(&pieces)));
    bytes_finish(&input);
    bytes_finish(&whole);
    bytes_finish(&pieces);
    return 0;
}
