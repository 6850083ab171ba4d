/*
 * How outside text is shown: any octets come in, clean UTF-8 goes out, one character at a time.
 * A tab becomes spaces; an octet that is not UTF-8 and a control character become "\x0d"; a
 * character that is invisible or turns the reading direction (a trick of forged mail) becomes
 * "\u202e". What comes out is also legal in XML, but for the escaping of & < > and quotes.
 *
 *     char text[SHOWN_OCTETS];
 *     uint32_t code;
 *     size_t size;
 *     while ((size = shown_next(&rest, text, &code)) > 0) ...
 */
#ifndef RENDER_DRAW_SHOWN_H
#define RENDER_DRAW_SHOWN_H

#include "sim/base/slice.h"

#define SHOWN_OCTETS 12

/* Takes one character (or one bad octet) off the front of *rest and writes what stands for it.
   Gives the octets written, 0 at the end. *code is the character, or '\\' for a stand-in. */
size_t shown_next(struct slice *rest, char text[SHOWN_OCTETS], uint32_t *code);

/* The octets of the character at the front, at least 1 when there is any; 1 for a bad octet. */
size_t shown_step(struct slice rest);

#endif
