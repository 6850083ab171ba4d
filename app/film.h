/*
 * A film of the screen: frames go through a pipe to ffmpeg, which makes of them what the path ends
 * in (.webm, .gif, .mp4), beside its place, which it takes when it is whole. Without ffmpeg there
 * is no film, and clear words.
 */
#ifndef APP_FILM_H
#define APP_FILM_H

#include "render/draw/paint.h"

enum { FILM_FRAMES_A_S = 25 };

struct film;

/* Frames of w by h CSS pixels. Borrows the glyphs. NULL with a problem. */
struct film *film_start(const char *path, struct glyphs *glyphs, float w, float h,
                        struct problem *problem);
/* The picture as it is after so many milliseconds more; it makes as many frames as the time has
   room for. False: ffmpeg has ended. */
bool film_show(struct film *film, const struct draw_list *list, int passed_ms);
/* How large the file is by now. */
uint64_t film_octets(const struct film *film);
/* Ends it and waits until the file is there. False with a problem: ffmpeg was not content. */
bool film_finish(struct film *film, struct problem *problem);
/* Gives it up: nothing of it is left. */
void film_abandon(struct film *film);
const char *film_path(const struct film *film);
/* True for the endings that films have. */
bool film_is_name(struct slice path);

#endif
