/*
 * The Authentication-Results field (RFC 8601): what a server found out about who a message is from,
 * for those behind it who trust that server.
 *
 *     auth_results_begin(&out, SLICE("mx1.example.org"));
 *     auth_results_add(&out, "spf", "pass", SLICE(""), "smtp.mailfrom", SLICE("example.com"));
 *     auth_results_end(&out);
 */
#ifndef AGENTS_PROTO_AUTH_RESULTS_H
#define AGENTS_PROTO_AUTH_RESULTS_H

#include "sim/base/bytes.h"

#define AUTH_RESULTS_NAME "Authentication-Results"

/* Each false when out is full; out is then to be given up. Values of any octets are taken: what no
   token is gets quotes (2.2). */
bool auth_results_begin(struct bytes *out, struct slice server);
/* `comment` "": none. `property` NULL: none. */
bool auth_results_add(struct bytes *out, const char *method, const char *result,
                      struct slice comment, const char *property, struct slice value);
/* One more property of the method that was added last: "header.s". */
bool auth_results_add_property(struct bytes *out, const char *property, struct slice value);
/* `has_results` false: nothing was looked at (2.2, "none"). */
bool auth_results_end(struct bytes *out, bool has_results);

/*
 * Does this field's value claim to come from that server? Such a field that comes from outside is a
 * lie, and must be taken out (5). Comments and quotes around the name are seen through.
 */
bool auth_results_is_from(struct slice value, struct slice server);

#endif
