/*
 * What a trail (agents/mail/trail.h) says, in sentences for people. Nothing is called forged that
 * only may be. Texts out of the message are in them as they came, with folds made blanks: whoever
 * shows them makes them safe (export/printable.h).
 */
#ifndef EXPORT_TRAIL_WORDS_H
#define EXPORT_TRAIL_WORDS_H

#include "agents/mail/trail.h"

enum trail_tone { TRAIL_TONE_PLAIN, TRAIL_TONE_GOOD, TRAIL_TONE_CAREFUL, TRAIL_TONE_BAD };

struct trail_sentence {
    enum trail_tone tone;
    const char *topic; /* "trust", "time", "loop", "tls", "checks", "list", "notice", "form" */
    uint32_t line;     /* the Received line it is about, from the top; 0: all of the header */
    struct slice text; /* in the arena */
};

enum { TRAIL_SENTENCES_MAX = 64 };

/* Gives how many there are; at most TRAIL_SENTENCES_MAX. */
size_t trail_words(const struct trail *trail, struct arena *arena,
                   struct trail_sentence sentences[TRAIL_SENTENCES_MAX]);

/* On one line: folds and blanks are one blank. With `decodes` encoded words are read (RFC 2047). */
struct slice trail_words_line(struct slice text, bool decodes, struct arena *arena);
/* "2 h 5 min"; of a negative one without its sign. */
struct slice trail_words_span(int64_t seconds, struct arena *arena);
/* Who handed it over, as the line tells: the name that was seen, what the client called itself, or
   its address; "" when it says none. Likewise who wrote the line. */
struct slice trail_words_from(const struct trail_hop *hop, struct arena *arena);
struct slice trail_words_by(const struct trail_hop *hop, struct arena *arena);
/* "own", "elsewhere", "may be made up" */
const char *trail_words_trust(enum trail_trust trust);

#endif
