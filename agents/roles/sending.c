#include "agents/roles/sending.h"

void sending_set_tls(struct sending *s, struct slice word)
{
    s->verifies = slice_equal(word, SLICE("verify"));
    s->is_tls_first = slice_equal(word, SLICE("implicit"));
    if (slice_equal(word, SLICE("if-offered")))
        s->tls = SESSION_TLS_POLICY_IF_OFFERED;
    else if (s->verifies || slice_equal(word, SLICE("required")))
        s->tls = SESSION_TLS_POLICY_REQUIRED;
    else
        s->tls = SESSION_TLS_POLICY_NEVER;
}

void sending_set_mechanism(struct sending *s, struct slice word)
{
    s->mechanism = sasl_find(word); /* "auto" is none of them */
}
