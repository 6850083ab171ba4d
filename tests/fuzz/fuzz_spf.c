/*
 * SPF records of any octets, the first line for the domain, each further one an answer to whatever
 * is asked next: a text, or the octets of an address. The check ends, after a bounded number of
 * questions (RFC 7208 4.6.4), with one of the seven results.
 */
#include "agents/proto/spf.h"

#include "sim/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void give(struct spf *spf, const struct spf_question *q, struct slice line)
{
    struct dns_record record = {.type = q->type, .target = line, .data = line};
    bool is_address = q->type == DNS_TYPE_A || q->type == DNS_TYPE_AAAA;
    size_t octets = q->type == DNS_TYPE_A ? 4 : 16;
    if (is_address)
        record.data = slice_part(line, 0, octets);
    if (line.size == 0 || (is_address && line.size < octets))
        spf_answer(spf, line.size == 0 ? SPF_NO_NAME : SPF_NO_ANSWER, NULL, 0);
    else
        spf_answer(spf, SPF_ANSWERED, &record, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { QUESTIONS_MAX = 140 };
    struct slice line, rest = {(const char *)data, size};
    struct spf_question q;
    int questions = 0;
    struct spf_options options = {.address = {192, 0, 2, 1},
                                  .is_ipv6 = size & 1,
                                  .sender = SLICE("a+b@sub.example.com"),
                                  .helo = SLICE("mx.example.com")};
    struct spf *spf = spf_create(&options);
    while (spf_next(spf, &q)) {
        check(q.name.size > 0 && q.name.size < DNS_NAME_MAX && ++questions < QUESTIONS_MAX);
        line = SLICE("");
        (void)slice_cut(&rest, '\n', &line);
        give(spf, &q, line);
    }
    check(spf_result_name(spf_result(spf))[0] != '\0');
    spf_destroy(spf);
    return 0;
}
