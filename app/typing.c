#include "app/typing.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef MAILFLOW_LIBEDIT
#include <histedit.h>

#include "sim/base/check.h"

enum { LINES_KEPT = 500 };

static char *prompt_of(EditLine *edit)
{
    struct typing *typing;
    el_get(edit, EL_CLIENTDATA, &typing);
    return (char *)typing->prompt;
}

/* ---- Tab ---- */

static bool ends_word(char c)
{
    return c == ' ' || c == '=' || c == '"' || c == ',';
}

/* The word before the cursor, and whether it is the line's first. */
static struct slice word_at(const LineInfo *line, bool *is_first)
{
    const char *from = line->cursor;
    while (from > line->buffer && !ends_word(from[-1]))
        from--;
    struct slice before = {line->buffer, (size_t)(from - line->buffer)};
    *is_first = slice_trim(before).size == 0;
    return (struct slice){from, (size_t)(line->cursor - from)};
}

static bool next_name(const struct typing *typing, bool is_first, size_t i, struct slice *name)
{
    typing->names(typing->context, is_first, i, name);
    return name->size > 0;
}

/* What all that begin like the word have in common, and how many they are. */
static size_t find_common(const struct typing *typing, bool is_first, struct slice word,
                          char common[128])
{
    size_t found = 0;
    struct slice name;
    for (size_t i = 0; next_name(typing, is_first, i, &name); i++) {
        if (!slice_starts(name, word) || name.size >= 128)
            continue;
        size_t same = 0;
        while (found > 0 && same < name.size && common[same] == name.data[same])
            same++;
        if (found++ == 0) {
            memcpy(common, name.data, name.size);
            same = name.size;
        }
        common[same] = '\0';
    }
    return found;
}

static void list_names(const struct typing *typing, bool is_first, struct slice word)
{
    struct slice name;
    fputc('\n', typing->out);
    for (size_t i = 0; next_name(typing, is_first, i, &name); i++)
        if (slice_starts(name, word))
            fprintf(typing->out, "%.*s  ", SLICE_ARG(name));
    fputc('\n', typing->out);
    fflush(typing->out);
}

static unsigned char complete(EditLine *edit, int key)
{
    char common[128] = "";
    struct typing *typing;
    bool is_first;
    (void)key;
    el_get(edit, EL_CLIENTDATA, &typing);
    struct slice word = word_at(el_line(edit), &is_first);
    size_t found = find_common(typing, is_first, word, common);
    if (found == 0)
        return CC_ERROR;
    if (strlen(common) > word.size && el_insertstr(edit, common + word.size) == 0)
        return CC_REFRESH;
    if (found == 1)
        return CC_NORM;
    list_names(typing, is_first, word);
    return CC_REDISPLAY;
}

/* ---- the terminal ---- */

/* Terminals differ in what these keys send. */
static void bind_keys(EditLine *edit)
{
    static const char *const keys[][2] = {
        {"\t", "mailflow-complete"},   {"\033[H", "ed-move-to-beg"},
        {"\033OH", "ed-move-to-beg"},  {"\033[1~", "ed-move-to-beg"},
        {"\033[F", "ed-move-to-end"},  {"\033OF", "ed-move-to-end"},
        {"\033[4~", "ed-move-to-end"}, {"\033[3~", "ed-delete-next-char"},
        {"\033[A", "ed-prev-history"}, {"\033[B", "ed-next-history"},
        {"\033OA", "ed-prev-history"}, {"\033OB", "ed-next-history"},
        {"\033[C", "ed-next-char"},    {"\033[D", "ed-prev-char"},
        {"\033OC", "ed-next-char"},    {"\033OD", "ed-prev-char"},
    };
    el_set(edit, EL_ADDFN, "mailflow-complete", "completes a word", complete);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        el_set(edit, EL_BIND, keys[i][0], keys[i][1], NULL);
}

static bool has_keys(const struct typing *typing)
{
    const char *term = getenv("TERM");
    return term && *term && strcmp(term, "dumb") != 0 && isatty(fileno(typing->in)) &&
           isatty(fileno(typing->out));
}

static void open_editor(struct typing *typing)
{
    HistEvent ignored;
    EditLine *edit = has_keys(typing) ? el_init("mailflow", typing->in, typing->out, stderr) : NULL;
    if (!edit)
        return;
    History *lines = history_init();
    check(lines != NULL);
    history(lines, &ignored, H_SETSIZE, LINES_KEPT);
    history(lines, &ignored, H_SETUNIQUE, 1);
    el_set(edit, EL_CLIENTDATA, typing);
    el_set(edit, EL_PROMPT, prompt_of);
    el_set(edit, EL_EDITOR, "emacs");
    el_set(edit, EL_SIGNAL, 1);
    el_set(edit, EL_HIST, history, lines);
    bind_keys(edit);
    typing->edit = edit;
    typing->history = lines;
}

static void close_editor(struct typing *typing)
{
    if (!typing->edit)
        return;
    el_end(typing->edit);
    history_end(typing->history);
}

/* False: there is no editor. */
static bool edit_line(struct typing *typing, char *text, size_t room, bool *is_there)
{
    HistEvent ignored;
    int count = 0;
    if (!typing->edit)
        return false;
    const char *line = el_gets(typing->edit, &count);
    *is_there = line && count > 0;
    if (!*is_there)
        return true;
    snprintf(text, room, "%s", line);
    if (slice_trim(slice_of(text)).size > 0)
        history(typing->history, &ignored, H_ENTER, line);
    return true;
}

#else

static void open_editor(struct typing *typing)
{
    (void)typing;
}

static void close_editor(struct typing *typing)
{
    (void)typing;
}

static bool edit_line(struct typing *typing, char *text, size_t room, bool *is_there)
{
    (void)typing;
    (void)text;
    (void)room;
    (void)is_there;
    return false;
}

#endif

void typing_open(struct typing *typing, FILE *in, FILE *out, typing_names *names, void *context)
{
    *typing = (struct typing){.in = in, .out = out, .names = names, .context = context};
    open_editor(typing);
}

void typing_close(struct typing *typing)
{
    close_editor(typing);
    *typing = (struct typing){0};
}

bool typing_line(struct typing *typing, const char *prompt, char *text, size_t room)
{
    bool is_there, is_seen = isatty(fileno(typing->out));
    typing->prompt = prompt;
    fflush(typing->out);
    if (!edit_line(typing, text, room, &is_there)) {
        if (is_seen)
            fputs(prompt, typing->out);
        fflush(typing->out);
        is_there = fgets(text, (int)room, typing->in) != NULL;
    }
    if (!is_there && is_seen)
        fputc('\n', typing->out);
    return is_there;
}
