#include "export/export.h"

/* The format that Wireshark and others read beside a capture: label, client random, secret. */
bool keys_write(const struct log *log, FILE *out, const struct export_options *options,
                struct problem *problem)
{
    bool has_any = false;
    (void)options;
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_tls_key *key = event_as_tls_key(log_at(log, id));
        if (!key)
            continue;
        has_any = true;
        fprintf(out, "%.*s\n", SLICE_ARG(log_text(log, key->line)));
    }
    return has_any || problem_set(problem, "no connection spoke TLS, so there are no secrets");
}
