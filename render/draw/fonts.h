/*
 * The font files that the program carries: the distribution's, found when it was built (see
 * fonts.cmake), so that a picture looks the same on a machine without them.
 */
#ifndef RENDER_DRAW_FONTS_H
#define RENDER_DRAW_FONTS_H

extern const unsigned char fonts_sans[], fonts_sans_end[];         /* Inter Regular */
extern const unsigned char fonts_bold[], fonts_bold_end[];         /* Inter SemiBold */
extern const unsigned char fonts_mono[], fonts_mono_end[];         /* Hack Regular */
extern const unsigned char fonts_fallback[], fonts_fallback_end[]; /* DejaVu Sans */

#endif
