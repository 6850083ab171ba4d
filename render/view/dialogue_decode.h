/*
 * Private to this folder: what stands behind the encodings of a dialogue: logins in base64 (SASL),
 * encoded words, bodies in base64 and quoted-printable. All of it may come from a stranger.
 */
#ifndef RENDER_VIEW_DIALOGUE_DECODE_H
#define RENDER_VIEW_DIALOGUE_DECODE_H

#include "agents/proto/sasl.h"
#include "sim/trace/turn.h"

/* Does it show a password to whoever can read it? `mechanism` is that of the login under way. */
bool dialogue_decode_is_secret(const struct turn *turn, enum sasl_mechanism mechanism);
/* The mechanism that a command asks for; `now` where it asks for none. */
enum sasl_mechanism dialogue_decode_mechanism(const struct turn *turn, enum sasl_mechanism now);
/* Appends in words what the base64 of a login stands for; false when the turn has none. */
bool dialogue_decode_login(const struct turn *turn, enum sasl_mechanism mechanism,
                           struct bytes *out);

/* Dots that were put in front of lines for the way are taken off again (RFC 5321 4.5.2), and so is
   the line with the dot at the end. */
bool dialogue_decode_dots(struct slice content, struct bytes *out);
/* The message with the bodies of its text parts decoded, as UTF-8; what is no text is named. False
   when out is full, or nothing in it is encoded. */
bool dialogue_decode_bodies(struct slice message, struct bytes *out);

#endif
