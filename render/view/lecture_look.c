/* The panel that a step speaks of, beside the map of a class: a header, the DNS, a mail program. */
#include <math.h>
#include <string.h>

#include "render/view/docks.h"
#include "render/view/doing.h"
#include "render/view/lesson_panel.h"
#include "render/view/mail_program.h"
#include "render/view/tr.h"

/* NULL: it is the mail program, or there is none. */
static const struct tab *tab_of(struct slice name)
{
    for (int i = 0; i < tab_count; i++)
        if (slice_equal(name, slice_of(tabs[i].name)))
            return &tabs[i];
    return NULL;
}

/* "Header", "Console: hub" */
static void draw_title(struct view *view, struct draw_box *row, const char *label,
                       struct slice whose)
{
    struct ui *ui = &view->ui;
    float size = ui->theme->size_text;
    struct slice text =
        arena_printf(&ui->list->arena, "%s%s%.*s", label, whose.size ? ": " : "", SLICE_ARG(whose));
    float w = fminf(draw_width(ui->list, DRAW_FONT_BOLD, size, text) + 20, row->w);
    ui_label(ui, ui_cut_left(row, w), DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, size, ui->theme->ink, text);
}

/* A panel about a host is about the chosen one. */
static void choose_host(struct view *view, uint32_t host)
{
    struct lesson_panel *panel = view->lesson;
    if (host)
        view->chosen_host = host;
    else if (panel->look_host && view->chosen_host == panel->look_host)
        view->chosen_host = 0;
    panel->look_host = host;
}

/* What waits in the outbox, or what has come last: when it has changed. */
static void show_news(struct view *view, struct mail_program *mail, uint32_t *known)
{
    uint32_t waiting = mail_program_count_own(mail, MAIL_OUTBOX), folder = mail->folder;
    mail->folder = MAILBOX_INBOX;
    uint32_t mails = mail_program_count(view), now = (waiting << 16) + mails + 1;
    mail->folder = folder;
    if (now == *known)
        return;
    *known = now;
    mail_choose_folder(view, waiting ? MAIL_OUTBOX : MAILBOX_INBOX);
    mail->chosen = waiting ? waiting : mails;
}

static void draw_mail(struct view *view, struct draw_box box, uint32_t place)
{
    uint32_t agent = mail_program_of(view, place);
    if (!agent)
        return;
    struct mail_program *mail = &doing_of(view)->mail;
    if (mail->agent != agent)
        mail_choose_person(view, agent);
    mail_program_update(view);
    show_news(view, mail, &view->lesson->look_mails);
    mail_panel_draw(view, box);
}

void lecture_look_tell(const struct view *view, struct arena *arena, struct bytes *out)
{
    const struct lesson_step *step = lecture_looked_at(view);
    const struct tab *tab = step ? tab_of(step->look) : NULL;
    if (tab && tab->tell)
        tab->tell((struct view *)view, arena, out);
}

/* More of them become a heap of dots beside a panel. */
static bool has_many_hosts(const struct view *view)
{
    enum { BESIDE_MAX = 6 };
    uint32_t hosts = 0;
    for (uint32_t place = 1; place <= log_place_count(view->log); place++)
        hosts += log_host_of(view->log, place) == place;
    return hosts > BESIDE_MAX;
}

bool lecture_look_is_alone(const struct view *view)
{
    const struct lesson_step *step = lecture_looked_at(view);
    if (lecture_is_asking(view))
        return true;
    return step && (!tab_of(step->look) || has_many_hosts(view)); /* a letter needs the room */
}

bool lecture_look_draw(struct view *view, struct draw_box *all)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    const struct lesson_step *step = lecture_looked_at(view);
    struct slice look = step ? step->look : SLICE(""), whose = step ? step->look_host : SLICE("");
    const struct tab *tab = tab_of(look);
    uint32_t place = whose.size ? log_find_place(view->log, whose) : 0;
    choose_host(view, tab && place ? log_host_of(view->log, place) : 0);
    if (look.size == 0) {
        view->lesson->look_mails = 0;
        return false;
    }
    bool is_alone = lecture_look_is_alone(view);
    struct draw_box box = ui_cut_right(all, is_alone ? all->w : floorf(all->w * 0.6f));
    ui_cut_right(all, fminf(12, all->w));
    ui_region(ui, "lecture-look", box, NULL, 0);
    draw_rect(ui->list, box, 8, theme->panel, theme->panel_edge, 1);
    box = (struct draw_box){box.x + 12, box.y + 4, box.w - 24, box.h - 14};
    struct draw_box row = ui_cut_top(&box, draw_line_height(theme->size_text) + 10);
    draw_title(view, &row, tab ? tr(tab->label) : tr("Mail program"), whose);
    ui_cut_top(&box, 6);
    if (tab)
        tab->draw(view, box, &row);
    else
        draw_mail(view, box, place);
    return is_alone;
}
