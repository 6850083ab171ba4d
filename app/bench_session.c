#include "app/bench_session.h"

#include "sim/base/vtime.h"

static const char header[] =
    "Received: from pc-a.example.com (pc-a.example.com [198.51.100.10])\r\n"
    "\tby submit.example.com with ESMTPA id 1;\r\n"
    "\tMon, 3 Mar 2025 09:00:00 +0000\r\n"
    "From: Alice <alice@example.com>\r\nTo: <bob@example.org>\r\n"
    "Subject: A letter of two kilobytes\r\n"
    "Date: Mon, 3 Mar 2025 09:00:00 +0000\r\n"
    "Message-ID: <1.bench@example.com>\r\n\r\n";
#define LINE "A line of a letter that goes from one session to the other, whole.\r\n"
#define LINES LINE LINE LINE LINE LINE
static const char body[] = LINES LINES LINES "...and one that starts with a dot.\r\n" LINES LINES;

struct slice bench_header(void)
{
    return (struct slice){header, sizeof header - 1};
}

struct slice bench_body(void)
{
    return (struct slice){body, sizeof body - 1};
}

static bool carry(struct session *from, struct session *to, bool *is_moving)
{
    struct slice piece = slice_part(session_to_send(from), 0, BENCH_PIECE);
    if (piece.size == 0)
        return true;
    if (!session_feed(to, piece))
        return false;
    session_sent(from, piece.size);
    *is_moving = true;
    return true;
}

bool bench_talk_run(struct bench_talk *talk)
{
    bool is_moving = true;
    while (is_moving) {
        is_moving = false;
        talk->client_turn(talk->context);
        if (!carry(talk->client, talk->server, &is_moving))
            return false;
        talk->server_turn(talk->context);
        if (!carry(talk->server, talk->client, &is_moving))
            return false;
    }
    return true;
}

void bench_messages(FILE *out, const char *name, uint32_t count, int64_t took_ns)
{
    char octets[64];
    double seconds = (double)(took_ns > 0 ? took_ns : 1) / (double)VTIME_S;
    snprintf(octets, sizeof octets, "%s-octets", name);
    bench_line(out, name, count / seconds, "messages/s");
    bench_line(out, octets,
               (double)(bench_header().size + bench_body().size) * count / seconds / 1e6, "MB/s");
}
