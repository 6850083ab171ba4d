/*
 * Lines of any octets: the first is the author's domain, the second one that was vouched for, the
 * others are what the DNS says, one after the other, to what it is asked. The questions must come
 * to an end, and the result must fit what was found. Each line is also read as the value of an
 * Authentication-Results field.
 */
#include "agents/proto/auth_results.h"
#include "agents/proto/dmarc.h"
#include "sim/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { QUESTIONS_MAX = 32 };

static void answer(struct dmarc *check_, struct slice line)
{
    struct dns_record record = {.type = DNS_TYPE_TXT, .data = line};
    if (line.size == 0)
        dmarc_answer(check_, DMARC_NO_NAME, NULL, 0);
    else if (line.data[0] == '-')
        dmarc_answer(check_, DMARC_NO_ANSWER, NULL, 0);
    else
        dmarc_answer(check_, DMARC_ANSWERED, &record, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = {(const char *)data, size}, author = {"", 0}, domain = {"", 0}, line;
    struct dmarc_question question;
    (void)slice_cut(&rest, '\n', &author);
    (void)slice_cut(&rest, '\n', &domain);
    struct dmarc *d = dmarc_create(&(struct dmarc_options){
        .author = author, .spf_domain = domain, .dkim_domains = &domain, .dkim_count = 1});
    for (int asked = 0; dmarc_next(d, &question); asked++) {
        check(asked < QUESTIONS_MAX && question.name.size > 0);
        if (!slice_cut(&rest, '\n', &line))
            line = SLICE("");
        (void)auth_results_is_from(line, author);
        answer(d, line);
    }
    check((dmarc_result(d) == DMARC_PASS) == (dmarc_aligned(d).size > 0));
    check(dmarc_result(d) != DMARC_FAIL || dmarc_domain(d).size > 0);
    dmarc_destroy(d);
    return 0;
}
