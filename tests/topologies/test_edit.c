/* A topology file that is edited: only what is meant changes, and what is added looks as it should.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/random.h"
#include "topologies/edit.h"

static struct edit_document open_shipped(const char *name)
{
    struct edit_document doc;
    struct problem problem = {0};
    char path[512], text[PROBLEM_LINE];
    static char file[1 << 20];
    snprintf(path, sizeof path, SOURCE_DIR "/topologies/%s.json", name);
    FILE *in = fopen(path, "rb");
    cr_assert(in != NULL, "%s", path);
    size_t size = fread(file, 1, sizeof file, in);
    fclose(in);
    cr_assert(edit_open(&doc, (struct slice){file, size}, path, &problem), "%s",
              problem_line(&problem, text));
    return doc;
}

static struct edit_document open_text(const char *text)
{
    struct edit_document doc;
    struct problem problem = {0};
    cr_assert(edit_open(&doc, slice_of(text), "test.json", &problem), "%s", problem.what);
    return doc;
}

static void apply(struct edit_document *doc, const char *line)
{
    struct problem problem = {0};
    cr_assert(edit_apply(doc, slice_of(line), &problem), "%s: %s", line, problem.what);
}

static void expect_text(const struct edit_document *doc, const char *expected)
{
    struct slice text = edit_text(doc);
    cr_expect(slice_equal(text, slice_of(expected)), "expected:\n%s\nfound:\n%.*s", expected,
              SLICE_ARG(text));
}

static bool has(const struct edit_document *doc, const char *text)
{
    return slice_find(edit_text(doc), slice_of(text), 0) != SLICE_NONE;
}

/* Odd on purpose: blanks, blank lines, an order of its own. */
static const char *const odd =
    "{ \"format\" : 1,\n"
    "\n"
    "  \"hosts\": [\n"
    "    {\"name\": \"a.test\",  \"id\": \"a\", \"addr\": \"192.0.2.1\"},\n"
    "\n"
    "    { \"id\": \"b\", \"name\": \"b.test\", \"addr\": \"192.0.2.2\" }\n"
    "  ],\n"
    "  \"title\": \"Odd\" }\n";

Test(edit, a_file_that_nobody_edits_stays_as_it_is)
{
    struct edit_document doc = open_text(odd);
    expect_text(&doc, odd);
    apply(&doc, "fetch by=pc-bob");
    apply(&doc, "fault mx1-down on");
    expect_text(&doc, odd);
    edit_close(&doc);
}

Test(edit, a_host_is_added_behind_the_others_and_the_rest_stays_octet_for_octet)
{
    struct edit_document doc = open_text(odd);
    apply(&doc, "host add c name=c.test addr=192.0.2.3 x=10 y=20");
    expect_text(&doc,
                "{ \"format\" : 1,\n"
                "\n"
                "  \"hosts\": [\n"
                "    {\"name\": \"a.test\",  \"id\": \"a\", \"addr\": \"192.0.2.1\"},\n"
                "\n"
                "    { \"id\": \"b\", \"name\": \"b.test\", \"addr\": \"192.0.2.2\" },\n"
                "    {\"id\": \"c\", \"name\": \"c.test\", \"addr\": \"192.0.2.3\", \"x\": 10, "
                "\"y\": 20}\n"
                "  ],\n"
                "  \"title\": \"Odd\" }\n");
    apply(&doc, "link add a:c latency=2.5");
    cr_expect(has(&doc, "  ],\n"
                        "  \"links\": [\n"
                        "    {\"a\": \"a\", \"b\": \"c\", \"latency_ms\": 2.5}\n"
                        "  ],\n"
                        "  \"title\""));
    apply(&doc, "host remove c");
    expect_text(&doc, odd);
    edit_close(&doc);
}

Test(edit, what_is_added_looks_like_what_the_shipped_files_have)
{
    struct edit_document doc = open_shipped("two-towns");
    apply(&doc, "host add mx2 name=mx2.example.org addr=203.0.113.26 admd=birch x=800 y=300");
    apply(&doc, "agent add mx2 mta-mx2 role=mta listen=25 local=example.org,example.com");
    apply(&doc, "agent add mx2 mda-mx2 role=mda");
    apply(&doc, "user add eve@example.org name=Eve");
    apply(&doc, "agent add mx2 mua-eve role=mua user=eve@example.org outgoing=submit.example.com "
                "port=587 incoming=mx1.example.org");
    apply(&doc, "dns add example.org MX mx2.example.org pref=20 ttl=1h");
    cr_expect(has(&doc, "},\n"
                        "    {\"id\": \"mx2\", \"name\": \"mx2.example.org\", \"addr\": "
                        "\"203.0.113.26\", \"admd\": \"birch\", \"x\": 800, \"y\": 300,\n"
                        "     \"agents\": [\n"
                        "       {\"id\": \"mta-mx2\", \"role\": \"mta\", \"listen\": [25], "
                        "\"config\": {\n"
                        "         \"local\": [\"example.org\", \"example.com\"]}},\n"
                        "       {\"id\": \"mda-mx2\", \"role\": \"mda\"},\n"
                        "       {\"id\": \"mua-eve\", \"role\": \"mua\", \"config\": {\n"
                        "         \"user\": \"eve@example.org\", \"outgoing\": "
                        "\"submit.example.com\", \"port\": 587,\n"
                        "         \"incoming\": \"mx1.example.org\"}}]}\n"
                        "  ],\n"),
              "%.*s", SLICE_ARG(edit_text(&doc)));
    cr_expect(has(&doc, "    {\"address\": \"eve@example.org\", \"name\": \"Eve\"}\n  ],"));
    cr_expect(has(&doc,
                  "\"data\": \"mx1.example.org\"},\n    {\"name\": \"example.org\", \"type\": "
                  "\"MX\", \"pref\": 20, \"data\": \"mx2.example.org\", \"ttl\": \"1h\"}\n"));
    edit_close(&doc);
}

Test(edit, a_setting_is_put_where_it_belongs)
{
    struct edit_document doc = open_shipped("two-towns");
    apply(&doc, "set mta-out local=example.com,example.net");
    cr_expect(has(&doc, "\"local\": [\"example.com\", \"example.net\"], \"relay_from\": "));
    apply(&doc, "set out format=mbox");
    cr_expect(has(&doc, "\"role\": \"store\", \"config\": {\"format\": \"mbox\"}},\n"
                        "       {\"id\": \"access-out\""));
    apply(&doc, "set access-out mechanisms=pass,plain");
    cr_expect(
        has(&doc, "[110, 143, 993, 995], \"config\": {\"mechanisms\": [\"pass\", \"plain\"]}}"),
        "%.*s", SLICE_ARG(edit_text(&doc)));
    apply(&doc, "set mta-mx1 sync=false");
    cr_expect(has(&doc, "\"relay_from\": [\"203.0.113.0/24\"], \"sync\": false}},"));
    edit_close(&doc);
}

Test(edit, an_organisation_gets_another_name)
{
    struct edit_document doc = open_shipped("two-towns");
    apply(&doc, "admd set birch name=\"Birch \\\"House\\\"\"");
    cr_expect(has(&doc, "{\"id\": \"birch\", \"name\": \"Birch \\\"House\\\"\"},\n"));
    cr_expect(has(&doc, "\"admd\": \"birch\""), "its id stays");
    edit_close(&doc);
}

Test(edit, a_network_gets_another_title)
{
    struct edit_document doc = open_shipped("two-towns");
    apply(&doc, "network set title=\"Our school\"");
    cr_expect(has(&doc, "\n  \"title\": \"Our school\",\n"));
    cr_expect_not(has(&doc, "Two towns"));
    apply(&doc, "network set look=\"Who holds it now?\"");
    cr_expect(has(&doc, "\n  \"look\": \"Who holds it now?\",\n"));
    cr_expect(has(&doc, "Our school"));
    edit_close(&doc);
}

Test(edit, a_network_without_a_title_gets_one_behind_its_id)
{
    struct edit_document doc;
    struct problem problem = {0};
    const char *text = "{\n  \"format\": 1,\n  \"id\": \"bare\",\n  \"hosts\": [{\"id\": \"a\", "
                       "\"name\": \"a.test\", \"addr\": \"192.0.2.1\"}]\n}\n";
    cr_assert(edit_open(&doc, slice_of(text), "bare.json", &problem), "%s", problem.what);
    apply(&doc, "network set title=Bare");
    cr_expect(has(&doc, "\"id\": \"bare\",\n  \"title\": \"Bare\",\n  \"hosts\""));
    edit_close(&doc);
}

Test(edit, a_host_that_is_renamed_is_renamed_wherever_it_is_meant)
{
    struct edit_document doc = open_shipped("two-towns");
    apply(&doc, "host rename mx1 mx9 name=mx9.example.org");
    cr_expect(!has(&doc, "\"mx1\""));
    cr_expect(!has(&doc, "mx1.example.org"));
    cr_expect(has(&doc, "{\"a\": \"out\", \"b\": \"mx9\"}"));
    cr_expect(has(&doc, "\"incoming\": \"mx9.example.org\""));
    cr_expect(has(&doc, "\"pref\": 10, \"data\": \"mx9.example.org\"}"));
    cr_expect(has(&doc, "\"target\": \"out:mx9\"}"));
    cr_expect(has(&doc, "\"id\": \"mx1-down\"")); /* a fault's own name */
    apply(&doc, "host rename pc-bob desk");
    cr_expect(has(&doc, "\"do\": \"fetch by=desk\""));
    cr_expect(has(&doc, "\"name\": \"pc-bob.example.org\""));
    edit_close(&doc);
}

Test(edit, a_host_that_is_carried_away_leaves_who_names_it)
{
    struct edit_document doc = open_shipped("two-towns");
    apply(&doc, "host remove mx1");
    cr_expect(!has(&doc, "\"mx1\""));
    cr_expect(!has(&doc, "mx1-down"));
    cr_expect(!has(&doc, "out:mx1"));
    cr_expect(has(&doc, "\"incoming\": \"mx1.example.org\""));
    cr_expect(has(&doc, "{\"name\": \"mx1.example.org\", \"type\": \"A\", \"data\": "
                        "\"203.0.113.25\"}"));
    apply(&doc, "host remove pc-bob");
    cr_expect(!has(&doc, "fetch by=pc-bob"));
    edit_close(&doc);
}

/* What is not possible is refused with the sentence that a file would get, and changes nothing. */
Test(edit, what_a_file_cannot_say_is_refused_in_one_sentence)
{
    static const struct {
        const char *line, *problem;
    } rows[] = {
        {"host add mx1 name=a.test addr=192.0.2.9",
         "duplicate id \"mx1\", already that of host \"mx1\" (id), expected one that is not taken"},
        {"host add a name=a.test addr=192.0.2.53",
         "duplicate address \"192.0.2.53\", already that of host \"dns\" (addr), expected one "
         "that is not taken"},
        {"host add a name=a.test",
         "missing key \"addr\", expected the IPv4 address of a host, such as 198.51.100.10"},
        {"host add a name=a.test addr=192.0.2.9 admd=brch",
         "unknown admd \"brch\" (admd), expected an id of \"admds\"; did you mean \"birch\"?"},
        {"host move mx1 x=10", "host move needs x= and y=, each from 0 to 1000, as in: host move "
                               "mx1 x=300 y=200"},
        {"host remove mx11", "unknown host \"mx11\"; did you mean \"mx1\"?"},
        {"host shift mx1",
         "\"shift\" in host is not understood; expected add, remove, rename, move "
         "or set, and the id of a host, as in: host add mx2 "
         "name=mx2.example.org addr=203.0.113.26 admd=birch"},
        {"host set mx1 x=3", "\"x=\" says nothing in host set; expected admd resolver behind zone "
                             "skew skew_s"},
        {"agent add mx1 m role=mta listen=25",
         "port 25 twice on host \"mx1\", already that of \"mta-mx1\", expected one listener a "
         "port"},
        {"agent add mx1 m role=robot srver=mx1", "unknown key \"srver\""},
        {"agent remove mta-mx2", "unknown agent \"mta-mx2\"; did you mean \"mta-mx1\"?"},
        {"link add mx1:out", "second link between \"mx1\" and \"out\", expected one link between "
                             "two hosts"},
        {"link add mx1",
         "\"mx1\" is no link; expected two hosts, as in: link add mx1:mx2 latency=5 "
         "kbps=1000"},
        {"link set mx1:dns latency=fast",
         "wrong type: text (latency_ms), expected a number from 0"},
        {"link remove pc-alice:mx1", "there is no link between pc-alice and mx1"},
        {"admd remove birch", "birch still has hosts, such as mx1"},
        {"admd set elm name=Elm", "unknown organisation \"elm\""},
        {"network set",
         "network set needs a title, or a look, as in: network set title=\"Our school\""},
        {"admd set birch", "admd set needs a name, as in: admd set elm name=\"Elm House\""},
        {"user add bob@example.org", "duplicate user \"bob@example.org\""},
        {"dns add example.org MX mx7.example.org", "target \"mx7.example.org\" has no address"},
        {"dns remove mx1.example.org A", "the address of mx1.example.org is that of host mx1 in "
                                         "the file"},
        {"link set mx1:dns latency=1},{\"a\":\"out\"", "wrong type: text (latency_ms)"},
    };
    struct edit_document doc = open_shipped("two-towns");
    struct slice before = edit_text(&doc);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct problem problem = {0};
        cr_expect(!edit_apply(&doc, slice_of(rows[i].line), &problem), "%s", rows[i].line);
        cr_expect(strstr(problem.what, rows[i].problem) != NULL, "%s: %s", rows[i].line,
                  problem.what);
        cr_expect_eq(edit_text(&doc).data, before.data);
    }
    edit_close(&doc);
}

/* A mail host is taken out without its preference, unless two records name it (RFC 1035 3.3.9). */
Test(edit, a_mail_host_is_taken_out_without_its_preference)
{
    struct problem problem = {0};
    struct edit_document doc = open_shipped("two-towns");
    struct arena arena;
    arena_init(&arena);
    struct slice before = arena_copy(&arena, edit_text(&doc));
    apply(&doc, "dns add zz.test MX mx1.example.org pref=30");
    apply(&doc, "dns remove zz.test MX mx1.example.org");
    cr_expect(slice_equal(before, edit_text(&doc)));
    apply(&doc, "dns add zz.test MX mx1.example.org pref=30");
    apply(&doc, "dns add zz.test MX mx1.example.org pref=40");
    cr_expect(!edit_apply(&doc, SLICE("dns remove zz.test MX mx1.example.org"), &problem));
    cr_expect(strstr(problem.what, "say pref="), "%s", problem.what);
    apply(&doc, "dns remove zz.test MX mx1.example.org pref=40");
    apply(&doc, "dns remove zz.test MX mx1.example.org");
    cr_expect(slice_equal(before, edit_text(&doc)));
    edit_close(&doc);
    arena_finish(&arena);
}

/* The file is untouched by one who changes his mind. */
Test(edit, taking_back_what_was_added_gives_the_same_octets)
{
    static const char *const pairs[][2] = {
        {"host add zz name=zz.test addr=10.9.8.7", "host remove zz"},
        {"host add zz name=zz.test addr=10.9.8.7 zone=+0100 skew=30", "host remove zz"},
        {"admd add zz name=\"Last \\\"house\\\"\"", "admd remove zz"},
        {"user add zed@%s name=Zed", "user remove zed@%s"},
        {"dns add zz.test TXT data=\"v=spf1 -all\"", "dns remove zz.test TXT"},
    };
    static const char *const names[] = {"two-towns",    "one-host",    "t12-mbox-maildir",
                                        "dial-up-unix", "t23-filters", "internet-100"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct edit_document doc = open_shipped(names[i]);
        struct arena arena;
        arena_init(&arena);
        struct slice before = arena_copy(&arena, edit_text(&doc));
        struct slice domain = doc.topology.users[0].address;
        domain = slice_part(domain, slice_find_octet(domain, '@', 0) + 1, domain.size);
        for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++) {
            for (size_t side = 0; side < 2; side++) {
                struct slice head, rest = slice_of(pairs[k][side]);
                bool has_domain = slice_cut(&rest, '%', &head) && rest.size > 0;
                if (has_domain)
                    head = arena_printf(&arena, "%.*s%.*s%.*s", SLICE_ARG(head), SLICE_ARG(domain),
                                        SLICE_ARG(slice_part(rest, 1, rest.size)));
                apply(&doc, arena_copy(&arena, head).data);
                cr_expect(slice_equal(before, edit_text(&doc)) == (side == 1), "%s: %.*s", names[i],
                          SLICE_ARG(head));
            }
        }
        arena_finish(&arena);
        edit_close(&doc);
    }
}

Test(edit, an_agent_and_a_link_that_are_taken_back_leave_the_same_octets)
{
    struct edit_document doc = open_shipped("t19-relay");
    struct arena arena;
    arena_init(&arena);
    struct slice before = arena_copy(&arena, edit_text(&doc));
    apply(&doc, "agent add cafe-gw tap-cafe role=tap");
    apply(&doc, "agent add pc-bob bulk-bob role=robot server=mx1 to=bob@example.org");
    apply(&doc, "link add bulk:mx1 latency=3 kbps=64 loss=0.5 jitter=1");
    apply(&doc, "link remove mx1:bulk");
    apply(&doc, "agent remove tap-cafe");
    apply(&doc, "agent remove bulk-bob");
    cr_expect(slice_equal(before, edit_text(&doc)), "%.*s", SLICE_ARG(edit_text(&doc)));
    arena_finish(&arena);
    edit_close(&doc);
}

Test(edit, a_new_host_stands_free_near_its_own)
{
    struct edit_document doc = open_shipped("two-towns");
    apply(&doc, "host add mx2 name=mx2.example.org addr=203.0.113.26 admd=birch");
    const struct topology *t = &doc.topology;
    const struct topology_host *h = &t->hosts[t->host_count - 1];
    cr_expect(h->x > 600, "%u", h->x);
    for (size_t i = 0; i + 1 < t->host_count; i++) {
        int64_t dx = (int64_t)h->x - t->hosts[i].x, dy = (int64_t)h->y - t->hosts[i].y;
        cr_expect(dx * dx + dy * dy >= 150 * 150, "%zu", i);
    }
    edit_close(&doc);
}
