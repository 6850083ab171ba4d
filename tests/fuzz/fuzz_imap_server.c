/*
 * An IMAP server fed with anything. The first octet says into how large pieces the rest is cut: the
 * responses must not depend on it. The second says whether somebody is logged in already, and has a
 * mailbox selected that a second session shares.
 */
#include "agents/proto/imap_server.h"

#include "agents/mail/header.h"
#include "sim/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct world {
    struct account account;
    struct imap_server server, other;
    struct bytes sent;
};

static void serve(struct world *w, struct imap_server *s, struct bytes *sent)
{
    static const struct slice secret = {"secret", 6};
    struct imap_server_event e;
    do {
        s->now_s = 1740992400;
        while (imap_server_next(s, &e)) {
            if (e.kind == IMAP_SERVER_PASSWORD)
                imap_server_password(s, e.user.size == 5 ? &secret : NULL);
            if (e.kind == IMAP_SERVER_LOGIN)
                imap_server_welcome(s, &w->account);
        }
        for (struct slice out; (out = session_to_send(&s->base)).size > 0;) {
            check(bytes_append(sent, out));
            session_sent(&s->base, out.size);
        }
    } while (imap_server_has_more(s));
}

static void put(struct world *w, struct slice content)
{
    struct slice header, body;
    struct account_item item = {.internal_s = 1740992400};
    header_split(content, &header, &body);
    struct account_folder *inbox = account_find(&w->account, SLICE("INBOX"));
    check(account_append(&w->account, inbox, &item, header, body) == ACCOUNT_OK);
}

static void say(struct world *w, struct imap_server *s, struct slice text)
{
    struct bytes unheard;
    bytes_init(&unheard, SIZE_MAX / 2);
    check(session_feed(&s->base, text));
    serve(w, s, &unheard);
    bytes_finish(&unheard);
}

static void begin(struct world *w, struct imap_server *s, unsigned stage)
{
    const struct imap_server_options options = {.host = SLICE("mail.example.com"),
                                                .nonce = SLICE("nonce"),
                                                .mechanisms = SASL_ALL,
                                                .offers_tls = stage == 0,
                                                .append_limit = 10000};
    imap_server_restart(s, &options);
    imap_server_greet(s, SLICE("ready"));
    if (stage > 0)
        say(w, s, SLICE("a LOGIN alice secret\r\n"));
    if (stage > 1)
        say(w, s, SLICE("b ENABLE QRESYNC IMAP4rev2\r\n"));
    if (stage > 0)
        say(w, s, SLICE("c SELECT INBOX\r\n"));
}

static void start(struct world *w, unsigned stage)
{
    *w = (struct world){0};
    bytes_init(&w->sent, SIZE_MAX / 2);
    account_init(&w->account, SLICE("alice@example.com"), 1, 1 << 20, NULL);
    check(account_create(&w->account, SLICE("Sent"), "\\Sent") == ACCOUNT_OK);
    put(w, SLICE("From: a@example.com\r\nSubject: =?utf-8?q?one?=\r\n\r\ntext\r\n"));
    put(w, SLICE("Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\npart\r\n--x\r\n"
                 "Content-Transfer-Encoding: base64\r\n\r\nYWJj\r\n--x--\r\n"));
    put(w, SLICE("no header"));
    begin(w, &w->server, stage);
    if (stage > 0)
        begin(w, &w->other, stage);
}

static void finish(struct world *w)
{
    imap_server_finish(&w->server);
    imap_server_finish(&w->other);
    account_finish(&w->account);
}

static void converse(struct slice input, size_t piece, unsigned stage, struct bytes *sent)
{
    struct world w;
    start(&w, stage);
    for (size_t at = 0; at < input.size; at += piece) {
        if (!session_feed(&w.server.base, slice_part(input, at, at + piece)))
            break;
        serve(&w, &w.server, &w.sent);
    }
    if (stage > 0)
        say(&w, &w.other, SLICE("d NOOP\r\ne FETCH 1:* (UID FLAGS)\r\n"));
    w.server.base.is_eof = true;
    serve(&w, &w.server, &w.sent);
    check(w.server.state == IMAP_STATE_LOGOUT || w.server.base.tls == SESSION_TLS_WANTED);
    finish(&w);
    *sent = w.sent;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > 16384)
        return 0;
    struct slice input = {(const char *)data + 2, size - 2};
    struct bytes whole, pieces;
    converse(input, size, data[1] % 3, &whole);
    converse(input, data[0] + (size_t)1, data[1] % 3, &pieces);
    check(slice_equal(bytes_slice(&whole), bytes_slice(&pieces)));
    bytes_finish(&whole);
    bytes_finish(&pieces);
    return 0;
}
