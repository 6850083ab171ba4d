#include "support_smtp_pair.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

void smtp_pair_start(struct smtp_pair *p, const struct smtp_server_options *server,
                     const struct smtp_client_options *client,
                     const struct smtp_client_transaction *transactions, size_t count,
                     size_t cut_after)
{
    *p = (struct smtp_pair){.cut_after = cut_after};
    smtp_server_init(&p->server, server);
    smtp_client_init(&p->client, client);
    smtp_role_init(&p->role);
    smtp_sender_init(&p->sender, transactions, count);
    bytes_init(&p->said, SIZE_MAX / 2);
    p->role.is_lmtp = server->is_lmtp;
    if (client->is_tls_first)
        p->server.base.tls = SESSION_TLS_FIRST;
    smtp_server_answer(&p->server, &(struct smtp_reply){220, {0}, SLICE("mx1.example.org ESMTP")});
}

void smtp_pair_finish(struct smtp_pair *p)
{
    smtp_server_finish(&p->server);
    smtp_client_finish(&p->client);
    smtp_role_finish(&p->role);
    smtp_sender_finish(&p->sender);
    bytes_finish(&p->said);
}

static void serve(struct smtp_pair *p)
{
    smtp_role_serve(&p->role, &p->server);
    smtp_sender_serve(&p->sender, &p->client);
}

static bool is_waiting_for_tls(const struct session *s)
{
    return s->tls == SESSION_TLS_FIRST ||
           (s->tls == SESSION_TLS_WANTED && session_to_send(s).size == 0);
}

/* Up to `most` octets of the next segment go over. False when there are none, or the wire is cut.
 */
static bool carry(struct smtp_pair *p, struct session *from, struct session *to, size_t most)
{
    size_t left = p->cut_after - p->carried;
    struct slice part = slice_part(session_to_send(from), 0, most < left ? most : left);
    if (part.size == 0 || from->tls == SESSION_TLS_FIRST)
        return false;
    if (from == &p->client.base)
        cr_assert(bytes_append(&p->said, part));
    if (!to->is_closing)
        cr_assert(session_feed(to, part));
    session_sent(from, part.size);
    p->carried += part.size;
    serve(p);
    return true;
}

void smtp_pair_run(struct smtp_pair *p, size_t most)
{
    struct session *client = &p->client.base, *server = &p->server.base;
    bool is_moving = true;
    serve(p);
    while (is_moving) {
        is_moving = carry(p, client, server, most);
        is_moving |= carry(p, server, client, most);
        if (!is_moving && is_waiting_for_tls(client) && is_waiting_for_tls(server)) {
            client->tls = server->tls = SESSION_TLS_ON;
            serve(p);
            is_moving = true;
        }
    }
    server->is_eof = client->is_eof = true;
    serve(p);
}

void smtp_pair_expect_sane(const struct smtp_pair *p, const char *name)
{
    cr_expect_eq(p->role.late, 0, "%s", name);
    cr_expect_eq(p->sender.disorder, 0, "%s", name);
    cr_expect_eq(p->sender.ends, 1, "%s cut after %zu", name, p->cut_after);
    cr_expect_eq(p->client.state, SMTP_CLIENT_STATE_CLOSED, "%s", name);
    cr_expect_eq(p->server.state, SMTP_STATE_CLOSED, "%s", name);
    cr_expect_eq(p->server.note_count + p->client.report_count, 0, "%s", name);
}
