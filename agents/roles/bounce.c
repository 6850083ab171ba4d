#include "agents/roles/bounce.h"

#include "agents/mail/header.h"
#include "agents/mail/message.h"
#include "sim/base/check.h"

enum { BOUNCE_OCTETS_MAX = 64 * 1024 * 1024, BOUNCE_HEADER_MAX = 64 * 1024 };

/* The original's header, whole lines of it, as far as a notice can bear. */
static struct slice header_part(struct slice header)
{
    size_t end = header.size;
    if (end > BOUNCE_HEADER_MAX)
        for (end = BOUNCE_HEADER_MAX; end > 0 && header.data[end - 1] != '\n';)
            end--;
    return slice_part(header, 0, end);
}

static void declare(struct office *office, uint32_t agent, uint32_t msg, const struct bounce *b)
{
    struct sim *sim = office->sim;
    sim_emit(sim, EVENT_DSN,
             &(struct event_dsn){.at = agent,
                                 .about = b->about,
                                 .msg = msg,
                                 .to = sim_text(sim, b->to),
                                 .action = sim_text(sim, b->action),
                                 .status = sim_text(sim, b->recipients[0].status)});
}

void bounce_send(struct office *office, uint32_t agent, struct queue *queue, const struct bounce *b)
{
    char id_text[OFFICE_ID], message_id_text[OFFICE_ID];
    struct slice host = queue_host_name(queue);
    struct slice id = office_new_id(office, agent, id_text);
    struct slice message_id = office_new_id(office, agent, message_id_text);
    struct arena arena;
    struct bytes content;
    arena_init(&arena);
    bytes_init(&content, BOUNCE_OCTETS_MAX);
    struct dsn_report report = {
        .reporting_mta = host,
        .to = b->to,
        .message_id = arena_join(&arena, (struct slice[]){message_id, SLICE("@"), host}, 3),
        .action = b->action,
        .recipients = b->recipients,
        .recipient_count = b->recipient_count,
        .now_s = office_now_s(office, agent),
        .arrival_s = b->arrival_s,
        .retry_until_s = b->retry_until_s,
        .envid = b->envid,
        .header = b->is_full ? b->header : header_part(b->header),
        .body = b->body,
        .is_full = b->is_full,
    };
    check(dsn_write(&report, &content));
    uint32_t msg = office_new_message(office, agent, SLICE(""), b->to, dsn_subject(b->action),
                                      bytes_slice(&content));
    declare(office, agent, msg, b);
    struct queue_mail mail = {.id = id,
                              .msg = msg,
                              .forward_paths = &b->to,
                              .recipient_count = 1,
                              .is_8bit = message_is_8bit(bytes_slice(&content)),
                              .is_utf8 = message_is_8bit(b->to)};
    header_split(bytes_slice(&content), &mail.header, &mail.body);
    queue_add(queue, &mail);
    bytes_finish(&content);
    arena_finish(&arena);
}
