#include "render/view/compose.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "render/view/doing.h"
#include "render/view/people.h"
#include "render/view/words.h"
#include "sim/base/memory.h"

enum { ATTACHMENTS = 3 };

enum compose_field {
    FIELD_FROM,
    FIELD_TO,
    FIELD_CC,
    FIELD_BCC,
    FIELD_SUBJECT,
    FIELD_BODY,
    FIELD_ATTACH, /* a name and a content each, and so on for ATTACHMENTS of them */
    FIELD_COUNT = FIELD_ATTACH + 2 * ATTACHMENTS
};

struct draft {
    struct ui_edit fields[FIELD_COUNT];
    bool is_sent; /* another is begun when it is opened the next time */
};

struct compose_form {
    struct draft drafts[2]; /* of a new message; of an answer */
    enum compose_mode mode;
    uint32_t agent, msg;
    struct arena arena; /* of the answer: */
    struct slice choice, quoted;
};

static const char *const names[FIELD_COUNT] = {
    "compose-from",          "compose-to",          "compose-cc",
    "compose-bcc",           "compose-subject",     "compose-body",
    "compose-attach",        "compose-attach-text", "compose-attach-2",
    "compose-attach-text-2", "compose-attach-3",    "compose-attach-text-3"};
static const char *const labels[] = {TR("From"), TR("To"),      TR("Cc"),
                                     TR("Bcc"),  TR("Subject"), TR("Text")};
static const char *const keys[] = {"from", "to", "cc", "bcc", "subject", "body"};

static struct compose_form *form_of(struct view *view)
{
    if (!view->compose)
        view->compose = memory_take(sizeof *view->compose);
    return view->compose;
}

static bool is_answer(const struct compose_form *form)
{
    return form->mode != COMPOSE_NEW;
}

static struct draft *draft_of(struct compose_form *form)
{
    return &form->drafts[is_answer(form)];
}

static bool has_field(const struct compose_form *form, int field)
{
    if (form->mode == COMPOSE_REPLY || form->mode == COMPOSE_REPLY_ALL ||
        form->mode == COMPOSE_FORWARD)
        return field == FIELD_TO || field == FIELD_CC || field >= FIELD_BODY;
    return true;
}

/* ---- who there is ---- */

static struct slice field_text(const struct view *view, int field)
{
    const struct ui_edit *edit = &draft_of(view->compose)->fields[field];
    return slice_trim((struct slice){edit->text, edit->size});
}

/* The browser in which the author writes, if that is how; else 0. */
static uint32_t author_browser(const struct view *view)
{
    uint32_t place = 0, browser = 0;
    while ((place = people_next(view, place))) {
        if (!slice_equal_fold(people_user(view, place), field_text(view, FIELD_FROM)))
            continue;
        if (!doing_has_role(view, place, "browser"))
            return 0;
        browser = place;
    }
    return browser;
}

/* ---- opening ---- */

/* The author of a new message stays for the next one; to whom it goes is for each to say. */
static void begin_draft(struct draft *draft)
{
    for (int i = FIELD_TO; draft->is_sent && i < FIELD_COUNT; i++)
        ui_edit_set(&draft->fields[i], SLICE(""));
    draft->is_sent = false;
}

static void fill_empty(struct ui_edit *edit, struct slice text)
{
    if (edit->size == 0)
        ui_edit_set(edit, text);
}

static void open_new(struct view *view, uint32_t agent)
{
    struct ui_edit *fields = form_of(view)->drafts[0].fields;
    view->compose->mode = COMPOSE_NEW;
    begin_draft(&view->compose->drafts[0]);
    if (agent)
        ui_edit_set(&fields[FIELD_FROM], people_author(view, agent));
    fill_empty(&fields[FIELD_FROM], people_user(view, people_next(view, 0)));
    struct slice author = agent ? people_user(view, agent) : field_text(view, FIELD_FROM);
    if (agent && slice_equal_fold(field_text(view, FIELD_TO), author))
        ui_edit_set(&fields[FIELD_TO], SLICE("")); /* what was meant for somebody else's message */
    fill_empty(&fields[FIELD_TO], people_other(view, author));
    fill_empty(&fields[FIELD_SUBJECT], slice_of(tr("Hello")));
    ui_edit_select_all(&fields[FIELD_SUBJECT]); /* the first letter that is typed replaces it */
    snprintf(view->ui.focus, sizeof view->ui.focus, "%s", names[FIELD_SUBJECT]);
}

/* What was typed before stays; a new form starts with the first two people. */
static void open_form(struct view *view)
{
    if (!is_answer(form_of(view)))
        open_new(view, 0);
}

static void open_answer(struct view *view, const struct compose_answer *about)
{
    struct compose_form *form = form_of(view);
    bool is_same =
        form->msg == about->msg && form->agent == about->agent && form->mode == about->mode;
    arena_reset(&form->arena);
    form->mode = about->mode;
    form->agent = about->agent;
    form->msg = about->msg;
    form->choice = arena_copy(&form->arena, about->choice);
    form->quoted = arena_copy(&form->arena, slice_part(about->text, 0, 4000));
    begin_draft(&form->drafts[1]);
    for (int i = 0; !is_same && i < FIELD_COUNT; i++)
        ui_edit_set(&form->drafts[1].fields[i], SLICE(""));
    overlay_open(view, &compose_overlay);
    snprintf(view->ui.focus, sizeof view->ui.focus, "%s",
             names[about->mode == COMPOSE_FORWARD ? FIELD_TO : FIELD_BODY]);
}

void compose_open(struct view *view, const struct compose_answer *about)
{
    view->notice_ms = 0;
    if (about->mode != COMPOSE_NEW) {
        open_answer(view, about);
        return;
    }
    form_of(view)->mode = COMPOSE_NEW;
    overlay_open(view, &compose_overlay);
    open_new(view, about->agent);
}

void compose_act(struct view *view, uint32_t arg)
{
    (void)arg;
    if (view->overlay == &compose_overlay) {
        overlay_close(view);
        return;
    }
    compose_open(view, &(struct compose_answer){.agent = people_at(view, view->chosen_host)});
}

void compose_finish(struct view *view)
{
    if (view->compose)
        arena_finish(&view->compose->arena);
    free(view->compose);
}

/* ---- sending ---- */

static struct slice add_value(const struct view *view, struct arena *arena, struct slice line,
                              const char *key, int field)
{
    struct slice text = field_text(view, field);
    if (text.size == 0)
        return line;
    return arena_printf(arena, "%.*s%.*s", SLICE_ARG(line),
                        SLICE_ARG(request_value(arena, key, text)));
}

static struct slice add_attachments(const struct view *view, struct arena *arena, struct slice line)
{
    for (int i = 0; i < ATTACHMENTS; i++) {
        struct slice name = field_text(view, FIELD_ATTACH + 2 * i);
        if (name.size == 0)
            continue;
        struct slice both = arena_printf(arena, "%.*s:%.*s", SLICE_ARG(name),
                                         SLICE_ARG(field_text(view, FIELD_ATTACH + 2 * i + 1)));
        line = arena_printf(arena, "%.*s%.*s", SLICE_ARG(line),
                            SLICE_ARG(request_value(arena, "attach", both)));
    }
    return line;
}

static struct slice new_line(const struct view *view, struct arena *arena)
{
    uint32_t browser = author_browser(view);
    struct slice line = SLICE("send");
    if (browser)
        line = arena_printf(arena, "browse by=%.*s page=send",
                            SLICE_ARG(scene_place_id(&view->scene, browser)));
    for (int i = 0; i <= FIELD_BODY; i++) {
        bool is_known = i == FIELD_TO || i == FIELD_SUBJECT || i == FIELD_BODY;
        if (!browser || is_known) /* a page has no more fields */
            line = add_value(view, arena, line, keys[i], i);
    }
    return browser ? line : add_attachments(view, arena, line);
}

static struct slice answer_line(const struct view *view, struct arena *arena)
{
    const struct compose_form *form = view->compose;
    struct slice line =
        arena_printf(arena, "%s by=%.*s%.*s%s", form->mode == COMPOSE_FORWARD ? "forward" : "reply",
                     SLICE_ARG(scene_place_id(&view->scene, form->agent)), SLICE_ARG(form->choice),
                     form->mode == COMPOSE_REPLY_ALL ? " all=true" : "");
    static const int fields[] = {FIELD_TO, FIELD_CC, FIELD_BODY};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        line = add_value(view, arena, line, keys[fields[i]], fields[i]);
    return add_attachments(view, arena, line);
}

static const char *what_is_missing(const struct view *view)
{
    const struct compose_form *form = view->compose;
    if (!is_answer(form) && field_text(view, FIELD_FROM).size == 0)
        return TR("A message needs an author and a recipient");
    bool needs_to = !is_answer(form) || form->mode == COMPOSE_FORWARD;
    if (needs_to && field_text(view, FIELD_TO).size + field_text(view, FIELD_CC).size +
                            field_text(view, FIELD_BCC).size ==
                        0)
        return TR("A message needs an author and a recipient");
    for (int i = 0; i < ATTACHMENTS; i++)
        if (!field_text(view, FIELD_ATTACH + 2 * i).size !=
            !field_text(view, FIELD_ATTACH + 2 * i + 1).size)
            return TR("An attachment needs a name and a content");
    return NULL;
}

static void send(struct view *view, uint32_t arg)
{
    const char *missing = what_is_missing(view);
    struct arena arena;
    (void)arg;
    if (missing) {
        asking_say(view, slice_of(tr(missing)));
        return;
    }
    arena_init(&arena);
    if (doing_ask(view,
                  is_answer(view->compose) ? answer_line(view, &arena) : new_line(view, &arena))) {
        draft_of(view->compose)->is_sent = true;
        view->chosen_msg = view->chosen_conn = 0; /* the new message is followed */
    }
    arena_finish(&arena);
}

/* ---- drawing ---- */

static void fill_field(struct view *view, enum compose_field field, uint32_t place)
{
    ui_edit_set(&draft_of(form_of(view))->fields[field], people_user(view, place));
}

static void fill_from(struct view *view, uint32_t place)
{
    fill_field(view, FIELD_FROM, place);
}

/* One more, or the only one. */
static void fill_to(struct view *view, uint32_t place)
{
    struct ui_edit *edit = &draft_of(form_of(view))->fields[FIELD_TO];
    if (slice_find((struct slice){edit->text, edit->size}, people_user(view, place), 0) !=
        SLICE_NONE)
        ui_edit_set(edit, people_user(view, place));
    else
        fill_field(view, FIELD_TO, place);
}

/* The people of this world, to be put into the field with one press. */
static void draw_people(struct view *view, struct draw_box row, enum compose_field field)
{
    struct ui *ui = &view->ui;
    uint32_t place = 0;
    for (int n = 1; (place = people_next(view, place)); n++) {
        struct slice user = people_user(view, place);
        float width = draw_width(ui->list, DRAW_FONT_SANS, ui->theme->size_text, user) + 24;
        if (width > row.w)
            return;
        if (people_is_repeated(view, place))
            continue;
        char name[UI_NAME];
        snprintf(name, sizeof name, "fill-%s-%d", field == FIELD_FROM ? "from" : "to", n);
        ui_button(ui, name, ui_cut_left(&row, width), user.data,
                  field == FIELD_FROM ? fill_from : fill_to, place, 0);
        ui_cut_left(&row, 8);
    }
}

static void draw_field(struct view *view, struct draw_box row, int field, const char *label,
                       const char *hint)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct draw_box left = ui_cut_left(&row, theme->size_text * 6);
    left.h = button_height(theme);
    ui_label(ui, left, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, theme->size_text, theme->ink_soft,
             slice_of(label));
    ui_field(ui, names[field], row, &draft_of(view->compose)->fields[field],
             &(struct ui_field_ways){.is_lines = field == FIELD_BODY, .hint = hint});
}

static void draw_row(struct view *view, struct draw_box *inside, enum compose_field field,
                     float height, bool has_people)
{
    const struct theme *theme = view->ui.theme;
    const char *hint =
        is_answer(view->compose) && field == FIELD_TO && view->compose->mode != COMPOSE_FORWARD
            ? tr("the program fills in who gets the answer; others besides")
            : NULL;
    draw_field(view, ui_cut_top(inside, height), field, tr(labels[field]), hint);
    ui_cut_top(inside, 8);
    if (is_answer(view->compose) || !has_people)
        return;
    struct draw_box people = ui_cut_top(inside, button_height(theme));
    ui_cut_left(&people, theme->size_text * 6);
    draw_people(view, people, field);
    ui_cut_top(inside, 8);
}

/* Two of a row. */
static void draw_copies(struct view *view, struct draw_box *inside, float height)
{
    struct draw_box row = ui_cut_top(inside, height);
    ui_cut_top(inside, 8);
    if (!has_field(view->compose, FIELD_BCC)) {
        draw_field(view, row, FIELD_CC, tr(labels[FIELD_CC]), NULL);
        return;
    }
    float half = floorf((row.w - 16) / 2);
    draw_field(view, ui_cut_left(&row, half), FIELD_CC, tr(labels[FIELD_CC]), NULL);
    ui_cut_left(&row, 16);
    draw_field(view, row, FIELD_BCC, tr(labels[FIELD_BCC]), NULL);
}

/* The next pair of fields appears when the one before is filled in. */
static int count_attachments(const struct view *view)
{
    int count = 1;
    while (count < ATTACHMENTS && field_text(view, FIELD_ATTACH + 2 * count - 2).size)
        count++;
    return count;
}

static void draw_attachments(struct view *view, struct draw_box *inside, float height)
{
    for (int i = 0; i < count_attachments(view); i++) {
        struct draw_box row = ui_cut_top(inside, height);
        struct draw_box name = ui_cut_left(&row, floorf(row.w * 0.42f));
        ui_cut_left(&row, 8);
        draw_field(view, name, FIELD_ATTACH + 2 * i, i ? "" : tr("Attach"), "photo.png");
        int field = FIELD_ATTACH + 2 * i + 1;
        ui_field(&view->ui, names[field], row, &draft_of(view->compose)->fields[field],
                 &(struct ui_field_ways){.hint = tr("its text, or a number of octets: 20000")});
        ui_cut_top(inside, 8);
    }
}

/* What the program will write below the text: it quotes the message as it has it. */
static void draw_quote(struct view *view, struct draw_box box)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float step = draw_line_height(theme->size_text);
    ui_cut_left(&box, theme->size_text * 6);
    ui_label(ui, ui_cut_top(&box, step), DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_small,
             theme->ink_soft,
             slice_of(view->compose->mode == COMPOSE_FORWARD
                          ? tr("The program adds what is passed on:")
                          : tr("The program adds, each line behind a >:")));
    ui_clip(ui, box);
    draw_line(ui->list, box.x + 1, box.y, box.x + 1, box.y + box.h, theme->ink_faint, 2, 0);
    ui_cut_left(&box, 12);
    ui_paragraph(ui, box, DRAW_FONT_SANS, theme->size_text, theme->ink_soft, view->compose->quoted,
                 (int)(box.h / step));
    ui_unclip(ui);
}

static struct slice form_title(struct view *view)
{
    const struct compose_form *form = view->compose;
    static const char *const titles[] = {[COMPOSE_NEW] = TR("Write a message"),
                                         [COMPOSE_REPLY] = TR("Reply"),
                                         [COMPOSE_REPLY_ALL] = TR("Reply to all"),
                                         [COMPOSE_FORWARD] = TR("Forward")};
    struct slice title = slice_of(tr(titles[form->mode]));
    if (!is_answer(form))
        return title;
    struct arena *arena = &view->ui.list->arena;
    return arena_printf(arena, tr("%.*s as %.*s: %.*s"), SLICE_ARG(title),
                        SLICE_ARG(people_user(view, form->agent)),
                        SLICE_ARG(words_subject(view->log, arena, form->msg)));
}

static void draw_foot(struct view *view, struct draw_box foot)
{
    struct ui *ui = &view->ui;
    const char *label = tr("Send  Ctrl + Enter");
    float width = draw_width(ui->list, DRAW_FONT_SANS, ui->theme->size_text, slice_of(label)) + 32;
    ui_button(ui, "compose-send", ui_cut_right(&foot, width), label, send, 0, UI_PRIMARY);
}

/* Nothing is in the fields for copies and attachments. */
static bool is_plain(const struct view *view)
{
    static const int fields[] = {FIELD_CC, FIELD_BCC, FIELD_ATTACH, FIELD_ATTACH + 1};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (field_text(view, fields[i]).size)
            return false;
    return true;
}

static void draw_form(struct view *view, struct draw_box all)
{
    const struct theme *theme = view->ui.theme;
    float line = button_height(theme);
    struct draw_box inside =
        overlay_frame(view, all, theme->size_text * 52, line * 15 + 150, form_title(view).data);
    draw_foot(view, ui_cut_bottom(&inside, line));
    ui_cut_bottom(&inside, 12);
    bool is_low = inside.h < line * 12; /* whom one could choose gives way to what is typed */
    bool is_bare =
        inside.h < (line + 8) * 6 && is_plain(view); /* and so do fields that are empty */
    if (has_field(view->compose, FIELD_FROM))
        draw_row(view, &inside, FIELD_FROM, line, !is_low);
    draw_row(view, &inside, FIELD_TO, line, !is_low);
    if (!is_bare)
        draw_copies(view, &inside, line);
    if (has_field(view->compose, FIELD_SUBJECT))
        draw_row(view, &inside, FIELD_SUBJECT, line, false);
    struct draw_box low = {0};
    if (!is_bare)
        low = ui_cut_bottom(&inside, (float)count_attachments(view) * (line + 8));
    struct draw_box quote = inside;
    if (is_answer(view->compose))
        quote = ui_cut_bottom(&inside, floorf(inside.h * 0.45f));
    inside.h = fmaxf(inside.h - 8, line);
    draw_field(view, inside, FIELD_BODY, tr(labels[FIELD_BODY]), NULL);
    if (is_answer(view->compose))
        draw_quote(view, quote);
    if (!is_bare)
        draw_attachments(view, &low, line);
}

/* It is still to be sent. */
static void refused(struct view *view, struct slice why)
{
    struct draft *draft = draft_of(view->compose);
    draft->is_sent = false;
    for (int i = 0; i < FIELD_COUNT; i++)
        if (has_field(view->compose, i) && asking_blames(why, SLICE(""), field_text(view, i)))
            snprintf(view->ui.focus, sizeof view->ui.focus, "%s", names[i]);
}

const struct overlay compose_overlay = {
    .name = "compose", .open = open_form, .draw = draw_form, .submit = send, .refused = refused};
