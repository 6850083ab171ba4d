#include "tests/topologies/support_small.h"

#include <stdio.h>

#include "sim/base/check.h"

const char support_small[] =
    "{\n"
    "  \"format\": 1,\n"
    "  \"title\": \"T\",\n"
    "  \"admds\": [{\"id\": \"aster\", \"name\": \"Aster\"}],\n"
    "  \"hosts\": [\n"
    "    {\"id\": \"pc\", \"name\": \"pc.example.com\", \"addr\": \"198.51.100.10\", \"admd\": "
    "\"aster\","
    " \"x\": 1, \"y\": 2,\n"
    "     \"agents\": [{\"role\": \"mua\", \"config\": {\"user\": \"alice@example.com\","
    " \"outgoing\": \"mx1\", \"port\": 587}}]},\n"
    "    {\"id\": \"mx1\", \"name\": \"mx1.example.com\", \"addr\": \"198.51.100.25\",\n"
    "     \"agents\": [{\"role\": \"mta\", \"listen\": [25, 2525], \"config\": {\"local\":"
    " [\"example.com\"], \"relay_from\": [\"198.51.100.0/24\"]}},\n"
    "                {\"role\": \"mda\"}, {\"role\": \"store\"}, {\"role\": \"access\"}]},\n"
    "    {\"id\": \"ns\", \"name\": \"ns.example.net\", \"addr\": \"192.0.2.53\",\n"
    "     \"agents\": [{\"id\": \"names\", \"role\": \"dns\"}]}\n"
    "  ],\n"
    "  \"links\": [{\"a\": \"pc\", \"b\": \"mx1\", \"latency_ms\": 0.3, \"loss_percent\": 2.5},\n"
    "            {\"a\": \"mx1\", \"b\": \"ns\"}],\n"
    "  \"dns\": [{\"name\": \"example.com\", \"type\": \"MX\", \"pref\": 10, \"data\":"
    " \"mx1.example.com\"},\n"
    "          {\"name\": \"www.example.com\", \"type\": \"CNAME\", \"data\": "
    "\"mx1.example.com\"}],\n"
    "  \"users\": [\"alice@example.com\", {\"address\": \"amir@example.com\", \"name\": "
    "\"Amir\"}],\n"
    "  \"faults\": [{\"id\": \"f1\", \"label\": \"F\", \"kind\": \"reject\", \"target\": "
    "\"mta-mx1\","
    " \"args\": {\"rcpt\": \"alice@example.com\"}},\n"
    "             {\"id\": \"f2\", \"label\": \"F\", \"kind\": \"link-slow\", \"target\": "
    "\"mx1:pc\"},\n"
    "             {\"id\": \"f3\", \"label\": \"F\", \"kind\": \"dns-silent\", \"target\": "
    "\"names\"},\n"
    "             {\"id\": \"f4\", \"label\": \"F\", \"kind\": \"host-down\", \"target\": "
    "\"mx1\"}],\n"
    "  \"demo\": [{\"at\": \"1min\", \"do\": \"fetch by=pc\"}]\n"
    "}\n";

struct slice support_changed(struct arena *arena, const char *from, const char *to)
{
    struct slice text = slice_of(support_small);
    size_t at = slice_find(text, slice_of(from), 0);
    check(at != SLICE_NONE);
    return arena_printf(arena, "%.*s%s%s", (int)at, text.data, to,
                        text.data + at + slice_of(from).size);
}

const char *support_problem(struct slice json, char line[PROBLEM_LINE])
{
    struct topology t;
    struct problem problem = {0};
    line[0] = '\0';
    if (topology_read(&t, json, "t.json", &problem))
        topology_finish(&t);
    else
        problem_line(&problem, line);
    return line;
}

struct slice support_file(struct arena *arena, const char *path)
{
    enum { FILE_MAX = 1024 * 1024 };
    char *text = arena_take(arena, FILE_MAX);
    FILE *file = fopen(arena_printf(arena, "%s/%s", SOURCE_DIR, path).data, "rb");
    check(file);
    size_t size = fread(text, 1, FILE_MAX, file);
    fclose(file);
    return (struct slice){text, size};
}
