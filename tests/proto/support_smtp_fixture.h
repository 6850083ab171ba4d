/*
 * A server session with its role, and a way to speak to it command by command.
 */
#ifndef TESTS_PROTO_SUPPORT_SMTP_FIXTURE_H
#define TESTS_PROTO_SUPPORT_SMTP_FIXTURE_H

#include "support_smtp.h"

struct smtp_fixture {
    struct smtp_server s;
    struct smtp_role role;
    struct bytes out;
};

/* Every extension is offered. */
extern const struct smtp_server_options smtp_fixture_everything;

/* Greets; the greeting is not in `out`. */
void smtp_fixture_start(struct smtp_fixture *f, const struct smtp_server_options *options);
void smtp_fixture_finish(struct smtp_fixture *f);
/* Feeds text; what it leads to is in out, until the next call. */
struct slice smtp_fixture_tell(struct smtp_fixture *f, struct slice text);
#define TELL(f, literal) smtp_fixture_tell(f, SLICE(literal))
/* The shortest way there. */
void smtp_fixture_go_to(struct smtp_fixture *f, enum smtp_state state);
/* The code that the reply begins with; 0: none. */
int smtp_fixture_code(struct slice out);

#endif
