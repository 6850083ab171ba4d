#include "topologies/topology.h"

#include <criterion/criterion.h>

#include "tests/topologies/support_small.h"

/* The small topology with `from` made into `to`, and the line that a person then gets to read. */
struct change {
    const char *from, *to, *line;
};

static void expect_problems(const struct change *changes, size_t count)
{
    struct arena arena;
    char line[PROBLEM_LINE];
    arena_init(&arena);
    cr_expect_str_eq(support_problem(slice_of(support_small), line), "", "%s", line);
    for (size_t i = 0; i < count; i++) {
        struct slice json = support_changed(&arena, changes[i].from, changes[i].to);
        support_problem(json, line);
        cr_expect_str_eq(line, changes[i].line, "%s ->\n  %s\nnot\n  %s", changes[i].to, line,
                         changes[i].line);
    }
    arena_finish(&arena);
}

#define EXPECT_PROBLEMS(changes) expect_problems(changes, sizeof changes / sizeof *changes)

Test(load_problems, broken_json_is_shown_where_it_breaks)
{
    static const struct change changes[] = {
        {"\"title\": \"T\",", "\"title\": \"T\"",
         "t.json:4:3: broken JSON: expected \",\" or \"}\", found '\"'"},
        {"\"format\": 1,", "\"format\": 1,,",
         "t.json:2:15: broken JSON: expected a key in quotes after \",\", found \",\""},
        {"\"title\": \"T\"", "\"title\": 'T'",
         "t.json:3:12: broken JSON: expected a value, found \"'\""},
        {"\"x\": 1,", "\"x\": 01,",
         "t.json:6:92: broken JSON: expected a number without leading zeros, found \"1\""},
        {"\"title\": \"T\"", "\"title\": \"T\001\"",
         "t.json:3:14: broken JSON: expected no line end or control character inside a text "
         "(write \\n), found octet 01"},
        {"\"title\": \"T\"", "\"title\": \"\\q\"",
         "t.json:3:13: broken JSON: expected one of the escapes \\\" \\\\ \\/ \\b \\f \\n \\r "
         "\\t \\uXXXX, found \"\\\""},
        {"\n}\n", "\n} x\n", "t.json:24:3: broken JSON: expected the end of the file, found \"x\""},
        {"}]\n}\n", "}]\n",
         "t.json:24:1: broken JSON: expected \",\" or \"}\", found the end of the file"},
    };
    EXPECT_PROBLEMS(changes);
}

Test(load_problems, unknown_missing_and_doubled_keys_are_named)
{
    static const struct change changes[] = {
        {"\"addr\": \"198.51.100.10\"", "\"adr\": \"198.51.100.10\"",
         "t.json:6:44: unknown key \"adr\" (hosts[0].adr), expected one of id, name, addr, admd, "
         "resolver, behind, x, y, zone, skew_s, agents; did you mean \"addr\"?"},
        {"\"latency_ms\"", "\"latncy\"",
         "t.json:14:37: unknown key \"latncy\" (links[0].latncy), expected one of a, b, "
         "latency_ms, jitter_ms, kbps, loss_percent, up; did you mean \"latency_ms\"?"},
        {"\"format\": 1,", "\"format\": 1, \"colour\": \"red\",",
         "t.json:2:16: unknown key \"colour\" (colour), expected one of $schema, format, id, "
         "title, look, admds, hosts, links, dns, users, faults, demo"},
        {"\"outgoing\": \"mx1\"", "\"outgoin\": \"mx1\"",
         "t.json:7:73: unknown key \"outgoin\" (hosts[0].agents[0].config.outgoin), expected one "
         "of user, outgoing, outgoing_by, port, tls, auth, auth_mechanism, auth_clear, chunking, "
         "notify, return, outbox, sent_folder, incoming, incoming_protocol, incoming_port, "
         "incoming_tls, incoming_auth, incoming_pipelining, pop_delete, pop_keep, idle, "
         "check_every; did you mean \"outgoing\"?"},
        {"{\"role\": \"mda\"}", "{\"role\": \"mda\", \"config\": {\"retry\": \"classroom\"}}",
         "t.json:10:44: unknown key \"retry\" (hosts[1].agents[1].config.retry), "
         "expected one of via, size_max, check_delivered_to, over_quota, starttls, without"},
        {"\"args\": {\"rcpt\"", "\"args\": {\"rcp\"",
         "t.json:19:89: unknown key \"rcp\" (faults[0].args.rcp), expected one of rcpt, code, "
         "esc; did you mean \"rcpt\"?"},
        {"\"target\": \"mx1:pc\"", "\"target\": \"mx1:pc\", \"args\": {\"code\": 550}",
         "t.json:20:91: unknown key \"code\" (faults[1].args.code), expected extra_ms"},
        {"\"target\": \"names\"", "\"target\": \"names\", \"args\": {\"code\": 550}",
         "t.json:21:91: unknown key \"code\" (faults[2].args.code), expected no keys here"},
        {"\"title\": \"T\",", "\"title\": \"T\", \"title\": \"U\",",
         "t.json:3:17: key \"title\" twice in one object (title)"},
        {"\"port\": 587", "\"port\": 587, \"port\": 25",
         "t.json:7:105: key \"port\" twice in one object (hosts[0].agents[0].config.port)"},
        {"\"name\": \"mx1.example.com\", ", "",
         "t.json:8:5: missing key \"name\" (hosts[1]), expected a full DNS name such as "
         "mx1.example.org"},
        {"  \"format\": 1,\n", "",
         "t.json:1:1: missing key \"format\" (the top level), expected the number 1"},
        {"{\"role\": \"mda\"}", "{}",
         "t.json:10:17: missing key \"role\" (hosts[1].agents[1]), expected the name of a role, "
         "such as mta"},
        {"\"user\": \"alice@example.com\", ", "",
         "t.json:7:43: missing setting \"user\" of a mua (hosts[0].agents[0].config), expected "
         "the address of the user it works for"},
    };
    EXPECT_PROBLEMS(changes);
}

Test(load_problems, a_wrong_type_says_what_was_expected)
{
    static const struct change changes[] = {
        {"\"addr\": \"198.51.100.10\"", "\"addr\": 10",
         "t.json:6:52: wrong type: number (hosts[0].addr), expected the IPv4 address of a host, "
         "such as 198.51.100.10"},
        {"\"format\": 1", "\"format\": \"1\"",
         "t.json:2:13: wrong type: text (format), expected the number 1"},
        {"\"latency_ms\": 0.3", "\"latency_ms\": \"fast\"",
         "t.json:14:51: wrong type: text (links[0].latency_ms), expected a number from 0 to "
         "3600000 with at most 3 decimals"},
        {"\"local\": [\"example.com\"]", "\"local\": \"example.com\"",
         "t.json:9:75: wrong type: text (hosts[1].agents[0].config.local), expected a list of "
         "texts"},
        {"\"local\": [\"example.com\"]", "\"local\": [25]",
         "t.json:9:76: wrong type: number (hosts[1].agents[0].config.local[0]), expected a text"},
        {"\"port\": 587", "\"port\": true",
         "t.json:7:100: wrong type: true or false (hosts[0].agents[0].config.port), expected a "
         "whole number from 1 to 65535"},
        {"{\"role\": \"store\"}", "\"store\"",
         "t.json:10:34: wrong type: text (hosts[1].agents[2]), expected an object { ... }"},
        {"\"users\": [\"alice@example.com\",", "\"users\": [null,",
         "t.json:18:13: wrong type: null (users[0]), expected a text or an object { ... }"},
        {"\"config\": {\"user\"", "\"config\": [], \"config\": {\"user\"",
         "t.json:7:43: wrong type: list (hosts[0].agents[0].config), expected an object { ... }"},
        {"\"at\": \"1min\"", "\"at\": {}",
         "t.json:23:19: wrong type: object (demo[0].at), expected seconds or a text such as "
         "\"30min\", from 0 to 31536000 s"},
    };
    EXPECT_PROBLEMS(changes);
}

Test(load_problems, numbers_have_limits)
{
    static const struct change changes[] = {
        {"\"port\": 587", "\"port\": 70000",
         "t.json:7:100: number out of range: 70000 (hosts[0].agents[0].config.port), expected a "
         "whole number from 1 to 65535"},
        {"\"port\": 587", "\"port\": 1.5",
         "t.json:7:100: not a whole number: 1.5 (hosts[0].agents[0].config.port), expected a "
         "whole number from 1 to 65535"},
        {"\"port\": 587", "\"port\": 1e999",
         "t.json:7:100: number out of range: 1e999 (hosts[0].agents[0].config.port), expected a "
         "whole number from 1 to 65535"},
        {"[25, 2525]", "[25, 0]",
         "t.json:9:48: number out of range: 0 (hosts[1].agents[0].listen[1]), expected a whole "
         "number from 1 to 65535"},
        {"[25, 2525]", "[1,2,3,4,5,6,7,8,9]",
         "t.json:9:60: too many items (hosts[1].agents[0].listen[8]), expected at most 8"},
        {"\"x\": 1,", "\"x\": -1,",
         "t.json:6:91: number out of range: -1 (hosts[0].x), expected a whole number from 0 to "
         "1000"},
        {"\"loss_percent\": 2.5", "\"loss_percent\": 100.5",
         "t.json:14:72: number out of range: 100.5 (links[0].loss_percent), expected a number "
         "from 0 to 100 with at most 4 decimals"},
        {"\"latency_ms\": 0.3", "\"latency_ms\": 0.0003",
         "t.json:14:51: too many decimals: 0.0003 (links[0].latency_ms), expected a number from "
         "0 to 3600000 with at most 3 decimals"},
        {"\"format\": 1", "\"format\": 2",
         "t.json:2:13: number out of range: 2 (format), expected the number 1"},
        {"\"pref\": 10", "\"pref\": 65536",
         "t.json:16:57: number out of range: 65536 (dns[0].pref), expected a whole number from 0 "
         "to 65535"},
        {"\"at\": \"1min\"", "\"at\": -1",
         "t.json:23:19: number out of range: -1 (demo[0].at), expected seconds or a text such as "
         "\"30min\", from 0 to 31536000 s"},
        {"\"at\": \"1min\"", "\"at\": \"2000d\"",
         "t.json:23:19: duration out of range: \"2000d\" (demo[0].at), expected seconds or a "
         "text such as \"30min\", from 0 to 31536000 s"},
        {"\"title\": \"T\"", "\"title\": \"\"",
         "t.json:3:12: empty text (title), expected a text of 1 to 100 octets without control "
         "characters"},
    };
    EXPECT_PROBLEMS(changes);
}

Test(load_problems, an_unknown_name_comes_with_the_nearest_valid_one)
{
    static const struct change changes[] = {
        {"\"b\": \"mx1\", \"lat", "\"b\": \"mx2\", \"lat",
         "t.json:14:30: unknown host \"mx2\" (links[0].b), expected the id of a host; did you "
         "mean \"mx1\"?"},
        {"\"b\": \"ns\"}", "\"b\": \"elsewhere\"}",
         "t.json:15:31: unknown host \"elsewhere\" (links[1].b), expected the id of a host"},
        {"\"admd\": \"aster\"", "\"admd\": \"astre\"",
         "t.json:6:77: unknown admd \"astre\" (hosts[0].admd), expected an id of \"admds\"; did "
         "you mean \"aster\"?"},
        {"\"role\": \"mta\"", "\"role\": \"mtaa\"",
         "t.json:9:26: unknown role \"mtaa\" (hosts[1].agents[0].role), expected one of mua, "
         "msa, mta, mda, store, access, dns, resolver, robot, mra, web, browser, list, vacation, "
         "filter, firewall, tap, middlebox, knocker, console; did you mean \"mta\"?"},
        {"\"user\": \"alice@example.com\"", "\"user\": \"alise@example.com\"",
         "t.json:7:52: unknown user \"alise@example.com\" (hosts[0].agents[0].config.user), "
         "expected an address of \"users\"; did you mean \"alice@example.com\"?"},
        {"\"outgoing\": \"mx1\"", "\"outgoing\": \"mx1.exampel.com\"",
         "t.json:7:85: unknown host \"mx1.exampel.com\" (hosts[0].agents[0].config.outgoing), "
         "expected the id or DNS name of a host; did you mean \"mx1.example.com\"?"},
        {"\"kind\": \"host-down\"", "\"kind\": \"hostdown\"",
         "t.json:22:49: unknown kind \"hostdown\" (faults[3].kind), expected one of host-down, "
         "host-crash, file-crash, disk-full, clock-skew, agent-down, link-cut, link-slow, "
         "link-lossy, line-busy, dns-silent, dns-servfail, dns-false, reject, mailbox-full, "
         "reply, slow, cut, cert-expired, cert-wrong-name, cert-untrusted, mailbox-gone, "
         "user-gone, forward, uidvalidity-change, setting; "
         "did you mean \"host-down\"?"},
        {"\"kind\": \"host-down\", \"target\": \"mx1\"",
         "\"kind\": \"host-down\", \"target\": \"mta-mx1\"",
         "t.json:22:72: unknown host \"mta-mx1\" (faults[3].target), expected the id of a host"},
        {"\"target\": \"mx1:pc\"", "\"target\": \"pc:ns\"",
         "t.json:20:72: unknown link \"pc:ns\" (faults[1].target), expected two hosts with a "
         "link between them, as a:b"},
        {"\"target\": \"names\"", "\"target\": \"name\"",
         "t.json:21:73: unknown agent \"name\" (faults[2].target), expected the id of an agent "
         "of role dns or resolver; did you mean \"names\"?"},
        {"\"target\": \"mta-mx1\"", "\"target\": \"mta-mx2\"",
         "t.json:19:69: unknown agent \"mta-mx2\" (faults[0].target), expected the id of an "
         "agent of role msa, mta or mda; did you mean \"mta-mx1\"?"},
        {"\"rcpt\": \"alice@example.com\"", "\"rcpt\": \"alice@example.org\"",
         "t.json:19:97: unknown user \"alice@example.org\" (faults[0].args.rcpt), expected an "
         "address of \"users\"; did you mean \"alice@example.com\"?"},
        {"\"type\": \"MX\"", "\"type\": \"MXX\"",
         "t.json:16:43: unknown type \"MXX\" (dns[0].type), expected one of A, AAAA, MX, CNAME, "
         "TXT, NS, PTR, SOA, SRV; did you mean \"MX\"?"},
        {"{\"role\": \"store\"}", "{\"role\": \"store\", \"config\": {\"format\": \"mdir\"}}",
         "t.json:10:73: unknown format \"mdir\" (hosts[1].agents[2].config.format), expected "
         "one of maildir, mbox"},
        {"\"amir@example.com\"", "\"amir@exmaple.com\"",
         "t.json:18:46: unknown domain \"exmaple.com\" (users[1].address), expected one that an "
         "mta has in \"local\"; did you mean \"example.com\"?"},
    };
    EXPECT_PROBLEMS(changes);
}

Test(load_problems, ids_names_addresses_ports_and_links_come_once)
{
    static const struct change changes[] = {
        {"\"id\": \"ns\"", "\"id\": \"pc\"",
         "t.json:11:12: duplicate id \"pc\", already that of host \"pc\" (hosts[2].id), expected "
         "one that is not taken"},
        {"\"id\": \"names\"", "\"id\": \"mx1\"",
         "t.json:12:24: duplicate id \"mx1\", already that of a host (hosts[2].agents[0].id), "
         "expected one that is not taken"},
        {"{\"role\": \"mda\"}", "{\"role\": \"mta\", \"listen\": []}",
         "t.json:10:17: duplicate id \"mta-mx1\", already that of another agent "
         "(hosts[1].agents[1]), expected one that is not taken"},
        {"\"name\": \"ns.example.net\"", "\"name\": \"MX1.example.com\"",
         "t.json:11:26: duplicate name \"MX1.example.com\", already that of host \"mx1\" "
         "(hosts[2].name), expected one that is not taken"},
        {"\"addr\": \"192.0.2.53\"", "\"addr\": \"198.51.100.25\"",
         "t.json:11:52: duplicate address \"198.51.100.25\", already that of host \"mx1\" "
         "(hosts[2].addr), expected one that is not taken"},
        {"\"id\": \"f2\"", "\"id\": \"f1\"",
         "t.json:20:21: duplicate id \"f1\", already that of another fault (faults[1].id), "
         "expected one that is not taken"},
        {"{\"id\": \"aster\", \"name\": \"Aster\"}",
         "{\"id\": \"aster\", \"name\": \"A\"}, {\"id\": \"aster\", \"name\": \"B\"}",
         "t.json:4:50: duplicate id \"aster\", already that of another admd (admds[1].id), "
         "expected one that is not taken"},
        {"\"amir@example.com\"", "\"Alice@Example.com\"",
         "t.json:18:46: duplicate user \"Alice@Example.com\", already that of another user "
         "(users[1].address), expected one that is not taken"},
        {"[25, 2525]", "[25, 25]",
         "t.json:9:48: port 25 twice on host \"mx1\", already that of \"mta-mx1\" "
         "(hosts[1].agents[0].listen[1]), expected one listener a port"},
        {"{\"role\": \"access\"}", "{\"role\": \"access\", \"listen\": [110, 2525]}",
         "t.json:10:88: port 2525 twice on host \"mx1\", already that of \"mta-mx1\" "
         "(hosts[1].agents[3].listen[1]), expected one listener a port"},
        {"[25, 2525]", "[25, 110]",
         "t.json:10:53: port 110 twice on host \"mx1\", already that of \"mta-mx1\" "
         "(hosts[1].agents[3]), expected one listener a port"},
        {"{\"a\": \"mx1\", \"b\": \"ns\"}", "{\"a\": \"mx1\", \"b\": \"mx1\"}",
         "t.json:15:31: link of \"mx1\" to itself (links[1].b), expected another host"},
        {"{\"a\": \"mx1\", \"b\": \"ns\"}", "{\"a\": \"mx1\", \"b\": \"pc\"}",
         "t.json:15:13: second link between \"mx1\" and \"pc\" (links[1]), expected one link "
         "between two hosts"},
    };
    EXPECT_PROBLEMS(changes);
}

static const struct change bad_texts[] = {
    {"\"addr\": \"198.51.100.10\"", "\"addr\": \"198.51.100.300\"",
     "t.json:6:52: bad address \"198.51.100.300\" (hosts[0].addr), expected the IPv4 address "
     "of a host, such as 198.51.100.10"},
    {"\"addr\": \"198.51.100.10\"", "\"addr\": \"127.0.0.1\"",
     "t.json:6:52: bad address \"127.0.0.1\" (hosts[0].addr), expected the IPv4 address of a "
     "host, such as 198.51.100.10"},
    {"\"id\": \"pc\"", "\"id\": \"my pc\"",
     "t.json:6:12: bad id \"my pc\" (hosts[0].id), expected an id: at most 64 letters, "
     "digits, \"-\" and \"_\""},
    {"\"name\": \"pc.example.com\"", "\"name\": \"pc\"",
     "t.json:6:26: bad name \"pc\" (hosts[0].name), expected a full DNS name such as "
     "mx1.example.org"},
    {"\"name\": \"pc.example.com\"", "\"name\": \"-pc.example.com\"",
     "t.json:6:26: bad name \"-pc.example.com\" (hosts[0].name), expected a full DNS name "
     "such as mx1.example.org"},
    {"\"users\": [\"alice@", "\"users\": [\"alice",
     "t.json:18:13: bad address \"aliceexample.com\" (users[0]), expected a mail address "
     "such as alice@example.com"},
    {" \"y\": 2,", "", "t.json:6:86: \"x\" without \"y\" (hosts[0].x), expected both or neither"},
    {"{\"role\": \"mda\"}", "{\"role\": \"mda\", \"listen\": [24]}",
     "t.json:10:33: role mda does not listen with these settings (hosts[1].agents[1].listen), "
     "expected no ports"},
    {"198.51.100.0/24", "198.51.100.0/33",
     "t.json:9:107: bad network \"198.51.100.0/33\" "
     "(hosts[1].agents[0].config.relay_from[0]), expected a network such as 198.51.100.0/24, "
     "no bits set behind its prefix"},
    {"198.51.100.0/24", "198.51.100.7/24",
     "t.json:9:107: bad network \"198.51.100.7/24\" "
     "(hosts[1].agents[0].config.relay_from[0]), expected a network such as 198.51.100.0/24, "
     "no bits set behind its prefix"},
    {"\"local\": [\"example.com\"]", "\"local\": [\"example.com\"], \"routes\": [\"example.org\"]",
     "t.json:9:103: bad route \"example.org\" (hosts[1].agents[0].config.routes[0]), expected "
     "a "
     "domain and where its mail goes, such as example.org mx2:2525, lmtp:store, local, mx or "
     "error 5.1.2 text"},
    {"\"local\": [\"example.com\"]",
     "\"local\": [\"example.com\"], \"routes\": [\"* mx\", \"example.org lmtp:mx7\"]",
     "t.json:9:111: unknown host \"mx7\" (hosts[1].agents[0].config.routes[1]), expected the "
     "id "
     "or DNS name of a host; did you mean \"mx1\"?"},
    {"\"local\": [\"example.com\"]", "\"local\": [\"example.com\"], \"delivery\": \"lmtp\"",
     "t.json:9:104: bad delivery \"lmtp\" (hosts[1].agents[0].config.delivery), expected pipe "
     "or lmtp:HOST"},
    {"\"local\": [\"example.com\"]", "\"local\": [\"example..com\"]",
     "t.json:9:76: bad domain \"example..com\" (hosts[1].agents[0].config.local[0]), "
     "expected a DNS name such as example.com"},
    {"\"args\": {\"rcpt\": \"alice@example.com\"}", "\"args\": {\"code\": 450, \"esc\": \"5.1.1\"}",
     "t.json:19:109: bad status code \"5.1.1\" (faults[0].args.esc), expected one of the "
     "class of reply 450, such as 4.1.1"},
    {"\"args\": {\"rcpt\": \"alice@example.com\"}", "\"args\": {\"esc\": \"5.1\"}",
     "t.json:19:96: bad text \"5.1\" (faults[0].args.esc), expected a status code such as "
     "5.1.1"},
    {"\"title\": \"T\"", "\"title\": \"T\\u001b[31m\"",
     "t.json:3:12: bad text \"T?[31m\" (title), expected a text of 1 to 100 octets without "
     "control characters"},
    {"\"at\": \"1min\"", "\"at\": \"soon\"",
     "t.json:23:19: bad duration \"soon\" (demo[0].at), expected seconds or a text such as "
     "\"30min\", from 0 to 31536000 s"},
    {"\"fetch by=pc\"", "\"\"",
     "t.json:23:33: empty text (demo[0].do), expected an action such as: "
     "fetch by=pc-bob"},
    {"\"fetch by=pc\"", "\"fetsh by=pc\"",
     "t.json:23:33: unknown action \"fetsh\"; did you mean \"fetch\"? (demo[0].do)"},
};

Test(load_problems, texts_are_checked_for_what_they_stand_for)
{
    EXPECT_PROBLEMS(bad_texts);
}

Test(load_problems, records_point_at_names_that_have_addresses)
{
    static const struct change changes[] = {
        {"\"data\": \"mx1.example.com\"}", "\"data\": \"mx2.example.com\"}",
         "t.json:16:69: target \"mx2.example.com\" has no address record (dns[0].data), expected "
         "a name that has an address; did you mean \"mx1.example.com\"?"},
        {"\"type\": \"CNAME\", \"data\": \"mx1.example.com\"",
         "\"type\": \"CNAME\", \"data\": \"web.example.com\"",
         "t.json:17:64: target \"web.example.com\" has no record (dns[1].data), expected a name "
         "that has an address; did you mean \"pc.example.com\"?"},
        {"\"type\": \"CNAME\", \"data\": \"mx1.example.com\"",
         "\"type\": \"NS\", \"data\": \"ns2.example.com\"",
         "t.json:17:61: target \"ns2.example.com\" has no address record (dns[1].data), expected "
         "a name that has an address; did you mean \"pc.example.com\"?"},
        {"\"type\": \"CNAME\", \"data\": \"mx1.example.com\"",
         "\"type\": \"A\", \"data\": \"203.0.113\"",
         "t.json:17:60: bad data \"203.0.113\" of a record of type A (dns[1].data), expected an "
         "IPv4 address such as 203.0.113.25"},
        {"\"type\": \"CNAME\", \"data\": \"mx1.example.com\"",
         "\"type\": \"A\", \"pref\": 1, \"data\": \"203.0.113.1\"",
         "t.json:17:52: \"pref\" in a record of type A (dns[1].pref), expected it with MX and "
         "SRV only"},
        {"\"name\": \"www.example.com\"", "\"name\": \"example.com\"",
         "t.json:17:11: \"example.com\" has a CNAME and other records (dns[1]), expected the "
         "CNAME to be alone (RFC 1034 3.6.2)"},
        {"\"name\": \"example.com\", \"type\"", "\"name\": \"exa mple.com\", \"type\"",
         "t.json:16:20: bad name \"exa mple.com\" (dns[0].name), expected a DNS name such as "
         "example.com"},
        {"\"data\": \"mx1.example.com\"}", "\"data\": \"www.example.com\"}",
         "t.json:16:69: target \"www.example.com\" is an alias (dns[0].data), expected a name "
         "that has an address; did you mean \"pc.example.com\"?"},
    };
    EXPECT_PROBLEMS(changes);
}

Test(load_problems, whole_files_that_are_no_topology)
{
    static const struct {
        struct slice json;
        const char *line;
    } files[] = {
        {{"", sizeof "" - 1},
         "t.json:1:1: broken JSON: expected a value, found the end of the file"},
        {{"{\"format\": 1, \"hosts\": []}", sizeof "{\"format\": 1, \"hosts\": []}" - 1},
         "t.json:1:24: no hosts (hosts), expected at least one"},
        {{"[]", sizeof "[]" - 1},
         "t.json:1:1: wrong type: list (the top level), expected an object { ... }"},
        {{"{\"format\": 1}", sizeof "{\"format\": 1}" - 1},
         "t.json:1:1: missing key \"hosts\" (the top level), expected a list of at most 20000 "
         "items"},
        {{"{\"format\": \"\xFF\"}", sizeof "{\"format\": \"\xFF\"}" - 1},
         "t.json:1:13: broken JSON: expected UTF-8 text, found octet FF"},
        {{"\xEF\xBB\xBF{\"\xC3\xA9\": 1}", sizeof "\xEF\xBB\xBF{\"\xC3\xA9\": 1}" - 1},
         "t.json:1:2: unknown key \"é\" (é), expected one of $schema, format, id, title, look, "
         "admds, hosts, links, dns, users, faults, demo"},
    };
    char line[PROBLEM_LINE];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        cr_expect_str_eq(support_problem(files[i].json, line), files[i].line, "%s", line);
}
