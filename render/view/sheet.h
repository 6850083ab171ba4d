/*
 * Private to this folder: a form made of rows, one a value, each with its sentence. What the values
 * are for, who opens it says.
 *
 *     struct sheet *sheet = sheet_begin(view, tr("Add a link"), SLICE(""), submit);
 *     sheet_add(sheet, "latency", tr("Latency"), SLICE("20"));
 *     sheet_show(view);
 *     ... static void submit(struct view *view, struct sheet *sheet)
 *             sheet_do(view, sheet, SHEET_GIVEN, arena_printf(..., "link add %s", ...));
 */
#ifndef RENDER_VIEW_SHEET_H
#define RENDER_VIEW_SHEET_H

#include "render/view/forms.h"
#include "render/view/state.h"

enum { SHEET_ROWS = 64 };

struct sheet_row {
    char key[UI_NAME]; /* its widgets: "form-KEY", of a choice "form-KEY-WORD" */
    struct slice label, meaning, fallback, words;
    struct slice before; /* the value when it was opened */
    bool is_required;
    bool is_word;    /* an id, a name or an address: without blanks, quotes and = */
    bool is_person;  /* an address, whose domain somebody takes mail for */
    bool is_setting; /* its label is a sentence, and its key is what the file calls it */
    bool is_changed; /* from the default, before it was opened */
    struct ui_edit edit;
};

struct sheet;
typedef void sheet_submit(struct view *view, struct sheet *sheet);

struct sheet {
    struct arena arena;
    struct slice title, about, subject; /* subject: for who opened it */
    uint32_t place, other;              /* likewise */
    const char *button;
    bool is_of_settings; /* what differs from the default, and what is being changed, is marked */
    struct slice second; /* likewise */
    sheet_submit *submit;
    sheet_submit *follow; /* before each frame, for values that go by others; NULL */
    struct sheet_row rows[SHEET_ROWS];
    size_t count;
    float scroll;
    bool has_warned; /* that Esc loses what was typed */
    size_t seen_row; /* has the focus, and has been brought into sight */
};

struct sheet *sheet_begin(struct view *view, const char *title, struct slice about,
                          sheet_submit *submit);
/* NULL when there is no room for more. Copied. */
struct sheet_row *sheet_add(struct sheet *sheet, const char *key, const char *label,
                            struct slice value);
struct sheet_row *sheet_add_field(struct sheet *sheet, const struct view_field *field,
                                  struct slice value);
void sheet_explain(struct sheet *sheet, struct sheet_row *row, const char *meaning);
/* It is needed, and is one word. NULL: no row. */
void sheet_need_word(struct sheet_row *row);
/* The same, of somebody who has an account or gets one. */
void sheet_need_person(struct sheet_row *row);
/* Choices, separated by blanks. */
void sheet_offer(struct sheet *sheet, struct sheet_row *row, struct slice words);
/* Another value for the row with that key, unless the person has changed it. */
void sheet_propose(struct sheet *sheet, const char *key, struct slice value);
void sheet_show(struct view *view);
void sheet_finish(struct sheet *sheet); /* accepts NULL */

/* What is in the row with that key now, trimmed; "" when there is none. */
struct slice sheet_value(const struct sheet *sheet, const char *key);
bool sheet_is_changed(const struct sheet_row *row); /* since it was opened */

enum sheet_which { SHEET_GIVEN, SHEET_CHANGED }; /* given: not empty, and not the default */
/* Sends `line` with key="value" behind it for those rows, and closes; it is open again, and says
   why, when that is refused. Says so when none has changed. */
void sheet_do(struct view *view, struct sheet *sheet, enum sheet_which which, struct slice line);

/* ---- forms.c: those made from what the program knows ---- */

const struct view_role *forms_role(const struct view *view, struct slice name); /* NULL: unknown */
const struct view_fault_kind *forms_fault(const struct view *view, size_t i);   /* NULL: no more */
/* A setting of an agent at the moment shown; false when neither file nor trace says it. */
bool forms_setting(const struct view *view, uint32_t agent, struct slice key, struct slice *value);
ui_act forms_settings_act; /* arg: an agent's place */
/* A fault whose details are asked for, then it is on. */
void forms_open_fault(struct view *view, const struct view_fault_kind *kind, struct slice target);
/* The same with the details of a fault of the palette, by its id, to begin with. */
void forms_open_offer(struct view *view, const struct view_fault_kind *kind, struct slice target,
                      struct slice id);
const struct view_fault_kind *forms_find_fault(const struct view *view, struct slice name);

#endif
