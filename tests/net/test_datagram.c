#include "sim/net/net.h"

#include <criterion/criterion.h>

#include "support_lab.h"

struct box {
    struct lab *lab;
    uint32_t agent;
    int count;
    uint32_t from_address, from_port;
    char text[64];
    size_t size;
    uint32_t cause;
    bool answers;
};

static void on_datagram(void *context, uint32_t from, uint32_t port, struct slice bytes)
{
    struct box *box = context;
    box->count++;
    box->from_address = from;
    box->from_port = port;
    box->size = bytes.size;
    box->cause = box->lab->sim.cause;
    for (size_t i = 0; i < bytes.size && i < sizeof box->text; i++)
        box->text[i] = bytes.data[i];
    if (box->answers) /* while it still looks at the question */
        for (int i = 0; i < 10; i++)
            net_udp_send(box->lab->net, box->agent, 53, from, port, SLICE("answer"));
    cr_expect(bytes.size == 0 || bytes.data[0] == box->text[0]);
}

Test(datagram, a_question_and_its_answers)
{
    /* RFC 768 */
    struct lab lab;
    lab_pair(&lab, 1);
    uint32_t dns = net_add_agent(lab.net, 2, SLICE("dns"), SLICE("dns"), SLICE(""), SLICE("53"));
    struct box asker = {.lab = &lab, .agent = 1};
    struct box server = {.lab = &lab, .agent = dns, .answers = true};
    cr_expect_eq(net_udp_bind(lab.net, dns, 53, on_datagram, &server), 53);
    uint32_t port = net_udp_bind(lab.net, 1, 0, on_datagram, &asker);
    cr_expect_geq(port, 49152);
    net_udp_send(lab.net, 1, port, LAB_ADDRESS(2), 53, SLICE("question"));
    lab_run(&lab);
    cr_expect(server.count == 1 && server.from_address == LAB_ADDRESS(1));
    cr_expect(server.from_port == port && server.size == 8);
    cr_expect(asker.count == 10 && asker.from_address == LAB_ADDRESS(2) && asker.from_port == 53);
    const struct event *e = lab_event(&lab, EVENT_UDP_DATAGRAM, 0);
    const struct event_udp_datagram *d = event_as_udp_datagram(e);
    cr_expect(d->from == 1 && d->to == dns && d->travel == 20000);
    cr_expect_eq(d->ports, port << 16 | 53);
    cr_expect(slice_equal(log_text(&lab.sim.log, d->data), SLICE("question")));
    cr_expect(slice_equal(log_text(&lab.sim.log, d->path), SLICE("a b")));
    cr_expect_eq(log_at(&lab.sim.log, server.cause), e, "its arrival is caused by its leaving");
    for (uint32_t n = 1; n <= 10; n++)
        cr_expect_eq(lab_event(&lab, EVENT_UDP_DATAGRAM, n)->cause, server.cause);
    lab_finish(&lab);
}

Test(datagram, to_a_closed_port_a_dead_host_or_nobody_it_is_lost)
{
    struct lab lab;
    lab_pair(&lab, 1);
    struct box box = {.lab = &lab};
    net_udp_send(lab.net, 1, 5, LAB_ADDRESS(2), 53, SLICE("x"));
    net_udp_send(lab.net, 1, 5, LAB_ADDRESS(9), 53, SLICE("x"));
    lab_run(&lab);
    net_udp_bind(lab.net, 2, 53, on_datagram, &box);
    net_udp_send(lab.net, 1, 5, LAB_ADDRESS(2), 53, SLICE("x"));
    net_set_host_up(lab.net, 2, false);
    lab_run(&lab);
    net_set_host_up(lab.net, 2, true);
    net_udp_send(lab.net, 1, 5, LAB_ADDRESS(2), 53, SLICE("x"));
    net_udp_unbind(lab.net, 2, 53);
    lab_run(&lab);
    cr_expect_eq(box.count, 0);
    cr_expect_eq(lab_count(&lab, EVENT_UDP_LOST), 4);
    for (uint32_t n = 0; n < 4; n++) {
        const struct event *e = lab_event(&lab, EVENT_UDP_LOST, n);
        cr_expect_eq(event_as_udp_lost(e)->link, 0);
        cr_expect_eq(log_at(&lab.sim.log, e->cause)->kind, EVENT_UDP_DATAGRAM);
    }
    cr_expect_eq(event_as_udp_lost(lab_event(&lab, EVENT_UDP_LOST, 0))->to, 0, "nobody at all");
    lab_finish(&lab);
}

Test(datagram, ports_are_taken_and_given_back)
{
    struct lab lab;
    lab_pair(&lab, 1);
    cr_expect_eq(net_udp_bind(lab.net, 1, 53, on_datagram, NULL), 53);
    cr_expect_eq(net_udp_bind(lab.net, 1, 53, on_datagram, NULL), 0, "taken");
    cr_expect_eq(net_udp_bind(lab.net, 2, 53, on_datagram, NULL), 53, "of another host");
    net_udp_unbind(lab.net, 1, 53);
    cr_expect_eq(net_udp_bind(lab.net, 1, 53, on_datagram, NULL), 53);
    uint32_t kept = net_udp_bind(lab.net, 1, 0, on_datagram, NULL);
    for (int i = 0; i < 16383; i++) {
        uint32_t port = net_udp_bind(lab.net, 1, 0, on_datagram, NULL);
        cr_assert(port > 49151 && port <= 65535 && port != kept);
    }
    cr_expect_eq(net_udp_bind(lab.net, 1, 0, on_datagram, NULL), 0, "all are taken");
    net_udp_unbind(lab.net, 1, 50000);
    cr_expect_eq(net_udp_bind(lab.net, 1, 0, on_datagram, NULL), 50000);
    lab_finish(&lab);
}
