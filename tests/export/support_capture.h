/* A little world whose packets are captured, and a reader of the capture that is not ours to write.
 */
#ifndef TESTS_EXPORT_SUPPORT_CAPTURE_H
#define TESTS_EXPORT_SUPPORT_CAPTURE_H

#include "sim/base/vtime.h"
#include "support_log.h"

#define T(s) support_text(log, s)
#define ADD_FLAGS(us, cause, upper, lower, flags, ...)                                             \
    log_add(log, (us)*VTIME_US, cause, EVENT_##upper, flags, &(struct event_##lower){__VA_ARGS__})
#define ADD(us, cause, upper, lower, ...) ADD_FLAGS(us, cause, upper, lower, 0, __VA_ARGS__)

/* Places and connections of the little world: a, then a gate, then b. */
enum { A = 1, GATE, B, ASKER, SERVER, WALL, CONN = 1, LINK_A = 1, LINK_B };
enum { SYN = EVENT_SEGMENT_SYN, ACK = EVENT_SEGMENT_ACK, BACK = EVENT_SEGMENT_BACK };
enum { CAPTURE_PACKETS_MOST = 32 };

struct packet {
    uint32_t interface;
    uint64_t t, id;
    const unsigned char *octets;
    uint32_t size, flags;
};

struct capture {
    char *text; /* to be freed */
    size_t size;
    int sections, interfaces, names, secrets;
    char interface_names[8][64];
    struct packet packets[CAPTURE_PACKETS_MOST];
    size_t count;
};

/* Two bytes as the network has them. */
uint32_t capture_be16(const unsigned char *at);
/* Writes the log as a capture, of one place or (NULL) as it is by default, and reads it. Every
   block must be as the draft says. */
void capture_read(struct capture *f, const struct log *log, const char *place, bool has_keys);
/* Lengths and checksums are right (RFC 1071). */
void capture_expect_sums(const struct packet *p);

/* Hosts a, gate and b in a row, with these addresses, and a connection from a to b. */
void capture_add_world(struct log *log, const char *a, const char *b, const char *json);
/* Gives the event's id. */
uint32_t capture_add_segment(struct log *log, int64_t us, uint16_t flags, uint32_t seq,
                             const char *data);
void capture_end_world(struct log *log);

#endif
