#include "support_tls.h"

#include <criterion/criterion.h>

static struct slice or_mx1(const char *name)
{
    return slice_of(name ? name : "mx1.example.org");
}

static struct tls *make(struct tls_pair *pair, const struct tls_pair_options *o, bool is_server)
{
    struct random random;
    random_init(&random, o->seed ? o->seed : 1, slice_of(o->chance ? o->chance : "pair"));
    if (is_server) /* the other half of the stream */
        for (int i = 0; i < 100; i++)
            (void)random_u64(&random);
    return tls_create(
        pair->authority,
        &(struct tls_options){.is_server = is_server,
                              .is_real = o->is_real,
                              .is_old = is_server ? o->is_old_server : o->is_old_client,
                              .name = or_mx1(is_server ? o->host : o->wanted),
                              .check = o->check,
                              .flaw = o->flaw,
                              .now_s = o->now_s ? o->now_s : TLS_EPOCH_S,
                              .random = &random});
}

void tls_pair_start(struct tls_pair *pair, const struct tls_pair_options *options)
{
    *pair = (struct tls_pair){.authority = options->authority, .piece = options->piece};
    bytes_init(&pair->said[0], SIZE_MAX);
    bytes_init(&pair->said[1], SIZE_MAX);
    if (!pair->authority) {
        pair->owns_authority = true;
        pair->authority = tls_authority_create(&(struct tls_authority_options){
            .seed = options->seed ? options->seed : 1, .epoch_s = TLS_EPOCH_S});
    }
    pair->client = make(pair, options, false);
    pair->server = make(pair, options, true);
}

bool tls_pair_move(struct tls_pair *pair, bool to_server)
{
    struct bytes *wire = tls_wire(to_server ? pair->client : pair->server);
    size_t size = bytes_size(wire);
    if (size == 0)
        return false;
    size_t most = pair->piece ? pair->piece : TLS_FEED_MAX;
    size = size < most ? size : most;
    struct slice piece = slice_part(bytes_slice(wire), 0, size);
    cr_assert(bytes_append(&pair->said[!to_server], piece));
    tls_feed(to_server ? pair->server : pair->client, piece);
    bytes_consume(wire, size);
    return true;
}

void tls_pair_run(struct tls_pair *pair)
{
    for (bool moved = true; moved;) {
        moved = tls_pair_move(pair, true);
        moved = tls_pair_move(pair, false) || moved;
    }
}

void tls_pair_finish(struct tls_pair *pair)
{
    tls_destroy(pair->client);
    tls_destroy(pair->server);
    if (pair->owns_authority)
        tls_authority_destroy(pair->authority);
    bytes_finish(&pair->said[0]);
    bytes_finish(&pair->said[1]);
}

void tls_pair_up(struct tls_pair *pair, const struct tls_pair_options *options)
{
    tls_pair_start(pair, options);
    tls_pair_run(pair);
    cr_assert_eq(tls_state(pair->client), TLS_STATE_UP, "%.*s",
                 SLICE_ARG(tls_reason(pair->client)));
    cr_assert_eq(tls_state(pair->server), TLS_STATE_UP, "%.*s",
                 SLICE_ARG(tls_reason(pair->server)));
}
