/*
 * The man in the middle: two connections, one with the client, in the server's place, and one with
 * the server, in the client's. What one side says goes to the other as it comes. Where the client
 * asks for TLS and the server agrees, the box shakes hands with both: what it passes on then it
 * can read.
 */
#include <stdlib.h>

#include "agents/proto/dns_message.h"
#include "agents/roles/middlebox_part.h"
#include "agents/roles/tap.h"
#include "sim/base/digits.h"
#include "sim/base/memory.h"

enum { IN_MAX = 256 * 1024, OUT_MAX = 16 * 1024 * 1024, TAG_MAX = 64, COMMAND_MAX = 128 };

struct half {
    struct session session;
    struct pump *pump; /* NULL: gone */
    struct between *between;
    char line[COMMAND_MAX]; /* the one that is coming, as far as it matters */
    size_t size;
};

struct between {
    struct middlebox *box;
    struct half client, server;
    uint32_t conn; /* the client's */
    uint32_t port;
    bool is_asked;     /* the client has asked for TLS, the server has not answered */
    char tag[TAG_MAX]; /* IMAP: of that command */
    size_t tag_size;
    struct between *next;
};

static bool is_free(const struct between *b)
{
    return !b->client.pump && !b->server.pump;
}

static struct between *take_between(struct middlebox *m)
{
    struct between *b = m->all;
    while (b && !is_free(b))
        b = b->next;
    if (!b) {
        b = memory_take(sizeof *b);
        b->next = m->all;
        m->all = b;
    }
    b->box = m;
    b->client.between = b->server.between = b;
    b->client.size = b->server.size = b->tag_size = 0;
    b->is_asked = false;
    session_restart(&b->client.session, IN_MAX, OUT_MAX);
    session_restart(&b->server.session, IN_MAX, OUT_MAX);
    return b;
}

void middlebox_finish_between(struct middlebox *m)
{
    while (m->all) {
        struct between *next = m->all->next;
        session_finish(&m->all->client.session);
        session_finish(&m->all->server.session);
        free(m->all);
        m->all = next;
    }
}

/* ---- STARTTLS ---- */

/* RFC 3207 4, RFC 2595 4, RFC 9051 6.2.1. */
static void look_at_command(struct between *b, struct slice line)
{
    struct slice rest = line, tag = {"", 0};
    if (middlebox_protocol_of(b->port) == MIDDLEBOX_IMAP && !slice_cut(&rest, ' ', &tag))
        return;
    bool is_pop3 = middlebox_protocol_of(b->port) == MIDDLEBOX_POP3;
    if (!slice_equal_fold(slice_trim(rest), is_pop3 ? SLICE("STLS") : SLICE("STARTTLS")) ||
        tag.size > TAG_MAX)
        return;
    memcpy(b->tag, tag.data, tag.size);
    b->tag_size = tag.size;
    b->is_asked = true;
}

/* The server's word on it. True when it agrees. */
static bool look_at_reply(struct between *b, struct slice line)
{
    struct slice tag = {b->tag, b->tag_size};
    bool is_yes = false, is_no = false;
    switch (middlebox_protocol_of(b->port)) {
    case MIDDLEBOX_SMTP:
    case MIDDLEBOX_OTHER:
        is_yes = slice_starts(line, SLICE("220"));
        is_no = line.size > 0 && (line.data[0] == '4' || line.data[0] == '5');
        break;
    case MIDDLEBOX_POP3:
        is_yes = slice_starts(line, SLICE("+OK"));
        is_no = slice_starts(line, SLICE("-ERR"));
        break;
    case MIDDLEBOX_IMAP:
        is_no = slice_starts(line, tag) && line.size > tag.size && line.data[tag.size] == ' ';
        is_yes = is_no && slice_starts_fold(slice_part(line, tag.size + 1, line.size), SLICE("OK"));
        break;
    }
    b->is_asked = !is_yes && !is_no;
    return is_yes;
}

/* Lines are put together from what has come; true when one of the server's agrees to TLS. */
static bool read_lines(struct half *h, struct slice text)
{
    struct between *b = h->between;
    bool is_agreed = false;
    for (size_t i = 0; i < text.size && !is_agreed; i++) {
        if (text.data[i] != '\n') {
            if (h->size < COMMAND_MAX)
                h->line[h->size++] = text.data[i];
            continue;
        }
        struct slice line = {h->line, h->size};
        h->size = 0;
        if (h == &b->client)
            look_at_command(b, line);
        else if (b->is_asked)
            is_agreed = look_at_reply(b, line);
    }
    return is_agreed;
}

/* ---- passing on ---- */

static struct half *other_of(struct half *h)
{
    struct between *b = h->between;
    return h == &b->client ? &b->server : &b->client;
}

static void flush(struct half *h, uint32_t msg)
{
    if (!h->pump)
        return;
    h->pump->msg_out = msg;
    pump_flush(h->pump);
}

static void start_tls(struct between *b)
{
    b->client.session.tls = b->server.session.tls = SESSION_TLS_WANTED;
    flush(&b->client, 0);
    flush(&b->server, 0);
}

static void turn(void *context)
{
    struct half *h = context, *other = other_of(h);
    struct between *b = h->between;
    struct slice text = bytes_slice(&h->session.in);
    uint32_t msg = h->pump ? h->pump->msg_in : 0;
    bool is_agreed = false;
    if (!other->pump) {
        bytes_clear(&h->session.in);
        return;
    }
    if (h->session.tls == SESSION_TLS_ON)
        tap_hear(b->box->office, net_host_of(b->box->office->net, b->box->agent), b->conn,
                 h == &b->server, text, msg);
    else
        is_agreed = read_lines(h, text);
    if (!bytes_append(&other->session.out, text)) {
        pump_abort(other->pump); /* one reads nothing of what the other says */
        return;
    }
    bytes_clear(&h->session.in);
    other->session.is_closing |= h->session.is_eof;
    flush(other, msg);
    if (is_agreed)
        start_tls(b);
}

static void ended(void *context, enum net_end why)
{
    struct half *h = context, *other = other_of(h);
    h->pump = NULL;
    if (!other->pump || (why == NET_END_CLOSED && other->session.is_closing))
        return;
    pump_abort(other->pump);
}

/* The first turn of the accepted side is this one, when it is known under its number. */
static enum tls_flaw flaw_of(const struct middlebox *m)
{
    struct slice word = config_text(m->config, "certificate");
    return slice_equal(word, SLICE("expired"))      ? TLS_FLAW_EXPIRED
           : slice_equal(word, SLICE("wrong-name")) ? TLS_FLAW_WRONG_NAME
                                                    : TLS_FLAW_UNTRUSTED;
}

static void tell(const struct between *b, uint32_t address)
{
    char was[300], now[48] = "connection ", number[16];
    uint32_t onto = pump_conn(b->server.pump);
    struct slice text = dns_ipv4_print(address, number);
    size_t size = text.size;
    memcpy(was, text.data, text.size);
    was[size++] = ':';
    size += digits_put(was + size, b->port, 10, 0);
    size_t now_size = 11 + digits_put(now + 11, onto, 10, 0);
    middlebox_tell(b->box, b->conn, (struct slice){was, size}, (struct slice){now, now_size}, onto);
}

bool middlebox_take(void *middlebox, uint32_t wire, uint32_t peer_address, uint32_t address,
                    uint32_t port, struct net_user *net_user)
{
    struct middlebox *m = middlebox;
    struct net *net = m->office->net;
    struct between *b = take_between(m);
    struct slice name = net_host_name(net, net_host_at(net, address));
    struct pump_user to_client = {.turn = turn,
                                  .ended = ended,
                                  .context = &b->client,
                                  .tls_name = name,
                                  .tls_flaw = flaw_of(m)};
    struct pump_user to_server = {
        .turn = turn, .ended = ended, .context = &b->server, .tls_name = name};
    (void)peer_address;
    b->port = port;
    b->conn = net_conn(net, wire);
    if (middlebox_is_implicit(port))
        b->client.session.tls = b->server.session.tls = SESSION_TLS_FIRST;
    b->client.pump = pump_accept(&m->office->pumps, wire, &b->client.session, &to_client, net_user);
    b->server.pump =
        pump_connect(&m->office->pumps, m->agent, address, port, &b->server.session, &to_server);
    tell(b, address);
    return true;
}
