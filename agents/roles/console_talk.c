/* telnet, tls and listen: the person speaks. */
#include <stdio.h>

#include "agents/mail/header.h"
#include "agents/roles/console_part.h"

/* ---- what the connection tells ---- */

static uint32_t conn_of(const struct console *c)
{
    return c->talk.pump ? pump_conn(c->talk.pump) : 0;
}

static void opened(void *context)
{
    struct console *c = context;
    char address[16];
    struct slice shown = dns_ipv4_print(c->errand.server, address);
    console_printf(c, "Connected to %.*s (%.*s) port %u.\n", SLICE_ARG(c->errand.name),
                   SLICE_ARG(shown), (unsigned)c->errand.port);
    console_wait(c, CONSOLE_TALK);
}

static void heard(void *context, struct slice octets)
{
    struct console *c = context;
    console_show(c, octets, conn_of(c));
}

static void secured(void *context)
{
    struct console *c = context;
    const struct tls *tls = c->talk.pump->tls;
    console_printf(c, "[%.*s, %.*s, certificate: %.*s]\n", SLICE_ARG(tls_version(tls)),
                   SLICE_ARG(tls_cipher(tls)), SLICE_ARG(tls_verdict(tls)));
    console_flush(c);
}

static void ended(void *context, enum net_end why)
{
    struct console *c = context;
    if (why == NET_END_CRASHED) /* nobody sits there any more */
        return;
    console_printf(c, "%s.\n", talk_end_name(c->is_leaving ? NET_END_CLOSED : why));
    c->is_leaving = false;
    console_done(c);
}

/* ---- the person's side connects ---- */

static void connect_to(struct console *c, uint32_t address)
{
    if (address == 0) {
        console_done(c);
        return;
    }
    char shown[16];
    c->errand.server = address;
    console_printf(c, "Trying %.*s...\n", SLICE_ARG(dns_ipv4_print(address, shown)));
    console_flush(c);
    talk_connect(
        &c->talk, &c->office->pumps,
        &(struct talk_target){c->agent, address, c->errand.port, c->errand.name, c->errand.is_tls},
        &(struct talk_user){opened, heard, secured, ended, c});
}

static bool read_port(struct console *c, struct slice word, uint32_t *port)
{
    uint64_t number;
    static const struct {
        const char *name;
        uint32_t port;
    } names[] = {{"smtp", 25},        {"lmtp", 24},   {"domain", 53}, {"http", 80},
                 {"pop3", 110},       {"imap", 143},  {"https", 443}, {"submissions", 465},
                 {"submission", 587}, {"imaps", 993}, {"pop3s", 995}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_equal(word, slice_of(names[i].name))) {
            *port = names[i].port;
            return true;
        }
    *port =
        slice_to_u64(word, &number) && number > 0 && number <= UINT16_MAX ? (uint32_t)number : 0;
    if (*port == 0)
        console_printf(c, "\"%.*s\" is no port; expected 1 to 65535, or smtp, imap, ...\n",
                       SLICE_ARG(slice_part(word, 0, 40)));
    return *port != 0;
}

static void start_talk(struct console *c, const struct console_line *words, bool is_tls)
{
    c->errand = (struct console_errand){.is_tls = is_tls};
    if (read_port(c, words->items[2], &c->errand.port))
        console_look_up(c, words->items[1], connect_to);
    else
        console_done(c);
}

void console_telnet(struct console *c, const struct console_line *words)
{
    start_talk(c, words, false);
}

void console_tls(struct console *c, const struct console_line *words)
{
    start_talk(c, words, true);
}

/* ---- the person's side is connected to ---- */

/* A message that was taken over by hand lies in a file, whoever it was for. */
static struct slice write_mail(struct console *c, struct arena *arena, struct slice header,
                               struct slice body, uint32_t msg)
{
    enum { TRIES = 10000 };
    struct disk *disk = office_disk(c->office, c->agent);
    struct slice path;
    do
        path = arena_printf(arena, "/root/received-%u", (unsigned)++c->mail_count);
    while (!disk_write(disk, path, header, body, msg) && c->mail_count < TRIES);
    (void)disk_sync(disk, path);
    return path;
}

static void keep_mail(void *context, const struct spoken_mail *mail)
{
    struct console *c = context;
    struct sim *sim = c->office->sim;
    struct slice header, body;
    struct arena arena;
    arena_init(&arena);
    header_split(mail->content, &header, &body);
    uint32_t msg = mail->msg ? mail->msg
                             : office_new_message(c->office, c->agent, SLICE(""), mail->paths[0],
                                                  SLICE(""), mail->content);
    struct slice path = write_mail(c, &arena, header, body, msg);
    uint32_t texts[] = {sim_text(sim, path), sim_text(sim, header), sim_text(sim, body)};
    sim_emit(sim, EVENT_ACCEPT,
             &(struct event_accept){c->agent, msg, conn_of(c), texts[0], texts[1], texts[2]});
    for (size_t i = 0; i < mail->path_count; i++)
        sim_note(sim, EVENT_DELIVER,
                 &(struct event_deliver){c->agent, msg, texts[0], sim_text(sim, mail->paths[i]),
                                         texts[1], texts[2]});
    console_printf(c, "[you took it over: %.*s]\n", SLICE_ARG(path));
    console_flush(c);
    arena_finish(&arena);
}

void console_stop_listening(struct console *c)
{
    if (c->listening)
        net_step_back(c->office->net, c->agent, c->listening, &c->stand_in);
    c->listening = 0;
}

static bool take_caller(void *context, uint32_t wire, uint32_t peer, struct net_user *user)
{
    struct console *c = context;
    char shown[16];
    uint32_t port = c->listening;
    if (port == 0 || c->talk.pump)
        return false;
    console_stop_listening(c); /* one is enough: who comes next is refused */
    talk_accept(&c->talk, &c->office->pumps, wire, port,
                &(struct talk_user){NULL, heard, NULL, ended, c}, user);
    c->talk.spoken.taken = keep_mail;
    c->talk.spoken.context = c;
    console_printf(c, "%.*s connects. You speak first.\n", SLICE_ARG(dns_ipv4_print(peer, shown)));
    console_wait(c, CONSOLE_TALK);
    return true;
}

void console_listen(struct console *c, const struct console_line *words)
{
    uint32_t port;
    if (!read_port(c, words->items[1], &port)) {
        console_done(c);
    } else if (net_stand_in(c->office->net, c->agent, port, take_caller, c, &c->stand_in)) {
        c->listening = port;
        console_printf(c, "Listening on port %u. Ctrl-C ends it.\n", (unsigned)port);
        console_wait(c, CONSOLE_BUSY);
    } else {
        console_printf(c,
                       "port %u is in use on this host (ss shows by whom); stop that agent first\n",
                       (unsigned)port);
        console_done(c);
    }
}

/* ---- what is typed ---- */

/* A line ends with CRLF, as a telnet client sends it (RFC 5321 2.3.8 wants it, too). */
void console_talk_typed(struct console *c, struct slice octets)
{
    struct bytes said;
    bytes_init(&said, 2 * CONSOLE_TYPED_MAX);
    for (size_t i = 0; i < octets.size; i++) {
        if (octets.data[i] == '\n' && !c->was_cr)
            (void)bytes_append_octet(&said, '\r');
        c->was_cr = octets.data[i] == '\r';
        (void)bytes_append_octet(&said, octets.data[i]);
    }
    if (!talk_say(&c->talk, bytes_slice(&said)))
        console_show(c, SLICE("\n[it can't be sent: the other side does not take it]\n"), 0);
    bytes_finish(&said);
}

/* The first time in order, and once more when the other side does not let go. */
void console_hang_up(struct console *c)
{
    console_stop_listening(c);
    c->asked++; /* no answer is waited for */
    bytes_clear(&c->letter);
    console_say(c, SLICE("^]\n"));
    if (!c->talk.pump) {
        console_done(c);
    } else if (c->talk.is_open && !c->is_leaving) {
        c->is_leaving = true;
        console_wait(c, CONSOLE_BUSY);
        talk_close(&c->talk); /* `ended` gives the prompt back */
    } else {
        c->is_leaving = true;
        pump_abort(c->talk.pump);
    }
}
