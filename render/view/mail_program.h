/*
 * Private to this folder: the mail program of a person, as an overlay: folders, the list of a
 * folder, and the message that is read. mail_panel.c draws it, mail_deeds.c does what its buttons
 * and keys say.
 */
#ifndef RENDER_VIEW_MAIL_PROGRAM_H
#define RENDER_VIEW_MAIL_PROGRAM_H

#include "render/view/mailbox.h"
#include "render/view/state.h"

/* Behind the folders that there are: */
enum { MAIL_OUTBOX = MAILBOX_FOLDERS_MAX, MAIL_WRITTEN };

/* A message of the outbox, or one that was written here. */
struct mail_own {
    uint32_t msg;
    bool waits;
    uint32_t defer; /* event that says why; 0 none */
};

struct mail_program {
    uint32_t agent; /* whose program; 0 nobody's yet */
    struct mailbox box;
    uint32_t folder, chosen; /* chosen: the number in the list, from 1 */
    float scroll_list, scroll_text;
    VECTOR(struct mail_own) own; /* what was written here, as the trace says after `own_events` */
    uint32_t own_events, own_agent;
    const struct log *own_log;
    struct bytes text; /* of the message that is read, decoded; for which: */
    uint32_t text_msg, text_header, text_body;
    struct bytes scratch;
};

void mail_program_finish(struct mail_program *mail);
void mail_program_forget(struct mail_program *mail); /* what it knows of the log */
/* Brings it up to the moment shown. */
void mail_program_update(struct view *view);
/* Of the run whose mail it shows: of two, of the one in which deeds are done. */
const struct log *mail_program_log(const struct view *view);
/* How many are in the list; and the n-th, from 1: of a folder, or of what is its own. */
uint32_t mail_program_count(const struct view *view);
const struct mailbox_item *mail_program_item(const struct view *view, uint32_t n);
const struct mail_own *mail_program_own(const struct view *view, uint32_t n);
bool mail_program_is_web(const struct view *view);
/* Of what a message says of itself; decoded, in the list's arena. */
struct slice mail_program_field(struct view *view, struct slice header, const char *name);

/* The n-th person with a mail program or browser, from 0; 0 behind the last. */
uint32_t mail_program_reader(const struct view *view, uint32_t n);
uint32_t mail_program_count_own(const struct mail_program *mail, uint32_t folder);

extern const struct overlay mail_overlay; /* mail_panel.c */
/* What is on its screen, with nothing to press but folders and messages. */
void mail_panel_draw(struct view *view, struct draw_box box);
/* The program of this agent, or on this host; 0 there is none. */
uint32_t mail_program_of(const struct view *view, uint32_t place);

ui_act mail_program_act;  /* opens it, of the chosen host's person or who had it last */
ui_act mail_program_open; /* arg: the agent */

/* ---- mail_deeds.c ---- */

enum mail_where { MAIL_EVERYWHERE, MAIL_IN_PROGRAM, MAIL_BY_IMAP, MAIL_IN_BROWSER };

struct mail_deed {
    const char *name, *label; /* the widget is "mail-NAME" */
    int key;
    ui_act *act;
    uint32_t arg;
    enum mail_where where;
    bool needs_message;
    const char *tip;
};
extern const struct mail_deed mail_deeds[];
extern const size_t mail_deed_count;
bool mail_deed_has(const struct view *view, const struct mail_deed *deed); /* in this program */
bool mail_deed_can(const struct view *view, const struct mail_deed *deed); /* now */
ui_key mail_program_key;
ui_act mail_choose, mail_press_message, mail_open_message, mail_choose_folder, mail_choose_person;

/* ---- mail_text.c ---- */

/* Appends what a person reads of a message: the first text, decoded to UTF-8, and the names of what
   is attached. What does not fit is left out. */
void mail_text(struct slice content, struct bytes *out);

#endif
