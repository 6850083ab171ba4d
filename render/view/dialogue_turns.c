#include "render/view/dialogue_turns.h"

void dialogue_turns_finish(struct dialogue_turns *turns)
{
    vector_finish(&turns->turns);
    dialogue_stream_finish(&turns->stream);
}

static void begin(struct dialogue_turns *t, const struct log *log, const struct index *index,
                  uint32_t conn)
{
    vector_clear(&t->turns);
    dialogue_stream_clear(&t->stream);
    t->log = log;
    t->conn = conn;
    t->next = t->last_known = t->oldest = 0;
    t->is_secured = false;
    t->protocol = TURN_NONE;
    if (conn - 1 < index->conn_first.count)
        t->next = index->conn_first.items[conn - 1];
}

/* The segment that an event came from: up its causes, over what else was done in between. Turns of
   one segment are each caused by the one before, so what is known of that is used. */
static uint32_t segment_of(const struct dialogue_turns *t, const struct event *e)
{
    enum { STEPS_MAX = 64 };
    size_t known = t->turns.count;
    for (int i = 0; i < STEPS_MAX && e->cause; i++) {
        uint32_t id = e->cause;
        e = log_at(t->log, id);
        const struct event_tcp_segment *segment = event_as_tcp_segment(e);
        if (segment && segment->conn == t->conn)
            return id;
        while (known && t->turns.items[known - 1].event > id)
            known--;
        if (known && t->turns.items[known - 1].event == id)
            return t->turns.items[known - 1].segment;
    }
    return 0;
}

/* DONE is the answer to IDLE; else a reply names the verb that it answers. */
static bool is_answer_to(const struct dialogue_turns *t, const struct turn *reply,
                         const struct dialogue_turn *command)
{
    struct turn asked;
    return !command->is_reply && turn_read(t->log, log_at(t->log, command->event), &asked) &&
           (slice_equal_fold(asked.verb, reply->verb) ||
            (slice_equal(reply->verb, SLICE("DONE")) &&
             slice_equal_fold(asked.verb, SLICE("IDLE"))));
}

/* The command that a reply answers: replies come in the order of the commands. */
static uint32_t take_asked(struct dialogue_turns *t, const struct turn *reply)
{
    enum { AHEAD_MAX = 2000 };
    size_t end = t->oldest + AHEAD_MAX < t->turns.count ? t->oldest + AHEAD_MAX : t->turns.count;
    for (size_t i = t->oldest; i < end; i++)
        if (is_answer_to(t, reply, &t->turns.items[i])) {
            t->oldest = (uint32_t)i + 1;
            return (uint32_t)i + 1;
        }
    return 0;
}

static uint32_t next_waiting(struct dialogue_turns *t)
{
    while (t->oldest < t->turns.count &&
           (t->turns.items[t->oldest].is_reply || t->turns.items[t->oldest].answer))
        t->oldest++;
    return t->oldest < t->turns.count ? t->oldest + 1 : 0;
}

/* What was agreed on by STARTTLS counts from the handshake on. */
static void note_tls(struct dialogue_turns *t, uint32_t before)
{
    uint32_t up = t->conn - 1 < t->log->tls.count ? t->log->tls.items[t->conn - 1] : 0;
    if (!t->is_secured && up && up < before) {
        states_secured(&t->fold);
        t->is_secured = true;
    }
}

static bool is_illegal(const struct dialogue_turns *t, const struct turn *command)
{
    bool is_known = states_count(t->protocol) > 0;
    bool is_word = t->protocol == TURN_IMAP && slice_equal_fold(command->verb, SLICE("DONE"));
    /* within an exchange each line is one of its responses */
    bool is_response = slice_equal_fold(command->verb, SLICE("AUTH")) && t->turns.count > 0 &&
                       t->fold.smtp.state == SMTP_STATE_AUTH;
    int verb = states_find_verb(t->protocol, command->verb);
    return is_known && !is_word && !is_response &&
           !states_is_legal(t->protocol, t->fold.state, verb);
}

/*
 * The server takes one command after the other and answers each: a command that came together with
 * others counts in the state that the answer to the one before has led to.
 */
static void fold_reply(struct dialogue_turns *t, struct dialogue_turn *line,
                       const struct turn *reply)
{
    struct dialogue_turn *asked = line->answer ? &t->turns.items[line->answer - 1] : NULL;
    if (asked) {
        struct turn command;
        (void)turn_read(t->log, log_at(t->log, asked->event), &command);
        asked->answer = (uint32_t)t->turns.count;
        asked->state = t->fold.state;
        asked->is_illegal = is_illegal(t, &command);
        states_command(&t->fold, &command);
    }
    states_reply(&t->fold, reply);
}

static void take_octets(struct dialogue_turns *t, struct dialogue_turn *new,
                        const struct turn *turn)
{
    struct turn command;
    bool has_command = new->answer &&turn_read(
        t->log, log_at(t->log, t->turns.items[new->answer - 1].event), &command);
    dialogue_stream_take(&t->stream, turn, has_command ? &command : NULL, &new->line,
                         &new->content);
}

static void add_turn(struct dialogue_turns *t, uint32_t event)
{
    const struct event *e = log_at(t->log, event);
    struct turn turn;
    if (!turn_read(t->log, e, &turn))
        return;
    if (t->protocol == TURN_NONE) {
        t->protocol = turn.protocol;
        states_begin(&t->fold, t->protocol);
    }
    note_tls(t, event);
    struct dialogue_turn new = {
        .event = event, .segment = segment_of(t, e), .is_reply = turn.is_reply};
    if (turn.is_reply && !turn.is_data)
        new.answer = take_asked(t, &turn);
    take_octets(t, &new, &turn);
    *vector_add(&t->turns) = new;
    struct dialogue_turn *line = &t->turns.items[t->turns.count - 1];
    if (turn.is_reply)
        fold_reply(t, line, &turn);
    else
        line->is_illegal = next_waiting(t) == t->turns.count && is_illegal(t, &turn);
    line->state = t->fold.state;
    line->waiting = next_waiting(t);
}

void dialogue_turns_update(struct dialogue_turns *t, const struct log *log,
                           const struct index *index, const struct bytes_index *segments,
                           uint32_t conn)
{
    if (t->log != log || t->conn != conn)
        begin(t, log, index, conn);
    if (!conn)
        return;
    dialogue_stream_update(&t->stream, log, segments, conn);
    if (!t->next) { /* the last one that was known may have got one behind it */
        t->next = t->last_known                        ? index->turn_next.items[t->last_known - 1]
                  : conn - 1 < index->conn_first.count ? index->conn_first.items[conn - 1]
                                                       : 0;
    }
    while (t->next) {
        add_turn(t, index->turns.ids.items[t->next - 1]);
        t->last_known = t->next;
        t->next = index->turn_next.items[t->next - 1];
    }
}

size_t dialogue_turns_below(const struct dialogue_turns *t, uint32_t event)
{
    size_t low = 0, high = t->turns.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (t->turns.items[middle].event < event)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int64_t dialogue_turns_find(const struct dialogue_turns *t, uint32_t event)
{
    size_t place = dialogue_turns_below(t, event);
    bool is_there = place < t->turns.count && t->turns.items[place].event == event;
    return is_there ? (int64_t)place : DIALOGUE_TURNS_NONE;
}

/* ---- at a moment ---- */

static int64_t sent_at(const struct dialogue_turns *t, const struct dialogue_turn *turn)
{
    return log_at(t->log, turn->segment ? turn->segment : turn->event)->t;
}

static size_t read_by(const struct dialogue_turns *t, int64_t moment)
{
    return dialogue_turns_below(t, log_count_until(t->log, moment));
}

/* Replies that are on their way count: who sent them has gone on. */
int dialogue_turns_server_at(const struct dialogue_turns *t, int64_t moment)
{
    enum { IN_FLIGHT_MAX = 2000 };
    size_t read = read_by(t, moment);
    int state = 0;
    for (size_t i = read; i > 0; i--)
        if (t->turns.items[i - 1].is_reply) {
            state = t->turns.items[i - 1].state;
            break;
        }
    for (size_t i = read; i < t->turns.count && i < read + IN_FLIGHT_MAX; i++) {
        const struct dialogue_turn *turn = &t->turns.items[i];
        if (turn->is_reply && sent_at(t, turn) > moment)
            break;
        if (turn->is_reply)
            state = turn->state;
    }
    uint32_t up = t->conn && t->conn - 1 < t->log->tls.count ? t->log->tls.items[t->conn - 1] : 0;
    if (up && log_at(t->log, up)->t <= moment) {
        struct states_fold fold = {.protocol = t->protocol, .state = state};
        fold.smtp.state = (enum smtp_state)state;
        states_secured(&fold);
        state = fold.state;
    }
    return state;
}

static struct slice verb_at(const struct dialogue_turns *t, size_t place)
{
    struct turn turn;
    return turn_read(t->log, log_at(t->log, t->turns.items[place].event), &turn) ? turn.verb
                                                                                 : SLICE("");
}

/* The message itself is no command: its reply is waited for from 354 on. Nothing comes behind the
   reply to QUIT. */
static struct slice waits_for(const struct dialogue_turns *t, size_t read)
{
    if (read == 0)
        return SLICE("CONNECT");
    const struct dialogue_turn *last = &t->turns.items[read - 1];
    struct turn turn;
    if (last->waiting)
        return verb_at(t, last->waiting - 1);
    if (!turn_read(t->log, log_at(t->log, last->event), &turn) || !turn.is_reply)
        return SLICE("");
    bool is_over = turn.code == 421 || slice_equal_fold(turn.verb, SLICE("QUIT")) ||
                   slice_equal_fold(turn.verb, SLICE("LOGOUT"));
    return turn.code == 354 ? SLICE("DOT") : is_over ? SLICE("CLOSED") : SLICE("");
}

static struct slice client_at(const struct dialogue_turns *t, size_t read, int64_t moment)
{
    struct slice verb = waits_for(t, read);
    if (verb.size)
        return verb;
    for (size_t i = read; i < t->turns.count && !t->turns.items[i].is_reply; i++)
        if (sent_at(t, &t->turns.items[i]) <= moment)
            return verb_at(t, i);
    return SLICE("");
}

struct slice dialogue_turns_client_at(const struct dialogue_turns *t, int64_t moment)
{
    return client_at(t, read_by(t, moment), moment);
}

struct slice dialogue_turns_client_behind(const struct dialogue_turns *t, size_t place)
{
    return client_at(t, place + 1, log_at(t->log, t->turns.items[place].event)->t);
}

/* ---- octets ---- */

struct slice dialogue_turns_line(const struct dialogue_turns *t, const struct dialogue_turn *turn)
{
    return stream_text(&t->stream, turn->is_reply ? STREAM_SERVER : STREAM_CLIENT, turn->line);
}

int dialogue_turns_content_side(const struct dialogue_turns *t, const struct dialogue_turn *turn)
{
    bool is_mail = t->protocol == TURN_SMTP || t->protocol == TURN_LMTP;
    return turn->is_reply && !is_mail ? STREAM_SERVER : STREAM_CLIENT;
}

struct slice dialogue_turns_content(const struct dialogue_turns *t,
                                    const struct dialogue_turn *turn)
{
    return stream_text(&t->stream, dialogue_turns_content_side(t, turn), turn->content);
}
