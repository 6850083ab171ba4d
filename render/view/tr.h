/*
 * Texts that people read. English is the text itself: tr("Send") is "Send", or what the chosen
 * language has for it. Tables hold TR("Send"), and give it through tr() when they are read.
 * Protocol text (commands, replies, header fields) is never translated.
 */
#ifndef RENDER_VIEW_TR_H
#define RENDER_VIEW_TR_H

/* Borrowed for good. */
__attribute__((format_arg(1))) const char *tr(const char *text);
/* One thing or several: trn("%u turn", "%u turns", count). */
__attribute__((format_arg(1), format_arg(2))) const char *trn(const char *one, const char *several,
                                                              unsigned long count);
#define TR(text) text

/* The folder with the catalogs: LANGUAGE/LC_MESSAGES/mailflow.mo. Without one all is English. */
void tr_set_catalogs(const char *folder);
/*
 * From now on, for the whole program; what tr gave before stays valid. "de", or "" for what the
 * environment says (LANGUAGE, LC_ALL, LC_MESSAGES, LANG). A language without a catalog is English.
 */
void tr_set_language(const char *language);

#endif
