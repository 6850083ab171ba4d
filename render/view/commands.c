#include "render/view/commands.h"

#include "render/view/console.h"
#include "render/view/dialogue_lines.h"
#include "render/view/doing.h"
#include "render/view/lesson_panel.h"
#include "render/view/palette.h"
#include "render/view/reading.h"
#include "render/view/time_panels.h"

/* A letter with Ctrl is another key than the letter alone. */
const struct command commands[] = {
    {"play", TR("Play, pause"), ' ', false, false, true, play_toggle_act, 0},
    {"event-next", TR("One event on"), INPUT_KEY_RIGHT, false, false, false, play_step_act,
     STEP_EVENT_NEXT},
    {"event-back", TR("One event back"), INPUT_KEY_LEFT, false, false, false, play_step_act,
     STEP_EVENT_BACK},
    {"turn-next", TR("One turn of the dialogue on"), INPUT_KEY_DOWN, false, false, true,
     play_step_act, STEP_TURN_NEXT},
    {"turn-next", NULL, ']', false, false, true, play_step_act, STEP_TURN_NEXT},
    {"turn-back", TR("One turn of the dialogue back"), INPUT_KEY_UP, false, false, true,
     play_step_act, STEP_TURN_BACK},
    {"turn-back", NULL, '[', false, false, true, play_step_act, STEP_TURN_BACK},
    {"hop-next", TR("One hop on"), INPUT_KEY_RIGHT, true, false, false, play_step_act,
     STEP_HOP_NEXT},
    {"hop-back", TR("One hop back"), INPUT_KEY_LEFT, true, false, false, play_step_act,
     STEP_HOP_BACK},
    {"message-next", TR("Next event of the message"), 'n', false, false, true, play_step_act,
     STEP_MESSAGE_NEXT},
    {"until", TR("Run until \xE2\x80\xA6"), 'u', false, false, true, until_act, 0},
    {"to-fault", TR("To the next fault"), 0, false, false, true, until_goal_act, UNTIL_FAULT},
    {"bookmark", TR("Bookmarks: set one, or go to one"), 'd', false, false, true, bookmarks_act, 0},
    {"bookmark-next", TR("To the next bookmark"), 'j', false, false, true, bookmark_step_act, 1},
    {"bookmark-back", TR("To the bookmark before"), 'k', false, false, true, bookmark_step_act, 0},
    {"what-if", TR("What if: a second run beside this one"), 'v', false, false, true, what_if_act,
     0},
    {"fork-keep", TR("Keep the second run alone"), 0, false, false, true, request_act,
     VIEW_REQUEST_KEEP},
    {"fork-drop", TR("Drop the second run"), 0, false, false, true, request_act, VIEW_REQUEST_DROP},
    {"lecture", TR("The lesson in large letters for a class, or as before"), 'l', true, false,
     false, lecture_act, 0},
    {"lecture-blank", TR("Before a class: nothing is seen, or as before"), 'b', false, false, true,
     lecture_blank_act, 0},
    {"ladder", TR("The ladder"), 'l', false, false, false, ladder_act, 0},
    {"time-in", TR("A closer look at the time line"), 0, false, false, true, strip_zoom_act, 1},
    {"time-out", TR("More of the time line"), 0, false, false, true, strip_zoom_act, 0},
    {"time-whole", TR("All of the time line"), 0, false, false, true, strip_whole_act, 0},
    {"home", TR("To the start"), INPUT_KEY_HOME, false, false, true, play_home_act, 0},
    {"end", TR("To the end"), INPUT_KEY_END, false, false, true, play_end_act, 0},
    {"faster", TR("Faster"), '+', false, false, true, play_faster_act, 0},
    {"faster", NULL, '=', false, false, true, play_faster_act, 0},
    {"slower", TR("Slower"), '-', false, false, true, play_slower_act, 0},
    {"lesson-next", TR("Lesson: the next step"), 's', false, false, false, lesson_next_act, 0},
    {"lesson-back", TR("Lesson: the step before"), 's', true, false, false, lesson_back_act, 0},
    {"lesson-answer", TR("Lesson: to its question"), 'a', false, false, true, lesson_answer_act, 0},
    {"lesson-hint", TR("Lesson: a hint"), 'h', false, false, true, lesson_hint_act, 0},
    {"lesson-fold", TR("Lesson: fold it, or open it"), 'y', false, false, true, lesson_fold_act, 0},
    {"lesson-checks", TR("Lesson: its checks"), 0, false, false, true, lesson_checks_act, 0},
    {"lesson-retry", TR("Lesson: this step again"), 0, false, false, true, lesson_retry_act, 0},
    {"lesson-quiz", TR("Quiz: the questions of this lesson"), 0, false, false, true,
     lesson_quiz_act, 0},
    {"lesson-leave", TR("Lesson: close it"), 0, false, false, true, lesson_leave_act, 0},
    {"compose", TR("Write a message"), 'm', false, false, true, compose_act, 0},
    {"get-mail", TR("Get mail"), 'g', false, false, true, readers_act, 0},
    {"mail", TR("Mail program"), 'r', false, false, true, mail_program_act, 0},
    {"console", TR("Type at a console"), 'c', false, false, true, console_act, 0},
    {"console-leave", TR("At a console: end the connection"), ']', false, true, true,
     console_leave_act, 0},
    {"menu", TR("What can be done to what is chosen"), '.', false, false, true, menu_key_act, 0},
    {"menu", NULL, INPUT_KEY_MENU, false, false, true, menu_key_act, 0},
    {"main-menu", TR("All commands"), INPUT_KEY_F10, false, false, true, menu_main_act, 0},
    {"settings", TR("Settings of a program"), ',', false, false, true, menu_settings_act, 0},
    {"edit", TR("Tools to change the network"), 'i', false, false, true, tools_act, 0},
    {"rename", TR("Rename the chosen host"), INPUT_KEY_F2, false, false, false, tools_rename, 0},
    {"move", TR("Move the chosen host on the map"), INPUT_KEY_F2, true, false, false, tools_move,
     0},
    {"remove", TR("Remove the chosen host"), INPUT_KEY_DELETE, false, false, true, tools_remove, 0},
    {"people", TR("People with an account"), 0, false, false, true, tools_people, 0},
    {"records", TR("DNS records"), 0, false, false, true, tools_records, 0},
    {"admds", TR("Organisations"), 0, false, false, true, tools_admds, 0},
    {"title", TR("The title of the network"), 0, false, false, true, tools_title, 0},
    {"save", TR("Save the network as it is now"), 's', false, true, true, request_act,
     VIEW_REQUEST_SAVE},
    {"new-network", TR("Build a new network"), 0, false, false, true, tools_new, 0},
    {"open", TR("Open a lesson, topology or trace"), 'o', false, true, true, request_act,
     VIEW_REQUEST_OPEN},
    {"read-header", TR("Read the header of a real message"), 0, false, false, true,
     reading_header_act, 0},
    {"paste", TR("Read the header that is on the clipboard"), 'v', false, true, true, request_act,
     VIEW_REQUEST_PASTE},
    {"compare", TR("Compare with a saved trace"), 0, false, false, true, reading_compare_act, 0},
    {"export", TR("Write a file: trace, packets, messages, ladder \xE2\x80\xA6"), 'e', false, true,
     true, tools_export, 0},
    {"record", TR("Begin or end a film"), 0, false, false, true, request_act, VIEW_REQUEST_RECORD},
    {"faults", TR("Faults on and off"), 'f', false, false, true, faults_act, 0},
    {"undo", TR("Undo what was done or changed last"), 'z', false, true, false, request_act,
     VIEW_REQUEST_UNDO},
    {"redo", TR("Do it again"), 'y', false, true, false, request_act, VIEW_REQUEST_REDO},
    {"redo", NULL, 'z', true, true, false, request_act, VIEW_REQUEST_REDO},
    {"swap", TR("Header or events, where they share a place"), 'e', false, false, true,
     docks_swap_act, 0},
    {"big-map", TR("All the room for the map, or as before"), 'x', false, false, true,
     docks_big_act, 0},
    {"zoom-in", TR("The map closer"), '>', false, false, true, map_zoom_act, 1},
    {"zoom-out", TR("The map further away"), '<', false, false, true, map_zoom_act, 0},
    {"fit", TR("All of the map"), '0', false, false, true, map_fit_act, 0},
    {"follow", TR("Follow the message on the map"), 'o', false, false, true, map_follow_act, 0},
    {"fold", TR("Open or fold all organisations"), '9', false, false, true, map_unfold_all_act, 0},
    {"packets", TR("Show or hide packets"), 'p', false, false, true, play_packets_act, 0},
    {"header-up", TR("The header up"), INPUT_KEY_PAGE_UP, false, false, true, header_page_act, 0},
    {"header-down", TR("The header down"), INPUT_KEY_PAGE_DOWN, false, false, true, header_page_act,
     1},
    {"theme", TR("Theme: light, dark, projector"), 't', false, false, true, view_theme_act, 0},
    {"show-message", TR("The dialogue: messages in their place"), 0, false, false, true,
     dialogue_show_act, DIALOGUE_MESSAGE},
    {"show-crlf", TR("The dialogue: the ends of lines"), 0, false, false, true, dialogue_show_act,
     DIALOGUE_CRLF},
    {"show-dots", TR("The dialogue: without the dots that are only for the way"), 0, false, false,
     true, dialogue_show_act, DIALOGUE_UNSTUFF},
    {"show-logins", TR("The dialogue: logins decoded"), 0, false, false, true, dialogue_show_act,
     DIALOGUE_LOGINS},
    {"show-words", TR("The dialogue: encoded words decoded"), 0, false, false, true,
     dialogue_show_act, DIALOGUE_WORDS},
    {"show-bodies", TR("The dialogue: bodies decoded"), 0, false, false, true, dialogue_show_act,
     DIALOGUE_BODIES},
    {"show-wire", TR("The dialogue: what somebody on the way can read"), 0, false, false, true,
     dialogue_show_act, DIALOGUE_WIRE},
    {"copy-dialogue", TR("Copy the dialogue"), 0, false, false, true, dialogue_copy_act, 0},
    {"larger", TR("Everything larger"), '+', false, true, true, scale_act, 1},
    {"larger", NULL, '=', false, true, true, scale_act, 1},
    {"smaller", TR("Everything smaller"), '-', false, true, true, scale_act, 2},
    {"plain-size", TR("Everything as large as at first"), '0', false, true, true, scale_act, 0},
    {"motion", TR("Reduced motion, or all"), 0, false, false, true, calm_act, 0},
    {"labels", TR("Labels of the RFCs, or of the classic texts"), 0, false, false, true,
     classic_act, 0},
    {"language", TR("The next language"), 0, false, false, true, language_act, 0},
    {"preferences", TR("Theme, size, language, motion, labels"), ',', false, true, true,
     preferences_act, 0},
    {"palette", TR("Find a command, host, message or file"), 'k', false, true, true, palette_act,
     0},
    {"palette", NULL, 'p', true, true, false, palette_act, 0},
    {"told", TR("The picture in words"), 'w', false, false, true, told_act, 0},
    {"copy", TR("Copy the panel with the focus, or the picture, in words"), 'c', false, true, true,
     docks_copy_act, 0},
    {"picture", TR("Save a picture"), 'p', false, true, false, request_act, VIEW_REQUEST_PICTURE},
    {"help", TR("All keys"), '?', false, false, true, help_act, 0},
    {"help", NULL, INPUT_KEY_F1, false, false, true, help_act, 0},
    {"quit", TR("Quit"), 'q', false, false, true, request_act, VIEW_REQUEST_QUIT},
    {"quit", NULL, 'q', false, true, true, request_act, VIEW_REQUEST_QUIT},
};
const int commands_count = sizeof commands / sizeof commands[0];

const struct command *command_of_key(const struct input_event *event)
{
    for (int i = 0; i < commands_count; i++) {
        const struct command *c = &commands[i];
        if (c->key == event->key && c->ctrl == event->ctrl && !event->alt &&
            (c->any_shift || c->shift == event->shift))
            return c;
    }
    return NULL;
}

static const char *key_name(int key)
{
    static const struct {
        int key;
        const char *name;
    } names[] = {
        {' ', TR("Space")},
        {INPUT_KEY_LEFT, "\xE2\x86\x90"},
        {INPUT_KEY_RIGHT, "\xE2\x86\x92"},
        {INPUT_KEY_UP, "\xE2\x86\x91"},
        {INPUT_KEY_DOWN, "\xE2\x86\x93"},
        {INPUT_KEY_HOME, TR("Home")},
        {INPUT_KEY_END, TR("End")},
        {INPUT_KEY_PAGE_UP, TR("Page \xE2\x86\x91")},
        {INPUT_KEY_PAGE_DOWN, TR("Page \xE2\x86\x93")},
        {INPUT_KEY_DELETE, TR("Delete")},
        {INPUT_KEY_F1, "F1"},
        {INPUT_KEY_F2, "F2"},
        {INPUT_KEY_F10, "F10"},
        {INPUT_KEY_MENU, TR("Menu")},
        {'-', "\xE2\x88\x92"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].key == key)
            return tr(names[i].name);
    return NULL;
}

struct slice command_keys(const struct command *c, struct arena *arena)
{
    if (!c->key)
        return SLICE("");
    const char *name = key_name(c->key);
    char letter[2] = {(char)(c->key >= 'a' && c->key <= 'z' ? c->key - 'a' + 'A' : c->key), '\0'};
    return arena_printf(arena, "%s%s%s", c->ctrl ? tr("Ctrl + ") : "",
                        c->shift ? tr("Shift + ") : "", name ? name : letter);
}
