/* A trace as JSON Lines: what is saved is what was there, and a bad file is one clear problem. */
#include "sim/trace/jsonl.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ADD(log, t, cause, kind, flags, lower, ...)                                                \
    log_add(log, t, cause, kind, flags, &(struct event_##lower){__VA_ARGS__})

static uint32_t text(struct log *log, const char *s)
{
    return log_intern(log, slice_of(s));
}

/* One of everything that is written in a way of its own. */
static void make_log(struct log *log)
{
    log_init(log);
    ADD(log, 0, 0, EVENT_RUN, 0, run, text(log, "A \"test\"\\\r\n\t\x01"), text(log, "1"),
        1740992400, text(log, "mailflow"));
    ADD(log, 0, 0, EVENT_HOST, 0, host, text(log, "pc"), text(log, "pc.example.com"),
        text(log, "198.51.100.10"), 0, EVENT_UNSET, EVENT_UNSET);
    ADD(log, 0, 0, EVENT_HOST, 0, host, text(log, "mx"), text(log, "mx.example.org"),
        text(log, "203.0.113.25"), 0, 0, 1000);
    ADD(log, 0, 0, EVENT_AGENT, 0, agent, text(log, "mta"), 2, text(log, "mta"), 0,
        text(log, "25"));
    ADD(log, 0, 0, EVENT_LINK, 0, link, text(log, "pc-mx"), 1, 2, 20000, 0, 0);
    ADD(log, 5, 0, EVENT_TCP_CONNECT, 0, tcp_connect, 1, 1, 3, 25, 49152, text(log, "pc mx"));
    ADD(log, 6, 5, EVENT_TCP_SEGMENT, EVENT_SEGMENT_SYN | EVENT_SEGMENT_ACK | EVENT_SEGMENT_BACK,
        tcp_segment, 1, UINT32_MAX, 7, 0, 20000, 0);
    ADD(log, 7, 6, EVENT_TCP_SEGMENT, EVENT_SEGMENT_PSH | EVENT_SEGMENT_AGAIN, tcp_segment, 1, 1, 8,
        log_intern(log, SLICE("a\0b")), 20000, 0);
    ADD(log, 7, 6, EVENT_TCP_SEGMENT, 0, tcp_segment, 1, 1, 8, text(log, "\xff\xfe"), 20000, 0);
    ADD(log, 8, 6, EVENT_TCP_LOST, 0, tcp_lost, 1, 1, 3, 1, 1);
    ADD(log, 9, 6, EVENT_MESSAGE, 0, message, 1, 1, text(log, "a@example.com"),
        text(log, "b@example.org"),
        text(log, "Gr\xc3\xbc\xc3\x9f"
                  "e"),
        text(log, "Subject: x\r\n\r\nx\r\n"));
    ADD(log, 9, 10, EVENT_SMTP_REPLY, 0, smtp_reply, 1, text(log, "DOT"), 250, 0, text(log, "ok"),
        1);
    ADD(log, 9, 10, EVENT_POP_REPLY, 0, pop_reply, 1, text(log, "QUIT"), 1, text(log, "bye"), 0);
    ADD(log, (INT64_C(1) << 53) + 1, 11, EVENT_CRASH, 0, crash, 2);
}

static char *save_text(const struct log *log, size_t *size)
{
    char *all;
    FILE *out = open_memstream(&all, size);
    jsonl_write(log, out);
    fclose(out);
    return all;
}

static bool load_text(struct log *log, const char *all, size_t size, struct problem *problem)
{
    FILE *in = size ? fmemopen((void *)(uintptr_t)all, size, "r") : fopen("/dev/null", "r");
    *problem = (struct problem){0};
    bool ok = jsonl_read(log, in, "t.jsonl", problem);
    fclose(in);
    return ok;
}

Test(jsonl, saving_loading_and_saving_again_gives_the_same_octets)
{
    struct log log, again;
    struct problem problem;
    size_t size, size_again;
    make_log(&log);
    char *first = save_text(&log, &size);
    cr_assert(load_text(&again, first, size, &problem), "%s", problem.what);
    char *second = save_text(&again, &size_again);
    cr_assert_eq(size, size_again);
    cr_assert_str_eq(first, second);
    cr_assert_eq(log_count(&log), log_count(&again));
    for (uint32_t id = 0; id < log_count(&log); id++) {
        cr_assert_eq(log_at(&log, id)->t, log_at(&again, id)->t, "time of event %" PRIu32, id);
        cr_assert_eq(log_at(&log, id)->flags, log_at(&again, id)->flags, "flags of event %" PRIu32,
                     id);
    }
    cr_assert(slice_equal(log_text(&again, event_as_tcp_segment(log_at(&again, 7))->data),
                          SLICE("a\0b")));
    free(first);
    free(second);
    log_finish(&log);
    log_finish(&again);
}

Test(jsonl, an_event_is_written_as_the_documentation_says)
{
    static const struct {
        uint32_t id;
        const char *line;
    } rows[] = {
        {0, "{\"e\":0,\"t\":0,\"kind\":\"run\",\"title\":\"A "
            "\\\"test\\\"\\\\\\r\\n\\t\\u0001\",\"seed\":\"1\","
            "\"epoch_s\":1740992400,\"program\":\"mailflow\"}\n"},
        {1,
         "{\"e\":1,\"t\":0,\"cause\":0,\"kind\":\"host\",\"id\":\"pc\",\"name\":\"pc.example.com\","
         "\"addr\":\"198.51.100.10\",\"admd\":\"\",\"x\":null,\"y\":null}\n"},
        {6, "{\"e\":6,\"t\":6,\"cause\":5,\"kind\":\"tcp.segment\",\"from\":\"mta\",\"to\":\"pc\","
            "\"port\":25,"
            "\"dir\":\"<-\",\"flags\":\"SA\",\"conn\":1,\"seq\":4294967295,\"ack\":7,\"data\":\"\","
            "\"travel\":20000,\"msg\":0}\n"},
        {7, "{\"e\":7,\"t\":7,\"cause\":6,\"kind\":\"tcp.segment\",\"from\":\"pc\",\"to\":\"mta\","
            "\"port\":25,"
            "\"dir\":\"->\",\"flags\":\"P\",\"again\":true,\"conn\":1,\"seq\":1,\"ack\":8,"
            "\"data\":{\"base64\":\"YQBi\"},\"travel\":20000,\"msg\":0}\n"},
        {12, "{\"e\":12,\"t\":9,\"cause\":10,\"kind\":\"pop.reply\",\"from\":\"mta\",\"to\":\"pc\","
             "\"port\":25,"
             "\"conn\":1,\"verb\":\"QUIT\",\"ok\":true,\"text\":\"bye\",\"msg\":0}\n"},
        {13,
         "{\"e\":13,\"t\":\"9007199254740993\",\"cause\":11,\"kind\":\"crash\",\"at\":\"mx\"}\n"},
    };
    struct log log;
    struct bytes line;
    make_log(&log);
    bytes_init(&line, SIZE_MAX);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bytes_clear(&line);
        jsonl_event(&log, rows[i].id, &line);
        cr_expect(slice_equal(bytes_slice(&line), slice_of(rows[i].line)), "%.*s",
                  SLICE_ARG(bytes_slice(&line)));
    }
    bytes_finish(&line);
    log_finish(&log);
}

#define RUN0                                                                                       \
    "{\"e\":0,\"t\":10,\"kind\":\"run\",\"title\":\"\",\"seed\":\"\",\"epoch_s\":0,\"program\":"   \
    "\"\"}\n"
#define FIRST "{\"mailflow-trace\":1}\n"
#define HOST1                                                                                      \
    "{\"e\":1,\"t\":10,\"cause\":0,\"kind\":\"host\",\"id\":\"pc\",\"name\":\"\",\"addr\":\"\","   \
    "\"admd\":\"\",\"x\":1,\"y\":1}\n"
#define CRASH(e, t, cause, at)                                                                     \
    "{\"e\":" e ",\"t\":" t ",\"cause\":" cause ",\"kind\":\"crash\",\"at\":" at "}\n"
#define INPUT(text) "{\"e\":1,\"t\":10,\"cause\":0,\"kind\":\"input\",\"text\":" text "}\n"
#define CONNECT(conn)                                                                              \
    "{\"e\":2,\"t\":10,\"cause\":0,\"kind\":\"tcp.connect\",\"conn\":" conn                        \
    ",\"from\":\"pc\",\"to\":\"\",\"port\":25,\"local_port\":1,\"path\":\"\"}\n"
#define OPEN(more)                                                                                 \
    "{\"e\":3,\"t\":10,\"cause\":0,\"kind\":\"tcp.open\",\"conn\":1,\"result\":\"ok\"" more "}\n"
#define SEGMENT(more)                                                                              \
    "{\"e\":3,\"t\":10,\"cause\":0,\"kind\":\"tcp.segment\",\"conn\":1,\"seq\":1,\"ack\":1,"       \
    "\"data\":\"\",\"travel\":1,\"msg\":0" more "}\n"

static const struct {
    const char *file;
    int line;
    const char *what; /* part of the problem */
} hostile[] = {
    {"", 1, "empty file"},
    {"\n", 1, "broken JSON"},
    {"{}\n", 1, "not a trace"},
    {"[]\n", 1, "not a trace"},
    {"{\"mailflow-trace\":2}\n", 1, "version 2, by a newer program"},
    {"{\"mailflow-trace\":\"1\"}\n", 1, "not a trace"},
    {"{\"mailflow-trace\":1,\"events\":-1}\n" RUN0, 1, "how many follow"},
    {FIRST, 1, "without events"},
    {"{\"mailflow-trace\":1,\"events\":2}\n" RUN0, 2, "ends after 1 of 2"},
    {FIRST RUN0 "\n", 3, "broken JSON"},
    {FIRST RUN0 "{\"e\":1", 3, "broken JSON"},
    {FIRST RUN0 "{}{}\n", 3, "more behind"},
    {FIRST RUN0 "[1]\n", 3, "expected an event"},
    {FIRST RUN0 "7\n", 3, "expected an event"},
    {FIRST CRASH("0", "0", "0", "\"\""), 2, "has no \"cause\""},
    {FIRST HOST1, 2, "\"e\":0"},
    {FIRST RUN0 RUN0, 3, "\"e\":1"},
    {FIRST RUN0 CRASH("1.5", "10", "0", "\"\""), 3, "\"e\":1"},
    {FIRST RUN0 CRASH("1", "10", "0", "\"pc\""), 3, "declared above"},
    {FIRST RUN0 CRASH("1", "10", "0", "7"), 3, "declared above"},
    {FIRST RUN0 CRASH("1", "9", "0", "\"\""), 3, "goes back"},
    {FIRST RUN0 CRASH("1", "-1", "0", "\"\""), 3, "\"t\""},
    {FIRST RUN0 CRASH("1", "1e300", "0", "\"\""), 3, "\"t\""},
    {FIRST RUN0 CRASH("1", "\"4611686018427387904\"", "0", "\"\""), 3, "\"t\""},
    {FIRST RUN0 CRASH("1", "\"9223372036854775808\"", "0", "\"\""), 3, "\"t\""},
    {FIRST RUN0 CRASH("1", "10", "1", "\"\""), 3, "earlier event"},
    {FIRST RUN0 CRASH("1", "10", "-1", "\"\""), 3, "earlier event"},
    {FIRST RUN0 CRASH("1", "10", "null", "\"\""), 3, "earlier event"},
    {FIRST RUN0 "{\"e\":1,\"t\":10,\"cause\":0,\"kind\":\"crahs\",\"at\":\"\"}\n", 3,
     "unknown kind \"crahs\"; did you mean \"crash\"?"},
    {FIRST RUN0 "{\"e\":1,\"t\":10,\"cause\":0,\"kind\":9,\"at\":\"\"}\n", 3, "expected \"kind\""},
    {FIRST RUN0 "{\"e\":1,\"t\":10,\"cause\":0,\"kind\":\"crash\"}\n", 3, "to be there"},
    {FIRST RUN0 "{\"e\":1,\"t\":10,\"cause\":0,\"kind\":\"run\",\"title\":\"\",\"seed\":\"\","
                "\"epoch_s\":0,"
                "\"program\":\"\"}\n",
     3, "run event first"},
    {FIRST RUN0 "{\"e\":1,\"t\":10,\"cause\":0,\"kind\":\"crash\",\"at\":\"\",\"at\":\"\"}\n", 3,
     "it once"},
    {FIRST RUN0 "{\"e\":1,\"t\":10,\"cause\":0,\"kind\":\"crash\",\"at\":\"\",\"x\":1}\n", 3,
     "no such field"},
    {FIRST RUN0 INPUT("7"), 3, "a string or"},
    {FIRST RUN0 INPUT("{\"base64\":\"YQB\"}"), 3, "a string or"},
    {FIRST RUN0 INPUT("{\"base64\":\"YR==\"}"), 3, "a string or"},
    {FIRST RUN0 INPUT("{\"base64\":\"Y===\"}"), 3, "a string or"},
    {FIRST RUN0 INPUT("{\"base64\":\"YQ==\",\"x\":1}"), 3, "a string or"},
    {FIRST RUN0 INPUT("\"a\\u0000b\""), 3, "NUL in a string"},
    {FIRST RUN0 INPUT("\"\xff\""), 3, "UTF-8"},
    {FIRST RUN0 INPUT("\"\xed\xa0\x80\""), 3, "UTF-8"},
    {FIRST RUN0 HOST1 "{\"e\":2,\"t\":10,\"cause\":0,\"kind\":\"agent\",\"id\":\"pc\",\"at\":"
                      "\"pc\",\"role\":\"\","
                      "\"user\":\"\",\"listen\":\"\"}\n",
     4, "no other host or agent has"},
    {FIRST RUN0 HOST1
     "{\"e\":2,\"t\":10,\"cause\":0,\"kind\":\"agent\",\"id\":\"a\",\"at\":\"\",\"role\":\"\","
     "\"user\":\"\",\"listen\":\"\"}\n",
     4, "the id of a host"},
    {FIRST RUN0 HOST1
     "{\"e\":2,\"t\":10,\"cause\":0,\"kind\":\"link\",\"id\":\"a\",\"a\":\"pc\",\"b\":\"\","
     "\"latency\":1,\"kbps\":0,\"loss_ppm\":0}\n",
     4, "the id of a host"},
    {FIRST RUN0 HOST1 CONNECT("2"), 4, "connection declared above"},
    {FIRST RUN0 HOST1 CONNECT("0"), 4, "next connection's number"},
    {FIRST RUN0 HOST1 CONNECT("4294967296"), 4, "declared above"},
    {FIRST RUN0 HOST1 CONNECT("1") OPEN(",\"from\":\"\""), 5, "what tcp.connect says"},
    {FIRST RUN0 HOST1 CONNECT("1") OPEN(",\"port\":26"), 5, "what tcp.connect says"},
    {FIRST RUN0 HOST1 CONNECT("1") SEGMENT(",\"flags\":\"SS\""), 5, "letters out of FSRPA"},
    {FIRST RUN0 HOST1 CONNECT("1") SEGMENT(",\"flags\":\"X\""), 5, "letters out of FSRPA"},
    {FIRST RUN0 HOST1 CONNECT("1") SEGMENT(",\"dir\":\"<>\""), 5, "\"->\" or \"<-\""},
    {FIRST RUN0 HOST1 CONNECT("1") SEGMENT(",\"again\":false"), 5, "left out"},
    {FIRST RUN0 HOST1 CONNECT("1") SEGMENT(",\"dir\":\"<-\",\"from\":\"pc\""), 5,
     "what tcp.connect says"},
};

Test(jsonl, a_hostile_file_is_one_problem_with_its_line)
{
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        struct log log;
        struct problem problem;
        bool ok = load_text(&log, hostile[i].file, strlen(hostile[i].file), &problem);
        cr_expect(!ok, "row %zu was taken: %s", i, hostile[i].file);
        cr_expect(strstr(problem.what, hostile[i].what), "row %zu: \"%s\" is not about \"%s\"", i,
                  problem.what, hostile[i].what);
        cr_expect_eq(problem.line, hostile[i].line, "row %zu: line %d", i, problem.line);
        cr_expect_str_eq(problem.file, "t.jsonl");
        if (ok)
            log_finish(&log);
    }
}

Test(jsonl, derived_fields_may_be_left_out_and_keys_come_in_any_order)
{
    static const char file[] = FIRST RUN0 HOST1 CONNECT(
        "1") "{\"kind\":\"tcp.open\",\"result\":\"ok\",\"conn\":1,\"cause\":0,\"t\":10,\"e\":3}";
    struct log log;
    struct problem problem;
    cr_assert(load_text(&log, file, sizeof file - 1, &problem), "%s", problem.what);
    cr_assert_eq(log_count(&log), 4);
    log_finish(&log);
}

Test(jsonl, a_line_with_a_raw_nul_or_a_million_lists_is_refused)
{
    static const char nul[] = FIRST "{\"e\":0\0}\n";
    struct log log;
    struct problem problem;
    cr_expect(!load_text(&log, nul, sizeof nul - 1, &problem));
    cr_expect(strstr(problem.what, "NUL"));
    enum { MANY = 1000000 };
    char *lists = malloc(MANY);
    memset(lists, '[', MANY);
    cr_expect(!load_text(&log, lists, MANY, &problem));
    cr_expect(strstr(problem.what, "too many parts"), "%s", problem.what);
    free(lists);
}

Test(jsonl, every_prefix_and_every_changed_octet_loads_or_is_a_problem)
{
    struct log log, again;
    struct problem problem;
    size_t size;
    make_log(&log);
    char *all = save_text(&log, &size);
    for (size_t cut = 0; cut < size; cut++)
        if (load_text(&again, all, cut, &problem)) {
            cr_expect(cut == size - 1, "a file cut after %zu octets was taken", cut);
            log_finish(&again);
        }
    for (size_t i = 0; i < size; i++) {
        char was = all[i];
        all[i] = (char)(was ^ 0x15);
        if (load_text(&again, all, size, &problem))
            log_finish(&again);
        else
            cr_expect(problem.what[0] && problem.line > 0);
        all[i] = was;
    }
    free(all);
    log_finish(&log);
}

Test(jsonl, saving_replaces_a_file_whole_and_leaves_nothing_behind)
{
    char folder[] = "/tmp/jsonl.XXXXXX", path[64];
    struct log log, again;
    struct problem problem = {0};
    cr_assert(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/t.jsonl", folder);
    make_log(&log);
    cr_assert(jsonl_save(&log, path, &problem), "%s", problem.what);
    cr_assert(jsonl_save(&log, path, &problem), "%s", problem.what);
    cr_assert(jsonl_load(&again, path, &problem), "%s", problem.what);
    cr_assert_eq(unlink(path), 0);
    cr_assert_eq(rmdir(folder), 0, "something else was left in the folder");
    cr_assert(!jsonl_save(&log, path, &problem));
    cr_assert_str_eq(problem.file, path);
    cr_assert(!jsonl_load(&log, "/nowhere/t.jsonl", &problem));
    cr_assert(strstr(problem.what, "can't be opened"));
    log_finish(&again);
    log_finish(&log);
}

Test(jsonl, a_device_is_written_and_not_replaced)
{
    struct log log;
    struct problem problem = {0};
    make_log(&log);
    cr_assert(jsonl_save(&log, "/dev/null", &problem), "%s", problem.what);
    cr_assert(!jsonl_save(&log, "/dev/full", &problem));
    cr_assert_eq(access("/dev/full", W_OK), 0);
    log_finish(&log);
}
