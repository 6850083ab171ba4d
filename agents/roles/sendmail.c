#include "agents/roles/sendmail.h"

#include "agents/mail/address.h"
#include "agents/mail/header.h"
#include "agents/mail/message.h"
#include "agents/mail/received.h"
#include "agents/roles/completion.h"
#include "agents/roles/mta.h"
#include "sim/base/memory.h"

enum { HEADER_GROWTH_MAX = 64 * 1024 };

struct submission {
    struct office *office;
    const struct sendmail_mail *mail;
    const struct office_agent *mta;
    struct slice domain, id;
    struct queue_mail queued;
    struct bytes header;
    struct arena arena;
};

static const struct office_agent *find_mta(const struct office *office, uint32_t place)
{
    return office_find_agent(office, net_host_of(office->net, place), &mta_role);
}

bool sendmail_exists(const struct office *office, uint32_t place)
{
    return find_mta(office, place) != NULL;
}

static struct slice qualify(struct submission *s, struct slice path)
{
    if (path.size == 0 || address_domain(path).size > 0)
        return path;
    return arena_join(&s->arena, (struct slice[]){path, SLICE("@"), s->domain}, 3);
}

/* One field, as a server would have written it (RFC 5321 4.4), but no client came by TCP. */
static bool write_received(struct submission *s)
{
    struct office *office = s->office;
    uint32_t agent = s->mta->place;
    const struct received received = {
        .by = net_host_name(office->net, agent),
        .id = s->id,
        .comment =
            arena_join(&s->arena, (struct slice[]){SLICE("from "), s->queued.reverse_path}, 2),
        .rcpt = s->queued.recipient_count == 1 ? s->queued.forward_paths[0] : SLICE(""),
        .unix_s = office_now_s(office, agent),
        .zone_min = office_zone(office, agent),
        .has_date = true,
        .is_utf8 = s->queued.is_utf8,
    };
    return received_write(&received, &s->header);
}

static bool write_header(struct submission *s, struct slice header, struct problem *problem)
{
    const struct completion completion = {
        .office = s->office,
        .agent = s->mta->place,
        .msg = s->mail->msg,
        .domain = s->domain,
        .author = s->queued.reverse_path,
        .adds_domains = true,
        .adds_fields = true,
    };
    bytes_init(&s->header, header.size * 2 + HEADER_GROWTH_MAX);
    if (!write_received(s))
        return problem_set(problem, "the header is too long");
    switch (completion_write(&completion, header, &s->header)) {
    case COMPLETION_OK:
        return true;
    case COMPLETION_NO_FROM:
        return problem_set(problem, "the message says not who it is from");
    case COMPLETION_TOO_LONG:
        break;
    }
    return problem_set(problem, "the header is too long");
}

static void fill_envelope(struct submission *s)
{
    const struct sendmail_mail *mail = s->mail;
    struct slice *paths = arena_take(&s->arena, mail->recipient_count * sizeof *paths);
    struct queue_notify *notify = arena_take(&s->arena, mail->recipient_count * sizeof *notify);
    for (size_t i = 0; i < mail->recipient_count; i++) {
        paths[i] = qualify(s, mail->forward_paths[i]);
        notify[i] = (struct queue_notify){.when = mail->notify, .orcpt = SLICE("")};
        s->queued.is_utf8 |= message_is_8bit(paths[i]);
    }
    s->queued.id = s->id;
    s->queued.msg = mail->msg;
    s->queued.reverse_path = qualify(s, mail->reverse_path);
    s->queued.forward_paths = paths;
    s->queued.recipient_count = mail->recipient_count;
    s->queued.is_utf8 |= message_is_8bit(s->queued.reverse_path);
    s->queued.is_8bit = message_is_8bit(mail->content);
    s->queued.ret = mail->ret;
    s->queued.envid = SLICE("");
    s->queued.notify = mail->notify ? notify : NULL;
}

static void accept(struct submission *s)
{
    struct sim *sim = s->office->sim;
    sim_emit(sim, EVENT_ACCEPT,
             &(struct event_accept){s->mta->place, s->mail->msg, 0, sim_text(sim, s->id),
                                    sim_text(sim, s->queued.header),
                                    sim_text(sim, s->queued.body)});
    queue_add(s->mta->role->queue(s->mta->self), &s->queued);
}

static bool submit(struct submission *s, struct problem *problem)
{
    char id[OFFICE_ID];
    struct slice header;
    s->id = office_new_id(s->office, s->mta->place, id);
    s->domain = mta_domain(s->mta->self);
    header_split(s->mail->content, &header, &s->queued.body);
    fill_envelope(s);
    bool ok = write_header(s, header, problem);
    s->queued.header = bytes_slice(&s->header);
    if (ok)
        accept(s);
    bytes_finish(&s->header);
    return ok;
}

bool sendmail_submit(struct office *office, const struct sendmail_mail *mail,
                     struct problem *problem)
{
    struct submission s = {.office = office, .mail = mail, .mta = find_mta(office, mail->by)};
    if (!s.mta)
        return problem_set(problem, "there is no MTA on %.*s to hand mail to",
                           SLICE_ARG(net_host_id(office->net, mail->by)));
    if (mail->recipient_count == 0)
        return problem_set(problem, "there is nobody to send to");
    arena_init(&s.arena);
    bool ok = submit(&s, problem);
    arena_finish(&s.arena);
    return ok;
}
