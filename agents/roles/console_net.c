/* date and ss: the host's clock; who listens here, and who is connected. */
#include <inttypes.h>

#include "agents/mail/date.h"
#include "agents/roles/console_part.h"
#include "sim/net/list.h"

void console_date(struct console *c, const struct console_line *words)
{
    char text[DATE_TEXT];
    (void)words;
    console_printf(c, "%.*s\n",
                   SLICE_ARG(date_write(office_now_s(c->office, c->agent),
                                        office_zone(c->office, c->agent), text)));
    console_done(c);
}

static void say_listeners(struct console *c, bool is_udp)
{
    struct net_listener l = {.port = 0};
    while (net_next_listener(c->office->net, c->agent, is_udp, &l))
        console_printf(c, "%s *:%-26" PRIu32 " %.*s\n",
                       is_udp ? "udp  BOUND       " : "tcp  LISTEN      ", l.port,
                       SLICE_ARG(log_place_name(&c->office->sim->log, l.agent)));
}

static void say_connections(struct console *c)
{
    struct net_peer p = {.position = 0};
    char own[16], other[16];
    while (net_next_peer(c->office->net, c->agent, &p))
        console_printf(c, "tcp  %-12s %.*s:%" PRIu32 " - %.*s:%" PRIu32 "  %.*s\n", p.state,
                       SLICE_ARG(dns_ipv4_print(p.own_address, own)), p.own_port,
                       SLICE_ARG(dns_ipv4_print(p.address, other)), p.port,
                       SLICE_ARG(log_place_name(&c->office->sim->log, p.agent)));
}

void console_ss(struct console *c, const struct console_line *words)
{
    (void)words;
    say_listeners(c, false);
    say_listeners(c, true);
    say_connections(c);
    console_done(c);
}

void console_ping(struct console *c, const struct console_line *words)
{
    console_printf(c,
                   "%.*s: this network carries TCP and UDP and no ICMP (RFC 792); "
                   "telnet HOST PORT shows whether somebody answers\n",
                   SLICE_ARG(words->items[0]));
    console_done(c);
}
