#include "support_talk.h"

#include <stdio.h>
#include <string.h>

#include "sim/base/arena.h"
#include "sim/base/vtime.h"

static uint32_t text(struct support_talk *talk, const char *s)
{
    return log_intern(&talk->log, slice_of(s));
}

static uint32_t add(struct support_talk *talk, enum event_kind kind, uint16_t flags,
                    const uint32_t *fields)
{
    uint32_t cause = log_count(&talk->log) ? log_count(&talk->log) - 1 : 0;
    return log_add(&talk->log, talk->t, cause, kind, flags, fields);
}

#define ADD(talk, kind, ...) add(talk, kind, 0, (const uint32_t[16]){__VA_ARGS__})

static uint32_t segment(struct support_talk *talk, bool is_server, uint16_t flags, uint32_t data,
                        uint32_t seq)
{
    if (is_server)
        flags |= EVENT_SEGMENT_BACK;
    uint32_t id = add(talk, EVENT_TCP_SEGMENT, flags,
                      (const uint32_t[16]){talk->conn, seq, talk->seq[!is_server], data, 20000, 0});
    talk->t += 20 * VTIME_MS;
    return id;
}

void support_talk_begin(struct support_talk *talk, uint32_t port)
{
    *talk = (struct support_talk){.conn = 1, .seq = {1000, 5000}};
    log_init(&talk->log);
    ADD(talk, EVENT_RUN, text(talk, "Talk"), text(talk, "1"), 1740992400, text(talk, "test"));
    ADD(talk, EVENT_HOST, text(talk, "out"), text(talk, "out.example.com"),
        text(talk, "198.51.100.26"), 0, 100, 500);
    ADD(talk, EVENT_HOST, text(talk, "mx"), text(talk, "mx.example.org"),
        text(talk, "203.0.113.25"), 0, 800, 500);
    ADD(talk, EVENT_AGENT, text(talk, "mta"), 1, text(talk, "mta"), 0, 0);
    talk->client = 3;
    ADD(talk, EVENT_AGENT, text(talk, "mx-mta"), 2, text(talk, "mta"), 0, 0);
    talk->server = 4;
    ADD(talk, EVENT_LINK, text(talk, "out:mx"), 1, 2, 20000, 0, 0);
    ADD(talk, EVENT_TCP_CONNECT, 1, talk->client, talk->server, port, 49152, text(talk, "out mx"));
    segment(talk, false, EVENT_SEGMENT_SYN, 0, 999);
    segment(talk, true, EVENT_SEGMENT_SYN | EVENT_SEGMENT_ACK, 0, 4999);
    ADD(talk, EVENT_TCP_OPEN, 1, text(talk, "ok"));
}

void support_talk_finish(struct support_talk *talk)
{
    log_finish(&talk->log);
}

uint32_t support_talk_say(struct support_talk *talk, bool is_server, const char *octets)
{
    uint32_t id = segment(talk, is_server, EVENT_SEGMENT_PSH | EVENT_SEGMENT_ACK,
                          text(talk, octets), talk->seq[is_server]);
    talk->seq[is_server] += (uint32_t)strlen(octets);
    return id;
}

uint32_t support_talk_again(struct support_talk *talk, bool is_server, const char *octets)
{
    return segment(talk, is_server, EVENT_SEGMENT_PSH | EVENT_SEGMENT_ACK | EVENT_SEGMENT_AGAIN,
                   text(talk, octets), talk->seq[is_server] - (uint32_t)strlen(octets));
}

void support_talk_lose(struct support_talk *talk)
{
    uint32_t last = log_count(&talk->log) - 1;
    const struct event_tcp_segment *s = event_as_tcp_segment(log_at(&talk->log, last));
    bool is_server = log_at(&talk->log, last)->flags & EVENT_SEGMENT_BACK;
    talk->t -= 10 * VTIME_MS;
    ADD(talk, EVENT_TCP_LOST, 1, is_server ? talk->server : talk->client,
        is_server ? talk->client : talk->server, s->seq, 1);
    talk->t += 10 * VTIME_MS;
}

void support_talk_secure(struct support_talk *talk)
{
    ADD(talk, EVENT_TLS_UP, 1, text(talk, "TLSv1.3"), text(talk, "TLS_AES_256_GCM_SHA384"),
        text(talk, "mx.example.org"), text(talk, "verified"));
}

uint32_t support_talk_sealed(struct support_talk *talk, bool is_server, const char *octets)
{
    char record[600] = {23, 3, 3, 0, 0};
    size_t size = strlen(octets) + 17;
    record[3] = (char)(size >> 8);
    record[4] = (char)size;
    memset(record + 5, 0xC5, size);
    ADD(talk, EVENT_TLS_DATA, 1, text(talk, octets), 0, is_server);
    uint32_t data = log_intern(&talk->log, (struct slice){record, size + 5});
    uint32_t id =
        segment(talk, is_server, EVENT_SEGMENT_PSH | EVENT_SEGMENT_ACK, data, talk->seq[is_server]);
    talk->seq[is_server] += (uint32_t)size + 5;
    return id;
}

uint32_t support_talk_command(struct support_talk *talk, enum event_kind kind, const char *verb,
                              const char *arg)
{
    return ADD(talk, kind, 1, text(talk, verb), text(talk, arg), 0);
}

uint32_t support_talk_smtp_reply(struct support_talk *talk, const char *verb, uint32_t code,
                                 const char *esc, const char *words)
{
    return ADD(talk, EVENT_SMTP_REPLY, 1, text(talk, verb), code, text(talk, esc),
               text(talk, words), 0);
}

uint32_t support_talk_word(struct support_talk *talk, enum event_kind kind, const char *verb,
                           bool ok, const char *words)
{
    return ADD(talk, kind, 1, text(talk, verb), ok, text(talk, words), 0);
}

uint32_t support_talk_imap_data(struct support_talk *talk, const char *verb, const char *words)
{
    return ADD(talk, EVENT_IMAP_DATA, 1, text(talk, verb), text(talk, words), 0);
}

void support_talk_mail(struct support_talk *talk, const char *message)
{
    support_talk_say(talk, true, "220 mx ready\r\n");
    support_talk_smtp_reply(talk, "CONNECT", 220, "", "mx ready");
    support_talk_say(talk, false, "EHLO out\r\n");
    support_talk_command(talk, EVENT_SMTP_CMD, "EHLO", "out");
    support_talk_say(talk, true, "250-mx\r\n250 PIPELINING\r\n");
    support_talk_smtp_reply(talk, "EHLO", 250, "", "mx\nPIPELINING");
    support_talk_say(talk, false, "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n");
    support_talk_command(talk, EVENT_SMTP_CMD, "MAIL", "FROM:<a@b>");
    support_talk_command(talk, EVENT_SMTP_CMD, "RCPT", "TO:<c@d>");
    support_talk_command(talk, EVENT_SMTP_CMD, "DATA", "");
    support_talk_say(talk, true, "250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 go on\r\n");
    support_talk_smtp_reply(talk, "MAIL", 250, "2.1.0", "Ok");
    support_talk_smtp_reply(talk, "RCPT", 250, "2.1.5", "Ok");
    support_talk_smtp_reply(talk, "DATA", 354, "", "go on");
    support_talk_say(talk, false, message);
    support_talk_say(talk, false, ".\r\n");
    support_talk_say(talk, true, "250 2.0.0 taken\r\n");
    support_talk_smtp_reply(talk, "DOT", 250, "2.0.0", "taken");
    support_talk_say(talk, false, "QUIT\r\n");
    support_talk_command(talk, EVENT_SMTP_CMD, "QUIT", "");
    support_talk_say(talk, true, "221 2.0.0 bye\r\n");
    support_talk_smtp_reply(talk, "QUIT", 221, "2.0.0", "bye");
}
