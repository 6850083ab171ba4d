/*
 * The vocabulary of the trace, once: each kind of event with its name, its meaning and its fields.
 * Structs, JSON Lines, documentation and the check language are all made from this list.
 *
 * A field's type says how its 32 bits are read:
 *   PLACE   a host or an agent, by order of declaration from 1 (see log_place); 0 is nobody
 *   LINK    a link, by order of declaration from 1; 0 is none
 *   CONN    a connection, by order of tcp.connect from 1; 0 is none
 *   MSG     a message, by order of creation from 1; copies and forwards keep it; 0 is unknown
 *   TEXT    a text of the log's pool
 *   NUMBER  a count, a code, a port; EVENT_UNSET where a topology gives none
 *   BOOL    0 or 1
 *   MICROS  a duration in microseconds
 *
 * Events of a connection (those with a CONN field and no PLACE) also answer to the fields `from`,
 * `to`, `port` and `tls`, which log_field derives from the connection.
 */
#ifndef SIM_TRACE_EVENT_H
#define SIM_TRACE_EVENT_H

#include <stdint.h>

#define EVENT_UNSET UINT32_MAX

/* clang-format off */
#define EVENT_KINDS(KIND, FIELD) \
  /* ---- the world ---- */ \
  KIND(RUN, run, "run", "the run starts; the first event, and the only one without a cause", \
    FIELD(TEXT, title) FIELD(TEXT, seed) FIELD(NUMBER, epoch_s) FIELD(TEXT, program)) \
  KIND(TOPOLOGY, topology, "topology", "the topology as it was loaded, whole", \
    FIELD(TEXT, json)) \
  KIND(ADMD, admd, "admd", "an organisation (RFC 5598 2.3), what it is called from now on, or that it is there no more (gone)", \
    FIELD(TEXT, id) FIELD(TEXT, name) FIELD(BOOL, gone)) \
  KIND(HOST, host, "host", "a host; x and y on a grid of 0 to 1000, or unset", \
    FIELD(TEXT, id) FIELD(TEXT, name) FIELD(TEXT, addr) FIELD(TEXT, admd) FIELD(NUMBER, x) FIELD(NUMBER, y)) \
  KIND(AGENT, agent, "agent", "an agent of a host", \
    FIELD(TEXT, id) FIELD(PLACE, at) FIELD(TEXT, role) FIELD(TEXT, user) FIELD(TEXT, listen)) \
  KIND(LINK, link, "link", "a link between two hosts; kbps 0 is unlimited", \
    FIELD(TEXT, id) FIELD(PLACE, a) FIELD(PLACE, b) FIELD(MICROS, latency) FIELD(NUMBER, kbps) FIELD(NUMBER, loss_ppm)) \
  KIND(NAT, nat, "nat", "from now on others see a host under the address of a NAT box, or under its own (to), when it connects (RFC 2663 2)", \
    FIELD(PLACE, at) FIELD(PLACE, to)) \
  KIND(PALETTE, palette, "palette", "a fault that this topology offers", \
    FIELD(TEXT, id) FIELD(TEXT, label) FIELD(TEXT, fault) FIELD(TEXT, target)) \
  KIND(POSITION, position, "position", "a host is put elsewhere on the map", \
    FIELD(PLACE, at) FIELD(NUMBER, x) FIELD(NUMBER, y)) \
  KIND(TITLE, title, "title", "the network is called otherwise from now on", \
    FIELD(TEXT, title)) \
  KIND(RENAME, rename, "rename", "a host is called otherwise from now on", \
    FIELD(PLACE, at) FIELD(TEXT, id) FIELD(TEXT, name)) \
  KIND(GONE, gone, "gone", "a host, an agent or a link is taken out of the network for good, and with it who waits in its queues (n)", \
    FIELD(PLACE, at) FIELD(LINK, link) FIELD(NUMBER, n)) \
  KIND(INPUT, input, "input", "something a person asked for, in the words of --do", \
    FIELD(TEXT, text)) \
  KIND(FAULT, fault, "fault", "a fault begins (on) or ends (off)", \
    FIELD(TEXT, id) FIELD(TEXT, state) FIELD(TEXT, fault) FIELD(TEXT, target) FIELD(TEXT, args)) \
  KIND(CONF, conf, "conf", "a setting of an agent, a host or a link is changed while it runs", \
    FIELD(PLACE, at) FIELD(TEXT, key) FIELD(TEXT, value) FIELD(LINK, link)) \
  KIND(RECORD, record, "record", "a DNS record is added (on) or taken away at the name servers that have its zone", \
    FIELD(TEXT, name) FIELD(TEXT, type) FIELD(TEXT, data) FIELD(BOOL, on)) \
  KIND(ACCOUNT, account, "account", "a person's account is made (on) or taken away", \
    FIELD(TEXT, address) FIELD(BOOL, on)) \
  KIND(CRASH, crash, "crash", "a host stops: its connections and unsynced work are gone", \
    FIELD(PLACE, at)) \
  KIND(BOOT, boot, "boot", "a host starts again", \
    FIELD(PLACE, at)) \
  KIND(STOP, stop, "stop", "an agent of a running host is stopped: nobody listens on its ports", \
    FIELD(PLACE, at)) \
  KIND(START, start, "start", "a stopped agent runs again", \
    FIELD(PLACE, at)) \
  /* ---- the network ---- */ \
  KIND(TCP_CONNECT, tcp_connect, "tcp.connect", "a connection is asked for; path names the hosts it crosses", \
    FIELD(CONN, conn) FIELD(PLACE, from) FIELD(PLACE, to) FIELD(NUMBER, port) FIELD(NUMBER, local_port) FIELD(TEXT, path)) \
  KIND(TCP_OPEN, tcp_open, "tcp.open", "how the connection attempt ended: ok, refused, timeout or blocked", \
    FIELD(CONN, conn) FIELD(TEXT, result)) \
  KIND(TCP_SEGMENT, tcp_segment, "tcp.segment", "a segment leaves; it arrives `travel` later unless a tcp.lost follows", \
    FIELD(CONN, conn) FIELD(NUMBER, seq) FIELD(NUMBER, ack) FIELD(TEXT, data) FIELD(MICROS, travel) FIELD(MSG, msg)) \
  KIND(TCP_LOST, tcp_lost, "tcp.lost", "a segment is lost on a link, or at a dead host", \
    FIELD(CONN, conn) FIELD(PLACE, from) FIELD(PLACE, to) FIELD(NUMBER, seq) FIELD(LINK, link)) \
  KIND(TCP_CLOSE, tcp_close, "tcp.close", "a connection is over: closed, reset or timeout", \
    FIELD(CONN, conn) FIELD(TEXT, how)) \
  KIND(UDP_DATAGRAM, udp_datagram, "udp.datagram", "a datagram leaves; it arrives `travel` later unless a udp.lost follows", \
    FIELD(PLACE, from) FIELD(PLACE, to) FIELD(NUMBER, ports) FIELD(TEXT, data) FIELD(MICROS, travel) FIELD(TEXT, path)) \
  KIND(UDP_LOST, udp_lost, "udp.lost", "a datagram is lost on a link, at a dead host or a closed port", \
    FIELD(PLACE, from) FIELD(PLACE, to) FIELD(LINK, link)) \
  KIND(BLOCK, block, "block", "a firewall stops a segment or datagram: how is drop or reject", \
    FIELD(PLACE, at) FIELD(PLACE, from) FIELD(PLACE, to) FIELD(NUMBER, port) FIELD(TEXT, how)) \
  KIND(TAP, tap, "tap", "who listens on a line reads this; back: said by the side that was connected to", \
    FIELD(PLACE, at) FIELD(CONN, conn) FIELD(TEXT, text) FIELD(MSG, msg) FIELD(BOOL, back)) \
  KIND(TAMPER, tamper, "tamper", "a middlebox changes what passes through it, or takes a connection for itself and goes on over another one (onto)", \
    FIELD(PLACE, at) FIELD(CONN, conn) FIELD(TEXT, was) FIELD(TEXT, now) FIELD(CONN, onto)) \
  KIND(DNS_QUERY, dns_query, "dns.query", "a name server has read a question (RFC 1035)", \
    FIELD(PLACE, from) FIELD(PLACE, to) FIELD(TEXT, name) FIELD(TEXT, type) FIELD(NUMBER, id)) \
  KIND(DNS_ANSWER, dns_answer, "dns.answer", "the asker has read the answer, or timed out (rcode TIMEOUT)", \
    FIELD(PLACE, from) FIELD(PLACE, to) FIELD(TEXT, name) FIELD(TEXT, type) FIELD(TEXT, rcode) FIELD(TEXT, data)) \
  /* ---- dialogues: emitted when the other side has parsed the bytes ---- */ \
  KIND(SMTP_CMD, smtp_cmd, "smtp.cmd", "a server has read a command (RFC 5321)", \
    FIELD(CONN, conn) FIELD(TEXT, verb) FIELD(TEXT, arg) FIELD(MSG, msg)) \
  KIND(SMTP_REPLY, smtp_reply, "smtp.reply", "a client has read a reply to `verb`; CONNECT is the greeting, DOT the end of data", \
    FIELD(CONN, conn) FIELD(TEXT, verb) FIELD(NUMBER, code) FIELD(TEXT, esc) FIELD(TEXT, text) FIELD(MSG, msg)) \
  KIND(POP_CMD, pop_cmd, "pop.cmd", "a POP3 server has read a command (RFC 1939)", \
    FIELD(CONN, conn) FIELD(TEXT, verb) FIELD(TEXT, arg) FIELD(MSG, msg)) \
  KIND(POP_REPLY, pop_reply, "pop.reply", "a POP3 client has read a reply", \
    FIELD(CONN, conn) FIELD(TEXT, verb) FIELD(BOOL, ok) FIELD(TEXT, text) FIELD(MSG, msg)) \
  KIND(LMTP_CMD, lmtp_cmd, "lmtp.cmd", "a delivery agent has read a command (RFC 2033)", \
    FIELD(CONN, conn) FIELD(TEXT, verb) FIELD(TEXT, arg) FIELD(MSG, msg)) \
  KIND(LMTP_REPLY, lmtp_reply, "lmtp.reply", "its client has read a reply to `verb`; one a recipient after the end of data", \
    FIELD(CONN, conn) FIELD(TEXT, verb) FIELD(NUMBER, code) FIELD(TEXT, esc) FIELD(TEXT, text) FIELD(MSG, msg)) \
  KIND(IMAP_CMD, imap_cmd, "imap.cmd", "an IMAP server has read a command, UID commands as \"UID FETCH\" (RFC 9051)", \
    FIELD(CONN, conn) FIELD(TEXT, verb) FIELD(TEXT, arg) FIELD(MSG, msg)) \
  KIND(IMAP_DATA, imap_data, "imap.data", "an IMAP client has read an untagged response; a message's number stands first in text", \
    FIELD(CONN, conn) FIELD(TEXT, verb) FIELD(TEXT, text) FIELD(MSG, msg)) \
  KIND(IMAP_REPLY, imap_reply, "imap.reply", "an IMAP client has read the tagged end of a command", \
    FIELD(CONN, conn) FIELD(TEXT, verb) FIELD(BOOL, ok) FIELD(TEXT, text) FIELD(MSG, msg)) \
  KIND(HTTP_REQUEST, http_request, "http.request", "a web server has read a request (RFC 9112)", \
    FIELD(CONN, conn) FIELD(TEXT, method) FIELD(TEXT, path) FIELD(MSG, msg)) \
  KIND(HTTP_REPLY, http_reply, "http.reply", "a browser has read the response to `method`", \
    FIELD(CONN, conn) FIELD(TEXT, method) FIELD(NUMBER, code) FIELD(TEXT, text) FIELD(MSG, msg)) \
  KIND(TLS_UP, tls_up, "tls.up", "a client has finished the TLS handshake; check says what it found of the certificate", \
    FIELD(CONN, conn) FIELD(TEXT, version) FIELD(TEXT, cipher) FIELD(TEXT, name) FIELD(TEXT, check)) \
  KIND(TLS_FAIL, tls_fail, "tls.fail", "a TLS handshake failed, or the certificate was not good enough", \
    FIELD(CONN, conn) FIELD(TEXT, reason)) \
  KIND(TLS_DATA, tls_data, "tls.data", "what one side said within TLS, before it was encrypted; back: the side that was connected to", \
    FIELD(CONN, conn) FIELD(TEXT, data) FIELD(MSG, msg) FIELD(BOOL, back)) \
  KIND(TLS_KEY, tls_key, "tls.key", "a secret of a TLS connection, a line of the SSLKEYLOGFILE format", \
    FIELD(CONN, conn) FIELD(TEXT, line)) \
  KIND(AUTH, auth, "auth", "a client proved who it is, or failed to; result ok or failed", \
    FIELD(CONN, conn) FIELD(TEXT, user) FIELD(TEXT, result) FIELD(TEXT, mech)) \
  KIND(ALLOW, allow, "allow", "who reads mail from this address may send from it for a while (POP before SMTP)", \
    FIELD(PLACE, at) FIELD(TEXT, addr) FIELD(TEXT, user) FIELD(NUMBER, for_s)) \
  /* ---- mail ---- */ \
  KIND(MESSAGE, message, "message", "a message comes into being at an agent", \
    FIELD(PLACE, by) FIELD(MSG, msg) FIELD(TEXT, from) FIELD(TEXT, to) FIELD(TEXT, subject) FIELD(TEXT, content)) \
  KIND(GROUP, group, "group", "a message is one of a group that a robot sends", \
    FIELD(MSG, msg) FIELD(TEXT, name)) \
  KIND(SUBMIT, submit, "submit", "the next server has taken the message from its author's MUA for this recipient", \
    FIELD(PLACE, at) FIELD(MSG, msg) FIELD(TEXT, rcpt) FIELD(CONN, conn)) \
  KIND(ACCEPT, accept, "accept", "a server took responsibility for a message", \
    FIELD(PLACE, at) FIELD(MSG, msg) FIELD(CONN, conn) FIELD(TEXT, id) FIELD(TEXT, header) FIELD(TEXT, body)) \
  KIND(REJECT, reject, "reject", "a server refused a message or one recipient of it", \
    FIELD(PLACE, at) FIELD(MSG, msg) FIELD(NUMBER, code) FIELD(CONN, conn) FIELD(TEXT, rcpt) FIELD(TEXT, text)) \
  KIND(COMPLETE, complete, "complete", "a submission server added or corrected a header field (RFC 6409 8)", \
    FIELD(PLACE, at) FIELD(MSG, msg) FIELD(TEXT, what)) \
  KIND(QUEUE_ADD, queue_add, "queue.add", "a recipient of a message waits in a queue", \
    FIELD(PLACE, at) FIELD(MSG, msg) FIELD(NUMBER, n) FIELD(TEXT, id) FIELD(TEXT, rcpt) FIELD(TEXT, from)) \
  KIND(QUEUE_TRY, queue_try, "queue.try", "attempt n to hand the message on starts", \
    FIELD(PLACE, at) FIELD(MSG, msg) FIELD(NUMBER, n) FIELD(TEXT, id) FIELD(TEXT, rcpt)) \
  KIND(QUEUE_DEFER, queue_defer, "queue.defer", "attempt n failed for now; the next is in next_s seconds", \
    FIELD(PLACE, at) FIELD(MSG, msg) FIELD(NUMBER, n) FIELD(NUMBER, next_s) FIELD(TEXT, rcpt) FIELD(TEXT, reason)) \
  KIND(QUEUE_GIVEUP, queue_giveup, "queue.giveup", "the last attempt failed, or a permanent refusal came", \
    FIELD(PLACE, at) FIELD(MSG, msg) FIELD(NUMBER, n) FIELD(TEXT, id) FIELD(TEXT, rcpt) FIELD(TEXT, reason)) \
  KIND(QUEUE_REMOVE, queue_remove, "queue.remove", "no recipient of the message waits here any more", \
    FIELD(PLACE, at) FIELD(MSG, msg) FIELD(TEXT, id)) \
  KIND(RELAY, relay, "relay", "the next server has answered 250: it is responsible for this recipient now", \
    FIELD(PLACE, at) FIELD(MSG, msg) FIELD(TEXT, rcpt) FIELD(PLACE, to) FIELD(CONN, conn)) \
  KIND(EXPAND, expand, "expand", "an address stands for another one: alias, forward or list (RFC 5321 3.9); `to` waits here under queue id `id`", \
    FIELD(PLACE, at) FIELD(MSG, msg) FIELD(TEXT, rcpt) FIELD(TEXT, to) FIELD(TEXT, how) FIELD(TEXT, id)) \
  KIND(FILTER, filter, "filter", "a filter has judged a message: pass, junk, reject, greylist, block, bounce or discard", \
    FIELD(PLACE, at) FIELD(MSG, msg) FIELD(TEXT, verdict) FIELD(TEXT, what) FIELD(CONN, conn)) \
  KIND(SPF, spf, "spf", "may this address send for this domain? (RFC 7208)", \
    FIELD(PLACE, at) FIELD(MSG, msg) FIELD(TEXT, result) FIELD(TEXT, domain) FIELD(TEXT, addr) FIELD(CONN, conn)) \
  KIND(DKIM, dkim, "dkim", "does a signature hold? (RFC 6376); `none` without one", \
    FIELD(PLACE, at) FIELD(MSG, msg) FIELD(TEXT, result) FIELD(TEXT, domain) FIELD(TEXT, what) FIELD(CONN, conn)) \
  KIND(DMARC, dmarc, "dmarc", "do they agree with the domain in From? (RFC 9989); policy is what its owner asks for", \
    FIELD(PLACE, at) FIELD(MSG, msg) FIELD(TEXT, result) FIELD(TEXT, domain) FIELD(TEXT, policy) FIELD(CONN, conn)) \
  KIND(GREY, grey, "grey", "a greylist has looked up address, reverse-path and recipient (RFC 6647): new, early or known", \
    FIELD(PLACE, at) FIELD(TEXT, addr) FIELD(TEXT, from) FIELD(TEXT, rcpt) FIELD(TEXT, state) FIELD(CONN, conn)) \
  KIND(DELIVER, deliver, "deliver", "a copy lies in a store", \
    FIELD(PLACE, at) FIELD(MSG, msg) FIELD(TEXT, box) FIELD(TEXT, rcpt) FIELD(TEXT, header) FIELD(TEXT, body)) \
  KIND(DSN, dsn, "dsn", "a notice `msg` is written about message `about` (RFC 3464)", \
    FIELD(PLACE, at) FIELD(MSG, about) FIELD(MSG, msg) FIELD(TEXT, to) FIELD(TEXT, action) FIELD(TEXT, status)) \
  KIND(DISCARD, discard, "discard", "a notice that cannot be delivered, or mail that failed and whose sender wants no notice, ends here (RFC 5321 6.1, 3461 4.1)", \
    FIELD(PLACE, at) FIELD(MSG, msg) FIELD(TEXT, rcpt) FIELD(TEXT, reason)) \
  KIND(FETCH, fetch, "fetch", "a reader has a copy of a stored message", \
    FIELD(PLACE, by) FIELD(MSG, msg) FIELD(TEXT, box) FIELD(TEXT, proto) FIELD(TEXT, header) FIELD(TEXT, body)) \
  KIND(REMOVE, remove, "remove", "a stored message is removed on a reader's behalf, at the store or in a mail program's own", \
    FIELD(PLACE, by) FIELD(MSG, msg) FIELD(TEXT, box) FIELD(PLACE, at)) \
  KIND(COPY, copy, "copy", "a copy of a message is put into a mailbox on a reader's behalf (COPY, MOVE, APPEND)", \
    FIELD(PLACE, at) FIELD(MSG, msg) FIELD(PLACE, by) FIELD(TEXT, box)) \
  KIND(FLAG, flag, "flag", "a flag of a stored message is set (on) or taken away", \
    FIELD(PLACE, by) FIELD(MSG, msg) FIELD(TEXT, box) FIELD(TEXT, name) FIELD(BOOL, on)) \
  KIND(FILE, file, "file", "an operation on a host's disk: write, append, replace, rename, remove, sync, lost (by a crash) or corrupt", \
    FIELD(PLACE, at) FIELD(TEXT, op) FIELD(TEXT, path) FIELD(NUMBER, size) FIELD(MSG, msg)) \
  KIND(LOCK, lock, "lock", "who wants to change a file locks it; result ok, busy or released", \
    FIELD(PLACE, at) FIELD(TEXT, path) FIELD(PLACE, who) FIELD(TEXT, result)) \
  KIND(CONSOLE, console, "console", "at the console of a host: what a person typed, or what was shown to the person", \
    FIELD(PLACE, at) FIELD(TEXT, text) FIELD(BOOL, typed) FIELD(CONN, conn)) \
  KIND(UI, ui, "ui", "a learner's step or something shown to a person", \
    FIELD(TEXT, step) FIELD(TEXT, what))
/* clang-format on */

enum event_kind {
#define KIND(upper, lower, name, meaning, fields) EVENT_##upper,
    EVENT_KINDS(KIND, )
#undef KIND
        EVENT_KIND_COUNT
};

enum event_type {
    EVENT_TYPE_PLACE,
    EVENT_TYPE_LINK,
    EVENT_TYPE_CONN,
    EVENT_TYPE_MSG,
    EVENT_TYPE_TEXT,
    EVENT_TYPE_NUMBER,
    EVENT_TYPE_BOOL,
    EVENT_TYPE_MICROS
};

enum { EVENT_FIELDS_MAX = 6 };

/* One record of the trace. Its number (id) is its index in the log. */
struct event {
    int64_t t;      /* virtual nanoseconds since the start */
    uint32_t cause; /* the id of the event that led to it, always smaller; 0 also for event 0 */
    uint16_t kind;  /* enum event_kind */
    uint16_t flags; /* of a tcp.segment: enum event_segment_flag; else 0 */
    uint32_t v[EVENT_FIELDS_MAX];
};

/* The low bits are those of the TCP header (RFC 9293 3.1). */
enum event_segment_flag {
    EVENT_SEGMENT_FIN = 0x01,
    EVENT_SEGMENT_SYN = 0x02,
    EVENT_SEGMENT_RST = 0x04,
    EVENT_SEGMENT_PSH = 0x08,
    EVENT_SEGMENT_ACK = 0x10,
    EVENT_SEGMENT_BACK = 0x100,  /* from the side that was connected to */
    EVENT_SEGMENT_AGAIN = 0x200, /* a retransmission */
};

/* A struct a kind, the fields in order: struct event_smtp_cmd { uint32_t conn, verb, arg, msg; } */
#define KIND(upper, lower, name, meaning, fields)                                                  \
    struct event_##lower {                                                                         \
        fields                                                                                     \
    };
#define FIELD(type, name) uint32_t name;
EVENT_KINDS(KIND, FIELD)
#undef FIELD
#undef KIND

/* event_as_smtp_cmd(e): the fields of an event of that kind; any other kind gives NULL. Borrowed.
 */
#define KIND(upper, lower, name, meaning, fields)                                                  \
    static inline const struct event_##lower *event_as_##lower(const struct event *e)              \
    {                                                                                              \
        return e->kind == EVENT_##upper ? (const void *)e->v : (const void *)0;                    \
    }
EVENT_KINDS(KIND, )
#undef KIND

struct event_field {
    enum event_type type;
    const char *name;
};

/* What event_kinds[kind] says of a kind; field_count fields are in use. */
struct event_kind_row {
    const char *name, *meaning;
    int field_count;
    struct event_field fields[EVENT_FIELDS_MAX];
};
extern const struct event_kind_row event_kinds[EVENT_KIND_COUNT];

#endif
