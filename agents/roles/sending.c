#include "agents/roles/sending.h"

#include "sim/base/vtime.h"

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

void sending_read(struct sending *s, const struct config *config, const char *clear)
{
    *s = (struct sending){
        .user = config_text(config, "next").size ? config_text(config, "next_user") : SLICE(""),
        .password = config_text(config, "next_password"),
        .allows_clear = config_bool(config, clear),
        .chunk_octets = config_bool(config, "chunking") ? SENDING_CHUNK_OCTETS : 0,
        .final_dot_s = config_number(config, "final_dot_timeout") / VTIME_S,
    };
    sending_set_tls(s, config_text(config, "tls"));
    sending_set_mechanism(s, config_text(config, "auth_mechanism"));
}

void sending_read_limits(struct sending_limits *limits, const struct config *config)
{
    *limits = (struct sending_limits){
        .connections_max = (uint32_t)config_number(config, "connections_max"),
        .messages_max = (uint32_t)config_number(config, "messages_max"),
        .keep_open_s = config_number(config, "keep_open") / VTIME_S,
    };
}
