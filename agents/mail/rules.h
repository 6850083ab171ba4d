/*
 * Rules that a person gives the delivery agent for what arrives, one a line: conditions, an arrow,
 * actions. The first rule that matches decides; without one the message is kept.
 *
 *     header X-Spam-Flag contains YES -> fileinto Junk
 *     from contains mallory and not subject is "lunch?" -> discard
 *     subject contains urgent -> forward bea@example.org, keep
 *     size over 100000 -> fileinto Big
 *     -> keep
 *
 *     rule      = [ test *( "and" test ) ] "->" action *( "," action )
 *     test      = [ "not" ] ( field relation value | "header" name "exists"
 *                 | "size" ( "over" | "under" ) octets )
 *     field     = "from" | "to" | "cc" | "subject" | "sender" | "header" name
 *     relation  = "contains" | "is" | "starts" | "ends"
 *     action    = "keep" | "discard" | "fileinto" folder | "forward" address
 *
 * Words with blanks or commas are put in double quotes. Letters compare in any case, against the
 * value as people read it (encoded words decoded); with "is", "from", "to" and "cc" also compare
 * the addresses alone. "sender" is the reverse-path. Who forwards or discards without "keep" or
 * "fileinto" has no copy. A "#" at the start of a line makes it a remark.
 */
#ifndef AGENTS_MAIL_RULES_H
#define AGENTS_MAIL_RULES_H

#include "sim/base/arena.h"
#include "sim/base/problem.h"

enum { RULES_LINE_MAX = 1024, RULES_TESTS_MAX = 8, RULES_FORWARDS_MAX = 8 };

enum rules_relation {
    RULES_CONTAINS,
    RULES_IS,
    RULES_STARTS,
    RULES_ENDS,
    RULES_EXISTS,
    RULES_OVER,
    RULES_UNDER
};

struct rules_test {
    bool is_negated, is_sender, is_size, has_addresses;
    struct slice field; /* name of a header field */
    enum rules_relation relation;
    struct slice value;
    uint64_t octets;
};

struct rules_rule {
    struct rules_test tests[RULES_TESTS_MAX];
    size_t test_count;
    bool is_kept, is_discarded;
    struct slice folder; /* with is_kept: "INBOX" or another */
    struct slice forwards[RULES_FORWARDS_MAX];
    size_t forward_count;
};

/* One line; texts are in the arena. False with the problem set when it is no rule. */
bool rules_read(struct slice line, struct arena *arena, struct rules_rule *rule,
                struct problem *problem);

struct rules_mail {
    struct slice header, reverse_path;
    uint64_t octets; /* of header and body */
};
bool rules_match(const struct rules_rule *rule, const struct rules_mail *mail);

/*
 * The rule that decides among the lines of a file; false when none matches. Lines that are no rule
 * are passed over: mail is not lost because somebody made a slip. *line: the rule as it stands.
 */
bool rules_decide(struct slice file, const struct rules_mail *mail, struct arena *arena,
                  struct rules_rule *rule, struct slice *line);

#endif
