/* What the buttons and keys of a mail program do: each ends in an action line. */
#include "render/view/mail_program.h"

#include <stdio.h>

#include "render/view/compose.h"
#include "render/view/doing.h"

static struct mail_program *mail_of(struct view *view)
{
    return &doing_of(view)->mail;
}

static struct slice agent_id(const struct view *view)
{
    return scene_place_id(&view->scene, view->doing->mail.agent);
}

/* ---- choosing ---- */

static void focus_list(struct view *view)
{
    snprintf(view->ui.focus, sizeof view->ui.focus, "mail-list");
}

void mail_choose(struct view *view, uint32_t n)
{
    struct mail_program *mail = mail_of(view);
    uint32_t count = mail_program_count(view);
    mail->chosen = n < 1 ? 1 : n > count ? count : n;
    mail->scroll_text = 0;
    focus_list(view);
    const struct mailbox_item *item = mail_program_item(view, mail->chosen);
    const struct mail_own *own = mail_program_own(view, mail->chosen);
    if (item || own)
        select_message(view, item ? item->msg : own->msg);
}

void mail_choose_folder(struct view *view, uint32_t folder)
{
    struct mail_program *mail = mail_of(view);
    mail->folder = folder;
    mail->scroll_list = 0;
    mail_choose(view, mail_program_count(view)); /* the newest */
}

static void step_folder(struct view *view, bool is_next)
{
    const struct mail_program *mail = mail_of(view);
    uint32_t last = mail->box.folder_count - 1, folder = mail->folder;
    if (is_next)
        folder = folder == MAIL_WRITTEN ? MAILBOX_INBOX : folder == last ? MAIL_OUTBOX : folder + 1;
    else
        folder = folder == MAILBOX_INBOX ? MAIL_WRITTEN : folder == MAIL_OUTBOX ? last : folder - 1;
    mail_choose_folder(view, folder);
}

void mail_choose_person(struct view *view, uint32_t agent)
{
    struct mail_program *mail = mail_of(view);
    mail->agent = agent;
    mail_program_update(view);
    mail_choose_folder(view, MAILBOX_INBOX);
}

/* ---- action lines ---- */

/* By number; in another folder than INBOX on an IMAP server the numbers are the server's, so there
   it is its subject. */
static struct slice choice(struct view *view, struct arena *arena, uint32_t n)
{
    const struct mail_program *mail = mail_of(view);
    const struct mailbox_item *item = mail_program_item(view, n);
    const struct event_message *m = item ? log_msg(mail_program_log(view), item->msg) : NULL;
    struct slice which = arena_printf(arena, "%u", n);
    if (mail->folder == MAILBOX_INBOX)
        return request_value(arena, "message", which);
    if (mail->box.way == MAILBOX_IMAP && m)
        which = log_text(mail_program_log(view), m->subject);
    struct slice values[] = {request_value(arena, "message", which),
                             request_value(arena, "folder", mail->box.folders[mail->folder])};
    return arena_join(arena, values, 2);
}

/* verb by=AGENT message=N and what follows. */
static void do_chosen(struct view *view, const char *verb, const char *rest)
{
    struct arena arena;
    arena_init(&arena);
    struct slice which = choice(view, &arena, mail_of(view)->chosen);
    doing_do(view, arena_printf(&arena, "%s by=%.*s%.*s%s", verb, SLICE_ARG(agent_id(view)),
                                SLICE_ARG(which), rest));
    arena_finish(&arena);
}

static void do_all(struct view *view, const char *verb, const char *rest)
{
    struct arena arena;
    arena_init(&arena);
    doing_do(view, arena_printf(&arena, "%s by=%.*s%s", verb, SLICE_ARG(agent_id(view)), rest));
    arena_finish(&arena);
}

static void get_mail(struct view *view, uint32_t arg)
{
    (void)arg;
    if (mail_program_is_web(view))
        do_all(view, "browse", " page=inbox");
    else
        do_all(view, "fetch", "");
}

static void answer(struct view *view, uint32_t mode)
{
    const struct mail_program *mail = mail_of(view);
    const struct mailbox_item *item = mail_program_item(view, mail->chosen);
    struct arena arena;
    arena_init(&arena);
    if (mode == COMPOSE_NEW || item) {
        struct compose_answer about = {
            .agent = mail->agent, .mode = (enum compose_mode)mode, .msg = item ? item->msg : 0};
        if (mode != COMPOSE_NEW) {
            about.choice = choice(view, &arena, mail->chosen);
            about.text = bytes_slice(&mail->text);
        }
        compose_open(view, &about);
    }
    arena_finish(&arena);
}

static void delete_chosen(struct view *view, uint32_t arg)
{
    (void)arg;
    do_chosen(view, "delete", "");
}

static void expunge(struct view *view, uint32_t arg)
{
    const struct mail_program *mail = mail_of(view);
    struct arena arena;
    (void)arg;
    arena_init(&arena);
    struct slice folder = mail->folder == MAILBOX_INBOX || mail->folder >= MAIL_OUTBOX
                              ? SLICE("")
                              : request_value(&arena, "folder", mail->box.folders[mail->folder]);
    do_all(view, "expunge", arena_copy(&arena, folder).data);
    arena_finish(&arena);
}

/* On when it is off, and off when it is on. */
static void flag(struct view *view, uint32_t which)
{
    const struct mailbox_item *item = mail_program_item(view, mail_of(view)->chosen);
    if (!item)
        return;
    bool on = item->flags & which;
    if (which == MAILBOX_SEEN && !on)
        do_chosen(view, "read", "");
    else if (which == MAILBOX_SEEN)
        do_chosen(view, "flag", " flag=Seen off");
    else
        do_chosen(view, "flag", on ? " flag=Flagged off" : " flag=Flagged on");
}

static void move_to(struct view *view, uint32_t folder)
{
    struct mail_program *mail = mail_of(view);
    struct arena arena;
    arena_init(&arena);
    if (folder < mail->box.folder_count)
        do_chosen(view, "move", request_value(&arena, "to", mail->box.folders[folder]).data);
    arena_finish(&arena);
}

static void submit_move(struct view *view, struct sheet *sheet)
{
    struct slice which = choice(view, &sheet->arena, mail_of(view)->chosen);
    sheet_do(view, sheet, SHEET_GIVEN,
             arena_printf(&sheet->arena, "move by=%.*s%.*s", SLICE_ARG(agent_id(view)),
                          SLICE_ARG(which)));
}

static void move_elsewhere(struct view *view, uint32_t arg)
{
    (void)arg;
    struct sheet *sheet = sheet_begin(view, tr("Move to a new folder"), SLICE(""), submit_move);
    struct sheet_row *row = sheet_add(sheet, "to", tr("Folder"), SLICE(""));
    row->is_required = true;
    sheet_show(view);
}

static void move_chosen(struct view *view, uint32_t arg)
{
    const struct mail_program *mail = mail_of(view);
    (void)arg;
    struct menu *menu = menu_begin(view, slice_of(tr("Move to")));
    for (uint32_t i = 0; i < mail->box.folder_count; i++) {
        char name[UI_NAME];
        snprintf(name, sizeof name, "folder-%u", i);
        if (i != mail->folder)
            menu_act(menu, name, arena_copy(&menu->arena, mail->box.folders[i]).data, move_to, i);
    }
    if (mail->box.way == MAILBOX_IMAP) /* elsewhere it has to be there before */
        menu_act(menu, "new", tr("Another folder ..."), move_elsewhere, 0);
    menu_show(view);
}

static void submit_folder(struct view *view, struct sheet *sheet)
{
    sheet_do(view, sheet, SHEET_GIVEN,
             arena_printf(&sheet->arena, "folder by=%.*s", SLICE_ARG(agent_id(view))));
}

static void new_folder(struct view *view, uint32_t arg)
{
    (void)arg;
    struct sheet *sheet = sheet_begin(view, tr("New folder"), SLICE(""), submit_folder);
    struct sheet_row *row = sheet_add(sheet, "create", tr("Name"), SLICE(""));
    row->is_required = true;
    sheet_show(view);
}

static void idle(struct view *view, uint32_t arg)
{
    (void)arg;
    do_all(view, "idle", mail_of(view)->box.is_idle ? " off" : " on");
}

/* ---- in a browser it is the page's list that counts ---- */

static void submit_browse(struct view *view, struct sheet *sheet)
{
    sheet_do(view, sheet, SHEET_GIVEN,
             arena_printf(&sheet->arena, "browse by=%.*s page=%.*s", SLICE_ARG(agent_id(view)),
                          SLICE_ARG(sheet->subject)));
}

/* The one that is chosen in the list is proposed. */
static void browse(struct view *view, uint32_t is_delete)
{
    uint32_t chosen = mail_program_item(view, mail_of(view)->chosen) ? mail_of(view)->chosen : 1;
    struct sheet *sheet = sheet_begin(
        view, is_delete ? tr("Delete a message of the page") : tr("Open a message"),
        slice_of(tr("The browser follows the link of the page's list.")), submit_browse);
    struct sheet_row *row =
        sheet_add(sheet, "message", tr("Which one"), arena_printf(&sheet->arena, "%u", chosen));
    sheet_explain(sheet, row, tr("its place in the list, from 1"));
    row->is_required = true;
    sheet->subject = is_delete ? SLICE("delete") : SLICE("message");
    sheet_show(view);
}

/* ---- the table ---- */

const struct mail_deed mail_deeds[] = {
    {"get", TR("Get mail"), 'g', get_mail, 0, MAIL_EVERYWHERE, false,
     TR("Asks the server for new mail")},
    {"write", TR("Write"), 'm', answer, COMPOSE_NEW, MAIL_EVERYWHERE, false, TR("A new message")},
    {"web-open", TR("Open"), 'o', browse, false, MAIL_IN_BROWSER, false,
     TR("Opens a message of the page")},
    {"web-delete", TR("Delete"), INPUT_KEY_DELETE, browse, true, MAIL_IN_BROWSER, false,
     TR("Presses the page's button to delete a message")},
    {"open", TR("Open"), INPUT_KEY_ENTER, mail_open_message, 0, MAIL_IN_PROGRAM, true,
     TR("Opens it: it counts as read then")},
    {"reply", TR("Reply"), 'r', answer, COMPOSE_REPLY, MAIL_IN_PROGRAM, true, TR("To its author")},
    {"reply-all", TR("Reply all"), 'a', answer, COMPOSE_REPLY_ALL, MAIL_IN_PROGRAM, true,
     TR("To all who have it")},
    {"forward", TR("Forward"), 'o', answer, COMPOSE_FORWARD, MAIL_IN_PROGRAM, true,
     TR("To somebody else")},
    {"delete", TR("Delete"), INPUT_KEY_DELETE, delete_chosen, 0, MAIL_IN_PROGRAM, true,
     TR("Marks it as deleted; Expunge removes it")},
    {"expunge", TR("Expunge"), 'x', expunge, 0, MAIL_IN_PROGRAM, false,
     TR("Removes for good what is marked as deleted in this folder")},
    {"flag", TR("Flag"), 'f', flag, MAILBOX_FLAGGED, MAIL_IN_PROGRAM, true,
     TR("Flags it, or takes the flag away")},
    {"seen", TR("Read/unread"), 's', flag, MAILBOX_SEEN, MAIL_IN_PROGRAM, true,
     TR("Marks it as read, or as not read")},
    {"move", TR("Move"), 'v', move_chosen, 0, MAIL_IN_PROGRAM, true, TR("Into another folder")},
    {"folder", TR("New folder"), 'n', new_folder, 0, MAIL_IN_PROGRAM, false,
     TR("On the server with IMAP, else in the program")},
    {"idle", TR("Idle"), 'i', idle, 0, MAIL_BY_IMAP, false,
     TR("Stays with the server and hears of new mail at once (RFC 9051 6.3.13)")},
};
const size_t mail_deed_count = sizeof mail_deeds / sizeof *mail_deeds;

bool mail_deed_has(const struct view *view, const struct mail_deed *deed)
{
    bool is_web = mail_program_is_web(view);
    switch (deed->where) {
    case MAIL_EVERYWHERE:
        return true;
    case MAIL_IN_PROGRAM:
        return !is_web;
    case MAIL_BY_IMAP:
        return view->doing->mail.box.way == MAILBOX_IMAP;
    case MAIL_IN_BROWSER:
        return is_web;
    }
    return false;
}

bool mail_deed_can(const struct view *view, const struct mail_deed *deed)
{
    return mail_deed_has(view, deed) &&
           (!deed->needs_message || mail_program_item(view, view->doing->mail.chosen));
}

/* ---- the keyboard ---- */

/* Who opens a message has read it. */
void mail_open_message(struct view *view, uint32_t arg)
{
    const struct mailbox_item *item = mail_program_item(view, mail_of(view)->chosen);
    (void)arg;
    if (item && item->is_closed)
        do_chosen(view, "browse", " page=message");
    else if (item && !(item->flags & MAILBOX_SEEN) && !mail_program_is_web(view))
        do_chosen(view, "read", "");
}

/* The first press chooses it, one more opens it, as a double click does. */
void mail_press_message(struct view *view, uint32_t n)
{
    bool was_chosen = mail_of(view)->chosen == n;
    mail_choose(view, n);
    if (was_chosen)
        mail_open_message(view, 0);
}

static bool move_key(struct view *view, int key)
{
    struct mail_program *mail = mail_of(view);
    uint32_t count = mail_program_count(view);
    if (key == INPUT_KEY_UP || key == INPUT_KEY_DOWN)
        mail_choose(view, key == INPUT_KEY_DOWN ? mail->chosen + 1
                          : mail->chosen > 1    ? mail->chosen - 1
                                                : 1);
    else if (key == INPUT_KEY_HOME || key == INPUT_KEY_END)
        mail_choose(view, key == INPUT_KEY_HOME ? 1 : count);
    else if (key == INPUT_KEY_LEFT || key == INPUT_KEY_RIGHT)
        step_folder(view, key == INPUT_KEY_RIGHT);
    else if (key == INPUT_KEY_PAGE_UP || key == INPUT_KEY_PAGE_DOWN)
        mail->scroll_text += key == INPUT_KEY_PAGE_DOWN ? 8 : -8;
    else
        return false;
    return true;
}

bool mail_program_key(struct view *view, uint32_t arg, int key)
{
    (void)arg;
    if (key == INPUT_KEY_ENTER)
        return false; /* presses what has the focus: of the list, the message */
    for (size_t i = 0; i < mail_deed_count; i++)
        if (mail_deeds[i].key == key && mail_deed_can(view, &mail_deeds[i])) {
            mail_deeds[i].act(view, mail_deeds[i].arg);
            return true;
        }
    return move_key(view, key);
}
