#include "app/ui_script.h"

#include <errno.h>
#include <string.h>

#include "app/script.h"
#include "app/ui_script_part.h"
#include "sim/base/check.h"
#include "sim/base/vtime.h"

enum { SCRIPT_OCTETS = 16 * 1024 * 1024, SCRIPT_LINES = 1000000, PASS_MOST_MS = 600000 };
enum { SIDE_LEAST = 320, SIDE_MOST = 8000, TOLD_SHOWN = 300 };

/* ---- time ---- */

static bool wait_a_while(struct ui_script_turn *turn)
{
    int64_t t;
    if (!vtime_parse(turn->words[0], &t) || t / VTIME_MS > PASS_MOST_MS)
        return problem_set(turn->problem, "wait T: a time of up to 10min, like 500ms or 2s");
    screen_pass(turn->screen, (int)(t / VTIME_MS));
    return true;
}

static bool read_two(struct slice text, uint64_t below, uint64_t *value)
{
    return text.size == 2 && slice_to_u64(text, value) && *value < below;
}

/* "09:00:02" or "09:00:02.350" of the run's first day, as a moment of the run. */
static bool read_clock(struct slice text, int64_t epoch_s, int64_t *t)
{
    uint64_t hour, minute, second;
    struct slice part, rest = text;
    int64_t fraction = 0;
    if (!slice_cut(&rest, ':', &part) || !read_two(part, 24, &hour) ||
        !slice_cut(&rest, ':', &part) || !read_two(part, 60, &minute) ||
        !read_two(slice_part(rest, 0, 2), 60, &second))
        return false;
    rest = slice_part(rest, 2, rest.size);
    if (rest.size > 0) {
        char text_of[32];
        snprintf(text_of, sizeof text_of, "0%.*ss", SLICE_ARG(slice_part(rest, 0, 20)));
        if (rest.data[0] != '.' || !vtime_parse(slice_of(text_of), &fraction))
            return false;
    }
    struct vtime_calendar start = vtime_calendar(epoch_s, 0);
    int64_t since = ((int64_t)hour - start.hour) * 3600 + ((int64_t)minute - start.minute) * 60 +
                    (int64_t)second - start.second;
    *t = since * VTIME_S + fraction;
    return *t >= 0;
}

static bool seek(struct ui_script_turn *turn)
{
    int64_t t;
    struct view *view = screen_view(turn->screen);
    if (!vtime_parse(turn->words[0], &t) &&
        !read_clock(turn->words[0], log_epoch_s(screen_log(turn->screen)), &t))
        return problem_set(turn->problem, "seek T: like 300ms, 2h or 09:03:00");
    view_seek(view, t);
    screen_frame(turn->screen, 0);
    return true;
}

/* ---- what is asked of the program ---- */

static bool request(struct ui_script_turn *turn, enum view_request_kind kind)
{
    struct slice text = slice_trim(turn->rest);
    if (text.size && text.data[0] == '"')
        text = turn->words[0];
    bool ok = screen_request(turn->screen, kind, text, turn->problem);
    screen_frame(turn->screen, 0);
    return ok;
}

#define REQUEST(name, kind)                                                                        \
    static bool name(struct ui_script_turn *turn)                                                  \
    {                                                                                              \
        return request(turn, kind);                                                                \
    }
REQUEST(do_line, VIEW_REQUEST_DO)
REQUEST(fork_run, VIEW_REQUEST_FORK)
REQUEST(keep_run, VIEW_REQUEST_KEEP)
REQUEST(drop_run, VIEW_REQUEST_DROP)
REQUEST(choose, VIEW_REQUEST_CHOOSE)
REQUEST(undo, VIEW_REQUEST_UNDO)
REQUEST(redo, VIEW_REQUEST_REDO)
REQUEST(open_word, VIEW_REQUEST_OPEN)
REQUEST(compare, VIEW_REQUEST_COMPARE)
REQUEST(save, VIEW_REQUEST_SAVE)
REQUEST(export_to, VIEW_REQUEST_EXPORT)
REQUEST(record, VIEW_REQUEST_RECORD)
REQUEST(quit, VIEW_REQUEST_QUIT)
#undef REQUEST

static bool bring(struct ui_script_turn *turn)
{
    struct input_event event = {.kind = INPUT_DROP};
    if (turn->words[0].size >= sizeof event.text)
        return problem_set(turn->problem, "a path of more than %zu octets", sizeof event.text - 1);
    memcpy(event.text, turn->words[0].data, turn->words[0].size);
    screen_input(turn->screen, &event);
    screen_frame(turn->screen, 0);
    return true;
}

/* ---- how it looks ---- */

static bool set_size(struct ui_script_turn *turn)
{
    struct slice h = turn->words[0], w;
    float width, height;
    if (!slice_cut(&h, 'x', &w) || !ui_script_read_number(w, &width) ||
        !ui_script_read_number(h, &height) || width < SIDE_LEAST || width > SIDE_MOST ||
        height < SIDE_LEAST || height > SIDE_MOST)
        return problem_set(turn->problem, "size WxH: both from %d to %d, like 1280x800", SIDE_LEAST,
                           SIDE_MOST);
    screen_set_size(turn->screen, width, height);
    screen_frame(turn->screen, 0);
    return true;
}

static bool is_on(struct slice word, bool *value)
{
    *value = slice_equal(word, SLICE("on"));
    return *value || slice_equal(word, SLICE("off"));
}

static bool set_key(struct view_settings *s, struct slice key, struct slice value)
{
    float scale;
    if (slice_equal(key, SLICE("theme")))
        return theme_find(value, &s->theme);
    if (slice_equal(key, SLICE("calm")))
        return is_on(value, &s->is_calm);
    if (slice_equal(key, SLICE("classic")))
        return is_on(value, &s->is_classic);
    if (slice_equal(key, SLICE("language")) && value.size < sizeof s->language) {
        snprintf(s->language, sizeof s->language, "%s", value.data);
        return true;
    }
    bool ok = slice_equal(key, SLICE("scale")) && ui_script_read_number(value, &scale) &&
              scale >= 100 && scale <= 300;
    if (ok)
        s->scale_percent = (int)scale;
    return ok;
}

static bool set(struct ui_script_turn *turn)
{
    struct view *view = screen_view(turn->screen);
    struct view_settings settings = *view_settings(view);
    if (!set_key(&settings, turn->words[0], turn->words[1]))
        return problem_set(turn->problem, "set theme light|dark|projector, scale 100 to 300, "
                                          "language NAME, calm on|off or classic on|off");
    view_set_settings(view, &settings);
    screen_frame(turn->screen, 0);
    return true;
}

static bool picture(struct ui_script_turn *turn)
{
    float scale = 1;
    if (turn->count > 1 &&
        (!ui_script_read_number(turn->words[1], &scale) || scale < 1 || scale > 4))
        return problem_set(turn->problem, "picture FILE [SCALE]: the scale is 1 to 4");
    if (!picture_is_name(turn->words[0]))
        return problem_set(turn->problem, "%s: a picture ends in .png or .svg",
                           turn->words[0].data);
    screen_frame(turn->screen, 0);
    return screen_picture(turn->screen, turn->words[0].data, scale, turn->problem);
}

/* ---- what has to be so ---- */

/* All that is shown, in words, and what was said to the person last. */
static struct slice told(struct ui_script_turn *turn)
{
    struct slice words = view_told(screen_view(turn->screen), &turn->arena);
    return arena_printf(&turn->arena, "%.*s\n%s", SLICE_ARG(words), screen_said(turn->screen));
}

static struct slice wanted(const struct ui_script_turn *turn)
{
    struct slice text = slice_trim(turn->rest);
    return text.size && text.data[0] == '"' ? turn->words[0] : text;
}

static bool expect(struct ui_script_turn *turn)
{
    struct slice text = wanted(turn), all = told(turn);
    return slice_find(all, text, 0) != SLICE_NONE ||
           problem_set(turn->problem, "expected \"%.*s\", but it shows: %.*s",
                       SLICE_ARG(slice_part(text, 0, 100)),
                       SLICE_ARG(slice_part(all, 0, TOLD_SHOWN)));
}

static bool expect_not(struct ui_script_turn *turn)
{
    struct slice text = wanted(turn);
    return slice_find(told(turn), text, 0) == SLICE_NONE ||
           problem_set(turn->problem, "\"%.*s\" is shown", SLICE_ARG(slice_part(text, 0, 100)));
}

static bool expect_widget(struct ui_script_turn *turn)
{
    float x, y;
    return ui_script_find(turn, turn->words[0], &x, &y);
}

static bool expect_no_widget(struct ui_script_turn *turn)
{
    float x, y;
    return !view_find_widget(screen_view(turn->screen), turn->words[0].data, &x, &y) ||
           problem_set(turn->problem, "\"%s\" is on the screen", turn->words[0].data);
}

/* ---- the verbs ---- */

static const struct ui_script_verb verbs[] = {
    {"click", "NAME|X,Y", "presses the left button there", 1, 1, ui_script_click},
    {"menu", "NAME|X,Y", "presses the right button there", 1, 1, ui_script_menu},
    {"move", "NAME|X,Y", "moves the mouse there", 1, 1, ui_script_move},
    {"drag", "NAME to NAME|X,Y, or NAME by X,Y", "presses, moves, and lets go there", 3, 3,
     ui_script_drag},
    {"wheel", "NAME LINES", "turns the wheel over it; -3 is down", 2, 2, ui_script_wheel},
    {"press", "KEY...", "presses keys, such as space, ctrl+z, shift+left, enter, f1", 1,
     UI_SCRIPT_WORDS, ui_script_press},
    {"type", "TEXT", "types it; \\n is Enter", 1, 1, ui_script_type},
    {"paste", "FILE", "puts what is in the file on the clipboard, and pastes it", 1, 1,
     ui_script_paste},
    {"wait", "T", "lets screen time pass, such as 500ms or 2s", 1, 1, wait_a_while},
    {"seek", "T", "goes to a moment, such as 300ms, 2h or 09:03:00", 1, 1, seek},
    {"do", "ACTION", "does it at the moment shown, in the words of `mailflow run --do`", 1, 0,
     do_line},
    {"fork", "[ACTION]", "makes a second run from the moment shown on, with this done in it", 0, 0,
     fork_run},
    {"choose", "0|1", "does what follows in the first run, or in the second", 1, 0, choose},
    {"keep", "", "keeps the second run only", 0, 0, keep_run},
    {"drop", "", "gives the second run up", 0, 0, drop_run},
    {"undo", "", "undoes the last step", 0, 0, undo},
    {"redo", "", "does the last step that was undone again", 0, 0, redo},
    {"open", "WORD", "opens a topology or a trace; without a word the picker", 0, 0, open_word},
    {"compare", "TRACE", "shows a saved trace beside what is open", 1, 0, compare},
    {"bring", "FILE", "drops a file on the window", 1, 1, bring},
    {"save", "[FILE]", "saves the topology as it is now", 0, 0, save},
    {"export", "FILE", "writes a file, as its ending says", 1, 0, export_to},
    {"record", "[FILE]", "begins a film, or ends it", 0, 0, record},
    {"picture", "FILE [SCALE]", "saves what is shown, as .png or .svg", 1, 2, picture},
    {"size", "WxH", "makes the screen so large", 1, 1, set_size},
    {"set", "KEY VALUE", "theme, scale, language, calm (reduced motion) or classic (labels)", 2, 2,
     set},
    {"expect", "TEXT", "fails unless the picture in words, or what was said last, has it", 1, 0,
     expect},
    {"expect-not", "TEXT", "fails if it has", 1, 0, expect_not},
    {"expect-widget", "NAME", "fails unless there is such a thing on the screen", 1, 1,
     expect_widget},
    {"expect-no-widget", "NAME", "fails if there is", 1, 1, expect_no_widget},
    {"quit", "", "closes it; without this the window stays open in the end", 0, 0, quit},
};
enum { VERBS = sizeof verbs / sizeof *verbs };

bool ui_script_verb(size_t i, const char **name, const char **form, const char **meaning)
{
    if (i >= VERBS)
        return false;
    *name = verbs[i].name;
    *form = verbs[i].form;
    *meaning = verbs[i].meaning;
    return true;
}

static const struct ui_script_verb *find_verb(struct slice word, struct problem *problem)
{
    const char *names[VERBS];
    for (size_t i = 0; i < VERBS; i++) {
        names[i] = verbs[i].name;
        if (slice_equal(word, slice_of(names[i])))
            return &verbs[i];
    }
    const char *nearest = problem_nearest(word, names, VERBS);
    problem_set(problem, "unknown word \"%.*s\"%s%s%s", SLICE_ARG(slice_part(word, 0, 40)),
                nearest ? "; did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "");
    return NULL;
}

/* ---- a line ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static void add_octet(struct bytes *word, char c)
{
    check(bytes_append_octet(word, c));
}

/* Behind a quote: up to the next one. False when there is none. */
static bool read_quoted(struct slice *rest, struct bytes *word)
{
    while (rest->size > 0 && rest->data[0] != '"') {
        char c = rest->data[0];
        if (c == '\\' && rest->size > 1) {
            *rest = slice_part(*rest, 1, rest->size);
            c = rest->data[0] == 'n' ? '\n' : rest->data[0] == 't' ? '\t' : rest->data[0];
        }
        add_octet(word, c);
        *rest = slice_part(*rest, 1, rest->size);
    }
    bool is_closed = rest->size > 0;
    *rest = slice_part(*rest, 1, rest->size);
    return is_closed;
}

/* The next word, with its quotes taken away. False at the end, or with a problem. */
static bool next_word(struct slice *rest, struct bytes *word, struct problem *problem)
{
    bytes_clear(word);
    while (rest->size > 0 && is_blank(rest->data[0]))
        *rest = slice_part(*rest, 1, rest->size);
    if (rest->size == 0)
        return false;
    while (rest->size > 0 && !is_blank(rest->data[0])) {
        char c = rest->data[0];
        *rest = slice_part(*rest, 1, rest->size);
        if (c != '"')
            add_octet(word, c);
        else if (!read_quoted(rest, word))
            return problem_set(problem, "a quote that is not closed");
    }
    return true;
}

static bool split(struct ui_script_turn *turn, struct slice rest)
{
    struct bytes word;
    bool ok = true;
    bytes_init(&word, SIZE_MAX);
    while (next_word(&rest, &word, turn->problem)) {
        if (turn->count == UI_SCRIPT_WORDS) {
            ok = problem_set(turn->problem, "more than %d words", UI_SCRIPT_WORDS);
            break;
        }
        turn->words[turn->count++] = arena_copy(&turn->arena, bytes_slice(&word));
    }
    bytes_finish(&word);
    return ok && !turn->problem->what[0];
}

/* A text without quotes is the rest of the line as it stands. */
static bool take_rest(struct ui_script_turn *turn, const struct ui_script_verb *verb)
{
    struct slice text = slice_trim(turn->rest);
    if (text.size > 0 && text.data[0] == '"')
        return split(turn, text) &&
               (turn->count == 1 ||
                problem_set(turn->problem, "nothing may stand behind the closing quote"));
    return text.size > 0 || verb->least == 0 ||
           problem_set(turn->problem, "expected: %s %s", verb->name, verb->form);
}

/* NULL with a problem when the line's form is wrong. */
static const struct ui_script_verb *read_line(struct ui_script_turn *turn, struct slice line)
{
    struct slice word;
    turn->rest = slice_trim(line);
    slice_cut(&turn->rest, ' ', &word);
    const struct ui_script_verb *verb = find_verb(word, turn->problem);
    if (!verb || (verb->most == 0 ? !take_rest(turn, verb) : !split(turn, turn->rest)))
        return NULL;
    if (verb->most == 0 || (turn->count >= verb->least && turn->count <= verb->most))
        return verb;
    problem_set(turn->problem, "expected: %s %s%s", verb->name, verb->form,
                turn->count > verb->most ? "; what has blanks stands in double quotes" : "");
    return NULL;
}

static bool is_empty(struct slice line)
{
    return line.size == 0 || line.data[0] == '#';
}

static bool check_line(struct slice line, struct problem *problem)
{
    int64_t t;
    struct slice action = line;
    if (is_empty(line) || script_cut_time(&action, &t))
        return true;
    struct ui_script_turn turn = {.problem = problem};
    arena_init(&turn.arena);
    bool ok = read_line(&turn, line) != NULL;
    arena_finish(&turn.arena);
    return ok;
}

static bool play_line(struct ui_script_turn *turn, struct slice line)
{
    int64_t t;
    turn->rest = line;
    if (script_cut_time(&turn->rest, &t)) {
        view_seek(screen_view(turn->screen), t);
        return do_line(turn);
    }
    const struct ui_script_verb *verb = read_line(turn, line);
    return verb && verb->act(turn);
}

enum ui_script_end ui_script_do(struct screen *screen, struct slice line, struct problem *problem)
{
    struct ui_script_turn turn = {.screen = screen, .problem = problem};
    line = slice_trim(line);
    if (is_empty(line))
        return UI_SCRIPT_DONE;
    arena_init(&turn.arena);
    bool ok = play_line(&turn, line);
    arena_finish(&turn.arena);
    return !ok ? UI_SCRIPT_NO : screen_is_over(screen) ? UI_SCRIPT_QUIT : UI_SCRIPT_DONE;
}

/* ---- a script ---- */

enum ui_script_end ui_script_play(const struct ui_script *script, struct screen *screen,
                                  struct problem *problem)
{
    screen_frame(screen, 0);
    for (size_t i = 0; i < script->lines.count; i++) {
        const struct ui_script_line *line = &script->lines.items[i];
        problem_at(problem, script->name, line->number, 0);
        enum ui_script_end end = ui_script_do(screen, line->text, problem);
        if (end != UI_SCRIPT_DONE)
            return end;
    }
    return UI_SCRIPT_DONE;
}

static bool read_lines(struct ui_script *script, struct problem *problem)
{
    struct slice rest = bytes_slice(&script->text), line;
    for (int number = 1; slice_cut(&rest, '\n', &line); number++) {
        line = slice_trim(line);
        problem_at(problem, script->name, number, 0);
        if (number > SCRIPT_LINES)
            return problem_set(problem, "a script of more than %d lines", SCRIPT_LINES);
        if (!check_line(line, problem))
            return false;
        if (!is_empty(line))
            *vector_add(&script->lines) = (struct ui_script_line){number, line};
    }
    *problem = (struct problem){0};
    return true;
}

static void begin(struct ui_script *script, const char *name)
{
    *script = (struct ui_script){0};
    snprintf(script->name, sizeof script->name, "%s", name);
    bytes_init(&script->text, SCRIPT_OCTETS);
}

bool ui_script_read(struct ui_script *script, struct slice text, const char *name,
                    struct problem *problem)
{
    begin(script, name);
    if (!bytes_append(&script->text, text))
        return problem_set(problem, "a script of more than %d MiB", SCRIPT_OCTETS >> 20);
    return read_lines(script, problem);
}

bool ui_script_load(struct ui_script *script, const char *path, FILE *in, struct problem *problem)
{
    char chunk[16384];
    bool is_standard = strcmp(path, "-") == 0, ok = true;
    begin(script, is_standard ? "standard input" : path);
    FILE *from = is_standard ? in : fopen(path, "rb");
    if (!from) {
        problem_at(problem, path, 0, 0);
        return problem_set(problem, "can't be opened: %s", strerror(errno));
    }
    for (size_t n; ok && (n = fread(chunk, 1, sizeof chunk, from)) > 0;)
        ok = bytes_append(&script->text, (struct slice){chunk, n}) ||
             problem_set(problem, "a script of more than %d MiB", SCRIPT_OCTETS >> 20);
    if (!is_standard)
        fclose(from);
    return ok && read_lines(script, problem);
}

void ui_script_finish(struct ui_script *script)
{
    bytes_finish(&script->text);
    vector_finish(&script->lines);
}
