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
