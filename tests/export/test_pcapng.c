/* Captures: each block is what the draft says, each packet what its RFC says, and what is lost is
   seen as far as it came. The file is read here by a reader of its own. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "export/pcapng_flight.h"
#include "export/pcapng_packet.h"
#include "support_capture.h"

static const char plain[] = "{}";

/* ---- packets ---- */

Test(pcapng, a_handshake_is_seen_as_it_leaves)
{
    struct log made, *log = &made;
    struct capture f;
    capture_add_world(log, "198.51.100.7", "203.0.113.9", plain);
    uint32_t first = capture_add_segment(log, 5, SYN, 0xFFFFFFFF, "");
    capture_add_segment(log, 30005, SYN | ACK | BACK, 100, "");
    capture_add_segment(log, 60005, ACK, 0, "odd");
    capture_end_world(log);
    capture_read(&f, log, NULL, true);
    cr_assert_eq(f.count, 3);
    cr_assert_eq(f.interfaces, 2);
    cr_assert_eq(f.names, 3);
    cr_assert_eq(f.secrets, 0);
    cr_assert_str_eq(f.interface_names[0], "a:gate");
    cr_assert_eq(f.packets[0].t, UINT64_C(1000000005000), "the epoch and nanoseconds");
    cr_assert_eq(f.packets[0].id, first);
    cr_assert_eq(f.packets[0].interface, 0);
    cr_assert_eq(f.packets[1].interface, 1, "the server's first link");
    const unsigned char *ip = f.packets[0].octets, *tcp = ip + 20;
    static const unsigned char from_to[] = {198, 51, 100, 7, 203, 0, 113, 9};
    cr_assert_arr_eq(ip + 12, from_to, 8);
    cr_assert_eq(capture_be16(tcp), 50000);
    cr_assert_eq(capture_be16(tcp + 2), 25);
    cr_assert_eq(capture_be16(tcp + 4), 0xFFFF);
    cr_assert_eq(tcp[13], SYN);
    cr_assert_eq(tcp[12] >> 4, 6, "a SYN says how large segments may be");
    cr_assert_eq(capture_be16(tcp + 22), 1460);
    cr_assert_arr_eq(f.packets[2].octets + 40, "odd", 3);
    for (size_t i = 0; i < f.count; i++)
        capture_expect_sums(&f.packets[i]);
    free(f.text);
    log_finish(log);
}

Test(pcapng, hosts_with_ipv6_speak_it)
{
    struct log made, *log = &made;
    struct capture f;
    capture_add_world(log, "2001:db8::7", "2001:db8::9", plain);
    capture_add_segment(log, 5, ACK, 1, "EHLO a\r\n");
    ADD(10, 0, UDP_DATAGRAM, udp_datagram, A, B, 53u << 16 | 53, T("odd"), 30000, T("a gate b"));
    capture_end_world(log);
    capture_read(&f, log, NULL, false);
    cr_assert_eq(f.count, 2);
    cr_assert_eq(f.packets[0].octets[0], 0x60);
    for (size_t i = 0; i < f.count; i++)
        capture_expect_sums(&f.packets[i]);
    free(f.text);
    log_finish(log);
}

Test(pcapng, a_packet_between_two_families_is_left_out)
{
    struct log made, *log = &made;
    struct capture f;
    capture_add_world(log, "2001:db8::7", "203.0.113.9", plain);
    capture_add_segment(log, 5, ACK, 1, "EHLO a\r\n");
    capture_end_world(log);
    capture_read(&f, log, NULL, false);
    cr_assert_eq(f.count, 0);
    free(f.text);
    log_finish(log);
}

Test(pcapng, a_datagram_whose_checksum_is_0_says_ffff) /* RFC 768 */
{
    struct bytes octets;
    struct pcapng_head head = {.from = {{0}, 4}, .to = {{0}, 4}};
    char data[2];
    bytes_init(&octets, SIZE_MAX);
    /* protocol 17, and twice the length 10: the data makes the sum ffff */
    uint16_t fill = 0xFFFF - 17 - 10 - 10;
    data[0] = (char)(fill >> 8);
    data[1] = (char)fill;
    cr_assert(pcapng_packet_udp(&octets, &head, (struct slice){data, 2}));
    const unsigned char *at = (const unsigned char *)bytes_slice(&octets).data;
    cr_assert_eq(capture_be16(at + 26), 0xFFFF);
    bytes_finish(&octets);
}

/* ---- taps ---- */

Test(pcapng, all_links_see_a_packet_one_after_the_other)
{
    struct log made, *log = &made;
    struct capture f;
    capture_add_world(log, "198.51.100.7", "203.0.113.9", plain);
    uint32_t id = capture_add_segment(log, 0, ACK, 1, "x");
    capture_end_world(log);
    capture_read(&f, log, "all", false);
    cr_assert_eq(f.count, 2);
    cr_assert_eq(f.packets[1].t - f.packets[0].t, 10000000, "the first link takes 10 ms");
    cr_assert(f.packets[0].id == id && f.packets[1].id == id, "it is one packet");
    cr_assert_eq(f.packets[0].octets[8], 64);
    cr_assert_eq(f.packets[1].octets[8], 63, "a router has passed it on");
    capture_expect_sums(&f.packets[1]);
    free(f.text);
    log_finish(log);
}

Test(pcapng, a_host_sees_what_leaves_and_what_reaches_it)
{
    struct log made, *log = &made;
    struct capture f;
    capture_add_world(log, "198.51.100.7", "203.0.113.9", plain);
    capture_add_segment(log, 0, ACK, 1, "there");
    capture_add_segment(log, 40000, ACK | BACK, 1, "back");
    capture_end_world(log);
    capture_read(&f, log, "b", false);
    cr_assert_eq(f.count, 2);
    cr_assert_eq(f.interfaces, 1);
    cr_assert_eq(f.packets[0].t, UINT64_C(1000030000000), "as it arrives");
    cr_assert_eq(f.packets[0].flags, 1, "inbound");
    cr_assert_eq(f.packets[1].flags, 2, "outbound");
    free(f.text);
    capture_read(&f, log, "gate", false); /* in the middle: once each, on the server's side */
    cr_assert_eq(f.count, 2);
    cr_assert(f.packets[0].interface == f.packets[1].interface);
    cr_assert_str_eq(f.interface_names[f.packets[0].interface], "gate:b");
    free(f.text);
    log_finish(log);
}

Test(pcapng, a_name_that_is_nowhere_is_a_problem_with_the_nearest_one)
{
    struct log made, *log = &made;
    struct problem problem;
    struct slice name = SLICE("b:gate"), wrong = SLICE("gat");
    capture_add_world(log, "198.51.100.7", "203.0.113.9", plain);
    FILE *out = tmpfile();
    struct export_options options = {.captures = &name, .capture_count = 1};
    cr_assert(pcapng_write(log, out, &options, &problem), "a link in either order");
    options.captures = &wrong;
    cr_assert_not(pcapng_write(log, out, &options, &problem));
    cr_assert(strstr(problem.what, "did you mean gate?"), "%s", problem.what);
    fclose(out);
    log_finish(log);
}

/* ---- losses, walls, gateways, boxes ---- */

Test(pcapng, what_is_lost_is_seen_as_far_as_it_came)
{
    static const struct {
        uint32_t travel_us, link;
        int64_t lost_us;
        size_t on_a, on_b, at_b;
    } rows[] = {
        {30000, LINK_A, 10000, 1, 0, 0},
        {60000, LINK_A, 40000, 1, 0, 0}, /* by its share it would have been on the second */
        {30000, LINK_B, 30000, 1, 1, 0},
        {30000, 0, 30000, 1, 1, 1}, /* nobody there wants it */
        {0, 0, 0, 0, 0, 0},         /* it never left */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct log made, *log = &made;
        struct capture f;
        capture_add_world(log, "198.51.100.7", "203.0.113.9", plain);
        uint32_t id = ADD_FLAGS(0, 0, TCP_SEGMENT, tcp_segment, ACK, CONN, 1, 7, T("x"),
                                rows[i].travel_us, 0);
        ADD(rows[i].lost_us, id, TCP_LOST, tcp_lost, CONN, ASKER, SERVER, 1, rows[i].link);
        capture_end_world(log);
        const char *const places[] = {"a:gate", "gate:b", "b"};
        const size_t wanted[] = {rows[i].on_a, rows[i].on_b, rows[i].at_b};
        for (size_t k = 0; k < 3; k++) {
            capture_read(&f, log, places[k], false);
            cr_assert_eq(f.count, wanted[k], "row %zu at %s: %zu", i, places[k], f.count);
            free(f.text);
        }
        log_finish(log);
    }
}

Test(pcapng, a_host_that_is_down_sees_nothing)
{
    struct log made, *log = &made;
    struct capture f;
    capture_add_world(log, "198.51.100.7", "203.0.113.9", plain);
    uint32_t id = capture_add_segment(log, 0, ACK, 1, "x");
    ADD(20000, 0, CRASH, crash, B);
    ADD(30000, id, TCP_LOST, tcp_lost, CONN, ASKER, SERVER, 1, 0);
    capture_end_world(log);
    capture_read(&f, log, "b", false);
    cr_assert_eq(f.count, 0);
    free(f.text);
    log_finish(log);
}

/* RFC 792: the header of what it is about and 8 octets; RFC 1812 5.2.7.1: code 13. */
Test(pcapng, a_firewall_that_rejects_says_so_by_icmp)
{
    struct log made, *log = &made;
    struct capture f;
    capture_add_world(log, "198.51.100.7", "203.0.113.9", plain);
    uint32_t id = capture_add_segment(log, 0, SYN, 1, "");
    uint32_t block = ADD(10000, id, BLOCK, block, WALL, ASKER, SERVER, 25, T("reject"));
    ADD(10000, block, TCP_LOST, tcp_lost, CONN, ASKER, SERVER, 1, 0);
    capture_end_world(log);
    capture_read(&f, log, "all", false);
    cr_assert_eq(f.count, 2, "the SYN came to the gate and not further");
    const unsigned char *ip = f.packets[1].octets;
    static const unsigned char from_to[] = {192, 0, 2, 1, 198, 51, 100, 7};
    cr_assert_arr_eq(ip + 12, from_to, 8);
    cr_assert_eq(ip[9], 1);
    cr_assert_eq(capture_be16(ip + 20), 0x030D);
    cr_assert_arr_eq(ip + 28 + 12, f.packets[0].octets + 12, 8 + 8, "what it is about");
    capture_expect_sums(&f.packets[1]);
    free(f.text);
    log_finish(log);
}

Test(pcapng, behind_a_gateway_the_world_sees_the_gateways_address)
{
    struct log made, *log = &made;
    struct capture f;
    capture_add_world(
        log, "10.0.0.7", "203.0.113.9",
        "{\"hosts\": [{\"id\": \"a\", \"behind\": \"gate\"}, 7, {\"id\": [], \"behind\": 1}]}");
    capture_add_segment(log, 0, ACK, 1, "there");
    capture_add_segment(log, 40000, ACK | BACK, 1, "back");
    capture_end_world(log);
    capture_read(&f, log, "all", false);
    cr_assert_eq(f.count, 4);
    static const unsigned char inside[] = {10, 0, 0, 7}, outside[] = {192, 0, 2, 1};
    cr_assert_arr_eq(f.packets[0].octets + 12, inside, 4);
    cr_assert_arr_eq(f.packets[1].octets + 12, outside, 4);
    cr_assert_arr_eq(f.packets[2].octets + 16, outside, 4);
    cr_assert_arr_eq(f.packets[3].octets + 16, inside, 4);
    cr_assert_eq(capture_be16(f.packets[1].octets + 20), capture_be16(f.packets[2].octets + 22),
                 "one port");
    for (size_t i = 0; i < f.count; i++)
        capture_expect_sums(&f.packets[i]);
    free(f.text);
    capture_read(&f, log, NULL, false);
    cr_assert_arr_eq(f.packets[0].octets + 12, outside, 4, "one stream, with one address");
    cr_assert_arr_eq(f.packets[1].octets + 16, outside, 4);
    free(f.text);
    log_finish(log);
}

/* The word may have begun in the segment before: of that only the rest could be overwritten. */
Test(pcapng, what_a_box_overwrites_is_seen_behind_it)
{
    struct log made, *log = &made;
    struct capture f;
    capture_add_world(log, "198.51.100.7", "203.0.113.9", plain);
    uint32_t first = capture_add_segment(log, 0, ACK | BACK, 1, "250-STARTTLS\r\n");
    uint32_t second = capture_add_segment(log, 1, ACK | BACK, 15, "TTLS\r\n");
    ADD(20000, first, TAMPER, tamper, WALL, CONN, T("250-STARTTLS"), T("250-XXXXXXXX"), 0);
    ADD(20001, second, TAMPER, tamper, WALL, CONN, T("250-STARTTLS"), T("250-STARXXXX"), 0);
    capture_add_segment(log, 500000, ACK | BACK | EVENT_SEGMENT_AGAIN, 1, "250-STARTTLS\r\n");
    capture_end_world(log);
    capture_read(&f, log, "gate:b", false);
    cr_assert_arr_eq(f.packets[0].octets + 40, "250-STARTTLS", 12);
    free(f.text);
    capture_read(&f, log, "a:gate", false);
    cr_assert_eq(f.count, 3);
    cr_assert_arr_eq(f.packets[0].octets + 40, "250-XXXXXXXX\r\n", 14);
    cr_assert_arr_eq(f.packets[1].octets + 40, "XXXX\r\n", 6);
    cr_assert_arr_eq(f.packets[2].octets + 40, "250-XXXXXXXX\r\n", 14, "sent again, too");
    for (size_t i = 0; i < f.count; i++)
        capture_expect_sums(&f.packets[i]);
    free(f.text);
    log_finish(log);
}

/* ---- secrets, limits ---- */

Test(pcapng, secrets_of_tls_are_within_only_when_asked_for)
{
    struct log made, *log = &made;
    struct capture f;
    capture_add_world(log, "198.51.100.7", "203.0.113.9", plain);
    capture_add_segment(log, 0, ACK, 1, "x");
    ADD(1, 0, TLS_KEY, tls_key, CONN, T("CLIENT_RANDOM 00 11"));
    capture_end_world(log);
    capture_read(&f, log, NULL, false);
    cr_assert_eq(f.secrets, 0);
    free(f.text);
    capture_read(&f, log, NULL, true);
    cr_assert_eq(f.secrets, 1);
    free(f.text);
    log_finish(log);
}

Test(pcapng, odd_traces_are_read_as_far_as_they_make_sense)
{
    struct log made, *log = &made;
    struct capture f;
    static char large[70000];
    memset(large, 'x', sizeof large - 1);
    capture_add_world(log, "198.51.100.7", "203.0.113.9", "[{]");
    capture_add_segment(log, 0, ACK, 1, large); /* more than a packet can carry */
    ADD_FLAGS(1, 0, TCP_SEGMENT, tcp_segment, ACK, 99, 1, 1, T("x"), 30000, 0);
    ADD(1, 0, UDP_DATAGRAM, udp_datagram, A, 0, 53, T("x"), 30000, T("a"));
    ADD(1, 0, UDP_DATAGRAM, udp_datagram, A, B, 53, T("x"), 30000, T("a b"));
    ADD(1, 0, UDP_DATAGRAM, udp_datagram, A, B, 53, T("x"), 30000, T("a  gate nobody b"));
    ADD(1, 0, BLOCK, block, WALL, ASKER, SERVER, 25, T("reject"));
    ADD(1, 0, TAMPER, tamper, WALL, CONN, 0, 0, 77);
    ADD(1, 0, TCP_LOST, tcp_lost, 99, 77, 77, 1, 77);
    ADD(1, 0, CRASH, crash, 77);
    capture_end_world(log);
    capture_read(&f, log, "all", false);
    cr_assert_eq(f.count, 2, "only the first one has a way");
    cr_assert_eq(f.packets[0].size, 65535);
    capture_expect_sums(&f.packets[0]);
    free(f.text);
    log_finish(log);
}

Test(pcapng, sights_come_in_their_order_and_take_no_more_room_than_is_in_flight)
{
    static struct pcapng_flights flights;
    struct pcapng_sight sight;
    int64_t last = -1;
    pcapng_flights_init(&flights);
    for (uint32_t i = 0; i < 10000; i++) {
        while (pcapng_sight_take(&flights, i, &sight)) {
            cr_assert_leq(last, sight.at);
            last = sight.at;
            pcapng_flight_drop(&flights, sight.flight);
        }
        uint32_t slot = pcapng_flight_add(&flights, i);
        int64_t at = i + i * 7919 % 13;
        pcapng_sight_add(&flights,
                         &(struct pcapng_sight){.at = at, .known_at = at, .flight = slot});
        pcapng_flight_drop(&flights, slot);
        cr_assert(pcapng_flight_find(&flights, i));
    }
    cr_assert_lt(flights.flights.count, 50);
    pcapng_flights_finish(&flights);
}
