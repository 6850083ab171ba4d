/*
 * What two sides said, cut into turns and lines: whatever stands in a trace's segments and turns,
 * nothing is read outside of it. The input is a row of pieces: what it is, how long, octets.
 */
#include <stddef.h>
#include <stdint.h>

#include "render/view/dialogue_lines.h"
#include "render/view/explain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PIECES_MAX = 200 };

static const enum event_kind kinds[] = {
    EVENT_TCP_SEGMENT, EVENT_TCP_SEGMENT,  EVENT_SMTP_CMD,   EVENT_SMTP_REPLY, EVENT_LMTP_CMD,
    EVENT_LMTP_REPLY,  EVENT_POP_CMD,      EVENT_POP_REPLY,  EVENT_IMAP_CMD,   EVENT_IMAP_DATA,
    EVENT_IMAP_REPLY,  EVENT_HTTP_REQUEST, EVENT_HTTP_REPLY, EVENT_TLS_DATA,   EVENT_TLS_UP};

static const char *const verbs[] = {"DATA",         "DOT",  "BDAT",  "AUTH", "RETR",
                                    "LIST",         "CAPA", "FETCH", "IDLE", "CONNECT",
                                    "AUTHENTICATE", "GET",  "POST",  "MAIL"};

static void add_piece(struct log *log, unsigned kind, unsigned number, struct slice octets,
                      uint32_t seq[2])
{
    uint32_t text = log_intern(log, octets);
    const char *name = verbs[number % (sizeof verbs / sizeof *verbs)];
    uint32_t verb = log_intern(log, slice_of(name)), cause = log_count(log) - 1;
    uint32_t fields[16] = {1, verb, text, text, text, 0};
    uint16_t flags = 0;
    enum event_kind what = kinds[kind % (sizeof kinds / sizeof *kinds)];
    bool is_reply = what == EVENT_SMTP_REPLY || what == EVENT_LMTP_REPLY;
    if (what == EVENT_TCP_SEGMENT) {
        bool is_back = kind % 2;
        flags = is_back ? EVENT_SEGMENT_BACK : 0;
        fields[1] = seq[is_back];
        fields[2] = 0;
        seq[is_back] += (uint32_t)octets.size * (number % 5 != 0);
    } else if (is_reply || what == EVENT_HTTP_REPLY) {
        fields[2] = 200 + number * 13 % 400;
    } else if (what == EVENT_POP_REPLY || what == EVENT_IMAP_REPLY) {
        fields[2] = number % 2;
    } else if (what == EVENT_IMAP_DATA) {
        fields[3] = 0;
    } else if (what == EVENT_TLS_DATA) {
        fields[1] = text;
        fields[2] = 0;
        fields[3] = number % 2;
    }
    log_add(log, log_end(log) + 1000, cause, what, flags, fields);
}

static void read_pieces(struct log *log, const uint8_t *data, size_t size)
{
    uint32_t seq[2] = {0};
    for (int i = 0; i < PIECES_MAX && size >= 3; i++) {
        size_t length = data[2] < size - 3 ? data[2] : size - 3;
        add_piece(log, data[0], data[1], (struct slice){(const char *)data + 3, length}, seq);
        data += 3 + length;
        size -= 3 + length;
    }
}

static void show(const struct log *log, const struct dialogue_turns *turns)
{
    struct draw_list list;
    struct ui ui;
    struct dialogue_lines lines = {0};
    draw_init(&list, NULL, NULL);
    ui_init(&ui);
    ui_begin(&ui, &list, theme_get(THEME_LIGHT));
    for (unsigned shows = 0; shows < 2 * DIALOGUE_WIRE; shows = shows * 2 + 1)
        dialogue_lines_update(&lines, &ui, turns, shows, 300);
    for (size_t i = 0; i < turns->turns.count; i++) {
        struct turn turn;
        struct explain why;
        if (turn_read(log, log_at(log, turns->turns.items[i].event), &turn))
            (void)explain_turn(&turn, &why);
        (void)dialogue_turns_content(turns, &turns->turns.items[i]);
        (void)dialogue_turns_client_behind(turns, i);
    }
    (void)dialogue_turns_server_at(turns, log_end(log));
    ui_end(&ui);
    dialogue_lines_finish(&lines);
    ui_finish(&ui);
    draw_finish(&list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct log log;
    struct index index;
    struct bytes_index segments = {0};
    struct dialogue_turns turns = {0};
    log_init(&log);
    index_init(&index);
    log_add(&log, 0, 0, EVENT_RUN, 0, (const uint32_t[16]){0});
    log_add(&log, 0, 0, EVENT_HOST, 0, (const uint32_t[16]){log_intern(&log, SLICE("a"))});
    log_add(&log, 0, 0, EVENT_TCP_CONNECT, 0, (const uint32_t[16]){1, 1, 1, 25, 1, 0});
    read_pieces(&log, data, size);
    index_update(&index, &log);
    bytes_index_update(&segments, &log);
    dialogue_turns_update(&turns, &log, &index, &segments, 1);
    show(&log, &turns);
    dialogue_turns_finish(&turns);
    bytes_index_finish(&segments);
    index_finish(&index);
    log_finish(&log);
    return 0;
}
