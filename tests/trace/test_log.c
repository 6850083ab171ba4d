#include "sim/trace/log.h"

#include <criterion/criterion.h>
#include <stddef.h>
#include <stdio.h>

static uint32_t add(struct log *log, int64_t t, enum event_kind kind, const void *fields)
{
    return log_add(log, t, 0, kind, 0, fields);
}

static uint32_t text(struct log *log, const char *s)
{
    return log_intern(log, slice_of(s));
}

Test(log, an_event_takes_40_octets)
{
    cr_expect_leq(sizeof(struct event), 40);
}

Test(log, every_kind_has_a_name_of_its_own_and_at_most_six_fields)
{
    for (int kind = 0; kind < EVENT_KIND_COUNT; kind++) {
        const struct event_kind_row *row = &event_kinds[kind];
        cr_expect(row->name && row->meaning && row->meaning[0]);
        cr_expect(row->field_count >= 1 && row->field_count <= EVENT_FIELDS_MAX, "%s", row->name);
        for (int i = 0; i < row->field_count; i++)
            cr_expect_not_null(row->fields[i].name, "%s", row->name);
        for (int other = 0; other < kind; other++)
            cr_expect_str_neq(row->name, event_kinds[other].name);
    }
}

Test(log, gives_back_what_was_added_also_beyond_its_first_block)
{
    struct log log;
    log_init(&log);
    enum { COUNT = LOG_CHUNK_EVENTS * 2 + 5 };
    const struct event *early = NULL;
    for (uint32_t i = 0; i < COUNT; i++) {
        struct event_input fields = {.text = i};
        cr_assert_eq(log_add(&log, i / 3, i ? i - 1 : 0, EVENT_INPUT, (uint16_t)(i & 7), &fields),
                     i);
        early = early ? early : log_at(&log, 0);
    }
    cr_expect_eq(early, log_at(&log, 0), "events never move");
    cr_expect_eq(log_count(&log), COUNT);
    for (uint32_t i = 0; i < COUNT; i++) {
        const struct event *e = log_at(&log, i);
        cr_assert(e->t == i / 3 && e->cause == (i ? i - 1 : 0) && e->flags == (i & 7));
        cr_assert(event_as_input(e)->text == i && event_as_host(e) == NULL);
    }
    cr_expect_eq(log_end(&log), (COUNT - 1) / 3);
    log_finish(&log);
}

Test(log, count_until_tells_what_a_reader_knows_at_a_time)
{
    struct log log;
    log_init(&log);
    cr_expect_eq(log_count_until(&log, 100), 0);
    cr_expect_eq(log_end(&log), 0);
    static const int64_t times[] = {0, 0, 10, 10, 10, 20, 35};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        add(&log, times[i], EVENT_INPUT, &(struct event_input){0});
    static const struct {
        int64_t t;
        uint32_t count;
    } rows[] = {{-1, 0}, {0, 2},  {9, 2},  {10, 5},       {19, 5},
                {20, 6}, {34, 6}, {35, 7}, {INT64_MAX, 7}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_eq(log_count_until(&log, rows[i].t), rows[i].count, "t = %d", (int)rows[i].t);
    log_finish(&log);
}

/* A host "mx1" with an agent "mx1-mta", a host "out", a link, a connection from out to mx1-mta. */
static void declare(struct log *log)
{
    add(log, 0, EVENT_RUN, &(struct event_run){.epoch_s = 1740992400});
    add(log, 0, EVENT_HOST, &(struct event_host){.id = text(log, "mx1")});
    add(log, 0, EVENT_AGENT, &(struct event_agent){.id = text(log, "mx1-mta"), .at = 1});
    add(log, 0, EVENT_HOST, &(struct event_host){.id = text(log, "out")});
    add(log, 0, EVENT_LINK, &(struct event_link){.a = 1, .b = 3, .latency = 20000});
    add(log, 5, EVENT_TCP_CONNECT,
        &(struct event_tcp_connect){.conn = 1, .from = 3, .to = 2, .port = 25});
    add(log, 5, EVENT_MESSAGE, &(struct event_message){.by = 3, .msg = 1});
}

Test(log, a_place_is_found_by_its_id_among_many_and_the_last_of_two_alike)
{
    struct log log;
    char id[16];
    log_init(&log);
    for (uint32_t i = 0; i < 1000; i++) {
        snprintf(id, sizeof id, "h%u", (unsigned)(i % 990));
        struct event_host host = {0};
        host.id = log_intern(&log, slice_of(id));
        log_add(&log, 0, 0, EVENT_HOST, 0, &host);
    }
    for (uint32_t i = 0; i < 990; i++) {
        snprintf(id, sizeof id, "h%u", (unsigned)i);
        cr_expect_eq(log_find_place(&log, slice_of(id)), i < 10 ? 990 + i + 1 : i + 1, "%s", id);
        cr_expect_eq(log_find_place_at(&log, slice_of(id), 989), i + 1, "%s", id);
    }
    log_intern(&log, SLICE("h990"));
    cr_expect_eq(log_find_place(&log, SLICE("h990")), 0);
    log_finish(&log);
}

Test(log, numbers_lead_to_the_events_that_declared_them)
{
    struct log log;
    log_init(&log);
    cr_expect_eq(log_epoch_s(&log), 0);
    declare(&log);
    cr_expect_eq(log_epoch_s(&log), 1740992400);
    cr_expect_eq(log_place_count(&log), 3);
    cr_expect(slice_equal(log_place_name(&log, 2), SLICE("mx1-mta")));
    cr_expect(log_place_name(&log, 0).size == 0 && log_place_name(&log, 4).size == 0);
    cr_expect(log_host_of(&log, 1) == 1 && log_host_of(&log, 2) == 1 && log_host_of(&log, 3) == 3);
    cr_expect(log_host_of(&log, 0) == 0 && log_host_of(&log, 4) == 0);
    cr_expect_eq(log_find_place(&log, SLICE("out")), 3);
    cr_expect_eq(log_find_place(&log, SLICE("nobody")), 0);
    cr_expect_eq(log_find_place(&log, SLICE("")), 0);
    cr_expect(log_place_is(&log, 2, 1) && log_place_is(&log, 2, 2), "a host means its agents too");
    cr_expect_not(log_place_is(&log, 1, 2) || log_place_is(&log, 3, 1) || log_place_is(&log, 0, 0));
    cr_expect_eq(log_link(&log, 1)->latency, 20000);
    cr_expect_null(log_link(&log, 0));
    cr_expect_null(log_link(&log, 2));
    cr_expect_eq(log_conn(&log, 1)->port, 25);
    cr_expect_null(log_conn(&log, 2));
    cr_expect_eq(log_msg(&log, 1)->by, 3);
    cr_expect_null(log_msg(&log, 0));
    log_finish(&log);
}

Test(log, an_event_of_a_connection_knows_who_speaks_to_whom)
{
    struct log log;
    log_init(&log);
    declare(&log);
    static const struct {
        enum event_kind kind;
        uint16_t flags;
        uint32_t from, to;
    } rows[] = {
        {EVENT_SMTP_CMD, 0, 3, 2},
        {EVENT_SMTP_REPLY, 0, 2, 3},
        {EVENT_POP_CMD, 0, 3, 2},
        {EVENT_POP_REPLY, 0, 2, 3},
        {EVENT_TCP_OPEN, 0, 3, 2},
        {EVENT_TCP_SEGMENT, EVENT_SEGMENT_ACK, 3, 2},
        {EVENT_TCP_SEGMENT, EVENT_SEGMENT_ACK | EVENT_SEGMENT_BACK, 2, 3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t fields[EVENT_FIELDS_MAX] = {1};
        const struct event *e =
            log_at(&log, log_add(&log, 9, 0, rows[i].kind, rows[i].flags, fields));
        struct log_parties p;
        cr_assert(log_parties(&log, e, &p), "%s", event_kinds[e->kind].name);
        cr_expect(p.from == rows[i].from && p.to == rows[i].to && p.port == 25, "%s",
                  event_kinds[e->kind].name);
        enum event_type type;
        uint32_t value;
        cr_expect(log_field(&log, e, SLICE("from"), &type, &value));
        cr_expect(type == EVENT_TYPE_PLACE && value == rows[i].from);
        cr_expect(log_field(&log, e, SLICE("port"), &type, &value) && value == 25);
        cr_expect(log_field(&log, e, SLICE("tls"), &type, &value) && value == 0);
        cr_expect_not(log_field(&log, e, SLICE("colour"), &type, &value));
    }
    struct log_parties p;
    cr_expect_not(log_parties(&log, log_at(&log, 1), &p), "a host has no connection");
    log_finish(&log);
}

Test(log, a_field_is_found_by_its_name_with_its_type)
{
    struct log log;
    log_init(&log);
    declare(&log);
    enum event_type type;
    uint32_t value;
    const struct event *link = log_at(&log, 4);
    cr_expect(log_field(&log, link, SLICE("latency"), &type, &value));
    cr_expect(type == EVENT_TYPE_MICROS && value == 20000);
    cr_expect_not(log_field(&log, link, SLICE("from"), &type, &value));
    const struct event *dsn = log_at(&log, add(&log, 9, EVENT_DSN, &(struct event_dsn){.at = 1}));
    cr_expect(log_field(&log, dsn, SLICE("from"), &type, &value));
    cr_expect(type == EVENT_TYPE_TEXT && value == 0, "a notice has no return path");
    log_finish(&log);
}

Test(log, a_place_is_found_by_the_name_that_it_had)
{
    struct log log;
    log_init(&log);
    declare(&log);
    uint32_t place = 1, event = log_count(&log);
    struct slice first = log_place_name(&log, place);
    struct event_rename rename = {place, log_intern(&log, SLICE("other")),
                                  log_intern(&log, SLICE("other.test"))};
    log_add(&log, log_end(&log), event - 1, EVENT_RENAME, 0, &rename);
    cr_expect(slice_equal(log_place_name(&log, place), SLICE("other")));
    cr_expect(slice_equal(log_host_name(&log, place), SLICE("other.test")));
    cr_expect(slice_equal(log_place_name_at(&log, place, event - 1), first));
    cr_expect_eq(log_find_place(&log, SLICE("other")), place);
    cr_expect_eq(log_find_place_at(&log, SLICE("other"), event - 1), 0);
    cr_expect_eq(log_find_place(&log, first), place, "who had it last");
    cr_expect(!log_is_gone(&log, place));
    struct event_gone gone = {place, 0, 0};
    log_add(&log, log_end(&log), event, EVENT_GONE, 0, &gone);
    cr_expect(log_is_gone(&log, place));
    log_finish(&log);
}
