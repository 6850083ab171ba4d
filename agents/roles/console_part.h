/*
 * Private to the console: what its files share.
 */
#ifndef AGENTS_ROLES_CONSOLE_PART_H
#define AGENTS_ROLES_CONSOLE_PART_H

#include "agents/proto/console_words.h"
#include "agents/roles/console.h"
#include "agents/roles/talk.h"
#include "sim/net/list.h"
#include "sim/net/resolver.h"
#include "sim/base/arena.h"

enum console_mode {
    CONSOLE_PROMPT,
    CONSOLE_BUSY,   /* a command goes on: what is typed waits */
    CONSOLE_TALK,   /* what is typed goes to the other side */
    CONSOLE_LETTER, /* lines of a message, up to a dot */
    CONSOLE_MAIL,   /* the mail reader's own prompt */
};

enum { CONSOLE_WORDS_MAX = 32, CONSOLE_SHOWN_MAX = 1024 * 1024 };

/* A line that was typed, in words. */
struct console_line {
    struct slice items[CONSOLE_WORDS_MAX]; /* items[0] is the command */
    size_t count;
};

/* Whom dig has asked; each is made on first use. */
struct console_server {
    uint32_t address;
    struct resolver *resolver;
};

struct console;
/* A name was looked up; 0: that failed, and was said. */
typedef void console_found(struct console *console, uint32_t address);

/* What goes on after a look-up. */
struct console_errand {
    struct slice word, name; /* as typed; as asked for */
    uint32_t port;
    bool is_tls;
    console_found *found;
    uint32_t server; /* who is connected to, or asked */
    /* of dig, mx and host */
    struct slice question;
    enum dns_type type;
    bool is_short;
    int64_t asked_t;
    void (*told)(struct console *console, const struct resolver_answer *answer);
};

struct console {
    struct office *office;
    uint32_t agent;
    const struct config *config;
    enum console_mode mode;
    struct bytes typed; /* and not consumed yet */
    struct bytes out;   /* what a command says, until it is shown */
    struct arena arena; /* of the command that goes on */
    bool has_prompt;    /* somebody has sat down since its host came up */
    bool is_taking;     /* typed is being consumed */
    bool was_cr;        /* the last octet that was sent was a CR */
    /* dns */
    VECTOR(struct console_server) servers;
    struct console_errand errand;
    uint32_t asked; /* counts questions: late answers are nobody's */
    /* talk */
    struct talk talk;
    uint32_t listening; /* port; 0 not */
    struct net_stand_in stand_in;
    bool is_leaving; /* the person has hung up, and waits for the end */
    uint32_t mail_count;
    /* letter */
    struct bytes letter;
    struct slice *rcpts; /* in the arena */
    size_t rcpt_count;
    struct slice subject, sender;
    bool is_raw, is_from_header; /* sendmail: the header is typed, too; -t: so are the recipients */
    /* mail */
    struct slice reader; /* whose mail is read; in reader_text */
    char reader_text[320];
};

/* What a row of console_words does. */
typedef void console_command(struct console *c, const struct console_line *words);
extern console_command *const console_commands[CONSOLE_VERB_COUNT];

/* ---- the screen ---- */

/* Added to what is shown at the next console_flush; what is too much is cut, and told. */
void console_say(struct console *c, struct slice text);
void console_printf(struct console *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void console_flush(struct console *c);
/* What came over a connection: shown as it is. */
void console_show(struct console *c, struct slice octets, uint32_t conn);
/* A command is over: its words are shown, then a prompt, and what was typed meanwhile is taken. */
void console_done(struct console *c);
/* A command goes on; console_done is to follow. */
void console_wait(struct console *c, enum console_mode mode);

/* ---- the parts ---- */

/* By address, by the id of a host, which stands for its DNS name, or by any name: asks for its
   address. The mode is BUSY meanwhile. */
void console_look_up(struct console *c, struct slice word, console_found *found);
void console_dig(struct console *c, const struct console_line *words);
void console_host(struct console *c, const struct console_line *words);
void console_mx(struct console *c, const struct console_line *words);
void console_finish_dns(struct console *c);

void console_telnet(struct console *c, const struct console_line *words);
void console_tls(struct console *c, const struct console_line *words);
void console_listen(struct console *c, const struct console_line *words);
/* To the other side; all that is typed up to a Ctrl-]. */
void console_talk_typed(struct console *c, struct slice octets);
/* Breaks off whatever goes on. */
void console_hang_up(struct console *c);
/* Nobody listens any more: its host or itself has gone down. */
void console_stop_listening(struct console *c);

void console_cat(struct console *c, const struct console_line *words);
void console_ls(struct console *c, const struct console_line *words);
void console_hexdump(struct console *c, const struct console_line *words);

void console_mailq(struct console *c, const struct console_line *words);
void console_mail(struct console *c, const struct console_line *words);
void console_mail_line(struct console *c, struct slice line);
void console_compose(struct console *c, const struct console_line *words);
void console_sendmail(struct console *c, const struct console_line *words);
void console_letter_line(struct console *c, struct slice line);

void console_date(struct console *c, const struct console_line *words);
void console_ss(struct console *c, const struct console_line *words);
void console_ping(struct console *c, const struct console_line *words);
void console_help(struct console *c, const struct console_line *words);

#endif
