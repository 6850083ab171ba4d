/*
 * One connection between two hosts, said octet by octet: each side's octets travel in a segment of
 * 20 ms, and the turns that the other side reads in them are noted as sessions note them.
 *
 *     support_talk_begin(&talk, 25);
 *     support_talk_say(&talk, true, "220 mx ready\r\n");
 *     support_talk_smtp_reply(&talk, "CONNECT", 220, "", "mx ready");
 */
#ifndef TESTS_VIEW_SUPPORT_TALK_H
#define TESTS_VIEW_SUPPORT_TALK_H

#include "sim/trace/log.h"

struct support_talk {
    struct log log;
    int64_t t;
    uint32_t conn, client, server;
    uint32_t seq[2];
};

void support_talk_begin(struct support_talk *talk, uint32_t port);
void support_talk_finish(struct support_talk *talk);
/* A segment with these octets; gives its event. It is there when this returns. */
uint32_t support_talk_say(struct support_talk *talk, bool is_server, const char *octets);
/* The same octets once more, as the network sends what was lost. */
uint32_t support_talk_again(struct support_talk *talk, bool is_server, const char *octets);
/* What was said last is lost on its way. */
void support_talk_lose(struct support_talk *talk);
/* TLS from now on; what is said is then wrapped into one record, its octets not to be known. */
void support_talk_secure(struct support_talk *talk);
uint32_t support_talk_sealed(struct support_talk *talk, bool is_server, const char *octets);

uint32_t support_talk_command(struct support_talk *talk, enum event_kind kind, const char *verb,
                              const char *arg);
uint32_t support_talk_smtp_reply(struct support_talk *talk, const char *verb, uint32_t code,
                                 const char *esc, const char *text);
/* pop.reply and imap.reply. */
uint32_t support_talk_word(struct support_talk *talk, enum event_kind kind, const char *verb,
                           bool ok, const char *text);
uint32_t support_talk_imap_data(struct support_talk *talk, const char *verb, const char *text);
/* A whole mail by SMTP up to QUIT, its body as given; its commands and replies in clear. */
void support_talk_mail(struct support_talk *talk, const char *message);

#endif
