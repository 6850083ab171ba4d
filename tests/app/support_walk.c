#include "support_walk.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static size_t below(struct random *random, size_t limit)
{
    return (size_t)random_below(random, limit);
}

#define ONE_OF(random, list) (list)[below(random, sizeof(list) / sizeof *(list))]

/* ---- what is there ---- */

/* What would write files, end it, or load a large network is left alone. */
static bool is_left_alone(const char *name)
{
    static const char *const parts[] = {"quit", "picture",       "export", "record",
                                        "save", "pick-internet", "film"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strstr(name, parts[i]))
            return true;
    return strchr(name, '"') || strchr(name, '\\');
}

/* Something that is on the screen. */
static const char *widget(struct random *random, struct screen *screen)
{
    const struct view *view = screen_view(screen);
    size_t count = 0;
    while (view_widget_name(view, count))
        count++;
    for (int i = 0; count > 0 && i < 20; i++) {
        const char *name = view_widget_name(view, below(random, count));
        if (name[0] && !is_left_alone(name))
            return name;
    }
    return "play";
}

/* A host of the network, by its id at the start or one that was added, or one that is not there. */
static const char *host(struct random *random, const struct work *work)
{
    static const char *const added[] = {"h1", "h2", "h3", "nobody"};
    const struct topology *t = &work->live->source.topology;
    if (work->live->source.is_trace || below(random, 3) == 0)
        return ONE_OF(random, added);
    return t->hosts[below(random, t->host_count)].id.data;
}

static const char *person(struct random *random, const struct work *work)
{
    const struct topology *t = &work->live->source.topology;
    if (work->live->source.is_trace || t->user_count == 0 || below(random, 4) == 0)
        return "eve@example.org";
    return t->users[below(random, t->user_count)].address.data;
}

/* ---- lines of action ---- */

static void mail_line(struct random *random, const struct work *work, char *line, size_t room)
{
    const char *one = person(random, work), *other = person(random, work);
    if (below(random, 4) == 0)
        snprintf(line, room, "fetch by=%s", host(random, work));
    else
        snprintf(line, room, "send from=%s to=%s subject=\"Walk %zu\"", one, other,
                 below(random, 100));
}

static void trouble_line(struct random *random, const struct work *work, char *line, size_t room)
{
    const struct topology *t = &work->live->source.topology;
    const char *state = below(random, 2) ? "on" : "off";
    if (!work->live->source.is_trace && t->fault_count > 0 && below(random, 2))
        snprintf(line, room, "fault %s %s", t->faults[below(random, t->fault_count)].id.data,
                 state);
    else if (below(random, 2))
        snprintf(line, room, "fault host-down %s %s", host(random, work), state);
    else
        snprintf(line, room, "cut %s:%s", host(random, work), host(random, work));
}

static void host_line(struct random *random, const struct work *work, char *line, size_t room)
{
    size_t n = 1 + below(random, 3);
    switch (below(random, 5)) {
    case 0:
        snprintf(line, room, "host add h%zu name=h%zu.example.org addr=203.0.113.%zu", n, n,
                 200 + n);
        return;
    case 1:
        snprintf(line, room, "host remove %s", host(random, work));
        return;
    case 2:
        snprintf(line, room, "host rename %s h%zu", host(random, work), n);
        return;
    case 3:
        snprintf(line, room, "host set %s skew=%zus", host(random, work), below(random, 900));
        return;
    default:
        snprintf(line, room, "host move %s x=%zu y=%zu", host(random, work), below(random, 1001),
                 below(random, 1001));
    }
}

static void edit_line(struct random *random, const struct work *work, char *line, size_t room)
{
    size_t n = 1 + below(random, 3);
    switch (below(random, 8)) {
    case 0:
        snprintf(line, room, "link %s %s:%s", below(random, 2) ? "add" : "remove",
                 host(random, work), host(random, work));
        return;
    case 1:
        snprintf(line, room, "agent add %s a%zu role=mta local=h%zu.example.org",
                 host(random, work), n, n);
        return;
    case 2:
        snprintf(line, room, "agent remove a%zu", n);
        return;
    case 3:
        snprintf(line, room, "user %s eve@example.org", below(random, 2) ? "add" : "remove");
        return;
    case 4:
        snprintf(line, room, "dns %s h%zu.example.org A 203.0.113.%zu",
                 below(random, 2) ? "add" : "remove", n, 200 + n);
        return;
    case 5:
        snprintf(line, room, "network set title=\"Walk %zu\"", n);
        return;
    default:
        host_line(random, work, line, room);
    }
}

static void action(struct random *random, const struct work *work, char *line, size_t room)
{
    switch (below(random, 5)) {
    case 0:
    case 1:
        mail_line(random, work, line, room);
        return;
    case 2:
        trouble_line(random, work, line, room);
        return;
    default:
        edit_line(random, work, line, room);
    }
}

/* ---- lines of the script ---- */

static void time_line(struct random *random, const struct work *work, char *line)
{
    const struct log *log = live_log(work->live, 0);
    uint64_t end = (uint64_t)log_end(log) + 1;
    if (below(random, 3) == 0)
        snprintf(line, SUPPORT_WALK_LINE, "wait %zums", 16 + below(random, 100));
    else
        snprintf(line, SUPPORT_WALK_LINE, "seek %" PRIu64 "ns", random_below(random, end));
}

static void mouse_line(struct random *random, struct screen *screen, char *line)
{
    const char *one = widget(random, screen);
    switch (below(random, 8)) {
    case 0:
        snprintf(line, SUPPORT_WALK_LINE, "drag \"%s\" by %d,%d", one,
                 (int)below(random, 400) - 200, (int)below(random, 400) - 200);
        return;
    case 1:
        snprintf(line, SUPPORT_WALK_LINE, "drag \"%s\" to \"%s\"", one, widget(random, screen));
        return;
    case 2:
        snprintf(line, SUPPORT_WALK_LINE, "menu \"%s\"", one);
        return;
    case 3:
        snprintf(line, SUPPORT_WALK_LINE, "wheel \"%s\" %d", one, (int)below(random, 9) - 4);
        return;
    case 4:
        snprintf(line, SUPPORT_WALK_LINE, "click %zu,%zu", below(random, 1300), below(random, 820));
        return;
    default:
        snprintf(line, SUPPORT_WALK_LINE, "click \"%s\"", one);
    }
}

static void key_line(struct random *random, char *line)
{
    static const char *const keys[] = {
        "space",    "left",     "right",      "up",     "down",      "shift+left", "shift+right",
        "home",     "end",      "tab",        "enter",  "escape",    "backspace",  "delete",
        "pageup",   "pagedown", "ctrl+z",     "ctrl+y", "m",         "g",          "f",
        "w",        "t",        "?",          "e",      "p",         "n",          "x",
        "plus",     "-",        "ctrl+enter", "ctrl+k", "ctrl+c",    "ctrl+v",     "f2",
        "shift+f2", "menu",     "b",          "/",      "shift+tab", "d"};
    static const char *const texts[] = {"alice@example.com",
                                        "Hello",
                                        "J\xC3\xBCrgen \xE2\x86\x92 \xF0\x9F\x93\xA7",
                                        "\\\"quoted\\\"",
                                        "a\\nb\\n",
                                        "dig example.org MX\\n",
                                        "'; DROP TABLE\\t",
                                        "EHLO me\\nQUIT\\n",
                                        "\xFF\xFE broken",
                                        "-1"};
    if (below(random, 4) == 0)
        snprintf(line, SUPPORT_WALK_LINE, "type \"%s\"", ONE_OF(random, texts));
    else
        snprintf(line, SUPPORT_WALK_LINE, "press %s", ONE_OF(random, keys));
}

static void look_line(struct random *random, char *line)
{
    static const char *const looks[] = {
        "size 1280x800",   "size 1024x768",   "size 1920x1080",      "size 640x480",
        "set theme dark",  "set theme light", "set theme projector", "set scale 150",
        "set scale 100",   "set calm on",     "set calm off",        "set classic on",
        "set classic off", "set language de", "set language en"};
    snprintf(line, SUPPORT_WALK_LINE, "%s", ONE_OF(random, looks));
}

static void run_line(struct random *random, const struct work *work, char *line)
{
    char words[SUPPORT_WALK_LINE - 8];
    static const char *const plain[] = {"undo", "undo", "redo", "keep", "drop", "fork"};
    action(random, work, words, sizeof words);
    if (below(random, 2))
        snprintf(line, SUPPORT_WALK_LINE, "do %s", words);
    else if (below(random, 6) == 0)
        snprintf(line, SUPPORT_WALK_LINE, "fork %s", words);
    else
        snprintf(line, SUPPORT_WALK_LINE, "%s", ONE_OF(random, plain));
}

void support_walk_line(struct random *random, const struct work *work, struct screen *screen,
                       char line[SUPPORT_WALK_LINE])
{
    size_t kind = below(random, 20);
    if (kind < 8)
        mouse_line(random, screen, line);
    else if (kind < 13)
        key_line(random, line);
    else if (kind < 15)
        time_line(random, work, line);
    else if (kind < 16)
        look_line(random, line);
    else
        run_line(random, work, line);
}
