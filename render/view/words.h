/*
 * Events in words: the text twin of the picture, made from the trace (curriculum 5.3).
 */
#ifndef RENDER_VIEW_WORDS_H
#define RENDER_VIEW_WORDS_H

#include "render/scene/scene.h"
#include "sim/base/arena.h"

/* One sentence without the time: "out → mx1, port 25, push: RCPT TO:<bob@example.org>". */
struct slice words_event(const struct log *log, struct arena *arena, uint32_t id);

/* What is on its way, as a sentence for the class: "out asks dns: who takes mail for example.org?"
 */
struct slice words_flight(const struct scene *scene, struct arena *arena,
                          const struct scene_flight *flight);
/* The same in two or three words, for a label on the map: "RCPT TO:<bob...", "250", "MX
 * example.org?". */
struct slice words_flight_label(const struct scene *scene, struct arena *arena,
                                const struct scene_flight *flight);

/* Where a message is and who holds it: "submit holds it and tries to hand it on". */
struct slice words_state(const struct scene *scene, struct arena *arena, uint32_t msg);
/* The first letter as a capital, for the start of a sentence; the names of hosts stay as they are.
 */
struct slice words_sentence(const struct log *log, struct arena *arena, struct slice text);

/* The clock of a moment: "09:00:00.120". */
struct slice words_clock(const struct log *log, struct arena *arena, int64_t t);
/* The host that a place is or is on, by its id. */
struct slice words_host(const struct log *log, uint32_t place);
/* "SMTP", "POP3", "TCP". */
const char *words_protocol(const struct scene *scene, uint32_t conn);
/* The subject of a message, or "message 3". */
struct slice words_subject(const struct log *log, struct arena *arena, uint32_t msg);
/* The text up to its first line end. */
struct slice words_first_line(struct slice text);

#endif
