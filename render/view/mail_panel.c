/* The picture of a mail program. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "agents/mail/mime.h"
#include "render/view/doing.h"
#include "render/view/words.h"

/* ---- drawing: people and deeds ---- */

/* Takes a place of this width in rows that fill up from the left; false when all are full. */
static bool take_place(struct draw_box *rows, struct draw_box *row, float w, float h,
                       struct draw_box *place)
{
    if (row->w < w) {
        ui_cut_top(rows, h + 6);
        *row = *rows;
    }
    if (rows->h < h)
        return false;
    row->h = h;
    *place = ui_cut_left(row, w);
    ui_cut_left(row, 6);
    return true;
}

static void draw_people(struct view *view, struct draw_box row)
{
    struct ui *ui = &view->ui;
    uint32_t agent;
    for (uint32_t n = 0; (agent = mail_program_reader(view, n)); n++) {
        struct slice id = scene_place_id(&view->scene, agent);
        struct slice label =
            arena_printf(&ui->list->arena, tr("%.*s on %.*s"),
                         SLICE_ARG(log_text(view->log, doing_agent(view, agent)->user)),
                         SLICE_ARG(scene_place_id(&view->scene, log_host_of(view->log, agent))));
        float w = draw_width(ui->list, DRAW_FONT_SANS, ui->theme->size_text, label) + 20;
        char name[UI_NAME];
        if (w > row.w)
            return;
        snprintf(name, sizeof name, "mail-of-%.*s", SLICE_ARG(slice_part(id, 0, 24)));
        ui_button(ui, name, ui_cut_left(&row, w), label.data, mail_choose_person, agent,
                  agent == view->doing->mail.agent ? UI_ON : 0);
        ui_on_key(ui, mail_program_key);
        ui_cut_left(&row, 6);
    }
}

static struct slice key_name(struct arena *arena, int key)
{
    char letter = (char)(key - 'a' + 'A');
    return key == INPUT_KEY_DELETE  ? slice_of(tr("Del"))
           : key == INPUT_KEY_ENTER ? slice_of(tr("Enter"))
                                    : arena_copy(arena, (struct slice){&letter, 1});
}

/* As many rows as they need; gives the height used. */
static float draw_deeds(struct view *view, struct draw_box box)
{
    struct ui *ui = &view->ui;
    struct draw_box rows = box, row = box, place;
    float h = button_height(ui->theme);
    for (size_t i = 0; i < mail_deed_count; i++) {
        const struct mail_deed *deed = &mail_deeds[i];
        if (!mail_deed_has(view, deed))
            continue;
        struct slice label = arena_printf(&ui->list->arena, "%s  %.*s", tr(deed->label),
                                          SLICE_ARG(key_name(&ui->list->arena, deed->key)));
        float w = draw_width(ui->list, DRAW_FONT_SANS, ui->theme->size_text, label) + 18;
        char name[UI_NAME];
        if (!take_place(&rows, &row, w, h, &place))
            break;
        snprintf(name, sizeof name, "mail-%s", deed->name);
        bool is_idle = deed->where == MAIL_BY_IMAP && view->doing->mail.box.is_idle;
        ui_button(ui, name, place, label.data, deed->act, deed->arg,
                  mail_deed_can(view, deed) ? is_idle ? UI_ON : 0 : UI_DISABLED);
        ui_on_key(ui, mail_program_key);
        ui_tip(ui, slice_of(tr(deed->tip)));
    }
    return rows.y - box.y + h;
}

/* ---- drawing: folders ---- */

static void draw_folder(struct view *view, struct draw_box row, uint32_t folder, struct slice label,
                        uint32_t count, bool is_bold)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    bool is_chosen = view->doing->mail.folder == folder;
    char name[UI_NAME];
    snprintf(name, sizeof name, "mail-folder-%.*s", SLICE_ARG(slice_part(label, 0, 24)));
    struct ui_state state = ui_region(ui, name, row, mail_choose_folder, folder);
    ui_on_key(ui, mail_program_key);
    if (is_chosen || state.is_hover || state.is_focus)
        draw_rect(ui->list, row, 4, theme->accent_soft, state.is_focus ? theme->accent : 0, 2);
    struct draw_box inside = {row.x + 8, row.y, row.w - 16, row.h};
    struct slice number = arena_printf(&ui->list->arena, "%" PRIu32, count);
    enum draw_font font = is_bold ? DRAW_FONT_BOLD : DRAW_FONT_SANS;
    ui_label(ui, ui_cut_right(&inside, draw_width(ui->list, font, theme->size_text, number)),
             DRAW_ALIGN_RIGHT, font, theme->size_text, theme->ink_soft, number);
    ui_cut_right(&inside, 6);
    ui_label(ui, inside, DRAW_ALIGN_LEFT, font, theme->size_text, theme->ink, label);
}

static void draw_folders(struct view *view, struct draw_box box)
{
    const struct mail_program *mail = &view->doing->mail;
    float step = row_height(view->ui.theme);
    for (uint32_t i = 0; i < mail->box.folder_count && box.h >= 3.5f * step; i++)
        draw_folder(view, ui_cut_top(&box, step), i, mail->box.folders[i],
                    mailbox_count(&mail->box, i), mailbox_count_unseen(&mail->box, i) > 0);
    ui_cut_top(&box, step / 2);
    draw_folder(view, ui_cut_top(&box, step), MAIL_OUTBOX, slice_of(tr("Outbox")),
                mail_program_count_own(mail, MAIL_OUTBOX),
                mail_program_count_own(mail, MAIL_OUTBOX) > 0);
    draw_folder(view, ui_cut_top(&box, step), MAIL_WRITTEN, slice_of(tr("Written here")),
                mail_program_count_own(mail, MAIL_WRITTEN), false);
}

/* ---- drawing: the list ---- */

struct line { /* of the list */
    struct slice who, subject, when, note;
    bool is_new, is_deleted;
};

static struct slice header_of(const struct view *view, const struct mailbox_item *item)
{
    const struct event_message *m = log_msg(mail_program_log(view), item->msg);
    struct slice header = log_text(mail_program_log(view), item->header), body;
    if (!item->header && m)
        header_split(log_text(mail_program_log(view), m->content), &header, &body);
    return header;
}

/* In words, so that nothing is said by a sign or colour alone. */
static struct slice notes(struct view *view, const struct mailbox_item *item, struct slice type)
{
    static const struct {
        unsigned flag;
        const char *word;
    } rows[] = {{MAILBOX_FLAGGED, TR("flagged")},
                {MAILBOX_ANSWERED, TR("answered")},
                {MAILBOX_FORWARDED, TR("passed on")},
                {MAILBOX_DELETED, TR("deleted")}};
    struct arena *arena = &view->ui.list->arena;
    struct slice out = item->flags & MAILBOX_SEEN ? SLICE("") : slice_of(tr("new"));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (item->flags & rows[i].flag)
            out = arena_printf(arena, "%.*s%s%s", SLICE_ARG(out), out.size ? ", " : "",
                               tr(rows[i].word));
    if (slice_starts_fold(type, SLICE("multipart/mixed")))
        out =
            arena_printf(arena, "%.*s%s%s", SLICE_ARG(out), out.size ? ", " : "", tr("attachment"));
    return out;
}

/* "Wed, 3 Mar 2025 09:00:00 +0000": without what is the same in all. */
static struct slice short_date(struct slice date)
{
    size_t comma = slice_find_octet(date, ',', 0);
    struct slice rest = slice_trim(comma < 4 ? slice_part(date, comma + 1, date.size) : date);
    size_t colon = slice_find_octet(rest, ':', 0);
    return colon == SLICE_NONE ? rest : slice_part(rest, 0, colon + 3);
}

static struct line line_of_item(struct view *view, const struct mailbox_item *item)
{
    struct slice header = header_of(view, item);
    struct slice subject = mail_program_field(view, header, "Subject");
    struct slice date = mail_program_field(view, header, "Date");
    return (struct line){
        .who = mail_program_field(view, header, "From"),
        .subject = subject.size ? subject : slice_of(tr("(no subject)")),
        .when = date.size ? short_date(date)
                          : words_clock(mail_program_log(view), &view->ui.list->arena, item->got),
        .note = notes(view, item, mail_program_field(view, header, "Content-Type")),
        .is_new = !(item->flags & MAILBOX_SEEN),
        .is_deleted = item->flags & MAILBOX_DELETED};
}

/* What waits, why and until when; or what has become of what was sent. */
static struct line line_of_own(struct view *view, const struct mail_own *own)
{
    struct arena *arena = &view->ui.list->arena;
    const struct event_message *m = log_msg(mail_program_log(view), own->msg);
    struct line line = {
        .who =
            arena_printf(arena, tr("to %.*s"), SLICE_ARG(log_text(mail_program_log(view), m->to))),
        .subject = words_subject(mail_program_log(view), arena, own->msg),
        .when = words_clock(
            mail_program_log(view), arena,
            log_at(mail_program_log(view), mail_program_log(view)->msgs.items[own->msg - 1])->t),
        .note = words_state(&view->scene, arena, own->msg),
        .is_new = own->waits};
    const struct event *e = own->defer ? log_at(mail_program_log(view), own->defer) : NULL;
    if (e) {
        const struct event_queue_defer *defer = event_as_queue_defer(e);
        struct slice next =
            words_clock(mail_program_log(view), arena, e->t + (int64_t)defer->next_s * 1000000000);
        line.note = arena_printf(
            arena, tr("next try at %.*s: %.*s"), SLICE_ARG(next),
            SLICE_ARG(words_first_line(log_text(mail_program_log(view), defer->reason))));
    }
    return line;
}

static void draw_line_of(struct view *view, struct draw_box row, uint32_t n,
                         const struct line *line)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    enum draw_font font = line->is_new ? DRAW_FONT_BOLD : DRAW_FONT_SANS;
    bool is_own = view->doing->mail.folder >= MAIL_OUTBOX;
    char name[UI_NAME];
    snprintf(name, sizeof name, "mail-row-%" PRIu32, n);
    struct ui_state state = ui_region(ui, name, row, mail_press_message, n);
    ui->widgets.items[ui->widgets.count - 1].can_focus = false; /* the list has it, as a whole */
    if (n == view->doing->mail.chosen || state.is_hover)
        draw_rect(ui->list, row, 4, theme->accent_soft,
                  n == view->doing->mail.chosen ? theme->accent : 0, 1);
    struct draw_box rest = {row.x + 8, row.y, row.w - 16, row.h};
    struct draw_box who = ui_cut_left(&rest, floorf(row.w * 0.24f));
    struct draw_box note = ui_cut_right(&rest, floorf(row.w * (is_own ? 0.36f : 0.22f)));
    struct draw_box when = ui_cut_right(&rest, fminf(theme->size_text * 10, row.w * 0.2f));
    ui_label(ui, ui_inset(who, 2), DRAW_ALIGN_LEFT, font, theme->size_text, theme->ink, line->who);
    ui_label(ui, ui_inset(when, 2), DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_text,
             theme->ink_soft, line->when);
    ui_label(ui, ui_inset(note, 2), DRAW_ALIGN_LEFT, font, theme->size_text, theme->ink_soft,
             line->note);
    struct draw_box subject = ui_inset(rest, 2);
    float w =
        ui_label(ui, subject, DRAW_ALIGN_LEFT, font, theme->size_text, theme->ink, line->subject);
    float middle = floorf(row.y + row.h / 2);
    if (line->is_deleted)
        draw_line(ui->list, subject.x, middle, subject.x + w, middle, theme->ink, 1, 0);
}

static void turn_list(struct view *view, uint32_t arg, float lines)
{
    (void)arg;
    doing_of(view)->mail.scroll_list -= lines;
}

static void say_empty(struct view *view, struct draw_box box)
{
    const struct mail_program *mail = &view->doing->mail;
    const char *text = TR("There is nothing in this folder.");
    if (mail->folder == MAILBOX_INBOX)
        text = mail->box.way == MAILBOX_WEB
                   ? TR("What the page of the inbox lists stands here. Press G to look at it.")
               : view->is_playing
                   ? TR("The clock runs behind this page: what the program gets comes in here.")
               : mail->box.way == MAILBOX_IMAP
                   ? TR("This program has not got any mail yet. Press G to get it, or I to wait "
                        "for it.")
                   : TR("This program has not got any mail yet. Press G to get it.");
    if (mail->folder == MAIL_OUTBOX)
        text = TR("Nothing waits here to be sent.");
    ui_paragraph(&view->ui, ui_inset(box, 12), DRAW_FONT_SANS, view->ui.theme->size_text,
                 view->ui.theme->ink_soft, slice_of(tr(text)), 3);
}

/* The newest is at the end of the list, as its numbers say, and in sight. */
static void draw_list_of(struct view *view, struct draw_box box)
{
    struct ui *ui = &view->ui;
    struct mail_program *mail = &doing_of(view)->mail;
    uint32_t count = mail_program_count(view);
    float step = row_height(ui->theme), shown = fmaxf(floorf((box.h - 8) / step), 1);
    struct ui_state state = ui_region(ui, "mail-list", box, mail_open_message, 0);
    ui_on_key(ui, mail_program_key);
    draw_rect(ui->list, box, 6, ui->theme->card,
              state.is_focus ? ui->theme->accent : ui->theme->card_edge, state.is_focus ? 2 : 1);
    if (count == 0)
        say_empty(view, box);
    float least = (float)mail->chosen - shown, most = fmaxf((float)mail->chosen - 1, 0);
    if (mail->scroll_list < least || mail->scroll_list > most)
        mail->scroll_list = fminf(fmaxf(mail->scroll_list, least), most);
    mail->scroll_list = fmaxf(fminf(mail->scroll_list, (float)count - shown), 0);
    struct draw_box inside = ui_inset(box, 4);
    uint32_t first = (uint32_t)mail->scroll_list;
    for (uint32_t n = first + 1; n <= count && (float)(n - first) <= shown; n++) {
        const struct mailbox_item *item = mail_program_item(view, n);
        const struct mail_own *own = mail_program_own(view, n);
        struct line line = item ? line_of_item(view, item) : line_of_own(view, own);
        draw_line_of(view, ui_cut_top(&inside, step), n, &line);
    }
    scroll_bar_draw(view, (struct draw_box){box.x, box.y + 4, box.w - 10, box.h - 8},
                    (float)count * step, mail->scroll_list * step);
    ui_wheel(ui, "mail-list-wheel", box, turn_list, 0);
}

/* ---- drawing: the message ---- */

static void turn_text(struct view *view, uint32_t arg, float lines)
{
    (void)arg;
    doing_of(view)->mail.scroll_text -= lines * 2;
}

static void draw_text_of(struct view *view, struct draw_box box)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct mail_program *mail = &doing_of(view)->mail;
    float step = draw_line_height(theme->size_text), y = box.y;
    struct slice text = bytes_slice(&mail->text), line;
    int lines = 0, shown = (int)(box.h / step);
    while (ui_wrap(ui, DRAW_FONT_SANS, theme->size_text, box.w, &text, &line))
        lines++;
    mail->scroll_text = fmaxf(fminf(mail->scroll_text, (float)(lines - shown)), 0);
    int skip = (int)mail->scroll_text;
    text = bytes_slice(&mail->text);
    for (int i = 0;
         i < skip + shown && ui_wrap(ui, DRAW_FONT_SANS, theme->size_text, box.w, &text, &line);
         i++) {
        if (i < skip)
            continue;
        bool is_quote = line.size && line.data[0] == '>';
        draw_string(ui->list, box.x, y, box.w, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_text,
                    is_quote ? theme->ink_soft : theme->ink, line);
        y += step;
    }
    scroll_bar_draw(view, box, (float)lines * step, mail->scroll_text * step);
    ui_wheel(ui, "mail-text-wheel", box, turn_text, 0);
}

static void draw_message(struct view *view, struct draw_box box)
{
    static const char *const names[] = {"From", "To", "Cc", "Subject", "Date"};
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    const struct mail_program *mail = &view->doing->mail;
    const struct mailbox_item *item = mail_program_item(view, mail->chosen);
    const struct mail_own *own = mail_program_own(view, mail->chosen);
    struct mailbox_item written = {.msg = own ? own->msg : 0};
    if (!item && !own)
        return;
    float step = draw_line_height(theme->size_text);
    struct slice header = header_of(view, item ? item : &written);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct slice value = mail_program_field(view, header, names[i]);
        if (value.size == 0 || box.h < 4 * step)
            continue;
        struct draw_box row = ui_cut_top(&box, step);
        struct slice label = arena_printf(&ui->list->arena, "%s:", names[i]);
        ui_label(ui, ui_cut_left(&row, theme->size_text * 5), DRAW_ALIGN_LEFT, DRAW_FONT_BOLD,
                 theme->size_text, theme->ink_soft, label);
        ui_label(ui, row, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_text, theme->ink, value);
    }
    ui_cut_top(&box, 6);
    draw_line(ui->list, box.x, box.y, box.x + box.w, box.y, theme->card_edge, 1, 0);
    ui_cut_top(&box, 8);
    box.w -= 10;
    if (item && item->is_closed)
        ui_paragraph(ui, box, DRAW_FONT_SANS, theme->size_text, theme->ink_soft,
                     slice_of(tr("The page lists it and no more. Press O to open it.")), 2);
    else
        draw_text_of(view, box);
}

static struct slice overlay_title(struct view *view)
{
    const struct mail_program *mail = &view->doing->mail;
    static const char *const ways[] = {[MAILBOX_POP3] = TR("by POP3"),
                                       [MAILBOX_IMAP] = TR("by IMAP"),
                                       [MAILBOX_FILE] = TR("from the files of its host"),
                                       [MAILBOX_WEB] = TR("in a browser")};
    return arena_printf(&view->ui.list->arena, tr("Mail of %.*s, %s"), SLICE_ARG(mail->box.user),
                        tr(ways[mail->box.way]));
}

/* Folders, the list, and the message that is read. */
static void draw_inside(struct view *view, struct draw_box inside, float list_share)
{
    float folders = view->ui.theme->size_text * 13;
    draw_folders(view, ui_cut_left(&inside, fminf(folders, inside.w * 0.22f)));
    ui_cut_left(&inside, 12);
    draw_list_of(view, ui_cut_top(&inside, floorf(inside.h * list_share)));
    ui_cut_top(&inside, 10);
    draw_message(view, inside);
}

void mail_panel_draw(struct view *view, struct draw_box box)
{
    mail_program_update(view);
    draw_inside(view, box, 0.25f); /* the letter is what a class reads */
}

static void draw_mail(struct view *view, struct draw_box all)
{
    const struct theme *theme = view->ui.theme;
    mail_program_update(view);
    struct draw_box inside =
        overlay_frame(view, all, theme->size_text * 100, all.h, overlay_title(view).data);
    draw_people(view, ui_cut_top(&inside, button_height(theme)));
    ui_cut_top(&inside, 8);
    ui_cut_top(&inside, draw_deeds(view, inside) + 10);
    draw_inside(view, inside, 0.42f);
}

const struct overlay mail_overlay = {.name = "mail", .draw = draw_mail};
