/*
 * What people write into .rules and .forward, and what a list makes of any message: the octets up
 * to an empty line are the files, those behind it the message. A rule that reads is one that
 * matches or not; an address that is forwarded to is one; a posting has the list's fields, and is
 * known again.
 */
#include "agents/mail/address.h"
#include "agents/mail/header.h"
#include "agents/mail/posting.h"
#include "agents/mail/redirect.h"
#include "agents/mail/rules.h"
#include "agents/roles/srs.h"
#include "sim/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_files(struct slice file, struct slice header, struct arena *arena)
{
    const struct rules_mail mail = {header, slice_part(file, 0, 64), header.size};
    struct slice line, rest = file, name, members;
    struct rules_rule rule;
    struct redirect r;
    size_t count = 0;
    if (rules_decide(file, &mail, arena, &rule, &line)) {
        check(rule.test_count <= RULES_TESTS_MAX && rule.forward_count <= RULES_FORWARDS_MAX);
        check(line.size <= RULES_LINE_MAX && rules_match(&rule, &mail));
        check(!rule.is_discarded || (!rule.is_kept && rule.forward_count == 0));
    }
    while (redirect_next(&rest, SLICE("bob@example.org"), arena, &r)) {
        struct address address;
        check(address_read_utf8(r.address, &address) && address.domain.size > 0);
        check(++count <= file.size);
    }
    if (redirect_read_alias(file, &name, &members))
        check(name.size + members.size < file.size);
}

static void go_there_and_back(struct slice path, struct arena *arena)
{
    struct slice made = srs_encode(path, SLICE("example.org"), 1, 1740992400, arena), back;
    bool is_ours = made.data != path.data;
    check(!is_ours || srs_decode(made, 1, 1740992400, arena, &back));
    check(!srs_decode(path, 1, 1740992400, arena, &back) || srs_is(path));
}

static void post(struct slice header, struct slice body)
{
    const struct posting posting = {.address = SLICE("class@lists.example.net"),
                                    .tag = SLICE("[class]"),
                                    .footer = SLICE("a footer"),
                                    .rewrites_from = header.size % 2,
                                    .has_owner = true};
    struct slice made, left;
    struct bytes out;
    bytes_init(&out, 64 * (header.size + body.size) + 8192);
    check(posting_write(&posting, header, body, &out));
    header_split(bytes_slice(&out), &made, &left);
    check(posting_has_passed(made, posting.address));
    check(header_count(made, SLICE("List-Id")) == 1 &&
          header_count(made, SLICE("Precedence")) == 1);
    check(slice_find(left, SLICE("a footer"), 0) != SLICE_NONE);
    bytes_finish(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice files, content, header, body;
    struct arena arena;
    arena_init(&arena);
    header_split((struct slice){(const char *)data, size}, &files, &content);
    header_split(content, &header, &body);
    read_files(files, header, &arena);
    go_there_and_back(slice_part(files, 0, slice_find_line_end(files, 0)), &arena);
    post(header, body);
    arena_finish(&arena);
    return 0;
}
