#include "render/view/mail_program.h"

#include "agents/mail/mime.h"
#include "render/view/doing.h"
#include "render/view/time_panels.h"

enum { TEXT_OCTETS = 65536, SCRATCH_OCTETS = 4096 };

/* ---- what it has ---- */

void mail_program_finish(struct mail_program *mail)
{
    mailbox_finish(&mail->box);
    vector_finish(&mail->own);
    bytes_finish(&mail->text);
    bytes_finish(&mail->scratch);
}

void mail_program_forget(struct mail_program *mail)
{
    mailbox_forget(&mail->box);
    mail->own_log = NULL;
    mail->text_msg = 0;
}

static bool waits_here(const struct view *view, uint32_t msg, uint32_t agent)
{
    const struct scene_message *m = scene_find_message(&view->scene, msg);
    const struct scene_hold *holds = view->scene.now.holds.items;
    for (uint32_t i = m ? m->first_hold : 0; i; i = holds[i - 1].next)
        if (holds[i - 1].place == agent && holds[i - 1].is_queued)
            return true;
    return false;
}

/* Why the last attempt failed, if that was not long ago. */
static uint32_t find_defer(const struct view *view, uint32_t msg, uint32_t agent)
{
    enum { LOOK_BACK = 20000 };
    uint32_t count = view->scene.now.event_count;
    for (uint32_t i = 0; i < LOOK_BACK && i < count; i++) {
        const struct event_queue_defer *e = event_as_queue_defer(log_at(view->log, count - 1 - i));
        if (e && e->msg == msg && e->at == agent)
            return count - 1 - i;
    }
    return 0;
}

static void find_own(struct view *view, struct mail_program *mail)
{
    uint32_t events = view->scene.now.event_count;
    vector_clear(&mail->own);
    for (uint32_t msg = 1; log_msg(view->log, msg); msg++) {
        if (log_msg(view->log, msg)->by != mail->agent || view->log->msgs.items[msg - 1] >= events)
            continue;
        bool waits = waits_here(view, msg, mail->agent);
        *vector_add(&mail->own) =
            (struct mail_own){msg, waits, waits ? find_defer(view, msg, mail->agent) : 0};
    }
}

static void read_text(struct view *view, struct mail_program *mail)
{
    const struct mailbox_item *item = mail_program_item(view, mail->chosen);
    const struct mail_own *own = mail_program_own(view, mail->chosen);
    uint32_t msg = item ? item->msg : own ? own->msg : 0;
    uint32_t header = item ? item->header : 0, body = item ? item->body : 0;
    if (msg == mail->text_msg && header == mail->text_header && body == mail->text_body)
        return;
    mail->text_msg = msg;
    mail->text_header = header;
    mail->text_body = body;
    bytes_finish(&mail->text);
    bytes_init(&mail->text, TEXT_OCTETS);
    struct mailbox_item written = {.msg = msg};
    struct arena arena;
    arena_init(&arena);
    if (msg)
        mail_text(mailbox_content(&mail->box, item ? item : &written, &arena), &mail->text);
    arena_finish(&arena);
}

/* Before it has been seen to fetch, its settings say how it will. */
static void find_way(const struct view *view, struct mail_program *mail)
{
    struct slice protocol;
    if (mail->box.way == MAILBOX_WEB ||
        !forms_setting(view, mail->agent, SLICE("incoming_protocol"), &protocol))
        return;
    mail->box.way = slice_equal(protocol, SLICE("imap"))   ? MAILBOX_IMAP
                    : slice_equal(protocol, SLICE("file")) ? MAILBOX_FILE
                                                           : MAILBOX_POP3;
}

void mail_program_update(struct view *view)
{
    struct mail_program *mail = &doing_of(view)->mail;
    if (!doing_agent(view, mail->agent))
        return;
    struct view *shown = compare_shown(view); /* the run in which deeds are done */
    view_refresh(shown);
    uint32_t events = shown->scene.now.event_count;
    if (mail->own_log != shown->log || mail->own_events != events ||
        mail->own_agent != mail->agent) {
        mail->own_log = shown->log;
        mail->own_events = events;
        mail->own_agent = mail->agent;
        mailbox_seek(&mail->box, shown->log, mail->agent, events);
        find_way(shown, mail);
        find_own(shown, mail);
    }
    if (mail->folder < MAIL_OUTBOX && mail->folder >= mail->box.folder_count)
        mail->folder = MAILBOX_INBOX;
    uint32_t count = mail_program_count(view);
    if (mail->chosen > count || mail->chosen == 0)
        mail->chosen = count;
    read_text(view, mail);
}

const struct log *mail_program_log(const struct view *view)
{
    const struct log *log = view->doing->mail.own_log;
    return log ? log : view->log;
}

bool mail_program_is_web(const struct view *view)
{
    return view->doing->mail.box.way == MAILBOX_WEB;
}

const struct mail_own *mail_program_own(const struct view *view, uint32_t n)
{
    const struct mail_program *mail = &view->doing->mail;
    for (size_t i = 0; mail->folder >= MAIL_OUTBOX && i < mail->own.count; i++)
        if ((mail->folder == MAIL_WRITTEN || mail->own.items[i].waits) && n-- == 1)
            return &mail->own.items[i];
    return NULL;
}

const struct mailbox_item *mail_program_item(const struct view *view, uint32_t n)
{
    const struct mail_program *mail = &view->doing->mail;
    return mail->folder < MAIL_OUTBOX ? mailbox_find(&mail->box, mail->folder, n) : NULL;
}

uint32_t mail_program_count_own(const struct mail_program *mail, uint32_t folder)
{
    uint32_t count = 0;
    for (size_t i = 0; i < mail->own.count; i++)
        count += folder == MAIL_WRITTEN || mail->own.items[i].waits;
    return count;
}

uint32_t mail_program_count(const struct view *view)
{
    const struct mail_program *mail = &view->doing->mail;
    return mail->folder < MAIL_OUTBOX ? mailbox_count(&mail->box, mail->folder)
                                      : mail_program_count_own(mail, mail->folder);
}

struct slice mail_program_field(struct view *view, struct slice header, const char *name)
{
    struct bytes *scratch = &doing_of(view)->mail.scratch;
    struct header_field field;
    if (scratch->ceiling == 0)
        bytes_init(scratch, SCRATCH_OCTETS);
    bytes_clear(scratch);
    if (!header_find(header, slice_of(name), 1, &field))
        return SLICE("");
    if (!mime_decode_words(slice_part(field.value, 0, SCRATCH_OCTETS / 2), scratch))
        return SLICE("");
    return arena_copy(&view->ui.list->arena, slice_trim(bytes_slice(scratch)));
}

/* ---- opening ---- */

static bool is_reader(const struct view *view, uint32_t place)
{
    return doing_has_role(view, place, "mua") || doing_has_role(view, place, "browser");
}

uint32_t mail_program_reader(const struct view *view, uint32_t n)
{
    for (uint32_t place = 1; place <= log_place_count(view->log); place++)
        if (is_reader(view, place) && scene_is_there(&view->scene, place) && n-- == 0)
            return place;
    return 0;
}

static uint32_t reader_of_host(const struct view *view, uint32_t host)
{
    uint32_t agent = 0;
    while (host && (agent = doing_next_agent(view, host, agent)))
        if (is_reader(view, agent))
            return agent;
    return 0;
}

uint32_t mail_program_of(const struct view *view, uint32_t place)
{
    return is_reader(view, place) ? place : reader_of_host(view, place);
}

void mail_program_open(struct view *view, uint32_t agent)
{
    if (!agent || !is_reader(view, agent)) {
        view_notify(view, slice_of(tr("Nobody here has a mail program")));
        return;
    }
    view->is_playing = false;
    if (view->overlay != &mail_overlay)
        overlay_open(view, &mail_overlay);
    mail_choose_person(view, agent);
}

void mail_program_act(struct view *view, uint32_t arg)
{
    uint32_t agent = reader_of_host(view, view->chosen_host);
    uint32_t last = doing_of(view)->mail.agent;
    (void)arg;
    if (!agent)
        agent = is_reader(view, last) ? last : mail_program_reader(view, 0);
    if (view->overlay == &mail_overlay)
        overlay_close(view);
    else
        mail_program_open(view, agent);
}
