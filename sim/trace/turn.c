#include "sim/trace/turn.h"

static enum turn_outcome of_code(uint32_t code)
{
    return code < 400 ? TURN_OUTCOME_GOOD : code < 500 ? TURN_OUTCOME_LATER : TURN_OUTCOME_BAD;
}

static enum turn_outcome of_word(uint32_t ok)
{
    return ok ? TURN_OUTCOME_GOOD : TURN_OUTCOME_BAD;
}

/* smtp.cmd, lmtp.cmd, pop.cmd, imap.cmd and http.request have the same fields. */
static void read_command(const struct log *log, const struct event *e, enum turn_protocol protocol,
                         struct turn *turn)
{
    *turn = (struct turn){.protocol = protocol,
                          .conn = e->v[0],
                          .verb = log_text(log, e->v[1]),
                          .arg = log_text(log, e->v[2]),
                          .msg = e->v[3]};
}

/* smtp.reply and lmtp.reply. */
static void read_code(const struct log *log, const struct event *e, enum turn_protocol protocol,
                      struct turn *turn)
{
    *turn = (struct turn){.protocol = protocol,
                          .conn = e->v[0],
                          .is_reply = true,
                          .verb = log_text(log, e->v[1]),
                          .code = e->v[2],
                          .esc = log_text(log, e->v[3]),
                          .text = log_text(log, e->v[4]),
                          .msg = e->v[5],
                          .outcome = of_code(e->v[2])};
}

static void read_response(const struct log *log, const struct event_http_reply *reply,
                          struct turn *turn)
{
    *turn = (struct turn){.protocol = TURN_HTTP,
                          .conn = reply->conn,
                          .is_reply = true,
                          .verb = log_text(log, reply->method),
                          .code = reply->code,
                          .text = log_text(log, reply->text),
                          .msg = reply->msg,
                          .outcome = of_code(reply->code)};
    if (turn->outcome == TURN_OUTCOME_LATER) /* RFC 9110 15.5: a 4xx is the asker's mistake */
        turn->outcome = TURN_OUTCOME_BAD;
}

/* pop.reply and imap.reply. */
static void read_word(const struct log *log, const struct event *e, enum turn_protocol protocol,
                      struct turn *turn)
{
    *turn = (struct turn){.protocol = protocol,
                          .conn = e->v[0],
                          .is_reply = true,
                          .verb = log_text(log, e->v[1]),
                          .text = log_text(log, e->v[3]),
                          .msg = e->v[4],
                          .outcome = of_word(e->v[2])};
}

/* "3 (UID 7)" in the trace stands for "3 FETCH (UID 7)" on the wire (RFC 9051 7.4, 7.5). */
static struct slice take_number(struct slice *text)
{
    size_t n = 0;
    while (n < text->size && text->data[n] >= '0' && text->data[n] <= '9')
        n++;
    struct slice number = slice_part(*text, 0, n);
    bool is_number = n && (n == text->size || text->data[n] == ' ');
    if (is_number)
        *text = slice_part(*text, n + (n < text->size), text->size);
    return is_number ? number : (struct slice){"", 0};
}

static void read_data(const struct log *log, const struct event_imap_data *data, struct turn *turn)
{
    *turn = (struct turn){.protocol = TURN_IMAP,
                          .conn = data->conn,
                          .is_reply = true,
                          .is_data = true,
                          .verb = log_text(log, data->verb),
                          .text = log_text(log, data->text),
                          .msg = data->msg};
    if (!slice_equal_fold(turn->verb, SLICE("SEARCH")) &&
        !slice_equal_fold(turn->verb, SLICE("SORT")))
        turn->number = take_number(&turn->text);
}

bool turn_read(const struct log *log, const struct event *e, struct turn *turn)
{
    if (e->kind == EVENT_SMTP_CMD)
        read_command(log, e, TURN_SMTP, turn);
    else if (e->kind == EVENT_SMTP_REPLY)
        read_code(log, e, TURN_SMTP, turn);
    else if (e->kind == EVENT_LMTP_CMD)
        read_command(log, e, TURN_LMTP, turn);
    else if (e->kind == EVENT_LMTP_REPLY)
        read_code(log, e, TURN_LMTP, turn);
    else if (e->kind == EVENT_POP_CMD)
        read_command(log, e, TURN_POP3, turn);
    else if (e->kind == EVENT_POP_REPLY)
        read_word(log, e, TURN_POP3, turn);
    else if (e->kind == EVENT_IMAP_CMD)
        read_command(log, e, TURN_IMAP, turn);
    else if (e->kind == EVENT_IMAP_DATA)
        read_data(log, event_as_imap_data(e), turn);
    else if (e->kind == EVENT_IMAP_REPLY)
        read_word(log, e, TURN_IMAP, turn);
    else if (e->kind == EVENT_HTTP_REQUEST)
        read_command(log, e, TURN_HTTP, turn);
    else if (e->kind == EVENT_HTTP_REPLY)
        read_response(log, event_as_http_reply(e), turn);
    else
        return false;
    return true;
}

const char *turn_protocol_name(enum turn_protocol protocol)
{
    static const char *const names[TURN_PROTOCOL_COUNT] = {"TCP",  "SMTP", "LMTP",
                                                           "POP3", "IMAP", "HTTP"};
    return names[protocol];
}

enum turn_protocol turn_protocol_of_port(uint32_t port)
{
    switch (port) {
    case 25:
    case 465:
    case 587:
        return TURN_SMTP;
    case 24:
        return TURN_LMTP;
    case 110:
    case 995:
        return TURN_POP3;
    case 143:
    case 993:
        return TURN_IMAP;
    case 80:
    case 443:
        return TURN_HTTP;
    default:
        return TURN_NONE;
    }
}

bool turn_is_pull(enum turn_protocol protocol)
{
    return protocol == TURN_POP3 || protocol == TURN_IMAP || protocol == TURN_HTTP;
}

const char *turn_status(const struct turn *turn)
{
    bool good = turn->outcome == TURN_OUTCOME_GOOD;
    if (turn->protocol == TURN_POP3 && turn->is_reply)
        return good ? "+OK" : "-ERR";
    if (turn->protocol == TURN_IMAP && turn->is_reply)
        return turn->is_data ? "*" : good ? "OK" : "NO";
    return "";
}

static bool has_text(struct slice s, const char *part)
{
    return slice_find(s, slice_of(part), 0) != SLICE_NONE;
}

bool turn_carries_message(const struct turn *command, const struct turn *reply)
{
    if (!command)
        return false;
    struct slice verb = command->verb;
    switch (command->protocol) {
    case TURN_SMTP:
    case TURN_LMTP:
        return slice_equal_fold(verb, SLICE("BDAT")) ||
               (reply && reply->code == 354 && slice_equal_fold(reply->verb, SLICE("DATA")));
    case TURN_POP3:
        return slice_equal_fold(verb, SLICE("RETR")) || slice_equal_fold(verb, SLICE("TOP"));
    case TURN_IMAP:
        return slice_equal_fold(verb, SLICE("APPEND")) ||
               (slice_ends(verb, SLICE("FETCH")) &&
                (has_text(command->arg, "BODY[") || has_text(command->arg, "BODY.PEEK[") ||
                 has_text(command->arg, "BINARY") || has_text(command->arg, "RFC822")));
    case TURN_HTTP:
        return slice_equal(verb, SLICE("POST"));
    case TURN_NONE:
    case TURN_PROTOCOL_COUNT:
        break;
    }
    return false;
}

/* A record of TLS: its type, and a version that has begun with 3 ever since (RFC 8446 5.1). */
static bool is_record(struct slice data)
{
    return data.size >= 3 && data.data[0] >= 20 && data.data[0] <= 24 && data.data[1] == 3;
}

/* What no protocol of mail says in clear. */
static bool has_control(struct slice data)
{
    for (size_t i = 0; i < data.size; i++)
        if ((unsigned char)data.data[i] < ' ' && data.data[i] != '\r' && data.data[i] != '\n' &&
            data.data[i] != '\t')
            return true;
    return false;
}

struct slice turn_said(const struct log *log, const struct event *e, bool *is_hidden)
{
    const struct event_tcp_segment *segment = event_as_tcp_segment(e);
    const struct event_tls_data *within = event_as_tls_data(log_at(log, e->cause));
    struct slice data = log_text(log, segment->data);
    struct log_parties parties = {0};
    *is_hidden = false;
    if (within && within->conn == segment->conn)
        return log_text(log, within->data);
    (void)log_parties(log, e, &parties);
    bool will_be = segment->conn - 1 < log->tls.count && log->tls.items[segment->conn - 1];
    *is_hidden = data.size && (parties.tls || is_record(data) || (will_be && has_control(data)));
    return *is_hidden ? (struct slice){"", 0} : data;
}
