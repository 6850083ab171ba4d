/* mailflow bench: the structure of a message, against the fastest that its octets can be read. */
#include <string.h>

#include "agents/mail/mime.h"
#include "app/bench.h"
#include "sim/base/vtime.h"

enum { PARTS = 20, LINES = 5000, ROUNDS = 20, SMALL_ROUNDS = 200000, OCTETS = 16 << 20 };

/* Twenty attachments in base64: 8 MB in lines of 76. */
static void write_large(struct bytes *out)
{
    bytes_append(out, SLICE("From: alice@example.com\r\nMIME-Version: 1.0\r\n"
                            "Content-Type: multipart/mixed; boundary=\"=_bench\"\r\n\r\n"));
    for (int part = 0; part < PARTS; part++) {
        bytes_append(out, SLICE("--=_bench\r\nContent-Type: image/png\r\n"
                                "Content-Transfer-Encoding: base64\r\n\r\n"));
        for (int line = 0; line < LINES; line++)
            bytes_append(out, SLICE("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
                                    "YPhfDwAChwGA\r\n"));
        bytes_append(out, SLICE("\r\n"));
    }
    bytes_append(out, SLICE("--=_bench--\r\n"));
}

/* Octets a second, so many times. */
static double parse_rate(struct slice content, int rounds)
{
    struct mime mime;
    mime_read(&mime, content);
    int64_t start = bench_now_ns();
    for (int i = 0; i < rounds; i++)
        mime_reread(&mime, content);
    int64_t took = bench_now_ns() - start;
    mime_finish(&mime);
    return (double)content.size * rounds * (double)VTIME_S / (double)(took > 0 ? took : 1);
}

/* memchr for an octet that is not there. */
static double memchr_rate(struct slice content)
{
    volatile bool is_found = false; /* or the compiler leaves the search out */
    int64_t start = bench_now_ns();
    for (int i = 0; i < ROUNDS; i++)
        is_found = is_found || memchr(content.data, '\1' + is_found, content.size) != NULL;
    int64_t took = bench_now_ns() - start;
    return (double)content.size * ROUNDS * (double)VTIME_S / (double)(took > 0 ? took : 1);
}

bool bench_mime(FILE *out, struct problem *problem)
{
    static const char small[] =
        "From: Alice <alice@example.com>\r\nTo: bob@example.org\r\nSubject: Hello\r\n"
        "Date: Mon, 3 Mar 2025 09:00:00 +0000\r\nMessage-ID: <1@example.com>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello Bob\r\n"
        "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hello Bob\r\n--b--\r\n";
    struct bytes large;
    (void)problem;
    bytes_init(&large, OCTETS);
    write_large(&large);
    double rate = parse_rate(bytes_slice(&large), ROUNDS);
    bench_line(out, "mime_parse", rate / 1e6, "MB/s");
    bench_line(out, "mime_parse-of-memchr", rate / memchr_rate(bytes_slice(&large)), "ratio");
    bench_line(out, "mime_parse-small",
               parse_rate(SLICE(small), SMALL_ROUNDS) / (double)(sizeof small - 1), "messages/s");
    bytes_finish(&large);
    return true;
}
