/* What the role asks of the session once it is READY. */
#include "sim/base/check.h"
#include "agents/mail/address.h"
#include "agents/proto/smtp_client_part.h"

/* Octets above 127 may stand in an address only together with SMTPUTF8 (RFC 6531 3.3). */
static bool is_path(const struct smtp_client_transaction *t, struct slice path)
{
    struct address address;
    return path.size + 2 <= SMTP_PATH_MAX &&
           (t->is_utf8 ? address_read_utf8(path, &address) : address_read(path, &address));
}

/* Our own reply to a transaction that must not be tried; code 0 when it may. */
static struct smtp_reply find_refusal(const struct smtp_client *c)
{
    const struct smtp_client_transaction *t = &c->transaction;
    uint64_t most = c->offers.size_max;
    if (most == 0 || most > SMTP_CLIENT_MESSAGE_MAX || c->options.announces_size)
        most = SMTP_CLIENT_MESSAGE_MAX;
    if (smtp_client_message_size(t) > most)
        return (struct smtp_reply){552, SLICE("5.3.4"),
                                   SLICE("message size exceeds the server's limit")};
    if (t->is_8bit && !c->offers.eightbit)
        return (struct smtp_reply){554, SLICE("5.6.3"),
                                   SLICE("the server takes no 8-bit messages")};
    if (t->is_utf8 && !c->offers.utf8)
        return (struct smtp_reply){550, SLICE("5.6.7"),
                                   SLICE("the server takes no internationalized messages")};
    if (t->reverse_path.size > 0 && !is_path(t, t->reverse_path))
        return (struct smtp_reply){553, SLICE("5.1.7"), SLICE("the sender is no mail address")};
    return (struct smtp_reply){0};
}

static void start_transaction(struct smtp_client *c, const struct smtp_client_transaction *t)
{
    c->transaction = *t;
    vector_clear(&c->fates);
    for (size_t i = 0; i < t->recipient_count; i++)
        *vector_add(&c->fates) = is_path(t, t->forward_paths[i]) ? SMTP_CLIENT_IS_ADDRESS : 0;
    c->in_flight = c->accepted = 0;
    c->is_data_sent = c->sender_refused = false;
    c->next_sent = c->next_answered = smtp_client_skip_invalid(c, 0);
    bytes_reuse(&c->chunks);
    c->chunks_sent = 0;
}

void smtp_client_send(struct smtp_client *c, const struct smtp_client_transaction *t)
{
    check(c->state == SMTP_CLIENT_STATE_IDLE && c->report_count == 0 && t->recipient_count > 0);
    start_transaction(c, t);
    struct smtp_reply refusal = find_refusal(c);
    if (refusal.code) {
        smtp_client_remember(c, &refusal);
        smtp_client_report(c, SMTP_CLIENT_REPORT_REST);
        smtp_client_report(c, SMTP_CLIENT_REPORT_REFUSED);
        smtp_client_enter(c, SMTP_CLIENT_STATE_IDLE);
        return;
    }
    smtp_client_report(c, SMTP_CLIENT_REPORT_INVALID);
    if (c->next_sent < t->recipient_count) {
        smtp_client_enter(c, SMTP_CLIENT_STATE_MAIL);
        return;
    }
    smtp_client_remember(c, &smtp_client_no_address);
    smtp_client_report(c, SMTP_CLIENT_REPORT_REFUSED);
    smtp_client_enter(c, SMTP_CLIENT_STATE_IDLE);
}

/* Commands that change nothing in a session which is between two transactions. */
static const char *find_question(struct slice verb)
{
    static const char *const questions[] = {"VRFY", "EXPN", "HELP", "NOOP", "RSET", "ETRN"};
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        if (slice_equal_fold(verb, slice_of(questions[i])))
            return questions[i];
    return NULL;
}

bool smtp_client_ask(struct smtp_client *c, struct slice line)
{
    struct slice rest = line, verb = {0};
    slice_cut(&rest, ' ', &verb);
    const char *question = find_question(verb);
    bool is_fine = question && line.size <= SMTP_CLIENT_ASK_MAX;
    for (size_t i = 0; i < line.size && is_fine; i++)
        is_fine = (unsigned char)line.data[i] >= ' ' && line.data[i] != 0x7f;
    if (!is_fine || c->state != SMTP_CLIENT_STATE_IDLE)
        return false;
    c->asked = question;
    smtp_client_put_line(c, "", line);
    smtp_client_enter(c, SMTP_CLIENT_STATE_ASK);
    return true;
}

void smtp_client_quit(struct smtp_client *c)
{
    if (c->state == SMTP_CLIENT_STATE_IDLE)
        smtp_client_enter(c, SMTP_CLIENT_STATE_QUIT);
}
