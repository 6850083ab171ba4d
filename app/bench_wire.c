/* mailflow bench: what stands between sessions and the wire, TLS, and DNS messages as octets. */
#include <string.h>

#include "agents/proto/dns_message.h"
#include "app/bench.h"
#include "sim/base/vtime.h"
#include "sim/net/tls.h"

static double per_second(double count, int64_t ns)
{
    return count * (double)VTIME_S / (double)(ns > 0 ? ns : 1);
}

/* ---- TLS: both ends together ---- */

enum { HANDSHAKES = 100, EPOCH_S = 1740992400, RECORD = 16 * 1024, OCTETS = 16 << 20 };

struct tls_bench {
    struct tls *client, *server;
};

static struct tls *make(struct tls_authority *authority, struct random *random, bool is_server)
{
    return tls_create(authority, &(struct tls_options){.is_server = is_server,
                                                       .name = SLICE("mx.example.org"),
                                                       .check = TLS_CHECK_VERIFY,
                                                       .now_s = EPOCH_S,
                                                       .random = random});
}

static bool carry(struct tls *from, struct tls *to)
{
    struct bytes *wire = tls_wire(from);
    struct slice piece = slice_part(bytes_slice(wire), 0, TLS_FEED_MAX);
    if (piece.size == 0)
        return false;
    tls_feed(to, piece);
    bytes_consume(wire, piece.size);
    return true;
}

/* Both are to be destroyed, whatever came of it. */
static bool shake_hands(struct tls_bench *b, struct tls_authority *authority, struct random *random)
{
    b->client = make(authority, random, false);
    b->server = make(authority, random, true);
    for (bool is_moving = true; is_moving;) {
        is_moving = carry(b->client, b->server);
        is_moving |= carry(b->server, b->client);
    }
    return tls_state(b->client) == TLS_STATE_UP && tls_state(b->server) == TLS_STATE_UP;
}

static void part(struct tls_bench *b)
{
    tls_destroy(b->client);
    tls_destroy(b->server);
}

/* Gives how many octets arrived. */
static size_t pass(struct tls_bench *b)
{
    static const char clear[RECORD];
    size_t arrived = 0;
    for (size_t said = 0; said < OCTETS; said += RECORD) {
        tls_say(b->client, (struct slice){clear, RECORD});
        while (carry(b->client, b->server))
            ;
        arrived += bytes_size(tls_clear(b->server));
        bytes_clear(tls_clear(b->server));
    }
    return arrived;
}

static bool measure_tls(FILE *out, struct tls_authority *authority, struct problem *problem)
{
    struct tls_bench b;
    struct random random;
    random_init(&random, 1, SLICE("bench"));
    bool is_up = shake_hands(&b, authority, &random); /* the authority makes its keys */
    int64_t start = bench_now_ns();
    size_t arrived = is_up ? pass(&b) : 0;
    int64_t pass_ns = bench_now_ns() - start;
    part(&b);
    start = bench_now_ns();
    for (int i = 0; is_up && i < HANDSHAKES; i++) {
        is_up = shake_hands(&b, authority, &random);
        part(&b);
    }
    int64_t shake_ns = bench_now_ns() - start;
    if (!is_up || arrived != OCTETS)
        return problem_set(problem, "tls: the two ends do not understand each other");
    bench_line(out, "tls-handshakes", per_second(HANDSHAKES, shake_ns), "handshakes/s");
    bench_line(out, "tls-octets", per_second(OCTETS, pass_ns) / 1e6, "MB/s");
    return true;
}

bool bench_tls(FILE *out, struct problem *problem)
{
    struct tls_authority *authority =
        tls_authority_create(&(struct tls_authority_options){.seed = 1, .epoch_s = EPOCH_S});
    bool ok = measure_tls(out, authority, problem);
    tls_authority_destroy(authority);
    return ok;
}

/* ---- DNS: an answer with two MX records and their addresses ---- */

enum { ANSWERS = 50000 };

bool bench_dns(FILE *out, struct problem *problem)
{
    static struct dns_record answers[] = {{.name = {"example.org", 11},
                                           .type = DNS_TYPE_MX,
                                           .ttl_s = 3600,
                                           .preference = 10,
                                           .target = {"mx1.example.org", 15}},
                                          {.name = {"example.org", 11},
                                           .type = DNS_TYPE_MX,
                                           .ttl_s = 3600,
                                           .preference = 20,
                                           .target = {"mx2.example.org", 15}}};
    static struct dns_record addresses[] = {{.name = {"mx1.example.org", 15},
                                             .type = DNS_TYPE_A,
                                             .ttl_s = 3600,
                                             .data = {"\313\0\161\031", 4}},
                                            {.name = {"mx2.example.org", 15},
                                             .type = DNS_TYPE_A,
                                             .ttl_s = 3600,
                                             .data = {"\313\0\161\032", 4}}};
    const struct dns_message said = {.is_response = true,
                                     .is_authoritative = true,
                                     .has_question = true,
                                     .name = SLICE("example.org"),
                                     .type = DNS_TYPE_MX,
                                     .answers = answers,
                                     .answer_count = 2,
                                     .additional = addresses,
                                     .additional_count = 2};
    struct dns_message heard = {0};
    struct arena arena;
    struct bytes wire;
    bool ok = true;
    arena_init(&arena);
    bytes_init(&wire, DNS_MESSAGE_MAX);
    int64_t start = bench_now_ns();
    for (int i = 0; ok && i < ANSWERS; i++) {
        arena_reset(&arena);
        bytes_clear(&wire);
        ok = dns_message_encode(&said, DNS_UDP_MAX, &wire) &&
             dns_message_decode(bytes_slice(&wire), &arena, &heard) && heard.answer_count == 2;
    }
    int64_t took = bench_now_ns() - start;
    arena_finish(&arena);
    bytes_finish(&wire);
    if (!ok)
        return problem_set(problem, "dns: what was encoded can't be decoded");
    bench_line(out, "dns", per_second(ANSWERS, took), "messages/s");
    return true;
}
