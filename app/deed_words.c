#include "app/deed_words.h"

#include <stdio.h>

#include "render/view/tr.h"
#include "sim/base/arena.h"
#include "topologies/edit.h"

static const struct {
    const char *verb, *words;
} deeds[] = {
    {"send", TR("a message")},
    {"reply", TR("an answer")},
    {"forward", TR("a message sent on")},
    {"fetch", TR("getting mail")},
    {"fault", TR("a fault")},
    {"cut", TR("a cut line")},
    {"set", TR("a setting")},
    {"robot", TR("a robot's run")},
    {"type", TR("what was typed")},
    {"store", TR("a message put into a mailbox")},
    {"dns", TR("a DNS record")},
    {"user", TR("an account")},
    {"host", TR("a host")},
    {"link", TR("a line")},
    {"agent", TR("a program on a host")},
    {"admd", TR("an organisation")},
    {"flush", TR("a queue tried at once")},
    {"read", TR("a message read")},
    {"flag", TR("a mark")},
    {"move", TR("a message moved")},
    {"delete", TR("a message deleted")},
    {"expunge", TR("a folder cleared of what is deleted")},
    {"folder", TR("a folder")},
    {"idle", TR("waiting for news")},
    {"browse", TR("a page in the browser")},
};

/* At most so many octets, whole characters. */
static struct slice shortened(struct slice text, size_t most)
{
    if (text.size <= most)
        return text;
    while (most > 0 && ((unsigned char)text.data[most] & 0xC0) == 0x80)
        most--;
    return slice_part(text, 0, most);
}

void deed_words(struct slice lines, char text[DEED_WORDS])
{
    enum { ARGUMENTS = 64 };
    struct slice line = slice_trim(slice_part(lines, 0, slice_find_octet(lines, '\n', 0)));
    struct slice rest = line, verb = rest;
    (void)slice_cut(&rest, ' ', &verb);
    const char *words = NULL;
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds && !words; i++)
        if (slice_equal(verb, slice_of(deeds[i].verb)))
            words = tr(deeds[i].words);
    struct slice shown = words ? slice_trim(rest) : line;
    struct slice part = shortened(shown, ARGUMENTS);
    snprintf(text, DEED_WORDS, "%.60s%s%.*s%s", words ? words : "", words ? ": " : "",
             SLICE_ARG(part), part.size < shown.size ? "\xE2\x80\xA6" : "");
}

bool deed_is_edit(struct slice line)
{
    struct action action;
    struct problem ignored;
    struct arena arena;
    arena_init(&arena);
    struct slice first = slice_part(line, 0, slice_find_octet(line, '\n', 0));
    bool is = action_read(first, &arena, &action, &ignored) && edit_is_edit(&action);
    arena_finish(&arena);
    return is;
}
