/*
 * Private to this folder: a dialogue as lines of text, as it is shown: made once from the turns,
 * again when a switch or the width changes, and longer as the log grows.
 */
#ifndef RENDER_VIEW_DIALOGUE_LINES_H
#define RENDER_VIEW_DIALOGUE_LINES_H

#include "agents/proto/sasl.h"
#include "render/view/dialogue_turns.h"
#include "render/view/ui.h"

/* What is shown, or'ed. */
enum dialogue_show {
    DIALOGUE_CRLF = 1,    /* the line ends */
    DIALOGUE_MESSAGE = 2, /* messages in their place, as they are on the way */
    DIALOGUE_UNSTUFF = 4, /* without the dots that are only for the way */
    DIALOGUE_LOGINS = 8,  /* what the base64 of a login says */
    DIALOGUE_WORDS = 16,  /* encoded words in header fields decoded */
    DIALOGUE_BODIES = 32, /* bodies decoded */
    DIALOGUE_WIRE = 64    /* what somebody on the way can read */
};

enum dialogue_kind {
    DIALOGUE_SAID,
    DIALOGUE_CONTENT, /* of a message, a list, a page */
    DIALOGUE_NOTE     /* ours, about the line above or in place of many */
};
enum dialogue_ending { DIALOGUE_NO_END, DIALOGUE_CR_LF, DIALOGUE_LF };

struct dialogue_line {
    uint32_t turn; /* place among the turns */
    enum dialogue_kind kind;
    enum dialogue_ending ending;
    bool is_server;
    bool is_first;       /* of its turn, or of the message before it */
    bool is_head;        /* the first that is of the turn itself */
    bool is_secret;      /* a password can be read in it */
    bool has_dot;        /* its first dot is only for the way */
    uint32_t from, size; /* of lines->text */
    uint32_t row, rows;
};

struct dialogue_lines {
    VECTOR(struct dialogue_line) lines;
    VECTOR(uint32_t) first; /* [turn]: place of its first line */
    struct bytes text;
    /* for which they are right */
    uint32_t conn;
    unsigned shows;
    float width;
    /* private */
    const struct ui *ui;
    uint32_t next_row;
    enum sasl_mechanism mechanism;
    bool has_told_tls;
};

enum { DIALOGUE_ROWS_MAX = 12, DIALOGUE_CONTENT_LINES_MAX = 2000 };

void dialogue_lines_finish(struct dialogue_lines *lines);
/* `width` of a line's text; */
void dialogue_lines_update(struct dialogue_lines *lines, const struct ui *ui,
                           const struct dialogue_turns *turns, unsigned shows, float width);
void dialogue_lines_forget(struct dialogue_lines *lines);
struct slice dialogue_lines_text(const struct dialogue_lines *lines,
                                 const struct dialogue_line *line);
/* How many lines the first `turns` turns have. */
size_t dialogue_lines_of_turns(const struct dialogue_lines *lines, size_t turns);

#endif
