#include <criterion/criterion.h>

#include "support_toy.h"

Test(pump, a_conversation_in_clear_needs_no_tls)
{
    struct toy_lab lab;
    toy_start(&lab, 1);
    lab.client.says[0] = "one";
    lab.client.says[1] = "QUIT";
    toy_connect(&lab);
    toy_run(&lab);
    TOY_EXPECT(&lab.client, "line hello\nline got one\nline bye\neof\nended closed\n");
    TOY_EXPECT(&lab.server, "line one\nline QUIT\neof\nended closed\n");
    cr_expect_eq(toy_count(&lab, EVENT_TLS_DATA), 0);
    cr_expect_null(lab.client.pump->tls);
    toy_finish(&lab);
}

Test(pump, a_wait_that_is_over_is_told_once)
{
    struct toy_lab lab;
    toy_start(&lab, 1);
    lab.server.wait_s = 30;
    struct toy_talker mute = {.says = SLICE("")};
    toy_connect_raw(&lab, &mute);
    toy_run(&lab);
    TOY_EXPECT(&lab.server, "expired\neof\nended closed\n");
    cr_expect(slice_equal(bytes_slice(&mute.heard), SLICE("hello\r\ntoo slow\r\n")));
    bytes_finish(&mute.heard);
    toy_finish(&lab);
}

/* ---- held and cut ---- */

/* When the n-th segment with data from the server left. */
static int64_t said_at(const struct toy_lab *lab, uint32_t n)
{
    const struct log *log = &lab->sim.log;
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_tcp_segment *e = event_as_tcp_segment(log_at(log, id));
        if (e && log_at(log, id)->flags & EVENT_SEGMENT_BACK && log_text(log, e->data).size > 0 &&
            n-- == 0)
            return log_at(log, id)->t;
    }
    return -1;
}

/* What the client sends meanwhile is read afterwards, and its silence is not counted against it. */
Test(pump, what_is_held_goes_out_later_and_nothing_is_lost)
{
    struct toy_lab lab;
    toy_start(&lab, 1);
    lab.server.wait_s = 30;
    struct toy_talker hasty = {.says = SLICE("WAIT\r\ntwo\r\nQUIT\r\n")};
    toy_connect_raw(&lab, &hasty);
    toy_run(&lab);
    TOY_EXPECT(&lab.server, "line WAIT\nline two\nline QUIT\neof\nended closed\n");
    cr_expect(
        slice_equal(bytes_slice(&hasty.heard), SLICE("hello\r\ngot WAIT\r\ngot two\r\nbye\r\n")));
    cr_expect_geq(said_at(&lab, 1) - said_at(&lab, 0), TOY_WAIT_S * VTIME_S);
    bytes_finish(&hasty.heard);
    toy_finish(&lab);
}

/* The client does not wait so long: it closes its side, and gets its answer all the same. */
Test(pump, who_closes_meanwhile_is_answered_and_closed)
{
    struct toy_lab lab;
    toy_start(&lab, 1);
    lab.client.says[0] = "WAIT";
    lab.client.wait_s = 20;
    toy_connect(&lab);
    pump_wait(lab.client.pump, 20);
    toy_run(&lab);
    TOY_EXPECT(&lab.client, "line hello\nexpired\nline got WAIT\neof\nended closed\n");
    TOY_EXPECT(&lab.server, "line WAIT\neof\nended closed\n");
    toy_finish(&lab);
}

Test(pump, what_was_not_sent_before_a_cut_is_never_sent)
{
    struct toy_lab lab;
    toy_start(&lab, 1);
    lab.client.says[0] = "one";
    lab.client.says[1] = "CUT";
    toy_connect(&lab);
    toy_run(&lab);
    TOY_EXPECT(&lab.client, "line hello\nline got one\nended reset\n");
    TOY_EXPECT(&lab.server, "line one\nline CUT\nended reset\n");
    toy_finish(&lab);
}

Test(pump, a_cut_at_the_next_octets_lets_the_answer_through)
{
    struct toy_lab lab;
    toy_start(&lab, 1);
    lab.client.says[0] = "TRAP";
    lab.client.says[1] = "two";
    toy_connect(&lab);
    toy_run(&lab);
    TOY_EXPECT(&lab.client, "line hello\nline got TRAP\nended reset\n");
    TOY_EXPECT(&lab.server, "line TRAP\nended reset\n");
    toy_finish(&lab);
}

Test(pump, a_greeting_can_be_late_or_never_come)
{
    struct toy_lab late, never;
    toy_start(&late, 1);
    late.server_user.greets_after_ns = 7 * VTIME_S;
    late.client.says[0] = "QUIT";
    toy_connect(&late);
    toy_run(&late);
    TOY_EXPECT(&late.client, "line hello\nline bye\neof\nended closed\n");
    cr_expect_geq(said_at(&late, 0), 7 * VTIME_S);
    toy_finish(&late);
    toy_start(&never, 1);
    never.server_user.is_cut = true;
    toy_connect(&never);
    toy_run(&never);
    TOY_EXPECT(&never.client, "ended reset\n");
    toy_finish(&never);
}

/* The task that would have gone on finds a pump that serves somebody else, or nobody. */
Test(pump, a_connection_that_dies_while_held_leaves_nothing_behind)
{
    struct toy_lab lab;
    toy_start(&lab, 1);
    lab.client.says[0] = "WAIT";
    toy_connect(&lab);
    sim_run(&lab.sim, 10 * VTIME_S, false, 0);
    net_set_host_up(lab.net, net_host_at(lab.net, TOY_ADDRESS(2)), false);
    toy_run(&lab);
    TOY_EXPECT(&lab.server, "line WAIT\nended crashed\n");
    toy_finish(&lab);
}
